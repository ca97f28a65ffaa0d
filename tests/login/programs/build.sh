#!/bin/sh
# build.sh FOLDER: builds what is in this folder, which only the machines of `./dev test --login`
# run, into FOLDER.
set -eu
here=$(dirname -- "$0")
mkdir -p "$1"
cc -Wall -Werror -O2 -D_GNU_SOURCE -shared -fPIC "$here/reset-graphics.c" -o "$1/reset-graphics.so"

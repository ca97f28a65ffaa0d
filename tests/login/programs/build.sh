#!/bin/sh
# build.sh FOLDER: builds the programs of this folder, which only the machine of
# `./dev test --login` runs, into FOLDER.
set -eu
here=$(dirname -- "$0")
mkdir -p "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
protocols=$(pkg-config --variable=pkgdatadir wayland-protocols)
sources=
for file in stable/linux-dmabuf/linux-dmabuf-v1 staging/ext-foreign-toplevel-list/ext-foreign-toplevel-list-v1 \
  staging/ext-image-capture-source/ext-image-capture-source-v1 \
  staging/ext-image-copy-capture/ext-image-copy-capture-v1; do
  name=${file##*/}
  wayland-scanner client-header "$protocols/$file.xml" "$work/$name.h"
  wayland-scanner private-code "$protocols/$file.xml" "$work/$name.c"
  sources="$sources $work/$name.c"
done
# shellcheck disable=SC2046,SC2086 # one word a flag or a file
cc -Wall -Werror -O2 -I"$work" "$here/copy-screen.c" $sources -o "$1/copy-screen" \
  $(pkg-config --cflags --libs wayland-client gbm libdrm)
cc -Wall -Werror -O2 -D_GNU_SOURCE -shared -fPIC "$here/reset-graphics.c" -o "$1/reset-graphics.so"

#!/bin/sh
# build.sh ROOT: builds what only the machine of `./dev test --login` has into its ROOT: programs, and what a
# headset says of itself.
set -eu
here=$(dirname -- "$0")
to=$1/usr/lib/inos-test
mkdir -p "$to"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
protocols=$(pkg-config --variable=pkgdatadir wayland-protocols)
sources=
for file in stable/linux-dmabuf/linux-dmabuf-v1 staging/ext-foreign-toplevel-list/ext-foreign-toplevel-list-v1 \
  staging/ext-image-capture-source/ext-image-capture-source-v1 \
  staging/ext-image-copy-capture/ext-image-copy-capture-v1 staging/drm-lease/drm-lease-v1; do
  name=${file##*/}
  wayland-scanner client-header "$protocols/$file.xml" "$work/$name.h"
  wayland-scanner private-code "$protocols/$file.xml" "$work/$name.c"
  sources="$sources $work/$name.c"
done
# shellcheck disable=SC2046,SC2086 # one word a flag or a file
cc -Wall -Werror -O2 -I"$work" "$here/copy-screen.c" $sources -o "$to/copy-screen" \
  $(pkg-config --cflags --libs wayland-client gbm libdrm)
# shellcheck disable=SC2046
cc -Wall -Werror -O2 -D_GNU_SOURCE -I"$work" "$here/borrow-screen.c" "$work/drm-lease-v1.c" -o "$to/borrow-screen" \
  $(pkg-config --cflags --libs wayland-client libdrm)
cc -Wall -Werror -O2 -D_GNU_SOURCE -shared -fPIC "$here/reset-graphics.c" -o "$to/reset-graphics.so"
cp "$here/hand.py" "$to/hand.py"
python3 "$here/headset.py" "$1/usr/lib/firmware/edid/headset.bin"

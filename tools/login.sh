# shellcheck shell=sh
# ./dev test --login: the desktop on a machine of its own, which QEMU emulates. Sourced by ./dev.

# Makes the machine's file system as a tar archive in the user's cache, once for each list of
# packages, and names it in INOS_GUEST. Runs outside the Debian root, for that is where
# mmdebstrap works.
prepare_guest() {
  recipe=$top/tests/login
  INOS_GUEST=${INOS_GUEST:-$cache/guest-$(cat "$recipe/packages.list" "$recipe/setup.sh" | cksum | cut -d' ' -f1).tar}
  export INOS_GUEST
  [ ! -f "$INOS_GUEST" ] || return 0
  mkdir -p "$cache"
  need_root_tools
  exec 9>"$cache/guest.lock"
  flock 9
  [ -f "$INOS_GUEST" ] || make_guest
  flock -u 9
  exec 9>&-
}

# Whole or not at all: it is renamed into place.
make_guest() {
  stage "making the machine to log in on, $INOS_GUEST (once)"
  rm -f "$cache"/guest-*.tar
  # MODULES=list comes first, so that the initial RAM disk is made small at once.
  # shellcheck disable=SC2016 # mmdebstrap's own variable
  mmdebstrap --quiet --variant=apt --include="$(package_names "$recipe/packages.list" | paste -sd,)" \
    --dpkgopt=path-exclude='/usr/share/doc/*' --dpkgopt=path-exclude='/usr/share/man/*' \
    --dpkgopt=force-unsafe-io --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" &&
      echo MODULES=list >"$1/etc/initramfs-tools/conf.d/inos"' \
    --customize-hook="$recipe/setup.sh" $suite "$INOS_GUEST.partial.tar" 2>"$cache/guest.log" ||
    die "mmdebstrap failed; see $cache/guest.log"
  mv "$INOS_GUEST.partial.tar" "$INOS_GUEST"
}

# Builds Inos as a package would be, adds it to the machine, and makes the machine's disk, kernel
# and initial RAM disk in $machine.
make_disk() {
  (export DESTDIR="$machine/staging" && build guest --prefix=/usr -Dtests=disabled)
  stage "making the machine's disk"
  cp -R "$top/tests/login/guest/." "$machine/staging"
  sh "$top/tests/login/programs/build.sh" "$machine/staging" ||
    die "could not build the programs of tests/login"
  cp "$INOS_GUEST" "$machine/disk.tar"
  tar --append -f "$machine/disk.tar" --owner=0 --group=0 --mode=u=rwX,go=rX -C "$machine/staging" .
  tar -C "$machine" --strip-components=2 --wildcards -xf "$machine/disk.tar" './boot/vmlinuz-*' './boot/initrd.img-*'
  truncate -s 3G "$machine/disk.raw"
  mke2fs -q -t ext4 -d "$machine/disk.tar" "$machine/disk.raw" || die "could not make $machine/disk.raw"
  rm -rf "$machine/staging" "$machine/disk.tar"
}

# login_pytest RESULT [PYTEST OPTION…]: what comes of it goes to $machine/results/RESULT.xml.
login_pytest() {
  result=$1
  shift
  python3 -m pytest -q -o cache_dir="$machine/cache" --junitxml="$machine/results/$result.xml" \
    -o junit_suite_name=login "$top/tests/login" ${only:+-k "$only"} --durations=12 "$@" >&2
}

# What failed is run once more, alone, on a new disk (decision 16).
login_tests() {
  machine=$top/build/login
  rm -rf "$machine"
  mkdir -p "$machine/results"
  make_disk
  stage "tests on a machine of its own; its screens and its log are in ${machine#"$top"/}"
  { login_pytest login || : >"$machine/failed"; } 2>&1 | tee "$machine/results/login.log" | without_failures >&2
  [ ! -f "$machine/failed" ] || {
    stage "what failed, alone, on a new disk"
    rm -f "$machine/disk.raw"
    make_disk
    login_pytest login-again --last-failed --last-failed-no-failures=none || true
  }
  rm -f "$machine/disk.raw"
  python3 "$top/tools/summary.py" "$machine/results"
}

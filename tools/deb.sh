# shellcheck shell=sh
# ./dev deb: Debian packages of this checkout, in build/deb (docs/packaging.md). Sourced by ./dev.

# Writes what git has of the checkout, with what is changed in tracked files, to build/deb/source,
# under a version that grows with the commits. Runs outside the Debian root, which has no git.
prepare_source() {
  [ -n "$(git -C "$top" rev-parse --verify -q HEAD)" ] || die "packages are made from git's HEAD, and there is none here."
  source=$top/build/deb/source
  rm -rf "$top/build/deb"
  mkdir -p "$source"
  tree=$(git -C "$top" stash create)
  git -C "$top" archive "${tree:-HEAD}" | tar -C "$source" -x
  release=$(sed -n "s/^  version: '\(.*\)',/\1/p" "$source/meson.build")
  made=$(TZ=UTC git -C "$top" log -1 --date=format-local:%Y%m%d%H%M%S --format=%cd)
  made=$release~git$made.$(git -C "$top" rev-parse --short=8 HEAD)${tree:++changed}
  { printf 'inos (%s) unstable; urgency=medium\n\n  * Made by ./dev deb.\n\n -- %s  %s\n\n' \
      "${INOS_DEB_VERSION:-$made}" "$(sed -n 's/^Maintainer: //p' "$source/debian/control")" \
      "$(git -C "$top" log -1 --format=%cD)"
    cat "$top/debian/changelog"; } >"$source/debian/changelog"
}

# Builds the packages, and checks them as Debian does.
cmd_deb() {
  [ $# = 0 ] || die "deb takes no arguments"
  source=$top/build/deb/source
  npm_packages shell/ui "the UI's build-time packages"
  cp -al "$top/shell/ui/node_modules" "$source/shell/ui/node_modules"
  say "[4/4] making packages in build/deb"
  # debhelper gives builds a home of their own, in which no compiler's cache would last.
  (cd "$source" && CCACHE_DIR=${CCACHE_DIR:-$HOME/.cache/ccache} LC_ALL=C.UTF-8 \
    dpkg-buildpackage --build=binary --no-sign) >"$top/build/deb/build.log" 2>&1 ||
    { tail -n 60 "$top/build/deb/build.log" >&2; die "could not make packages; all of it: build/deb/build.log"; }
  rm -rf "$source"
  lintian --allow-root --info --display-info --pedantic --tag-display-limit 0 --fail-on error,warning,info,pedantic \
    "$top"/build/deb/*.changes >&2 || die "lintian complains"
  ls "$top"/build/deb/*.deb
}

# Makes a clean Debian 13 with what the packages need and nothing else, as a tar archive in the user's
# cache, once for each list of needs; names it in $clean.
prepare_clean() {
  # And what Debian has on every machine, which is not named by any.
  needs=$({ printf '%s\n' dbus passwd systemd-sysv; for deb in "$top"/build/deb/*.deb; do dpkg-deb -f "$deb" Depends; done; } |
    tr ',' '\n' | sed 's/|.*//; s/(.*//; s/:.*//; s/[[:space:]]//g; /^inos/d; /^$/d' | sort -u)
  clean=$cache/clean-$(printf '%s' "$needs" | cksum | cut -d' ' -f1).tar
  [ ! -f "$clean" ] || return 0
  need_root_tools
  say "making a clean Debian to install packages on, $clean (once)"
  rm -f "$cache"/clean-*.tar
  mmdebstrap --quiet --variant=apt --include="$(printf '%s' "$needs" | paste -sd,)" --dpkgopt=force-unsafe-io \
    $suite "$clean.partial.tar" 2>"$cache/clean.log" || die "mmdebstrap failed; see $cache/clean.log"
  mv "$clean.partial.tar" "$clean"
}

# Boots the clean Debian in $cache/clean as a container, and has tests/deb/machine.sh try the node of
# the system there, under its systemd. In mounts of its own, with cgroups as systemd wants them.
machine_tests() {
  if [ "$(id -u)" != 0 ] || [ -z "$programs" ]; then
    say "the node of the system is not tried under systemd: that takes root, and ./dev's own Debian"
    return 0
  fi
  place=$cache/clean/root
  cp "$top"/build/deb/inos-common_*.deb "$top"/build/deb/inos-node_*.deb "$top"/build/deb/inosctl_*.deb \
    "$top/tests/deb/machine.sh" "$place"
  printf '%s\n' '[Unit]' SuccessAction=poweroff-force FailureAction=poweroff-force '[Service]' Type=oneshot \
    TimeoutStartSec=240 'ExecStart=/bin/sh /root/machine.sh' StandardOutput=file:/root/machine.log \
    StandardError=inherit >"$cache/clean/etc/systemd/system/inos-machine.service"
  say "the node of the system, under a systemd of its own"
  # shellcheck disable=SC2016 # the inner shell's
  unshare --mount --propagation private sh -euc '
    mount --bind "$1" "$1"
    mount --rbind /dev "$1/dev"
    mount -t proc proc "$1/proc"
    mount --rbind /sys "$1/sys"
    mount -t tmpfs tmpfs "$1/run"
    mount --bind "$2" "$1/mnt"
    umount --recursive --lazy "$1/sys/fs/cgroup"
    mount -t cgroup2 cgroup2 "$1/sys/fs/cgroup"
    timeout 300 chroot "$1" script -qec "systemd-nspawn --register=no --keep-unit --link-journal=no \
      --private-network --directory=/mnt --boot systemd.wants=inos-machine.service" /dev/null
    for group in payload supervisor; do
      [ ! -d "$1/sys/fs/cgroup/$group" ] || find "$1/sys/fs/cgroup/$group" -depth -type d -exec rmdir {} +
    done' sh "$programs" "$cache/clean" \
    </dev/null >"$top/build/deb/machine.log" 2>&1 || true
  [ ! -f "$place/machine.log" ] || cat "$place/machine.log" >>"$top/build/deb/machine.log"
  [ "$(tail -n 1 "$top/build/deb/machine.log")" = 'all is well' ] ||
    { tail -n 60 "$top/build/deb/machine.log" >&2; say "all of it: build/deb/machine.log"; return 1; }
}

# ./dev test --deb: makes the packages, and has tests/deb install, upgrade and purge them on a clean
# Debian. Runs outside the Debian root, for that is where mmdebstrap works; the tests run in it.
test_packages() {
  "$top/dev" deb >/dev/null || exit 1
  programs=$root
  ! here_has_everything || programs=
  prepare_clean
  as_root rm -rf "$cache/clean"
  mkdir "$cache/clean"
  as_root tar -C "$cache/clean" -x --exclude='./dev/*' -f "$clean" || die "could not unpack $clean"
  mkdir -p "$top/build/results"
  passed=0
  as_root bwrap --die-with-parent --unshare-pid --unshare-net --tmpfs / \
    --ro-bind "$programs/usr" /usr --ro-bind "$programs/etc" /etc --ro-bind "$programs/var" /var \
    --symlink usr/bin /bin --symlink usr/sbin /sbin --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
    --dev /dev --proc /proc --ro-bind /sys /sys --tmpfs /run --perms 1777 --tmpfs /tmp \
    --bind "$cache/clean" /clean --bind "$top" "$top" --chdir "$top" --clearenv \
    --setenv PATH /usr/bin:/usr/sbin --setenv LC_ALL C.UTF-8 --setenv HOME /tmp \
    --setenv INOS_WRITE_GOLDEN "${INOS_WRITE_GOLDEN:-}" \
    python3 -m pytest -q -p no:cacheprovider -o junit_suite_name=deb \
    --junitxml="$top/build/results/deb.xml" "$top/tests/deb" >&2 || passed=1
  [ "$passed" != 0 ] || machine_tests || passed=1
  as_root rm -rf "$cache/clean"
  exit "$passed"
}

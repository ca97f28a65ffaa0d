# shellcheck shell=sh
# Where Inos is built and run: on this machine where it has every package of packages.list,
# else in a Debian 13 root kept in the user's cache and entered with bubblewrap.
# Sourced by ./dev, which sets $top (the checkout) and say() and die().

cache=${XDG_CACHE_HOME:-$HOME/.cache}/inos
root=$cache/debian-13
suite=trixie

# The package names of a list, one a line, sorted.
package_names() {
  sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$1" | sort -u
}

wanted_packages() { package_names "$top/packages.list"; }

# True where every package of the list is installed here. INOS_DEV=root or =native decides instead.
here_has_everything() {
  case ${INOS_DEV:-} in
    native | inside) return 0 ;;
    root) return 1 ;;
  esac
  command -v dpkg-query >/dev/null || return 1
  wanted_packages >"${TMPDIR:-/tmp}/inos-wanted.$$"
  # shellcheck disable=SC2046 # one word a package
  dpkg-query -W -f='${db:Status-Status} ${Package}\n' $(wanted_packages) 2>/dev/null |
    sed -n 's/^installed //p' | sort -u | comm -23 "${TMPDIR:-/tmp}/inos-wanted.$$" - |
    grep -q . && missing=1 || missing=0
  rm -f "${TMPDIR:-/tmp}/inos-wanted.$$"
  [ "$missing" = 0 ]
}

# Installs the two tools that make and enter the root, or says what to type.
need_root_tools() {
  tools=
  command -v mmdebstrap >/dev/null || tools="$tools mmdebstrap"
  command -v bwrap >/dev/null || tools="$tools bubblewrap"
  if [ "$(id -u)" != 0 ]; then
    command -v newuidmap >/dev/null || tools="$tools uidmap"
    grep -q "^$(id -un):" /etc/subuid 2>/dev/null ||
      die "your user has no subordinate ids, which a root for a plain user needs." \
        "Type:  sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un)"
  fi
  [ -n "$tools" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing$tools"
    # shellcheck disable=SC2086 # one word a package
    { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get install -qy $tools; } \
      >"$cache/tools.log" 2>&1 || die "could not install$tools; see $cache/tools.log"
  else
    die "this needs$tools.  Type:  sudo apt-get install$tools"
  fi
}

# Runs its arguments as root: the real one, or one of a namespace that holds the subordinate ids.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else unshare --user --map-auto --map-root-user "$@"; fi
}

# Runs its arguments as root inside the root, which is writable: for apt and dpkg.
administer() {
  as_root bwrap --die-with-parent --bind "$root" / --dev-bind /dev /dev --proc /proc \
    --ro-bind /sys /sys --tmpfs /run --perms 1777 --tmpfs /tmp --ro-bind /etc/resolv.conf /etc/resolv.conf \
    --chdir / --clearenv --setenv PATH /usr/sbin:/usr/bin --setenv HOME /root --setenv LC_ALL C.UTF-8 \
    --setenv DEBIAN_FRONTEND noninteractive ${http_proxy:+--setenv http_proxy "$http_proxy"} \
    ${https_proxy:+--setenv https_proxy "$https_proxy"} "$@"
}

# Turns apt's status lines on standard input into one line that counts to 100 %.
show_progress() {
  awk -F: -v tty="$([ -t 2 ] && echo 1)" '
    $1 == "dlstatus" || $1 == "pmstatus" {
      what = $1 == "dlstatus" ? "downloading" : "installing"
      p = int($3)
      if (tty) printf "\r\033[K  %s %3d %%  %s", what, p, substr($4, 1, 60) > "/dev/stderr"
      else if (what != last || p >= next_p) { printf "  %s %d %%\n", what, p > "/dev/stderr"; next_p = p + 10 }
      if (what != last) next_p = p + 10
      last = what
    }
    END { if (tty) printf "\r\033[K" > "/dev/stderr" }'
}

# Makes the smallest root that can install packages. Whole or not at all: it is renamed into place.
make_base() {
  say "[1/4] making a small Debian 13 in $root (once)"
  as_root rm -rf "$root.partial"
  mkdir -p "$root.partial"
  # A tar archive in between gives the same result for root and for a plain user.
  mmdebstrap --quiet --variant=apt $suite "$root.tar" 2>"$cache/base.log" ||
    die "mmdebstrap failed; see $cache/base.log"
  as_root tar -C "$root.partial" -x --exclude='./dev/*' -f "$root.tar" ||
    die "could not unpack $root.tar"
  rm -f "$root.tar"
  # Mount points: inside, /etc is read-only and these are laid over it.
  rm -f "$root.partial/etc/resolv.conf"
  : >"$root.partial/etc/resolv.conf"
  mkdir -p "$root.partial/etc/ssl/certs"
  : >"$root.partial/etc/inos-dev-root"
  rm -f "$cache/applied"
  mv "$root.partial" "$root"
}

# Brings the root's packages up to packages.list. Safe to interrupt at any point.
apply_packages() {
  # What an older list had is still there and does no harm, so only what is missing counts.
  touch "$cache/applied"
  wanted_packages | comm -23 - "$cache/applied" | grep -q . || return 0
  say "[2/4] installing the packages of packages.list"
  : >"$cache/apt.log"
  administer sh -c 'dpkg --configure -a && apt-get -q update' >>"$cache/apt.log" 2>&1 ||
    die "could not read the package lists; see $cache/apt.log"
  # shellcheck disable=SC2046 # one word a package
  administer sh -c 'exec 3>&1 >/var/log/inos-apt.log 2>&1
      apt-get -y -f install && apt-get -y --no-install-recommends -o APT::Status-Fd=3 -o APT::Keep-Fds::=3 \
        -o DPkg::options::=--force-unsafe-io -o APT::Keep-Downloaded-Packages=true install "$@"
      echo "status:$?" >&3' sh $(wanted_packages) | tee "$cache/apt.status" | show_progress
  grep -qx 'status:0' "$cache/apt.status" ||
    die "could not install every package; see $root/var/log/inos-apt.log"
  administer apt-get clean
  wanted_packages | sort -u - "$cache/applied" >"$cache/applied.new"
  mv "$cache/applied.new" "$cache/applied"
}

# Makes the root or brings it up to date; one ./dev at a time does so, others wait.
prepare_root() {
  mkdir -p "$cache/home"
  need_root_tools
  exec 9>"$cache/lock"
  flock 9
  [ -d "$root" ] || make_base
  apply_packages
  # The person's own entry, so that programs inside know who runs them.
  grep -v "^[^:]*:[^:]*:$(id -u):" "$root/etc/passwd" >"$cache/passwd.new"
  printf '%s:x:%s:%s::%s:/bin/bash\n' "$(id -un)" "$(id -u)" "$(id -g)" "$cache/home" >>"$cache/passwd.new"
  mv "$cache/passwd.new" "$cache/passwd"
  flock -u 9
  exec 9>&-
}

# Runs its arguments inside the root as the person, with the checkout at its own path.
# The root is read-only; /tmp and the checkout are shared; every process ends with this one.
enter_root() {
  bundle=/etc/ssl/certs/ca-certificates.crt
  # The person's npm settings and the machine's certificates, where there are any.
  [ ! -r "$HOME/.npmrc" ] || set -- --ro-bind "$HOME/.npmrc" "$cache/home/.npmrc" "$@"
  [ ! -r $bundle ] || [ ! -e "$root$bundle" ] || set -- --ro-bind $bundle $bundle "$@"
  # Without a terminal nothing may reach for one.
  [ -t 0 ] || set -- --new-session "$@"
  exec bwrap --die-with-parent --unshare-pid --tmpfs / \
    --ro-bind "$root/usr" /usr --ro-bind "$root/etc" /etc --ro-bind "$root/var" /var \
    --symlink usr/bin /bin --symlink usr/sbin /sbin --symlink usr/lib /lib \
    --symlink usr/lib64 /lib64 --dir /root --perms 1777 --tmpfs /var/tmp \
    --dev-bind /dev /dev --proc /proc --ro-bind /sys /sys --tmpfs /run --bind /tmp /tmp \
    --ro-bind "$cache/passwd" /etc/passwd --ro-bind /etc/resolv.conf /etc/resolv.conf \
    --bind "$cache/home" "$cache/home" --setenv HOME "$cache/home" \
    ${INOS_GUEST:+--ro-bind "$INOS_GUEST" "$INOS_GUEST"} \
    --bind "$top" "$top" ${git_dir:+--bind "$git_dir" "$git_dir"} --chdir "$PWD" \
    ${XDG_RUNTIME_DIR:+--bind-try "$XDG_RUNTIME_DIR" "$XDG_RUNTIME_DIR"} \
    ${XAUTHORITY:+--ro-bind-try "$XAUTHORITY" "$XAUTHORITY"} \
    --unsetenv XDG_CACHE_HOME --setenv PATH /usr/bin:/usr/sbin --setenv INOS_DEV inside "$@"
}

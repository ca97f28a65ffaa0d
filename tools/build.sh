# shellcheck shell=sh
# Building and running from a checkout. Sourced by ./dev.

# npm_packages FOLDER WHAT: installs what FOLDER's lock file names, where that has changed since.
npm_packages() {
  [ -f "$top/$1/package-lock.json" ] || return 0
  stamp=$top/$1/node_modules/.inos-lock
  cmp -s "$top/$1/package-lock.json" "$stamp" && return 0
  say "[3/4] installing $2"
  (cd "$top/$1" && npm ci --no-audit --no-fund --loglevel=error >&2) || die "npm ci failed in $1"
  cp "$top/$1/package-lock.json" "$stamp"
}

# Meson takes ccache where there is one. Results are shared by checkouts: what differs is the folder's name alone,
# by which the debugger finds its way from the build's folder.
CCACHE_BASEDIR=$top CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=8G CCACHE_SLOPPINESS=time_macros
export CCACHE_BASEDIR CCACHE_NOHASHDIR CCACHE_MAXSIZE CCACHE_SLOPPINESS

# configure NAME [MESON OPTION…]: sets $dir to build/NAME and configures it, once.
configure() {
  dir=$top/build/$1
  mkdir -p "$top/build"
  shift
  [ -z "${CI:-}" ] || set -- "$@" -Dwerror=true
  npm_packages shell/ui "the UI's build-time packages"
  say "[4/4] building in ${dir#"$top"/}"
  [ ! -f "$dir/build.ninja" ] || return 0
  meson setup "$dir" "$top" --prefix="$dir/install" --libdir=lib -Dtests=enabled "$@" >"$dir.log" 2>&1 ||
    { tail -n 40 "$dir.log" >&2; die "meson setup failed; all of it: $dir.log"; }
}

# build NAME [MESON OPTION…]: builds into build/NAME and installs into build/NAME/install.
build() {
  configure "$@"
  for step in "ninja -C $dir" "meson install -C $dir --no-rebuild --only-changed --quiet"; do
    $step >"$dir.log" 2>&1 || { tail -n 100 "$dir.log" >&2; die "failed:  $step   (all of it: $dir.log)"; }
  done
}

# Puts the installed programs of build/NAME first.
use() {
  installed=$top/build/$1/install
  PATH=$installed/bin:$PATH
  XDG_DATA_DIRS=$installed/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}
  export PATH XDG_DATA_DIRS
}

clean() {
  rm -rf "$top/build" "$top/shell/ui/node_modules"
  [ "${1:-}" = --all ] || return 0
  as_root rm -rf "$root" "$root.partial"
  rm -rf "$cache"
}

cmd_exec() {
  [ $# -gt 0 ] || die "exec needs a command"
  mkdir -p "$top/build"
  use debug
  exec "$@"
}

cmd_lint() {
  [ -f "$top/build/debug/build.ninja" ] || build debug
  exec sh "$top/tools/lint.sh" "$@"
}

cmd_format() {
  cd "$top"
  # Not by git, which the Debian root does not have.
  find . -path ./build -prune -o -name node_modules -prune -o -type f -name '*.[ch]' -print0 |
    xargs -0 clang-format -i
}

cmd_bench() {
  mkdir -p "$top/build/bench"
  build debug
  # Times are those of what people install.
  build release -Dbuildtype=release
  npm_packages tests/mesh/peer "the js-libp2p peer"
  use debug
  exec python3 "$top/tests/bench/run.py" "$top/build/bench" "$@"
}

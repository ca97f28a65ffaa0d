# shellcheck shell=sh
# Starting a session from a checkout. Sourced by ./dev.

# Makes a fresh set of directories and points the environment at it. In the Debian root they are
# on a file system that goes with the last process, so that nothing is left however we end.
fresh_directories() {
  parent=/tmp
  [ "${INOS_DEV:-}" = inside ] && parent=/run
  scratch=$(mktemp -d "$parent/inos.XXXXXX")
  fresh_runtime "$scratch"
  HOME=$scratch/home
  XDG_CONFIG_HOME=$scratch/config XDG_DATA_HOME=$scratch/data
  XDG_STATE_HOME=$scratch/state XDG_CACHE_HOME=$scratch/cache
  export HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME
  mkdir -p "$HOME" "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_STATE_HOME" "$XDG_CACHE_HOME"
  unset WAYLAND_DISPLAY DISPLAY
}

# A runtime directory of its own and no bus: the session starts one.
fresh_runtime() {
  case ${WAYLAND_DISPLAY:-} in
    '' | /*) ;;
    *) WAYLAND_DISPLAY=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/$WAYLAND_DISPLAY && export WAYLAND_DISPLAY ;;
  esac
  XDG_RUNTIME_DIR=$1/run
  export XDG_RUNTIME_DIR
  mkdir -m 700 "$XDG_RUNTIME_DIR"
  unset DBUS_SESSION_BUS_ADDRESS WAYLAND_SOCKET NOTIFY_SOCKET
}

# Runs its arguments, passes INT, TERM and HUP on to them, deletes $scratch, and ends with their status.
run_and_clean() {
  # A background command would read from /dev/null.
  exec 3<&0
  "$@" <&3 3<&- &
  child=$!
  exec 3<&-
  trap 'kill -TERM $child 2>/dev/null' INT TERM HUP
  status=0
  wait $child || status=$?
  while kill -0 $child 2>/dev/null; do
    status=0
    wait $child || status=$?
  done
  rm -rf "$scratch"
  exit $status
}

cmd_session() {
  size=1280x800
  outputs=1
  while [ $# -gt 0 ]; do
    case $1 in
      --size) size=$2; shift 2 ;;
      --outputs) outputs=$2; shift 2 ;;
      --) shift; break ;;
      *) break ;;
    esac
  done
  [ $# -gt 0 ] || die "session needs a command:  ./dev session -- CMD…"
  build debug
  use debug
  fresh_directories
  run_and_clean inos-session --headless --size "$size" --outputs "$outputs" -- "$@"
}

cmd_run() {
  build debug
  use debug
  state=$top/build/run
  mkdir -p "$state"
  scratch=$(mktemp -d /tmp/inos.XXXXXX)
  fresh_runtime "$scratch"
  XDG_CONFIG_HOME=$state/config XDG_DATA_HOME=$state/data XDG_STATE_HOME=$state/state
  export XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
  say "built; starting the desktop ($(($(date +%s) - started)) s so far)"
  if [ -n "${WAYLAND_DISPLAY:-}${DISPLAY:-}" ]; then
    say "a window opens on your display; close it or press Ctrl-C here to end"
    run_and_clean inos-session
  fi
  run_and_clean inos-session --headless --size "${INOS_SIZE:-1280x800}" -- \
    sh "$top/tools/show-headless.sh" "$state/desktop.png" "$started"
}

#!/bin/sh
# The node of the system under a real systemd: run by inos-machine.service in a container that has
# nothing of Inos, with the packages beside this script. What it writes last says that all was well.
set -eux
cd "$(dirname -- "$0")"

fail() {
  echo "FAILED: $*"
  journalctl --no-pager -u 'inos-*'
  exit 1
}

peer() { inosctl --system status --json | sed -n 's/.*"peer_id" : "\(.*\)".*/\1/p'; }

# soon COMMAND…: until it succeeds, for half a minute.
soon() {
  tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 150 ] || fail "not in 30 s: $*"
    sleep 0.2
  done
}

# shellcheck disable=SC2317 # soon calls it
runs_anew() { [ "$(systemctl show -P MainPID inos-node)" != "$pid" ] && [ "$(peer)" = "$first" ]; }

dpkg -i inos*.deb
! systemctl --quiet is-enabled inos-node.service inos-node.socket || fail 'the installation enabled it'
! systemctl --quiet is-active inos-node.service || fail 'the installation started it'

systemctl enable --now inos-node
first=$(peer)
[ -n "$first" ] || fail 'it does not answer'
[ "$(stat -c '%A %U %G' /run/inos/node.sock)" = 'srw-rw-rw- root inos' ] || fail 'the socket is not root:inos 0666'
[ "$(stat -c '%A %U' /var/lib/inos)" = 'drwx------ inos' ] || fail 'others may look into its folder'
pid=$(systemctl show -P MainPID inos-node)
[ "$(stat -c %U "/proc/$pid")" = inos ] || fail 'it does not run as inos'
! grep '^Cap' "/proc/$pid/status" | grep -qv '[[:space:]]0000000000000000$' || fail 'it has capabilities'
grep -q '^NoNewPrivs:[[:space:]]1$' "/proc/$pid/status" || fail 'it may get privileges'
grep -q '^Seccomp:[[:space:]]2$' "/proc/$pid/status" || fail 'no system call is refused it'

# A member of the group gets all of it, also by a bridge of his own; a stranger what polkit allows, which is not there.
useradd --create-home alice
useradd --create-home bob
usermod --append --groups inos alice
runuser -u alice -- inosctl --system status
! runuser -u bob -- inosctl --system status || fail 'a stranger came in'
runuser -u bob -- inosctl --system status 2>&1 | grep -q 'no word of polkit' || fail 'a stranger is not told why'
# shellcheck disable=SC2016 # the inner shell's
runuser -u alice -- timeout 60 dbus-run-session sh -c '
  inos-bridge --socket /run/inos/node.sock &
  until inosctl mesh status --json 2>/dev/null | grep "$1"; do sleep 0.2; done
  kill $!' sh "$first" || fail 'a bridge of a member does not reach it'

# It comes back when it is killed, when an upgrade restarts it, and however often that is.
kill -9 "$pid"
soon runs_anew
dpkg -i inos*.deb
for _ in 1 2 3 4; do systemctl restart inos-node; done
soon systemctl --quiet is-active inos-node.service inos-node.socket
[ "$(peer)" = "$first" ] || fail 'an upgrade changed who it is'

dpkg --purge inosctl inos-node inos-common
! systemctl --quiet is-active inos-node.service inos-node.socket || fail 'it runs on after it was purged'
for left in /var/lib/inos /run/inos /etc/inos; do [ ! -e $left ] || fail "$left is left"; done
[ -z "$(find /etc/systemd -name '*inos-node*')" ] || fail 'units are still enabled'
! getent passwd inos || fail 'its user is left'
! getent group inos || fail 'its group is left'
echo 'all is well'

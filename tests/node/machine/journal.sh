#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Has a journald of its own, in a /run of its own, write a small journal of two boots with hostile fields to the folder $1.
# Ends with 77 where that cannot be done.
set -eu

# The boot that was before is one by its number alone.
if [ $# -lt 2 ]; then
  [ -x /usr/lib/systemd/systemd-journald ] && command -v bwrap >/dev/null && command -v logger >/dev/null || exit 77
  bwrap --dev-bind / / --tmpfs /run --unshare-net true 2>/dev/null || exit 77
  run=$(mktemp -d)
  trap 'rm -rf "$run"' EXIT
  mkdir "$run/run"
  printf '01234567-89ab-4def-8123-456789abcdef\n' >"$run/boot"
  bwrap --dev-bind / / --bind "$run/run" /run --ro-bind "$run/boot" /proc/sys/kernel/random/boot_id --unshare-net \
    --die-with-parent sh "$0" "$1" before
  bwrap --dev-bind / / --bind "$run/run" /run --unshare-net --die-with-parent sh "$0" "$1" now
  mkdir -p "$1"
  cp "$run"/run/log/journal/*/*.journal "$1"
  exit
fi
mkdir -p /run/systemd/journald.conf.d /run/log/journal
printf '[Journal]\nStorage=volatile\nAudit=no\nReadKMsg=no\nRateLimitBurst=0\n' >/run/systemd/journald.conf.d/test.conf
rm -f /run/systemd/journal/socket
/usr/lib/systemd/systemd-journald >/dev/null 2>&1 &
daemon=$!
for _ in $(seq 100); do [ -S /run/systemd/journal/socket ] && break || sleep 0.1; done
say() { # priority, program, text
  printf 'MESSAGE=%b\nPRIORITY=%s\nSYSLOG_IDENTIFIER=%s\nODD_FIELD=%b\n' "$3" "$1" "$2" '\033[31modd\377' | logger --journald
}
if [ "$2" = before ]; then
  say 6 earlier 'in the boot before'
  last='in the boot before'
else
  i=0
  while [ $i -lt 30 ]; do
    say 6 needle "number $i"
    i=$((i + 1))
  done
  say 3 other 'bad \033[1mnews\377 \342\200\256here'
  say 7 other 'debugged'
  printf 'MESSAGE=of no weight\nSYSLOG_IDENTIFIER=weightless\n' | logger --journald
  say 4 needle 'late warning'
  last='late warning'
fi
# It has written all of it when it has ended.
journalctl --sync >/dev/null 2>&1 || sleep 0.5
for _ in $(seq 50); do journalctl -q --no-pager | grep -q "$last" && break || sleep 0.1; done
kill $daemon
wait $daemon || true

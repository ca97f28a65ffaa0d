#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Has a journald of its own, in a /run of its own, write a small journal with hostile fields to the folder $1.
set -eu
if [ "${2:-}" != inside ]; then
  [ -x /usr/lib/systemd/systemd-journald ] && command -v bwrap >/dev/null || exit 77
  exec bwrap --dev-bind / / --tmpfs /run --unshare-net --die-with-parent sh "$0" "$1" inside
fi
mkdir -p /run/systemd/journald.conf.d /run/log/journal
printf '[Journal]\nStorage=volatile\nAudit=no\nReadKMsg=no\nRateLimitBurst=0\n' >/run/systemd/journald.conf.d/test.conf
/usr/lib/systemd/systemd-journald >/dev/null 2>&1 &
daemon=$!
for _ in $(seq 100); do [ -S /run/systemd/journal/socket ] && break || sleep 0.1; done
say() { # priority, program, text
  printf 'MESSAGE=%b\nPRIORITY=%s\nSYSLOG_IDENTIFIER=%s\nODD_FIELD=%b\n' "$3" "$1" "$2" '\033[31modd\377' | logger --journald
}
i=0
while [ $i -lt 30 ]; do
  say 6 needle "number $i"
  i=$((i + 1))
done
say 3 other 'bad \033[1mnews\377 \342\200\256here'
say 4 needle 'late warning'
# It has written all of it when it has ended.
journalctl --sync >/dev/null 2>&1 || sleep 0.5
for _ in $(seq 50); do journalctl -q --no-pager -t needle -p 4 | grep -q 'late warning' && break || sleep 0.1; done
kill $daemon
wait $daemon || true
mkdir -p "$1"
cp /run/log/journal/*/*.journal "$1"

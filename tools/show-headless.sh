#!/bin/sh
# Inside a headless session: writes a picture of the desktop to $1 and shows it over VNC on
# loopback until the session ends. $2: when ./dev started, in seconds since 1970.
set -eu
picture=$1

say() { printf 'dev: %s\n' "$*" >&2; }

# The panel draws its first figures a second after it appears.
sleep 2
grim "$picture"
say "the desktop is up after $(($(date +%s) - $2)) s; this is how it looks:  $picture"
for port in 5900 5901 5902 5903 5904 5905; do
  ss -Hltn "sport = :$port" | grep -q . || break
done
say "to use it:  a VNC viewer on 127.0.0.1:$port   (Ctrl-C ends the desktop)"
exec wayvnc --log-level=error 127.0.0.1 "$port"

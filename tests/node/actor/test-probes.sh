#!/bin/sh
# The probe points are in the program: test-probes.sh READELF PROGRAM.
set -eu

notes=$("$1" -n "$2")
failed=0
echo 1..8
n=0
for probe in send receive_begin receive_end spawn exit park steal dead_letter; do
  n=$((n + 1))
  if printf '%s\n' "$notes" | grep -A1 'Provider: inos$' | grep -qx " *Name: $probe"; then
    echo "ok $n $probe"
  else
    echo "not ok $n $probe"
    failed=1
  fi
done
exit $failed

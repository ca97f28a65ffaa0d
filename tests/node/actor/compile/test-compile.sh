#!/bin/sh
# Compiles protocol.c as it is, which must work, and with each of its mistakes, which must not, for
# the reason that belongs to it. Usage: test-compile.sh PROTOCOL.C COMPILER FLAG…
set -u
source=$1
shift
echo "1..10"
number=0

# Compiles with the arguments. Without a text it has to work, else to fail and to say the text.
check() {
  number=$((number + 1))
  worked=yes
  said=$("$compiler" "$@" 2>&1) || worked=no
  case $text:$worked in
    :yes) result=ok ;;
    ?*:no) printf '%s' "$said" | grep -q "$text" && result=ok || result='not ok' ;;
    *) result='not ok' ;;
  esac
  echo "$result $number - case $case"
  [ "$result" = ok ] || printf '%s\n' "$said" | sed 's/^/# /'
}

compiler=$1
shift
# shellcheck disable=SC2046 # one word a flag
set -- "$@" $(pkg-config --cflags glib-2.0)
while IFS=: read -r case text; do
  check "$@" -Wall -Wextra -Wno-unused-parameter -fsyntax-only -DCASE="$case" "$source"
done <<'CASES'
0:
1:no member named .volume
2:lamp_on_look
3:incompatible type
4:lamp_explode_message
5:incompatible type
6:incompatible type
7:lamp_send_explode
8:incompatible
9:incompatible
CASES

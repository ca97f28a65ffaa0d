#!/bin/sh
# Brings the catalogues up to date with the sources of POTFILES:  ./dev exec po/update.sh
set -eu
cd "$(dirname -- "$0")/.."
common='--package-name=inos --from-code=UTF-8 --add-comments=TRANSLATORS --sort-by-file --no-wrap --add-location=file'
c_files=$(grep -E '\.c$' po/POTFILES)
ui_files=$(grep -E '\.tsx?$' po/POTFILES)
# shellcheck disable=SC2086 # lists of words
xgettext $common -L C --keyword=_ --keyword=N_ --keyword=ngettext:1,2 --flag=g_set_error:4:c-format \
  --flag=inos_reply_fail:2:c-format --output=po/inos.pot $c_files
# xgettext 0.23 reads TSX as JavaScript with JSX: types and generics are just operators to it.
# shellcheck disable=SC2086
xgettext $common -L JavaScript --keyword=t --keyword=tn:1,2 --join-existing --output=po/inos.pot $ui_files
# The day it was made says nothing and changes every time.
sed -i '/^"POT-Creation-Date:/d' po/inos.pot
while read -r language; do
  msgmerge --quiet --add-location=file --no-fuzzy-matching --no-wrap --backup=none --update "po/$language.po" po/inos.pot
  msgattrib --add-location=file --no-obsolete --no-wrap --output-file="po/$language.po" "po/$language.po"
  printf '%s: ' "$language"
  msgfmt --check --statistics --output-file=/dev/null "po/$language.po"
done <po/LINGUAS
rm -f po/inos.pot

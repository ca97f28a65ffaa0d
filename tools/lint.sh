#!/bin/sh
# Checks layout, banned calls, C, scripts and the UI. Called by `./dev lint`; needs build/debug.
#
#   tools/lint.sh           everything; where there is git, clang-tidy only on what differs from main
#   tools/lint.sh --all     clang-tidy on every C file
# shellcheck disable=SC2317 # step() calls the checks by name
set -u

cd "$(dirname -- "$0")/.." || exit 1
all=0
[ "${1:-}" = --all ] && all=1
build=build/debug
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# step NAME COMMAND…: runs one check, says its name and its result, shows what it wrote if it failed.
step() {
  name=$1
  shift
  if "$@" >"$scratch/out" 2>&1; then
    printf 'lint: %-24s ok\n' "$name"
  else
    printf 'lint: %-24s FAILED\n' "$name"
    sed 's/^/  /' "$scratch/out"
    failed=1
  fi
}

skip() { printf 'lint: %-24s skipped: %s\n' "$1" "$2"; }

# files PATTERN…: the checkout's own files of these shell patterns, in which * crosses folders.
# Without git, which the Debian root does not have.
files() {
  find . -path ./build -prune -o -path ./.git -prune -o -name node_modules -prune -o \
    -type f -print | sed 's,^\./,,' | sort | while IFS= read -r file; do
    for pattern; do
      # shellcheck disable=SC2254 # a pattern is what it is
      case $file in $pattern) printf '%s\n' "$file"; break ;; esac
    done
  done
}

# each N COMMAND…: runs COMMAND with the files of standard input appended, in N processes.
each() {
  processes=$1
  shift
  tr '\n' '\0' | xargs -0 -r -P "$processes" "$@"
}

# Nothing to check would mean that the search is broken.
found_files() { files '*.c' | grep -q . && [ -f dev ]; }

layout() { files '*.c' '*.h' | each 2 -n 20 clang-format --dry-run -Werror; }

banned_calls() { files '*.c' '*.h' | each 1 tools/banned-calls.sh; }

# Files over 600 lines want to be two ideas; generated ones and lock files are not ours to split.
length() {
  long=$(files '*.c' '*.h' '*.ts' '*.tsx' '*.css' '*.py' '*.sh' dev | each 1 wc -l |
    awk '$2 != "total" && $1 > 600')
  [ -z "$long" ] || { printf 'over 600 lines:\n%s\n' "$long"; return 1; }
}

# The C files that the compiler was told of; where git is at hand, those that differ from main.
tidy_files() {
  base=$(git merge-base HEAD main 2>/dev/null)
  { if [ "$all" = 0 ] && [ -n "$base" ] && ! git diff --quiet "$base" -- '*.c' '*.h'; then
      git diff --name-only --diff-filter=d "$base" -- '*.c'
    else
      files '*.c'
    fi; } | while IFS= read -r file; do
    grep -q "/$file\"" "$build/compile_commands.json" && printf '%s\n' "$file"
  done
}

tidy() { tidy_files | each 1 -n 5000 python3 tools/tidy.py "$build"; }

# What ./dev sources is checked as a part of it, with its variables; the rest one by one.
scripts() {
  # shellcheck disable=SC2016 # the dollar is what dev has
  sourced=$(sed -n 's,^\. "\$top/\(.*\)",\1,p' dev)
  # shellcheck disable=SC2046 # one word a file
  shellcheck -x -a dev &&
    shellcheck $(files 'tools/*.sh' .ci/run tools/image/drivers 'tools/image/files/*/inos-image/*' '*/zz-inos-uki' | grep -vxF "$sourced")
}

# Who has texts for people has to be named, or nobody translates them.
texts() {
  left=$(files '*.c' | each 1 grep -lE '\b_ ?\(' | LC_ALL=C sort | grep -vxFf po/POTFILES)
  [ -z "$left" ] || { printf 'not in po/POTFILES:\n%s\n' "$left"; return 1; }
}

# Registries differ from machine to machine; the lock file's hashes say what is wanted.
lock_file() {
  files '*package-lock.json' | each 1 sh -c '! grep -n "\"resolved\"" "$@"' sh
}

step 'finding files' found_files
step 'layout' layout
step 'banned calls' banned_calls
step 'length of files' length
step 'scripts' scripts
step 'lock file' lock_file
step 'texts' texts
if [ -f "$build/compile_commands.json" ]; then
  step 'clang-tidy' tidy
else
  skip 'clang-tidy' "there is no $build; run ./dev exec meson setup $build or ./dev test first"
fi
if [ -f shell/ui/package.json ]; then
  step 'npm run lint' npm --prefix shell/ui --silent run lint
  step 'npm run check' npm --prefix shell/ui --silent run check
else
  skip 'npm run lint, check' 'there is no shell/ui'
fi
exit $failed

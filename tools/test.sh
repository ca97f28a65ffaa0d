# shellcheck shell=sh
# ./dev test. Sourced by ./dev.

# Runs the meson tests of build/NAME; their results go to build/results/NAME.xml.
meson_tests() {
  name=$1
  shift
  say "unit tests, build $name"
  meson test -C "$top/build/$name" --no-rebuild --print-errorlogs "$@" >&2 || true
  cp "$top/build/$name/meson-logs/testlog.junit.xml" "$results/$name.xml"
  cp "$top/build/$name/meson-logs/testlog.json" "$results/$name.json"
}

# Runs the end-to-end tests on the programs of build/NAME.
session_tests() {
  name=$1
  shift
  say "end-to-end tests, build $name"
  (
    use "$name"
    INOS_BUILD=$name python3 -m pytest -q -p no:cacheprovider --junitxml="$results/e2e-$name.xml" \
      -o junit_suite_name="e2e-$name" "$top/tests/e2e" "$@" >&2
  ) || true
  [ -f "$results/e2e-$name.xml" ] || die "the end-to-end tests of build $name did not run"
}

# Coverage-guided fuzz targets, which only clang builds. They run the same inputs each time;
# --long runs many times as many.
fuzzers='libfuzzer-envelope libfuzzer-path'
fuzz_tests() {
  CC=clang configure fuzz
  for target in $fuzzers; do
    ninja -C "$dir" "tests/fuzz/$target" "tests/fuzz/${target#libfuzzer-}-0" >"$dir.log" 2>&1 ||
      { tail -n 100 "$dir.log" >&2; die "could not build $target; all of it: $dir.log"; }
  done
  # shellcheck disable=SC2086 # one word a test
  meson_tests fuzz ${long:+--test-args=-runs=10000000} $fuzzers
}

cmd_test() {
  results=$top/build/results
  long= only=
  for argument; do
    case $argument in
      --list) list=1 ;;
      --long) long=1 ;;
      --login) login=1 ;;
      -*) die "test takes --list, --long, --login and names of tests" ;;
      *) only="${only:+$only or }$argument" ;;
    esac
  done
  export INOS_LONG="$long"
  [ -z "${login:-}" ] || { login_tests; return; }
  rm -rf "$results"
  mkdir -p "$results"
  build debug
  if [ -n "${list:-}" ]; then
    meson test -C "$top/build/debug" --list
    printf '%s\n' "$fuzzers" | tr ' ' '\n'
    python3 -m pytest -q -p no:cacheprovider --collect-only "$top/tests/e2e"
    return
  fi
  if [ -n "$only" ]; then
    # shellcheck disable=SC2046 # one word a test
    pattern=$(printf '%s' "$only" | sed 's/ or /|/g')
    # A line is PROJECT:SUITE / NAME; either of the last two will do.
    names=$(meson test -C "$top/build/debug" --list 2>/dev/null | sed 's/^[^:]*://' |
      grep -E "$pattern" | sed 's/.* \/ //' || true)
    # shellcheck disable=SC2086
    [ -z "$names" ] || meson_tests debug $names
    ! printf '%s\n' "$fuzzers" | grep -qE "$pattern" || fuzz_tests
    session_tests debug -k "$only"
    python3 "$top/tools/summary.py" "$results"
    return
  fi
  build asan -Db_sanitize=address,undefined -Db_lundef=false
  build tsan -Db_sanitize=thread -Db_lundef=false
  meson_tests debug
  # The pages and the models are the same in every build. Whole sessions are too slow under TSan.
  meson_tests asan --no-suite ui --no-suite models --no-suite conformance
  TSAN_OPTIONS=suppressions=$top/tests/tsan.supp meson_tests tsan --suite unit
  fuzz_tests
  session_tests debug
  session_tests asan -m sanitized
  python3 "$top/tools/summary.py" "$results"
}

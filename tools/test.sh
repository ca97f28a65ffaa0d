# shellcheck shell=sh
# ./dev test. Sourced by ./dev.

# stage WHAT: says what begins, and after how many minutes, by which a slow one is found.
stage() { say "$1 (after $((($(date +%s) - started) / 60)) min)"; }

# meson_results NAME RESULT [OPTION…]: runs meson tests of build/NAME; what came of them goes to
# build/results/RESULT.xml and RESULT.json.
meson_results() {
  tests=$top/build/$1 result=$2
  shift 2
  meson test -C "$tests" --no-rebuild --print-errorlogs "$@" >&2 || true
  cp "$tests/meson-logs/testlog.junit.xml" "$results/$result.xml"
  cp "$tests/meson-logs/testlog.json" "$results/$result.json"
}

# Runs the meson tests of build/NAME, and what failed once more, alone (tools/summary.py says what for).
# What the fuzzers find is true however rarely they find it.
meson_tests() {
  name=$1
  shift
  stage "unit tests, build $name"
  meson_results "$name" "$name" "$@"
  [ "$name" != fuzz ] || return 0
  again=$(python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    test = json.loads(line)
    if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL"):
        print(test["name"].split(" / ")[-1].split(":")[-1])' "$results/$name.json")
  [ -n "$again" ] || return 0
  stage "what failed, alone, build $name"
  # shellcheck disable=SC2086 # one word a test
  meson_results "$name" "$name-again" --num-processes 1 $again
}

# python_tests FOLDER NAME [PYTEST OPTION…]: runs those of tests/FOLDER on the programs of build/NAME. What failed is for
# python_again, and said by it; until then it is in build/results/FOLDER-NAME.log.
python_tests() {
  folder=$1 name=$2
  shift 2
  stage "tests/$folder, build $name"
  run_pytest "" "$@" 2>&1 | tee "$results/$folder-$name.log" | without_failures >&2
  [ -f "$results/$folder-$name.xml" ] || { cat "$results/$folder-$name.log" >&2; die "tests/$folder of build $name did not run"; }
}

# What pytest says but for what failed, which is run again and said then.
without_failures() {
  sed -u '/^=* \(FAILURES\|ERRORS\) =*$/,/^[0-9].* in [0-9.]*s/{/^[0-9].* in [0-9.]*s/!d}'
}

# run_pytest SUFFIX [PYTEST OPTION…]: of tests/$folder and build/$name; the results' name ends in SUFFIX. None are left
# where they were not run to the end.
run_pytest() (
  suffix=$1 status=0
  shift
  use "$name"
  export INOS_BUILD="$name"
  python3 -m pytest -q -o cache_dir="$results/cache-$folder-$name" -o junit_suite_name="$folder-$name" \
    "$top/tests/$folder" "$@" --junitxml="$results/$folder-$name$suffix.xml" || status=$?
  case $status in
    0) ;;
    1) : >"$results/failed-$folder-$name" ;;
    5) [ -n "$only" ] || rm -f "$results/$folder-$name$suffix.xml" ;; # none has such a name
    *) rm -f "$results/$folder-$name$suffix.xml" ;;
  esac
)

# python_again: what failed in python_tests, once more, while nothing else runs, and what fails then a last time.
python_again() {
  for turn in -again -last; do
    for failed in "$results"/failed-*; do
      [ -f "$failed" ] || continue
      rm "$failed"
      name=${failed##*/failed-}
      folder=${name%%-*} name=${name#*-}
      stage "what failed in tests/$folder, alone, build $name"
      run_pytest "$turn" --last-failed --last-failed-no-failures=none >&2
    done
  done
  rm -f "$results"/failed-*
}

# Whole sessions.
session_tests() {
  python_tests e2e "$@"
}

# What ./dev image makes of a declaration, and a machine when it starts for the first time.
image_tests() {
  python_tests image "$@"
}

# Real nodes with each other and with js-libp2p.
mesh_tests() {
  npm_packages tests/mesh/peer "the js-libp2p peer"
  # Eight hundred packages, for what js-libp2p proves too.
  [ -z "$long" ] || npm_packages tests/mesh/helia "the Helia node"
  python_tests mesh "$@"
}

# Coverage-guided fuzz targets, which only clang builds. They run the same inputs each time;
# --long runs many times as many.
fuzzers=$(sed -n "s/^ *'\([a-z_]*\)': {\$/libfuzzer-\1/p" "$top/tests/fuzz/meson.build" | xargs)
fuzz_build() {
  CC=clang configure fuzz
  # shellcheck disable=SC2046,SC2086 # one word a target
  ninja -C "$dir" $(printf 'tests/fuzz/%s ' $fuzzers) $(printf 'tests/fuzz/%s-0 ' $fuzzers | sed 's/libfuzzer-//g') \
    >"$dir.log" 2>&1 || { tail -n 100 "$dir.log" >&2; die "could not build the fuzz targets; all of it: $dir.log"; }
}

fuzz_tests() {
  # shellcheck disable=SC2086 # one word a test
  meson_tests fuzz ${long:+--test-args=-runs=10000000} $fuzzers
}

# The simulator with everything that goes wrong, seed after seed: 24, with --long 1,000, which take hours.
# INOS_SEEDS and INOS_SEEDS_AT_ONCE say otherwise.
seed_tests() {
  build release -Dbuildtype=release
  last=24
  [ -z "$long" ] || last=1000
  python3 "$top/tools/seeds.py" "$top/build/release/install/bin/inos-sim" "$top/tests/sim/faults.ini" \
    "${INOS_SEEDS:-$last}" "$top/build/seeds/faults" --results "$results/seeds.xml" \
    ${INOS_SEEDS_AT_ONCE:+--jobs "$INOS_SEEDS_AT_ONCE"}
}

# Each fuzz target for ten minutes, with what the last run has found. INOS_FUZZ_SECONDS and INOS_FUZZ_TARGETS say otherwise.
fuzzing_tests() {
  fuzz_build
  # shellcheck disable=SC2086 # one word a target
  python3 "$top/tools/fuzz.py" "$top/build/fuzz" "$top/build/fuzzing" "${INOS_FUZZ_SECONDS:-600}" ${INOS_FUZZ_TARGETS:-}
}

cmd_test() {
  results=$top/build/results
  long= only=
  for argument; do
    case $argument in
      --list) list=1 ;;
      --long) long=1 ;;
      --login) login=1 ;;
      --image) started_images=1 ;;
      -*) die "test takes --list, --long, --login, --image and names of tests" ;;
      *) only="${only:+$only or }$argument" ;;
    esac
  done
  export INOS_LONG="$long"
  [ -z "${login:-}" ] || { login_tests; return; }
  [ -z "${started_images:-}" ] || { boot_tests; return; }
  rm -rf "$results"
  mkdir -p "$results"
  [ "$only" != seeds ] || { seed_tests; return; }
  [ "$only" != fuzzing ] || { fuzzing_tests; return; }
  build debug
  if [ -n "${list:-}" ]; then
    meson test -C "$top/build/debug" --list
    printf '%s\n' "$fuzzers" seeds fuzzing | tr ' ' '\n'
    python3 -m pytest -q -p no:cacheprovider --collect-only "$top/tests/e2e" "$top/tests/mesh" "$top/tests/image"
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
    ! printf '%s\n' "$fuzzers" | grep -qE "$pattern" || { fuzz_build; fuzz_tests; }
    session_tests debug -k "$only"
    mesh_tests debug -k "$only"
    image_tests debug -k "$only"
    python_again
    python3 "$top/tools/summary.py" "$results"
    return
  fi
  build asan -Db_sanitize=address,undefined -Db_lundef=false
  build tsan -Db_sanitize=thread -Db_lundef=false
  meson_tests debug
  fuzz_build
  # The pages and the models are the same in every build. Whole sessions are too slow under TSan.
  meson_tests asan --no-suite ui --no-suite models
  # glibc gives the old time zone back with its own lock, which TSan does not see, unless it is always the same.
  TZ=UTC TSAN_OPTIONS=suppressions=$top/tests/tsan.supp meson_tests tsan --suite unit
  fuzz_tests
  # At the same time: sessions keep a processor busy, nodes mostly wait for each other.
  (mesh_tests debug && mesh_tests asan -m sanitized) 2>"$results/mesh.log" &
  mesh=$!
  trap 'kill "$mesh"; exit 130' INT TERM
  session_tests debug
  # Those that exercise the compositor most; the others take too long here.
  if [ -n "$long" ]; then session_tests asan; else session_tests asan -m sanitized; fi
  wait "$mesh" || { cat "$results/mesh.log" >&2; die "tests/mesh did not run"; }
  cat "$results/mesh.log" >&2
  image_tests debug
  python_again
  python3 "$top/tools/summary.py" "$results"
}

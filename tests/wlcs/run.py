# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the Wayland conformance suite on the compositor and compares with what is expected.

Usage: run.py WLCS MODULE PASSING EXCEPTIONS [LIBASAN]

PASSING has the tests that pass, one a line: the list may only grow (INOS_WRITE_GOLDEN=1 adds to it).
EXCEPTIONS has those that do not, as `PATTERN: REASON`. A test in neither, a test that passes no more,
and a reason that no test needs, each fail; so do a list that is shorter than it was, a test in it that the
suite does not have, and less than nine tenths of the tests that are fair. A test that takes the suite's
process down counts as failed, and the others are run without it. LIBASAN is loaded first where the module
has sanitizers: what they find fails too. Prints TAP.
"""

import fnmatch
import os
import re
import subprocess
import sys
import tempfile

WLCS, MODULE, PASSING, EXCEPTIONS = sys.argv[1:5]
LIBASAN = sys.argv[5] if len(sys.argv) > 5 else None
# As many as are in the list, or fewer: to be raised with it, and never lowered.
LEAST_LISTED = 809
LEAST_PASSED = 0.9  # of those that are fair
PATIENCE = 300 if not LIBASAN else 900  # s
# The suite does not free what its clients bound, nor the sources of the loop that it gives the module: libwayland
# has no frame pointers, so that its own function is the last that a leak names.
SUPPRESSIONS = "leak:libwayland-client\nleak:wl_event_loop_add_fd\n"
RESULT = re.compile(r"^\[\s*(OK|FAILED|SKIP|SKIPPED)\s*\] (\S+?),?(?: where .*)? \(\d+ ?ms")
RUNNING = re.compile(r"^\[ RUN\s+\] (\S+)")


def environment(folder):
    if not LIBASAN:
        return os.environ
    suppressions = os.path.join(folder, "leaks")
    with open(suppressions, "w", encoding="utf-8") as file:
        file.write(SUPPRESSIONS)
    return os.environ | {"LD_PRELOAD": LIBASAN, "ASAN_OPTIONS": "halt_on_error=1:detect_leaks=1",
                         "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
                         "LSAN_OPTIONS": f"suppressions={suppressions}:print_suppressions=0"}


def names(env):
    out = subprocess.run([WLCS, MODULE, "--gtest_list_tests"], capture_output=True, text=True,
                         env=env | {"ASAN_OPTIONS": "detect_leaks=0"}, check=False).stdout
    found, suite = [], ""
    for line in out.splitlines():
        if re.match(r"^\S+\.$", line.split("#")[0].strip()) and not line.startswith(" "):
            suite = line.split("#")[0].strip()
        elif line.startswith("  ") and suite:
            found.append(suite + line.split("#")[0].strip())
    return [name for name in found if "DISABLED_" not in name]


def run(tests, results, env, leaks):
    """Runs tests, fills results and leaks; returns those that are left when the process dies."""
    with tempfile.NamedTemporaryFile("w+", encoding="utf-8", errors="replace") as out:
        try:
            subprocess.run([WLCS, MODULE, "--gtest_filter=" + ":".join(tests)], stdout=out, env=env,
                           stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            pass
        out.seek(0)
        now, text = None, []
        for line in out:
            if match := RUNNING.match(line):
                now, text = match[1], []
            elif match := RESULT.match(line):
                results[match[2]] = (match[1], text)
                now = None
            else:
                text.append(line.rstrip())
        if now:
            results[now] = ("DIED", text)
        found = [i for i, line in enumerate(text) if "Sanitizer: " in line and "ERROR" in line]
        if found and not now:
            leaks += text[found[0]:]
    left = [t for t in tests if t not in results]
    if len(left) == len(tests):
        sys.exit("the suite does not run: " + "\n".join(text))
    return left


def read(path):
    with open(path, encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def main():
    passing = set(read(PASSING))
    exceptions = [line.split(": ", 1) for line in read(EXCEPTIONS)]
    results, leaks = {}, []
    with tempfile.TemporaryDirectory() as folder:
        env = environment(folder)
        left = names(env)
        listed = list(left)
        while left:
            left = run(left, results, env, leaks)

    if os.environ.get("INOS_WRITE_GOLDEN"):
        passing |= {name for name in listed if results[name][0] == "OK"}
    print("1..%d" % (len(listed) + len(exceptions) + 4))
    needed, bad, good, fair = set(), 0, 0, 0
    for number, name in enumerate(listed, 1):
        state, text = results[name]
        why = next((w for pattern, w in exceptions if fnmatch.fnmatchcase(name, pattern)), None)
        skipped = state.startswith("SKIP")
        good += state == "OK"
        fair += state == "OK" or not (skipped or (why or "").startswith("unfair"))
        if state != "OK" and not skipped:
            needed.add(why)
        problem = None
        if state == "OK" and name not in passing:
            problem = "passes, and is not in the list: add it"
        elif state != "OK" and name in passing:
            problem = "does not pass any more (%s)" % state
        elif state != "OK" and not skipped and not why:
            problem = "fails, without a reason (%s)" % state
        if problem:
            bad += 1
            print("not ok %d - %s # %s" % (number, name, problem))
            for line in text[-12:]:
                print("# " + line)
        elif state == "OK":
            print("ok %d - %s" % (number, name))
        else:
            print("ok %d - %s # SKIP %s" % (number, name, "not offered" if skipped else why))
    for number, (pattern, why) in enumerate(exceptions, len(listed) + 1):
        bad += why not in needed
        print("%sok %d - %s is needed" % ("" if why in needed else "not ", number, pattern))
    gone = sorted(passing - set(listed))
    rules = [
        (good >= LEAST_PASSED * fair, "%d of %d that are fair pass, %.1f %%" % (good, fair, 100 * good / max(fair, 1))),
        (len(passing) >= LEAST_LISTED, "the list has %d tests, at least %d" % (len(passing), LEAST_LISTED)),
        (not gone, "the suite has all of the list" + "".join(", not " + name for name in gone)),
        (not leaks, "sanitizers find nothing" if LIBASAN else "no sanitizer looks"),
    ]
    for number, (holds, what) in enumerate(rules, len(listed) + len(exceptions) + 1):
        bad += not holds
        print("%sok %d - %s" % ("" if holds else "not ", number, what))
    for line in leaks[:60]:
        print("# " + line)
    if os.environ.get("INOS_WRITE_GOLDEN"):
        with open(PASSING, "w", encoding="utf-8") as file:
            file.write("".join(name + "\n" for name in sorted(passing)))
    return 1 if bad else 0


sys.exit(main())

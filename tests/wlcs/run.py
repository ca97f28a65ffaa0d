# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the Wayland conformance suite on the compositor and compares with what is expected.

Usage: run.py WLCS MODULE PASSING EXCEPTIONS

PASSING has the tests that pass, one a line: the list may only grow (INOS_WRITE_GOLDEN=1 adds to it).
EXCEPTIONS has those that do not, as `PATTERN: REASON`. A test in neither, a test that passes no more,
and an exception that passes, each fail. A test that takes the suite's process down counts as failed, and
the others are run without it. Prints TAP.
"""

import fnmatch
import os
import re
import subprocess
import sys
import tempfile

WLCS, MODULE, PASSING, EXCEPTIONS = sys.argv[1:5]
RESULT = re.compile(r"^\[\s*(OK|FAILED|SKIP|SKIPPED)\s*\] (\S+?),?(?: where .*)? \(\d+ ?ms")
RUNNING = re.compile(r"^\[ RUN\s+\] (\S+)")


def names():
    out = subprocess.run([WLCS, MODULE, "--gtest_list_tests"], capture_output=True, text=True,
                         check=False).stdout
    found, suite = [], ""
    for line in out.splitlines():
        if re.match(r"^\S+\.$", line.split("#")[0].strip()) and not line.startswith(" "):
            suite = line.split("#")[0].strip()
        elif line.startswith("  ") and suite:
            found.append(suite + line.split("#")[0].strip())
    return [name for name in found if "DISABLED_" not in name]


def run(tests, results):
    """Runs tests, fills results; returns those that are left when the process dies."""
    with tempfile.NamedTemporaryFile("w+", encoding="utf-8", errors="replace") as out:
        try:
            subprocess.run([WLCS, MODULE, "--gtest_filter=" + ":".join(tests)], stdout=out,
                           stderr=subprocess.STDOUT, timeout=300, check=False)
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
    left, results = names(), {}
    listed = list(left)
    while left:
        left = run(left, results)
        print(len(left), len(results), file=sys.stderr)

    def reason(name):
        return next((why for pattern, why in exceptions if fnmatch.fnmatchcase(name, pattern)), None)
    print("1..%d" % len(listed))
    bad, good, fair = 0, 0, 0
    for number, name in enumerate(listed, 1):
        state, text = results[name]
        why = reason(name)
        if state == "OK":
            good += 1
            problem = "passes, and is an exception: delete that line" if why and name not in passing else None
            passing.add(name) if os.environ.get("INOS_WRITE_GOLDEN") else None
            problem = problem or (None if name in passing else "passes, and is not in the list: add it")
        elif name in passing:
            problem = "does not pass any more (%s)" % state
        else:
            problem = None if why or state.startswith("SKIP") else "fails, without a reason (%s)" % state
        fair += state == "OK" or not (why or "").startswith("unfair")
        if problem:
            bad += 1
            print("not ok %d - %s # %s" % (number, name, problem))
            for line in text[-12:]:
                print("# " + line)
        elif state == "OK":
            print("ok %d - %s" % (number, name))
        else:
            print("ok %d - %s # SKIP %s" % (number, name, why or "the suite skips it: " + " ".join(text)[-80:]))
    print("# %d of %d pass; of the fair ones %.1f %%" % (good, len(listed), 100 * good / max(fair, 1)))
    if os.environ.get("INOS_WRITE_GOLDEN"):
        with open(PASSING, "w", encoding="utf-8") as file:
            file.write("".join(name + "\n" for name in sorted(passing)))
    return 1 if bad else 0


sys.exit(main())

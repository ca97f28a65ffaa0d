#!/usr/bin/env python3
"""Adds up JUnit results: names what failed and why others were skipped, then prints the one line
that says how it went. Exit status 1 where anything failed or nothing ran. A program whose tests all
passed may fail all the same, by what a sanitizer says at its end: that is in meson's log alone.

What failed was run once more, alone (NAME-again), and then a last time (NAME-last); where one of these passed
it is named as unsteady, and is no failure, unless a sanitizer spoke, a program crashed, or tests of more than UNSTEADY_MAX
files did so: those of one share a session (decision 16)."""

import collections
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

UNSTEADY_MAX = 5
TURNS = ("-again", "-last")
UNFORGIVABLE = re.compile(r"Sanitizer|runtime error:|Assertion .* failed|terminated by signal|SIG(SEGV|ABRT|BUS)")

LEAKS = re.compile(r"^.*(LeakSanitizer: detected|byte\(s\) leaked|killed by signal).*$", re.M)


def is_grave(status, said):
    """Whether what a program said, or how it ended, counts however it goes the next time. What is left
    allocated by a test that an assertion of its own ended is no leak."""
    if re.search(r"^not ok", said, re.M) and "LeakSanitizer: detected" in said:
        status, said = 0, LEAKS.sub("", said)
    return status < 0 or UNFORGIVABLE.search(said)


def reason(case, skip):
    """As pytest says it, or as meson keeps what follows SKIP."""
    said = case.find("system-out")
    return skip.get("message") or skip.text or (said is not None and said.text) or "no reason given"


def cases(file):
    """(name, file or program that it is of, what went wrong or None, why it was skipped or None) of each."""
    for case in ElementTree.parse(file).iter("testcase"):
        wrong = case.find("failure") if case.find("failure") is not None else case.find("error")
        skip = case.find("skipped")
        owner = case.get("classname", "")
        yield (f"{owner} {case.get('name', '')}", owner,
               None if wrong is None else "".join(case.itertext()) + wrong.get("message", ""),
               None if skip is None else reason(case, skip))


def programs(file):
    """What meson says of each program: a result, its status, and all that it said."""
    for line in file.read_text(encoding="utf-8").splitlines():
        test = json.loads(line)
        yield test["name"], test["result"], test["returncode"], test.get("stdout", "") + test.get("stderr", "")


def again(file):
    """What passed when it was run once more, and did nothing in any of these runs that is never forgiven."""
    good, grave = set(), set()
    for turn in TURNS:
        other = file.with_name(f"{file.stem}{turn}{file.suffix}")
        if not other.exists():
            continue
        if file.suffix == ".xml":
            good |= {name for name, _, wrong, skipped in cases(other) if wrong is None and skipped is None}
            grave |= {name for name, _, wrong, _ in cases(other) if wrong is not None and is_grave(0, wrong)}
        else:
            good |= {name for name, result, _, _ in programs(other) if result == "OK"}
            grave |= {name for name, result, status, said in programs(other)
                      if is_grave(0 if result == "TIMEOUT" else status or 0, said)}
    return good - grave


def first(folder, suffix):
    """Results of what was run first. Whatever else lies there has no XML of its name."""
    return [file for file in sorted(pathlib.Path(folder).glob(f"*{suffix}"))
            if not file.stem.endswith(TURNS) and file.with_suffix(".xml").exists()]


def main(folder):
    passed, failed, unsteady, skipped = 0, [], [], collections.defaultdict(list)
    said, owners = {}, {}
    # What crashed, or what a sanitizer spoke in: its cases are not forgiven either.
    never = {f"{file.stem}: {name}" for file in first(folder, ".json")
             for name, result, status, said in programs(file)
             if is_grave(0 if result == "TIMEOUT" else status or 0, said)}
    for file in first(folder, ".xml"):
        good = again(file)
        for name, owner, wrong, skip in cases(file):
            whole = f"{file.stem}: {name}"
            owners[whole] = f"{file.stem}: {owner}"
            if wrong is not None:
                bad = is_grave(0, wrong) or any(
                    one.startswith(f"{file.stem}: ") and one.split(": ")[1] in name for one in never)
                (unsteady if name in good and not bad else failed).append(whole)
                said[whole] = next((line for line in wrong.splitlines() if re.match("E .*: *[^ ]", line)), "")
            elif skip is not None:
                skipped[skip].append(whole)
            else:
                passed += 1
    for file in first(folder, ".json"):
        good = again(file)
        for name, result, status, _ in programs(file):
            known = any(one.startswith(f"{file.stem}: ") and name in one for one in failed + unsteady)
            if result in ("OK", "SKIP", "EXPECTEDFAIL") or known:
                continue
            forgiven = name in good and f"{file.stem}: {name}" not in never
            (unsteady if forgiven else failed).append(f"{file.stem}: {name}: {result}, status {status}")
    for why, names in skipped.items():
        print(f"skipped: {names[0]}{f' and {len(names) - 1} more' if names[1:] else ''}: {why}")
    for name in unsteady:
        print(f"UNSTEADY: {name}: failed, and passed alone; it is to be mended {said.get(name, '')}".rstrip())
    if len({owners.get(name, name) for name in unsteady}) > UNSTEADY_MAX:
        failed += unsteady
    else:
        passed += len(unsteady)
    for name in failed:
        print(f"FAILED: {name}")
    print(f"{passed} passed, {len(failed)} failed, {sum(map(len, skipped.values()))} skipped")
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1]))

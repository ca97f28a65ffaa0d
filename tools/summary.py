#!/usr/bin/env python3
"""Adds up JUnit results: names what failed and why others were skipped, then prints the one line
that says how it went. Exit status 1 where anything failed or nothing ran. A program whose tests all
passed may fail all the same, by what a sanitizer says at its end: that is in meson's log alone."""

import collections
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def reason(case, skip):
    """As pytest says it, or as meson keeps what follows SKIP."""
    said = case.find("system-out")
    return skip.get("message") or skip.text or (said is not None and said.text) or "no reason given"


def main(folder):
    passed, failed, skipped = 0, [], collections.defaultdict(list)
    for file in sorted(pathlib.Path(folder).glob("*.xml")):
        for case in ElementTree.parse(file).iter("testcase"):
            name = f"{file.stem}: {case.get('classname', '')} {case.get('name', '')}"
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(name)
            elif skip is not None:
                skipped[reason(case, skip)].append(name)
            else:
                passed += 1
    for file in sorted(pathlib.Path(folder).glob("*.json")):
        for line in file.read_text(encoding="utf-8").splitlines():
            test = json.loads(line)
            known = any(name.startswith(f"{file.stem}: ") and test["name"] in name for name in failed)
            if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and not known:
                failed.append(f"{file.stem}: {test['name']}: {test['result']}, status {test['returncode']}")
    for why, names in skipped.items():
        print(f"skipped: {names[0]}{f' and {len(names) - 1} more' if names[1:] else ''}: {why}")
    for name in failed:
        print(f"FAILED: {name}")
    print(f"{passed} passed, {len(failed)} failed, {sum(map(len, skipped.values()))} skipped")
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1]))

#!/usr/bin/env python3
"""Adds up JUnit results: names what failed and why others were skipped, then prints the one line
that says how it went. Exit status 1 where anything failed or nothing ran."""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def main(folder):
    passed, failed, skipped = 0, [], []
    for file in sorted(pathlib.Path(folder).glob("*.xml")):
        for case in ElementTree.parse(file).iter("testcase"):
            name = f"{file.stem}: {case.get('classname', '')} {case.get('name', '')}"
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(name)
            elif skip is not None:
                skipped.append(f"{name}: {skip.get('message') or skip.text or 'no reason given'}")
            else:
                passed += 1
    for name in skipped:
        print(f"skipped: {name}")
    for name in failed:
        print(f"FAILED: {name}")
    print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1]))

#!/usr/bin/env python3
"""Accepts what the desktop looks like now. Where the build is:

    ./dev exec python3 tests/e2e/accept_looks.py [NAME…]            takes the pictures anew
    ./dev exec python3 tests/e2e/accept_looks.py --found [NAME…]    takes those of the last run, in build/screenshots/looks

A NAME is a part of a picture's. Look at the difference in git before you commit it."""

import os
import pathlib
import subprocess
import sys

import looks


def main(arguments):
    names = [argument for argument in arguments if not argument.startswith("-")]
    if "--found" not in arguments:
        test = pathlib.Path(__file__).with_name("test_looks.py")
        environment = {**os.environ, "INOS_WRITE_GOLDEN": "1", "INOS_LOOKS": " ".join(names)}
        return subprocess.run([sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", str(test)], env=environment).returncode
    for path in sorted(looks.FOUND.glob("*.png")):
        if "." not in path.stem and (not names or any(name in path.stem for name in names)):
            looks.accept(path.stem)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

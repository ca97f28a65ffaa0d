#!/usr/bin/env python3
"""Runs clang-tidy on C files, as many at a time as there are processors, and prints what it finds.

  tools/tidy.py BUILD FILE…     BUILD has the compile_commands.json

A file that was found clean is not looked at again while all that it is made of is the same: its text
after the preprocessor with its comments, the checks, and clang-tidy itself. What was found clean is kept in
the user's cache for a month. Exit status 1 where there is a finding."""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

MONTH = 30 * 24 * 3600
TOP = pathlib.Path(__file__).resolve().parent.parent
KEPT = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "inos-tidy"
# GCC's own warning flags would be errors to clang.
OPTIONS = ["--quiet", "--warnings-as-errors=*", "--extra-arg=-Wno-unknown-warning-option"]


def preprocess(entry):
    """The file's text with all that it includes; None where clang cannot."""
    words = shlex.split(entry["command"])
    words = words[1:] if pathlib.Path(words[0]).name == "ccache" else words
    kept, skip = [], False
    for word in words[1:]:
        if not skip and word != "-c" and word not in ("-o", "-MF", "-MQ") and not word.startswith("-MD"):
            kept.append(word)
        skip = word in ("-o", "-MF", "-MQ")
    done = subprocess.run(["clang", "-E", "-C", "-Wno-everything", *kept], cwd=entry["directory"], capture_output=True,
                          check=False)
    # Another checkout has the same text under another name.
    return done.stdout.replace(os.fsencode(TOP), b"") if done.returncode == 0 else None


def tidy(build, file, entry, version):
    """What clang-tidy says of it, where that is a finding."""
    text = preprocess(entry)
    mark = None
    if text is not None:
        mark = KEPT / hashlib.sha256(version + b"\0" + text).hexdigest()
        if mark.exists():
            mark.touch()
            return ""
    done = subprocess.run(["clang-tidy", "-p", build, *OPTIONS, file], cwd=TOP, capture_output=True, text=True,
                          check=False)
    if done.returncode == 0 and mark:
        mark.touch()
    return "" if done.returncode == 0 else done.stdout + done.stderr


def main(build, files):
    KEPT.mkdir(parents=True, exist_ok=True)
    for mark in KEPT.iterdir():
        if time.time() - mark.stat().st_mtime > MONTH:
            mark.unlink(missing_ok=True)
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    version += (TOP / ".clang-tidy").read_bytes() + " ".join(OPTIONS).encode()
    entries = {}
    for entry in json.loads((TOP / build / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if path.is_relative_to(TOP):
            entries.setdefault(str(path.relative_to(TOP)), entry)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [said for said in pool.map(lambda file: tidy(build, file, entries[file], version), files) if said]
    print("".join(found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

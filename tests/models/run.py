#!/usr/bin/env python3
"""Proves a Spin model: every `run` that its head names is clean, and every `fault` is caught.

run.py MODEL.pml …    TAP on standard output, with the number of states and the time of each"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

SAFETY = ["-O1", "-w", "-DSAFETY", "-DMEMLIM=2048"]
FAULTS_MIN = 2


def head_of(model):
    """The runs and the faults that the model's head names, as lists of definitions."""
    head = model.read_text().split("*/", 1)[0]
    runs = re.findall(r"^ \* run:((?: [A-Z_]+(?:=\d+)?)*)", head, re.M)
    faults = re.findall(r"^ \* fault:((?: [A-Z_]+(?:=\d+)?)+)", head, re.M)
    return [run.split() for run in runs], [fault.split() for fault in faults]


def check(model, definitions, folder):
    """Searches all states. Returns what the verifier says, and the seconds that it took."""
    flags = [f"-D{definition}" for definition in definitions]
    subprocess.run(["spin", *flags, "-a", model], cwd=folder, check=True, capture_output=True)
    subprocess.run(["gcc", *SAFETY, "-o", "pan", "pan.c"], cwd=folder, check=True)
    began = time.monotonic()
    result = subprocess.run(["./pan", "-m1000000", "-w22"], cwd=folder, text=True, check=False,
                            capture_output=True)
    return result.stdout + result.stderr, time.monotonic() - began


def verdict(said):
    """CLEAN, CAUGHT or what is wrong with the search itself, and the number of states."""
    errors = re.search(r"errors: (\d+)", said)
    states = re.search(r"(\S+) states, stored", said)
    number = int(float(states.group(1))) if states else 0
    if not errors or "max search depth too small" in said or "out of memory" in said:
        return "incomplete", number
    if errors.group(1) == "0":
        return "clean", number
    return "caught" if re.search(r"assertion violated|invalid end state", said) else "broken", number


def prove(job):
    model, definitions, wanted = job
    with tempfile.TemporaryDirectory() as folder:
        said, seconds = check(model, definitions, folder)
    is_now, states = verdict(said)
    name = f"{model.stem} {' '.join(definitions) or '(as it is)'}: {wanted}"
    line = f"{name}, {states:,} states, {seconds:.1f} s"
    if is_now == wanted:
        return True, line
    return False, f"{line}\n# it is {is_now}\n" + "".join(f"# {s}\n" for s in said.splitlines())


def main(paths):
    jobs, too_few = [], []
    for path in paths:
        model = pathlib.Path(path).resolve()
        runs, faults = head_of(model)
        if not runs or len(faults) < FAULTS_MIN:
            too_few.append(f"{model.name} names {len(runs)} runs and {len(faults)} faults")
        jobs += [(model, run, "clean") for run in runs]
        jobs += [(model, fault, "caught") for fault in faults]
    print(f"1..{len(jobs) + len(too_few)}")
    good = not too_few
    for number, text in enumerate(too_few, 1):
        print(f"not ok {number} {text}")
    with concurrent.futures.ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for number, (ok, line) in enumerate(pool.map(prove, jobs), len(too_few) + 1):
            print(f"{'ok' if ok else 'not ok'} {number} {line}", flush=True)
            good = good and ok
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

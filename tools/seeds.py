#!/usr/bin/env python3
"""Runs a scenario of the simulator with each seed from 1 to N, as many at once as there are processors, and goes on from
where it was stopped: what came of each is kept beside the build, as long as program and scenario are the same.
Exit status 1 where a seed failed."""

import argparse
import concurrent.futures
import hashlib
import os
import pathlib
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

TOLD_EVERY = 20  # seeds
SAID_MAX = 12  # lines of what a failed one says


def say(text):
    print(f"dev: {text}", file=sys.stderr, flush=True)


class Kept:
    """A line for each seed that is done, behind one that says what of: SEED ok|failed."""

    def __init__(self, path, *files):
        whole = hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        fresh = lines[:1] != [whole]
        self.done = {} if fresh else {int(seed): what for seed, what in
                                      (line.split() for line in lines[1:] if len(line.split()) == 2)}
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = path.open("w" if fresh else "a", encoding="utf-8")
        self.write(whole if fresh else "")

    def write(self, line):
        self.file.write(f"{line}\n")
        self.file.flush()

    def add(self, seed, what):
        self.done[seed] = what
        self.write(f"{seed} {what}")


def command(options, seed):
    return [str(options.program), "--scenario", str(options.scenario), "--seed", str(seed)]


def run(options, seed):
    """(seed, whether it ended, whether it failed, what it said)."""
    ended = subprocess.run(command(options, seed), capture_output=True, text=True, check=False)
    said = ended.stdout + ended.stderr
    # By a signal other than one that ends everything, it has crashed, which is a failure.
    stopped = ended.returncode in (-signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP)
    return seed, not stopped, ended.returncode != 0, said


def run_all(options, kept, seeds):
    """Returns what the failed ones said."""
    said = {}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        waiting = [pool.submit(run, options, seed) for seed in seeds]
        try:
            for number, one in enumerate(concurrent.futures.as_completed(waiting), 1):
                seed, ended, failed, text = one.result()
                if not ended:
                    raise KeyboardInterrupt
                kept.add(seed, "failed" if failed else "ok")
                if failed:
                    said[seed] = text
                    say(f"seed {seed} failed")
                if number % TOLD_EVERY == 0:
                    say(f"{number} of {len(seeds)} seeds")
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            sys.exit("dev: stopped; the same command goes on from here")
    return said


def write_results(path, name, last, kept, said):
    suite = ElementTree.Element("testsuite", name=name, tests=str(last))
    for seed in range(1, last + 1):
        case = ElementTree.SubElement(suite, "testcase", classname=name, name=f"seed {seed}")
        if kept.done[seed] != "ok":
            ElementTree.SubElement(case, "failure", message=said.get(seed, "failed in an earlier run"))
    ElementTree.ElementTree(suite).write(path, encoding="unicode")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("scenario", type=pathlib.Path)
    parser.add_argument("last", type=int, help="the last seed; the first is 1")
    parser.add_argument("kept", type=pathlib.Path, help="file that remembers which are done")
    parser.add_argument("--results", type=pathlib.Path, help="JUnit file")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    options.program = options.program.resolve()
    kept = Kept(options.kept, options.program, options.scenario)
    left = [seed for seed in range(1, options.last + 1) if seed not in kept.done]
    say(f"{options.scenario.name}: {options.last} seeds, {options.last - len(left)} done before")
    said = run_all(options, kept, left)
    failed = [seed for seed in range(1, options.last + 1) if kept.done[seed] != "ok"]
    for seed in failed:
        lines = said.get(seed, "").splitlines()[:SAID_MAX]
        print("\n".join([f"seed {seed} failed", *lines, "  again: " + " ".join(command(options, seed))]))
    print(f"{options.last} seeds of {options.scenario.name}, {len(failed)} failed")
    if options.results:
        write_results(options.results, f"seeds of {options.scenario.stem}", options.last, kept, said)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

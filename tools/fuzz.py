#!/usr/bin/env python3
"""Runs each libFuzzer target for so long, and goes on from where it was stopped: what a target has found interesting and how
long it has run (processor time, which a busy machine does not shorten) are kept beside the build, the latter as long as
its program is the same. Exit status 1 where one has found a failure."""

import argparse
import datetime
import hashlib
import json
import pathlib
import re
import resource
import signal
import subprocess
import sys

AT_ONCE = 60  # seconds that are lost at most where it is stopped
GRACE = 300  # seconds more that one run may take, to read what it has found before
LEAST = 0.1  # of those seconds that one run counts for at least, so that it ends
SAID_MAX = 40  # lines of what a failed one says
REPLACED = ("-seed=", "-runs=", "-artifact_prefix=", "-print_final_stats=")


def say(text):
    print(f"dev: {text}", file=sys.stderr, flush=True)


def processor_seconds():
    """Of all that this program has started and that has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Target:
    """One of the tests of the suite `fuzz`, with what is kept of it: NAME.json and a folder NAME."""

    def __init__(self, test, kept):
        self.name = test["name"].removeprefix("libfuzzer-")
        self.command = test["cmd"]
        self.folder = kept / self.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = kept / f"{self.name}.json"
        self.found = kept / f"found-{self.name}-"
        program = hashlib.sha256(pathlib.Path(self.command[0]).read_bytes()).hexdigest()
        state = json.loads(self.file.read_text(encoding="utf-8")) if self.file.exists() else {}
        if state.get("program") != program:
            state = {"program": program, "seconds": 0, "runs": 0, "failed": False}
        self.state = state

    def keep(self):
        self.state["day"] = datetime.date.today().isoformat()
        self.file.write_text(json.dumps(self.state), encoding="utf-8")

    def left(self, seconds):
        return 0 if self.state["failed"] else max(0, seconds - self.state["seconds"])

    def run(self, seconds):
        """Returns what it said where it failed."""
        command = [word for word in self.command if not word.startswith(REPLACED)]
        command += [f"-max_total_time={seconds}", f"-artifact_prefix={self.found}", "-print_final_stats=1",
                    str(self.folder)]
        before = processor_seconds()
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False,
                               timeout=seconds + GRACE)
        if ended.returncode in (-signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP):
            raise KeyboardInterrupt
        runs = re.search(r"number_of_executed_units:\s*(\d+)", ended.stderr)
        self.state["runs"] += int(runs[1]) if runs else 0
        self.state["seconds"] += max(processor_seconds() - before, LEAST * seconds)
        self.state["failed"] = ended.returncode != 0
        self.keep()
        return ended.stderr if self.state["failed"] else None

    def line(self):
        what = "failed" if self.state["failed"] else "clean"
        return f"{self.name}: {what}, {self.state['seconds']:.0f} s, {self.state['runs']:,} runs, {self.state.get('day', 'never')}"


def run_all(targets, seconds):
    for number, target in enumerate(targets, 1):
        while target.left(seconds) > 0:
            said = target.run(max(1, min(AT_ONCE, round(target.left(seconds)))))
            if said:
                print("\n".join(said.splitlines()[-SAID_MAX:]))
        say(f"{number} of {len(targets)}: {target.line()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path, help="the build with the targets")
    parser.add_argument("kept", type=pathlib.Path, help="folder that remembers what was done")
    parser.add_argument("seconds", type=int, help="of each")
    parser.add_argument("names", nargs="*", help="only these targets")
    options = parser.parse_args()
    tests = json.loads((options.build / "meson-info/intro-tests.json").read_text(encoding="utf-8"))
    options.kept.mkdir(parents=True, exist_ok=True)
    targets = [Target(test, options.kept.resolve()) for test in tests if test["name"].startswith("libfuzzer-")]
    targets = [target for target in targets if not options.names or target.name in options.names]
    try:
        run_all(targets, options.seconds)
    except KeyboardInterrupt:
        sys.exit("dev: stopped; the same command goes on from here")
    for target in targets:
        print(target.line())
    return 1 if any(target.state["failed"] for target in targets) else 0


if __name__ == "__main__":
    sys.exit(main())

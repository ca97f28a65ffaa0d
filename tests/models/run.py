#!/usr/bin/env python3
"""Proves a Spin model: every `run` that its head names is clean, and every `fault` is caught.

run.py MODEL.pml …            TAP on standard output, with the number of states and the time of each
run.py --table MODEL.pml …    the same as the tables of docs/models.md

The functions of C that a model's head names have to be there."""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import typing

SAFETY = ["-O1", "-w", "-DSAFETY", "-DMEMLIM=2048"]
FAULTS_MIN = 2
SOURCES = pathlib.Path(__file__).resolve().parents[2] / "node/actor"


class Case(typing.NamedTuple):
    model: pathlib.Path
    wanted: str
    definitions: list
    text: str

    @property
    def name(self):
        return " ".join(self.definitions) or "(as it is)"


def head_of(model):
    return model.read_text().split("*/", 1)[0]


def cases_of(model):
    """What the model's head names: its runs, which are to be clean, and the faults to be caught."""
    line = r"^ \* (run|fault):((?: [A-Z_]+(?:=\d+)?(?= |$))*) *(.*)$"
    lines = re.findall(line, head_of(model), re.M)
    wanted = {"run": "clean", "fault": "caught"}
    return [Case(model, wanted[kind], names.split(), text) for kind, names, text in lines]


def what_is_wrong(model, cases):
    """What is missing, of the head's cases and of the functions that it says it models."""
    faults = sum(case.wanted == "caught" for case in cases)
    if faults == len(cases) or faults < FAULTS_MIN:
        yield f"{model.name} names {len(cases) - faults} runs and {faults} faults"
    source = "".join(file.read_text() for file in sorted(SOURCES.glob("*.[ch]")))
    functions = re.findall(r"\b(\w+)\(\)", head_of(model))
    if not functions:
        yield f"{model.name} names no function"
    for function in functions:
        if not re.search(rf"^\w[^;=]*\b{function} \([^;]*?\)\n\{{", source, re.M):
            yield f"{model.name} names {function}(), which is not in node/actor"


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


def prove(case):
    """Returns whether it is as wanted, the number of states, the seconds, and what to say of it."""
    with tempfile.TemporaryDirectory() as folder:
        said, seconds = check(case.model, case.definitions, folder)
    is_now, states = verdict(said)
    line = f"{case.model.stem} {case.name}: {case.wanted}, {states:,} states, {seconds:.1f} s"
    if is_now != case.wanted:
        line += f"\n# it is {is_now}\n" + "".join(f"# {s}\n" for s in said.splitlines())
    return is_now == case.wanted, states, seconds, line


def print_table(model, rows):
    print(f"\n### {model.stem}\n\n| run | states | seconds |\n|---|--:|--:|")
    for case, (_, states, seconds, _) in rows:
        if case.wanted == "clean":
            print(f"| `{case.name}` {case.text} | {states:,} | {seconds:.1f} |")
    print("\n| planted fault | |\n|---|---|")
    for case, _ in rows:
        if case.wanted == "caught":
            print(f"| `{case.name}` | {case.text} |")


def main(arguments):
    models = [pathlib.Path(argument).resolve() for argument in arguments if argument != "--table"]
    table = len(models) < len(arguments)
    cases = [case for model in models for case in cases_of(model)]
    wrong = [text for m in models for text in what_is_wrong(m, [c for c in cases if c.model == m])]
    good, results = not wrong, []
    if not table:
        print(f"1..{len(cases) + len(wrong)}")
    for number, text in enumerate(wrong, 1):
        print(f"not ok {number} {text}")
    with concurrent.futures.ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for number, result in enumerate(pool.map(prove, cases), len(wrong) + 1):
            if not table or not result[0]:
                print(f"{'ok' if result[0] else 'not ok'} {number} {result[-1]}", flush=True)
            good = good and result[0]
            results.append(result)
    for model in models if table else []:
        print_table(model, [row for row in zip(cases, results) if row[0].model == model])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Compares our supervisors with OTP's: random trees, random scripts, the same log or it is a fault.

    oracle.py --beam DIR --runner PROGRAM [--runner PROGRAM] [--scripts N] [--seed N] [--show]

Seed S makes the same script for ever. Ours run on virtual time, OTP's on the real clock, many at a
time; scripts in which two things would happen within a few milliseconds of each other, so that a
real clock could not be relied on for their order, are not used. A log that differs is asked of OTP
again, alone, before it counts: the machine may have been busy. What then still differs is shrunk and
shown.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import copy
import os
import random
import re
import subprocess
import sys
import tempfile
import time

STRATEGIES = ["one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one"]
REASONS = ["boom", "boom", "boom", "normal", "shutdown", "shutdown_x"]
MARGIN_MS = 12
LATE_MS = 3
PARALLEL = 250


class Script:
    def __init__(self, seed, root, steps):
        self.seed, self.root, self.steps = seed, root, steps


class Generator:
    """One script from one seed."""

    def __init__(self, seed):
        self.seed = seed
        self.random = random.Random(seed)
        self.workers, self.tables, self.recent = [], [], {}
        self.timed = self.random.random() < 0.4  # hanging and slow children
        self.kills = self.random.choice([0.25, 0.5, 0.7])  # among the steps
        self.windowed = not self.timed and self.random.random() < 0.12  # restarts get forgotten

    def often(self, probability):
        return self.random.random() < probability

    def manner(self):
        manner, slow = "plain", 0
        if self.timed and self.often(0.35):
            manner = self.random.choice(["hang", "slow"])
            slow = self.random.choice([35, 75, 285]) if manner == "slow" else 0
        fails = []
        if self.often(0.3):
            first = 1 if self.often(0.04) else self.random.randint(2, 3)
            fails = list(range(first, first + self.random.choice([1, 1, 1, 2, 2, 3, 8])))
        return ["worker", manner, slow, fails]

    def shutdown(self, manner):
        if manner == "hang":
            return self.random.choice([20, 130, 330, 330, "kill"])
        if manner == "slow":
            return self.random.choice([20, 130, 330, 1000, "infinity", "kill"])
        return self.random.choice([1000, 1000, 1000, "infinity", "kill"])

    def child(self, name, auto, what=None):
        worker = what or self.manner()
        lifetime = self.random.choice(["permanent", "permanent", "transient", "temporary"])
        significant = auto != "never" and lifetime != "permanent" and self.often(0.6)
        shutdown = "infinity" if what else self.shutdown(worker[1])
        return {"name": name, "lifetime": lifetime, "shutdown": shutdown,
                "significant": significant, "what": worker}

    def table(self, depth):
        strategy = self.random.choices(STRATEGIES, [4, 4, 4, 2])[0]
        auto = "never"
        if strategy != "simple_one_for_one" and self.often(0.15):
            auto = self.random.choice(["any", "all"])
        table = {"name": "root" if not depth else f"s{len(self.tables)}", "strategy": strategy,
                 "restarts": self.random.choices([0, 1, 2, 3, 5, 20], [1, 3, 4, 4, 3, 1])[0],
                 "period": 1 if self.windowed else 1000, "auto": auto, "children": [], "extras": []}
        self.tables.append(table)
        n = 1 if strategy == "simple_one_for_one" else self.random.randint(0 if depth else 1, 5)
        for _ in range(n):
            if depth < 2 and strategy != "simple_one_for_one" and self.often(0.2):
                inner = self.table(depth + 1)
                table["children"].append(self.child(inner["name"], auto, inner))
            else:
                name = f"w{len(self.workers)}"
                self.workers.append(name)
                table["children"].append(self.child(name, auto))
        if strategy == "simple_one_for_one":
            table["dynamic"] = []
        elif self.often(0.3):
            name = f"w{len(self.workers)}"
            self.workers.append(name)
            table["extras"].append(self.child(name, auto))
        return table

    def command(self):
        table = self.random.choice(self.tables)
        simple = "dynamic" in table
        kind = self.random.choice(["which", "which", "count", "terminate", "terminate", "restart",
                                   "delete", "start"])
        if kind in ("which", "count"):
            return [kind, table["name"]]
        if simple:
            if kind == "start" or not table["dynamic"]:
                return self.dynamic(table)
            return ["terminate", table["name"], self.random.choice(table["dynamic"])]
        names = [c["name"] for c in table["children"] + 2 * table["extras"]] + ["nobody"]
        if self.often(0.5):  # the same again: what has been terminated is to be restarted or deleted
            names = self.recent.get(table["name"], names)
        if kind == "start":
            if not table["extras"]:
                return ["which", table["name"]]
            name = table["extras"][0]["name"]
        else:
            name = self.random.choice(names)
        self.recent[table["name"]] = [name]
        return [kind, table["name"], name]

    def dynamic(self, table):
        name = f"d{len(self.workers)}"
        self.workers.append(name)
        table["dynamic"].append(name)
        return ["start", table["name"], name]

    def step(self):
        roll = self.random.random()
        if roll < self.kills and self.workers:
            # Mostly the same few, so that they run out of restarts.
            n = len(self.workers)
            worker = self.workers[min(int(self.random.expovariate(0.6)), n - 1)]
            if self.often(0.5):
                worker = self.random.choice(self.workers)
            return ["kill", worker, self.random.choice(REASONS)]
        if roll < self.kills + 0.06 and self.workers:
            return ["crush", self.random.choice(self.workers)]
        if roll < self.kills + 0.11:
            return ["wait", 2200 if self.windowed else self.random.choice([50, 100, 200])]
        if roll < self.kills + 0.12:
            return ["stop"]
        return self.command()

    def script(self):
        root = self.table(0)
        steps = []
        for table in self.tables:
            if "dynamic" in table:
                steps += [self.dynamic(table) for _ in range(self.random.randint(1, 4))]
        n = self.random.randint(1, 12)
        while n > 0:
            steps.append(self.step())
            n -= 1
        if self.windowed and not any(s[0] == "wait" for s in steps):
            steps.insert(self.random.randint(0, len(steps)), ["wait", 2200])
        if self.often(0.5):
            steps.append(["stop"])
        return Script(self.seed, root, steps)


# The two ways to write a script


def words_of(child, head, out):
    line = [head, child["name"], child["lifetime"], str(child["shutdown"]),
            str(int(child["significant"]))]
    if isinstance(child["what"], dict):
        out.append(" ".join(line + ["sup"]))
        table_lines(child["what"], out)
    else:
        _, manner, slow, fails = child["what"]
        out.append(" ".join(line + [manner, str(slow), ",".join(map(str, fails)) or "-"]))


def table_lines(table, out):
    out.append(" ".join(["sup", table["name"], table["strategy"], str(table["restarts"]),
                         str(table["period"]), table["auto"]]))
    for child in table["children"]:
        words_of(child, "child", out)
    for child in table["extras"]:
        words_of(child, "extra", out)
    out.append("end")


def lines_of(script):
    out = [f"script {script.seed}"]
    table_lines(script.root, out)
    out += [" ".join(["step"] + list(map(str, step))) for step in script.steps]
    return "\n".join(out + ["done", ""])


def child_term(child):
    if isinstance(child["what"], dict):
        what = table_term(child["what"])
    else:
        _, manner, slow, fails = child["what"]
        what = f"{{worker,{manner},{slow},{fails}}}"
    shutdown = "brutal_kill" if child["shutdown"] == "kill" else child["shutdown"]
    significant = "true" if child["significant"] else "false"
    return f"{{child,{child['name']},{child['lifetime']},{shutdown},{significant},{what}}}"


def table_term(table):
    auto = {"never": "never", "any": "any_significant", "all": "all_significant"}[table["auto"]]
    children = ",".join(child_term(c) for c in table["children"])
    return (f"{{sup,{table['name']},{table['strategy']},{table['restarts']},{table['period']},"
            f"{auto},[{children}]}}")


def tables_of(table):
    yield table
    for child in table["children"]:
        if isinstance(child["what"], dict):
            yield from tables_of(child["what"])


def term_of(script):
    extras = ",".join(child_term(c) for t in tables_of(script.root) for c in t["extras"])
    steps = ",".join("stop" if s == ["stop"] else "{" + ",".join(map(str, s)) + "}"
                     for s in script.steps)
    return f"{{script,{script.seed},{table_term(script.root)},[{extras}],[{steps}]}}.\n"


# Playing


def read_logs(text):
    """What was written: seed → (number behind the seed, log, answers)."""
    logs = {}
    for part in re.finditer(r"script (\d+) (\d+)\n(.*?)answers\n(.*?)done\n", text, re.S):
        logs[int(part[1])] = (int(part[2]), part[3].splitlines(), part[4].splitlines())
    return logs


def play_ours(runner, scripts):
    text = "".join(map(lines_of, scripts))
    with tempfile.NamedTemporaryFile("w", suffix=".scripts") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([runner, file.name], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{runner} ended with {done.returncode}:\n{done.stderr}\n"
                 f"the last log that it wrote: {done.stdout[-500:]}")
    return read_logs(done.stdout)


def play_otp(beam, scripts, parallel=PARALLEL):
    with tempfile.TemporaryDirectory() as scratch:
        scripts_file, logs_file = os.path.join(scratch, "scripts"), os.path.join(scratch, "logs")
        with open(scripts_file, "w", encoding="ascii") as file:
            file.writelines(map(term_of, scripts))
        subprocess.run(["erl", "-noshell", "-noinput", "-pa", beam, "-env", "ERL_CRASH_DUMP",
                        "/dev/null", "-run", "oracle", "main", scripts_file, logs_file,
                        str(parallel)], check=True)
        with open(logs_file, encoding="ascii") as file:
            return read_logs(file.read())


# Comparing


def canonical(script, log):
    """Children of a template stop all at once, and are listed, in no order of their own."""
    lines, answers, out, run = log[1], log[2], [], []
    for line in lines + [""]:
        if line.startswith("init "):  # only a made-up world sees supervisors begin
            continue
        if re.match(r"(stop|stopping|ignored) d", line):
            run.append(line)
        else:
            out += sorted(run) + [line]
            run = []
    simple = {t["name"] for t in tables_of(script.root) if t["strategy"] == "simple_one_for_one"}
    shown = []
    for line in sorted(answers, key=lambda line: int(line.split()[0])):
        number, *words = line.split()
        step = script.steps[int(number)]
        if step[0] == "which" and step[1] in simple:
            words = sorted("?:restarting" if w.endswith(":restarting") else w for w in words)
        shown.append(" ".join([number] + words))
    return out[:-1], shown


def differing(scripts, ours, otp):
    return [s for s in scripts
            if s.seed not in otp or s.seed not in ours
            or canonical(s, ours[s.seed]) != canonical(s, otp[s.seed])]


def compare(beam, runner, scripts, ours=None):
    """Returns those that differ for sure, and how many differed until OTP was asked again."""
    ours = ours or play_ours(runner, scripts)
    otp = play_otp(beam, scripts)
    wrong = differing(scripts, ours, otp)
    again = len(wrong)
    for parallel in (40, 10, 4, 4, 4, 2, 2, 1):
        if wrong:
            otp.update(play_otp(beam, wrong, parallel))
            wrong = differing(wrong, ours, otp)
            # One whose steps were in time and that differs all the same has been asked enough.
            if parallel < 10 and all(otp[s.seed][0] <= LATE_MS for s in wrong if s.seed in otp):
                break
    return wrong, again - len(wrong), ours, otp


def smaller(script):
    """Scripts with one thing less each."""
    for i in range(len(script.steps)):
        less = copy.deepcopy(script)
        del less.steps[i]
        yield less
    for t, table in enumerate(tables_of(script.root)):
        if table["strategy"] == "simple_one_for_one":
            continue
        for i in range(len(table["children"])):
            less = copy.deepcopy(script)
            del list(tables_of(less.root))[t]["children"][i]
            gone = {x["name"] for x in tables_of(script.root)} - {
                x["name"] for x in tables_of(less.root)}
            less.steps = [s for s in less.steps if len(s) < 2 or s[1] not in gone]
            yield less
        for i, child in enumerate(table["children"]):
            if isinstance(child["what"], list) and child["what"][1:] != ["plain", 0, []]:
                less = copy.deepcopy(script)
                simpler = list(tables_of(less.root))[t]["children"][i]
                simpler["what"], simpler["shutdown"] = ["worker", "plain", 0, []], 1000
                yield less


def shrink(beam, runner, script):
    while True:
        candidates = list(smaller(script))
        for seed, candidate in enumerate(candidates):
            candidate.seed = seed
        if not candidates:
            return script
        ours = play_ours(runner, candidates)
        candidates = [c for c in candidates if ours[c.seed][0] >= MARGIN_MS]
        wrong, _, _, _ = compare(beam, runner, candidates, ours) if candidates else ([], 0, 0, 0)
        if not wrong:
            return script
        wrong[0].seed, script = script.seed, wrong[0]


def show(script, ours, otp):
    print(lines_of(script))
    left, right = canonical(script, ours), canonical(script, otp)
    print(f"{'ours':40}OTP")
    for part in (0, 1):
        for i in range(max(len(left[part]), len(right[part]))):
            a = left[part][i] if i < len(left[part]) else ""
            b = right[part][i] if i < len(right[part]) else ""
            print(f"{a:40}{b:40}{'' if a == b else '<--'}")
        print()


def usable(gauge, first, count):
    """So many scripts whose order in time a real clock keeps, from the seed @first on, and how
    many seeds that took."""
    scripts, seed = [], first
    while len(scripts) < count:
        batch = [Generator(s).script() for s in range(seed, seed + count)]
        seed += count
        logs = play_ours(gauge, batch)
        scripts += [s for s in batch if logs[s.seed][0] >= MARGIN_MS]
    return scripts[:count], scripts[count - 1].seed - first + 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--beam", required=True, help="where oracle.beam is")
    parser.add_argument("--runner", required=True, action="append",
                        help="plays ours; the first one also says how near things are in time")
    parser.add_argument("--scripts", type=int,
                        default=10000 if os.environ.get("INOS_LONG") else 300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="show the first script and its logs")
    options = parser.parse_args()

    scripts, seeds = usable(options.runner[0], options.seed, options.scripts)
    failed = False
    otp = None
    for runner in options.runner:
        began = time.monotonic()
        ours = play_ours(runner, scripts)
        took = time.monotonic() - began
        if otp is None:
            wrong, again, _, otp = compare(options.beam, runner, scripts, ours)
        else:
            wrong = differing(scripts, ours, otp)
        events = sum(len(log[1]) + len(log[2]) for log in ours.values())
        print(f"{os.path.basename(runner)}: {len(scripts)} scripts of {seeds} seeds, {events} lines; "
              f"ours took {took:.1f} s; {again} asked of OTP again, {len(wrong)} differ", flush=True)
        if options.show:
            show(scripts[0], ours[scripts[0].seed], otp[scripts[0].seed])
        if wrong:
            failed = True
            print("seeds that differ:", " ".join(str(s.seed) for s in wrong[:50]))
            script = shrink(options.beam, runner, wrong[0])
            show(script, play_ours(runner, [script])[script.seed],
                 play_otp(options.beam, [script], 1)[script.seed])
    sys.exit(failed)


if __name__ == "__main__":
    main()

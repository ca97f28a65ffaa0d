"""The actor runtime against Erlang and CAF, two workers against one, and what its features cost.

The goals are those that the runtime was built to; a figure is explained in contest.py. What ran and
every sample are in build/bench/actors-samples.json; actors_report.py draws the chart and the page.
"""

import dataclasses
import datetime
import json
import pathlib
import platform
import re
import subprocess

from contest import Config, be_quick, contest, least, look_at_idle, winner

TOP = pathlib.Path(__file__).parents[2]
HERE = TOP / "tests/bench/actors"
BUILT = TOP / "build/bench"
OURS = TOP / "build/release/tests/bench/bench-actors"
IDLE_SECONDS = 6


@dataclasses.dataclass
class Bench:
    name: str
    ours: str      # arguments; the same shape for both, longer for us where we are faster
    rivals: str
    goals: dict    # {rival: at most this share of its figure}
    sliced: bool = False  # CAF's producers are tried both with and without slices


BENCHES = [
    Bench("pingpong", "4000000", "1000000", {"Erlang": 1 / 7, "CAF": 1 / 7}),
    Bench("threadring", "503 8000000", "503 2000000", {"Erlang": 1 / 5, "CAF": 1 / 5}),
    Bench("counting", "10000000", "5000000", {"Erlang": 0.75, "CAF": 0.3}, sliced=True),
    Bench("fjthrput", "60 120000", "60 40000", {"Erlang": 0.85, "CAF": 1 / 3}, sliced=True),
    Bench("nto1", "20 300000", "20 150000", {"Erlang": 0.85, "CAF": 0.6}, sliced=True),
    Bench("big", "120 30000", "120 8000", {"Erlang": 1 / 4, "CAF": 1 / 4}),
    Bench("chameneos", "100 1500000", "100 500000", {"Erlang": 1 / 3, "CAF": 1 / 3}),
    Bench("fjcreate", "1500000", "250000", {"Erlang": 1 / 3, "CAF": 1 / 8}, sliced=True),
    Bench("tree", "16 8", "16 2", {"Erlang": 1 / 10, "CAF": 1 / 10}),
]

# What a feature may cost a message: (name, program, over which, share of the messages that have it,
# ns at most). One worker.
PLAIN, BOUNDED, NAMED = "pingpong 4000000", "bounded 4000000 100", "named 4000000"
FEATURES = [
    ("bounded mailbox", BOUNDED, PLAIN, 1, 15),
    ("named address", NAMED, PLAIN, 1, 10),
    ("pool in turn", "pool 4000000 0", PLAIN, 1 / 2, 15),
    ("pool by shortest mailbox", "pool 4000000 1", PLAIN, 1 / 2, 15),
    ("pool at random", "pool 4000000 2", PLAIN, 1 / 2, 15),
    ("pool by key", "pool 4000000 3", PLAIN, 1 / 2, 15),
    ("closed breaker", "guarded 4000000", NAMED, 1, 5),
]


def smaller(arguments):
    """A third of the work: the last argument is the one that says how much."""
    *shape, amount = arguments.split()
    return " ".join([*shape, str(max(1, int(amount) // 3))])


def ours(arguments, workers):
    label = f"{workers} worker{'s' if workers > 1 else ''}"
    return Config("Inos", label, [str(OURS), *arguments.split(), f"--workers={workers}"], workers)


def erlang(arguments, schedulers):
    label = f"{schedulers} scheduler{'s' if schedulers > 1 else ''}"
    command = ["erl", "+S", str(schedulers), "+P", "2000000", "-noshell", "-pa", str(BUILT),
               "-s", "bench", "main", *arguments.split()]
    return Config("Erlang", label, command, schedulers)


def caf(arguments, policy, threads, some=0):
    label = f"{policy}, {threads} thread{'s' if threads > 1 else ''}{f', slices of {some}' if some else ''}"
    return Config("CAF", label, [str(BUILT / "caf-bench"), *arguments.split()], threads,
                  {"CAF_POLICY": policy, "CAF_THREADS": str(threads), "CAF_SLICE": str(some)})


def all_configs(bench, quick):
    mine, theirs = bench.ours, bench.rivals
    if quick:
        mine, theirs = smaller(mine), smaller(theirs)
    mine, theirs = f"{bench.name} {mine}", f"{bench.name} {theirs}"
    configs = [ours(mine, 1), ours(mine, 2), erlang(theirs, 1), erlang(theirs, 2)]
    for some in (0, 1000) if bench.sliced else (0,):
        configs += [caf(theirs, "stealing", 1, some), caf(theirs, "stealing", 2, some),
                    caf(theirs, "sharing", 2, some)]
    return configs


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def build_rivals():
    BUILT.mkdir(parents=True, exist_ok=True)
    subprocess.run(["erlc", "-o", str(BUILT), str(HERE / "bench.erl")], check=True)
    subprocess.run(["g++", "-O2", "-std=c++17", "-o", str(BUILT / "caf-bench"), str(HERE / "caf_bench.cpp"),
                    "-lcaf_core", "-lpthread"], check=True)


def about(quick):
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())[1]
    return {
        "date": datetime.date.today().isoformat(),
        "quick": quick,
        "processor": cpu,
        "processors": len(re.findall(r"^processor", pathlib.Path("/proc/cpuinfo").read_text(), re.M)),
        "kernel": platform.release().split("-")[0],
        "Erlang": "Erlang/OTP " + output_of("erl", "-noshell", "-eval",
                                            "io:put_chars(erlang:system_info(otp_release)), halt()."),
        "CAF": "CAF " + output_of("dpkg-query", "-Wf", "${Version}", "libcaf-dev").split("-")[0],
        "compiler": output_of("cc", "--version").splitlines()[0],
    }


def row(name, unit, value, goal, rivals=None, note="", **detail):
    return {"name": name, "unit": unit, "ours": value, "goal": goal, "rivals": rivals or {},
            "ok": goal is None or value <= goal, "note": note, **detail}


def describe(config):
    """What the page and the JSON file say of a configuration."""
    return {"label": config.label, "figure": config.median(), "wall": config.median("ns/msg"),
            "cpu": config.median("cpu"), "peak": config.median("peak"),
            "samples": config.samples, "environment": config.environment}


def race(bench, rounds, quick):
    """One benchmark against the rivals: its row, and its row of two workers against one."""
    configs = all_configs(bench, quick)
    racing = contest(configs, rounds)
    best = {side: winner(racing, side) for side in ("Inos", "Erlang", "CAF")}
    rivals = {side: best[side].median() for side in ("Erlang", "CAF") if best[side]}
    limits = {side: bench.goals[side] * value for side, value in rivals.items()}
    mine = best["Inos"].median()
    note = "; ".join(f"{side}: {best[side].label}" for side in best if best[side])
    two, one = (least(ours_of(configs, workers), "ns/msg") for workers in (2, 1))
    return [
        row(bench.name, "ns", mine, min(limits.values()), rivals, note, bench=bench.name,
            limits=limits, goals=bench.goals, 
            arguments={"ours": configs[0].command[2:-1], "rivals": configs[-1].command[2:]},
            best={side: describe(config) for side, config in best.items() if config},
            configs=[{"side": c.side, **describe(c)} for c in configs if c.samples],
            too_slow=[f"{c.side}, {c.label}" for c in configs if not c.samples]),
        row(f"{bench.name}, 2 workers / 1", "×", two / one, 1 / 0.85,
            note=f"{two:.1f} and {one:.1f} ns of wall time, the least of {rounds}"),
    ]


def ours_of(configs, workers):
    return next(c for c in configs if c.side == "Inos" and c.threads == workers)


def features(rounds):
    programs = {program: ours(program, 1) for program in [PLAIN, *(f[1] for f in FEATURES)]}
    plain, ask = programs[PLAIN], ours("request 2000000", 1)
    contest([*programs.values(), ask], 3 * rounds)  # the differences are small
    rows = []
    for name, program, over, share, goal in FEATURES:
        with_it, without = least(programs[program]), least(programs[over])
        rows.append(row(f"{name} costs", "ns", (with_it - without) / share, goal,
                        note=f"{with_it:.1f} and {without:.1f} ns a message, the least of {3 * rounds}"))
    rows.append(row("request and reply / ping-pong pair", "×", least(ask) / least(plain), 2.5,
                    note=f"{2 * least(ask):.1f} and {2 * least(plain):.1f} ns a round trip"))
    return rows


def memory(rounds):
    configs = [ours("live 1000000", 1), ours("live 1000000", 2), erlang("live 200000", 2),
               caf("live 200000", "stealing", 2)]
    contest(configs, min(rounds, 3), 60)
    rivals = {c.side: c.median("bytes/actor") for c in configs if c.side != "Inos"}
    mine = max(configs[:2], key=lambda c: c.median("bytes/actor"))
    rows = [
        row("bytes per idle actor", "B", mine.median("bytes/actor"), 384, rivals, "200,000 of the rivals'"),
        row("1 million actors alive, peak", "MB", max(c.median("peak") for c in configs[:2]) * 1024 / 1e6, 512),
        row("1 million actors stopped, CPU", "s", max(c.median("stop_cpu_ns") for c in configs[:2]) / 1e9, 1,
            {c.side: c.median("stop_cpu_ns") / 1e9 * 5 for c in configs if c.side != "Inos"},
            "the rivals' 200,000 times 5"),
    ]
    # The same stream ten times as long takes no more memory.
    short, long = ours("counting 1000000", 1), ours("counting 10000000", 1)
    contest([short, long], min(rounds, 3))
    rows.append(row("counting, memory for 10 × as many", "MB",
                    (long.median("peak") - short.median("peak")) * 1024 / 1e6, 1,
                    note=f"{short.median('peak') / 1024:.1f} and {long.median('peak') / 1024:.1f} MiB"))
    return rows


def idle():
    found = look_at_idle([ours("idle 100", 2), erlang("idle 100", 2), caf("idle 100", "stealing", 2),
                          caf("idle 100", "sharing", 2)], IDLE_SECONDS)
    (_, (mine, resident)), *others = found.items()
    return [
        row("idle runtime, wake-ups", "/s", mine, 0, {name: value[0] for name, value in others}),
        row("idle runtime, resident", "MB", resident * 1024 / 1e6, 6,
            {name: round(value[1] * 1024 / 1e6, 1) for name, value in others}),
    ]


def wake(rounds, quick):
    count = 300 if quick else 1000
    outside, inside = ours(f"wake {count}", 2), ours(f"wakein {count}", 2)
    theirs = [erlang(f"wake {count}", 2), caf(f"wake {count}", "stealing", 2), caf(f"wake {count}", "sharing", 2)]
    contest([outside, inside, *theirs], rounds)
    rivals = {f"{c.side}, {c.label}": c.median("p50_ns") / 1000 for c in theirs}
    futex = least(outside, "futex_p50_ns")
    return [
        row("wake from a thread, p50, the least", "µs", least(outside, "p50_ns") / 1000, 1.3 * futex / 1000,
            {k: v for k, v in rivals.items() if k.startswith("CAF")} | {"bare futex": futex / 1000}),
        row("wake at an actor's timer, p50", "µs", inside.median("p50_ns") / 1000, None,
            {k: v for k, v in rivals.items() if k.startswith("Erlang")}),
    ]


def run(quick=False):
    build_rivals()
    rounds = 3 if quick else 5
    if quick:
        be_quick()
    facts = about(quick)
    print(f"  {facts['Erlang']}, {facts['CAF']}, {facts['compiler']}; {facts['processors']} × "
          f"{facts['processor']}; median of {rounds}, interleaved")
    races, scaling = [], []
    for bench in BENCHES:
        first, second = race(bench, rounds, quick)
        print(f"  {bench.name} {' '.join(first['arguments']['ours'])} (rivals "
              f"{' '.join(first['arguments']['rivals'])}): {first['ours']:.1f} ns, "
              + ", ".join(f"{side} {value:.0f}" for side, value in first["rivals"].items()), flush=True)
        races.append(first)
        scaling.append(second)
    rows = races + scaling + features(rounds) + memory(rounds) + idle() + wake(rounds, quick)
    (BUILT / "actors-samples.json").write_text(json.dumps({"about": facts, "rows": rows}, indent=1) + "\n")
    return rows

"""From the node's memory to JavaScript: how long it takes, and what it costs beside JSON over D-Bus.

A process in place of the node writes the arena, and a real page reads it, with the extension and the library of the
desktop. The rival writes the same rows as a D-Bus signal, which a host turns into JSON for its page, as the shell did
before there was an arena. Processor time is that of all processes of a run, the bus among them, for each update. The map is Node Manager's own page
of other nodes: from the signal that there is something new to the last call that draws it.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import uuid

from session import Session, processes_with

BUILT = pathlib.Path(__file__).parents[2] / "build" / "release"
LATENCY = 50  # µs, in the middle
CHEAPER = 20
FRAME = 8  # ms of script that a frame may take at 60 Hz
TICK = os.sysconf("SC_CLK_TCK")


def processor_time(marker):
    """Seconds of all processes of a run, those of before among them."""
    total = 0
    for pid, _ in processes_with(marker):
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def extensions(folder):
    """The desktop's extension, and a clock."""
    for path in (BUILT / "shell/extension/libinos-web-process.so", BUILT / "tests/shell/arena/libinos-bench-clock.so"):
        shutil.copy(path, folder)
    return folder


def page(session, mode, seconds, script="arena-page"):
    """What the page says after so many seconds, and the seconds of processor time of all who had a part in it."""
    marker = f"INOS_BENCH={uuid.uuid4()}"
    name, value = marker.split("=")
    environment = {**session.environment, name: value}
    with tempfile.TemporaryDirectory() as folder:
        argv = [str(BUILT / "tests/shell/arena/arena-page"), mode, str(seconds), extensions(folder),
                str(BUILT / f"tests/shell/arena/{script}.js")]
        # A bus of its own, so that its part is counted, and nobody else's.
        process = subprocess.Popen(["dbus-run-session", "--", *argv], env=environment, stdout=subprocess.PIPE,
                                   stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        before = spent = 0
        result = None
        for line in process.stdout:
            if line.strip() == "begin":
                before = processor_time(marker)
            elif line.strip() == "end":
                spent = processor_time(marker) - before
                process.stdin.write("counted\n")
                process.stdin.flush()
            elif line.startswith("{"):
                result = json.loads(line)
        process.wait()
    if not result or result["wrong"] or not result["alive"]:
        raise SystemExit(f"the page of {mode} did not read: {result}")
    return result, spent


def cost(session, mode, seconds):
    """ms of processor time for each update, and updates a second."""
    result, spent = page(session, mode, seconds)
    updates = result["state"]["updates"] - result["before"]
    return 1000 * spent / max(updates, 1), updates / seconds


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def run(quick=False):
    seconds = 3 if quick else 10
    rows = []
    with Session() as session:
        time.sleep(1)
        rounds = [page(session, "latency", seconds)[0]["state"]["latencies"] for _ in range(1 if quick else 3)]
        best = min(rounds, key=lambda each: percentile(each, 0.5))
        for part, goal in ((0.5, LATENCY), (0.99, None)):
            value = percentile(best, part)
            rows.append({"name": f"node state to JavaScript, p{int(part * 100)}", "unit": "µs", "ours": value,
                         "rivals": {}, "goal": goal, "ok": goal is None or value <= goal,
                         "note": f"{len(best)} epochs"})
        ours = [cost(session, "rows", seconds) for _ in range(1 if quick else 2)]
        theirs = [cost(session, "json", seconds) for _ in range(1 if quick else 2)]
        (arena, arena_rate), (other, other_rate) = min(ours), min(theirs)
        rows.append({"name": "10,000 rows, processor time an update", "unit": "ms", "ours": arena,
                     "rivals": {"JSON": other}, "goal": None, "ok": True,
                     "note": f"{arena_rate:.0f} and {other_rate:.0f} updates a second of 60"})
        rows.append({"name": "10,000 rows, times cheaper than JSON", "unit": "×", "ours": other / arena, "rivals": {},
                     "goal": CHEAPER, "least": True, "ok": other / arena >= CHEAPER})
        drawn = page(session, "map", seconds, "map-page")[0]["state"]
        rows += [{"name": f"a map of {drawn['sum']:,} nodes, script a frame, p{int(part * 100)}", "unit": "ms",
                  "ours": (value := percentile(drawn["latencies"], part) / 1000), "rivals": {}, "goal": FRAME,
                  "ok": value <= FRAME, "note": f"{len(drawn['latencies'])} frames"} for part in (0.5, 0.99)]
    return rows

"""What the compositor takes to be whole again: the renderer is lost, and an output comes back. The middle of 20."""

import pathlib
import statistics
import subprocess

PROGRAM = pathlib.Path(__file__).parents[2] / "build/release/tests/bench/bench-compositor-recovery"


def row(name, unit, values, goal):
    value = statistics.median(values)
    return {"name": name, "unit": unit, "ours": value, "rivals": {}, "goal": goal, "ok": value <= goal,
            "note": f"{max(values):.4g} at most of {len(values)}"}


def run(quick=False):
    lines = [line.split() for line in subprocess.run([PROGRAM], check=True, capture_output=True,
                                                     text=True).stdout.splitlines()]
    lost = [float(line[1]) for line in lines if line[:1] == ["lost"]]
    back = [(float(line[1]), int(line[2])) for line in lines if line[:1] == ["back"]]
    return [row("renderer lost to the next frame, 20 windows", "ms", lost, 100),
            row("an output comes back to its frame with all 20 windows", "frames", [frames for _, frames in back], 1),
            row("the same", "ms", [ms for ms, _ in back], 100)]

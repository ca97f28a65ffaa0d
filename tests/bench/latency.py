"""How long input takes to the window that it is for, and to the frame that has what the window drew.

A virtual pointer moves, or a virtual keyboard types, on a window that fills the screen, where nothing else
happens, or on a small one before 20 others that draw as often as they may; the window answers by drawing. All compositors
with such devices are asked the same, in turns. A figure is the least of the rounds: what disturbs a run only ever adds to it.
"""

import statistics
import time

from compositor import BUILT, Running, least_of_rounds

ECHO = BUILT / "tests/bench/bench-compositor-echo"
RIVALS = ["inos", "sway", "labwc", "phoc", "cage"]
ALL_FULL = ["cage"]  # whose windows all fill the screen: none of the others would be seen
BUSY = 20  # windows
MOVES = 8000  # to which nobody answers
BUSY_LEAST = 2000  # µs that they cost in 0.3 s at the least
NOISE = 1.1  # by which the best of the rivals is missed by itself, from run to run


def quantiles(values):
    """The middle and the 99th of 100."""
    return statistics.median(values), sorted(values)[min(len(values) - 1, len(values) * 99 // 100)]


class NotBusy(Exception):
    """The others do not draw: the compositor thinks that they cannot be seen."""


def measure(running, *arguments, busy=False):
    """µs: (middle, 99 %) to the window, the same to the frame, processor time for one."""
    client = running.client(*arguments, program=ECHO)
    before = running.cpu()
    if busy:
        time.sleep(0.3)
        if running.cpu() - before < BUSY_LEAST:
            client.stop()
            raise NotBusy
        before = running.cpu()
    said = client.go_on()
    spent = running.cpu() - before
    client.end()
    heard, shown = zip(*(map(float, line.split()) for line in said))
    return quantiles(heard), quantiles(shown), spent / len(said)


def sample(name, quick):
    n = 40 if quick else 200
    running = Running(name)
    figures = {}
    try:
        for device in ("keyboard", "pointer"):
            (middle, worst), (frame, _), cost = measure(running, device, n, "f")
            figures[f"{device} to window, p50"] = middle
            figures[f"{device} to window, p99"] = worst
            figures[f"{device} to its frame, p50"] = frame
            figures[f"{device} and its frame, processor time"] = cost
        figures["a motion, processor time"] = min(running.spent("moves", MOVES, "f", program=ECHO)[0] / MOVES
                                                  for _ in range(5))
        if name in ALL_FULL:
            return figures
        busy = running.client("frames", 1000, BUSY)
        busy.begin()
        try:
            (middle, worst), (frame, late), _ = measure(running, "pointer", n, busy=True)
        except NotBusy:
            return figures
        finally:
            busy.stop()
        figures["pointer to window, busy, p50"] = middle
        figures["pointer to window, busy, p99"] = worst
        figures["pointer to its frame, busy, p50"] = frame
        figures["pointer to its frame, busy, p99"] = late
    finally:
        running.end()
    return figures


def run(quick=False):
    best, _ = least_of_rounds(RIVALS, sample, 2 if quick else 5, quick)
    rows = []
    for figure, ours in best["inos"].items():
        rivals = {name: figures[figure] for name, figures in best.items() if name != "inos" and figure in figures}
        goal = NOISE * min(rivals.values()) if rivals else None
        rows.append({"name": figure, "unit": "µs", "ours": ours, "rivals": rivals, "goal": goal,
                     "ok": goal is None or ours <= goal,
                     "note": f"{ours / min(rivals.values()):.2f} of the best" if rivals else ""})
    return rows

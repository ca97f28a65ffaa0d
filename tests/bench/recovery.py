"""What it takes to be whole again: the compositor, when the renderer is lost and when an output comes back, the middle of 20; and
the desktop, when a part of it is killed."""

import os
import pathlib
import signal
import statistics
import subprocess
import time

from gi.repository import GLib

from session import Session, processes_with, wait_for

HEALED = 2000  # ms
PROGRAM = pathlib.Path(__file__).parents[2] / "build/release/tests/bench/bench-compositor-recovery"


def row(name, unit, values, goal):
    value = statistics.median(values)
    return {"name": name, "unit": unit, "ours": value, "rivals": {}, "goal": goal, "ok": value <= goal,
            "note": f"{max(values):.4g} at most of {len(values)}"}


def reading(session):
    """The web process of the desktop: who has the node's memory mapped."""
    for pid, comm in processes_with(f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"):
        if comm == "WebKitWebProces" and "memfd:inos-arena" in pathlib.Path(f"/proc/{pid}/maps").read_text():
            return pid
    return 0


def process_of(session, part):
    return reading(session) if part == "web process" else session.component(part)[1]


def is_whole(session, part, killed):
    """Another one has its place, and the panel is drawn with the node's figures."""
    return (process_of(session, part) not in (0, killed) and session.has_name("org.inos.Shell1") and
            session.get("org.inos.Node1", "Connected") and session.get("org.inos.Shell1", "PanelFigures")[2] and
            reading(session))


def heal(part):
    """ms from the kill."""
    with Session() as session:
        wait_for("the desktop is not there", lambda: is_whole(session, part, 0), 60)
        pid = process_of(session, part)
        os.kill(pid, signal.SIGKILL)
        killed = time.monotonic()

        def whole():
            try:
                return is_whole(session, part, pid)
            except (OSError, GLib.Error):  # nobody has the name, or the process ended while it was looked at
                return False

        wait_for(f"{part} killed: the desktop is not whole", whole, 60)
        return (time.monotonic() - killed) * 1000


def run(quick=False):
    lines = [line.split() for line in subprocess.run([PROGRAM], check=True, capture_output=True,
                                                     text=True).stdout.splitlines()]
    lost = [float(line[1]) for line in lines if line[:1] == ["lost"]]
    back = [(float(line[1]), int(line[2])) for line in lines if line[:1] == ["back"]]
    return [row("renderer lost to the next frame, 20 windows", "ms", lost, 100),
            row("an output comes back to its frame with all 20 windows", "frames", [frames for _, frames in back], 1),
            row("the same", "ms", [ms for ms, _ in back], 100),
            *(row(f"{part} killed, to the panel with live figures", "ms", [heal(part) for _ in range(2 if quick else 5)], HEALED)
              for part in ("shell", "web process", "bridge", "node"))]

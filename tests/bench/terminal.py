"""Terminal beside foot and VTE (which GNOME's terminals are made of): what it costs to print a lot, and to be there.

Each has a window of the same desktop with a scrollback of 10,000 lines, in which `cat` prints a file: 100 MB of plain lines, of
coloured ones, or 10 MB that go all over the screen, of which nothing may be left out. Processor time is that of all the
terminal's own processes: of ours that is the window's program, its web processes, and the node, which has the PTY.
"""

import os
import pathlib
import sys
import time

from gi.repository import GLib
from session import Session, processes_with, pss, wait_for

HERE = pathlib.Path(__file__).parent
TICK = os.sysconf("SC_CLK_TCK")
APP, PATH = "org.inos.Terminal", "/org/inos/Terminal"


def plain(n):
    return b"".join(b"%08d The quick brown fox jumps over the lazy dog; %s\n" % (i, b"x" * (i % 50)) for i in range(n))


def coloured(n):
    return b"".join(b"\x1b[32m%08d\x1b[0m The \x1b[1;34mquick\x1b[0m brown fox; %s\x1b[K\n" % (i, b"x" * (i % 50))
                    for i in range(n))


def all_over(n):
    return b"".join(b"\x1b[%d;%dH\x1b[3%dm%s" % (i % 24 + 1, i * 7 % 60 + 1, i % 8, b"x" * 20) for i in range(n))


TEXTS = {"100 MB of lines": (plain, 1_240_000, 100), "100 MB of coloured lines": (coloured, 1_180_000, 100),
         "10 MB all over the screen": (all_over, 290_000, 10)}


def spent(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def spent_by(pids):
    """Seconds; of those that are still there."""
    return sum(spent(pid) for pid in pids if pathlib.Path(f"/proc/{pid}/stat").exists())


class Window:
    """A terminal in the session, and its processes."""

    def __init__(self, session, open_it, others=()):
        self.session = session
        marker = f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"
        before = {pid for pid, _ in processes_with(marker)}
        count = len(session.windows())
        open_it()
        wait_for("no window", lambda: len(session.windows()) > count, 30)
        time.sleep(4)
        self.own = [pid for pid, name in processes_with(marker) if pid not in before and name not in ("bash", "sh")]
        self.pids = [*self.own, *others]

    def print(self, file):
        """Seconds of processor time until the last line has been taken, and drawn."""
        done = pathlib.Path(self.session.environment["HOME"]) / "done"
        done.unlink(missing_ok=True)
        before = spent_by(self.pids)
        self.session.run("wtype", f"cat {file}; touch {done}\n", timeout=60)
        wait_for("it is not printed", done.exists, 300)
        while True:  # what is drawn later is part of it
            now = spent_by(self.pids)
            time.sleep(1)
            if spent_by(self.pids) - now < 0.05:
                break
        self.session.run("wtype", "reset\n")
        time.sleep(1)
        return now - before

    def memory(self):
        """MB that are its own."""
        return sum(pss(pid) for pid in self.own) / 1024

    def close(self):
        self.session.run("wtype", "exit\n")
        time.sleep(1)


def ours(session):
    return Window(session, lambda: session.call(APP, PATH, "org.freedesktop.Application", "Activate",
                                                GLib.Variant("(a{sv})", ({},)), timeout=20000),
                  [session.component("node")[1]])


def foot(session):
    return Window(session, lambda: session.start("foot", "-o", "scrollback.lines=10000"))


def vte(session):
    return Window(session, lambda: session.start(sys.executable, str(HERE / "vte_window.py")))


def run(quick=False):
    figures = {}
    with Session() as session:
        home = pathlib.Path(session.environment["HOME"])
        wait_for("no panel", lambda: session.get("org.inos.Shell1", "PanelFigures")[2], 20)
        for open_one in (ours, foot, vte):
            window = open_one(session)
            mine = figures.setdefault(open_one.__name__, {"resident, one window": window.memory()})
            for what, (text, n, _) in TEXTS.items():
                (home / "text").write_bytes(text(n // 10 if quick else n))
                mine[what] = min(window.print("~/text") for _ in range(1 if quick else 2))
            window.close()
    rows = []
    for what, value in figures["ours"].items():
        rivals = {"foot": figures["foot"][what], "VTE": figures["vte"][what]}
        goal = rivals["VTE"] if what in TEXTS else None
        rows.append({"name": what, "unit": "s" if what in TEXTS else "MB", "ours": value, "rivals": rivals, "goal": goal,
                     "ok": goal is None or value <= goal})
    return rows

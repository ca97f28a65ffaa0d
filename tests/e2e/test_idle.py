"""An idle desktop: what wakes when nothing moves."""

import os
import pathlib
import re
import signal
import time

from session import processes_with, wait_for


def wakeups(pid):
    """Voluntary context switches of all threads of a process so far."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", (task / "status").read_text(), re.M)[1])
    return total


def test_compositor_sleeps_when_the_panel_does(session):
    wait_for("no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    run = f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"
    drawers = [pid for pid, name in processes_with(run) if name in ("inos-shell", "WebKitWebProces")]
    assert len(drawers) == 2
    compositor = session.component("compositor")[1]
    try:
        for pid in drawers:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(1)
        before = wakeups(compositor)
        time.sleep(5)
        assert wakeups(compositor) - before == 0
    finally:
        for pid in drawers:
            os.kill(pid, signal.SIGCONT)


def test_supervisor_and_node_keep_their_budget(session):
    supervisor, node = session.process.pid, session.component("node")[1]
    woke = []
    # GLib's pool thread ends once, 15 s after the last D-Bus connection was made: so three looks.
    for _ in range(3):
        before = wakeups(supervisor), wakeups(node)
        time.sleep(5)
        after = wakeups(supervisor), wakeups(node)
        woke.append(after[0] - before[0])
        # One a second, give or take the moment we look; a D-Bus call of ours may add one.
        assert after[1] - before[1] <= 7, "inos-node woke more than once a second"
        if woke[-1] == 0:
            return
    raise AssertionError(f"inos-session woke {woke} times in 5 s each")

"""An idle desktop: what wakes when nothing moves."""

import contextlib
import os
import pathlib
import re
import signal
import time

from clients import end
from session import processes_with, wait_for


def wakeups(pid):
    """Voluntary context switches of all threads of a process so far."""
    return sum(wakeups_of_threads(pid).values())


def wakeups_of_threads(pid):
    return {task.name: int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", (task / "status").read_text(), re.M)[1])
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir()}


def woke_within(pid, seconds):
    """How often; a thread that ends meanwhile woke for that."""
    before = wakeups_of_threads(pid)
    time.sleep(seconds)
    after = wakeups_of_threads(pid)
    return (sum(count - before.get(thread, 0) for thread, count in after.items())
            + len(before.keys() - after.keys()))


def sleeps(pid, seconds):
    """Wakes not once for so long, after it has done what it had to do; where it still had, for longer."""
    woke = []
    while len(woke) < 3:
        time.sleep(1 + len(woke))
        woke.append(woke_within(pid, seconds * (1 + len(woke))))
        if not woke[-1]:
            return
    raise AssertionError(f"it woke {woke} times in {seconds} s, twice and three times that")


@contextlib.contextmanager
def still_shell(session):
    """Nobody draws a panel meanwhile."""
    wait_for("no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    run = f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"
    drawers = [pid for pid, name in processes_with(run) if name in ("inos-shell", "WebKitWebProces")]
    assert len(drawers) == 2
    try:
        for pid in drawers:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in drawers:
            os.kill(pid, signal.SIGCONT)


def test_compositor_sleeps_when_the_panel_does(session):
    compositor = session.component("compositor")[1]
    with still_shell(session):
        sleeps(compositor, 5)


def test_compositor_sleeps_when_windows_were_closed(session):
    """Nothing of them goes on: no timer, no animation, nothing to be written later."""
    compositor = session.component("compositor")[1]
    before = len(session.windows())
    windows = [session.start("weston-simple-shm") for _ in range(12)]
    wait_for("not all windows", lambda: len(session.windows()) == before + 12, 20)
    with still_shell(session):
        for process in windows:
            end(process)
        # GLib's threads would end after 15 s.
        sleeps(compositor, 16)
    assert len(session.windows()) == before


def test_supervisor_and_node_keep_their_budget(session):
    supervisor, node = session.process.pid, session.component("node")[1]
    woke = []
    # GLib's pool thread ends once, 15 s after the last D-Bus connection was made, and what came with the
    # start is still settled: so three looks.
    for _ in range(5):
        before = wakeups(supervisor), wakeups(node)
        time.sleep(5)
        woke.append((wakeups(supervisor) - before[0], wakeups(node) - before[1]))
        # The node: the timer once a second, and again where its worker's answer comes after it has gone back to
        # sleep, which is a matter of which processor is free; two every ten seconds for what it says of itself in
        # the mesh; a D-Bus call of ours may add one.
        if woke[-1][0] == 0 and woke[-1][1] <= 12:
            return
    raise AssertionError(f"inos-session and inos-node woke {woke} times in 5 s each")

"""The node's figures in the panel, read in the arena, whatever dies."""

import os
import signal
import time

import pytest
from gi.repository import Gio, GLib
from session import processes_with, wait_for

pytestmark = pytest.mark.sanitized


def connected(session):
    return session.get("org.inos.Shell1", "PanelFigures")[2]


def web_process(session):
    """The one that has the panel, hence the arena."""
    run = f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"
    pids = [pid for pid, name in processes_with(run) if name == "WebKitWebProces"]
    return [pid for pid in pids if "inos-arena" in maps_of(pid)]


def maps_of(pid):
    """Nothing of a process that has gone."""
    try:
        with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def test_panel_reads_the_arena(session):
    wait_for("the panel has no figures", lambda: connected(session))
    reading = web_process(session)
    assert len(reading) == 1
    for line in maps_of(reading[0]).splitlines():
        if "inos-arena" in line:
            assert line.split()[1].endswith("p"), f"what a page writes would reach the node: {line}"
    node = session.component("node")[1]
    assert any("inos-arena" in line and line.split()[1] == "rw-s" for line in maps_of(node).splitlines())


def test_nobody_asks_the_bus_for_figures(session):
    # The arena is in their place: without a subscriber the bridge hears of the machine every five seconds.
    seen = []
    watch = session.bus.signal_subscribe(
        None, "org.freedesktop.DBus.Properties", "PropertiesChanged", "/org/inos/Node1", None,
        Gio.DBusSignalFlags.NONE, lambda *arguments: seen.append(arguments))
    context = GLib.MainContext.default()
    for _ in range(5):  # the start's own changes may still come
        del seen[:]
        end = time.monotonic() + 4
        while time.monotonic() < end:
            context.iteration(False)
            time.sleep(0.01)
        if len(seen) <= 2:
            break
    session.bus.signal_unsubscribe(watch)
    assert len(seen) <= 2, f"{len(seen)} changes in each four seconds"
    assert connected(session)


def test_only_the_shell_may_open_it(session):
    with pytest.raises(GLib.Error) as caught:
        session.call("org.inos.Node1", "/org/inos/Node1", "org.inos.Node1", "OpenArena")
    assert Gio.DBusError.get_remote_error(caught.value) == "org.inos.Error.AccessDenied"


@pytest.mark.parametrize("times", range(2))
def test_node_killed_in_the_middle(session, times):
    wait_for("the panel has no figures", lambda: connected(session))
    page = web_process(session)
    shell = session.component("shell")[1]
    time.sleep(0.13 * times)  # not always at the same moment of its second
    pid = session.kill("node")
    # Nobody asks: the lease says so.
    wait_for("the panel does not know that the node is gone", lambda: not connected(session)
             or session.component("node")[1] not in (0, pid))
    wait_for("the node does not come back", lambda: session.component("node")[0] == "running"
             and session.component("node")[1] not in (0, pid))
    wait_for("the panel has no new arena", lambda: connected(session) and "inos-arena" in maps_of(page[0]), 10)
    assert session.component("shell")[1] == shell
    assert web_process(session) == page, "the page did not go on"


def test_page_killed_and_bridge_killed(session):
    (page,) = web_process(session)
    starts = [session.component(name)[2] for name in ("node", "shell")]
    os.kill(page, signal.SIGKILL)
    wait_for("no new page reads the arena", lambda: web_process(session) not in ([], [page]))
    wait_for("the panel has no figures", lambda: connected(session))
    # What the page has does not go through the bridge.
    pid = session.kill("bridge")
    reading = web_process(session)
    assert connected(session)
    wait_for("no new bridge", lambda: session.component("bridge")[1] not in (pid, 0)
             and session.has_name("org.inos.Node1"))
    assert web_process(session) == reading
    assert [session.component(name)[2] for name in ("node", "shell")] == starts


def test_a_page_that_stops_reading_stops_the_writing(session):
    """The node goes on, and so does the page afterwards."""
    (page,) = web_process(session)
    os.kill(page, signal.SIGSTOP)
    try:
        time.sleep(2)
        assert session.component("node")[0] == "running"
    finally:
        os.kill(page, signal.SIGCONT)
    wait_for("the panel has no figures", lambda: connected(session))
    assert web_process(session) == [page]

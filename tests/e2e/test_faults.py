"""Parts that are killed in the middle of their work."""

import os
import signal
import time

import pytest
from clients import colours
from gi.repository import GLib
from pictures import settled
from session import NAMES, PATIENCE, Session, processes_with, wait_for

pytestmark = pytest.mark.sanitized


def test_shell_dies_windows_stay(session):
    process, window = session.open_foot("sleep", "120", title="survivor")
    pid = session.kill("shell")
    wait_for("no new panel", lambda: session.component("shell")[:2] != ("running", pid)
             and session.component("shell")[0] == "running" and session.has_name("org.inos.Shell1"))
    reason = (session.folder / "state" / "inos" / "session.log").read_text()
    assert any("shell" in line and "signal 9" in line for line in reason.splitlines()), reason
    assert process.poll() is None
    assert [w["Id"] for w in session.windows()] == [window["Id"]]
    process.kill()


def test_shell_waits_for_a_compositor_that_is_slow():
    """As on a machine with much to do: it is asked for the shell's socket, and answers after a while."""
    with Session() as session:
        compositor = session.component("compositor")[1]
        shell = session.kill("shell")
        os.kill(compositor, signal.SIGSTOP)
        wait_for("it lives", lambda: shell not in [component[2] for component in session.get("org.inos.Session1", "Components")])
        time.sleep(5)
        os.kill(compositor, signal.SIGCONT)
        wait_for("no new shell", lambda: session.component("shell")[0] == "running", 20)
        assert session.component("shell")[2] == 1, session.errors()


def test_bridge_dies_node_goes_on(session):
    started = session.get("org.inos.Node1", "StartedAt")
    node = session.component("node")[1]
    pid = session.kill("bridge")
    wait_for("no new bridge", lambda: session.component("bridge")[1] not in (pid, 0)
             and session.has_name("org.inos.Node1"))
    wait_for("not connected again", lambda: session.get("org.inos.Node1", "Connected"))
    assert session.component("node")[1] == node
    assert session.get("org.inos.Node1", "StartedAt") == started
    wait_for("the panel has no figures again",
             lambda: session.get("org.inos.Shell1", "PanelFigures")[2])


def test_node_dies_and_is_told(session):
    peer = session.get("org.inos.Node1", "PeerId")
    started = session.get("org.inos.Node1", "StartedAt")
    seen = []

    def on_signal(connection, sender, path, interface, signal, parameters):
        changed = parameters.unpack()[1]
        if "Connected" in changed:
            seen.append(changed["Connected"])

    from gi.repository import Gio, GLib

    context = GLib.MainContext.default()
    watch = session.bus.signal_subscribe(
        None, "org.freedesktop.DBus.Properties", "PropertiesChanged", "/org/inos/Node1", None,
        Gio.DBusSignalFlags.NONE, on_signal)
    session.kill("node")

    def both():
        while context.iteration(False):
            pass
        return seen[-1:] == [True] and False in seen

    wait_for(f"Connected was {seen}", both)
    session.bus.signal_unsubscribe(watch)
    wait_for("the node's start is unknown",
             lambda: session.get("org.inos.Node1", "StartedAt") not in (0, started))
    assert session.get("org.inos.Node1", "PeerId") == peer
    assert session.component("shell")[0] == "running"


def test_three_deaths_are_said_on_screen():
    with Session() as session:
        for _ in range(3):
            pid = session.kill("bridge")
            wait_for("the bridge neither returns nor fails",
                     lambda: session.component("bridge")[0] == "failed"
                     or session.component("bridge")[1] not in (pid, 0))
        wait_for("the bridge did not give up", lambda: session.component("bridge")[0] == "failed")
        assert session.get("org.inos.Session1", "State") == "degraded"
        wait_for("nothing on screen says so", session.windows, 10)
        settled(session, "rescue", shows=lambda picture: colours(picture, (0, 0, *picture.size)) > 8)
        from gi.repository import GLib

        session.call("org.inos.Session1", "/org/inos/Session1", "org.inos.Session1", "Restart",
                     GLib.Variant("(s)", ("bridge",)))
        wait_for("it does not start again", lambda: session.component("bridge")[0] == "running")


def test_compositor_that_keeps_dying_ends_the_session():
    with Session() as session:
        foot, _ = session.open_foot("sleep", "120")
        session.inside("setsid sleep 1000")
        run = session.environment["XDG_RUNTIME_DIR"]
        pid = session.component("compositor")[1]
        # Three within 15 s are too many: as soon as there is one, it dies.
        for _ in range(3):
            os.kill(pid, signal.SIGKILL)
            wait_for("no other compositor, and no end",
                     lambda: session.process.poll() is not None or compositor_but(session, pid), 15)
            pid = compositor_but(session, pid)
        assert session.process.wait(15 * PATIENCE) not in (0, None)
        foot.wait(60)
        wait_for("nobody says who it was", lambda: "compositor" in session.errors())
        reason = (session.folder / "state" / "inos" / "session.log").read_text()
        assert "compositor" in reason
        wait_for(lambda: f"left over: {processes_with(run)}", lambda: not processes_with(f"XDG_RUNTIME_DIR={run}"))


def compositor_but(session, pid):
    """The compositor's process where it is another one; None where there is none, or no session."""
    try:
        found = session.component("compositor")[1]
    except GLib.Error:
        return None
    return found if found not in (0, pid) else None


def test_logout_leaves_nothing():
    with Session() as session:
        session.inside("foot sh -c 'setsid sleep 1000 & sleep 1000'")
        wait_for("no window", session.windows)
        run = session.environment["XDG_RUNTIME_DIR"]
        assert len(processes_with(f"XDG_RUNTIME_DIR={run}")) > 6
        session.run("inosctl", "logout")
        assert session.process.wait(15 * PATIENCE) == 0
        wait_for(lambda: f"left over: {processes_with(run)}", lambda: not processes_with(f"XDG_RUNTIME_DIR={run}"))


def test_all_names_after_all_that(session):
    for name in NAMES:
        assert session.has_name(name), name

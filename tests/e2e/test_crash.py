"""The compositor dies in a running session: what a person has after it, and who keeps out."""

import json

import pytest
from clients import colours, see
from session import Session, wait_for
from test_lock import is_lock_screen, locked, lockers, shown, type_text, unlock, WRONG
from test_lock import session as locking  # noqa: F401 - a fixture

pytestmark = pytest.mark.sanitized
PANEL, POPUP = (0, 0, 1280, 32), (900, 44, 1264, 120)


def crash(session):
    """The compositor dies as by a fault of its own; returns the new one's process."""
    pid = session.component("compositor")[1]
    session.fault(pid)

    def another():
        state, new, restarts = session.component("compositor")
        return restarts and state == "running" and new != pid and new

    new = wait_for("there is no new compositor", another, 60)
    wait_for("it is not on the bus", lambda: session.has_name("org.inos.Compositor1"), 30)
    return new


def up_again(session):
    wait_for("no new shell", lambda: session.component("shell")[0] == "running"
             and session.has_name("org.inos.Shell1"), 60)


def notices(session):
    # The shell that was there before may still be, and end while it is asked.
    said = session.run("inosctl", "notifications", "--json", check=False).stdout
    return [note["summary"] for note in json.loads(said)["notifications"]] if said else []


def rows(session):
    return session.inosctl("terminals")["terminals"]


def test_compositor_dies_and_the_desktop_is_there_again():
    with Session() as session:
        session.inside("foot --title lost sleep 1000")
        wait_for("no window", session.windows)
        number = session.run("inosctl", "terminals", "open", "sleep", "1000").stdout.strip()
        kept = {name: session.component(name)[1] for name in ("node", "bridge")}
        display = session.environment["WAYLAND_DISPLAY"]
        crash(session)
        up_again(session)
        # Who needs no window lives.
        assert {name: session.component(name)[1] for name in kept} == kept
        assert [str(row["id"]) for row in rows(session) if row["state"] != "ended"] == [number]
        wait_for("nobody says what happened", lambda: "The desktop was started again" in notices(session), 30)
        see(session, "crash", "there is no panel, or nobody says it on the screen",
            lambda picture: colours(picture, PANEL) > 20 and colours(picture, POPUP) > 20, 20)
        assert session.component("shell")[2] == 1, "the shell was started more than once"
        # Programs find the display where those before found it.
        assert (session.folder / "run" / display).exists()
        session.open_foot("sleep", "1000", title="after")
        assert session.get("org.inos.Session1", "State") == "running"
        assert session.end() == 0


def test_terminal_returns_to_its_terminals():
    with Session() as session:
        session.run("inosctl", "launch", "org.inos.Terminal")
        wait_for("nobody looks on", lambda: [row for row in rows(session) if row["attached"]], 30)
        wait_for("it is not written down", lambda: any(
            '"terminals":[[1,' in path.read_text() for path in (session.folder / "run" / "inos").glob("terminal-windows/*")))
        wait_for("its window is not", lambda: any("org.inos.Terminal" in path.read_text() for path in
                                                  (session.folder / "run" / "inos").glob("windows-*.ini")), 10)
        before = {row["id"] for row in rows(session)}
        crash(session)
        up_again(session)
        wait_for(lambda: f"{rows(session)} is not what it was, {before}", lambda: before == {
            row["id"] for row in rows(session) if row["attached"]} and len(rows(session)) == len(before), 40)
        assert session.end() == 0


def test_compositor_that_dies_locked_comes_back_locked(locking):
    session = locking
    session.run("inosctl", "lock")
    wait_for("it does not lock", lambda: shown(session), 20)
    compositor = crash(session)
    assert locked(session)
    see(session, "crash-locked", "the lock screen is not drawn", is_lock_screen, 20)
    wait_for("no lock screen of its own", lambda: lockers(session), 20)
    type_text(session, WRONG)
    up_again(session)
    assert locked(session), "it let in whom it should not"
    assert session.component("compositor")[1] == compositor
    unlock(session)
    see(session, "crash-unlocked", "there is no panel", lambda picture: colours(picture, PANEL) > 20, 20)
    # And one that dies after that does not ask again.
    crash(session)
    assert not locked(session)

"""swaylock and swayidle: what they lock stays locked, and what waits for idleness gets its turn."""

import os
import signal
import time

import pytest
from clients import colours, program, see, share, window
from gi.repository import GLib
from pointer import Pointer
from session import wait_for

pytestmark = pytest.mark.sanitized

RED, GREEN = (255, 0, 0), (0, 255, 0)
WHOLE = (0, 0, 1280, 800)
# Without the ring that shows how the password is taken.
CORNERS = ((0, 0, 400, 300), (900, 500, 1280, 800))


def locked(session):
    return session.get("org.inos.Compositor1", "Locked")


def lock(session, colour):
    return program(session, "swaylock", "--config=/dev/null", "--ignore-empty-password", "-c", colour)


def shows(picture, colour):
    return all(share(picture, box, colour) > 0.999 for box in CORNERS)


def test_swaylock_hides_all_and_keeps_what_it_locked(session, tmp_path):
    typed = tmp_path / "typed"
    # The compositor would start one of its own when this one dies.
    session.configure("[lock]\ncommand =\n")
    session.open_foot("sh", "-c", f"cat > {typed}", title="secret")
    with lock(session, "ff0000") as locker:
        wait_for(lambda: f"it does not lock: {locker.said()}", lambda: locked(session))
        see(session, "client-swaylock", "the session shows", lambda p: shows(p, RED))
        # Another cannot lock what is locked.
        with lock(session, "00ff00") as second:
            assert second.wait(60) != 0
        # What is typed is the locker's: the ring shows it, the terminal does not get it.
        before = session.screenshot("client-swaylock")
        session.run("wtype", "wrong password")
        see(session, "client-swaylock-typed", "it shows no typing",
            lambda p: p.tobytes() != before.tobytes())
        session.run("wtype", "-k", "Return")
        wait_for("the terminal is there", lambda: typed.exists())
        # Key bindings do nothing, nor does the pointer find anything.
        session.run("wtype", "-M", "logo", "2", "-m", "logo")
        with Pointer(session) as pointer:
            pointer.click(640, 400)
        assert session.get("org.inos.Compositor1", "ActiveWorkspace") == 0
        # A monitor that is plugged in now is locked too.
        path = session.call("org.inos.Compositor1", "/org/inos/Compositor1",
                            "org.inos.Compositor1", "AddVirtualOutput", GLib.Variant("(ii)", (640, 480)))[0]
        see(session, "client-swaylock-two", "the new monitor is not locked",
            lambda p: p.width == 1920 and shows(p, RED)
            and share(p, (1290, 10, 1500, 100), RED) > 0.999)
        session.call("org.inos.Compositor1", "/org/inos/Compositor1", "org.inos.Compositor1",
                     "RemoveVirtualOutput", GLib.Variant("(o)", (path,)))
        assert locker.poll() is None and locked(session), "a wrong password opens"
        os.kill(locker.pid, signal.SIGKILL)
        locker.wait()
    # Its death unlocks nothing; nothing of the session is seen.
    picture = see(session, "client-swaylock-dead", "its picture stays",
                  lambda p: not any(share(p, box, RED) for box in CORNERS))
    assert colours(picture, WHOLE) == 1, "something shows through"
    assert locked(session)
    session.logged("compositor", "swaylock (process")
    session.run("wtype", "nobody listens")
    # Another takes over, and unlocks when it is told to.
    with lock(session, "00ff00") as locker:
        see(session, "client-swaylock-again", lambda: f"no other may: {locker.said()}",
            lambda p: shows(p, GREEN))
        os.kill(locker.pid, signal.SIGUSR1)
        assert locker.wait(60) == 0
    wait_for("it stays locked", lambda: not locked(session))
    see(session, "client-swaylock-open", "the session stays away",
        lambda p: colours(p, (0, 0, 1280, 32)) > 10)
    # The window has its keyboard again, and of the passwords nothing.
    wait_for("the window has no focus", lambda: session.windows()[0]["Focused"])
    session.run("wtype", "free")
    session.run("wtype", "-k", "Return")
    wait_for("nothing arrives", lambda: typed.read_text())
    assert typed.read_text() == "free\n"
    session.run("inosctl", "close", str(session.windows()[0]["Id"]))
    wait_for("the window stays", lambda: not session.windows())


def test_swayidle_runs_its_commands(session, tmp_path):
    idle, back = tmp_path / "idle", tmp_path / "back"
    with program(session, "swayidle", "-w", "-C", "/dev/null", "timeout", "1", f"touch {idle}",
                 "resume", f"touch {back}") as process:
        wait_for(lambda: f"nobody is idle: {process.said()}", idle.exists, 10)
        assert not back.exists()
        with Pointer(session) as pointer:
            pointer.move(300, 300)
        wait_for("nobody came back", back.exists)
        # And again.
        idle.unlink()
        wait_for("idle only once", idle.exists, 10)


def test_film_holds_swayidle_back(session, tmp_path):
    idle = tmp_path / "idle"
    with program(session, "mpv", "--no-config", "--vo=wlshm", "--title=film",
                 "av://lavfi:testsrc=size=64x64:rate=5"):
        wait_for("no film", lambda: session.get("org.inos.Compositor1", "IdleInhibited"), 10)
        with program(session, "swayidle", "-w", "-C", "/dev/null", "timeout", "1",
                     f"touch {idle}") as process:
            time.sleep(2.5)
            assert not idle.exists(), "the film went dark"
            film = session.windows()[0]
            session.on_window(film["Id"], "SetMinimized", True)
            wait_for("a film that nobody sees keeps awake", idle.exists, 10)
            assert process.poll() is None
            assert window(session, film["Id"])["Minimized"]

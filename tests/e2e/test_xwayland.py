"""X11 programs: a window like any other, the clipboard both ways, and an X server that dies."""

import os
import pathlib
import signal
import socket

import pytest

from pointer import Pointer
from session import Session, wait_for


def covered(session):
    picture = session.screenshot("x11-locked")
    return {picture.getpixel((x, y)) for x in (20, 300, 1000) for y in (20, 300, 780)} == {(0x20, 0x30, 0x40)}


def locker(session):
    """The process id of swaylock, whose own child that knows the password is not it."""
    found = processes(session, "swaylock")
    return next(pid for pid in found if pathlib.Path(f"/proc/{pid}/stat").read_text().split()[3] not in
                map(str, found))


def x_server(session):
    """The process id of the session's X server, or None."""
    return next(iter(processes(session, "Xwayland")), None)


def processes(session, name):
    """The ids of the session's processes of that name."""
    runtime = session.environment["XDG_RUNTIME_DIR"].encode()
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if ((entry / "comm").read_text().strip() == name
                    and runtime in (entry / "environ").read_bytes()):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def open_xterm(session, title):
    process = session.start("xterm", "-T", title, "-e", "sleep", "60")
    window = wait_for(
        f"{title} has no window; {session.log('compositor')[-2000:]}",
        lambda: [w for w in session.windows() if w["Title"] == title], 10)[0]
    return process, window


def test_x11_behind_the_lock_screen(tmp_path):
    typed = tmp_path / "typed"
    with Session() as session:
        session.configure("[lock]\ncommand = swaylock --config=/dev/null --ignore-empty-password -c 203040\n")
        xterm = session.start("xterm", "-T", "victim", "-e", "sh", "-c", f"cat >{typed}")
        wait_for("it has no window", lambda: session.windows() and typed.exists(), 10)

        def arrives(text):
            # X11 programs may read the first keys of a keyboard that has just come by the old keymap.
            session.run("wtype", text + "\n")
            return text in typed.read_text()

        wait_for("what is typed does not arrive", lambda: arrives("open"), 20)
        before = typed.read_text()
        session.run("inosctl", "lock", "--wait")
        wait_for("the lock screen is not drawn", lambda: covered(session))
        for _ in range(3):
            session.run("wtype", "secret\n")
        # Nor is a window seen or pointed at that asks nobody where it may be.
        menu = session.start("xterm", "-xrm", "XTerm*overrideRedirect: true", "-bg", "red",
                             "-geometry", "80x40+13+17", "-e", "sleep", "60")
        wait_for("the second window does not come",
                 lambda: "+13+17" in session.run("xwininfo", "-root", "-tree").stdout, 10)
        with Pointer(session) as pointer:
            pointer.click(100, 100)
        session.run("xdotool", "search", "--name", "victim", "windowactivate", check=False)
        for _ in range(3):
            session.run("wtype", "secret\n")
            assert covered(session), "an X11 window is seen"
        assert typed.read_text() == before
        menu.kill()
        menu.wait()
        os.kill(locker(session), signal.SIGUSR1)
        wait_for("it stays locked", lambda: not session.inosctl("idle")["locked"])
        wait_for("the keyboard does not come back", lambda: arrives("free"), 20)
        assert "secret" not in typed.read_text()
        xterm.kill()
        xterm.wait()


def test_x11_programs():
    with Session() as session:
        assert session.environment["DISPLAY"].startswith(":")
        assert x_server(session) is None, "it starts with the first program"
        process, window = open_xterm(session, "from X11")
        assert window["AppId"] == "XTerm"
        assert window["Pid"] == process.pid
        assert window["Focused"]
        session.screenshot("xterm")

        # It stays to serve what it copied, and would hold our end of a pipe.
        session.start("wl-copy", "from Wayland")
        wait_for("X11 does not get the clipboard", lambda: session.run(
            "xclip", "-o", "-selection", "clipboard", check=False).stdout == "from Wayland")
        session.run("sh", "-c", "printf 'from X11' | xclip -selection clipboard >/dev/null 2>&1")
        wait_for("Wayland does not get the clipboard", lambda: session.run(
            "wl-paste", "--no-newline", check=False).stdout == "from X11")

        # What a program asks of its window.
        number = session.run("xdotool", "search", "--name", "from X11").stdout.split()[0]
        session.run("xdotool", "windowsize", number, "400", "300")
        wait_for("it has not the size it asked for", lambda: [
            w for w in session.windows() if w["Title"] == "from X11" and w["Geometry"][2] == 400])
        session.run("xdotool", "set_window", "--name", "another name", number)
        wait_for("the title stays", lambda: [
            w for w in session.windows() if w["Title"] == "another name"])

        # The X server dies: its windows go, all else stays, and it starts again by itself.
        foot, _ = session.open_foot("sleep", "60", title="from Wayland")
        os.kill(x_server(session), signal.SIGKILL)
        wait_for("the X11 window stays",
                 lambda: [w["Title"] for w in session.windows()] == ["from Wayland"])
        process.wait(60)
        open_xterm(session, "again")
        assert foot.poll() is None
        assert len(session.windows()) == 2


def test_x_server_ends_when_nobody_uses_it_and_starts_again():
    with Session() as session:
        for title in ("one", "two"):
            process, _ = open_xterm(session, title)
            process.kill()
            process.wait(60)
            wait_for("the X server stays for us alone", lambda: x_server(session) is None, 20)
            # What tools ask for is heard by the next one too.
            process, _ = open_xterm(session, title + " again")
            session.run("wmctrl", "-c", title + " again")
            wait_for("it does not close", lambda: not session.windows())
            process.wait(60)


def test_x_server_that_is_killed_comes_back_and_takes_nothing_along():
    with Session() as session:
        compositor = session.component("compositor")
        session.open_foot("sleep", "60", title="beside")
        for i in range(8):
            process, _ = open_xterm(session, f"number {i}")
            os.kill(x_server(session), signal.SIGKILL)
            process.wait(60)
            wait_for("the X11 window stays",
                     lambda: [w["Title"] for w in session.windows()] == ["beside"])
            # Who asks for an output is told what is on it.
            session.screenshot("x-server-killed")
        assert session.component("compositor") == compositor, session.log("compositor")[-3000:]
        wait_for("the log does not say so each time",
                 lambda: session.log("compositor").count("the X server ended, with 1 windows and menus") == 8)


def start_until(session, what, condition):
    """Starts an X11 program again and again, as a person would whose program does not come up."""
    processes = []

    def look():
        if not processes or processes[-1].poll() is not None:
            processes.append(session.start("xterm", "-T", "at last", "-e", "sleep", "60"))
        return condition()

    try:
        return wait_for(what, look, 15)
    finally:
        for process in processes:
            process.kill()
            process.wait(60)


def take_display(number):
    """Has an X display, as another X server would, until it is closed."""
    taken = socket.socket(socket.AF_UNIX)
    try:
        taken.bind(f"\0/tmp/.X11-unix/X{number}")
    except OSError:
        taken.close()
        raise
    return taken


def take_first_display():
    """Has the first display that is free."""
    for number in range(32):
        try:
            return take_display(number)
        except OSError:
            continue
    raise AssertionError("no display is free")


def test_x_server_that_does_not_come_up_can_be_started_again(tmp_path):
    server, broken = tmp_path / "Xwayland", tmp_path / "broken"
    server.write_text(f"#!/bin/sh\n[ ! -e {broken} ] || exit 1\nexec Xwayland \"$@\"\n")
    server.chmod(0o755)
    broken.touch()
    with take_first_display() as another, Session(environment={"WLR_XWAYLAND": str(server)}) as session:
        for i in range(2):
            start_until(session, "nothing is said of it", lambda: session.log("compositor").count(
                "before it was ready") > i)
        assert not session.windows()
        # What programs were told stays theirs, whoever takes and leaves displays meanwhile.
        another.close()
        with pytest.raises(OSError):
            take_display(session.environment["DISPLAY"].removeprefix(":"))
        broken.unlink()
        start_until(session, "there is no window", lambda: [
            w for w in session.windows() if w["Title"] == "at last"])

"""X11 programs: a window like any other, the clipboard both ways, and an X server that dies."""

import os
import pathlib
import signal
import time

from session import Session, wait_for


def x_server(session):
    """The process id of the session's X server, or None."""
    runtime = session.environment["XDG_RUNTIME_DIR"].encode()
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if ((entry / "comm").read_text().strip() == "Xwayland"
                    and runtime in (entry / "environ").read_bytes()):
                return int(entry.name)
        except OSError:
            continue
    return None


def open_xterm(session, title):
    process = session.start("xterm", "-T", title, "-e", "sleep", "60")
    window = wait_for(
        f"{title} has no window; {session.log('compositor')[-2000:]}",
        lambda: [w for w in session.windows() if w["Title"] == title], 10)[0]
    return process, window


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
        # One that ends within five seconds counts as broken and stays away.
        time.sleep(5.5)
        os.kill(x_server(session), signal.SIGKILL)
        wait_for("the X11 window stays",
                 lambda: [w["Title"] for w in session.windows()] == ["from Wayland"])
        process.wait(5)
        open_xterm(session, "again")
        assert foot.poll() is None
        assert len(session.windows()) == 2

"""Terminal, used as a person does: by the launcher and the keyboard; what came of it is looked for on the disk and at
the node, and kept as pictures."""

import os
import pathlib
import signal

import pytest
from gi.repository import GLib
from apps import launch, press, web_processes
from session import NAMES, soon, wait_for

APP, PATH = "org.inos.Terminal", "/org/inos/Terminal"


def terminals(session):
    """Those that have not ended, by number."""
    rows = session.call("org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Terminals", "List")[0]
    return {row[0]: row for row in rows if row[7] != "ended"}


def type_line(session, text):
    session.run("wtype", text + "\n")


def home(session, name):
    return pathlib.Path(session.environment["HOME"]) / name


def works(session, name, *keys):
    """A shell does what is typed, after those keys. Again where it was not there yet to hear it."""
    for _ in range(6):
        if keys:
            press(session, *keys)
        type_line(session, f"touch ~/{name}")
        if soon(home(session, name).exists, 5):
            return
    raise AssertionError(f"what is typed does nothing: {session.log('shell')[-2000:]}")


def go_to(session, number, *chords):
    """Presses those until what is typed is typed into that terminal, whose shell says so."""
    where = home(session, "where")
    for _ in range(8):
        where.unlink(missing_ok=True)
        for chord in chords:
            press(session, *chord)
        type_line(session, "echo $INOS_TERMINAL > ~/where")
        if soon(lambda: where.exists() and where.read_text() == f"{number}\n"):
            return
    raise AssertionError(f"{chords} do not lead to terminal {number}")


def ink(session, name):
    """How many colours the middle of the window has: text is there, or none."""
    image = session.screenshot(name).crop((200, 200, 900, 500))
    return len(set(image.getdata()))


@pytest.fixture(scope="module", autouse=True)
def terminal(session):
    """The launcher starts it, by its name."""
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    launch(session, APP, "terminal")
    wait_for("no terminal at the node", lambda: terminals(session), 15)
    wait_for("nobody looks on", lambda: all(row[6] for row in terminals(session).values()))


def test_typing_reaches_the_shell(session):
    works(session, "typed")
    wait_for("it is not idle", lambda: next(iter(terminals(session).values()))[7] == "idle")
    row = next(iter(terminals(session).values()))
    assert row[3] == session.environment["HOME"]
    type_line(session, "echo $TERM $WAYLAND_DISPLAY $NOTIFY_SOCKET. > ~/said; stty size >> ~/said")
    wait_for("nothing said", lambda: home(session, "said").exists() and home(session, "said").read_text().count("\n") == 2)
    environment, size = home(session, "said").read_text().splitlines()
    assert environment == f"xterm-256color {session.environment['WAYLAND_DISPLAY']} ."
    assert size == f"{row[5]} {row[4]}"


def test_tabs_and_splits(session):
    type_line(session, "clear; ls --color=always / /usr; printf '\\033[38;2;220;90;30mtrue colour\\033[0m\\n'")
    (first,) = terminals(session)
    press(session, "ctrl", "shift", "e")
    wait_for("no second terminal", lambda: len(terminals(session)) == 2)
    (split,) = set(terminals(session)) - {first}
    wait_for("halves are not narrow", lambda: all(row[4] < 60 for row in terminals(session).values()))
    works(session, "split")
    press(session, "ctrl", "shift", "t")
    wait_for("no third terminal", lambda: len(terminals(session)) == 3)
    works(session, "tab")
    go_to(session, first, ("alt", "1"), ("alt", "Left"))
    type_line(session, "exec sleep 1000")
    wait_for("the first does not sleep", lambda: terminals(session)[first][2] == "sleep")
    wait_for("it is not drawn", lambda: ink(session, "terminal-light") > 20)
    session.run("gsettings", "set", "org.gnome.desktop.interface", "color-scheme", "prefer-dark")
    wait_for("it stays light", lambda: max(session.screenshot("terminal-dark").getpixel((300, 560))) < 60)
    session.run("gsettings", "reset", "org.gnome.desktop.interface", "color-scheme")
    go_to(session, split, ("alt", "Right"))
    type_line(session, "exit")
    wait_for("a shell that ends stays", lambda: len(terminals(session)) == 2)


def test_a_dead_page_comes_back_with_its_terminals(session):
    before = set(terminals(session))
    killed = web_processes(session, APP)
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_for("no new web process", lambda: web_processes(session, APP) and not web_processes(session, APP) & killed, 10)
    wait_for("nobody looks on again", lambda: all(row[6] == 1 for row in terminals(session).values()), 10)
    assert set(terminals(session)) == before
    wait_for("what was there is not drawn", lambda: ink(session, "terminal-again") > 20)
    works(session, "again", "ctrl", "Next")


def test_terminals_outlive_shell_bridge_and_window(session):
    before = set(terminals(session))
    for name in ("shell", "bridge"):
        pid = session.kill(name)
        wait_for(f"no new {name}", lambda: session.component(name)[:2] != ("running", pid)
                 and session.component(name)[0] == "running" and all(session.has_name(n) for n in NAMES), 10)
    wait_for("not connected again", lambda: session.get("org.inos.Node1", "Connected"))
    assert set(terminals(session)) == before
    works(session, "still")
    app = [w for w in session.windows() if w["AppId"] == APP][0]
    os.kill(app["Pid"], signal.SIGKILL)
    wait_for("the window stays", lambda: not [w for w in session.windows() if w["AppId"] == APP])
    wait_for("somebody looks on", lambda: not any(row[6] for row in terminals(session).values()))
    assert set(terminals(session)) == before
    # The bus starts another, whose window has what the dead one had.
    session.call(APP, PATH, "org.freedesktop.Application", "Activate", GLib.Variant("(a{sv})", ({},)), timeout=20000)
    wait_for("it does not return to its terminals", lambda: all(row[6] for row in terminals(session).values()), 15)
    assert set(terminals(session)) == before
    # One that somebody else opened is to be had under Sessions.
    session.run("inosctl", "terminals", "open", "sleep", "1000")
    wait_for("it is not there", lambda: len(terminals(session)) == len(before) + 1)
    press(session, "ctrl", "shift", "a")
    wait_for("no list", lambda: ink(session, "terminal-sessions") > 20)

    def attached():
        """The list may not have it yet; Down leads to the first row."""
        session.run("wtype", "-s", "300", "-k", "Down", "-k", "Return", "-s", "300")
        return all(row[6] for row in terminals(session).values())

    wait_for("it is not attached", attached, 15)



def is_veiled(session):
    """A question lies over the terminal, whose white is dimmed."""
    return max(session.screenshot("terminal-question").getpixel((300, 560))) < 200


def sleepers(session):
    """How many terminals that are looked on have a sleep in their foreground."""
    return sum(row[6] > 0 and row[2] == "sleep" for row in terminals(session).values())


def test_a_running_program_is_asked_about(session):
    works(session, "asked", "ctrl", "Next")  # from the attached one, where sleep is all there is, to one with a shell
    asleep = sleepers(session)
    type_line(session, "sleep 1001")
    wait_for("no sleep", lambda: sleepers(session) == asleep + 1, 10)
    before = set(terminals(session))
    press(session, "ctrl", "shift", "w")
    wait_for("no question", lambda: is_veiled(session))
    assert set(terminals(session)) == before
    press(session, "Escape")
    wait_for("the question stays", lambda: not is_veiled(session))
    assert set(terminals(session)) == before
    press(session, "ctrl", "shift", "w")
    wait_for("no question again", lambda: is_veiled(session))
    press(session, "Tab")
    press(session, "Return")
    wait_for("it was not ended", lambda: len(terminals(session)) == len(before) - 1)

"""The on-screen keyboard: switched on, raised and lowered, typed on with a pointer; no key stays down."""

import os
import signal
import subprocess
import sys
import time

import pytest
from clients import program
from pictures import difference
from pointer import Pointer
from session import Session, processes_with, wait_for

SHELL, KEYBOARD = "org.inos.Shell1", "org.inos.Shell1.Keyboard"
# As keyboard.css has it on an output of 1280x800: rows of 15.5 letters on 1100 pixels.
TOP, LEFT, UNIT, GAP, ROW = 533, 98, 64.32, 6, 47
BOARD, BESIDE = (0, 524, 1280, 800), (10, 530, 80, 795)
ROWS = ["\x1b`1234567890-=", "\tqwertyuiop[]\\", "\0asdfghjkl;'", "\0zxcvbnm,./"]
# How wide the first key of each row is, in letters.
FIRST = [1, 1.5, 1.75, 2.25]

SETTINGS = """[keyboard]
layout=us,de

[idle]
dim=7200
blank=0
lock=0
suspend=0
"""


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keyboard")
    (folder / "inos").mkdir()
    (folder / "inos" / "compositor.ini").write_text(SETTINGS)
    with Session(environment={"XDG_CONFIG_HOME": str(folder)}) as session:
        yield session


@pytest.fixture(scope="module")
def hand(session):
    with Pointer(session) as pointer:
        yield pointer


def state(session):
    return session.inosctl("keyboard")


def setting(session):
    return session.run("gsettings", "get", "org.gnome.desktop.a11y.applications", "screen-keyboard-enabled").stdout


def at(row, column):
    """The middle of a key; column 0 is the first key of the row."""
    left = LEFT + (0 if column == 0 else FIRST[row] * (UNIT + GAP) + (column - 1) * (UNIT + GAP))
    width = (FIRST[row] if column == 0 else 1) * (UNIT + GAP) - GAP
    return left + width / 2, TOP + row * (ROW + GAP) + ROW / 2


def key(letter):
    return next(at(i, row.index(letter)) for i, row in enumerate(ROWS) if letter in row)


SHIFT, SPACE, ENTER, BACKSPACE, ALTGR, LAYOUT = at(3, 0), (560, 768), (1140, 662), (1140, 556), (754, 768), (842, 768)
HIDE, DIGIT_5 = (1140, 768), (500, 625)


def tap(hand, *places):
    for place in places:
        hand.click(*(key(place) if isinstance(place, str) else place))


def raised(session, name="keyboard-raised"):
    """Its page has drawn, and is shown."""
    wait_for("it is not raised", lambda: state(session)["visible"], 20)

    def drawn():
        picture = session.screenshot(name)
        # The wallpaper has dots, what is beside the keys has none.
        return len(set(picture.crop(BESIDE).getdata())) == 1 and len(set(picture.crop(BOARD).getdata())) > 20

    wait_for("it is not drawn", drawn, 20)


def reading(session, path):
    """A terminal that writes each line that is typed in it into a file."""
    return session.open_foot("--window-size-chars", "60x15", "sh", "-c", f"while read -r l; do echo \"$l\" >> {path}; done")


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def test_it_is_off_until_it_is_wanted(session):
    assert state(session) == {"on": False, "visible": False, "follows-text": False}
    refused = session.run("inosctl", "keyboard", "show", check=False)
    assert refused.returncode == 1 and "switched off" in refused.stderr, refused.stderr
    assert session.run("inosctl", "keyboard", "sing", check=False).returncode == 2


def test_a_terminal_raises_it_and_is_typed_into(session, hand, tmp_path):
    typed = tmp_path / "typed"
    session.run("inosctl", "keyboard", "on")
    wait_for("it has no word of texts", lambda: state(session)["follows-text"], 10)
    wait_for("the setting does not say so", lambda: setting(session) == "true\n", 10)
    process, window = reading(session, typed)
    raised(session)
    session.run("inosctl", "keyboard", "hide")
    session.on_window(window["Id"], "Move", window["Geometry"][0], 400)
    session.run("inosctl", "keyboard", "show")
    raised(session, "keyboard-light")

    def edges():
        x, y, width, height = session.windows()[0]["Geometry"]
        return y, y + height

    # It is seen above the keyboard, where it fits.
    wait_for(lambda: f"the window makes no room: {edges()}", lambda: edges()[1] <= BOARD[1], 10)
    # The letters, with Shift for one, and locked.
    tap(hand, "a", SHIFT, "b", "c", SHIFT, SHIFT, "d", "e", SHIFT, "1", SPACE, "x", BACKSPACE, "/", ENTER)
    wait_for(lambda: f"what was typed did not arrive: {lines(typed)}", lambda: lines(typed) == ["aBcDE1 /"], 10)
    # Hidden by its last key, and the window is where it was.
    hand.click(*HIDE)
    wait_for("it is not hidden", lambda: not state(session)["visible"], 10)
    wait_for(lambda: f"the window stays where it is: {edges()}", lambda: edges()[0] == 400, 10)
    process.kill()
    process.wait()


# A field of GTK's, and what is in it; from its third letter on it is one for a number.
FIELD = """
import sys, gi
gi.require_version("Gtk", "4.0")
from gi.repository import GLib, Gtk
Gtk.init()
loop = GLib.MainLoop()
entry = Gtk.Entry(input_purpose=getattr(Gtk.InputPurpose, sys.argv[1]))
def changed(entry):
    print(entry.get_text(), flush=True)
    if len(entry.get_text()) == 3: entry.set_input_purpose(Gtk.InputPurpose.DIGITS)
entry.connect("changed", changed)
window = Gtk.Window(child=entry, title="field")
window.present()
loop.run()
"""


def test_a_field_of_digits_has_a_number_pad(session, hand):
    process = subprocess.Popen([sys.executable, "-c", FIELD, "DIGITS"], env=session.environment, stdout=subprocess.PIPE, text=True)
    try:
        raised(session, "keyboard-digits")
        hand.click(*DIGIT_5)
        assert process.stdout.readline() == "5\n"
    finally:
        process.kill()
        process.wait(60)
    wait_for("it is not lowered", lambda: not state(session)["visible"], 10)


def test_a_key_that_vanishes_is_let_go(session, hand, tmp_path):
    """While a finger is on it the field wants digits, and the letters go."""
    typed = tmp_path / "typed"
    with open(typed, "wb") as file:
        process = subprocess.Popen([sys.executable, "-c", FIELD, "FREE_FORM"], env=session.environment, stdout=file)
    try:
        raised(session)
        hand.move(*key("/"))
        hand.button(True)
        wait_for("it does not repeat", lambda: len(lines(typed)) >= 3, 20)
        still(typed)
        hand.button(False)
        # It is the pad's turn; what was held is no more.
        seen = len(lines(typed))
        hand.click(*DIGIT_5)
        wait_for("the pad does not type", lambda: len(lines(typed)) > seen, 10)
        assert lines(typed)[seen] == lines(typed)[seen - 1] + "5"
    finally:
        hand.button(False)
        process.kill()
        process.wait(60)
    wait_for("it is not lowered", lambda: not state(session)["visible"], 10)


def test_the_launcher_is_typed_into(session, hand):
    """It covers the output, and comes after the keyboard."""
    session.run("inosctl", "keyboard", "show")
    raised(session)
    session.run("inosctl", "toggle", "launcher")
    wait_for("the launcher does not open", lambda: session.overlay() == "launcher", 10)
    tap(hand, *"foot", ENTER)
    window = wait_for("nothing is started", lambda: [w for w in session.windows() if w["AppId"].startswith("foot")], 10)[0]
    assert session.overlay() == ""
    session.run("inosctl", "keyboard", "hide")
    session.run("inosctl", "close", "--force", str(window["Id"]))
    wait_for(lambda: f"its window stays: {session.windows()}", lambda: not session.windows(), 10)


def test_another_layout(session, hand, tmp_path):
    typed = tmp_path / "typed"
    process, _ = reading(session, typed)
    raised(session)
    before = session.screenshot("keyboard-light")
    session.run("inosctl", "layout", "next")
    wait_for("the German keys are not drawn", lambda: difference(before, session.screenshot("keyboard-german"), BOARD) > 400, 10)
    # What is beside P on a German keyboard, with and without Shift, and AltGr's @ on Q.
    tap(hand, at(1, 11), SHIFT, at(1, 11), at(1, 6), ALTGR, at(1, 1), ENTER)
    wait_for(lambda: f"what was typed did not arrive: {lines(typed)}", lambda: lines(typed) == ["üÜz@"], 10)
    # Its own key goes to the next one, here the first.
    hand.click(*LAYOUT)
    wait_for("the layout is not another one", lambda: session.inosctl("layout")[0]["active"], 10)
    process.kill()
    process.wait()
    wait_for("it is not lowered", lambda: not state(session)["visible"], 10)


def held(session, hand, path):
    """A key that is held and repeats in a terminal."""
    process, _ = session.open_foot(sys.executable, "-uc", READER.format(path=path))
    raised(session)
    hand.move(*key("/"))
    hand.button(True)
    wait_for("it does not repeat", lambda: len(typed_raw(path)) > 3, 10)
    return process


# Each byte as it comes.
READER = """
import os, tty
tty.setraw(0)
with open("{path}", "ab", 0) as file:
    while True: file.write(os.read(0, 1))
"""


def typed_raw(path):
    return path.read_bytes() if path.exists() else b""


def still(path):
    """Nothing comes for a second, in which 25 letters would."""
    seen = [len(typed_raw(path)), time.monotonic()]

    def rests():
        now = len(typed_raw(path))
        if now != seen[0]:
            seen[:] = [now, time.monotonic()]
        return time.monotonic() - seen[1] > 1

    wait_for("the key is still pressed", rests, 10)


def forgotten(session):
    """How often a key was let go because nobody said any more that it is held."""
    return session.log("shell").count("is held by nobody; it is let go")


def test_a_key_is_let_go_when_the_keyboard_is_hidden(session, hand, tmp_path):
    process = held(session, hand, tmp_path / "typed")
    before = forgotten(session)
    session.run("inosctl", "keyboard", "hide")
    still(tmp_path / "typed")
    assert forgotten(session) == before
    hand.button(False)
    process.kill()
    process.wait()


def test_a_key_is_let_go_when_the_shell_dies(session, hand, tmp_path):
    process = held(session, hand, tmp_path / "typed")
    session.kill("shell")
    still(tmp_path / "typed")
    hand.button(False)
    wait_for("the shell is not back", lambda: session.has_name(SHELL) and state(session)["on"], 20)
    wait_for("it is not raised again", lambda: state(session)["visible"], 20)
    process.kill()
    process.wait()
    wait_for("it is not lowered", lambda: not state(session)["visible"], 10)


def web_processes(session):
    return {pid for pid, name in processes_with(session.environment["XDG_RUNTIME_DIR"]) if name.startswith("WebKitWebProces")}


def test_a_key_is_let_go_when_its_page_dies(session, hand, tmp_path):
    process = held(session, hand, tmp_path / "typed")
    let_go = forgotten(session)
    for pid in web_processes(session):
        os.kill(pid, signal.SIGKILL)
    still(tmp_path / "typed")
    assert forgotten(session) == let_go
    hand.button(False)
    # It comes back by itself, and types.
    before = len(typed_raw(tmp_path / "typed"))

    def types():
        tap(hand, ";")
        return b";" in typed_raw(tmp_path / "typed")[before:]

    wait_for("it does not come back", types, 20)
    process.kill()
    process.wait()
    wait_for("it is not lowered", lambda: not state(session)["visible"], 10)


def test_who_composes_has_its_place(session, hand, tmp_path):
    """fcitx5 comes later, and is the input method all the same."""
    process, _ = reading(session, tmp_path / "typed")
    raised(session)
    with program(session, "fcitx5", "--disable=notifications,xim"):
        wait_for("it does not give way", lambda: not state(session)["follows-text"], 20)
        # Nobody would lower it when its text field goes.
        wait_for("what was raised for a text field stays", lambda: not state(session)["visible"], 10)
        process.kill()
        process.wait()
        session.run("inosctl", "keyboard", "show")
        wait_for("it is not raised", lambda: state(session)["visible"], 10)
        # It has asked again, and was refused; by hand it stays all the same.
        wait_for("it does not give way again", lambda: not state(session)["follows-text"], 10)
        assert state(session)["visible"]
        session.run("inosctl", "keyboard", "hide")
        wait_for("it is not lowered", lambda: not state(session)["visible"], 10)
    # That one has gone, and the next time it is asked for it has its word of texts again.
    session.run("inosctl", "keyboard", "show")
    wait_for("it stays without word of texts", lambda: state(session)["follows-text"], 10)


def test_off_again(session):
    session.run("inosctl", "keyboard", "off")
    assert state(session) == {"on": False, "visible": False, "follows-text": False}
    wait_for("the setting does not say so", lambda: setting(session) == "false\n", 10)

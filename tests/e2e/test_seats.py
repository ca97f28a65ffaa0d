"""Two people at one desktop: two pointers, two focuses, and a remote desktop with a seat of its own."""

import contextlib
import pathlib
import socket
import struct
import time

import pytest
import xcffib.xproto as x
from clients import colours, program, window_of
from PIL import Image
from pointer import Pointer
from session import wait_for
from test_clients_tools import vnc_connect
from x11 import X11Client, titled

pytestmark = pytest.mark.sanitized

SCREENSHOTS = pathlib.Path(__file__).parents[2] / "build" / "screenshots"
INPUT = "org.inos.Compositor1.Input"
READ = "read -r line; echo \"$line\" > {}; sleep 60"


def seats(session):
    return session.get("org.inos.Compositor1", "Seats", interface=INPUT)


def place(session, window):
    return next(w["Geometry"] for w in session.windows() if w["Id"] == window["Id"])


def middle(session, window):
    left, top, width, height = place(session, window)
    return left + width // 2, top + height // 2


@contextlib.contextmanager
def two_windows(session, tmp_path):
    """Side by side; what is typed there goes into the files `left` and `right`."""
    left, right = tmp_path / "left", tmp_path / "right"
    options = ("foot", "-W", "60x12", "sh", "-c")
    with window_of(session, *options, READ.format(left)) as (_, one), \
            window_of(session, *options, READ.format(right)) as (_, other):
        for window, place_x in ((one, 40), (other, 680)):
            session.on_window(window["Id"], "Move", place_x, 120)
        wait_for("the windows do not move",
                 lambda: place(session, one)[:2] == (40, 120) and place(session, other)[:2] == (680, 120))
        yield one, other, left, right


def is_pointer_at(session, left, top):
    """Whether there is something on the even ground of a terminal."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / "seats-pointers.png"
    session.run("grim", "-c", str(path))
    return colours(Image.open(path).convert("RGB"), (left - 6, top - 10, left + 10, top + 14)) > 1


def test_two_pointers_work_at_the_same_time(session, tmp_path):
    with two_windows(session, tmp_path) as (one, other, left, right):
        with Pointer(session) as mine, Pointer(session, guest=True) as theirs:
            assert len(seats(session)) == 2
            mine.click(*middle(session, one))
            assert session.get("org.inos.Compositor1", "FocusedWindow").endswith(f"/{one['Id']}")
            theirs.click(*middle(session, other))
            # Mine stays with my window.
            assert session.get("org.inos.Compositor1", "FocusedWindow").endswith(f"/{one['Id']}")
            for window in (one, other):
                wait_for("a pointer is not drawn",
                         lambda w=window: is_pointer_at(session, *middle(session, w)))
            # Both drag by the title bars, step by step.
            starts = [place(session, one), place(session, other)]
            for pointer, start in zip((mine, theirs), starts):
                pointer.move(start[0] + 150, start[1] - 16)
                time.sleep(0.1)
                pointer.button(True)
            time.sleep(0.4)
            for step in range(1, 9):
                mine.move(starts[0][0] + 150 + 5 * step, starts[0][1] - 16 + 10 * step)
                theirs.move(starts[1][0] + 150 - 4 * step, starts[1][1] - 16 + 20 * step)
            session.screenshot("seats-dragging")
            mine.button(False)
            theirs.button(False)
            assert place(session, one)[:2] == (starts[0][0] + 40, starts[0][1] + 80)
            assert place(session, other)[:2] == (starts[1][0] - 32, starts[1][1] + 160)
            last = middle(session, other)
            theirs.move(*last)
            wait_for("the pointer is not there", lambda: is_pointer_at(session, *last))
        wait_for("the seat stays", lambda: len(seats(session)) == 1)
        assert not is_pointer_at(session, *last)


def test_the_shell_goes_on(session, tmp_path):
    """GTK looks for seats when a program starts: to the shell a guest is nobody."""
    with two_windows(session, tmp_path) as (one, _, left, _), Pointer(session) as mine:
        for _ in range(3):
            with Pointer(session, guest=True) as theirs:
                mine.click(*middle(session, one))
                theirs.click(18, 16)
                theirs.click(1262, 16)
            wait_for("the seat stays", lambda: len(seats(session)) == 1)
        assert session.get("org.inos.Compositor1", "FocusedWindow").endswith(f"/{one['Id']}")
        with Pointer(session, guest=True) as theirs:
            theirs.click(900, 700)
            mine.click(18, 16)
            wait_for("my click did not open the launcher",
                     lambda: session.overlay() == "launcher")
            # It is mine also where the guest did something last.
            theirs.click(900, 700)
            wait_for("it has no keyboard",
                     lambda: session.get("org.inos.Compositor1", "FocusedWindow") == "/")
            mine.click(40, 700)
            wait_for("the click beside did not close it",
                     lambda: session.overlay() == "")
    wait_for("the seat stays", lambda: len(seats(session)) == 1)
    session.survived("shell")


def test_two_at_x11_programs(session):
    """The X server knows both pointers; its keyboard focus is with whom somebody clicked last."""
    with X11Client(session) as client, Pointer(session) as mine, \
            Pointer(session, guest=True) as theirs:
        numbers, windows = [], []
        for title, place_x in (("mine", 60), ("theirs", 700)):
            numbers.append(client.window(title))
            windows.append(titled(session, title))
            session.on_window(windows[-1]["Id"], "Move", place_x, 150)
        client.forget()

        def pressed(number):
            client.wait(x.ButtonPressEvent, "the click does not come through",
                        lambda e: e.event == number)

        mine.click(*middle(session, windows[0]))
        pressed(numbers[0])
        theirs.click(*middle(session, windows[1]))
        pressed(numbers[1])
        assert session.get("org.inos.Compositor1",
                           "FocusedWindow").endswith(f"/{windows[0]['Id']}")
        starts = [place(session, w) for w in windows]
        for pointer, start in zip((mine, theirs), starts):
            pointer.move(start[0] + 60, start[1] - 16)
            time.sleep(0.1)
            pointer.button(True)
        time.sleep(0.4)
        for step in range(1, 6):
            mine.move(starts[0][0] + 60 + 10 * step, starts[0][1] - 16)
            theirs.move(starts[1][0] + 60, starts[1][1] - 16 + 10 * step)
        mine.button(False)
        theirs.button(False)
        assert place(session, windows[0])[:2] == (starts[0][0] + 50, starts[0][1])
        assert place(session, windows[1])[:2] == (starts[1][0], starts[1][1] + 50)
    wait_for("the windows stay", lambda: not session.windows())


def vnc_point(connection, left, top, buttons=0):
    connection.sendall(struct.pack(">BBHH", 5, buttons, left, top))


def vnc_type(connection, text):
    for letter in text:
        symbol = 0xFF0D if letter == "\r" else ord(letter)
        for down in (1, 0):
            connection.sendall(struct.pack(">BBxxI", 4, down, symbol))
        time.sleep(0.02)


def test_wayvnc_has_a_seat_of_its_own(session, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with two_windows(session, tmp_path) as (one, other, left, right), Pointer(session) as mine:
        mine.click(*middle(session, one))
        with program(session, "wayvnc", "--transient-seat", "-C", "/dev/null", "127.0.0.1",
                     port) as server:
            def connect():
                try:
                    return vnc_connect(port)
                except ConnectionRefusedError:
                    return None

            connection, _, _ = wait_for(lambda: f"no VNC: {server.said()}", connect, 10)
            with connection:
                wait_for(lambda: f"there is no seat for it: {server.said()}",
                         lambda: len(seats(session)) == 2)
                at = middle(session, other)
                for buttons in (0, 1, 0):
                    vnc_point(connection, *at, buttons)
                    time.sleep(0.1)
                wait_for("its pointer is not drawn", lambda: is_pointer_at(session, *at))
                vnc_type(connection, "from afar\r")
                wait_for("no keys come through", lambda: right.exists() and right.read_text())
                assert right.read_text() == "from afar\n"
                # Who sits here was at the other window all the time.
                assert session.get("org.inos.Compositor1",
                                   "FocusedWindow").endswith(f"/{one['Id']}")
                assert not left.exists()
        wait_for("its seat stays", lambda: len(seats(session)) == 1)
        session.run("wtype", "from here\n")
        wait_for("the keyboard is nowhere", lambda: left.exists() and left.read_text())
        assert left.read_text() == "from here\n"

"""Drags from Wayland programs to X11 ones and among each kind, and drags that come to nothing. From X11
to Wayland there is none: wlroots does not take a drag from the X server."""

import contextlib
import pathlib
import sys

import pytest
from clients import window, window_of
from pointer import Pointer
from session import wait_for

PROGRAM = pathlib.Path(__file__).parent / "dnd_program.py"


@contextlib.contextmanager
def opened(session, backend, left):
    """The program, with its window at (left, 300)."""
    with window_of(session, sys.executable, PROGRAM, backend, title=backend,
                   environment={"GDK_BACKEND": backend, "GTK_A11Y": "none"}) as (process, it):
        assert backend in process.said().lower(), process.said()
        x, y, width, height = it["Geometry"]
        session.on_window(it["Id"], "Move", left, 300)
        wait_for("it does not move", lambda: window(session, it["Id"])["Geometry"][:2] == (left, 300))
        process.take = (left + width // 4, 300 + height // 2)
        process.drop = (left + width * 3 // 4, 300 + height // 2)
        yield process


def point_at(pointer, program):
    """A press counts where the program knows of the pointer."""
    wait_for(lambda: f"the pointer is not noticed: {program.said()}",
             lambda: pointer.move(*program.take) or "under" in program.said())


@pytest.mark.parametrize("giver, taker", [("wayland", "x11"), ("x11", "x11"), ("wayland", "wayland")])
def test_a_file_is_dragged(session, giver, taker):
    with contextlib.ExitStack() as stack:
        a = stack.enter_context(opened(session, giver, 100))
        b = a if giver == taker else stack.enter_context(opened(session, taker, 700))
        with Pointer(session) as pointer:
            point_at(pointer, a)
            pointer.drag(a.take, b.drop, steps=20, hold=lambda: wait_for(
                lambda: f"it is not over the other: {a.said()} {b.said()}",
                lambda: "over" in b.said()))
            wait_for(lambda: f"nothing arrives: {a.said()} {b.said()}",
                     lambda: f"got /of/{giver}" in b.said())
            wait_for("the drag does not end", lambda: "ended" in a.said())
            assert "refused" not in a.said()


@pytest.mark.parametrize("giver", ["x11", "wayland"])
def test_what_is_dropped_on_the_desktop_comes_to_nothing(session, giver):
    with opened(session, giver, 100) as a, Pointer(session) as pointer:
        point_at(pointer, a)
        pointer.drag(a.take, (1000, 700), steps=20)
        wait_for(lambda: f"the drag goes on: {a.said()}", lambda: "ended" in a.said())
        assert "got" not in a.said()
        # The pointer is free again: what is clicked gets the keyboard.
        foot, it = session.open_foot("sleep", "60", title="beside")
        session.on_window(it["Id"], "Move", 700, 100)
        pointer.click(*(v + 20 for v in (100, 300)))
        wait_for("clicks are lost",
                 lambda: [w for w in session.windows() if w["Focused"] and w["Title"] == giver])
        foot.kill()
        foot.wait()

"""Drags between Wayland and X11 programs, either way and among each kind, and drags that come to
nothing."""

import contextlib
import hashlib
import os
import pathlib
import signal
import sys

import pytest
import xcffib
from clients import window, window_of
from pointer import Pointer
from session import Session, wait_for
from test_xwayland import covered, locker, x_server
from x11 import titled
from x11_source import DragSource

PROGRAM = pathlib.Path(__file__).parent / "dnd_program.py"


@contextlib.contextmanager
def opened(session, backend, left, kind="files"):
    """The program, with its window at (left, 300)."""
    with window_of(session, sys.executable, PROGRAM, backend, kind, title=backend,
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


@pytest.mark.parametrize("giver, taker", [
    ("wayland", "x11"), ("x11", "wayland"), ("x11", "x11"), ("wayland", "wayland")])
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


@contextlib.contextmanager
def giving(session, data, **options):
    """An X11 program of our own that gives `data`, with its window at (100, 300)."""
    with DragSource(session, data, **options) as source:
        it = titled(session, "source")
        session.on_window(it["Id"], "Move", 100, 300)
        wait_for("it does not move", lambda: window(session, it["Id"])["Geometry"][:2] == (100, 300))
        source.take = (150, 350)
        yield source
    wait_for("its window stays", lambda: "source" not in [w["Title"] for w in session.windows()])


def drag(session, source, place, hold=lambda: True, noticed=True):
    """Drags from the source to the place and lets go once hold() is true, which the source notices;
    answers all the while."""
    with Pointer(session) as pointer:
        pointer.move(*source.take)
        pointer.button(True)
        wait_for("no press", lambda: source.pump().pressed)
        for i in range(1, 21):
            pointer.move(*(a + (b - a) * i / 20 for a, b in zip(source.take, place)))
            source.pump()
        wait_for(lambda: f"it is not held as it should be: {source}", lambda: source.pump() and hold())
        pointer.button(False)
        if noticed:
            wait_for("no release", lambda: source.pump().released)


def text_of(length):
    return "".join(chr(97 + i * 7 % 26) for i in range(length)).encode()


@pytest.mark.parametrize("size, action", [(12, "Copy"), (12, "Move"), (3000000, "Copy")])
def test_text_of_any_length_is_dragged_out_of_x11(session, size, action):
    text = text_of(size)
    with giving(session, {"text/plain;charset=utf-8": text, "UTF8_STRING": text}, action=action) as source, \
            opened(session, "wayland", 700, "text") as target:
        drag(session, source, target.drop, lambda: source.accepted == action)
        wait_for(lambda: f"nothing arrives: {target.said()} {source}", lambda: source.pump() and (
            f"got {size} {hashlib.sha256(text).hexdigest()}" in target.said()), 20)
        wait_for(lambda: f"it is not told: {source}", lambda: source.pump().finished == (True, action))
        assert source.in_pieces == (size > source.PIECE)


def test_many_types_and_only_what_is_wanted(session):
    many = {f"application/x-{i}": b"?" for i in range(100)}
    many = {"text/uri-list": b"file:///of/many\r\n", **many}
    with giving(session, many) as source, opened(session, "wayland", 700) as target:
        drag(session, source, target.drop, lambda: source.accepted == "Copy")
        wait_for(lambda: f"nothing arrives: {target.said()}",
                 lambda: source.pump() and "got /of/many" in target.said())
        wait_for("it is not told", lambda: source.pump().finished == (True, "Copy"))
    with giving(session, {"application/x-odd": b"?"}) as source, \
            opened(session, "wayland", 700) as target:
        drag(session, source, target.drop, lambda: source.statuses > 2)
        assert source.pump().accepted is None
        wait_for("it is not over", lambda: source.pump().left)
        assert "got" not in target.said()


def test_drag_leaves_and_comes_back(session):
    with giving(session, {"text/uri-list": b"file:///of/x\r\n"}) as source, \
            opened(session, "wayland", 700) as target, Pointer(session) as pointer:
        pointer.move(*source.take)
        pointer.button(True)
        wait_for("no press", lambda: source.pump().pressed)
        for place, accepted in ((target.drop, "Copy"), (source.take, None), (target.drop, "Copy"),
                                (source.take, None)):
            def there():
                pointer.move(*place)
                return source.pump().accepted == accepted

            wait_for(lambda: f"at {place}: {source} {target.said()}", there)
        pointer.button(False)
        wait_for("it is not over", lambda: source.pump().left)
        wait_for(lambda: f"it was not left twice: {target.said()}", lambda: target.said().count("left") >= 2)
        assert "got" not in target.said()
        # The pointer is free at once.
        point_at(pointer, target)


@pytest.mark.parametrize("fault", ["dies", "silent", "endless", "stranger", "no button"])
def test_source_that_misbehaves_disturbs_nobody(session, fault):
    compositor = session.component("compositor")
    with giving(session, {"text/uri-list": b"file:///of/x\r\n"}, fault=fault) as source, \
            opened(session, "wayland", 700) as target:
        if fault == "no button":
            source.begin()
            with Pointer(session) as pointer:
                pointer.move(*target.drop)
            source.shout()
        else:
            drag(session, source, target.drop, lambda: fault == "stranger" or source.accepted == "Copy")
        if fault == "dies":
            source.connection.disconnect()
        elif fault == "stranger":
            assert source.accepted is None
        # Whatever became of it, the pointer is free, and another drag may begin.
        with Pointer(session) as pointer:
            wait_for("the pointer is not free",
                     lambda: pointer.move(*target.take) or "under" in target.said(), 10)
            before = target.said().count("ended")
            pointer.drag(target.take, target.drop, steps=20, hold=lambda: wait_for(
                "nothing can be dragged", lambda: "over" in target.said()))
            wait_for("that does not end", lambda: target.said().count("ended") > before)
        assert "got /of/x" not in target.said()
    assert session.component("compositor") == compositor, session.log("compositor")[-3000:]


@pytest.mark.parametrize("fault", ["locked", "the X server dies"])
def test_drag_that_is_cut_off(fault):
    with Session() as session:
        session.configure("[lock]\ncommand = swaylock --config=/dev/null --ignore-empty-password -c 203040\n")
        with opened(session, "wayland", 700) as target, contextlib.suppress(xcffib.ConnectionException), \
                giving(session, {"text/uri-list": b"file:///of/x\r\n"}) as source:
            def cut():
                if source.accepted != "Copy":
                    return False
                if fault == "locked":
                    session.run("inosctl", "lock", "--wait")
                else:
                    os.kill(x_server(session), signal.SIGKILL)
                return True

            drag(session, source, target.drop, cut, noticed=False)
            assert "got" not in target.said()
            if fault == "locked":
                # The locker listens when it has drawn.
                wait_for("the lock screen is not drawn", lambda: covered(session))
                os.kill(locker(session), signal.SIGUSR1)
                wait_for("it stays locked", lambda: not session.inosctl("idle")["locked"])
            with Pointer(session) as pointer:
                point_at(pointer, target)
                pointer.drag(target.take, target.drop, steps=20, hold=lambda: wait_for(
                    "nothing can be dragged", lambda: "over" in target.said()))
                wait_for("nothing arrives", lambda: "got /of/wayland" in target.said())


def test_receiver_that_dies_ends_the_drag(session):
    with giving(session, {"text/uri-list": b"file:///of/x\r\n"}) as source:
        with opened(session, "wayland", 700) as target:
            def dies():
                if source.accepted != "Copy":
                    return False
                target.kill()
                return True

            drag(session, source, target.drop, dies)
        wait_for("it is not over", lambda: source.pump().left or source.finished)

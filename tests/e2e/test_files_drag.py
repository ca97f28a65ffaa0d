"""Files that are dragged: onto a folder, a place and the trash, to another program and from one. What came of it is looked for
on the disk."""

import contextlib
import os
import pathlib
import signal
import sys

import pytest
from apps import press, web_processes, windows_of
from clients import window_of
from pointer import Pointer
from session import soon, wait_for

APP = "org.inos.Files"
PROGRAM = pathlib.Path(__file__).parent / "dnd_program.py"
ROW, FIRST, PLACE, PLACES = 36, 136, 34, 63  # of rows and places, from the top of the window with its title


def home(session, *names):
    return pathlib.Path(session.environment["HOME"]).joinpath(*names)


def box(session):
    """Of the first window."""
    return min(windows_of(session, APP), key=lambda each: each["Id"])["Geometry"]


def top(session):
    """Of the window with its title."""
    x, y, _, _ = box(session)
    return x, y


@pytest.fixture(scope="module", autouse=True)
def window(session):
    for folder in ("alpha", "beta"):
        home(session, folder).mkdir(parents=True)
    home(session, "notes.txt").write_text("some words\n")
    home(session, "other.txt").write_text("others\n")
    session.run("inosctl", "files")
    wait_for("no window", lambda: windows_of(session, APP), 20)
    wait_for("it shows no home", lambda: windows_of(session, APP)[0]["Title"] == "Home", 15)
    window = windows_of(session, APP)[0]["Id"]
    session.on_window(window, "Resize", 640, 500)
    session.on_window(window, "Move", 20, 60)
    wait_for("it does not move", lambda: box(session)[:2] == (20, 60))


def row(session, at):
    """The middle of one's name: alpha, beta, notes.txt, other.txt."""
    x, y = top(session)
    return x + 290, y + FIRST + at * ROW


def drags(session, start, end, check, what):
    """Until what was to come of it has: a slow machine may not have drawn yet what is dragged."""
    def is_done():
        with Pointer(session) as pointer:
            pointer.drag(start(), end(), steps=20, hold=lambda: (pointer.move(*end()), session.screenshot("files-dragged")))
        return soon(check)

    wait_for(what, is_done, 30)


def undo(session, check):
    press(session, "ctrl", "z")
    wait_for("it is not taken back", check)


def test_onto_a_folder_and_back(session):
    drags(session, lambda: row(session, 2), lambda: row(session, 0), home(session, "alpha", "notes.txt").exists, "it is not moved")
    assert not home(session, "notes.txt").exists()
    undo(session, home(session, "notes.txt").exists)
    assert not home(session, "alpha", "notes.txt").exists()


def test_with_ctrl_it_is_copied(session):
    holder = session.start("wtype", "-M", "ctrl", "-s", "60000", "-m", "ctrl")
    try:
        drags(session, lambda: row(session, 2), lambda: row(session, 1), home(session, "beta", "notes.txt").exists, "it is not copied")
    finally:
        holder.terminate()
        holder.wait()
    assert home(session, "notes.txt").exists()
    undo(session, lambda: not home(session, "beta", "notes.txt").exists())


def test_onto_the_trash(session):
    place = lambda: (top(session)[0] + 26, top(session)[1] + PLACES + PLACE)  # noqa: E731 - the second of them
    drags(session, lambda: row(session, 3), place, lambda: not home(session, "other.txt").exists(), "it stays")
    undo(session, home(session, "other.txt").exists)


@contextlib.contextmanager
def program(session, path):
    """A window that gives `path` from its left half and takes files on its right one."""
    with window_of(session, sys.executable, PROGRAM, "other", "files", str(path), title="other",
                   environment={"GDK_BACKEND": "wayland", "GTK_A11Y": "none"}) as (process, it):
        _, _, width, height = it["Geometry"]
        session.on_window(it["Id"], "Move", 800, 300)
        wait_for("it does not move", lambda: next(w for w in session.windows() if w["Id"] == it["Id"])["Geometry"][:2] == (800, 300))
        process.take = (800 + width // 4, 300 + height // 2)
        process.drop = (800 + width * 3 // 4, 300 + height // 2)
        yield process


def test_to_another_program_and_from_one(session, tmp_path):
    given = tmp_path / "given name.txt"
    given.write_text("given\n")
    with program(session, given) as other:
        drags(session, lambda: row(session, 2), lambda: other.drop, lambda: f"got {home(session, 'notes.txt')}" in other.said(), "nothing arrives")
        assert home(session, "notes.txt").exists(), "what another program takes stays"
        drags(session, lambda: other.take, lambda: row(session, 1), home(session, "beta", "given name.txt").exists, "it is not taken")
        assert given.exists(), "what another program gives is copied"
        press(session, "Escape")
    session.on_window(windows_of(session, APP)[0]["Id"], "Focus")
    undo(session, lambda: not home(session, "beta", "given name.txt").exists())


def in_trash(session):
    folder = pathlib.Path(session.environment["XDG_DATA_HOME"]) / "Trash" / "files"
    return sorted(os.listdir(folder)) if folder.exists() else []


@contextlib.contextmanager
def second(session, name):
    """Another window, of a folder of the home, beside the first."""
    first = windows_of(session, APP)[0]["Id"]
    session.run("inosctl", "files", str(home(session, name)))
    found = lambda: next((w for w in windows_of(session, APP) if w["Id"] != first and w["Title"] == name), None)  # noqa: E731
    number = wait_for("no second window", found, 20)["Id"]
    session.on_window(number, "Resize", 600, 500)
    session.on_window(number, "Move", 680, 60)
    wait_for("it does not move", lambda: found()["Geometry"] == (680, 60, 600, 500))
    try:
        yield number, found()["Geometry"]
    finally:
        session.on_window(number, "Close")
        wait_for("it does not close", lambda: len(windows_of(session, APP)) == 1, 15)


def test_each_window_has_its_own_drags(session):
    """What one has dragged before is not what comes from the other."""
    home(session, "beta", "kept.txt").write_text("kept\n")
    before = in_trash(session)
    with second(session, "beta") as (number, (x, y, _, height)):
        kept, place, free = (x + 290, y + FIRST), (x + 26, y + PLACES + PLACE), (x + 290, y + height - 90)
        with Pointer(session) as pointer:
            pointer.drag(kept, free, steps=20, hold=lambda: (pointer.move(*free), session.screenshot("files-dragged")))
        drags(session, lambda: row(session, 2), lambda: place, lambda: not home(session, "notes.txt").exists(), "it is not in the trash")
        assert home(session, "beta", "kept.txt").exists(), "what was not dragged is in the trash"
        session.on_window(number, "Focus")
        undo(session, home(session, "notes.txt").exists)
        drags(session, lambda: row(session, 2), lambda: free, home(session, "beta", "notes.txt").exists, "it is not moved to the other window")
        assert home(session, "beta", "kept.txt").exists(), "what was not dragged is in the trash"
        assert in_trash(session) == before
        session.on_window(number, "Focus")
        undo(session, home(session, "notes.txt").exists)


def test_a_page_that_dies_after_a_drop(session):
    """Nobody waits for its answer any more: what comes next can be dragged."""
    killed = web_processes(session, APP)

    def stop():
        session.screenshot("files-dragged")
        for pid in killed:
            os.kill(pid, signal.SIGSTOP)

    with Pointer(session) as pointer:
        pointer.drag(row(session, 2), row(session, 0), steps=20, hold=stop)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_for("no new web process", lambda: web_processes(session, APP) and not web_processes(session, APP) & killed, 15)
    assert home(session, "notes.txt").exists()
    drags(session, lambda: row(session, 2), lambda: row(session, 0), home(session, "alpha", "notes.txt").exists, "it cannot be dragged any more")

"""Files, used as a person does: by the launcher, the keyboard and the pointer. What came of it is looked for on the disk,
and what it looks like is kept as pictures."""

import json
import os
import pathlib

import pytest
from apps import launch, press, windows_of
from session import wait_for

APP = "org.inos.Files"


def home(session, *names):
    return pathlib.Path(session.environment["HOME"]).joinpath(*names)


def title(session):
    """Where the window is; "" where there is none."""
    return next((window["Title"] for window in windows_of(session, APP)), "")


def box(session):
    x, y, width, height = windows_of(session, APP)[0]["Geometry"]
    return x, y, x + width, y + height


def picture(session, name):
    return session.screenshot(f"files-{name}").crop(box(session))


def keep(session, name):
    """A picture once it stays the same."""
    before = [None]

    def is_still():
        now = picture(session, name).tobytes()
        same, before[0] = now == before[0], now
        return same

    wait_for("it does not come to rest", is_still, 10)


def kept(session):
    path = pathlib.Path(session.environment["XDG_CONFIG_HOME"]) / "inos" / "files.json"
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def type_text(session, text):
    session.run("wtype", text)


def go(session, path, name):
    """By typing where to."""
    def is_there():
        press(session, "Escape")
        press(session, "ctrl", "l")
        session.run("wtype", "-s", "150", "-M", "ctrl", "-k", "a", "-m", "ctrl", str(path), "-k", "Return")
        try:
            return wait_for("not yet", lambda: title(session) == name, 2)
        except AssertionError:
            return False

    wait_for(f"it does not go to {path}", is_there, 15)
    # Its rows come a moment after its name.
    session.run("wtype", "-s", "300", "-k", "Escape")


def choose(session, name):
    """By the first letters of its name, from the top."""
    session.run("wtype", "-k", "Home", "-s", "1100", name)


def names(folder):
    return sorted(os.listdir(folder))


def in_trash(session):
    folder = pathlib.Path(session.environment["XDG_DATA_HOME"]) / "Trash" / "files"
    return names(folder) if folder.exists() else []


@pytest.fixture(scope="module", autouse=True)
def window(session):
    for folder in ("alpha", "beta/inner", "gamma"):
        home(session, folder).mkdir(parents=True)
    home(session, "notes.txt").write_text("some words\n")
    home(session, "beta", "deep.txt").write_text("deep\n")
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    launch(session, APP, "files")
    wait_for("it shows no home", lambda: title(session) == "Home", 15)


def test_folders_are_gone_into_and_out_of(session):
    choose(session, "beta")
    press(session, "Return")
    wait_for("it does not go in", lambda: title(session) == "beta")
    session.run("wtype", "-s", "300", "-k", "Down")
    choose(session, "inner")
    press(session, "Return")
    wait_for("it does not go further", lambda: title(session) == "inner")
    press(session, "alt", "Left")
    wait_for("it does not go back", lambda: title(session) == "beta")
    press(session, "alt", "Up")
    wait_for("it does not go up", lambda: title(session) == "Home")
    press(session, "alt", "Left")
    wait_for("up is nothing to go back from", lambda: title(session) == "beta")
    press(session, "alt", "Right")
    wait_for("it does not go forward", lambda: title(session) == "Home")


def test_a_folder_is_made_named_and_unmade(session):
    go(session, home(session), "Home")
    press(session, "ctrl", "shift", "n")
    wait_for("no folder is made", home(session, "New Folder").is_dir)
    session.run("wtype", "-s", "500", "plans", "-k", "Return")
    wait_for("it is not named", home(session, "plans").is_dir)
    assert not home(session, "New Folder").exists()
    session.run("wtype", "-s", "300")
    press(session, "ctrl", "z")
    wait_for("its name is not taken back", home(session, "New Folder").is_dir)
    press(session, "ctrl", "z")
    wait_for("it is not unmade", lambda: not home(session, "New Folder").exists())
    assert not home(session, "plans").exists()
    assert in_trash(session) == [], "an empty folder that was made leaves nothing"


def test_a_file_goes_to_the_trash_and_comes_back(session):
    go(session, home(session), "Home")
    choose(session, "notes")
    press(session, "Delete")
    wait_for("it is not in the trash", lambda: not home(session, "notes.txt").exists() and in_trash(session) == ["notes.txt"])
    press(session, "ctrl", "z")
    wait_for("it does not come back", home(session, "notes.txt").exists)
    assert home(session, "notes.txt").read_text() == "some words\n"
    assert in_trash(session) == []


def test_a_file_is_renamed_in_place(session):
    go(session, home(session), "Home")
    choose(session, "notes")
    press(session, "F2")
    session.run("wtype", "-s", "200", "words", "-k", "Return")
    wait_for("it is not renamed", home(session, "words.txt").exists)
    assert home(session, "words.txt").read_text() == "some words\n", "its ending stays"
    session.run("wtype", "-s", "300")
    press(session, "ctrl", "z")
    wait_for("it is not taken back", home(session, "notes.txt").exists)

"""Files, used as a person does: by the launcher, the keyboard and the pointer. What came of it is looked for on the disk,
and what it looks like is kept as pictures."""

import json
import os
import pathlib

import pytest

from apps import launch, press, windows_of
from gi.repository import GLib
from pictures import CURSOR, changed, settled
from session import soon, wait_for

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


def keep(session, name="rests"):
    """A picture once nothing moves in it any more."""
    return settled(session, f"files-{name}", box(session))


def does(session, *keys, name="does"):
    """Presses that, and returns when what came of it is drawn: a field, a menu or a question then has the keyboard."""
    before = keep(session, name)
    press(session, *keys)
    changed(session, f"files-{name}", before, box(session), 2 * CURSOR)


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
        session.run("wtype", "-k", "Escape", "-M", "ctrl", "-k", "l", "-m", "ctrl", "-s", "80", "-M", "ctrl", "-k", "a", "-m", "ctrl", str(path),
                    "-k", "Return")
        return soon(lambda: title(session) == name, 2)

    wait_for(f"it does not go to {path}", is_there, 15)
    # Its rows come a moment after its name.
    keep(session)
    press(session, "Escape")


def choose(session, name):
    """By the first letters of its name, from the top."""
    session.run("wtype", "-k", "Home", name)


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
    keep(session)
    press(session, "Down")
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
    does(session, "ctrl", "shift", "n")
    wait_for("no folder is made", home(session, "New Folder").is_dir)
    session.run("wtype", "plans", "-k", "Return")
    wait_for("it is not named", home(session, "plans").is_dir)
    assert not home(session, "New Folder").exists()
    keep(session)
    press(session, "ctrl", "z")
    wait_for("its name is not taken back", home(session, "New Folder").is_dir)
    keep(session)
    press(session, "ctrl", "z")
    wait_for("it is not unmade", lambda: not home(session, "New Folder").exists())
    assert not home(session, "plans").exists()
    assert in_trash(session) == [], "an empty folder that was made leaves nothing"


def test_a_file_goes_to_the_trash_and_comes_back(session):
    go(session, home(session), "Home")
    choose(session, "notes")
    press(session, "Delete")
    wait_for("it is not in the trash", lambda: not home(session, "notes.txt").exists() and in_trash(session) == ["notes.txt"])
    keep(session)
    press(session, "ctrl", "z")
    wait_for("it does not come back", home(session, "notes.txt").exists)
    assert home(session, "notes.txt").read_text() == "some words\n"
    wait_for("it is in the trash all the same", lambda: in_trash(session) == [])


def test_a_file_is_renamed_in_place(session):
    go(session, home(session), "Home")
    choose(session, "notes")
    does(session, "F2")
    session.run("wtype", "words", "-k", "Return")
    wait_for("it is not renamed", home(session, "words.txt").exists)
    assert home(session, "words.txt").read_text() == "some words\n", "its ending stays"
    keep(session)
    press(session, "ctrl", "z")
    wait_for("it is not taken back", home(session, "notes.txt").exists)
    keep(session)  # its row comes after it
    choose(session, "notes")
    does(session, "Menu")
    session.run("wtype", *["-k", "Down"] * 4)
    does(session, "Return")
    session.run("wtype", "menu", "-k", "Return")
    wait_for("what the menu opens has no keyboard", home(session, "menu.txt").exists)
    keep(session)
    press(session, "ctrl", "z")
    wait_for("it is not taken back", home(session, "notes.txt").exists)


def test_files_are_copied_and_moved(session):
    go(session, home(session), "Home")
    choose(session, "notes")
    press(session, "ctrl", "c")
    wait_for("it is not on the clipboard", lambda: "text/uri-list" in session.run("wl-paste", "--list-types", check=False).stdout)
    assert session.run("wl-paste", "--type", "text/uri-list").stdout.split() == [home(session, "notes.txt").as_uri()]
    go(session, home(session, "gamma"), "gamma")
    press(session, "ctrl", "v")
    wait_for("it is not copied", home(session, "gamma", "notes.txt").exists)
    keep(session)
    press(session, "ctrl", "x")
    wait_for("it is not cut", lambda: session.run("wl-paste", "--type", "x-special/gnome-copied-files", check=False).stdout.startswith("cut\n"))
    go(session, home(session, "alpha"), "alpha")
    press(session, "ctrl", "v")
    wait_for("it is not moved", lambda: home(session, "alpha", "notes.txt").exists() and not home(session, "gamma", "notes.txt").exists())
    keep(session)
    press(session, "ctrl", "z")
    wait_for("it does not go back", lambda: home(session, "gamma", "notes.txt").exists() and not home(session, "alpha", "notes.txt").exists())
    keep(session)
    press(session, "ctrl", "z")
    wait_for("the copy stays", lambda: not home(session, "gamma", "notes.txt").exists())
    assert home(session, "notes.txt").exists()


def test_what_is_in_the_way_is_asked_about(session):
    """Keep both, skip, replace; what was replaced can be had back."""
    other = home(session, "other")
    other.mkdir()
    (other / "same.txt").write_text("new")
    target = home(session, "target")
    target.mkdir()
    (target / "same.txt").write_text("old")
    session.inside(f"printf 'copy\\n{(other / 'same.txt').as_uri()}' | wl-copy --type x-special/gnome-copied-files")
    wait_for("no clipboard", lambda: "copied-files" in session.run("wl-paste", "--list-types", check=False).stdout)
    go(session, target, "target")
    does(session, "ctrl", "v")
    session.run("wtype", "-k", "Tab", "-k", "Return")
    wait_for("both are not kept", lambda: names(target) == ["same (2).txt", "same.txt"])
    assert ((target / "same.txt").read_text(), (target / "same (2).txt").read_text()) == ("old", "new")
    does(session, "ctrl", "v")
    does(session, "Return")
    assert names(target) == ["same (2).txt", "same.txt"] and (target / "same.txt").read_text() == "old"
    does(session, "ctrl", "v", name="conflict")
    session.run("wtype", "-k", "Tab", "-k", "Tab", "-k", "Return")
    wait_for("it is not replaced", lambda: (target / "same.txt").read_text() == "new")
    wait_for("the old one is not in the trash", lambda: "same.txt" in in_trash(session))
    keep(session)
    press(session, "ctrl", "z")
    wait_for("the old one does not come back", lambda: (target / "same.txt").exists() and (target / "same.txt").read_text() == "old")


def test_the_trash_is_shown_restored_and_emptied(session):
    trashed = home(session, "trashed")
    trashed.mkdir()
    for name in ("one", "two", "three"):
        (trashed / name).write_text(name)
    go(session, trashed, "trashed")
    press(session, "ctrl", "a")
    press(session, "Delete")
    wait_for("they are not in the trash", lambda: names(trashed) == [] and {"one", "two", "three"} <= set(in_trash(session)))
    to_trash(session)
    choose(session, "two")
    keep(session, "trash")
    does(session, "Menu")
    press(session, "Return")
    wait_for("it is not restored", lambda: names(trashed) == ["two"])
    wait_for("it has lost what was in it", lambda: (trashed / "two").read_text() == "two")
    keep(session)
    press(session, "Escape")
    press(session, "ctrl", "a")
    does(session, "Delete")
    does(session, "Return")
    assert "one" in in_trash(session), "the way out comes first"
    does(session, "Delete")
    session.run("wtype", "-k", "Tab", "-k", "Return")
    wait_for("the trash is not empty", lambda: in_trash(session) == [])
    notes = pathlib.Path(session.environment["XDG_DATA_HOME"]) / "Trash" / "info"
    wait_for("notes of it are left", lambda: names(notes) == [])


def to_trash(session):
    """By its place."""
    from pointer import Pointer

    left, top, _, _ = box(session)

    def is_there():
        for y in range(40, 360, 17):
            with Pointer(session) as pointer:
                pointer.click(left + 90, top + y)
            if soon(lambda: title(session) == "Trash", 0.25):
                return True
        return False

    wait_for("there is no trash", is_there, 20)


def test_what_is_deleted_for_good_is_asked_about(session):
    doomed = home(session, "doomed")
    (doomed / "deep" / "deeper").mkdir(parents=True)
    (doomed / "deep" / "deeper" / "file").write_text("x")
    outside = home(session, "outside")
    outside.mkdir()
    (outside / "stays").write_text("stays")
    (doomed / "deep" / "link").symlink_to(outside)
    go(session, doomed, "doomed")
    choose(session, "deep")
    does(session, "shift", "Delete")
    does(session, "Escape")
    assert (doomed / "deep").exists()
    does(session, "shift", "Delete")
    session.run("wtype", "-k", "Tab", "-k", "Return")
    wait_for("it is not deleted", lambda: not (doomed / "deep").exists())
    assert (outside / "stays").read_text() == "stays", "a link is not followed"
    assert in_trash(session) == []


def test_search_finds_what_is_below(session):
    place = home(session, "haystack")
    (place / "a" / "b" / "c").mkdir(parents=True)
    (place / "a" / "b" / "c" / "Needle.txt").write_text("found")
    (place / "loop").symlink_to(place)
    go(session, place, "haystack")
    does(session, "ctrl", "f")
    before = keep(session)
    session.run("wtype", "needle")
    # The field, the rows that do not fit, and the row that is found.
    changed(session, "files-search", before, box(session), 2 * CURSOR)

    def is_gone():
        session.run("wtype", "-k", "Down", "-k", "Down")
        keep(session, "search")
        press(session, "Delete")
        return soon(lambda: not (place / "a" / "b" / "c" / "Needle.txt").exists(), 2)

    wait_for("what was found is not in the trash", is_gone, 15)
    keep(session)
    press(session, "ctrl", "z")
    wait_for("it does not come back", (place / "a" / "b" / "c" / "Needle.txt").exists)


def test_tabs(session):
    go(session, home(session, "alpha"), "alpha")
    does(session, "ctrl", "t")
    go(session, home(session, "beta"), "beta")
    press(session, "ctrl", "Prior")
    wait_for("the first tab does not come", lambda: title(session) == "alpha")
    press(session, "alt", "2")
    wait_for("the second tab does not come", lambda: title(session) == "beta")
    press(session, "ctrl", "w")
    wait_for("it is not closed", lambda: title(session) == "alpha")


def test_names_that_are_no_text(session):
    odd = home(session, "odd")
    odd.mkdir()
    root = os.fsencode(odd)
    for name in (b"a\xff\xfe.bin", b"b\nline", b"c" * 255, "d‮gpj.exe".encode(), b"e"):
        with open(root + b"/" + name, "w"):
            pass
    (odd / "self").symlink_to("self")
    go(session, odd, "odd")
    keep(session, "odd-names")
    choose(session, "a")
    does(session, "F2")
    session.run("wtype", "-M", "ctrl", "-k", "a", "-m", "ctrl", "plain", "-k", "Return")
    wait_for("what is no text is not renamed", (odd / "plain").exists)
    keep(session)
    press(session, "ctrl", "z")
    wait_for("its bytes do not come back", lambda: b"a\xff\xfe.bin" in os.listdir(root))
    keep(session)
    press(session, "ctrl", "a")
    press(session, "Delete")
    wait_for("they are not all in the trash", lambda: os.listdir(root) == [])
    keep(session)
    press(session, "ctrl", "z")
    wait_for("they do not all come back", lambda: len(os.listdir(root)) == 6)


def test_what_cannot_be_is_said(session):
    go(session, home(session), "Home")
    before = names(home(session))
    choose(session, "notes")
    does(session, "F2")
    session.run("wtype", "-M", "ctrl", "-k", "a", "-m", "ctrl", "a/b", "-k", "Return")
    keep(session, "refused")
    press(session, "Escape")
    assert names(home(session)) == before


def test_thousands_of_files(session):
    many = home(session, "many")
    many.mkdir()
    # Links to one are made quickly everywhere.
    (many / "file 0").touch()
    for number in range(1, 5_000):
        os.link(many / "file 0", many / f"file {number}")
    go(session, many, "many")
    keep(session, "many")
    does(session, "End")
    does(session, "F2")
    session.run("wtype", "-M", "ctrl", "-k", "a", "-m", "ctrl", "the last", "-k", "Return")
    wait_for("the last of many is not renamed", (many / "the last").exists)
    assert not (many / "file 4999").exists()
    for path in list(many.iterdir())[:4900]:
        path.unlink()
    session.run("wtype", "-s", "500")
    keep(session)
    press(session, "ctrl", "a")
    press(session, "Delete")
    wait_for("they are not all in the trash", lambda: names(many) == [], 20)
    keep(session, "many-gone")


def test_a_folder_that_vanishes(session):
    gone = home(session, "vanishes")
    gone.mkdir()
    (gone / "file").touch()
    go(session, gone, "vanishes")
    before = keep(session)
    (gone / "file").unlink()
    gone.rmdir()
    changed(session, "files-vanished", before, box(session), 2 * CURSOR)
    press(session, "alt", "Up")
    wait_for("there is no way out", lambda: title(session) == "Home")


def test_pictures_of_files(session):
    from PIL import Image

    folder = home(session, "pictures")
    folder.mkdir()
    Image.new("RGB", (600, 400), (255, 0, 255)).save(folder / "purple.png")
    go(session, folder, "pictures")
    press(session, "ctrl", "2")
    wait_for("it is not shown as a picture", lambda: kept(session).get("as") == "grid")
    wait_for("its picture is not there", lambda: picture(session, "pictures").getcolors(1 << 20) and
             any(count > 1000 and colour == (255, 0, 255) for count, colour in picture(session, "pictures").getcolors(1 << 20)))
    press(session, "ctrl", "1")


def test_other_programs_have_files_shown(session):
    """By the bus, by what opens folders, and by inosctl."""
    folder, file = home(session, "beta"), home(session, "beta", "deep.txt")

    def shows(method, path, name):
        before = {window["Id"] for window in windows_of(session, APP)}
        session.call("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1", method,
                     GLib.Variant("(ass)", ([path.as_uri()], "")))
        new = wait_for(f"{method} opens no window", lambda: [w for w in windows_of(session, APP) if w["Id"] not in before])
        number = new[0]["Id"]
        wait_for(f"{method} shows something else", lambda: any(w["Id"] == number and w["Title"] == name for w in windows_of(session, APP)))
        return number

    numbers = [shows("ShowFolders", folder, "beta"), shows("ShowItems", folder, "Home"), shows("ShowItemProperties", file, "beta")]
    corner = next(window["Geometry"] for window in windows_of(session, APP) if window["Id"] == numbers[-1])
    wait_for("no properties are shown", lambda: max(session.screenshot("files-about").getpixel((corner[0] + corner[2] - 12, corner[1] + corner[3] - 60))) < 200)
    with pytest.raises(GLib.Error):
        session.call("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1", "ShowFolders",
                     GLib.Variant("(ass)", ([folder.as_uri()] * 100, "")))
    assert "org.inos.Files.desktop" in session.run("gio", "mime", "inode/directory").stdout.splitlines()[0]
    known = {window["Id"] for window in windows_of(session, APP)}
    session.run("inosctl", "files", str(home(session, "gamma")))
    wait_for("inosctl shows no folder", lambda: any(w["Title"] == "gamma" for w in windows_of(session, APP) if w["Id"] not in known))
    missing = session.run("inosctl", "files", str(home(session, "no such")), check=False)
    assert missing.returncode == 4 and "no such" in missing.stderr
    for window in windows_of(session, APP):
        if window["Id"] in numbers or window["Title"] == "gamma":
            session.on_window(window["Id"], "Close")
    wait_for("they do not close", lambda: len(windows_of(session, APP)) == 1)


def is_veiled(session):
    """A question lies over the window, whose ground is dimmed."""
    _, _, right, bottom = box(session)
    return max(session.screenshot("files-question").getpixel((right - 12, bottom - 6))) < 200


def test_long_work_is_shown_and_stopped(session):
    """Closing the last tab does not stop it unasked; what was begun is taken away again."""
    heavy = home(session, "heavy")
    heavy.mkdir()
    (heavy / "file 0").write_text("x")
    for number in range(1, 30_000):
        os.link(heavy / "file 0", heavy / f"file {number}")
    go(session, home(session), "Home")
    choose(session, "heavy")
    press(session, "ctrl", "c")
    wait_for("it is not on the clipboard", lambda: home(session, "heavy").as_uri() in session.run(
        "wl-paste", "--type", "text/uri-list", check=False).stdout)
    target = home(session, "alpha")
    go(session, target, "alpha")
    before = names(target)
    press(session, "ctrl", "v")
    wait_for("it does not begin", lambda: any(name.startswith(".inos-") for name in names(target)))
    press(session, "ctrl", "w")
    wait_for("it does not ask", lambda: is_veiled(session))
    press(session, "Escape")
    wait_for("the question stays", lambda: not is_veiled(session))
    assert any(name.startswith(".inos-") for name in names(target)), f"it works on: {names(target)}"
    assert windows_of(session, APP), "it is not closed unasked"
    # The note of what was copied comes before the work.
    session.run("wtype", "-s", "100", "-k", "Tab", "-k", "Tab")
    session.screenshot("files-progress")
    press(session, "Return")
    wait_for("it does not stop", lambda: names(target) == before, 15)
    assert len(names(heavy)) == 30_000
    # Nor is anything left where the last window is closed: the program ends when its work has.
    press(session, "ctrl", "v")
    wait_for("it does not begin again", lambda: any(name.startswith(".inos-") for name in names(target)))
    press(session, "ctrl", "w")
    wait_for("it does not ask", lambda: is_veiled(session))
    session.run("wtype", "-k", "Tab", "-k", "Return")
    wait_for("it is not closed", lambda: not windows_of(session, APP))
    wait_for("it leaves something behind", lambda: names(target) == before, 15)

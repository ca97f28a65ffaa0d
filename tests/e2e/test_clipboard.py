"""What was copied: listed, searched, chosen, kept, cleared and had back, by keys, by inosctl and on D-Bus."""

import pathlib
import subprocess
import sys

import pytest
from pictures import CURSOR, changed, settled
from PIL import Image
from session import wait_for

pytestmark = pytest.mark.sanitized

SHELL, PATH, CLIPBOARD = "org.inos.Shell1", "/org/inos/Shell1", "org.inos.Shell1.Clipboard"
CARD = (400, 112, 880, 648)


@pytest.fixture(scope="module", autouse=True)
def settled_session(session):
    wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2], 20)


@pytest.fixture(autouse=True)
def clean(session):
    yield
    session.close_overlay()
    for row in listed(session):
        session.run("inosctl", "clipboard", "remove", str(row["id"]))


def listed(session):
    return session.inosctl("clipboard", "list")["clips"]


def texts(session):
    return [row["text"] for row in listed(session)]


def copy(session, *words):
    for text in words:
        session.run("sh", "-c", "wl-copy >/dev/null 2>&1", input=text)
        wait_for(f"{text[:20]} is not kept", lambda: texts(session)[:1] == [text[:400]], 10)


def pasted(session):
    return session.run("wl-paste", "--no-newline", check=False).stdout


def key(session, *names):
    for name in names:
        session.run("wtype", "-k", name)


def open_by_keys(session, name="clipboard"):
    before = settled(session, name, CARD)
    session.run("wtype", "-M", "logo", "-k", "v", "-m", "logo")
    wait_for("Super+V opens nothing", lambda: session.overlay() == "clipboard", 10)
    return changed(session, name, before, CARD, 2000)


def test_chosen_by_keys(session):
    copy(session, "a garden of roses", "two\nlines and <b>markup</b>", "the last one")
    before = open_by_keys(session, "clipboard-list")
    session.run("wtype", "roses")
    changed(session, "clipboard-found", before, CARD, 2 * CURSOR)
    key(session, "Return")
    wait_for("it stays open", lambda: session.overlay() == "", 10)
    wait_for("it is not on the clipboard", lambda: pasted(session) == "a garden of roses", 10)
    wait_for("what was chosen is not the newest", lambda: texts(session)[0] == "a garden of roses")
    assert len(texts(session)) == 3, "what we offer ourselves was copied again"
    # Removed by its key and had back.
    before = open_by_keys(session)
    key(session, "Down", "Down")
    changed(session, "clipboard", before, CARD, 2 * CURSOR)
    key(session, "Delete")
    wait_for("it is not removed", lambda: texts(session) == ["a garden of roses", "two\nlines and <b>markup</b>"], 10)
    session.run("wtype", "-M", "ctrl", "-k", "z", "-m", "ctrl")
    wait_for("it does not come back", lambda: len(texts(session)) == 3, 10)


def test_a_picture(session, tmp_path):
    path = tmp_path / "red.png"
    Image.new("RGB", (120, 60), (220, 20, 20)).save(path)
    session.run("sh", "-c", f"wl-copy --type image/png < {path} >/dev/null 2>&1")
    row = wait_for("it is not kept", lambda: next(iter(listed(session)), None), 10)
    assert (row["kind"], row["size"]) == ("picture", path.stat().st_size)
    open_by_keys(session)
    wait_for("it is not drawn", lambda: sum(pixel[0] > 180 and pixel[1] < 60 for pixel in
                                            session.screenshot("clipboard-picture").crop(CARD).getdata()) > 1000, 10)
    shown = subprocess.run(["inosctl", "clipboard", "show", str(row["id"])], env=session.environment, check=True,
                           capture_output=True, timeout=60).stdout
    assert shown == path.read_bytes()
    # What says that it is one and is none, is not kept.
    session.run("sh", "-c", "printf PNG | wl-copy --type image/png >/dev/null 2>&1")
    copy(session, "after it")
    assert len(listed(session)) == 2


def test_kept_cleared_and_back_by_inosctl(session):
    copy(session, "one", "two", "three")
    one = listed(session)[2]["id"]
    session.run("inosctl", "clipboard", "keep", str(one))
    session.run("inosctl", "clipboard", "clear")
    assert texts(session) == ["one"]
    session.run("inosctl", "clipboard", "undo")
    assert texts(session) == ["three", "two", "one"]
    session.run("inosctl", "clipboard", "choose", str(one))
    wait_for("it is not on the clipboard", lambda: pasted(session) == "one", 10)
    assert session.run("inosctl", "clipboard", "choose", "4000000", check=False).returncode == 4
    assert session.run("inosctl", "clipboard", "keep", "x", check=False).returncode == 2
    assert "*" in session.run("inosctl", "clipboard").stdout


def test_nothing_is_kept_where_a_person_says_so(session):
    copy(session, "before")
    session.run("inosctl", "clipboard", "off")
    assert listed(session) == [] and not session.get(SHELL, "Keeps", interface=CLIPBOARD)
    wait_for("it is on again after a login", lambda: session.run(
        "gsettings", "get", "org.inos.desktop", "keep-clipboard").stdout == "false\n", 10)
    session.run("sh", "-c", "wl-copy secret >/dev/null 2>&1")
    wait_for("it was not copied", lambda: pasted(session) == "secret", 10)
    session.run("gsettings", "set", "org.inos.desktop", "keep-clipboard", "true")
    wait_for("it is not on again", lambda: session.get(SHELL, "Keeps", interface=CLIPBOARD), 10)
    copy(session, "after")
    assert texts(session) == ["after"]


def test_what_a_password_manager_marks_is_not_kept(session):
    program = subprocess.Popen(
        [sys.executable, str(pathlib.Path(__file__).parent / "copy_program.py"), "text/plain;charset=utf-8", "hunter2",
         "x-kde-passwordManagerHint", "secret"], env=session.environment, stdout=subprocess.PIPE, text=True)
    try:
        wait_for("it has no window", lambda: any(window["Focused"] for window in session.windows()), 20)
        session.run("wtype", "c")
        assert program.stdout.readline() == "copied\n"
        wait_for("it is not on the clipboard", lambda: pasted(session) == "hunter2", 10)
    finally:
        program.kill()
        program.wait(60)
    copy(session, "harmless")
    assert texts(session) == ["harmless"]


def test_who_sends_without_end_and_who_sends_nothing(session):
    copy(session, "small")
    session.run("sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x | wl-copy >/dev/null 2>&1")
    session.toggle("clipboard")
    wait_for("it does not open", lambda: session.overlay() == "clipboard", 10)
    assert texts(session) == ["small"]
    settled(session, "clipboard-small", CARD)

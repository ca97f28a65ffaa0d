"""The overview of the windows, in a whole session: what it looks like, and what keys and the pointer do there."""

import pytest
from gi.repository import GLib
from pictures import settled
from pointer import Pointer
from session import Session, wait_for


PATH, OVERVIEW = "/org/inos/Compositor1", "org.inos.Compositor1.Overview"


def state(session):
    return session.inosctl("overview")


def show(session, word="open"):
    session.run("inosctl", "overview", word)


def is_open(session):
    return state(session)["open"]


def still(session, name, shows):
    """A picture when nothing moves any more and it shows that."""
    return settled(session, name, shows=shows)


def share(image, colour, near=12):
    pixels = list(image.resize((image.width // 4, image.height // 4), 0).getdata())
    return sum(all(abs(a - b) <= near for a, b in zip(pixel, colour)) for pixel in pixels) / len(pixels)


def fill(session, colour, title):
    """A terminal of one colour."""
    return session.open_foot("-o", f"colors.background={colour}", "sh", "-c", "sleep 600", title=title)[1]


def set_theme(session, scheme):
    session.run("gsettings", "set", "org.gnome.desktop.interface", "color-scheme", scheme)


@pytest.fixture(scope="module")
def desk(session):
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    return session


def test_empty(desk):
    show(desk)
    assert is_open(desk)
    still(desk, "overview-empty", lambda image: True)
    show(desk, "close")
    assert not is_open(desk)


def test_one_and_three_windows_in_light_and_dark(desk):
    fill(desk, "aa2020", "A red terminal")
    show(desk)
    still(desk, "overview-1", lambda image: share(image, (0xAA, 0x20, 0x20)) > 0.1)
    fill(desk, "20aa20", "A green terminal with a name that is much longer than there is room for below its picture, and goes on")
    fill(desk, "2020aa", "محطة زرقاء")
    for theme in ("default", "prefer-dark"):
        show(desk, "close")
        set_theme(desk, theme)
        show(desk)
        still(desk, f"overview-3-{theme}", lambda image: all(
            share(image, colour) > 0.03 for colour in ((0xAA, 0x20, 0x20), (0x20, 0xAA, 0x20), (0x20, 0x20, 0xAA)))
            and (max(image.getpixel((6, 780))) < 70) == (theme == "prefer-dark"))
    show(desk, "close")
    set_theme(desk, "default")


def test_keys_choose_and_go_there(desk):
    show(desk)
    chosen = set()
    for _ in range(3):
        desk.run("wtype", "-k", "Tab")
        chosen.add(state(desk)["selected"])
    assert len(chosen) == 3
    last = state(desk)["selected"]
    desk.run("wtype", "-k", "Return")
    wait_for("it stays open", lambda: not is_open(desk))
    wait_for("the window is not focused", lambda: desk.managed("Window")[
        desk.get("org.inos.Compositor1", "FocusedWindow")]["Id"] == last)


def test_a_click_beside_the_windows_ends_it(desk):
    show(desk)
    with Pointer(desk) as pointer:
        pointer.click(6, 790)
        wait_for("it stays open", lambda: not is_open(desk))


def test_what_is_typed_is_searched_for(desk):
    show(desk)
    desk.run("wtype", "foot")
    wait_for("the launcher does not come", lambda: desk.get("org.inos.Shell1", "Overlay") == "launcher", 20)
    wait_for("the overview stays", lambda: not is_open(desk))
    # The icon of what is found first is as dark as foot's, and grey.
    still(desk, "overview-typed", lambda image: share(image, (255, 255, 255), 4) > 0.15
          and max(image.getpixel((370, 212))) - min(image.getpixel((370, 212))) < 16)
    assert desk.call("org.inos.Compositor1", PATH, OVERVIEW, "TakeTyped") == ("",)
    desk.run("wtype", "-k", "Escape")
    wait_for("the launcher stays", lambda: desk.get("org.inos.Shell1", "Overlay") == "")


def test_shell_that_dies_takes_no_window(desk):
    show(desk)
    desk.kill("shell")
    assert is_open(desk)
    show(desk, "close")
    still(desk, "overview-shell-died", lambda image: max(
        share(image, colour) for colour in ((0xAA, 0x20, 0x20), (0x20, 0xAA, 0x20), (0x20, 0x20, 0xAA))) > 0.1)
    wait_for("the shell does not come back", lambda: desk.has_name("org.inos.Shell1"), 30)


def test_word_that_is_none(desk):
    assert desk.run("inosctl", "overview", "dance", check=False).returncode == 2


def test_twenty_windows_on_two_outputs_read_from_the_right(locales):
    environment = {"LOCPATH": str(locales), "LC_ALL": "ar_EG.UTF-8", "LANGUAGE": ""}
    with Session(environment=environment) as session:
        session.call("org.inos.Compositor1", PATH, "org.inos.Compositor1", "AddVirtualOutput",
                     GLib.Variant("(ii)", (1280, 800)))
        for i in range(20):
            fill(session, f"{40 + 9 * i:02x}60{220 - 8 * i:02x}", f"Terminal {i}")
        show(session)
        still(session, "overview-20-ar", lambda image: True)
        show(session, "close")

"""Panels, launchers and keyboards of other makers beside ours."""

import json

from clients import program, see, share, window, window_of
from pictures import CURSOR, changed, settled
from pointer import MIDDLE, Pointer
from session import wait_for

BAR = {
    "layer": "top",
    "position": "bottom",
    "height": 30,
    "modules-left": [],
    "modules-center": ["wlr/taskbar"],
    "modules-right": ["custom/right"],
    "wlr/taskbar": {"format": "{title}", "on-click": "activate", "on-click-middle": "close"},
    "custom/right": {"format": "that is all"},
}
# Colours, which a test can find: blue windows, the focused one green. Waybar 0.12 does not know
# ext-workspace yet.
STYLE = """
* { font-size: 13px; border: none; border-radius: 0; min-height: 0;
    transition: none; background-image: none; text-shadow: none; box-shadow: none; }
window#waybar { background: rgb(40, 0, 40); color: white; }
#taskbar button { background: rgb(0, 0, 250); color: white; min-width: 120px; }
#taskbar button.active, #taskbar button.active:hover { background: rgb(0, 250, 0); color: black; }
"""
BLUE, GREEN = (0, 0, 250), (0, 250, 0)
MENU = (300, 100, 980, 700)


def middle(picture, colour, top=770):
    """The centre of what has the colour in the lower edge of the screen, or None."""
    found = [x for x in range(picture.width) if picture.getpixel((x, top + 4)) == colour]
    return (sum(found) // len(found), top + 15) if found else None


def test_waybar_shows_and_changes_windows_in_its_taskbar(session, tmp_path):
    (tmp_path / "config").write_text(json.dumps(BAR))
    (tmp_path / "style.css").write_text(STYLE)
    with program(session, "waybar", "-c", tmp_path / "config", "-s", tmp_path / "style.css") as bar:
        see(session, "client-waybar-empty", lambda: f"no bar: {bar.said()}",
            lambda p: share(p, (0, 770, 1000, 800), (40, 0, 40)) > 0.99, 20)
        # A window does not cover it, and is in it.
        with window_of(session, "foot", "--title=one", "sleep", "60") as (_, one), \
                window_of(session, "foot", "--title=two", "sleep", "60") as (_, two):
            session.on_window(two["Id"], "SetMaximized", True)
            wait_for("a maximized window covers the bar", lambda: (
                lambda g: g[1] + g[3] <= 770 and g[1] + g[3] > 700)(
                    window(session, two["Id"])["Geometry"]))
            picture = settled(session, "client-waybar", (0, 770, 1280, 800), lambda p: middle(p, BLUE) and middle(p, GREEN))
            with Pointer(session) as pointer:
                pointer.click(*middle(picture, BLUE))
                pointer.move(200, 600)
                wait_for("a click in the taskbar does not focus",
                         lambda: window(session, one["Id"])["Focused"])
                see(session, "client-waybar", "the taskbar shows another focus",
                    lambda p: middle(p, GREEN) == middle(picture, BLUE))
                # The middle button closes.
                pointer.click(*middle(picture, GREEN), button=MIDDLE)
                wait_for("it does not close", lambda: not window(session, two["Id"]))
        see(session, "client-waybar-empty", "windows that are gone stay in the taskbar",
            lambda p: not middle(p, BLUE) and not middle(p, GREEN))
    see(session, "client-waybar-gone", "the bar stays",
        lambda p: share(p, (0, 770, 1280, 800), (40, 0, 40)) == 0)


def test_fuzzel_starts_what_is_typed(session, tmp_path):
    applications = session.folder / "data" / "applications"
    applications.mkdir(parents=True, exist_ok=True)
    (applications / "zebra.desktop").write_text(
        "[Desktop Entry]\nType=Application\nName=Zebra\nExec=foot --title=zebra sleep 60\n")
    with program(session, "fuzzel", "--background=ff0000ff", "--font=monospace:size=14",
                 "--icon-theme=hicolor") as process:
        inside = (560, 380, 720, 420)
        see(session, "client-fuzzel", lambda: f"it is not shown: {process.said()}",
            lambda p: share(p, inside, (255, 0, 0)) > 0.5, 20)
        before = settled(session, "client-fuzzel", MENU)
        session.run("wtype", "zebr")
        changed(session, "client-fuzzel", before, MENU, 2 * CURSOR)
        session.run("wtype", "-k", "Return")
        found = wait_for("it started nothing", lambda: [
            w for w in session.windows() if w["Title"] == "zebra"])[0]
        assert process.wait(60) == 0
        wait_for("the keyboard stays away", lambda: window(session, found["Id"])["Focused"])
    session.run("inosctl", "close", str(found["Id"]))
    wait_for("the window stays", lambda: not session.windows())


def test_fuzzel_goes_with_escape(session):
    with program(session, "fuzzel", "--background=ff0000ff") as process:
        see(session, "client-fuzzel", "it is not shown",
            lambda p: share(p, (560, 380, 720, 420), (255, 0, 0)) > 0.3, 20)
        session.run("wtype", "-k", "Escape")
        process.wait(60)
        see(session, "client-fuzzel-gone", "it is still there",
            lambda p: share(p, (560, 380, 720, 420), (255, 0, 0)) == 0)


def test_wvkbd_types_with_a_tap(session, tmp_path):
    typed = tmp_path / "typed"
    with window_of(session, "foot", "sh", "-c", f"read -r line; echo \"$line\" > {typed}; sleep 60"
                   ) as (_, it), \
            program(session, "wvkbd-mobintl", "-L", "240", "--bg", "000080", "--fg", "000080",
                    "--fg-sp", "008000") as keyboard:
        see(session, "client-wvkbd", lambda: f"no keys: {keyboard.said()}",
            lambda p: share(p, (0, 560, 1280, 800), (0, 0, 128)) > 0.3, 20)
        settled(session, "client-wvkbd", (0, 560, 1280, 800))
        with Pointer(session) as pointer:
            # The second row is 1 to 0, the same width each; the one below it q to p.
            pointer.click(64, 610)
            pointer.click(192, 652)
            assert window(session, it["Id"])["Focused"], "it took the keyboard"
        session.screenshot("client-wvkbd")
        session.run("wtype", "-k", "Return")
        wait_for("no line", lambda: typed.exists() and typed.read_text())
        assert typed.read_text() == "1w\n"

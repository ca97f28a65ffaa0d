"""Programs of all kinds in a session: what they show, and what they make of keys and clicks."""

import pytest
from clients import box_of, colours, program, see, share, window, window_of
from pictures import changed, difference, settled
from pointer import Pointer
from session import wait_for


def test_foot_draws_and_takes_text(session, tmp_path):
    typed = tmp_path / "typed"
    script = f"printf '\\033[41m\\033[2J'; read -r line; echo \"$line\" > {typed}; sleep 60"
    with window_of(session, "foot", "sh", "-c", script) as (process, it):
        assert it["AppId"] == "foot" and it["Pid"] == process.pid and it["Focused"]
        x, y, width, height = it["Geometry"]
        # Above it is the title bar that foot draws.
        body = (x + 20, y + 60, x + width - 20, y + height - 20)
        picture = see(session, "client-foot", "foot does not draw",
                      lambda p: colours(p, body) < 8 and p.getpixel(body[:2])[0] > 150)
        red, green, blue = picture.getpixel(body[:2])
        assert red > green + 80 and red > blue + 80
        session.run("wtype", "grüße, 世界")
        session.run("wtype", "-k", "Return")
        wait_for("the text does not arrive", lambda: typed.exists() and typed.read_text())
        assert typed.read_text() == "grüße, 世界\n"


def test_gtk_program_with_a_menu_and_a_second_window(session):
    with window_of(session, "gtk4-demo", title="GTK Demo") as (_, it):
        assert it["AppId"] == "org.gtk.Demo4"
        box = box_of(it)
        # It fades in, and draws its pictures one after the other.
        before = settled(session, "client-gtk4-demo", box, lambda p: colours(p, box) > 50)
        with Pointer(session) as pointer:
            # The menu's button is at the right of the title bar, before the one that closes.
            menu = (it["Geometry"][0] + it["Geometry"][2] - 72, it["Geometry"][1] + 24)
            below = (menu[0] - 60, menu[1] + 40, menu[0] + 60, menu[1] + 100)
            pointer.click(*menu)
            # It is there when all of it is, in its place.
            changed(session, "client-gtk4-menu", before, below, 1000)
            session.run("wtype", "-k", "Escape")
            see(session, "client-gtk4-demo", "the menu stays", lambda p: difference(before, p, below) == 0)
            # The assistant, third in the list, opens a window of its own.
            pointer.click(it["Geometry"][0] + 60, it["Geometry"][1] + 147)
            pointer.click(it["Geometry"][0] + 36, it["Geometry"][1] + 24)
        wait_for("the demo opens no window", lambda: len(session.windows()) > 1)
        session.screenshot("client-gtk4-second")


def test_qt_program_edits_a_file(session, tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("once\n")
    with window_of(session, "featherpad", file, title="letter.txt",
                   environment={"QT_QPA_PLATFORM": "wayland"}) as (process, it):
        assert it["AppId"] == "featherpad" and it["Pid"] == process.pid
        box = box_of(it)
        see(session, "client-qt", "Qt does not draw", lambda p: colours(p, box) > 50)
        session.run("wtype", "twice, ")
        wait_for("Qt takes no keys", lambda: "*" in window(session, it["Id"])["Title"])
        session.screenshot("client-qt")
        session.run("wtype", "-M", "ctrl", "-k", "s", "-m", "ctrl")
        wait_for("Ctrl+S saves nothing", lambda: file.read_text() == "twice, once\n")
        # It closes when it is asked, and ends.
        session.run("inosctl", "close", str(it["Id"]))
        assert process.wait(60) == 0


@pytest.mark.parametrize("name", ["simple-shm", "simple-egl", "simple-damage", "presentation-shm"])
def test_weston_client_moves(session, name):
    with window_of(session, f"weston-{name}", title=name) as (_, it):
        box = box_of(it, 20)
        first = see(session, f"client-{name}", "it does not draw", lambda p: colours(p, box) > 2)
        see(session, f"client-{name}", "it does not move",
            lambda p: p.crop(box).tobytes() != first.crop(box).tobytes())


def test_weston_client_for_fingers_is_shown(session):
    """It draws where fingers are, of which there are none here: a pane that what is below it shines through."""
    before = session.screenshot("client-simple-touch")
    with window_of(session, "weston-simple-touch", title="simple-touch") as (_, it):
        box = box_of(it, 40)
        see(session, "client-simple-touch", "it is not seen", lambda p: p.crop(box).tobytes() != before.crop(box).tobytes())


def test_weston_client_without_dmabuf_says_so(session):
    """Without a GPU there are no such buffers, and the compositor does not claim that there are."""
    said = session.run("wayland-info").stdout
    if "zwp_linux_dmabuf_v1" in said:
        with window_of(session, "weston-simple-dmabuf-feedback") as (_, it):
            see(session, "client-dmabuf", "it does not draw", lambda p: colours(p, box_of(it)) > 2)
        return
    with program(session, "weston-simple-dmabuf-feedback") as process:
        process.wait(60)
        assert "not supported" in process.said()


def test_film_in_mpv_keeps_the_screen_awake(session):
    with window_of(session, "mpv", "--no-config", "--vo=wlshm", "--no-osc", "--title=film",
                   "av://lavfi:testsrc=size=640x360:rate=25") as (_, it):
        assert it["AppId"] == "mpv"
        box = box_of(it, 10)
        first = see(session, "client-mpv", "no film", lambda p: colours(p, box) > 10)
        see(session, "client-mpv", "the film stands still",
            lambda p: p.crop(box).tobytes() != first.crop(box).tobytes())
        wait_for("the screen may go dark", lambda: session.get(
            "org.inos.Compositor1", "IdleInhibited"))
        session.run("wtype", "f")
        wait_for("f is not full screen", lambda: window(session, it["Id"])["Fullscreen"])
        picture = see(session, "client-mpv-fullscreen", "the panel is above the film",
                      lambda p: colours(p, (0, 0, 1280, 32)) < 8)
        assert picture.size == (1280, 800)
        session.run("wtype", "f")
        wait_for("it stays full screen", lambda: not window(session, it["Id"])["Fullscreen"])
    wait_for("the screen stays awake", lambda: not session.get(
        "org.inos.Compositor1", "IdleInhibited"))


def test_gstreamer_sink_shows_its_colour(session):
    with window_of(session, "gst-launch-1.0", "-q", "videotestsrc", "pattern=green", "!",
                   "video/x-raw,width=320,height=240", "!", "waylandsink") as (_, it):
        see(session, "client-gst", "no green",
            lambda p: share(p, box_of(window(session, it["Id"]), 10), (0, 255, 0), 40) > 0.95)


PAGE = """<title>a page</title>
<body style="background: rgb(0, 128, 255)">
<input autofocus oninput="document.title = this.value">"""

BROWSERS = {
    "firefox": ("firefox-esr", lambda folder: (
        "firefox-esr", "--no-remote", "--new-instance", "--profile", folder)),
    # Its own sandbox does not run as root.
    "chromium": ("chromium", lambda folder: (
        "chromium", "--no-sandbox", "--ozone-platform=wayland", f"--user-data-dir={folder}",
        "--no-first-run", "--password-store=basic")),
}


@pytest.mark.parametrize("name", BROWSERS)
def test_browser_shows_a_page_and_takes_text(session, name):
    app_id, command = BROWSERS[name]
    folder = session.folder / name
    folder.mkdir()
    page = session.folder / "page.html"
    page.write_text(PAGE)
    with window_of(session, *command(folder), f"file://{page}", title="a page",
                   seconds=60) as (process, it):
        assert it["AppId"] == app_id
        x, y, width, height = it["Geometry"]
        assert y >= 32, "it is below the panel"
        inside = (x + 20, y + height - 300, x + width - 20, y + height - 20)
        see(session, f"client-{name}", "the page is not shown",
            lambda p: share(p, inside, (0, 128, 255)) > 0.99, 30)
        session.run("wtype", "inos")
        wait_for(lambda: f"the page gets no text: {session.windows()}",
                 lambda: "inos" in window(session, it["Id"])["Title"], 20)
        session.screenshot(f"client-{name}")
        session.run("wtype", "-k", "F11")
        wait_for("F11 is not full screen", lambda: window(session, it["Id"])["Fullscreen"])
        session.run("wtype", "-k", "F11")
        wait_for("it stays full screen", lambda: not window(session, it["Id"])["Fullscreen"])
        assert process.poll() is None

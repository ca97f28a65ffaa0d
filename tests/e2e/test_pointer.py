"""A person's mouse on the desktop: what it passes over, what it clicks, what it drags."""

import time

import pytest
from pictures import settled
from pointer import RIGHT, Pointer
from session import by_load, wait_for

pytestmark = pytest.mark.sanitized

LAUNCHER, POWER, AWAY = (18, 16), (1262, 16), (640, 500)
# Its ends, without what moves every second.
PANEL = (0, 0, 300, 31)
# The title bar that the compositor draws above a window, whose geometry is without it.
TITLE = 32


@pytest.fixture
def pointer(session):
    with Pointer(session) as pointer:
        pointer.move(*AWAY)
        yield pointer


def corner(session, x, y):
    """The colour of a control beside its icon and beside the pointer."""
    return session.screenshot("pointer").getpixel((x - 10, y - 8))


def geometry(session, window):
    return next(w["Geometry"] for w in session.windows() if w["Id"] == window["Id"])


def test_hovering_lights_up_what_can_be_clicked(session, pointer):
    for control in (LAUNCHER, POWER):
        plain = settled(session, "pointer", PANEL).getpixel((control[0] - 10, control[1] - 8))
        pointer.move(*control)
        wait_for(f"the control at {control} does not light up",
                 lambda: corner(session, *control) != plain)
        session.screenshot(f"hover-{control[0]}")
        pointer.move(*AWAY)
        wait_for(f"the control at {control} stays lit", lambda: corner(session, *control) == plain)


def test_click_opens_and_a_click_beside_closes(session, pointer):
    for control, name, card in ((LAUNCHER, "launcher", (640, 620)), (POWER, "power", (1262, 60))):
        before = settled(session, "pointer", (0, 40, 1280, 800)).getpixel(card)
        pointer.click(*control)
        wait_for(f"the click did not open {name}", lambda: session.overlay() == name)
        wait_for(f"{name} does not appear",
                 lambda: session.screenshot(f"clicked-{name}").getpixel(card) != before)
        pointer.click(40, 700)
        wait_for(f"the click beside did not close {name}", lambda: session.overlay() == "")


def test_a_window_that_opens_has_the_keyboard_of_a_clicked_panel(session, pointer):
    pointer.click(*LAUNCHER)
    wait_for("the click did not open the launcher", lambda: session.overlay() == "launcher")
    session.run("wtype", "-k", "Escape")
    wait_for("Escape did not close it", lambda: session.overlay() == "")
    session.run("inosctl", "action", "exec", "foot")
    window = wait_for("foot opens no window", lambda: session.windows() and session.windows()[0], 20)
    wait_for("the panel keeps the keyboard", lambda: session.windows()[0]["Focused"])
    session.run("inosctl", "close", str(window["Id"]))
    wait_for("foot stays", lambda: not session.windows())


def test_wlrctl_clicks_too(session):
    session.run("wlrctl", "pointer", "move", "-9000", "-9000")
    session.run("wlrctl", "pointer", "move", str(LAUNCHER[0]), str(LAUNCHER[1]))
    session.run("wlrctl", "pointer", "click", "left")
    wait_for("the click did not open the launcher", lambda: session.overlay() == "launcher")
    session.run("wtype", "-k", "Escape")
    wait_for("Escape did not close it", lambda: session.overlay() == "")


@pytest.fixture
def window(session):
    process, window = session.open_foot("sleep", "120", title="dragged")
    yield window
    process.kill()
    process.wait()
    wait_for("the window stays", lambda: not session.windows())


def test_title_bar_moves_the_window(session, pointer, window):
    x, y, width, height = window["Geometry"]
    pointer.drag((x + width // 3, y - 16), (x + width // 3 + 90, y - 16 + 60))
    assert geometry(session, window) == (x + 90, y + 60, width, height)
    # The panel stays free; nearer to it the window would be maximized.
    pointer.drag((x + width // 3 + 90, y + 60 - 16), (x + width // 3 + 90, 42))
    assert geometry(session, window) == (x + 90, 32 + TITLE, width, height)
    # The next window opens where this one was.
    pointer.drag((x + width // 3 + 90, 48), (x + width // 3, y - 16))
    assert geometry(session, window) == (x, y, width, height)


def test_corner_resizes_the_window(session, pointer, window):
    x, y, width, height = window["Geometry"]
    pointer.drag((x + width + 2, y + height + 2), (x + width + 102, y + height + 72))

    def close_to(wanted):
        # A terminal is a whole number of characters large.
        return all(abs(a - b) < 24 for a, b in zip(geometry(session, window), wanted))

    wait_for(lambda: f"it is {geometry(session, window)}",
             lambda: close_to((x, y, width + 100, height + 70)))
    x, y, width, height = geometry(session, window)
    pointer.drag((x - 2, y - TITLE - 2), (x - 62, y - TITLE - 42))
    wait_for(lambda: f"it is {geometry(session, window)}",
             lambda: close_to((x - 60, y - 40, width + 60, height + 40)))
    now = geometry(session, window)
    assert (now[0] + now[2], now[1] + now[3]) == (x + width, y + height), "the other corner moved"


def test_super_and_a_drag_move_and_resize(session, pointer, window):
    x, y, width, height = window["Geometry"]
    # From the middle, where a terminal itself would take the press.
    inside = (x + width * 2 // 3, y + height * 2 // 3)
    # Two drags take two seconds where nothing else goes on.
    hold = session.start("wtype", "-M", "logo", "-s", str(int(by_load(4000))), "-m", "logo")
    time.sleep(by_load(0.3))
    pointer.drag(inside, (inside[0] + 70, inside[1] + 50))
    assert geometry(session, window) == (x + 70, y + 50, width, height)
    pointer.drag((inside[0] + 70, inside[1] + 50), (inside[0] + 150, inside[1] + 110), RIGHT)
    wait_for(lambda: f"it is {geometry(session, window)}",
             lambda: abs(geometry(session, window)[2] - width - 80) < 24
             and abs(geometry(session, window)[3] - height - 60) < 24)
    assert geometry(session, window)[:2] == (x + 70, y + 50)
    hold.wait()
    assert session.overlay() == "", "Super with a drag is not Super alone"


def test_mouse_that_is_unplugged_lets_go(session, window):
    x, y, width, height = window["Geometry"]
    with Pointer(session) as mouse:
        mouse.move(x + width // 3, y - 16)
        time.sleep(0.1)
        mouse.button(True)
        time.sleep(0.4)
        mouse.move(x + width // 3 + 40, y + 14)
        mouse.move(x + width // 3 + 90, y + 44)
        wait_for("the window does not follow", lambda: geometry(session, window)[:2] != (x, y))
    now = geometry(session, window)
    with Pointer(session) as mouse:
        mouse.move(*AWAY)
        time.sleep(0.2)
        assert geometry(session, window) == now, "the window follows a button that nobody holds"
        # And another one works.
        mouse.click(*LAUNCHER)
        wait_for("a click is lost", lambda: session.overlay() == "launcher")
    session.run("wtype", "-k", "Escape")
    wait_for("Escape did not close it", lambda: session.overlay() == "")


def test_who_types_once_the_launcher_is_announced_types_into_it(session, window):
    for _ in range(4):
        session.toggle("launcher")
        wait_for("the launcher does not open", lambda: session.overlay() == "launcher")
        session.run("wtype", "-k", "Escape")
        wait_for("Escape did not close it", lambda: session.overlay() == "")

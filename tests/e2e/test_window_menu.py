"""The menu of a window, asked for by a program, by the keyboard and on a title bar."""

import pytest
from clients import box_of, colours, see, share, window, window_of
from pictures import changed, settled
from pointer import RIGHT, Pointer
from session import Session, wait_for

pytestmark = pytest.mark.sanitized

ROW, EDGE = 32, 6
ON_TOP, STICKY = 5, 6  # of its entries
WHITE = (255, 255, 255)


def entry(x, y, number):
    """The middle of an entry of a menu that opened there."""
    return x + 60, y + EDGE + number * ROW + ROW // 2


def test_gtk_program_asks_for_it():
    with Session() as session, window_of(session, "gtk4-demo", title="GTK Demo") as (_, it):
        x, y = it["Geometry"][0] + 330, it["Geometry"][1] + 24
        box = (x + 2, y + 4, x + 150, y + 2 * EDGE + 9 * ROW - 4)
        with Pointer(session) as pointer:
            before = settled(session, "window-menu-gtk4", box_of(it), lambda p: colours(p, box_of(it)) > 50)
            pointer.click(x, y, RIGHT)
            changed(session, "window-menu-gtk4", before, box, 500, lambda p: share(p, box, WHITE) > 0.5)
            pointer.click(*entry(x, y, ON_TOP))
        wait_for("the entry does nothing", lambda: window(session, it["Id"])["OnTop"])


def test_keyboard_and_title_bar():
    with Session() as session:
        _, it = session.open_foot("sh", "-c", "sleep 300")
        x, y = it["Geometry"][:2]
        box = (x + 8, y + 8, x + 150, y + 2 * EDGE + 9 * ROW - 8)
        session.run("wtype", "-M", "alt", "-k", "space", "-m", "alt")
        see(session, "window-menu-keys", "no menu opens", lambda p: share(p, box, WHITE) > 0.5)
        session.run("wtype", "-k", "End", "-k", "Up", "-k", "Up", "-k", "Return")
        wait_for("the entry does nothing", lambda: window(session, it["Id"])["Sticky"])
        see(session, "window-menu-gone", "the menu stays", lambda p: share(p, box, WHITE) < 0.1)
        with Pointer(session) as pointer:
            pointer.click(x + 200, y - 16, RIGHT)
            pointer.click(*entry(x + 200, y - 16, STICKY))
        wait_for("the entry does nothing", lambda: not window(session, it["Id"])["Sticky"])
        # The arrow keys move what the menu gave them, until Return.
        session.run("wtype", "-M", "alt", "-k", "space", "-m", "alt")
        session.run("wtype", "-k", "Down", "-k", "Down", "-k", "Down", "-k", "Return")
        session.run("wtype", "-k", "Right", "-k", "Right", "-k", "Down", "-k", "Return")
        assert window(session, it["Id"])["Geometry"][:2] == (x + 32, y + 16)

"""Items of programs on the panel: shown, clicked, their menus drawn by us; fcitx5 is a program that has one."""

import contextlib
import os
import signal

import pytest
from clients import program
from gi.repository import Gio, GLib
from pictures import changed, settled
from players import SHELL, Program
from pointer import MIDDLE, RIGHT, Pointer
from session import SLOW, pss, wait_for

pytestmark = pytest.mark.sanitized

WATCHER = "org.kde.StatusNotifierWatcher"
CARD = (932, 40, 1272, 700)
PANEL = (300, 0, 1280, 32)
RED, GREEN = (255, 220, 20, 20), (255, 20, 200, 20)


class Item(Program):
    script = "sni_program.py"


@pytest.fixture(scope="module", autouse=True)
def settled_session(session):
    wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2], 20)


@pytest.fixture(autouse=True)
def clean(session):
    yield
    session.close_overlay()
    wait_for("items stay", lambda: not listed(session), 10)


def listed(session):
    return {row["title"]: row for row in session.inosctl("tray")["items"]}


def wait_listed(session, title, **wanted):
    def fits():
        row = listed(session).get(title)
        return row if row and all(row[key] == value for key, value in wanted.items()) else None

    return wait_for(lambda: f"not {wanted} but {listed(session)}", fits, 15)


def key(session, *names):
    for name in names:
        session.run("wtype", "-k", name)


def red_ones(image, box=PANEL):
    """Columns of the panel that have much red."""
    part = image.crop(box)
    return [box[0] + x for x in range(part.width)
            if sum(part.getpixel((x, y))[0] > 180 and part.getpixel((x, y))[1] < 60 for y in range(part.height)) > 6]


def find_red(session, name):
    """Where it is, once nothing of the panel that comes later moves it any more."""
    places = []

    def stays():
        columns = red_ones(session.screenshot(name))
        places.append(sum(columns) // len(columns) if columns else 0)
        return places[-1] if len(places) > 3 and len(set(places[-4:])) == 1 else 0

    return wait_for("its picture is not on the panel", stays, 15)


def test_shown_clicked_and_gone(session):
    with Item(session, "Courier") as item:
        item.set(IconPixmap=[[22, 22, RED]], ToolTip=["", [], "Courier", "3 <b>letters</b>"])
        row = wait_listed(session, "Courier", tooltip="Courier – 3 letters", status="active")
        assert row["menu"]
        at = find_red(session, "tray-panel")
        with Pointer(session) as pointer:
            pointer.click(at, 16)
            item.wait_asked("Activate", 0, 0)
            assert session.overlay() == ""
            pointer.click(at, 16, MIDDLE)
            item.wait_asked("SecondaryActivate", 0, 0)
            pointer.click(at, 16, RIGHT)
            wait_for("the menu does not open", lambda: session.overlay() == "tray", 10)
            item.wait_asked("GetLayout", 0, 5)
        item.set(Status="NeedsAttention")
        wait_listed(session, "Courier", status="attention")
        assert "Courier" in session.run("inosctl", "tray").stdout
    wait_for("its menu outlives it", lambda: not listed(session), 10)
    wait_for("its picture outlives it", lambda: not red_ones(session.screenshot("tray-panel-gone")), 10)


def test_a_picture_that_changes_under_the_pointer(session):
    with Item(session, "Courier") as item:
        item.set(IconPixmap=[[22, 22, RED]])
        wait_listed(session, "Courier")
        at = find_red(session, "tray-panel")
        with Pointer(session) as pointer:
            pointer.move(at, 16)
            pointer.button(True)
            item.set(IconPixmap=[[22, 22, GREEN]])
            wait_for("the picture stays", lambda: not red_ones(session.screenshot("tray-panel")), 10)
            pointer.button(False)
            item.wait_asked("Activate", 0, 0)


def test_menu_by_keys(session):
    with Item(session, "Courier") as item:
        item.set(IconPixmap=[[22, 22, RED]])
        wait_listed(session, "Courier")
        before = settled(session, "tray-list-light", CARD)
        session.run("wtype", "-M", "logo", "-k", "b", "-m", "logo")
        wait_for("Super+B opens nothing", lambda: session.overlay() == "tray", 10)
        before = changed(session, "tray-list-light", before, CARD, 2000)
        key(session, "Tab", "Return")
        before = changed(session, "tray-menu-light", before, CARD, 500)
        # Open, Mute, Status; what is not enabled is left out.
        key(session, "Down", "Down", "Right")
        item.wait_asked("AboutToShow", 4)
        changed(session, "tray-below-light", before, CARD, 300)
        key(session, "Down", "Return")
        item.wait_asked("Event", 6, "clicked")
        wait_for("the menu stays", lambda: session.overlay() == "", 10)
        item.wait_asked("Event", 0, "closed")


def test_program_without_activate_shows_its_menu(session):
    with Item(session, "Courier") as item:
        item.set(knows=["ContextMenu"])
        row = wait_listed(session, "Courier")
        session.run("inosctl", "tray", "activate", str(row["id"]))
        wait_for("no menu", lambda: session.overlay() == "tray", 10)
        session.close_overlay()
        item.set(Menu="/NO_DBUSMENU")
        wait_listed(session, "Courier", menu=False)
        session.run("inosctl", "tray", "menu", str(row["id"]))
        item.wait_asked("ContextMenu", 0, 0)
        assert session.run("inosctl", "tray", "secondary", str(row["id"]), check=False).returncode == 1
        assert session.run("inosctl", "tray", "activate", "4000000000", check=False).returncode == 4


def test_a_menu_that_comes_late_takes_no_keys(session):
    with Item(session, "Sloth") as item:
        item.set(knows=["ContextMenu"], late=1500)
        row = wait_listed(session, "Sloth")
        said = session.run("inosctl", "tray", "activate", str(row["id"]), check=False)
        assert said.returncode == 1, said.stderr
        assert session.overlay() == ""
        # Known from now on: the next click opens the menu at once.
        session.run("inosctl", "tray", "activate", str(row["id"]))
        wait_for("no menu", lambda: session.overlay() == "tray", 10)


def test_many_are_behind_a_button(session):
    with contextlib.ExitStack() as stack:
        for number in range(8):
            item = stack.enter_context(Item(session, f"Program {number}"))
            item.set(IconPixmap=[[22, 22, RED if number == 7 else GREEN]], Status="NeedsAttention" if number == 7 else "Active")
        wait_for("they do not come", lambda: len(listed(session)) == 8, 15)
        find_red(session, "tray-many-light")
        session.toggle("tray")
        wait_for("the list does not open", lambda: session.overlay() == "tray", 10)
        settled(session, "tray-many-light", CARD)


def test_comes_back_with_the_shell(session):
    with Item(session, "Courier") as item:
        wait_listed(session, "Courier")
        pid = session.kill("shell")
        wait_for("no new shell", lambda: session.component("shell")[:2] != ("running", pid)
                 and session.component("shell")[0] == "running" and session.has_name(WATCHER), 20)
        wait_for("it is not there again", lambda: session.has_name(SHELL) and "Courier" in listed(session), 20)
        session.run("inosctl", "tray", "activate", str(listed(session)["Courier"]["id"]))
        item.wait_asked("Activate", 0, 0)
        wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2], 20)


def test_input_method_has_one(session):
    """A program that is not ours, with a menu that is not ours."""
    with program(session, "fcitx5"):
        row = wait_for("it has no item", lambda: next(iter(listed(session).values()), None), 20)
        assert row["title"] and row["menu"]
        before = settled(session, "tray-fcitx", CARD)
        session.run("inosctl", "tray", "menu", str(row["id"]))
        wait_for("no menu", lambda: session.overlay() == "tray", 10)
        changed(session, "tray-fcitx", before, CARD, 2000)
        session.close_overlay()


def others_see(session):
    return session.get(WATCHER, "RegisteredStatusNotifierItems", "/StatusNotifierWatcher")


def connect(session):
    address = session.environment["DBUS_SESSION_BUS_ADDRESS"]
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


def tell_bus(bus, method, arguments):
    bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method, arguments, None,
                  Gio.DBusCallFlags.NONE, 5000, None)


def register(bus, service):
    bus.call_sync(WATCHER, "/StatusNotifierWatcher", WATCHER, "RegisterStatusNotifierItem", GLib.Variant("(s)", (service,)), None,
                  Gio.DBusCallFlags.NONE, 5000, None)


def test_an_item_goes_with_its_name(session):
    """Its connection stays."""
    name, bus = "org.example.Ghost", connect(session)
    tell_bus(bus, "RequestName", GLib.Variant("(su)", (name, 4)))
    register(bus, name)
    wait_for("it does not come", lambda: len(others_see(session)) == 1, 10)
    tell_bus(bus, "ReleaseName", GLib.Variant("(s)", (name,)))
    wait_for("it stays", lambda: not others_see(session), 5)
    bus.close_sync(None)


def test_items_go_with_who_registered_them(session):
    """One that registers made-up paths of another's name gets a few, which go when it does."""
    with Item(session, "Courier"):
        wait_listed(session, "Courier")
        stranger = connect(session)
        owner = others_see(session)[0].split("/")[0]
        for number in range(20):
            with contextlib.suppress(GLib.Error):
                register(stranger, f"{owner}/made/up{number}")
        wait_for("none came", lambda: len(others_see(session)) > 1, 10)
        assert len(others_see(session)) <= 8
        stranger.close_sync(None)
        wait_for("they stay", lambda: len(others_see(session)) == 1, 10)
        assert "Courier" in listed(session)


def test_hostile_items(session):
    with Item(session, "bad") as bad, Item(session, "good") as good:
        wait_listed(session, "good")
        bad.set(Title="\u202e<script>" + "t" * 1_000_000, IconName="../../../etc/passwd", IconThemePath="/" + "x" * 100_000,
                IconPixmap=[[40000, 40000, []], [-1, 5, RED], [513, 2, RED]], ToolTip=["", [], "<b>" * 50_000, "x" * 100_000],
                Status="Nonsense", Menu="/Menu")
        wait_for("it is not read", lambda: any(title.startswith("<script>ttt") for title in listed(session)), 15)
        row = next(row for title, row in listed(session).items() if title.startswith("<script>"))
        assert len(row["title"].encode()) <= 200 and len(row["tooltip"].encode()) <= 200 and row["status"] == "active"
        deep = [1, {"label": "L" * 10_000}, []]
        for _ in range(12):
            deep = [1, {"label": "deep", "children-display": "submenu"}, [deep]]
        bad.set(entries=[[number, {"label": f"\u202e{number} " + "x" * 2000}, []] for number in range(3000)] + [deep])
        session.run("inosctl", "tray", "menu", str(row["id"]))
        wait_for("no menu", lambda: session.overlay() == "tray", 10)
        wait_for("nothing is drawn", lambda: len(set(session.screenshot("tray-hostile").crop(CARD).getdata())) > 60, 10)
        settled(session, "tray-hostile", CARD)
        session.close_overlay()
        # Of one program a few; and it may say that it changed as often as it likes.
        bad.set(register=[f"/Item{number}" for number in range(200)])
        before = pss(session.component("shell")[1])
        bad.set(Title="again", times=10_000)
        good.set(Title="better")
        wait_listed(session, "better")
        wait_listed(session, "again")
        assert pss(session.component("shell")[1]) < before + 40_000 * SLOW
        registered = session.get(WATCHER, "RegisteredStatusNotifierItems", "/StatusNotifierWatcher")
        assert len(registered) <= 9, registered


def test_one_that_hangs_hangs_nobody(session):
    with Item(session, "stuck") as stuck, Item(session, "good") as good:
        wait_listed(session, "good")
        row = wait_listed(session, "stuck")
        os.kill(stuck.process.pid, signal.SIGSTOP)
        result = session.run("inosctl", "tray", "activate", str(row["id"]), check=False)
        assert result.returncode == 1 and "stuck" in result.stderr, result.stderr
        session.run("inosctl", "tray", "menu", str(row["id"]))
        wait_for("no menu", lambda: session.overlay() == "tray", 10)
        key(session, "Escape")
        wait_for("the shell hangs", lambda: session.overlay() == "", 5)
        session.run("inosctl", "tray", "activate", str(listed(session)["good"]["id"]))
        good.wait_asked("Activate", 0, 0)
        os.kill(stuck.process.pid, signal.SIGCONT)

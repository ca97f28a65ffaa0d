"""Notifications as programs send them and a person meets them; what came of it is looked for on the bus."""

import os
import signal
import time

import pictures
import pytest
from clients import program
from gi.repository import Gio, GLib
from notifications import (CARD, NAME, PATH, SHELL, Client, clear, do, has_text, is_gone, kill_shell, ours, pops_up,
                           rows, set_ours, state)
from pointer import Pointer
from session import PATIENCE, Session, processes_with, wait_for

pytestmark = pytest.mark.sanitized

# On 1280x800: the first card with a field for an answer, and what lies over the desktop with all of them.
REPLY, HISTORY = (892, 40, 1272, 160), (860, 40, 1280, 800)
CRITICAL = {"urgency": GLib.Variant("y", 2)}


@pytest.fixture(scope="module", autouse=True)
def settled(session):
    wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2])
    wait_for("another program has them", lambda: ours(session, "Active"))


@pytest.fixture
def client(session):
    with Client(session) as client:
        yield client
    clear(session)


@pytest.fixture
def before(session):
    """The corner with nothing in it, also of the test before."""
    session.call("org.inos.Compositor1", "/org/inos/Compositor1", "org.inos.Compositor1", "SimulateActivity")
    return pictures.settled(session, "before-popup", CARD, lambda picture: not has_text(picture))


def toggle(session):
    session.run("wtype", "-M", "logo", "-k", "n", "-m", "logo")


def open_history(session):
    before = pictures.settled(session, "history", HISTORY)
    toggle(session)
    wait_for("Super+N opens nothing", lambda: session.overlay() == "notifications")
    pictures.changed(session, "history", before, HISTORY, 4000)


def chooses(session, words=""):
    """Looks for that in the history, and goes to the first row."""
    if words:
        before = pictures.settled(session, "history", HISTORY)
        session.run("wtype", words)
        pictures.changed(session, "history", before, HISTORY, 2 * pictures.CURSOR)
    session.run("wtype", "-k", "Down")
    pictures.settled(session, "history", HISTORY)


def test_says_what_it_is(session):
    name, vendor, version, spec = session.call(NAME, PATH, NAME, "GetServerInformation")
    assert (name, vendor, spec) == ("Inos", "Inos", "1.2") and version
    capabilities = session.call(NAME, PATH, NAME, "GetCapabilities")[0]
    assert {"actions", "body", "body-markup", "body-hyperlinks", "inline-reply", "persistence"} <= set(capabilities)
    assert "sound" not in capabilities


def test_pops_up_beside_the_work_and_is_kept(session, client, before):
    foot, window = session.open_foot("sleep", "120")
    number = client.notify("A message", "with <b>a word</b> &amp; more", timeout=-1)
    pops_up(session, before)
    assert [w["Id"] for w in session.windows() if w["Focused"]] == [window["Id"]], "it took the keyboard"
    assert session.overlay() == ""
    pictures.settled(session, "popup-light", CARD, has_text)
    wait_for("its time does not end", lambda: state(session, number) == "kept", 20)
    assert ours(session, "Unseen") == 1
    assert rows(session)[number][3:5] == ("A message", "with a word & more")
    assert client.told() == []
    foot.kill()
    wait_for("the window stays", lambda: not session.windows())


def test_timeouts(session, client):
    soon = client.notify("soon", timeout=600)
    never = client.notify("never", timeout=0)
    critical = client.notify("critical", hints=CRITICAL)
    client.wait_told("NotificationClosed", soon, 1)
    assert state(session, soon) == "past"
    assert (state(session, never), state(session, critical)) == ("shown", "shown")
    client.close(never)
    client.wait_told("NotificationClosed", never, 3)
    assert state(session, never) is None
    with pytest.raises(GLib.Error):
        client.close(never)


def test_replacing_keeps_the_id(session, client):
    first = client.notify("40 %", hints={"value": GLib.Variant("i", 40)})
    assert client.notify("80 %", replaces=first, hints={"value": GLib.Variant("i", 80)}) == first
    assert rows(session)[first][7] == 80
    volume = {"x-canonical-private-synchronous": GLib.Variant("s", "volume")}
    one = client.notify("Volume", hints=volume)
    assert client.notify("Volume", hints=volume) == one
    client.wait_told("NotificationClosed", one, 1)
    assert one not in rows(session), "what is of the moment is kept"


def test_others_leave_it_alone(session, client):
    volume = {"x-canonical-private-synchronous": GLib.Variant("s", "volume")}
    number = client.notify("Mine")
    tagged = client.notify("Volume", hints=volume, timeout=0)
    with Client(session) as other:
        theirs = other.notify("Theirs", replaces=number, actions=["default", "Open"])
        assert theirs != number and other.notify("Volume", hints=volume) != tagged
        with pytest.raises(GLib.Error) as caught:
            other.close(number)
        assert Gio.DBusError.get_remote_error(caught.value) == f"{NAME}.Error.InvalidId"
    assert rows(session)[number][3] == "Mine" and client.told() == []
    wait_for("it has actions", lambda: rows(session)[theirs][8] == [])
    assert client.notify("Ours", replaces=theirs) == theirs
    client.close(number)
    client.wait_told("NotificationClosed", number, 3)


def test_pointer_chooses_the_default_action(session, client, before):
    number = client.notify("Click me", "anywhere", actions=["default", "Open", "later", "Later"], hints=CRITICAL)
    pops_up(session, before)
    with Pointer(session) as pointer:
        pointer.click(1100, 62)
        client.wait_told("ActionInvoked", number, "default")
        pointer.move(400, 700)
    assert [event for event in client.told() if event[0] == "ActivationToken" and event[1] == number and event[2]]
    client.wait_told("NotificationClosed", number, 2)
    is_gone(session, before)


def test_an_answer_is_typed_where_it_pops_up(session, client, before):
    foot, window = session.open_foot("sleep", "120")
    number = client.notify("Ada", "Shall we?", actions=["inline-reply", "Reply"], hints=CRITICAL)
    pictures.settled(session, "popup-reply", REPLY, has_text)
    with Pointer(session) as pointer:
        pointer.click(1040, 130)
        wait_for("it does not take the keyboard", lambda: not session.windows()[0]["Focused"])
        empty = pictures.settled(session, "popup-reply", REPLY)
        session.run("wtype", "yes, at five")
        pictures.changed(session, "popup-reply", empty, REPLY, 2 * pictures.CURSOR)
        session.run("wtype", "-k", "Return")
        client.wait_told("NotificationReplied", number, "yes, at five")
        client.wait_told("NotificationClosed", number, 2)
        pointer.move(400, 700)
    wait_for("the window does not get the keyboard back", lambda: session.windows()[0]["Focused"])
    foot.kill()
    wait_for("the window stays", lambda: not session.windows())


def test_keyboard_goes_back_with_what_was_answered(session, client, before):
    foot, window = session.open_foot("sleep", "120")
    stays = client.notify("Ada", "Shall we?", actions=["inline-reply", "Reply"], hints=CRITICAL)
    goes = client.notify("Bob", "Shall we?", actions=["inline-reply", "Reply"], hints=CRITICAL)
    pictures.settled(session, "popup-reply", (892, 40, 1272, 400), has_text)
    with Pointer(session) as pointer:
        pointer.click(1040, 130)
        wait_for("it does not take the keyboard", lambda: not session.windows()[0]["Focused"])
        client.close(goes)
        wait_for("the window does not get the keyboard back", lambda: session.windows()[0]["Focused"])
        assert state(session, stays) == "shown"
        pictures.settled(session, "popup-reply", (892, 40, 1272, 400), has_text)
        pointer.click(1040, 130)
        wait_for("it does not take the keyboard", lambda: not session.windows()[0]["Focused"])
        session.run("wtype", "-k", "Escape")
        wait_for("Escape does not let go of the keyboard", lambda: session.windows()[0]["Focused"])
        pointer.move(400, 700)
    assert state(session, stays) == "shown"
    foot.kill()
    wait_for("the window stays", lambda: not session.windows())


def test_keyboard_goes_back_where_the_page_is_given_up():
    with Session() as session, Client(session) as client, Pointer(session) as pointer:
        wait_for("another program has them", lambda: ours(session, "Active"))
        foot, window = session.open_foot("sleep", "120")
        before = pictures.settled(session, "before-popup", CARD)
        client.notify("Ada", "Shall we?", actions=["inline-reply", "Reply"], hints=CRITICAL)
        pops_up(session, before)
        run = f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"

        def taken():
            # Again: a page that is being loaded hears nothing.
            pointer.click(1040, 130)
            return not session.windows()[0]["Focused"]

        for _ in range(3):
            wait_for("it does not take the keyboard", taken, 10)
            for pid, name in processes_with(run):
                if name == "WebKitWebProces":
                    os.kill(pid, signal.SIGKILL)
            wait_for("the window does not get the keyboard back", lambda: session.windows()[0]["Focused"], 10)


def test_pointer_over_it_keeps_it_and_a_swipe_takes_it(session, client, before):
    with Pointer(session) as pointer:
        pointer.move(400, 700)
        number = client.notify("Stay", timeout=4000)
        wait_for("nothing pops up", lambda: has_text(session.screenshot("popup")))
        pointer.move(1000, 62)
        other = client.notify("Elsewhere", app="Other", timeout=1)
        # Were it not for the pointer both would end now.
        time.sleep(4.5)
        assert (state(session, number), state(session, other)) == ("shown", "shown")
        pointer.drag((1000, 62), (1160, 62))
        wait_for("a swipe does nothing", lambda: len(rows(session)) == 1)
        pointer.move(400, 700)
    wait_for("it does not end", lambda: "shown" not in [row[6] for row in rows(session).values()], 10)


def test_keyboard_alone(session, client):
    number = client.notify("By keys", actions=["default", "Open"])
    other = client.notify("Another", app="Other")
    open_history(session)
    wait_for("they still pop up", lambda: state(session, number) == "kept")
    wait_for("they are still new", lambda: ours(session, "Unseen") == 0)
    chooses(session, "another")
    session.run("wtype", "-k", "Delete")
    wait_for("Delete does nothing", lambda: other not in rows(session))
    session.run("wtype", "-M", "ctrl", "-k", "z", "-m", "ctrl")
    wait_for("it does not come back", lambda: other in rows(session))
    session.run("wtype", "-k", "Escape")
    wait_for("Escape does not close it", lambda: session.overlay() == "")
    open_history(session)
    chooses(session, "keys")
    session.run("wtype", "-k", "Return")
    client.wait_told("ActionInvoked", number, "default")
    wait_for("it stays open", lambda: session.overlay() == "")


def test_each_clearing_can_be_undone_for_as_long(session, client):
    first = client.notify("First", app="One")
    second = client.notify("Second", app="Two")
    open_history(session)
    chooses(session)
    session.run("wtype", "-k", "Delete")
    wait_for("Delete does nothing", lambda: second not in rows(session))
    began = time.monotonic()
    time.sleep(7.5)
    chooses(session)
    session.run("wtype", "-k", "Delete")
    wait_for("Delete does nothing", lambda: first not in rows(session))
    # The time of the one before has ended now.
    time.sleep(max(began + 10.3 - time.monotonic(), 0))
    session.run("wtype", "-M", "ctrl", "-k", "z", "-m", "ctrl")
    wait_for("it does not come back", lambda: first in rows(session))
    session.run("wtype", "-k", "Escape")
    wait_for("Escape does not close it", lambda: session.overlay() == "")


def test_notify_send_waits_for_its_action(session):
    with Client(session):
        process = session.start("sh", "-c", "notify-send --action=yes=Yes --action=no=No --app-name=Sender Question "
                                            f"> {session.folder}/answer")
        number = wait_for("nothing came", lambda: [n for n, row in rows(session).items() if row[1] == "Sender"])[0]
        assert [key for key, _ in rows(session)[number][8]] == ["yes", "no"]
        (note,) = [note for note in session.inosctl("notifications")["notifications"] if note["id"] == number]
        assert note["urgency"] == 1 and note["actions"] == {"yes": "Yes", "no": "No"}
        session.run("inosctl", "notifications", "action", str(number), "no")
        assert process.wait(10 * PATIENCE) == 0
        assert (session.folder / "answer").read_text() == "no\n"


def test_who_left_is_not_answered(session):
    with Client(session) as leaving:
        number = leaving.notify("Bye", actions=["default", "Open"])
    wait_for("it has actions", lambda: rows(session)[number][8] == [])
    with pytest.raises(GLib.Error):
        do(session, "InvokeAction", "(us)", number, "default")
    assert number in rows(session)
    clear(session)


def test_do_not_disturb(session, client, before):
    session.run("inosctl", "notifications", "dnd", "on")
    try:
        # One follows from the other, a moment later.
        wait_for("it is not quiet", lambda: ours(session, "DoNotDisturb") and ours(session, "Quiet"))
        quiet = client.notify("quiet")
        assert state(session, quiet) == "kept"
        loud = client.notify("loud", hints=CRITICAL)
        assert state(session, loud) == "shown"
        kill_shell(session)
        wait_for("it is forgotten", lambda: ours(session, "DoNotDisturb"))
    finally:
        session.run("inosctl", "notifications", "dnd", "off")
    session.run("inosctl", "notifications", "mute", "Test")
    try:
        assert state(session, client.notify("muted", hints=CRITICAL)) == "kept"
        assert state(session, client.notify("not muted", app="Other")) == "shown"
    finally:
        session.run("inosctl", "notifications", "unmute", "Test")
    assert ours(session, "Muted") == []


def test_quiet_while_a_window_fills_the_screen(session, client):
    foot, window = session.open_foot("sleep", "120")
    session.on_window(window["Id"], "SetFullscreen", True)
    wait_for("it is not quiet", lambda: ours(session, "Quiet"))
    assert state(session, client.notify("quiet")) == "kept"
    session.on_window(window["Id"], "SetFullscreen", False)
    wait_for("it stays quiet", lambda: not ours(session, "Quiet"))
    set_ours(session, "QuietInFullScreen", GLib.Variant("b", False))
    session.on_window(window["Id"], "SetFullscreen", True)
    wait_for("it is small", lambda: session.windows()[0]["Fullscreen"])
    assert state(session, client.notify("seen")) == "shown"
    set_ours(session, "QuietInFullScreen", GLib.Variant("b", True))
    foot.kill()
    wait_for("the window stays", lambda: not session.windows())


def is_locker(picture):
    return picture.getpixel((1080, 70)) == (0x20, 0x30, 0x40)


def test_locked_they_wait(session, client, before):
    with program(session, "swaylock", "--config=/dev/null", "-c", "203040") as locker:
        wait_for("it is not locked", lambda: session.get("org.inos.Compositor1", "Locked"))
        wait_for("the locker draws nothing", lambda: is_locker(session.screenshot("popup-locked")), 10)
        number = client.notify("Secret", "nobody may read it", timeout=500)
        time.sleep(1.5)
        assert state(session, number) == "shown", "its time went by unseen"
        assert is_locker(session.screenshot("popup-locked"))
        os.kill(locker.pid, signal.SIGUSR1)
        wait_for("it stays locked", lambda: not session.get("org.inos.Compositor1", "Locked"))
        client.wait_told("NotificationClosed", number, 1)


def test_inosctl(session, client):
    number = client.notify("Listed", "<i>body</i>", actions=["default", "Open"])
    listed = session.inosctl("notifications")["notifications"]
    assert [(n["id"], n["app"], n["summary"], n["body"], n["actions"]) for n in listed] == [
        (number, "Test", "Listed", "body", {"default": "Open"})]
    assert "Listed" in session.run("inosctl", "notifications", "list").stdout
    session.run("inosctl", "notifications", "clear")
    assert session.inosctl("notifications") == {"notifications": []}
    session.run("inosctl", "notifications", "undo")
    assert number in rows(session)
    session.run("inosctl", "notifications", "dismiss", str(number))
    client.wait_told("NotificationClosed", number, 2)
    assert session.run("inosctl", "notifications", "dismiss", str(number), check=False).returncode == 4
    assert session.run("inosctl", "notifications", "dance", check=False).returncode == 2


def test_nothing_is_lost_when_the_shell_is_killed(session, client, before):
    critical = client.notify("Stays", "until it is answered", actions=["default", "Open"], hints=CRITICAL)
    gone = client.notify("Gone")
    do(session, "Dismiss", "(u)", gone)
    old = session.component("shell")[1]
    session.kill("shell")
    wait_for("its connection stays", lambda: not session.has_name(NAME) or session.component("shell")[1] not in (0, old))
    # In the very moment in which nobody is there: the bus waits for the next shell.
    meanwhile = client.notify("Meanwhile")
    assert session.component("shell")[1] != old
    assert meanwhile > gone > critical
    assert state(session, critical) == "shown" and gone not in rows(session)
    wait_for("the panel is not back", lambda: session.get(SHELL, "PanelFigures")[2], 10)
    pops_up(session, before, name="popup-after-kill")
    do(session, "InvokeAction", "(us)", critical, "default")
    client.wait_told("ActionInvoked", critical, "default")


def test_another_server_goes_first():
    with Session() as session, Client(session) as client:
        wait_for("it is not ours to begin with", lambda: ours(session, "Active"))
        flags = GLib.Variant("(su)", (NAME, 0))
        bus = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
        session.call(*bus, "RequestName", flags)  # waits behind the shell
        old = session.kill("shell")
        wait_for("no other shell", lambda: session.component("shell")[1] not in (0, old) and session.has_name(SHELL), 10)
        wait_for("it does not go on without", lambda: session.component("shell")[0] == "running"
                 and not ours(session, "Active"), 10)
        session.logged("shell", "shows the notifications")
        session.call(*bus, "ReleaseName", GLib.Variant("(s)", (NAME,)))
        wait_for("it does not take over", lambda: ours(session, "Active"))
        assert state(session, client.notify("again")) == "shown"

"""X11 programs among others: title bars, menus, dialogs, attention, sizes, and programs that misbehave."""

import os

import xcffib
import xcffib.xproto as x
from clients import box_of, program, see, share, window
from pointer import Pointer
from session import wait_for
from x11 import X11Client, titled

GREEN, BLUE = (0, 255, 0), (0, 0, 255)


def near(a, b):
    """Whether the pairs are equal but for a pixel."""
    return abs(a[0] - b[0]) <= 1 and abs(a[1] - b[1]) <= 1


def test_title_bar_moves_and_closes_an_x11_window(session):
    with X11Client(session) as client:
        client.window("framed")
        it = titled(session, "framed")
        left, top, width, _ = it["Geometry"]
        see(session, "x11-framed", "it is not drawn", lambda p: share(p, box_of(it, 2), GREEN) > 0.99)
        with Pointer(session) as pointer:
            pointer.drag((left + 60, top - 16), (left + 100, top + 44))
            # Places of the pointer are parts of the desktop, so that the last digit is anybody's.
            wait_for("the title bar does not move it", lambda: near(
                window(session, it["Id"])["Geometry"], (left + 40, top + 60)))
            left, top = window(session, it["Id"])["Geometry"][:2]
            # The client is told where it is, so that its menus open there.
            client.wait(x.ConfigureNotifyEvent, "it is not told", lambda e: (e.x, e.y) == (left, top))
            client.forget()
            pointer.click(left + width - 16, top - 16)
        asked = client.wait(x.ClientMessageEvent, "the button does not ask it to close")
        assert asked.data.data32[0] == client.atom("WM_DELETE_WINDOW")
        assert window(session, it["Id"]), "it has yet to close itself"
    wait_for("its window stays", lambda: not session.windows())


def test_windows_that_draw_their_own_title_or_are_none_get_no_bar(session):
    with X11Client(session) as client:
        bare = client.window("bare", shown=False)
        client.set(bare, "_MOTIF_WM_HINTS", "_MOTIF_WM_HINTS", [2, 0, 0, 0, 0])
        client.show(bare)
        for title in ("bare", "splash"):
            if title == "splash":
                client.window("splash", kind="SPLASH", color=0x00FF00)
            it = titled(session, title)
            box, above = box_of(it), it["Geometry"]
            see(session, f"x11-{title}", "it is not drawn", lambda p: share(p, box, GREEN) > 0.99)
            picture = session.screenshot(f"x11-{title}")
            strip = (above[0], above[1] - 30, above[0] + above[2], above[1] - 2)
            assert len(set(picture.crop(strip).getdata())) > 8, "a title bar where there is only wallpaper"
            client.core.UnmapWindow(bare)
            client.sync()
            wait_for("it stays", lambda: "bare" not in [w["Title"] for w in session.windows()])
    wait_for("its windows stay", lambda: not session.windows())


def test_no_window_is_missed(session):
    """Its first picture may be there before the X server says whose it is."""
    with X11Client(session) as client:
        number = client.window("again")
        for _ in range(20):
            titled(session, "again")
            client.core.UnmapWindow(number)
            client.sync()
            wait_for("it stays", lambda: not session.windows())
            client.show(number)
        titled(session, "again")
    wait_for("its window stays", lambda: not session.windows())


def test_clients_that_cannot_close_are_ended(session):
    with X11Client(session) as client:
        client.window("stubborn", protocols=())
        it = titled(session, "stubborn")
        session.on_window(it["Id"], "Close")
        wait_for("it stays", lambda: not window(session, it["Id"]))
        try:
            client.sync()
            raise AssertionError("its connection lives on")
        except xcffib.ConnectionException:
            pass


def test_menu_is_where_its_program_puts_it_and_leaves_the_window_active(session):
    with X11Client(session) as client:
        client.window("main")
        it = titled(session, "main")
        left, top = it["Geometry"][:2]
        client.wait(x.FocusInEvent, "it has no focus")
        menu = client.window("menu", 80, 60, place=(left + 50, top + 150), menu=True, color=0x0000FF,
                             kind="POPUP_MENU")
        box = (left + 50, top + 150, left + 130, top + 210)
        see(session, "x11-menu", "the menu is somewhere else", lambda p: share(p, box, BLUE) == 1)
        # It is no window to taskbars, and its window keeps the keyboard.
        assert [w["Title"] for w in session.windows()] == ["main"]
        assert window(session, it["Id"])["Focused"]
        client.forget()
        with Pointer(session) as pointer:
            pointer.click(left + 70, top + 170)
        press = client.wait(x.ButtonPressEvent, "no click arrives")
        assert press.event == menu and near((press.event_x, press.event_y), (20, 20))
        # It moves, and goes.
        client.core.ConfigureWindow(menu, x.ConfigWindow.X, [left + 60])
        client.sync()
        see(session, "x11-menu", "it does not move", lambda p: (
            share(p, (box[0] + 10, box[1], box[2] + 10, box[3]), BLUE) == 1))
        client.core.UnmapWindow(menu)
        client.sync()
        see(session, "x11-menu-gone", "it stays", lambda p: share(p, box, BLUE) == 0)


def test_launcher_without_a_window_gets_the_keys_it_grabs(session):
    foot, it = session.open_foot("sleep", "60", title="beside")
    with X11Client(session) as client:
        launcher = client.window("launcher", 400, 30, place=(0, 40), menu=True, color=0x0000FF)
        see(session, "x11-launcher", "it is not shown",
            lambda p: share(p, (0, 40, 400, 70), BLUE) > 0.95)
        client.core.GrabKeyboard(True, launcher, x.Time.CurrentTime, x.GrabMode.Async,
                                 x.GrabMode.Async).reply()
        client.forget()
        session.run("wtype", "a")
        assert client.wait(x.KeyPressEvent, "no key arrives").event == launcher
        client.core.UngrabKeyboard(x.Time.CurrentTime)
        client.core.UnmapWindow(launcher)
        client.sync()
        wait_for("the terminal has no keyboard again", lambda: window(session, it["Id"])["Focused"])
        # A window that becomes a menu is no longer in the taskbar, nor the other way round.
        turned = client.window("turned", 100, 100, place=(20, 100))
        titled(session, "turned")
        client.core.UnmapWindow(turned)
        client.core.ChangeWindowAttributes(turned, x.CW.OverrideRedirect, [1])
        client.show(turned)
        wait_for("it is still a window",
                 lambda: [w["Title"] for w in session.windows()] == ["beside"])
        client.core.ChangeWindowAttributes(turned, x.CW.OverrideRedirect, [0])
        client.core.UnmapWindow(turned)
        client.show(turned)
        titled(session, "turned")
    foot.kill()
    foot.wait()
    wait_for("windows stay", lambda: not session.windows())


def test_attention_is_asked_for_and_given(session):
    with X11Client(session) as client:
        asking = client.window("asking")
        it = titled(session, "asking")
        foot, other = session.open_foot("sleep", "60", title="other")
        wait_for("no focus", lambda: window(session, other["Id"])["Focused"])
        assert not window(session, it["Id"])["Urgent"]
        # By its hints, and no longer.
        client.set(asking, "WM_HINTS", "WM_HINTS", [256, 0, 0, 0, 0, 0, 0, 0, 0])
        wait_for("it is not marked", lambda: window(session, it["Id"])["Urgent"])
        client.set(asking, "WM_HINTS", "WM_HINTS", [0] * 9)
        wait_for("the mark stays", lambda: not window(session, it["Id"])["Urgent"])
        # It may not take the focus from another program.
        client.message(asking, "_NET_ACTIVE_WINDOW", 1, 0, 0)
        wait_for("it is not marked", lambda: window(session, it["Id"])["Urgent"])
        assert window(session, other["Id"])["Focused"]
        session.run("inosctl", "focus", str(it["Id"]))
        wait_for("it has no focus", lambda: window(session, it["Id"])["Focused"])
        wait_for("the mark stays", lambda: not window(session, it["Id"])["Urgent"])
        foot.kill()
        foot.wait()
    wait_for("windows stay", lambda: not session.windows())


def test_dialog_opens_over_its_window(session):
    with X11Client(session) as client:
        main = client.window("main", 600, 400)
        it = titled(session, "main")
        client.window("dialog", 200, 100, kind="DIALOG", parent=main, color=0x0000FF)
        dialog = titled(session, "dialog")
        a, b = it["Geometry"], dialog["Geometry"]
        assert abs((a[0] + a[2] / 2) - (b[0] + b[2] / 2)) <= 4
        assert abs((a[1] + a[3] / 2) - (b[1] + b[3] / 2)) <= 36
        see(session, "x11-dialog", "it is not seen", lambda p: share(p, box_of(dialog, 4), BLUE) > 0.99)
        # The window comes to the front, and its dialog with it.
        session.run("inosctl", "focus", str(it["Id"]))
        see(session, "x11-dialog", "it is behind its window",
            lambda p: share(p, box_of(dialog, 4), BLUE) > 0.99)
        session.on_window(it["Id"], "SetMinimized", True)
        see(session, "x11-dialog-gone", "it stays", lambda p: share(p, box_of(dialog, 4), BLUE) == 0)
        session.on_window(it["Id"], "SetMinimized", False)
    wait_for("windows stay", lambda: not session.windows())


def test_wmctrl_and_xdotool_change_states(session):
    with program(session, "xterm", "-T", "steered", "-e", "sleep", "60"):
        it = titled(session, "steered")

        def now():
            return window(session, it["Id"])

        listed = session.run("wmctrl", "-l").stdout
        assert "steered" in listed
        for state, name in (("fullscreen", "Fullscreen"),
                            ("maximized_vert,maximized_horz", "Maximized")):
            session.run("wmctrl", "-r", "steered", "-b", f"add,{state}")
            wait_for(f"no {state}", lambda: now()[name])
            number = session.run("xdotool", "search", "--name", "steered").stdout.split()[0]
            said = session.run("xprop", "-id", number, "_NET_WM_STATE").stdout
            assert state.split(",")[0].upper() in said
            session.run("wmctrl", "-r", "steered", "-b", f"remove,{state}")
            wait_for(f"{state} stays", lambda: not now()[name])
        session.run("xdotool", "windowminimize", number)
        wait_for("it is not minimized", lambda: now()["Minimized"])
        session.on_window(it["Id"], "SetMinimized", False)
        session.run("wmctrl", "-r", "steered", "-e", "0,-1,-1,500,300")
        wait_for("no size", lambda: abs(now()["Geometry"][2] - 500) < 20)
        session.on_window(it["Id"], "Close")
        wait_for("it does not close", lambda: not now())


def test_selections_go_both_ways(session):
    with program(session, "xterm", "-T", "selecting", "-e", "sleep", "60"):
        titled(session, "selecting")
        session.start("wl-copy", "--primary", "from Wayland")
        wait_for("X11 does not get it", lambda: session.run(
            "xclip", "-o", "-selection", "primary", check=False).stdout == "from Wayland")
        session.run("sh", "-c", "printf 'from X11' | xclip -selection primary >/dev/null 2>&1")
        wait_for("Wayland does not get it", lambda: session.run(
            "wl-paste", "--primary", "--no-newline", check=False).stdout == "from X11")
    wait_for("it stays", lambda: not session.windows())


def test_xrandr_knows_the_screens(session):
    name = list(session.managed("Output").values())[0]["Name"]
    said = session.run("xrandr").stdout
    assert f"{name} connected" in said and "1280x800+0+0" in said
    assert "*" in said, "no mode is the current one"


def test_programs_that_misbehave_disturb_nobody(session):
    foot, beside = session.open_foot("sleep", "60", title="beside")
    compositor = session.component("compositor")
    with X11Client(session) as client:
        # There is no memory for this one, and it never shows.
        client.window("endless", 32767, 32767)
        client.window("large", 5000, 3000)
        titled(session, "large")
        client.window("tiny", 1, 1)
        titled(session, "tiny")
        long = client.window("x" * 60000)
        client.set(long, "WM_NORMAL_HINTS", "WM_SIZE_HINTS", [0xFFFFFFFF] * 18)
        client.set(long, "WM_HINTS", "WM_HINTS", [0xFFFFFFFF] * 9)
        client.set(long, "WM_TRANSIENT_FOR", "WINDOW", [long])
        client.set(long, "_NET_WM_WINDOW_TYPE", "ATOM", list(range(1, 1000)))
        client.set(long, "_NET_WM_NAME", "UTF8_STRING", "self")
        titled(session, "self")
        # Two that say they belong to each other.
        first = client.window("first")
        second = client.window("second", parent=first)
        client.set(first, "WM_TRANSIENT_FOR", "WINDOW", [second])
        # Sizes, titles and states as fast as they can be sent.
        for i in range(3000):
            client.core.ConfigureWindow(first, x.ConfigWindow.Width | x.ConfigWindow.Height
                                        | x.ConfigWindow.X, [-100 + i & 0xFFFF, 1 + i * 17 % 32767,
                                                             1 + i * 31 % 32767])
            client.set(second, "_NET_WM_NAME", "UTF8_STRING", f"second {i}")
            client.message(first, "_NET_WM_STATE", 2, client.atom("_NET_WM_STATE_FULLSCREEN"))
        for i in range(200):
            number = client.window(f"flood {i}", 10, 10, shown=False)
            client.core.MapWindow(number)
            client.core.UnmapWindow(number)
            client.core.DestroyWindow(number)
        client.sync()
        session.run("inosctl", "focus", str(beside["Id"]), timeout=30)
        wait_for("the others do not answer", lambda: window(session, beside["Id"])["Focused"], 20)
        session.screenshot("x11-flood")
    wait_for("its windows stay",
             lambda: [w["Title"] for w in session.windows()] == ["beside"], 20)
    assert session.component("compositor") == compositor, session.log("compositor")[-2000:]
    os.kill(foot.pid, 9)
    foot.wait()
    wait_for("foot stays", lambda: not session.windows())

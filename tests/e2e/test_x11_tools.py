"""What X11 tools ask of a window manager, and what they are told of the desk."""

import xcffib.xproto as x
from clients import program, see, share, window
from session import wait_for
from test_x11_windows import near
from x11 import X11Client, titled


def prop(session, name, number=None):
    """What a window, or the root window, says of itself."""
    where = ["-root"] if number is None else ["-id", str(number)]
    said = session.run("xprop", *where, name, check=False).stdout
    return said.split("=", 1)[1].strip() if "=" in said else said.strip()


def test_tool_closes_a_window(session):
    with program(session, "xterm", "-T", "to be closed", "-e", "sleep", "60"):
        titled(session, "to be closed")
        session.run("wmctrl", "-c", "to be closed")
        wait_for("it does not close", lambda: not session.windows())
    with X11Client(session) as client:
        number = client.window("asked")
        titled(session, "asked")
        client.forget()
        client.message(number, "_NET_CLOSE_WINDOW", 0, 2)
        asked = client.wait(x.ClientMessageEvent, "it is not asked")
        assert asked.data.data32[0] == client.atom("WM_DELETE_WINDOW")
    wait_for("its window stays", lambda: not session.windows())


def test_tool_brings_a_window_to_the_front_and_a_program_may_not(session):
    with X11Client(session) as client:
        number = client.window("behind")
        it = titled(session, "behind")
        foot, other = session.open_foot("sleep", "60", title="before")
        wait_for("no focus", lambda: window(session, other["Id"])["Focused"])
        client.message(number, "_NET_ACTIVE_WINDOW", 1, 0, 0)
        wait_for("it is not marked", lambda: window(session, it["Id"])["Urgent"])
        wait_for("tools are not told", lambda: "DEMANDS_ATTENTION" in prop(session, "_NET_WM_STATE", number))
        assert window(session, other["Id"])["Focused"]
        session.run("wmctrl", "-a", "behind")
        wait_for("it is not in front", lambda: window(session, it["Id"])["Focused"])
        wait_for("the mark stays", lambda: "ATTENTION" not in prop(session, "_NET_WM_STATE", number))
        foot.kill()
        foot.wait()
    wait_for("windows stay", lambda: not session.windows())


def test_tool_moves_and_resizes_a_window(session):
    with X11Client(session) as client:
        number = client.window("moved")
        it = titled(session, "moved")
        session.run("wmctrl", "-r", "moved", "-e", "10,200,150,420,240")
        wait_for(lambda: f"it is elsewhere: {window(session, it['Id'])}",
                 lambda: window(session, it["Id"])["Geometry"] == (200, 150, 420, 240))
        # Where the frame is, and not the window in it, is what tools mean otherwise.
        session.run("wmctrl", "-r", "moved", "-e", "0,100,100,-1,-1")
        left, right, top, bottom = (
            int(v) for v in prop(session, "_NET_FRAME_EXTENTS", number).split(","))
        assert top > 20 and left == right == bottom == 1
        wait_for(lambda: f"it is elsewhere: {window(session, it['Id'])}",
                 lambda: window(session, it["Id"])["Geometry"] == (100 + left, 100 + top, 420, 240))
        wait_for(lambda: f"the X server has it at {client.place(number)}",
                 lambda: near(client.place(number), (100 + left, 100 + top)))
    wait_for("its window stays", lambda: not session.windows())


def test_window_stays_above_and_on_every_workspace_when_it_says_so(session):
    with X11Client(session) as client:
        number = client.window("above", shown=False)
        client.set(number, "_NET_WM_STATE", "ATOM", [client.atom("_NET_WM_STATE_ABOVE")])
        client.show(number)
        it = titled(session, "above")
        wait_for("it is not on top", lambda: window(session, it["Id"])["OnTop"])
        wait_for("it is not told", lambda: "_ABOVE" in prop(session, "_NET_WM_STATE", number))
        session.run("wmctrl", "-r", "above", "-b", "add,sticky")
        wait_for("it is not sticky", lambda: window(session, it["Id"])["Sticky"])
        wait_for("tools are not told", lambda: prop(session, "_NET_WM_DESKTOP", number) == "4294967295")
        # What wlroots writes does not take ours away.
        session.run("wmctrl", "-r", "above", "-b", "add,fullscreen")
        wait_for("no full screen", lambda: window(session, it["Id"])["Fullscreen"])
        wait_for("something is lost", lambda: all(
            s in prop(session, "_NET_WM_STATE", number) for s in ("_ABOVE", "_STICKY", "_FULLSCREEN")))
        session.run("wmctrl", "-r", "above", "-b", "remove,above,sticky")
        wait_for("it stays on top", lambda: not window(session, it["Id"])["OnTop"])
        wait_for("it stays sticky", lambda: not window(session, it["Id"])["Sticky"])
        wait_for("tools are not told", lambda: prop(session, "_NET_WM_DESKTOP", number) == "0")
    wait_for("its window stays", lambda: not session.windows())


def test_window_stays_below_when_it_says_so(session):
    with X11Client(session) as client:
        number = client.window("below", 400, 300, color=0x00FF00, shown=False)
        client.set(number, "_NET_WM_STATE", "ATOM", [client.atom("_NET_WM_STATE_BELOW")])
        client.show(number)
        it = titled(session, "below")
        wait_for("it is not below", lambda: window(session, it["Id"])["Below"])
        wait_for("it is not told", lambda: "_BELOW" in prop(session, "_NET_WM_STATE", number))
        assert "_NET_WM_ACTION_BELOW" in prop(session, "_NET_WM_ALLOWED_ACTIONS", number)
        client.window("usual", 400, 300, color=0x0000FF)
        usual = titled(session, "usual")
        for each in (it, usual):
            session.on_window(each["Id"], "Move", 300, 200)
        box = (310, 210, 690, 490)
        session.on_window(it["Id"], "Focus")
        wait_for("no focus", lambda: window(session, it["Id"])["Focused"])
        see(session, "x11-below", "it came to the front", lambda p: share(p, box, (0, 0, 255)) == 1)
        # It is this or above.
        session.run("wmctrl", "-r", "below", "-b", "add,above")
        wait_for("it is not on top", lambda: (lambda w: w["OnTop"] and not w["Below"])(window(session, it["Id"])))
        wait_for("it is told both", lambda: (lambda s: "_ABOVE" in s and "_BELOW" not in s)(
            prop(session, "_NET_WM_STATE", number)))
        session.run("wmctrl", "-r", "below", "-b", "add,below")
        wait_for("it is not below", lambda: (lambda w: w["Below"] and not w["OnTop"])(window(session, it["Id"])))
        session.run("wmctrl", "-r", "below", "-b", "remove,below")
        wait_for("it stays below", lambda: not window(session, it["Id"])["Below"])
        session.on_window(it["Id"], "Focus")
        see(session, "x11-below", "it does not come", lambda p: share(p, box, (0, 255, 0)) == 1)
    wait_for("its windows stay", lambda: not session.windows())


ABOVE, BELOW, TOP_IF, BOTTOM_IF, OPPOSITE = range(5)
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def test_tool_puts_windows_in_order(session):
    with X11Client(session) as client:
        # One upon the other, and one beside them.
        red, green, blue = (client.window(name, 300, 200, color=color) for name, color in (
            ("red", 0xFF0000), ("green", 0x00FF00), ("blue", 0x0000FF)))
        for name, left in (("red", 300), ("green", 300), ("blue", 800)):
            it = titled(session, name)
            session.on_window(it["Id"], "Move", left, 300)
        box, beside = (310, 310, 590, 490), (810, 310, 1090, 490)

        def shown(color, why):
            see(session, "x11-restacked", why, lambda p: share(p, box, color) == 1)

        def order():
            said = prop(session, "_NET_CLIENT_LIST_STACKING").split("#")[-1]
            return [int(number, 16) for number in said.split(",")]

        def restack(number, sibling, mode, source=2):
            client.message(number, "_NET_RESTACK_WINDOW", source, sibling, mode)

        assert "_NET_RESTACK_WINDOW" in prop(session, "_NET_SUPPORTED")
        shown(GREEN, "it is not as it opened")
        restack(green, 0, BELOW)
        shown(RED, "it does not go back")
        wait_for("tools are not told", lambda: order()[0] == green)
        restack(green, red, ABOVE)
        shown(GREEN, "it does not come before the other")
        wait_for("tools are not told", lambda: order().index(green) > order().index(red))
        restack(green, red, BELOW)
        shown(RED, "it does not go behind the other")
        # Only where one covers the other.
        restack(red, blue, BOTTOM_IF)
        restack(green, blue, TOP_IF)
        restack(green, red, BOTTOM_IF)
        client.sync()
        shown(RED, "something else is in front")
        restack(green, red, TOP_IF)
        shown(GREEN, "it stays behind")
        restack(green, red, OPPOSITE)
        shown(RED, "it stays in front")
        restack(green, 0, OPPOSITE)
        shown(GREEN, "it stays behind")
        # Who has the keyboard keeps it, and what makes no sense is nothing.
        focused = [w["Title"] for w in session.windows() if w["Focused"]]
        restack(red, 0xDEAD, ABOVE)
        restack(red, red, ABOVE)
        restack(red, 0, 77)
        restack(0xDEAD, 0, ABOVE)
        client.sync()
        shown(GREEN, "nonsense is obeyed")
        assert [w["Title"] for w in session.windows() if w["Focused"]] == focused
        # A program that nobody uses may not come forward, but step back.
        foot, other = session.open_foot("sleep", "60", title="used")
        wait_for("no focus", lambda: window(session, other["Id"])["Focused"])
        restack(red, 0, ABOVE, source=1)
        client.sync()
        titled(session, "red")
        restack(green, 0, BELOW, source=1)
        wait_for("it may not step back", lambda: order()[0] == green)
        foot.kill()
        foot.wait()
        see(session, "x11-restacked", "the one beside is hidden", lambda p: share(p, beside, BLUE) == 1)
    wait_for("its windows stay", lambda: not session.windows())


def test_tools_know_the_workspaces_and_the_room_for_windows(session):
    with X11Client(session) as client:
        number = client.window("workspace")
        it = titled(session, "workspace")
        listed = [line for line in session.run("wmctrl", "-d").stdout.splitlines() if line]
        assert len(listed) == int(prop(session, "_NET_NUMBER_OF_DESKTOPS")) > 1, listed
        assert listed[0].split()[1] == "*" and "DG: 1280x800" in listed[0]
        room = [int(v) for v in prop(session, "_NET_WORKAREA").split(",")[:4]]
        session.on_window(it["Id"], "SetMaximized", True)
        wait_for("it is not maximized", lambda: window(session, it["Id"])["Maximized"])
        extents = [int(v) for v in prop(session, "_NET_FRAME_EXTENTS", number).split(",")]
        wait_for(lambda: f"{room} {window(session, it['Id'])}", lambda: window(
            session, it["Id"])["Geometry"] == (room[0], room[1] + extents[2], room[2],
                                               room[3] - extents[2]))
        session.on_window(it["Id"], "SetMaximized", False)
        session.run("wmctrl", "-r", "workspace", "-t", "1")
        wait_for("it is not there", lambda: window(session, it["Id"])["Workspace"] == 1)
        session.run("wmctrl", "-s", "1")
        wait_for("it is not shown", lambda: session.run("xdotool", "get_desktop").stdout.strip() == "1")
        session.run("wmctrl", "-s", "7777")
        session.run("xdotool", "set_desktop_for_window", str(number), "0", "set_desktop", "0")
        wait_for("it is not back", lambda: window(session, it["Id"])["Workspace"] == 0)
        wait_for("tools are not told", lambda: prop(session, "_NET_CURRENT_DESKTOP") == "0")
    wait_for("its window stays", lambda: not session.windows())


def test_program_that_does_not_answer_is_said_to(session):
    with X11Client(session) as client:
        number = client.window("hanging", protocols=("WM_DELETE_WINDOW", "_NET_WM_PING"))
        it = titled(session, "hanging")
        client.forget()
        session.run("inosctl", "focus", str(it["Id"]))
        session.on_window(it["Id"], "Close")
        wait_for("nobody notices", lambda: window(session, it["Id"])["Unresponsive"], 20)
        pings = [e for e in client.poll() if isinstance(e, x.ClientMessageEvent)
                 and e.data.data32[0] == client.atom("_NET_WM_PING")]
        assert pings and pings[0].data.data32[2] == number
        # It is asked again and again, and answers.
        seen = len(pings)

        def answer():
            now = [e for e in client.poll() if isinstance(e, x.ClientMessageEvent)
                   and e.data.data32[0] == client.atom("_NET_WM_PING")]
            for ping in now[seen - 1:]:
                values = list(ping.data.data32)
                client.message(client.screen.root, "WM_PROTOCOLS", *values)
            return not window(session, it["Id"])["Unresponsive"]

        wait_for("it stays so", answer, 20)
    wait_for("its window stays", lambda: not session.windows())


def test_senseless_requests_change_nothing(session):
    compositor = session.component("compositor")
    with X11Client(session) as client:
        number = client.window("odd")
        it = titled(session, "odd")
        for name in ("_NET_CLOSE_WINDOW", "_NET_MOVERESIZE_WINDOW", "_NET_WM_DESKTOP",
                     "_NET_CURRENT_DESKTOP", "_NET_REQUEST_FRAME_EXTENTS", "_NET_WM_STATE",
                     "_NET_ACTIVE_WINDOW", "_NET_RESTACK_WINDOW"):
            for target in (client.screen.root, 0, 0xDEAD, number):
                if target == number and name in ("_NET_CLOSE_WINDOW",):
                    continue
                for values in ([0xFFFFFFFF] * 5, [0xF00, 0x80000000, 0x7FFFFFFF, 0, 0], [0] * 5,
                               [2, 0, 0, 0, 0]):
                    client.message(target, name, *values)
        client.sync()
        wait_for("it does not answer", lambda: window(session, it["Id"]))
    assert session.component("compositor") == compositor, session.log("compositor")[-2000:]
    wait_for("its window stays", lambda: not session.windows())


def test_frame_is_as_large_as_its_window_again(session):
    with X11Client(session) as client:
        client.window("enlarged")
        it = titled(session, "enlarged")
        before = it["Geometry"]
        for state in ("SetFullscreen", "SetMaximized"):
            session.on_window(it["Id"], state, True)
            wait_for("it is not enlarged", lambda: window(session, it["Id"])["Geometry"][2] == 1280)
            session.on_window(it["Id"], state, False)
            wait_for(lambda: f"it stays: {window(session, it['Id'])}",
                     lambda: window(session, it["Id"])["Geometry"] == before)
            beside = (before[0] + before[2] + 8, before[1] - 30, 1279, before[1] - 4)
            see(session, "x11-frame-again", "its title bar stays large",
                lambda p: share(p, beside, p.getpixel((before[0] + 60, before[1] - 2)), 2) < 0.5)
    wait_for("its window stays", lambda: not session.windows())

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
        place = client.core.TranslateCoordinates(number, client.screen.root, 0, 0).reply()
        assert near((place.dst_x, place.dst_y), (100 + left, 100 + top))
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
                     "_NET_ACTIVE_WINDOW"):
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

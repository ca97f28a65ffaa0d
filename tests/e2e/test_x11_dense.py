"""X11 programs on dense screens: what they draw is shown pixel for pixel, and they count in pixels."""

import contextlib
import struct

import pytest
import xcffib
import xcffib.shape
import xcffib.xproto as x
from PIL import Image
from clients import see, share, window
from gi.repository import GLib
from pointer import Pointer
from session import Session, wait_for
from test_x11_drag import opened, point_at
from test_x11_tools import prop
from test_x11_windows import near
from x11 import EVENTS, X11Client, titled

GREEN, BLUE = (0, 255, 0), (0, 0, 255)


@contextlib.contextmanager
def dense(scale, settings="", size="1280x800", options=()):
    with Session(*options, size=size) as session:
        session.configure(settings)
        name = list(session.managed("Output").values())[0]["Name"]
        session.run("wlr-randr", "--output", name, "--scale", str(scale))
        wait_for("no scale", lambda: list(session.managed("Output").values())[0]["Scale"] == scale)
        yield session
        session.end()
        for word in ("ERROR: AddressSanitizer", "runtime error:", "ERROR: LeakSanitizer"):
            assert word not in session.log("compositor"), session.log("compositor")[-6000:]


def checker(client, title, width, height, menu=False, place=(0, 0)):
    """A window of black and white pixels."""
    core, number = client.core, client.window(title, width, height, place=place, menu=menu, shown=False)
    tile, gc = client.connection.generate_id(), client.connection.generate_id()
    core.CreatePixmap(client.screen.root_depth, tile, number, 2, 2)
    core.CreateGC(gc, tile, 0, [])
    black, white = struct.pack("I", 0), struct.pack("I", 0xFFFFFF)
    core.PutImage(x.ImageFormat.ZPixmap, tile, gc, 2, 2, 0, 0, 0, client.screen.root_depth, 16,
                  black + white + white + black)
    core.ChangeWindowAttributes(number, x.CW.BackPixmap, [tile])
    client.show(number)
    return number


def is_checker(picture, box):
    """Whether each pixel in the box is black or white and none is like its neighbours."""
    part = picture.crop(box).convert("RGB")
    pixels = list(part.getdata())
    width = part.width
    if len(pixels) < 100 or set(pixels) != {(0, 0, 0), (255, 255, 255)}:
        return False
    return all(pixels[i] != pixels[i + 1] for i in range(len(pixels) - 1) if (i + 1) % width) and all(
        pixels[i] != pixels[i + width] for i in range(len(pixels) - width))


def scaled(geometry, scale, inset=0):
    left, top, width, height = (v * scale for v in geometry)
    return (int(left) + inset, int(top) + inset, int(left + width) - inset, int(top + height) - inset)


@pytest.mark.parametrize("scale", [2, 1.5, 3])
def test_pixels_arrive_as_they_are_drawn(scale):
    # grim's pictures are as large as the screen where that is a whole number of units.
    with dense(scale, size="1200x900") as session, X11Client(session) as client:
        number = checker(client, "checker", 240, 180)
        it = titled(session, "checker")
        assert near(it["Geometry"][2:], (240 / scale, 180 / scale))
        # At a place that is a whole number of pixels.
        session.on_window(it["Id"], "Move", 60, 120)
        wait_for("it does not move", lambda: window(session, it["Id"])["Geometry"][:2] == (60, 120))
        box = scaled(window(session, it["Id"])["Geometry"], scale, 2)
        see(session, f"x11-checker-{scale}", "it is blurred", lambda p: is_checker(p, box))
        wait_for(lambda: f"it is at {client.place(number)}",
                 lambda: client.place(number) == (60 * scale, 120 * scale))
        # Another size, which we give.
        session.on_window(it["Id"], "Resize", 200, 100)
        wait_for("it is not resized", lambda: window(session, it["Id"])["Geometry"][2:] == (200, 100))
        wait_for(lambda: f"it is {client.size(number)}",
                 lambda: client.size(number) == (200 * scale, 100 * scale))
        box = scaled(window(session, it["Id"])["Geometry"], scale, 2)
        see(session, f"x11-checker-{scale}", "it is blurred", lambda p: is_checker(p, box))


def test_x_server_sees_pixels_and_toolkits_are_told():
    with dense(2) as session, X11Client(session) as client:
        root = client.screen
        assert (root.width_in_pixels, root.height_in_pixels) == (1280, 800)
        assert "1280x800+0+0" in session.run("xrandr").stdout
        # Everybody else counts as before.
        assert "logical_width: 640" in session.run("wayland-info").stdout
        number = client.window("filled")
        it = titled(session, "filled")
        for state in ("SetFullscreen", "SetMaximized"):
            session.on_window(it["Id"], state, True)
            wait_for("it does not fill the screen", lambda: client.size(number)[0] == 1280)
            session.on_window(it["Id"], state, False)
            wait_for("it stays", lambda: window(session, it["Id"])["Geometry"][2:] == (150, 100))
            wait_for("it keeps the screen's width", lambda: client.size(number)[0] == 300)
        room = [int(v) for v in prop(session, "_NET_WORKAREA").split(",")[:4]]
        assert room[2] == 1280 and room[1] + room[3] == 800
        said = session.run("xprop", "-root", "RESOURCE_MANAGER").stdout
        assert "Xft.dpi:\\t192" in said and "Xcursor.size:\\t48" in said, said
        owner = client.core.GetSelectionOwner(client.atom("_XSETTINGS_S0")).reply().owner
        told = client.core.GetProperty(False, owner, client.atom("_XSETTINGS_SETTINGS"), 0, 0, 1000).reply()
        settings = read_settings(b"".join(told.value))
        assert settings == {"Gdk/WindowScalingFactor": 2, "Gdk/UnscaledDPI": 96 * 1024,
                            "Xft/DPI": 192 * 1024, "Gtk/CursorThemeSize": 48}


def read_settings(data):
    assert data[0] == 0
    count, at, found = struct.unpack_from("<I", data, 8)[0], 12, {}
    for _ in range(count):
        kind, length = struct.unpack_from("<BxH", data, at)
        name = data[at + 4:at + 4 + length].decode()
        at += 4 + length + (-length & 3) + 4
        assert kind == 0
        found[name] = struct.unpack_from("<i", data, at)[0]
        at += 4
    return found


def test_full_screen_is_all_pixels_at_a_scale_between():
    with dense(1.5) as session, X11Client(session) as client:
        assert (client.screen.width_in_pixels, client.screen.height_in_pixels) == (1280, 800)
        number = client.window("filled")
        it = titled(session, "filled")
        session.on_window(it["Id"], "SetFullscreen", True)
        wait_for("it does not fill the screen", lambda: client.size(number) == (1280, 800))
        see(session, "x11-filled", "it is not seen",
            lambda p: share(p, (0, 0, p.width - 1, p.height - 1), GREEN) > 0.99)


def test_nothing_changes_on_a_screen_of_scale_1():
    with dense(1) as session, X11Client(session) as client:
        assert (client.screen.width_in_pixels, client.screen.height_in_pixels) == (1280, 800)
        client.window("usual")
        it = titled(session, "usual")
        assert it["Geometry"][2:] == (300, 200)
        assert "RESOURCE_MANAGER" not in session.run("xprop", "-root").stdout
        assert client.core.GetSelectionOwner(client.atom("_XSETTINGS_S0")).reply().owner == 0


def test_clicks_and_menus_are_where_they_belong():
    with dense(2) as session, X11Client(session) as client, Pointer(session, (640, 400)) as pointer:
        number = client.window("main", 400, 300)
        it = titled(session, "main")
        left, top = it["Geometry"][:2]
        assert it["Geometry"][2:] == (200, 150)
        for px, py in ((1, 1), (301, 201), (399, 299)):
            client.forget()
            pointer.click(left + px / 2, top + py / 2)
            press = client.wait(x.ButtonPressEvent, "no click arrives")
            assert press.event == number and near((press.event_x, press.event_y), (px, py))
            assert near((press.root_x, press.root_y), (2 * left + px, 2 * top + py))
        # A drag goes on outside of the window.
        client.core.ChangeWindowAttributes(number, x.CW.EventMask, [
            EVENTS | x.EventMask.PointerMotion | x.EventMask.ButtonRelease])
        client.sync()
        client.forget()
        pointer.drag((left + 100, top + 75), (left + 300, top + 175))
        release = client.wait(x.ButtonReleaseEvent, "no release arrives")
        assert near((release.event_x, release.event_y), (600, 350))
        menu = client.window("menu", 80, 60, place=(2 * left + 100, 2 * top + 50), menu=True,
                             color=0x0000FF, kind="POPUP_MENU")
        box = (2 * left + 100, 2 * top + 50, 2 * left + 180, 2 * top + 110)
        see(session, "x11-dense-menu", "the menu is somewhere else", lambda p: share(p, box, BLUE) == 1)
        outside = (box[0] - 4, box[1], box[0] - 1, box[3])
        assert share(session.screenshot("x11-dense-menu"), outside, BLUE) == 0
        client.forget()
        pointer.click(left + 50 + 30, top + 25 + 20)
        press = client.wait(x.ButtonPressEvent, "no click arrives")
        assert press.event == menu and near((press.event_x, press.event_y), (60, 40))
        client.core.UnmapWindow(menu)
        # Its program moves and resizes it, in its own pixels.
        session.run("wmctrl", "-r", "main", "-e", "10,101,121,411,301")
        wait_for("no size", lambda: client.size(number) == (411, 301))
        wait_for(lambda: str(window(session, it["Id"])),
                 lambda: window(session, it["Id"])["Geometry"] == (50, 60, 205, 150))
        session.on_window(it["Id"], "Move", 70, 80)
        wait_for("it does not move", lambda: window(session, it["Id"])["Geometry"][:2] == (70, 80))
        assert client.size(number) == (411, 301), "moving has resized it"


def test_odd_sizes_are_cut_and_not_stretched():
    with dense(2) as session, X11Client(session) as client:
        checker(client, "odd", 81, 61, menu=True, place=(101, 201))
        see(session, "x11-odd", "it is blurred", lambda p: is_checker(p, (102, 202, 178, 258)))


def with_pointer(session):
    path = session.folder / "pointer.png"
    session.run("grim", "-c", str(path))
    return Image.open(path).convert("RGB")


def test_pointer_that_a_program_draws_is_neither_tiny_nor_huge():
    with dense(2) as session, X11Client(session) as client, Pointer(session, (640, 400)) as pointer:
        number = client.window("pointed", 400, 300, color=0xFFFFFF)
        it = titled(session, "pointed")
        left, top = it["Geometry"][:2]
        for side, shown in ((16, 32), (64, 64)):
            bits = client.connection.generate_id()
            gc, cursor = client.connection.generate_id(), client.connection.generate_id()
            client.core.CreatePixmap(1, bits, number, side, side)
            client.core.CreateGC(gc, bits, x.GC.Foreground, [1])
            client.core.PolyFillRectangle(bits, gc, 1, [x.RECTANGLE.synthetic(0, 0, side, side)])
            client.core.CreateCursor(cursor, bits, bits, 0, 0, 65535, 65535, 0, 0, 0, 0)
            client.core.ChangeWindowAttributes(number, x.CW.Cursor, [cursor])
            client.sync()

            def is_drawn():
                pointer.move(left + 50, top + 50)
                session.screenshot("x11-cursor")
                picture = with_pointer(session)
                a = (2 * left + 100, 2 * top + 100)
                inside = (a[0] + 1, a[1] + 1, a[0] + shown - 2, a[1] + shown - 2)
                return (share(picture, inside, (0, 0, 255)) > 0.95
                        and share(picture, (a[0], a[1] + shown + 3, a[0] + shown, a[1] + shown + 20),
                                  (255, 255, 255)) > 0.95)

            wait_for(f"the pointer of {side} is not as large as it should be", is_drawn)


def test_running_programs_keep_their_scale_and_later_ones_get_the_new_one():
    with Session() as session:
        name = list(session.managed("Output").values())[0]["Name"]
        with X11Client(session) as client:
            number = client.window("first", 200, 100)
            it = titled(session, "first")
            session.run("wlr-randr", "--output", name, "--scale", "2")
            wait_for("no scale", lambda: list(session.managed("Output").values())[0]["Scale"] == 2)
            session.on_window(it["Id"], "Move", 50, 60)
            wait_for("it does not move", lambda: window(session, it["Id"])["Geometry"][:2] == (50, 60))
            it = window(session, it["Id"])
            left, top, width, height = it["Geometry"]
            assert (width, height) == (200, 100)
            see(session, "x11-kept", "it is not as large as it was",
                lambda p: share(p, scaled(it["Geometry"], 2, 4), GREEN) > 0.99)
            client.forget()
            with Pointer(session, (640, 400)) as pointer:
                pointer.click(left + 150, top + 50)
            press = client.wait(x.ButtonPressEvent, "no click arrives")
            assert near((press.event_x, press.event_y), (150, 50))
            assert "640x400" in session.run("xrandr").stdout
            # When the last window has gone all is in pixels.
            client.core.UnmapWindow(number)
            client.sync()
            wait_for("the X server does not follow", lambda: "1280x800+0+0" in session.run("xrandr").stdout)
            checker(client, "second", 200, 100)
            it = titled(session, "second")
            assert it["Geometry"][2:] == (100, 50)
            session.on_window(it["Id"], "Move", 50, 60)
            wait_for("it does not move", lambda: window(session, it["Id"])["Geometry"][:2] == (50, 60))
            see(session, "x11-followed", "it is blurred", lambda p: is_checker(p, (102, 122, 298, 218)))
            session.run("wlr-randr", "--output", name, "--scale", "1")
            wait_for("no scale", lambda: list(session.managed("Output").values())[0]["Scale"] == 1)
            assert window(session, it["Id"])["Geometry"][2:] == (100, 50)


def test_outputs_of_two_scales():
    with Session() as session:
        session.call("org.inos.Compositor1", "/org/inos/Compositor1", "org.inos.Compositor1",
                     "AddVirtualOutput", GLib.Variant("(ii)", (2560, 1600)))
        first, second = wait_for("no output", lambda: (lambda names: names if len(names) == 2 else None)(
            sorted(o["Name"] for o in session.managed("Output").values())))
        session.run("wlr-randr", "--output", first, "--scale", "2", "--pos", "0,0")
        session.run("wlr-randr", "--output", second, "--scale", "1", "--pos", "640,0")
        wait_for("no place", lambda: sorted(o["X"] for o in session.managed("Output").values()) == [0, 640])
        with X11Client(session) as client:
            said = session.run("xrandr").stdout
            # The X server has one scale for both: a pixel of the second is two of its own.
            assert "1280x800+0+0" in said and "5120x3200+1280+0" in said, said
            checker(client, "moved", 300, 200)
            it = titled(session, "moved")
            for place in ((100, 100), (900, 100)):
                session.on_window(it["Id"], "Move", *place)
                wait_for("it does not move",
                         lambda: window(session, it["Id"])["Geometry"][:2] == place)
                client.forget()
                with Pointer(session, (3200, 1600)) as pointer:
                    pointer.click(place[0] + 100, place[1] + 50)
                press = client.wait(x.ButtonPressEvent, "no click arrives")
                assert near((press.event_x, press.event_y), (200, 100)), place


def test_scale_is_a_setting():
    with dense(2, "[xwayland]\nscale = 1\n") as session, X11Client(session) as client:
        assert (client.screen.width_in_pixels, client.screen.height_in_pixels) == (640, 400)
        client.window("soft", 200, 100)
        assert titled(session, "soft")["Geometry"][2:] == (200, 100)
    with dense(1, "[xwayland]\nscale = 1.25\n") as session, X11Client(session) as client:
        assert (client.screen.width_in_pixels, client.screen.height_in_pixels) == (1600, 1000)
        client.window("fine", 500, 250)
        assert titled(session, "fine")["Geometry"][2:] == (400, 200)
        with pytest.raises(Exception, match="scale must be auto or a number"):
            session.configure("[xwayland]\nscale = huge\n")


@pytest.mark.parametrize("giver, taker", [("wayland", "x11"), ("x11", "wayland")])
def test_drags_between_x11_and_wayland(giver, taker):
    with dense(2, size="2560x1600") as session, opened(session, giver, 100) as a, \
            opened(session, taker, 700) as b, Pointer(session) as pointer:
        # The toolkit has heard how dense the screen is.
        for it in session.windows():
            assert it["Geometry"][2:] == (300, 200), it
        point_at(pointer, a)
        pointer.drag(a.take, b.drop, steps=20, hold=lambda: wait_for(
            lambda: f"it is not over the other: {a.said()} {b.said()}", lambda: "over" in b.said()))
        wait_for(lambda: f"nothing arrives: {a.said()} {b.said()}",
                 lambda: f"got /of/{giver}" in b.said())


def at(client, number):
    where = client.core.QueryPointer(number).reply()
    return where.win_x, where.win_y


def test_pointer_that_is_confined_to_a_window_stays_in_it():
    with dense(2) as session, X11Client(session) as client, Pointer(session, (640, 400)) as pointer:
        number = client.window("confining", 300, 200)
        it = titled(session, "confining")
        session.on_window(it["Id"], "Move", 100, 100)
        wait_for("it does not move", lambda: window(session, it["Id"])["Geometry"][:2] == (100, 100))
        wait_for("it is not pointed at",
                 lambda: pointer.move(150, 150) or at(client, number) == (100, 100))
        client.core.ChangeWindowAttributes(number, x.CW.EventMask, [EVENTS | x.EventMask.PointerMotion])
        client.sync()

        def grabbed():
            return client.core.GrabPointer(
                False, number, x.EventMask.PointerMotion, x.GrabMode.Async, x.GrabMode.Async, number,
                0, x.Time.CurrentTime).reply().status == x.GrabStatus.Success

        wait_for("no grab", grabbed)
        # Xwayland locks the pointer and follows the mouse by itself from when the compositor hears of it. A mouse that was
        # pushed before that has left the window, and comes back as a hand would.
        def pushed(far, px):
            pointer.move(150, 150)
            pointer.push(*far)
            return near(at(client, number), px)

        for far, px in (((200, 150), (299, 199)), ((-300, -300), (0, 0)), ((300, 0), (299, 0))):
            wait_for(lambda far=far, px=px: f"after {far}: {at(client, number)}", lambda far=far, px=px: pushed(far, px))
        # When it lets go the pointer is where the program had it.
        client.core.UngrabPointer(x.Time.CurrentTime)
        client.sync()

        def there():
            pointer.push(-1, 0)
            pointer.push(1, 0)
            return near(at(client, number), (299, 0))

        wait_for(lambda: f"it is elsewhere: {at(client, number)}", there)


def test_shaped_window_lets_clicks_through_its_hole():
    with dense(2) as session, X11Client(session) as client, Pointer(session, (640, 400)) as pointer:
        shape = client.connection(xcffib.shape.key)
        below = client.window("below", 400, 300)
        it = titled(session, "below")
        left, top = it["Geometry"][:2]
        above = client.window("above", 100, 100, place=(2 * left + 50, 2 * top + 50), menu=True,
                              color=0x0000FF, kind="TOOLTIP")
        # Only its right half takes clicks.
        shape.Rectangles(xcffib.shape.SO.Set, xcffib.shape.SK.Input, 0, above, 0, 0, 1,
                         [x.RECTANGLE.synthetic(50, 0, 50, 100)])
        client.sync()
        for px, target in ((25, below), (75, above)):
            def clicked():
                client.forget()
                pointer.click(left + 25 + px / 2, top + 25 + 25)
                return [e for e in client.poll() if isinstance(e, x.ButtonPressEvent)
                        and e.event == target] or client.sync()

            wait_for(f"the click at {px} is somewhere else", clicked)

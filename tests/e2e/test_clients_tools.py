"""What people and scripts steer, copy, record and watch a session with."""

import json
import re
import socket
import struct
import time

from clients import program, see, share, window, window_of
from PIL import Image
from pointer import Pointer
from session import Session, by_load, wait_for


def output(session):
    return json.loads(session.run("wlr-randr", "--json").stdout)[0]


def said_over_bus(session):
    return list(session.managed("Output").values())[0]


def test_wlr_randr_lists_and_changes_the_output():
    with Session() as session:
        name = output(session)["name"]
        assert output(session)["enabled"]

        def change(*options):
            session.run("wlr-randr", "--output", name, *options)

        change("--custom-mode", "1024x768@60Hz")
        wait_for("the mode stays", lambda: (
            said_over_bus(session)["Width"], said_over_bus(session)["Height"]) == (1024, 768))
        wait_for("the picture has another size",
                 lambda: session.screenshot("client-randr-mode").size == (1024, 768))
        change("--custom-mode", "1280x800@60Hz")
        change("--scale", "1.5")
        wait_for("the scale stays", lambda: abs(output(session)["scale"] - 1.5) < 0.01)
        # As many pixels, and things in them larger by half: the panel too.
        picture = see(session, "client-randr-scale", "the panel is no larger", lambda p: (
            p.getpixel((300, 40)) == p.getpixel((300, 4)) != p.getpixel((300, 54))))
        # grim rounds what 533 logical rows are.
        assert abs(picture.width - 1280) <= 1 and abs(picture.height - 800) <= 1
        change("--scale", "1", "--transform", "90")
        wait_for("it does not turn",
                 lambda: session.screenshot("client-randr-turned").size == (800, 1280))
        assert output(session)["transform"] == "90"
        change("--transform", "normal", "--pos", "100,50")
        wait_for("it does not move", lambda: (
            output(session)["position"]["x"], output(session)["position"]["y"]) == (100, 50))
        change("--off")
        wait_for("it is not off", lambda: not output(session)["enabled"])
        change("--on")
        wait_for("it stays off", lambda: output(session)["enabled"])
        see(session, "client-randr-on", "the desktop does not come back",
            lambda p: len(set(p.crop((0, 0, 1280, 32)).getdata())) > 10)


def test_wlrctl_finds_and_steers_windows(session):
    first, one = session.open_foot("sleep", "60", title="one")
    second, two = session.open_foot("sleep", "60", title="two")
    listed = session.run("wlrctl", "toplevel", "list").stdout
    assert "foot: one" in listed and "foot: two" in listed
    session.run("wlrctl", "toplevel", "focus", "title:one")
    wait_for("no focus", lambda: window(session, one["Id"])["Focused"])
    for state, name in (("maximize", "Maximized"), ("minimize", "Minimized"),
                        ("fullscreen", "Fullscreen")):
        session.run("wlrctl", "toplevel", state, "title:one")
        wait_for(f"no {state}", lambda: window(session, one["Id"])[name])
    session.run("wlrctl", "toplevel", "close", "title:one")
    wait_for("it does not close", lambda: not window(session, one["Id"]))
    # `waitfor` ends when there is such a window.
    session.run("wlrctl", "toplevel", "waitfor", "title:two")
    session.run("wlrctl", "toplevel", "close", "title:two")
    assert second.wait(60) is not None and first.wait(60) is not None
    wait_for("they stay", lambda: not session.windows())


def test_wlrctl_types_and_clicks(session, tmp_path):
    typed = tmp_path / "typed"
    with window_of(session, "foot", "sh", "-c", f"read -r l; echo \"$l\" > {typed}; sleep 60"
                   ) as (_, it):
        other, beside = session.open_foot("sleep", "60", title="other")
        session.on_window(beside["Id"], "Move", 0, 60)
        session.on_window(it["Id"], "Move", 800, 60)
        assert not window(session, it["Id"])["Focused"]
        # Relative: to the corner at the left and top first.
        session.run("wlrctl", "pointer", "move", "-5000", "-5000")
        session.run("wlrctl", "pointer", "move", "1000", "300")
        session.run("wlrctl", "pointer", "click", "left")
        wait_for("a click gives no focus", lambda: window(session, it["Id"])["Focused"])
        session.run("wlrctl", "keyboard", "type", "by wlrctl\n")
        wait_for("nothing arrives", lambda: typed.exists() and typed.read_text())
        assert typed.read_text() == "by wlrctl\n"
        other.kill()
        other.wait()


def test_clipboards_are_two_and_survive_windows(session):
    session.start("wl-copy", "the clipboard")
    session.start("wl-copy", "--primary", "the selection")

    def paste(*options):
        return session.run("wl-paste", "--no-newline", *options, check=False).stdout

    wait_for("no clipboard", lambda: paste() == "the clipboard")
    wait_for("no selection", lambda: paste("--primary") == "the selection")
    # A megabyte, an image's type, and a watcher of what is copied.
    large = "x" * (1 << 20)
    session.run("sh", "-c", "wl-copy >/dev/null 2>&1", input=large)
    wait_for("a megabyte does not come", lambda: paste() == large)
    seen = session.folder / "seen"
    with program(session, "wl-paste", "--watch", "sh", "-c", f"cat >> {seen}; echo . >> {seen}"):
        wait_for("it watches nothing", seen.exists)
        session.run("sh", "-c", "printf PNG | wl-copy --type image/png >/dev/null 2>&1")
        wait_for("what is copied is not seen", lambda: "PNG." in seen.read_text())
    assert session.run("wl-paste", "--list-types").stdout.split() == ["image/png"]
    session.run("wl-copy", "--clear")
    wait_for("it is not cleared", lambda: session.run("wl-paste", check=False).returncode != 0)


def test_grim_takes_an_output_a_region_and_the_pointer(session):
    name = output(session)["name"]
    path = session.folder / "shot.png"

    def shot(*options):
        session.run("grim", *options, str(path))
        return Image.open(path).convert("RGB")

    assert shot("-o", name).size == (1280, 800)
    assert shot("-g", "600,500 40x30").size == (40, 30)
    assert shot("-s", "2", "-g", "600,500 40x30").size == (80, 60)
    # Where it is, and where it was when it has gone.
    with Pointer(session) as pointer:
        pointer.move(600, 500)
        with_pointer = shot("-c", "-g", "590,490 40x40")
        pointer.move(100, 100)
        wait_for("the pointer was not in it", lambda: (
            shot("-c", "-g", "590,490 40x40").tobytes() != with_pointer.tobytes()))
    assert shot("-t", "ppm").size == (1280, 800)


def test_wf_recorder_makes_a_film_that_plays(session):
    film, frames = session.folder / "film.mkv", session.folder / "frames"
    with window_of(session, "gst-launch-1.0", "-q", "videotestsrc", "pattern=ball", "!",
                   "video/x-raw,width=320,height=240", "!", "waylandsink") as (_, it):
        x, y, width, height = it["Geometry"]
        with program(session, "wf-recorder", "-g", f"{x},{y} {width}x{height}", "-c", "ffv1",
                     "-f", film) as recorder:
            wait_for(lambda: f"nothing is recorded: {recorder.said()}",
                     film.exists, 20)
            time.sleep(by_load(1.2))
    session.run("mpv", "--no-config", "--vo=image", f"--vo-image-outdir={frames}", "--ao=null",
                "--frames=5", "--vo-image-format=png", str(film))
    pictures = sorted(frames.glob("*.png"))
    assert len(pictures) >= 2
    pictures = [Image.open(p).convert("RGB") for p in pictures]
    assert pictures[0].size == (width, height)
    assert pictures[0].tobytes() != pictures[-1].tobytes(), "it stands still"
    # A white ball on black.
    assert share(pictures[-1], (0, 0, width, height), (0, 0, 0)) > 0.7


def read(connection, count):
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        assert part, "the VNC server closed the connection"
        data += part
    return data


def vnc_connect(port):
    """RFB 3.8 without a password: (connection, width, height)."""
    connection = socket.create_connection(("127.0.0.1", port), 10)
    assert re.match(rb"RFB 003\.008\n", read(connection, 12))
    connection.sendall(b"RFB 003.008\n")
    kinds = read(connection, read(connection, 1)[0])
    assert 1 in kinds, "it wants a password"
    connection.sendall(b"\x01")
    assert read(connection, 4) == b"\0\0\0\0"
    connection.sendall(b"\x01")
    width, height = struct.unpack(">HH", read(connection, 4))
    read(connection, 16)
    connection.recv(struct.unpack(">I", read(connection, 4))[0])
    return connection, width, height


def vnc_panel(connection):
    """The pixels of the part of the panel that the server sends first."""
    connection.sendall(struct.pack(">BBHHHH", 3, 0, 0, 0, 1280, 32))
    kind, rectangles = struct.unpack(">BxH", read(connection, 4))
    while kind == 3:
        # What was in the clipboard.
        read(connection, struct.unpack(">I", read(connection, 4))[0])
        kind, rectangles = struct.unpack(">BxH", read(connection, 4))
    assert kind == 0 and rectangles >= 1
    pixels = b""
    for _ in range(rectangles):
        _, _, width, height, encoding = struct.unpack(">HHHHi", read(connection, 12))
        assert encoding == 0
        pixels += read(connection, width * height * 4)
    return struct.unpack(f"{len(pixels) // 4}I", pixels)


def test_wayvnc_shows_the_desktop_and_takes_keys(session, tmp_path):
    typed = tmp_path / "typed"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with window_of(session, "foot", "sh", "-c", f"read -r l; echo \"$l\" > {typed}; sleep 60"), \
            program(session, "wayvnc", "-C", "/dev/null", "127.0.0.1", port) as server:
        def connect():
            try:
                return vnc_connect(port)
            except ConnectionRefusedError:
                return None

        connection, width, height = wait_for(lambda: f"no VNC: {server.said()}", connect, 10)
        with connection:
            assert (width, height) == (1280, 800)
            # Raw pixels.
            connection.sendall(struct.pack(">BxHi", 2, 1, 0))
            # Until it has the first picture of the screen it shows an even grey.
            wait_for("the picture is empty", lambda: len(set(vnc_panel(connection))) > 10, 10)
            for letter in "vnc\r":
                symbol = 0xFF0D if letter == "\r" else ord(letter)
                for down in (1, 0):
                    connection.sendall(struct.pack(">BBxxI", 4, down, symbol))
                time.sleep(0.02)
            wait_for("no keys come through", lambda: typed.exists() and typed.read_text())
            assert typed.read_text() == "vnc\n"

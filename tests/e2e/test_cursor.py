"""The pointer's picture: themes, sizes, what programs are told, and what comes instead."""

import contextlib
import pathlib
import struct
import tempfile

import pytest
from pointer import Pointer
from session import Session, wait_for

pytestmark = pytest.mark.sanitized

RED, BLUE = (0xE0, 0x10, 0x10), (0x10, 0x10, 0xE0)
NAMES = ["default", "text", "pointer", "grabbing"]


def xcursor(sizes):
    """An Xcursor file: for each size and colour a full square with its hot spot in the corner."""
    header, images = 16 + 12 * len(sizes), b""
    contents = struct.pack("<4sIII", b"Xcur", 16, 0x10000, len(sizes))
    for size, (r, g, b) in sizes:
        contents += struct.pack("<III", 0xFFFD0002, size, header + len(images))
        images += struct.pack("<9I", 36, 0xFFFD0002, size, 1, size, size, 0, 0, 0)
        images += struct.pack("<I", 0xFF << 24 | r << 16 | g << 8 | b) * size * size
    return contents + images


@contextlib.contextmanager
def desktop(config="", **environment):
    """A session with a theme "squares", red in 20 and 48 px and blue in 40, and a compositor.ini."""
    with tempfile.TemporaryDirectory(prefix="inos-cursor-") as folder:
        cursors = pathlib.Path(folder) / "icons" / "squares" / "cursors"
        cursors.mkdir(parents=True)
        for name in NAMES:
            (cursors / name).write_bytes(xcursor([(20, RED), (40, BLUE), (48, RED)]))
        (pathlib.Path(folder) / "inos").mkdir()
        (pathlib.Path(folder) / "inos" / "compositor.ini").write_text(config)
        environment["XCURSOR_PATH"] = f"{folder}/icons:/usr/share/icons"
        with Session("--config-dir", folder, environment=environment) as session:
            yield session


def around(session, name, x, y, reach=100, scale=1):
    """The pixels right and below of a point, with the pointer where it is there."""
    from PIL import Image

    path = session.folder / "cursor.png"
    session.run("grim", "-c", str(path))
    box = (x * scale, y * scale, (x + reach) * scale, (y + reach) * scale)
    shown = Image.open(path).convert("RGB").crop(box)
    folder = pathlib.Path(__file__).parents[2] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    shown.save(folder / f"cursor-{name}.png")
    return shown


def square(image, colour):
    """The width and height of what is of a colour, (0, 0) where nothing is."""
    at = [(x, y) for x in range(image.width) for y in range(image.height)
          if max(abs(a - b) for a, b in zip(image.getpixel((x, y)), colour)) < 8]
    if not at:
        return 0, 0
    return tuple(max(p[i] for p in at) - min(p[i] for p in at) + 1 for i in (0, 1))


def told(session):
    """What a program that the session starts finds in its environment."""
    return session.environment.get("XCURSOR_THEME"), session.environment.get("XCURSOR_SIZE")


def test_theme_and_size_of_the_config():
    with desktop("[cursor]\ntheme=squares\nsize=20\n") as session, Pointer(session) as pointer:
        assert told(session) == ("squares", "20")
        pointer.move(400, 300)
        wait_for("the pointer is not the theme's",
                 lambda: square(around(session, "theme", 400, 300), RED) == (20, 20))
        pointer.move(600, 300)
        wait_for("it is there still", lambda: square(around(session, "theme-gone", 400, 300), RED) == (0, 0))
        # The shell and a program show the same.
        pointer.move(500, 10)
        wait_for("the pointer over the panel is not the theme's",
                 lambda: square(around(session, "panel", 500, 10), RED) == (20, 20))
        process, window = session.open_foot("sh", "-c", "env > $XDG_RUNTIME_DIR/told; sleep 60")
        x, y, width, height = window["Geometry"]
        pointer.move(x + width // 2, y + height // 2)
        wait_for("the pointer over a window is not the theme's",
                 lambda: square(around(session, "foot", x + width // 2, y + height // 2), RED)
                 == (20, 20))
        told_file = session.folder / "run" / "told"
        wait_for("a program is told something else", lambda: told_file.exists() and {
            "XCURSOR_THEME=squares", "XCURSOR_SIZE=20"} <= set(told_file.read_text().splitlines()))
        process.kill()


def test_theme_and_size_of_the_environment():
    with desktop(XCURSOR_THEME="squares", XCURSOR_SIZE="48") as session, \
            Pointer(session) as pointer:
        assert told(session) == ("squares", "48")
        pointer.move(400, 300)
        wait_for("the pointer is not the theme's",
                 lambda: square(around(session, "environment", 400, 300), RED) == (48, 48))


def test_larger_image_at_scale_2():
    with desktop("[cursor]\ntheme=squares\nsize=20\n") as session, Pointer(session) as pointer:
        output = next(iter(session.managed("Output").values()))["Name"]
        session.run("wlr-randr", "--output", output, "--scale", "2")
        pointer.move(400, 300)
        # The theme's own image of 40 px, not the one of 20 px drawn twice as large.
        wait_for("the pointer has not the image for scale 2",
                 lambda: square(around(session, "scale-2", 200, 150, scale=2), BLUE) == (40, 40))


def test_missing_theme_is_named_and_replaced():
    for wrong in ("no-such-theme", "../squares"):
        with desktop(f"[cursor]\ntheme={wrong}\n") as session, Pointer(session) as pointer:
            session.logged("compositor", f"there is no pointer theme '{wrong}'")
            assert told(session) == ("default", "24")
            without = around(session, "fallback", 400, 300, reach=24)
            pointer.move(400, 300)

            def changed():
                shown = around(session, "fallback", 400, 300, reach=24)
                return sum(a != b for a, b in zip(shown.getdata(), without.getdata()))

            wait_for("there is no pointer", lambda: changed() > 60)

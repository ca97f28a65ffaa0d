"""Pictures of a screen that a GPU draws, taken in each way that programs have."""

import base64
import gzip
import io

from desk import CORNER, assert_alike, calm_screen, has_desktop
from PIL import Image

GPU = True
WAYLAND = "WAYLAND_DISPLAY=wayland-0"


def fetch(machine, path):
    """A picture that a program has made there."""
    packed = machine.root(f"gzip -c {path} | base64 -w0", seconds=120)
    with Image.open(io.BytesIO(gzip.decompress(base64.b64decode(packed)))) as image:
        return image.convert("RGB")


def test_every_way_to_take_a_picture_shows_the_screen(machine):
    machine.point(*CORNER)
    screen = calm_screen(machine, "capture", has_desktop)
    for name, command, path in (
            ("wlr-screencopy into memory", f"{WAYLAND} grim -l 1 /tmp/grim.png", "/tmp/grim.png"),
            ("the desktop's own", "inosctl screenshot /tmp/own.png", "/tmp/own.png"),
            ("ext-image-copy-capture into a buffer of the GPU",
             f"{WAYLAND} /usr/lib/inos-test/copy-screen /tmp/copy.ppm", "/tmp/copy.ppm")):
        said = machine.user(command)
        assert "copy-screen" not in command or "/dev/dri/renderD128" in said, name
        assert_alike(fetch(machine, path), screen, 1)

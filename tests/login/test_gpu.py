"""A machine with a GPU: what is chosen there, and that it looks as without one."""

import re

from desk import (CORNER, REGIONS, assert_alike, calm_screen, close, close_launcher, colours,
                  has_desktop, has_results, log, open_launcher, outputs, overlay, start, wait_for, windows)
from machine import FOLDER
from PIL import Image, ImageChops, ImageOps, ImageStat

GPU = True


def scans_out(machine):
    return outputs(machine)["Virtual-1"]["direct_scan_out"]


def saved(name):
    with Image.open(FOLDER / f"{name}.png") as image:
        return image.convert("RGB")


def test_opengl_is_chosen(machine):
    said = log(machine, "log/compositor")
    assert "Creating GLES2 renderer" in said and "Creating pixman renderer" not in said
    assert re.search(r"GL renderer: virgl", said)
    held = machine.root("readlink /proc/$(pgrep -x inos-compositor)/fd/*")
    assert "/dev/dri/renderD128" in held or "/dev/dri/card0" in held
    shell = machine.root("tr '\\0' '\\n' </proc/$(pgrep -x inos-shell)/environ").split()
    assert "GSK_RENDERER=cairo" not in shell


def test_programs_are_told_which_buffers_fit(machine):
    told = machine.user("WAYLAND_DISPLAY=wayland-0 wayland-info -i zwp_linux_dmabuf_v1")
    assert "version:  4" in told and "/dev/dri/card0 or /dev/dri/renderD128" in told
    assert "'XR24'; 0x0000000000000000 = LINEAR" in told


def test_the_desktop_looks_as_without_one(machine):
    machine.point(0, 0)
    machine.point(*CORNER)
    desktop = calm_screen(machine, "desktop-gpu", has_desktop)
    launcher = open_launcher(machine, "launcher-gpu")
    for name, image in (("desktop", desktop), ("launcher", launcher)):
        if (FOLDER / f"{name}.png").exists():
            assert_alike(image, saved(name), 3)
    # A window with the title bar and the shadow that the compositor draws.
    machine.press("ret")
    wait_for("the launcher starts no terminal", lambda: windows(machine))
    terminal = calm_screen(machine, "terminal-gpu")
    if (FOLDER / "terminal-empty.png").exists():
        assert_alike(terminal, saved("terminal-empty"), 3)
    close(machine, windows(machine)[0]["id"])


def test_colours_are_inverted(machine):
    machine.point(*CORNER)
    before = calm_screen(machine, "upright", has_desktop)
    machine.user("inosctl action invert-colours")
    inverted = calm_screen(machine, "inverted", lambda image: image.getpixel((640, 5))[0] < 60)
    assert_alike(ImageOps.invert(inverted), before, 1)
    machine.user("inosctl action invert-colours")
    assert_alike(calm_screen(machine, "upright-again", lambda image: image.getpixel((640, 5))[0] > 200), before, 1)


def test_the_magnifier_enlarges(machine):
    machine.point(640, 400)
    before = calm_screen(machine, "unmagnified", has_desktop)
    for _ in range(3):
        machine.user("inosctl action zoom-in")
    zoom = 100 * 5 // 4 * 5 // 4 * 5 // 4 / 100

    def part():
        width, height = 1280 / zoom, 800 / zoom
        left, top = 640 * (1 - 1 / zoom), 400 * (1 - 1 / zoom)
        return before.resize((1280, 800), Image.Resampling.BILINEAR, (left, top, left + width, top + height))

    # The wallpaper's middle reaches the upper edge, where the panel with all its colours was.
    magnified = calm_screen(machine, "magnified", lambda image: 20 < colours(image, (0, 0, 1280, 31)) < 200)
    for box in (REGIONS["above"], REGIONS["below"]):
        mean = max(ImageStat.Stat(ImageChops.difference(magnified.crop(box), part().crop(box))).mean)
        assert mean < 3, f"differs by {mean}"
    machine.user("inosctl action zoom-reset")
    machine.point(*CORNER)
    assert_alike(calm_screen(machine, "unmagnified-again", has_desktop), before, 1)


def test_a_full_screen_window_is_shown_from_its_own_buffer(machine):
    assert not scans_out(machine)
    number = start(machine, "weston-simple-egl -f -o", "org.freedesktop.weston.simple-egl")["id"]
    wait_for("its buffers are copied", lambda: scans_out(machine))
    picture = machine.screen("full-screen")
    assert picture.getpixel((5, 5)) == (0, 0, 0) and colours(picture, (340, 170, 940, 648)) > 100
    # Not while something is above it, and again after.
    machine.press("meta_l")
    wait_for("Super opens no launcher", lambda: overlay(machine) == "launcher")
    wait_for("the launcher is above and the window still alone", lambda: not scans_out(machine))
    wait_for("the launcher shows nothing", lambda: has_results(machine.screen("full-screen-launcher")))
    close_launcher(machine)
    wait_for("its buffers are copied from then on", lambda: scans_out(machine))
    # Nor where its buffer does not fit the screen.
    machine.user("inosctl output Virtual-1 scale 1.25")
    machine.user(f"inosctl window {number} fullscreen off")
    wait_for("a window that floats is alone", lambda: not scans_out(machine))
    machine.user("inosctl output Virtual-1 scale 1")
    close(machine, number)
    machine.point(*CORNER)
    calm_screen(machine, "after-full-screen", has_desktop)

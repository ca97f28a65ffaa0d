"""What lies over the desktop appears whole: no card before its text."""

import os
import signal
import time

import pictures
import pytest
from session import PATIENCE, processes_with, wait_for

pytestmark = pytest.mark.sanitized

LAUNCHER, POWER = (340, 112, 940, 648), (1008, 40, 1272, 108)
BESIDE = (40, 700)


def dark_pixels(image, box):
    """How much of a card is ink: letters and icons on the card's white."""
    return sum(max(pixel) < 140 for pixel in image.crop(box).getdata())


def white_pixels(image, box):
    return sum(min(pixel) > 250 for pixel in image.crop(box).getdata())


@pytest.fixture(scope="module", autouse=True)
def settled(session):
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])


def states(session, name, box, shown):
    """Opens and takes pictures until it is there for a while; what each of them shows."""
    seen = []
    session.toggle(name)
    end = time.monotonic() + 5 * PATIENCE
    while seen[-3:] != ["whole"] * 3 and time.monotonic() < end:
        image = session.screenshot(f"opening-{name}")
        if not shown(image):
            seen.append("nothing")
        elif white_pixels(image, box) > 2000 and dark_pixels(image, box) > 100:
            seen.append("whole")
        else:
            seen.append("bare")
            image.save(f"build/screenshots/opening-{name}-bare.png")
    session.toggle(name)
    wait_for(f"{name} stays", lambda: not shown(session.screenshot("closing")))
    return seen


def test_launcher_appears_whole(session):
    before = pictures.settled(session, "opening-launcher", LAUNCHER).getpixel(BESIDE)

    def is_dimmed(image):
        return abs(image.getpixel(BESIDE)[0] - before[0]) > 8

    for _ in range(4):
        seen = states(session, "launcher", LAUNCHER, is_dimmed)
        assert "bare" not in seen and seen[-1] == "whole", seen


def test_power_menu_appears_whole(session):
    spot = (1140, 70)
    before = pictures.settled(session, "opening-power", POWER).getpixel(spot)

    def is_up(image):
        return abs(image.getpixel(spot)[0] - before[0]) > 8

    for _ in range(4):
        seen = states(session, "power", POWER, is_up)
        assert "bare" not in seen and seen[-1] == "whole", seen


@pytest.mark.parametrize("name, box", [("launcher", LAUNCHER), ("power", POWER)])
def test_page_that_hangs_is_waited_for_but_not_for_ever(session, name, box):
    run = f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"
    page = next(pid for pid, comm in processes_with(run) if comm == "WebKitWebProces")
    # The card and its shadow: a page that has not drawn lets the wallpaper through.
    around = (box[0], box[1], box[2], box[3] + 16)
    before = pictures.settled(session, "hanging", around)

    def is_up():
        return sum(pictures.apart(before.crop(around), session.screenshot(f"hanging-{name}").crop(around)).histogram()[9:]) > 500

    os.kill(page, signal.SIGSTOP)
    try:
        session.toggle(name)
        opened = time.monotonic()
        wait_for(f"{name} does not come up", is_up)
        assert time.monotonic() - opened > 0.7, "it did not wait"
    finally:
        os.kill(page, signal.SIGCONT)
    wait_for("the page does not recover",
             lambda: dark_pixels(session.screenshot(f"hanging-{name}"), box) > 100)
    session.run("wtype", "-k", "Escape")
    wait_for("Escape did not close it", lambda: not is_up())

"""Monitors that are plugged in and out, of a card with two connectors."""

import re

import pytest
from desk import (CORNER, TICKING, assert_alike, box_of, calm_screen, close, colours, has_desktop,
                  is_up, lock, outputs, shows_lock, start, unlock, wait_for, wait_until_moving, window, windows)
from PIL import ImageChops, ImageStat

SECOND = (1024, 768)  # of a monitor that says nothing about itself
BORROW = "WAYLAND_DISPLAY=wayland-0 /usr/lib/inos-test/borrow-screen"
SAID = "/tmp/borrowed"
GREEN, BLUE = (0x20, 0xa0, 0x60), (0x20, 0x60, 0xa0)


def plug(machine, number, state):
    machine.cable(number, state)
    wait_for(f"Virtual-{number} is not {state}",
             lambda: (f"Virtual-{number}" in outputs(machine)) == (state != "off"))


def crtcs(machine):
    """Which connectors show something, as the kernel sees it."""
    state = machine.root("cat /sys/kernel/debug/dri/0/state")
    return re.findall(r"^connector.*(Virtual-\d)\n\tcrtc=crtc", state, re.MULTILINE)


def test_a_second_monitor_has_a_desktop(machine):
    plug(machine, 2, "on")
    second = outputs(machine)["Virtual-2"]
    assert (second["width"], second["height"]) == SECOND and not second["virtual"]
    assert (second["x"], second["y"]) == (1280, 0)
    wait_for("the kernel drives one", lambda: crtcs(machine) == ["Virtual-1", "Virtual-2"])

    def drawn():
        image = machine.screen("second", 1)
        return image.size == SECOND and colours(image, (0, 0, 140, 31)) > 20 and \
            colours(image, (340, 170, 940, 648)) > 20

    wait_for("the second monitor has no panel or no wallpaper", drawn)


def test_what_no_monitor_here_can_do_is_said(machine):
    answer = machine.user("inosctl output Virtual-1 vrr on", check=False)
    assert "the monitor must be able to do it" in answer, answer
    assert not outputs(machine)["Virtual-1"]["adaptive_sync"]
    machine.user("inosctl night-light on")
    assert outputs(machine)["Virtual-1"]["tint"] == "unsupported"  # by virtio's driver
    machine.user("inosctl night-light off")


def test_a_window_comes_back_to_its_monitor(machine):
    number = start(machine, TICKING, "foot")["id"]
    machine.user(f"inosctl window {number} move 1400,200")
    there = wait_for("the window does not move", lambda: (
        lambda now: now if now["output"] == "Virtual-2" else None)(window(machine, number)))["geometry"]
    box = box_of(there, outputs(machine)["Virtual-2"])
    wait_until_moving(machine, "second-window", box, 1)
    plug(machine, 2, "off")
    refuge = window(machine, number)
    assert refuge["output"] == "Virtual-1"
    assert (refuge["geometry"]["width"], refuge["geometry"]["height"]) == (there["width"], there["height"])
    wait_until_moving(machine, "refuge", box_of(refuge["geometry"]))
    plug(machine, 2, "on")
    assert window(machine, number)["geometry"] == there
    wait_until_moving(machine, "second-window", box, 1)
    close(machine, number)


def test_a_set_of_monitors_is_remembered(machine):
    machine.user("inosctl output Virtual-2 position 0,800")
    machine.user("inosctl output Virtual-2 scale 1.5")
    plug(machine, 2, "off")
    plug(machine, 2, "on")

    def is_as_set():
        second = outputs(machine)["Virtual-2"]
        return (second["x"], second["y"], second["scale"]) == (0, 800, 1.5)

    wait_for("it comes back otherwise", is_as_set)
    assert (outputs(machine)["Virtual-1"]["x"], outputs(machine)["Virtual-1"]["scale"]) == (0, 1.0)
    machine.user("inosctl output Virtual-2 scale 1")
    machine.user("inosctl output Virtual-2 position 1280,0")


def test_one_monitor_shows_what_the_other_shows(machine):
    machine.user("inosctl output Virtual-2 mirror Virtual-1")
    machine.point(*CORNER)

    def alike():
        one = machine.screen("mirrored").resize((1024, 640)).crop((0, 30, 1024, 640))
        other = machine.screen("mirror", 1)
        edges = [other.crop((0, y, 1024, y + 60)).getcolors() for y in (0, 706)]
        mean = max(ImageStat.Stat(ImageChops.difference(one, other.crop((0, 94, 1024, 704)))).mean)
        return mean < 2 and edges == [[(1024 * 60, (0, 0, 0))]] * 2

    wait_for("it shows something else, or no black edges", alike)
    machine.user("inosctl output Virtual-2 mirror none")
    wait_for("it does not show itself again", lambda: outputs(machine)["Virtual-2"]["x"] == 1280)


def test_a_locked_session_shows_nothing_on_a_new_monitor(machine):
    number = start(machine, TICKING, "foot")["id"]
    machine.user(f"inosctl window {number} move 1400,200")
    plug(machine, 2, "off")
    lock(machine)
    plug(machine, 2, "on")

    def on_both():
        first, second = machine.screen("locked-0", 0), machine.screen("locked-1", 1)
        return second.size == SECOND and shows_lock(first) and shows_lock(second, (300, 100, 720, 600))

    wait_for("the lock screen is not on both", on_both)
    unlock(machine)
    assert window(machine, number)["output"] == "Virtual-2"
    wait_until_moving(machine, "unlocked", box_of(window(machine, number)["geometry"], outputs(machine)["Virtual-2"]), 1)
    close(machine, number)
    plug(machine, 2, "off")


def offered(machine):
    return "offered Virtual-3" in machine.user(BORROW, check=False)


def borrow(machine, colour):
    """A program borrows the headset's screen and fills it."""
    machine.user(f"{BORROW} {bytes(colour).hex()} >{SAID} 2>&1 &")
    wait_for("what the program draws is not on the headset", lambda: (
        machine.screen("headset", 2).getcolors() or [(0, None)])[0][1] == colour)


def test_a_headset_is_lent(machine):
    """Its screen is no part of the desktop: one program at a time borrows it from the compositor, and draws there itself."""
    wait_for("the headset is not lent", lambda: offered(machine))
    before = outputs(machine)
    assert "Virtual-3" not in before and crtcs(machine) == list(before)
    borrow(machine, GREEN)
    assert "Virtual-3" in crtcs(machine) and outputs(machine) == before
    assert not offered(machine)  # it is somebody's
    with pytest.raises(AssertionError, match="no screen is lent"):
        machine.user(f"{BORROW} ffffff")
    number = start(machine, TICKING, "foot")["id"]
    wait_until_moving(machine, "beside-headset", box_of(window(machine, number)["geometry"]))
    close(machine, number)

    # Who dies gives it back, and the next one has it.
    machine.user("pkill -9 borrow-screen")
    wait_for("it is not lent again", lambda: offered(machine))
    borrow(machine, BLUE)

    # Pulled out while it is lent: the program is told, and the desktop goes on.
    machine.cable(3, "off")
    wait_for("the program is not told", lambda: "taken away" in machine.root(f"cat {SAID}"))
    assert not offered(machine) and outputs(machine) == before  # Linux has forgotten what it is: it cannot be plugged in again


def test_the_only_monitor_goes_and_comes_back(machine):
    number = start(machine, TICKING, "foot")["id"]
    machine.user(f"inosctl window {number} move 300,200")
    there = wait_for("the window does not move", lambda: (
        lambda now: now if now["x"] == 300 else None)(window(machine, number)["geometry"]))
    before = machine.screen("only-before")
    for _ in range(3):
        plug(machine, 1, "off")
        (name, only), = outputs(machine).items()
        assert only["virtual"] and name.startswith("HEADLESS")
        assert crtcs(machine) == []
        assert [each["id"] for each in windows(machine)] == [number]
        plug(machine, 1, "detect")
        assert list(outputs(machine)) == ["Virtual-1"]
        assert window(machine, number)["geometry"] == there
        wait_until_moving(machine, "only", box_of(there))
    close(machine, number)
    machine.point(*CORNER)
    after = calm_screen(machine, "only-after", has_desktop)
    assert before.size == after.size and is_up(machine)
    assert_alike(calm_screen(machine, "only-again", has_desktop), after, 1)

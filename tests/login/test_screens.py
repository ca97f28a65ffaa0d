"""Monitors that are plugged in and out, of a card with two connectors."""

import re

from desk import TICKING, box_of, close, colours, outputs, start, wait_for, wait_until_moving, window

SECOND = (1024, 768)  # of a monitor that says nothing about itself


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
    plug(machine, 2, "off")

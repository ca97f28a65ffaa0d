"""Keyboards and fingers that libinput tells of: plugged out while they are used."""

import json

from desk import close, close_launcher, overlay, rests, start, wait_for, window

KEYBOARD = "QEMU QEMU USB Keyboard"


def inputs(machine):
    return {(device["name"], device["kind"]): device
            for device in json.loads(machine.user("inosctl inputs --json"))}


def plug(machine, driver, name, device):
    machine.plug(driver, name)
    return wait_for(f"{device[0]} is not there", lambda: inputs(machine).get(device))["id"]


def test_a_keyboard_that_goes_lets_its_keys_go(machine):
    plug(machine, "usb-kbd", "keys", (KEYBOARD, "keyboard"))
    number = start(machine, "foot sh -c 'stty raw -echo; exec cat >/tmp/held'", "foot")["id"]
    wait_for("the terminal has no keyboard", lambda: window(machine, number)["focused"])
    size = lambda: int(machine.root("stat -c %s /tmp/held 2>/dev/null || echo 0"))  # noqa: E731
    machine.hold("a", True)
    wait_for("the key does not repeat", lambda: size() > 3)
    machine.unplug("keys")
    wait_for("the keyboard stays", lambda: (KEYBOARD, "keyboard") not in inputs(machine))
    # What repeats comes thirty times a second.
    wait_for("the key is held for ever", lambda: rests(size))
    machine.hold("a", False)
    machine.press("b")
    wait_for("the other keyboard is dead", lambda: machine.root("tail -c 1 /tmp/held") == "b")
    close(machine, number)


def test_fingers_press_the_panel(machine):
    assert ("QEMU Virtio MultiTouch", "touch") in inputs(machine)
    machine.tap(18, 16)
    wait_for("the panel's button opens no launcher", lambda: overlay(machine) == "launcher")
    close_launcher(machine)

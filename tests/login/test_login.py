"""The desktop as it is used: logged in by a greeter, on a screen, with a keyboard and a pointer,
beside systemd. The tests go through one day at the machine and depend on one another's order."""

import json
import re
import time

from desk import (CORNER, assert_alike, calm_screen, close_launcher, has_desktop, is_up, log,
                  open_launcher, overlay, session_id, status, wait_for, windows)
from machine import SIZE
from PIL import ImageChops


def test_greeter_starts_the_desktop(machine):
    parts = {part["name"]: part for part in status(machine)["session"]["components"]}
    assert set(parts) == {"compositor", "node", "bridge", "shell"}
    for name, part in parts.items():
        assert part["state"] == "running" and part["restarts"] == 0, log(machine, "session")
        command = machine.root(f"cat /proc/{part['pid']}/comm")
        assert command == f"inos-{name}"[:15]


def test_logind_has_an_active_wayland_session(machine):
    lines = machine.root(f"loginctl show-session {session_id(machine)}").splitlines()
    seen = dict(line.split("=", 1) for line in lines)
    wanted = {"Type": "wayland", "Class": "user", "Active": "yes", "State": "active", "Seat": "seat0",
              "VTNr": "7", "Service": "greetd"}
    assert {name: seen[name] for name in wanted} == wanted


def test_compositor_has_screen_and_input_from_logind(machine):
    pid = machine.root("pgrep -x inos-compositor")
    assert machine.root(f"stat -c %U /proc/{pid}") == "user"
    held = set(machine.root(f"readlink /proc/{pid}/fd/*").split())
    assert "/dev/dri/card0" in held
    assert len([path for path in held if path.startswith("/dev/input/event")]) >= 2
    # Not by rights of the person's own.
    assert machine.root("id -Gn user") == "user"
    assert "Seat opened with backend 'logind'" in log(machine, "log/compositor")
    (output,) = json.loads(machine.user("inosctl outputs --json"))
    assert output["name"] == "Virtual-1"
    assert re.search(r"^connector.*Virtual-1\n\tcrtc=crtc-0",
                     machine.root("cat /sys/kernel/debug/dri/0/state"), re.MULTILINE)


def test_without_a_gpu_everything_draws_in_software(machine):
    assert "no GPU draws here: pixman does" in log(machine, "log/compositor")
    pid = machine.root("pgrep -x inos-shell")
    assert "GSK_RENDERER=cairo" in machine.root(f"tr '\\0' '\\n' </proc/{pid}/environ").split()


def test_systemd_knows_of_the_desktop(machine):
    environment = machine.user("systemctl --user show-environment").split()
    assert "WAYLAND_DISPLAY=wayland-0" in environment
    assert "XDG_CURRENT_DESKTOP=Inos" in environment
    for unit in ("graphical-session.target", "inos-session.target"):
        assert machine.user(f"systemctl --user is-active {unit}") == "active"
    # The session runs its own: these make way.
    for unit in ("inos-node.service", "inos-bridge.service", "inos-session.service"):
        assert machine.user(f"systemctl --user is-active {unit}", check=False) == "inactive"
    assert machine.user("systemctl --user --failed --no-legend --no-pager") == ""
    assert machine.root("systemctl --failed --no-legend --no-pager") == ""


def test_desktop_is_on_the_screen(machine):
    machine.point(*CORNER)
    assert calm_screen(machine, "desktop", has_desktop).size == SIZE


def test_keyboard_opens_the_launcher_and_types_in_a_terminal(machine):
    open_launcher(machine, "launcher")
    machine.press("ret")
    (window,) = wait_for("the launcher starts no terminal", lambda: windows(machine))
    assert window["app_id"] == "foot" and window["focused"]
    before = calm_screen(machine, "terminal-empty")
    machine.type("echo typed-on-the-keyboard >typed\n")
    wait_for("nothing was typed",
             lambda: machine.root("cat /home/user/typed", check=False) == "typed-on-the-keyboard")
    after = calm_screen(machine, "terminal")
    place = window["geometry"]
    box = (place["x"], place["y"], place["x"] + place["width"], place["y"] + place["height"])
    assert ImageChops.difference(before.crop(box), after.crop(box)).getbbox(), "foot shows no text"


def test_pointer_moves_and_clicks(machine):
    machine.point(300, 500)
    time.sleep(1)
    # The pointer is a plane of its own: the screen's picture does not hold it.
    planes = machine.root("cat /sys/kernel/debug/dri/0/state").split("plane[")
    places = [re.search(r"crtc-pos=64x64\+(\d+)\+(\d+)", plane) for plane in planes]
    (pointer,) = [tuple(map(int, place.groups())) for place in places if place]
    assert abs(pointer[0] - 300) < 16 and abs(pointer[1] - 500) < 16
    machine.point(18, 16)
    machine.click()
    wait_for("the panel's button opens no launcher", lambda: overlay(machine) == "launcher")
    close_launcher(machine)
    # The close button of the title bar above the terminal.
    place = windows(machine)[0]["geometry"]
    machine.point(place["x"] + place["width"] - 16, place["y"] - 16)
    # Again, as by a hand: the launcher may still be on its way out.
    wait_for("no click closes the window", lambda: (machine.click(), time.sleep(2), not windows(machine))[2])


def test_other_console_and_back(machine):
    machine.point(*CORNER)
    before = calm_screen(machine, "console-before")
    machine.press("ctrl", "alt", "f2")
    wait_for("Ctrl+Alt+F2 goes nowhere",
             lambda: machine.root("cat /sys/class/tty/tty0/active") == "tty2", 20)
    wait_for("logind holds the session for active", lambda: "Active=no" in machine.root(
        f"loginctl show-session {session_id(machine)} -p Active"), 20)
    time.sleep(2)
    console = machine.screen("console")
    assert ImageChops.difference(console, before).getbbox()
    machine.press("ctrl", "alt", "f7")
    wait_for("Ctrl+Alt+F7 does not come back",
             lambda: machine.root("cat /sys/class/tty/tty0/active") == "tty7", 20)
    after = calm_screen(machine, "console-after", has_desktop)
    assert_alike(before, after, 1)
    machine.press("meta_l")
    wait_for("the keyboard is dead after coming back", lambda: overlay(machine) == "launcher")
    close_launcher(machine)
    assert is_up(machine)


def test_the_journal_is_read_as_far_as_the_person_may(machine):
    machine.root("logger -t inos-needle of-the-system")
    machine.user("logger -t inos-needle of-the-person")
    machine.root("journalctl --sync")
    # systemd's own tool says how far that is: to what is the person's, or nowhere.
    mine = machine.user("journalctl -q --no-pager -b -o cat -t inos-needle 2>/dev/null", check=False).splitlines()
    assert set(mine) <= {"of-the-person"}, mine
    sources, boots = json.loads(machine.user("inosctl logs sources --json"))
    assert dict(sources) == {"journal": "own" if mine else "refused", "inos": "all"}, sources
    lines = machine.user("inosctl logs --json --source inos --unit compositor --grep 'seat logind'").splitlines()
    assert any("Seat opened with backend 'logind'" in json.loads(line)["message"] for line in lines), lines
    lines = machine.user("inosctl logs --json --source journal --unit inos-needle --boot this").splitlines()
    assert [json.loads(line)["message"] for line in lines] == mine
    if mine:
        assert boots[0][0] == machine.root("cat /proc/sys/kernel/random/boot_id").replace("-", ""), boots
        cursor = json.loads(lines[0])["cursor"]
        assert "_UID" in machine.user(f"inosctl logs inspect --source journal '{cursor}'")
    else:
        assert boots == []
        cursor = machine.root("journalctl -q --no-pager -o json -t inos-needle --output-fields=MESSAGE -n 1")
        cursor = json.loads(cursor)["__CURSOR"]
        machine.user(f"! inosctl logs inspect --source journal '{cursor}'")

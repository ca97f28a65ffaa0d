"""What libinput makes of a hand as the settings say: devices of the kernel's (uinput) whose motion, buttons and fingers
a terminal reports, in pixels of its window."""

import json
import re

import pytest
from desk import close, rests, start, wait_for, window

LEFT, RIGHT = 0x110, 0x111
REPORT = re.compile(r"\x1b\[<(\d+);(-?\d+);(-?\d+)([Mm])")
MOTION, UP, DOWN = 35, 64, 65  # as terminals number them


class Hand:
    def __init__(self, machine, kind):
        self.machine, self.kind = machine, kind
        machine.root("modprobe uinput")
        machine.root(f"rm -f /run/hand-{kind}; systemd-run -q --unit hand-{kind} --collect"
                     f" python3 /usr/lib/inos-test/hand.py {kind}")
        self.id = wait_for(f"no {kind}", self._id)

    def _id(self):
        devices = json.loads(self.machine.user("inosctl inputs --json"))
        return next((device["id"] for device in devices if device["name"] == f"hand {self.kind}"), None)

    def set(self, setting, value):
        self.machine.user(f"inosctl input {self.id} set {setting} {value}")

    def does(self, *deeds):
        lines = "".join(rf"{deed}\n" for deed in deeds)
        self.machine.root(f"printf '{lines}' >/run/hand-{self.kind}")

    def end(self):
        self.machine.root(f"systemctl stop hand-{self.kind}; rm -f /run/hand-{self.kind}")


class Sheet:
    """A terminal as large as the screen that writes down what the pointer does in it."""

    def __init__(self, machine):
        self.machine = machine
        machine.root("rm -f /tmp/sheet")
        self.number = start(
            machine, r"foot --fullscreen sh -c 'stty raw -echo; printf \\033[?1003h\\033[?1016h; exec cat >/tmp/sheet'",
            "foot")["id"]
        wait_for("it is not in front", lambda: window(machine, self.number)["focused"])
        machine.point(600, 400)
        wait_for("it reports nothing", self.reports)

    def size(self):
        return int(self.machine.root("stat -c %s /tmp/sheet 2>/dev/null || echo 0"))

    def reports(self, since=0):
        """(button, x, y, pressed) of each."""
        text = self.machine.root(f"tail -c +{since + 1} /tmp/sheet 2>/dev/null | tr '\\033' '~'").replace("~", "\x1b")
        return [(int(button), int(x), int(y), end == "M") for button, x, y, end in REPORT.findall(text)]

    def after(self, hand, *deeds):
        """What it reports of that."""
        since = self.size()
        hand.does(*deeds)
        wait_for("it never rests", lambda: rests(self.size) is not None)
        return self.reports(since)

    def way(self, hand, deed):
        """By how much it moves."""
        self.machine.point(600, 400)
        wait_for("it never rests", lambda: rests(self.size) is not None)
        before, reports = self.reports()[-1], self.after(hand, deed)
        last = reports[-1] if reports else before
        return last[1] - before[1], last[2] - before[2]

    def buttons(self, hand, *deeds):
        """Which are pressed; the wheel's too."""
        return [button for button, _, _, pressed in self.after(hand, *deeds) if pressed and button != MOTION and button < 128]


@pytest.fixture
def sheet(machine):
    sheet = Sheet(machine)
    yield sheet
    close(machine, sheet.number)


@pytest.fixture
def hand(machine):
    hands = []

    def make(kind):
        hands.append(Hand(machine, kind))
        return hands[-1]

    yield make
    for each in hands:
        each.end()


def click(button):
    return f"button {button} 1", f"button {button} 0"


def test_a_mouse(sheet, hand):
    mouse = hand("mouse")
    mouse.set("acceleration-profile", "flat")
    mouse.set("acceleration", "0")
    plain = sheet.way(mouse, "move 5 3 20")
    assert abs(plain[0] - 100) <= 2 and abs(plain[1] - 60) <= 2
    mouse.set("acceleration", "1")
    assert sheet.way(mouse, "move 5 3 20")[0] > plain[0] * 1.8
    mouse.set("acceleration", "-0.5")
    assert 0 < sheet.way(mouse, "move 5 3 20")[0] < plain[0] * 0.6
    mouse.set("acceleration", "0")
    mouse.set("acceleration-profile", "adaptive")
    assert sheet.way(mouse, "move 12 0 20")[0] > 300, "a fast hand goes no further"

    assert sheet.buttons(mouse, *click(LEFT), *click(RIGHT)) == [0, 2]
    mouse.set("left-handed", "true")
    assert sheet.buttons(mouse, *click(LEFT), *click(RIGHT)) == [2, 0]
    mouse.set("left-handed", "false")
    mouse.set("middle-emulation", "true")
    both = (f"button {LEFT} 1", f"button {RIGHT} 1", f"button {LEFT} 0", f"button {RIGHT} 0")
    assert sheet.buttons(mouse, *both) == [1]

    # The terminal makes several of one step.
    assert set(sheet.buttons(mouse, "wheel 2")) == {UP}
    mouse.set("natural-scroll", "true")
    assert set(sheet.buttons(mouse, "wheel 2")) == {DOWN}

    mouse.set("send-events", "off")
    assert sheet.after(mouse, "move 5 0 5") == []


def test_a_touchpad(sheet, hand):
    pad = hand("touchpad")
    pad.set("tap-to-click", "true")
    assert sheet.buttons(pad, "tap 1", "tap 2") == [0, 2]
    pad.set("tap-to-click", "false")
    assert sheet.buttons(pad, "tap 1", "tap 2") == []

    upwards = "swipe 1500 1800 0 -1200 2"
    pad.set("natural-scroll", "false")
    assert set(sheet.buttons(pad, upwards)) == {UP}
    pad.set("natural-scroll", "true")
    assert set(sheet.buttons(pad, upwards)) == {DOWN}
    pad.set("scroll-method", "none")
    assert sheet.buttons(pad, upwards) == []

    assert sheet.way(pad, "swipe 1000 1200 1200 0 1")[0] > 50


def test_a_touchpad_rests_while_one_types(sheet, hand):
    pad, keys = hand("touchpad"), hand("keyboard")
    typing = [f"key {code}" for code in (30, 31, 32, 33) * 3]

    def moves():
        keys.does(*typing)
        return [report for report in sheet.after(pad, "swipe 1000 1200 1200 0 1") if report[0] == MOTION]

    pad.set("disable-while-typing", "false")
    assert moves()
    pad.set("disable-while-typing", "true")
    assert not moves()


def test_a_pen_is_mapped_to_a_monitor(machine, sheet, hand):
    """It has the whole desktop, or one monitor of two."""
    pen = hand("pen")
    machine.cable(2, "on")
    try:
        wait_for("there is no second monitor", lambda: "Virtual-2" in machine.user("inosctl outputs --json"))
        pen.set("map-to-output", "Virtual-1")
        first = [report for report in sheet.after(pen, "pen 50 50") if report[3]][-1]
        assert abs(first[1] - 640) <= 6 and abs(first[2] - 400) <= 6
        pen.set("map-to-output", "Virtual-2")
        assert sheet.buttons(pen, "pen 50 50") == []
    finally:
        machine.cable(2, "off")


def test_the_lid(machine, hand):
    # Else logind would put the machine to sleep.
    machine.root("systemd-run -q --unit lid-off --collect systemd-inhibit --what=handle-lid-switch sleep infinity")
    wait_for("logind looks at the lid", lambda: "handle-lid-switch" in machine.root("systemd-inhibit --list --no-pager"))
    lid = hand("lid")
    config = "/home/user/.config/inos/compositor.ini"
    machine.root(f"cp -p {config} /tmp/before.ini; rm -f /tmp/lid-*;"
                 f" printf '[switches]\nlid-close = exec touch /tmp/lid-closed\nlid-open = exec touch /tmp/lid-open\n' >>{config}")
    try:
        machine.user("inosctl config reload")
        lid.does("lid 1")
        wait_for("nothing is done when it is closed", lambda: machine.root("ls /tmp/lid-closed", check=False) == "/tmp/lid-closed")
        assert "No such file" in machine.root("ls /tmp/lid-open", check=False)
        lid.does("lid 0")
        wait_for("nothing is done when it is opened", lambda: machine.root("ls /tmp/lid-open", check=False) == "/tmp/lid-open")
    finally:
        machine.root(f"systemctl stop lid-off; cp -p /tmp/before.ini {config}")
        machine.user("inosctl config reload")

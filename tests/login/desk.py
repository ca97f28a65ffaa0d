"""What the tests of the machine ask it, and how they judge its screen."""

import base64
import gzip
import io
import json
import re
import shlex
import time

from PIL import Image, ImageChops, ImageStat

LOGS = "/home/user/.local/state/inos"
# Parts of the screen that hold no figures, clock, caret or pointer.
REGIONS = {
    "panel": (0, 0, 140, 31),
    "above": (0, 40, 1280, 100),
    "middle": (340, 170, 940, 648),
    "below": (0, 660, 1000, 800),
}
# Of the launcher: behind the blinking caret's place, what was typed; the first result's icon; the rest.
TYPED, ICON, NO_RESULT = (392, 130, 430, 152), (362, 189, 390, 217), (348, 500, 932, 600)
# Right of what is typed: the launcher has one colour there, the wallpaper many.
FIELD = (640, 130, 900, 152)
NOT_OURS = (
    r"\[EGL\]",  # tries drivers that are not there before it finds the one that is
    r"your system is too slow",  # it is emulated
    r"Atomic commit failed: Permission denied",  # the screen goes before logind says so
    r"Atomic commit failed: Device or resource busy",  # the kernel still draws the frame before; it is tried again
    r"GPU reset \(",  # which the tests make
    r"Failed to parse EDID",  # a monitor that the tests plug in says nothing about itself
    r"Failed to terminate lease: No such file",  # the kernel did, when the program was killed
)
# PAM's words for a person who left while it asked (the lock screen was killed, or opened by logind), and for that
# its process is not root, which it then does without.
NOT_OUR_ERRORS = (r"pam_unix\(inos-lock:(auth\): (conversation failed|auth could not identify password)"
                  r"|account\): setuid failed)")
PANEL_END = (840, 0, 1280, 31)
TICKING = "foot sh -c 'while sleep 0.2; do date +%N; done'"  # a window that is never done
CORNER = (1200, 700)  # out of the regions


def wait_for(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"after {seconds} s: {what}"
        time.sleep(0.5)


def status(machine):
    answer = machine.user("inosctl status --json", check=False)
    try:
        return json.loads(answer)
    except json.JSONDecodeError:
        return {}


def is_up(machine):
    return status(machine).get("session", {}).get("state") in ("running", "degraded")


def windows(machine):
    return json.loads(machine.user("inosctl windows --json"))


def outputs(machine):
    """Of which output what is known, by name."""
    return {output["name"]: output for output in json.loads(machine.user("inosctl outputs --json"))}


def start(machine, command, app_id):
    """Starts a program as a key binding does and returns its window once it is there."""
    before = {window["id"] for window in windows(machine)}
    machine.user(f"inosctl action exec {shlex.quote(command)}")

    def opened():
        return [window for window in windows(machine)
                if window["id"] not in before and window["app_id"] == app_id]

    return wait_for(f"{command} opens no window", opened)[0]


def window(machine, number):
    """A window as it is now."""
    return next(window for window in windows(machine) if window["id"] == number)


def close(machine, number):
    machine.user(f"inosctl close {number}")
    wait_for("the window stays", lambda: number not in [window["id"] for window in windows(machine)])


def box_of(place, output=None):
    """A window's geometry as a part of the picture of its output."""
    left, top = place["x"] - (output or {"x": 0})["x"], place["y"] - (output or {"y": 0})["y"]
    return (left, top, left + place["width"], top + place["height"])


def wait_until_moving(machine, name, box, output=0):
    """Until what is drawn there changes by itself."""
    before = machine.screen(name, output).crop(box)
    wait_for("nothing is drawn any more", lambda: ImageChops.difference(
        before, machine.screen(name, output).crop(box)).getbbox())


def is_locked(machine):
    return "is locked" in machine.user("inosctl idle")


def lock(machine):
    """Locks the session and waits until the locker shows itself."""
    machine.user("inosctl lock")
    wait_for("the session is not locked", lambda: is_locked(machine))


def shows_lock(image, box=REGIONS["middle"]):
    """Whether a screen shows the lock screen: words in the middle, and neither panel nor windows."""
    return colours(image, box) > 40 and colours(image, REGIONS["panel"]) < 40


def unlock(machine):
    machine.root("loginctl unlock-sessions")
    wait_for("loginctl does not unlock", lambda: not is_locked(machine))


def rests(value, seconds=2):
    """Whether it stays what it is for so long; returns it."""
    before, end = value(), time.monotonic() + seconds
    while time.monotonic() < end:
        if value() != before:
            return None
    return before


def tidy(machine):
    """Leaves a desktop without windows, as far as that can be done."""
    machine.root("loginctl unlock-sessions", check=False)
    for command in ("pkill -x foot", "pkill -x weston-simple-e", "inosctl action zoom-reset",
                    "inosctl output Virtual-1 scale 1"):
        machine.user(command, check=False)
    if status(machine).get("shell", {}).get("overlay"):
        machine.press("esc")


def overlay(machine):
    """What is open above the windows, "" for nothing; None while the shell does not say."""
    return status(machine).get("shell", {}).get("overlay")


def log(machine, name):
    return machine.root(f"cat {LOGS}/{name}.log")


def session_id(machine):
    for line in machine.root("loginctl --no-legend --no-pager").splitlines():
        number, _, user, seat = line.split()[:4]
        if (user, seat) == ("user", "seat0"):
            return number
    return None


def colours(image, box):
    return len(image.crop(box).getcolors(1 << 20))


def wake(machine):
    """Moves the pointer: a greeter's screen goes blank after half a minute, which a slow machine may need until it is drawn."""
    machine.point(*CORNER)


def asks(image):
    """Whether a greeter or a lock screen shows itself, and not its background alone, which comes first."""
    return shows_lock(image) and image.crop(REGIONS["middle"]).convert("L").getextrema()[0] < 100


def calm_screen(machine, name, is_drawn=lambda image: True):
    """The screen once it is drawn and nothing changes but the figures."""
    before, calm, end = machine.screen(name), 0, time.monotonic() + 60
    while time.monotonic() < end:
        time.sleep(0.5)
        now = machine.screen(name)
        difference = ImageChops.difference(before, now)
        still = all(not difference.crop(box).getbbox() for box in REGIONS.values())
        calm = calm + 1 if still and is_drawn(now) else 0
        if calm == 3:
            return now
        before = now
    raise AssertionError(f"the screen does not come to rest; see build/login/{name}.png")


def fetch(machine, path):
    """A picture that a program has made there."""
    packed = machine.root(f"gzip -c {path} | base64 -w0", seconds=120)
    with Image.open(io.BytesIO(gzip.decompress(base64.b64decode(packed)))) as image:
        return image.convert("RGB")


def film(machine):
    """What a program gets that asks the portal for the screen, as browsers do."""
    machine.user("systemctl --user start pipewire wireplumber")
    machine.user("/usr/lib/inos-test/share-screen /tmp/cast%d.png", seconds=240)
    return fetch(machine, "/tmp/cast0.png")


def has_results(image):
    """Whether the launcher shows an application."""
    return colours(image, ICON) > 20 and colours(image, FIELD) == 1


def has_search_and_result(image):
    """Whether it shows what was typed as well, and no more than a few."""
    return image.crop(TYPED).convert("L").getextrema()[0] < 60 and has_results(image) and colours(image, NO_RESULT) == 1


def has_desktop(image):
    """Whether there are a panel and a wallpaper that are more than a colour."""
    return all(colours(image, box) > 20 for box in (REGIONS["panel"], PANEL_END, REGIONS["middle"]))


def assert_alike(one, other, tolerance):
    for name, box in REGIONS.items():
        difference = ImageChops.difference(one.crop(box), other.crop(box))
        mean = max(ImageStat.Stat(difference).mean)
        assert mean < tolerance, f"{name} differs by {mean} of 255"


def open_launcher(machine, name):
    """Opens the launcher by keyboard and searches for the terminal; returns the screen."""
    machine.press("meta_l")
    wait_for("Super opens no launcher", lambda: overlay(machine) == "launcher")
    # It is called open before it is drawn, and has the keyboard from then on.
    wait_for("the launcher shows nothing", lambda: has_results(machine.screen(name)))
    machine.type("foot")
    return calm_screen(machine, name, has_search_and_result)


def close_launcher(machine):
    # Until it shows itself it has no keyboard.
    wait_for("the launcher shows nothing", lambda: has_results(machine.screen("launcher-open")))
    machine.press("esc")
    wait_for("Escape does not close it", lambda: overlay(machine) == "")
    # While it is still drawn it has the pointer.
    wait_for("it is still drawn", lambda: not has_results(machine.screen("launcher-closed")))


def assert_nothing_complains(machine):
    """Of what our programs say about themselves, and systemd about our units."""
    for name in ("log/compositor", "log/node", "log/bridge", "log/shell", "session"):
        ours = [line for line in log(machine, name).splitlines()
                if re.search(r"\[ERROR\]|CRITICAL|inos-\w+-WARNING", line)
                and not re.search("|".join(NOT_OURS), line)]
        assert not ours, f"{name}: {ours}"
    errors = machine.root("journalctl -b -q --no-pager -p err | grep -i inos- || true").splitlines()
    errors = [line for line in errors if not re.search(NOT_OUR_ERRORS, line)]
    assert not errors, f"journal: {errors}"
    assert machine.root("coredumpctl --no-pager 2>/dev/null || true") == ""

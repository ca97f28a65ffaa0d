"""The desktop as it is used: logged in by a greeter, on a screen, with a keyboard and a pointer,
beside systemd. The tests go through one day at the machine and depend on one another's order."""

import json
import re
import time

import pytest
from machine import FOLDER, SIZE, Machine
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
TYPED, ICON, NO_RESULT = (392, 130, 430, 152), (362, 189, 390, 217), (348, 340, 932, 600)
NOT_OURS = (
    r"\[EGL\]",  # tries drivers that are not there before it finds the one that is
    r"your system is too slow",  # it is emulated
    r"Atomic commit failed: Permission denied",  # the screen goes before logind says so
)
PANEL_END = (840, 0, 1280, 31)
CORNER = (1200, 700)  # out of the regions


@pytest.fixture(scope="module")
def machine():
    with Machine() as machine:
        machine.wait_for_shell(300)
        yield machine
        (FOLDER / "journal.log").write_text(machine.root("journalctl -b --no-pager"))


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


def overlay(machine):
    return status(machine)["shell"]["overlay"]


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


def has_results(image):
    """Whether the launcher shows an application and no more than a few."""
    return colours(image, ICON) > 20 and colours(image, NO_RESULT) == 1


def has_search_and_result(image):
    """Whether it shows what was typed as well."""
    return image.crop(TYPED).convert("L").getextrema()[0] < 60 and has_results(image)


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
    machine.press("esc")
    wait_for("Escape does not close it", lambda: overlay(machine) == "")


def test_greeter_starts_the_desktop(machine):
    wait_for("the session is not up", lambda: is_up(machine), 240)
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
    machine.click()
    wait_for("the click closes no window", lambda: not windows(machine))


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
    after = calm_screen(machine, "console-after")
    assert_alike(before, after, 1)
    machine.press("meta_l")
    wait_for("the keyboard is dead after coming back", lambda: overlay(machine) == "launcher")
    close_launcher(machine)
    assert is_up(machine)


def test_nothing_complains(machine):
    """Of what our programs say about themselves, and systemd about our units."""
    for name in ("log/compositor", "log/node", "log/bridge", "log/shell", "session"):
        ours = [line for line in log(machine, name).splitlines()
                if re.search(r"\[ERROR\]|CRITICAL|inos-\w+-WARNING", line)
                and not re.search("|".join(NOT_OURS), line)]
        assert not ours, f"{name}: {ours}"
    assert machine.root("journalctl -b -q --no-pager -p err | grep -i inos- || true") == ""
    assert machine.root("coredumpctl --no-pager 2>/dev/null || true") == ""


def test_logging_out_leaves_nothing(machine):
    machine.user("inosctl logout")
    wait_for("the session stays", lambda: not session_id(machine), 30)
    left = machine.root("ps -u user -o args=", check=False).splitlines()
    # The user manager and its bus stay for some seconds, as they are not the session's.
    assert not [line for line in left if not re.search(r"systemd --user|\(sd-pam\)|dbus-daemon", line)]
    environment = machine.user("systemctl --user show-environment")
    assert "WAYLAND_DISPLAY" not in environment and "INOS_SESSION" not in environment
    for unit in ("graphical-session.target", "inos-session.target"):
        assert machine.user(f"systemctl --user is-active {unit}", check=False) == "inactive"
    assert machine.user("systemctl --user --failed --no-legend --no-pager") == ""
    # What is left for the next session cannot mislead it.
    assert machine.root("ls /run/user/1000/inos /run/user/1000/wayland-0 2>/dev/null", check=False) \
        in ("", "/run/user/1000/inos:\nnode.sock.lock")


def test_opengl_draws_the_same(machine):
    # Mesa's threads draw on while the screen shows the picture, where no GPU makes it wait.
    for line in ("WLR_RENDERER=gles2", "WLR_RENDERER_ALLOW_SOFTWARE=1", "LP_NUM_THREADS=0"):
        machine.root(f"echo {line} >>/etc/environment")
    # greetd logs in by itself once after it was started.
    machine.root("systemctl stop greetd && rm -f /run/greetd.run && systemctl start greetd")
    wait_for("the session is not up", lambda: is_up(machine), 240)
    assert "Creating GLES2 renderer" in log(machine, "log/compositor")
    assert "Creating pixman renderer" not in log(machine, "log/compositor")
    # The pointer is where it was, and a device tells only of changes.
    machine.point(0, 0)
    machine.point(*CORNER)
    desktop = calm_screen(machine, "desktop-gles2", has_desktop)
    launcher = open_launcher(machine, "launcher-gles2")
    for name, image in (("desktop", desktop), ("launcher", launcher)):
        with Image.open(FOLDER / f"{name}.png") as other:
            assert_alike(image, other.convert("RGB"), 2)
    close_launcher(machine)
    test_nothing_complains(machine)

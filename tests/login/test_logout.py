"""The end of the day at the machine, and a session that OpenGL draws in software."""

import re
import time

from desk import (CORNER, assert_alike, assert_nothing_complains, calm_screen, close_launcher, colours,
                  has_desktop, is_up, log, open_launcher, rests, session_id, shows_lock, wait_for, wake)
from machine import FOLDER
from PIL import Image
from test_lock import PASSWORD

PERSON = (560, 570, 720, 600)  # the middle of the button of the one person who has an account


def test_nothing_complains(machine):
    assert_nothing_complains(machine)


def test_logging_out_leaves_nothing(machine):
    machine.user("inosctl logout")
    wait_for("the session stays", lambda: not session_id(machine), 30)
    left = machine.root("ps -u user -o args=", check=False).splitlines()
    # The user manager, its bus and what that has started stay for some seconds, as they are not the session's.
    others = r"systemd --user|\(sd-pam\)|dbus-daemon|pipewire|wireplumber|/usr/libexec/xdg-|fusermount3"
    assert not [line for line in left if not re.search(others, line)]
    environment = machine.user("systemctl --user show-environment")
    assert "WAYLAND_DISPLAY" not in environment and "INOS_SESSION" not in environment
    for unit in ("graphical-session.target", "inos-session.target"):
        assert machine.user(f"systemctl --user is-active {unit}", check=False) == "inactive"
    assert machine.user("systemctl --user --failed --no-legend --no-pager") == ""
    # What is left for the next session cannot mislead it.
    assert machine.root("ls /run/user/1000/inos /run/user/1000/wayland-0 2>/dev/null", check=False) \
        in ("", "/run/user/1000/inos:\nnode.sock.lock")


def asked(machine):
    """The process that asks greetd for the greeter, "" for none."""
    return machine.root("pgrep -x inos-greet", check=False)


def greets(machine, name, seconds=120):
    wait_for("there is no greeter", lambda: (wake(machine), shows_lock(machine.screen(name)))[1], seconds)
    return wait_for("nobody asks greetd", lambda: asked(machine))


def test_the_greeter_lets_in_who_knows_the_password(machine):
    machine.root(f"echo user:{PASSWORD} | chpasswd")
    first = greets(machine, "greeter")
    assert machine.root("ps -o user= -C inos-greeter").split() == ["_greetd"]
    machine.type("user\n")
    wait_for("greetd asks nobody for them", lambda: machine.root("pgrep -f 'greetd.*session-worker'", check=False))
    # What is typed while it is looked for whose name that is goes nowhere.
    wait_for("the password is not asked for", lambda: rests(lambda: machine.screen("greeter-password").tobytes(), 2))
    machine.type("wrong\n")
    second = wait_for("there is no other try", lambda: (lambda now: now if now not in ("", first) else "")(asked(machine)), 120)
    assert not session_id(machine) and shows_lock(machine.screen("greeter-wrong"))
    assert machine.root("journalctl -b -q --no-pager | grep -c 'pam_unix(greetd:auth): authentication failure'")
    # The name is kept.
    machine.type(PASSWORD + "\n")
    wait_for("the right password does not let in", lambda: session_id(machine), 120)
    wait_for("the session is not up", lambda: is_up(machine), 240)
    assert second not in asked(machine).split()
    calm_screen(machine, "greeted", has_desktop)
    machine.root(f"! journalctl -b -q --no-pager | grep {PASSWORD}")
    assert machine.root("cat /var/lib/inos-greeter/last") == "user"


def test_who_was_let_in_need_not_say_their_name(machine):
    machine.root(f"echo user:{PASSWORD} | chpasswd")
    machine.user("inosctl logout")
    greets(machine, "greeter-again")
    pid = machine.root("pgrep -x inos-greeter")
    machine.root(f"kill -9 {pid}")
    wait_for("the greeter stays away", lambda: machine.root("pgrep -x inos-greeter", check=False) not in ("", pid))
    greets(machine, "greeter-back")
    assert not session_id(machine)
    # Or somebody else: below the field for the name are those who have an account, here one.
    before = asked(machine)
    machine.press("esc")
    wait_for("nobody else may be there", lambda: asked(machine) not in ("", before))
    wait_for("nobody is offered", lambda: colours(machine.screen("greeter-people"), PERSON) > 20)
    before = asked(machine)
    machine.point((PERSON[0] + PERSON[2]) // 2, (PERSON[1] + PERSON[3]) // 2)

    def taken():
        """It may be drawn, and not be there to be clicked yet; where it was there is nothing then."""
        machine.click()
        end = time.monotonic() + 5
        while asked(machine) in ("", before) and time.monotonic() < end:
            time.sleep(0.1)
        return asked(machine) not in ("", before)

    wait_for("who is clicked is not taken", taken)
    wait_for("there is a choice still", lambda: colours(machine.screen("greeter-chosen"), PERSON) < 20)
    machine.type(PASSWORD + "\n")
    wait_for("the right password does not let in", lambda: session_id(machine), 120)
    wait_for("the session is not up", lambda: is_up(machine), 240)


def test_opengl_draws_the_same(machine):
    # Mesa's threads draw on while the screen shows the picture, where no GPU makes it wait.
    for line in ("WLR_RENDERER=gles2", "WLR_RENDERER_ALLOW_SOFTWARE=1", "LP_NUM_THREADS=0"):
        machine.root(f"echo {line} >>/etc/environment")
    # greetd logs in by itself once after it was started.
    machine.root("systemctl stop greetd && rm -f /run/greetd.run && systemctl start greetd")
    wait_for("the session is not up", lambda: is_up(machine), 240)
    # Whoever else logs in has no seat, and so no card to ask for OpenGL.
    machine.root("sed -i '/^WLR_RENDERER\\|^LP_NUM_THREADS/d' /etc/environment")
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
    assert_nothing_complains(machine)

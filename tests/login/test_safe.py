"""A person whose desktop dies as soon as it starts gets in: it is said on the screen, and the way back is one log-out."""

import json

from desk import CORNER, asks, calm_screen, colours, has_desktop, is_up, rests, session_id, status, wait_for
from test_lock import PASSWORD
from test_logout import greets

LONG = True  # two minutes and a half; e2e/test_safe_mode.py has the same without a machine

SETTINGS = "/home/user/.config/inos/compositor.ini"
BROKEN = r"[cursor\nsize=huge\n\377\n"
POPUP = (900, 40, 1270, 200)  # where notifications pop up, right above


def let_in(machine, name):
    """Logs in by the greeter."""
    greets(machine, name, 300)
    wait_for("nothing is asked for", lambda: asks(machine.screen(name)), 120)
    if machine.root("cat /var/lib/inos-greeter/last", check=False) != "user":
        machine.type("user\n")
        wait_for("greetd asks PAM for nobody", lambda: len(machine.root("pgrep -f 'greetd.*session-worker'").split()) > 1)
    wait_for("the password is not asked for", lambda: rests(lambda: machine.screen(name).tobytes(), 3))
    machine.type(PASSWORD + "\n")
    wait_for("the right password does not let in", lambda: session_id(machine), 240)


def log_out(machine):
    machine.user("inosctl logout")
    wait_for("the session stays", lambda: not session_id(machine), 180)


def says(machine):
    notes = json.loads(machine.user("inosctl notifications --json"))["notifications"]
    return [note for note in notes if note["summary"].startswith("Safe mode")]


def test_who_cannot_get_in_gets_in(machine):
    wait_for("the session is not up", lambda: is_up(machine), 400)
    machine.root(f"cp -p {SETTINGS} /root/settings && printf '{BROKEN}' >{SETTINGS}; echo user:{PASSWORD} | chpasswd")
    log_out(machine)
    for n in (1, 2):
        let_in(machine, f"safe-greeter-{n}")
        # Before there is a desktop, and with nothing of it told.
        wait_for("no session starts", lambda: machine.root("pgrep -u user inos-compositor", check=False), 120)
        machine.root("pkill -9 -x -u user inos-session")
        wait_for("the session stays", lambda: not session_id(machine), 180)
    let_in(machine, "safe-greeter-3")
    wait_for("the session is not up", lambda: is_up(machine), 400)
    assert status(machine)["session"]["safe_mode"] is True
    (note,) = wait_for("nobody says that it is safe mode", lambda: says(machine))
    assert "Log out and in again" in note["body"] and "/home/user/.config/inos" in note["body"]
    machine.point(*CORNER)
    said = calm_screen(machine, "safe-mode", lambda image: has_desktop(image) and colours(image, POPUP) > 100)
    machine.user(f"inosctl notifications dismiss {note['id']}")
    wait_for("what was on the screen was something else", lambda: (
        machine.screen("safe-mode-read").crop(POPUP).tobytes() != said.crop(POPUP).tobytes()))
    # Nothing of the person's is changed.
    assert machine.root(f"printf '{BROKEN}' | cmp - {SETTINGS}") == ""


def test_the_next_log_in_is_a_usual_one(machine):
    machine.root(f"cp -p /root/settings {SETTINGS}")
    log_out(machine)
    let_in(machine, "safe-greeter-last")
    wait_for("the session is not up", lambda: is_up(machine), 400)
    assert status(machine)["session"]["safe_mode"] is False
    calm_screen(machine, "safe-left", has_desktop)

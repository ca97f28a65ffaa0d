"""The compositor dies on a real machine: within seconds there is a desktop again, and what needs no window lives."""

import time

from desk import calm_screen, has_desktop, is_locked, is_up, lock, shows_lock, status, unlock, wait_for
from machine import FOLDER

LIMIT = 5  # s, of a machine at its usual speed; the emulated one says how much slower it is
TERMINAL = "inosctl terminals open sleep 1000"


def pid_of(machine, name):
    return machine.root(f"pgrep -x -u user {name}", check=False).split("\n")[0]


def started(machine):
    """How long this machine takes from a compositor's start to its being ready, in seconds."""
    text = machine.root("cat /home/user/.local/state/inos/session.log")
    return [int(line.split(" is ready after ")[1].split()[0]) / 1000 for line in text.splitlines()
            if "compositor is ready after" in line]


def crash(machine):
    first = pid_of(machine, "inos-compositor")
    begun = time.monotonic()
    machine.root(f"kill -SEGV {first}")
    wait_for("there is no new compositor",
             lambda: pid_of(machine, "inos-compositor") not in ("", first) and is_up(machine), 120)
    return time.monotonic() - begun


def test_a_crash_costs_seconds(machine):
    wait_for("the session is not up", lambda: is_up(machine), 240)
    session = machine.root("loginctl --no-legend --no-pager")
    node = pid_of(machine, "inos-node")
    terminal = machine.user(TERMINAL)
    took = crash(machine)
    # The compositor's own start is the emulation's; what the session adds to it is ours.
    assert took < LIMIT + 2 * max(started(machine)), f"{took:.1f} s, starts {started(machine)}"
    calm_screen(machine, "crash", has_desktop)
    assert pid_of(machine, "inos-node") == node and machine.root("loginctl --no-legend --no-pager") == session
    assert terminal in machine.user("inosctl terminals")
    wait_for("nobody says what happened", lambda: "was started again" in machine.user("inosctl notifications --json"))
    assert status(machine)["session"]["state"] == "running"


def test_a_crash_opens_no_lock(machine):
    lock(machine)
    crash(machine)
    wait_for("no compositor is on the bus", lambda: machine.user("inosctl idle >/dev/null && echo there", check=False) == "there", 60)
    assert is_locked(machine)
    wait_for("the lock screen is not there", lambda: shows_lock(machine.screen("crash-locked")), 60)
    unlock(machine)
    calm_screen(machine, "crash-unlocked", has_desktop)
    assert (FOLDER / "crash-unlocked.png").exists()

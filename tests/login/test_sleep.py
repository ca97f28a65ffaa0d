"""Away and back: another console, a locked session, the machine asleep."""

import time

from desk import (colours, TICKING, box_of, calm_screen, close, close_launcher, has_desktop, is_locked, is_up,
                  lock, overlay, session_id, shows_lock, start, unlock, wait_for, wait_until_moving,
                  window)


def assert_stays_locked(machine):
    """After a key that opens the launcher: what it does is done within less than this."""
    end = time.monotonic() + 2
    while time.monotonic() < end:
        assert is_locked(machine) and overlay(machine) == ""


def console(machine, number):
    machine.press("ctrl", "alt", f"f{number}")
    wait_for(f"console {number} does not come", lambda: machine.root(
        "cat /sys/class/tty/tty0/active") == f"tty{number}", 20)
    wait_for("logind says otherwise", lambda: ("Active=yes" in machine.root(
        f"loginctl show-session {session_id(machine)} -p Active")) == (number == 7), 20)


def test_windows_go_on_behind_another_console(machine):
    number = start(machine, "foot sh -c 'while sleep 0.2; do date +%N; echo >>/tmp/alive; done'", "foot")["id"]
    box = box_of(window(machine, number)["geometry"])
    wait_until_moving(machine, "ticking", box)
    console(machine, 2)
    lines = int(machine.root("wc -l </tmp/alive"))
    wait_for("the program stands still", lambda: int(machine.root("wc -l </tmp/alive")) > lines + 5)
    # What is typed there is not for the window.
    machine.type("echo")
    machine.press("ctrl", "c")
    console(machine, 7)
    wait_until_moving(machine, "ticking-after", box)
    assert int(machine.root("wc -l </tmp/alive")) > lines
    close(machine, number)


def test_a_locked_session_stays_locked_behind_another_console(machine):
    lock(machine)
    wait_for("there is no lock screen", lambda: shows_lock(machine.screen("locked")))
    console(machine, 2)
    assert is_locked(machine)
    console(machine, 7)
    wait_for("the lock screen does not come back", lambda: shows_lock(machine.screen("locked-after")))
    machine.press("meta_l")
    assert_stays_locked(machine)
    unlock(machine)
    calm_screen(machine, "unlocked-after", has_desktop)


def sleeps(machine):
    """How often it has slept."""
    return int(machine.root("journalctl -b --no-pager -q -k | grep -c 'PM: suspend exit'", check=False))


def test_the_machine_sleeps_locked_and_wakes_up(machine):
    number = start(machine, TICKING, "foot")["id"]
    box = box_of(window(machine, number)["geometry"])
    wait_until_moving(machine, "awake-before", box)
    before = sleeps(machine)
    machine.root("systemctl suspend")
    wait_for("the machine does not sleep", lambda: machine.qmp("query-status")["status"] == "suspended")
    # It was locked before, not only afterwards.
    asleep = machine.screen("asleep")  # with its words, or with the ground alone, which comes first
    assert shows_lock(asleep) or colours(asleep, (0, 0, *asleep.size)) < 3
    machine.qmp("system_wakeup")
    # What was written to the line meanwhile is lost.
    machine.wait_for_shell(120)
    wait_for("the kernel does not say that it woke up", lambda: sleeps(machine) == before + 1)
    assert "PM: suspend entry (deep)" in machine.root("journalctl -b --no-pager -q -k | grep PM:")
    assert is_locked(machine)
    wait_for("the lock screen does not come back", lambda: shows_lock(machine.screen("woken")))
    machine.press("meta_l")
    assert_stays_locked(machine)
    unlock(machine)
    wait_until_moving(machine, "awake", box)
    close(machine, number)
    machine.press("meta_l")
    wait_for("the keyboard is dead", lambda: overlay(machine) == "launcher")
    close_launcher(machine)
    machine.point(18, 16)
    machine.click()
    wait_for("the pointer is dead", lambda: overlay(machine) == "launcher")
    close_launcher(machine)
    assert is_up(machine)

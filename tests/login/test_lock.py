"""The lock screen with a real account: the machine's own PAM, as Debian sets it up, asks for it."""

from desk import calm_screen, has_desktop, is_locked, lock, shows_lock, wait_for

PASSWORD = "opensesame"


def checker(machine):
    """The process that asks PAM, "" for none."""
    return machine.root("pgrep -x inos-lock-check", check=False)


def lock_and_look(machine, name):
    lock(machine)
    wait_for("there is no lock screen", lambda: shows_lock(machine.screen(name)))
    return wait_for("nobody asks PAM", lambda: checker(machine))


def other_checker(machine, before):
    """Waits until that one has said its word, and another asks PAM."""
    return wait_for("there is no new try", lambda: (lambda now: now if now and now != before else "")(
        checker(machine)), 120)


def test_a_real_password_unlocks(machine):
    machine.root(f"echo user:{PASSWORD} | chpasswd")
    assert machine.root("stat -c %a /etc/pam.d/inos-lock") == "644"
    first = lock_and_look(machine, "lock")
    pid = machine.root("pgrep -x inos-lock")
    assert machine.root(f"readlink /proc/{pid}/exe") == "/usr/bin/inos-lock"
    # What runs as the same person cannot look into it.
    for number in (pid, first):
        assert "denied" in machine.user(f"cat /proc/{number}/maps", check=False).lower()
    machine.type("wrong\n")
    second = other_checker(machine, first)
    assert is_locked(machine) and shows_lock(machine.screen("lock-wrong"))
    assert machine.root("journalctl -b -q --no-pager | grep -c 'pam_unix(inos-lock:auth): authentication failure'")
    machine.type(PASSWORD + "\n")
    wait_for("the right password does not unlock", lambda: not is_locked(machine), 120)
    wait_for("the lock screen stays", lambda: not machine.root("pgrep inos-lock", check=False))
    assert second not in checker(machine).split()
    calm_screen(machine, "lock-open", has_desktop)
    machine.root(f"! journalctl -b -q --no-pager | grep {PASSWORD}")


def test_an_account_that_expired_stays_outside(machine):
    first = lock_and_look(machine, "lock")
    machine.root("chage -E 1 user")
    machine.type(PASSWORD + "\n")
    second = other_checker(machine, first)
    assert is_locked(machine) and shows_lock(machine.screen("lock-expired"))
    machine.root("chage -E -1 user")
    machine.type(PASSWORD + "\n")
    wait_for("it does not unlock", lambda: not is_locked(machine), 120)
    assert second not in checker(machine).split()
    calm_screen(machine, "lock-open", has_desktop)

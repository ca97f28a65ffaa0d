"""An administrator's password with the real polkitd, its set-uid helper and the machine's PAM."""

from desk import calm_screen, has_desktop, wait_for

PASSWORD = "opensesame"
AGENT = "pgrep -f '^/usr/libexec/inos-polkit-agent|^/usr/lib/.*inos-polkit-agent'"


def ask(machine):
    """Starts pkexec in the session, beside us; what it comes to is in the file."""
    machine.user("rm -f /tmp/asked; (pkexec /usr/bin/id -un; echo status $?) >/tmp/asked 2>&1 </dev/null &")


def answer(machine):
    return machine.user("cat /tmp/asked", check=False)


def test_the_agent_is_registered(machine):
    machine.root(f"echo user:{PASSWORD} | chpasswd; usermod -aG sudo user")
    pid = wait_for("no agent runs", lambda: machine.root(AGENT, check=False)).split()[0]
    # What runs as the same person cannot look into it.
    assert "denied" in machine.user(f"cat /proc/{pid}/maps", check=False).lower()


def test_a_wrong_and_the_right_password(machine):
    before = calm_screen(machine, "polkit-before", has_desktop)
    ask(machine)
    wait_for("nothing is asked", lambda: machine.root("pgrep -f polkit-agent-helper-1", check=False), 120)
    wait_for("it is not on the screen", lambda: machine.screen("polkit").tobytes() != before.tobytes())
    first = machine.root("pgrep -f polkit-agent-helper-1").split()[0]
    machine.type("wrong\n")
    wait_for("there is no new try", lambda: machine.root("pgrep -f polkit-agent-helper-1", check=False) not in ("", first), 120)
    assert answer(machine) == ""
    machine.screen("polkit-wrong")
    machine.type(PASSWORD + "\n")
    wait_for("the right password lets nothing run", lambda: "status" in answer(machine), 120)
    assert answer(machine).split() == ["root", "status", "0"]
    calm_screen(machine, "polkit-gone", has_desktop)
    machine.root(f"! journalctl -b -q --no-pager | grep {PASSWORD}")


def test_escape_says_no(machine):
    machine.root("rm -rf /run/polkit-1/* 2>/dev/null; systemctl restart polkit")
    ask(machine)
    wait_for("nothing is asked", lambda: machine.root("pgrep -f polkit-agent-helper-1", check=False), 120)
    wait_for("it cannot be left", lambda: machine.press("esc") or "status" in answer(machine), 120)
    assert "status 126" in answer(machine)
    calm_screen(machine, "polkit-left", has_desktop)

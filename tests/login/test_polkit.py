"""An administrator's password with the real polkitd, its set-uid helper and the machine's PAM."""

from desk import REGIONS, calm_screen, has_desktop, wait_for

PASSWORD = "opensesame"
AGENT = "pgrep -f '^/usr/libexec/inos-polkit-agent|^/usr/lib/.*inos-polkit-agent'"


def ask(machine):
    """Starts pkexec in the session, as a key binding does: polkit asks the agent of who asks. What it comes to is in the file."""
    machine.user("rm -f /tmp/asked; echo '(pkexec /usr/bin/id -un; echo status $?) >/tmp/asked 2>&1 </dev/null' >/tmp/ask.sh")
    machine.user("inosctl action exec 'sh /tmp/ask.sh'")


def helper(machine):
    """polkit's process that asks PAM, "" for none."""
    return machine.root("pgrep -x polkit-agent-he", check=False).split("\n")[0]


def answer(machine):
    return machine.user("cat /tmp/asked", check=False)


def types(machine, text, what, until):
    """Types it and Enter until that has come of it: in its first half second the dialog takes no answers."""
    def comes():
        machine.type(text + "\n")
        try:
            return wait_for(what, until, 15)
        except AssertionError:
            return False
    wait_for(what, comes, 180)


def test_the_agent_is_registered(machine):
    machine.root(f"echo user:{PASSWORD} | chpasswd; usermod -aG sudo user")
    pid = wait_for("no agent runs", lambda: machine.root(AGENT, check=False)).split()[0]
    # What runs as the same person cannot look into it.
    assert "denied" in machine.user(f"cat /proc/{pid}/maps", check=False).lower()


def test_a_wrong_and_the_right_password(machine):
    before = calm_screen(machine, "polkit-before", has_desktop)
    ask(machine)
    wait_for("nothing is asked", lambda: helper(machine), 120)
    middle = REGIONS["middle"]
    wait_for("it is not on the screen", lambda: machine.screen("polkit").crop(middle).tobytes() != before.crop(middle).tobytes())
    first = helper(machine)
    types(machine, "wrong", "there is no new try", lambda: helper(machine) not in ("", first))
    assert answer(machine) == ""
    machine.screen("polkit-wrong")
    types(machine, PASSWORD, "the right password lets nothing run", lambda: "status" in answer(machine))
    assert answer(machine).split() == ["root", "status", "0"]
    calm_screen(machine, "polkit-gone", has_desktop)
    machine.root(f"! journalctl -b -q --no-pager | grep {PASSWORD}")


def test_escape_says_no(machine):
    ask(machine)
    wait_for("nothing is asked", lambda: helper(machine), 120)
    wait_for("it cannot be left", lambda: machine.press("esc") or "status" in answer(machine), 120)
    assert "status 126" in answer(machine)
    calm_screen(machine, "polkit-left", has_desktop)

"""The dialog for an administrator's password: drawn by the shell, answered by a person's keys. polkitd and its helper are
stand-ins (polkit.py says why); inos-polkit-agent is the real one, which test_polkit_agent.py has by itself."""

import os
import pathlib
import signal

import pytest
from machine import Machine
from notifications import has_text
from polkit import Polkit
from session import processes_with, soon, wait_for
from test_lock import IDLE, LOCKER, RIGHT, pam_folder, type_text

SHELL, COMPOSITOR = "org.inos.Shell1", "org.inos.Compositor1"
# On 1280x800: the dialog's head, and where the message stands.
CARD = (410, 150, 870, 260)
# Where the card of a question with one person and two lines of words ends, and begins when a line is added.
BELOW = (640, 492)


@pytest.fixture(scope="module")
def polkit(tmp_path_factory):
    with Machine(tmp_path_factory.mktemp("polkit")) as machine:
        polkit = Polkit(machine)
        polkit.serve()
        begin(polkit, INOS_LOCK_PAM_DIR=str(pam_folder(machine.folder / "pam")))
        yield polkit
        machine.session.end()
        assert polkit.agents() == []
        polkit.end()


@pytest.fixture
def session(polkit):
    polkit.play("password")
    return polkit.machine.session


def begin(polkit, **environment):
    session = polkit.machine.begin(**environment)
    wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2], 20)
    wait_for("the agent does not register", lambda: polkit.agents() == ["c1"], 20)
    return session


def shown(session, picture="authentication", card=CARD):
    image = session.screenshot(picture)
    return image if has_text(image, card) else None


def asked(session, picture="authentication", card=CARD):
    return wait_for("it is not on the screen", lambda: shown(session, picture, card), 20)


def gone(session, card=CARD):
    wait_for("it stays on the screen", lambda: not shown(session, "authentication-gone", card), 10)


def result(polkit, number, wanted):
    return wait_for(lambda: f"polkit heard {polkit.result(number)!r}, not {wanted}", lambda: wanted in polkit.result(number), 10)


def enter(session, text, until):
    """Types it and Enter until that has come of it: the first half second takes no answers."""
    def tried():
        session.run("wtype", "-M", "ctrl", "-k", "a", "-m", "ctrl", text, "-k", "Return")
        return until()
    wait_for(f"{text} is not taken", tried, 15)


def processes(session):
    """(id, command line) of those of the session."""
    found = []
    for pid, _ in processes_with(f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"):
        try:
            found.append((pid, pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")))
        except OSError:
            continue
    return found


def unlocked(session):
    """Whether it is, or becomes so soon: keys before the lock screen has the keyboard are nobody's."""
    return soon(lambda: not session.get(COMPOSITOR, "Locked"))


def leave(session, polkit, number):
    wait_for("it cannot be left", lambda: session.run("wtype", "-k", "Escape") and polkit.result(number), 10)


def test_wrong_then_right(polkit, session):
    number = polkit.ask()
    asked(session)
    assert max(session.screenshot("authentication-before").getpixel(BELOW)) < 200
    # The card grows by the words.
    wait_for("nothing says that it was wrong", lambda: session.run("wtype", "bad", "-k", "Return") and
             min(session.screenshot("authentication-wrong").getpixel(BELOW)) > 250, 10)
    assert polkit.result(number) == ""
    enter(session, "toor", lambda: polkit.result(number) == "ok")
    assert polkit.responses()[-1].endswith(" 0")
    gone(session)
    for log in ("shell", "compositor"):
        assert "toor" not in session.log(log)


def test_escape_cancels(polkit, session):
    number = polkit.ask()
    asked(session)
    leave(session, polkit, number)
    result(polkit, number, "Cancelled")
    gone(session)


def test_another_persons_password(polkit, session):
    number = polkit.ask(people=(0, 1))
    asked(session)
    # From the field back to the list of people, and there to the second one.
    session.run("wtype", "-M", "shift", "-k", "Tab", "-m", "shift", "-k", "Down")
    wait_for("it is not daemon's", lambda: session.screenshot("authentication-people") and
             any("helper-1 daemon" in line for _, line in processes(session)), 10)
    enter(session, "nomead", lambda: polkit.result(number) == "ok")
    assert polkit.responses()[-1].endswith(" 1")
    gone(session)


def test_a_finger(polkit, session):
    polkit.play("finger")
    number = polkit.ask()
    asked(session)
    session.screenshot("authentication-finger")
    polkit.touch("swiped")
    result(polkit, number, "ok")
    gone(session)


def test_several_one_after_the_other(polkit, session):
    numbers = [polkit.ask(f"Question {n}") for n in range(3)]
    asked(session)
    session.screenshot("authentication-several")
    for number in numbers:
        enter(session, "toor", lambda number=number: polkit.result(number) == "ok")
    gone(session)


def test_not_while_locked(polkit, session):
    session.configure(f"[lock]\ncommand = {LOCKER}\n")
    number = polkit.ask()
    asked(session)
    session.call(COMPOSITOR, "/org/inos/Compositor1", COMPOSITOR, "Lock")
    wait_for("it is not locked", lambda: session.get(COMPOSITOR, "Locked"), 10)
    result(polkit, number, "locked")
    result(polkit, polkit.ask(), "locked")
    wait_for("the lock screen is not drawn", lambda: session.get(COMPOSITOR, "LockedEverywhere", interface=IDLE), 20)
    wait_for("it does not unlock", lambda: type_text(session, RIGHT) or unlocked(session), 30)
    # The shell hears of it a moment later.
    number = [polkit.ask()]
    wait_for("it is not on the screen", lambda: shown(session) or polkit.result(number[-1]) and number.append(polkit.ask()), 20)
    number = number[-1]
    leave(session, polkit, number)
    gone(session)


def test_what_dies(polkit, session):
    """The agent, then the shell: who asked hears so, and the next one is asked."""
    for victim in ("agent", "shell"):
        number = polkit.ask()
        asked(session)
        if victim == "shell":
            session.kill("shell")
        else:
            os.kill(next(pid for pid, line in processes(session) if line.split(" ")[0].endswith("/inos-polkit-agent")), signal.SIGKILL)
        wait_for("who asked waits", lambda: polkit.result(number), 10)
        gone(session)
        wait_for("no agent registers", lambda: polkit.agents() == ["c1"], 30)
        wait_for("no shell", lambda: session.component("shell")[0] == "running", 30)
        number = polkit.ask()
        asked(session)
        enter(session, "toor", lambda: polkit.result(number) == "ok")
        gone(session)


# Pictures

LONG = "Authentication is required to change your own user data, and all that goes on behind that for longer than there is room on " \
       "any line of this dialog, as texts of others do: " + "Donaudampfschifffahrtsgesellschaft" * 12


def look(polkit, name, card=CARD):
    session = polkit.machine.session
    for mode, kind, people, text in (("password", "", (0,), None), ("broken", "-broken", (0, 1, 65534), LONG), ("code", "-code", (0, 1), None)):
        polkit.play(mode)
        number = polkit.ask(*([text] if text else []), people=people, pid=session.component("shell")[1])
        asked(session, f"authentication-{name}{kind}", card)
        before = session.screenshot(f"authentication-{name}{kind}").tobytes()
        session.run("wtype", "secret")
        wait_for("nothing is typed", lambda: mode == "broken" or
                 session.screenshot(f"authentication-{name}{kind}").tobytes() != before, 5)
        leave(session, polkit, number)
        gone(session, card)


@pytest.mark.parametrize("name", ["light", "dark", "arabic"])
def test_pictures(tmp_path, locales, name):
    environment = {}
    if name == "arabic":
        environment = {"LOCPATH": str(locales), "LC_ALL": "ar_EG.UTF-8", "LANGUAGE": ""}
    with Machine(tmp_path) as machine:
        polkit = Polkit(machine)
        polkit.serve()
        session = begin(polkit, **environment)
        if name == "dark":
            session.run("gsettings", "set", "org.gnome.desktop.interface", "color-scheme", "prefer-dark")
            wait_for("it stays light", lambda: max(session.screenshot("before-prompt").getpixel((600, 300))) < 100)
        look(polkit, name)
        session.end()
        polkit.end()

"""inos-polkit-agent by itself, spoken with as the shell does: what polkit asks, one after the other, and within bounds."""

import contextlib
import os
import select
import socket
import struct
import subprocess

import pytest
from gi.repository import GLib
from machine import Machine
from polkit import Polkit
from session import PATIENCE, wait_for

pytestmark = pytest.mark.sanitized
LOCKED, CHOOSE, ANSWER, CANCEL = range(4)


def started(polkit, theirs, *options, **environment):
    """With its end of the socket under the number that it expects."""
    return subprocess.Popen([str(polkit.agent), *options], env={**os.environ, **polkit.machine.environment, **environment},
                            pass_fds=[3], preexec_fn=lambda: os.dup2(theirs.fileno(), 3))


class Agent:
    def __init__(self, polkit, *options):
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = started(polkit, theirs, *options)
        theirs.close()
        self.state, self.most = {}, 0
        wait_for("it does not register", lambda: polkit.agents() == ["c1"], 20)

    def say(self, kind, id=0, value=0, text=""):
        self.socket.send(struct.pack("<III", kind, id, value) + text.encode() + b"\0")

    def hear(self):
        """Takes what was said; returns the newest."""
        while select.select([self.socket], [], [], 0)[0]:
            data = self.socket.recv(1 << 17)
            self.most = max(self.most, len(data))
            variant = GLib.Variant.new_from_bytes(GLib.VariantType("a{sv}"), GLib.Bytes.new(data), False)
            assert variant.is_normal_form()
            self.state = variant.unpack()
        return self.state

    def until(self, **wanted):
        def holds():
            state = self.hear()
            return state and all(state.get(name) == value for name, value in wanted.items())
        wait_for(lambda: f"it says {self.state}, not {wanted}", holds, 10)
        return self.state

    def rests(self):
        wait_for(lambda: f"it says {self.state}", lambda: self.hear() == {}, 10)


@pytest.fixture(scope="module")
def polkit(tmp_path_factory):
    with Machine(tmp_path_factory.mktemp("polkit")) as machine:
        polkit = Polkit(machine)
        polkit.serve()
        yield polkit
        polkit.end()


@contextlib.contextmanager
def an_agent(polkit, *options):
    agent = Agent(polkit, *options)
    agent.say(LOCKED)
    try:
        yield agent
    finally:
        agent.socket.close()
        assert agent.process.wait(20 * PATIENCE) == 0
        wait_for("it stays registered", lambda: polkit.agents() == [], 10)


@pytest.fixture
def agent(polkit):
    polkit.play("password")
    with an_agent(polkit) as agent:
        yield agent


def result(polkit, number, wanted):
    return wait_for(lambda: f"polkit heard {polkit.result(number)!r}, not {wanted}", lambda: wanted in polkit.result(number), 10)


def test_a_wrong_and_a_right_password(polkit, agent):
    number = polkit.ask("Do it?", pid=os.getpid())
    state = agent.until(phase="asked", prompt="Password: ".strip())
    assert state["message"] == "Do it?" and state["people"] == [("root", "root")] and not state["shown"]
    assert state["program"] == os.readlink("/proc/self/exe") and state["pid"] == os.getpid() and "pytest" in state["command"]
    agent.say(ANSWER, state["id"], text="wrong")
    state = agent.until(phase="asked", wrong=1)
    assert polkit.result(number) == ""
    agent.say(ANSWER, state["id"], text="toor")
    result(polkit, number, "ok")
    assert polkit.responses()[-1] == f"cookie-{number} 0"
    agent.rests()


def test_cancelled(polkit, agent):
    number = polkit.ask()
    agent.say(CANCEL, agent.until(phase="asked")["id"])
    result(polkit, number, "Cancelled")
    agent.rests()
    # By who asked.
    number = polkit.ask()
    agent.until(phase="asked")
    polkit.cancel(number)
    result(polkit, number, "Cancelled")
    agent.rests()


def test_whose_password(polkit, agent):
    number = polkit.ask(people=(1, 65534, 4242424, 0))
    state = agent.until(phase="asked")
    # The own account first; one that there is not is none.
    assert [account for account, _ in state["people"]] == ["root", "daemon", "nobody"]
    agent.say(CHOOSE, state["id"], 7)
    agent.say(CHOOSE, state["id"], 1)
    agent.until(phase="asked", person=1)
    agent.say(ANSWER, state["id"], text="toor")
    agent.until(phase="asked", wrong=1)
    agent.say(ANSWER, state["id"], text="nomead")
    result(polkit, number, "ok")
    assert polkit.responses()[-1] == f"cookie-{number} 1"
    number = polkit.ask(people=(4242424,))
    result(polkit, number, "nobody with an account")
    agent.rests()


def test_one_at_a_time_and_no_more_than_sixteen(polkit, agent):
    numbers = [polkit.ask(f"Question {i}") for i in range(20)]
    for number in numbers[16:]:
        result(polkit, number, "too much")
    state = agent.until(phase="asked", waiting=15, message="Question 0")
    # What is taken back in the middle is not asked.
    polkit.cancel(numbers[1])
    result(polkit, numbers[1], "Cancelled")
    agent.say(ANSWER, state["id"], text="toor")
    result(polkit, numbers[0], "ok")
    # A word about what is over does nothing.
    agent.say(CANCEL, state["id"])
    state = agent.until(phase="asked", message="Question 2", waiting=13)
    agent.say(LOCKED, value=1)
    for number in numbers[2:16]:
        result(polkit, number, "locked")
    agent.rests()
    number = polkit.ask()
    result(polkit, number, "locked")
    agent.say(LOCKED)
    number = polkit.ask()
    agent.until(phase="asked")


def test_what_pam_says(polkit, agent):
    polkit.play("finger")
    number = polkit.ask()
    agent.until(info="Swipe your finger over the reader", phase="waiting")
    polkit.touch("swiped")
    result(polkit, number, "ok")
    polkit.play("code")
    number = polkit.ask()
    state = agent.until(phase="asked", shown=True, prompt="Code of your token:")
    agent.say(ANSWER, state["id"], text="123456")
    state = agent.until(phase="asked", shown=False, prompt="Password:")
    agent.say(ANSWER, state["id"], text="toor")
    result(polkit, number, "ok")
    polkit.play("broken")
    number = polkit.ask()
    state = agent.until(phase="failed", error="The module is not there")
    polkit.play("crash")
    agent.say(CHOOSE, state["id"], 0)
    agent.until(phase="failed", error="")
    polkit.play("password")
    agent.say(CHOOSE, state["id"], 0)
    agent.until(phase="asked")
    agent.say(ANSWER, state["id"], text="toor")
    result(polkit, number, "ok")


def test_hostile_texts(polkit, agent):
    polkit.play("hostile")
    number = polkit.ask("<img src=x>\x01\u202e\n" + "M" * 1000000, action="a" * 100000, people=range(0, 100))
    state = agent.until(phase="asked")
    assert len(state["message"]) < 700 and state["message"].startswith("<img src=x> M") and state["message"].endswith("…")
    assert len(state["action"]) < 300 and len(state["info"]) < 500 and state["info"].startswith("<b>bold</b>A")
    assert state["error"] == "one[31mtwo" and len(state["people"]) <= 16
    assert agent.most < 16384
    # Words that are none.
    agent.socket.send(struct.pack("<III", 99, state["id"], 0) + b"\0")
    agent.say(ANSWER, state["id"], text="x" * 511)
    state = agent.until(phase="asked", wrong=1)
    for pid in ("0", "-1", "999999999999", "1; rm", "4194303"):
        polkit.call("Begin", "(ssa{ss}au)", "a.b", "", {"polkit.subject-pid": pid}, [0])
    polkit.play("password")
    agent.say(CANCEL, state["id"])
    state = agent.until(phase="asked", waiting=4, pid=0, program="")
    polkit.cancel(number)


def test_nobody_answers(polkit):
    polkit.play("password")
    with an_agent(polkit, "--timeout=1") as agent:
        number = polkit.ask()
        agent.until(phase="asked")
        result(polkit, number, "nobody answered")
        agent.rests()


def test_polkit_comes_later_and_comes_back(polkit):
    polkit.play("password")
    with an_agent(polkit) as agent:
        polkit.end()
        wait_for("the name stays", lambda: not polkit.machine.has("org.freedesktop.PolicyKit1"))
        polkit.serve()
        wait_for("it does not register again", lambda: polkit.agents() == ["c1"], 20)
        number = polkit.ask()
        state = agent.until(phase="asked")
        agent.say(ANSWER, state["id"], text="toor")
        result(polkit, number, "ok")


def test_without_a_system_bus(polkit, tmp_path):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = started(polkit, theirs, DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={tmp_path}/none")
    assert process.wait(20 * PATIENCE) == 3
    assert subprocess.run([str(polkit.agent)], capture_output=True).returncode == 2

"""Programs that hang or are killed: their windows alone go, and what is locked stays locked."""

import os
import signal

import pytest
from session import Session, wait_for

pytestmark = pytest.mark.sanitized


def window_of(session, number):
    return next((w for w in session.windows() if w["Id"] == number), None)


def test_killed_program(session):
    survivor, kept = session.open_foot("sleep", "120", title="survivor")
    victim, window = session.open_foot("sleep", "120", title="victim")
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    wait_for("its window stays", lambda: not window_of(session, window["Id"]))
    assert window_of(session, kept["Id"])
    assert session.component("compositor")[0] == "running"
    survivor.kill()
    survivor.wait()


def test_program_that_hangs():
    with Session() as session:
        session.configure("[windows]\nunresponsive-after = 300\n")
        process, window = session.open_foot("sleep", "120", title="hangs")
        assert not window["Unresponsive"]
        process.send_signal(signal.SIGSTOP)
        session.run("inosctl", "close", str(window["Id"]))
        wait_for("nobody says that it hangs", lambda: window_of(session, window["Id"])["Unresponsive"])
        session.logged("compositor", "does not answer")
        session.screenshot("unresponsive")
        session.run("inosctl", "close", "--force", str(window["Id"]))
        wait_for("its window stays", lambda: not window_of(session, window["Id"]))
        assert process.wait(60) == -signal.SIGKILL


def test_locker_is_killed():
    with Session() as session:
        session.configure("[lock]\ncommand =\n")
        foot, _ = session.open_foot("sleep", "120", title="behind")

        def locked():
            return session.get("org.inos.Compositor1", "Locked")

        locker = session.start("swaylock", "--color", "204060")
        wait_for("it does not lock", locked, 10)
        locker.send_signal(signal.SIGKILL)
        locker.wait()
        second = session.start("swaylock", "--color", "602040")

        def seen():
            return session.screenshot("second-locker").getpixel((20, 20))

        wait_for(lambda: f"the second locker is not seen: {seen()}", lambda: seen() == (0x60, 0x20, 0x40), 10)
        assert locked()
        assert foot.poll() is None
        # By its own wish it unlocks.
        os.kill(second.pid, signal.SIGUSR1)
        wait_for("it does not unlock", lambda: not locked(), 10)
        foot.kill()
        foot.wait()

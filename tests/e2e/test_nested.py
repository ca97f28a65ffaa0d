"""The desktop in a window: on an X display, and inside another Inos desktop."""

import os
import subprocess

import pytest
from session import NAMES, Session, wait_for


@pytest.fixture
def x_display():
    read, write = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    process.terminate()
    process.wait()


def test_in_a_window_on_x(x_display):
    with Session(headless=False, environment={"DISPLAY": x_display}) as session:
        for name in NAMES:
            assert session.has_name(name), name
        outputs = list(session.managed("Output").values())
        assert [output["Name"] for output in outputs] == ["X11-1"]
        process, window = session.open_foot("sleep", "60")
        session.screenshot("nested-x11")
        process.kill()
        assert session.end() == 0


def test_in_a_window_on_wayland(session):
    display = os.path.join(session.environment["XDG_RUNTIME_DIR"], session.environment["WAYLAND_DISPLAY"])
    with Session(headless=False, environment={"WAYLAND_DISPLAY": display}) as inner:
        outputs = list(inner.managed("Output").values())
        assert [output["Name"] for output in outputs] == ["WL-1"]
        window = wait_for("no window outside", session.windows)[0]
        # Closing the window from outside leaves the inner desktop as a log-out does.
        session.run("inosctl", "close", str(window["Id"]))
        assert inner.process.wait(60) == 0
    wait_for("the window stays", lambda: not session.windows())

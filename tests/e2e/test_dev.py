"""./dev session, as a person types it."""

import os
import pathlib
import signal
import subprocess
import time

import pytest
from session import processes_with, wait_for

DEV = str(pathlib.Path(__file__).parents[2] / "dev")


def dev(*arguments, **options):
    return subprocess.run([DEV, *arguments], capture_output=True, text=True, timeout=120, **options)


def test_status_and_environment_come_through():
    result = dev("session", "--", "sh", "-c",
                 'test -S "$XDG_RUNTIME_DIR/$WAYLAND_DISPLAY" && test -n "$DBUS_SESSION_BUS_ADDRESS" '
                 '&& echo "in $HOME" && exit 23')
    assert result.returncode == 23, result.stderr
    home = pathlib.Path(result.stdout.split()[-1])
    assert not home.parent.exists(), "the session's folder is left over"
    assert not processes_with(str(home.parent))


def test_input_reaches_the_command():
    result = dev("session", "--", "cat", input="through and through")
    assert result.stdout == "through and through"


def test_terminating_ends_everything():
    process = subprocess.Popen([DEV, "session", "--", "sh", "-c", "echo $HOME; sleep 1000"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    home = pathlib.Path(process.stdout.readline().strip())
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) != 0
    wait_for("processes are left over", lambda: not processes_with(str(home.parent)))
    assert not home.parent.exists()


def test_unknown_command_is_an_error():
    result = dev("dance")
    assert result.returncode == 1 and "no command 'dance'" in result.stderr
    assert "Usage" in dev("help").stdout

"""Idleness, the lock and sleep, with logind as python-dbusmock plays it: no test may put the machine
to sleep, and the test machines have neither a battery nor a logind."""

import os
import pathlib
import signal
import subprocess
import sys

import pytest
from gi.repository import Gio, GLib
from pointer import Pointer
from session import PATIENCE, Session, soon, wait_for

LOGIND, MANAGER = "org.freedesktop.login1", "org.freedesktop.login1.Manager"
ROOT = "/org/freedesktop/login1"
COMPOSITOR, IDLE = "org.inos.Compositor1", "org.inos.Compositor1.Idle"
SETTINGS = """
[idle]
dim = {dim}
suspend = {suspend}
[lock]
command = swaylock --config=/dev/null -c 203040
"""


class Machine:
    """A system bus with logind's mock on it, and a session that lives there."""

    def __init__(self, folder, dim=0, suspend=0):
        self.daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address",
             f"--address=unix:path={folder}/system"], stdout=subprocess.PIPE, text=True)
        address = self.daemon.stdout.readline().strip()
        environment = {"DBUS_SYSTEM_BUS_ADDRESS": address, "XDG_SESSION_ID": "c1"}
        self.said = folder / "logind"
        self.mock = subprocess.Popen(
            [sys.executable, "-m", "dbusmock", "--system", "--template", "logind", "-l", str(self.said)],
            env=dict(os.environ, **environment))
        self.bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        wait_for("no logind", lambda: self.call("org.freedesktop.DBus", "/org/freedesktop/DBus",
                 "org.freedesktop.DBus", "NameHasOwner", "(s)", LOGIND)[0], 20)
        self.path = self.call(LOGIND, ROOT, "org.freedesktop.DBus.Mock", "AddSession", "(ssusb)", "c1",
                              "seat0", os.getuid(), "person", True)[0]
        settings = folder / "inos"
        settings.mkdir(exist_ok=True)
        (settings / "compositor.ini").write_text(SETTINGS.format(dim=dim, suspend=suspend))
        self.session = Session("--config-dir", str(folder), environment=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.__exit__()
        for process in (self.mock, self.daemon):
            process.terminate()
            process.wait(60)

    def call(self, name, path, interface, method, signature=None, *arguments):
        variant = GLib.Variant(signature, arguments) if signature else None
        return self.bus.call_sync(name, path, interface, method, variant, None,
                                  Gio.DBusCallFlags.NONE, 5000 * PATIENCE, None).unpack()

    def emit(self, path, interface, name, signature="", *arguments):
        self.call(LOGIND, path, "org.freedesktop.DBus.Mock", "EmitSignal", "(sssav)", interface, name,
                  signature, [GLib.Variant(signature, a) for a in arguments])

    def calls(self, method):
        """What logind was asked: the mock's log has a line for each call."""
        lines = self.said.read_text().splitlines() if self.said.exists() else []
        return [line for line in lines if f" {method}".lower() in line.lower()]

    def delays(self):
        """Who delays sleep now."""
        return [each[1] for each in self.call(LOGIND, ROOT, MANAGER, "ListInhibitors")[0]
                if each[0] == "sleep" and each[3] == "delay"]

    def locked_hint(self):
        return self.call(LOGIND, self.path, "org.freedesktop.DBus.Properties", "Get", "(ss)",
                         "org.freedesktop.login1.Session", "LockedHint")[0]

    def get(self, name, interface=COMPOSITOR):
        return self.session.get(COMPOSITOR, name, interface=interface)


@pytest.fixture
def machine(tmp_path):
    with Machine(tmp_path) as machine:
        yield machine


def shown(machine):
    return machine.get("LockedEverywhere", IDLE)


def test_logind_locks(machine):
    wait_for("nobody delays sleep", lambda: machine.delays())
    machine.emit(machine.path, "org.freedesktop.login1.Session", "Lock")
    wait_for("it does not lock", lambda: shown(machine), 20)
    wait_for("logind does not hear of it", lambda: machine.locked_hint())


def test_logind_unlocks(machine):
    """Only logind can, which asks who one is: nothing on the session bus unlocks."""
    wait_for("nobody delays sleep", lambda: machine.delays())
    machine.session.run("inosctl", "lock")
    wait_for("it does not lock", lambda: shown(machine), 20)
    machine.emit(machine.path, "org.freedesktop.login1.Session", "Unlock")
    wait_for("it stays locked", lambda: not machine.get("Locked"))
    wait_for("the locker stays", lambda: not lockers(machine), 20)
    assert not machine.get("Locked")
    machine.session.run("inosctl", "lock")
    wait_for("it does not lock again", lambda: shown(machine), 20)


def test_locked_before_sleep(machine):
    wait_for("nobody delays sleep", lambda: machine.delays())
    assert machine.delays() == ["Inos"]
    machine.emit(ROOT, MANAGER, "PrepareForSleep", "b", True)
    # The delay is held until the lock screen is on every monitor, and no longer.
    wait_for("sleep is held up for ever", lambda: not machine.delays(), 20)
    assert shown(machine), "sleep goes on before the screen is locked"
    assert "not locked" not in machine.session.errors()
    # Awake again, the next sleep is delayed too, and not for long where all is locked already.
    machine.emit(ROOT, MANAGER, "PrepareForSleep", "b", False)
    wait_for("the next sleep is not delayed", machine.delays)
    assert machine.get("Locked")
    machine.emit(ROOT, MANAGER, "PrepareForSleep", "b", True)
    # Where it is not, sleep waits for four seconds.
    assert soon(lambda: not machine.delays(), 3), "sleep is held up though all is locked"


def test_killed_locker_is_started_again(machine):
    machine.session.run("inosctl", "lock")
    wait_for("it does not lock", lambda: shown(machine), 20)
    seen = set()

    def another():
        """The one that there is and that was not there before."""
        found = lockers(machine) - seen
        return found.pop() if len(found) == 1 else None

    for _ in range(3):
        pid = wait_for("no locker", another, 20)
        seen.add(pid)
        os.kill(pid, signal.SIGKILL)
        wait_for("no new locker", another, 20)
        assert machine.get("Locked"), "a locker that was killed unlocked the session"
    wait_for("it is not drawn", lambda: machine.session.screenshot("locked-again").getpixel((20, 400))
             == (0x20, 0x30, 0x40), 20)
    # The one that has drawn that unlocks as a right password would.
    os.kill(wait_for("no locker", another, 20), signal.SIGUSR1)
    wait_for("it stays locked", lambda: not machine.get("Locked"))


def lockers(machine):
    """Those that the compositor has started: swaylock's own child, which knows the password, is none, and outlives one that is
    killed for a moment."""
    compositor, found = machine.session.component("compositor")[1], set()
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            name, rest = (entry / "stat").read_text().split("(", 1)[1].rsplit(") ", 1)
        except OSError:
            continue
        state, parent = rest.split()[:2]
        if name == "swaylock" and state not in "ZX" and int(parent) == compositor:
            found.add(int(entry.name))
    return found


def test_idleness_leads_to_sleep(tmp_path):
    with Machine(tmp_path, dim=1, suspend=2) as machine:
        wait_for("not dimmed", lambda: "dim" in machine.get("Reached", IDLE), 20)
        wait_for("logind does not hear of it", lambda: machine.calls("SetIdleHint True"))
        wait_for("it does not sleep", lambda: machine.calls("Suspend"), 20)
        with Pointer(machine.session) as pointer:
            pointer.move(300, 300)
            wait_for("logind thinks that nobody is there", lambda: machine.calls("SetIdleHint False"))


def test_programs_keep_awake_until_they_leave(machine):
    session = machine.session
    caller = Gio.DBusConnection.new_for_address_sync(
        session.environment["DBUS_SESSION_BUS_ADDRESS"],
        Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
        | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
    saver = "org.freedesktop.ScreenSaver"
    caller.call_sync(saver, "/org/freedesktop/ScreenSaver", saver, "Inhibit",
                     GLib.Variant("(ss)", ("player", "film")), None, Gio.DBusCallFlags.NONE, 5000, None)
    assert machine.get("IdleInhibited")
    assert machine.get("Programs", IDLE) == [("player", "film")]
    with pytest.raises(GLib.Error):
        session.call(saver, "/ScreenSaver", saver, "UnInhibit", GLib.Variant("(u)", (1,)))
    caller.close_sync(None)
    wait_for("it outlives its caller", lambda: not machine.get("IdleInhibited"))


def test_logind_keeps_awake(machine):
    """What somebody told logind (systemd-inhibit --what=idle) holds the compositor back too."""
    wait_for("nobody delays sleep", lambda: machine.delays())

    def block(what):
        machine.call(LOGIND, ROOT, "org.freedesktop.DBus.Mock", "UpdateProperties", "(sa{sv})", MANAGER,
                     {"BlockInhibited": GLib.Variant("s", what)})

    machine.call(LOGIND, ROOT, "org.freedesktop.DBus.Mock", "AddProperty", "(ssv)", MANAGER,
                 "BlockInhibited", GLib.Variant("s", ""))
    block("shutdown:idle")
    wait_for("it is not heeded", lambda: machine.get("IdleInhibited"))
    block("shutdown")
    wait_for("it stays awake", lambda: not machine.get("IdleInhibited"))

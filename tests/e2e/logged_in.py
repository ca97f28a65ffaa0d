"""A session as a login manager starts it: without a command, in folders that outlive it."""

import os
import signal
import subprocess

from gi.repository import Gio, GLib
from session import Session, processes_with, wait_for

FOLDERS = (("HOME", "home"), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state"),
           ("XDG_CACHE_HOME", "cache"), ("XDG_RUNTIME_DIR", "run"))


class LoggedIn(Session):
    """Logs in at once; it ends with the with statement at the latest. `options` are inos-session's. first: as for the
    first time, with the welcome."""

    def __init__(self, folder, *options, first=False):
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if name not in
                            ("WAYLAND_DISPLAY", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "NOTIFY_SOCKET")}
        for name, part in FOLDERS:
            (folder / part).mkdir(mode=0o700, exist_ok=True)
            self.environment[name] = str(folder / part)
        if not first:
            (folder / "state" / "inos").mkdir(exist_ok=True)
            (folder / "state" / "inos" / "welcomed").touch()
        self.environment["LSAN_OPTIONS"] = "exitcode=0"  # a session that is killed leaves all of it
        self.stay_here()
        self.stderr = open(folder / "stderr", "w+")
        self.process = subprocess.Popen(["inos-session", "--headless", "--size", "1280x800", *options],
                                        env=self.environment, stdin=subprocess.DEVNULL, stderr=self.stderr)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={folder}/run/bus"
        self.environment["WAYLAND_DISPLAY"] = "wayland-0"
        self.bus = wait_for("no session bus", self.connect, 15)
        # Longer than the shell has: then it says itself what it lacks.
        wait_for(lambda: f"no desktop: {self.errors()}\nshell: {self.log('shell')}", self.is_up, 75)

    def connect(self):
        try:
            flags = Gio.DBusConnectionFlags
            return Gio.DBusConnection.new_for_address_sync(
                self.environment["DBUS_SESSION_BUS_ADDRESS"],
                flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
        except GLib.Error:
            return None

    def is_up(self):
        try:
            return self.get("org.inos.Session1", "State") in ("running", "degraded")
        except GLib.Error:
            return False

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        self.gone()
        self.stderr.close()

    def gone(self):
        self.process.wait(60)
        run = f"XDG_RUNTIME_DIR={self.environment['XDG_RUNTIME_DIR']}"
        wait_for(lambda: f"left over: {processes_with(run)}", lambda: not processes_with(run), 20)

    def cut_off(self):
        """As when the machine loses its power."""
        self.process.send_signal(signal.SIGKILL)
        self.gone()

    def log_out(self):
        self.run("inosctl", "logout")
        assert self.process.wait(60) == 0
        self.gone()

"""A real Inos session for a test: fresh directories, its own bus, a headless compositor."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAMES = ["org.inos.Session1", "org.inos.Compositor1", "org.inos.Node1", "org.inos.Shell1"]
# A sanitized program is several times slower.
SLOW = 4 if os.environ.get("INOS_BUILD") == "asan" else 1
# A machine that does other things besides is slower too, for as long as it pleases: a limit that only a failing test reaches
# costs nothing.
PATIENCE = 2 * SLOW if SLOW > 1 else 4


FAULT = re.compile(r"Sanitizer|runtime error:|Assertion .* failed")
# What inos-session writes of a part that died of a fault of its own.
DIED = re.compile(r"^.*was ended by signal (?:4|5|6|7|8|11) .*$", re.M)


class Failed(AssertionError):
    """A command that a test ran ended otherwise than it should."""


def ask(condition):
    """(What condition() is, None), or (None, what was wrong) where whoever says it is not there: it may just be started again, or
    what it speaks of has yet to come."""
    try:
        return condition(), None
    except (GLib.Error, Failed, LookupError) as error:
        return None, error


def wait_for(what, condition, seconds=5.0):
    """Waits until condition() is true and returns its value; fails with `what` in words. `seconds` is what a machine that is free
    takes at most; others get several times as long."""
    end = time.monotonic() + seconds * PATIENCE
    while True:
        value, error = ask(condition)
        if value:
            return value
        if time.monotonic() > end:
            words, _ = ask(what) if callable(what) else (what, None)
            raise AssertionError(f"after {seconds * PATIENCE} s: {words}{f' ({error})' if error else ''}") from error
        time.sleep(0.02)


def soon(condition, seconds=3.0):
    """Whether it becomes true within that time, and what it is then: for what is tried again otherwise."""
    end = time.monotonic() + seconds * SLOW
    while not (value := ask(condition)[0]) and time.monotonic() < end:
        time.sleep(0.02)
    return value


def by_load(seconds):
    """The same of a machine that does other things besides: this long at least, and longer by what waits for its processors."""
    return seconds * SLOW * (1 + min(os.getloadavg()[0] / (os.cpu_count() or 1), 4))


class Session:
    """Starts at once; use it in a with statement."""

    faults = 0  # how many a test made itself

    def __init__(self, *options, size="1280x800", headless=True, environment=None, readable=False):
        """readable: screen readers are told what there is, for which every program does a little more."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="inos-e2e-"))
        self.environment = dict(os.environ)
        for name in ("WAYLAND_DISPLAY", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "NOTIFY_SOCKET"):
            self.environment.pop(name, None)
        for name, folder in (
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_RUNTIME_DIR", "run"),
        ):
            path = self.folder / folder
            path.mkdir(mode=0o700)
            self.environment[name] = str(path)
        # Not ours: fontconfig keeps what it has read.
        leaks = self.folder / "leaks"
        leaks.write_text("leak:libfontconfig\n")
        self.environment["LSAN_OPTIONS"] = f"suppressions={leaks}:print_suppressions=0"
        self.environment.update(environment or {})
        self.stay_here()
        if not readable:
            self.tell_no_reader()
        self.started = time.monotonic()
        # The command inside tells us its environment, starts what we ask, and stays until we close its
        # input.
        tell = (
            "import json, os, subprocess, sys\n"
            "print(json.dumps(dict(os.environ)), flush=True)\n"
            "for line in sys.stdin: subprocess.Popen(line, shell=True, stdin=subprocess.DEVNULL)"
        )
        self.stderr = open(self.folder / "stderr", "w+")
        self.process = subprocess.Popen(
            ["inos-session", *(("--headless", "--size", size) if headless else ()), *options, "--",
             sys.executable, "-c", tell],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            text=True,
        )
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise AssertionError(f"the session did not start: {self.errors()}")
        self.environment = json.loads(line)
        self.ready = time.monotonic()
        self.bus = Gio.DBusConnection.new_for_address_sync(
            self.environment["DBUS_SESSION_BUS_ADDRESS"],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION,
            None,
            None,
        )

    def stay_here(self):
        """Tests stay on this machine."""
        settings = pathlib.Path(self.environment["XDG_CONFIG_HOME"]) / "inos"
        settings.mkdir(exist_ok=True)
        shutil.copy(pathlib.Path(__file__).parents[1] / "config" / "inos" / "node.ini", settings)

    def tell_no_reader(self):
        """The bus of AT-SPI is not to be had, as on a machine without it."""
        services = pathlib.Path(self.environment["XDG_DATA_HOME"]) / "dbus-1" / "services"
        services.mkdir(parents=True)
        (services / "org.a11y.Bus.service").write_text("[D-BUS Service]\nName=org.a11y.Bus\nExec=/bin/false\n")

    def __enter__(self):
        return self

    def __exit__(self, failed=None, *_):
        try:
            # Leaks are reported when a program ends.
            self.end()
            if not failed:
                self.nothing_reported()
        finally:
            self.stderr.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def fault(self, pid):
        """One of its parts dies as by a fault of its own. A sanitizer would take that for one of the program's."""
        self.faults += 1
        os.kill(pid, signal.SIGSEGV if SLOW == 1 else signal.SIGKILL)

    def nothing_reported(self):
        """No part died of a fault, and no sanitizer has said a word of any of our programs."""
        assert self.faults or not (died := DIED.findall(self.errors())), died
        reports = {name: self.log(name) for name in ("compositor", "node", "bridge", "shell")}
        reports["session"] = self.errors()
        for name, text in reports.items():
            for word in ("ERROR: AddressSanitizer", "runtime error:", "ERROR: LeakSanitizer"):
                # GTK, WebKit and Mesa keep things until the end, with stacks that do not say who asked:
                # the shell's own parts are checked for leaks by their unit tests.
                if name == "shell" and "Leak" in word:
                    continue
                assert word not in text, f"{name}: {text[-6000:]}"

    def inside(self, command):
        """Starts a shell command as a child of the session, as an application would be."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def end(self, seconds=15):
        """Ends the command inside, hence the session; returns the session's exit status."""
        if self.process.poll() is None:
            self.process.stdin.close()
        try:
            return self.process.wait(seconds * PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def errors(self):
        self.stderr.flush()
        return pathlib.Path(self.stderr.name).read_text()

    def log(self, name):
        path = self.folder / "state" / "inos" / "log" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def logged(self, name, *words):
        """Waits until all of them are in a log: the session writes down what its parts say a moment later."""
        wait_for(lambda: f"{words} is not in the log of {name}: {self.log(name)[-2000:]}",
                 lambda: all(word in self.log(name) for word in words))

    # Programs

    def run(self, *argv, check=True, timeout=20, **options):
        result = subprocess.run(
            argv,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout * PATIENCE,
            **options,
        )
        # No answer to wait for, however it goes the next time.
        assert result.returncode >= 0 and not FAULT.search(result.stderr), \
            f"{argv} ended with {result.returncode}: {result.stderr}"
        if check and result.returncode != 0:
            raise Failed(f"{argv} ended with {result.returncode}: {result.stderr}")
        return result

    def start(self, *argv, **options):
        return subprocess.Popen(
            argv,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **options,
        )

    def inosctl(self, *arguments):
        return json.loads(self.run("inosctl", *arguments, "--json").stdout)

    def configure(self, text):
        """Writes the compositor's settings, which hold from then on."""
        folder = self.folder / "config" / "inos"
        folder.mkdir(exist_ok=True)
        (folder / "compositor.ini").write_text(text)
        self.call("org.inos.Compositor1", "/org/inos/Compositor1", "org.inos.Compositor1.Input", "ReloadConfig")

    def screenshot(self, name="shot"):
        """Returns a Pillow image of the whole desktop; kept in build/screenshots."""
        from PIL import Image

        folder = pathlib.Path(__file__).parents[2] / "build" / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        self.run("grim", str(path))
        return Image.open(path).convert("RGB")

    # D-Bus

    def call(self, name, path, interface, method, arguments=None, timeout=5000):
        reply = self.bus.call_sync(
            name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE,
            timeout * PATIENCE, None,
        )
        return reply.unpack()

    def get(self, name, property, path=None, interface=None):
        path = path or "/" + name.replace(".", "/")
        return self.call(
            name, path, "org.freedesktop.DBus.Properties", "Get",
            GLib.Variant("(ss)", (interface or name, property)),
        )[0]

    def has_name(self, name):
        return self.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "NameHasOwner", GLib.Variant("(s)", (name,)),
        )[0]

    def overlay(self):
        """What the shell has over the desktop: "launcher", "quick"…; "" is nothing."""
        return self.get("org.inos.Shell1", "Overlay")

    def toggle(self, overlay):
        self.call("org.inos.Shell1", "/org/inos/Shell1", "org.inos.Shell1", "Toggle", GLib.Variant("(s)", (overlay,)))

    def close_overlay(self):
        """Whatever it is. One that closes by itself just then would be opened by that: so as often as it takes."""
        for _ in range(10):
            if overlay := self.overlay():
                self.toggle(overlay)
            if soon(lambda: not self.overlay(), 2):
                return
        raise AssertionError(f"{self.overlay()} stays open")

    def managed(self, kind):
        """The compositor's objects of a kind: {path: properties}."""
        objects = self.call(
            "org.inos.Compositor1", "/org/inos/Compositor1",
            "org.freedesktop.DBus.ObjectManager", "GetManagedObjects",
        )[0]
        interface = f"org.inos.Compositor1.{kind}"
        return {path: all_[interface] for path, all_ in objects.items() if interface in all_}

    def windows(self):
        return list(self.managed("Window").values())

    def on_window(self, number, method, *arguments):
        """Calls a method of a window: on_window (7, "SetMaximized", True)."""
        path = [p for p, w in self.managed("Window").items() if w["Id"] == number][0]
        kinds = {bool: "b", int: "i", str: "s"}
        signature = "".join(kinds[type(a)] for a in arguments)
        self.call("org.inos.Compositor1", path, "org.inos.Compositor1.Window", method,
                  GLib.Variant(f"({signature})", arguments))

    def component(self, name):
        """(state, process id, restarts) of a part of the session."""
        for each, state, pid, restarts in self.get("org.inos.Session1", "Components"):
            if each == name:
                return state, pid, restarts
        raise AssertionError(f"the session has no component {name}")

    def survived(self, name):
        """This part of the session has not ended since the session began."""
        assert self.component(name)[2] == 0, f"{name} ended: {self.errors()[-2000:]} {self.log(name)[-2000:]}"

    def kill(self, name):
        # 0 while it is between two lives: that would be everybody here.
        pid = wait_for(f"{name} does not run", lambda: self.component(name)[1])
        os.kill(pid, signal.SIGKILL)
        return pid

    def open_foot(self, *argv, title="foot"):
        """Opens a terminal and waits until it is a window; returns (process, window)."""
        before = {window["Id"] for window in self.windows()}
        process = self.start("foot", "--title", title, *argv)
        window = wait_for(
            "foot has no window",
            lambda: [w for w in self.windows() if w["Id"] not in before and w["AppId"] == "foot"],
        )[0]
        return process, window


def processes_with(environment_part):
    """The ids of living processes whose environment holds a text."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if environment_part.encode() in (entry / "environ").read_bytes():
                found.append((int(entry.name), (entry / "comm").read_text().strip()))
        except (OSError, ValueError):
            continue
    return found


def pss(pid):
    """Proportional set size in KiB of a process."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise AssertionError(f"no Pss of {pid}")

# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the bridge share: TAP, a private bus, the real programs as child processes."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NODE = os.environ["INOS_NODE"]
BRIDGE = os.environ["INOS_BRIDGE"]
INOSCTL = os.environ["INOSCTL"]
NAME, PATH = "org.inos.Node1", "/org/inos/Node1"


def check(truth, *what):
    if not truth:
        raise AssertionError(" ".join(str(w) for w in what))


def equal(a, b, what=""):
    check(a == b, what, repr(a), "is not", repr(b))


def frame(kind, name, payload, reply_to=0, number=1, version=1, form=1):
    body = struct.pack("<BBBBHHQQI", form, kind, 2, len(name), version, 0, number, reply_to, 0)
    body += name.encode() + payload
    return struct.pack("<I", len(body)) + body


def variant(text, value):
    return GLib.Variant(text, value).get_data_as_bytes().get_data()


def run_tests(tests, make):
    """Runs each test with a fresh fixture of its own and prints TAP."""
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        fixture = None
        try:
            fixture = make()
            test(fixture)
            print(f"ok {number} - {test.__doc__}", flush=True)
        except Exception:
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("#", line)
            print(f"not ok {number} - {test.__doc__}", flush=True)
        finally:
            if fixture:
                fixture.close()
    sys.exit(1 if failed else 0)


def wait_for(predicate, what, seconds=10):
    """Runs the main context until predicate holds."""
    end = time.monotonic() + seconds
    while not predicate():
        check(time.monotonic() < end, "waited in vain for", what)
        turn(0.02)


def turn(seconds):
    """Runs the main context for that long."""
    end = time.monotonic() + seconds
    context = GLib.MainContext.default()
    while time.monotonic() < end:
        while context.iteration(False):
            pass
        time.sleep(0.005)


class Fixture:
    """A runtime folder and a dbus-daemon; programs that a test starts are ended with it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="inos-bridge-")
        self.socket = os.path.join(self.folder, "run", "inos", "node.sock")
        os.makedirs(os.path.dirname(self.socket), mode=0o700)
        self.daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.daemon.stdout.readline().strip()
        self.children = []
        self.env = dict(os.environ, DBUS_SESSION_BUS_ADDRESS=self.address, LC_ALL="C.UTF-8",
                        XDG_RUNTIME_DIR=os.path.join(self.folder, "run"),
                        XDG_STATE_HOME=os.path.join(self.folder, "state-home"), HOME=self.folder, LANGUAGE="",
                        XDG_CONFIG_HOME=os.path.join(os.path.dirname(os.path.dirname(__file__)), "config"))
        self.bus = self.connect()

    def connect(self):
        flags = Gio.DBusConnectionFlags
        return Gio.DBusConnection.new_for_address_sync(
            self.address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)

    def spawn(self, *argv, **more):
        env = dict(self.env, **more.pop("env", {}))
        child = subprocess.Popen(argv, env=env, **more)
        self.children.append(child)
        return child

    def node(self, program=NODE):
        return self.spawn(program, "--state-dir", os.path.join(self.folder, "state"),
                          "--socket", self.socket, stderr=subprocess.DEVNULL)

    def bridge(self):
        """The bridge, once it has said READY=1."""
        path = os.path.join(self.folder, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(path)
            notify.settimeout(15)
            self.log = open(os.path.join(self.folder, "bridge.log"), "a+", encoding="utf-8")
            child = self.spawn(BRIDGE, env={"NOTIFY_SOCKET": path}, stderr=self.log)
            check("READY=1" in notify.recv(4096).decode().split("\n"), "no READY=1")
        os.unlink(path)
        return child

    def inosctl(self, *argv, **more):
        return subprocess.run([INOSCTL, *argv], env=dict(self.env, **more.pop("env", {})),
                              capture_output=True, text=True, timeout=30, check=False, **more)

    def call(self, method, args=None, bus=None, interface=NAME):
        reply = (bus or self.bus).call_sync(NAME, PATH, interface, method, args, None,
                                            Gio.DBusCallFlags.NONE, 10000, None)
        return reply.unpack()

    def refused(self, method, args=None, name=""):
        """Calls, and checks the name of the D-Bus error that comes back."""
        try:
            self.call(method, args)
        except GLib.Error as error:
            equal(Gio.DBusError.get_remote_error(error), name, method)
            return
        raise AssertionError(f"{method} was not refused")

    def get(self, name):
        return self.call("Get", GLib.Variant("(ss)", (NAME, name)),
                         interface="org.freedesktop.DBus.Properties")[0]

    def get_all(self):
        return self.call("GetAll", GLib.Variant("(s)", (NAME,)),
                         interface="org.freedesktop.DBus.Properties")[0]

    def subscribe(self, interval, bus=None):
        return self.call("Subscribe", GLib.Variant("(u)", (interval,)), bus)[0]

    def changes(self):
        """A list that grows by the properties of each PropertiesChanged."""
        seen = []
        self.bus.signal_subscribe(
            NAME, "org.freedesktop.DBus.Properties", "PropertiesChanged", PATH, None,
            Gio.DBusSignalFlags.NONE, lambda *a: seen.append(a[5].unpack()[1]))
        self.get("Connected")  # the match rule is in force
        return seen

    def connected(self):
        wait_for(lambda: self.get("Connected"), "Connected")

    def close(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
        if not self.bus.is_closed():
            self.bus.close_sync(None)
        self.daemon.kill()
        self.daemon.wait()
        shutil.rmtree(self.folder)

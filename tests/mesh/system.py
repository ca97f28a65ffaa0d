# SPDX-License-Identifier: GPL-3.0-or-later
"""A system bus with NetworkManager and UPower on it, which are mocks: test machines have neither a metered network nor a
battery."""

import os
import subprocess
import sys

from gi.repository import Gio, GLib

from node import until

SERVICES = {
    "org.freedesktop.NetworkManager": ("/org/freedesktop/NetworkManager", "Metered", "u"),
    "org.freedesktop.UPower": ("/org/freedesktop/UPower", "OnBattery", "b"),
}
NETWORK, POWER = SERVICES
MOCK = "org.freedesktop.DBus.Mock"


class System:
    def __init__(self, folder):
        self.daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address",
             f"--address=unix:path={folder}/system"], stdout=subprocess.PIPE, text=True)
        self.address = self.daemon.stdout.readline().strip()
        self.mocks = {}
        flags = Gio.DBusConnectionFlags
        self.bus = Gio.DBusConnection.new_for_address_sync(
            self.address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)

    def call(self, name, path, interface, method, parameters):
        return self.bus.call_sync(name, path, interface, method, parameters, None, Gio.DBusCallFlags.NONE, 20000,
                                  None).unpack()

    def is_there(self, name):
        return self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                         GLib.Variant("(s)", (name,)))[0]

    def start(self, name, value):
        """Starts the service, which says @value."""
        path, key, kind = SERVICES[name]
        self.mocks[name] = subprocess.Popen(
            [sys.executable, "-m", "dbusmock", "--system", name, path, name],
            env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.address}, stdout=subprocess.DEVNULL)
        until(lambda: self.is_there(name), name)
        self.call(name, path, MOCK, "AddProperty", GLib.Variant("(ssv)", (name, key, GLib.Variant(kind, value))))
        self.say(name, value)

    def say(self, name, value):
        path, key, kind = SERVICES[name]
        self.call(name, path, MOCK, "UpdateProperties",
                  GLib.Variant("(sa{sv})", (name, {key: GLib.Variant(kind, value)})))

    def stop(self, name):
        mock = self.mocks.pop(name)
        mock.terminate()
        mock.wait(10)
        until(lambda: not self.is_there(name), f"the end of {name}")

    def close(self):
        for name in list(self.mocks):
            self.stop(name)
        self.daemon.terminate()
        self.daemon.wait(10)

"""A machine for the quick settings: a system bus with logind, NetworkManager, BlueZ, UPower and
power-profiles-daemon as python-dbusmock plays them, since the test machines have neither radios nor
batteries nor a light behind the screen; a folder that is that light; and a real PulseAudio whose
outputs nobody hears."""

import os
import subprocess
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402
from session import PATIENCE, Session, wait_for  # noqa: E402

LOGIND, NM, BLUEZ = "org.freedesktop.login1", "org.freedesktop.NetworkManager", "org.bluez"
UPOWER, PROFILES = "org.freedesktop.UPower", "org.freedesktop.UPower.PowerProfiles"
MOCK = "org.freedesktop.DBus.Mock"
TEMPLATES = {LOGIND: "logind", NM: "networkmanager", BLUEZ: "bluez5", UPOWER: "upower",
             PROFILES: "upower_power_profiles_daemon"}
WIFI = "/org/freedesktop/NetworkManager/Devices/wlan0"
PSK = 0x100


class Machine:
    """Services are started with serve(), a session with begin(). All end with it."""

    def __init__(self, folder):
        self.folder = folder
        self.daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address",
             f"--address=unix:path={folder}/system"], stdout=subprocess.PIPE, text=True)
        address = self.daemon.stdout.readline().strip()
        self.light = folder / "backlight"
        self.light.mkdir()
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": address, "XDG_SESSION_ID": "c1",
                            "INOS_BACKLIGHT_DIR": str(self.light)}
        self.bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.mocks = {}
        self.sounds = None
        self.session = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.session:
            self.session.__exit__()
        for process in (*self.mocks.values(), self.sounds, self.daemon):
            if process:
                process.kill()
                process.wait(60)

    def begin(self, **environment):
        self.session = Session(environment=self.environment | environment)
        return self.session

    def call(self, name, path, interface, method, signature=None, *arguments):
        variant = GLib.Variant(signature, arguments) if signature else None
        return self.bus.call_sync(name, path, interface, method, variant, None,
                                  Gio.DBusCallFlags.NONE, 10000 * PATIENCE, None).unpack()

    def get(self, name, path, interface, property):
        return self.call(name, path, "org.freedesktop.DBus.Properties", "Get", "(ss)", interface, property)[0]

    def set(self, name, path, interface, property, value):
        self.call(name, path, "org.freedesktop.DBus.Properties", "Set", "(ssv)", interface, property, value)

    # Services

    def has(self, name):
        return self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                         "NameHasOwner", "(s)", name)[0]

    def serve(self, name):
        self.mocks[name] = subprocess.Popen(
            [sys.executable, "-m", "dbusmock", "--system", "--template", TEMPLATES[name],
             "-l", str(self.folder / name)],
            env=dict(os.environ, **self.environment), stderr=subprocess.DEVNULL)
        wait_for(f"no {name}", lambda: self.has(name), 20)

    def kill(self, name):
        process = self.mocks.pop(name)
        process.kill()
        process.wait(60)

    def said(self, name, word):
        """What a mock was asked: lines of its log that have the word."""
        path = self.folder / name
        lines = path.read_text().splitlines() if path.exists() else []
        return [line for line in lines if word in line]

    # Hardware

    def add_light(self, now=600, most=1000):
        """A screen whose brightness logind's mock sets, as the real one writes to sysfs."""
        device = self.light / "mock_backlight"
        device.mkdir()
        for name, value in (("type", "raw"), ("max_brightness", most), ("brightness", now),
                            ("actual_brightness", now)):
            (device / name).write_text(f"{value}\n")
        self.call(LOGIND, "/org/freedesktop/login1", MOCK, "AddObject", "(ssa{sv}a(ssss))",
                  "/org/freedesktop/login1/session/auto", "org.freedesktop.login1.Session", {},
                  [("SetBrightness", "ssu", "", f"open('{device}/brightness', 'w').write('%d' % args[2])")])
        return device / "brightness"

    def add_wifi(self):
        self.call(NM, "/org/freedesktop", MOCK, "AddWiFiDevice", "(ssi)", "wlan0", "wlan0", 30)
        self.call(NM, WIFI, MOCK, "AddProperty", "(ssv)", f"{NM}.Device.Wireless", "ActiveAccessPoint",
                  GLib.Variant("o", "/"))

    def use_network(self, number):
        """What NetworkManager says of the one that is used, and its mock does not."""
        self.set(NM, WIFI, f"{NM}.Device.Wireless", "ActiveAccessPoint",
                 GLib.Variant("o", f"/org/freedesktop/NetworkManager/AccessPoint/ap{number}"))

    def fail_wifi(self):
        """The password was wrong; it is disconnected before anybody can look twice."""
        device = f"{NM}.Device"
        for state, reason in ((120, 10), (30, 0)):
            self.set(NM, WIFI, device, "StateReason", GLib.Variant("(uu)", (state, reason)))
            self.set(NM, WIFI, device, "State", GLib.Variant("u", state))

    def add_network(self, number, name, strength=60, security=PSK):
        return self.call(NM, "/org/freedesktop", MOCK, "AddAccessPoint", "(ssssuuuyu)", WIFI, f"ap{number}", name,
                         "00:11:22:33:44:55", 2, 2425, 5400, strength, security)[0]

    def add_networks(self, names):
        """Many at once: a mock that tells each by itself takes minutes."""
        paths = []
        for number, name in enumerate(names):
            path = f"/org/freedesktop/NetworkManager/AccessPoint/many{number}"
            self.call(NM, "/org/freedesktop", MOCK, "AddObject", "(ssa{sv}a(ssss))", path, f"{NM}.AccessPoint",
                      point := {"Ssid": GLib.Variant("ay", name.encode()), "Flags": GLib.Variant("u", 1),
                                "RsnFlags": GLib.Variant("u", PSK), "WpaFlags": GLib.Variant("u", 0),
                                "Strength": GLib.Variant("y", 1 + number % 90)}, [])
            self.call(NM, "/org/freedesktop", MOCK, "EmitSignal", "(sssav)", "org.freedesktop.DBus.ObjectManager",
                      "InterfacesAdded", "oa{sa{sv}}",
                      [GLib.Variant("o", path), GLib.Variant("a{sa{sv}}", {f"{NM}.AccessPoint": point})])
            paths.append(path)
        self.set(NM, WIFI, f"{NM}.Device.Wireless", "AccessPoints", GLib.Variant("ao", paths))

    def add_bluetooth(self, name="Headphones"):
        self.call(BLUEZ, "/", "org.bluez.Mock", "AddAdapter", "(ss)", "hci0", "machine")
        self.call(BLUEZ, "/", "org.bluez.Mock", "AddDevice", "(sss)", "hci0", "AA:BB:CC:DD:EE:FF", name)
        self.call(BLUEZ, "/", "org.bluez.Mock", "PairDevice", "(ss)", "hci0", "AA:BB:CC:DD:EE:FF")

    def add_battery(self, percent=82.0, state=2, seconds=7800, warning=1):
        self.call(UPOWER, "/org/freedesktop/UPower", MOCK, "SetupDisplayDevice", "(iiddddxxbsu)", 2, state, percent,
                  50.0, 60.0, 10.0, seconds, seconds, True, "battery-good-symbolic", warning)

    # Sounds

    def play(self, session, *modules):
        """A real PulseAudio in the session, with an output that nobody hears."""
        sinks = ["module-null-sink sink_name=one sink_properties=device.description=Speakers", *modules]
        self.sounds = subprocess.Popen(
            ["pulseaudio", "-n", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--log-target=null",
             *(part for sink in sinks for part in ("-L", sink)), "-L", "module-native-protocol-unix"],
            env=session.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("no server of sounds", lambda: session.run("pactl", "info", check=False).returncode == 0, 20)

    def hush(self):
        self.sounds.kill()
        self.sounds.wait(60)
        self.sounds = None

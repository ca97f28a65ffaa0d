"""A program that plays, as MPRIS says: `mpris_program.py NAME`. Each line of its input is JSON that changes it,
each line of its output is what it was asked to do."""

import json
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

PATH, ROOT = "/org/mpris/MediaPlayer2", "org.mpris.MediaPlayer2"
PLAYER = f"{ROOT}.Player"
INTERFACES = """<node>
<interface name="org.mpris.MediaPlayer2"><method name="Raise"/><method name="Quit"/>
<property name="Identity" type="s" access="read"/><property name="DesktopEntry" type="s" access="read"/>
<property name="CanRaise" type="b" access="read"/></interface>
<interface name="org.mpris.MediaPlayer2.Player"><method name="Next"/><method name="Previous"/><method name="Pause"/>
<method name="PlayPause"/><method name="Stop"/><method name="Play"/>
<method name="Seek"><arg type="x" direction="in"/></method>
<method name="SetPosition"><arg type="o" direction="in"/><arg type="x" direction="in"/></method>
<signal name="Seeked"><arg type="x"/></signal>
<property name="PlaybackStatus" type="s" access="read"/><property name="Metadata" type="a{sv}" access="read"/>
<property name="Position" type="x" access="read"/><property name="Rate" type="d" access="read"/>
<property name="CanControl" type="b" access="read"/><property name="CanPlay" type="b" access="read"/>
<property name="CanPause" type="b" access="read"/><property name="CanSeek" type="b" access="read"/>
<property name="CanGoNext" type="b" access="read"/><property name="CanGoPrevious" type="b" access="read"/></interface></node>"""
KINDS = {"xesam:artist": "as", "mpris:length": "x", "mpris:trackid": "o"}


class Program:
    def __init__(self, name):
        self.now = {"Identity": name, "DesktopEntry": "", "CanRaise": True, "PlaybackStatus": "Stopped", "Metadata": {},
                    "Position": 0, "Rate": 1.0, "CanControl": True, "CanPlay": True, "CanPause": True, "CanSeek": True,
                    "CanGoNext": True, "CanGoPrevious": True}
        self.types = {}
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        for interface in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces:
            self.types |= {each.name: each.signature for each in interface.properties}
            self.bus.register_object(PATH, interface, self.on_call, lambda *get: self.variant(get[4]), None)
        GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, self.on_line)
        self.loop = GLib.MainLoop()

    def variant(self, name):
        value = self.now[name]
        if name == "Metadata":
            value = {key: GLib.Variant(KINDS.get(key, "s"), each) for key, each in value.items()}
        return GLib.Variant(self.types[name], value)

    def changed(self, *names):
        self.bus.emit_signal(None, PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                             GLib.Variant("(sa{sv}as)", (PLAYER, {name: self.variant(name) for name in names}, [])))

    def on_call(self, bus, sender, path, interface, method, arguments, invocation):
        print(json.dumps([method, *arguments.unpack()]), flush=True)
        plays = self.now["PlaybackStatus"] == "Playing"
        status = {"Play": "Playing", "Pause": "Paused", "Stop": "Stopped", "PlayPause": "Paused" if plays else "Playing"}
        if method in status:
            self.now["PlaybackStatus"] = status[method]
            self.changed("PlaybackStatus")
        if method == "SetPosition":
            self.now["Position"] = arguments.unpack()[1]
            self.bus.emit_signal(None, PATH, PLAYER, "Seeked", GLib.Variant("(x)", (self.now["Position"],)))
        invocation.return_value(None)

    def on_line(self, *_):
        line = sys.stdin.readline()
        if not line:
            self.loop.quit()
            return False
        order = json.loads(line)
        for name in order.pop("own", []):
            self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                               GLib.Variant("(su)", (name, 0)), None, 0, -1, None)
        times = order.pop("times", 1)
        self.now |= order
        for _ in range(times if order else 0):
            self.changed(*(name for name in order if name in ("PlaybackStatus", "Metadata", "CanGoNext", "CanSeek")))
        print(json.dumps(["done"]), flush=True)
        return True


program = Program(sys.argv[1])
Gio.bus_own_name_on_connection(program.bus, f"{ROOT}.{sys.argv[1]}", 0, None, None)
print(json.dumps(["ready"]), flush=True)
program.loop.run()

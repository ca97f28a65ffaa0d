"""A program with an item on the panel, as StatusNotifierItem and com.canonical.dbusmenu say: `sni_program.py TITLE`.
Each line of its input is JSON that changes it, each line of its output is what it was asked to do."""

import json
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

PATH, MENU, ITEM = "/StatusNotifierItem", "/Menu", "org.kde.StatusNotifierItem"
WATCHER = "org.kde.StatusNotifierWatcher"
INTERFACES = """<node>
<interface name="org.kde.StatusNotifierItem">
<method name="Activate"><arg type="i" direction="in"/><arg type="i" direction="in"/></method>
<method name="SecondaryActivate"><arg type="i" direction="in"/><arg type="i" direction="in"/></method>
<method name="ContextMenu"><arg type="i" direction="in"/><arg type="i" direction="in"/></method>
<method name="Scroll"><arg type="i" direction="in"/><arg type="s" direction="in"/></method>
<signal name="NewIcon"/><signal name="NewStatus"><arg type="s"/></signal>
<property name="Id" type="s" access="read"/><property name="Title" type="s" access="read"/>
<property name="Status" type="s" access="read"/><property name="IconName" type="s" access="read"/>
<property name="IconThemePath" type="s" access="read"/>
<property name="IconPixmap" type="a(iiay)" access="read"/><property name="ItemIsMenu" type="b" access="read"/>
<property name="ToolTip" type="(sa(iiay)ss)" access="read"/><property name="Menu" type="o" access="read"/></interface>
<interface name="com.canonical.dbusmenu">
<method name="GetLayout"><arg type="i" direction="in"/><arg type="i" direction="in"/><arg type="as" direction="in"/>
<arg type="u" direction="out"/><arg type="(ia{sv}av)" direction="out"/></method>
<method name="Event"><arg type="i" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="in"/><arg type="u" direction="in"/></method>
<method name="AboutToShow"><arg type="i" direction="in"/><arg type="b" direction="out"/></method>
<signal name="LayoutUpdated"><arg type="u"/><arg type="i"/></signal>
<property name="Version" type="u" access="read"/></interface></node>"""
ENTRIES = [
    [1, {"label": "_Open"}, []], [2, {"type": "separator"}, []],
    [3, {"label": "Mute", "toggle-type": "checkmark", "toggle-state": 1}, []],
    [4, {"label": "Status", "children-display": "submenu"},
     [[5, {"label": "Here", "toggle-type": "radio", "toggle-state": 1}, []], [6, {"label": "Away", "toggle-type": "radio", "toggle-state": 0}, []]]],
    [7, {"label": "Not now", "enabled": False}, []], [8, {"label": "Quit"}, []]]


class Program:
    def __init__(self, title):
        self.now = {"Id": title, "Title": title, "Status": "Active", "IconName": "", "IconThemePath": "", "IconPixmap": [],
                    "ItemIsMenu": False, "ToolTip": ["", [], "", ""], "Menu": MENU, "Version": 3}
        self.types, self.entries, self.knows = {}, ENTRIES, {"Activate", "SecondaryActivate", "ContextMenu"}
        self.late = 0  # ms until it says that it does not know a method
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        for path, interface in zip((PATH, MENU), Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces):
            self.types |= {each.name: each.signature for each in interface.properties}
            self.bus.register_object(path, interface, self.on_call, lambda *get: self.variant(get[4]), None)
        Gio.bus_watch_name_on_connection(self.bus, WATCHER, 0, lambda *_: self.register(PATH), None)
        GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, self.on_line)
        self.loop = GLib.MainLoop()

    def register(self, path):
        self.bus.call(WATCHER, "/StatusNotifierWatcher", WATCHER, "RegisterStatusNotifierItem",
                      GLib.Variant("(s)", (path,)), None, 0, -1, None, None)

    def variant(self, name):
        value = self.now[name]
        if name == "IconPixmap":
            value = [(width, height, bytes(colour) * (width * height)) for width, height, colour in value]
        return GLib.Variant(self.types[name], tuple(value) if name == "ToolTip" else value)

    def layout(self, entry):
        number, properties, children = entry
        kinds = {str: "s", bool: "b", int: "i"}
        return (number, {key: GLib.Variant(kinds[type(each)], each) for key, each in properties.items()},
                [GLib.Variant("(ia{sv}av)", self.layout(child)) for child in children])

    def on_call(self, bus, sender, path, interface, method, arguments, invocation):
        said = arguments.unpack()
        print(json.dumps([method, *said][:3]), flush=True)
        if interface == ITEM and method not in self.knows | {"Scroll"}:
            GLib.timeout_add(self.late, lambda: invocation.return_dbus_error(
                "org.freedesktop.DBus.Error.UnknownMethod", "no such method"))
        elif method == "GetLayout":
            invocation.return_value(GLib.Variant("(u(ia{sv}av))", (1, self.layout([0, {}, self.entries]))))
        elif method == "AboutToShow":
            invocation.return_value(GLib.Variant("(b)", (False,)))
        else:
            invocation.return_value(None)

    def on_line(self, *_):
        line = sys.stdin.readline()
        if not line:
            self.loop.quit()
            return False
        order = json.loads(line)
        times = order.pop("times", 1)
        self.knows = set(order.pop("knows", self.knows))
        self.late = order.pop("late", self.late)
        for path in order.pop("register", []):
            self.register(path)
        if "entries" in order:
            self.entries = order.pop("entries")
            self.bus.emit_signal(None, MENU, "com.canonical.dbusmenu", "LayoutUpdated", GLib.Variant("(ui)", (2, 0)))
        self.now |= order
        for _ in range(times if order else 0):
            self.bus.emit_signal(None, PATH, ITEM, "NewIcon", None)
        print(json.dumps(["done"]), flush=True)
        return True


program = Program(sys.argv[1])
print(json.dumps(["ready"]), flush=True)
program.loop.run()

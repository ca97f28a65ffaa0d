# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the session, the compositor and the shell: the contracts' own XML, fixed answers, hostile
titles. It is not the real thing; it says each call that it gets on standard output."""

import os
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

SOURCE = os.environ["INOS_SOURCE"]
HOSTILE = "\x1b]0;owned\x07\x1b[2Jrm -rf\nnext \u202egpj.exe \x9b31m 日本語"
MANAGER = """<node><interface name="org.freedesktop.DBus.ObjectManager"><method name="GetManagedObjects">
<arg type="a{oa{sa{sv}}}" direction="out"/></method></interface></node>"""


def window(number, title, focused):
    return {
        "Id": ("u", number), "Title": ("s", title), "AppId": ("s", "foot"), "Pid": ("u", 40 + number),
        "Focused": ("b", focused), "Maximized": ("b", False), "Fullscreen": ("b", focused),
        "Workspace": ("u", 1), "Output": ("s", "HEADLESS-1"), "Geometry": ("(iiii)", (-5, 0, 640, 480)),
    }


OUTPUT = {
    "Name": ("s", "HEADLESS-1"), "Make": ("s", "Acme\x1b[31m"), "Model": ("s", "X"), "Width": ("i", 1280),
    "Height": ("i", 720), "Refresh": ("i", 59940), "Scale": ("d", 1.5), "X": ("i", 0), "Y": ("i", 0),
    "Virtual": ("b", True),
}
SESSION, COMPOSITOR, SHELL = "/org/inos/Session1", "/org/inos/Compositor1", "/org/inos/Shell1"
OBJECTS = {
    SESSION: {"org.inos.Session1": {
        "Version": ("s", "9"), "State": ("s", "running"), "SafeMode": ("b", False),
        "Components": ("a(ssuu)", [("node", "running", 12, 0), ("shell", "failed", 0, 5)])},
        "org.inos.Session1.Windows": {"When": ("s", "crash")}},
    COMPOSITOR: {"org.inos.Compositor1": {
        "Version": ("s", "9"), "FocusedWindow": ("o", COMPOSITOR + "/window/2"), "FocusedTitle": ("s", HOSTILE),
        "Workspaces": ("as", ["1", "2"]), "ActiveWorkspace": ("u", 1), "WorkspaceWindows": ("au", [0, 2])}},
    COMPOSITOR + "/window/2": {"org.inos.Compositor1.Window": window(2, HOSTILE, True)},
    COMPOSITOR + "/window/11": {"org.inos.Compositor1.Window": window(11, "x" * 500, False)},
    COMPOSITOR + "/output/HEADLESS_1": {"org.inos.Compositor1.Output": OUTPUT},
    SHELL: {"org.inos.Shell1": {"Version": ("s", "9"), "Overlay": ("s", ""), "PanelFigures": ("(ddb)", (1, 2, True))}},
}


def interfaces():
    for part in ("session/org.inos.Session1", "compositor/org.inos.Compositor1", "shell/org.inos.Shell1"):
        with open(f"{SOURCE}/{part}.xml", encoding="utf-8") as file:
            yield from Gio.DBusNodeInfo.new_for_xml(file.read()).interfaces
    yield from Gio.DBusNodeInfo.new_for_xml(MANAGER).interfaces


def managed():
    return {path: {name: {key: GLib.Variant(*value) for key, value in props.items()}
                   for name, props in parts.items()}
            for path, parts in OBJECTS.items() if path.startswith(COMPOSITOR + "/")}


def on_call(bus, sender, path, interface, method, args, invocation):
    args = args.unpack()
    if method == "GetManagedObjects":
        invocation.return_value(GLib.Variant("(a{oa{sa{sv}}})", (managed(),)))
        return
    print(path, method, *args, flush=True)
    if args == ("gone.desktop",):
        invocation.return_dbus_error("org.inos.Error.NotFound", "no such application")
    elif args == ("broken.desktop",):
        invocation.return_dbus_error("org.inos.Error.Failed", "it did \x1b[2J not start")
    else:
        invocation.return_value(None)


def on_get(bus, sender, path, interface, name):
    return GLib.Variant(*OBJECTS[path][interface][name])


def main():
    known = {info.name: info for info in interfaces()}
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    for path, parts in OBJECTS.items():
        for name in parts:
            bus.register_object(path, known[name], on_call, on_get, None)
    bus.register_object(COMPOSITOR, known["org.freedesktop.DBus.ObjectManager"], on_call, None, None)
    for name in sys.argv[1:]:
        bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                      GLib.Variant("(su)", (name, 0)), None, Gio.DBusCallFlags.NONE, -1, None)
    print("ready", flush=True)
    GLib.MainLoop().run()


main()

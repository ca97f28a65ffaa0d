# SPDX-License-Identifier: GPL-3.0-or-later
"""A program in a real sandbox: bubblewrap, as Flatpak uses it, with a root of its own that has /.flatpak-info."""

import json
import subprocess
import tempfile

# Does what it is told, a line of JSON each, and says what came of it.
PROGRAM = r"""
import json, os, sys, time, gi
gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib
flags = Gio.DBusConnectionFlags
address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
def connect():
    return Gio.DBusConnection.new_for_address_sync(address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
bus, more = connect(), []
print(json.dumps("ready"), flush=True)
def call(o, bus):
    args = GLib.Variant(o["signature"], tuple(o["args"])) if o["signature"] else None
    return (o.get("name", "org.inos.Node1"), o.get("path", "/org/inos/Node1"), o["interface"], o["method"], args, None,
            Gio.DBusCallFlags.NONE, o.get("timeout", 70000), None)
def said(finish):
    try:
        return ["ok", str(finish().unpack())]
    except GLib.Error as error:
        return ["error", Gio.DBusError.get_remote_error(error) or "", error.message]
for line in sys.stdin:
    o = json.loads(line)
    if o["do"] == "call":
        print(json.dumps(said(lambda: bus.call_sync(*call(o, bus)))), flush=True)
    elif o["do"] == "flood":  # that many at once; what came of each, counted
        loop, results = GLib.MainLoop(), {}
        def done(b, result):
            key = said(lambda: b.call_finish(result))[:2]
            key = key[1] if key[0] == "error" else "ok"
            results[key] = results.get(key, 0) + 1
            if sum(results.values()) == o["count"]: loop.quit()
        for i in range(o["count"]): bus.call(*call(o, bus), done)
        loop.run()
        print(json.dumps(results), flush=True)
    elif o["do"] == "connections":  # that many more, which stay, each with a call at once; what came of the first `heard`, or all, counted
        loop, results = GLib.MainLoop(), {}
        def told(b, result):
            key = said(lambda: b.call_finish(result))[:2]
            key = key[1] if key[0] == "error" else "ok"
            results[key] = results.get(key, 0) + 1
            if sum(results.values()) == o.get("heard", o["count"]): loop.quit()
        for i in range(o["count"]):
            more.append(connect())
            more[-1].call(*call(o, bus), told)
        loop.run()
        print(json.dumps(results), flush=True)
    elif o["do"] == "visits":  # that many connections, one after the other, which call and do not wait for an answer
        for i in range(o["count"]):
            visitor = connect()
            visitor.call(*call(o, bus), None)
            visitor.flush_sync(None)
            time.sleep(o["stay"])
            visitor.close_sync(None)
        print(json.dumps("left"), flush=True)
    elif o["do"] == "portal":  # text: the arguments, as GVariant writes them; what the portal answers later: [code, results]
        loop, heard = GLib.MainLoop(), []
        def response(b, sender, path, interface, signal, parameters):
            heard.append(str(parameters.unpack()))
            loop.quit()
        number = bus.signal_subscribe(None, "org.freedesktop.portal.Request", "Response", None, None, 0, response)
        arguments = GLib.Variant.parse(GLib.VariantType(o["signature"]), o["text"], None, None)
        try:
            bus.call_sync("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal." + o["interface"],
                          o["method"], arguments, None, Gio.DBusCallFlags.NONE, 20000, None)
            GLib.timeout_add_seconds(90, loop.quit)
            if not heard: loop.run()
        except GLib.Error as error:
            heard.append(error.message)
        bus.signal_unsubscribe(number)
        print(json.dumps(heard), flush=True)
    elif o["do"] == "own":
        reply = bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                              GLib.Variant("(su)", (o["name"], 4)), None, Gio.DBusCallFlags.NONE, 5000, None)
        print(json.dumps(reply.unpack()[0]), flush=True)
"""


class Sandboxed:
    """Use it in a with statement. app: what its sandbox says it is; info: the whole of /.flatpak-info instead; None
    with no app: a sandbox that says nothing, as if there were none."""

    def __init__(self, environment, app=None, info=None):
        if info is None and app is not None:
            info = f"[Application]\nname={app}\nruntime=runtime/org.example.Platform/x86_64/1\n"
        more, files = [], []
        if info is not None:
            file = tempfile.TemporaryFile()
            file.write(info if isinstance(info, bytes) else info.encode())
            file.seek(0)
            files = [file]
            more = ["--file", str(file.fileno()), "/.flatpak-info"]
        self.process = subprocess.Popen(
            ["bwrap", "--die-with-parent", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib",
             "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin", "--ro-bind", "/etc", "/etc",
             "--proc", "/proc", "--dev", "/dev", "--bind", "/tmp", "/tmp", *more, "--unshare-pid",
             "/usr/bin/python3", "-c", PROGRAM],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            pass_fds=[f.fileno() for f in files])
        assert self.hear() == "ready"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def hear(self):
        line = self.process.stdout.readline()
        assert line, "the program in the sandbox has ended"
        return json.loads(line)

    def say(self, **what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def begin(self, method, signature="", *args, interface="org.inos.Node1", **more):
        self.say(do="call", method=method, signature=signature, args=args, interface=interface, **more)

    def call(self, method, signature="", *args, **more):
        self.begin(method, signature, *args, **more)
        return self.hear()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except OSError:
                pass  # what was not written is of no interest

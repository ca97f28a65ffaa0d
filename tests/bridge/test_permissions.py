# SPDX-License-Identifier: GPL-3.0-or-later
"""What applications in a sandbox may do: the bridge, a real dbus-daemon, real sandboxes (sandbox.py). The shell that draws
the question has its test in tests/e2e/test_permissions.py; here the test itself takes the shell's name and answers."""

import json
import os
import signal
import subprocess
import sys
import threading

from gi.repository import Gio, GLib

from harness import Fixture, check, equal, run_tests, wait_for
from sandbox import Sandboxed

MACHINE, PERMISSIONS = "org.inos.Node1.Machine", "org.inos.Node1.Permissions"
DENIED, FULL, FAILED = "org.inos.Error.AccessDenied", "org.inos.Error.TooMany", "org.inos.Error.Failed"
APP = "org.example.App"


class Permit(Fixture):
    def ours(self, method, signature="()", *args):
        return self.call(method, GLib.Variant(signature, args), interface=PERMISSIONS)

    def prompts(self):
        return self.call("Get", GLib.Variant("(ss)", (PERMISSIONS, "Prompts")),
                         interface="org.freedesktop.DBus.Properties")[0]

    def take_shell(self):
        reply = self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                   GLib.Variant("(su)", ("org.inos.Shell1", 4)), None, Gio.DBusCallFlags.NONE, 5000, None)
        equal(reply.unpack()[0], 1)

    def prompt(self):
        wait_for(self.prompts, "a prompt")
        return self.prompts()[0]

    def answer(self, answer):
        self.ours("Answer", "(us)", self.prompt()[0], answer)

    def audit(self):
        return [json.loads(line) for line in self.ours("ReadAudit", "(u)", 1000)[0]]

    def decisions(self, app=APP):
        return [line["decision"] for line in self.audit() if line["app"] == app]

    def sandboxed(self, app=APP, **more):
        return Sandboxed(self.env, app, **more)


def always(f):
    """what is allowed always is granted, listed, kept, and not asked again"""
    f.bridge()
    f.take_shell()
    with f.sandboxed() as app:
        app.begin("Subscribe", "(u)", 1000)
        equal(f.prompt()[1:], (APP, "node.resources"))
        f.answer("always")
        equal(app.hear(), ["ok", "(1000,)"])
        equal(app.call("Subscribe", "(u)", 2000), ["ok", "(2000,)"])
    grants = f.ours("List")[0]
    equal([grant[:2] for grant in grants], [(APP, "node.resources")])
    equal(f.prompts(), [])
    with f.sandboxed() as app:
        equal(app.call("Subscribe", "(u)", 1000), ["ok", "(1000,)"])
    with f.sandboxed("org.example.Other") as other:
        other.begin("Subscribe", "(u)", 1000)
        equal(f.prompt()[1], "org.example.Other")
    equal(f.decisions(), ["asked", "granted", "allowed"])


def once(f):
    """what is allowed once holds until the application leaves the bus"""
    f.bridge()
    f.take_shell()
    with f.sandboxed() as app:
        app.begin("Subscribe", "(u)", 1000)
        f.answer("once")
        equal(app.hear()[0], "ok")
        equal(app.call("Subscribe", "(u)", 2000)[0], "ok")
        with f.sandboxed() as second:
            second.begin("Subscribe", "(u)", 1000)
            f.answer("deny")
            equal(second.hear()[:2], ["error", DENIED])
        equal(app.call("Subscribe", "(u)", 2000)[0], "ok")
    equal(f.ours("List")[0], [])


def denied(f):
    """what is denied is refused, and not asked again for a while, whatever asks"""
    f.bridge()
    f.take_shell()
    with f.sandboxed() as app:
        app.begin("Subscribe", "(u)", 1000)
        f.answer("deny")
        equal(app.hear()[:2], ["error", DENIED])
        equal(app.call("Subscribe", "(u)", 1000)[:2], ["error", DENIED])
        equal(f.prompts(), [])
    with f.sandboxed() as app:
        equal(app.call("Unsubscribe")[:2], ["error", DENIED])
    equal(f.prompts(), [])
    equal(f.decisions(), ["asked", "denied", "refused"])


def never(f):
    """what no application can have is refused without asking, whatever name it takes on the bus"""
    f.bridge()
    with f.sandboxed() as app:
        app.say(do="own", name="org.inos.Shell1")
        equal(app.hear(), 1)
        for method, signature, args, interface in (
                ("Answer", "(us)", (1, "always"), PERMISSIONS), ("Grant", "(ss)", (APP, "node.mesh"), PERMISSIONS),
                ("List", "", (), PERMISSIONS), ("ReadAudit", "(u)", (10,), PERMISSIONS),
                ("OpenArena", "", (), "org.inos.Node1")):
            equal(app.call(method, signature, *args, interface=interface)[:2], ["error", DENIED], method)
    equal(f.prompts(), [])
    equal(f.ours("List")[0], [])


def properties_too(f):
    """properties are read by who was granted what they tell, and nobody is asked for a read"""
    f.bridge()
    get = {"interface": "org.freedesktop.DBus.Properties"}
    with f.sandboxed() as app:
        equal(app.call("Get", "(ss)", "org.inos.Node1", "HostName", **get)[:2], ["error", DENIED])
        equal(app.call("GetAll", "(s)", "org.inos.Node1", **get)[:2], ["error", DENIED])
        equal(app.call("GetAll", "(s)", PERMISSIONS, **get)[:2], ["error", DENIED])
        equal(f.prompts(), [])
        f.ours("Grant", "(ss)", APP, "node.resources")
        equal(app.call("Get", "(ss)", "org.inos.Node1", "Connected", **get), ["ok", "(False,)"])
        check("'PeerId': ''" in app.call("GetAll", "(s)", "org.inos.Node1", **get)[1])
        equal(app.call("GetAll", "(s)", "org.inos.Node1.Mesh", **get)[:2], ["error", DENIED])
        equal(app.call("GetAll", "(s)", PERMISSIONS, **get)[:2], ["error", DENIED])
        bad = "org.freedesktop.DBus.Error.InvalidArgs"
        equal(app.call("Get", "(ss)", "org.inos.Node1", "Nonsense", **get)[:2], ["error", bad])
        equal(app.call("Get", "(ss)", "org.inos.Nonsense", "HostName", **get)[:2], ["error", bad])
        equal(app.call("Get", "(s)", "org.inos.Node1", **get)[:2], ["error", bad])


def unsandboxed(f):
    """a program in no sandbox, or in one that has no id, does what it did"""
    f.bridge()
    with f.sandboxed(None) as app:
        equal(app.call("Subscribe", "(u)", 1000), ["ok", "(1000,)"])
    equal(f.subscribe(1000), 1000)
    equal(f.audit(), [])
    f.refused("OpenArena", None, DENIED)


def strange_ids(f):
    """an id that is none gets nothing, and is not asked for: long, garbage, of paths, empty, huge"""
    f.bridge()
    for info in ("[Application]\nname=" + "a" * 10000, b"\xff\xfe\0garbage", "[Application]\nname=../../x", "",
                 "[Application]\nname=a\\nb", "x" * 200000):
        with f.sandboxed(info=info) as app:
            equal(app.call("Subscribe", "(u)", 1000)[:2], ["error", DENIED], str(info[:30]))
            equal(app.call("GetAll", "(s)", "org.inos.Node1", interface="org.freedesktop.DBus.Properties")[:2],
                  ["error", DENIED])
    equal(f.prompts(), [])


def forked(f):
    """a process that has ended and left its connection to a child is nobody"""
    f.bridge()
    program = (
        "import os,sys,gi\ngi.require_version('Gio','2.0')\nfrom gi.repository import Gio,GLib\n"
        "F=Gio.DBusConnectionFlags\n"
        "a=os.environ['DBUS_SESSION_BUS_ADDRESS'].split('path=')[1].split(',')[0]\n"
        "import socket,time\ns=socket.socket(socket.AF_UNIX)\ns.connect(a)\n"
        "p=os.getpid()\n"
        "if os.fork(): os._exit(0)\n"
        "while os.getppid()==p: time.sleep(0.01)\n"
        "k=Gio.Socket.new_from_fd(s.detach())\nk=k.connection_factory_create_connection()\n"
        "b=Gio.DBusConnection.new_sync(k,None,F.AUTHENTICATION_CLIENT|F.MESSAGE_BUS_CONNECTION,None,None)\n"
        "try:\n b.call_sync('org.inos.Node1','/org/inos/Node1','org.inos.Node1','Subscribe',GLib.Variant('(u)',(1000,)),None,0,5000,None)\n"
        " print('ok')\nexcept GLib.Error as e: print(Gio.DBusError.get_remote_error(e))\n")
    said = subprocess.run([sys.executable, "-c", program], env=f.env, capture_output=True, text=True, timeout=30, check=False)
    equal(said.stdout.strip(), DENIED, said.stderr)


def caller_dies(f):
    """a prompt goes when nobody waits for it any more, and nothing is granted"""
    f.bridge()
    f.take_shell()
    app = f.sandboxed()
    app.begin("Subscribe", "(u)", 1000)
    number = f.prompt()[0]
    app.kill()
    wait_for(lambda: not f.prompts(), "the prompt to go")
    try:
        f.ours("Answer", "(us)", number, "always")
        raise AssertionError("a prompt that went was answered")
    except GLib.Error as error:
        equal(Gio.DBusError.get_remote_error(error), "org.inos.Error.NotFound")
    equal(f.ours("List")[0], [])
    equal(f.decisions(), ["asked", "gone"])


def comes_and_goes(f):
    """who asks and leaves over and over is asked about once, in a log of a line each; others are asked about"""
    f.bridge()
    f.take_shell()
    with f.sandboxed() as app, f.sandboxed("org.example.Other") as other:
        app.say(do="visits", count=10, stay=0.3, method="Subscribe", signature="(u)", args=[1000], interface="org.inos.Node1")
        first = f.prompt()[0]
        equal(app.hear(), "left")
        equal(app.call("Subscribe", "(u)", 1000)[:2], ["error", FULL])
        equal(f.decisions(), ["asked", "gone", "refused"])
        other.begin("Subscribe", "(u)", 1000)
        equal(f.prompt(), (first + 1, "org.example.Other", "node.resources"))
        f.answer("deny")
        other.hear()
        f.ours("Revoke", "(ss)", APP, "")
        app.begin("Subscribe", "(u)", 1000)
        equal(f.prompt()[1], APP)


def refused_connections(f):
    """connections by the hundred of an application that was denied take nothing from another"""
    f.bridge()
    f.take_shell()
    with f.sandboxed() as app, f.sandboxed("org.example.Other") as other:
        app.begin("Subscribe", "(u)", 1000)
        f.answer("deny")
        app.hear()
        app.say(do="connections", count=300, method="Subscribe", signature="(u)", args=[1000], interface="org.inos.Node1")
        equal(app.hear(), {DENIED: 300})
        other.begin("Subscribe", "(u)", 1000)
        f.answer("once")
        equal(other.hear()[0], "ok")


def connections_of_one(f):
    """so many connections of one application at most hold what was allowed once; others do not count, nor those that left"""
    f.bridge()
    f.take_shell()
    one = {"do": "connections", "count": 1, "method": "Subscribe", "signature": "(u)", "args": [1000], "interface": "org.inos.Node1"}
    with f.sandboxed() as app, f.sandboxed("org.example.Other") as other:
        for _ in range(64):
            app.say(**one)
            f.answer("once")
            equal(app.hear(), {"ok": 1})
        app.say(**one)
        equal(app.hear(), {FULL: 1})
        other.begin("Subscribe", "(u)", 1000)
        f.answer("deny")
        equal(other.hear()[:2], ["error", DENIED])
        f.ours("Revoke", "(ss)", APP, "")
        app.say(**one)
        f.answer("once")
        equal(app.hear(), {"ok": 1})


def flood(f):
    """prompts by the thousand: a few wait, the rest is refused at once, others are served"""
    f.bridge()
    f.take_shell()
    with f.sandboxed() as app, f.sandboxed("org.example.Other") as other:
        app.say(do="flood", count=3000, method="Subscribe", signature="(u)", args=[1000], interface="org.inos.Node1")
        equal(f.prompt()[1], APP)
        equal(len(f.prompts()), 1)
        other.begin("Subscribe", "(u)", 1000)
        wait_for(lambda: len(f.prompts()) == 2, "the other's prompt")
        equal(f.subscribe(500), 500)
        f.answer("once")
        results = app.hear()
        check(results.get("ok", 0) >= 16 and sum(results.values()) == 3000, results)
        check(set(results) <= {"ok", FULL}, results)
        f.answer("deny")
        equal(other.hear()[:2], ["error", DENIED])
    check(len(f.audit()) < 30, len(f.audit()), "lines")


def looks(f):
    """of what the node looks for at once one application gets a part, however many connections it has; others are served"""
    node = f.node()
    f.bridge()
    f.take_shell()
    wait_for(lambda: f.call("Get", GLib.Variant("(ss)", ("org.inos.Node1", "Connected")),
                            interface="org.freedesktop.DBus.Properties")[0], "the node")
    look = {"method": "ListDisks", "signature": "", "args": [], "interface": MACHINE}
    with f.sandboxed() as app:
        app.say(do="call", **look)
        f.answer("always")
        equal(app.hear()[0], "ok")
        os.kill(node.pid, signal.SIGSTOP)
        app.say(do="connections", count=40, heard=32, **look)
        equal(app.hear(), {FULL: 32})
        answers = []
        f.bus.call("org.inos.Node1", "/org/inos/Node1", MACHINE, "ListDisks", None, None, Gio.DBusCallFlags.NONE, 10000, None,
                   lambda bus, result: answers.append(bus.call_finish(result)))
        os.kill(node.pid, signal.SIGCONT)
        wait_for(lambda: answers, "an answer")
        app.say(do="call", **look)
        equal(app.hear()[0], "ok")


def bridge_dies(f):
    """kill -9 of the bridge: what was granted holds, what was being asked is not, and can be asked again"""
    bridge = f.bridge()
    f.take_shell()
    f.ours("Grant", "(ss)", APP, "node.mesh")
    with f.sandboxed() as app:
        app.begin("Subscribe", "(u)", 1000)
        f.prompt()
        os.kill(bridge.pid, signal.SIGKILL)
        bridge.wait()
        equal(app.hear()[0], "error")
        f.bridge()
        equal([grant[:2] for grant in f.ours("List")[0]], [(APP, "node.mesh")])
        equal(f.prompts(), [])
        app.begin("Subscribe", "(u)", 1000)
        f.answer("always")
        equal(app.hear()[0], "ok")
    equal(len(f.ours("List")[0]), 2)


class Portal:
    """A question of the shell's for a portal, in a thread: call() and the answer, or the error's name."""

    def __init__(self, f, capability="screen.capture", app=APP, request="/request/1", bus=None):
        self.said, arguments = [], GLib.Variant("(sss)", (app, capability, request))

        def ask():
            try:
                reply = (bus or f.bus).call_sync("org.inos.Node1", "/org/inos/Node1", PERMISSIONS, "Ask", arguments, None,
                                                 Gio.DBusCallFlags.NONE, 30000, None)
                self.said.append(reply.unpack()[0])
            except GLib.Error as error:
                self.said.append(Gio.DBusError.get_remote_error(error))

        self.thread = threading.Thread(target=ask, daemon=True)
        self.thread.start()

    def answer(self):
        wait_for(lambda: self.said, "an answer")
        return self.said[0]


def portals(f):
    """a portal's question is asked, answered, kept and audited as an application's; only the shell asks it"""
    f.bridge()
    equal(Portal(f).answer(), DENIED)
    f.take_shell()
    one = Portal(f)
    equal(f.prompt()[1:], (APP, "screen.capture"))
    f.answer("once")
    equal(one.answer(), "once")
    two = Portal(f)
    f.answer("always")
    equal(two.answer(), "always")
    equal(Portal(f).answer(), "granted")
    equal(f.prompts(), [])
    with f.sandboxed() as app:  # what its portal was allowed is nothing of the node
        app.begin("Subscribe", "(u)", 1000)
        f.answer("deny")
        equal(app.hear()[:2], ["error", DENIED])
        for method, signature, args in (("Ask", "(sss)", (APP, "screen.capture", "x")), ("Withdraw", "(s)", ("x",))):
            equal(app.call(method, signature, *args, interface=PERMISSIONS)[:2], ["error", DENIED], method)
    f.ours("Revoke", "(ss)", APP, "screen.capture")
    three = Portal(f)
    f.answer("deny")
    equal(three.answer(), DENIED)
    equal(Portal(f).answer(), DENIED)
    equal(f.prompts(), [])
    decisions = [line["decision"] for line in f.audit() if line["capability"] == "screen.capture"]
    equal(decisions, ["asked", "once", "granted", "allowed", "revoked", "denied", "refused"])


def portals_for_good(f):
    """what portals remember by themselves is allowed for good or not at all"""
    f.bridge()
    f.take_shell()
    one = Portal(f, "device.camera")
    f.answer("once")
    equal(one.answer(), "always")
    equal([grant[:2] for grant in f.ours("List")[0]], [(APP, "device.camera")])
    equal(f.ours("Revoke", "(ss)", APP, "")[0], 1)


def portals_unkept(f):
    """what portals would remember, and the bridge cannot keep, is not allowed"""
    os.makedirs(os.path.join(f.env["XDG_STATE_HOME"], "inos", "permissions"))  # no file can be put there
    f.bridge()
    f.take_shell()
    one = Portal(f, "device.camera")
    f.answer("always")
    equal(one.answer(), FAILED)
    equal(f.ours("List")[0], [])


def portals_withdraw(f):
    """a question that nobody waits for is not asked any more: withdrawn, or with the shell that asked it"""
    f.bridge()
    f.take_shell()
    one = Portal(f, request="/a")
    f.prompt()
    f.ours("Withdraw", "(s)", "/b")
    equal(len(f.prompts()), 1)
    f.ours("Withdraw", "(s)", "/a")
    equal(one.answer(), FAILED)  # nobody has denied it: portals would keep that for good
    equal(f.prompts(), [])
    equal(Portal(f, request="/a").answer(), FULL)
    other = f.connect()
    f.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ReleaseName",
                    GLib.Variant("(s)", ("org.inos.Shell1",)), None, Gio.DBusCallFlags.NONE, 5000, None)
    other.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                    GLib.Variant("(su)", ("org.inos.Shell1", 4)), None, Gio.DBusCallFlags.NONE, 5000, None)
    for i, capability in enumerate(("screen.capture", "device.camera", "device.location")):
        Portal(f, capability, app="org.example.More", request=f"/{i}", bus=other)
    wait_for(lambda: len(f.prompts()) == 3, "three prompts")
    other.close_sync(None)
    wait_for(lambda: not f.prompts(), "the prompts to go")


def portals_hostile(f):
    """a portal's question with nonsense is refused; by the thousand a few wait"""
    f.bridge()
    f.take_shell()
    bad = "org.inos.Error.InvalidArgument"
    for app, capability, request in (("", "screen.capture", "x"), ("a b", "screen.capture", "x"), ("a" * 5000, "screen.capture", "x"),
                                     (APP, "node.mesh", "x"), (APP, "permissions.control", "x"), (APP, "", "x"),
                                     (APP, "screen.capture", ""), (APP, "screen.capture", "x" * 1000)):
        equal(Portal(f, capability, app, request).answer(), bad, (app[:10], capability, request[:10]))
    first = Portal(f, request="/same")
    f.prompt()
    equal(Portal(f, request="/same").answer(), bad)
    asked = [Portal(f, request=f"/{i}") for i in range(40)]
    wait_for(lambda: sum(FULL in each.said for each in asked) == 25, "too many")
    equal(len(f.prompts()), 1)
    f.answer("once")
    equal(first.answer(), "once")
    wait_for(lambda: all(each.said for each in asked), "answers")
    # Once is one picture, not one for each that waits.
    equal(sorted({each.said[0] for each in asked}), sorted({FAILED, FULL}))


def garbage(f):
    """a file of grants with garbage grants what is well in it, and the bridge comes up"""
    path = os.path.join(f.env["XDG_STATE_HOME"], "inos", "permissions")
    os.makedirs(os.path.dirname(path))
    with open(path, "wb") as file:
        file.write(f"{APP} node.mesh 5\n".encode() + os.urandom(5000) + b"\n\0\n" + b"x" * 100000)
    f.bridge()
    equal(f.ours("List")[0], [(APP, "node.mesh", 5)])
    f.log.seek(0)
    check("grant nothing" in f.log.read())
    f.ours("Grant", "(ss)", APP, "node.actors")
    with open(path, "rb") as file:
        equal(len(file.read().splitlines()), 2)


def bad_grants(f):
    """what is no application or no capability is granted to nobody"""
    f.bridge()
    for app, capability in (("a" * 10000, "node.mesh"), ("", "node.mesh"), ("a b", "node.mesh"), (APP, "node"),
                            (APP, "permissions.control"), (APP, "shell.arena"), ("a\nb node.mesh 1", "node.mesh")):
        for method in ("Grant", "Revoke"):
            try:
                f.ours(method, "(ss)", app, capability)
                raise AssertionError(f"{method} {app[:20]} {capability}")
            except GLib.Error as error:
                equal(Gio.DBusError.get_remote_error(error), "org.inos.Error.InvalidArgument")
    equal(f.ours("List")[0], [])
    try:
        f.ours("Answer", "(us)", 1, "always")
        raise AssertionError("who is not the shell answered")
    except GLib.Error as error:
        equal(Gio.DBusError.get_remote_error(error), DENIED)


def inosctl(f):
    """inosctl lists, grants, revokes, and shows what was decided; a grant answers what is being asked"""
    f.bridge()
    equal(f.inosctl("permissions").returncode, 0)
    with f.sandboxed() as app:
        app.begin("Subscribe", "(u)", 1000)
        f.prompt()
        equal(f.inosctl("permissions", "grant", APP, "node.resources").stderr, "")
        equal(app.hear()[0], "ok")
        shown = f.inosctl("permissions", "list").stdout
        check(APP in shown and "see how busy this machine is" in shown, shown)
        listed = json.loads(f.inosctl("permissions", "--json").stdout)["permissions"]
        equal([(row["app"], row["capability"]) for row in listed], [(APP, "node.resources")])
        equal(f.inosctl("permissions", "revoke", APP).returncode, 0)
        app.begin("Subscribe", "(u)", 1000)
        equal(f.prompt()[1:], (APP, "node.resources"))
    result = f.inosctl("permissions", "revoke", APP)
    equal((result.returncode, APP in result.stderr), (4, True))
    equal(f.inosctl("permissions", "grant", APP, "nonsense").returncode, 1)
    for wrong in (("grant", APP), ("dance",), ("audit", "x"), ("revoke",), ("list", "x")):
        equal(f.inosctl("permissions", *wrong).returncode, 2, wrong)
    check("node.terminals.control" in f.inosctl("permissions", "capabilities").stdout)
    for app in (APP, "org.example.Other"):
        for capability in ("node.mesh", "screen.capture"):
            f.ours("Grant", "(ss)", app, capability)
    equal(f.inosctl("permissions", "reset", "x").returncode, 2)
    equal((f.inosctl("permissions", "reset").returncode, f.ours("List")[0]), (0, []))
    equal(f.inosctl("permissions", "reset").returncode, 0)
    check("taken back" in f.inosctl("permissions", "audit").stdout)
    lines = json.loads(f.inosctl("permissions", "audit", "2", "--json").stdout)["audit"]
    equal(len(lines), 2)
    check(set(lines[0]) == {"time", "app", "capability", "decision", "by", "times"}, lines)


def no_secret(f):
    """what a call has in it is in no log"""
    f.bridge()
    f.take_shell()
    with f.sandboxed() as app:
        app.begin("Publish", "(say)", "topic", [115, 101], interface="org.inos.Node1.Mesh")
        f.answer("deny")
        app.hear()
        app.begin("Open", "(sasasuu)", "", ["sh", "-c", "hunter2"], ["TOKEN=hunter2"], 80, 24,
                  interface="org.inos.Node1.Terminals")
        equal(f.prompt()[2], "node.terminals.control")
        f.answer("deny")
        equal(app.hear()[:2], ["error", DENIED])
    f.log.seek(0)
    check("hunter2" not in f.log.read() and "hunter2" not in json.dumps(f.audit()))


run_tests([always, once, denied, never, properties_too, unsandboxed, strange_ids, forked, caller_dies, comes_and_goes,
           refused_connections, connections_of_one, flood, looks, bridge_dies, portals, portals_for_good,
           portals_unkept, portals_withdraw, portals_hostile, garbage, bad_grants, inosctl, no_secret], Permit)

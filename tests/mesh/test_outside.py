# SPDX-License-Identifier: GPL-3.0-or-later
"""The mesh over D-Bus and with inosctl, as people and programs use it."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time

import pytest

from gi.repository import Gio, GLib
from node import until


def fault_of(bus, result):
    """The name of a call's error."""
    try:
        bus.call_finish(result)
        return None
    except GLib.Error as error:
        return Gio.DBusError.get_remote_error(error)


@pytest.fixture
def desk(nodes, tmp_path):
    """A node, a bus, a bridge between them; inosctl(…) runs there."""
    node = nodes(perf="true")
    bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address"],
                           stdout=subprocess.PIPE, text=True)
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip(),
                   "XDG_RUNTIME_DIR": str(node.directory / "run"), "LC_ALL": "C.UTF-8"}
    bridge = subprocess.Popen(["inos-bridge"], env=environment)

    def inosctl(*arguments, status=0, **options):
        done = subprocess.run(["inosctl", *arguments], env=environment, capture_output=True, text=True,
                              timeout=60, **options)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout if status == 0 else done.stderr
    inosctl.environment = environment
    until(lambda: subprocess.run(["inosctl", "mesh", "status"], env=environment,
                                 capture_output=True).returncode == 0, "the bridge")
    yield node, inosctl
    bridge.terminate()
    assert bridge.wait(20) == 0
    bus.terminate()
    bus.wait()
    bus.stdout.close()


def test_status(desk):
    node, inosctl = desk
    text = inosctl("mesh")
    assert node.id in text and node.addresses()[0] in text
    assert json.loads(inosctl("mesh", "status", "--json"))["peer-id"] == node.id


def test_peers(desk, nodes):
    node, inosctl = desk
    other = nodes(perf="true")
    assert "No peer is connected" in inosctl("mesh", "peers")
    assert other.id in inosctl("mesh", "connect", other.address())
    rows = json.loads(inosctl("mesh", "peers", "--json"))["peers"]
    assert [row["id"] for row in rows] == [other.id] and rows[0]["inbound"] is False
    assert other.id in inosctl("mesh", "peers")
    assert re.search(r"there and back [\d.]+ (µs|ms)", inosctl("mesh", "ping", other.id))
    assert json.loads(inosctl("mesh", "ping", other.id, "--json"))["round_trip"] > 0
    until(lambda: "/ipfs/ping/1.0.0" in inosctl("mesh", "inspect", other.id), "what identify says")
    assert re.search(r"[KMG]iB/s there, .*[KMG]iB/s back", inosctl("mesh", "perf", other.id))
    inosctl("mesh", "disconnect", other.id)
    # It may be there again: members compare what they know, for which they dial.
    until(lambda: "no connection" in subprocess.run(["inosctl", "mesh", "disconnect", other.id], env=inosctl.environment,
                                                    capture_output=True, text=True).stderr, "the end of the connection")
    assert other.id in inosctl("mesh", "peers", "--all")


def test_members(desk, nodes):
    node, inosctl = desk
    other = nodes(region="the \x1b[31mcellar")
    bus = Gio.DBusConnection.new_for_address_sync(
        inosctl.environment["DBUS_SESSION_BUS_ADDRESS"],
        Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
    mesh = Gio.DBusProxy.new_sync(bus, 0, None, "org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Mesh")
    told = []
    mesh.connect("g-signal", lambda proxy, sender, name, values: told.append((name, *values.unpack())))

    def count():
        while GLib.MainContext.default().iteration(False):
            pass
        return mesh.get_cached_property("MemberCount").unpack()
    until(lambda: count() == 1, "itself")
    rows = json.loads(inosctl("mesh", "members", "--json"))["members"]
    assert [row["id"] for row in rows] == [node.id] and rows[0]["self"] is True
    assert "this node" in inosctl("mesh", "members")
    inosctl("mesh", "connect", other.address())
    until(lambda: count() == 2, "the other one")
    assert ("MemberChanged", other.id, "alive") in told
    until(lambda: [row["cores"] > 0 for row in json.loads(inosctl("mesh", "members", "--json"))["members"]] == [True, True],
          "their figures")
    text = inosctl("mesh", "members")
    assert other.id in text and "alive" in text and "cellar" in text and "\x1b" not in text
    other.process.terminate()
    other.process.wait(20)
    until(lambda: count() == 1, "that it has gone")
    assert ("MemberChanged", other.id, "left") in told and ("MemberChanged", other.id, "dead") not in told
    assert "left" in inosctl("mesh", "members")
    bus.close_sync()


def test_topics(desk, nodes):
    node, inosctl = desk
    other = nodes()
    inosctl("mesh", "connect", other.address())
    listener = subprocess.Popen(["inosctl", "mesh", "subscribe", "talk"], env=inosctl.environment,
                                stdout=subprocess.PIPE, text=True)
    until(lambda: "talk" in inosctl("mesh", "topics"), "the subscription")
    other.ask("mesh.subscribe", "()", "(s)", "talk")
    until(lambda: other.ask("mesh.topics", "(a(suut))")[0][0][1] == 1, "the other's view of it")
    other.ask("mesh.publish", "(u)", "(say)", "talk", "good \x1b[31mmorning".encode())
    line = listener.stdout.readline()
    assert other.id in line and "good" in line and "\x1b" not in line
    listener.terminate()
    listener.wait(10)
    listener.stdout.close()
    until(lambda: "sent to peers: 1" in inosctl("mesh", "publish", "talk", "good evening"), "a peer")
    assert other.wait_message("talk") == (node.id, b"good evening")


def on_terminal(inosctl, *arguments):
    """What inosctl prints on a terminal of 100 columns."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 100, 0, 0))
    with subprocess.Popen(["inosctl", *arguments], env={**inosctl.environment, "TERM": "xterm"}, stdout=follower,
                          stdin=follower) as process:
        os.close(follower)
        text = b""
        try:
            while data := os.read(leader, 65536):
                text += data
        except OSError:
            pass
    os.close(leader)
    assert process.returncode == 0
    return text.decode()


def test_trust(desk, nodes):
    """To invite, to be asked, and to look back."""
    node, inosctl = desk
    other, third = nodes(), nodes()
    bus = Gio.DBusConnection.new_for_address_sync(
        inosctl.environment["DBUS_SESSION_BUS_ADDRESS"],
        Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
    told = []
    bus.signal_subscribe(None, "org.inos.Node1.Mesh", "MembershipRequested", None, None, 0,
                         lambda *values: told.append(values[5].unpack()))
    assert "in no mesh" in inosctl("mesh", "roll")
    code = inosctl("mesh", "invite").strip()
    assert re.fullmatch("inos1[a-z2-7]+", code)
    assert other.ask("mesh.join", "(s)", "(s)", code) == ("member",)
    assert {row["standing"] for row in json.loads(inosctl("mesh", "roll", "--json"))["roll"]} == {"member"}
    assert other.id in inosctl("mesh", "roll") and "strangers only get" in inosctl("mesh")
    later = json.loads(inosctl("mesh", "invite", "--hours", "48", "--uses", "3", "--ask", "--json"))
    assert 47 * 3600 < later["expires"] / 1000 - time.time() <= 48 * 3600
    assert third.ask("mesh.join", "(s)", "(s)", later["code"]) == ("waiting",)

    def heard():
        while GLib.MainContext.default().iteration(False):
            pass
        return [peer for peer, name in told]
    until(lambda: heard() == [third.id], "the signal")
    assert [row["id"] for row in json.loads(inosctl("mesh", "requests", "--json"))["requests"]] == [third.id]
    assert "waits" in inosctl("mesh", "requests") and "requests" in inosctl("mesh")
    inosctl("mesh", "refuse", third.id)
    inosctl("mesh", "accept", third.id)
    assert third.id not in inosctl("mesh", "requests")
    inosctl("mesh", "revoke", other.id)
    assert "revoked" in inosctl("mesh", "roll")
    lines = json.loads(inosctl("mesh", "audit", "--json"))["lines"]
    assert [line["what"] for line in lines if line["peer"] == third.id] == ["requested", "refused", "accepted", "joined"]
    assert "revoked" in inosctl("mesh", "audit")
    picture = on_terminal(inosctl, "mesh", "invite")
    assert "inos1" in picture and "█▀" in picture and "inosctl mesh join" in picture
    inosctl("mesh", "leave")
    until(lambda: "in no mesh" in inosctl("mesh", "roll"), "the end")
    assert "not-found" not in inosctl("mesh", "accept", third.id, status=4)
    assert "in no mesh" in inosctl("mesh", "leave", status=1)
    for arguments in (["invite", "x"], ["roll", "--ask"], ["invite", "--hours", "many"], ["accept"]):
        inosctl("mesh", *arguments, status=2)
    assert "720" in inosctl("mesh", "invite", "--hours", "-1", status=1)
    bus.close_sync()


def test_join(desk, nodes):
    node, inosctl = desk
    other = nodes()
    assert "in no mesh" in inosctl("mesh", "join", other.address(), status=1)
    code = other.ask("mesh.invite", "(sx)", "(uub)", 1, 1, False)[0]
    assert "waits until" in inosctl("mesh", "join", other.address())
    assert "waits" in inosctl("mesh")
    assert "is a member now" in inosctl("mesh", "join", code)
    assert "typing error" in inosctl("mesh", "join", "inos1abc", status=1)


def test_another_node(desk, nodes):
    """--node: another node is asked in place of this one, and what is only of this one is refused."""
    node, inosctl = desk
    other = nodes()
    assert other.ask("mesh.join", "(s)", "(s)", inosctl("mesh", "invite").strip()) == ("member",)
    until(lambda: other.id in inosctl("mesh", "roll"), "the other one is a member")
    other.ask("actors.open", "()", "(su)", "letterbox", 8)
    assert "give one of them" in inosctl("--node", other.id, "actors", "--system", status=2)
    refused = inosctl("--node", other.id, "actors", status=1)
    assert f"inosctl mesh manage {node.id} look" in refused and "has not given" in refused
    other.ask("mesh.manage", "()", "(ss)", node.id, "look")
    for words in (["--node", other.id, "actors"], [f"--node={other.id}", "actors", "tree"], ["actors", "--node", other.id]):
        assert "letterbox" in inosctl(*words), words
    assert "letterbox" not in inosctl("actors")
    assert "letterbox" in inosctl("--node", other.id, "actors", "inspect", "letterbox")
    assert "no actor" in inosctl("--node", other.id, "actors", "inspect", "nobody", status=4)
    pids = [row["pid"] for row in json.loads(inosctl("--node", other.id, "processes", "list", "inos-node", "--json"))["processes"]]
    assert other.process.pid in pids
    assert "inos" in inosctl("--node", other.id, "logs", "sources")
    assert f"manage {node.id} all" in inosctl("--node", other.id, "actors", "stop", "monitor", status=1)
    other.ask("mesh.manage", "()", "(ss)", node.id, "all")
    before = json.loads(inosctl("--node", other.id, "actors", "inspect", "monitor", "--json"))["id"]
    assert before in inosctl("--node", other.id, "actors", "stop", "monitor")
    until(lambda: other.ask("actors.inspect", "(ta{sv})", "(s)", "monitor")[0] != int(before), "it is another one there")

    for words in (["mesh"], ["windows"], ["actors", "send", "a", "b"], ["actors", "reachable"], ["status"]):
        assert "--node" in inosctl("--node", other.id, *words, status=2), words
    assert "several members" in inosctl("--node", next(row["name"] for row in json.loads(
        inosctl("mesh", "roll", "--json"))["roll"]), "actors", status=1)  # both are on this host
    assert "no member" in inosctl("--node", "nowhere", "actors", status=1)

    assert inosctl("mesh", "manage", other.id, "look") == ""
    assert other.id in inosctl("mesh", "managers")
    assert json.loads(inosctl("mesh", "managers", "--json"))["managers"] == [{"peer": other.id, "right": "look", "member": True}]
    assert "look, all and none" in inosctl("mesh", "manage", other.id, "everything", status=2)
    inosctl("mesh", "manage", other.id, "none")
    assert other.id not in inosctl("mesh", "managers")

    bus = Gio.DBusConnection.new_for_address_sync(
        inosctl.environment["DBUS_SESSION_BUS_ADDRESS"],
        Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)

    def call(way, method, kind="", *values):
        """What another node answers, or the error's name."""
        arguments = GLib.Variant("(ssav)", (other.id, method, [GLib.Variant(one, value) for one, value in zip(kind, values)]))
        try:
            return bus.call_sync("org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Mesh", way, arguments,
                                 GLib.VariantType("(av)"), 0, 40000, None).unpack()[0]
        except GLib.Error as error:
            return Gio.DBusError.get_remote_error(error)
    assert len(call("AskNode", "ListDisks")) == 2
    assert call("SteerNode", "EndPath", "t", 0) in ([], "org.inos.Error.NotFound")
    assert call("AskNode", "StopActor", "s", "nobody") == "org.inos.Error.AccessDenied"
    assert call("SteerNode", "StopActor", "s", "nobody") == "org.inos.Error.NotFound"
    for method in ("Invite", "Open", "OpenArena", "AskNode", "", "SendLetters"):
        assert call("AskNode", method) == "org.inos.Error.InvalidArgument", method
    assert call("AskNode", "ListActors", "s", "place") == "org.inos.Error.InvalidArgument"
    # One caller alone does not take all the places of those who ask other nodes.
    other.process.send_signal(signal.SIGSTOP)
    ends = []
    for _ in range(7):
        bus.call("org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Mesh", "AskNode",
                 GLib.Variant("(ssav)", (other.id, "ListDisks", [])), None, 0, 40000, None,
                 lambda bus, result: ends.append(fault_of(bus, result)))
    loop = GLib.MainContext.default()
    until(lambda: (loop.iteration(False), ends)[1], "one is refused")
    assert ends == ["org.inos.Error.TooMany"]
    other.process.kill()
    other.process.wait(20)
    until(lambda: (loop.iteration(False), len(ends) == 7)[1], "the others are given up")
    assert set(ends[1:]) == {"org.inos.Error.Unreachable"}
    assert call("AskNode", "ListDisks") == "org.inos.Error.Unreachable"
    assert "cannot be reached" in inosctl("--node", other.id, "actors", status=1)
    bus.close_sync()


def test_rotate(desk):
    """Nobody does so by mistake; on D-Bus the node is another one at once."""
    node, inosctl = desk
    old = node.id
    assert "--yes" in inosctl("mesh", "rotate", status=1)
    assert json.loads(inosctl("mesh", "status", "--json"))["peer-id"] == old
    new = inosctl("mesh", "rotate", "--yes").strip()
    assert new != old and json.loads(inosctl("mesh", "status", "--json"))["peer-id"] == new
    until(lambda: new in inosctl("status"), "the property")
    inosctl("mesh", "invite")
    again = json.loads(inosctl("mesh", "rotate", "--yes", "--json"))["peer-id"]
    standings = {row["id"]: (row["standing"], row["by"]) for row in json.loads(inosctl("mesh", "roll", "--json"))["roll"]}
    assert standings == {new: ("replaced", again), again: ("member", new)}
    assert "replaced" in inosctl("mesh", "roll")
    assert [line["what"] for line in json.loads(inosctl("mesh", "audit", "--json"))["lines"]].count("rotated") == 2
    inosctl("mesh", "rotate", "now", status=2)
    assert "--yes" in inosctl("mesh", "pass", new, status=1)
    inosctl("mesh", "pass", status=2)
    inosctl("mesh", "pass", again, "--yes", status=1)  # which has it
    inosctl("mesh", "roll", "--yes", status=2)


@pytest.mark.parametrize("arguments, sentence", [
    (["ping", "nobody"], "no peer id"),
    (["connect", "/ip4/127.0.0.1"], ""),
    (["connect", "/ip4/127.0.0.1/tcp/1/p2p/12D3KooWNLvHwD5xPtXGNPkesKAvu7GDWtyGw5vBbDKXJvg1sNet"], "refused"),
    (["connect", "/ip4/300.0.0.1/tcp/1"], "300.0.0.1"),
])
def test_errors_say_why(desk, arguments, sentence):
    _, inosctl = desk
    done = subprocess.run(["inosctl", "mesh", *arguments], env=inosctl.environment, capture_output=True, text=True)
    assert done.returncode not in (0, 2) and sentence.lower() in done.stderr.lower(), done.stderr


@pytest.mark.parametrize("arguments", [["peers", "x"], ["ping"], ["publish", "topic"], ["nonsense"], ["status", "--all"],
                                       ["members", "--all"]])
def test_usage(desk, arguments):
    _, inosctl = desk
    assert "mesh" in inosctl("mesh", *arguments, status=2)




def test_port_that_is_taken(nodes):
    """Two nodes of one machine with the same settings: the second listens somewhere else."""
    first = nodes(listen="/ip4/127.0.0.1/tcp/0")
    taken = first.addresses()[0]
    second = nodes(listen=taken)
    assert second.addresses() and second.addresses() != [taken]
    assert first.connect(second.address()) == second.id


def test_why_not_direct(desk, nodes):
    """In words: what is there, what was tried, and what to do."""
    node, inosctl = desk
    other = nodes()
    assert "No address of it is known" in inosctl("mesh", "why-not-direct", other.id)
    assert "inosctl mesh connect ADDRESS" in inosctl("mesh", "why-not-direct", other.id)
    node.connect(other.address())
    until(lambda: "/ipfs/ping/1.0.0" in node.inspect(other.id)["protocols"], "what identify says")
    assert "The connection is direct: /ip4/127.0.0.1/tcp/" in inosctl("mesh", "why-not-direct", other.id)
    other.stop()
    until(lambda: other.id not in node.peers(), "its end")
    text = inosctl("mesh", "why-not-direct", other.id)
    assert "There is no connection." in text and "nothing listens there" in text
    assert "Start the node there" in text
    details = json.loads(inosctl("mesh", "why-not-direct", other.id, "--json"))
    assert details["connection"] == "none" and details["addresses"][0][2] == "refused"
    assert "this node itself" in inosctl("mesh", "why-not-direct", node.id, status=1)


def test_bandwidth(desk, nodes):
    node, inosctl = desk
    other = nodes()
    node.connect(other.address())
    node.ping(other.id)
    text = inosctl("mesh", "bandwidth")
    assert "/ipfs/ping/1.0.0" in text and other.id[:20] in text and "/s back" in text
    said = json.loads(inosctl("mesh", "bandwidth", "--json"))
    assert [row["name"] for row in said["peers"]] == [other.id] and said["sent"] > 0
    assert said["peers"][0]["received"] <= said["received"]
    inosctl("mesh", "limit", "/ipfs/ping/1.0.0", "512", "0", "2048")
    assert json.loads(inosctl("mesh", "limits", "--json"))["limits"] == [
        {"whom": "/ipfs/ping/1.0.0", "send": 512 << 10, "receive": 0, "memory": 2048 << 10}]
    assert "512" in inosctl("mesh", "limits")
    assert "16 KiB/s" in inosctl("mesh", "limit", "total", "1", "0", "0", status=1)

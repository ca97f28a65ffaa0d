# SPDX-License-Identifier: GPL-3.0-or-later
"""inosctl against a real node and bridge, and against a stand-in (standin.py) for the other services."""

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time

from gi.repository import GLib

from harness import INOSCTL, Fixture, check, equal, run_tests, wait_for

ALL = ("org.inos.Session1", "org.inos.Compositor1", "org.inos.Shell1")
KEYS = {
    "windows": {"id", "title", "app_id", "pid", "focused", "maximized", "fullscreen", "workspace", "output",
                "geometry", "minimized", "on_top", "below", "sticky", "private", "snapped", "rules", "modal", "urgent",
                "unresponsive", "icon_name", "content_type", "tearing", "column", "parent"},
    "outputs": {"name", "make", "model", "width", "height", "refresh_mhz", "scale", "x", "y", "virtual", "serial",
                "transform", "powered", "adaptive_sync", "modes", "tint", "mirror",
                "max_render_time", "direct_scan_out", "vrr", "vrr_supported"},
    "resources": {"connected", "sampled_at", "cpu", "memory", "swap", "pressure", "disks", "interfaces",
                  "temperatures", "alerts", "battery"},
    "status": {"session", "compositor", "node", "shell"},
}


class Standin(Fixture):
    def standin(self, *names):
        child = self.spawn(sys.executable, os.path.join(os.path.dirname(__file__), "standin.py"),
                           *(names or ALL), stdout=subprocess.PIPE, text=True)
        equal(child.stdout.readline(), "ready\n")
        return child

    def expect(self, status, *argv, says="", **more):
        result = self.inosctl(*argv, **more)
        equal(result.returncode, status, f"{argv}: {result.stdout}{result.stderr}")
        check(says in result.stdout + result.stderr, argv, "does not say", says, result.stderr)
        for stream in (result.stdout, result.stderr):
            bad = [c for c in stream if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 or c == "\u202e"]
            check(not bad, argv, "let through", bad)
        return result.stdout

    def json(self, *argv):
        return json.loads(self.expect(0, *argv, "--json"))


def on_terminal(f, *argv, end=None, columns=60, **env):
    """What the command writes to a terminal, and its status."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 20, columns, 0, 0))
    child = subprocess.Popen([INOSCTL, *argv], env=dict(f.env, TERM="xterm", **env), stdin=slave, stdout=slave,
                             stderr=slave)
    os.close(slave)
    f.children.append(child)
    out, stop = b"", time.monotonic() + (end or 30)
    os.set_blocking(master, False)
    while child.poll() is None:
        if time.monotonic() > stop:
            check(end, "it does not end")
            child.send_signal(signal.SIGINT)
            stop = time.monotonic() + 10
            end = None
        try:
            out += os.read(master, 65536)
        except OSError:
            time.sleep(0.01)
    try:
        out += os.read(master, 65536)
    except OSError:
        pass
    os.close(master)
    return out.decode(), child.returncode


def lists(f):
    """--json has the keys that its readers rely on"""
    f.standin()
    f.node()
    f.bridge()
    f.connected()
    for name, keys in KEYS.items():
        value = f.json(name)
        for row in value if isinstance(value, list) else [value]:
            equal(set(row), keys, name)
    windows = f.json("windows")
    equal([w["id"] for w in windows], [2, 11])
    equal(windows[0]["geometry"], {"x": -5, "y": 0, "width": 640, "height": 480})
    equal(windows[0]["title"], "\x1b]0;owned\x07\x1b[2Jrm -rf\nnext \u202egpj.exe \x9b31m 日本語")
    status = f.json("status")
    equal(status["session"]["components"][1],
          {"name": "shell", "state": "failed", "pid": 0, "restarts": 5})
    equal((status["compositor"]["focused_window"]["id"], status["node"]["connected"]), (2, True))
    equal(f.json("outputs")[0]["scale"], 1.5)


def tables(f):
    """tables are aligned and hold no control character of a hostile title"""
    f.standin()
    lines = f.expect(0, "windows", says="\ufffd]0;owned\ufffd").splitlines()
    equal(len(lines), 3)
    equal(lines[0].index("OUTPUT") - lines[0].index("TITLE"),
          lines[2].index("HEADLESS-1") - lines[2].index("xxx"))
    f.expect(0, "outputs", says="1280×720 @ 59.94 Hz")
    f.expect(0, "status", says="the bridge is not on this bus")


def actions(f):
    """actions reach the right object with the right argument"""
    child = f.standin()
    for argv, says in (
            (["focus", "2"], "/org/inos/Compositor1/window/2 Focus"),
            (["close", "11"], "/org/inos/Compositor1/window/11 Close"),
            (["launch", "foot"], "/org/inos/Shell1 Launch foot.desktop"),
            (["launch", "foot.desktop"], "/org/inos/Shell1 Launch foot.desktop"),
            (["toggle", "power"], "/org/inos/Shell1 Toggle power"),
            (["toggle", "quick"], "/org/inos/Shell1 Toggle quick"),
            (["restart", "node"], "/org/inos/Session1 Restart node"),
            (["session", "save"], "/org/inos/Session1 Save"),
            (["session", "forget"], "/org/inos/Session1 Forget"),
            (["logout"], "/org/inos/Session1 Logout")):
        f.expect(0, *argv)
        equal(child.stdout.readline().strip(), says)


def statuses(f):
    """exit statuses: 1 failed, 2 usage, 3 not on the bus, 4 no such object"""
    for argv in (["status"], ["windows"], ["outputs"], ["resources"], ["focus", "1"], ["logout"],
                 ["restart", "node"], ["toggle", "power"], ["launch", "foot"], ["resources", "--watch"], ["notifications"],
                 ["notifications", "dnd", "on"], ["volume"], ["volume", "mute"], ["volume", "-5"], ["brightness", "40"], ["tray"], ["tray", "menu", "1"], ["media"], ["media", "next"], ["media", "seek", "+10"]):
        f.expect(3, *argv, says="start one with inos-session")
    f.expect(3, "status", says="DBUS_SESSION_BUS_ADDRESS", env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"})
    f.standin("org.inos.Session1", "org.inos.Shell1")
    f.expect(3, "windows", says="inosctl restart compositor")
    f.expect(4, "restart", "kettle", says="it has: node, shell")
    f.expect(4, "launch", "gone", says="gone.desktop")
    f.expect(1, "launch", "broken", says="\ufffd[2J not start")
    for argv in ([], ["frob"], ["--frob"], ["status", "x"], ["focus"], ["focus", "x"], ["focus", "-1"],
                 ["focus", "1", "2"], ["focus", "4294967296"], ["focus", "1", "--json"], ["toggle", "x"],
                 ["resources", "--interval", "50", "--watch"], ["resources", "--interval", "500"],
                 ["resources", "--interval", "x"], ["help", "frob"], ["notifications", "dance"], ["notifications", "dismiss", "x"],
                 ["notifications", "dnd", "perhaps"], ["volume", "101"], ["volume", "x"], ["volume", "1", "2"],
                 ["volume", "5", "--json"], ["brightness", "+"], ["brightness", "mute"],
                 ["tray", "x"], ["tray", "activate"], ["tray", "menu", "0"], ["tray", "list", "1"], ["media", "dance"], ["media", "next", "0"], ["media", "next", "1", "2"], ["media", "seek"], ["media", "seek", "x"],
                 ["media", "status", "1"], ["media", "next", "--json"], ["launch", "\x1b[2J", "x"]):
        f.expect(2, *argv, says="inosctl")


def no_object(f):
    """a window that is not there is status 4"""
    f.standin()
    f.expect(4, "focus", "77", says="there is no window 77")


def helps(f):
    """every command has help, and help needs no bus"""
    nowhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    names = [line.split()[0] for line in f.expect(0, "--list-commands", env=nowhere).splitlines()]
    equal(names, sorted(names))
    for name in names:
        for argv in (["help", name], [name, "--help"]):
            f.expect(0, *argv, says=f"Usage: inosctl {name}", env=nowhere)
        f.expect(0, "--help", says=f"  {name}", env=nowhere)
    f.expect(0, "--version", says="inosctl ", env=nowhere)


def terminal(f):
    """colour and shortening on a terminal only, and no colour with NO_COLOR"""
    f.standin()
    out, status = on_terminal(f, "windows")
    equal(status, 0)
    check("\x1b[32m" in out and "…" in out, out)
    check("\x1b]" not in out and "\x1b[2J" not in out and "\x9b" not in out, "a title steers the terminal")
    out, _ = on_terminal(f, "windows", NO_COLOR="1")
    check("\x1b" not in out, repr(out))
    check(all(len(line) <= 60 for line in out.splitlines()[2:]), "wider than the terminal")


def watch_json(f):
    """resources --watch --json prints one object a line, and Ctrl-C ends it with 0"""
    f.node()
    f.bridge()
    f.connected()
    child = f.spawn(INOSCTL, "resources", "--watch", "--json", "--interval", "150", stdout=subprocess.PIPE, text=True)
    rows = [json.loads(child.stdout.readline()) for _ in range(5)]
    for row in rows:
        equal(set(row), KEYS["resources"])
    stamps = [row["sampled_at"] for row in rows]
    equal(stamps, sorted(set(stamps)))
    child.send_signal(signal.SIGINT)
    equal(child.wait(10), 0)


def watch_terminal(f):
    """resources --watch redraws in place and gives the cursor back"""
    f.node()
    f.bridge()
    f.connected()
    out, status = on_terminal(f, "resources", "--watch", "--interval", "200", end=1.5)
    equal(status, 0)
    check(out.count("\x1b[J") >= 3, "frames")
    check("A" in out.split("\r\x1b[", 1)[1][:4], "the next frame is drawn over the last one")
    check(out.index("\x1b[?25l") < out.rindex("\x1b[?25h"), "the cursor is shown again")


def watch_outlives_bridge(f):
    """resources --watch goes on when the bridge is started anew"""
    f.node()
    bridge = f.bridge()
    f.connected()
    child = f.spawn(INOSCTL, "resources", "--watch", "--json", "--interval", "150", stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL, text=True)
    child.stdout.readline()
    bridge.kill()
    bridge.wait()
    f.bridge()
    os.set_blocking(child.stdout.fileno(), False)
    lines = []
    wait_for(lambda: lines.extend(child.stdout) or len(lines) >= 5, "figures of the new bridge")
    child.send_signal(signal.SIGTERM)
    equal(child.wait(10), 0)


ROW = {"id", "parent", "name", "behaviour", "state", "depth", "handled", "rate", "share", "restarts", "supervisor"}


def with_actors(f, *program):
    f.node(*program)
    f.bridge()
    f.connected()


def named(f, name):
    return next(row for row in f.json("actors") if row["name"] == name)


def actors_tree(f):
    """actors: the tree, one actor, those that do most"""
    with_actors(f)

    def listed():
        return [line.lstrip("│├└─ ").split("  ")[0]
                for line in f.expect(0, "actors", says="HANDLED").splitlines()[1:]]
    # What the bridge asked when it came has an actor of its own until it is answered.
    wait_for(lambda: "node_question" not in listed(), "the answers to the bridge")
    names = listed()
    equal(names[:3], ["keeper", "node", "api"])
    equal(set(names), {"keeper", "node", "api", "connections", "connection", "feed", "server", "identity",
                       "inspector", "mesh", "monitor", "arena", "terminals", "machine"})
    for row in f.json("actors", "tree"):
        equal(set(row), ROW)
    monitor = f.json("actors", "inspect", "monitor")
    equal((monitor["id"], monitor["behaviour"], monitor["restarts"]), (named(f, "monitor")["id"], "node_monitor", 0))
    equal(f.json("actors", "inspect", monitor["id"])["name"], "monitor")
    node = f.json("actors", "inspect", "node")
    equal({child["name"] for child in node["children"]},
          {"api", "identity", "inspector", "mesh", "monitor", "arena", "terminals", "machine"})
    f.expect(0, "actors", "inspect", "node", says="one-for-one")
    top = f.json("actors", "top", "--sort", "busy")
    equal(set(top), {"interval", "total", "actors"})
    check(0.9 < top["interval"] < 5, top["interval"])
    equal({frozenset(row) for row in top["actors"]}, {frozenset(ROW | {"in_cycle"})})
    f.expect(0, "actors", "top", says="HANDLED/S")


def actors_act(f):
    """actors stop and restart: it comes back, and nothing else goes"""
    with_actors(f)
    before = named(f, "monitor")["id"]
    equal(f.json("actors", "stop", "monitor"), {"id": before})
    wait_for(lambda: [r for r in f.json("actors") if r["name"] == "monitor" and r["id"] != before], "the monitor is back")
    equal(named(f, "monitor")["restarts"], 1)
    check(f.get("Connected"), "the bridge lost the node")
    f.call("Refresh")
    server = named(f, "server")["id"]
    new = f.json("actors", "restart", "server")["id"]
    check(new != server and named(f, "server")["id"] == new, "another one")
    f.expect(0, "actors", "restart", "identity", says="started again")
    f.expect(1, "actors", "restart", "node", says="no supervisor")
    f.expect(1, "actors", "stop", "keeper", says="no supervisor")
    f.expect(1, "actors", "restart", named(f, "connection")["id"], says="made when it is needed")


def actors_trace(f):
    """actors trace: what comes while one looks, and no longer"""
    with_actors(f)
    rows = f.json("actors", "trace", "feed")
    check(rows and all(row["type"] == "node_machine.seen" for row in rows), rows)
    equal(set(rows[0]), {"number", "id", "cause", "sender", "type", "handled", "waited", "took", "outcome", "reason"})
    equal(rows[0]["sender"], named(f, "monitor")["id"])
    equal(f.json("actors", "inspect", "feed")["traced"], 0)
    child = f.spawn(INOSCTL, "actors", "trace", "feed", "--follow", "--json", "--interval", "100",
                    stdout=subprocess.PIPE, text=True)
    numbers = [json.loads(child.stdout.readline())["number"] for _ in range(3)]
    equal(numbers, [1, 2, 3])
    check(f.json("actors", "inspect", "feed")["traced"] > 0, "traced")
    child.send_signal(signal.SIGINT)
    equal(child.wait(10), 0)
    equal(f.json("actors", "inspect", "feed")["traced"], 0)
    # The trace of somebody else is read and left.
    f.call("TraceActor", GLib.Variant("(su)", ("feed", 10)))
    f.json("actors", "trace", "feed")
    equal(f.json("actors", "inspect", "feed")["traced"], 10)


def actors_watch(f):
    """actors top --watch: one object a line, or frames over each other"""
    with_actors(f)
    child = f.spawn(INOSCTL, "actors", "top", "--watch", "--json", "--interval", "200", stdout=subprocess.PIPE, text=True)
    rows = [json.loads(child.stdout.readline()) for _ in range(3)]
    check(all(0.15 < row["interval"] < 2 for row in rows[1:]), [row["interval"] for row in rows])
    child.send_signal(signal.SIGINT)
    equal(child.wait(10), 0)
    out, status = on_terminal(f, "actors", "top", "--watch", "--interval", "200", end=1.5)
    equal(status, 0)
    check(out.count("\x1b[J") >= 3, "frames")


def actors_dead_letters(f):
    """actors dead-letters: listed, and sent again"""
    with_actors(f)
    letters = f.json("actors", "dead-letters")
    equal(set(letters), {"total", "counts", "letters"})
    check({"gone", "unhandled", "late"} <= set(letters["counts"]), letters["counts"])
    f.expect(4, "actors", "dead-letters", "--resend", "99999999", says="There is no dead letter 99999999")
    f.expect(4, "actors", "dead-letters", "--resend", "1", "--to", "nobody", says="nobody")


def actors_statuses(f):
    """actors: exit statuses"""
    f.expect(3, "actors", says="start one with inos-session")
    for argv in (["x"], ["inspect"], ["inspect", "a", "b"], ["tree", "a"], ["tree", "--watch"], ["top", "--follow"],
                 ["trace", "feed", "--sort", "rate"], ["top", "--sort", "size"], ["dead-letters", "--resend", "x"],
                 ["dead-letters", "--to", "feed"], ["cycles", "a"], ["top", "--path"], ["cycles", "--follow"], ["stop"], ["tree", "--interval", "500"], ["\x1b[2J"]):
        f.expect(2, "actors", *argv, says="inosctl help actors")
    with_actors(f)
    for argv in (["inspect", "nobody"], ["stop", "0"], ["restart", "\x1b]0;x"], ["trace", "nobody"], ["inspect", ""]):
        f.expect(4, "actors", *argv, says="there is no actor")
    f.expect(1, "actors", "inspect", "x" * 5000, says="at most 63 bytes")


def mesh_shared(f):
    """mesh: states, nodes, groups and services, as a table and as JSON"""
    with_actors(f)
    f.expect(0, "mesh", "state-set", "board", "colour", "red\x1b[2J")
    f.expect(0, "mesh", "state-add", "board", "tags", "a")
    f.expect(0, "mesh", "state-count", "board", "visits", "-3")
    check("\x1b" not in f.expect(0, "mesh", "state", "board", says="red"), "an escape")
    equal([(row["kind"], row["name"], row["text"]) for row in f.json("mesh", "state", "board")["entries"]],
          [("value", "colour", "red\x1b[2J"), ("element", "tags", "a"), ("counter", "visits", "-3")])
    equal([(row["name"], row["members"]) for row in f.json("mesh", "states")["states"]], [("board", [])])
    f.expect(4, "mesh", "state-take", "board", "tags", "b", says="There is no")
    f.expect(1, "mesh", "state-count", "board", "visits", "many", says="a number")
    f.expect(0, "mesh", "state-close", "board")
    f.expect(4, "mesh", "state", "board", says="Open it first")
    wait_for(lambda: f.json("mesh", "nodes")["nodes"], "what it says of itself")
    node, = [row for row in f.json("mesh", "nodes")["nodes"] if row["self"]]
    check(node["figures"]["cores"] > 0, node)
    f.expect(0, "mesh", "nodes", says="relay")
    f.expect(0, "mesh", "group-join", "alone", node["id"])
    wait_for(lambda: f.json("mesh", "groups")["groups"][0]["token"] > 0, "a primary")
    equal(f.json("mesh", "groups")["groups"][0]["members"], [[node["id"], "self"]])
    f.expect(0, "mesh", "groups", says="primary")
    f.expect(0, "mesh", "group-leave", "alone")
    f.expect(4, "mesh", "group-resign", "alone", says="not in the group")
    f.expect(0, "mesh", "offer", "web", "0", "5")
    wait_for(lambda: f.json("mesh", "find-service", "web")["found"], "the offer")
    equal([(row["where"], row["cost"]) for row in f.json("mesh", "find-service", "web")["found"]][0], ("here", 5))
    f.expect(0, "mesh", "offers", says="announced")
    f.expect(0, "mesh", "services", says="web")
    f.expect(0, "mesh", "withdraw", "web")
    f.expect(4, "mesh", "withdraw", "web", says="does not offer")
    f.expect(2, "mesh", "offer", "web", "http", "5", says="a port is a number")


def mesh_reputation(f):
    """mesh: reputation, of all, of one, forgotten"""
    with_actors(f)
    somebody = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"
    equal(f.json("mesh", "reputation"), {"peers": []})
    equal(f.json("mesh", "reputation", somebody)["peers"],
          [{"id": somebody, "expected": 500, "own": 500, "outcomes": 0, "median": 500, "said": 0, "silent": 0, "why": {}}])
    f.expect(0, "mesh", "reputation", somebody, says="unknown")
    f.expect(1, "mesh", "reputation", "nobody", says="is no peer id")
    f.expect(4, "mesh", "reputation", "forget", somebody, says="has seen nothing of that peer")
    for argv in ((somebody, somebody), ("forget", somebody, somebody)):
        f.expect(2, "mesh", "reputation", *argv, says="inosctl help mesh")


if __name__ == "__main__":
    run_tests([mesh_shared, mesh_reputation, actors_tree, actors_act, actors_trace, actors_watch, actors_dead_letters, actors_statuses,
               lists, tables, actions, statuses, no_object, helps, terminal, watch_json, watch_terminal,
               watch_outlives_bridge], Standin)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Actors that wait for each other, the path of a message, and dead letters that are sent again: from
inosctl to a real node. The node with actors that wait for each other is tests/node/knot.c."""

import json
import os
import signal
import socket
import subprocess
import time

from gi.repository import GLib

from harness import INOSCTL, check, equal, frame, run_tests, variant, wait_for
from test_inosctl import Standin, named, with_actors

KNOT = os.environ["INOS_KNOT"]
INVALID, MISSING = "org.inos.Error.InvalidArgument", "org.inos.Error.NotFound"


def no_cycles(f):
    """actors cycles: a node that is well has none, and says so"""
    with_actors(f)
    equal(f.expect(0, "actors", "cycles"), "No actors wait for each other.\n")
    equal(f.json("actors", "cycles"), {"unknown": 0, "cycles": []})
    check(not any(row["in_cycle"] for row in f.json("actors", "top")["actors"]), "marked")
    equal(f.json("actors", "inspect", "feed")["in_cycle"], False)


def cycles(f):
    """actors cycles: who waits for whom, and top and inspect mark them"""
    with_actors(f, KNOT)
    wait_for(lambda: f.json("actors", "cycles")["cycles"], "the circle is a second old")
    answer = f.json("actors", "cycles")
    equal(set(answer), {"unknown", "cycles"})
    equal((answer["unknown"], len(answer["cycles"])), (0, 1))
    cycle = answer["cycles"][0]
    equal((set(cycle), cycle["length"]), ({"length", "waits"}, 2))
    equal({frozenset(w) for w in cycle["waits"]}, {frozenset({"id", "name", "behaviour", "waits_for", "kind", "age"})})
    left, right = sorted(cycle["waits"], key=lambda w: w["name"])
    equal((left["name"], right["name"]), ("left", "right"))
    equal((left["id"], left["waits_for"]), (named(f, "left")["id"], right["id"]))
    equal((right["waits_for"], right["kind"]), (left["id"], "reply"))
    check(10 ** 9 <= left["age"] < 10 ** 11, left)
    f.expect(0, "actors", "cycles", says="CIRCLE")
    marked = {row["name"] for row in f.json("actors", "top")["actors"] if row["in_cycle"]}
    equal(marked, {"left", "right"})
    f.expect(0, "actors", "top", says="(cycle)")
    f.expect(0, "actors", "inspect", "left", says="left → right → left")
    f.expect(0, "actors", "inspect", "right", says="right → left → right")
    equal(f.json("actors", "inspect", "left")["in_cycle"], True)
    equal(f.json("actors", "inspect", "free")["in_cycle"], False)  # which waits for the circle, and is not in it
    equal(f.call("ListCycles", GLib.Variant("(uu)", (2 ** 32 - 1, 2 ** 32 - 1))), (0, []))
    f.json("actors", "stop", "left")
    equal(f.json("actors", "cycles")["cycles"], [])


def poke(f):
    """A message to the monitor, which answers."""
    f.call("Refresh")


def trace(f, *more):
    child = f.spawn(INOSCTL, "actors", "trace", "monitor", "--path", *more, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, text=True)
    wait_for(lambda: path_number(f) > trace.seen, "the path is traced")
    trace.seen = path_number(f)
    return child


trace.seen = 0


def path_number(f):
    """The number of the latest path: one that was before it has been forgotten."""
    for number in range(20, 0, -1):
        try:
            f.call("ReadPath", GLib.Variant("(tuu)", (number, 0, 1)))
            return number
        except GLib.Error:
            pass
    return 0


def path(f):
    """actors trace --path: what comes of a message, as a tree and as JSON"""
    with_actors(f)
    trace.seen = 0
    child = trace(f, "--json")
    poke(f)
    out, _ = child.communicate(timeout=20)
    equal(child.returncode, 0)
    steps = json.loads(out)
    equal(set(steps[0]), {"id", "cause", "sender", "recipient", "name", "type", "handled", "waited", "took", "outcome",
                          "reason"})
    first = next(s for s in steps if s["cause"] == "0")
    equal((first["name"], first["type"], first["recipient"]), ("monitor", "node_monitor.look", named(f, "monitor")["id"]))
    reply = next(s for s in steps if s["type"] == "node_monitor.look-reply")
    equal((reply["cause"], reply["recipient"], reply["name"]), (first["id"], first["sender"], "node_connection"))
    child = trace(f)
    poke(f)
    out, _ = child.communicate(timeout=20)
    check("MESSAGE" in out and "─ node_monitor.look-reply" in out, out)
    f.expect(0, "actors", "trace", "identity", "--path", says="No message came.")
    equal(f.json("actors", "trace", "identity", "--path"), [])


def path_follow(f):
    """actors trace --path --follow: step by step until Ctrl-C, or until another begins a path"""
    with_actors(f)
    trace.seen = 0
    child = trace(f, "--follow", "--json", "--interval", "100")
    poke(f)
    lines = [json.loads(child.stdout.readline()) for _ in range(2)]
    check(len({line["id"] for line in lines}) == 2, lines)
    child.send_signal(signal.SIGINT)
    equal(child.wait(10), 0)
    going_on = f.call("ReadPath", GLib.Variant("(tuu)", (0, 0, 1)))[0]
    equal(going_on, False, "it is followed no further")
    child = trace(f, "--follow", "--interval", "100")
    f.call("TracePath", GLib.Variant("(su)", ("feed", 1)))
    out, err = child.communicate(timeout=20)
    equal(child.returncode, 4, out + err)
    check("somebody has begun another" in err, err)
    # One that has seen all its steps is over.
    wait_for(lambda: f.call("ReadPath", GLib.Variant("(tuu)", (0, 0, 9)))[0] is False, "the step")


def path_refused(f):
    """TracePath and ReadPath: what is refused"""
    with_actors(f)
    f.refused("ReadPath", GLib.Variant("(tuu)", (0, 0, 1)), MISSING)
    f.refused("EndPath", GLib.Variant("(t)", (0,)), MISSING)
    for who, steps, name in (("feed", 0, INVALID), ("feed", 1025, INVALID), ("feed", 2 ** 32 - 1, INVALID),
                             ("nobody", 5, MISSING), ("", 5, MISSING), ("x" * 5000, 5, INVALID)):
        f.refused("TracePath", GLib.Variant("(su)", (who, steps)), name)
    f.expect(4, "actors", "trace", "nobody", "--path", says="there is no actor")
    f.call("TracePath", GLib.Variant("(su)", ("feed", 1)))
    f.refused("ReadPath", GLib.Variant("(tuu)", (2 ** 64 - 1, 0, 1)), MISSING)
    f.refused("EndPath", GLib.Variant("(t)", (7,)), MISSING)


def lose_a_letter(f):
    """Stops the inspector and asks it, in one go: it has gone before it comes to the question."""
    before = named(f, "inspector")["id"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as node:
        node.settimeout(10)
        node.connect(f.socket)
        node.sendall(frame(1, "actors.stop", variant("(s)", ("inspector",)), number=1) +
                     frame(1, "actors.list", variant("(sut)", ("place", 1, 0)), number=2))
        seen = b""
        while b"cannot be listed" not in seen:
            more = node.recv(4096)
            check(more, "the node hung up", seen)
            seen += more
    wait_for(lambda: named(f, "inspector")["id"] != before, "the inspector is back")


def letter(f):
    """The dead letter of lose_a_letter(), None where there is none."""
    rows = f.json("actors", "dead-letters")["letters"]
    return next((row for row in rows if row["type"] == "node_inspector.list"), None)


def dead_letter_again(f):
    """actors dead-letters --resend: it arrives, once"""
    with_actors(f)
    before = f.json("actors", "dead-letters")["counts"]["gone"]
    gone = named(f, "inspector")["id"]
    lose_a_letter(f)
    lost = letter(f)
    check(lost, "no dead letter")
    equal((lost["reason"], lost["recipient"]), ("gone", gone))
    equal(f.json("actors", "dead-letters")["counts"]["gone"], before + 1)
    f.expect(0, "actors", "dead-letters", says="node_inspector.list")
    resend = ("actors", "dead-letters", "--resend", str(lost["number"]))
    f.expect(4, *resend, says="has gone. Say who is to get it")
    f.expect(4, *resend, "--to", "nobody", says="nobody")
    equal(letter(f)["number"], lost["number"], "it stays")

    handled = f.json("actors", "inspect", "inspector")["handled"]
    equal(f.expect(0, *resend, "--to", "inspector"), "accepted\n")
    wait_for(lambda: f.json("actors", "inspect", "inspector")["handled"] == handled + 1, "it arrives")
    equal(letter(f), None)
    time.sleep(0.2)
    equal(f.json("actors", "inspect", "inspector")["handled"], handled + 1, "and no more than once")
    f.expect(4, *resend, "--to", "inspector", says="it has been sent again, is too old, or never was")
    f.expect(4, "actors", "dead-letters", "--resend", str(2 ** 62), says=f"There is no dead letter {2 ** 62}")
    for number in ("0", "-1", "x", "", str(2 ** 64), "1 "):
        f.expect(2, "actors", "dead-letters", "--resend", number, says="takes the number of a dead letter")
    f.expect(0, "actors")  # the inspector goes on


def dead_letter_elsewhere(f):
    """ResendDeadLetter: to one that does not know it, it is a dead letter again"""
    with_actors(f)
    lose_a_letter(f)
    lost = letter(f)
    result = f.json("actors", "dead-letters", "--resend", str(lost["number"]), "--to", "feed")
    equal(result, {"result": "accepted"})
    wait_for(lambda: (row := letter(f)) and row["number"] != lost["number"], "a new number")
    again = letter(f)
    equal((again["reason"], again["recipient"]), ("unhandled", named(f, "feed")["id"]))
    # Whom it was for is there now: without a name it goes to the feed once more.
    f.expect(0, "actors", "dead-letters", "--resend", str(again["number"]), says="accepted")
    wait_for(lambda: (row := letter(f)) and row["number"] > again["number"], "and again")
    f.refused("ResendDeadLetter", GLib.Variant("(ts)", (2 ** 64 - 1, "")), MISSING)
    f.refused("ResendDeadLetter", GLib.Variant("(ts)", (0, "feed")), MISSING)


if __name__ == "__main__":
    run_tests([no_cycles, cycles, path, path_follow, path_refused, dead_letter_again, dead_letter_elsewhere], Standin)

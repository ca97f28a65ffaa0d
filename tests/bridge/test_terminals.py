# SPDX-License-Identifier: GPL-3.0-or-later
"""Terminals of a real node on the bus, and inosctl's. Prints TAP."""

import json
import os
import pty
import select
import time

from gi.repository import Gio, GLib
from harness import INOSCTL, NAME, PATH, Fixture, check, equal, run_tests, wait_for

TERMINALS = "org.inos.Node1.Terminals"


class World(Fixture):
    """A node and a bridge that is connected to it."""

    def __init__(self):
        super().__init__()
        self.node()
        self.the_bridge = self.bridge()
        wait_for(lambda: call(self, "Get", "(ss)", NAME, "Connected", interface="org.freedesktop.DBus.Properties")[0][0],
                 "the node")

    def ctl(self, *words):
        result = self.inosctl(*words)
        equal(result.returncode, 0, result.stderr)
        return result.stdout


def call(f, method, signature, *arguments, interface=TERMINALS):
    """The answer and the descriptors that came with it."""
    reply, fds = f.bus.call_with_unix_fd_list_sync(
        NAME, PATH, interface, method, GLib.Variant(signature, arguments), None,
        Gio.DBusCallFlags.NONE, 10000, None, None)
    return reply.unpack(), fds


def open_sh(f, script):
    return call(f, "Open", "(sasasuu)", "/tmp", ["/bin/sh", "-c", script], [], 80, 24)[0][0]


def attach(f, number):
    (index, replay, columns, rows), fds = call(f, "Attach", "(t)", number)
    return fds.get(index), replay, columns, rows


def read_until(fd, wanted, seconds=20):
    text, end = b"", time.monotonic() + seconds
    while wanted not in text:
        check(time.monotonic() < end, "no", wanted, "in", text)
        if select.select([fd], [], [], 0.1)[0]:
            piece = os.read(fd, 65536)
            check(piece, "ended without", wanted, "after", text)
            text += piece
    return text


def fails(f, name, method, signature, *arguments):
    try:
        call(f, method, signature, *arguments)
    except GLib.Error as error:
        equal(Gio.DBusError.get_remote_error(error), f"org.inos.Error.{name}", method)
        return
    raise AssertionError(f"{method} was not refused")


def test_life_of_a_terminal(f):
    """open, attach, type, resize, end, close; each is told"""
    told = []
    watch = f.bus.signal_subscribe(NAME, TERMINALS, None, PATH, None, Gio.DBusSignalFlags.NONE,
                                   lambda *a: told.append((a[4], a[5].unpack())))
    number = open_sh(f, "printf '\\033]2;a title\\007'; read line; stty size; read line; exit 4")
    fd, _, columns, rows = attach(f, number)
    equal((columns, rows), (80, 24))
    call(f, "Resize", "(tuu)", number, 100, 30)
    os.write(fd, b"\n")
    read_until(fd, b"30 100")
    wait_for(lambda: ("TitleChanged", (number, "a title")) in told, "the title")
    os.write(fd, b"\n")
    wait_for(lambda: ("Ended", (number, 4, 0)) in told, "the end")
    row = call(f, "List", "()")[0][0][0]
    equal(row[0:2] + row[4:6] + row[7:10], (number, "a title", 100, 30, "ended", 4, 0))
    call(f, "Close", "(t)", number)
    wait_for(lambda: ("Closed", (number,)) in told, "that it is closed")
    equal(call(f, "List", "()")[0][0], [])
    check(("Opened", (number,)) in told, "it was not told that it was opened")
    f.bus.signal_unsubscribe(watch)
    os.close(fd)


def test_streams_outlive_the_bridge(f):
    """a stream is the node's: it goes on without the bridge"""
    number = open_sh(f, "read line; echo \"got $line\"; read line")
    fd = attach(f, number)[0]
    f.the_bridge.kill()
    f.the_bridge.wait()
    os.write(fd, b"one\n")
    read_until(fd, b"got one")
    os.close(fd)


def test_what_cannot_be(f):
    """errors have names"""
    fails(f, "NotFound", "Close", "(t)", 77)
    fails(f, "NotFound", "Resize", "(tuu)", 77, 80, 24)
    fails(f, "NotFound", "Attach", "(t)", 77)
    fails(f, "NotFound", "Open", "(sasasuu)", "", ["no-such-program"], [], 80, 24)
    fails(f, "InvalidArgument", "Open", "(sasasuu)", "", [], ["=x"], 80, 24)
    fails(f, "InvalidArgument", "Open", "(sasasuu)", "", [], [], 0, 24)


def test_terminals_outlive_their_actor(f):
    """the actor of the terminals can be restarted, and they go on"""
    number = open_sh(f, "read line; echo \"got $line\"; read line")
    fd = attach(f, number)[0]
    f.bus.call_sync(NAME, PATH, NAME, "RestartActor", GLib.Variant("(s)", ("terminals",)), None,
                    Gio.DBusCallFlags.NONE, 10000, None)
    os.write(fd, b"one\n")
    read_until(fd, b"got one")
    equal([row[0] for row in call(f, "List", "()")[0][0]], [number])
    os.close(fd)


def test_inosctl(f):
    """inosctl terminals opens, lists, attaches, leaves and closes"""
    number = f.ctl("terminals", "open", "--", "/bin/sh", "-c", "read line; echo \"got $line\"; read line").strip()
    rows = json.loads(f.ctl("terminals", "list", "--json"))["terminals"]
    equal([(str(row["id"]), row["state"]) for row in rows], [(number, "idle")])
    check("sh" in f.ctl("terminals"), "the table has no program")
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(INOSCTL, [INOSCTL, "terminals", "attach", number], f.env)
    time.sleep(0.3)
    os.write(fd, b"one\r")
    read_until(fd, b"got one")
    os.write(fd, b"\x1d")
    read_until(fd, b"it goes on")
    equal(os.waitpid(pid, 0)[1], 0)
    os.close(fd)
    f.ctl("terminals", "close", number)
    equal(json.loads(f.ctl("terminals", "--json"))["terminals"], [])


def test_a_long_paste(f):
    """what a program writes while it reads, and more than it reads, is taken meanwhile: neither waits for the other"""
    text = (b"x" * 63 + b"\n") * 8000
    number = f.ctl("terminals", "open", "--", "/bin/sh", "-c",
                   f"stty raw -echo; echo ready; head -c {len(text)} | sed s/x/yyyyyyyy/g; echo whole; read line").strip()
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(INOSCTL, [INOSCTL, "terminals", "attach", number], f.env)
    read_until(fd, b"ready")
    os.set_blocking(fd, False)
    sent, got, end = 0, b"", time.monotonic() + 60
    while b"whole" not in got:
        check(time.monotonic() < end, "both wait:", sent, "pasted of", len(text))
        reading, writing, _ = select.select([fd], [fd] if sent < len(text) else [], [], 1)
        if reading:
            got = got[-10:] + os.read(fd, 65536)
        if writing:
            sent += os.write(fd, text[sent:sent + 4096])
    os.set_blocking(fd, True)
    os.write(fd, b"\x1d")
    read_until(fd, b"it goes on")
    equal(os.waitpid(pid, 0)[1], 0)
    os.close(fd)
    f.ctl("terminals", "close", number)


def test_a_second_node_leaves_them_alone(f):
    """It finds the first one running, and the door is still the first one's."""
    number = open_sh(f, "read line; echo got $line")
    second = f.node()
    check(second.wait(20) != 0, "two nodes with one socket")
    fd = attach(f, number)[0]
    os.write(fd, b"through\n")
    read_until(fd, b"got through")
    os.close(fd)


if __name__ == "__main__":
    run_tests([test_life_of_a_terminal, test_streams_outlive_the_bridge, test_what_cannot_be,
               test_terminals_outlive_their_actor, test_a_second_node_leaves_them_alone,
               test_inosctl, test_a_long_paste], World)

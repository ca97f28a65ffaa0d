# SPDX-License-Identifier: GPL-3.0-or-later
"""Actors on other nodes: letters, questions, order, deadlines, full mailboxes, ends, who may, and hostile peers."""

import socket
import threading
import time

import pytest
from gi.repository import GLib

from node import ERROR, Node, Refused, until

pytestmark = pytest.mark.sanitized

PROTOCOL = "/inos/actor/1.0.0"
ROWS = "(a(tssbv))"
HELLO, WELCOME, LETTER, TAKEN, ANSWER, CANCEL, DOWN, IDLE = range(1, 9)
NOBODY = 4


class Door:
    """A second connection to a node's socket, for what takes its time: what is begun goes out at once and in order."""

    def __init__(self, node):
        self.node = object.__new__(Node)
        self.node.path, self.node.process, self.node.directory = node.path, node.process, node.directory
        self.node.events, self.node.last = [], 0
        self.node.socket = socket.socket(socket.AF_UNIX)
        self.answers = {}
        assert self.node.try_connect()

    def begin(self, name, reply, kind, *values):
        return Begun(self, self.node.question(name, kind, *values), reply)

    def answer(self, number, seconds):
        self.node.socket.settimeout(seconds)
        while number not in self.answers:
            kind, reply_to, _, data = self.node.read_frame()
            self.answers[reply_to] = kind, data
        return self.answers.pop(number)


class Begun:
    """A request that was sent."""

    def __init__(self, door, number, reply):
        self.door, self.number, self.reply = door, number, reply

    def result(self, seconds=30):
        kind, data = self.door.answer(self.number, seconds)
        if kind == ERROR:
            raise Refused(*Node.value("(ss)", data))
        return Node.value(self.reply, data)


def text(value):
    return GLib.Variant("s", value)


def open_box(node, name, capacity=256):
    node.ask("actors.open", "()", "(su)", name, capacity)


def allow(node, name, *who):
    node.ask("mesh.allow", "()", "(sas)", name, list(who))


def send(node, to, *bodies, kind="note"):
    return node.ask("actors.send", "(su)", "(ssav)", to, kind, list(bodies))


def ask(node, to, body, kind="note", ms=20000):
    return node.ask("actors.ask", "(v)", "(ssvu)", to, kind, body, ms)[0]


def receive(node, name, after=0, limit=256, wait=20000):
    return node.ask("actors.receive", ROWS, "(stuu)", name, after, limit, wait)[0]


def reply(node, name, number, body):
    node.ask("actors.answer", "()", "(stv)", name, number, body)


def status(refusal):
    with pytest.raises(Refused) as refused:
        refusal()
    return refused.value.code


@pytest.fixture
def two(nodes):
    one, other = nodes(), nodes()
    one.connect(other.address())
    return one, other


def test_letters_and_questions(two):
    one, other = two
    open_box(other, "door")
    allow(other, "door", "public")
    door = f"{other.id}/door"
    assert send(one, door, text("hello"), GLib.Variant("(ua{sv})", (7, {"a": text("b")}))) == ("accepted", 2)
    rows = receive(other, "door")
    if len(rows) < 2:
        rows += receive(other, "door", rows[-1][0])
    assert [row[1:] for row in rows] == [(one.id, "note", False, "hello"),
                                         (one.id, "note", False, (7, {"a": "b"}))]
    asking = Door(one).begin("actors.ask", "(v)", "(ssvu)", door, "knock", text("who?"), 20000)
    number, sender, kind, asked, body = receive(other, "door", rows[-1][0])[0]
    assert (sender, kind, asked, body) == (one.id, "knock", True, "who?")
    reply(other, "door", number, text("me"))
    assert asking.result() == ("me",)
    assert status(lambda: reply(other, "door", number, text("me"))) == "not-found"
    # by its own address too, and as any actor here
    for name in ("door", door):
        assert send(other, name, text(name)) == ("accepted", 1)
    rows = receive(other, "door", number)
    rows += receive(other, "door", rows[-1][0]) if len(rows) < 2 else []
    assert [row[1::3] for row in rows] == [("", "door"), ("", door)]
    assert one.ask("mesh.actors", "(as)", "(s)", other.id)[0] == ["door"]


def test_order_of_ten_thousand(two):
    one, other = two
    count, batch = 10000, 500
    open_box(other, "door", 64)
    allow(other, "door", one.id)
    got = []

    def read():
        after = 0
        while len(got) < count:
            rows = reader.node.ask("actors.receive", ROWS, "(stuu)", "door", after, 256, 60000)[0]
            got.extend(row[4] for row in rows)
            after = rows[-1][0] if rows else after
    reader = Door(other)
    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    for first in range(0, count, batch):
        bodies = [GLib.Variant("u", number) for number in range(first, first + batch)]
        assert send(one, f"{other.id}/door", *bodies) == ("accepted", batch)
    thread.join(60)
    assert got == list(range(count))


def test_deadline(two):
    one, other = two
    open_box(other, "door")
    allow(other, "door", "public")
    start = time.monotonic()
    assert status(lambda: ask(one, f"{other.id}/door", text("anybody?"), ms=300)) == "timeout"
    assert time.monotonic() - start > 0.25
    number = receive(other, "door")[0][0]  # it came; its answer is late, and does no harm
    reply(other, "door", number, text("late"))
    asking = Door(one).begin("actors.ask", "(v)", "(ssvu)", f"{other.id}/door", "note", text("now?"), 20000)
    number = receive(other, "door", number)[0][0]
    reply(other, "door", number, text("now"))
    assert asking.result() == ("now",)


def test_a_full_mailbox_slows_who_sends(two):
    """As it does here: what is sent waits, and after a while is given up."""
    one, other = two
    open_box(other, "door", 4)
    allow(other, "door", "public")
    door, sent, word = f"{other.id}/door", 0, "accepted"
    while word == "accepted" and sent < 4000:
        word, count = send(one, door, *[GLib.Variant("u", sent + i) for i in range(200)])
        sent += count
    assert word == "full"
    assert sent < 1000  # windows and mailboxes are bounded
    got, after = [], 0
    while len(got) < 64 + 4:
        rows = receive(other, "door", after)
        got += [row[4] for row in rows]
        after = rows[-1][0]
    assert got == sorted(got) and len(set(got)) == len(got)
    # and now there is room again
    until(lambda: send(one, door, text("last"))[0] == "accepted", "room")
    while got[-1] != "last":
        rows = receive(other, "door", after)
        got += [row[4] for row in rows]
        after = rows[-1][0]


def test_an_end_is_told(two):
    one, other = two
    open_box(other, "door")
    allow(other, "door", "public")
    door = f"{other.id}/door"
    send(one, door, text("first"))
    waits, asking = wait_and_ask(one, other, 3)
    other.ask("actors.close", "()", "(s)", "door")
    assert [wait.result() for wait in waits] == [("normal",)] * 3
    assert status(asking.result) == "not-found"
    assert one.ask("actors.wait", "(s)", "(s)", door)[0] == "nobody"
    # the next of that name is another, and is found
    open_box(other, "door")
    until(lambda: can_send(one, door), "the new one")
    waits, _ = wait_and_ask(one, other, 1)
    other.ask("actors.close", "()", "(s)", "door")
    assert waits[0].result() == ("normal",)


def wait_and_ask(node, other, count):
    """What waits for the end of other's door `count` times, and a question to it that is there: so the waits are too."""
    mine, door = Door(node), f"{other.id}/door"
    waits = [mine.begin("actors.wait", "(s)", "(s)", door) for _ in range(count)]
    asking = mine.begin("actors.ask", "(v)", "(ssvu)", door, "note", text("waited"), 60000)
    until(lambda: any(row[4] == "waited" for row in receive(other, "door", 0, 256, 0)), "the question")
    return waits, asking


def can_send(node, to):
    try:
        return send(node, to, text("x"))[0] == "accepted" and ask_is_open(node, to)
    except Refused:
        return False


def ask_is_open(node, to):
    """It times out rather than that nobody is there."""
    return status(lambda: ask(node, to, text("?"), ms=200)) == "timeout"


def test_a_node_that_is_killed(two):
    one, other = two
    open_box(other, "door")
    allow(other, "door", "public")
    door = f"{other.id}/door"
    assert send(one, door, text("x"))[0] == "accepted"
    receive(other, "door")
    waits, asking = wait_and_ask(one, other, 1)
    other.kill()
    assert waits[0].result(60) == ("noconnection",)
    assert status(asking.result) == "not-found"
    # It comes again, and what its person allowed is allowed still.
    other.start()
    assert other.ask("mesh.access", "(a(sas))")[0] == [("door", ["public"])]
    open_box(other, "door")
    one.connect(other.address())
    until(lambda: can_send(one, door), "it is reached again")


def test_who_may(nodes):
    one, other, stranger = nodes(), nodes(public_actors="lobby"), nodes()
    for node in (one, stranger):
        node.connect(other.address())
    for name in ("door", "lobby", "cellar"):
        open_box(other, name)
    allow(other, "door", one.id)
    listed = {node: node.ask("mesh.actors", "(as)", "(s)", other.id)[0] for node in (one, stranger)}
    assert listed == {one: ["door", "lobby"], stranger: ["lobby"]}
    assert can_send(one, f"{other.id}/door") and can_send(stranger, f"{other.id}/lobby")
    # what is private is as if it were not there
    for node, name in ((stranger, "door"), (one, "cellar"), (one, "nothing"), (one, "identity"), (one, "mesh")):
        assert status(lambda node=node, name=name: ask(node, f"{other.id}/{name}", text("?"))) == "not-found"
        assert node.ask("actors.wait", "(s)", "(s)", f"{other.id}/{name}")[0] == "nobody"
    # what is taken away ends what is open, and what is kept outlives the node
    wait = Door(one).begin("actors.wait", "(s)", "(s)", f"{other.id}/door")
    until(lambda: can_send(one, f"{other.id}/door"), "it may still")
    allow(other, "door")
    allow(other, "lobby", stranger.id)
    assert wait.result() == ("nobody",)
    assert status(lambda: ask(one, f"{other.id}/door", text("?"))) == "not-found"
    other.owned = False
    other.stop()
    other.start()
    assert other.ask("mesh.access", "(a(sas))")[0] == [("lobby", [stranger.id])]
    assert one.connect(other.address()) and one.ask("mesh.actors", "(as)", "(s)", other.id)[0] == []
    other.owned = True
    # an actor of the runtime that is no mailbox may be public too: it says that it does not answer such
    allow(other, "identity", "public")
    assert status(lambda: ask(one, f"{other.id}/identity", text("?"))) == "failed"
    for name, who in (("a b", ["public"]), ("", []), ("x", ["everybody"]), ("x", ["public"] * 65)):
        assert status(lambda name=name, who=who: allow(other, name, *who)) == "bad-payload"


def test_whoever_does_not_speak_it(nodes, peers):
    node, peer = nodes(), peers(pubsub="none", dht=False)
    node.connect(peer.address())
    assert status(lambda: ask(node, f"{peer.id}/door", text("?"))) == "not-found"
    assert node.ask("actors.wait", "(s)", "(s)", f"{peer.id}/door")[0] == "noconnection"
    assert status(lambda: ask(node, "12D3KooWNobody/door", text("?"))) == "not-found"
    with pytest.raises(Exception, match="(?i)protocol"):
        peer.do("speak", to=node.id, protocol="/inos/actor/9.0.0", hex="00")


# A hostile peer

def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def number(field, value):
    return varint(field << 3) + varint(value)


def string(field, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def frame(kind, *fields):
    body = number(1, kind) + b"".join(fields)
    return varint(len(body)) + body


def note(body=b"x\0", signature="s", **extra):
    fields = [string(2, "note")] + [number({"id": 3, "amount": 7}[key], value) for key, value in extra.items()]
    return frame(LETTER, *fields, string(9, signature), string(10, body))


def test_a_hostile_peer(nodes, peers):
    node, honest, peer = nodes(), nodes(), peers(pubsub="none", dht=False)
    open_box(node, "door", 16)
    allow(node, "door", "public")
    honest.connect(node.address())
    peer.do("dial", to=node.address())
    hello = frame(HELLO, string(2, "door"))
    bad = {
        "garbage": bytes(range(1, 200)),
        "a length without end": b"\xff" * 16,
        "a huge length": varint(1 << 30),
        "no kind": b"\x00",
        "no name": frame(HELLO),
        "a name with a slash": frame(HELLO, string(2, "../door")),
        "a name that is too long": frame(HELLO, string(2, "x" * 65)),
        "a letter before hello": note(),
        "hello twice": hello + hello,
        "what only the other side says": hello + frame(WELCOME, number(7, 64)),
        "more than nothing taken": hello + frame(TAKEN, number(7, 1)),
        "a body that is not normal": hello + note(b"no end"),
        "a type that is none": hello + note(signature="("),
        "a type that is too long": hello + note(signature="(" + "s" * 80 + ")"),
        "a type that is deep": hello + note(b"", signature="a" * 40 + "s"),
        "variants in each other": hello + note(b"x\0\0s" + b"\0v" * 30, signature="v"),
        "a handle": hello + note(b"\0\0\0\0", signature="h"),
        "a body that is too large": hello + note(b"x" * 70000 + b"\0"),
        "one question twice": hello + note(id=5) + note(id=5),
        "more than the window": hello + b"".join(note() for _ in range(4000)),
        "more than the window, large": hello + b"".join(note(b"x" * 60000 + b"\0") for _ in range(40)),
    }
    for what, content in bad.items():
        answer = peer.do("speak", to=node.id, protocol=PROTOCOL, hex=content.hex(), ms=20000)
        assert answer["ended"] != "open", what
    answer = peer.do("speak", to=node.id, protocol=PROTOCOL, hex=hello.hex(), ms=300)
    assert bytes.fromhex(answer["hex"])[1:3] == number(1, WELCOME), "the right one is welcome"
    answer = peer.do("speak", to=node.id, protocol=PROTOCOL, hex=frame(HELLO, string(2, "cellar")).hex(), ms=20000)
    assert bytes.fromhex(answer["hex"])[1:] == number(1, DOWN) + number(7, NOBODY)
    # An honest one is served all the while, and after.
    rows, after = [], 0
    assert send(honest, f"{node.id}/door", text("honest"))[0] == "accepted"
    while not any(row[1] == honest.id for row in rows):
        rows = receive(node, "door", after)
        after = rows[-1][0]
    assert all(row[1] in (peer.id, honest.id) for row in rows)

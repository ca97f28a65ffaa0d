# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared state: documents of users and of the nodes, on real nodes that come, go, are killed and lied to."""

import hashlib
import time

import pytest

from node import Node, Refused, until

STATE = "board"
TOPIC = "inos/state/" + STATE
NODES = "state-update"
SETTINGS = {"listen": "/ip4/0.0.0.0/tcp/4630", "discovery": "true"}
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def change(node, edit, key, text="", state=STATE, critical=True):
    """What is not critical may wait for half a minute where the processor is busy, as with tests."""
    node.ask("mesh.state-change", "()", "(sssayb)", state, edit, key, str(text).encode(), critical)


def share(node, state=STATE, members=()):
    node.ask("mesh.state-share", "()", "(sas)", state, list(members))


def open_state(node, state=STATE):
    node.ask("mesh.state-open", "()", "(s)", state)


def entries(node, state=STATE):
    """What a node has, without the times: (kind, name, text)."""
    whole, rows = node.ask("mesh.state", "(ba(ssayx))", "(ss)", state, "")
    assert whole
    return [(kind, name, bytes(content).decode()) for kind, name, content, _ in rows]


def states(node):
    return {row[0]: row[1:] for row in node.ask("mesh.states", "(a(sutuas))")[0]}


def described(node):
    """id → (written, is itself, figures, services)."""
    return {row[0]: row[1:] for row in node.ask("mesh.nodes", "(a(sxba{st}as))")[0]}


def equal(nodes, wanted, what, seconds=60):
    for node in nodes:
        until(lambda node=node: entries(node) == wanted,
              lambda node=node: f"{what}: {entries(node)} is not {wanted}; {node.text()[-2000:]}", seconds)


def join(nodes):
    """Each is connected to the first."""
    for node in nodes[1:]:
        node.connect(nodes[0].address())
    for node in nodes:
        open_state(node)
    for node in nodes[1:]:
        until(lambda node=node: states(node)[STATE][2] >= 1, "somebody to share with")
    until(lambda: states(nodes[0])[STATE][2] == len(nodes) - 1, "all to share with")


def told(node):
    """Which states the node has said to have changed since the last time."""
    node.status()
    names = {node.value("(s)", data)[0] for name, data in node.events if name == "mesh.state-changed"}
    node.events.clear()
    return names


@pytest.mark.sanitized
def test_converge(nodes):
    three = [nodes(), nodes(), nodes()]
    join(three)
    for node in three:
        told(node)
    change(three[0], "set", "colour", "red")
    change(three[1], "set", "size", "9")
    for number, node in enumerate(three):
        change(node, "add", "tags", f"tag-{number}")
        change(node, "count", "visits", number + 1)
    change(three[2], "count", "visits", -2)
    equal(three, [("value", "colour", "red"), ("value", "size", "9"), ("element", "tags", "tag-0"),
                  ("element", "tags", "tag-1"), ("element", "tags", "tag-2"), ("counter", "visits", "4")], "all")
    for node in three:
        until(lambda node=node: STATE in told(node), "the news that it has changed")

    # What is removed stays so, and can come again.
    change(three[1], "unset", "colour")
    change(three[0], "take", "tags", "tag-2")
    equal(three, [("value", "size", "9"), ("element", "tags", "tag-0"), ("element", "tags", "tag-1"),
                  ("counter", "visits", "4")], "without what was removed")
    change(three[2], "set", "colour", "blue", critical=False)
    equal(three, [("value", "colour", "blue"), ("value", "size", "9"), ("element", "tags", "tag-0"),
                  ("element", "tags", "tag-1"), ("counter", "visits", "4")], "with what came again")
    assert [row[1] for row in three[0].ask("mesh.state", "(ba(ssayx))", "(ss)", STATE, "size")[1]] == ["size"]

    # A fourth that comes late gets all of it without anybody writing anything.
    late = nodes()
    late.connect(three[2].address())
    open_state(late)
    equal([late], entries(three[0]), "who came late")


@pytest.mark.sanitized
def test_what_cannot_be(nodes):
    node = nodes()
    for wrong in (("paint", "a", "b"), ("set", "", "b"), ("count", "a", "many"), ("count", "a", "9" * 30),
                  ("set", "a" * 257, "b"), ("set", "a", "b" * 16385), ("add", "a", "b" * 257)):
        with pytest.raises(Refused) as refused:
            change(node, *wrong)
        assert refused.value.code == "bad-payload"
    for missing in (("unset", "a"), ("take", "a", "b")):
        with pytest.raises(Refused) as refused:
            change(node, *missing)
        assert refused.value.code == "not-found"
    for name in ("", NODES, "a" * 65):
        with pytest.raises(Refused):
            open_state(node, name)
    with pytest.raises(Refused):
        entries(node, "nothing")
    with pytest.raises(Refused):
        share(node, members=["nobody"])
    assert entries(node) == []
    for number in range(31):
        open_state(node, f"state-{number}")
    with pytest.raises(Refused) as refused:
        open_state(node, "one too many")
    assert refused.value.code == "too-many"
    node.ask("mesh.state-close", "()", "(s)", "state-7")
    open_state(node, "one too many")


def saved(node):
    """What its files have."""
    return b"".join(file.read_bytes() for file in (node.directory / "state" / "states").glob("*.state"))


def test_killed(nodes):
    """What was answered is there again after kill -9; a counter counts on, whatever others know of it."""
    one, other = nodes(), nodes()
    join([one, other])
    for number in range(5):
        change(one, "count", "visits", 1)
        change(one, "set", "last", number)
        one.kill()
        one.start()
        assert entries(one) == [("value", "last", str(number)), ("counter", "visits", str(number + 1))]
    change(other, "set", "other", "yes")
    one.connect(other.address())
    wanted = [("value", "last", "4"), ("value", "other", "yes"), ("counter", "visits", "5")]
    equal([one, other], wanted, "both again")

    # In order too, and what came from others is saved a moment later: the file with the newest has all before it.
    change(one, "set", "newest", "yes")
    wanted.insert(1, ("value", "newest", "yes"))
    until(lambda: b"other" in saved(one) and b"newest" in saved(other), "it is saved")
    other.kill()
    one.kill()
    one.start()
    assert entries(one) == wanted
    one.process.terminate()
    assert one.process.wait(20) == 0
    one.socket.close()
    one.log.close()
    one.start()
    change(one, "count", "visits", 1)
    assert entries(one)[-1] == ("counter", "visits", "6")

    # A file that is damaged is put aside and said to be; what was in it comes back from others.
    one.kill()
    for file in (one.directory / "state" / "states").glob("*.state"):
        file.write_bytes(file.read_bytes()[:-1] + b"\x00\x01")
    (one.directory / "state" / "states" / ".left.state.0123").write_bytes(b"half")
    one.start()
    with pytest.raises(Refused):
        entries(one)
    assert "is damaged" in one.text()
    assert not list((one.directory / "state" / "states").glob(".left*"))
    other.start()
    join([one, other])
    equal([one, other], wanted, "from the other")


def test_close(nodes):
    node = nodes()
    change(node, "set", "a", "b")
    node.ask("mesh.state-close", "()", "(s)", STATE)
    assert states(node) == {}
    node.kill()
    node.start()
    assert states(node) == {}


def test_members(nodes):
    """Only those whom it is shared with write it, and are asked."""
    three = [nodes(), nodes(), nodes()]
    join(three)
    both = [three[0].id, three[1].id]
    for node in three[:2]:
        share(node, members=both)
    change(three[0], "set", "ours", "1")
    change(three[2], "set", "theirs", "2")
    equal(three[:2], [("value", "ours", "1")], "the two")
    # A grave is forgotten when both have it; the two go on when they are started again.
    change(three[1], "unset", "ours")
    equal(three[:2], [], "without it")
    for node in three[:2]:
        until(lambda node=node: states(node)[STATE][0] == 0, "the grave is forgotten", 60)
    three[0].kill()
    three[0].start()
    assert states(three[0])[STATE][3] == [three[1].id]
    for node in three[1:]:
        node.connect(three[0].address())
    change(three[2], "set", "theirs", "3")
    change(three[1], "set", "ours", "4")
    equal(three[:2], [("value", "ours", "4")], "the two again")
    assert ("value", "theirs", "3") in entries(three[2])


def test_partition(network):
    three = [Node(SETTINGS, prefix=network.add()) for _ in range(3)]
    try:
        for node in three:
            open_state(node)
        for node in three:
            until(lambda node=node: states(node)[STATE][2] == 2, "all to share with")
        change(three[0], "set", "before", "1")
        equal(three, [("value", "before", "1")], "before")
        network.split([0])
        change(three[0], "set", "near", "2")
        change(three[0], "count", "visits", 1)
        change(three[1], "set", "far", "3")
        change(three[2], "unset", "before")
        change(three[2], "count", "visits", 2)
        far = [("value", "far", "3"), ("counter", "visits", "2")]
        equal(three[1:], far, "the far side")
        assert entries(three[0]) == [("value", "before", "1"), ("value", "near", "2"), ("counter", "visits", "1")]
        three[1].kill()
        three[1].start()
        assert ("value", "far", "3") in entries(three[1])
        network.heal()
        equal(three, [("value", "far", "3"), ("value", "near", "2"), ("counter", "visits", "3")], "all again", 180)
    finally:
        for node in three:
            node.stop()


# What nodes say of themselves


def see(nodes, whom):
    for node in nodes:
        until(lambda node=node: {one.id for one in whom} <= {
            name for name, row in described(node).items() if row[2].get("cores", 0) > 0 and "peers" in row[2]},
              "what all say of themselves", 150)


def base58(text):
    number = 0
    for letter in text:
        number = number * 58 + ALPHABET.index(letter)
    return number.to_bytes(38, "big")  # of an Ed25519 key


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def sized(data):
    return varint(len(data)) + data


def delta(*slots, actor, stamp):
    """Values of one actor, as node/mesh/state/delta.h has them."""
    out = b"\x01\x01" + varint(stamp) + varint(1) + actor + varint(len(slots))
    for key, value in slots:
        out += b"\x01" + varint(0) + varint(0) + sized(key.encode()) + sized(value)
    return out


def actor_of(node):
    return hashlib.sha256(base58(node.id)).digest()[:8]


def publish(node, topic, data):
    node.ask("mesh.publish", "(u)", "(say)", topic, data)


def now():
    return int(time.time() * 1000) << 16


@pytest.mark.sanitized
def test_nodes(nodes):
    three = [nodes(perf="true"), nodes(), nodes(relay="off")]
    join(three)
    see(three, three)
    for node in three:
        rows = described(node)
        assert set(rows) == {one.id for one in three}
        assert [name for name, row in rows.items() if row[1]] == [node.id]
        assert all(abs(row[0] - time.time() * 1000) < 120000 for row in rows.values())
        assert all(row[2]["memory"] > row[2]["memory-used"] > 0 for row in rows.values())
        assert rows[three[0].id][3] == ["relay", "perf"] and rows[three[2].id][3] == []
    # Known again at once after kill -9, where they were saved; and in any case from the others.
    three[0].kill()
    three[0].start()
    three[0].connect(three[1].address())
    see(three[:1], three)


@pytest.mark.sanitized
def test_liar(nodes):
    """A node that others share with writes garbage, too much, and in another's name."""
    three = [nodes(), nodes(), nodes()]
    join(three)
    see(three, three)
    victim, witness, liar = three
    before = {node: described(node)[victim.id] for node in (victim, witness)}
    key = f"{victim.id}/resources"
    figures = b"\x18\x7f"  # 127 cores
    for value in (figures, figures + bytes(64), figures + b"\xff" * 64, b"", b"\xff" * 4000):
        publish(liar, NODES, delta((key, value), actor=actor_of(victim), stamp=now()))
        publish(liar, NODES, delta((key, value), actor=actor_of(liar), stamp=now()))
    publish(liar, NODES, delta(("made/up", b"x"), ("", b"y"), actor=actor_of(liar), stamp=now()))
    publish(liar, NODES, delta(("made/up", b"x"), actor=actor_of(liar), stamp=now()))
    publish(liar, NODES, delta(("far", b"x"), actor=actor_of(liar), stamp=now() + (3600000 << 16)))
    # An hour ahead: not taken, and nobody's clock follows.
    publish(liar, TOPIC, delta(("ahead", b"x"), actor=actor_of(liar), stamp=now() + (3600000 << 16)))
    # As many entries as there is room for, and more.
    for batch in range(6):
        publish(liar, TOPIC, delta(*((f"{batch}-{number}", b"x") for number in range(1000)), actor=actor_of(liar),
                                   stamp=now()))
    until(lambda: all(states(node)[STATE][0] == 4096 for node in (victim, witness)), "a full state", 60)
    with pytest.raises(Refused) as refused:
        change(victim, "set", "mine", "1")
    assert refused.value.code == "bad-payload" and "4096" in str(refused.value)
    assert not any(name == "ahead" for _, name, _ in rows_of(victim))

    # What was said last has come; so has all that was said before.
    for node in (victim, witness):
        rows = described(node)
        assert set(rows) == {one.id for one in three}
        assert rows[victim.id][2]["cores"] == before[node][2]["cores"]
        assert rows[victim.id][0] >= before[node][0]
    # Garbage is sent on by nobody; who brings it is soon heard no more.
    for topic in (NODES, TOPIC):
        publish(liar, topic, b"")
        publish(liar, topic, b"garbage")
        publish(liar, topic, bytes(1000000))
        publish(liar, topic, b"\x01\x00" + b"\xff" * 100)

    # They go on.
    open_state(victim, "fresh")
    open_state(witness, "fresh")
    change(victim, "set", "a", "b", state="fresh")
    until(lambda: ("value", "a", "b") in entries(witness, "fresh"), "another state", 60)


def rows_of(node):
    return node.ask("mesh.state", "(ba(ssayx))", "(ss)", STATE, "")[1] and [
        (kind, name, content) for kind, name, content, _ in
        node.ask("mesh.state", "(ba(ssayx))", "(ss)", STATE, "")[1]]


def later(data, ms):
    """The same delta with stamps that are so much later."""
    end = 3
    while data[end - 1] > 127:
        end += 1
    stamp = sum((byte & 127) << 7 * place for place, byte in enumerate(data[2:end]))
    return data[:2] + varint(stamp + (ms << 16)) + data[end:]


def test_old_news(nodes):
    """What a node said before is not news when another says it again, as it was or as if it were new."""
    one, other, parrot = nodes(), nodes(), nodes()
    join([other, one, parrot])
    see([one, other, parrot], [one, other, parrot])
    parrot.process.terminate()
    assert parrot.process.wait(20) == 0
    parrot.socket.close()
    parrot.log.close()
    file, = [data for data in (file.read_bytes() for file in (parrot.directory / "state" / "states").glob("*.state"))
             if one.id.encode() in data]
    old = file[file.index(b"\x01\x00", file.index(NODES.encode())):-32]  # the one delta in it, after its length
    while not delta_is(old):
        old = old[old.index(b"\x01\x00", 1):]
    old = old[:1] + b"\x01" + old[2:]  # critical: a busy processor does not let it wait
    parrot.start()
    join([other, one, parrot])
    for data in (old, later(old, 1), later(old, 50000)):
        publish(parrot, NODES, data)
    change(parrot, "set", "done", "1")
    until(lambda: ("value", "done", "1") in entries(other), "what was said later", 60)
    rows = described(other)
    assert set(rows) == {one.id, other.id, parrot.id}
    assert all(row[0] <= time.time() * 1000 for row in rows.values())
    assert states(other)[STATE][2] == 2  # it is blamed for nothing: each was a delta


def delta_is(data):
    """Whether it begins as a delta of one of our clocks does."""
    end = 3
    while end < len(data) and data[end - 1] > 127:
        end += 1
    stamp = sum((byte & 127) << 7 * place for place, byte in enumerate(data[2:end]))
    return abs((stamp >> 16) - time.time() * 1000) < 600000

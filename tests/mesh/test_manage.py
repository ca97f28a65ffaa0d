# SPDX-License-Identifier: GPL-3.0-or-later
"""To look at one node from another, and to manage it: only who was given the right, and only as long."""

import os
import signal
import struct

import pytest
from gi.repository import GLib

from node import ERROR, REPLY, REQUEST, Refused, until
from test_rotate import rotate
from test_trust import invite, join, mesh_of, refused, revoke, roll

LIST = "(ttda(ttsssttddub))"
PROTOCOL = "/inos/manage/1.0.0"


def far(node, peer, question, kind="()", *values, deed=False):
    """The answer of another node, asked through this one."""
    return node.ask("mesh.steer" if deed else "mesh.look", "(v)", "(ssv)", peer, question, GLib.Variant(kind, values))[0]


def manage(node, peer, right):
    node.ask("mesh.manage", "()", "(ss)", peer, right)


def managers(node):
    return node.ask("mesh.managers", "(a(ssb))")[0]


def audit(node, *words):
    """(what, peer, more) of the lines that begin with these words."""
    rows = node.ask("mesh.audit", "(a(ssss))", "(u)", 1000)[0]
    return [row[1:] for row in rows if row[1] in words]


def names(answer):
    """Those that stay: each question is an actor of its own for a moment."""
    return {row[2] for row in answer[3]} - {""}


def actors(node, peer):
    return names(far(node, peer, "actors.list", "(sut)", "place", 128, 0))


def mesh_of_two(nodes):
    managed, manager = mesh_of(nodes, 2)
    manager.connect(managed.address())
    return managed, manager


@pytest.mark.sanitized
def test_right(nodes):
    """Nobody may by default; then to look, then to steer too, then nothing again. All of it is in the audit log."""
    managed, manager = mesh_of_two(nodes)
    for question in ("actors.list", "actors.list", "machine.processes"):
        kind, values = ("(sut)", ("place", 128, 0)) if "list" in question else ("(ssbu)", ("", "cpu", False, 9))
        refused("access-denied", far, manager, managed.id, question, kind, *values)
    assert audit(managed, "manage-refused") == [("manage-refused", manager.id, "actors.list"),
                                                ("manage-refused", manager.id, "machine.processes")]
    with pytest.raises(Refused, match=f"inosctl mesh manage {manager.id} look"):
        actors(manager, managed.id)

    manage(managed, manager.id, "look")
    assert managers(managed) == [(manager.id, "look", True)]
    managed.ask("actors.open", "()", "(su)", "letterbox", 8)
    found = actors(manager, managed.id)
    assert {"letterbox", "monitor"} <= found & names(managed.ask("actors.list", LIST, "(sut)", "place", 128, 0))
    assert "letterbox" not in names(manager.ask("actors.list", LIST, "(sut)", "place", 128, 0))
    assert far(manager, managed.id, "actors.inspect", "(s)", "letterbox")[1]["name"] == "letterbox"
    processes = far(manager, managed.id, "machine.processes", "(ssbu)", "inos-node", "pid", False, 2048)[3]
    assert managed.process.pid in [row[0] for row in processes]
    assert far(manager, managed.id, "machine.logs")[0]
    refused("not-found", far, manager, managed.id, "actors.inspect", "(s)", "nobody")
    with pytest.raises(Refused, match=f"inosctl mesh manage {manager.id} all"):
        far(manager, managed.id, "actors.stop", "(s)", "monitor", deed=True)
    # What has no right there has none in the other direction either.
    refused("access-denied", actors, managed, manager.id)

    manage(managed, manager.id, "all")
    before = managed.ask("actors.inspect", "(ta{sv})", "(s)", "monitor")[0]
    assert far(manager, managed.id, "actors.stop", "(s)", "monitor", deed=True) == (before,)
    until(lambda: managed.ask("actors.inspect", "(ta{sv})", "(s)", "monitor")[0] != before, "the monitor is another one")
    assert [more for _, _, more in audit(managed, "managed")] == ["actors.stop ('monitor',)"]
    looked = [more for _, _, more in audit(managed, "looked")]
    assert looked[:2] == ["actors.list", "actors.inspect"] and len(looked) == len(set(looked))
    assert [row[2] for row in audit(managed, "manager")] == ["look", "all"]

    manage(managed, manager.id, "none")
    refused("access-denied", actors, manager, managed.id)
    assert managers(managed) == []


def test_what_can_be_asked(nodes):
    """An explicit list and nothing else; what only looks cannot be used to change something."""
    managed, manager = mesh_of_two(nodes)
    manage(managed, manager.id, "all")
    for question, kind, *values in (("mesh.leave", "()"), ("terminals.list", "()"), ("actors.receive", "(stuu)", "a", 0, 1, 0),
                                    ("node.arena", "()"), ("mesh.look", "(s)", "x"), ("nonsense", "()"), ("", "()")):
        refused("bad-payload", far, manager, managed.id, question, kind, *values)
        refused("bad-payload", lambda q=question, k=kind, v=values: far(manager, managed.id, q, k, *v, deed=True))
    refused("access-denied", far, manager, managed.id, "actors.stop", "(s)", "monitor")
    refused("bad-payload", far, manager, managed.id, "actors.list", "(s)", "place")
    refused("bad-payload", far, manager, managed.id, "actors.list", "(sut)", "nonsense", 1, 0)
    refused("bad-payload", actors, manager, manager.id)
    refused("bad-payload", actors, manager, "nobody")
    refused("too-big", far, manager, managed.id, "actors.inspect", "(s)", "x" * 20000)
    for right in ("", "LOOK", "everything"):
        refused("bad-payload", manage, managed, manager.id, right)
    refused("needs no right", manage, managed, managed.id, "all")
    stranger = nodes()
    refused("no member", manage, managed, stranger.id, "look")
    refused("unreachable", actors, manager, stranger.id)
    # As much as a person could look at is answered, and a flood is not.
    numbers = [manager.question("mesh.look", "(ssv)", managed.id, "machine.disks", GLib.Variant("()", ())) for _ in range(16)]
    kinds = {}
    while len(kinds) < len(numbers):
        kind, reply_to, _, _ = manager.read_frame()
        if reply_to in numbers:
            kinds[reply_to] = kind
    assert REPLY in kinds.values()
    assert actors(manager, managed.id)


def test_end_of_a_membership(nodes):
    """Who is revoked may nothing at once, and whom the settings name may as long as it is a member."""
    managed, manager, third = mesh_of(nodes, 3)
    for node in (manager, third):
        node.connect(managed.address())
        manage(managed, node.id, "look")
        assert actors(node, managed.id)
    revoke(managed, manager.id)
    with pytest.raises(Refused) as raised:
        actors(manager, managed.id)
    assert raised.value.code in ("access-denied", "unknown-message", "unreachable"), raised.value
    assert managers(managed) == [(third.id, "look", True)]
    assert actors(third, managed.id)
    third.ask("mesh.leave")
    until(lambda: managers(managed) == [], "who has left has no right any more")
    until(lambda: third.status()["standing"] == "none", "it has left")

    # From the settings, which a person's word goes before; kept over a start.
    directory = third.directory
    third.kill()
    ini = directory / "node.ini"
    ini.write_text(ini.read_text() + f"lookers={managed.id}\n")
    third.start()
    assert managers(third) == [(managed.id, "look", False)]
    refused("unreachable", actors, managed, third.id)  # it is no member
    assert join(third, invite(managed)) == "member"
    assert managers(third) == [(managed.id, "look", True)] and actors(managed, third.id)
    manage(third, managed.id, "none")
    refused("access-denied", actors, managed, third.id)
    third.kill()
    third.start()
    managed.connect(third.address())
    refused("access-denied", actors, managed, third.id)
    assert managers(third) == []
    # Nor does it come back with another membership, though the settings name it still.
    third.ask("mesh.leave")
    until(lambda: third.status()["standing"] == "none", "it has left again")
    assert join(third, invite(managed)) == "member"
    third.kill()
    third.start()
    managed.connect(third.address())
    refused("access-denied", actors, managed, third.id)
    # Who is named by nobody is not written down as one that may nothing.
    manage(third, manager.id, "none")
    assert manager.id not in next(third.directory.rglob("managers.ini")).read_text()
    # Who was put out is not managed any more by those who put it out.
    manage(third, managed.id, "look")
    assert managers(third) == [(managed.id, "look", True)]
    revoke(managed, third.id)
    until(lambda: managers(third) == [], "it knows that it was put out")


def test_another_membership(nodes):
    """A right is of the membership it was given in, also where nobody here has seen that one end."""
    managed, manager, third = mesh_of(nodes, 3)
    manage(managed, manager.id, "all")
    manage(managed, third.id, "look")
    kept = next(managed.directory.rglob("managers.ini"))
    managed.kill()
    before = kept.read_text()

    def rows(node):
        return node.ask("mesh.roll", "(sssa(ssssxu))")[3]
    manager.connect(third.address())
    manager.ask("mesh.leave")
    until(lambda: roll(third)[manager.id] == "left", "who is there has heard of it")
    until(lambda: manager.status()["standing"] == "none", "it has left")
    assert join(manager, invite(third)) == "member"
    managed.start()
    third.connect(managed.address())
    until(lambda: rows(managed) == rows(third), "it has heard of both in one message")
    assert not [row for row in audit(managed, "left") if row[1] == manager.id], "it has never been without it"
    manager.connect(managed.address())
    refused("access-denied", actors, manager, managed.id)
    assert managers(managed) == [(third.id, "look", True)]
    assert actors(third, managed.id)

    # Given again it counts; and a crash between the roll and what is beside it gives nothing back.
    manage(managed, manager.id, "look")
    assert actors(manager, managed.id)
    managed.kill()
    kept.write_text(before)
    managed.start()
    assert managers(managed) == [(third.id, "look", True)]
    assert manager.id not in kept.read_text()
    # Who has another key has the right still, which is of the same membership.
    manage(managed, manager.id, "look")
    manager.connect(managed.address())
    rotate(manager)
    # Listed in the order of the ids by which they were given.
    both = sorted([(third.id, "look", True), (manager.id, "look", True)])
    until(lambda: sorted(managers(managed)) == both, "the right has followed")


def test_many_deeds(nodes):
    """Who manages cannot fill the audit log within a moment."""
    managed, manager = mesh_of_two(nodes)
    manage(managed, manager.id, "all")
    codes = []
    for _ in range(40):
        with pytest.raises(Refused) as raised:
            far(manager, managed.id, "actors.stop", "(s)", "nobody", deed=True)
        codes.append(raised.value.code)
    assert set(codes[:20]) == {"not-found"} and "too-many" in codes, codes
    assert len(audit(managed, "managed")) == codes.count("not-found")
    assert actors(manager, managed.id)  # to look is another thing


def test_a_node_that_dies(nodes):
    """In the middle of a question, and before one: the error says so, and soon."""
    managed, manager = mesh_of_two(nodes)
    manage(managed, manager.id, "look")
    assert actors(manager, managed.id)
    os.kill(managed.process.pid, signal.SIGSTOP)
    number = manager.question("mesh.look", "(ssv)", managed.id, "machine.disks", GLib.Variant("()", ()))
    assert manager.status()["peer-id"] == manager.id  # it does not wait for it
    managed.kill()
    while True:
        kind, reply_to, _, data = manager.read_frame()
        if reply_to == number:
            break
    assert kind == ERROR and manager.value("(ss)", data)[0] == "unreachable"
    refused("unreachable", actors, manager, managed.id)
    managed.start()
    manager.connect(managed.address())
    assert actors(manager, managed.id)


def frame(kind, name, payload, number=1, reply_to=0):
    body = struct.pack("<BBBBHHQQI", 1, kind, 2, len(name), 1, 0, number, reply_to, 0) + name.encode() + payload
    return (struct.pack("<I", len(body)) + body).hex()


def payload(kind, *values):
    return GLib.Variant(kind, values).get_data_as_bytes().get_data()


@pytest.mark.sanitized
def test_hostile_peers(nodes, peers):
    """A peer that asks garbage is hung up on, a stranger is refused, and what answers garbage is an error."""
    node, peer = nodes(access="open"), peers(dht=False)
    peer.do("dial", to=node.address())

    def speak(text, **more):
        return peer.do("speak", to=node.id, protocol=PROTOCOL, hex=text, **more)
    question = frame(REQUEST, "actors.list", payload("(sut)", "place", 128, 0))
    said = bytes.fromhex(speak(question)["hex"])
    assert b"access-denied" in said and said[5] == ERROR
    assert b"unknown-message" in bytes.fromhex(speak(frame(REQUEST, "mesh.leave", payload("()")))["hex"])
    assert b"unknown-message" in bytes.fromhex(speak(frame(REQUEST, "no.such", b""))["hex"])
    assert b"bad-payload" in bytes.fromhex(speak(frame(REQUEST, "actors.list", b"\xff" * 9))["hex"])
    for garbage in ("ff" * 64, "00" * 64, question * 2, frame(REPLY, "actors.list", b"", 1, 1), "ffff0000" + "41" * 20000,
                    frame(REQUEST, "actors.inspect", payload("(s)", "x" * 17000))):
        assert speak(garbage)["ended"] == "reset" and speak(garbage, ms=1)["hex"] == ""
    for _ in range(30):  # of which none is waited for
        speak(question[:40], ms=1)
    assert audit(node, "manage-refused", "looked", "managed") == []
    assert speak(question[:40], ms=15000)["ended"] == "reset"  # nobody waits for the rest

    answers = [("41" * 100, "failed"), (frame(REPLY, "actors.list", b"", 1, 1), "failed"),
               (frame(REPLY, "node.info", payload("(sssxs)", "a", "b", "c", 1, "d"), 1, 1), "failed"),
               (frame(ERROR, "actors.list", payload("(ss)", "unreachable", "x"), 1, 1), "failed"),
               (frame(ERROR, "actors.list", payload("(ss)", "failed", "\x1b[31m\u202eevil\n" + "y" * 9000), 1, 1), "failed"),
               ("", "unreachable"), ("ffffff7f", "failed")]
    peer.do("answer", protocol=PROTOCOL, hex="")
    for text, code in answers:
        peer.do("answer", protocol=PROTOCOL, hex=text)
        with pytest.raises(Refused) as raised:
            actors(node, peer.id)
        assert raised.value.code == code, (text[:40], raised.value)
        assert not set("\x1b\u202e\n") & set(str(raised.value)) and len(str(raised.value)) < 600
    # One that never answers is given up, and another is asked meanwhile.
    assert node.ping(peer.id) > 0

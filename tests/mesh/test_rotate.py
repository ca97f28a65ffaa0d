# SPDX-License-Identifier: GPL-3.0-or-later
"""A node gets another key, and stays who it was to those who know of it."""

import pathlib
import random
import shutil
import signal
import stat
import tempfile
import threading
import time

import pytest

from node import Node, until
from test_trust import agree, audit, invite, join, mesh_of, publish, refused, revoke, roll, standing, subscribe


def rotate(node):
    """Gives it another key; its old id."""
    old = node.id
    node.id = node.ask("mesh.rotate", "(s)")[0]
    return old


def keys(node):
    return {path.name: path for path in (node.directory / "state").glob("identity*")}


@pytest.fixture
def copies():
    """Starts a node on a copy of another's state directory, as a thief or a backup does."""
    made = []

    def make(node):
        directory = pathlib.Path(tempfile.mkdtemp(prefix="inos-copy-"))
        shutil.copytree(node.directory / "state", directory / "state")
        made.append(Node(directory=directory))
        return made[-1]
    yield make
    for node in made:
        assert node.stop() == 0
        shutil.rmtree(node.directory)


@pytest.mark.sanitized
def test_alone(nodes):
    """In no mesh it is another node from then on, also after a restart; the old key is kept."""
    one = nodes()
    key = one.ask("node.info", "(sssxs)")[4]
    old = rotate(one)
    assert one.id != old and one.status()["peer-id"] == one.id
    assert one.ask("node.info", "(sssxs)")[0] == one.id and one.ask("node.info", "(sssxs)")[4] != key
    assert set(keys(one)) == {"identity.key", f"identity-{old}.key"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in keys(one).values())
    now = one.id
    one.kill()
    one.start()
    assert one.id == now


@pytest.mark.sanitized
def test_stays_a_member(nodes):
    """Without a new invitation, with all that was said of it: the roll, actors, groups and documents follow."""
    one, two, three = mesh_of(nodes, 3)
    one.ask("actors.open", "()", "(su)", "door", 8)
    one.ask("mesh.allow", "()", "(sas)", "door", [two.id])
    one.ask("mesh.group-join", "()", "(sas)", "pair", [two.id])
    two.ask("mesh.group-join", "()", "(sas)", "pair", [one.id])
    one.ask("mesh.state-open", "()", "(s)", "board")
    one.ask("mesh.state-share", "()", "(sas)", "board", [two.id])
    old = rotate(two)
    agree([one, two, three], {old: "replaced", two.id: "member", three.id: "member"}, "it is another one")
    until(lambda: two.id in one.peers() and old not in one.peers(), "the new connection")
    assert two.ask("mesh.actors", "(as)", "(s)", one.id)[0] == ["door"]
    assert old in audit(one, "replaced") and two.id in audit(two, "rotated")

    def group(node):
        return set(node.ask("mesh.groups", "(a(ssttta(ss)))")[0][0][5])
    assert {row[0] for row in group(one)} == {row[0] for row in group(two)} == {one.id, two.id}
    until(lambda: one.ask("mesh.groups", "(a(ssttta(ss)))")[0][0][1], "a primary")
    assert [row[4] for row in one.ask("mesh.states", "(a(sutuas))")[0] if row[0] == "board"] == [[two.id]]
    for node in (one, two):
        subscribe(node, "news")
    until(lambda: publish(one, "news", "hello") >= 1, "its subscription")
    assert two.wait_message("news") == (one.id, b"hello")
    refused("handed over", revoke, one, old)
    assert join(nodes(), invite(two)) == "member"  # what it might, it may


def test_away(nodes):
    """Who was away hears of it when it is back, from the node itself or from others; chains too."""
    one, two, three = mesh_of(nodes, 3)
    three.kill()
    first = rotate(two)
    agree([one], {two.id: "member"}, "the first")
    second = rotate(two)
    agree([one], {two.id: "member", second: "replaced", first: "replaced"}, "the second")
    three.start()
    three.connect(two.address())
    agree([three], {two.id: "member", second: "replaced", first: "replaced"}, "who was away")
    two.kill()
    two.start()
    two.connect(one.address())
    agree([one, two], {two.id: "member", first: "replaced"}, "after a restart")


def test_founder(nodes):
    one, two, three = mesh_of(nodes, 3)
    old = rotate(one)
    agree([two, three], {old: "replaced", one.id: "member", two.id: "member"}, "the founder is another one")
    assert [row[5] for row in two.ask("mesh.roll", "(sssa(ssssxu))")[3] if row[0] == one.id] == [0]
    revoke(one, three.id)
    agree([one, two, three], {three.id: "revoked"}, "its word counts")


@pytest.mark.sanitized
def test_old_key(nodes, copies):
    """A copy of the old key gets nothing from those who know, and hears why."""
    one, two = mesh_of(nodes, 2)
    thief = copies(two)
    old = rotate(two)
    agree([one, two], {old: "replaced", two.id: "member"}, "the hand-over")
    for node in (one, two):
        subscribe(node, "news")
    subscribe(thief, "news")
    thief.connect(one.address())
    agree([thief], {old: "replaced"}, "the copy hears of it")
    assert standing(thief) == "replaced"
    refused("no member", thief.ask, "mesh.rotate", "(s)")
    until(lambda: publish(one, "news", "for members") == 1, "the member")
    assert two.wait_message("news") == (one.id, b"for members")
    assert roll(one) == roll(two)


def test_two_hand_overs(nodes, copies):
    """The one that came first counts, and whoever hears of the other says so."""
    one, two = mesh_of(nodes, 2)
    thief = copies(two)
    old = rotate(two)
    agree([one], {two.id: "member"}, "the first")
    assert rotate(thief) == old and thief.id != two.id
    thief.connect(one.address())
    until(lambda: old in audit(one, "conflict"), "the other")
    assert thief.id not in roll(one) and roll(one)[two.id] == "member"
    assert audit(one, "conflict") == [old]


def test_revoked(nodes):
    """Who is revoked stays so whatever key it had or gets."""
    one, two, three = mesh_of(nodes, 3)
    old = rotate(two)
    agree([one, three], {two.id: "member"}, "the hand-over")
    revoke(one, two.id)
    agree([one, three], {old: "revoked", two.id: "revoked"}, "it is out")
    agree([two], {two.id: "revoked"}, "it is told so")  # of its old key it may hear no more: nobody tells it anything now
    refused("no member", two.ask, "mesh.rotate", "(s)")


def test_killed(nodes):
    """kill -9 at any moment: the old identity or the new one, whole, and a member either way."""
    one, two = mesh_of(nodes, 2)
    chance = random.Random(26)
    moved = 0
    for _ in range(12):
        before = two.id
        asked = threading.Thread(target=lambda: pytest.raises(Exception, two.ask, "mesh.rotate", "(s)"), daemon=True)
        asked.start()
        time.sleep(chance.random() * 0.03)  # at some moment, whichever
        two.process.send_signal(signal.SIGKILL)
        two.process.wait()
        asked.join()
        two.socket.close()
        two.log.close()
        two.start()
        assert standing(two) == "member"
        assert "identity.next" not in keys(two)
        two.connect(one.address())
        agree([one], {two.id: "member"}, "it is a member")
        if two.id != before:
            moved += 1
            agree([one, two], {before: "replaced"}, "the old one is none")
    print(f"{moved} of 12 had moved")

# SPDX-License-Identifier: GPL-3.0-or-later
"""What nodes think of each other: seen, said among members, kept, followed to another key, and forgotten."""

import socket
import time

import pytest
from gi.repository import GLib

from node import Refused, until
from test_rotate import rotate
from test_services import find, offer
from test_trust import agree, mesh_of

FIELDS = ("expected", "own", "outcomes", "median", "said", "silent", "why")


def reputations(node, peer=""):
    """id → what is thought of it."""
    rows = node.ask("mesh.reputation", "(a(suuuuuua{su}))", "(s)", peer)[0]
    return {row[0]: dict(zip(FIELDS, row[1:])) for row in rows}


def seen(node, peer, what):
    """Thousandths of outcomes."""
    return reputations(node).get(peer.id, {"why": {}})["why"].get(what, 0)


def file_of(node):
    return node.directory / "state" / "mesh" / "reputation"


def is_saved(node, since=0):
    """Whether what was so at that time is on the disk."""
    return file_of(node).exists() and file_of(node).stat().st_mtime > since


def two_doors(here, port=0):
    """Somebody listens at the same port for the node itself and, at another address, for the rest."""
    for _ in range(100):
        outer = socket.create_server((here, port))
        try:
            return socket.create_server(("127.0.0.1", outer.getsockname()[1])), outer
        except OSError:
            outer.close()
    raise AssertionError("no port is free at both addresses")


@pytest.mark.sanitized
def test_falls_behind(nodes):
    """Of two that announce a service, the one that does not answer for it any more comes last, also after kill -9 of
    who saw it. Its own node finds that it answers."""
    asker = nodes()
    good, bad = (nodes(listen=f"/ip4/127.0.0.{number}/tcp/0") for number in (2, 3))
    programs = {}
    for number, node in ((2, good), (3, bad)):
        asker.connect(node.address())
        programs[node] = two_doors(f"127.0.0.{number}")
        offer(node, "web", port=programs[node][0].getsockname()[1])
    until(lambda: len(find(asker, "web")) == 2, "both offers", 60)
    until(lambda: find(asker, "web") and all(seen(asker, node, "served") for node in (good, bad)), "both serve", 60)
    assert all(row["expected"] > 600 for row in reputations(asker).values())

    programs[bad][1].close()
    until(lambda: find(asker, "web") and seen(asker, bad, "unserved") >= 1000, "it does not answer", 60)
    since = time.time()
    until(lambda: [row[0] for row in find(asker, "web")] == [good.id, bad.id], "it is behind", 120)
    until(lambda: find(asker, "web") and is_saved(asker, since), "it is saved", 60)
    asker.kill()
    asker.start()
    rows = reputations(asker)
    assert rows[bad.id]["expected"] < rows[good.id]["expected"]
    assert seen(asker, bad, "unserved") >= 1000 and seen(asker, good, "unserved") == 0
    for inner, outer in programs.values():
        inner.close()
        outer.close()


@pytest.mark.sanitized
def not_answered(node, lazy):
    """Asks, and is not answered; False."""
    with pytest.raises(Refused):
        node.ask("actors.ask", "(v)", "(ssvu)", f"{lazy.id}/door", "knock", GLib.Variant("s", "?"), 200)
    return False


def test_members_say(nodes):
    """Who has not seen it hears of it from two members; it follows to another key; a person forgets it."""
    one, two, three, lazy = mesh_of(nodes, 4)
    lazy.ask("actors.open", "()", "(su)", "door", 64)
    lazy.ask("mesh.allow", "()", "(sas)", "door", ["members"])
    for node in (two, three):
        node.connect(lazy.address())
        until(lambda node=node: seen(node, lazy, "late") >= 1000 or not_answered(node, lazy), "it did not answer")
        assert reputations(node, lazy.id)[lazy.id]["own"] < 400

    def told():
        row = reputations(one, lazy.id)[lazy.id]
        return row["said"] == 2 and row["median"] < 500 and row
    row = until(told, "the members' word", 120)
    assert 250 <= row["median"] and row["expected"] <= row["own"]
    assert one.id not in reputations(one) and lazy.id not in reputations(lazy)

    old, own = lazy.id, reputations(two)[lazy.id]["why"]["late"]
    rotate(lazy)
    agree([one, two, three], {old: "replaced", lazy.id: "member"}, "it has another key")
    assert reputations(two)[lazy.id]["why"]["late"] == own and old not in reputations(two)
    assert set(reputations(two, old)) == {lazy.id}
    assert until(told, "the members' word of the new key", 120)

    two.ask("mesh.reputation-forget", "()", "(s)", lazy.id)
    assert seen(two, lazy, "late") == 0
    for whom, code in ((lazy.id, "not-found"), ("nobody", "bad-payload")):
        with pytest.raises(Refused) as refused:
            two.ask("mesh.reputation-forget", "()", "(s)", whom)
        assert refused.value.code == code


@pytest.mark.sanitized
def test_damaged_file(nodes):
    """It is put aside with a word in the log, and nothing else is lost."""
    one, other = nodes(), nodes()
    one.connect(other.address())
    until(lambda: seen(one, other, "reached"), "what was seen")
    until(lambda: is_saved(one), "it is saved", 60)
    one.kill()
    other.kill()  # nothing new is seen
    whole = file_of(one).read_bytes()
    identity = one.id
    for harmed in (whole[:-1], b"", b"INOSREP\1" + bytes(64), whole[:40] + bytes([whole[40] ^ 1]) + whole[41:]):
        file_of(one).write_bytes(harmed)
        one.start()
        assert one.id == identity and reputations(one) == {}
        assert "mesh/reputation of the node's state directory is damaged" in one.text()
        assert file_of(one).with_suffix(".bad").read_bytes() == harmed
        one.kill()
    file_of(one).write_bytes(whole)
    one.start()
    assert seen(one, other, "reached") > 0

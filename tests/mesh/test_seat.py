# SPDX-License-Identifier: GPL-3.0-or-later
"""The founder's seat is passed on, and comes back."""

import pytest

from node import until
from test_rotate import rotate
from test_trust import agree, audit, invite, join, mesh_of, refused, revoke


def give(node, peer):
    node.ask("mesh.pass", "()", "(s)", peer)


def ranks(node):
    """id → rank, of members."""
    return {row[0]: row[5] for row in node.ask("mesh.roll", "(sssa(ssssxu))")[3] if row[2] == "member"}


def is_so(nodes, wanted, what):
    for node in nodes:
        until(lambda node=node: ranks(node) == wanted, f"{what}: {wanted}; {node.id} has {ranks(node)}")


@pytest.mark.sanitized
def test_there_and_back(nodes):
    """Who was away hears of it, after kill -9 it is still so, and the new holder's word is the first."""
    one, two, three = mesh_of(nodes, 3)
    refused("founder's seat", give, two, three.id)
    refused("already", give, one, one.id)
    stranger = nodes()
    refused("Only a member", give, one, stranger.id)
    three.kill()
    give(one, two.id)
    is_so([one, two], {two.id: 0, one.id: 1, three.id: 2}, "it was passed on")
    refused("founder's seat", give, one, three.id)
    refused("nearer", revoke, one, two.id)
    three.start()
    three.connect(two.address())
    is_so([three], {two.id: 0, one.id: 1, three.id: 2}, "who was away")
    assert audit(one, "passed") == audit(two, "passed") == audit(three, "passed") == [two.id]
    two.kill()
    two.start()
    two.connect(one.address())
    assert audit(two, "passed") == [two.id]  # once
    old = rotate(two)
    agree([one, two, three], {old: "replaced", two.id: "member"}, "another key")
    is_so([one, two, three], {two.id: 0, one.id: 1, three.id: 2}, "with another key")
    give(two, one.id)
    is_so([one, two, three], {one.id: 0, two.id: 1, three.id: 1}, "it is back")
    assert join(stranger, invite(one)) == "member"
    is_so([one, two, three, stranger], {one.id: 0, two.id: 1, three.id: 1, stranger.id: 1}, "a new one")
    assert audit(one, "passed") == [old, one.id] and audit(stranger, "passed") == []


def test_word(nodes):
    """Who had the seat can be put out by who has it; whom it had put out stays out."""
    one, two, three, four = mesh_of(nodes, 4)
    revoke(one, four.id)
    agree([one, two, three], {four.id: "revoked"}, "it is out")
    give(one, two.id)
    is_so([two, three], {two.id: 0, one.id: 1, three.id: 2}, "it was passed on")
    revoke(two, one.id)
    agree([one, two, three], {one.id: "revoked", four.id: "revoked", three.id: "member"}, "who had it is out")
    is_so([two, three], {two.id: 0, three.id: 1}, "who is left")

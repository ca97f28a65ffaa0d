# SPDX-License-Identifier: GPL-3.0-or-later
"""What nodes say of what they move: by peer and by protocol, with js-libp2p too."""

import threading

import pytest

from node import Refused, until

PERF, PING = "/perf/1.0.0", "/ipfs/ping/1.0.0"
MOVED = 8 << 20


def bandwidth(node):
    """Totals, and what each peer and each protocol has moved: sent, received, and both a second now."""
    *totals, peers, protocols = node.ask("mesh.bandwidth", "(tttta(sttttt)a(sttttt))")
    return totals, {row[0]: row[1:] for row in peers}, {row[0]: row[1:] for row in protocols}


@pytest.mark.sanitized
def test_by_peer_and_protocol(nodes, peers):
    node, quiet, busy = nodes(), nodes(), peers(pubsub="none", dht=False)
    assert bandwidth(node)[1:] == ({}, {})
    node.connect(quiet.address())
    node.connect(busy.address())
    assert node.ping(quiet.id) > 0
    node.ask("mesh.perf", "(ttt)", "(stt)", busy.id, MOVED, 3 * MOVED)
    totals, by_peer, by_protocol = bandwidth(node)
    assert by_protocol[PERF][:2] == (MOVED + 8, 3 * MOVED)  # after eight bytes that say how much is wanted
    assert by_protocol[PING][0] >= 32 and by_protocol[PING][1] >= 32
    assert MOVED < by_peer[busy.id][0] < MOVED * 1.1 and 3 * MOVED < by_peer[busy.id][1] < MOVED * 3.3
    assert by_peer[quiet.id][0] < MOVED / 8
    assert totals[0] >= sum(row[0] for row in by_peer.values())
    assert totals[2] > 0 and by_peer[busy.id][3] > by_peer[busy.id][2] > by_peer[quiet.id][2]
    assert list(by_peer)[0] == busy.id and list(by_protocol)[0] == PERF  # who moves most now


def test_who_has_gone(nodes):
    """What a peer moved is remembered when it has gone, and of more than one connection it is the sum."""
    node, other = nodes(perf="true"), nodes()
    other.connect(node.address())
    other.ask("mesh.perf", "(ttt)", "(stt)", node.id, MOVED, 0)
    other.ask("mesh.disconnect", "()", "(s)", node.id)
    until(lambda: other.id not in node.peers(), "its end")
    assert bandwidth(node)[1][other.id][1] > MOVED
    other.connect(node.address())
    other.ask("mesh.perf", "(ttt)", "(stt)", node.id, MOVED, 0)
    assert bandwidth(node)[1][other.id][1] > 2 * MOVED


def seconds(node, peer, up, down):
    return node.ask("mesh.perf", "(ttt)", "(stt)", peer.id, up, down)[2] / 1e9


@pytest.mark.parametrize("limit", ["send_max", "peer_send_max", "receive_max", "peer_receive_max"])
def test_limits(nodes, limit):
    """4 MiB take 2 s at 2 MiB/s, less what goes at once; the other way they do not wait."""
    node, other = nodes(**{limit: "2048"}), nodes(perf="true")
    node.connect(other.address())
    sends = "send" in limit
    assert seconds(node, other, 4 << 20 if sends else 0, 0 if sends else 4 << 20) > 1.5
    assert node.ping(other.id) > 0
    rate = bandwidth(node)[0][2 if sends else 3]
    assert 0 < rate < 2.5 * (1 << 20)


def until_cut_off(node, peer, down):
    with pytest.raises(Refused):
        seconds(node, peer, 0, down)


def test_limits_are_shared(nodes):
    """One peer's bulk does not keep another from its own."""
    node, one, other = nodes(send_max="1024", perf="true"), nodes(), nodes()
    one.connect(node.address())
    other.connect(node.address())
    bulk = threading.Thread(target=until_cut_off, args=(one, node, 64 << 20))
    bulk.start()
    until(lambda: bandwidth(node)[1].get(one.id, (0, 0))[0] > 200000, "the bulk")
    seconds(other, node, 0, 300000)
    assert bandwidth(node)[1][one.id][0] < 64 << 20  # it goes on still
    node.ask("mesh.disconnect", "()", "(s)", one.id)
    bulk.join(60)
    assert not bulk.is_alive()


def test_wrong_limits(nodes):
    """What is no limit is said in the log, and none."""
    node = nodes(send_max="3", receive_max="fast")
    assert "send-max" in node.text() and "receive-max" in node.text()

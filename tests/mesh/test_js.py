# SPDX-License-Identifier: GPL-3.0-or-later
"""The node and js-libp2p, over TCP and WebSocket, whoever dials."""

import pytest

from node import until

pytestmark = pytest.mark.sanitized

TRANSPORTS = pytest.mark.parametrize("websocket", [False, True], ids=["tcp", "ws"])


@TRANSPORTS
def test_node_dials(nodes, peers, websocket):
    node, peer = nodes(), peers()
    assert node.connect(peer.address(websocket)) == peer.id
    identified = peer.wait("identify", peer=node.id)
    assert identified["agent"].startswith("inos/") and identified["signed"]
    assert "/ipfs/ping/1.0.0" in identified["protocols"]
    assert set(identified["addresses"]) == set(node.addresses())
    known = until(lambda: node.inspect(peer.id)["protocols"] and node.inspect(peer.id), "what identify says")
    assert "/ipfs/id/1.0.0" in known["protocols"] and "js-libp2p" in known["agent"]
    assert 0 < node.ping(peer.id) < 5e9
    assert peer.do("ping", to=node.id)["ms"] >= 0


@TRANSPORTS
def test_js_dials(nodes, peers, websocket):
    node, peer = nodes(), peers()
    made = peer.do("dial", to=node.address(websocket))
    assert made["peer"] == node.id and made["muxer"] == "/yamux/1.0.0" and made["encryption"] == "/noise"
    until(lambda: node.peers() == [peer.id], "the connection")
    assert node.ping(peer.id) > 0
    assert peer.do("ping", to=node.id)["ms"] >= 0
    peer.do("hangUp", to=node.id)
    until(lambda: not node.peers(), "the connection's end")


@TRANSPORTS
def test_perf_both_ways(nodes, peers, websocket):
    """Many bytes, while the other side's pings are answered (G6)."""
    node, peer = nodes(perf="true"), peers()
    size = 16 << 20
    node.connect(peer.address(websocket))
    sent, received, _ = node.ask("mesh.perf", "(ttt)", "(stt)", peer.id, size, size, seconds=120)
    assert (sent, received) == (size, size)
    assert peer.do("perf", to=node.id, up=size, down=size, seconds=120)["received"] == size
    assert node.peers() == [peer.id]


def test_push(nodes, peers):
    """A peer that learns a protocol says so."""
    node, peer = nodes(), peers(pubsub="none", dht=False)
    node.connect(peer.address())
    until(lambda: "/ipfs/ping/1.0.0" in node.inspect(peer.id)["protocols"], "its protocols")
    assert "/later/1.0.0" not in node.inspect(peer.id)["protocols"]
    peer.do("offer", protocol="/later/1.0.0")
    until(lambda: "/later/1.0.0" in node.inspect(peer.id)["protocols"], "the push")


def test_wrong_peer_is_refused(nodes, peers):
    node, peer, other = nodes(), peers(), peers()
    address = peer.address().rsplit("/p2p/", 1)[0] + "/p2p/" + other.id
    with pytest.raises(Exception, match="cannot be reached"):
        node.connect(address)
    assert node.peers() == []

# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes and js-libp2p peers find each other on a network of network namespaces."""

from js import Peer
from node import Node, until

LISTEN = {"listen": "/ip4/0.0.0.0/tcp/4630 /ip4/0.0.0.0/tcp/4631/ws", "discovery": "true"}


def test_nodes_find_each_other(network):
    nodes = [Node(LISTEN, prefix=network.add()) for _ in range(3)]
    try:
        for node in nodes:
            others = {other.id for other in nodes if other is not node}
            until(lambda node=node, others=others: set(node.peers()) >= others, "the others", 60)
        assert any("10.77.0.1" in address for address in nodes[0].addresses())
    finally:
        for node in nodes:
            node.stop()


def test_js_is_found(network):
    node = Node(LISTEN, prefix=network.add())
    peer = Peer(prefix=network.add(), mdns=True, pubsub="none", dht=False,
                listen=["/ip4/0.0.0.0/tcp/0"])
    try:
        peer.wait("discovery", peer=node.id, seconds=60)
        until(lambda: peer.id in node.peers(), "the js peer", 60)
    finally:
        node.stop()
        peer.stop()


def test_who_is_switched_off_is_not_found(network):
    nodes = [Node({**LISTEN, "discovery": found}, prefix=network.add()) for found in ("true", "false", "true")]
    try:
        until(lambda: nodes[2].id in nodes[0].peers(), "the third", 60)
        assert nodes[1].peers(every=True) == []
    finally:
        for node in nodes:
            node.stop()

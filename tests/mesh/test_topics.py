# SPDX-License-Identifier: GPL-3.0-or-later
"""Publish and subscribe among nodes, and with js-libp2p's gossipsub and floodsub."""

import pytest

from node import until

pytestmark = pytest.mark.sanitized


def subscribe(node, topic):
    node.ask("mesh.subscribe", "()", "(s)", topic)


def publish(node, topic, text):
    return node.ask("mesh.publish", "(u)", "(say)", topic, text.encode())[0]


def members(node, topic):
    return {row[0]: row[1] for row in node.ask("mesh.topics", "(a(suut))")[0]}.get(topic, 0)


@pytest.mark.parametrize("pubsub", ["gossipsub", "floodsub"])
def test_with_js(nodes, peers, pubsub):
    node, peer = nodes(), peers(pubsub=pubsub, dht=False)
    subscribe(node, "news")
    peer.do("subscribe", topic="news")
    node.connect(peer.address())
    until(lambda: members(node, "news") == 1, "the js peer's subscription")
    until(lambda: node.id in peer.do("subscribers", topic="news")["peers"], "the node's subscription")
    assert publish(node, "news", "from the node") == 1
    got = peer.wait("message", topic="news")
    assert got["text"] == "from the node" and got["from"] == node.id
    peer.do("publish", topic="news", text="from js")
    assert node.wait_message("news") == (peer.id, b"from js")


@pytest.mark.parametrize("pubsub", ["gossipsub", "floodsub"])
def test_two_hops(nodes, peers, pubsub):
    """js – node – js: what one says reaches the other through the node, signed by its author; and the
    other way about, node – js – node."""
    middle, ends = nodes(), [peers(pubsub=pubsub, dht=False), peers(pubsub=pubsub, dht=False)]
    subscribe(middle, "far")
    for end in ends:
        end.do("subscribe", topic="far")
        middle.connect(end.address())
    until(lambda: members(middle, "far") == 2, "both subscriptions")
    for end in ends:
        until(lambda end=end: middle.id in end.do("subscribers", topic="far")["peers"], "the node's")
    ends[0].do("publish", topic="far", text="over two")
    got = ends[1].wait("message", topic="far")
    assert got["from"] == ends[0].id and got["text"] == "over two"


def test_js_forwards(nodes, peers):
    middle, ends = peers(dht=False), [nodes(), nodes()]  # by a DHT the nodes would find each other
    middle.do("subscribe", topic="far")
    for end in ends:
        subscribe(end, "far")
        end.connect(middle.address())
    for end in ends:
        until(lambda end=end: members(end, "far") == 1, "js' subscription")
        until(lambda end=end: end.id in middle.do("subscribers", topic="far")["peers"], "the node's")
    publish(ends[0], "far", "through js")
    assert ends[1].wait_message("far") == (ends[0].id, b"through js")


def test_ten_nodes(nodes):
    """All that anybody says reaches everybody, once."""
    ten = [nodes() for _ in range(10)]
    for node in ten:
        subscribe(node, "all")
    for index, node in enumerate(ten[1:], 1):
        node.connect(ten[index // 2].address())
        node.connect(ten[index - 1].address())
    for node in ten:
        until(lambda node=node: members(node, "all") >= 1, "a subscription")
    said = set()
    for index, node in enumerate(ten):
        for number in range(3):
            said.add(f"{index}:{number}")
            publish(node, "all", f"{index}:{number}")
    for index, node in enumerate(ten):
        others = {one for one in said if not one.startswith(f"{index}:")}
        heard = [node.wait_message("all")[1].decode() for _ in others]
        assert len(heard) == len(set(heard)) and set(heard) == others


@pytest.mark.parametrize("pubsub", ["gossipsub", "floodsub"])
def test_ten_mixed(nodes, peers, pubsub):
    """Six nodes and four js-libp2p peers, each connected to two or three others of either kind: all that anybody says
    reaches everybody, once."""
    ours, theirs = [nodes() for _ in range(6)], [peers(pubsub=pubsub, dht=False) for _ in range(4)]
    ten = [ours[0], theirs[0], ours[1], theirs[1], ours[2], theirs[2], ours[3], theirs[3], ours[4], ours[5]]
    for one in ten:
        subscribe(one, "mixed") if one in ours else one.do("subscribe", topic="mixed")
    for index, one in enumerate(ten[1:], 1):
        for other in {ten[index - 1], ten[index // 2]} - {one}:
            one.connect(other.address()) if one in ours else one.do("dial", to=other.address())
    for node in ours:
        until(lambda node=node: members(node, "mixed") >= 1, "a subscription")
    for peer in theirs:
        until(lambda peer=peer: peer.do("subscribers", topic="mixed")["peers"], "a subscription")
    said = {f"{index}" for index in range(10)}
    for index, one in enumerate(ten):
        publish(one, "mixed", f"{index}") if one in ours else one.do("publish", topic="mixed", text=f"{index}")
    for index, one in enumerate(ten):
        if one in ours:
            heard = [one.wait_message("mixed") for _ in range(9)]
            assert {sender: text.decode() for sender, text in heard} == {
                other.id: f"{number}" for number, other in enumerate(ten) if number != index}
        else:
            heard, wanted = set(), said - {f"{index}"}
            while not heard >= wanted:  # js' floodsub also tells what it has said itself, where that comes back
                heard.add(one.wait("message", topic="mixed")["text"])


def test_unsubscribe(nodes):
    one, other = nodes(), nodes()
    subscribe(one, "short")
    one.connect(other.address())
    subscribe(other, "short")
    until(lambda: members(other, "short") == 1, "the subscription")
    one.ask("mesh.unsubscribe", "()", "(s)", "short")
    until(lambda: members(other, "short") == 0, "its end")
    assert publish(other, "short", "to nobody") == 0

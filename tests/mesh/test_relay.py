# SPDX-License-Identifier: GPL-3.0-or-later
"""Circuit relay v2 with js-libp2p: each as the relay, as who is called and as who calls."""

import pytest

from js import Failed
from node import LISTEN, Refused, until

pytestmark = pytest.mark.sanitized


def by(relay, whom=None):
    """The way to a peer by a relay, which is an address with its id."""
    return f"{relay}/p2p-circuit" + (f"/p2p/{whom}" if whom else "")


def has_place(node, relay):
    """Waits until the node says that it is found at the relay, a peer's id."""
    return until(lambda: [one for one in node.addresses() if f"/p2p/{relay}/p2p-circuit" in one], "a place at the relay")


def is_relayed(node, peer):
    return node.inspect(peer)["relayed"]


@pytest.fixture
def js_relay(peers):
    return peers(relay=True, pubsub="none", dht=False)


@pytest.fixture
def our_relay(nodes):
    return nodes(relay="on")


def js_behind(peers, relay):
    peer = peers(listen=[by(relay)], pubsub="none", dht=False)
    until(lambda: any("/p2p-circuit" in one for one in peer.do("addresses")["addresses"]), "js' place at the relay")
    return peer


def test_js_relays_for_nodes(nodes, js_relay):
    """Two nodes that listen nowhere else: what they know of each other cannot lead them to a direct connection."""
    called, caller = nodes(listen=by(js_relay.address())), nodes(listen=by(js_relay.address()))
    has_place(called, js_relay.id)
    assert caller.connect(by(js_relay.address(), called.id)) == called.id
    until(lambda: caller.id in called.peers(), "the caller")
    assert is_relayed(caller, called.id) and is_relayed(called, caller.id)
    assert caller.ping(called.id) > 0 and called.ping(caller.id) > 0
    until(lambda: "/ipfs/ping/1.0.0" in caller.inspect(called.id)["protocols"], "identify by the relay")
    caller.ask("mesh.disconnect", "()", "(s)", called.id)
    until(lambda: caller.id not in called.peers(), "the connection's end")
    assert js_relay.id in caller.peers()


def test_node_relays_for_js(our_relay, peers):
    called = js_behind(peers, our_relay.address())
    caller = peers(pubsub="none", dht=False)
    made = caller.do("dial", to=by(our_relay.address(), called.id))
    assert made["peer"] == called.id and made["encryption"] == "/noise"
    assert caller.do("ping", to=called.id)["ms"] >= 0
    assert called.do("ping", to=caller.id)["ms"] >= 0


def test_js_calls_node(nodes, peers, our_relay):
    called = nodes(listen=f"{LISTEN} {by(our_relay.address())}")
    has_place(called, our_relay.id)
    caller = peers(pubsub="none", dht=False)
    assert caller.do("dial", to=by(our_relay.address(), called.id))["peer"] == called.id
    assert caller.do("ping", to=called.id)["ms"] >= 0
    assert called.ping(caller.id) > 0


def test_node_calls_js(nodes, peers, our_relay):
    called = js_behind(peers, our_relay.address())
    caller = nodes()
    assert caller.connect(by(our_relay.address(), called.id)) == called.id
    assert caller.ping(called.id) > 0
    assert is_relayed(caller, called.id)
    with pytest.raises(Refused):  # what is bulk does not go by a relay
        caller.ask("mesh.perf", "(ttt)", "(stt)", called.id, 1000, 1000)


def test_strangers_have_no_place(nodes, peers):
    """Where nothing is set, only members are relayed for."""
    relay = nodes()
    stranger = nodes(listen=f"{LISTEN} {by(relay.address())}")
    until(lambda: relay.id in stranger.peers(), "the connection to the relay")
    caller = nodes()
    with pytest.raises(Refused, match="no place there"):
        caller.connect(by(relay.address(), stranger.id))
    assert not any("/p2p-circuit" in one for one in stranger.addresses())
    with pytest.raises(Failed):
        peers(pubsub="none", dht=False).do("dial", to=by(relay.address(), stranger.id))


def test_no_public_address(nodes):
    """What only listens on loopback asks nobody whether it can be reached."""
    one, other = nodes(), nodes()
    one.connect(other.address())
    until(lambda: "/libp2p/autonat/2/dial-request" in one.inspect(other.id)["protocols"], "its protocols")
    assert one.status()["reachability"] == "no-address"


def test_no_relay(nodes):
    relay, other = nodes(relay="off"), nodes()
    with pytest.raises(Refused, match="it is none"):
        other.connect(by(relay.address(), nodes().id))


def test_relay_comes_back(nodes, our_relay):
    """The place is asked for again when the relay is there again."""
    called = nodes(listen=f"{LISTEN} {by(our_relay.address())}")
    has_place(called, our_relay.id)
    our_relay.ask("mesh.disconnect", "()", "(s)", called.id)
    until(lambda: not any("/p2p-circuit" in one for one in called.addresses()), "the end of the place")
    has_place(called, our_relay.id)
    assert nodes().connect(by(our_relay.address(), called.id)) == called.id

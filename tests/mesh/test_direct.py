# SPDX-License-Identifier: GPL-3.0-or-later
"""From a relayed connection to a direct one: DCUtR between nodes behind NATs, and with js-libp2p."""

import pytest

from nat import PUBLIC, PUBLIC6
from node import Refused, until

ALL = "/ip4/0.0.0.0/tcp/4630"


class Scene:
    """A relay, and nodes that are found there."""

    def __init__(self, internet, at):
        prefix, number = internet.add()
        self.at = at
        self.relay = at(prefix, listen=f"{ALL} /ip6/::/tcp/4630", relay="on")
        self.address = f"/ip4/{PUBLIC}.{number}/tcp/4630/p2p/{self.relay.id}"
        self.address6 = f"/ip6/{PUBLIC6}:{number}/tcp/4630/p2p/{self.relay.id}"

    def called(self, prefix, **settings):
        node = self.at(prefix, listen=f"{ALL} {self.address}/p2p-circuit", **settings)
        until(lambda: any("/p2p-circuit" in one for one in node.addresses()), "the place at the relay")
        return node

    def caller(self, prefix, **settings):
        node = self.at(prefix, listen=ALL, bootstrap=self.address, **settings)
        until(lambda: node.status()["observed"], "the address that the relay sees")
        return node

    def call(self, caller, called):
        assert caller.connect(f"{self.address}/p2p-circuit/p2p/{called.id}") == called.id
        until(lambda: caller.id in called.peers(), "the call")


@pytest.fixture
def scene(internet, at):
    return Scene(internet, at)


def is_direct(node, peer):
    return peer.id in node.peers() and not node.inspect(peer.id)["relayed"]


def leads_to(node, peer):
    """Where the connection leads."""
    rows = node.ask("mesh.peers", "(ua(sssubbttt))", "(bu)", False, 512)[1]
    return next(row[2] for row in rows if row[0] == peer.id)


def becomes_direct(one, other):
    for here, there in ((one, other), (other, one)):
        until(lambda here=here, there=there: is_direct(here, there), "a direct connection")
        until(lambda here=here, there=there: here.inspect(there.id)["connections"] == 1, "the end of the relayed one")
        assert here.ping(there.id) > 0


@pytest.mark.sanitized
def test_both_behind_nat(internet, scene):
    """Nobody lets anybody in; both reach each other when both dial at once."""
    (home, _, here), (other, _, there) = internet.add_home(), internet.add_home()
    called, caller = scene.called(home), scene.caller(other)
    scene.call(caller, called)
    becomes_direct(called, caller)
    assert leads_to(called, caller) == f"/ip4/{PUBLIC}.{there}/tcp/4630"
    assert leads_to(caller, called) == f"/ip4/{PUBLIC}.{here}/tcp/4630"


def test_caller_is_public(internet, scene):
    """Who was called dials the caller, who can be reached."""
    (home, _, _), (host, _) = internet.add_home(), internet.add()
    called, caller = scene.called(home), scene.caller(host)
    scene.call(caller, called)
    becomes_direct(called, caller)
    assert not called.inspect(caller.id)["inbound"]


def test_switched_off(internet, scene):
    (home, _, _), (other, _, _) = internet.add_home(), internet.add_home()
    called, caller = scene.called(home, hole_punching="false"), scene.caller(other)
    scene.call(caller, called)
    until(lambda: "/ipfs/ping/1.0.0" in called.inspect(caller.id)["protocols"], "identify")
    assert "/libp2p/dcutr" not in caller.inspect(called.id)["protocols"]
    assert caller.ping(called.id) > 0 and not is_direct(caller, called)


def test_js_was_called(internet, scene, peers):
    """js-libp2p has nothing to dial from its port; it says when, and who was not let in before dials it then."""
    (js_host, number), (host, _) = internet.add(), internet.add()
    place = f"/ip6/{PUBLIC6}:{number}/tcp/4001"
    js = peers(prefix=js_host, pubsub="none", dht=False, announce=[place],
               listen=[place, f"{scene.address6}/p2p-circuit"])
    until(lambda: any("/p2p-circuit" in one for one in js.do("addresses")["addresses"]), "js' place at the relay")
    internet.shut(host)
    caller = scene.at(host, listen="/ip6/::/tcp/4630", bootstrap=scene.address6)
    until(lambda: caller.status()["observed"], "the address that the relay sees")
    assert caller.connect(f"{scene.address6}/p2p-circuit/p2p/{js.id}") == js.id
    until(lambda: is_direct(caller, js), "a direct connection")
    assert caller.ping(js.id) > 0 and js.do("ping", to=caller.id)["ms"] >= 0


def test_js_called(internet, scene, peers):
    """We say when; js-libp2p, who lets nobody in and names no address, dials us then."""
    (js_host, number), (host, _) = internet.add(), internet.add()
    called = scene.at(host, listen=f"/ip6/::/tcp/4630 {scene.address6}/p2p-circuit")
    until(lambda: any("/p2p-circuit" in one for one in called.addresses()), "the place at the relay")
    internet.shut(js_host)
    js = peers(prefix=js_host, pubsub="none", dht=False, listen=[f"/ip6/{PUBLIC6}:{number}/tcp/4001"])
    assert js.do("dial", to=f"{scene.address6}/p2p-circuit/p2p/{called.id}")["peer"] == called.id
    until(lambda: is_direct(called, js), "a direct connection")
    assert called.inspect(js.id)["inbound"]
    assert called.ping(js.id) > 0


# Why not


def explain(node, peer):
    return node.ask("mesh.why-not-direct", "(a{sv})", "(s)", peer)[0]


def endings(why):
    return {row[0]: row[2] for row in why["addresses"]}


def test_why_no_address(nodes):
    node, other = nodes(), nodes()
    why = explain(node, other.id)
    assert why["connection"] == "none" and why["addresses"] == [] and why["error"]
    with pytest.raises(Refused, match="this node itself"):
        explain(node, node.id)
    with pytest.raises(Refused, match="no peer id"):
        explain(node, "me")


def test_why_direct_and_refused(nodes):
    node, other = nodes(), nodes()
    node.connect(other.address())
    why = explain(node, other.id)
    assert why["connection"] == "direct" and f"{why['address']}/p2p/{other.id}" == other.address()
    until(lambda: endings(explain(node, other.id)), "its addresses")
    other.stop()
    until(lambda: other.id not in node.peers(), "its end")
    why = explain(node, other.id)
    assert why["connection"] == "none" and set(endings(why).values()) == {"refused"}
    assert why["hole-punching"] == "nothing" and why["reachability"] == "no-address"


def test_why_another_is_there(nodes):
    node, other = nodes(), nodes()
    bare = other.address().split("/p2p/")[0]
    node.connect(other.address())
    until(lambda: endings(explain(node, other.id)), "its addresses")
    other.stop()
    taken = nodes(listen=bare)
    assert taken.id != other.id
    why = explain(node, other.id)
    assert endings(why)[bare] == "wrong-peer"


@pytest.fixture
def asked(internet, scene):
    """Two who cannot meet: each has another port outside whomever it dials."""
    (home, _, _), (other, router, _) = (internet.add_home(symmetric=True, rejects=True) for _ in range(2))
    called, caller = scene.called(home), scene.caller(other)
    scene.call(caller, called)
    return called, caller


def test_why_relayed(asked):
    called, caller = asked
    until(lambda: called.inspect(caller.id)["hole-punching"] == "no-way", "three tries")
    why = explain(called, caller.id)
    assert why["connection"] == "relayed" and "/p2p-circuit" in why["address"] and why["tries"] == 3
    assert why["peer-punches"] and why["own-addresses"]
    assert called.ping(caller.id) > 0
    until(lambda: caller.inspect(called.id)["hole-punching"] == "no-way", "the other side's word")
    assert explain(caller, called.id)["peer-has-relay"]

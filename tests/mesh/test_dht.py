# SPDX-License-Identifier: GPL-3.0-or-later
"""The DHT among nodes and js-libp2p peers."""

import pytest

from js import Failed
from node import Refused, until

pytestmark = pytest.mark.sanitized


def put(node, key, value):
    return node.ask("mesh.put", "(u)", "(say)", key, value.encode())[0]


def get(node, key):
    return bytes(node.ask("mesh.get", "(ay)", "(s)", key)[0]).decode()


def providers(node, name):
    return [row[0] for row in node.ask("mesh.providers", "(a(sas))", "(s)", name)[0]]


@pytest.fixture
def mixed(nodes, peers):
    """Three nodes and two js-libp2p peers in a chain, where each knows the one before."""
    ours, theirs = [nodes() for _ in range(3)], [peers(pubsub="none") for _ in range(2)]
    ours[0].connect(theirs[0].address())
    theirs[0].do("dial", to=ours[1].address())
    ours[1].connect(theirs[1].address())
    theirs[1].do("dial", to=ours[2].address())
    for peer in theirs:
        until(lambda peer=peer: peer.do("tableSize")["size"] >= 2, "both nodes in its table")
    for node, peer in ((ours[0], theirs[0]), (ours[1], theirs[1]), (ours[2], theirs[1])):
        until(lambda node=node, peer=peer: "/inos/kad/1.0.0" in node.inspect(peer.id)["protocols"], "its protocols")
    return ours, theirs


def test_values(mixed):
    ours, theirs = mixed
    assert put(ours[0], "greeting", "good morning") >= 1
    for node in ours:
        assert get(node, f"{ours[0].id}/greeting") == "good morning"
    assert "good morning" in theirs[1].do("get", key=f"/inos/{ours[0].id}/greeting")["value"]
    put(ours[0], "greeting", "good evening")
    until(lambda: get(ours[2], f"{ours[0].id}/greeting") == "good evening", "the newer value")


def test_providers(mixed):
    ours, theirs = mixed
    assert ours[2].ask("mesh.provide", "(u)", "(s)", "a song")[0] >= 1
    cid = theirs[0].do("provide", content="a song")["cid"]
    for node in ours[:2]:
        until(lambda node=node: set(providers(node, "a song")) >= {ours[2].id, theirs[0].id}, "both providers")
    assert set(providers(ours[1], cid)) >= {ours[2].id}
    assert ours[2].id in theirs[1].do("providers", cid=cid)["peers"]


def js_finds(peer, other):
    try:
        return peer.do("find", peer=other)["addresses"]
    except Failed:  # nobody has told it an address yet
        return None


def test_find_peer(mixed):
    ours, theirs = mixed
    found = ours[0].ask("mesh.find-peer", "(as)", "(s)", ours[2].id)[0]
    assert set(found) & set(ours[2].addresses())
    until(lambda: js_finds(theirs[0], ours[2].id), "what js finds")
    assert ours[0].connect(ours[2].id) == ours[2].id


def test_refusals(nodes):
    one, other = nodes(), nodes()
    one.connect(other.address())
    with pytest.raises(Refused, match="below its own id"):
        put(one, f"{other.id}/name", "not mine")
    with pytest.raises(Refused, match="no value"):
        get(one, f"{other.id}/nothing")
    with pytest.raises(Refused, match="no key"):
        get(one, "/pk/x")
    with pytest.raises(Refused, match="at most"):
        put(one, "large", "x" * 10000)


def test_restart(nodes):
    """Values are there again after kill -9, of the node's own and of others; what was harmed is put aside."""
    one, other = nodes(), nodes()
    one.connect(other.address())
    until(lambda: "/inos/kad/1.0.0" in one.inspect(other.id)["protocols"], "its protocols")
    put(one, "greeting", "good morning")
    put(other, "answer", "and to you")
    get(one, f"{other.id}/answer")
    files = [node.directory / "state" / "dht" / "values" for node in (one, other)]
    for file in files:
        until(lambda file=file: file.exists() and b"good morning" in file.read_bytes(), "the file")
    one.kill()
    other.kill()
    one.start()
    assert get(one, "greeting") == "good morning"
    harmed = bytearray(files[1].read_bytes())
    harmed[len(harmed) // 2] ^= 1
    files[1].write_bytes(harmed)
    other.start()
    assert (files[1].parent / "values.bad").exists() and "was harmed" in other.text()
    with pytest.raises(Refused, match="no value"):
        get(other, "answer")


def provided(node, key):
    return sorted(row[0] for row in node.ask("mesh.providers", "(a(sas))", "(s)", key)[0])


def test_providers_after_restart(nodes):
    """Who said to have what is known after kill -9, and what a node itself provides it goes on to provide."""
    one, other = nodes(), nodes()
    one.connect(other.address())
    until(lambda: "/inos/kad/1.0.0" in one.inspect(other.id)["protocols"], "its protocols")
    one.ask("mesh.provide", "(u)", "(s)", "a song")
    assert provided(other, "a song") == [one.id]
    files = [node.directory / "state" / "dht" / "providers" for node in (one, other)]
    for file in files:
        until(lambda file=file: file.exists() and file.stat().st_size > 60, "the file")
    one.kill()
    other.kill()
    other.start()
    assert provided(other, "a song") == [one.id] and provided(other, "another") == []
    one.start()
    assert provided(one, "a song") == [one.id]
    other.kill()
    harmed = bytearray(files[1].read_bytes())
    harmed[len(harmed) // 2] ^= 1
    files[1].write_bytes(harmed)
    other.start()
    assert (files[1].parent / "providers.bad").exists() and provided(other, "a song") == []
    other.connect(one.address())
    until(lambda: provided(other, "a song") == [one.id], "that it is provided again")
    before = files[0].stat().st_mtime_ns
    one.ask("mesh.unprovide", "()", "(s)", "a song")
    with pytest.raises(Refused, match="does not provide"):
        one.ask("mesh.unprovide", "()", "(s)", "a song")
    until(lambda: files[0].stat().st_mtime_ns > before, "the file without it")
    other.stop()
    one.kill()
    one.start()
    assert provided(one, "a song") == []

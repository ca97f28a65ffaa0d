"""The mesh against js-libp2p: throughput, round trips, dials, gossip, the DHT, memory, failover; on loopback.

Wall times are the best of several, for these machines are noisy; each side speaks with its own kind.
"""

import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "mesh"))

from gi.repository import GLib  # noqa: E402

from js import Peer  # noqa: E402
from mesh_failover import failover  # noqa: E402
from mesh_rows import memory, row  # noqa: E402
from mesh_swarm import gets, gossip, hundred  # noqa: E402
from node import Node, Refused, until  # noqa: E402

MIB = 1 << 20


class Two:
    """Two of a kind that are connected."""

    def __init__(self, make, websocket):
        self.one, self.other = make(), make()
        self.address = self.other.address(websocket)

    def stop(self):
        self.one.stop()
        self.other.stop()


def our_rate(websocket, size, times):
    two = Two(lambda: Node({"perf": "true"}), websocket)
    two.one.connect(two.address)
    best = 0
    for up, down in ((size, 0), (0, size)) * times:
        sent, received, ns = two.one.ask("mesh.perf", "(ttt)", "(stt)", two.other.id, up, down, seconds=300)
        best = max(best, (sent + received) / ns * 1e3)
    two.stop()
    return best


def their_rate(websocket, size, times):
    two = Two(lambda: Peer(pubsub="none", dht=False), websocket)
    two.one.do("dial", to=two.address)
    best = 0
    for up, down in ((size, 0), (0, size)) * times:
        answer = two.one.do("perf", to=two.other.id, up=up, down=down, seconds=300)
        best = max(best, size / answer["seconds"] / 1e6)
    two.stop()
    return best


def throughput(quick):
    size, times = (64 * MIB, 1) if quick else (512 * MIB, 3)
    for websocket, goal in ((False, 600), (True, 300)):
        ours, theirs = our_rate(websocket, size, times), their_rate(websocket, size // 4, times)
        name = "WebSocket" if websocket else "TCP"
        yield row(f"{name}, one stream", "MB/s", ours, theirs, goal, least=True)
        if not websocket:
            yield row("TCP, one stream, times js-libp2p's", "×", ours / theirs, None, 2, least=True)


def ping(node, peer):
    """µs. A node takes so many questions a second and no more."""
    while True:
        try:
            return node.ping(peer) / 1e3
        except Refused as refused:
            if refused.code != "too-many":
                raise
            time.sleep(0.05)


def round_trips(quick):
    count = 50 if quick else 500
    ours = Two(Node, False)
    ours.one.connect(ours.address)
    mine = [ping(ours.one, ours.other.id) for _ in range(count)]
    ours.stop()
    theirs = Two(lambda: Peer(pubsub="none", dht=False), False)
    theirs.one.do("dial", to=theirs.address)
    them = [theirs.one.do("ping", to=theirs.other.id)["ms"] * 1e3 for _ in range(count // 5)]
    theirs.stop()
    yield row("32 bytes there and back, p50", "µs", statistics.median(mine), statistics.median(them), 30,
              note="js-libp2p says whole ms")


def questions(quick):
    """A question to an actor of the other node that says that it does not answer such: there and back, from socket to
    socket."""
    count = 50 if quick else 500
    two, times = Two(Node, False), []
    two.one.connect(two.address)
    two.other.ask("mesh.allow", "()", "(sas)", "identity", ["public"])
    for _ in range(count):
        while True:
            start = time.perf_counter()
            try:
                two.one.ask("actors.ask", "(v)", "(ssvu)", f"{two.other.id}/identity", "note", GLib.Variant("s", "?"),
                            20000)
            except Refused as refused:
                if refused.code == "too-many":
                    time.sleep(0.05)
                    continue
                assert refused.code == "failed", refused
            times.append((time.perf_counter() - start) * 1e6)
            break
    two.stop()
    yield row("a question to another node's actor, p50", "µs", statistics.median(times), None, None,
              note="from this node's socket")


def dials(quick):
    count = 5 if quick else 30
    ours, mine = Two(Node, False), []
    for _ in range(count):
        start = time.perf_counter()
        ours.one.connect(ours.address)
        mine.append((time.perf_counter() - start) * 1e3)
        ours.one.ask("mesh.disconnect", "()", "(s)", ours.other.id)
        until(lambda: not ours.other.peers(), "the end of the connection")
    ours.stop()
    theirs, them = Two(lambda: Peer(pubsub="none", dht=False), False), []
    for _ in range(count):
        start = time.perf_counter()
        theirs.one.do("dial", to=theirs.address)
        them.append((time.perf_counter() - start) * 1e3)
        theirs.one.do("hangUp", to=theirs.other.id)
        until(lambda: not theirs.other.do("peers")["peers"], "the end of the connection")
    theirs.stop()
    yield row("dial and upgrade, p50", "ms", statistics.median(mine), statistics.median(them), 2)


def memories(quick):
    node, peer = Node(), Peer()
    yield row("memory, idle", "MiB", memory(node.process), memory(peer.process), 12)
    peer.stop()
    node.stop()


def run(quick):
    return [one for part in (throughput, round_trips, dials, memories, gossip, gets, hundred, failover)
            for one in part(quick)]

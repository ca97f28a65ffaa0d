"""What the mesh does among several: gossip in ten nodes, the DHT in five, a hundred connections."""

import select
import statistics
import time

from js import Peer
from mesh_rows import memory, row
from node import Node, Refused, until

TOPIC = "bench"


def links(count):
    """Whom each calls: the one before it, and the one at half its number."""
    return [(index, other) for index in range(1, count) for other in {index - 1, index // 2}]


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def our_gossip(rounds):
    """ms from the publication to each of the others, and how many never came."""
    ten = [Node() for _ in range(10)]
    for node in ten:
        node.ask("mesh.subscribe", "()", "(s)", TOPIC)
    for index, other in links(10):
        ten[index].connect(ten[other].address())
    for node in ten:
        until(lambda node=node: node.ask("mesh.topics", "(a(suut))")[0][0][1] >= 1, "subscriptions")
    time.sleep(5)  # heartbeats make the mesh of the topic
    delays, lost = [], 0
    for number in range(rounds):
        text, author = f"{number}", ten[number % 10]
        start = time.perf_counter()
        author.ask("mesh.publish", "(u)", "(say)", TOPIC, text.encode())
        waiting = {node.socket: node for node in ten if node is not author}
        while waiting and time.perf_counter() - start < 10:
            for ready in select.select(list(waiting), [], [], 0.5)[0]:
                now = time.perf_counter()
                _, _, name, data = waiting[ready].read_frame()
                if name == "mesh.message" and bytes(Node.value("(ssay)", data)[2]).decode() == text:
                    delays.append((now - start) * 1e3)
                    del waiting[ready]
        lost += len(waiting)
        time.sleep(0.02)
    for node in ten:
        node.stop()
    return delays, lost


def their_gossip(rounds):
    ten = [Peer(pubsub="gossipsub", dht=False) for _ in range(10)]
    for peer in ten:
        peer.do("subscribe", topic=TOPIC)
    for index, other in links(10):
        ten[index].do("dial", to=ten[other].address())
    for peer in ten:
        until(lambda peer=peer: len(peer.do("subscribers", topic=TOPIC)["peers"]) >= 1, "subscriptions")
    time.sleep(5)
    delays, lost = [], 0
    for number in range(rounds):
        author = ten[number % 10]
        start = time.perf_counter()
        author.do("publish", topic=TOPIC, text=f"{number}")
        for peer in ten:
            if peer is author:
                continue
            try:
                delays.append((peer.wait("message", 10, text=f"{number}")["came"] - start) * 1e3)
            except AssertionError:
                lost += 1
    for peer in ten:
        peer.stop()
    return delays, lost


def gossip(quick):
    mine, lost = our_gossip(20 if quick else 200)
    them, theirs_lost = their_gossip(10 if quick else 50)
    for name, part, goal in (("p50", 0.5, 3), ("p99", 0.99, 15)):
        yield row(f"gossip among ten, {name}", "ms", percentile(mine, part), percentile(them, part), goal)
    yield row("gossip among ten, lost", "messages", lost, theirs_lost, 0)


def our_gets(count):
    """ms for a value that a node has not seen yet."""
    five = [Node() for _ in range(5)]
    for index, other in links(5):
        five[index].connect(five[other].address())
    for node in five:
        until(lambda node=node: len(node.peers()) >= 1, "peers")
    time.sleep(2)
    taken = []
    for number in range(count):
        author, reader = five[number % 5], five[(number + 1 + number // 5 % 4) % 5]
        author.ask("mesh.put", "(u)", "(say)", f"key{number}", b"value")
        start = time.perf_counter()
        reader.ask("mesh.get", "(ay)", "(s)", f"{author.id}/key{number}")
        taken.append((time.perf_counter() - start) * 1e3)
    for node in five:
        node.stop()
    return taken


def their_gets(count):
    five = [Peer(pubsub="none") for _ in range(5)]
    for index, other in links(5):
        five[index].do("dial", to=five[other].address())
    for peer in five:
        until(lambda peer=peer: peer.do("tableSize")["size"] >= 1, "its table")
    taken = []
    for number in range(count):
        author, reader = five[number % 5], five[(number + 1 + number // 5 % 4) % 5]
        author.do("put", key=f"/inos/{author.id}/key{number}", value="value")
        start = time.perf_counter()
        reader.do("get", key=f"/inos/{author.id}/key{number}")
        taken.append((time.perf_counter() - start) * 1e3)
    for peer in five:
        peer.stop()
    return taken


def gets(quick):
    mine, them = our_gets(20 if quick else 100), their_gets(10 if quick else 25)
    yield row("DHT, get among five, p50", "ms", statistics.median(mine), statistics.median(them), 3)


def connected(node, other):
    """A hundred nodes on two cores are slow to say who they are."""
    try:
        return node.connect(other.address())
    except Refused:
        return False


def hundred(quick):
    """One node that many are connected to."""
    node, others = Node(), [Node() for _ in range(10 if quick else 100)]
    for other in others:
        until(lambda other=other: connected(other, node), "a connection", 120)
    until(lambda: node.status()["peers"] == len(others), "all connections", 120)
    time.sleep(5)
    yield row(f"memory, {node.status()['connections']} connections", "MiB", memory(node.process), None, 40)
    for one in (*others, node):
        one.stop()

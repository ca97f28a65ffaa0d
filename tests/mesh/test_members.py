# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is in the mesh: real nodes in network namespaces that see each other come, go, die and come again."""

import random
import signal
import subprocess
import sys
import time

import pytest

from node import Node, until

COUNT = 10
SETTINGS = {"listen": "/ip4/0.0.0.0/tcp/4630", "discovery": "true"}
ROWS = "(ua(ssstuututsb))"

# Within how many seconds a member that was killed is dead to all others, where the machine is idle: each asks one a
# second in turn, so that somebody asks it within 2 * 9 - 1; that fails after 1 s; with nobody who agrees a suspect has
# 24 s and with three who do 4 s (4 * log10 10, times 6), and is asked a last time, for at most 6 s of it. A machine
# that is busy makes members doubt themselves, and wait longer.
DEAD_WITHIN = 48
PATIENCE = 150


def members(node):
    """id → row."""
    return {row[0]: row for row in node.ask("mesh.members", ROWS, "(u)", 1024)[1]}


def states(node):
    return {name: row[1] for name, row in members(node).items()}


def see(nodes, wanted, what, seconds=PATIENCE):
    """Each of the nodes has this to say of these: id → state."""
    for node in nodes:
        def seen(node=node):
            now = states(node)
            return all(now.get(name) == state for name, state in wanted.items() if name != node.id)
        until(seen, f"{what}; {node.id} sees {states(node)}", seconds)


def told(node):
    """What the node has said of others since it was asked first: (id, state)."""
    members(node)
    return [node.value("(ssu)", data)[:2] for name, data in node.events if name == "mesh.member"]


def dead(nodes):
    """Who has been called dead by anybody."""
    return {name for node in nodes for name, state in told(node) if state == "dead"}


@pytest.fixture
def mesh(network):
    nodes = []

    def start(count, **settings):
        for _ in range(count):
            nodes.append(Node({**SETTINGS, **settings}, prefix=network.add()))
        return nodes
    try:
        yield start
    finally:
        for node in nodes:
            if node.process.poll() is None:
                node.process.send_signal(signal.SIGCONT)
                node.stop()


def everybody(nodes):
    return {node.id: "alive" for node in nodes}


def test_ten(mesh, network):
    nodes = mesh(COUNT, region="hall")
    see(nodes, everybody(nodes), "all see all")
    for node in nodes:
        until(lambda node=node: all(row[5] > 0 and row[6] > 0 for row in members(node).values()), "figures of all", 60)
    for row in members(nodes[0]).values():
        assert row[9] == "hall"
        assert row[10] == (row[0] == nodes[0].id)
        assert row[2].startswith("/ip4/10.77.0.") and row[2].endswith("/tcp/4630")
    until(lambda: all(node.status()["datagrams-received"] > 0 for node in nodes), "datagrams")
    assert all(node.status()["members"] == COUNT for node in nodes)
    assert not dead(nodes)

    # Killed: dead to everybody, and nobody else is.
    lost, rest = nodes[3], nodes[:3] + nodes[4:]
    lost.kill()
    start = time.monotonic()
    see(rest, {lost.id: "dead"}, "one is dead")
    took = time.monotonic() - start
    print(f"dead to all after {took:.1f} s")
    assert dead(rest) == {lost.id}
    see(rest, everybody(rest), "the others are alive")

    # It comes again, with what it was.
    lost.start()
    see(nodes, everybody(nodes), "it is there again")

    # Stopped for 3 s: that is no death.
    for node in nodes:
        told(node)
        node.events.clear()
    nodes[5].process.send_signal(signal.SIGSTOP)
    end = time.monotonic() + 3
    until(lambda: time.monotonic() > end, "3 s")
    nodes[5].process.send_signal(signal.SIGCONT)
    see(nodes, everybody(nodes), "it goes on")
    # ... nor afterwards: each asks it at least once more
    before = {node.id: node.status()["datagrams-received"] for node in nodes}
    until(lambda: all(node.status()["datagrams-received"] > before[node.id] + 2 * COUNT for node in nodes), "probes")
    see(nodes, everybody(nodes), "all are alive")
    assert not dead(nodes)

    # Who goes in order has left, and is not dead to anybody.
    gone, rest = nodes[7], nodes[:7] + nodes[8:]
    assert gone.process.poll() is None
    gone.process.terminate()
    gone.process.wait(20)
    see(rest, {gone.id: "left"}, "it has left", 30)
    assert not dead(rest)


def test_partition(mesh, network):
    nodes = mesh(COUNT)
    see(nodes, everybody(nodes), "all see all")
    half = COUNT // 2
    near, far = nodes[:half], nodes[half:]
    network.split(range(half))
    see(near, {node.id: "dead" for node in far}, "the others are dead")
    see(far, {node.id: "dead" for node in near}, "the others are dead")
    see(near, everybody(near), "a view of its own")
    see(far, everybody(far), "a view of its own")
    assert not dead(near) & {node.id for node in near}
    assert not dead(far) & {node.id for node in far}
    network.heal()
    see(nodes, everybody(nodes), "all see all again", 2 * PATIENCE)


def test_without_datagrams(mesh, network):
    """A node that only listens for WebSockets takes no datagrams: streams do."""
    nodes = mesh(3)
    nodes.append(Node({**SETTINGS, "listen": "/ip4/0.0.0.0/tcp/4631/ws"}, prefix=network.add()))
    see(nodes, everybody(nodes), "all see all")
    alone = nodes[3]
    for node in nodes:
        told(node)
        node.events.clear()
    for _ in range(3):  # rounds in which each asks each
        before = nodes[0].status()["datagrams-sent"]
        until(lambda before=before: nodes[0].status()["datagrams-sent"] > before + 6, "probes")
    assert alone.status()["datagrams-received"] == 0
    assert not dead(nodes)
    see(nodes, everybody(nodes), "all see all")
    alone.kill()
    see(nodes[:3], {alone.id: "dead"}, "it is dead")
    assert dead(nodes[:3]) == {alone.id}


def test_js_is_a_peer_and_no_member(nodes, peers):
    node, other, peer = nodes(), nodes(), peers()
    node.connect(peer.address())
    node.connect(other.address())
    until(lambda: node.inspect(peer.id)["protocols"], "what identify says of it")
    see([node, other], everybody([node, other]), "the two")
    assert set(members(node)) == set(members(other)) == {node.id, other.id}
    assert "/inos/member/1.0.0" in peer.wait("identify", peer=node.id)["protocols"]


# What runs on a node's host: writes the datagrams that come to it as lines of hexadecimal digits.
SNIFF = """
import socket, sys
heard = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
print("ready", flush=True)
for _ in range(int(sys.argv[1])):
    while True:
        packet = heard.recv(65536)
        head = (packet[0] & 15) * 4
        if packet[9] == 17 and packet[head + 2:head + 4] == (4630).to_bytes(2, "big"):
            break
    print(packet[head + 8:].hex(), flush=True)
"""

# What runs on the stranger's: sends each line to each address.
SHOUT = """
import socket, sys
mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    for to in sys.argv[1:]:
        mouth.sendto(bytes.fromhex(line.strip()), (to, 4630))
"""


def forged(caught, chance):
    """Of each some with a bit that is another one, and cut ones."""
    for one in caught:
        for _ in range(8):
            other = bytearray(one)
            other[chance.randrange(len(other))] ^= 1 << chance.randrange(8)
            yield bytes(other)
        yield one[:chance.randrange(len(one))]


def test_stranger(mesh, network):
    """Garbage, everything that was ever sent to a node, and forged kinds of that: nothing changes."""
    nodes = mesh(4)
    addresses = [f"10.77.0.{number}" for number in range(1, 5)]
    sniffer = subprocess.Popen([*nodes[0].prefix, sys.executable, "-c", SNIFF, "60"], stdout=subprocess.PIPE, text=True)
    try:
        if sniffer.stdout.readline() != "ready\n":
            pytest.skip("packets cannot be seen here")
        see(nodes, everybody(nodes), "all see all")
        # A restart, so that there are datagrams of an earlier life.
        nodes[1].kill()
        nodes[1].start()
        caught = [bytes.fromhex(line) for line in sniffer.stdout]
    finally:
        sniffer.kill()
        sniffer.wait()
        sniffer.stdout.close()
    assert len(caught) == 60
    see(nodes, everybody(nodes), "all see all again")
    for node in nodes:
        told(node)
        node.events.clear()
    before = {node.id: node.status()["datagrams-refused"] for node in nodes}
    chance = random.Random(4630)
    garbage = [chance.randbytes(chance.randrange(1, 1400)) for _ in range(500)]
    everything = [*garbage, *caught, *forged(caught, chance), *caught]
    chance.shuffle(everything)
    subprocess.run([*network.add(), sys.executable, "-c", SHOUT, *addresses], check=True, text=True, timeout=60,
                   input="".join(one.hex() + "\n" for one in everything))
    for node in nodes:
        until(lambda node=node: node.status()["datagrams-refused"] > before[node.id] + 100, "refused datagrams")
    # They go on asking each other, and hear the answers.
    for node in nodes:
        heard = node.status()["datagrams-received"]
        until(lambda node=node, heard=heard: node.status()["datagrams-received"] > heard + 12, "answers")
    see(nodes, everybody(nodes), "all see all still")
    assert all(len(members(node)) == 4 for node in nodes)
    assert not dead(nodes)

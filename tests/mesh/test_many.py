# SPDX-License-Identifier: GPL-3.0-or-later
"""Many real nodes in network namespaces: what is published reaches everybody who can be reached, once,
whatever is cut, killed or stopped meanwhile. 50 of them with --long, else 10."""

import os
import signal
import time

import pytest

from node import Node, until

COUNT = 50 if os.environ.get("INOS_LONG") else 10
NEAR = min(COUNT - 1, 8)  # peers of the topic that each is to know before it counts as connected
SETTINGS = {"listen": "/ip4/0.0.0.0/tcp/4630", "discovery": "true"}


class History:
    """Who published what, and who has heard it."""

    def __init__(self, nodes):
        self.nodes, self.number = nodes, 0
        self.heard = {id(node): [] for node in nodes}

    def publish(self, node):
        self.number += 1
        text = f"{node.id}/{self.number}"
        node.ask("mesh.publish", "(u)", "(say)", "all", text.encode())
        return text

    def collect(self, node):
        node.ask("mesh.status", "(a{sv})")
        for name, data in node.events:
            if name == "mesh.message":
                self.heard[id(node)].append(bytes(node.value("(ssay)", data)[2]).decode())
        node.events.clear()
        return self.heard[id(node)]

    def everybody_hears(self, group, seconds=60):
        """One message of each of the group reaches all others of it."""
        said = {self.publish(node): node for node in group}
        for node in group:
            wanted = {text for text, author in said.items() if author is not node}
            until(lambda node=node, wanted=wanted: wanted <= set(self.collect(node)), f"{len(wanted)} messages", seconds)

    def check(self):
        """Nobody has heard anything twice in one life, or of himself."""
        for node in self.nodes:
            heard = self.collect(node)
            assert len(heard) == len(set(heard))
            assert not [text for text in heard if text.startswith(node.id)]


def reached(node):
    """Whether the node hears of the topic from as many as make it likely that it is connected to all."""
    return {row[0]: row[1] for row in node.ask("mesh.topics", "(a(suut))")[0]}.get("all", 0)


@pytest.fixture
def many(network):
    nodes = []
    try:
        for _ in range(COUNT):
            nodes.append(Node(SETTINGS, prefix=network.add()))
            nodes[-1].ask("mesh.subscribe", "()", "(s)", "all")
        for node in nodes:
            until(lambda node=node: reached(node) >= NEAR, "all others", 120)
        yield nodes
    finally:
        for node in nodes:
            if node.process.poll() is None:
                node.process.send_signal(signal.SIGCONT)
                node.stop()


def test_history(many, network):
    history = History(many)
    history.everybody_hears(many)
    history.check()

    # Cut in two: each half goes on for itself.
    half = COUNT // 2
    network.split(range(half))
    history.everybody_hears(many[:half])
    history.everybody_hears(many[half:])

    # Healed: they find each other again.
    network.heal()
    for node in many:
        until(lambda node=node: reached(node) >= NEAR, "all others again", 180)
    history.everybody_hears(many)

    # Killed, and started again with the same identity; what they know is whole.
    killed = many[:: COUNT // 3]
    before = [node.id for node in killed]
    for node in killed:
        node.kill()
    history.everybody_hears([node for node in many if node not in killed])
    for node in killed:
        history.heard[id(node)] = []  # who begins anew may be told what was said a moment ago
        node.start()
        node.ask("mesh.subscribe", "()", "(s)", "all")
    assert [node.id for node in killed] == before
    for node in many:
        until(lambda node=node: reached(node) >= NEAR, "all others after the restart", 180)
    history.everybody_hears(many)

    # Stopped: nobody else waits for it, and it catches up with what is said from then on.
    stopped = many[1]
    stopped.process.send_signal(signal.SIGSTOP)
    start = time.monotonic()
    history.everybody_hears([node for node in many if node is not stopped])
    assert time.monotonic() - start < 60
    stopped.process.send_signal(signal.SIGCONT)
    until(lambda: reached(stopped) >= NEAR, "all others after the pause", 180)
    history.everybody_hears(many)
    history.check()

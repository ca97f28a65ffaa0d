# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic of every kind among nodes, and what their memory does meanwhile."""

import pathlib
import random
import statistics
import time

from gi.repository import GLib

from node import Refused, until

TOPIC, STATE, ACTOR = "soak", "soak", "identity"
NAMES = 64  # of values, contents and entries: what is kept may not grow by what is new


def measure(process):
    """Of one process: KiB of its own and with its part of what it shares, KiB resident, open files, threads."""
    of = pathlib.Path(f"/proc/{process.pid}")
    rows = dict(line.split(":") for line in (of / "smaps_rollup").read_text().splitlines()[1:])
    kib = {key: int(text.split()[0]) for key, text in rows.items()}
    return {"private": kib["Private_Dirty"] + kib["Private_Clean"], "pss": kib["Pss"], "rss": kib["Rss"],
            "files": len(list((of / "fd").iterdir())), "threads": len(list((of / "task").iterdir()))}


def slope(points):
    """The middle of the slopes between any two points (Theil and Sen): a single step or peak does not move it."""
    return statistics.median((y2 - y1) / (x2 - x1) for index, (x1, y1) in enumerate(points)
                             for x2, y2 in points[index + 1:] if x2 > x1)


class Soak:
    """Deeds of six kinds in turn, each by a node and towards another that chance names; the first five as often as each
    other, so that a fifth of all deeds is of each kind."""

    def __init__(self, nodes, seed=5):
        self.nodes, self.chance = nodes, random.Random(seed)
        self.deeds, self.refused, self.published = 0, 0, 0
        self.heard = {node.id: 0 for node in nodes}
        for node in nodes:
            node.ask("mesh.subscribe", "()", "(s)", TOPIC)
            node.ask("mesh.state-open", "()", "(s)", STATE)
            node.ask("mesh.allow", "()", "(sas)", ACTOR, ["public"])
        for index, node in enumerate(nodes):
            for other in nodes[:index]:
                node.connect(other.address())
        for node in nodes:
            until(lambda node=node: self.reached(node) == len(nodes) - 1, "the topic's others")

    @staticmethod
    def reached(node):
        return {row[0]: row[1] for row in node.ask("mesh.topics", "(a(suut))")[0]}.get(TOPIC, 0)

    def name(self):
        return f"name-{self.chance.randrange(NAMES)}"

    def gossip(self, node, other):
        node.ask("mesh.publish", "(u)", "(say)", TOPIC, self.chance.randbytes(self.chance.randrange(1, 2000)))
        self.published += 1

    def value(self, node, other):
        what = self.chance.randrange(4)
        if what == 0:
            node.ask("mesh.put", "(u)", "(say)", self.name(), self.chance.randbytes(100))
        elif what == 1:
            node.ask("mesh.provide", "(u)", "(s)", self.name())
        elif what == 2:
            node.ask("mesh.providers", "(a(sas))", "(s)", self.name())
        else:
            node.ask("mesh.get", "(ay)", "(s)", f"{other.id}/{self.name()}")

    def stream(self, node, other):
        if self.chance.randrange(8):
            node.ping(other.id)
        else:
            node.ask("mesh.perf", "(ttt)", "(stt)", other.id, 300000, 300000)

    def letter(self, node, other):
        node.ask("actors.ask", "(v)", "(ssvu)", f"{other.id}/{ACTOR}", "note", GLib.Variant("s", "?"), 20000)

    def document(self, node, other):
        edit = self.chance.choice(("set", "set", "unset", "add", "take", "count"))
        text = str(self.chance.randrange(NAMES)) if edit in ("add", "take", "count") else "x" * self.chance.randrange(200)
        key = "tags" if edit in ("add", "take") else f"{edit[:2]}{self.name()}" if edit == "count" else self.name()
        node.ask("mesh.state-change", "()", "(sssayb)", STATE, edit, key, text.encode(), True)

    def part(self, node, other):
        node.ask("mesh.disconnect", "()", "(s)", other.id)
        until(lambda: self.connected(node, other), "the connection again")

    @staticmethod
    def connected(node, other):
        try:
            return node.connect(other.address()) and node.id in other.peers()
        except Refused:  # both have dialled, and one of the two connections was closed
            return False

    def round(self, parts=True):
        """Twenty deeds of each kind that is frequent, and one parting."""
        for deed in (self.gossip, self.value, self.stream, self.letter, self.document) * 20 + (self.part,) * parts:
            node, other = self.chance.sample(self.nodes, 2)
            try:
                deed(node, other)
            except Refused as refused:  # no such value yet, an actor that answers no letters, or too fast
                self.refused += 1
                if refused.code == "too-many":
                    time.sleep(0.05)
            self.deeds += 1
        for node in self.nodes:
            node.status()
            self.heard[node.id] += sum(name == "mesh.message" for name, _ in node.events)
            node.events.clear()

    def sample(self):
        """All nodes together."""
        each = [measure(node.process) for node in self.nodes]
        return {"deeds": self.deeds, **{key: sum(one[key] for one in each) for key in each[0]}}

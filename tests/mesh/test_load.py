# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared state on a machine that has other things to do: above 70 % of the processor what is not critical waits, and above
80 % of the memory what nobody has used for a minute is compressed."""

import os

import pytest

import machine
from node import Node, until

STATE = "board"


def change(node, key, text, critical):
    node.ask("mesh.state-change", "()", "(sssayb)", STATE, "set", key, text.encode(), critical)


def values(node):
    return {row[1]: bytes(row[2]).decode() for row in node.ask("mesh.state", "(ba(ssayx))", "(ss)", STATE, "")[1]}


def size(node):
    return {row[0]: row[2] for row in node.ask("mesh.states", "(a(sutuas))")[0]}[STATE]


def says(node, figure):
    """What the node tells others of its machine."""
    rows = node.ask("mesh.nodes", "(a(sxba{st}as))")[0]
    return next((row[3].get(figure, 0) for row in rows if row[0] == node.id), 0)


@pytest.fixture
def machines():
    if not machine.is_permitted():
        pytest.skip("mount namespaces are not permitted here")
    made = []

    def make():
        made.append(machine.Machine())
        return made[-1]
    yield make
    for one in made:
        one.close()


@pytest.fixture
def at_work(machines, nodes):
    """A node on a machine of the test's, another on the real one, and the first one's machine."""
    its = machines()
    worker, other = Node(prefix=its.prefix()), Node(prefix=machines().prefix())
    for node in (worker, other):
        node.ask("mesh.state-open", "()", "(s)", STATE)
    other.connect(worker.address())
    for node in (worker, other):
        until(lambda node=node: node.ask("mesh.states", "(a(sutuas))")[0][0][3] == 1, "somebody to share with")
    yield worker, other, its
    for node in (worker, other):
        assert node.stop() == 0


def waits(writer, reader, number):
    """Whether what is not critical is still not there when something critical that was written later is."""
    change(writer, "idle", f"{number}", False)
    change(writer, "urgent", f"{number}", True)
    until(lambda: values(reader).get("urgent") == f"{number}", "what is critical")
    return values(reader).get("idle") != f"{number}"


@pytest.mark.parametrize("writes", [True, False], ids=["who-writes", "who-reads"])
def test_what_is_not_critical_waits(at_work, writes):
    worker, other, its = at_work
    writer, reader = (worker, other) if writes else (other, worker)
    assert not any(waits(writer, reader, number) for number in range(5))
    its.processor = 0.9
    until(lambda: says(worker, "processor") > 850, "a busy processor")
    # A round, every 10 s, may bring one of them all the same.
    assert sum(waits(writer, reader, number) for number in range(5, 10)) >= 4
    change(writer, "idle", "last", False)
    its.processor = 0.1
    until(lambda: values(reader).get("idle") == "last", "what has waited", 60)


@pytest.mark.skipif(not os.environ.get("INOS_LONG"), reason="values count as old after a minute")
def test_what_is_old_is_compressed(at_work):
    worker, other, its = at_work
    wanted = {f"{number}": f"the same again {number} " * 100 for number in range(40)}
    for key, text in wanted.items():
        change(worker, key, text, True)
    until(lambda: values(other) == wanted, "all of it")
    whole = size(worker)
    its.memory = 0.9
    until(lambda: size(worker) < whole / 2, "compression", 120)
    assert size(other) == whole
    assert values(worker) == wanted
    change(worker, "0", "new", True)
    until(lambda: values(other) == {**wanted, "0": "new"}, "a change of what was compressed")

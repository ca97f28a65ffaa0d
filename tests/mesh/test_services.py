# SPDX-License-Identifier: GPL-3.0-or-later
"""What nodes offer each other: announced, found and ranked, withdrawn when it fails."""

import socket
import time

import pytest

from node import Refused, until


def offer(node, name, port=0, cost=0, cores=0, memory=0, lease=0):
    node.ask("mesh.offer", "()", "(suuutu)", name, port, cost, cores, memory, lease)


def find(node, name):
    """[(id, where, port, cost, score, load, round trip, addresses)], the best first."""
    return node.ask("mesh.find-service", "(a(ssuudutas))", "(s)", name)[0]


def who(node, name):
    return [(row[0], row[1]) for row in find(node, name)]


def offers(node):
    return {row[0]: row[1:] for row in node.ask("mesh.offers", "(a(suubtut))")[0]}


def services(node):
    return {tuple(row) for row in node.ask("mesh.services", "(a(ssuu))")[0]}


def described(node):
    return {row[0]: row[3] for row in node.ask("mesh.nodes", "(a(sxba{st}as))")[0] if row[3].get("cores", 0) > 0}


def found(nodes):
    for node in nodes[1:]:
        node.connect(nodes[0].address())
    for node in nodes:
        until(lambda node=node: set(described(node)) == {one.id for one in nodes}, "all know of all", 150)


@pytest.mark.sanitized
def test_offer_and_find(nodes):
    three = [nodes(), nodes(), nodes()]
    found(three)
    offer(three[1], "print", cost=900)
    offer(three[2], "print", cost=5)
    for node in three:
        until(lambda node=node: len(find(node, "print")) == 2, "both offers", 60)
    assert {("print", three[1].id, 0, 900), ("print", three[2].id, 0, 5)} <= services(three[0])
    # Here comes first, whatever it costs; elsewhere all counts, and is said.
    assert who(three[1], "print")[0] == (three[1].id, "here")
    rows = find(three[0], "print")
    assert all(0 < row[4] <= 1 and row[7] for row in rows)
    assert [row[4] for row in rows] == sorted((row[4] for row in rows), reverse=True)
    assert find(three[0], "nothing like it") == []

    three[2].ask("mesh.withdraw", "()", "(s)", "print")
    for node in three:
        until(lambda node=node: [row[0] for row in find(node, "print")] == [three[1].id], "one of them", 60)
    with pytest.raises(Refused) as refused:
        three[2].ask("mesh.withdraw", "()", "(s)", "print")
    assert refused.value.code == "not-found"


@pytest.mark.sanitized
def test_health_and_lease(nodes):
    two = [nodes(), nodes()]
    found(two)
    program = socket.create_server(("127.0.0.1", 0))
    port = program.getsockname()[1]
    offer(two[0], "web", port=port, cost=7)
    offer(two[0], "short", lease=3)
    until(lambda: [row[:4] for row in find(two[1], "web")] == [(two[0].id, "mesh", port, 7)], "it is announced", 60)
    assert offers(two[0])["web"][2] is True and 0 < offers(two[0])["short"][3] <= 3000
    until(lambda: "short" not in offers(two[0]), "the lease is over")
    until(lambda: find(two[1], "short") == [], "all know", 60)
    # Nobody answers at its port any more: withdrawn after three checks, and announced again when somebody does.
    program.close()
    until(lambda: offers(two[0])["web"][2] is False, "it is not well", 60)
    until(lambda: find(two[1], "web") == [], "it is withdrawn", 60)
    program = socket.create_server(("127.0.0.1", port))
    until(lambda: find(two[1], "web"), "it is announced again", 60)
    program.close()


@pytest.mark.sanitized
def test_what_cannot_be(nodes):
    node = nodes()
    until(lambda: described(node), "what the machine has", 60)
    figures = described(node)[node.id]
    for wrong, code in (({"name": ""}, "bad-payload"), ({"name": "a" * 65}, "bad-payload"),
                        ({"name": "a", "port": 65536}, "bad-payload"), ({"name": "a", "lease": 86401}, "bad-payload"),
                        ({"name": "a", "cores": figures["cores"] + 1}, "too-many"),
                        ({"name": "a", "memory": figures["memory"] + 1}, "too-many")):
        with pytest.raises(Refused) as refused:
            offer(node, **wrong)
        assert refused.value.code == code
    offer(node, "a", memory=figures["memory"])
    with pytest.raises(Refused):
        offer(node, "b", memory=1)
    offer(node, "a", memory=0)
    for number in range(47):
        offer(node, f"{number:064}")
        time.sleep(0.02)  # a connection has its share of requests
    with pytest.raises(Refused):
        offer(node, "one too many")
    until(lambda: len(services(node)) == 49, "all of them, and its relay", 60)


def test_gone(nodes):
    """Whoever has gone is not found, though its state and its record in the DHT are still there."""
    three = [nodes(), nodes(), nodes()]
    found(three)
    offer(three[1], "print")
    offer(three[2], "print")
    until(lambda: len(find(three[0], "print")) == 2, "both offers", 60)
    three[1].process.terminate()
    three[1].process.wait(20)
    until(lambda: [row[0] for row in find(three[0], "print")] == [three[2].id], "it has left", 60)
    three[2].process.terminate()
    three[2].process.wait(20)
    until(lambda: find(three[0], "print") == [], "the other too", 60)

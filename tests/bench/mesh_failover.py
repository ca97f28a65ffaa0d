"""How long a group of five is without a primary: from the moment when it is killed, or stops without its connections breaking
as that of a machine that loses its power, until another holds the lease."""

import signal
import time

from mesh_rows import row
from mesh_swarm import percentile
from node import Node, until

GROUP = "bench"
SIZE = 5
PATIENCE = 120


def group_of(node):
    """primary, epoch, token, lease, members"""
    return next(rest for name, *rest in node.ask("mesh.groups", "(a(ssttta(ss)))")[0] if name == GROUP)


def holder(nodes, above):
    """Who of these says that it may write, in a later epoch."""
    for node in nodes:
        _, _, token, _, _ = group_of(node)
        if token > above:
            return node, token
    return None


def all_there(nodes):
    return all(state in ("self", "there") for node in nodes for _, state in group_of(node)[4])


def connect_all(node, others):
    for other in others:
        node.connect(other.address())


def fail(primary, others, token, stops):
    """s until the next one holds the lease; who, and its token. The one before comes back."""
    start = time.perf_counter()
    if stops:
        primary.process.send_signal(signal.SIGSTOP)
    else:
        primary.kill()
    following, later = until(lambda: holder(others, token), "the next primary", PATIENCE)
    taken = time.perf_counter() - start
    if stops:
        primary.process.send_signal(signal.SIGCONT)
    else:
        primary.start()
    connect_all(primary, others)
    until(lambda: all_there([*others, primary]), "all of the group", PATIENCE)
    return taken, following, later


def failovers(count):
    nodes = [Node() for _ in range(SIZE)]
    for index, node in enumerate(nodes):
        connect_all(node, nodes[:index])
    for node in nodes:
        node.ask("mesh.group-join", "()", "(sas)", GROUP, [one.id for one in nodes])
    primary, token = until(lambda: holder(nodes, 0), "the first primary", PATIENCE)
    until(lambda: all_there(nodes), "all of the group", PATIENCE)
    taken = []
    for number in range(count):
        others = [node for node in nodes if node is not primary]
        seconds, primary, token = fail(primary, others, token, number % 2 == 1)
        taken.append(seconds)
    for node in nodes:
        node.stop()
    return taken


def failover(quick):
    taken = failovers(4 if quick else 20)
    note = f"{len(taken)} times, every other one killed, the rest stopped"
    yield row("group of five, failover, p50", "s", percentile(taken, 0.5), None, None, note=note)
    yield row("group of five, failover, p99", "s", percentile(taken, 0.99), None, 6)

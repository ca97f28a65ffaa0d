# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of single protocols and of memory: from the settings, and changed while the node runs."""

import pytest

from node import Refused
from test_bandwidth import bandwidth, seconds

PERF = "/perf/1.0.0"
KIB = 1024


def limits(node):
    return {row[0]: row[1:] for row in node.ask("mesh.limits", "(a(sttt))")[0]}


def limit(node, whom, send=0, receive=0, memory=0):
    node.ask("mesh.limit", "()", "(sttt)", whom, send, receive, memory)


@pytest.mark.sanitized
def test_of_a_protocol(nodes, peers):
    """Of a protocol, with js-libp2p at the other end; others do not wait for it. 2 MiB take 2 s at 1 MiB/s, less what goes
    at once."""
    node, other = nodes(protocol_limits=f"{PERF}:send=1024,receive=1024,memory=4096"), peers(pubsub="none", dht=False)
    assert limits(node) == {PERF: (1024 * KIB, 1024 * KIB, 4096 * KIB)}
    node.connect(other.address())
    assert seconds(node, other, 2 << 20, 0) > 1.5
    assert seconds(node, other, 0, 2 << 20) > 1.2  # the window comes at once
    assert node.ping(other.id) > 0
    assert bandwidth(node)[2][PERF][4] == 0  # nothing waits any more


def test_while_it_runs(nodes):
    node, other = nodes(send_max="64", peer_memory_max="2048"), nodes(perf="true")
    assert limits(node) == {"total": (64 * KIB, 0, 0), "peer": (0, 0, 2048 * KIB)}
    node.connect(other.address())
    limit(node, "total")
    limit(node, PERF, send=1024 * KIB)
    assert limits(node) == {"peer": (0, 0, 2048 * KIB), PERF: (1024 * KIB, 0, 0)}
    assert seconds(node, other, 2 << 20, 0) > 1.5
    limit(node, PERF)
    limit(node, "peer", receive=1024 * KIB)
    assert limits(node) == {"peer": (0, 1024 * KIB, 0)}
    assert seconds(node, other, 0, 2 << 20) > 1.5


def test_wrong(nodes):
    node = nodes(protocol_limits="/perf/1.0.0:send=1", peer_memory_max="7")
    assert "protocol-limits" in node.text() and "peer-memory-max" in node.text() and limits(node) == {}
    for whom, *values in (("perf", 0, 0, 0), ("total", 0, 0, 1 << 20), ("/perf/1.0.0", 100, 0, 0), ("peer", 0, 0, 5),
                          ("/a b", 0, 0, 0), ("", 0, 0, 0)):
        with pytest.raises(Refused):
            limit(node, whom, *values)
    assert limits(node) == {}
    for number in range(70):
        try:
            limit(node, f"/p/{number}", send=1 << 20)
        except Refused:
            break
    assert 30 < number < 69  # 64 protocols are counted, and the rest as one

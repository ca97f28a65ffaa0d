# SPDX-License-Identifier: GPL-3.0-or-later
"""Strangers who misbehave at a real node's door: its memory is bounded, and honest peers are served."""

import contextlib
import os
import pathlib
import random
import re
import socket
import subprocess
import time

import pytest

from node import until

pytestmark = pytest.mark.sanitized

# MiB that a node may have more after a flood; ASan keeps up to 256 of what was freed.
MORE = 40 + (256 if os.environ.get("INOS_BUILD") == "asan" else 0)


def port_of(node, websocket=False):
    return int(re.search(r"/tcp/(\d+)", node.address(websocket))[1])


def memory(node):
    text = pathlib.Path(f"/proc/{node.process.pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) // 1024


@contextlib.contextmanager
def strangers(node, count, websocket=False):
    """So many connections that say nothing by themselves."""
    sockets, port = [], port_of(node, websocket)
    try:
        for _ in range(count):
            sockets.append(socket.create_connection(("127.0.0.1", port), timeout=20))
        yield sockets
    finally:
        for one in sockets:
            one.close()


def is_closed(one):
    """Whether the node has hung up."""
    one.settimeout(20)
    try:
        while one.recv(65536):
            pass
        return True
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


@pytest.mark.parametrize("websocket", [False, True], ids=["tcp", "ws"])
def test_who_says_nothing_keeps_nobody_out(nodes, websocket):
    node, honest = nodes(), nodes()
    with strangers(node, 200, websocket) as silent:
        until(lambda: honest_is_served(node, honest), "an honest peer among those that only sit there", 30)
        assert all(is_closed(one) for one in silent)


def honest_is_served(node, honest):
    try:
        honest.connect(node.address())
        return honest.ping(node.id) > 0
    except Exception:  # refused while there is no room
        time.sleep(0.3)
        return False


@pytest.mark.parametrize("websocket", [False, True], ids=["tcp", "ws"])
def test_garbage(nodes, websocket):
    """Random bytes, cut off and repeated handshakes, huge lengths: each is hung up on."""
    node, honest = nodes(), nodes()
    honest.connect(node.address(websocket))
    rand = random.Random(7)
    pieces = [b"\x13/multistream/1.0.0\n", b"\x07/noise\n", b"\xff\xff", b"\x00\x20" + bytes(32), b"GET / HTTP/1.1\r\n",
              b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nHost: x\r\n\r\n", b"\x82\xff" + b"\xff" * 12, b"\x80" * 40]
    before, port = memory(node), port_of(node, websocket)
    for _ in range(300):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
            with contextlib.suppress(OSError):
                for _ in range(rand.randrange(1, 6)):
                    one.sendall(rand.choice(pieces) if rand.random() < 0.7 else rand.randbytes(rand.randrange(1, 3000)))
    assert honest.ping(node.id) > 0
    assert node.peers() == [honest.id]
    assert memory(node) < before + MORE


def test_flood_of_connections(nodes):
    """Ten thousand that come and go at once cost no memory, and an honest peer is served all the while."""
    node, honest = nodes(), nodes()
    honest.connect(node.address())
    before = memory(node)
    for _ in range(100):
        with strangers(node, 100):
            pass
        assert honest.ping(node.id) > 0
    until(lambda: node.status()["connections"] == 1, "the end of all but one")
    assert memory(node) < before + MORE


def test_endless_name(nodes):
    """A proposal that never ends is no proposal."""
    node = nodes()
    with strangers(node, 1) as (one,):
        with contextlib.suppress(OSError):
            one.sendall(b"\x13/multistream/1.0.0\n\xff\xff\x03")
            for _ in range(64):
                one.sendall(os.urandom(65536))
        assert is_closed(one)


def crowd(node, count, streams):
    """So many peers with different identities, each with so many streams of which it reads nothing."""
    path = pathlib.Path(__file__).parents[2] / "build" / os.environ.get("INOS_BUILD", "debug") / "tests/node/mesh/net/crowd"
    return subprocess.Popen([path, str(port_of(node)), str(count), str(streams)], stdout=subprocess.PIPE, text=True)


def serve_meanwhile(process, node, honest):
    """An honest peer is answered as long as the others are there; how many of them got in."""
    answered = 0
    while process.poll() is None:
        assert honest.ping(node.id) < 5e9
        answered += 1
        time.sleep(0.05)
    assert answered > 0 and process.returncode == 0
    return int(process.stdout.read())


def test_ten_thousand_identities(nodes):
    """From one address; all that is kept of whom one has once seen is bounded, and who is there already stays."""
    node, honest = nodes(), nodes()
    honest.connect(node.address())
    before = memory(node)
    assert serve_meanwhile(crowd(node, 10000 if os.environ.get("INOS_LONG") else 1000, 1), node, honest) > 500
    assert honest.id in node.peers()
    assert memory(node) < before + MORE
    until(lambda: node.peers() == [honest.id], "the end of all others")


def test_flood_of_streams(nodes):
    """Ten peers that open more streams than they may have, ask on each and read nothing."""
    node, honest = nodes(), nodes()
    honest.connect(node.address())
    before = memory(node)
    serve_meanwhile(crowd(node, 10, 5000), node, honest)
    assert memory(node) < before + MORE
    assert honest.ping(node.id) > 0
    until(lambda: node.peers() == [honest.id], "the end of all others")

# SPDX-License-Identifier: GPL-3.0-or-later
"""Traps that other implementations, or libraries, set for who speaks with them: found by experiment, one test each.
G1, what comes before the protocol was echoed, is also in tests/node/mesh/link/test-traps.c, without a peer."""

import base64
import concurrent.futures
import ctypes
import os
import pathlib
import re
import socket
import struct

import pytest

from js import Failed
from node import Refused, until


def port_of(node, websocket):
    return int(re.search(r"/tcp/(\d+)", node.address(websocket))[1])


def test_g1_request_and_end_at_once(nodes, peers):
    """js-libp2p loses a request whose FIN comes before it has echoed the protocol. Ten that end as soon as they can."""
    node, peer = nodes(), peers(pubsub="none", dht=False)
    node.connect(peer.address())
    for size in (0, 1, 300) * 4:
        sent, received, _ = node.ask("mesh.perf", "(ttt)", "(stt)", peer.id, size, 100, seconds=20)
        assert (sent, received) == (size, 100)


def upgrade(one, extensions):
    key = base64.b64encode(os.urandom(16)).decode()
    one.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\n{extensions}\r\n".encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += one.recv(1)
    return head.decode()


def test_g2_websocket_compresses_nothing(nodes):
    """Ciphertext through zlib is seven times slower: who offers permessage-deflate gets a link without it."""
    with socket.create_connection(("127.0.0.1", port_of(nodes(), True)), timeout=20) as one:
        head = upgrade(one, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
    assert head.startswith("HTTP/1.1 101") and "extensions" not in head.lower()


def test_g3_large_websocket_messages(nodes):
    """A message of more than 128 KiB is taken, and as it comes: what is answered is its beginning."""
    with socket.create_connection(("127.0.0.1", port_of(nodes(), True)), timeout=20) as one:
        upgrade(one, "")
        content = b"\x13/multistream/1.0.0\n\x07/noise\n"
        one.sendall(b"\x82\xff" + struct.pack(">Q", 1 << 20) + bytes(4) + content)  # a mask of zeros
        got = b""
        while content not in got:
            more = one.recv(1000)
            assert more, f"hung up after {got}"
            got += re.sub(rb"\x82[\x00-\x7d]", b"", more)


def test_g3_small_messages_do_not_wait(nodes, peers):
    """TCP_NODELAY is set at each socket that has a connection of the mesh."""
    node, peer = nodes(), peers(pubsub="none", dht=False)
    for websocket in (False, True):
        node.connect(peer.address(websocket))
    peer.do("dial", to=node.address(True))
    libc = ctypes.CDLL(None, use_errno=True)
    pidfd, seen = os.pidfd_open(node.process.pid), 0
    for fd in pathlib.Path(f"/proc/{node.process.pid}/fd").iterdir():
        copy = libc.syscall(438, pidfd, int(fd.name), 0)  # pidfd_getfd
        if copy < 0:
            os.close(pidfd)
            pytest.skip("sockets of other processes may not be looked at here")
        try:
            with socket.socket(fileno=copy) as one:
                if one.family in (socket.AF_INET, socket.AF_INET6) and one.type == socket.SOCK_STREAM:
                    if not one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                        assert one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                        seen += 1
        except OSError:  # no socket
            continue
    os.close(pidfd)
    assert seen >= 1


def reached(node, address):
    try:
        return node.connect(address)
    except Refused:
        return None


def test_g4_a_peer_that_lets_in_five_a_second(nodes, peers):
    """js-libp2p cuts what comes too often from one host before a word is said: its address is not given up for that."""
    node, peer = nodes(), peers(pubsub="none", dht=False, threshold=5)
    refused = 0
    for _ in range(15):
        if reached(node, peer.address()) is None:
            refused += 1
        else:
            node.ask("mesh.disconnect", "()", "(s)", peer.id)
    assert refused > 0
    until(lambda: reached(node, peer.address()), "the peer again", 60)
    assert node.ping(peer.id) > 0


def test_g5_pings_one_after_the_other(nodes, peers):
    """js-libp2p allows itself one stream to ping with: it must have ended here before the next."""
    node, peer = nodes(), peers(pubsub="none", dht=False)
    peer.do("dial", to=node.address())
    for _ in range(50):
        peer.do("ping", to=node.id)
        assert node.ping(peer.id) > 0


def test_g6_pings_while_much_is_carried(nodes, peers):
    """js-libp2p's monitor hangs up on who does not answer a ping in time, also while all is full."""
    node, peer = nodes(perf="true"), peers(pubsub="none", dht=False)
    peer.do("dial", to=node.address())
    with concurrent.futures.ThreadPoolExecutor() as pool:
        answered = 0
        bulk = pool.submit(peer.do, "perf", to=node.id, up=100 << 20, down=100 << 20, seconds=240)
        while not bulk.done():
            assert peer.do("ping", to=node.id)["ms"] < 10000
            answered += 1
        assert bulk.result()["received"] == 100 << 20
    assert answered > 0 and node.peers() == [peer.id]


def test_g7_not_mplex(nodes, peers):
    """mplex does not work between two of js-libp2p even: yamux is taken though the other likes mplex better, and nothing
    where it has nothing else."""
    node, both, only = nodes(), peers(pubsub="none", dht=False, muxers=["mplex", "yamux"]), peers(
        pubsub="none", dht=False, muxers=["mplex"])
    assert both.do("dial", to=node.address())["muxer"] == "/yamux/1.0.0"
    both.do("hangUp", to=node.id)
    until(lambda: not node.peers(), "its end")
    assert node.connect(both.address()) == both.id
    assert node.ping(both.id) > 0
    with pytest.raises(Refused):
        node.connect(only.address())
    with pytest.raises(Failed):
        only.do("dial", to=node.address())
    until(lambda: node.peers() == [both.id], "the end of the other")


def test_g8_long_websocket_transfers(nodes, peers):
    """Node.js' own WebSocket breaks off what takes long; the ws package, which the peer of these tests uses, does not."""
    node, peer = nodes(perf="true"), peers(pubsub="none", dht=False)
    peer.do("dial", to=node.address(True))
    size = (1024 if os.environ.get("INOS_LONG") else 64) << 20
    assert peer.do("perf", to=node.id, up=size, down=size, seconds=600)["received"] == size
    assert node.peers() == [peer.id]

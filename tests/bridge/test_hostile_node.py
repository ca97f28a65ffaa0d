# SPDX-License-Identifier: GPL-3.0-or-later
"""inos-bridge against a hostile stand-in for the node: a socket server in this test that sends
nonsense. Nothing here is the real node; what is tested is that the bridge survives it."""

import os
import random
import socket
import struct
import subprocess
import sys
import threading

from harness import Fixture, check, equal, frame, run_tests, turn, variant, wait_for

RESOURCES = "(xdad(ddd)tttta(sddd)a(ssttt)a(sbtttt)a(sd)(bdbx))"


class Server(threading.Thread):
    """Speaks to each connection with speak(connection, number)."""

    def __init__(self, path, speak):
        super().__init__(daemon=True)
        self.speak, self.count, self.open = speak, 0, []
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen(8)
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.open.append(connection)
            self.count += 1
            try:
                self.speak(connection, self.count)
            except OSError:
                pass


def survives(f, speak, connections=2):
    server = Server(f.socket, speak)
    bridge = f.bridge()
    wait_for(lambda: server.count >= connections, f"connection {connections}", 15)
    turn(0.2)
    equal(f.get("Connected"), False)
    equal(bridge.poll(), None, "the bridge ended:")
    server.listener.close()
    bridge.terminate()
    equal(bridge.wait(15), 0)


def noise(f):
    """random bytes drop the connection, and it is tried again"""
    dice = random.Random(7)
    survives(f, lambda c, n: c.sendall(dice.randbytes(5000)), 3)


def lengths(f):
    """frames that are too long, too short or of no known format"""
    bad = [struct.pack("<I", 0xFFFFFFFF), struct.pack("<I", (1 << 20) + 1), struct.pack("<I", 3) + b"abc",
           frame(2, "node.info", b"", form=9)]
    survives(f, lambda c, n: c.sendall(bad[n % len(bad)]), 4)


def payloads(f):
    """well-formed frames with wrong payloads, kinds and names"""
    bad = [frame(2, "node.info", b"\xff" * 7, 1), frame(1, "node.info", b""),
           frame(2, "node.resources", variant("(u)", (3,)), 1), frame(2, "no.such", b"", 1),
           frame(3, "node.info", b"\x01", 1), frame(2, "node.resources", b"\x00" * 40, 1)]
    survives(f, lambda c, n: c.sendall(bad[n % len(bad)]), 6)


def slams(f):
    """a node that closes at once is tried ever more slowly"""
    survives(f, lambda c, n: c.close(), 3)


def silence(f):
    """a node that never answers is dropped after the time-out, and calls get an error"""
    server = Server(f.socket, lambda c, n: None)
    bridge = f.bridge()
    wait_for(lambda: server.count == 1, "the connection")
    f.refused("Refresh", None, "org.inos.Error.NotConnected")
    wait_for(lambda: server.count == 2, "the next try")
    equal(bridge.poll(), None)


def unhealthy_figures(f):
    """figures that are no numbers become 0; names with control characters stay data"""
    nan, inf = float("nan"), float("inf")
    info = variant("(sssxs)", ("peer\x1b[2J", "1", "host", -5, "00"))
    sample = variant(RESOURCES, (
        -1, nan, [inf, -inf], (nan, nan, inf), 2**64 - 1, 2**64 - 1, 0, 5, [("cpu.some", nan, 1, 1)],
        [("/\x1b]0;x\x07", "x", 0, 9, 9)], [("e\nth", True, 1, 2, 3, 4)], [("t", inf)], (True, nan, False, -9)))

    def speak(connection, number):
        requests = b""
        while requests.count(b"node.") < 4 or b"mesh.members" not in requests:
            requests += connection.recv(4096)
        connection.sendall(frame(2, "node.info", info, 1) + frame(2, "node.resources", sample, 2) +
                           frame(2, "node.alerts", b"", 3) +
                           frame(2, "node.subscribe", variant("(u)", (5000,)), 4) +
                           frame(2, "mesh.members", variant("(ua(ssstuututsb))", (2**32 - 1, [])), 5) +
                           frame(4, "mesh.member", variant("(ssu)", ("\x1b[2J", "undead", 7))))
        for i in range(200):
            alert = variant("(sbdds)", ("a" * (i % 3), i % 2 == 0, nan, inf, "\x1b[31m"))
            connection.sendall(frame(4, "node.alert", alert))

    Server(f.socket, speak)
    f.bridge()
    f.connected()
    all_ = f.get_all()
    equal((all_["CpuUsage"], all_["CpuCores"], all_["LoadAverage"]), (0.0, [0.0, 0.0], (0.0, 0.0, 0.0)))
    equal(all_["Uptime"], 0)
    for argv in (["resources"], ["status"], ["resources", "--json"]):
        result = f.inosctl(*argv)
        equal(result.returncode, 0, result.stderr)
        check("\x1b" not in result.stdout and "\x07" not in result.stdout, argv, "let an escape through")


FOREIGN = """
import socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(sys.argv[1])
listener.listen(8)
print("ready", flush=True)
while True:
    print(listener.accept()[0].recv(4096), flush=True)
"""


def foreign_user(f):
    """a socket that another user serves is left without a word (needs root)"""
    if os.getuid() != 0:
        print("# skipped: only root can be another user")
        return
    for folder in (f.folder, os.path.dirname(os.path.dirname(f.socket))):
        os.chmod(folder, 0o711)
    os.chmod(os.path.dirname(f.socket), 0o777)
    server = f.spawn("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c",
                     FOREIGN, f.socket, stdout=subprocess.PIPE, text=True)
    equal(server.stdout.readline(), "ready\n")
    os.chmod(f.socket, 0o777)
    f.bridge()
    for _ in range(2):
        equal(server.stdout.readline(), "b''\n", "said to a foreign user:")
    equal(f.get("Connected"), False)
    f.refused("Refresh", None, "org.inos.Error.NotConnected")


if __name__ == "__main__":
    os.umask(0o077)
    run_tests([noise, lengths, payloads, slams, silence, unhealthy_figures,
               foreign_user], Fixture)

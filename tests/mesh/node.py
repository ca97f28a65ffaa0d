# SPDX-License-Identifier: GPL-3.0-or-later
"""A real inos-node with a directory of its own, asked over its socket."""

import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

from gi.repository import GLib

REQUEST, REPLY, ERROR, EVENT = 1, 2, 3, 4
LISTEN = "/ip4/127.0.0.1/tcp/0 /ip4/127.0.0.1/tcp/0/ws"


class Refused(Exception):
    """What the node answered in place of a reply: a code and a sentence."""

    def __init__(self, code, sentence):
        super().__init__(f"{code}: {sentence}")
        self.code = code


def until(condition, what, seconds=60):
    """What condition() returns when it is something; fails where that takes too long, with `what` in words."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")


class Node:
    def __init__(self, settings=None, prefix=(), directory=None):
        """settings: of [mesh]; prefix: a command that starts another, such as ip netns exec."""
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix="inos-mesh-"))
        self.owned = directory is None
        self.prefix = list(prefix)
        mesh = {"listen": LISTEN, "discovery": "false", **(settings or {})}
        ini = "[mesh]\n" + "".join(f"{key}={value}\n" for key, value in mesh.items())
        (self.directory / "node.ini").write_text(ini)
        self.process = None
        self.start()

    def start(self):
        self.log = open(self.directory / "log", "ab")
        self.path = self.directory / "run" / "inos" / "node.sock"
        self.path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        self.process = subprocess.Popen(
            [*self.prefix, "inos-node", "--state-dir", str(self.directory / "state"), "--socket", str(self.path),
             "--config", str(self.directory / "node.ini")],
            stdout=self.log, stderr=self.log, env={**os.environ, "G_MESSAGES_DEBUG": "inos-node"})
        self.socket = socket.socket(socket.AF_UNIX)
        self.last = 0
        self.events = []
        until(self.try_connect, "the node's socket")
        until(lambda: self.addresses(), "an address of the mesh")
        self.id = self.status()["peer-id"]

    def try_connect(self):
        assert self.process.poll() is None, self.text()
        try:
            self.socket.connect(str(self.path))
            return True
        except (FileNotFoundError, ConnectionRefusedError):
            return False

    def text(self):
        return (self.directory / "log").read_text(errors="replace")

    def read_exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            assert more, "the node closed its socket:\n" + self.text()
            data += more
        return data

    def read_frame(self):
        size, = struct.unpack("<I", self.read_exactly(4))
        body = self.read_exactly(size)
        kind, name_size = body[1], body[3]
        reply_to, = struct.unpack_from("<Q", body, 16)
        name = body[28:28 + name_size].decode()
        return kind, reply_to, name, body[28 + name_size:]

    @staticmethod
    def value(text, data):
        return GLib.Variant.new_from_bytes(GLib.VariantType(text), GLib.Bytes.new(data), False).unpack()

    def question(self, name, kind="()", *values, seconds=60):
        """Sends one request of the message table and returns its number."""
        self.last += 1
        payload = GLib.Variant(kind, values).get_data_as_bytes().get_data()
        body = struct.pack("<BBBBHHQQI", 1, REQUEST, 2, len(name), 1, 0, self.last, 0, 0) + name.encode() + payload
        self.socket.settimeout(seconds)
        self.socket.sendall(struct.pack("<I", len(body)) + body)
        return self.last

    def ask(self, name, reply="()", kind="()", *values, seconds=60):
        """One request of the message table, and its reply."""
        number = self.question(name, kind, *values, seconds=seconds)
        while True:
            got, reply_to, got_name, data = self.read_frame()
            if got == EVENT:
                self.events.append((got_name, data))
            elif reply_to == number and got == ERROR:
                raise Refused(*self.value("(ss)", data))
            elif reply_to == number:
                return self.value(reply, data)

    def wait_message(self, topic, seconds=60):
        """The next message of the topic: from whom, and what."""
        end = time.monotonic() + seconds
        while True:
            for index, (name, data) in enumerate(self.events):
                if name == "mesh.message":
                    got, sender, content = self.value("(ssay)", data)
                    if got == topic:
                        del self.events[index]
                        return sender, bytes(content)
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            kind, _, name, data = self.read_frame()
            assert kind == EVENT
            self.events.append((name, data))

    # What is asked most

    def status(self):
        return self.ask("mesh.status", "(a{sv})")[0]

    def addresses(self):
        return self.status()["addresses"]

    def address(self, websocket=False):
        at = [one for one in self.addresses() if ("/ws" in one) == websocket]
        return f"{at[0]}/p2p/{self.id}"

    def peers(self, every=False):
        return [row[0] for row in self.ask("mesh.peers", "(ua(sssubbttt))", "(bu)", every, 512)[1]]

    def connect(self, whom):
        return self.ask("mesh.connect", "(s)", "(s)", whom)[0]

    def ping(self, peer):
        return self.ask("mesh.ping", "(t)", "(s)", peer)[0]

    def inspect(self, peer):
        return self.ask("mesh.inspect", "(a{sv})", "(s)", peer)[0]

    # Its end

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.socket.close()
        self.log.close()

    def stop(self):
        """Ends it as a service manager does; returns its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("the node does not stop:\n" + self.text()) from None
        self.socket.close()
        self.log.close()
        status = self.process.returncode
        if self.owned:
            shutil.rmtree(self.directory, ignore_errors=True)
        return status

# SPDX-License-Identifier: GPL-3.0-or-later
"""The node of the system and several users: each asks with their own rights, what is the machine's is for polkit to allow, what
is a person's is that person's own node's. With real processes of real users, so that it needs root."""

import json
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import tempfile

from gi.repository import GLib
from harness import BRIDGE, INOSCTL, NODE, check, equal, frame, run_tests, variant
from polkit import Agent, Polkit
from test_system import as_user, may_change_users

FRIEND = "games"  # whose the rule is
# Accounts of every Debian: a bus takes nobody who has none.
OWNER, ALICE, BOB = (pwd.getpwnam(name).pw_uid for name in ("lp", FRIEND, "mail"))
POLICY = os.path.join(os.environ["INOS_SOURCE"], "data", "system", "org.inos.node.policy")
SETTINGS = "[mesh]\nlisten=/ip4/127.0.0.1/tcp/0\ndiscovery=false\nmetered=no\nbattery=no\n"
ERROR, REPLY = 3, 2


def until(predicate, what, seconds=30):
    Polkit.until(predicate, what, seconds)


class Client:
    """A connection of that user's."""

    def __init__(self, path, uid):
        self.socket, self.bytes, self.last = socket.socket(socket.AF_UNIX), b"", 0
        self.socket.settimeout(30)
        os.seteuid(uid)
        try:
            self.socket.connect(path)
        finally:
            os.seteuid(0)

    def send(self, name, payload=b"\0", times=1):
        out = b""
        for _ in range(times):
            self.last += 1
            out += frame(1, name, payload, number=self.last)
        self.socket.sendall(out)

    def next(self):
        """Kind, code of an error, and the request that is answered."""
        while len(self.bytes) < 4 or len(self.bytes) < 4 + struct.unpack("<I", self.bytes[:4])[0]:
            more = self.socket.recv(65536)
            check(more, "the node has closed the connection")
            self.bytes += more
        size = 4 + struct.unpack("<I", self.bytes[:4])[0]
        one, self.bytes = self.bytes[:size], self.bytes[size:]
        payload = one[32 + one[7]:]
        return one[5], payload.split(b"\0")[0].decode() if one[5] == ERROR else "", struct.unpack("<Q", one[20:28])[0]

    def ask(self, name, payload=b"\0"):
        self.send(name, payload)
        kind, code, number = self.next()
        equal(number, self.last)
        return code or kind

    def close(self):
        self.socket.close()


class Fixture:
    def __init__(self):
        self.children, self.clients, self.polkit, self.top, self.log = [], [], None, None, None
        if not may_change_users():
            return
        try:
            self.make()
        except Exception:
            self.close()
            raise

    def make(self):
        self.top = tempfile.mkdtemp(prefix="inos-u-")
        os.chmod(self.top, 0o755)
        self.path = self.top + "/node.sock"
        self.polkit = Polkit(self.top, POLICY, OWNER, FRIEND)
        os.mkdir(self.top + "/state", 0o700)
        os.chown(self.top + "/state", OWNER, OWNER)
        with open(self.top + "/node.ini", "w", encoding="utf-8") as file:
            file.write(SETTINGS)
        self.log = open(self.top + "/node.log", "w+", encoding="utf-8")
        self.start()

    def start(self):
        """As systemd does: the socket is root's, and everybody may connect."""
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        os.chmod(self.path, 0o666)
        listener.listen(64)

        def take_over():
            os.dup2(listener.fileno(), 3)

        script = 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'
        child = subprocess.Popen(
            ["sh", "-c", script, "sh", *as_user(OWNER, OWNER), NODE, "--system", "--polkit", "--state-dir", self.top + "/state",
             "--config", self.top + "/node.ini"], pass_fds=(3,), preexec_fn=take_over, stderr=self.log,
            env=dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=self.polkit.address, LC_ALL="C.UTF-8"))
        self.children.append(child)
        listener.close()
        # The mesh is the last to be there.
        until(lambda: self.inosctl(0, "mesh", "status").returncode == 0 or child.poll() is not None, "the node")

    def inosctl(self, uid, *argv):
        environment = dict(os.environ, INOS_SYSTEM_SOCKET=self.path, LC_ALL="C.UTF-8")
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        prefix = as_user(uid, uid) if uid else []
        return subprocess.run([*prefix, INOSCTL, "--system", *argv], env=environment, capture_output=True, text=True, timeout=60,
                              check=False)

    def expect(self, status, says, uid, *argv):
        result = self.inosctl(uid, *argv)
        check(result.returncode == status and says in result.stdout + result.stderr, uid, argv, result.returncode, result.stdout,
              result.stderr)
        return result.stdout

    def client(self, uid):
        self.clients.append(Client(self.path, uid))
        return self.clients[-1]

    def written(self, text):
        self.log.flush()
        with open(self.top + "/node.log", encoding="utf-8") as file:
            return text in file.read()

    def close(self):
        for client in self.clients:
            client.close()
        for child in reversed(self.children):
            child.terminate()
            code = child.wait(30)
            check(code in (0, -signal.SIGTERM), child.args, "ended with", code)
        if self.polkit:
            self.polkit.close()
        if self.log:
            self.log.close()
        if self.top:
            shutil.rmtree(self.top)


def real(test):
    def run(f):
        if f.top is None:
            print("# skipped: only root can be two users", flush=True)
            return
        try:
            test(f)
        except Exception:
            print("# the node has written:", *open(f.top + "/node.log", encoding="utf-8").read().splitlines()[-8:], sep="\n#   ")
            raise
    run.__doc__ = test.__doc__
    return run


@real
def what_polkit_says(f):
    """everybody sees how busy the machine is; the mesh, its members and the actors are for whom polkit allows them"""
    own = json.loads(f.expect(0, "12D3KooW", 0, "mesh", "status", "--json"))["peer-id"]
    equal(json.loads(f.expect(0, own, OWNER, "mesh", "status", "--json"))["peer-id"], own)
    f.expect(0, own, BOB, "status")
    f.expect(1, "polkit does not let you do this (org.inos.node.inspect)", BOB, "mesh", "peers")
    f.expect(1, "needs an administrator's password (polkit's org.inos.node.members)", BOB, "mesh", "invite")
    f.expect(1, "needs an administrator's password (polkit's org.inos.node.actors)", BOB, "actors", "restart", "feed")

    f.expect(0, own, ALICE, "mesh", "status")
    f.expect(0, "", ALICE, "mesh", "limit", "total", "1000", "1000", "0")
    f.expect(0, "1000", ALICE, "mesh", "limits")
    f.expect(0, "", ALICE, "mesh", "invite")
    check(f.written(f"User {ALICE} asks for mesh.invite, and polkit allows it (org.inos.node.members)."), "the log does not say who")
    f.expect(1, "polkit does not let you do this (org.inos.node.actors)", ALICE, "actors", "restart", "feed")
    f.expect(0, "", 0, "actors", "restart", "feed")
    f.expect(2, "--system does not go with 'subscribe'", ALICE, "mesh", "subscribe", "news")


@real
def what_is_a_persons(f):
    """terminals, processes, logs and the arena are nobody's here, whatever polkit says"""
    asks = {"terminals.list": b"\0", "terminals.open": variant("(sasasuu)", ("", [], [], 80, 24)), "machine.logs": b"\0",
            "machine.processes": variant("(ssbu)", ("", "", False, 10)), "machine.end": variant("(utb)", (1, 1, True)),
            "node.arena": b"\0"}
    for uid in (ALICE, BOB):
        client = f.client(uid)
        for name, payload in asks.items():
            equal(client.ask(name, payload), "access-denied", name)
        equal(client.ask("node.info"), REPLY)
    check(not os.path.exists(f.top + "/terminals.sock"), "there is a door to terminals")


@real
def what_one_may_use_up(f):
    """one user's connections, questions and requests are bounded, and the others do not notice"""
    many = [f.client(BOB) for _ in range(8)]
    equal([client.ask("node.info") for client in many], [REPLY] * 8)
    equal(f.client(BOB).next()[1], "too-many")
    equal(f.client(ALICE).ask("node.info"), REPLY)
    many[0].close()
    until(lambda: f.inosctl(BOB, "status").returncode == 0, "a place")

    # What waits for polkit is bounded, too; root does not wait.
    f.polkit.pause()
    invite = variant("(uub)", (1, 1, False))
    many[1].send("mesh.invite", invite, 17)
    equal(many[1].next()[1:], ("too-many", many[1].last))  # the others wait
    many[2].send("mesh.invite", invite, 16)
    answers = [many[2].next()[1] for _ in range(16)]
    equal(answers, ["too-many"] * 16)
    f.expect(0, "12D3KooW", 0, "mesh", "status")
    # Who goes leaves nothing behind.
    many[1].close()
    f.polkit.go_on()
    until(lambda: many[2].ask("mesh.invite", invite) == "access-denied", "room for a question")

    # No connection of theirs asks too much, but all of them together.
    for client in many[3:]:
        client.send("terminals.list", b"\0", 390)
    codes = [client.next()[1] for client in many[3:] for _ in range(390)]
    equal(set(codes), {"access-denied", "too-many"})
    equal(f.client(ALICE).ask("node.info"), REPLY)


@real
def without_polkit(f):
    """where there is no polkit root and the node's own user may, and nobody else; one that is slow is waited for"""
    bob = f.client(BOB)
    f.polkit.pause()
    bob.send("node.info")
    f.expect(0, "12D3KooW", 0, "mesh", "status")  # meanwhile
    f.polkit.go_on()
    equal(bob.next()[0], REPLY)
    f.polkit.stop()
    equal(bob.ask("node.info"), "access-denied")
    f.expect(1, "There is no word of polkit here", ALICE, "mesh", "status")
    for uid in (0, OWNER):
        f.expect(0, "12D3KooW", uid, "mesh", "status")
    f.polkit.start()
    equal(bob.ask("node.info"), REPLY)


@real
def with_a_password(f):
    """for what changes something a person is asked for a password, and nobody waits meanwhile"""
    if not f.polkit.is_real:
        print("# skipped: the stand-in for polkit asks nobody", flush=True)
        return
    agent, bob = Agent(f.polkit), f.client(BOB)
    limits = variant("(sttt)", ("total", 1000 * 1024, 0, 0))
    equal(bob.ask("mesh.peers", variant("(bu)", (False, 1))), "access-denied")  # what is read asks nobody
    bob.send("mesh.limit", limits)
    equal(agent.wait(), ("org.inos.node.mesh", "Um zu ändern, was der Knoten dieses Rechners im Mesh tut, ist eine Anmeldung nötig"))
    equal(f.client(BOB).ask("node.info"), REPLY)
    bob.send("node.info")
    equal(bob.next()[0::2], (REPLY, bob.last))  # before the answer to the question
    agent.answer()
    equal(bob.next(), (REPLY, "", bob.last - 1))
    equal(bob.ask("mesh.limit", limits), REPLY)  # kept for a while
    bob.send("mesh.invite", variant("(uub)", (1, 1, False)))
    equal(agent.wait()[0], "org.inos.node.members")
    agent.refuse()
    equal(bob.next()[1], "access-denied")
    bob.send("mesh.leave", b"\0")
    agent.wait()
    bob.close()  # takes the dialog away
    context = GLib.MainContext.default()
    until(lambda: context.iteration(False) and False or not agent.asked, "the end of the dialog")


class Person:
    """Somebody's own bus, node and bridge, where node.ini says that the machine's node is in the mesh."""

    def __init__(self, f, uid):
        self.f, self.uid, self.top = f, uid, f"{f.top}/{uid}"
        for folder in ("", "/run", "/run/inos", "/config", "/config/inos"):
            os.mkdir(self.top + folder, 0o700)
        with open(self.top + "/config/inos/node.ini", "w", encoding="utf-8") as file:
            file.write("[mesh]\nnode=system\n")
        subprocess.run(["chown", "-R", f"{uid}:{uid}", self.top], check=True)
        self.environment = dict(os.environ, HOME=self.top, XDG_RUNTIME_DIR=self.top + "/run", XDG_CONFIG_HOME=self.top + "/config",
                                XDG_STATE_HOME=self.top + "/state", LC_ALL="C.UTF-8", INOS_SYSTEM_SOCKET=f.path,
                                DBUS_SESSION_BUS_ADDRESS=f"unix:path={self.top}/run/bus")
        self.start("dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address", "--address",
                   f"unix:path={self.top}/run/bus", stdout=subprocess.PIPE).stdout.readline()  # it listens
        self.start(NODE)
        self.start(BRIDGE)
        until(lambda: self.inosctl("terminals").returncode == 0, "the bridge")

    def start(self, *argv, **more):
        self.f.children.append(subprocess.Popen([*as_user(self.uid, self.uid), *argv], env=self.environment,
                                                stderr=subprocess.DEVNULL, **more))
        return self.f.children[-1]

    def inosctl(self, *argv):
        return subprocess.run([*as_user(self.uid, self.uid), INOSCTL, *argv], env=self.environment, capture_output=True, text=True,
                              timeout=60, check=False, cwd=self.top)

    def says(self, *argv):
        result = self.inosctl(*argv)
        check(result.returncode == 0, argv, result.stdout, result.stderr)
        return result.stdout


@real
def in_a_session(f):
    """a session's bridge asks the machine's node about the mesh as the person, and the person's own node for the rest"""
    own = json.loads(f.expect(0, "12D3KooW", 0, "mesh", "status", "--json"))["peer-id"]
    f.polkit.stop()
    alice = Person(f, ALICE)
    until(lambda: "There is no word of polkit" in alice.inosctl("mesh", "status").stderr, "the node of the machine")
    f.polkit.start()
    bob = Person(f, BOB)
    until(lambda: alice.inosctl("mesh", "status").returncode == 0, "the mesh of the machine")
    # What the bridge was refused before there was a polkit it asks again.
    until(lambda: own in alice.inosctl("status", "--json").stdout, "who the machine is in the mesh")
    equal(json.loads(alice.says("mesh", "status", "--json"))["peer-id"], own)
    alice.says("mesh", "invite")
    refused = bob.inosctl("mesh", "invite")
    check(refused.returncode == 1 and "org.inos.node.members" in refused.stderr, refused.stderr)

    # Their terminals are their own nodes', and run as them.
    for person in (alice, bob):
        script = person.top + "/say"
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nid -u >{person.top}/who\nexec sleep 600\n")
        os.chmod(script, 0o755)
        person.says("terminals", "open", script)
        until(lambda p=person: os.path.exists(p.top + "/who") and os.path.getsize(p.top + "/who") > 0, "a terminal")
        with open(person.top + "/who", encoding="utf-8") as file:
            equal(int(file.read()), person.uid)
        equal(len(json.loads(person.says("terminals", "--json"))["terminals"]), 1)
    # What is for an actor of another node goes by the node that is in the mesh: Bob may not.
    letter = bob.inosctl("actors", "send", own + "/nobody", "hello")
    check(letter.returncode == 1 and "org.inos.node.actors" in letter.stderr, letter.stderr)


if __name__ == "__main__":
    run_tests([what_polkit_says, what_is_a_persons, what_one_may_use_up, without_polkit, with_a_password, in_a_session], Fixture)

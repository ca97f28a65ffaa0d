# SPDX-License-Identifier: GPL-3.0-or-later
"""inosctl --system against a real node: root, the node's user and the members of a group come in, strangers do not."""

import grp
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time

from harness import INOSCTL, NODE, check, equal, frame, run_tests, variant

OWNER, MEMBER, STRANGER = 64001, 64002, 64003  # nobody has these
GROUP = "games"


def as_user(uid, gid, *groups):
    return ["setpriv", f"--reuid={uid}", f"--regid={gid}",
            "--groups=" + ",".join(map(str, groups)) if groups else "--clear-groups"]


def may_change_users():
    argv = [*as_user(STRANGER, STRANGER), "true"]
    return shutil.which("setpriv") and subprocess.run(argv, capture_output=True, check=False).returncode == 0


class Fixture:
    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="inos-s-")
        os.chmod(self.top, 0o755)
        self.path = self.top + "/run/node.sock"
        self.node = None

    def start(self, *options, prefix=()):
        for name in ("run", "state"):
            os.makedirs(f"{self.top}/{name}", exist_ok=True)
            if prefix:
                os.chown(f"{self.top}/{name}", OWNER, OWNER)
        with open(self.top + "/node.ini", "w", encoding="utf-8") as file:
            file.write("[mesh]\nenabled=false\n")
        self.node = subprocess.Popen(  # pylint: disable=consider-using-with
            [*prefix, NODE, "--system", "--state-dir", self.top + "/state", "--socket", self.path,
             "--config", self.top + "/node.ini", *options], stderr=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while not os.path.exists(self.path) and time.monotonic() < end:
            check(self.node.poll() is None, "the node ended")
            time.sleep(0.02)

    def ask(self, *argv, prefix=()):
        environment = dict(os.environ, INOS_SYSTEM_SOCKET=self.path, LC_ALL="C.UTF-8")
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        return subprocess.run([*prefix, INOSCTL, *argv], env=environment, capture_output=True, text=True,
                              timeout=60, check=False)

    def expect(self, status, says, *argv, prefix=()):
        result = self.ask(*argv, prefix=prefix)
        check(result.returncode == status and says in result.stdout + result.stderr,
              argv, prefix, result.returncode, result.stdout, result.stderr)
        return result.stdout

    def close(self):
        if self.node:
            self.node.terminate()
            self.node.wait(30)
        shutil.rmtree(self.top)


def own_user(f):
    """the node of the system answers without a bus, whichever side of the command --system stands"""
    f.start()
    first = json.loads(f.expect(0, "12D3KooW", "--system", "status", "--json"))
    equal(json.loads(f.expect(0, "12D3KooW", "status", "--json", "--system")), first)
    equal(sorted(first), ["host_name", "peer_id", "public_key", "started_at", "version"])
    f.expect(0, first["peer_id"], "--system", "status")


def nobody_there(f):
    """no node, and a command that is not for it"""
    f.expect(3, "systemctl enable --now inos-node", "--system", "status")
    f.expect(2, "--system", "--system", "windows")
    f.expect(2, "inosctl", "--system")


def groups(f):
    """members of the group come in, strangers are told why they do not"""
    if not may_change_users():
        return
    group = grp.getgrnam(GROUP).gr_gid
    f.start("--group", GROUP, "--socket-mode", "0666", prefix=as_user(OWNER, OWNER))
    for prefix in ([], as_user(OWNER, OWNER), as_user(MEMBER, MEMBER, MEMBER, group), as_user(MEMBER, group)):
        f.expect(0, "12D3KooW", "--system", "status", prefix=prefix)
    for prefix in (as_user(STRANGER, STRANGER), as_user(STRANGER, OWNER), as_user(STRANGER, STRANGER, OWNER, 0)):
        f.expect(1, "This node speaks to root, to its own user and to members of its group",
                 "--system", "status", prefix=prefix)


def no_group(f):
    """without --group there is none, and the socket's mode alone keeps strangers out"""
    if not may_change_users():
        return
    f.start(prefix=as_user(OWNER, OWNER))
    f.expect(0, "12D3KooW", "--system", "status")
    f.expect(1, "sudo adduser", "--system", "status", prefix=as_user(STRANGER, STRANGER))
    os.chmod(f.path, 0o666)
    f.expect(1, "This node speaks to its own user", "--system", "status",
             prefix=as_user(STRANGER, OWNER, 0))


def unknown_group(f):
    """a group that is not there is told at once"""
    result = subprocess.run([NODE, "--system", "--group", "no-such-group"], capture_output=True, text=True,
                            env=dict(os.environ, LC_ALL="C.UTF-8"), check=False)
    equal(result.returncode, 2, result.stderr)
    check("no-such-group" in result.stderr, result.stderr)


def hostile(f):
    """whatever answers in a node's place, inosctl ends and says so"""
    hello = variant("(sssxs)", ("12D3KooW\x1b[31m", "0", "host\n", 0, "k"))
    answers = {
        b"": "it closed the connection",
        b"\xff" * 64: "cannot ask the node at",
        frame(3, "node.error", variant("(ss)", ("access-denied", "Go \x1b[31m away.")), 0): "cannot ask the node at",
        frame(2, "node.alerts", variant("a(sdds)", []), 1) + frame(2, "node.info", hello, 7): "it closed the connection",
    }
    for answer, says in answers.items():
        once(f, answer)
        f.expect(1, says, "--system", "status")
    once(f, frame(2, "node.info", hello, 1))
    check("\x1b" not in f.expect(0, "host", "--system", "status"))


def once(f, answer):
    """Serves one connection with these bytes, whatever is asked."""
    os.makedirs(f.top + "/run", exist_ok=True)
    if os.path.exists(f.path):
        os.unlink(f.path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f.path)
    listener.listen()

    def serve():
        with listener, listener.accept()[0] as peer:
            peer.sendall(answer)
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(4096):
                pass

    threading.Thread(target=serve, daemon=True).start()


if __name__ == "__main__":
    run_tests([own_user, nobody_there, groups, no_group, unknown_group, hostile], Fixture)

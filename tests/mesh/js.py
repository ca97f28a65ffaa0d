# SPDX-License-Identifier: GPL-3.0-or-later
"""A js-libp2p peer (tests/mesh/peer), driven by JSON lines."""

import json
import pathlib
import subprocess
import threading
import time

PEER = pathlib.Path(__file__).parent / "peer"
COMMAND = ("node", "--import", "./node20.mjs", "peer.mjs")


class Failed(Exception):
    pass


class Peer:
    def __init__(self, prefix=(), command=COMMAND, directory=PEER, **wish):
        self.process = subprocess.Popen(
            [*prefix, *command, json.dumps(wish)], cwd=directory,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.answers, self.events, self.changed = {}, [], threading.Condition()
        self.last = 0
        threading.Thread(target=self.read, daemon=True).start()
        ready = self.wait("ready", seconds=60)
        self.id, self.addresses = ready["peer"], ready["addresses"]

    def read(self):
        for line in self.process.stdout:
            message = json.loads(line)
            with self.changed:
                if "id" in message:
                    self.answers[message["id"]] = message
                else:
                    self.events.append({**message, "came": time.perf_counter()})
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def await_(self, find, what, seconds):
        end = time.monotonic() + seconds
        with self.changed:
            while True:
                found = find()
                if found is not None:
                    return found
                left = end - time.monotonic()
                if left <= 0 or self.process.poll() is not None:
                    raise AssertionError(f"the js peer did not say {what}; it said {self.events[-10:]}")
                self.changed.wait(left)

    def wait(self, event, seconds=30, **fields):
        """The first event of that name whose fields are so; it is not found again."""
        def find():
            for index, one in enumerate(self.events):
                if one["event"] == event and all(one.get(key) == value for key, value in fields.items()):
                    return self.events.pop(index)
            return None
        return self.await_(find, f"{event} {fields}", seconds)

    def do(self, deed, seconds=60, **fields):
        self.last += 1
        number = self.last
        self.process.stdin.write(json.dumps({"id": number, "do": deed, **fields}) + "\n")
        self.process.stdin.flush()
        answer = self.await_(lambda: self.answers.pop(number, None), f"what became of {deed}", seconds)
        if not answer["ok"]:
            raise Failed(answer["error"])
        return answer

    def address(self, websocket=False):
        return [one for one in self.addresses if ("/ws" in one) == websocket][0]

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()

"""What the tests of players share: a program that plays (mpris_program.py), and what the desktop says of it."""

import json
import pathlib
import subprocess
import sys
import threading

from session import wait_for

SHELL, PATH, MEDIA = "org.inos.Shell1", "/org/inos/Shell1", "org.inos.Shell1.Media"


class Program:
    """A program of its own on the session's bus, which is told what to say and tells what it was asked."""

    script = ""

    def __init__(self, session, name):
        self.session, self.name, self.asked = session, name, []
        self.process = subprocess.Popen(
            [sys.executable, str(pathlib.Path(__file__).parent / self.script), name],
            env=session.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        wait_for("the program does not start", lambda: ["ready"] in self.asked, 20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def read(self):
        for line in self.process.stdout:
            self.asked.append(json.loads(line))

    def end(self):
        self.process.kill()
        self.process.wait(60)
        self.reader.join(10)

    def set(self, **now):
        """Returns when it has said so, however often."""
        before = self.asked.count(["done"])
        self.process.stdin.write(json.dumps(now) + "\n")
        self.process.stdin.flush()
        wait_for("the program does not go on", lambda: self.asked.count(["done"]) > before, 60)

    def wait_asked(self, *call):
        wait_for(lambda: f"{self.name} was not asked for {call} but {self.asked}", lambda: list(call) in self.asked, 10)


class Player(Program):
    script = "mpris_program.py"

    def play(self, title, artist="Singer", **metadata):
        track = {"xesam:title": title, "xesam:artist": [artist], "mpris:trackid": "/track/1", "mpris:length": 200_000_000}
        self.set(PlaybackStatus="Playing", Metadata=track | metadata)


def listed(session):
    """{name: row} of what inosctl lists."""
    return {row["name"]: row for row in session.inosctl("media")["players"]}


def current(session):
    return next((name for name, row in listed(session).items() if row["current"]), None)

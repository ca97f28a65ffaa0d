"""What a screen reader is told, for tests: a program of its own asks, since AT-SPI is of a process's one bus."""

import json
import pathlib
import subprocess
import sys


class Reader:
    """Use it in a with statement."""

    def __init__(self, session):
        program = pathlib.Path(__file__).with_name("reader_program.py")
        self.process = subprocess.Popen([sys.executable, str(program)], env=session.environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        assert json.loads(self.process.stdout.readline()) == "ready"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def ask(self, *words):
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def tree(self, program):
        """None while there is no such program, or where it went while it was asked."""
        found = self.ask("tree", program)
        return None if found is None or "error" in found else found

    def events(self):
        return self.ask("events")

    def press(self, program, node):
        assert self.ask("press", program, node["path"]) is True, node


def all_of(node):
    """It and what is in it, from the top, as one reads."""
    yield node
    for child in node["children"]:
        yield from all_of(child)


def shown(node):
    """What is on the screen; of what is not, nothing in it is either."""
    if "showing" not in node["states"] and node["role"] not in ("application", "filler", "panel", "unknown", "section"):
        return
    yield node
    for child in node["children"]:
        yield from shown(child)


def find(tree, role=None, name=None, state=None):
    """All that are so."""
    return [node for node in all_of(tree) if role in (None, node["role"]) and name in (None, node["name"])
            and (state is None or state in node["states"])]


def document(tree, title=None):
    """The pages of a program: those that are shown."""
    return [node for node in all_of(tree) if node["role"] == "document web" and title in (None, node["name"])]


def nameless(node):
    """What has the keyboard and does not say what it is, or how it is called."""
    roles = ("unknown", "section", "filler", "invalid", "paragraph", "text container", "static")
    return [each for each in all_of(node) if "focusable" in each["states"] and each is not node
            and each["role"] != "document web" and (each["role"] in roles or not each["name"].strip())]

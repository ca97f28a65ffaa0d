# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters and mailboxes from inosctl to a real node, and who may reach its actors from elsewhere."""

import json
import subprocess

from harness import INOSCTL, check, equal, run_tests, wait_for
from test_inosctl import Standin, with_actors


def start(f, *words):
    return subprocess.Popen([INOSCTL, *words], env=f.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def letters(f):
    """send, receive, ask, answer, wait, close"""
    with_actors(f)
    equal(f.expect(4, "actors", "send", "door", "hello", says="cannot be reached"), "")
    reading = start(f, "actors", "receive", "door", "--json")
    wait_for(lambda: f.inosctl("actors", "inspect", "door").returncode == 0, "the mailbox")
    f.expect(0, "actors", "send", "door", "good morning")
    first = json.loads(reading.communicate(timeout=30)[0].splitlines()[0])
    equal(first, {"number": "1", "from": "", "type": "note", "asked": False, "body": "'good morning'"})
    waiting = start(f, "actors", "wait", "door")
    asking = start(f, "actors", "ask", "door", "(7, 'b')", "sum")
    row = json.loads(f.expect(0, "actors", "receive", "door", "--json").splitlines()[0])
    equal((row["type"], row["asked"], row["body"]), ("sum", True, "(7, 'b')"))
    f.expect(0, "actors", "answer", "door", row["number"], "{'seven': <uint32 7>}")
    equal(asking.communicate(timeout=30)[0], "{'seven': <uint32 7>}\n")
    f.expect(4, "actors", "answer", "door", row["number"], "again", says="Nobody waits")
    f.expect(2, "actors", "answer", "door", "x", "again", says="takes the number of a letter")
    f.expect(0, "actors", "close", "door")
    equal(waiting.communicate(timeout=30)[0], "normal\n")
    f.expect(4, "actors", "close", "door", says="There is no mailbox")
    f.expect(1, "actors", "receive", "inspector", says="has that name already")
    f.expect(1, "actors", "ask", "inspector", "hello", says="does not answer such questions")
    f.expect(2, "actors", "send", "door", says="'send' takes WHO BODY [TYPE]")


def access(f):
    """allow and list: kept, checked, and shown"""
    with_actors(f)
    equal(f.json("actors", "reachable"), {"actors": []})
    f.expect(0, "actors", "allow", "door", "public")
    equal(f.json("actors", "reachable"), {"actors": [{"name": "door", "who": ["public"]}]})
    check("public" in f.expect(0, "actors", "reachable"), "it is shown")
    f.expect(1, "actors", "allow", "door", "everybody", says="is neither")
    f.expect(0, "actors", "allow", "door", "nobody")
    equal(f.json("actors", "reachable"), {"actors": []})


if __name__ == "__main__":
    run_tests([letters, access], Standin)

"""Whatever of the desktop is killed, at whatever moment: it is whole again within two seconds, terminals go on, and no
notification that was taken is lost. The moments are those of a seed (INOS_SEED); what each took is in build/heal.json."""

import json
import os
import pathlib
import random
import signal
import threading
import time

import pytest
from apps import web_processes
from gi.repository import GLib
from notifications import NAME, Client, rows
from session import NAMES, by_load, processes_with, wait_for

SEED = int(os.environ.get("INOS_SEED", "67"))
APP = "org.inos.Terminal"
TOP = pathlib.Path(__file__).parents[2]
# Three deaths of a part within a while are said and not healed, which is another test's matter (test_faults.py).
EACH = 2
PARTS = ("shell", "bridge", "page", "network", "application's page", "application's network")
HEALS = 2.0  # seconds


def limit():
    """On a machine that does other things besides, all takes as much longer: tests/bench/recovery.py measures it where nothing
    else goes on."""
    return by_load(HEALS)


def web(session, name, application):
    """Web processes of that name: of an application, or else of the shell."""
    run = f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"
    mine = web_processes(session, APP, name)
    return mine if application else {pid for pid, comm in processes_with(run) if comm.startswith(name)} - mine


def alive(session, part):
    """The processes of a part, or of its kind."""
    if part in ("shell", "bridge", "node"):
        state, pid, _ = session.component(part)
        return {pid} - {0} if state == "running" else set()
    return web(session, "WebKitNetwork" if "network" in part else "WebKitWebProces", part.startswith("app"))


def terminals(session):
    found = session.call("org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Terminals", "List")[0]
    return {row[0]: row for row in found if row[7] != "ended"}


def whole(session):
    """All that there should be is there, connected, drawn, and looked on."""
    try:
        return (all(session.component(name)[0] == "running" for name in ("compositor", "node", "bridge", "shell"))
                and all(session.has_name(name) for name in (*NAMES, NAME)) and session.get("org.inos.Node1", "Connected")
                and session.get("org.inos.Shell1", "PanelFigures")[2] and bool(alive(session, "page"))
                and bool(alive(session, "application's page")) and any(row[6] for row in terminals(session).values()))
    except GLib.Error:
        return False  # who would say is not there


class Sender(threading.Thread):
    """A program that notifies all the while, from one name after the other."""

    def __init__(self, session):
        super().__init__(daemon=True)
        self.client = Client(session)
        self.stopped = threading.Event()
        self.taken, self.refused, self.count = {}, [], 0

    def run(self):
        # As many as are kept.
        while self.count < 45 and not self.stopped.wait(0.3):
            self.count += 1
            text = f"number {self.count}"
            try:
                self.taken[self.client.notify(text, app=f"sender {self.count % 8}", timeout=1000)] = text
            except GLib.Error as error:  # who is killed while it is asked has taken nothing, and its client knows
                self.refused.append(str(error))

    def stop(self):
        self.stopped.set()
        self.join(30)


class Ticks:
    """A program in a terminal that writes to it all the while, and to a file."""

    def __init__(self, session, folder):
        self.file = folder / "ticks"
        script = folder / "tick"
        script.write_text(f"#!/bin/sh\ni=0\nwhile :; do i=$((i+1)); echo $i; echo $i >> {self.file}; sleep 0.05; done\n")
        script.chmod(0o755)
        self.number = int(session.run("inosctl", "terminals", "open", str(script)).stdout)

    def count(self):
        return int(self.file.read_text().split()[-1]) if self.file.exists() else 0

    def go_on(self):
        before = self.count()
        wait_for("the program in the terminal does not go on", lambda: self.count() > before + 2, 3)


@pytest.fixture(scope="module")
def running(session, tmp_path_factory):
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    session.run("inosctl", "launch", APP)
    wait_for("nobody looks on", lambda: any(row[6] for row in terminals(session).values()), 20)
    yield Ticks(session, tmp_path_factory.mktemp("ticks"))


def heals(session, victims):
    """Kills at once what is named; how long it takes until all is there again."""
    before = {part: alive(session, part) for part in victims}
    assert all(pids or "network" in part for part, pids in before.items()), f"{before}: not all of them are there"
    for pid in {pid for pids in before.values() for pid in pids}:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it went with another that was killed
    start = time.monotonic()
    wait_for(f"after the end of {victims} the desktop is not whole", lambda: whole(session) and not any(
        alive(session, part) & before[part] for part in victims), 15)
    return time.monotonic() - start, {part: len(pids) for part, pids in before.items()}


def keep(name, took):
    path = TOP / "build" / "heal.json"
    told = json.loads(path.read_text()) if path.exists() else {}
    told[name] = {"seed": SEED, "limit": limit(), "took": took}
    path.write_text(json.dumps(told, indent=1))


def test_at_any_moment(session, running):
    chance = random.Random(SEED)
    # A network process is only where a page needs one.
    assert all(alive(session, part) for part in PARTS if "network" not in part)
    deck = [part for part in PARTS if alive(session, part)] * EACH
    chance.shuffle(deck)
    deaths = {name: session.component(name)[2] for name in ("node", "compositor")}
    sender, took = Sender(session), []
    sender.start()
    try:
        while deck:
            # One after the other, or two at once.
            victims = {deck.pop() for _ in range(min(len(deck), chance.choice((1, 1, 2))))}
            before = set(terminals(session))
            time.sleep(chance.uniform(0, 0.4))
            seconds, killed = heals(session, sorted(victims))
            took.append([sorted(victims), round(seconds, 2), killed])
            assert set(terminals(session)) == before, f"a terminal went with {victims}"
            running.go_on()
    finally:
        sender.stop()
    keep("at any moment", took)
    assert deaths == {name: session.component(name)[2] for name in deaths}, "another died too"
    assert len(sender.taken) > 10, sender.refused
    assert len(sender.refused) <= 2 * EACH, sender.refused
    kept = {number: row[3] for number, row in rows(session).items()}
    lost = {number: text for number, text in sender.taken.items() if kept.get(number) != text}
    assert not lost, f"{len(lost)} of {len(sender.taken)} are lost: {lost}; {took}"
    slow = [each for each in took if each[1] > limit()]
    assert not slow, f"{slow} took more than {limit():.1f} s; all: {took}"


def test_the_node_too(session, running):
    """It takes its terminals along (decision 33); all else is there again, and nothing that was said is lost."""
    with Client(session) as client:
        taken = {client.notify(f"before {n}", app="before"): f"before {n}" for n in range(5)}
        before, took = session.get("org.inos.Node1", "PeerId"), []
        for pause in (0.0, 0.3):
            time.sleep(pause)
            pid = session.kill("node")
            start = time.monotonic()
            wait_for("the node is not back", lambda: session.component("node")[1] not in (0, pid) and connected(session), 15)
            took.append(round(time.monotonic() - start, 2))
        keep("node", took)
        assert session.get("org.inos.Node1", "PeerId") == before
        kept = rows(session)
        assert all(number in kept and kept[number][3] == text for number, text in taken.items())
        assert max(took) <= limit(), took
        # A new terminal is to be had at once.
        number = session.run("inosctl", "terminals", "open", "sleep", "1000").stdout.strip()
        assert int(number) in terminals(session)


def connected(session):
    try:
        return (all(session.has_name(name) for name in NAMES) and session.get("org.inos.Node1", "Connected")
                and session.get("org.inos.Shell1", "PanelFigures")[2])
    except GLib.Error:
        return False

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arena as the shell gets it, from a real node: its seals, epochs, wants, leases and back-pressure."""

import fcntl
import importlib.util
import mmap
import os
import pathlib
import select
import signal
import socket
import struct
import time

from gi.repository import Gio, GLib
from harness import NAME, PATH, Fixture, check, equal, run_tests, wait_for

SHELL = "org.inos.Shell1"
SEALS = 0x0002 | 0x0004 | 0x0010 | 0x0001  # SHRINK, GROW, FUTURE_WRITE, SEAL
F_GET_SEALS = 1034

spec = importlib.util.spec_from_file_location(
    "arena", pathlib.Path(os.environ["INOS_SOURCE"]) / "protocols" / "arena.py")
maker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(maker)
SCHEMA = maker.load()
META = SCHEMA["place"]["metadata"]
TABLES = [table["name"] for table in SCHEMA["table"]]
FORMATS = {"u32": "<I", "u64": "<Q", "id": "<Q", "i64": "<q", "f64": "<d"}


def field(fields, name):
    return [(kind, at) for each, kind, _, at in maker.place(fields)[0] if each == name][0]


class Arena:
    """One reader, with a mapping of its own."""

    def __init__(self, fixture):
        reply, fds = fixture.bus.call_with_unix_fd_list_sync(
            NAME, PATH, NAME, "OpenArena", None, None, Gio.DBusCallFlags.NONE, 10000, None, None)
        equal(reply.unpack(), (0, 1, 2))
        self.memory, self.event, lease = fds.steal_fds()
        self.lease = socket.socket(fileno=lease)
        self.map = mmap.mmap(self.memory, SCHEMA["place"]["size"], mmap.MAP_SHARED, mmap.PROT_READ)

    def value(self, base, fields, name):
        kind, at = field(fields, name)
        return struct.unpack_from(FORMATS[kind], self.map, base + at)[0]

    def header(self, name):
        return self.value(META, maker.HEADER_FIELDS, name)

    def descriptor(self, table, name):
        base = META + maker.HEADER + TABLES.index(table) * maker.DESCRIPTOR
        return self.value(base, maker.DESCRIPTOR_FIELDS, name)

    def epoch(self, table):
        return self.descriptor(table, "done")

    def rows(self, table):
        """All rows of the newest epoch, as the pages read them."""
        described = SCHEMA["table"][TABLES.index(table)]
        while True:
            epoch = self.epoch(table)
            at = described["copies"][epoch % 2]
            rows = []
            for i in range(self.value(at, maker.COPY_FIELDS, "count")):
                base = at + maker.COPY + i * described["row_size"]
                row = {}
                for name, kind, _, place in described["fields"]:
                    raw = self.map[base + place:base + place + maker.size_of(kind)]
                    row[name] = (struct.unpack(FORMATS[kind], raw)[0] if kind in FORMATS
                                 else raw.split(b"\0")[0].decode())
                rows.append(row)
            if (self.descriptor(table, "begun") - epoch) % 2**32 <= 1:
                return rows

    def want(self, *tables, interval=100):
        self.lease.send(struct.pack("<II", sum(1 << TABLES.index(t) for t in tables), interval))

    def heard(self, seconds=10):
        """Waits for a signal and takes it; returns the count, 0 where none came."""
        end = time.monotonic() + seconds
        while select.select([self.event], [], [], max(0, end - time.monotonic()))[0]:
            try:
                return struct.unpack("<Q", os.read(self.event, 8))[0]
            except BlockingIOError:  # the node has it for a moment, to count it
                time.sleep(0.001)
        return 0

    def close(self):
        self.map.close()
        os.close(self.memory)
        os.close(self.event)
        self.lease.close()


def make():
    fixture = Fixture()
    fixture.child = fixture.node()
    fixture.bridge()
    fixture.connected()
    return fixture


def as_shell(fixture, name=SHELL):
    fixture.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                          GLib.Variant("(su)", (name, 0)), None, Gio.DBusCallFlags.NONE, -1, None)


def shell_alone(f):
    """OpenArena is refused to who is neither the shell nor Node Manager, also while there is one"""
    f.refused("OpenArena", name="org.inos.Error.AccessDenied")
    other = f.connect()
    other.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                    GLib.Variant("(su)", (SHELL, 0)), None, Gio.DBusCallFlags.NONE, -1, None)
    f.refused("OpenArena", name="org.inos.Error.AccessDenied")
    other.close_sync(None)
    as_shell(f, "org.inos.Terminal")
    f.refused("OpenArena", name="org.inos.Error.AccessDenied")
    as_shell(f, "org.inos.NodeManager")
    Arena(f).close()


def sealed(f):
    """what comes is sealed, of this layout, and cannot be written to"""
    as_shell(f)
    arena = Arena(f)
    equal(fcntl.fcntl(arena.memory, F_GET_SEALS) & SEALS, SEALS)
    equal(arena.map[META:META + 8], b"INOSAREN")
    equal(arena.header("version"), SCHEMA["version"])
    equal(arena.header("layout"), SCHEMA["hash"])
    for attempt in (lambda: mmap.mmap(arena.memory, 4096, mmap.MAP_SHARED, mmap.PROT_WRITE),
                    lambda: os.pwrite(arena.memory, b"x", META), lambda: os.ftruncate(arena.memory, 0)):
        try:
            attempt()
        except PermissionError:
            continue
        raise AssertionError("the arena was written to")
    arena.close()


def only_what_is_wanted(f):
    """nothing is written before it is wanted, and then what the node knows"""
    as_shell(f)
    arena = Arena(f)
    time.sleep(1.2)
    equal([arena.epoch(t) for t in TABLES], [0] * len(TABLES))
    arena.want("node", "resources", "cores")
    check(arena.heard(), "no signal")
    wait_for(lambda: arena.rows("node") and arena.rows("resources"), "figures")
    equal(arena.rows("node")[0]["peer_id"], f.get("PeerId"))
    look = arena.rows("resources")[-1]
    equal(look["memory_total"], f.get("MemoryTotal"))
    check(0 <= look["cpu"] <= 100, look)
    equal(len(arena.rows("cores")), look["cores"])
    equal(arena.epoch("actors"), 0)
    # Looks from before somebody read are there too.
    check(len(arena.rows("resources")) >= 2, "no history")
    arena.close()


def actors(f):
    """all actors, with their tree, and what supervisors call them"""
    as_shell(f)
    arena = Arena(f)
    arena.want("actors")
    wait_for(lambda: any(r["name"] == "monitor" for r in arena.rows("actors")), "actors")
    rows = {r["id"]: r for r in arena.rows("actors")}
    listed = f.call("ListActors", GLib.Variant("(sut)", ("place", 128, 0)))[3]
    ids = {row[0] for row in listed}
    check(len(ids & set(rows)) >= len(rows) - 3, "other actors than ListActors has")
    root = [r for r in rows.values() if r["name"] == "node"][0]
    equal((root["class"], root["supervisor"]), ("inos_supervisor", 1))
    children = {r["name"] for r in rows.values() if r["parent"] == root["id"]}
    check({"monitor", "mesh", "arena", "identity"} <= children, children)
    f.call("RestartActor", GLib.Variant("(s)", ("monitor",)))
    f.call("StopActor", GLib.Variant("(s)", ("monitor",)))
    wait_for(lambda: [r for r in arena.rows("actors") if r["name"] == "monitor" and r["restarts"] >= 1],
             "a restart that is counted")
    arena.close()


def mesh(f):
    """this node is among the nodes of the mesh"""
    as_shell(f)
    arena = Arena(f)
    arena.want("nodes", "peers")
    wait_for(lambda: [r for r in arena.rows("nodes") if r["self"] and r["peer_id"] == f.get("PeerId")],
             "the node itself", 20)
    said = [r["said"] for r in arena.rows("nodes") if r["self"]][0]
    check(abs(said / 1e6 - time.time()) < 3600, f"said {said} µs since 1970")
    equal(arena.rows("peers"), [])
    arena.close()


def leases(f):
    """readers are counted while they live, and no longer"""
    as_shell(f)
    arenas = [Arena(f) for _ in range(32)]
    for arena in arenas:
        arena.want("resources")
    equal(arenas[0].header("readers"), 32)
    try:
        Arena(f)
        raise AssertionError("there is no end of readers")
    except GLib.Error as error:
        equal(Gio.DBusError.get_remote_error(error), "org.inos.Error.TooMany")
    for arena in arenas[1:]:
        arena.close()
    wait_for(lambda: arenas[0].header("readers") == 1, "31 readers gone")
    Arena(f).close()
    arenas[0].close()


def hostile(f):
    """a reader that talks nonsense loses its lease, and nobody else does"""
    as_shell(f)
    good, bad, loud = Arena(f), Arena(f), Arena(f)
    good.want("resources")
    bad.lease.send(b"x" * 500)
    check(select.select([bad.lease], [], [], 5)[0], "a bad reader keeps its lease")
    equal(bad.lease.recv(8), b"", "the lease of a bad reader")
    try:  # all tables that there are not, as often as can be
        for _ in range(2000):
            loud.lease.setblocking(False)
            loud.lease.send(struct.pack("<II", 0xFFFFFFFF, 1))
    except BlockingIOError:
        pass
    os.write(loud.event, struct.pack("<Q", 2**63))
    good.heard(0)
    before = good.epoch("resources")
    wait_for(lambda: good.epoch("resources") > before, "the next epoch")
    check(good.heard(), "no signal")
    equal(f.child.poll(), None)
    for arena in (good, bad, loud):
        arena.close()


def behind(f):
    """nothing is written for a reader that does not listen, until it does"""
    as_shell(f)
    arena = Arena(f)
    arena.want("actors", interval=100)
    threshold = arena.header("threshold")
    wait_for(lambda: arena.header("paused") > 3, "a pause", 20)
    check(arena.header("waiting") > threshold, arena.header("waiting"))
    stood = arena.epoch("actors")
    time.sleep(0.5)
    equal(arena.epoch("actors"), stood)
    check(arena.heard() > threshold, "signals that were left")
    wait_for(lambda: arena.epoch("actors") > stood, "the next epoch")
    arena.close()


def killed(f):
    """a reader hears at once that the node is gone, and reads on what was whole"""
    as_shell(f)
    arena = Arena(f)
    arena.want("actors", "resources", interval=100)
    wait_for(lambda: arena.rows("actors"), "actors")
    f.child.send_signal(signal.SIGKILL)
    check(select.select([arena.lease], [], [], 2)[0], "the lease says nothing")
    equal(arena.lease.recv(8), b"")
    check(arena.rows("actors"), "the last epoch is gone")
    f.child.wait()
    f.child = f.node()
    f.connected()
    again = Arena(f)
    again.want("resources")
    check(again.heard(), "no signal")
    check(again.rows("resources"), "no figures")
    check(again.header("started") != arena.header("started"), "it is the old one")
    arena.close()
    again.close()


def nothing_is_left(f):
    """a node that has been read from ends in order; under ASan, without a leak"""
    as_shell(f)
    arena = Arena(f)
    arena.want(*TABLES)
    for table, epochs in (("nodes", 1), ("actors", 2), ("resources", 2)):
        # Who takes no signals is written for no more.
        wait_for(lambda table=table, epochs=epochs: (arena.heard(0), arena.epoch(table) >= epochs)[1], f"the table {table}")
    arena.close()
    f.child.terminate()
    equal(f.child.wait(30), 0)


run_tests([shell_alone, sealed, only_what_is_wanted, actors, mesh, leases, hostile, behind, nothing_is_left, killed], make)

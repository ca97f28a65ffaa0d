# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes, units, disks and interfaces of a real node on the bus, and inosctl's. Prints TAP."""

import json
import os
import pathlib
import signal
import subprocess
import time

from gi.repository import Gio, GLib
from harness import INOSCTL, NAME, Fixture, check, equal, run_tests, wait_for

MACHINE = "org.inos.Node1.Machine"


class World(Fixture):
    """A node and a bridge that is connected to it, and a process to look for."""

    def __init__(self):
        super().__init__()
        self.process = self.node()
        self.bridge()
        wait_for(lambda: self.get("Connected"), "the node")
        self.sleeper = subprocess.Popen(["sleep", "54321"])
        self.children.append(self.sleeper)
        # Between the program's begin and its arguments there is a moment.
        wait_for(lambda: self.rows("sleep 54321"), "the process")

    def ask(self, method, signature="()", *arguments):
        return self.call(method, GLib.Variant(signature, arguments), interface=MACHINE)

    def rows(self, search, own=False):
        return self.ask("ListProcesses", "(ssbu)", search, "cpu", own, 100)[3]

    def fails(self, name, method, signature, *arguments):
        try:
            self.ask(method, signature, *arguments)
        except GLib.Error as error:
            equal(Gio.DBusError.get_remote_error(error), f"org.inos.Error.{name}", method)
            return Gio.DBusError.strip_remote_error(error) and error.message
        raise AssertionError(f"{method} was not refused")


def test_a_process_is_found_slowed_down_and_ended(f):
    """a process is found, gets another priority, and is ended by its number and start"""
    pid = f.sleeper.pid
    total, found, _, rows = f.ask("ListProcesses", "(ssbu)", "sleep 54321", "-started", False, 10)
    check(found >= 1 and total >= found, total, found)
    row = next(r for r in rows if r[0] == pid)
    equal((row[3], row[12], row[13]), ("sleep", True, "sleep 54321"))
    start = row[1]
    details = f.ask("InspectProcess", "(ut)", pid, start)[0]
    equal((details["pid"], details["start"], details["name"], details["nice"]), (pid, start, "sleep", os.nice(0)))
    check(details["executable"].endswith(("sleep", "coreutils")), details["executable"])
    f.ask("SetPriority", "(uti)", pid, start, 17)
    equal(os.getpriority(os.PRIO_PROCESS, pid), 17)
    f.fails("InvalidArgument", "SetPriority", "(uti)", pid, start, 77)
    f.fails("InvalidArgument", "EndProcess", "(utb)", pid, 0, False)
    f.fails("NotFound", "EndProcess", "(utb)", pid, start + 1, True)
    equal(f.sleeper.poll(), None)
    f.ask("EndProcess", "(utb)", pid, start, False)
    equal(f.sleeper.wait(10), -15)
    f.fails("NotFound", "EndProcess", "(utb)", pid, start, True)
    f.fails("NotFound", "InspectProcess", "(ut)", pid, start)
    equal(f.rows("sleep 54321"), [])


def test_shares_need_two_looks(f):
    """shares of the processor are known from the second look on"""
    busy = subprocess.Popen(["python3", "-c", "while True: pass # 98765"])
    f.children.append(busy)
    wait_for(lambda: f.rows("98765"), "it")
    time.sleep(0.8)
    share = next(r[7] for r in f.rows("98765") if r[0] == busy.pid)
    check(0.02 < share < 1.5, share)
    f.fails("InvalidArgument", "ListProcesses", "(ssbu)", "", "beauty", False, 1)
    equal(len(f.ask("ListProcesses", "(ssbu)", "", "cpu", False, 1)[3]), 1)


def test_units_disks_and_interfaces(f):
    """control groups where there are some, disks and interfaces"""
    if pathlib.Path("/sys/fs/cgroup/cgroup.controllers").exists():
        f.ask("ListUnits")
    else:
        f.fails("NotFound", "ListUnits", "()")
    names = [row[0] for row in f.ask("ListInterfaces")[1]]
    check("lo" in names, names)
    for mount, _, _, total, used, available, *_ in f.ask("ListDisks")[1]:
        check(mount.startswith("/") and used <= total and available <= total, mount)


def test_inosctl_processes(f):
    """inosctl lists, inspects, slows down, ends and kills"""
    pid = str(f.sleeper.pid)
    rows = json.loads(f.inosctl("processes", "list", "54321", "--json").stdout)["processes"]
    check(pid in [str(row["pid"]) for row in rows], rows)
    out = f.inosctl("processes", "list", "54321").stdout
    check("NAME" in out and "sleep" in out, out)
    check("sleep" in f.inosctl("processes", "inspect", pid).stdout)
    equal(json.loads(f.inosctl("processes", "inspect", pid, "--json").stdout)["name"], "sleep")
    equal(f.inosctl("processes", "priority", pid, "18").returncode, 0)
    equal(os.getpriority(os.PRIO_PROCESS, int(pid)), 18)
    check("lo" in f.inosctl("processes", "interfaces").stdout)
    equal(f.inosctl("processes", "disks").returncode, 0)
    for wrong in (("end",), ("end", "x"), ("priority", pid), ("priority", pid, "20"), ("dance",), ("units", "x")):
        equal(f.inosctl("processes", *wrong).returncode, 2, wrong)
    equal(f.inosctl("processes", "list", "--sort", "beauty").returncode, 1)
    equal(f.inosctl("processes", "kill", pid).returncode, 0)
    equal(f.sleeper.wait(10), -9)
    equal(f.inosctl("processes", "end", pid).returncode, 4)


def log_of(f):
    """The file of a part of Inos."""
    path = pathlib.Path(f.folder) / "state" / "log" / "part.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_logs_are_read_followed_and_looked_at(f):
    """Inos' own files are a log: filtered, read on from a cursor, and its entries looked at"""
    sources = dict(f.ask("DescribeLogs")[0])
    equal(set(sources), {"journal", "inos"})
    log_of(f).write_text("** Message: 00:00:01.000: one\npart-WARNING **: 00:00:02.000: two \x1b[31mred\n")

    def read(search="", unit="part", priority=7, cursor="", newer=False):
        return f.ask("ReadLog", "(ssssuxsbu)", "inos", search, unit, "", priority, 0, cursor, newer, 200)

    used, first, last, more, rows = read()
    equal((used, more), ("inos", False))
    equal([(row[2], row[3], row[6]) for row in rows], [(4, "part", "two red"), (5, "part", "one")])
    equal([row[6] for row in read(search="ONE")[4]], ["one"])
    equal([row[6] for row in read(priority=4)[4]], ["two red"])
    equal(read(unit="nobody")[4], [])
    with log_of(f).open("a") as file:
        file.write("three\n")
    equal([row[6] for row in read(cursor=first, newer=True)[4]], ["three"])
    time, fields = f.ask("InspectLog", "(ss)", "inos", rows[0][0])
    equal((time, dict(fields)["MESSAGE"], dict(fields)["GLIB_DOMAIN"]), (rows[0][1], "two red", "part"))
    f.fails("NotFound", "InspectLog", "(ss)", "inos", "nowhere")
    f.fails("InvalidArgument", "ReadLog", "(ssssuxsbu)", "inos", "", "", "", 8, 0, "", False, 1)
    f.fails("InvalidArgument", "ReadLog", "(ssssuxsbu)", "/etc/passwd", "", "", "", 7, 0, "", False, 1)


def test_inosctl_logs(f):
    """inosctl shows logs as text and JSON, filters, follows and looks at one"""
    log_of(f).write_text("** Message: 00:00:01.000: one\npart-WARNING **: 00:00:02.000: two\n")
    base = ("logs", "--source", "inos", "--unit", "part")
    out = f.inosctl(*base).stdout.splitlines()
    check(len(out) == 2 and out[0].endswith("part: one"), out)
    rows = [json.loads(line) for line in f.inosctl(*base, "--json").stdout.splitlines()]
    equal([(row["message"], row["priority"]) for row in rows], [("one", 5), ("two", 4)])
    equal(len(f.inosctl(*base, "--lines", "1").stdout.splitlines()), 1)
    check("two" in f.inosctl(*base, "--priority", "warning").stdout)
    check("one" not in f.inosctl(*base, "--priority", "4").stdout)
    check("one" in f.inosctl(*base, "--since", "3d", "--grep", "ONE").stdout)
    check("two" in f.inosctl("logs", "inspect", rows[1]["cursor"], "--source", "inos").stdout)
    check("journal" in f.inosctl("logs", "sources").stdout)
    for wrong in (("dance",), ("--priority", "loud"), ("--since", "soon"), ("--lines", "-1"), ("inspect",)):
        equal(f.inosctl("logs", *wrong).returncode, 2, wrong)
    equal(f.inosctl("logs", "inspect", "nowhere", "--source", "inos").returncode, 4)
    follower = f.spawn(INOSCTL, *base, "--follow", stdout=subprocess.PIPE, text=True)
    check(follower.stdout.readline().endswith("one\n"))
    check(follower.stdout.readline().endswith("two\n"))
    with log_of(f).open("a") as file:
        file.write("three\n")
    check(follower.stdout.readline().endswith("three\n"))


def test_deeds_do_not_wait_for_looks(f):
    """who asks for too much at once is refused looks, and may still end a process"""
    other = f.spawn("sleep", "54322")
    wait_for(lambda: f.rows("sleep 54322"), "the other process")
    start, begin = (next(row[1] for row in f.rows("sleep 5432") if row[0] == process.pid) for process in (f.sleeper, other))
    answers = []

    def ask(method, signature, *arguments):
        def on_answer(bus, result, _):
            try:
                bus.call_finish(result)
                answers.append((method, "answered"))
            except GLib.Error as error:
                answers.append((method, Gio.DBusError.get_remote_error(error)))

        f.bus.call(NAME, "/org/inos/Node1", MACHINE, method, GLib.Variant(signature, arguments), None,
                   Gio.DBusCallFlags.NONE, 30000, None, on_answer, None)

    f.process.send_signal(signal.SIGSTOP)
    try:
        for _ in range(8):
            ask("ListProcesses", "(ssbu)", "", "cpu", False, 1)
        ask("ReadLog", "(ssssuxsbu)", "inos", "", "", "", 7, 0, "", False, 1)
        ask("SetPriority", "(uti)", other.pid, begin, 19)
        ask("EndProcess", "(utb)", f.sleeper.pid, start, False)
        wait_for(lambda: answers, "an answer")
    finally:
        f.process.send_signal(signal.SIGCONT)
    wait_for(lambda: len(answers) == 11, "all answers")
    # One of the nine looks, whichever came last.
    check(answers[0][0] in ("ListProcesses", "ReadLog"), answers)
    equal(answers[0][1], "org.inos.Error.TooMany")
    equal({how for _, how in answers[1:]}, {"answered"}, answers)
    equal(f.sleeper.wait(10), -15)


run_tests([test_a_process_is_found_slowed_down_and_ended, test_shares_need_two_looks,
           test_units_disks_and_interfaces, test_inosctl_processes, test_logs_are_read_followed_and_looked_at,
           test_inosctl_logs, test_deeds_do_not_wait_for_looks], World)

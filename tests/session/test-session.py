# SPDX-License-Identifier: GPL-3.0-or-later
"""The real inos-session with stand-ins for the parts of the desktop. Prints TAP.

Usage: test-session.py INOS_SESSION STAND_IN [NAME…]
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM, STAND_IN = sys.argv[1:3]

COMPOSITOR = """[compositor]
exec={s} note compositor noise unasked ready unasked serve
essential=true
control=true
"""
NODE = """[node]
exec={s} note node ready hang
hopeless-status=3
"""
BRIDGE = """[bridge]
exec={s} note bridge ready hang
after=node
"""
SHELL = """[shell]
exec={s} note shell env WAYLAND_DISPLAY client ready hang
needs=compositor
after=bridge
shell-socket=true
"""
DESKTOP = COMPOSITOR + NODE + BRIDGE + SHELL


class Session:
    """One session in directories of its own."""

    def __init__(self, table=DESKTOP, *command, options=(), **extra):
        self.top = tempfile.mkdtemp(prefix="inos-t-")
        self.notes_path = os.path.join(self.top, "notes")
        self.state = extra.get("XDG_STATE_HOME", os.path.join(self.top, "state"))
        self.bus = "unix:path=" + os.path.join(self.top, "run", "bus")
        table_path = os.path.join(self.top, "table")
        with open(table_path, "w", encoding="utf-8") as file:
            file.write(table.replace("{s}", STAND_IN))
        os.mkdir(os.path.join(self.top, "run"), 0o700)
        environment = {k: v for k, v in os.environ.items()
                       if k not in ("DBUS_SESSION_BUS_ADDRESS", "NOTIFY_SOCKET", "JOURNAL_STREAM")}
        environment.update(XDG_RUNTIME_DIR=os.path.join(self.top, "run"), XDG_STATE_HOME=self.state,
                           STAND_IN_LOG=self.notes_path, LC_ALL="C.UTF-8", LSAN_OPTIONS="exitcode=0")
        environment.update(extra)
        environment = {k: v for k, v in environment.items() if v is not None}
        argv = [PROGRAM, "--components", table_path,
                "--rescue", "/bin/true", *options, *(["--", *command] if command else [])]
        self.process = subprocess.Popen(argv, env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.out = self.err = ""

    def wait(self, seconds=30):
        """Waits for the end; returns the exit status."""
        self.out, self.err = self.process.communicate(timeout=seconds)
        if "Sanitizer" in self.err or "runtime error" in self.err:
            raise AssertionError(self.err)
        return self.process.returncode

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.wait()

    def notes(self):
        try:
            with open(self.notes_path, encoding="utf-8") as file:
                return file.read().split("\n")[:-1]
        except FileNotFoundError:
            return []

    def words(self):
        return [line.split(" ")[0] for line in self.notes()]

    def pids(self):
        found = [re.fullmatch(r"\w+ (\d+)", line) for line in self.notes()]
        return [int(match[1]) for match in found if match]

    def until(self, check, seconds=15):
        """Waits until check() is true, and returns what it is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = check()
            if value:
                return value
            if self.process.poll() is not None:
                raise AssertionError("the session ended: " + self.process.communicate()[1])
            time.sleep(0.02)
        self.process.kill()
        raise AssertionError("did not happen; notes: %s\n%s" % (self.notes(),
                                                                self.process.communicate()[1]))

    def call(self, method, *arguments, name="org.inos.Session1", path="/org/inos/Session1"):
        return subprocess.run(["gdbus", "call", "--address", self.bus, "--dest", name,
                               "--object-path", path, "--method", method, *arguments],
                              capture_output=True, text=True, check=False)

    def property(self, which):
        return self.call("org.freedesktop.DBus.Properties.Get", "org.inos.Session1", which).stdout

    def is_state(self, state):
        return lambda: state in self.property("State")

    def left(self):
        """Which of the noted processes, or of those with our directory open, still live."""
        return [pid for pid in self.pids() if os.path.exists("/proc/%d" % pid)]


def check(condition, *why):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in why))


def test_starts_in_order_and_runs_the_command():
    s = Session(DESKTOP, "/bin/sh", "-c", "echo $WAYLAND_DISPLAY $XDG_CURRENT_DESKTOP; exit 5")
    check(s.wait() == 5, s.process.returncode, s.err)
    check(s.out == "wayland-77 Inos\n", s.out)
    # The order of the processes' numbers: they write their notes when the scheduler lets them.
    started = [last(s, name) for name in NAMES]
    check(started == sorted(started), s.notes())
    check("WAYLAND_DISPLAY=wayland-77" in s.notes() and "client ok" in s.notes(), s.notes())
    check(not s.left(), s.left())


def test_command_ended_by_signal():
    s = Session(DESKTOP, "/bin/sh", "-c", "kill -SEGV $$")
    check(s.wait() == 128 + signal.SIGSEGV, s.process.returncode)


def test_command_that_does_not_exist():
    s = Session(DESKTOP, "/nonexistent/program")
    check(s.wait() == 127 and "/nonexistent/program" in s.err, s.err)


def test_component_that_does_not_start_means_70():
    s = Session(COMPOSITOR + "[node]\nexec={s} note node say broken exit 1\n", "/bin/true")
    check(s.wait() == 70, s.process.returncode)
    check("node did not start" in s.err and "status 1" in s.err, s.err)
    check(s.words().count("node") == 3, s.words())


def test_missing_program_means_70():
    s = Session("[compositor]\nexec=/nonexistent/c\nessential=true\ncontrol=true\n", "/bin/true")
    check(s.wait() == 70 and "/nonexistent/c" in s.err, s.err)


def test_ready_timeout_is_a_death():
    s = Session(COMPOSITOR + "[node]\nexec={s} note node hang\nready-timeout-ms=200\n")
    s.until(s.is_state("degraded"))
    check(s.words().count("node") == 3, s.words())
    check("'failed'" in s.property("Components"), s.property("Components"))
    check(s.end() == 0 and "was not ready after 0.2 s" in s.err, s.err)


def test_ready_timeout_can_be_extended():
    table = COMPOSITOR + "[node]\nexec={s} note node extend 5000 sleep 1000 ready hang\nready-timeout-ms=500\n"
    s = Session(table, "/bin/true")
    check(s.wait() == 0 and s.words().count("node") == 1, s.notes(), s.err)


def test_restarts_with_back_off_then_gives_up():
    s = Session(DESKTOP)
    s.until(s.is_state("running"))
    pauses = []
    for count in (2, 3):
        started = time.monotonic()
        os.kill(s.pids()[[w for w in s.words() if w in NAMES].index("bridge")]
                if count == 2 else last(s, "bridge"), signal.SIGKILL)
        s.until(lambda: s.words().count("bridge") == count)
        pauses.append(time.monotonic() - started)
        s.until(lambda: s.property("Components").count("running") == 4)
    check(pauses[0] < 0.24 or "0 ms" in s.err, pauses)
    check(pauses[1] >= 0.25, pauses)
    os.kill(last(s, "bridge"), signal.SIGKILL)
    s.until(s.is_state("degraded"))
    check(s.words().count("bridge") == 3, s.words())
    check(s.words().count("shell") == 1, "the shell was touched")
    check(s.call("org.inos.Session1.Restart", "bridge").returncode == 0, "Restart")
    s.until(s.is_state("running"))
    check(s.end() == 0 and "starting it again in 250 ms" in s.err, s.err)


NAMES = ("compositor", "node", "bridge", "shell")


def last(session, name):
    return [int(n.split(" ")[1]) for n in session.notes() if n.startswith(name + " ")][-1]


def test_shell_gets_a_socket_each_time():
    s = Session(DESKTOP)
    s.until(s.is_state("running"))
    os.kill(last(s, "shell"), signal.SIGKILL)
    s.until(lambda: s.notes().count("client ok") == 2)
    check(s.end() == 0, s.err)


def test_compositor_that_does_not_answer():
    s = Session(COMPOSITOR.replace("serve", "hang") + "ready-timeout-ms=3000\n" + NODE + BRIDGE + SHELL)
    s.until(lambda: "restarts" not in s.notes() and "did not answer within 3 s" in read_log(s))
    check("shell" not in s.words(), s.words())
    check(s.end() == 0)


def read_log(session):
    try:
        with open(os.path.join(session.state, "inos", "session.log"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def test_hopeless_status_is_not_tried_again():
    s = Session(COMPOSITOR + NODE.replace("ready hang", "say corrupt exit 3"))
    s.until(s.is_state("degraded"))
    check(s.words().count("node") == 1, s.words())
    with open(os.path.join(s.state, "inos", "log", "node.log"), encoding="utf-8") as file:
        check("corrupt" in file.read())
    check(s.end() == 0 and "exited with status 3 (corrupt) and is not started again" in s.err, s.err)


def running_again(s, count):
    """The compositor and the shell were started for the count-th time, and all is up."""
    s.until(lambda: s.words().count("compositor") == count and s.words().count("shell") == count)
    s.until(lambda: s.property("Components").count("'running'") == 4)


def kill_compositor(s, count, number=signal.SIGKILL):
    os.kill(last(s, "compositor"), number)
    running_again(s, count)


def test_compositor_death_restarts_it_and_the_shell():
    s = Session(DESKTOP)
    s.until(s.is_state("running"))
    kept = [last(s, name) for name in ("node", "bridge")]
    kill_compositor(s, 2)
    check([last(s, name) for name in ("node", "bridge")] == kept, s.notes())
    check(s.notes().count("client ok") == 2, s.notes())
    check("'running'" in s.property("State"), s.property("State"))
    check(s.end() == 0, s.err)
    check("compositor was ended by signal 9 (Killed); starting it again in 0 ms" in s.err, s.err)
    check(not s.left(), s.left())


def test_compositor_that_keeps_dying_ends_the_session():
    s = Session(DESKTOP)
    s.until(s.is_state("running"))
    kill_compositor(s, 2)
    kill_compositor(s, 3)
    os.kill(last(s, "compositor"), signal.SIGKILL)
    check(s.wait() == 1, s.process.returncode)
    check("compositor was ended by signal 9" in s.err and "ends the session" in s.err, s.err)
    check("compositor was ended by signal 9" in read_log(s), read_log(s))
    check(not s.left(), s.left())


def test_compositor_that_does_not_start_ends_the_session():
    s = Session(COMPOSITOR.replace("noise unasked ready", "exit 1") + NODE)
    check(s.wait() == 1 and s.words().count("compositor") == 1, s.notes(), s.err)


def test_compositor_that_dies_locked_comes_back_locked():
    for step, value in (("locked", "1"), ("unlocked", "(unset)")):
        table = DESKTOP.replace("note compositor noise unasked ready",
                                "note compositor env INOS_LOCKED env WAYLAND_DISPLAY ready %s" % step)
        s = Session(table)
        s.until(s.is_state("running"))
        kill_compositor(s, 2)
        check(s.end() == 0, s.err)
        check([n for n in s.notes() if n.startswith("INOS_LOCKED")] ==
              ["INOS_LOCKED=(unset)", "INOS_LOCKED=" + value], step, s.notes())
        # Not the display of the compositor that died.
        check(s.notes().count("WAYLAND_DISPLAY=(unset)") == 2, s.notes())


def safe_session(state, table=DESKTOP, *options):
    return Session(table.replace("note shell", "note shell env INOS_SAFE"), options=options, DISPLAY=None,
                   WAYLAND_DISPLAY=None, **({"XDG_STATE_HOME": state} if state else {}))


def bad_end(s):
    """The session is killed as soon as it is there, and its parts with it."""
    s.until(s.is_state("running"))
    s.process.kill()
    s.wait()
    deadline = time.monotonic() + 15
    while s.left() and time.monotonic() < deadline:
        time.sleep(0.02)
    check(not s.left(), s.left())


def test_two_bad_ends_in_a_row_mean_safe_mode():
    s = safe_session(None)
    state = s.state
    bad_end(s)
    s = safe_session(state)
    check("INOS_SAFE=1" not in s.notes())
    bad_end(s)
    # As many as it takes: safe mode alone does not make it well.
    for _ in range(2):
        s = safe_session(state)
        bad_end(s)
        check("INOS_SAFE=1" in s.notes(), s.notes())
    s = safe_session(state)
    s.until(s.is_state("running"))
    check("true" in s.property("SafeMode"), s.property("SafeMode"))
    check(s.end() == 0 and "safe mode" in s.err, s.err)
    # A log-out is a good end, and the way back.
    s = safe_session(state)
    s.until(s.is_state("running"))
    check("false" in s.property("SafeMode"), s.property("SafeMode"))
    check(s.end() == 0 and "safe mode" not in s.err, s.err)


def test_log_out_without_a_shell_is_a_bad_end():
    broken = DESKTOP.replace("client ready hang", "exit 1")
    s = safe_session(None, broken)
    state = s.state
    for _ in range(2):
        s.until(s.is_state("degraded"))
        check(s.end() == 0, s.err)
        check("INOS_SAFE=1" not in s.notes(), s.notes())
        s = safe_session(state, broken)
    s.until(s.is_state("degraded"))
    check("INOS_SAFE=1" in s.notes(), s.notes())
    check(s.end() == 0, s.err)


def test_safe_mode_on_request():
    s = safe_session(None, DESKTOP, "--safe")
    s.until(s.is_state("running"))
    check("true" in s.property("SafeMode"), s.property("SafeMode"))
    check(s.end() == 0 and "INOS_SAFE=1" in s.notes(), s.notes())


def test_record_of_starts_that_is_rubbish():
    for text in ("\xff\0[session", "[session]\nbad-starts=-7\n", "x" * 100000,
                 "[session]\nbad-starts=99999999999999999999\n"):
        state = tempfile.mkdtemp(prefix="inos-t-")
        os.mkdir(os.path.join(state, "inos"))
        with open(os.path.join(state, "inos", "session.ini"), "w", encoding="latin-1") as file:
            file.write(text)
        s = safe_session(state)
        s.until(s.is_state("running"))
        check("false" in s.property("SafeMode"), text[:40], s.property("SafeMode"))
        check(s.end() == 0, s.err)


def test_compositor_that_is_closed_is_a_log_out():
    s = Session(COMPOSITOR.replace("serve", "sleep 500 exit 0") + NODE)
    check(s.wait() == 0 and "compositor was closed" in s.err, s.err)
    check(not s.left(), s.left())


def test_bus_death_ends_the_session():
    s = Session(DESKTOP)
    s.until(s.is_state("running"))
    for pid in children(s.process.pid):
        with open("/proc/%d/comm" % pid, encoding="utf-8") as file:
            if file.read() == "dbus-daemon\n":
                os.kill(pid, signal.SIGKILL)
    check(s.wait() == 1 and "the session bus (dbus-daemon) was ended by signal 9" in s.err, s.err)
    check(not s.left(), s.left())


def children(pid):
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True,
                           check=False)
    return [int(p) for p in found.stdout.split()]


def test_foreign_notification_is_ignored():
    s = Session("[compositor]\nexec={s} note compositor foreign hang\nready-timeout-ms=500\n"
                "essential=true\ncontrol=true\n", "/bin/echo", "ran")
    check(s.wait() == 70 and s.out == "", s.out)
    check("which is not the one that was started" in s.err, s.err)


def test_malformed_notifications_are_ignored():
    s = Session("[compositor]\nexec={s} note compositor noise hang\nready-timeout-ms=500\n"
                "essential=true\ncontrol=true\n", "/bin/echo", "ran")
    check(s.wait() == 70 and s.out == "", s.out)
    check(s.err.count("ignored a malformed notification") == 6, s.err)


def test_orphans_end_too():
    s = Session(COMPOSITOR + NODE.replace("ready", "orphan deaf ready"))
    s.until(s.is_state("running"))
    s.until(lambda: "orphan" in s.words())
    check(s.end() == 0, s.err)
    check(not s.left(), s.left())


def test_children_of_bus_services_end_too():
    s = Session(DESKTOP, "/bin/sh", "-c", "setsid sleep 1000 & (setsid sleep 1001 &) ; echo $!")
    check(s.wait() == 0)
    check(not os.path.exists("/proc/" + s.out.strip()), s.out)


def test_signals_end_cleanly():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        s = Session(DESKTOP)
        s.until(s.is_state("running"))
        check(s.end(number) == 0, number, s.process.returncode, s.err)
        check(not s.left(), s.left())


def test_logout():
    s = Session(DESKTOP)
    s.until(s.is_state("running"))
    check(not (error := s.call("org.inos.Session1.Logout").stderr), error)
    check(s.wait() == 0, s.err)
    check(not s.left(), s.left())
    check(not os.listdir(os.path.join(s.top, "run", "inos")), "sockets are left")


def test_restart_errors():
    s = Session(DESKTOP)
    s.until(s.is_state("running"))
    check("InvalidArgs" in s.call("org.inos.Session1.Restart", "nobody").stderr)
    check("NotSupported" in s.call("org.inos.Session1.Restart", "compositor").stderr)
    check(s.call("org.inos.Session1.Restart", "node").returncode == 0)
    s.until(lambda: s.words().count("node") == 2)
    s.until(s.is_state("running"))
    check(s.end() == 0)


def test_own_bus_is_used_and_exported_to():
    s = Session(DESKTOP, "/bin/sh", "-c", "echo $DBUS_SESSION_BUS_ADDRESS")
    check(s.wait() == 0 and s.out.startswith("unix:path=" + os.path.join(s.top, "run", "bus")), s.out)


def test_given_bus_is_used_and_left_alone():
    outer = tempfile.mkdtemp(prefix="inos-t-")
    address = "unix:path=%s/outer" % outer
    with subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--address=" + address,
                           "--print-address=1"], stdout=subprocess.PIPE, text=True) as daemon:
        daemon.stdout.readline()
        s = Session(DESKTOP, "/bin/sh", "-c", "echo $DBUS_SESSION_BUS_ADDRESS",
                    DBUS_SESSION_BUS_ADDRESS=address)
        check(s.wait() == 0 and s.out.strip() == address, s.out)
        check(daemon.poll() is None, "the outer bus was ended")
        daemon.terminate()
    shutil.rmtree(outer)


def test_gtk_draws_as_the_compositor_does():
    for said, given, renderer in (("ready", None, ""), ("software", None, "cairo"),
                                  ("software", "gl", "gl")):
        s = Session(COMPOSITOR.replace("ready", said), "/bin/sh", "-c", "echo $GSK_RENDERER",
                    GSK_RENDERER=given)
        check(s.wait() == 0 and s.out.strip() == renderer, said, given, s.out)


def test_rescue_shows_what_failed():
    table = COMPOSITOR + "[node]\nexec={s} exit 1\n"
    s = Session(table, options=["--rescue", "/bin/echo"])
    s.until(s.is_state("degraded"))
    path = os.path.join(s.state, "inos", "log", "rescue.log")
    s.until(lambda: "node exited with status 1" in open(path, encoding="utf-8").read())
    check(s.end() == 0)


def test_rescue_shows_what_failed_before_there_was_a_screen():
    table = COMPOSITOR.replace("ready", "sleep 700 ready") + "[node]\nexec={s} exit 3\nhopeless-status=3\n"
    s = Session(table, options=["--rescue", "/bin/echo"])
    path = os.path.join(s.state, "inos", "log", "rescue.log")
    s.until(lambda: os.path.exists(path) and "node exited with status 3" in
            open(path, encoding="utf-8").read())
    check(s.end() == 0)


def test_runtime_directory_missing():
    s = Session(DESKTOP, "/bin/sh", "-c", "echo $XDG_RUNTIME_DIR", XDG_RUNTIME_DIR=None)
    check(s.wait() == 0 and "XDG_RUNTIME_DIR is not set" in s.err, s.err)
    check(s.out.startswith("/") and not os.path.exists(s.out.strip()), s.out)


def test_runtime_directory_wrong():
    s = Session(DESKTOP, XDG_RUNTIME_DIR="/nonexistent")
    check(s.wait() == 1 and "is not a directory that belongs to you" in s.err, s.err)


def test_systemd_readiness():
    import socket
    path = tempfile.mktemp(prefix="inos-n-")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(path)
        receiver.settimeout(10)
        s = Session(DESKTOP.replace("note node", "note node env WATCHDOG_USEC"), NOTIFY_SOCKET=path,
                    WATCHDOG_USEC="200000")
        # A slow start is watched over, too.
        said = [receiver.recv(4096)]
        while not any(b"READY=1" in word for word in said) or not any(b"WATCHDOG=1" in word for word in said):
            said.append(receiver.recv(4096))
        check(s.end() == 0)
    os.unlink(path)
    check("WATCHDOG_USEC=(unset)" in s.notes(), s.notes())


def test_long_output_blocks_nobody():
    s = Session(COMPOSITOR + "[node]\nexec=/bin/sh -c 'yes spam | head -c 9000000; exec {s} note done ready"
                " hang'\n")
    s.until(s.is_state("running"))
    sizes = [os.path.getsize(os.path.join(s.state, "inos", "log", "node.log" + e)) for e in ("", ".old")]
    check(max(sizes) <= 2 * 1024 * 1024, sizes)
    check(s.end() == 0)


def test_idle_session_sleeps():
    s = Session(DESKTOP)
    s.until(s.is_state("running"))
    time.sleep(0.5)

    def switches():
        with open("/proc/%d/status" % s.process.pid, encoding="utf-8") as file:
            return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", file.read(), re.M)[1])
    before = switches()
    time.sleep(2)
    check(switches() == before, switches() - before, "wake-ups in 2 s")
    check(s.end() == 0)


def test_options():
    def run(*options):
        return subprocess.run([PROGRAM, *options], capture_output=True, text=True, check=False)
    check("--headless" in run("--help").stdout)
    check(run("--version").stdout.startswith("inos-session "))
    for wrong in (["--size", "12"], ["--size", "0x5"], ["--size", "5x5x5"], ["--outputs", "99"],
                  ["--outputs", "x"], ["--nonsense"]):
        result = run(*wrong)
        check(result.returncode == 2 and result.stderr, wrong, result)


def test_every_method_names_its_capability():
    import xml.etree.ElementTree as ElementTree
    top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    tree = ElementTree.parse(os.path.join(top, "session", "org.inos.Session1.xml"))
    methods = tree.findall(".//method")
    check(methods)
    for method in methods:
        check(any(a.get("name") == "org.inos.Capability" and a.get("value")
                  for a in method.findall("annotation")), method.get("name"))


def main():
    tests = [(n, f) for n, f in sorted(globals().items()) if n.startswith("test_") and
             (len(sys.argv) == 3 or n in sys.argv[3:])]
    def too_long(*_):
        raise TimeoutError("a minute is over")
    signal.signal(signal.SIGALRM, too_long)
    # Of this run alone: another may be at work beside it.
    tempfile.tempdir = tempfile.mkdtemp(prefix="inos-t-")
    print("1..%d" % len(tests), flush=True)
    failed = False
    for number, (name, test) in enumerate(tests, 1):
        started = time.monotonic()
        signal.alarm(60)
        try:
            test()
            print("ok %d - %s # %.2f s" % (number, name, time.monotonic() - started), flush=True)
        except Exception as error:  # noqa: BLE001 - a test may fail in any way
            failed = True
            print("not ok %d - %s" % (number, name))
            print("# " + repr(error).replace("\\n", "\n# "), flush=True)
    if not failed:
        shutil.rmtree(tempfile.tempdir, ignore_errors=True)
    return 1 if failed else 0


sys.exit(main())

"""How often each process of an idle desktop wakes, and what for."""

import collections
import os
import pathlib
import re
import signal
import subprocess
import time

from session import Session, processes_with, wait_for

SECONDS = 20
TRACED = ("inos-compositor", "inos-node", "inos-bridge", "inos-shell", "WebKitWebProces", "inos-session")


def switches(pid):
    """Voluntary context switches so far: {thread name: count}. A wake-up is one."""
    counts = collections.Counter()
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            status = (task / "status").read_text()
            name = (task / "comm").read_text().strip()
        except OSError:
            continue
        counts[name] += int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status, re.M)[1])
    return counts


def rate(pids, seconds):
    """Wake-ups a second: {(process, thread): rate}."""
    before = {pid: switches(pid) for pid in pids}
    time.sleep(seconds)
    result = {}
    for pid, counts in before.items():
        for thread, count in switches(pid).items():
            if count > counts[thread]:
                result[pid, thread] = (count - counts[thread]) / seconds
    return result


def causes(pid, seconds=8):
    """What a process reads after it wakes, by strace: {descriptor kind: reads a second}."""
    trace = subprocess.run(
        ["timeout", "-s", "INT", str(seconds), "strace", "-f", "-q", "-y", "-e",
         "trace=read,recvmsg,recvfrom,epoll_wait,epoll_pwait,futex", "-p", str(pid)],
        capture_output=True, text=True, errors="replace").stderr
    kinds = collections.Counter()
    for line in trace.splitlines():
        match = re.search(r"(read|recvmsg|recvfrom)\(\d+<([^>]*)>.*= (-?\d+)", line)
        if match and int(match[3]) > 0:
            kind = re.sub(r"\[\d+.*\]|\d+", "", match[2])
            kinds[kind.removeprefix("anon_inode:")] += 1
    return {kind: count / seconds for kind, count in kinds.most_common(5)}


def named(session):
    run = f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"
    return {pid: comm for pid, comm in processes_with(run) if comm in TRACED}


def run(quick=False):
    seconds = 5 if quick else SECONDS
    rows = []
    with Session() as session:
        wait_for("no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
        time.sleep(5)
        processes = named(session)
        rates = rate(processes, seconds)
        totals = collections.Counter()
        for (pid, thread), value in rates.items():
            totals[processes[pid]] += value
            print(f"  {processes[pid]:<18} {thread:<18} {value:7.2f} wake-ups/s")
        for pid, comm in processes.items():
            why = ", ".join(f"{kind} {value:.1f}/s" for kind, value in causes(pid).items())
            print(f"  {comm:<18} reads: {why or 'nothing'}")
        for comm, value in sorted(totals.items()):
            rows.append({"name": f"{comm}, panel showing", "unit": "/s", "ours": value,
                         "rivals": {}, "goal": None, "ok": True})
        # Without the clock's and the monitor's ticks nothing may wake the compositor at all.
        compositor = session.component("compositor")[1]
        still = [pid for pid, comm in processes.items() if comm in ("inos-shell", "WebKitWebProces")]
        for pid in still:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(1)
        quiet = sum(rate([compositor], seconds).values())
        for pid in still:
            os.kill(pid, signal.SIGCONT)
        rows.append({"name": "compositor, shell stopped", "unit": "/s", "ours": quiet,
                     "rivals": {}, "goal": 0, "ok": quiet == 0})
    return rows

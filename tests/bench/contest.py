"""Runs programs against each other fairly: interleaved, each in its best configuration, undisturbed.

The figure of a sample is its processor time where the configuration has one thread, which is its
wall time on a quiet machine, and its wall time where there are two. A sample during which other
processes took more than a tenth of the machine is taken again, up to twice; the least disturbed
one counts.
"""

import dataclasses
import os
import re
import statistics
import subprocess
import threading
import time

DISTURBED = 0.1
KEPT = 1.15  # a configuration further than this from its side's best after one round is dropped


@dataclasses.dataclass
class Config:
    """One way to run one side's program."""

    side: str
    label: str
    command: list
    threads: int
    environment: dict = dataclasses.field(default_factory=dict)
    samples: list = dataclasses.field(default_factory=list)

    def median(self, key="figure"):
        values = [sample[key] for sample in self.samples if key in sample]
        return statistics.median(values) if values else float("inf")


def busy():
    """Seconds that all processors have been busy, stolen by the host included."""
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def run_once(config, limit):
    """One run: the words of its line and how much others disturbed it. None: over the time limit."""
    before, started = busy(), time.monotonic()
    process = subprocess.Popen(config.command, stdout=subprocess.PIPE, text=True,
                               env=os.environ | config.environment)
    timer = threading.Timer(limit, process.kill)
    timer.start()
    output = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    over = not timer.is_alive()
    timer.cancel()
    if over:
        return None
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(config.command)} ended with {process.returncode}: {output}")
    elapsed = time.monotonic() - started
    others = busy() - before - usage.ru_utime - usage.ru_stime
    sample = {key: float(value) for key, value in re.findall(r"([\w/]+)=([\d.]+)(?:\s|$)", output)}
    sample["disturbed"] = max(0, others / elapsed / os.cpu_count())
    sample["figure"] = sample["cpu"] if config.threads == 1 and sample["cpu"] else sample["ns/msg"]
    return sample


def take(config, limit):
    """Adds a sample to @config. Returns: False where it takes too long."""
    best = None
    for _ in range(3):
        sample = run_once(config, limit)
        if sample is None:
            return False
        if best is None or sample["disturbed"] < best["disturbed"]:
            best = sample
        if best["disturbed"] <= DISTURBED:
            break
    config.samples.append(best)
    return True


def contest(configs, rounds, limit=15):
    """Takes @rounds samples of each side's best configurations, in turns, and of all of our own."""
    racing = [config for config in configs if take(config, limit)]
    best = {}
    for config in racing:
        best[config.side] = min(best.get(config.side, float("inf")), config.samples[0]["figure"])
    racing = [config for config in racing
              if config.side == "Inos" or config.samples[0]["figure"] <= KEPT * best[config.side]]
    for _ in range(rounds - 1):
        for config in racing:
            take(config, limit)
    return racing


def winner(configs, side):
    """The best configuration of @side, None where it has none."""
    return min((config for config in configs if config.side == side and config.samples),
               key=Config.median, default=None)


def look_at_idle(configs, seconds):
    """Starts all, which then only wait: {config.side: (switches a second, resident KiB)}."""
    def switches(pid):
        count = 0
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/status") as status:
                count += sum(map(int, re.findall(r"voluntary_ctxt_switches:\s*(\d+)", status.read())))
        return count

    processes = {}
    for config in configs:
        process = subprocess.Popen(config.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   text=True, env=os.environ | config.environment)
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{' '.join(config.command)} did not say that it is ready")
        processes[f"{config.side}, {config.label}"] = process
    time.sleep(2)
    before = {name: switches(process.pid) for name, process in processes.items()}
    time.sleep(seconds)
    found = {}
    for name, process in processes.items():
        count = switches(process.pid) - before[name]
        with open(f"/proc/{process.pid}/status") as status:
            resident = int(re.search(r"VmRSS:\s*(\d+)", status.read())[1])
        found[name] = (count / seconds, resident)
        process.kill()
        process.wait()
    return found

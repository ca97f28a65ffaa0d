"""The compositor against sway, labwc, phoc, weston and cage, and against the least wlroots makes.

One client of ours for all; what is measured is the compositor's processor time, by the clock of its
process, as the least of several runs in turns: what disturbs a run only ever adds to it. All draw with
pixman on a headless output of 1280 by 800.
"""

import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

from chance import chance_of_more

TOP = pathlib.Path(__file__).parents[2]
BUILT = TOP / "build/release"
CLIENT = BUILT / "tests/bench/bench-compositor-client"
WINDOWS = 200

# Windows float, as everybody else's do: they keep the size that they draw.
SWAY = ("xwayland disable\ndefault_border none\ndefault_floating_border none\n"
        "for_window [app_id=\".*\"] floating enable\noutput * resolution 1280x800\n")
# Nobody else's windows fade and slide. Windows lie over each other, in the middle: where they cascade,
# as here and in labwc, more of each is seen and has to be drawn.
# All of them on the screen in scale 1.5 too.
INOS = "[animations]\nenabled=false\n[rule bench]\nmatch-app-id=org.inos.Bench\nposition=100,60\n"
LABWC = "<labwc_config><placement><policy>center</policy></placement></labwc_config>\n"
PHOC = "[core]\nxwayland=false\n[output:HEADLESS-1]\nmode=1280x800\nscale=1\n"
RIVALS = {
    "inos": lambda d: [str(BUILT / "compositor/inos-compositor"), "--headless", "--config",
                       write(d, "compositor.ini", INOS)],
    "floor": lambda d: [str(BUILT / "tests/bench/bench-compositor-floor")],
    "sway": lambda d: ["sway", "-c", write(d, "sway", SWAY)],
    "labwc": lambda d: ["labwc", "-C", str(pathlib.Path(write(d, "rc.xml", LABWC)).parent)],
    "phoc": lambda d: ["phoc", "-C", write(d, "phoc.ini", PHOC)],
    "weston": lambda d: ["weston", "--backend=headless", "--renderer=pixman", "--no-config",
                         "--width=1280", "--height=800", "--idle-time=0"],
    "cage": lambda d: ["cage", "--", "sleep", "1000"],
}


def write(directory, name, text):
    (directory / name).write_text(text)
    return str(directory / name)


class Running:
    """One compositor in a runtime directory of its own."""

    def __init__(self, name, bus=None):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="inos-bench-"))
        self.directory.chmod(0o700)
        environment = {k: v for k, v in os.environ.items() if k not in ("WAYLAND_DISPLAY", "DISPLAY")}
        environment |= {"XDG_RUNTIME_DIR": str(self.directory), "WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman",
                        "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_HEADLESS_OUTPUTS": "1",
                        # Nobody remembers windows or settings of a run before.
                        "HOME": str(self.directory), "XDG_STATE_HOME": str(self.directory / "state"),
                        "XDG_CONFIG_HOME": str(self.directory / "config"),
                        "XDG_CACHE_HOME": str(self.directory / "cache"),
                        "DBUS_SESSION_BUS_ADDRESS": bus or f"unix:path={self.directory}/nobody"}
        self.environment = environment
        started = time.monotonic()
        self.process = subprocess.Popen(RIVALS[name](self.directory), env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=open(self.directory / "log", "wb"))
        self.socket = self.wait_for_socket()
        self.to_socket = time.monotonic() - started
        self.environment = environment | {"WAYLAND_DISPLAY": self.socket}

    def wait_for_socket(self):
        for _ in range(20000):
            for path in self.directory.glob("wayland-*"):
                if path.is_socket():
                    return path.name
            if self.process.poll() is not None:
                break
            time.sleep(0.0005)
        raise RuntimeError((self.directory / "log").read_text(errors="replace")[-500:])

    def cpu(self):
        """Processor time so far of all of the process' threads, in µs."""
        return time.clock_gettime_ns((~self.process.pid << 3) | 2) / 1000

    def pss(self):
        """kB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1])

    def own(self):
        """kB that are the compositor's alone: not the windows' pixels, which programs share with it."""
        text = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss_Anon:\s+(\d+)", text, re.M)[1])

    def switches(self):
        """Of each thread."""
        return {task.name: int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", (task / "status").read_text(), re.M)[1])
                for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()}

    def client(self, *arguments, program=CLIENT):
        return Client(self, program, arguments)

    def spent(self, *arguments, program=CLIENT, together=False):
        """What the client's work costs the compositor, in µs, and what the client said of it. Together: on one processor, else
        each on its own: left to the kernel it is now one, now the other, and that makes a factor of two to four."""
        client = self.client(*arguments, program=program)
        ours, others = max(os.sched_getaffinity(0)), min(os.sched_getaffinity(0))
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), {ours})
        os.sched_setaffinity(client.process.pid, {ours if together else others})
        before = self.cpu()
        said = client.go_on()
        spent = self.cpu() - before
        client.end()
        return spent, said

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


class Client:
    def __init__(self, compositor, program, arguments):
        self.process = subprocess.Popen([str(program), *map(str, arguments)], env=compositor.environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.wait("begin")

    def wait(self, word):
        said = []
        for line in self.process.stdout:
            if line.strip() == word:
                return said
            said.append(line.strip())
        raise RuntimeError("the client ended early")

    def begin(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def go_on(self):
        self.begin()
        return self.wait("end")

    def stop(self):
        """In the middle of its work."""
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def frame_cost(running, seconds, *arguments):
    spent, said = running.spent("frames", seconds, *arguments)
    return spent / max(1, int(said[0].split()[1]))


def scaled_frames(running, quick):
    """Of programs that draw as densely as the output is, and of those that draw at scale 1. Nothing for who has no such
    scale: weston, cage and the floor."""
    if subprocess.run(["wlr-randr", "--output", "HEADLESS-1", "--scale", "1.5"], env=running.environment,
                      capture_output=True).returncode != 0:
        return {}
    time.sleep(0.3)
    seconds = 1 if quick else 2
    try:
        return {"a frame, scale 1.5": min(frame_cost(running, seconds, 1, "dense") for _ in range(3)),
                "a frame, scale 1.5, drawn at 1": min(frame_cost(running, seconds, 1) for _ in range(3))}
    except RuntimeError:  # the client says that it is told no such scale
        return {}


def scanned_out(seconds):
    """Of ours: how many of a full-screen window's frames the output takes from the window's own buffer, in percent.
    The compositor counts its commits that carry such a buffer."""
    def count():
        said = subprocess.run(
            ["gdbus", "call", "--session", "--dest", "org.inos.Compositor1", "--object-path",
             "/org/inos/Compositor1/output/HEADLESS_1", "--method", "org.inos.Compositor1.Output.CountFrames"],
            env=running.environment, capture_output=True, text=True, check=True).stdout
        return [int(n) for n in re.findall(r"(?:uint64 )(\d+)", said)]

    with tempfile.TemporaryDirectory(prefix="inos-bench-") as folder:
        bus = f"unix:path={folder}/bus"
        daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address", f"--address={bus}"],
                                  stdout=subprocess.PIPE)
        daemon.stdout.readline()
        running = Running("inos", bus)
        try:
            client = running.client("frames", seconds, 1, "full")
            before = count()
            client.go_on()
            after = count()
            client.end()
        finally:
            running.end()
            daemon.kill()
            daemon.wait()
    return {"full screen, frames not copied": 100 * (after[1] - before[1]) / max(1, after[0] - before[0])}


def short(running, quick):
    """What is over at once: each so many times, on one processor."""
    few = 5 if quick else 1
    return {f"a {what}": min(running.spent(what, n, together=True)[0] / n for _ in range(5))
            for what, n in (("roundtrip", 20000 // few), ("commit", 4000 // few), ("map", 400 // few))}


def start(running, quick):
    """Of one that has just started and had no client yet."""
    started = time.monotonic()
    running.spent("frames", 0, 1)
    return {"start to socket": running.to_socket * 1000,
            "start to first window": (running.to_socket + time.monotonic() - started) * 1000,
            "processor time to the first window": running.cpu() / 1000}


FRAMES = {"a frame, one window": (1,), "a frame, one window that fills the screen": (1, "max"),
          "a frame, full screen": (1, "full"), "a frame, 20 windows": (20,)}


def frames(running, quick, wanted=FRAMES):
    """Of a window, of one as large as the screen in both ways, and of many: each the least of three."""
    return {figure: min(frame_cost(running, 1, *FRAMES[figure]) for _ in range(1 if quick else 3)) for figure in wanted}


def sample(name, quick):
    """One life of a compositor: every figure once."""
    running = Running(name)
    try:
        figures = start(running, quick)
        time.sleep(0.3)
        figures["PSS, idle"] = idle_pss = running.pss()
        figures |= short(running, quick)
        figures |= frames(running, quick)
        time.sleep(1)
        before, own = running.pss(), running.own()
        client = running.client("windows", WINDOWS)
        time.sleep(0.3)
        figures["a window more, own memory"] = (running.own() - own) / WINDOWS
        client.end()
        time.sleep(2)
        figures["PSS after 200 windows / before"] = running.pss() / before
        figures["PSS, idle"] = min(idle_pss, before)
        figures |= scaled_frames(running, quick)
    finally:
        running.end()
    if name == "inos":
        figures |= scanned_out(1 if quick else 2)
    return figures


def look_closer(best, quick):
    """Five samples are few for a least where one of them differs from the next by half. What is as near to its goal as that
    is measured ten times more, of ours and of who sets the goal or comes near it, in turns, however it goes.
    Lowers what is in @best; returns the values of each name and figure."""
    def is_near(name, figure):
        # A goal of 1.5 times the floor is set by what is at 0.67 of it.
        return figure in best[name] and 0.6 < best[name][figure] / goal_of(figure, best)[0] < 1.2

    near = {name: [measure for measure, figures in MEASURED.items()
                   if any(is_near(name, figure) and is_near("inos", figure) for figure in figures)] for name in best}
    more = {name: {} for name in best}
    for _ in range(1 if quick else 10):
        for name, measures in near.items():
            if not measures:
                continue
            running = Running(name)
            try:
                for measure in measures:
                    for figure, value in measure(running, quick).items():
                        more[name].setdefault(figure, []).append(value)
                        best[name][figure] = min(best[name][figure], value)
            finally:
                running.end()
    return more


def idle_together(names, quick):
    """All of `names` at once, since none has anything to do: what each does in a minute after windows came and went. The
    least of several minutes."""
    idle, figures, running = 5 if quick else 60, {}, {name: Running(name) for name in names}
    try:
        for one in running.values():
            one.client("windows", 20).end()
        time.sleep(2 if quick else 20)
        for _ in range(1 if quick else 3):
            before = {name: (one.cpu(), one.switches()) for name, one in running.items()}
            time.sleep(idle)
            for name, one in running.items():
                cpu, switches = before[name]
                after = one.switches()
                woke = sum(count - switches.get(thread, 0) for thread, count in after.items())
                woke += len(switches.keys() - after.keys())  # a thread that ended
                minute = {"idle, processor time a minute": (one.cpu() - cpu) / 1000 * 60 / idle,
                          "idle, wake-ups a minute": woke * 60 / idle}
                least = figures.setdefault(name, minute)
                figures[name] = {figure: min(least[figure], value) for figure, value in minute.items()}
    finally:
        for one in running.values():
            one.end()
    return figures


UNITS = {"start to socket": "ms", "start to first window": "ms", "processor time to the first window": "ms",
         "full screen, frames not copied": "%",
         "PSS, idle": "kB", "a window more, own memory": "kB", "PSS after 200 windows / before": "×",
         "idle, processor time a minute": "ms", "idle, wake-ups a minute": ""}


# Figures that are measured more often where they are close, and by what, in this order.
MEASURED = {start: ("start to socket", "start to first window", "processor time to the first window"),
            short: ("a roundtrip", "a commit", "a map"),
            frames: tuple(FRAMES),
            scaled_frames: ("a frame, scale 1.5", "a frame, scale 1.5, drawn at 1")}


def rivals_of(figure):
    """By whose figure ours is judged: {name: how many times that it may be at most}."""
    if figure in ("a roundtrip", "a commit", "a map"):
        return {"floor": 1.1}
    if figure in ("start to socket", "processor time to the first window", "start to first window"):
        return {"sway": 1, "labwc": 1, "phoc": 1, "floor": 1.5}
    if figure in ("a frame, full screen", "a frame, one window that fills the screen"):
        return dict.fromkeys(("sway", "labwc", "phoc", "weston", "cage"), 1)
    if figure.startswith("a frame"):
        # Every window of cage fills the screen: it is compared in the rows of windows that do.
        return dict.fromkeys(("sway", "labwc", "phoc", "weston"), 1)
    return {"sway": 1} if figure == "PSS, idle" else {}


# What direct scan-out is: all but the first one or two.
GOALS = {"full screen, frames not copied": 95, "a window more, own memory": 20, "PSS after 200 windows / before": 1.02,
         "idle, processor time a minute": 0, "idle, wake-ups a minute": 0}


def goal_of(figure, best):
    """(what ours may be at most, who sets that or None), from the least of each rival."""
    goals = [(factor * best[name][figure], name) for name, factor in rivals_of(figure).items() if figure in best.get(name, {})]
    return min(goals, default=(GOALS.get(figure), None))


def is_even(figure, samples, rival):
    """A note where our samples are no more than those of who sets the goal, as far as can be told: the least of fifteen differs from run
    to run by more than programs that do the same."""
    factor = rivals_of(figure)[rival]
    ours, theirs = samples["inos"], [factor * value for value in samples[rival]]
    p = chance_of_more(ours, theirs)
    if min(len(ours), len(theirs)) < 10 or p < 0.05:
        return None
    return f"even with {rival}: the middle is {statistics.median(ours) / statistics.median(theirs):.2f} of its, p {p:.2f}"


def least_of_rounds(names, sample, rounds, quick):
    """Of each of `names` that can be measured, in turns: the least of every figure that `sample` gives, and all that it gave."""
    samples, missing = {}, {}
    for _ in range(rounds):
        for name in names:
            if name in missing:
                continue
            try:
                samples.setdefault(name, []).append(sample(name, quick))
            except (RuntimeError, FileNotFoundError, BrokenPipeError) as error:
                missing[name] = str(error)
    for name, why in missing.items():
        samples.pop(name, None)
        print(f"  {name} could not be measured: {why}")
    return {name: {figure: min(s[figure] for s in all_of) for figure in all_of[0]
                   if all(figure in s for s in all_of)} for name, all_of in samples.items()}, samples


def only_these(wanted, quick):
    """The rows of those names alone, of all whose figures they are judged by: (the least, all samples), as look_closer()."""
    known = [figure for figures in MEASURED.values() for figure in figures]
    if strangers := [figure for figure in wanted if figure not in known]:
        raise SystemExit(f"no such row: {', '.join(strangers)}; there are: {', '.join(known)}")

    def sample_of(name, quick):
        running, figures = Running(name), {}
        try:
            for measure, its in MEASURED.items():
                if mine := [figure for figure in its if figure in wanted]:
                    said = frames(running, quick, mine) if measure is frames else measure(running, quick)
                    figures |= {figure: said[figure] for figure in mine if figure in said}
        finally:
            running.end()
        return figures

    names = ["inos", *(name for name in RIVALS if any(name in rivals_of(figure) for figure in wanted))]
    return least_of_rounds(names, sample_of, 2 if quick else 15, quick)


def run(quick=False, wanted=()):
    if wanted:
        best, samples = only_these(wanted, quick)
        more = {name: {} for name in samples}
    else:
        best, samples = least_of_rounds(RIVALS, sample, 2 if quick else 5, quick)
        more = look_closer(best, quick)
        for name, figures in idle_together(best, quick).items():
            best[name] |= figures
    rows = []
    for figure, ours in best["inos"].items():
        goal, rival = goal_of(figure, best)
        at_least = figure == "full screen, frames not copied"
        taken = {name: [s[figure] for s in all_of] + more[name].get(figure, []) for name, all_of in samples.items()
                 if all(figure in s for s in all_of)}
        ok = goal is None or (ours >= goal if at_least else ours <= goal)
        even = None if ok or rival is None else is_even(figure, taken, rival)
        rows.append({"name": figure, "unit": UNITS.get(figure, "µs"), "ours": ours,
                     "rivals": {name: b[figure] for name, b in best.items()
                                if name != "inos" and figure in b},
                     "samples": taken, "least": at_least, "goal": goal, "ok": ok or even is not None,
                     "note": even})
    return rows

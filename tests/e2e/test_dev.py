"""./dev session, as a person types it."""

import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import types

import pytest
from session import processes_with, wait_for

DEV = str(pathlib.Path(__file__).parents[2] / "dev")


def dev(*arguments, **options):
    return subprocess.run([DEV, *arguments], capture_output=True, text=True, timeout=120, **options)


def test_status_and_environment_come_through():
    result = dev("session", "--", "sh", "-c",
                 'test -S "$XDG_RUNTIME_DIR/$WAYLAND_DISPLAY" && test -n "$DBUS_SESSION_BUS_ADDRESS" '
                 '&& echo "in $HOME" && exit 23')
    assert result.returncode == 23, result.stderr
    home = pathlib.Path(result.stdout.split()[-1])
    assert not home.parent.exists(), "the session's folder is left over"
    assert not processes_with(str(home.parent))


def test_input_reaches_the_command():
    result = dev("session", "--", "cat", input="through and through")
    assert result.stdout == "through and through"


def test_terminating_ends_everything():
    process = subprocess.Popen([DEV, "session", "--", "sh", "-c", "echo $HOME; sleep 1000"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    home = pathlib.Path(process.stdout.readline().strip())
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) != 0
    wait_for("processes are left over", lambda: not processes_with(str(home.parent)))
    assert not home.parent.exists()


def test_unknown_command_is_an_error():
    result = dev("dance")
    assert result.returncode == 1 and "no command 'dance'" in result.stderr
    assert "Usage" in dev("help").stdout


def vnc_greeting(port):
    """Speaks RFB as far as the size of the desktop: a real viewer's first words."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        stream = link.makefile("rwb", buffering=0)
        version = stream.read(12)
        stream.write(version)
        kinds = stream.read(stream.read(1)[0])
        assert 1 in kinds, f"no access without a password: {kinds}"
        stream.write(bytes([1]))
        assert stream.read(4) == bytes(4)
        stream.write(bytes([1]))
        header = stream.read(24)
        return struct.unpack(">HH", header[:4])


def test_run_shows_a_picture_and_vnc_and_ctrl_c_ends_it():
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    process = subprocess.Popen([DEV, "run"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, env=environment,
                               start_new_session=True)
    picture = port = up = None
    for line in process.stderr:
        match = re.search(r"the desktop is up after (\d+) s.*looks:\s+(\S+)", line)
        if match:
            up, picture = int(match[1]), pathlib.Path(match[2])
        match = re.search(r"127\.0\.0\.1:(\d+)", line)
        if match:
            port = int(match[1])
            break
    assert up is not None and up <= 60, "the desktop was not up within a minute"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert wait_for("no VNC", lambda: try_vnc(port), 10) == (1280, 800)
    # What a terminal does on Ctrl-C: the signal goes to everything in the foreground.
    os.killpg(process.pid, signal.SIGINT)
    process.stderr.read()
    process.wait(60)
    wait_for(lambda: f"left over: {processes_of_group(process.pid)}",
             lambda: not processes_of_group(process.pid))


def try_vnc(port):
    try:
        return vnc_greeting(port)
    except OSError:
        return None


def processes_of_group(leader):
    """Whoever still has the started command's session id."""
    return [entry.name for entry in pathlib.Path("/proc").glob("[0-9]*")
            if session_of(entry) == leader]


def session_of(entry):
    try:
        return int((entry / "stat").read_text().rsplit(")", 1)[1].split()[3])
    except (OSError, IndexError):
        return None


def summarize(folder):
    return subprocess.run([pathlib.Path(DEV).parent / "tools/summary.py", folder], capture_output=True, text=True)


def summary(folder, returncode):
    """What a build's results add up to where all tests of a program passed, and it then ended so."""
    result = "ERROR" if returncode else "OK"
    (folder / "tsan.xml").write_text('<testsuites><testsuite name="a"><testcase name="1 - b" classname="inos.a / b"/>'
                                     "</testsuite></testsuites>")
    (folder / "tsan.json").write_text(json.dumps({"name": "a / b", "result": result, "returncode": returncode}) + "\n")
    return summarize(folder)


def test_what_a_sanitizer_says_at_the_end_counts(tmp_path):
    assert summary(tmp_path, 0).stdout == "1 passed, 0 failed, 0 skipped\n"
    failed = summary(tmp_path, 66)
    assert failed.returncode == 1
    assert failed.stdout.splitlines() == ["FAILED: tsan: a / b: ERROR, status 66", "1 passed, 1 failed, 0 skipped"]


LEFT = "==1==ERROR: LeakSanitizer: detected memory leaks\nSUMMARY: AddressSanitizer: 9 byte(s) leaked in 1 allocation(s).\n"
FREED = "==1==ERROR: AddressSanitizer: heap-use-after-free\n"


@pytest.mark.parametrize("said, good", [("not ok 1 - b\n" + LEFT, True), (LEFT, False), ("not ok 1 - b\n" + FREED, False)])
def test_what_an_assertion_leaves_is_no_leak(tmp_path, said, good):
    """A test that failed once and passed alone; ASan ends programs by abort()."""
    for name, wrong, status in (("asan", "<failure/>", -6), ("asan-again", "", 0)):
        (tmp_path / f"{name}.xml").write_text('<testsuites><testsuite name="a"><testcase name="1 - b" classname="inos.a / b">'
                                              f"{wrong}</testcase></testsuite></testsuites>")
        result = {"name": "a / b", "result": "ERROR" if status else "OK", "returncode": status, "stdout": said if status else ""}
        (tmp_path / f"{name}.json").write_text(json.dumps(result) + "\n")
    done = summarize(tmp_path)
    assert done.returncode == (0 if good else 1)
    assert ("UNSTEADY" in done.stdout) == good


def results(folder, name, tests, failed):
    """A run of (file, test), which all failed or all passed."""
    (folder / f"{name}.xml").write_text("<testsuites><testsuite>" + "".join(
        f'<testcase classname="tests.e2e.{file}" name="{test}">{"<failure>E       AssertionError: 1 is 2</failure>" if failed else ""}</testcase>'
        for file, test in tests) + "</testsuite></testsuites>")


@pytest.mark.parametrize("files, good", [(1, True), (5, True), (6, False)])
def test_unsteady_are_counted_by_their_file(tmp_path, files, good):
    """Tests of a file share a session: what happens to it happens to each of them."""
    tests = [(f"test_{i}", f"test_{name}") for i in range(files) for name in "abcdef"]
    results(tmp_path, "e2e-debug", tests, True)
    results(tmp_path, "e2e-debug-again", tests, False)
    done = summarize(tmp_path)
    assert done.returncode == (0 if good else 1)
    assert done.stdout.count("UNSTEADY") == done.stdout.count("1 is 2") == len(tests)
    assert ("FAILED" in done.stdout) != good


def test_what_is_even(monkeypatch):
    """Benchmarks: the least of ours is more than the goal, and yet may be no more than what the rival takes."""
    monkeypatch.syspath_prepend(pathlib.Path(DEV).parent / "tests/bench")
    import compositor
    from chance import chance_of_more

    # For ten each the table of U has 27 at 5 %, one-sided: 73 of 100 pairs.
    tens = list(range(10, 20))
    assert 0.049 < chance_of_more([value + 2.5 for value in tens], tens) < 0.06
    assert chance_of_more(tens, tens) > 0.49 and chance_of_more([value + 10 for value in tens], tens) < 0.001
    figure, sway = "a frame, one window", [200 + 7 * i for i in range(15)]
    assert "even with sway" in compositor.is_even(figure, {"inos": [value + 5 for value in sway], "sway": sway}, "sway")
    assert compositor.is_even(figure, {"inos": [value + 50 for value in sway], "sway": sway}, "sway") is None
    assert compositor.is_even(figure, {"inos": sway[:9], "sway": sway[:9]}, "sway") is None, "too few"
    best = {"inos": {figure: 205}, "sway": {figure: 200}, "labwc": {figure: 210}, "cage": {figure: 100}}
    assert compositor.goal_of(figure, best) == (200, "sway")
    assert compositor.goal_of("a commit", {"floor": {"a commit": 2}}) == (2.2, "floor")
    assert compositor.goal_of("a window more, own memory", best) == (20, None)


def test_one_row_of_a_benchmark(monkeypatch):
    monkeypatch.syspath_prepend(pathlib.Path(DEV).parent / "tests/bench")
    import compositor

    asked = []
    monkeypatch.setattr(compositor, "Running", lambda name: types.SimpleNamespace(name=name, end=lambda: None))
    monkeypatch.setattr(compositor, "frame_cost", lambda running, seconds, *how: asked.append((running.name, how)) or len(asked))
    (row,) = compositor.run(quick=True, wanted=["a frame, full screen"])
    assert row["name"] == "a frame, full screen" and row["ours"] == 1 and set(row["rivals"]) == {"sway", "labwc", "phoc", "weston", "cage"}
    assert set(asked) == {(name, (1, "full")) for name in ("inos", *row["rivals"])}
    with pytest.raises(SystemExit, match="no such row: a frame; there are: .*a map"):
        compositor.run(wanted=["a frame"])

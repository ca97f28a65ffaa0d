"""The greeter: a compositor of its own that greetd starts, before anybody is logged in. greetd is greetd_stand_in.py."""

import os
import pathlib
import shlex
import shutil
import signal
import struct
import subprocess

import pytest
from greetd_stand_in import Greetd
from PIL import Image
from pictures import CURSOR, difference
from pointer import Pointer
from session import PATIENCE, by_load, soon, wait_for
from test_lock import BOARD, Machine, key_place

PREFIX = pathlib.Path(shutil.which("inos-compositor")).parents[1]
MEMORY = PREFIX / "var/lib/inos-greeter"


class Ended(Exception):
    """There is no screen any more."""


class Greeter:
    def __init__(self, folder, greetd, *options, environment=None):
        self.folder = folder
        run = folder / "run"
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir(mode=0o700)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "DISPLAY")},
            "XDG_RUNTIME_DIR": str(run), "HOME": str(folder), "GREETD_SOCK": str(greetd.path) if greetd else "",
            "GSETTINGS_BACKEND": "memory", "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/none", "LC_ALL": "C.UTF-8",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/none", **(environment or {}),
        }
        self.log = open(folder / "log", "w+")
        self.process = subprocess.Popen(
            ["inos-compositor", "--greeter", "--headless", "--socket", "greeter", *options],
            env=self.environment, stderr=self.log, stdout=self.log)
        self.environment["WAYLAND_DISPLAY"] = "greeter"
        wait_for("there is no screen", lambda: (run / "greeter").exists(), 20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def run(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, check=False)

    def keys(self, *names):
        self.run("wtype", *[part for name in names for part in ("-k", name)])

    def type(self, text):
        self.run("wtype", text)

    def screen(self, name):
        path = self.folder / f"{name}.png"
        what = wait_for("no picture can be taken", lambda: "taken" if self.run("grim", str(path)).returncode == 0
                        else self.process.poll() is not None and "ended", 5)
        if what == "ended":
            raise Ended(name)
        kept = os.environ.get("INOS_PICTURES")
        if kept:
            shutil.copy(path, kept)
        with Image.open(path) as image:
            return image.convert("RGB")

    def rest(self, name):
        """Until nothing moves on the screen any more, but for what a cursor does; or it has ended, or begins over and over."""
        pictures = []

        def is_still():
            try:
                pictures.append(self.screen(name))
            except Ended:
                return True
            last = pictures[-3:]
            return len(last) == 3 and all(
                difference(each, last[-1], (0, 0, *last[-1].size)) <= CURSOR for each in last)

        soon(is_still, by_load(3))

    def child(self, name):
        """The number of a process that this one, or one of its children, has started."""
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (path / "comm").read_text().strip() == name and self._is_ours(int(path.name)):
                    return int(path.name)
            except (OSError, ValueError):
                continue
        return None

    def _is_ours(self, pid):
        while pid > 1:
            if pid == self.process.pid:
                return True
            pid = int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        return False


@pytest.fixture(autouse=True)
def memory():
    """Where it keeps who was last let in, which packages make."""
    shutil.rmtree(MEMORY, ignore_errors=True)
    MEMORY.mkdir(parents=True)
    yield MEMORY / "last"
    shutil.rmtree(MEMORY)


@pytest.fixture
def greetd(tmp_path):
    with Greetd(tmp_path) as greetd:
        yield greetd


def name_and_password(greeter, greetd, name, password):
    """Types as a person does who looks at the screen. Keys that come before it asks go nowhere: then again, by Escape."""
    def takes_name():
        before = len(created(greetd))
        greeter.type(name + "\n")
        if soon(lambda: len(created(greetd)) > before, by_load(2)) and created(greetd)[-1] == name:
            return True
        greeter.keys("Escape", "Escape")
        return False

    wait_for("it asks nobody", lambda: greeter.child("inos-greet"), 20)
    wait_for("nothing is drawn", lambda: colours(greeter.screen("greeter")) > 60, 20)
    wait_for("the name is not taken", takes_name, 20)
    greeter.rest("greeter-asks")  # for the password
    greeter.type(password + "\n")


def colours(image):
    return len(image.getcolors(1 << 24))


def created(greetd):
    return [message["username"] for message in greetd.told if message["type"] == "create_session"]


def test_a_name_and_a_password_start_the_session(tmp_path, greetd, memory):
    with Greeter(tmp_path, greetd) as greeter:
        wait_for("nothing is drawn", lambda: colours(greeter.screen("greeter-name")) > 60, 20)
        name_and_password(greeter, greetd, "ada", "wrong")
        wait_for("nothing is said of a wrong one", lambda: created(greetd) == ["ada", "ada"], 20)
        assert greeter.process.poll() is None and "start_session" not in greetd.types()
        greeter.rest("greeter-wrong")
        greeter.type("opensesame\n")
        assert greeter.process.wait(20 * PATIENCE) == 0
    start = greetd.told[-1]
    assert start["type"] == "start_session" and start["cmd"][0].endswith("/inos-session")
    assert "XDG_SESSION_TYPE=wayland" in start["env"] and "XDG_CURRENT_DESKTOP=Inos" in start["env"]
    assert memory.read_text() == "ada"
    log = (tmp_path / "log").read_text()
    assert "opensesame" not in log and "wrong" not in log


def test_an_account_without_a_password_takes_a_key(tmp_path, greetd, memory):
    """Of one that is not asked for its name either; that it is remembered takes that it exists, as root does."""
    with Greeter(tmp_path, greetd) as greeter:
        name_and_password(greeter, greetd, "open", "")
        assert greeter.process.wait(20 * PATIENCE) == 0
    memory.write_text("root")
    greetd.told.clear()
    import greetd_stand_in
    greetd_stand_in.ACCOUNTS["root"] = None
    try:
        with Greeter(tmp_path, greetd) as greeter:
            wait_for("who was there is not remembered", lambda: created(greetd) == ["root"], 20)
            assert not soon(lambda: "start_session" in greetd.types(), 2), "nobody has pressed a key"
            greeter.keys("Return")
            assert greeter.process.wait(20 * PATIENCE) == 0
    finally:
        del greetd_stand_in.ACCOUNTS["root"]


def test_escape_asks_for_another(tmp_path, greetd, memory):
    memory.write_text("root")
    with Greeter(tmp_path, greetd) as greeter:
        wait_for("who was there is not remembered", lambda: created(greetd) == ["root"], 20)
        before = greeter.child("inos-greet")
        wait_for("it goes on with that one", lambda: greeter.keys("Escape") or soon(
            lambda: greeter.child("inos-greet") not in (None, before), 1), 20)
        name_and_password(greeter, greetd, "ada", "opensesame")
        assert greeter.process.wait(20 * PATIENCE) == 0
    assert created(greetd) == ["root", "ada"]


def test_a_pointer_alone_asks_for_another(tmp_path, greetd, memory):
    """By Esc on the keyboard that is on the screen."""
    memory.write_text("root")
    settings = tmp_path / ".config" / "glib-2.0" / "settings"
    settings.mkdir(parents=True)
    (settings / "keyfile").write_text("[org/gnome/desktop/a11y/applications]\nscreen-keyboard-enabled=true\n")
    with Greeter(tmp_path, greetd, environment={"GSETTINGS_BACKEND": "keyfile", "XDG_CONFIG_HOME": str(tmp_path / ".config")}) as greeter:
        wait_for("who was there is not remembered", lambda: created(greetd) == ["root"], 20)
        wait_for("there is no keyboard", lambda: colours(greeter.screen("greeter-board").crop((BOARD[0], BOARD[1], BOARD[0] + 860, 790))) > 30, 20)
        before = greeter.child("inos-greet")
        with Pointer(greeter, greeter.screen("greeter-board").size) as pointer:
            wait_for("it goes on with that one", lambda: pointer.click(*key_place("escape")) or soon(
                lambda: greeter.child("inos-greet") not in (None, before), 1), 20)
    assert created(greetd) == ["root"]


def test_it_comes_back_when_it_is_killed(tmp_path, greetd):
    with Greeter(tmp_path, greetd) as greeter:
        first = wait_for("there is none", lambda: greeter.child("inos-greeter"), 20)
        os.kill(first, signal.SIGKILL)
        wait_for("it stays away", lambda: greeter.child("inos-greeter") not in (None, first), 20)
        assert greeter.process.poll() is None
        name_and_password(greeter, greetd, "ada", "opensesame")
        assert greeter.process.wait(20 * PATIENCE) == 0


def test_nothing_else_can_be_done(tmp_path, greetd):
    """No binding starts a program before anybody is let in; nor is anybody shown where that is not wanted."""
    settings = tmp_path / "greeter.ini"
    settings.write_text(f"[bindings]\nSuper+t = exec touch {tmp_path}/started\n[greeter]\npeople = false\n")
    with Greeter(tmp_path, greetd, "--config", str(settings)) as greeter:
        wait_for("it asks nobody", lambda: greeter.child("inos-greet"), 20)
        arguments = pathlib.Path(f"/proc/{greeter.child('inos-greeter')}/cmdline").read_bytes().split(b"\0")
        assert arguments[1] == b"--no-people"
        greeter.run("wtype", "-M", "logo", "-k", "t", "-m", "logo", "-M", "ctrl", "-k", "u")
        name_and_password(greeter, greetd, "ada", "opensesame")
        assert greeter.process.wait(20 * PATIENCE) == 0
    assert not (tmp_path / "started").exists()


def test_an_expired_account_and_no_greetd(tmp_path, greetd):
    greetd.expired = True
    with Greeter(tmp_path, greetd) as greeter:
        name_and_password(greeter, greetd, "ada", "opensesame")
        wait_for("there is no other try", lambda: len(created(greetd)) == 2, 20)
        greeter.screen("greeter-expired")
        assert "start_session" not in greetd.types()
    with Greeter(tmp_path, None) as greeter:
        wait_for("nothing is drawn", lambda: colours(greeter.screen("greeter-none")) > 60, 20)
        assert greeter.process.poll() is None


@pytest.mark.parametrize("answer", [
    b"", struct.pack("=I", 7) + b"[1,2,3]", struct.pack("=I", 2) + b"{}", struct.pack("=I", 1 << 31),
    struct.pack("=I", 4) + b"\xff\xfe{}", struct.pack("=I", 40) + b'{"type":"auth_message"}' + b" " * 17,
    struct.pack("=I", 20) + b'{"type":"success"', struct.pack("=I", 16) + b'{"type": [1, 2]}',
], ids=["nothing", "list", "empty", "huge", "no text", "no kind", "cut", "no word"])
def test_what_is_no_answer_lets_nobody_in(tmp_path, greetd, answer):
    greetd.says = answer or b"\0"
    with Greeter(tmp_path, greetd) as greeter:
        name_and_password(greeter, greetd, "ada", "opensesame")
        assert not soon(lambda: "start_session" in greetd.types() or greeter.process.poll() is not None, 0.5)
        greetd.says = None
        wait_for("it does not try again", lambda: len(created(greetd)) >= 2, 20)


def with_sessions(folder, *names):
    """The environment in which these are installed beside ours; what is wrong with some is no choice."""
    sessions = folder / "share" / "wayland-sessions"
    sessions.mkdir(parents=True, exist_ok=True)
    for name in names:
        (sessions / f"{name.lower()}.desktop").write_text(
            f"[Desktop Entry]\nType=Application\nName={name}\nExec=/bin/{name.lower()} --start %f \"X=1; exec 100%% it's\"\n"
            f"DesktopNames={name};Common;\n")
    (sessions / "gone.desktop").write_text("[Desktop Entry]\nName=Gone\nExec=gone\nTryExec=/nonexistent/gone\n")
    (sessions / "hidden.desktop").write_text("[Desktop Entry]\nName=Hidden\nExec=hidden\nHidden=true\n")
    (sessions / "rubbish.desktop").write_bytes(b"\0\xff")
    return {"XDG_DATA_DIRS": f"{folder}/share:{os.environ['XDG_DATA_DIRS']}"}


def test_another_session_is_chosen_and_remembered(tmp_path, greetd, memory):
    environment = with_sessions(tmp_path, "Other")
    with Greeter(tmp_path, greetd, environment=environment) as greeter:
        wait_for("nothing is drawn", lambda: colours(greeter.screen("greeter-sessions")) > 60, 20)
        # Backwards from the field it is the last button: there is no logind here.
        greeter.rest("greeter-sessions")
        greeter.run("wtype", "-M", "shift", "-k", "Tab", "-m", "shift", "-k", "space")
        name_and_password(greeter, greetd, "ada", "opensesame")
        assert greeter.process.wait(20 * PATIENCE) == 0
    start = greetd.told[-1]
    assert start["type"] == "start_session" and start["cmd"][:2] == ["/bin/other", "--start"]
    # greetd has a shell read it all again.
    assert shlex.split(" ".join(start["cmd"])) == ["/bin/other", "--start", "X=1; exec 100% it's"], start["cmd"]
    assert {"XDG_SESSION_DESKTOP=other", "XDG_CURRENT_DESKTOP=Other:Common"} <= set(start["env"])
    assert (memory.parent / "session").read_text() == "other"
    for text, program in (("other", "/bin/other"), ("../../etc/passwd", "inos-session"), ("gone", "inos-session")):
        (memory.parent / "session").write_text(text)
        with Greeter(tmp_path, greetd, environment=environment) as greeter:
            name_and_password(greeter, greetd, "ada", "opensesame")
            assert greeter.process.wait(20 * PATIENCE) == 0
        assert greetd.told[-1]["cmd"][0].endswith(program), text


def test_one_session_is_no_choice(tmp_path, greetd):
    with Greeter(tmp_path, greetd, environment=with_sessions(tmp_path)) as greeter:
        name_and_password(greeter, greetd, "ada", "opensesame")
        assert greeter.process.wait(20 * PATIENCE) == 0
    assert greetd.told[-1]["cmd"][0].endswith("/inos-session")


def test_the_machine_is_switched_off(tmp_path, greetd):
    with Machine(tmp_path) as machine:
        environment = {**with_sessions(tmp_path, "Other"), **machine.environment}
        with Greeter(tmp_path, greetd, environment=environment) as greeter:
            wait_for("there are no buttons", lambda: colours(greeter.screen("greeter-machine").crop(
                (440, 690, 840, 772))) > 30, 20)
            for keys, deed in ((["Tab"], "poweroff"), (["Tab", "Tab"], "reboot"), (["Tab"] * 3, "suspend")):
                # Backwards from the field, to which Escape leads.
                greeter.keys("Escape")
                greeter.run("wtype", "-M", "shift", *[part for key in keys for part in ("-k", key)], "-m", "shift",
                            "-k", "Return")
                wait_for(f"no {deed}", lambda deed=deed: any(
                    f" {deed}" in line.lower() for line in machine.said.read_text().splitlines()), 20)
            assert greeter.process.poll() is None


@pytest.mark.parametrize("language", ["ar_EG.UTF-8", "C.UTF-8"])
def test_how_it_looks(tmp_path, greetd, language, locales):
    """For those who look at the pictures: all there is, with a long name, from right to left."""
    with Machine(tmp_path) as machine:
        environment = {**with_sessions(tmp_path, "Other", "A desktop whose name is longer than the room for it"),
                       **machine.environment, "LC_ALL": language, "LOCPATH": str(locales), "LANGUAGE": ""}
        with Greeter(tmp_path, greetd, environment=environment) as greeter:
            wait_for("there are no buttons", lambda: colours(greeter.screen(f"greeter-{language[0]}").crop(
                (440, 690, 840, 772))) > 30, 20)
            greeter.run("wtype", "-M", "shift", "-k", "Tab", "-k", "Tab", "-k", "Tab", "-k", "Tab", "-m", "shift")
            greeter.screen(f"greeter-focus-{language[0]}")

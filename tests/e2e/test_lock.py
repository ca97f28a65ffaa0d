"""Inos' own lock screen, with the real PAM. What is right and wrong is Debian's pam_exec's to say, with a
script of the test's, since no test has a person's password; the program that reads PAM's settings from
the test's folder is built for tests and never installed. tests/login has a real account."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys

import pytest
from clients import colours, see
from gi.repository import Gio, GLib
from pictures import difference
from pointer import Pointer
from session import PATIENCE, Session, processes_with, soon, wait_for

TOP = pathlib.Path(__file__).parents[2]
BUILD = TOP / "build" / os.environ.get("INOS_BUILD", "debug")
LOCKER = BUILD / "lock" / "inos-lock-test"
RIGHT, WRONG, SLOWLY = "open sesame", "Ali-Baba-and-40", "slowly"
ACCEPT = f"""#!/bin/sh
case $(tr -d '\\0') in
  '{RIGHT}') exit 0 ;;
  {SLOWLY}) : >"$0.$$"; exec sleep 30 ;;
esac
exit 1
"""
# As Debian's common-auth: pam_exec itself calls a script that says no a fault of the system.
STACK = """auth [success=1 default=ignore] pam_exec.so expose_authtok quiet {folder}/accept
auth requisite pam_deny.so
auth required pam_permit.so
account required pam_permit.so
"""
COMPOSITOR, ROOT, IDLE = "org.inos.Compositor1", "/org/inos/Compositor1", "org.inos.Compositor1.Idle"
MIDDLE, PANEL = (340, 170, 940, 648), (0, 0, 140, 31)


def pam_folder(folder, stack=STACK):
    folder.mkdir(exist_ok=True)
    (folder / "accept").write_text(ACCEPT)
    (folder / "accept").chmod(0o700)
    (folder / "message").write_text("Place your finger on the reader\n")
    (folder / "inos-lock").write_text(stack.format(folder=folder))
    return folder


@contextlib.contextmanager
def a_session(tmp_path, stack=STACK, settings="", environment=None):
    config = tmp_path / "inos"
    config.mkdir(exist_ok=True)
    (config / "compositor.ini").write_text(f"[lock]\ncommand = {LOCKER}\n{settings}")
    with Session("--config-dir", str(tmp_path), environment={
            "INOS_LOCK_PAM_DIR": str(pam_folder(tmp_path / "pam", stack)), **(environment or {})}) as session:
        session.pam = tmp_path / "pam"
        yield session
        # What the lock screen and the checker say of themselves is in the compositor's log.
        session.end()
        for word in ("ERROR: AddressSanitizer", "runtime error:", "ERROR: LeakSanitizer"):
            assert word not in session.log("compositor"), session.log("compositor")[-6000:]


@pytest.fixture
def session(tmp_path):
    with a_session(tmp_path) as session:
        yield session


def locked(session):
    return session.get(COMPOSITOR, "Locked")


def shown(session):
    return session.get(COMPOSITOR, "LockedEverywhere", interface=IDLE)


def running(session, name):
    """Processes of the session whose name, as the kernel has it, begins so."""
    return {pid for pid, comm in processes_with(f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}")
            if comm.startswith(name[:15])}


def checkers(session):
    return running(session, "inos-lock-check")


def lockers(session):
    """Those that the compositor has started: their own children are called the same until they have
    become checkers."""
    compositor = session.component("compositor")[1]
    return {pid for pid in running(session, "inos-lock") - checkers(session) if parent_of(pid) == compositor}


def parent_of(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return None


def the(what, found, but=()):
    """The one process that there is and that is none of those."""
    return wait_for(f"there is no {what}", lambda: found() - set(but), 20).pop()


def is_lock_screen(picture):
    """Words in the middle, and no panel."""
    return colours(picture, MIDDLE) > 40 and colours(picture, PANEL) < 40


def lock(session):
    session.run("inosctl", "lock")
    wait_for("it does not lock", lambda: shown(session), 20)
    return see(session, "lock", "the lock screen is not drawn", is_lock_screen, 20)


def checks(session):
    """Files that the script leaves, one for each check that takes long."""
    return set(session.pam.glob("accept.*"))


def type_text(session, text):
    session.run("wtype", text)
    session.run("wtype", "-k", "Return")


def unlock(session):
    """As a person does, who types again where nothing happens: on a busy machine the next check may not ask yet."""
    for _ in range(4):
        type_text(session, RIGHT)
        if soon(lambda: not locked(session), 10):
            break
        assert shown(session)
    assert not locked(session), "the right password does not unlock"
    wait_for("the lock screen stays", lambda: not lockers(session) and not checkers(session), 20)


@pytest.mark.sanitized
def test_only_the_right_password_unlocks(session, tmp_path):
    typed = tmp_path / "typed"
    session.open_foot("sh", "-c", f"cat > {typed}", title="secret")
    session.run("wtype", "-M", "logo", "l", "-m", "logo")
    wait_for("the key does not lock", lambda: shown(session), 20)
    see(session, "lock", "the lock screen is not drawn", is_lock_screen, 20)
    first = the("checker", lambda: checkers(session))
    # Enter alone is no try.
    session.run("wtype", "-k", "Return")
    type_text(session, WRONG)
    second = the("next checker", lambda: checkers(session), [first])
    assert locked(session) and shown(session)
    see(session, "lock-wrong", "it does not say that this was wrong", lambda p: has_tone(p, "light", 1))
    type_text(session, RIGHT + "x")
    the("third checker", lambda: checkers(session), [first, second])
    assert locked(session)
    unlock(session)
    # The window has its keyboard again, and of what was typed nothing.
    wait_for("the window has no focus", lambda: session.windows()[0]["Focused"])
    session.run("wtype", "free")
    session.run("wtype", "-k", "Return")
    wait_for("nothing arrives", lambda: typed.exists() and typed.read_text())
    assert typed.read_text() == "free\n"
    for name in ("compositor", "shell", "node", "bridge"):
        assert WRONG not in session.log(name) and RIGHT not in session.log(name)
    assert WRONG not in session.errors() and RIGHT not in session.errors()


def test_what_was_typed_is_not_kept(session):
    """Looks for it in the memory of the lock screen, as somebody with its core file would."""
    lock(session)
    pid, first = the("locker", lambda: lockers(session)), the("checker", lambda: checkers(session))
    session.run("wtype", WRONG)
    wait_for("the search finds nothing at all", lambda: finds(pid, WRONG.encode()))
    # Looked at, too: it is drawn character by character.
    session.run("wtype", "-k", "Tab", "-k", "Tab")
    session.run("wtype", "-k", "space")
    see(session, "lock-peek", "it is not shown", is_lock_screen)
    session.run("wtype", "-k", "BackSpace")
    type_text(session, "!")
    the("next checker", lambda: checkers(session), [first])
    assert not finds(pid, WRONG.encode()[:-1]), "it is still in memory"
    session.run("wtype", "taken back, all of it")
    wait_for("the search finds nothing at all", lambda: finds(pid, b"taken back, all of it"))
    session.run("wtype", "-k", "Escape")
    wait_for("it is still in memory", lambda: not finds(pid, b"taken back, al"))
    unlock(session)


def finds(pid, text):
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in maps:
            place, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, stop = (int(part, 16) for part in place.split("-"))
            with contextlib.suppress(OSError, ValueError, OverflowError):
                memory.seek(start)
                if text in memory.read(stop - start):
                    return True
    return False


@pytest.mark.sanitized
def test_whatever_is_killed_it_stays_locked(session):
    lock(session)
    locker, checker = the("locker", lambda: lockers(session)), the("checker", lambda: checkers(session))
    # The checker, while it waits for a password: there is another one.
    os.kill(checker, signal.SIGKILL)
    checkers_seen = [checker, the("new checker", lambda: checkers(session), [checker])]
    assert locked(session) and lockers(session) == {locker}
    # The checker, while it checks.
    type_text(session, SLOWLY)
    wait_for("nothing is checked", lambda: checks(session), 20)
    os.kill(checkers_seen[-1], signal.SIGKILL)
    checkers_seen.append(the("new checker", lambda: checkers(session), checkers_seen))
    assert locked(session) and lockers(session) == {locker}
    # The lock screen, while it waits, and while it checks. Its checker goes with it.
    seen, before = [locker], checks(session)
    for text in (None, SLOWLY):
        if text:
            see(session, "lock", "the lock screen does not come back", is_lock_screen, 20)
            type_text(session, text)
            wait_for("nothing is checked", lambda: checks(session) - before, 20)
        os.kill(seen[-1], signal.SIGKILL)
        seen.append(the("new lock screen", lambda: lockers(session), seen))
        wait_for("the checker outlives its lock screen",
                 lambda: not checkers(session) & set(checkers_seen), 20)
        checkers_seen.append(the("new checker", lambda: checkers(session), checkers_seen))
        before = checks(session)
        assert locked(session)
    wait_for("the new one does not lock", lambda: shown(session), 20)
    see(session, "lock", "the lock screen is not drawn", is_lock_screen, 20)
    unlock(session)


def test_escape_stops_a_check(session):
    lock(session)
    checker = the("checker", lambda: checkers(session))
    type_text(session, SLOWLY)
    wait_for("nothing is checked", lambda: checks(session), 20)
    session.run("wtype", "-k", "Escape")
    the("next checker", lambda: checkers(session), [checker])
    assert locked(session)
    unlock(session)


def test_monitors_come_and_go_while_it_is_locked(session):
    lock(session)
    path = session.call(COMPOSITOR, ROOT, COMPOSITOR, "AddVirtualOutput", GLib.Variant("(ii)", (800, 600)))[0]
    see(session, "lock-two", "the new monitor has no lock screen",
        lambda p: p.width == 2080 and is_lock_screen(p) and colours(p, (1280 + 200, 100, 1280 + 600, 500)) > 40)
    session.call(COMPOSITOR, ROOT, COMPOSITOR, "RemoveVirtualOutput", GLib.Variant("(o)", (path,)))
    see(session, "lock-one", "the monitor stays", lambda p: p.width == 1280 and is_lock_screen(p))
    name = next(iter(session.inosctl("outputs")))["name"]
    session.run("inosctl", "output", name, "scale", "1.5")
    see(session, "lock-scaled", "it is not drawn in the new scale", is_lock_screen)
    unlock(session)


def test_pointer_sends_what_was_typed(session):
    lock(session)
    session.run("wtype", RIGHT)
    with Pointer(session) as pointer:
        # The button at the end of the field, whose colour is the accent once something is typed.
        picture = see(session, "lock-typed", "the button does not light up", lambda p: find(p, (0x0b, 0x6e, 0x66)))
        pointer.click(*find(picture, (0x0b, 0x6e, 0x66)))
        wait_for("the button does not unlock", lambda: not locked(session), 20)


# Of the keyboard of a US layout on 1280 × 800, as lock/layout.c has it: its left edge and top, and the width of a key.
BOARD, UNIT, ROW = (210, 530), 860 / 15, 52
ROWS = ("`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", None)


def key_place(name):
    """The middle of a key: a letter, or one of those that type none."""
    others = {"escape": (4, 0.75), "space": (4, 7), "enter": (4, 13.75), "shift": (3, 1), "backspace": (0, 14)}
    if name in others:
        row, at = others[name]
    elif name in "zxcvbnm,./":
        row, at = 3, 2.5 + "zxcvbnm,./".index(name)
    else:
        row = next(i for i, keys in enumerate(ROWS) if keys and name in keys)
        at = ROWS[row].index(name) + 0.5 + ((15 - len(ROWS[row])) / 2 if row > 0 else 0)
    return int(BOARD[0] + at * UNIT), BOARD[1] + row * ROW + ROW // 2


def test_a_pointer_alone_unlocks(session):
    """Nobody touches a keyboard: the button in the field shows one, which types a password and sends it."""
    session.run("gsettings", "set", "org.gnome.desktop.interface", "accent-color", "orange")
    orange, board = (0x99, 0x43, 0x0c), (BOARD[0], BOARD[1], BOARD[0] + 860, 790)
    lock(session)
    picture = see(session, "lock-accent", "the field has not the person's colour",
                  lambda p: is_lock_screen(p) and has_colour(p, orange), 20)
    with Pointer(session) as pointer:
        _, y = field_middle(picture, orange)
        pointer.click(640 + 188 - 6 - 18 - 2 * 38, y)
        see(session, "lock-board", "there is no keyboard", lambda p: colours(p, board) > 30 and is_lock_screen(p), 20)
        for name in ("shift", "a", "backspace", *("space" if c == " " else c for c in RIGHT)):
            pointer.click(*key_place(name))
        see(session, "lock-board-typed", "nothing is typed", lambda p: find(p, orange))
        first = the("checker", lambda: checkers(session))
        pointer.click(*key_place("enter"))
        wait_for("it does not unlock", lambda: not locked(session), 20)
        wait_for("the checker stays", lambda: first not in checkers(session), 20)


def test_a_keyboard_on_the_screen_that_is_wanted_is_there(session):
    """Who has switched it on has it at once; keys still type, and a wrong password is wrong."""
    session.run("gsettings", "set", "org.gnome.desktop.a11y.applications", "screen-keyboard-enabled", "true")
    lock(session)
    see(session, "lock-board-at-once", "there is no keyboard",
        lambda p: colours(p, (BOARD[0], BOARD[1], BOARD[0] + 860, 790)) > 30, 20)
    first = the("checker", lambda: checkers(session))
    with Pointer(session) as pointer:
        for name in ("n", "o", "enter"):
            pointer.click(*key_place(name))
        the("next checker", lambda: checkers(session), [first])
        assert locked(session)
    # Who hides it has it hidden, whatever else changes.
    area, orange = (BOARD[0], BOARD[1], BOARD[0] + 860, 790), (0x99, 0x43, 0x0c)
    before = session.screenshot("lock-board-at-once")
    session.run("wtype", "-k", "Tab", "-k", "Return")
    hidden = see(session, "lock-board-hidden", "it is not hidden", lambda p: difference(before, p, area) > 20000)
    session.run("gsettings", "set", "org.gnome.desktop.interface", "accent-color", "orange")
    picture = see(session, "lock-board-hidden", "the colour is not another", lambda p: has_colour(p, orange), 20)
    assert difference(hidden, picture, area) < 20000, "it is shown again"
    unlock(session)


def has_colour(picture, colour):
    return any(found == colour for _, found in picture.crop(MIDDLE).getcolors(1 << 20))


def field_middle(picture, colour):
    """Of the field, which has a frame of that colour."""
    rows = [y for y in range(170, 648) if picture.getpixel((640, y)) == colour]
    return 640, (min(rows) + max(rows)) // 2


def find(picture, colour):
    """The middle of what has that colour, the field's frame apart."""
    places = [(x, y) for x in range(700, 840) for y in range(200, 600)
              if picture.getpixel((x, y)) == colour]
    if len(places) < 400:
        return None
    return tuple(sum(place[i] for place in places) // len(places) for i in (0, 1))


def test_without_a_password_enter_unlocks(tmp_path):
    """PAM says yes before anybody is there: the screen stays locked for all that."""
    with a_session(tmp_path, "auth required pam_permit.so\naccount required pam_permit.so\n") as session:
        lock(session)
        wait_for("the checker stays", lambda: not checkers(session), 20)
        assert locked(session)
        session.run("wtype", "-k", "Return")
        wait_for("Enter does not unlock", lambda: not locked(session), 20)


def test_pam_that_does_not_work_lets_nobody_in(tmp_path):
    with a_session(tmp_path, "auth required pam_not_there.so\n") as session:
        lock(session)
        type_text(session, RIGHT)
        session.run("wtype", "-k", "Escape")
        see(session, "lock-broken", "it does not say so", lambda p: is_lock_screen(p) and has_tone(p, "light", 1), 20)
        assert locked(session)
        # It is mended: the next conversation works.
        pam_folder(tmp_path / "pam")
        wait_for("it stays broken", lambda: stays(lambda: checkers(session)), 40)
        unlock(session)


def stays(value):
    """What a value is when it is the same a moment later."""
    before = value()
    subprocess.run(["sleep", "0.3"], check=True)
    return before if before and value() == before else None


def test_the_one_that_is_installed_is_the_default(tmp_path):
    """Without settings it is inos-lock beside the compositor, by a connection of its own, so that a list
    of programs that may lock need not name it; and PAM's settings are the machine's, whatever the
    environment says."""
    folder = pam_folder(tmp_path / "pam", "auth required pam_permit.so\naccount required pam_permit.so\n")
    (tmp_path / "inos").mkdir()
    (tmp_path / "inos" / "compositor.ini").write_text("[protocols]\nallow = grim;wtype\n")
    with Session("--config-dir", str(tmp_path), environment={"INOS_LOCK_PAM_DIR": str(folder)}) as session:
        lock(session)
        locker = the("locker", lambda: lockers(session))
        assert pathlib.Path(f"/proc/{locker}/exe").resolve() == BUILD / "install" / "bin" / "inos-lock"
        session.run("wtype", "-k", "Return")
        first = the("checker", lambda: checkers(session))
        type_text(session, WRONG)
        the("next checker", lambda: checkers(session), [first])
        assert locked(session)
        os.kill(locker, signal.SIGKILL)
        the("new lock screen", lambda: lockers(session), [locker])
        assert locked(session)
    for program in ("bin/inos-lock", "libexec/inos-lock-check"):
        assert b"INOS_LOCK_PAM_DIR" not in (BUILD / "install" / program).read_bytes()


def test_a_list_of_programs_may_name_it(tmp_path):
    """Then the compositor looks at which program it is, which it hides only afterwards."""
    with a_session(tmp_path, settings=f"[protocols]\nallow = {LOCKER};grim;wtype\n") as session:
        lock(session)
        unlock(session)


def test_help_and_version(session):
    assert "Usage: inos-lock" in session.run("inos-lock", "--help").stdout
    assert session.run("inos-lock", "--version").stdout.startswith("inos-lock ")
    for options in (["--unlock"], ["--help", "more"]):
        result = session.run("inos-lock", *options, check=False)
        assert result.returncode == 2 and options[-1] in result.stderr
    check = str(BUILD / "install" / "libexec" / "inos-lock-check")
    assert "is started by inos-lock" in session.run(check, check=False).stderr
    # A second one while a first has locked.
    lock(session)
    result = session.run(str(LOCKER), check=False)
    assert result.returncode == 1 and "another lock screen" in result.stderr


class Machine:
    """A system bus with the mocks of logind and UPower on it: no test may put the machine to sleep, and
    the test machines have no battery."""

    def __init__(self, folder):
        self.daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address",
             f"--address=unix:path={folder}/system"], stdout=subprocess.PIPE, text=True)
        address = self.daemon.stdout.readline().strip()
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": address, "XDG_SESSION_ID": "c1"}
        self.said = folder / "logind"
        self.mocks = [subprocess.Popen(
            [sys.executable, "-m", "dbusmock", "--system", "--template", name, "-l", str(folder / name)],
            env=dict(os.environ, **self.environment)) for name in ("logind", "upower")]
        self.bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        for name in ("org.freedesktop.login1", "org.freedesktop.UPower"):
            wait_for(f"no {name}", lambda name=name: self.call(
                "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                "(s)", name)[0], 20)
        self.call("org.freedesktop.UPower", "/org/freedesktop/UPower", "org.freedesktop.DBus.Mock",
                  "SetupDisplayDevice", "(iiddddxxbsu)", 2, 2, 64.0, 64.0, 100.0, 10.0, 7200, 0, True,
                  "battery-good-symbolic", 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in (*self.mocks, self.daemon):
            process.terminate()
            process.wait(60)

    def call(self, name, path, interface, method, signature, *arguments):
        return self.bus.call_sync(name, path, interface, method, GLib.Variant(signature, arguments), None,
                                  Gio.DBusCallFlags.NONE, 5000 * PATIENCE, None).unpack()


def test_keys_put_the_machine_to_sleep(tmp_path):
    with Machine(tmp_path) as machine, a_session(tmp_path, environment=machine.environment) as session:
        lock(session)
        see(session, "lock-machine", "there is neither battery nor button",
            lambda p: colours(p, (440, 736, 840, 772)) > 30, 20)
        # Backwards from the field: the button for sleep is the last.
        session.run("wtype", "-M", "shift", "-k", "Tab", "-m", "shift")
        session.run("wtype", "-k", "space")
        wait_for("it does not sleep", lambda: any(
            " suspend" in line.lower() and "cansuspend" not in line.lower()
            for line in machine.said.read_text().splitlines()), 20)
        assert locked(session)
        session.run("wtype", "-k", "Escape")
        unlock(session)


LOOKS = {
    "light": ([], {}),
    "dark": ([("org.gnome.desktop.interface", "color-scheme", "prefer-dark")], {}),
    "contrast": ([("org.gnome.desktop.a11y.interface", "high-contrast", "true")], {}),
    "large": ([("org.gnome.desktop.interface", "text-scaling-factor", "1.5")], {}),
    "german": ([], {"LC_ALL": "de_DE.UTF-8"}),
    "arabic": ([("org.gnome.desktop.interface", "color-scheme", "prefer-dark")], {"LC_ALL": "ar_EG.UTF-8"}),
}


# Of warnings and of what is wrong, as shell/ui/src/lib/tokens.css has them.
TONES = {"light": ((0x8a, 0x53, 0x00), (0xb3, 0x26, 0x1e)), "dark": ((0xee, 0xbb, 0x55), (0xff, 0x8a, 0x80)),
         "contrast": ((0x4d, 0x2e, 0x00), (0x7a, 0x0c, 0x06))}


def has_tone(picture, look, which):
    """Whether something is there in one of these colours."""
    wanted = TONES[{"arabic": "dark"}.get(look, look if look in TONES else "light")][which]
    return any(sum(abs(a - b) for a, b in zip(colour, wanted)) < 24
               for _, colour in picture.crop(MIDDLE).getcolors(1 << 20))


@pytest.mark.parametrize("look", LOOKS)
def test_looks(tmp_path, locales, look):
    """Pictures for people to look at: build/screenshots/lock-look-*.png."""
    wishes, environment = LOOKS[look]
    stack = f"auth optional pam_faildelay.so delay=4000000\nauth optional pam_echo.so file={{folder}}/message\n{STACK}"
    environment = {**environment, "LOCPATH": str(locales), "LANGUAGE": ""}
    layouts = "[keyboard]\nlayout = us,de\n"
    with Machine(tmp_path) as machine, a_session(
            tmp_path, stack, layouts, {**environment, **machine.environment}) as session:
        for wish in wishes:
            session.run("gsettings", "set", *wish)
        if look == "large":
            session.call(COMPOSITOR, ROOT, COMPOSITOR, "AddVirtualOutput", GLib.Variant("(ii)", (640, 480)))
        name = next(iter(session.inosctl("outputs")))["name"]
        if look == "dark":
            session.run("inosctl", "output", name, "scale", "1.5")
        lock(session)
        first = the("checker", lambda: checkers(session))
        see(session, f"lock-look-{look}", "it is not drawn", is_lock_screen)
        # Caps Lock is on for as long as the keyboard is there.
        typing = session.start("wtype", "-M", "capslock", WRONG, "-s", "60000", "-m", "capslock")
        see(session, f"lock-look-{look}-typed", "it is not drawn",
            lambda p: is_lock_screen(p) and has_tone(p, look, 0))
        typing.terminate()
        typing.wait(60)
        session.run("wtype", "-k", "Return")
        wait_for("it is not checked", lambda: not checkers(session) & {first}, 20)
        see(session, f"lock-look-{look}-wrong", "it does not say that it was wrong",
            lambda p: is_lock_screen(p) and has_tone(p, look, 1))
        assert locked(session)

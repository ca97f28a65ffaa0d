"""The lock screen at a compositor that is slow or changes its mind: lock_stand_in.py, in Inos' place."""

import contextlib
import os
import pathlib
import select
import subprocess

from lock_stand_in import UNLOCK, StandIn
from session import wait_for
from test_lock import LOCKER, pam_folder, parent_of

KEY_A = 30
# PAM says yes before anybody is there, or at a word as a fingerprint reader's.
TRACE = "auth optional pam_exec.so quiet /usr/bin/touch {folder}/asked\n"
YES = "auth required pam_permit.so\naccount required pam_permit.so\n"
WORD = "auth optional pam_echo.so file={folder}/message\n"
# Even root may not look into others without these.
PLAIN = ["setpriv", "--bounding-set", "-sys_ptrace,-perfmon,-sys_admin"] if os.geteuid() == 0 else []


@contextlib.contextmanager
def a_lock(tmp_path, stack, program=()):
    folder = pam_folder(tmp_path / "pam", TRACE + stack)
    with StandIn([*program, str(LOCKER)], {
            "INOS_LOCK_PAM_DIR": str(folder), "LC_ALL": "C.UTF-8", "GSETTINGS_BACKEND": "memory",
            "XDG_RUNTIME_DIR": str(tmp_path), "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/none"}) as stand_in:
        stand_in.folder = folder
        yield stand_in


def has_children(pid):
    return any(parent_of(int(path.name)) == pid for path in pathlib.Path("/proc").iterdir() if path.name.isdigit())


def wait_for_yes(stand_in):
    """Until PAM has said yes and the lock screen has heard it, and has buried who asked."""
    stand_in.wait_for("nobody asks PAM", lambda: (stand_in.folder / "asked").exists())
    stand_in.wait_for("the checker stays", lambda: not has_children(stand_in.process.pid))


def can_be_read(pid):
    return subprocess.run([*PLAIN, "cat", f"/proc/{pid}/maps"], capture_output=True, check=False).returncode == 0


def test_nobody_looks_into_it_before_it_has_the_lock(tmp_path):
    with a_lock(tmp_path, YES, PLAIN) as stand_in, subprocess.Popen([*PLAIN, "sleep", "60"]) as other:
        assert select.select([stand_in.socket], [], [], 20)[0], "it says nothing"
        wait_for("nothing can be read at all", lambda: can_be_read(other.pid))
        other.kill()
        assert stand_in.process.poll() is None and not can_be_read(stand_in.process.pid)


def test_it_unlocks_only_what_is_locked(tmp_path):
    with a_lock(tmp_path, WORD + YES) as stand_in:
        wait_for_yes(stand_in)
        stand_in.settle()
        assert UNLOCK not in stand_in.said and stand_in.process.poll() is None
        stand_in.send_to("lock", 0)
        stand_in.wait_for("it does not unlock", lambda: UNLOCK in stand_in.said)
        stand_in.wait_for("it does not end", lambda: stand_in.process.poll() is not None)
        assert stand_in.process.returncode == 0, stand_in.process.stderr.read()


def test_a_key_that_is_held_stops_when_told_so(tmp_path):
    with a_lock(tmp_path, YES) as stand_in:
        wait_for_yes(stand_in)
        stand_in.send_to("lock", 0)
        stand_in.settle()
        stand_in.send_to("wl_keyboard", 5, 200, 1)
        stand_in.send_to("wl_keyboard", 3, 0, 0, KEY_A, 1)
        for _ in range(2):
            stand_in.wait_for_column()
        stand_in.send_to("wl_keyboard", 5, 0, 1)
        stand_in.settle()
        before, _ = stand_in.pictures()
        for _ in range(10):
            stand_in.settle()
        assert stand_in.process.poll() is None, stand_in.process.stderr.read()
        after, _ = stand_in.pictures()
        # Here the clock may have gone on, which is above the field.
        assert before[len(before) // 2:] == after[len(after) // 2:]

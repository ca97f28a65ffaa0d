"""Applications of the desktop as a person uses them: started by the launcher, by keys, and killed."""

import pathlib

from session import processes_with, soon, wait_for


def press(session, *keys):
    """("ctrl", "shift", "t"): the last is the key."""
    *modifiers, key = keys
    words = []
    for modifier in modifiers:
        words += ["-M", modifier]
    words += ["-k", key]
    for modifier in reversed(modifiers):
        words += ["-m", modifier]
    session.run("wtype", *words)


def windows_of(session, app):
    return [window for window in session.windows() if window["AppId"] == app]


def launch(session, app, words):
    """Again where the launcher was not there yet to hear what was typed, or had not found it."""
    for _ in range(6):
        if session.overlay() != "launcher":
            session.toggle("launcher")
        wait_for("no launcher", lambda: session.overlay() == "launcher")
        session.run("wtype", "-M", "ctrl", "-k", "a", "-m", "ctrl", words, "-s", "500", "-k", "Return")
        if soon(lambda: windows_of(session, app), 8):
            return
    raise AssertionError("the launcher does not start it")


def web_processes(session, app, kind="WebKitWebProces"):
    """Those of a window's program."""
    run = f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}"
    programs = {window["Pid"] for window in windows_of(session, app)}
    return {pid for pid, name in processes_with(run) if name.startswith(kind) and programs & ancestors(pid)}


def ancestors(pid):
    found = set()
    while pid > 1:
        found.add(pid)
        try:
            pid = int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            break
    return found

"""The first log-in: the welcome, which Escape ends for good, and a language that counts from the next one."""

import pathlib

import pytest
from apps import press, windows_of
from gi.repository import GLib
from logged_in import LoggedIn
from session import wait_for

APP = "org.inos.Welcome"
LANGUAGE = "org.inos.Session1.Language"


def colours(session, name):
    x, y, width, height = windows_of(session, APP)[0]["Geometry"]
    return len(set(session.screenshot(name).crop((x, y, x + width, y + height)).getdata()))


def environment_of(session, name):
    return environment_of_process(session.component(name)[1])


def environment_of_process(pid):
    return dict(part.split("=", 1) for part in pathlib.Path(f"/proc/{pid}/environ").read_text().split("\0") if "=" in part)


def leave(session):
    """Escape, until it is there to hear it."""
    def is_gone():
        press(session, "Escape")
        return not windows_of(session, APP)

    wait_for("Escape does not end it", is_gone, 15)
    wait_for("its program goes on", lambda: not session.has_name(APP), 10)


def test_it_comes_once_and_the_language_next_time(tmp_path, locales, monkeypatch):
    monkeypatch.setenv("LOCPATH", str(locales))
    seen = tmp_path / "state" / "inos" / "welcomed"
    with LoggedIn(tmp_path, first=True) as session:
        wait_for("no welcome", lambda: windows_of(session, APP), 30)
        wait_for("it is not known to be seen", seen.exists, 20)
        wait_for("nothing is drawn", lambda: colours(session, "welcome") > 60, 15)
        for page in ("look", "keyboard", "mesh", "keys"):
            press(session, "ctrl", "Page_Down")
            wait_for("nothing is drawn", lambda: colours(session, f"welcome-{page}") > 60)  # noqa: B023
        leave(session)
        session.run("inosctl", "welcome")
        wait_for("it does not come again", lambda: windows_of(session, APP), 15)
        wait_for("nothing is drawn", lambda: colours(session, "welcome") > 60, 15)
        leave(session)
        assert session.run("inosctl", "session", "language").stdout == "system system\n"
        session.run("inosctl", "session", "language", "de_DE.UTF-8")
        assert session.run("inosctl", "session", "language").stdout == "de_DE.UTF-8 de_DE.UTF-8\n"
        assert "messages=de_DE.UTF-8" in (tmp_path / "config" / "inos" / "session.ini").read_text()
        assert session.run("inosctl", "session", "language", "xx_XX.UTF-8", check=False).returncode != 0
        with pytest.raises(GLib.Error, match="no locale"):
            session.call("org.inos.Session1", "/org/inos/Session1", LANGUAGE, "Set", GLib.Variant("(ss)", ("../x", "")))
        assert session.get("org.inos.Session1", "Messages", interface=LANGUAGE) == "de_DE.UTF-8"
        session.log_out()
    with LoggedIn(tmp_path, first=True) as session:
        assert environment_of(session, "shell")["LANG"] == "de_DE.UTF-8"
        assert not environment_of(session, "shell").get("LC_ALL")
        session.run("inosctl", "welcome")  # whose page is the one that says nothing at the log-in
        wait_for("no welcome", lambda: windows_of(session, APP), 15)
        assert len(windows_of(session, APP)) == 1
        # The bus starts it, and was itself started in another language.
        pid = session.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                           GLib.Variant("(s)", (APP,)))[0]
        assert environment_of_process(pid)["LANG"] == "de_DE.UTF-8" and not environment_of_process(pid).get("LC_ALL")
        wait_for("nothing is drawn", lambda: colours(session, "welcome-de") > 60, 15)
        leave(session)
        settings = tmp_path / "config" / "inos" / "session.ini"
        settings.write_text("no group\n[session]\nkept=yes\n")
        assert "session.ini" in session.run("inosctl", "session", "language", "system", check=False).stderr
        assert "kept=yes" in settings.read_text()
        settings.unlink()
        session.run("inosctl", "session", "language", "system")
        session.log_out()


def test_it_does_not_come_to_who_gives_a_command(session):
    assert not windows_of(session, APP)
    assert not (session.folder / "state" / "inos" / "welcomed").exists()

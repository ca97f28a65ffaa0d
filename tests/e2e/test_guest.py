"""The shell is a guest: it may do what others need permission for, and nothing else goes when it does."""

import pytest
from session import Session, wait_for


@pytest.fixture
def settings(tmp_path):
    folder = tmp_path / "inos"
    folder.mkdir(exist_ok=True)
    return folder / "compositor.ini"


def begin(tmp_path):
    return Session(environment={"XDG_CONFIG_HOME": str(tmp_path)})


def test_only_listed_programs_capture_and_type(tmp_path, settings):
    settings.write_text("[protocols]\nallow=grim\n")
    with begin(tmp_path) as session:
        # The shell is up: it has its panel without being listed.
        wait_for("no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
        assert len(session.screenshot("guest").getcolors(1 << 20)) > 50
        typed = session.run("wtype", "x", check=False)
        assert typed.returncode != 0 and "virtual keyboard" in typed.stderr, typed.stderr
        session.logged("compositor", "wtype is not among those")
        # What shows windows of its own needs no permission.
        session.open_foot()


def test_nothing_goes_with_the_shell(tmp_path, settings):
    settings.write_text("[lock]\ncommand=swaylock --color 203040\n")
    with begin(tmp_path) as session:
        foot, window = session.open_foot()
        session.run("inosctl", "window", str(window["Id"]), "maximize", "on")
        wait_for("not maximized", lambda: session.inosctl("windows")[0]["maximized"])
        before = {key: value for key, value in session.inosctl("windows")[0].items() if key != "geometry"}
        session.kill("shell")
        # A key that opens a terminal needs no shell.
        session.run("wtype", "-M", "logo", "-k", "Return")
        wait_for("the key opens no terminal", lambda: len(session.inosctl("windows")) == 2)
        after = next(w for w in session.inosctl("windows") if w["id"] == window["Id"])
        assert {**before, "focused": False, "title": after["title"]} == {
            key: value for key, value in after.items() if key != "geometry"}
        assert foot.poll() is None
        wait_for("the shell does not come back", lambda: session.component("shell")[0] == "running", 20)
        session.run("inosctl", "lock")
        wait_for("not locked", lambda: session.inosctl("idle")["locked"])
        session.kill("shell")
        wait_for("the shell does not come back", lambda: session.component("shell")[2] >= 2, 20)
        assert session.inosctl("idle")["locked"], "the lock went with the shell"
        wait_for("the lock screen is not drawn",
                 lambda: session.screenshot("guest-locked").getpixel((20, 400)) == (0x20, 0x30, 0x40))

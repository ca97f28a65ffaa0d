"""What was set for every desktop, in GSettings, counts below compositor.ini, and corners of the screen."""

import pytest
from pointer import Pointer
from session import Session, wait_for

SOURCES = "org.gnome.desktop.input-sources"
KEYBOARD = "org.gnome.desktop.peripherals.keyboard"


def get(session, group, key):
    return session.run("inosctl", "config", "get", group, key, check=False).stdout.strip()


def is_set(session, group, key, value):
    wait_for(f"[{group}] {key} is not {value}", lambda: get(session, group, key) == value)


@pytest.mark.parametrize("backend", ["dconf", "keyfile"])
def test_below_the_file(tmp_path, backend):
    folder = tmp_path / "inos"
    folder.mkdir()
    settings = folder / "compositor.ini"
    with Session(environment={"XDG_CONFIG_HOME": str(tmp_path), "GSETTINGS_BACKEND": backend}) as session:
        session.open_foot()
        session.run("gsettings", "set", SOURCES, "sources", "[('xkb', 'de+nodeadkeys'), ('xkb', 'us')]")
        session.run("gsettings", "set", KEYBOARD, "delay", "250")
        is_set(session, "keyboard", "layout", "de,us")
        is_set(session, "keyboard", "variant", "nodeadkeys,")
        is_set(session, "keyboard", "repeat-delay", "250")
        # The file goes before it, and what it leaves is theirs again.
        settings.write_text("[keyboard]\nrepeat-delay=600\n")
        is_set(session, "keyboard", "repeat-delay", "600")
        assert get(session, "keyboard", "layout") == "de,us"
        settings.write_text("")
        is_set(session, "keyboard", "repeat-delay", "250")
        # What cannot be is passed over, and said.
        session.run("gsettings", "set", KEYBOARD, "delay", "4294967295")
        is_set(session, "keyboard", "repeat-delay", "500")
        session.run("gsettings", "set", SOURCES, "sources", "[('xkb', 'nonsense')]")
        session.logged("compositor", f"{SOURCES} in GSettings is passed over", f"{KEYBOARD} delay in GSettings is passed over")
        session.run("gsettings", "reset", SOURCES, "sources")
        assert get(session, "keyboard", "repeat-delay") == "500"


def test_they_are_there_at_the_next_start(tmp_path):
    """Set while nothing runs: a key file of GLib's own, so that no service has to be there."""
    store = tmp_path / "glib-2.0" / "settings"
    store.mkdir(parents=True)
    (store / "keyfile").write_text("[org/gnome/desktop/peripherals/mouse]\nleft-handed=true\n")
    with Session(environment={"XDG_CONFIG_HOME": str(tmp_path), "GSETTINGS_BACKEND": "keyfile"}) as session:
        session.open_foot()
        is_set(session, "mouse", "left-handed", "true")


def test_a_corner(tmp_path):
    folder = tmp_path / "inos"
    folder.mkdir()
    (folder / "compositor.ini").write_text("[corners]\ntop-left=overview\ndelay=100\n")
    with Session(environment={"XDG_CONFIG_HOME": str(tmp_path)}) as session:
        session.open_foot()
        assert not session.inosctl("overview")["open"]
        with Pointer(session) as pointer:
            pointer.move(300, 300)
            pointer.move(0, 0)
            wait_for("the corner does nothing", lambda: session.inosctl("overview")["open"])
            session.screenshot("corner-overview")
            assert ["corners", "top-left", "overview"] in [list(row.values()) for row in session.inosctl("bindings")]
            session.run("inosctl", "config", "set", "corners", "top-left", "workspace 2")
            session.run("inosctl", "overview", "close")
            pointer.move(300, 300)
            pointer.move(0, 0)
            wait_for("it still does what it did", lambda: session.inosctl("workspaces")[1]["active"])

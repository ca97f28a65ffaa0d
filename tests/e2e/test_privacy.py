"""The page of Settings on what applications in a sandbox may do: by the keyboard; what it changed is looked for on the bus."""

import pathlib
import sys

import pytest
from apps import press, windows_of
from gi.repository import GLib
from session import Session, soon, wait_for
from test_permissions import APP, desktop_file, grants, press_until_answered, prompts
from test_settings_app import go_to, has_note, tabs, undo

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "bridge"))

from sandbox import Sandboxed  # noqa: E402

NODE, PATH, OURS = "org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Permissions"
LONG = "org.example." + "Long" * 30
GRANTED = [(LONG, "node.terminals.control"), (APP, "device.camera"), (APP, "node.mesh"), (APP, "screen.capture")]


def grant(session):
    for app, capability in GRANTED:
        session.call(NODE, PATH, OURS, "Grant", GLib.Variant("(ss)", (app, capability)))


def begin(session, label="Notes"):
    desktop_file(session, name=label)
    desktop_file(session, LONG, "An application with a name that goes on for longer than there is room for it in a window")
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])


def box(session):
    x, y, width, height = windows_of(session, "org.inos.Settings")[0]["Geometry"]
    return x, y, x + width, y + height


def colours(session, name):
    return len(set(session.screenshot(name).crop(box(session)).getdata()))


def show(session, picture):
    session.call("org.inos.Shell1", "/org/inos/Shell1", "org.inos.Shell1", "Launch", GLib.Variant("(s)", ("org.inos.Settings.desktop",)))
    wait_for("no window", lambda: windows_of(session, "org.inos.Settings"), 20)
    wait_for("nothing is drawn", lambda: colours(session, picture) > 60, 15)
    go_to(session, "privacy")
    wait_for("no page", lambda: colours(session, picture) > 60, 15)


@pytest.mark.sanitized
def test_revoked_and_taken_back(session):
    begin(session)
    show(session, "privacy-empty")
    grant(session)
    assert grants(session) == GRANTED

    def revoked():
        """The first button is that of all; then there is one a row."""
        go_to(session, "privacy")
        tabs(session, 1)
        press(session, "Return")
        return soon(lambda: grants(session) != GRANTED)

    # By name: the long one, which has one button.
    wait_for("nothing is revoked", revoked, 30)
    assert grants(session) == GRANTED[1:]
    undo(session)
    wait_for("it is not taken back", lambda: grants(session) == GRANTED)
    wait_for("a word stays", lambda: not has_note(session, "privacy-note"), 15)
    # All that the other has.
    go_to(session, "privacy")
    tabs(session, 2)
    press(session, "Return")
    wait_for("not all is revoked", lambda: grants(session) == GRANTED[:1])
    undo(session)
    wait_for("it is not taken back", lambda: grants(session) == GRANTED)
    session.screenshot("privacy-granted")


def test_what_was_denied_may_be_asked_again(session):
    begin(session)
    session.run("inosctl", "permissions", "reset")
    with Sandboxed(session.environment, APP) as app:
        app.begin("Subscribe", "(u)", 1000)
        wait_for("nothing is asked", lambda: prompts(session))
        assert press_until_answered(session, app, "Escape")[0] == "error"
        assert app.call("Subscribe", "(u)", 1000)[0] == "error"
        if not windows_of(session, "org.inos.Settings"):
            show(session, "privacy-denied")

        def let():
            go_to(session, "privacy")
            tabs(session, 1)
            press(session, "Return")
            app.begin("Subscribe", "(u)", 1000)
            if soon(lambda: prompts(session)):
                return True
            assert app.hear()[0] == "error"
            return False

        session.screenshot("privacy-denied")
        wait_for("it may not ask again", let, 60)
        press_until_answered(session, app, "Escape")
    session.run("inosctl", "permissions", "revoke", APP, check=False)


def look(session, name, label="Notes"):
    begin(session, label)
    grant(session)
    with Sandboxed(session.environment, APP) as app:
        app.call("Status", interface=f"{NODE}.Mesh")
    show(session, f"privacy-{name}")
    session.on_window(windows_of(session, "org.inos.Settings")[0]["Id"], "SetMaximized", True)
    wait_for("it is not large", lambda: box(session)[2] - box(session)[0] > 1200)
    wait_for("no page", lambda: colours(session, f"privacy-{name}") > 60, 15)


def test_light_and_dark():
    with Session() as session:
        look(session, "light")
    with Session() as session:
        session.run("gsettings", "set", "org.gnome.desktop.interface", "color-scheme", "prefer-dark")
        look(session, "dark")


def test_arabic(locales):
    with Session(environment={"LOCPATH": str(locales), "LC_ALL": "ar_EG.UTF-8", "LANGUAGE": ""}) as session:
        look(session, "arabic", "ملاحظات")

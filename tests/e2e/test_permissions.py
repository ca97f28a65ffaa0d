"""The question whether an application in a sandbox may do something: drawn by the shell, answered by a person's keys."""

import pathlib
import sys
import time

import pytest
from gi.repository import GLib
from notifications import has_text
from session import Session, wait_for

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "bridge"))

from sandbox import Sandboxed  # noqa: E402
from test_lock import a_session, unlock  # noqa: E402

NODE, PATH, OURS = "org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Permissions"
APP, DENIED = "org.example.Notes", "org.inos.Error.AccessDenied"
# On 1280x800: the card's head, and somewhere beside it.
CARD, BESIDE = (410, 150, 870, 260), (40, 700)


def prompts(session):
    return session.get(NODE, "Prompts", interface=OURS)


def grants(session):
    return [grant[:2] for grant in session.call(NODE, PATH, OURS, "List")[0]]


def revoke(session, app=APP):
    session.call(NODE, PATH, OURS, "Revoke", GLib.Variant("(ss)", (app, "")))


def asked(session, picture="prompt", card=CARD):
    """Waits until it is to be read."""
    wait_for("nothing is asked", lambda: prompts(session), 10)
    return wait_for("it is not on the screen", lambda: shown(session, picture, card), 20)


def shown(session, picture="prompt", card=CARD):
    image = session.screenshot(picture)
    return image if has_text(image, card) else None


def not_shown(session):
    wait_for("it stays on the screen", lambda: not shown(session, "prompt-gone"), 10)


def press_until_answered(session, app, key="Return"):
    """Again and again, as the first ones come too early; what the application hears."""
    wait_for("it is not answered", lambda: session.run("wtype", "-k", key) and not prompts(session), 10)
    return app.hear()


def desktop_file(session, app=APP, name="Notes"):
    folder = session.folder / "data" / "applications"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{app}.desktop").write_text(f"[Desktop Entry]\nType=Application\nName={name}\nExec=true\nIcon=accessories-text-editor\n")


@pytest.fixture(scope="module", autouse=True)
def settled(session):
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    desktop_file(session)


@pytest.mark.sanitized
def test_allowed_with_keys(session):
    with Sandboxed(session.environment, APP) as app:
        app.begin("Subscribe", "(u)", 1000)
        asked(session)
        session.run("wtype", "-k", "Right")
        assert press_until_answered(session, app)[0] == "ok"
        assert grants(session) == []
        not_shown(session)
        app.begin("Status", interface=f"{NODE}.Mesh")
        asked(session)
        session.run("wtype", "-k", "Tab", "-k", "Tab")
        assert press_until_answered(session, app)[0] == "ok"
        assert grants(session) == [(APP, "node.mesh")]
        not_shown(session)
    revoke(session)


@pytest.mark.sanitized
def test_escape_and_the_first_button_deny(session):
    with Sandboxed(session.environment, APP) as app:
        for key in ("Escape", "Return"):
            app.begin("Subscribe", "(u)", 1000)
            asked(session)
            assert press_until_answered(session, app, key)[:2] == ["error", DENIED]
            not_shown(session)
            revoke(session)
    assert grants(session) == []


def test_keys_in_flight_answer_nothing(session):
    """Half a second at least lies between the question and what allows it, or denies it with a button."""
    with Sandboxed(session.environment, APP) as app:
        for _ in range(3):
            start = time.monotonic()
            app.begin("Subscribe", "(u)", 1000)
            wait_for("it is not answered", lambda: session.run("wtype", "-k", "Right", "-k", "Return", "-k", "space")
                     and not prompts(session), 15)
            app.hear()
            assert time.monotonic() - start >= 0.5
            revoke(session)


def test_the_launcher_gives_way(session):
    session.run("wtype", "-M", "logo", "-k", "d", "-m", "logo")
    session.toggle("launcher")
    wait_for("no launcher", lambda: session.overlay() == "launcher")
    with Sandboxed(session.environment, APP) as app:
        app.begin("Subscribe", "(u)", 1000)
        asked(session)
        assert session.overlay() == ""
        assert press_until_answered(session, app, "Escape")[:2] == ["error", DENIED]
    not_shown(session)
    revoke(session)


@pytest.mark.sanitized
def test_it_goes_with_who_asked(session):
    app = Sandboxed(session.environment, APP)
    app.begin("Subscribe", "(u)", 1000)
    asked(session)
    app.kill()
    wait_for("it waits", lambda: not prompts(session))
    not_shown(session)
    assert grants(session) == []
    revoke(session)


def test_the_shell_dies(session):
    """Another shell asks the same; the keys go to it."""
    with Sandboxed(session.environment, APP) as app:
        app.begin("Subscribe", "(u)", 1000)
        asked(session)
        pid = session.kill("shell")
        wait_for("no new shell", lambda: session.component("shell")[0] == "running" and session.component("shell")[1] != pid, 20)
        assert len(prompts(session)) == 1
        asked(session)
        session.run("wtype", "-k", "Right")
        assert press_until_answered(session, app)[0] == "ok"
        not_shown(session)
    assert grants(session) == []


def test_the_bridge_dies(session):
    """What was asked goes with it, from the screen as well."""
    with Sandboxed(session.environment, APP) as app:
        app.begin("Subscribe", "(u)", 1000)
        asked(session)
        session.kill("bridge")
        assert app.hear()[0] == "error"
        not_shown(session)
        wait_for("no new bridge", lambda: session.has_name(NODE), 20)
        wait_for("the node does not come back", lambda: session.get(NODE, "Connected"), 20)
        app.begin("Subscribe", "(u)", 1000)
        asked(session)
        assert press_until_answered(session, app, "Escape")[:2] == ["error", DENIED]
    not_shown(session)
    assert grants(session) == []


# Pictures

def look(session, name, card=CARD, label="Notes"):
    desktop_file(session, name=label)
    desktop_file(session, "org.example." + "Long" * 30, "An application with a name that goes on for longer than there is room")
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    with Sandboxed(session.environment, APP) as app, Sandboxed(session.environment, "org.example." + "Long" * 30) as other:
        app.begin("Subscribe", "(u)", 1000)
        asked(session, f"permission-{name}", card)
        other.begin("List", interface=f"{NODE}.Terminals")
        wait_for("one is asked", lambda: len(prompts(session)) == 2)
        # One key too many may answer the other too.
        wait_for("two are asked", lambda: session.run("wtype", "-k", "Escape") and len(prompts(session)) <= 1)
        press_until_answered(session, other, "Escape")
        other.begin("Open", "(sasasuu)", "", [], [], 80, 24, interface=f"{NODE}.Terminals")
        asked(session, f"permission-{name}-danger", card)
        time.sleep(1)  # allowed: a picture to be looked at, of the buttons when they live
        session.screenshot(f"permission-{name}-danger")
        press_until_answered(session, other, "Escape")


def test_light_and_dark():
    with Session() as session:
        look(session, "light")
    with Session() as session:
        session.run("gsettings", "set", "org.gnome.desktop.interface", "color-scheme", "prefer-dark")
        wait_for("it stays light", lambda: max(session.screenshot("before-prompt").getpixel((600, 300))) < 100)
        look(session, "dark")


def test_arabic(locales):
    with Session(environment={"LOCPATH": str(locales), "LC_ALL": "ar_EG.UTF-8", "LANGUAGE": ""}) as session:
        look(session, "arabic", label="ملاحظات")


def test_dense():
    with Session(size="1920x1080") as session:
        path = next(iter(session.managed("Output")))
        session.call("org.inos.Compositor1", path, "org.inos.Compositor1.Output", "SetScale", GLib.Variant("(d)", (1.5,)))
        look(session, "dense", card=(620, 225, 1300, 390))


# The compositor

DESK, ROOM = "org.inos.Compositor1", "/org/inos/Compositor1"
REFUSED = ["error", "org.freedesktop.DBus.Error.AccessDenied"]


def from_sandbox(app, part, method, signature="", *args, path=ROOM, interface=None, name=DESK):
    return app.call(method, signature, *args, interface=interface or DESK + part, path=path, name=name, timeout=10000)


@pytest.mark.sanitized
def test_the_compositor_is_not_for_sandboxes(session, tmp_path):
    """No pictures, no actions, no settings, nothing to read; a sandbox that says nothing of itself counts as none."""
    session.call(DESK, ROOM, DESK, "SwitchWorkspace", GLib.Variant("(u)", (0,)))
    output = next(iter(session.managed("Output")))
    tries = [
        (".Config", "RunAction", "(s)", "workspace 2"), (".Config", "Dump"),
        (".Config", "Change", "(a(ssas))", [["keyboard", "repeat-rate", ["30"]]]),
        (".Input", "ReloadConfig"), ("", "SwitchWorkspace", "(u)", 1), ("", "Lock"), ("", "NoSuchMethod"),
    ]
    with Sandboxed(session.environment, APP) as app, Sandboxed(session.environment, info="?") as other:
        for each in (app, other):
            for part, *what in tries:
                assert from_sandbox(each, part, *what)[:2] == REFUSED, what
            properties, manager = "org.freedesktop.DBus.Properties", "org.freedesktop.DBus.ObjectManager"
            assert from_sandbox(each, "", "GetAll", "(s)", DESK, interface=properties)[:2] == REFUSED
            assert from_sandbox(each, "", "Get", "(ss)", DESK, "FocusedTitle", interface=properties)[:2] == REFUSED
            assert from_sandbox(each, "", "GetManagedObjects", interface=manager)[:2] == REFUSED
            assert from_sandbox(each, ".Output", "SetScale", "(d)", 2.0, path=output)[:2] == REFUSED
            # A picture needs a descriptor; what is refused is refused before that is looked at.
            assert from_sandbox(each, ".Capture", "Screenshot", "(o(iiii)bh)", "/", [0, 0, 0, 0], False, 0)[:2] == REFUSED
            assert from_sandbox(each, "", "WatchKeyboard", path="/org/freedesktop/a11y/Manager",
                                interface="org.freedesktop.a11y.KeyboardMonitor")[:2] == REFUSED
            # Staying awake is for everybody.
            assert from_sandbox(each, "", "Inhibit", "(ss)", "Notes", "a film", path="/org/freedesktop/ScreenSaver",
                                interface="org.freedesktop.ScreenSaver", name="org.freedesktop.ScreenSaver")[0] == "ok"
    assert session.get(DESK, "ActiveWorkspace") == 0 and not session.get(DESK, "Locked")
    with Sandboxed(session.environment) as program:
        assert from_sandbox(program, "", "SwitchWorkspace", "(u)", 1)[0] == "ok"
    assert session.get(DESK, "ActiveWorkspace") == 1
    session.call(DESK, ROOM, DESK, "SwitchWorkspace", GLib.Variant("(u)", (0,)))


# The session, the shell, applications

PROPERTIES = "org.freedesktop.DBus.Properties"


@pytest.mark.sanitized
def test_nothing_of_the_desktop_is_for_sandboxes(session):
    """Neither the session's end nor the shell's overlays, notifications of others, sounds, portals in the name of others, nor
    the desktop's own applications."""
    session_part = {"name": "org.inos.Session1", "path": "/org/inos/Session1"}
    shell = {"name": "org.inos.Shell1", "path": "/org/inos/Shell1"}
    portal = {"name": "org.freedesktop.impl.portal.desktop.inos", "path": "/org/freedesktop/portal/desktop"}
    tries = [
        (session_part, "org.inos.Session1", "Logout"), (session_part, "org.inos.Session1", "Restart", "(s)", "shell"),
        (session_part, PROPERTIES, "GetAll", "(s)", "org.inos.Session1"),
        (shell, "org.inos.Shell1", "Toggle", "(s)", "launcher"), (shell, "org.inos.Shell1", "Launch", "(s)", "foot.desktop"),
        (shell, "org.inos.Shell1.Notifications", "List"), (shell, "org.inos.Shell1.Controls", "SetVolume", "(u)", 100),
        (shell, PROPERTIES, "GetAll", "(s)", "org.inos.Shell1.Notifications"),
        (portal, "org.freedesktop.impl.portal.Screenshot", "Screenshot", "(ossa{sv})", "/org/freedesktop/portal/desktop/request/x", "", "", {}),
        (portal, "org.freedesktop.impl.portal.Access", "AccessDialog", "(osssssa{sv})", "/x", "", "", "", "", "", {}),
        (portal, "org.freedesktop.impl.portal.Settings", "ReadAll", "(as)", []),
        ({"name": "org.inos.Files", "path": "/org/inos/Files"}, "org.freedesktop.Application", "Activate", "(a{sv})", {}),
        ({"name": "org.freedesktop.FileManager1", "path": "/org/freedesktop/FileManager1"}, "org.freedesktop.FileManager1", "ShowFolders", "(ass)", ["file:///"], ""),
        ({"name": "org.inos.Settings", "path": "/org/inos/Settings"}, "org.freedesktop.Application", "Activate", "(a{sv})", {}),
        ({"name": "org.inos.Terminal", "path": "/org/inos/Terminal"}, "org.freedesktop.Application", "Activate", "(a{sv})", {}),
    ]
    before = session.get("org.inos.Session1", "Components")
    with Sandboxed(session.environment, APP) as app, Sandboxed(session.environment, info="?") as other:
        for each in (app, other):
            for where, interface, method, *arguments in tries:
                said = each.call(method, *(arguments or [""]), interface=interface, timeout=20000, **where)
                assert said[:2] == REFUSED, (method, said)
        # What is said with a notification is for everybody.
        said = app.call("GetCapabilities", interface="org.freedesktop.Notifications", name="org.freedesktop.Notifications",
                        path="/org/freedesktop/Notifications", timeout=10000)
        assert said[0] == "ok"
    assert session.get("org.inos.Session1", "Components") == before
    assert session.overlay() == ""
    assert session.windows() == []
    with Sandboxed(session.environment) as program:
        said = program.call("GetAll", "(s)", "org.inos.Session1", interface=PROPERTIES, timeout=10000, **session_part)
        assert said[0] == "ok"
    assert prompts(session) == []


def test_nothing_is_asked_while_it_is_locked(tmp_path):
    """It is drawn when a person is there who can answer; until then keys are the lock screen's."""
    with a_session(tmp_path) as session:
        wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2], 20)
        desktop_file(session)
        with Sandboxed(session.environment, APP) as app:
            session.call(DESK, ROOM, DESK, "Lock")
            wait_for("it is not locked", lambda: session.get(DESK, "LockedEverywhere", interface=DESK + ".Idle"), 20)
            app.begin("Subscribe", "(u)", 1000)
            wait_for("nothing is asked", lambda: prompts(session), 10)
            session.run("wtype", "-k", "Escape", "-k", "Right", "-k", "Return")
            assert len(prompts(session)) == 1
            unlock(session)
            asked(session)
            assert press_until_answered(session, app, "Escape")[:2] == ["error", DENIED]

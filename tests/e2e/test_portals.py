"""The desktop's half of the portals: xdg-desktop-portal is the real one, and who calls it is in a real sandbox that has an id
(tests/bridge/sandbox.py). What comes of it is looked for on the bus, on the disk and on the screen."""

import contextlib
import json
import pathlib
import select
import sys
import time
import uuid

import pytest
from clients import program
from gi.repository import Gio, GLib
from logged_in import LoggedIn
from notifications import has_text
from pictures import changed, difference, settled
from PIL import Image
from pointer import Pointer
from session import soon, wait_for
from test_permissions import CARD, asked, desktop_file, not_shown, prompts, revoke

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "bridge"))

from sandbox import Sandboxed  # noqa: E402

APP = "org.example.Notes"
NODE, PATH, OURS = "org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Permissions"
PORTAL, DESKTOP = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
STORE, STORE_PATH = "org.freedesktop.impl.portal.PermissionStore", "/org/freedesktop/impl/portal/PermissionStore"
LOOK = "org.freedesktop.appearance"


@pytest.fixture(scope="module", autouse=True)
def portal(session):
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    desktop_file(session)
    with program(session, "/usr/libexec/xdg-desktop-portal", "-r") as running:
        # Else the bus would start another one for the first question.
        wait_for(lambda: f"no portal: {running.said()}", lambda: session.has_name(PORTAL), 20)
        wait_for(lambda: f"no portal: {running.said()}", lambda: has_interface(session, "Settings"), 20)
        yield running


def has_interface(session, name):
    try:
        return session.get(PORTAL, "version", DESKTOP, f"org.freedesktop.portal.{name}")
    except GLib.Error:
        return None


def children(pid):
    return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class PortalApp(Sandboxed):
    """As Flatpak makes it: it has an instance, of which the portal reads whose process it is."""

    def __init__(self, session, app=APP):
        instance = uuid.uuid4().hex
        super().__init__(session.environment, info=f"[Application]\nname={app}\nruntime=runtime/org.example.Platform/x86_64/1\n"
                         f"[Instance]\ninstance-id={instance}\n")
        folder = pathlib.Path(session.environment["XDG_RUNTIME_DIR"]) / ".flatpak" / instance
        folder.mkdir(parents=True)
        (folder / "bwrapinfo.json").write_text(json.dumps({"child-pid": children(self.process.pid)[0]}))

    def ask(self, interface, method, signature, text):
        self.say(do="portal", interface=interface, method=method, signature=signature, text=text)

    def screenshot(self, interactive="false"):
        self.ask("Screenshot", "Screenshot", "(sa{sv})", f"('', {{'interactive': <{interactive}>}})")

    def pick_colour(self):
        self.ask("Screenshot", "PickColor", "(sa{sv})", "('', {})")

    def read(self, key, name=LOOK):
        return self.call("ReadOne", "(ss)", name, key, interface="org.freedesktop.portal.Settings", name=PORTAL, path=DESKTOP)


def code(heard):
    """Of the portal's answer: 0 done, 1 refused, 2 ended."""
    assert heard, "the portal does not answer"
    assert heard[0].startswith("("), heard
    return int(heard[0][1:].split(",")[0])


def pictures(session):
    folder = pathlib.Path(session.environment["XDG_CACHE_HOME"]) / "inos" / "screenshots"
    return sorted(folder.glob("*.png"), key=lambda path: path.stat().st_mtime_ns) if folder.exists() else []


def grants(session):
    return [grant[:2] for grant in session.call(NODE, PATH, OURS, "List")[0]]


def press_until_answered(session, app, *keys):
    """The last again and again, as the first ones come too early."""
    *moves, key = keys
    for move in moves:
        session.run("wtype", "-k", move)
    wait_for("it is not answered", lambda: session.run("wtype", "-k", key) and not prompts(session), 15)
    return code(app.hear())


@pytest.mark.sanitized
def test_settings(session):
    """They are read from a sandbox, without a question, and changes are told."""
    heard = []
    session.bus.signal_subscribe(PORTAL, "org.freedesktop.portal.Settings", "SettingChanged", DESKTOP, None,
                                 Gio.DBusSignalFlags.NONE, lambda *signal: heard.append(signal[-1].unpack()))

    def told(*change):
        GLib.MainContext.default().iteration(False)
        return change in heard

    with PortalApp(session) as app:
        for key, value in (("color-scheme", 0), ("contrast", 0), ("reduced-motion", 0)):
            assert app.read(key) == ["ok", f"({value},)"], key
        assert app.read("accent-color")[0] == "ok"
        assert "0.1294" in app.read("accent-color")[1], "who chose nothing has ours"
        session.run("gsettings", "set", "org.gnome.desktop.interface", "accent-color", "blue")
        wait_for("it is another's", lambda: "0.2078" in app.read("accent-color")[1])
        session.run("gsettings", "reset", "org.gnome.desktop.interface", "accent-color")
        assert app.read("text-scaling-factor", "org.gnome.desktop.interface") == ["ok", "(1.0,)"]
        for schema, key, value, name, number in (
                ("interface", "color-scheme", "prefer-dark", "color-scheme", 1),
                ("interface", "enable-animations", "false", "reduced-motion", 1),
                ("a11y.interface", "high-contrast", "true", "contrast", 1)):
            session.run("gsettings", "set", f"org.gnome.desktop.{schema}", key, value)
            wait_for(f"a change of {name} is not told: {heard}", lambda name=name, number=number: told(LOOK, name, number))
            assert app.read(name) == ["ok", f"({number},)"]
            session.run("gsettings", "reset", f"org.gnome.desktop.{schema}", key)
            wait_for("it stays", lambda name=name: app.read(name) == ["ok", "(0,)"])
        assert app.read("nonsense")[0] == "error"
    assert prompts(session) == []


@pytest.mark.sanitized
def test_a_picture_once(session):
    with PortalApp(session) as app:
        app.screenshot()
        asked(session, "portal-screenshot")
        assert prompts(session)[0][1:] == (APP, "screen.capture")
        assert press_until_answered(session, app, "Right", "Return") == 0
        picture = Image.open(pictures(session)[-1]).convert("RGB")
        picture.load()
        assert picture.size == (1280, 800)
        assert not has_text(picture, CARD), "the question is in the picture"
        assert pictures(session)[-1].stat().st_mode & 0o777 == 0o600
        not_shown(session)
        # Once is once.
        app.screenshot()
        asked(session)
        assert press_until_answered(session, app, "Escape") == 1
        not_shown(session)
        before = len(pictures(session))
        app.screenshot()
        assert code(app.hear()) == 1 and prompts(session) == []
        assert len(pictures(session)) == before
    assert grants(session) == []
    revoke(session)


def test_a_picture_always(session):
    with PortalApp(session) as app:
        app.screenshot()
        asked(session)
        assert press_until_answered(session, app, "Tab", "Tab", "Return") == 0
        assert grants(session) == [(APP, "screen.capture")]
        for _ in range(2):
            app.screenshot()
            assert code(app.hear()) == 0
        assert prompts(session) == []
        revoke(session)
        app.screenshot()
        asked(session)
        assert press_until_answered(session, app, "Escape") == 1
    not_shown(session)
    revoke(session)


def test_who_asked_has_gone(session):
    app = PortalApp(session)
    app.screenshot()
    asked(session)
    app.kill()
    wait_for("it waits", lambda: not prompts(session), 10)
    not_shown(session)
    before = len(pictures(session))
    # Nor is it asked again at once.
    with PortalApp(session) as again:
        again.screenshot()
        assert code(again.hear()) == 1
    assert len(pictures(session)) == before and grants(session) == []
    revoke(session)


def test_a_program_in_no_sandbox_is_not_asked_about(session):
    answers = {}
    number = session.bus.signal_subscribe(None, "org.freedesktop.portal.Request", "Response", None, None,
                                          Gio.DBusSignalFlags.NONE, lambda *signal: answers.update({signal[2]: signal[-1].unpack()}))
    handle = session.call(PORTAL, DESKTOP, "org.freedesktop.portal.Screenshot", "Screenshot", GLib.Variant("(sa{sv})", ("", {})))[0]

    def answered():
        GLib.MainContext.default().iteration(False)
        return answers.get(handle)

    response, results = wait_for("no picture", answered, 20)
    session.bus.signal_unsubscribe(number)
    path = GLib.filename_from_uri(results["uri"])[0]
    assert response == 0 and pathlib.Path(path) == pictures(session)[-1]
    assert prompts(session) == []


# Where the card of a choice is, below the panel.
CHOICE = (340, 400, 940, 760)


@contextlib.contextmanager
def choosing(session, name):
    """Yields what waits until the choice is drawn and at rest, and says whether it is: not where ended() is true before. Waits
    afterwards until it has gone."""
    before = settled(session, "portal-before", CHOICE)

    def shown(ended=lambda: False):
        wait_for("there is no choice", lambda: ended() or difference(before, session.screenshot(name), CHOICE) >= 4000, 20)
        if ended():
            return False
        changed(session, name, before, CHOICE, 4000)
        return True

    yield shown
    wait_for("the choice stays", lambda: difference(before, session.screenshot("portal-after"), CHOICE) < 400)


def chosen(session, method, act, options="{}"):
    """What a program in no sandbox gets when the person has acted: (response, results). Who was refused just now asks again."""
    answers = {}
    number = session.bus.signal_subscribe(None, "org.freedesktop.portal.Request", "Response", None, None,
                                          Gio.DBusSignalFlags.NONE, lambda *signal: answers.update({signal[2]: signal[-1].unpack()}))

    def answered():
        GLib.MainContext.default().iteration(False)
        return answers.get(handle)

    with choosing(session, f"portal-{method}") as shown:
        while True:
            answers.clear()  # handles come again
            handle = session.call(PORTAL, DESKTOP, "org.freedesktop.portal.Screenshot", method,
                                  GLib.Variant.parse(GLib.VariantType("(sa{sv})"), f"('', {options})", None, None))[0]
            if shown(answered):
                break
            assert answered()[0] == 1, "it is refused in another way"
        act(answered)
        answer = wait_for("no answer", answered, 20)
    session.bus.signal_unsubscribe(number)
    return answer


def press(session, *names):
    for name in names:
        session.run("wtype", "-k", name)


def until(done, act):
    """Again and again: the first may come too early, when it does not count."""
    wait_for("nothing comes of it", lambda: done() or (act(), soon(done, 2))[1], 20)


def keys(session, *names):
    """Presses them, the last one until it is answered."""
    def act(answered):
        press(session, *names[:-1])
        until(answered, lambda: press(session, names[-1]))

    return act


def picture_of(answer):
    response, results = answer
    assert response == 0, answer
    picture = Image.open(GLib.filename_from_uri(results["uri"])[0]).convert("RGB")
    picture.load()
    return picture


INTERACTIVE = "{'interactive': <true>}"
# On the frame of the part that keys begin with, at its left.
FRAME = (316, 210, 326, 390)


def part_by_keys(session):
    """The second of the list is a part: half of the screen, which keys move."""
    def act(answered):
        before = session.screenshot("portal-frame-before")
        press(session, "Tab")
        until(lambda: difference(before, session.screenshot("portal-frame"), FRAME) > 100, lambda: press(session, "Return"))
        keys(session, "Left", "Return")(answered)

    return act


def test_the_person_chooses_what_a_picture_is_of(session):
    """Everything, a part by keys and by the pointer, a window; and nothing."""
    foot, _ = session.open_foot("sleep", "100", title="Chosen")
    try:
        assert picture_of(chosen(session, "Screenshot", keys(session, "Return"), INTERACTIVE)).size == (1280, 800)
        part = picture_of(chosen(session, "Screenshot", part_by_keys(session), INTERACTIVE))
        assert part.size == (640, 400)
        with Pointer(session) as pointer:
            drawn = picture_of(chosen(session, "Screenshot", lambda answered: until(answered, lambda: pointer.drag((100, 120), (400, 320))),
                                      INTERACTIVE))
        assert drawn.size == (300, 200)
        desktop = session.screenshot("portal-desktop").convert("RGB").crop((100, 120, 400, 320))
        assert difference(desktop, drawn, (0, 0, 300, 200)) < 50, "it is of another part, or dark"
        window = session.windows()[0]["Geometry"]
        assert picture_of(chosen(session, "Screenshot", keys(session, "Tab", "Tab", "Return"), INTERACTIVE)).size == window[2:]
        before = len(pictures(session))
        assert chosen(session, "Screenshot", keys(session, "Escape"), INTERACTIVE)[0] == 1
        assert len(pictures(session)) == before
    finally:
        foot.kill()
        foot.wait(60)
        wait_for("the window stays", lambda: not session.windows())


def answered_by(app):
    """Whether it has been told something, which stays to be heard."""
    return bool(select.select([app.process.stdout], [], [], 0)[0])


def refused_at_once(session, ask, dismiss):
    """Asks and has the choice taken away, over and over, until there is none any more: the first pause may have been over."""
    for _ in range(6):
        with choosing(session, "portal-colour-app") as shown:
            app = ask()
            if not shown(lambda app=app: answered_by(app)):
                assert code(app.hear()) == 1
                return
            dismiss(app)
    raise AssertionError("it can keep the keyboard for good")


def test_the_person_chooses_a_colour(session):
    """By the pointer and by keys; who is refused does not ask again at once."""
    desktop = settled(session, "portal-desktop").convert("RGB")

    def of(answer):
        assert answer[0] == 0, answer
        return tuple(round(part * 255) for part in answer[1]["color"])

    with Pointer(session) as pointer:
        clicked = chosen(session, "PickColor", lambda answered: until(answered, lambda: pointer.click(300, 500)))
        assert of(clicked) == desktop.getpixel((300, 500))
    assert of(chosen(session, "PickColor", keys(session, "Left", "Down", "Return"))) == desktop.getpixel((630, 410))
    with PortalApp(session) as app, PortalApp(session, "org.example.Second") as second:
        with choosing(session, "portal-colour-app") as shown:
            app.pick_colour()
            assert shown()
            second.pick_colour()
            assert code(second.hear()) == 2, "two at a time"
            press(session, "Escape")
            assert code(app.hear()) == 1

        def dismiss(_):
            press(session, "Escape")
            assert code(app.hear()) == 1

        refused_at_once(session, lambda: app.pick_colour() or app, dismiss)
        assert prompts(session) == []


def test_keys_meant_for_something_else_choose_nothing(session):
    """Who types goes on typing when the choice comes up: the colour is not taken before it has been seen for a while."""
    with PortalApp(session, "org.example.Early") as app:
        app.pick_colour()
        began = time.monotonic()
        wait_for("it is not answered", lambda: press(session, "Return") or answered_by(app), 20)
        assert code(app.hear()) == 0
        assert time.monotonic() - began >= 0.5, "it is chosen at once"


def test_who_asks_for_a_choice_and_goes(session):
    """The choice goes with it; and who does that over and over has to wait, as who was refused."""
    def ask():
        app = PortalApp(session, "org.example.Gone")
        app.pick_colour()
        return app

    refused_at_once(session, ask, lambda app: app.kill())


def stored(session, app=APP):
    """What xdg-desktop-portal remembers of the camera."""
    try:
        permissions, _ = session.call(STORE, STORE_PATH, STORE, "Lookup", GLib.Variant("(ss)", ("devices", "camera")))
        return permissions.get(app)
    except GLib.Error:
        return None


def test_the_camera(session):
    """Allowed for good; revoking it here is revoking it there."""
    with PortalApp(session) as app:
        app.ask("Camera", "AccessCamera", "(a{sv})", "({},)")
        asked(session, "portal-camera")
        assert prompts(session)[0][1:] == (APP, "device.camera")
        assert press_until_answered(session, app, "Tab", "Return") == 0
        not_shown(session)
        assert grants(session) == [(APP, "device.camera")]
        wait_for("it is not remembered", lambda: stored(session) == ["yes"])
        revoke(session)
        wait_for("the portal remembers it", lambda: stored(session) is None)
        app.ask("Camera", "AccessCamera", "(a{sv})", "({},)")
        asked(session)
        assert press_until_answered(session, app, "Escape") != 0
        wait_for("it is not remembered", lambda: stored(session) == ["no"])
        # It may ask again when the person lets it.
        session.run("inosctl", "permissions", "revoke", APP, check=False)
        wait_for("the portal remembers it", lambda: stored(session) is None)
    not_shown(session)


def test_a_sandbox_that_spams(session):
    """One that asks and goes, over and over, is asked about once; another is heard meanwhile."""
    for i in range(3):
        app = PortalApp(session, "org.example.Spam")
        app.screenshot()
        if i == 0:
            asked(session)
        else:
            assert code(app.hear()) == 1
        app.kill()
        wait_for("it waits", lambda: not prompts(session), 10)
    with PortalApp(session) as other:
        other.screenshot()
        asked(session)
        assert prompts(session)[0][1] == APP
        assert press_until_answered(session, other, "Escape") == 1
    not_shown(session)
    revoke(session)
    revoke(session, "org.example.Spam")


def test_the_desktop_waits_for_no_portal(tmp_path):
    """Portals that do not answer, as when they wait for the desktop themselves: GTK would ask them first of all."""
    services = tmp_path / "data" / "dbus-1" / "services"
    services.mkdir(parents=True)
    asked_for = tmp_path / "asked-for"
    (services / f"{PORTAL}.service").write_text(
        f"[D-BUS Service]\nName={PORTAL}\nExec=/bin/sh -c \"touch '{asked_for}'; sleep 1000\"\n")
    with LoggedIn(tmp_path) as session:
        session.run("inosctl", "launch", "org.inos.Settings")
        wait_for("no window", session.windows, 20)
        assert not asked_for.exists()
        session.log_out()

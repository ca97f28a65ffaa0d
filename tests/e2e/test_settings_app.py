"""Settings, used as a person does: by the launcher, the keyboard and the pointer. What it changed is looked for on D-Bus, in
files and in GSettings; what it looks like is kept as pictures."""

import json
import pathlib
import shutil

import pytest
from apps import launch, press, windows_of
from gi.repository import GLib
from pointer import Pointer
from session import Session, soon, wait_for

APP = "org.inos.Settings"
COMPOSITOR, PATH = "org.inos.Compositor1", "/org/inos/Compositor1"
PAGES = ["displays", "keyboard", "pointer", "appearance", "accessibility", "power", "notifications", "privacy", "mesh", "users", "language", "defaults", "about"]


def kept(session):
    """What the window keeps; {} where it has kept nothing yet."""
    path = pathlib.Path(session.environment["XDG_CONFIG_HOME"]) / "inos" / "settings.json"
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def config_file(session):
    path = pathlib.Path(session.environment["XDG_CONFIG_HOME"]) / "inos" / "compositor.ini"
    return path.read_text() if path.exists() else ""


def config(session, group, key):
    """What the compositor holds to be set."""
    text = session.call(COMPOSITOR, PATH, COMPOSITOR + ".Config", "Dump")[0]
    inside = False
    for line in text.splitlines():
        if line.startswith("["):
            inside = line == f"[{group}]"
        elif inside and line.startswith(key + "="):
            return line.split("=", 1)[1]
    return None


def go_to(session, page):
    def is_there():
        if PAGES.index(page) < 10:
            press(session, "ctrl", str((PAGES.index(page) + 1) % 10))
        else:
            session.call(APP, "/org/inos/Settings", "org.freedesktop.Application", "ActivateAction",
                         GLib.Variant("(sava{sv})", (page, [], {})))
        return kept(session).get("page") == page

    wait_for(f"it does not go to {page}", is_there, 20)


def tabs(session, count):
    session.run("wtype", *["-k", "Tab"] * count)


def box(session):
    x, y, width, height = windows_of(session, APP)[0]["Geometry"]
    return x, y, x + width, y + height


def colours(session, name):
    return len(set(session.screenshot(name).crop(box(session)).getdata()))


def undo(session):
    press(session, "ctrl", "z")


@pytest.fixture(scope="module", autouse=True)
def window(session):
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    launch(session, APP, "settings")
    wait_for("nothing is drawn", lambda: colours(session, "settings-displays") > 60, 15)


def outputs(session):
    return {output["Name"]: output for output in session.managed("Output").values()}


def first(session):
    return outputs(session)["HEADLESS-1"]


def does(session, page, steps, check, what):
    """Goes to the page anew and does the steps, until that has what it should have."""
    def is_done():
        go_to(session, page)
        steps()
        return soon(check) or press(session, "Escape")

    wait_for(what, is_done, 40)


def is_veiled(session):
    """A question lies over the page, whose ground is dimmed."""
    _, _, right, bottom = box(session)
    return max(session.screenshot("settings-question").getpixel((right - 12, bottom - 6))) < 200


def gsetting(session, key):
    return session.run("gsettings", "get", "org.gnome.desktop.interface", key).stdout.strip().strip("'")


RESOLUTION, SCALE, BEGINS = 2, 3, 8  # stops of the Tab key from the page, with one display


def test_a_scale_is_changed_lasts_and_is_taken_back(session):
    def steps():
        tabs(session, SCALE)
        session.run("wtype", "125")

    does(session, "displays", steps, lambda: first(session)["Scale"] == 1.25, "the scale stays")
    saved = pathlib.Path(session.environment["XDG_STATE_HOME"]) / "inos" / "outputs.ini"
    wait_for("it is not remembered", lambda: saved.exists() and "1.2500" in saved.read_text())
    session.screenshot("settings-scaled")
    undo(session)
    wait_for("it is not taken back", lambda: first(session)["Scale"] == 1)


def try_resolution(session):
    def steps():
        tabs(session, RESOLUTION)
        session.run("wtype", "1")

    does(session, "displays", steps, lambda: first(session)["Height"] == 720, "the resolution stays")
    wait_for("it is not asked whether it may stay", lambda: is_veiled(session))


def test_a_resolution_goes_back_by_itself(session):
    try_resolution(session)
    wait_for("it stays", lambda: first(session)["Height"] == 800, 25)
    wait_for("the question stays", lambda: not is_veiled(session))


def test_a_resolution_is_kept_and_taken_back(session):
    try_resolution(session)
    tabs(session, 1)
    press(session, "Return")
    wait_for("the question stays", lambda: not is_veiled(session))
    assert first(session)["Height"] == 720
    undo(session)
    wait_for("it is not taken back", lambda: first(session)["Height"] == 800)


def test_a_setting_is_written_beside_what_a_person_wrote(session):
    session.configure("# mine\n[keyboard]\nrepeat-delay=600 \n\n[windows]\n# far\nsnap-distance=9\n")

    def steps():
        tabs(session, 3)  # past the layouts
        press(session, "Right")

    before = config(session, "keyboard", "repeat-delay")
    assert before == "600"
    does(session, "keyboard", steps, lambda: config(session, "keyboard", "repeat-delay") != "600" or
         config(session, "keyboard", "repeat-rate") != "25", "no slider moves")
    text = config_file(session)
    assert "# mine" in text and "# far" in text and "snap-distance=9" in text

    def taken_back():
        """Each step that a slow machine made us repeat is a change more."""
        undo(session)
        return soon(lambda: config(session, "keyboard", "repeat-delay") == "600" and config(session, "keyboard", "repeat-rate") == "25")

    wait_for("it is not taken back", taken_back, 15)


def test_a_wrong_value_is_refused(session):
    before = config_file(session)

    def steps():
        tabs(session, BEGINS)
        session.run("wtype", "-M", "ctrl", "-k", "a", "-m", "ctrl", "21:30", "-k", "Return")

    does(session, "displays", steps, lambda: config(session, "night-light", "from") == "21:30", "the night begins as before")
    after = config_file(session)
    go_to(session, "displays")
    wait_for("a word stays", lambda: not has_note(session, "settings-refused"), 15)
    tabs(session, BEGINS)
    session.run("wtype", "-M", "ctrl", "-k", "a", "-m", "ctrl", "29:61", "-k", "Return")
    # The compositor says why; the page shows it.
    wait_for("nothing is said", lambda: has_note(session, "settings-refused"))
    assert config_file(session) == after
    undo(session)
    wait_for("it is not taken back", lambda: config_file(session) == before or
             config(session, "night-light", "from") == "20:00")
    with pytest.raises(GLib.Error, match="from must be a time"):
        session.call(COMPOSITOR, PATH, COMPOSITOR + ".Config", "Change",
                     GLib.Variant("(a(ssas))", ([("night-light", "from", ["29:61"])],)))


def has_note(session, name):
    """Something is said at the foot of the window, on a darker ground than the page's."""
    left, _, right, bottom = box(session)
    part = session.screenshot(name).crop((right - 300, bottom - 60, right - 20, bottom - 18))
    return (0xDF, 0xE3, 0xE9) in set(part.getdata())


def bindings(session):
    return {action: keys for mode, keys, action in session.get(COMPOSITOR, "Bindings", PATH, COMPOSITOR + ".Input") if not mode}


def test_a_shortcut_is_another(session):
    assert bindings(session)["minimize"] == "Super+h"

    def steps():
        tabs(session, 7)  # to the search of shortcuts
        session.run("wtype", "minimize the")
        press(session, "Down")
        press(session, "Return")
        if not soon(lambda: is_veiled(session)):
            return
        tabs(session, 2)
        press(session, "Return")  # other keys
        session.screenshot("settings-listens")
        session.run("wtype", "-s", "300", "-M", "logo", "-M", "shift", "-k", "y", "-m", "shift", "-m", "logo", "-s", "300")
        session.screenshot("settings-heard")
        press(session, "shift", "Tab")
        press(session, "Return")

    does(session, "keyboard", steps, lambda: bindings(session).get("minimize") == "Super+Shift+y", "the shortcut stays")
    undo(session)
    wait_for("it is not taken back", lambda: bindings(session).get("minimize") == "Super+h")


DEVICE, SCROLLING, PART = 1, 3, 6  # stops on the page of a device that is not plugged in


def test_a_device_has_settings_of_its_own(session):
    pen = "device Test pen"
    session.configure(f"[{pen}]\nleft-handed=true\n")

    def choose(*then):
        def steps():
            tabs(session, DEVICE)
            session.run("wtype", "Test")  # a space would open the list
            for step in then:
                step()

        return steps

    def part(text):
        return lambda: (tabs(session, PART - DEVICE), session.run("wtype", "-M", "ctrl", "-k", "a", "-m", "ctrl", text, "-k", "Return"))

    does(session, "pointer", choose(part("0,0,640x400")), lambda: config(session, pen, "map-to-region") == "0,0,640x400",
         "it covers no part of the screen")
    session.screenshot("settings-device")
    assert "left-handed=true" in config_file(session)
    go_to(session, "pointer")
    wait_for("a word stays", lambda: not has_note(session, "settings-device-refused"), 15)
    choose(part("all of it"))()
    wait_for("nothing is said", lambda: has_note(session, "settings-device-refused"))
    assert config(session, pen, "map-to-region") == "0,0,640x400"
    undo(session)
    wait_for("it is not taken back", lambda: config(session, pen, "map-to-region") is None)
    does(session, "pointer", choose(lambda: tabs(session, SCROLLING - DEVICE), lambda: press(session, "Right")),
         lambda: config(session, pen, "scroll-speed"), "it scrolls as before")

    def taken_back():
        """Each step that a slow machine made us repeat is a change more."""
        undo(session)
        return soon(lambda: config(session, pen, "scroll-speed") is None)

    wait_for("it is not taken back", taken_back, 15)


def test_the_style_of_all_programs(session):
    assert gsetting(session, "color-scheme") == "default"

    def steps():
        tabs(session, 1)
        press(session, "Right")
        press(session, "Right")

    does(session, "appearance", steps, lambda: gsetting(session, "color-scheme") == "prefer-dark", "the style stays")
    _, _, right, bottom = box(session)
    wait_for("it stays light", lambda: max(session.screenshot("settings-appearance-dark").getpixel((right - 30, bottom - 12))) < 60)
    undo(session)
    undo(session)
    wait_for("it is not taken back", lambda: gsetting(session, "color-scheme") == "default")


def has_colour(session, colour, name):
    return colour in set(session.screenshot(name).crop(box(session)).getdata())


def test_the_accent_of_all_programs(session):
    """Who has chosen none has teal, whatever the schema says."""
    go_to(session, "appearance")
    wait_for("it is not teal", lambda: has_colour(session, (0x0B, 0x6E, 0x66), "settings-accent"))

    def steps():
        tabs(session, 2)
        press(session, "Right")

    def is_set():
        return has_colour(session, (0x17, 0x5B, 0xAD), "settings-accent-blue")

    does(session, "appearance", steps, is_set, "the accent stays")
    assert gsetting(session, "accent-color") == "blue"
    undo(session)
    wait_for("it is not taken back", lambda: has_colour(session, (0x0B, 0x6E, 0x66), "settings-accent"))


def test_what_the_mesh_may_cost(session):
    def saving():
        status = session.call("org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Mesh", "Status")[0]
        return status["metered"], status["metered-why"] == "set"

    assert not saving()[1]

    def steps():
        tabs(session, 4)  # past the id, and who may come in
        session.run("wtype", "al")

    does(session, "mesh", steps, lambda: saving() == (True, True), "it spends as before")
    undo(session)
    wait_for("it is not taken back", lambda: not saving()[1])


def test_an_invitation_from_settings(session):
    """It begins a mesh, whose founder this node is."""
    roll = lambda: session.call("org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Mesh", "ReadRoll")  # noqa: E731
    assert roll()[2] == "none"

    def steps():
        tabs(session, 2)
        press(session, "Return")
        if soon(lambda: is_veiled(session)):
            tabs(session, 4)  # hours, uses, ask; then the way out, and the code
            press(session, "Return")

    does(session, "mesh", steps, lambda: roll()[2] == "member", "there is no mesh")
    session.screenshot("settings-mesh-invited")
    press(session, "Escape")
    wait_for("the question stays", lambda: not is_veiled(session))
    session.screenshot("settings-mesh-member")
    session.call("org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Mesh", "LeaveMesh")


def test_windows_of_the_next_log_in(session):
    when = lambda: session.get("org.inos.Session1", "When", interface="org.inos.Session1.Windows")  # noqa: E731
    assert when() == "crash"

    def steps():
        tabs(session, 2 if shutil.which("passwd") else 1)
        session.run("wtype", "al")

    does(session, "users", steps, lambda: when() == "always", "it stays")
    undo(session)
    wait_for("it is not taken back", lambda: when() == "crash")


def test_do_not_disturb(session):
    notes = lambda name: session.get("org.inos.Shell1", name, interface="org.inos.Shell1.Notifications")  # noqa: E731

    def steps():
        tabs(session, 1)
        press(session, "space")

    does(session, "notifications", steps, lambda: notes("DoNotDisturb"), "it pops up as before")
    undo(session)
    wait_for("it is not taken back", lambda: not notes("DoNotDisturb"))


def test_the_launcher_leads_to_a_page(session):
    go_to(session, "about")
    session.call(APP, "/org/inos/Settings", "org.freedesktop.Application", "ActivateAction",
                 GLib.Variant("(sava{sv})", ("power", [], {})))
    wait_for("another page is shown", lambda: kept(session)["page"] == "power")
    assert len(windows_of(session, APP)) == 1


@pytest.fixture
def second(session):
    path = session.call(COMPOSITOR, PATH, COMPOSITOR, "AddVirtualOutput", GLib.Variant("(ii)", (1024, 768)))[0]
    name = wait_for("no second display", lambda: session.managed("Output").get(path))["Name"]
    wait_for("it has no place", lambda: outputs(session)[name]["X"] == 1280)
    yield name
    session.call(COMPOSITOR, PATH, COMPOSITOR, "RemoveVirtualOutput", GLib.Variant("(o)", (path,)))


def place(session, name):
    return outputs(session)[name]["X"], outputs(session)[name]["Y"]


def test_displays_are_arranged_by_keys_and_by_pointer(session, second):
    def steps():
        tabs(session, 2)
        press(session, "Down")

    does(session, "displays", steps, lambda: place(session, second)[1] > 0, "it stays where it was")
    session.screenshot("settings-arranged")
    undo(session)
    wait_for("it is not taken back", lambda: place(session, second) == (1280, 0))
    left, top, right, _ = box(session)
    # The picture is in the middle of the page: the left display, and the right one.
    middle = (left + 216 + right) // 2
    size = (1280 + 1024, 800)
    with Pointer(session, size) as pointer:
        pointer.drag((middle + 60, top + 190), (middle - 180, top + 196), hold=lambda: session.screenshot("settings-dragged"))
        wait_for("it is not where it was let go", lambda: place(session, second) == (0, 0), 8)
    assert place(session, "HEADLESS-1") == (1024, 0)
    undo(session)
    wait_for("it is not taken back", lambda: place(session, second) == (1280, 0))


def test_a_display_that_is_off_goes_on_when_the_window_goes(session, second):
    def steps():
        tabs(session, 2)
        press(session, "Return")
        tabs(session, 3)  # past the names, to Used
        press(session, "space")

    does(session, "displays", steps, lambda: not outputs(session)[second]["Powered"], "it stays on")
    wait_for("no question", lambda: is_veiled(session))
    press(session, "Escape")  # the question's way back
    wait_for("it stays off", lambda: outputs(session)[second]["Powered"])
    does(session, "displays", steps, lambda: not outputs(session)[second]["Powered"], "it stays on")
    for window in windows_of(session, APP):
        session.on_window(window["Id"], "Close")
    wait_for("it stays off", lambda: outputs(session)[second]["Powered"], 10)


def test_pictures(session):
    launch(session, APP, "settings")
    wait_for("nothing is drawn", lambda: colours(session, "settings-displays") > 60, 15)
    for page in PAGES:
        go_to(session, page)
        wait_for("nothing is drawn", lambda: colours(session, f"settings-{page}") > 60)  # noqa: B023


@pytest.mark.parametrize("language, locale", [("de", "de_DE"), ("ar", "ar_EG")])
def test_pictures_in_other_languages(locales, language, locale):
    environment = {"LOCPATH": str(locales), "LC_ALL": f"{locale}.UTF-8", "LANGUAGE": ""}
    with Session(environment=environment) as session:
        session.call(APP, "/org/inos/Settings", "org.freedesktop.Application", "Activate", GLib.Variant("(a{sv})", ({},)), timeout=20000)
        wait_for("no window", lambda: windows_of(session, APP), 15)
        wait_for("nothing is drawn", lambda: colours(session, f"settings-{language}") > 60, 15)
        for page in ("displays", "keyboard", "accessibility", "mesh", "users", "language"):
            go_to(session, page)
            wait_for("nothing is drawn", lambda: colours(session, f"settings-{page}-{language}") > 60)  # noqa: B023
        left, top, right, bottom = box(session)
        bar = session.screenshot(f"settings-{language}").crop((right - 200, top + 80, right - 20, bottom - 80))
        words = sum(max(pixel) < 140 for pixel in bar.getdata()) > 200
        assert words, "the pages' names, or the settings, are not on that side"

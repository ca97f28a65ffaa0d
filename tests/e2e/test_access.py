"""What a screen reader is told of every surface and application of the desktop: AT-SPI, in a real session."""

import pathlib
import time

import pytest
from apps import press, windows_of
from gi.repository import GLib
from notifications import NAME, PATH
from reader import Reader, all_of, find, nameless
from session import Session, by_load, soon, wait_for

SHELL, SHELL_PATH = "org.inos.Shell1", "/org/inos/Shell1"
PROGRAM = "inos-shell"
APPS = {"org.inos.NodeManager": "Node Manager", "org.inos.Terminal": "Terminal", "org.inos.Settings": "Settings", "org.inos.Files": "Files"}
OVERLAYS = ["launcher", "quick", "notifications", "power", "shortcuts", "clipboard", "tray"]


@pytest.fixture(scope="module")
def session():
    with Session(readable=True) as session:
        yield session


@pytest.fixture(scope="module")
def reader(session):
    home = pathlib.Path(session.environment["HOME"])
    for name in ("folder", "other"):
        (home / name).mkdir()
    wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2])
    with Reader(session) as reader:
        wait_for(lambda: f"no desktop among {reader.ask('programs')}", lambda: PROGRAM in reader.ask("programs"), 10)
        yield reader


def page(reader, program, title):
    """A page of a program, when it is there."""
    def there():
        tree = reader.tree(program)
        found = [node for node in find(tree, "document web", title) if node["children"]] if tree else []
        return found[-1] if found else None

    return wait_for(lambda: f"no {title} in {outline(reader.tree(program))}", there, 10)


def outline(node, depth=0):
    """For who reads why a test fails."""
    if not node:
        return "nothing"
    line = "  " * depth + f"{node['role']} {node['name']!r} {' '.join(node['states'])}\n"
    return line + "".join(outline(child, depth + 1) for child in node["children"])


class Opened:
    """An overlay, while it is open."""

    def __init__(self, session, reader, overlay):
        self.session, self.reader, self.overlay = session, reader, overlay

    def __enter__(self):
        self.session.toggle(self.overlay)
        wait_for(f"no {self.overlay}", lambda: self.session.overlay() == self.overlay)
        return self.dialog()

    def dialog(self):
        def there():
            found = [node for each in find(self.reader.tree(PROGRAM) or {"role": "", "name": "", "states": [], "children": []}, "document web", "Inos")
                     for node in find(each, "dialog")]
            return found[-1] if found else None

        return wait_for(lambda: f"no dialog in {outline(self.reader.tree(PROGRAM))}", there, 10)

    def __exit__(self, *_):
        if self.session.overlay() == self.overlay:
            self.session.toggle(self.overlay)
        wait_for(f"{self.overlay} stays", lambda: self.session.overlay() == "")


def stops(node):
    """What the Tab key leads to, but for rows, whose list has the keyboard for them."""
    return [each for each in all_of(node) if "focusable" in each["states"]
            and each["role"] not in ("dialog", "document web", "scroll pane", "list item", "menu item", "menu", "section")]


def walk(session, reader, steps):
    """Who had the keyboard, in order, while Tab was pressed so often: paths."""
    reader.events()
    session.run("wtype", *["-k", "Tab", "-s", "15"] * steps)
    seen, last = [], time.monotonic()
    while time.monotonic() < last + by_load(0.3):
        said = [event["path"] for event in reader.events() if event["type"].endswith(":focused") and event["detail"]]
        last = time.monotonic() if said else last
        seen += said
        time.sleep(0.04)
    return seen


def focused(reader):
    """The paths of what has the keyboard in the overlay."""
    tree = reader.tree(PROGRAM)
    return {node["path"] for each in find(tree, "document web", "Inos") for node in find(each, state="focused") if node is not each} if tree else set()


def state_follows(reader, find_node, state, on, what):
    """The thing says it in the end."""
    wait_for(what, lambda: (node := find_node()) and (state in node["states"]) == on, 5)


def in_overlay(reader, role, name):
    """A thing of the overlay that is open; None while it is not there."""
    tree = reader.tree(PROGRAM)
    pages = find(tree, "document web", "Inos") if tree else []
    return next((node for each in pages for node in find(each, role, name)), None)


def test_panel(session, reader):
    panel = wait_for("it has no workspaces", lambda: (all_ := page(reader, PROGRAM, "Panel")) and len(find(all_, "toggle button")) == 4 and all_)
    (bar,) = find(panel, "tool bar", "Panel")
    assert not nameless(panel), nameless(panel)
    names = {node["name"] for node in find(bar, "button")}
    assert {"Applications", "Overview of the windows", "Notifications", "Quick settings", "Power"} <= names, names
    workspaces = find(bar, "toggle button")
    assert len(workspaces) == 4 and ["pressed" in node["states"] for node in workspaces] == [True, False, False, False]
    assert find(page(reader, PROGRAM, "Wallpaper"), "image")
    frames = {node["name"] for node in find(reader.tree(PROGRAM), "frame")}
    assert {"Panel", "Wallpaper"} <= frames and "" not in frames, frames
    # Nothing of GTK's own lies about with the keyboard: what was typed would be read twice.
    texts = [node for node in find(reader.tree(PROGRAM), "text") if "editable" in node["states"]]
    assert not texts, texts
    # What has no keyboard is pressed by the screen reader, and what it says follows.
    reader.press(PROGRAM, workspaces[1])
    wait_for("the workspace stays", lambda: "pressed" in find(page(reader, PROGRAM, "Panel"), "toggle button")[1]["states"])
    reader.press(PROGRAM, find(page(reader, PROGRAM, "Panel"), "toggle button")[0])
    reader.press(PROGRAM, find(page(reader, PROGRAM, "Panel"), "button", "Applications")[0])
    wait_for("it opens nothing", lambda: session.overlay() == "launcher")
    session.toggle("launcher")
    wait_for("it stays", lambda: session.overlay() == "")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_overlay(session, reader, overlay):
    if overlay == "notifications":
        notify(session, "Kept", actions=["default", "Open", "later", "Later"])
    with Opened(session, reader, overlay) as dialog:
        assert dialog["name"].strip() and not nameless(dialog), outline(dialog)
        wanted = {node["path"]: (node["role"], node["name"]) for node in stops(dialog)}
        seen = focused(reader)
        for _ in range(len(wanted) + 2):
            if seen >= wanted.keys():
                break
            before = focused(reader)
            press(session, "Tab")
            # Where there is one thing alone the keyboard stays.
            soon(lambda: focused(reader) != before, 3 if len(wanted) > 1 else 0.1)
            seen |= focused(reader)
        # Of the launcher's field the row that is chosen is said to have the keyboard.
        missed = [words for path, words in wanted.items() if path not in seen and words[0] != "combo box"]
        assert not missed, f"the Tab key does not lead to {missed}"
        if wanted:
            wait_for("the keyboard left the page", lambda: focused(reader))


def notify(session, summary, urgency=1, actions=()):
    return session.call(NAME, PATH, NAME, "Notify", GLib.Variant("(susssasa{sv}i)", (
        "Program", 0, "", summary, "what it says", list(actions), {"urgency": GLib.Variant("y", urgency)}, 0)))[0]


def test_states_of_the_launcher(session, reader):
    with Opened(session, reader, "launcher") as dialog:
        field = find(dialog, "combo box")[0]
        assert "expanded" in field["states"] and field["name"] == "Search applications"

        def chosen():
            return [node["name"] for node in find(reader.tree(PROGRAM), "list item", state="selected")]

        first = wait_for("nothing is chosen", chosen)
        press(session, "Down")
        wait_for("another is not chosen", lambda: (now := chosen()) and now != first and len(now) == 1)
        session.run("wtype", "terminal")
        wait_for("what was found is not said", lambda: any(name.startswith("Terminal") for name in chosen()))


def test_states_of_the_quick_settings(session, reader):
    with Opened(session, reader, "quick"):
        def quiet():
            return next((node for node in find(reader.tree(PROGRAM), "toggle button") if node["name"].startswith("Do not disturb")), None)

        assert "pressed" not in wait_for("it is not there", quiet)["states"]
        reader.press(PROGRAM, quiet())
        state_follows(reader, quiet, "pressed", True, "it does not say that it is on")
        reader.press(PROGRAM, quiet())
        state_follows(reader, quiet, "pressed", False, "it does not say that it is off")
    with Opened(session, reader, "power") as dialog:
        def log_out():
            return in_overlay(reader, "button", "Log out")

        wait_for("there is no button", log_out)
        assert "expandable" in log_out()["states"] and "expanded" not in log_out()["states"], outline(dialog)
        reader.press(PROGRAM, log_out())
        state_follows(reader, log_out, "expanded", True, "it does not say that it is open")


@pytest.mark.parametrize("urgency, live", [(1, "polite"), (2, "assertive")])
def test_news_is_said(session, reader, urgency, live):
    reader.events()
    number = notify(session, f"News of {urgency}", urgency)
    heard = []

    def said():
        heard.extend(reader.events())
        return [event for event in heard if f"News of {urgency}" in event["name"] + event["text"]] or [
            node for node in all_of(reader.tree(PROGRAM) or {"children": [], "name": "", "attributes": {}, "states": [], "role": ""})
            if f"News of {urgency}" in node["name"] and node["attributes"].get("live") == live]

    wait_for(lambda: f"nobody says it: {outline(reader.tree(PROGRAM))}", said, 10)
    note = next(node for node in all_of(page(reader, PROGRAM, "Notifications")) if f"News of {urgency}" in node["name"])
    assert note["attributes"].get("live") == live, note["attributes"]
    assert not nameless(page(reader, PROGRAM, "Notifications"))
    session.call(NAME, PATH, NAME, "CloseNotification", GLib.Variant("(u)", (number,)))


def tabs_of(reader, app):
    return find(reader.tree(app) or {"role": "", "name": "", "states": [], "children": []}, "page tab")


@pytest.mark.parametrize("app", APPS)
def test_application(session, reader, app):
    session.run("inosctl", "launch", app)
    window = wait_for("no window", lambda: windows_of(session, app), 20)[0]
    wait_for(f"it is not told: {reader.ask('programs')}", lambda: app in reader.ask("programs"), 10)
    document = page(reader, app, APPS[app])
    wait_for("it is empty", lambda: len(stops(page(reader, app, APPS[app]))) > 3, 10)
    document = page(reader, app, APPS[app])
    # Where the keyboard is put to scroll, what is around it has a name.
    odd = [node for node in nameless(document) if node["role"] != "section"]
    assert not odd, odd
    texts = [node for node in find(reader.tree(app), "text") if "editable" in node["states"]]
    assert not texts, texts
    assert len([node for node in find(document, "page tab", state="selected")]) == (app != "org.inos.Files"), outline(document)
    if app == "org.inos.Terminal":
        reads_output_aloud(session, reader)
    else:
        # Of a row through which the arrow keys lead the Tab key reaches one.
        seen = set(walk(session, reader, len(stops(document)) + 4))
        assert len(seen) > 3, seen
        parents = {path: parent for parent in all_of(document) for path in (child["path"] for child in parent["children"])}
        missed = [(node["role"], node["name"]) for node in stops(document) if node["path"] not in seen
                  and not any(other["path"] in seen for other in all_of(parents[node["path"]]))]
        assert not missed, f"the Tab key does not lead to {missed}"
    if len(tabs_of(reader, app)) > 1:
        other = tabs_of(reader, app)[1]
        reader.press(app, other)
        wait_for("another page is not said", lambda: [node["name"] for node in tabs_of(reader, app) if "selected" in node["states"]] == [other["name"]])
    session.on_window(window["Id"], "Close")
    wait_for("the window stays", lambda: not windows_of(session, app))


def reads_output_aloud(session, reader):
    """Once a screen reader is on, and without its own switch."""
    session.run("gsettings", "set", "org.gnome.desktop.a11y.applications", "screen-reader-enabled", "true")
    said = []

    def spoken():
        session.run("wtype", "echo spoken$((40+2))\n")
        said.extend(reader.events())
        return any("spoken42" in event["text"] + event["name"] for event in said) or any(
            "spoken42" in node["name"] for node in all_of(reader.tree("org.inos.Terminal")))

    wait_for(lambda: f"what programs write is not told: {outline(reader.tree('org.inos.Terminal'))}", spoken, 10)
    session.run("gsettings", "reset", "org.gnome.desktop.a11y.applications", "screen-reader-enabled")

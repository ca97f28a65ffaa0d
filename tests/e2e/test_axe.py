"""axe-core on every page of the desktop and its applications, as WebKit draws them: roles, names and contrast, in light,
dark and high contrast. What a page shows is reached by its own buttons, so that a new page of an application is looked at
without a change here."""

import json
import pathlib
import time

import pytest
from apps import windows_of
from gi.repository import GLib
from notifications import NAME, PATH
from pages import TOP, Pages
from session import wait_for

AXE = TOP / "shell" / "ui" / "node_modules" / "axe-core" / "axe.min.js"
APPS = {"node-manager": "org.inos.NodeManager", "terminal": "org.inos.Terminal", "settings": "org.inos.Settings", "files": "org.inos.Files"}
OVERLAYS = ["launcher", "notifications", "quick", "power", "shortcuts", "clipboard", "tray"]
# Name, colour scheme, high contrast, and what contrast text must have there: WCAG's AA, or AAA.
LOOKS = [("light", "prefer-light", False, "color-contrast"), ("dark", "prefer-dark", False, "color-contrast"),
         ("high", "prefer-light", True, "color-contrast-enhanced"), ("high-dark", "prefer-dark", True, "color-contrast-enhanced")]

# Rules of documents on the web, which these are not: each is a window or a part of one, whose landmarks are the desktop's.
NOT_MEANT = {
    "region": "a surface of the desktop has no landmarks: it is one",
    "landmark-one-main": "as above",
    "page-has-heading-one": "a panel has none, and a window's is its title",
    "bypass": "there is nothing to skip: each page is a window",
    "meta-viewport": "nothing here is a telephone",
}
# (rule, a part of the selector): the reason why it stays.
EXCEPTIONS = {}

# What lies behind a page is the wallpaper; the panel lets a little of it through. The ground that is worst for it is taken.
GROUND = "document.documentElement.style.background = matchMedia('(prefers-color-scheme: dark)').matches ? '#0a0f14' : '#e9eef0';"
RUN = """
if (!window.axe) await new Promise((resolve, reject) => {
  const script = document.createElement('script');
  Object.assign(script, { src: 'axe.min.js', onload: resolve, onerror: reject });
  document.head.append(script);
});
%s
for (const animation of document.getAnimations()) animation.finish();
const result = await axe.run(document, { ...%s, resultTypes: ['violations'], preload: false, elementRef: false });
return result.violations.flatMap(({ id, nodes }) => nodes.map(({ target, html, any, all }) =>
  [id, String(target), html.slice(0, 160), [...any, ...all].map(({ message }) => message).join(' ').slice(0, 240)]));
"""
# Each place that the page's own navigation leads to.
PLACES = "return document.querySelectorAll('nav [role=tab], nav.pages button, nav.places button').length;"
GO = """const tabs = [...document.querySelectorAll('nav [role=tab], nav.pages button, nav.places button')];
tabs[%d].click();
await new Promise((resolve) => setTimeout(resolve, 120));
return tabs[%d].textContent;"""


@pytest.fixture(scope="module")
def pages():
    with Pages(files=[AXE]) as pages:
        session = pages.session
        wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2], 10)
        home = pathlib.Path(session.environment["HOME"])
        for name in ("folder", "other"):
            (home / name).mkdir()
        (home / "text.txt").write_text("words")
        for app in APPS.values():
            session.start("inosctl", "launch", app)
        for app in APPS.values():
            wait_for(f"no window of {app}", lambda: windows_of(session, app), 20)
        for number, (urgency, actions) in enumerate([(1, ["default", "Open", "reply", "Answer"]), (2, ["inline-reply", "Reply"])]):
            session.call(NAME, PATH, NAME, "Notify", GLib.Variant("(susssasa{sv}i)", (
                "Program", 0, "", f"Something {number}", "with <b>bold</b> and <a href='https://example.org'>a link</a>", actions,
                {"urgency": GLib.Variant("y", urgency), "value": GLib.Variant("i", 40)}, 0)))
        session.run("sh", "-c", "wl-copy something that was copied >/dev/null 2>&1")
        yield pages


def look_like(pages, scheme, high):
    session = pages.session
    session.run("gsettings", "set", "org.gnome.desktop.interface", "color-scheme", scheme)
    session.run("gsettings", "set", "org.gnome.desktop.a11y.interface", "high-contrast", str(high).lower())
    wanted = [scheme == "prefer-dark", "high" if high else "normal"]
    for page in ("panel", "overlay", *APPS):
        wait_for(f"{page} stays as it is", lambda: pages.ask(
            page, "return [matchMedia('(prefers-color-scheme: dark)').matches, document.documentElement.dataset.contrast];") == wanted)


def examine(pages, page, where, rules, found):
    options = {"rules": {rule: {"enabled": False} for rule in NOT_MEANT}} if rules is None else {
        "runOnly": {"type": "rule", "values": rules}, "rules": {rule: {"enabled": True} for rule in rules}}
    for rule, target, html, message in pages.ask(page, RUN % (GROUND, json.dumps(options)), 30):
        if not any(rule == known and part in target for known, part in EXCEPTIONS):
            found.setdefault((page, rule, target), [where, html, message])


@pytest.mark.parametrize("name, scheme, high, contrast", LOOKS, ids=[look[0] for look in LOOKS])
def test_look(pages, name, scheme, high, contrast):
    session, found, took = pages.session, {}, time.monotonic()
    look_like(pages, scheme, high)
    # Roles and names are the same in each.
    rules = None if name == "light" else [contrast]
    for page in ("panel", "popups"):
        examine(pages, page, name, rules, found)
    for overlay in OVERLAYS:
        session.toggle(overlay)
        wait_for(f"no {overlay}", lambda: session.overlay() == overlay)
        wait_for(f"{overlay} is not drawn", lambda: pages.ask("overlay", "return document.querySelector('.sheet') !== null"))
        examine(pages, "overlay", f"{name}: {overlay}", rules, found)
        session.toggle(overlay)
        wait_for(f"{overlay} stays", lambda: session.overlay() == "")
    for page in APPS:
        examine(pages, page, f"{name}: {page}", rules, found)
        for place in range(pages.ask(page, PLACES)):
            called = pages.ask(page, GO % (place, place))
            examine(pages, page, f"{name}: {page}, {called}", rules, found)
    lines = [f"{rule} {page} {target}\n    {where}\n    {html}\n    {message}" for (page, rule, target), (where, html, message) in found.items()]
    assert not lines, f"{len(lines)} violations ({time.monotonic() - took:.0f} s):\n" + "\n".join(lines)

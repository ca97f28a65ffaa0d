"""What the desktop looks like, compared with pictures in tests/e2e/looks: light and dark, in German and in Arabic. Where it is
to look otherwise: ./dev exec python3 tests/e2e/accept_looks.py."""

import os
import pathlib

import looks
import pytest
from apps import windows_of
from pages import HERE, Pages
from pictures import settled
from session import soon, wait_for

APPS = {"node-manager": "org.inos.NodeManager", "terminal": "org.inos.Terminal", "settings": "org.inos.Settings", "files": "org.inos.Files"}
SHELL, SHELL_PATH = "org.inos.Shell1", "/org/inos/Shell1"
# Language, its locale, and the colours in which it is looked at.
LANGUAGES = [("en", "", ("light", "dark")), ("de", "de_DE", ("light",)), ("ar", "ar_EG", ("dark",))]
WANTED = os.environ.get("INOS_LOOKS", "").split()
# 2026-01-02, for files.
MOMENT = 1767312000


@pytest.fixture(scope="module", params=LANGUAGES, ids=[language for language, *_ in LANGUAGES])
def pages(request, locales):
    language, locale, schemes = request.param
    environment = {"TZ": "UTC"}
    if locale:
        environment |= {"LOCPATH": str(locales), "LC_ALL": f"{locale}.UTF-8", "LANGUAGE": ""}
    with Pages([HERE / "still.js"], [HERE / "still.css"], environment) as pages:
        pages.language, pages.schemes = language, schemes
        session = pages.session
        home = pathlib.Path(session.environment["HOME"])
        for name in ("Documents", "Pictures", "notes.txt", "photo.jpg", "tune.ogg"):
            path = home / name
            path.write_text("x" * 2000) if "." in name else path.mkdir()
            os.utime(path, (MOMENT, MOMENT))
        for name in (".bashrc", ".bash_profile"):
            (home / name).write_text("PS1='$ '\n")
        wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2], 10)
        yield pages


def look_like(pages, scheme):
    session = pages.session
    session.run("gsettings", "set", "org.gnome.desktop.interface", "color-scheme", f"prefer-{scheme}")
    for page in ("panel", "overlay"):
        wait_for(f"{page} stays as it is", lambda: pages.ask(
            page, "return matchMedia('(prefers-color-scheme: dark)').matches;") == (scheme == "dark"))


def at_rest(session, name, box):
    """A picture when nothing moves in the box any more."""
    return settled(session, name, box).crop(box)


def loaded(pages, page, what):
    """The page shows that, with its fonts and pictures."""
    # A list that was narrow for a moment may begin a few pixels further down.
    wait_for(f"{page} shows no {what}", lambda: pages.ask(page, f"""await document.fonts.ready;
      document.querySelector('.results')?.scrollTo(0, 0);
      return document.querySelector({what!r}) !== null && [...document.images].every((image) => image.complete);"""), 15)


def take(pages, name, box, wrong):
    """Again for a while: what rests may not have come yet."""
    said = [f"{name}: no picture"]

    def is_right():
        said[:] = [looks.compare(name, at_rest(pages.session, f"look-{name}", box))]
        return said == [None]

    if not soon(is_right, 10):
        wrong.extend(said)


def test_surfaces(pages):
    wrong, session = [], pages.session
    for scheme in pages.schemes:
        look_like(pages, scheme)
        for overlay in ("launcher", "quick", "power"):
            name = f"{overlay}-{pages.language}-{scheme}"
            if WANTED and not any(part in name for part in WANTED):
                continue
            session.toggle(overlay)
            wait_for(f"no {overlay}", lambda: session.overlay() == overlay)
            loaded(pages, "overlay", ".sheet")
            # The launcher's is the whole desktop with its panel; the others are cards at its end.
            side = (0, 0, 640, 480) if pages.language == "ar" else (640, 0, 1280, 480)
            take(pages, name, (0, 0, 1280, 800) if overlay == "launcher" else side, wrong)
            session.toggle(overlay)
            wait_for(f"{overlay} stays", lambda: session.overlay() == "")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", APPS)
def test_application(pages, page):
    wrong, session, app = [], pages.session, APPS[page]
    names = {scheme: f"{page}-{pages.language}-{scheme}" for scheme in pages.schemes}
    if WANTED and not any(part in name for part in WANTED for name in names.values()):
        pytest.skip("another is wanted")
    if page == "terminal" and pages.language != "en":
        pytest.skip("but for three words it is what it is in English")
    session.run("inosctl", "launch", app)
    window = wait_for("no window", lambda: windows_of(session, app), 20)[0]
    for scheme, name in names.items():
        look_like(pages, scheme)
        loaded(pages, page, {"terminal": ".xterm-screen", "files": "[data-files]"}.get(page, "nav"))
        x, y, width, height = windows_of(session, app)[0]["Geometry"]
        take(pages, name, (x, y, x + width, y + height), wrong)
    session.on_window(window["Id"], "Close")
    wait_for("the window stays", lambda: not windows_of(session, app))
    assert not wrong, "\n".join(wrong)

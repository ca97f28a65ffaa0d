"""The desktop in another language: the pages and the programs alike."""

import pathlib

import pytest
from session import Session, wait_for

# Language, its locale, what `inosctl status` calls a component's state, the panel's direction.
LANGUAGES = [("de", "de_DE"), ("ja", "ja_JP"), ("ar", "ar_EG")]


@pytest.mark.parametrize("language, locale", LANGUAGES)
def test_language(locales, language, locale):
    environment = {"LOCPATH": str(locales), "LC_ALL": f"{locale}.UTF-8", "LANGUAGE": ""}
    with Session(environment=environment) as session:
        catalogue = (pathlib.Path(__file__).parents[2] / "po" / f"{language}.po").read_text()
        translated = catalogue.split('msgid "ask a window to close"\nmsgstr "')[1].split('"')[0]
        assert translated in session.run("inosctl", "--help").stdout
        wait_for("no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
        session.run("wtype", "-k", "Super_L")
        wait_for("no launcher", lambda: session.overlay() == "launcher")
        # The panel is mirrored where the language is: the power button is at the left edge then.
        image = wait_for("the launcher is not drawn", lambda: launcher_drawn(session, language), 10)
        left, right = ink(image, (0, 6, 40, 26)), ink(image, (1240, 6, 1280, 26))
        assert left and right
        clock = ink(image, (40, 6, 250, 26)) > ink(image, (1030, 6, 1240, 26))
        assert clock == (language == "ar"), "the clock is on the wrong side"


def ink(image, box):
    part = image.crop(box)
    background = max(part.getcolors(10000))[1]
    return sum(1 for pixel in part.getdata() if pixel != background)


def launcher_drawn(session, language):
    image = session.screenshot(f"language-{language}")
    # The card comes first, the page's text in it a moment later.
    return image if ink(image, (350, 120, 930, 600)) > 2000 else None

"""A mistake in compositor.ini: the desktop goes on as it was, and says on the screen and in the log what is wrong."""

import pytest
from session import Session, wait_for

CARD = (0xff, 0xff, 0xff), (0x16, 0x1b, 0x22)  # light, dark
EDGE = (0xb3, 0x26, 0x1e), (0xff, 0x8a, 0x80)


@pytest.fixture
def settings(tmp_path):
    folder = tmp_path / "inos"
    folder.mkdir(exist_ok=True)
    return folder / "compositor.ini"


def begin(tmp_path):
    return Session(environment={"XDG_CONFIG_HOME": str(tmp_path)})


def notice(session, name):
    """The message's box in a picture of the screen, or None."""
    image = session.screenshot(name)
    columns = [x for x in range(image.width) if any(image.getpixel((x, y)) in EDGE for y in range(60, 70))]
    return (image, columns[0]) if columns and image.getpixel((columns[-1] + 5, 64)) in CARD else None


def test_a_mistake_is_shown_and_undone(tmp_path, settings):
    settings.write_text("[keyboard]\nrepeat-rate=31\n")
    with begin(tmp_path) as session:
        assert notice(session, "settings-good") is None
        settings.write_text("[keyboard]\nrepeat-rate=31\n\n[windows]\nsnap-distance=far\n")
        image, left = wait_for("nothing is on the screen", lambda: notice(session, "settings-wrong"))
        words = image.crop((left + 8, 50, left + 600, 100))
        assert len(words.getcolors(100000)) > 20, "there are no words in it"
        session.logged("compositor", "compositor.ini:5", "snap-distance")
        assert "repeat-rate=31" in session.run("inosctl", "config", "dump").stdout, "what held was lost"
        # It is in nobody's way.
        session.open_foot()
        settings.write_text("[keyboard]\nrepeat-rate=32\n")
        wait_for("it stays after the mistake is corrected", lambda: notice(session, "settings-mended") is None)
        assert "repeat-rate=32" in session.run("inosctl", "config", "dump").stdout


def test_a_key_that_fails_says_so(tmp_path, settings):
    settings.write_text("[lock]\ncommand=/nonexistent/locker\n\n[bindings]\nSuper+j=exec /nonexistent/program\n")
    with begin(tmp_path) as session:
        assert notice(session, "key-good") is None
        session.run("wtype", "-M", "logo", "-k", "j")
        wait_for("nothing is on the screen", lambda: notice(session, "key-exec"))
        session.call("org.inos.Compositor1", "/org/inos/Compositor1", "org.inos.Compositor1.Input", "ReloadConfig")
        wait_for("it stays", lambda: notice(session, "key-gone") is None)
        session.run("wtype", "-M", "logo", "-k", "l")
        wait_for("nothing is on the screen", lambda: notice(session, "key-lock"))
        # A locker that starts and does not lock.
        settings.write_text("[lock]\ncommand=false\n")
        wait_for("it stays", lambda: notice(session, "key-gone") is None)
        session.run("inosctl", "lock")
        wait_for("nothing is on the screen", lambda: notice(session, "key-false"))
        assert not session.inosctl("idle")["locked"]


def test_a_mistake_at_the_start(tmp_path, settings):
    settings.write_text("[cursor]\nsize=1\n")
    with begin(tmp_path) as session:
        wait_for("nothing is on the screen", lambda: notice(session, "settings-start"))
        assert session.inosctl("config")["error_line"] == 2


def test_an_output_from_the_file(tmp_path, settings):
    settings.write_text("[output HEADLESS-*]\nscale=1.5\n")

    def scale(session):
        return session.inosctl("outputs")[0]["scale"]

    with begin(tmp_path) as session:
        wait_for("the scale is not the file's", lambda: scale(session) == 1.5)
        session.open_foot()
        session.screenshot("output-scale-1.5")
        settings.write_text("[output HEADLESS-*]\nscale=2\ntransform=90\n")
        wait_for("a new scale is not taken", lambda: scale(session) == 2)
        assert session.inosctl("outputs")[0]["transform"] == 1
        # A wrong line changes nothing.
        settings.write_text("[output HEADLESS-*]\nscale=big\n")
        session.logged("compositor", "scale must be a number", "compositor.ini:2")
        assert scale(session) == 2
        settings.write_text("[output HEADLESS-*]\nscale=2\n")
        wait_for("it stays turned", lambda: session.inosctl("outputs")[0]["transform"] == 0)
        # What a person chooses goes before the line, until that is another one.
        session.run("inosctl", "output", session.inosctl("outputs")[0]["name"], "scale", "1")
        session.run("inosctl", "config", "reload")
        assert scale(session) == 1
        session.run("inosctl", "config", "set", "output HEADLESS-*", "scale", "1.25")
        wait_for("the new line is not taken", lambda: scale(session) == 1.25)
        wrong = session.run("inosctl", "config", "set", "output HEADLESS-*", "mode", "huge", check=False)
        assert wrong.returncode != 0 and "1920x1080" in wrong.stderr
        session.run("inosctl", "config", "reset", "output HEADLESS-*", "scale")
        wait_for("without a line it is not as it was", lambda: scale(session) == 1)

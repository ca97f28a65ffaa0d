"""A person whose settings are broken gets in, and reads how to get out of it."""

from clients import colours, see
from logged_in import LoggedIn
from session import wait_for

PANEL = (0, 0, 1280, 32)
GROUP = "[keyboard]\nrepeat-rate=7\n"


def rate(session):
    return session.run("inosctl", "config", "get", "keyboard", "repeat-rate").stdout.strip()


def says(session):
    return [note["body"] for note in session.inosctl("notifications")["notifications"]
            if note["summary"].startswith("Safe mode")]


def test_two_bad_ends_and_the_way_back(tmp_path):
    (tmp_path / "config" / "inos").mkdir(parents=True, mode=0o700)
    settings = tmp_path / "config" / "inos" / "compositor.ini"
    settings.write_text(GROUP)
    for _ in range(2):
        with LoggedIn(tmp_path) as session:
            assert rate(session) == "7" and not session.get("org.inos.Session1", "SafeMode")
            session.cut_off()
    with LoggedIn(tmp_path) as session:
        assert session.get("org.inos.Session1", "SafeMode")
        assert rate(session) != "7", "the settings that may be broken are used"
        assert "safe mode" in session.run("inosctl", "status").stdout
        body = wait_for("nobody says so", lambda: says(session), 10)[0]
        assert str(settings.parent) in body and "Log out" in body
        see(session, "safe-mode", "there is no panel", lambda picture: colours(picture, PANEL) > 20)
        # What is changed here is not written over the person's own.
        session.run("inosctl", "config", "set", "keyboard", "repeat-rate", "40")
        assert rate(session) == "40" and settings.read_text() == GROUP
        # Programs read the person's own: an editor finds the file, and is itself.
        session.run("inosctl", "launch", "foot")
        wait_for("no terminal", session.windows, 15)
        session.log_out()
    with LoggedIn(tmp_path) as session:
        assert rate(session) == "7" and not session.get("org.inos.Session1", "SafeMode")
        assert says(session) == [body], "it is said again"
        session.log_out()


def test_a_file_that_is_none_at_the_start(tmp_path):
    """The compositor says what is wrong, the desktop is there, and that is no bad start."""
    (tmp_path / "config" / "inos").mkdir(parents=True, mode=0o700)
    settings = tmp_path / "config" / "inos" / "compositor.ini"
    settings.write_text("[cursor\nsize=huge\n" * 1000)
    for _ in range(3):
        with LoggedIn(tmp_path) as session:
            assert not session.get("org.inos.Session1", "SafeMode")
            assert session.inosctl("config")["error_line"], "nobody says that the file is none"
            see(session, "broken-settings", "there is no panel", lambda picture: colours(picture, PANEL) > 20)
            session.log_out()

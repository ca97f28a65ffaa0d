"""Open windows are there again after a log-out or a crash, where they were; what must not come back does
not."""


from logged_in import LoggedIn
from session import Session, wait_for

KEPT = "[window 1]\napp-id={app}\nprogram=1\nworkspace=0\nx=10\ny=50\nwidth=400\nheight=300\n"


def launch(session, name):
    """Starts an application as the launcher does; returns its window."""
    known = {window["Id"] for window in session.windows()}
    session.run("inosctl", "launch", name)
    return wait_for(f"{name} has no window",
                    lambda: [w for w in session.windows() if w["Id"] not in known], 20)[0]


def looks(session):
    """What is to be the same: application, workspace, place, size, state, of each window."""
    return sorted((w["AppId"], w["Workspace"], tuple(w["Geometry"]), w["Maximized"], w["OnTop"])
                  for w in session.windows())


def arrange(session):
    """Two terminals: one is moved to the third workspace, made small and kept on top; one is maximized."""
    one = launch(session, "foot")["Id"]
    session.on_window(one, "Resize", 500, 300)
    session.on_window(one, "Move", 700, 420)
    session.on_window(one, "SetOnTop", True)
    session.run("inosctl", "window", str(one), "workspace", "3")
    wait_for("it is not small", lambda: any(w["Geometry"][2] < 520 and w["Workspace"] == 2 for w in session.windows()))
    two = launch(session, "foot")["Id"]
    session.on_window(two, "SetMaximized", True)
    wait_for("it is not large", lambda: any(w["Geometry"][2] == 1280 for w in session.windows()))
    return looks(session)


def written(session):
    path = session.folder / "state" / "inos" / "windows-open.ini"
    return path.read_text() if path.exists() else ""


def test_after_a_log_out(tmp_path):
    with LoggedIn(tmp_path) as session:
        assert session.run("inosctl", "session", "when").stdout == "crash\n"
        session.run("inosctl", "session", "when", "always")
        assert "windows=always" in (tmp_path / "config" / "inos" / "session.ini").read_text()
        was = arrange(session)
        # What nobody else shall know of, and what no desktop entry has.
        secret = launch(session, "foot")["Id"]
        session.on_window(secret, "SetPrivate", True)
        session.start("foot", "--app-id", "../../../bin/sh", "sleep", "1000")
        wait_for("no nameless window", lambda: len(session.windows()) == 4, 10)
        session.log_out()
    with LoggedIn(tmp_path) as session:
        wait_for(lambda: f"{looks(session)} is not {was}", lambda: looks(session) == was, 60)
        assert session.get("org.inos.Compositor1", "ActiveWorkspace") == 0, "it came to the front"
        session.screenshot("restored")
        assert not session.get("org.inos.Session1", "SafeMode")
        session.run("inosctl", "session", "when", "never")
        session.log_out()
    with LoggedIn(tmp_path) as session:
        launch(session, "foot")
        assert len(session.windows()) == 1, "there is more than what was asked for"
        session.log_out()


def test_after_a_crash_and_not_after_a_log_out(tmp_path):
    with LoggedIn(tmp_path) as session:
        was = arrange(session)
        wait_for("the file does not say so", lambda: written(session).count("[window") == 2
                 and "maximized=true" in written(session) and "on-top=true" in written(session), 10)
        session.cut_off()
    with LoggedIn(tmp_path) as session:
        wait_for(lambda: f"{looks(session)} is not {was}", lambda: looks(session) == was, 60)
        session.log_out()
    with LoggedIn(tmp_path) as session:
        listed = session.inosctl("session", "list")["windows"]
        assert [row["app_id"] for row in listed] == ["foot", "foot"]
        assert session.windows() == []
        # On request, and only what is not open.
        session.run("inosctl", "session", "restore")
        wait_for(lambda: f"{looks(session)} is not {was}", lambda: looks(session) == was, 60)
        assert "nothing to start" in session.run("inosctl", "session", "restore").stdout
        session.log_out()


def test_what_was_saved_is_what_comes(tmp_path):
    with LoggedIn(tmp_path) as session:
        was = arrange(session)
        session.run("inosctl", "session", "save")
        for window in session.windows():
            session.run("inosctl", "close", str(window["Id"]))
        wait_for("windows stay", lambda: not session.windows(), 10)
        assert "foot" in session.run("inosctl", "session").stdout
        session.run("inosctl", "session", "restore")
        wait_for(lambda: f"{looks(session)} is not {was}", lambda: looks(session) == was, 60)
        session.run("inosctl", "session", "forget")
        assert session.inosctl("session", "list") == {"windows": []}
        assert session.run("inosctl", "session", "when", "sometimes", check=False).returncode == 2
        session.log_out()


def test_files_that_nobody_wrote(tmp_path):
    state = tmp_path / "state" / "inos"
    for number, text in enumerate((b"\0\xff" * 90000, KEPT.format(app="../../bin/sh").encode(),
                                   KEPT.format(app="foot; touch /tmp/owned").encode(), b"[window 1]\napp-id=foot\n")):
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        (state / "windows-open.ini").write_bytes(text)
        (state / "session.ini").write_text("[session]\nbad-starts=0\nopen=true\n")
        with LoggedIn(tmp_path) as session:
            launch(session, "foot")
            assert len(session.windows()) == 1, number
            session.log_out()


def test_after_the_compositor_died():
    with Session() as session:
        was = arrange(session)
        pid = session.component("compositor")[1]
        wait_for("the file does not say so", lambda: any("maximized=true" in path.read_text() for path in
                                                         (session.folder / "run" / "inos").glob("windows-*.ini")), 10)
        session.fault(pid)
        wait_for("there is no new compositor", lambda: session.component("compositor")[1] not in (0, pid)
                 and session.has_name("org.inos.Compositor1"), 60)
        wait_for(lambda: f"{looks(session)} is not {was}", lambda: looks(session) == was, 60)
        # Again, so soon that one of them may be why: they wait until they are asked for.
        again = session.component("compositor")[1]
        session.fault(again)
        wait_for("there is no new compositor", lambda: session.component("compositor")[1] not in (0, pid, again)
                 and session.has_name("org.inos.Compositor1") and session.has_name("org.inos.Shell1"), 60)
        wait_for("it is not said", lambda: any("not started once more" in note["body"]
                                               for note in session.inosctl("notifications", "list")["notifications"]), 30)
        assert session.windows() == []
        session.run("inosctl", "session", "restore")
        wait_for(lambda: f"{looks(session)} is not {was}", lambda: looks(session) == was, 60)
        assert session.end() == 0
        assert not list((session.folder / "run" / "inos").glob("windows-*.ini"))

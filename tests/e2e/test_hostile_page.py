"""Pages that have turned: the real ones, in a real session, with a script beside theirs that tries all that a page could.
What strangers write is looked for in the pages themselves."""

import http.server
import json
import os
import pathlib
import threading
import time

import pytest
from apps import windows_of
from pages import HERE, TOP, Pages
from session import soon, wait_for

CAPABILITIES = {path.stem: json.loads(path.read_text())["commands"] for path in (TOP / "shell" / "capabilities").glob("*.json")}
ALL = sorted({command for commands in CAPABILITIES.values() for command in commands} | {"no.such", "", "__proto__", "constructor"})
APPS = {"terminal": "org.inos.Terminal", "files": "org.inos.Files"}
# Of what is loaded as a picture or a script WebKit says no more than that it failed, here the file's bytes would have been.
SECRET = "root:"


@pytest.fixture(scope="module")
def server():
    """Who would be told."""
    heard = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802 - its name
            heard.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/told", heard
        server.shutdown()


@pytest.fixture(scope="module")
def pages():
    with Pages() as pages:
        wait_for("the panel shows no figures", lambda: pages.session.get("org.inos.Shell1", "PanelFigures")[2], 10)
        yield pages


@pytest.mark.parametrize("page", ["wallpaper", "panel", "terminal"])
def test_a_page_that_has_turned(pages, server, page):
    session = pages.session
    address, heard = server
    if page in APPS:
        session.run("inosctl", "launch", APPS[page])
        wait_for("no window", lambda: windows_of(session, APPS[page]), 15)
    undeclared = [command for command in ALL if command not in CAPABILITIES[page]]
    script = (HERE / "hostile.js").read_text()
    result = pages.ask(page, f"const SERVER = {json.dumps(address)}; const COMMANDS = {json.dumps(undeclared)};\n{script}", 40)
    done = {command: said for command, said in result["commands"].items()
            if not said.startswith(("This page may not use", "There is no command", "the message has no valid command name"))}
    assert not done, done
    assert set(result["commands"]) == set(undeclared)
    # Terminal reads its bytes from its own origin, where there is nothing else to be had by it: 404.
    allowed = {"fetch own", "request own"} | {name for name, said in result["tried"].items() if said == "404"} if page in APPS else set()
    through = {name: said for name, said in result["tried"].items() if not said.startswith("refused:") and name not in allowed}
    assert not set(through) - {"beacon"}, through
    time.sleep(0.5)  # what was queued has left by then, if it does
    assert not heard, "somebody was told"
    assert result["here"] == f"inos://shell/{page}.html"
    assert SECRET not in json.dumps(result)
    # It is still the page that it was, and nobody died of it.
    assert pages.ask(page, "return document.body.className") == page
    session.survived("shell")
    session.logged("shell", "refused")


MARKUP = "<img src=x onerror=alert(1)><script>alert(1)</script>\u202egpj.exe"


def test_titles_of_windows(pages):
    session = pages.session
    process, _ = session.open_foot("sleep", "60", title=MARKUP + "t" * 3000)
    wait_for("no title", lambda: "gpj" in session.get("org.inos.Compositor1", "FocusedTitle"))
    look = "const e = document.querySelector('.title'); return [e.textContent, e.children.length, e.scrollWidth, innerWidth];"
    text, children, width, whole = wait_for(
        "the panel does not say it", lambda: (said := pages.ask("panel", look))[0].startswith("<img") and said)
    assert children == 0 and len(text) <= 4096, "it is not text alone"
    assert pages.ask("panel", "return document.documentElement.scrollWidth <= innerWidth"), (width, whole)
    assert "\u202e" not in text, "what follows is turned round"
    process.kill()
    wait_for("the window stays", lambda: not windows_of(session, "foot"))


def test_desktop_entries(pages):
    session = pages.session
    folder = session.folder / "data" / "applications"
    folder.mkdir(exist_ok=True)
    told = session.folder / "told"
    entries = {
        "zz-endless": "Name=Zzzendless\nExec=true\nIcon=/dev/zero",
        "zz-markup": f"Name=Zzz{MARKUP}\nComment={MARKUP}\nExec=true $(touch {told}) `touch {told}` ; touch {told}\nIcon=/etc/passwd",
        "zz-long": f"Name=Zzz{'n' * 1_000_000}\nComment={'c' * 1_000_000}\nExec=true\nIcon=../../etc/passwd",
        "zz-actions": "Name=Zzzactions\nExec=true\nActions=" + "".join(f"a{i};" for i in range(5000)) + "\n" + "".join(
            f"[Desktop Action a{i}]\nName=Action {i}\nExec=true\n" for i in range(5000)),
        "zz-control": "Name=Zzz\\x07\\x1b[31m\\nline\nExec=true\nIcon=/dev/zero",
        "zz-none": "Name=Zzznone\nExec=/no/such/program\nIcon=/dev/random",
    }
    for name, text in entries.items():
        (folder / f"{name}.desktop").write_text(f"[Desktop Entry]\nType=Application\n{text}\n")
    (folder / "zz-garbage.desktop").write_bytes(os.urandom(100_000))
    # The name of a file may be what is no text.
    pathlib.Path(os.fsdecode(os.fsencode(folder) + b"/zz-\xff.desktop")).write_text("[Desktop Entry]\nType=Application\nName=Zzzbytes\nExec=true\n")
    session.toggle("launcher")
    wait_for("no launcher", lambda: session.overlay() == "launcher")
    look = """const field = document.querySelector('.field-row input');
      if (!field) return [];
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, 'zzz');
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 50));
      return [...document.querySelectorAll('.result')].map((row) => [row.querySelector('.name').textContent,
        row.querySelector('.about')?.textContent ?? '', row.querySelectorAll('script, img:not(.app-icon)').length]);"""
    rows = wait_for("they are not listed", lambda: len(found := pages.ask("overlay", look)) >= 4 and found, 15)
    for name, about, strange in rows:
        assert strange == 0 and len(name) <= 512 and len(about) <= 1024, (name[:80], len(name), len(about))
        assert not set("\u202e\x07\x1b\n") & set(name + about), name[:80]
    assert pages.ask("overlay", "return document.documentElement.scrollWidth <= innerWidth")
    session.run("inosctl", "launch", "zz-markup", check=False)
    session.run("inosctl", "launch", "zz-none", check=False)
    session.toggle("launcher")
    wait_for("the launcher stays", lambda: session.overlay() == "")
    assert not told.exists(), "a shell was run"
    session.survived("shell")


def test_what_was_copied(pages):
    session = pages.session
    session.run("sh", "-c", "wl-copy >/dev/null 2>&1", input=MARKUP + "\x07\x1b[31m" + "c" * 200_000)
    session.toggle("clipboard")
    look = """const sheet = document.querySelector('.sheet');
      return sheet ? [sheet.textContent, sheet.querySelectorAll('script, img').length, document.documentElement.scrollWidth <= innerWidth] : ['', 0, true];"""
    text, strange, fits = wait_for("it is not listed", lambda: "<img src=x" in (said := pages.ask("overlay", look))[0] and said, 10)
    assert strange == 0 and fits and len(text) < 20_000 and not set("\u202e\x07\x1b") & set(text)
    session.toggle("clipboard")
    wait_for("it stays", lambda: session.overlay() == "")


# Each alone would be enough for some terminal that once was: answers that are typed, a clipboard that is read or written, titles
# that are asked for, a device that is written to, and what has no end.
OUTPUT = ("\x1b]0;" + MARKUP + "\x07" + "\x1b]52;c;dG91Y2ggfi9vd25lZAo=\x07\x1b]52;c;?\x07" + "\x1b[21t\x1b[20t\x1b]10;?\x07\x1b]4;1;?\x07"
          + "\x1bP$q\"p\x1b\\\x1bP+q544e\x1b\\" + "\x1b]8;;javascript:alert(1)\x07here\x1b]8;;\x07\x1b]8;;file:///etc/passwd\x07there\x1b]8;;\x07"
          + "\x1b[999999999;999999999H\x1b[2147483647C\x1b[99999999999999999999b\x1b[8;99999;99999t\x1b[3;0;0t" + "\x1b]2;" + "t" * 500_000 + "\x07"
          + "\x1bPq" + "#0;2;0;0;0!999999999~" * 100 + "\x1b\\" + "\x1b]1337;File=inline=1;size=999999999:" + "A" * 100_000 + "\x07"
          + "e\u0301" + "\u0301" * 50_000 + "\x1b[?1049h" * 1000 + "\x1b[" + "1;" * 100_000 + "m" + "\x1b]9;4;1;50\x07\x1b]777;notify;owned;x\x07")


def test_output_of_a_terminal(pages, tmp_path):
    session = pages.session
    if not windows_of(session, APPS["terminal"]):
        session.run("inosctl", "launch", APPS["terminal"])
        wait_for("no window", lambda: windows_of(session, APPS["terminal"]), 15)
    (tmp_path / "output").write_text(OUTPUT)
    typed, ended = tmp_path / "typed", tmp_path / "ended"
    # What the terminal answers is as if it were typed: it goes to the program that asked, and nothing of it is a line.
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\nstty -echo -icanon min 0 time 10\ncat {tmp_path}/output\ncat > {typed}\nstty sane\nprintf '\\033c'\necho done > {ended}\n")
    program.chmod(0o755)
    before = session.windows()[0]["Geometry"]
    for _ in range(4):
        session.run("wtype", "-k", "Return", f"{program}\n")
        if soon(typed.exists, 10):
            break
    wait_for(lambda: f"the terminal does not go on: {typed.read_bytes()[-300:]}", ended.exists, 30)
    answers = typed.read_text(errors="replace")
    assert "\n" not in answers and "\r" not in answers and "owned" not in answers and "gpj" not in answers, answers[:300]
    window = windows_of(session, APPS["terminal"])[0]
    assert window["Geometry"] == before, "it moved its window"
    assert len(window["Title"]) <= 1024 and "\u202e" not in window["Title"], window["Title"][:80]
    assert pages.ask("terminal", "return document.querySelectorAll('.xterm script, .xterm img, .tab img, .tab script').length", 60) == 0
    session.run("wtype", f"echo alive > {tmp_path}/alive\n")
    wait_for("nothing is typed any more", (tmp_path / "alive").exists, 10)
    assert not (session.folder / "home" / "owned").exists()
    assert "owned" not in json.dumps(session.inosctl("notifications"))

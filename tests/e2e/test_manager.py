"""Node Manager, used as a person does: by the launcher, the keyboard and the pointer. What it did is looked for on D-Bus,
at the node and in files; what it looks like is kept as pictures."""

import json
import os
import pathlib
import signal
import socket
import struct
import subprocess

import pytest
from apps import launch, press, web_processes, windows_of
from gi.repository import GLib
from pages import Pages
from pointer import Pointer
from session import NAMES, Session, processes_with, soon, wait_for

APP = "org.inos.NodeManager"
NODE, PATH, MESH = "org.inos.Node1", "/org/inos/Node1", "org.inos.Node1.Mesh"
WARNING = (0x8A, 0x53, 0x00)  # --warning of the light theme


def settings(session):
    """What the window keeps; {} where it has kept nothing yet."""
    path = pathlib.Path(session.environment["XDG_CONFIG_HOME"]) / "inos" / "node-manager.json"
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def actor(session, name):
    return next((row for row in session.inosctl("actors") if row["name"] == name), None)


def mesh(session, method, *arguments, kinds=""):
    return session.call(NODE, PATH, MESH, method, GLib.Variant(f"({kinds})", arguments) if kinds else None, timeout=20000)


def tabs(session, count, back=False):
    for _ in range(count):
        press(session, *(["shift"] if back else []), "Tab")


def go_to(session, page, number):
    """The page is the one that the window keeps."""
    def is_there():
        press(session, "ctrl", str(number))
        return settings(session).get("page", "overview") == page

    wait_for(f"it does not go to {page}", is_there, 20)


def box(session):
    """The window's place: left, top, right, bottom."""
    x, y, width, height = windows_of(session, APP)[0]["Geometry"]
    return x, y, x + width, y + height


def colours(session, name):
    """How many colours the window has: something is drawn."""
    return len(set(session.screenshot(name).crop(box(session)).getdata()))


def is_veiled(session, name):
    """A question lies over the page, whose ground is dimmed at its edge."""
    left, _, right, bottom = box(session)
    picture = session.screenshot(name)
    return max(picture.getpixel((right - 12, bottom - 6))) < 200 and max(picture.getpixel((left + 8, bottom - 6))) < 200


def says_absent(session, name):
    """The band at the top of the page has words in the colour of a warning."""
    left, top, right, _ = box(session)
    part = session.screenshot(name).crop((left + 176, top + 39, right, top + 120))
    return sum(max(abs(a - b) for a, b in zip(pixel, WARNING)) < 24 for pixel in part.getdata()) > 60


def choose(session, text):
    """Looks for an actor or a node and goes to the last row that is found."""
    press(session, "ctrl", "f")
    session.run("wtype", text)
    press(session, "Return")
    press(session, "End")


def ask(session, page, number, text, deed, name):
    """Opens the question before a deed: the one so many stops of the Tab key from the list, whose row has that text."""
    def is_asked():
        go_to(session, "overview", 1)
        go_to(session, page, number)
        choose(session, text)
        press(session, "Return")  # its details
        tabs(session, deed)
        press(session, "Return")
        return soon(lambda: is_veiled(session, name)) or press(session, "Escape")

    wait_for("no question", is_asked, 40)


def agree(session, name):
    """To the question that is open; the way out is chosen first."""
    tabs(session, 1)
    press(session, "Return")
    wait_for("the question stays", lambda: not is_veiled(session, name))


CLOSE, RESTART, STOP, TRACE = 1, 2, 3, 7  # in an actor's details; look again, copy and its supervisor are between
PUT_OUT = 5  # in a node's: after close, disconnect, ping, why


@pytest.fixture(scope="module")
def pages():
    with Pages() as pages:
        yield pages


@pytest.fixture(scope="module")
def session(pages):
    return pages.session


def page_is(pages, what):
    """What JavaScript finds in the window's page."""
    return pages.ask("node-manager", f"return {what};")


def view(pages, session, name):
    """The page of other nodes as a list or as a map; the window keeps which."""
    go_to(session, "peers", 3)
    wait_for("no page of other nodes", lambda: page_is(pages, f"""(document.querySelector('[data-view="{name}"]')?.click(), true)
      && document.querySelector('[data-view="{name}"]')?.ariaChecked === 'true'"""))
    wait_for(f"the window does not keep the {name}", lambda: settings(session).get("peerView") == name)


MAP = "document.querySelector('.map-view')"


@pytest.fixture(scope="module", autouse=True)
def manager(session):
    wait_for("the panel shows no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    launch(session, APP, "node man")
    wait_for("nothing is drawn", lambda: colours(session, "manager-overview") > 100, 15)


def test_overview_is_drawn_in_light_and_dark(session):
    light = session.screenshot("manager-overview")
    left, top, right, bottom = box(session)
    assert min(light.getpixel((right - 8, bottom - 8))) > 200
    # Lines of the charts, in their colour.
    chart = (0x0B, 0x6E, 0x66)
    wait_for("no charts", lambda: sum(max(abs(a - b) for a, b in zip(pixel, chart)) < 40 for pixel in
             session.screenshot("manager-overview").crop(box(session)).getdata()) > 300, 15)
    session.run("gsettings", "set", "org.gnome.desktop.interface", "color-scheme", "prefer-dark")
    wait_for("it stays light", lambda: max(session.screenshot("manager-overview-dark").getpixel((right - 8, bottom - 8))) < 60)
    session.run("gsettings", "reset", "org.gnome.desktop.interface", "color-scheme")
    wait_for("it stays dark", lambda: min(session.screenshot("manager-overview").getpixel((right - 8, bottom - 8))) > 200)


def test_an_actor_is_restarted_by_keyboard_alone(session):
    before = actor(session, "monitor")
    ask(session, "actors", 2, "monitor", RESTART, "manager-restart")
    assert actor(session, "monitor")["id"] == before["id"], "it did not ask first"
    agree(session, "manager-restarted")
    after = wait_for("it was not restarted", lambda: (row := actor(session, "monitor")) and row["id"] != before["id"] and row)
    assert after["restarts"] == before["restarts"], "a restart counts as no failure"


def test_a_stop_is_asked_about_and_can_be_let_be(session):
    before = actor(session, "monitor")
    ask(session, "actors", 2, "monitor", STOP, "manager-stop")
    press(session, "Escape")
    wait_for("the question stays", lambda: not is_veiled(session, "manager-kept"))
    assert actor(session, "monitor")["id"] == before["id"]
    ask(session, "actors", 2, "monitor", STOP, "manager-stop")
    agree(session, "manager-stopped")
    wait_for("it was not stopped", lambda: (row := actor(session, "monitor")) and row["restarts"] == before["restarts"] + 1)


def traced(session, name):
    """How many messages of an actor are kept."""
    details = session.call("org.inos.Node1", "/org/inos/Node1", "org.inos.Node1", "InspectActor", GLib.Variant("(s)", (name,)))[1]
    return details["traced"]


def test_a_trace_ends_with_the_page_that_began_it(session):
    def begins():
        go_to(session, "overview", 1)
        go_to(session, "actors", 2)
        choose(session, "monitor")
        press(session, "Return")  # its details
        tabs(session, TRACE)
        press(session, "Return")
        return soon(lambda: traced(session, "monitor"))

    wait_for("nothing is traced", begins, 40)
    killed = web_processes(session, APP)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_for("the trace goes on", lambda: not traced(session, "monitor"), 20)
    wait_for("no new web process", lambda: web_processes(session, APP) and not web_processes(session, APP) & killed, 10)
    wait_for("nothing is drawn again", lambda: colours(session, "manager-page-again") > 60, 15)


def test_a_process_is_killed_by_keyboard_alone(session):
    with subprocess.Popen(["sleep", "31415926"]) as victim:
        def is_asked():
            go_to(session, "overview", 1)
            go_to(session, "resources", 5)
            choose(session, "31415926")
            return soon(lambda: press(session, "End") or press(session, "shift", "Delete") or is_veiled(session, "manager-kill"),
                        5) or press(session, "Escape")

        try:
            wait_for("no question", is_asked, 40)
            assert victim.poll() is None, "it did not ask first"
            agree(session, "manager-killed")
            assert victim.wait(60) == -signal.SIGKILL
        finally:
            victim.kill()


def exported(session, ending):
    """What was written to files of that kind."""
    return [path.read_text() for path in pathlib.Path(session.environment["HOME"]).rglob(f"inos-log-*.{ending}")]


def test_a_log_is_filtered_followed_and_exported_by_keyboard_alone(session):
    log = pathlib.Path(session.environment["XDG_STATE_HOME"]) / "inos" / "log" / "test.log"
    log.write_text("".join(f"** Message: 00:00:{i:02}.000: needle {i}\n" for i in range(10))
                   + "test-WARNING **: 00:00:30.000: " + "long " * 500 + "\u202e\x1b[31m\n")

    def shown(name):
        """The head of the page and the newest entries: what it says in a corner below comes and goes by itself."""
        left, top, right, _ = box(session)
        return session.screenshot(name).crop((left, top, right, top + 260)).tobytes()

    def export(ending, back):
        """By a button so many stops of the Tab key before the list, of what has that word."""
        def is_there():
            go_to(session, "overview", 1)
            go_to(session, "logs", 6)
            choose(session, "needle")
            tabs(session, back, back=True)
            press(session, "Return")
            try:
                return wait_for("no file", lambda: [text for text in exported(session, ending) if "needle 9" in text], 3)
            except AssertionError:
                return None

        return wait_for("nothing is exported", is_there, 20)[0]

    lines = export("txt", 2).splitlines()
    assert [line.rsplit(": ", 1)[1] for line in lines] == [f"needle {i}" for i in range(10)], lines
    press(session, "ctrl", "f")
    press(session, "Return")  # the list has the keyboard
    wait_for("it does not come to rest", lambda: shown("manager-logs") == shown("manager-logs"))
    before = shown("manager-logs")
    with log.open("a") as file:
        file.write("needle eleven\n")
    wait_for("it does not follow", lambda: shown("manager-logs-followed") != before)
    press(session, "Home")
    press(session, "Return")  # its details
    rows = [json.loads(line) for line in export("jsonl", 1).splitlines()]
    assert (rows[0]["message"], rows[-1]["message"], rows[-1]["unit"]) == ("needle 0", "needle eleven", "test")


def frame(kind, payload, number):
    """A request on the node's socket (docs/architecture.md)."""
    name = kind.encode()
    body = struct.pack("<BBBBHHQQI", 1, 1, 2, len(name), 1, 0, number, 0, 0) + name + payload
    return struct.pack("<I", len(body)) + body


def lose_a_letter(session):
    """Stops the inspector and asks it, in one go: it has gone before it comes to the question."""
    path = pathlib.Path(session.environment["XDG_RUNTIME_DIR"]) / "inos" / "node.sock"
    stop, ask = GLib.Variant("(s)", ("inspector",)), GLib.Variant("(sut)", ("place", 1, 0))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as node:
        node.settimeout(20)
        node.connect(str(path))
        node.sendall(frame("actors.stop", stop.get_data_as_bytes().get_data(), 1)
                     + frame("actors.list", ask.get_data_as_bytes().get_data(), 2))
        seen = b""
        while b"cannot be listed" not in seen:
            more = node.recv(4096)
            assert more, seen
            seen += more


def letters(session):
    return {row["number"] for row in session.inosctl("actors", "dead-letters")["letters"] if row["type"] == "node_inspector.list"}


def test_a_dead_letter_is_sent_again(session):
    wait_for("no inspector", lambda: actor(session, "inspector"))
    lose_a_letter(session)
    lost = wait_for("no dead letter", lambda: letters(session))

    def is_sent():
        go_to(session, "actors", 2)
        press(session, "ctrl", "f")
        press(session, "Escape")  # what was looked for is forgotten; the list has the keyboard
        tabs(session, 2, back=True)
        press(session, "Return")  # dead letters
        press(session, "ctrl", "f")
        session.run("wtype", "node_inspector.list")
        press(session, "Return")
        press(session, "Home")
        tabs(session, 1)
        session.run("wtype", "inspector")
        session.screenshot("manager-letters")
        press(session, "Return")
        return soon(lambda: not letters(session) & lost) or go_to(session, "overview", 1)

    wait_for("the letter is not sent again", is_sent, 30)


def test_pages_by_pointer(session):
    left, top, _, _ = box(session)
    with Pointer(session) as pointer:
        # Below the window's title.
        for page, place in {"overview": (left + 60, top + 65), "peers": (left + 60, top + 141)}.items():
            def is_there(place=place, page=page):
                pointer.click(*place)
                return soon(lambda: settings(session).get("page") == page)

            wait_for(f"the pointer does not lead to {page}", is_there, 15)
    session.screenshot("manager-peers-empty")


def test_the_map_without_other_nodes_says_what_to_do(pages, session):
    view(pages, session, "map")
    wait_for("no map", lambda: page_is(pages, f"{MAP}?.dataset.nodes === '0' && {MAP}.querySelector('.empty').textContent.length > 20"))
    # This node, in the middle.
    wait_for("nothing is drawn", lambda: page_is(pages, f"""(() => {{
      const canvas = {MAP}.querySelector('canvas'), [x, y] = [canvas.width >> 1, canvas.height >> 1];
      return canvas.width > 300 && canvas.getContext('2d').getImageData(x, y, 1, 1).data[3] === 255; }})()"""))
    session.screenshot("manager-map-empty")
    view(pages, session, "list")


def clipboard(session):
    return session.run("wl-paste", "--no-newline", check=False).stdout


PLACE = "document.querySelector('select.place')"
ACTORS = """document.querySelector('[role="treegrid"]')?.innerText ?? ''"""


def look_at(pages, node):
    """Chooses whose actors are shown, as the list does that has the keyboard."""
    page_is(pages, f"""(() => {{ const list = {PLACE}; list.focus();
      Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(list, '{node}');
      list.dispatchEvent(new Event('change', {{ bubbles: true }})); return document.activeElement === list; }})()""")


def finds(pages, session, text):
    """Whether an actor of that name is among those that are shown."""
    page_is(pages, "(document.querySelector('input[type=search]').focus(), true)")
    press(session, "ctrl", "a")
    session.run("wtype", text)
    return soon(lambda: text in page_is(pages, ACTORS))


def actors_of_another(pages, session, other, who):
    """The page of actors shows those of another computer, once that has given this one the right."""
    other.call(NODE, PATH, NODE, "OpenMailbox", GLib.Variant("(su)", ("otherbox", 8)))
    go_to(session, "actors", 2)
    wait_for("no choice of the computer", lambda: page_is(pages, f"[...({PLACE}?.options ?? [])].some(({{ value }}) => value === '{who}')"))
    press(session, "ctrl", "f")
    press(session, "shift", "Tab")
    wait_for("no key leads to the choice", lambda: page_is(pages, f"document.activeElement === {PLACE}"))
    look_at(pages, who)
    own = session.get(NODE, "PeerId")
    wait_for("it does not say that it may not", lambda: page_is(
        pages, f"document.querySelector('.fault')?.textContent.includes('inosctl mesh manage {own} look')"))
    session.screenshot("manager-elsewhere-refused")
    other.run("inosctl", "mesh", "manage", own, "look")
    wait_for("no actors of the other", lambda: "node" in page_is(pages, ACTORS))
    assert finds(pages, session, "otherbox")
    session.screenshot("manager-elsewhere")
    look_at(pages, "")
    wait_for("no actors of this computer", lambda: page_is(pages, ACTORS) and not page_is(pages, "!!document.querySelector('.elsewhere')"))
    assert not finds(pages, session, "otherbox")
    page_is(pages, "(document.querySelector('input[type=search]').focus(), true)")
    press(session, "Escape")


def test_another_node_is_invited_comes_and_is_put_out(pages, session):
    go_to(session, "peers", 3)

    def has_code():
        go_to(session, "overview", 1)
        go_to(session, "peers", 3)
        tabs(session, 3 if mesh(session, "ReadRoll")[2] == "member" else 2, back=True)  # from the list to invite
        press(session, "Return")
        if not soon(lambda: is_veiled(session, "manager-invite")):
            return None
        tabs(session, 4)  # how long, how many, ask, cancel
        press(session, "Return")
        wait_for("no mesh", lambda: mesh(session, "ReadRoll")[0])
        tabs(session, 1)  # done, then copy
        session.screenshot("manager-code")
        press(session, "Return")
        return soon(lambda: len(clipboard(session)) > 100 and clipboard(session)) or press(session, "Escape")

    code = wait_for("no code", has_code, 30)
    press(session, "Escape")
    with Session() as other:
        wait_for("the other has no node", lambda: other.get(NODE, "Connected"), 10)
        other.run("inosctl", "mesh", "join", code)
        who = other.get(NODE, "PeerId")
        wait_for("it is no member", lambda: [row for row in mesh(session, "ReadRoll")[3] if row[0] == who and row[2] == "member"], 10)
        wait_for("it is not drawn", lambda: [p for p in mesh(session, "ListPeers", False, 64, kinds="bu")[1] if p[0] == who], 10)

        view(pages, session, "map")
        wait_for("it is not on the map", lambda: page_is(pages, f"{MAP}?.dataset.nodes === '1'"))
        page_is(pages, f"({MAP}.focus(), document.activeElement === {MAP})")
        press(session, "Right")
        wait_for("no arrow leads to it", lambda: page_is(pages, f"{MAP}.dataset.selected") == who)
        press(session, "Return")
        wait_for("no details", lambda: page_is(pages, f"document.querySelector('.side code')?.textContent === '{who}'"))
        session.screenshot("manager-map")
        view(pages, session, "list")

        actors_of_another(pages, session, other, who)
        ask(session, "peers", 3, who[-8:], PUT_OUT, "manager-revoke")
        agree(session, "manager-revoked")
        wait_for("it is still a member", lambda: [row for row in mesh(session, "ReadRoll")[3] if row[0] == who and row[2] == "revoked"], 10)


SET = """const set = (input, value) => {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, value);
  input.dispatchEvent(new Event('input', { bubbles: true }));
};"""


def simulate(pages, nodes, seconds, seed):
    """Fills in the form, and starts it when it has taken that."""
    wait_for("no scenarios", lambda: page_is(pages, "document.querySelectorAll('.simulator-form option').length > 8"))
    pages.ask("node-manager", f"""{SET} const fields = document.querySelectorAll('.simulator-numbers input');
      [{nodes}, {seconds}, {seed}].forEach((value, i) => set(fields[i], String(value)));""")
    wait_for("the form is not filled in", lambda: page_is(pages, "[...document.querySelectorAll('.simulator-numbers input')].map(({ value }) => value).join()")
             == f"{nodes},{seconds},{seed}")
    page_is(pages, "(document.querySelector('.simulator-form [type=submit]').click(), true)")


def simulators(session):
    """Process ids of those that run in the session, whoever's children they are by now."""
    return {pid for pid, name in processes_with(f"XDG_RUNTIME_DIR={session.environment['XDG_RUNTIME_DIR']}") if name == "inos-sim"}


def simulate_for_long(pages, session):
    simulate(pages, 2000, 3600, 1)
    runs = wait_for("no simulator", lambda: simulators(session))
    assert len(runs) == 1
    wait_for("no progress", lambda: page_is(pages, "document.querySelector('progress')?.value > 0"), 20)
    return runs


def test_a_simulation_runs_to_its_end(pages, session):
    go_to(session, "simulator", 7)
    simulate(pages, 20, 30, 7)
    wait_for("it does not end", lambda: page_is(pages, "document.querySelector('.page').dataset.simulation") == "ended", 20)
    said = session.run("inos-sim", "--nodes", "20", "--seconds", "30", "--seed", "7").stdout
    digest, command = page_is(pages, "[...document.querySelectorAll('.simulator-end code')].map((code) => code.textContent)")
    assert f"digest {digest} ok" in said and command == "inos-sim --nodes 20 --seconds 30 --seed 7"
    wait_for("no charts", lambda: page_is(pages, "document.querySelectorAll('.plot canvas').length") == 4)
    page_is(pages, "(document.querySelector('.simulator-end .deeds button').click(), true)")
    wait_for("no report", lambda: [path for path in pathlib.Path(session.environment["HOME"]).rglob("inos-sim-*.html") if "<svg" in path.read_text()])
    seconds = page_is(pages, "document.querySelector('.plot').closest('section').textContent")
    go_to(session, "services", 4)
    go_to(session, "simulator", 7)
    wait_for("its end is forgotten", lambda: page_is(pages, "document.querySelector('.simulator-end code')?.textContent") == digest)
    assert page_is(pages, "document.querySelector('.plot').closest('section').textContent") == seconds
    assert page_is(pages, "[...document.querySelectorAll('.simulator-numbers input')].map(({ value }) => value).join()") == "20,30,7"
    session.screenshot("manager-simulator")


def test_a_simulation_goes_with_its_page_and_on_cancel(pages, session):
    go_to(session, "simulator", 7)
    for end in ("cancel", "page"):
        assert [os.getpriority(os.PRIO_PROCESS, pid) for pid in simulate_for_long(pages, session)] == [19]
        if end == "cancel":
            page_is(pages, "(document.querySelector('.simulator-progress button').click(), true)")
            wait_for("it is not cancelled", lambda: page_is(pages, "document.querySelector('.page').dataset.simulation") == "cancelled")
        else:
            for pid in web_processes(session, APP):
                os.kill(pid, signal.SIGKILL)
        wait_for("the simulator goes on", lambda: not simulators(session))
    wait_for("nothing is drawn again", lambda: colours(session, "manager-page-again") > 60, 15)


def works(session):
    """The page hears, and the node does what it says: an actor is restarted."""
    before = wait_for("no monitor", lambda: actor(session, "monitor"))
    ask(session, "actors", 2, "monitor", RESTART, "manager-again")
    agree(session, "manager-again")
    wait_for("the window does nothing any more", lambda: (row := actor(session, "monitor")) and row["id"] != before["id"])


def test_a_dead_page_comes_back_where_it_was(session):
    go_to(session, "actors", 2)
    killed = web_processes(session, APP)
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_for("no new web process", lambda: web_processes(session, APP) and not web_processes(session, APP) & killed, 10)
    wait_for("nothing is drawn again", lambda: colours(session, "manager-page-again") > 60, 15)
    assert settings(session)["page"] == "actors"
    works(session)


@pytest.mark.parametrize("name", ["node", "bridge"])
def test_the_window_heals_when_it_comes_back(session, name):
    go_to(session, "services", 4)  # which has nothing else in that colour
    pid = session.kill(name)
    wait_for(f"no new {name}", lambda: session.component(name)[:2] != ("running", pid)
             and session.component(name)[0] == "running" and all(session.has_name(n) for n in NAMES), 10)
    wait_for("not connected again", lambda: session.get(NODE, "Connected"), 10)
    wait_for("it still says that the node is away", lambda: not says_absent(session, f"manager-{name}-back"), 15)
    works(session)


def test_the_window_keeps_what_it_was(pages, session):
    go_to(session, "simulator", 7)
    runs = simulate_for_long(pages, session)
    go_to(session, "peers", 3)
    assert simulators(session) == runs
    press(session, "ctrl", "w")
    wait_for("the window stays", lambda: not windows_of(session, APP))
    wait_for("its program stays", lambda: not session.has_name(APP))
    wait_for("the simulator goes on", lambda: not simulators(session))
    session.call(APP, "/org/inos/NodeManager", "org.freedesktop.Application", "Activate", GLib.Variant("(a{sv})", ({},)), timeout=20000)
    wait_for("no window", lambda: windows_of(session, APP), 15)
    wait_for("nothing is drawn", lambda: colours(session, "manager-kept-page") > 60, 15)
    assert settings(session)["page"] == "peers"
    works(session)

"""inosctl steers a real session: windows, workspaces, outputs, inputs, settings, pictures, the lock."""

import io
import json
import os
import re
import signal
import subprocess

import pytest
from PIL import Image
from session import Session, wait_for

SETTINGS = """[rule terminals]
match-app-id=foot*
on-top=true

[idle]
dim=7200
blank=0
lock=0
suspend=0

[lock]
command=swaylock --color 203040
"""


@pytest.fixture
def session(tmp_path):
    config = tmp_path / "inos"
    config.mkdir(exist_ok=True)
    (config / "compositor.ini").write_text(SETTINGS)
    with Session(environment={"XDG_CONFIG_HOME": str(tmp_path)}) as session:
        session.settings = config / "compositor.ini"
        yield session


def refused(session, status, *argv, says=""):
    result = session.run("inosctl", *argv, check=False)
    assert result.returncode == status, (argv, result.stdout, result.stderr)
    assert says in result.stderr, (argv, result.stderr)


def only_window(session):
    return session.inosctl("windows")[0]


def test_windows(session):
    _, window = session.open_foot()
    number = str(window["Id"])
    assert only_window(session)["rules"] == ["terminals"] and only_window(session)["on_top"]
    for verb, key in (("maximize", "maximized"), ("fullscreen", "fullscreen"), ("minimize", "minimized"),
                      ("sticky", "sticky"), ("private", "private")):
        for value in ("on", "off"):
            session.run("inosctl", "window", number, verb, value)
            wait_for(f"{verb} {value}", lambda: only_window(session)[key] == (value == "on"))
    session.run("inosctl", "window", number, "resize", "500x300")
    wait_for("not resized", lambda: abs(only_window(session)["geometry"]["width"] - 500) < 30)
    session.run("inosctl", "window", number, "move", "-20,60")
    assert (only_window(session)["geometry"]["x"], only_window(session)["geometry"]["y"]) == (-20, 60)
    session.run("inosctl", "window", number, "snap", "left")
    wait_for("not snapped", lambda: only_window(session)["snapped"] == "left")
    session.run("inosctl", "window", number, "workspace", "2")
    assert only_window(session)["workspace"] == 1
    refused(session, 1, "window", number, "resize", "0x0", says="1 to 16384")
    refused(session, 1, "window", number, "snap", "nowhere", says="top-left")
    refused(session, 2, "window", number, "sticky", "perhaps", says="on|off")
    refused(session, 2, "window", number, "dance", says="no verb")
    refused(session, 4, "window", "4000", "close", says="no window '4000'")
    session.run("inosctl", "window", number, "close")
    wait_for("not closed", lambda: not session.inosctl("windows"))


def test_workspaces(session):
    session.run("inosctl", "workspace", "2", "rename", "mail")
    session.run("inosctl", "workspace", "2", "layout", "dwindle")
    session.run("inosctl", "workspace", "2", "switch")
    session.run("inosctl", "workspace", "2", "move", "1")
    first = session.inosctl("workspaces")[0]
    assert first == {"number": 1, "name": "mail", "layout": "dwindle", "windows": 0, "active": True}
    assert "*1" in session.run("inosctl", "workspaces").stdout
    refused(session, 1, "workspace", "9", "switch", says="no workspace")
    refused(session, 1, "workspace", "1", "output", "HEADLESS-1", says="per-output")
    refused(session, 2, "workspace", "0", "switch")


def test_outputs_and_profiles(session):
    name = session.inosctl("outputs")[0]["name"]
    assert session.inosctl("profiles") == []
    session.run("inosctl", "output", name, "mode", "1600x1000@75")
    session.run("inosctl", "output", name, "scale", "1.25")
    session.run("inosctl", "output", name, "transform", "180")
    session.run("inosctl", "output", name, "position", "100,50")
    output = session.inosctl("outputs")[0]
    assert (output["width"], output["height"], output["refresh_mhz"]) == (1600, 1000, 75000)
    assert (output["scale"], output["transform"], output["x"], output["y"]) == (1.25, 2, 100, 50)
    session.run("inosctl", "output", name, "power", "off")
    assert not session.inosctl("outputs")[0]["powered"]
    session.run("inosctl", "output", name, "power", "on")
    profile, = session.inosctl("profiles")
    assert profile["current"] and name in profile["monitors"][0]
    refused(session, 1, "output", name, "scale", "100", says="0.25 to 8")
    assert session.inosctl("outputs")[0]["max_render_time"] == ""
    session.run("inosctl", "output", name, "max-render-time", "4")
    assert session.inosctl("outputs")[0]["max_render_time"] == "4"
    refused(session, 1, "output", name, "max-render-time", "soon", says="1 to 100")
    refused(session, 2, "output", name, "mode", "big", says="WxH")
    refused(session, 4, "output", "DP-77", "vrr", "on", says="no output 'DP-77'")
    session.run("inosctl", "profiles", "forget", profile["id"])
    assert session.inosctl("profiles") == []
    refused(session, 4, "profiles", "forget", profile["id"], says="no such profile")
    session.run("inosctl", "profiles", "save")
    assert len(session.inosctl("profiles")) == 1


def test_inputs_and_layouts(session):
    # A keyboard that a program makes is one too while that program lives.
    assert isinstance(session.inosctl("inputs"), list)
    refused(session, 4, "input", "4000", "set", "tap-to-click", "true", says="no input '4000'")
    session.settings.write_text("[keyboard]\nlayout=us,de\n")
    wait_for("no second layout", lambda: len(session.inosctl("layout")) == 2)
    session.run("inosctl", "layout", "2")
    assert [row["active"] for row in session.inosctl("layout")] == [False, True]
    session.run("inosctl", "layout", "next")
    assert "* 1" in session.run("inosctl", "layout").stdout or "*1" in session.run("inosctl", "layout").stdout
    refused(session, 1, "layout", "3", says="no layout")


def test_settings_rules_actions(session):
    assert {"mode": "", "combination": "Super+Return", "action": "exec foot"} in session.inosctl("bindings")
    assert session.inosctl("rules") == [
        {"name": "terminals", "says": {"match-app-id": "foot*", "on-top": "true"}}]
    assert session.inosctl("rules", "test", "footclient", "any") == ["terminals"]
    assert session.inosctl("rules", "test", "other", "any") == []
    session.run("inosctl", "action", "workspace", "3")
    assert session.inosctl("workspaces")[2]["active"]
    assert {"name": "lock", "takes_argument": False} in session.inosctl("action")
    refused(session, 1, "action", "dance", says="no action 'dance'")
    assert "repeat-delay=500" in session.run("inosctl", "config", "dump").stdout
    assert session.inosctl("config")["error"] == ""
    session.settings.write_text("[keyboard]\nrepeat-rate=9999\n")
    wait_for("the mistake is not noticed", lambda: session.inosctl("config")["error_line"] == 2)
    refused(session, 1, "config", "reload", says="repeat-rate")
    assert "repeat-rate" in session.run("inosctl", "config").stdout


def test_pictures(session, tmp_path):
    _, window = session.open_foot("--override=colors.background=336699")
    number = str(window["Id"])
    geometry = only_window(session)["geometry"]
    middle = (geometry["x"] + geometry["width"] // 2, geometry["y"] + geometry["height"] // 2)

    def shot(*what):
        session.run("inosctl", "screenshot", str(tmp_path / "shot.png"), *what)
        return Image.open(tmp_path / "shot.png").convert("RGB")

    wait_for("the window is not in the picture", lambda: shot().getpixel(middle) == (0x33, 0x66, 0x99))
    name = session.inosctl("outputs")[0]["name"]
    assert shot("output", name).size == (1280, 800)
    region = ("region", f"{middle[0]},{middle[1]},40x20")
    assert shot(*region).size == (40, 20)
    # A window of the test before may be fading over it.
    wait_for("the window is not in the region", lambda: shot(*region).getpixel((5, 5)) == (0x33, 0x66, 0x99))
    assert shot("window", number).size == (geometry["width"], geometry["height"])
    session.run("inosctl", "window", number, "private", "on")
    assert shot().getpixel(middle) == (0, 0, 0) == shot("window", number).getpixel((50, 50))
    raw = subprocess.run(["inosctl", "screenshot", "-"], env=session.environment, capture_output=True).stdout
    assert Image.open(io.BytesIO(raw)).size == (1280, 800)
    refused(session, 4, "screenshot", str(tmp_path / "none.png"), "window", "4000")
    refused(session, 1, "screenshot", "/nonexistent/none.png", says="/nonexistent/none.png")
    refused(session, 2, "screenshot")
    assert sorted(os.listdir(tmp_path)) == ["inos", "shot.png"], "a part of a picture was left"


def test_lock_and_idle(session, tmp_path):
    _, window = session.open_foot("--override=colors.background=336699")
    idle = session.inosctl("idle")
    assert idle["times"] == {"dim": 7200, "blank": 0, "lock": 0, "suspend": 0}
    assert (idle["locked"], idle["inhibited"], idle["on_battery"], idle["logind_inhibited"]) == (False,) * 4
    assert idle["inhibitors"] == idle["programs"] == idle["reached"] == []
    assert "dimmed after 2 h" in session.run("inosctl", "idle").stdout
    session.run("inosctl", "idle", "activity")
    session.run("inosctl", "lock", "--wait")
    assert session.inosctl("idle")["locked"] and session.inosctl("idle")["locked_everywhere"]
    # Whoever has the bus takes no action behind the lock screen.
    refused(session, 1, "action", "workspace", "2", says="locked")
    session.run("inosctl", "lock")
    wait_for("the lock screen is not drawn",
             lambda: session.screenshot("locked").getpixel((20, 400)) == (0x20, 0x30, 0x40))

    # Nor do pictures by D-Bus show what is behind it.
    def shot(*what):
        session.run("inosctl", "screenshot", str(tmp_path / "shot.png"), *what)
        colors = Image.open(tmp_path / "shot.png").convert("RGB").getcolors(1 << 20)
        return {color for _, color in colors}

    secret = (0x33, 0x66, 0x99)
    number = str(window["Id"])
    name = session.inosctl("outputs")[0]["name"]
    assert shot("window", number) == {(0, 0, 0)}
    for what in ((), ("output", name), ("region", "0,0,400,300")):
        colors = shot(*what)
        assert (0x20, 0x30, 0x40) in colors and secret not in colors, what


def test_mirror(session):
    """A second output shows the first one's picture, and is no place for windows meanwhile"""
    first = session.inosctl("outputs")[0]["name"]
    session.run("gdbus", "call", "--session", "--dest", "org.inos.Compositor1", "--object-path", "/org/inos/Compositor1",
                "--method", "org.inos.Compositor1.AddVirtualOutput", "800", "600")
    second, = [output["name"] for output in session.inosctl("outputs") if output["name"] != first]

    def mirrors():
        return {output["name"]: output["mirror"] for output in session.inosctl("outputs")}
    assert session.screenshot("two outputs").width == 1280 + 800
    session.run("inosctl", "output", second, "mirror", first)
    assert mirrors() == {first: "", second: first}
    assert f"= {first}" in session.run("inosctl", "outputs").stdout
    assert session.screenshot("mirrored").size == (1280, 800)
    refused(session, 1, "output", first, "mirror", second, says="mirrors another one")
    session.run("inosctl", "output", second, "mirror", "none")
    assert mirrors() == {first: "", second: ""}
    assert session.screenshot("two outputs again").width == 1280 + 800
    session.run("inosctl", "output", second, "mirror", first)
    session.run("gdbus", "call", "--session", "--dest", "org.inos.Compositor1", "--object-path", "/org/inos/Compositor1",
                "--method", "org.inos.Compositor1.RemoveVirtualOutput",
                "/org/inos/Compositor1/output/" + second.replace("-", "_"))
    assert mirrors() == {first: ""}


def test_virtual_outputs_and_refresh(session):
    first = session.inosctl("outputs")[0]["name"]
    second = session.run("inosctl", "outputs", "add", "640x480").stdout.strip()
    added, = [o for o in session.inosctl("outputs") if o["name"] == second]
    assert second != first and (added["width"], added["height"], added["virtual"]) == (640, 480, True)
    session.run("inosctl", "output", second, "enabled", "off")
    wait_for("it stays on", lambda: [o["powered"] for o in session.inosctl("outputs") if o["name"] == second] == [False])
    session.run("inosctl", "output", second, "enabled", "on")
    session.run("inosctl", "outputs", "remove", second)
    assert [o["name"] for o in session.inosctl("outputs")] == [first]
    refused(session, 1, "output", first, "enabled", "off", says="last one")
    refused(session, 4, "outputs", "remove", "DP-77", says="no virtual output")
    refused(session, 1, "outputs", "add", "99999x1", says="1 to 16384")
    refused(session, 2, "outputs", "add", "large", says="WxH")
    # No monitor of these tests can; the words are those of the file.
    assert session.inosctl("outputs")[0]["vrr"] == "off"
    refused(session, 1, "output", first, "vrr", "on-demand", says="cannot follow")
    refused(session, 1, "output", first, "vrr", "sometimes", says="on-demand or content")


def test_accessibility(session):
    for name, value, is_now in (("sticky-keys", "on", True), ("mouse-keys", "on", True), ("slow-keys", "200", 200),
                                ("bounce-keys", "300", 300), ("magnifier", "150", 150), ("invert-colours", "on", True),
                                ("high-contrast-pointer", "on", True)):
        assert session.inosctl("accessibility")[name] in (False, 0, 100)
        session.run("inosctl", "accessibility", name, value)
        wait_for(name, lambda: session.inosctl("accessibility")[name] == is_now)
    assert "magnifier" in session.run("inosctl", "accessibility").stdout
    # Only until the settings are read anew; the file lasts.
    session.run("inosctl", "config", "reload")
    wait_for("it stays", lambda: session.inosctl("accessibility")["magnifier"] == 100)
    session.run("inosctl", "config", "set", "accessibility", "slow-keys", "400")
    assert session.inosctl("accessibility")["slow-keys"] == 400
    refused(session, 2, "accessibility", "magnifier", "50", says="a setting and its value")
    refused(session, 2, "accessibility", "sticky-keys", "perhaps")


def test_settings_are_changed_and_checked(session, tmp_path):
    assert session.run("inosctl", "config", "get", "keyboard", "repeat-rate").stdout == "25\n"
    session.run("inosctl", "config", "set", "keyboard", "repeat-rate", "40")
    assert session.run("inosctl", "config", "get", "keyboard", "repeat-rate").stdout == "40\n"
    assert "repeat-rate=40" in session.settings.read_text() and "[rule terminals]" in session.settings.read_text()
    session.run("inosctl", "config", "reset", "keyboard", "repeat-rate")
    assert session.run("inosctl", "config", "get", "keyboard", "repeat-rate").stdout == "25\n"
    refused(session, 1, "config", "set", "keyboard", "repeat-rate", "9999", says="0 to 200")
    assert "9999" not in session.settings.read_text()
    refused(session, 4, "config", "get", "keyboard", "colour", says="nothing is said")
    other = tmp_path / "other.ini"
    other.write_text("[bindings one]\na=overview\n[keyboard]\nrepeat-rate=30\n")
    session.run("inosctl", "config", "check", str(other))
    other.write_text("[keyboard]\nrepeat-rate=9999\n")
    refused(session, 1, "config", "check", str(other), says="[keyboard] repeat-rate")
    refused(session, 1, "config", "check", "/nonexistent", says="/nonexistent")
    assert session.inosctl("bindings", "modes") == []
    session.run("inosctl", "config", "set", "bindings resize", "a", "overview")
    assert session.inosctl("bindings", "modes") == [{"name": "resize", "active": False}]
    session.run("inosctl", "action", "mode", "resize")
    wait_for("the mode is not on", lambda: session.inosctl("bindings", "modes")[0]["active"])
    assert "*resize" in session.run("inosctl", "bindings", "modes").stdout


def test_seats(session):
    main, = session.inosctl("seats")
    assert main["main"] and main["name"] == "seat0" and isinstance(main["devices"], list)
    assert "seat0" in session.run("inosctl", "seats").stdout


def test_captures(session, tmp_path):
    """A recording is listed while it goes on, and can be stopped"""
    assert session.inosctl("captures") == []
    assert "Nobody" in session.run("inosctl", "captures").stdout
    watch = subprocess.Popen(["inosctl", "captures", "--watch", "--json"], env=session.environment, stdout=subprocess.PIPE,
                             text=True)
    assert json.loads(watch.stdout.readline()) == []
    shooting = subprocess.Popen(["sh", "-c", f"while grim {tmp_path}/picture.png; do :; done"], env=session.environment)
    shot = json.loads(watch.stdout.readline())
    assert shot[0]["program"] == "grim" and shot[0]["kind"] == "output" and "/output/" in shot[0]["path"]
    wait_for("no list", lambda: "grim" in session.run("inosctl", "captures").stdout)
    shooting.terminate()
    shooting.wait()
    wait_for("it stays", lambda: session.inosctl("captures") == [])
    watch.send_signal(signal.SIGINT)
    assert watch.wait(60) == 0
    refused(session, 4, "captures", "stop", "4000", says="nobody takes pictures")
    refused(session, 2, "captures", "stop")


def test_night_light_schedule(session):
    def file_says(*lines):
        text = session.settings.read_text()
        return all(line in text for line in lines)

    session.run("inosctl", "night-light", "schedule", "times", "21:30", "06:15")
    assert session.inosctl("night-light")["enabled"] and session.inosctl("night-light")["schedule"] == "times"
    assert file_says("enabled=true", "from=21:30", "to=06:15")
    session.run("inosctl", "night-light", "schedule", "sun", "52.5", "-13.4")
    assert session.inosctl("night-light")["schedule"] == "sun" and file_says("latitude=52.5", "longitude=-13.4")
    session.run("inosctl", "night-light", "schedule", "always")
    assert not file_says("latitude") and file_says("day=4000") and session.inosctl("night-light")["schedule"] == "times"
    session.run("inosctl", "night-light", "schedule", "times", "20:00", "07:00")
    assert not file_says("day=")
    session.run("inosctl", "night-light", "schedule", "off")
    assert not session.inosctl("night-light")["enabled"]
    refused(session, 1, "night-light", "schedule", "sun", "91", "0", says="latitude")
    refused(session, 1, "night-light", "schedule", "times", "25:00", "07:00", says="from")
    refused(session, 2, "night-light", "schedule", "dusk", says="times FROM TO")


def test_night_light(session):
    """No output of these tests has a table of colours: what is asked for is known, and shown nowhere"""
    off = {"enabled": False, "active": False, "temperature": 6500, "schedule": "times", "next_change": 0}
    assert session.inosctl("night-light") == off
    session.run("inosctl", "night-light", "show", "3000", "60")
    assert session.inosctl("night-light")["temperature"] == 3000
    session.run("inosctl", "night-light", "show", "0")
    assert session.inosctl("night-light") == off
    session.run("inosctl", "night-light", "on")
    assert session.inosctl("night-light")["enabled"] and session.inosctl("night-light")["next_change"] > 0
    session.run("inosctl", "night-light", "off")
    assert session.inosctl("night-light") == off
    refused(session, 1, "night-light", "show", "100", says="1700 to 10000")
    refused(session, 2, "night-light", "warm")


def test_inhibit(session, tmp_path):
    # While the command runs, and its exit status comes back; what follows its name is its own.
    held = tmp_path / "held"
    result = session.run("inosctl", "inhibit", "sh", "-c", f"inosctl idle --json >{held}; exit 7", check=False)
    assert result.returncode == 7, result.stderr
    inside = json.loads(held.read_text())
    assert inside["inhibited"] and inside["programs"][0]["application"] == "inosctl"
    assert inside["programs"][0]["reason"].startswith("sh -c inosctl idle --json")
    wait_for("it outlives the command", lambda: not session.inosctl("idle")["inhibited"])
    assert session.run("inosctl", "inhibit", "sh", "-c", "kill -9 $$", check=False).returncode == 128 + 9
    refused(session, 1, "inhibit", "/nonexistent/program", says="/nonexistent/program")
    refused(session, 2, "inhibit", "--fs", says="--fs")
    # Without a command until it is told to end.
    child = subprocess.Popen(["inosctl", "inhibit", "--reason", "a talk"], env=session.environment)
    wait_for("it does not hold", lambda: session.inosctl("idle")["inhibited"])
    assert session.inosctl("idle")["programs"] == [{"application": "inosctl", "reason": "a talk"}]
    assert "Kept awake by inosctl: a talk" in session.run("inosctl", "idle").stdout
    child.send_signal(signal.SIGINT)
    assert child.wait(60) == 0
    wait_for("it holds on", lambda: not session.inosctl("idle")["inhibited"])


def test_watch(session):
    child = subprocess.Popen(["inosctl", "watch", "--json"], env=session.environment, stdout=subprocess.PIPE,
                             text=True)
    # It says nothing before it listens: change something until it does.
    lines = []
    os.set_blocking(child.stdout.fileno(), False)

    def seen(change, name, value):
        def look():
            change()
            lines.extend(json.loads(line) for line in child.stdout)
            return any(row["name"] == name and row["value"] == value for row in lines)
        wait_for(lambda: f"no {name} in {lines}", look)

    numbers = iter(range(10000))
    seen(lambda: session.run("inosctl", "workspace", str(next(numbers) % 2 + 1), "switch"), "ActiveWorkspace", 1)
    foot, window = session.open_foot()
    seen(lambda: None, "FocusedWindow", f"/org/inos/Compositor1/window/{window['Id']}")
    session.run("inosctl", "window", str(window["Id"]), "sticky", "on")
    seen(lambda: None, "Sticky", True)
    assert any(row["name"] == "InterfacesAdded" for row in lines)
    # Something of each kind of thing.
    output = session.inosctl("outputs")[0]["name"]
    seen(lambda: session.run("inosctl", "output", output, "power", "off"), "Powered", False)
    seen(lambda: session.run("inosctl", "output", output, "power", "on"), "Powered", True)
    seen(lambda: session.run("inosctl", "accessibility", "slow-keys", "210"), "SlowKeys", 210)
    session.run("inosctl", "config", "set", "bindings", "Super+F9", "overview")
    session.run("inosctl", "config", "set", "rule watched", "match-app-id", "watched")
    session.run("inosctl", "inhibit", "true")

    def unsaid(*names):
        lines.extend(json.loads(line) for line in child.stdout)
        return set(names) - {row["name"] for row in lines}

    def copied():
        session.run("grim", "-g", "0,0 8x8", "/dev/null")
        return not unsaid("Captures")
    wait_for("nothing is said of pictures", copied)
    session.run("inosctl", "lock", "--wait")
    rest = ("Bindings", "Rules", "IdleInhibited", "Programs", "Locked")
    wait_for(lambda: f"nothing is said of {unsaid(*rest)}", lambda: not unsaid(*rest))
    child.send_signal(signal.SIGINT)
    assert child.wait(60) == 0
    foot.terminate()
    foot.wait()


def test_mesh(session):
    status = session.inosctl("mesh", "status")
    assert status["peer-id"].startswith("12D3KooW") and status["addresses"]
    assert session.inosctl("mesh", "peers") == {"peers": []}
    refused(session, 1, "mesh", "ping", "nobody", says="no peer id")


def test_every_command_is_tried():
    """A command that is added must be added here too."""
    text = open(__file__, encoding="utf-8").read()
    listed = subprocess.run(["inosctl", "--list-commands"], capture_output=True, text=True, check=True).stdout
    others = {"actors", "brightness", "clipboard", "close", "files", "focus", "keyboard", "launch", "logout", "logs", "media",
              "notifications", "permissions", "processes", "resources", "restart", "session", "sounds", "status", "toggle",
              "tray", "volume", "welcome"}
    for name in {line.split()[0] for line in listed.splitlines()} - others:
        assert re.search(rf'"{name}"', text), name


def test_a_window_can_be_made_urgent(session):
    session.open_foot(title="behind")
    session.open_foot(title="front")
    behind, front = (next(w["id"] for w in session.inosctl("windows") if w["title"] == title)
                     for title in ("behind", "front"))

    def is_urgent(number):
        return next(w["urgent"] for w in session.inosctl("windows") if w["id"] == number)

    session.run("inosctl", "window", str(behind), "urgent", "on")
    wait_for("it is not urgent", lambda: is_urgent(behind))
    session.run("inosctl", "window", str(behind), "urgent", "off")
    wait_for("it stays urgent", lambda: not is_urgent(behind))
    # The one that has the keyboard has attention already.
    session.run("inosctl", "window", str(front), "urgent", "on")
    assert not is_urgent(front)

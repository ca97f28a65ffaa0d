"""Screen sharing, as a sandboxed program asks for it: xdg-desktop-portal, its wlr half, PipeWire."""

import os
import pathlib
import subprocess

from clients import program
from gi.repository import GLib
from PIL import Image
from session import wait_for

BUILT = pathlib.Path(__file__).parents[2] / "build" / os.environ.get("INOS_BUILD", "debug")
WLR = "org.freedesktop.impl.portal.desktop.wlr"
PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
          "org.freedesktop.portal.ScreenCast")


class Requests:
    """Asks the portal, and waits for what comes of it."""

    def __init__(self, session):
        self.session, self.results, self.count = session, {}, 0
        session.bus.signal_subscribe(None, "org.freedesktop.portal.Request", "Response", None, None,
                                     0, self.on_response)

    def on_response(self, _connection, _sender, path, _interface, _signal, parameters):
        self.results[path] = parameters.unpack()

    def ask(self, method, signature, *arguments, **options):
        self.count += 1
        options["handle_token"] = GLib.Variant("s", f"inos{self.count}")
        path = self.session.call(*PORTAL, method,
                                 GLib.Variant(signature, (*arguments, options)))[0]

        def answered():
            GLib.MainContext.default().iteration(False)
            return self.results.get(path)

        return wait_for(f"the portal does not answer {method}", answered, 10)


def without_gpu(session):
    """xdg-desktop-portal-wlr 0.7 begins only where a format for graphics buffers is named, also for buffers in memory: where
    the compositor has none to name, cast_module.c says one to it. On a machine without a GPU that has a screen
    there is one (tests/login/test_cast.py)."""
    if "zwp_linux_dmabuf_v1" in session.run("wayland-info").stdout:
        return {}
    return {"LD_PRELOAD": str(BUILT / "tests/e2e/libinos-cast.so")}


def test_the_screen_can_be_shared(session, tmp_path):
    settings = session.folder / "config" / "xdg-desktop-portal-wlr"
    settings.mkdir(parents=True)
    # Nobody is there to choose.
    name = list(session.managed("Output").values())[0]["Name"]
    (settings / "config").write_text(f"[screencast]\nchooser_type=none\noutput_name={name}\n")
    with program(session, "pipewire") as pipewire, program(session, "wireplumber") as manager:
        wait_for("no PipeWire", (session.folder / "run" / "pipewire-0").exists)
        # PipeWire's programs ask the portals for a better place in line as soon as they run, and the bus starts those that it
        # knows. Ours replace them: of two halves, one that was not told what without_gpu() tells would never begin.
        with program(session, "/usr/libexec/xdg-desktop-portal-wlr", "-r", "-l", "INFO", environment=without_gpu(session)) as half:
            wait_for(lambda: f"no wlr portal: {half.said()}", lambda: owner(session, WLR) == half.pid, 20)
            with program(session, "/usr/libexec/xdg-desktop-portal", "-r") as running:
                wait_for(lambda: f"no portal: {running.said()}", lambda: owner(session, PORTAL[0]) == running.pid, 20)
                try:
                    share_screen(session, tmp_path)
                except (AssertionError, subprocess.TimeoutExpired) as error:
                    said = {each.args[0]: f"{each.said()[:3000]} … {each.said()[-500:]}" for each in (pipewire, manager, half, running)}
                    raise AssertionError("\n".join([str(error), *(f"{name} said: {text}" for name, text in said.items())])) from error


def owner(session, name):
    """The process that has a name, or None."""
    try:
        return session.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                            GLib.Variant("(s)", (name,)))[0]
    except GLib.Error:
        return None


def share_screen(session, tmp_path):
    def offered():
        try:
            return session.get(*PORTAL[:1], "AvailableSourceTypes", *PORTAL[1:]) & 1
        except GLib.Error:
            return False

    wait_for("the portal shares no screens: inos-portals.conf names who does", offered, 10)
    portal = Requests(session)
    code, results = portal.ask("CreateSession", "(a{sv})",
                               session_handle_token=GLib.Variant("s", "cast"))
    assert code == 0
    handle = results["session_handle"]
    code, _ = portal.ask("SelectSources", "(oa{sv})", handle, types=GLib.Variant("u", 1))
    assert code == 0
    code, results = portal.ask("Start", "(osa{sv})", handle, "")
    assert code == 0
    film = Film(session, results["streams"][0][0], tmp_path)
    # A picture comes when something has changed: its first line does, always.
    _, window = session.open_foot("--override=colors.background=336699", "sh", "-c",
                                  r"while :; do printf '\r%s' $(date +%N); sleep 0.1; done")
    place = window["Geometry"]
    middle = place[0] + place[2] // 2, place[1] + place[3] // 2
    assert film.picture().size == (1280, 800)
    wait_for("the window is not in the film", lambda: film.picture().getpixel(middle) == (0x33, 0x66, 0x99), 20)
    session.on_window(window["Id"], "SetPrivate", True)
    wait_for("the film shows what is private", lambda: film.picture().getpixel(middle) == (0, 0, 0), 20)


class Film:
    """What a program sees that films the screen, a picture at a time."""

    def __init__(self, session, node, folder):
        self.session, self.node, self.folder = session, node, folder

    def picture(self):
        wait_for("there is no picture", self.is_taken, 20)
        return Image.open(self.folder / "cast1.png").convert("RGB")

    def is_taken(self):
        """On a busy machine xdg-desktop-portal-wlr may have handed out all its buffers before PipeWire begins to take any ("out of
        buffers" in what it says), and then waits for ever: whoever looks on begins again."""
        try:
            return self.session.run("gst-launch-1.0", "-q", "pipewiresrc", f"path={self.node}", "num-buffers=2", "!", "videoconvert",
                                    "!", "pngenc", "!", "multifilesink", f"location={self.folder}/cast%d.png", timeout=3)
        except subprocess.TimeoutExpired:
            return None

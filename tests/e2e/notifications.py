"""What the tests of notifications share: a program that notifies, and what it is told."""

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402
from PIL import Image  # noqa: E402
from pictures import apart, settled  # noqa: E402
from session import wait_for  # noqa: E402

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
SHELL, SHELL_PATH = "org.inos.Shell1", "/org/inos/Shell1"
OURS = "org.inos.Shell1.Notifications"
# Where they pop up on 1280x800: the card of the first one at least.
CARD = (892, 40, 1272, 100)


class Client:
    """A program on the bus, with a connection of its own."""

    def __init__(self, session):
        self.session = session
        self.bus = Gio.DBusConnection.new_for_address_sync(
            session.environment["DBUS_SESSION_BUS_ADDRESS"],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION,
            None, None)
        self.heard = []
        self.bus.signal_subscribe(None, NAME, None, PATH, None, Gio.DBusSignalFlags.NONE,
                                  lambda *event: self.heard.append((event[4], *event[5].unpack())))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.bus.is_closed():
            self.bus.close_sync(None)

    def arguments(self, summary, body="", app="Test", replaces=0, icon="", actions=(), hints=None, timeout=-1):
        return GLib.Variant("(susssasa{sv}i)", (app, replaces, icon, summary, body, list(actions), hints or {}, timeout))

    def notify(self, *arguments, **named):
        return self.bus.call_sync(NAME, PATH, NAME, "Notify", self.arguments(*arguments, **named), None,
                                  Gio.DBusCallFlags.NONE, 20000, None).unpack()[0]

    def close(self, number):
        self.bus.call_sync(NAME, PATH, NAME, "CloseNotification", GLib.Variant("(u)", (number,)), None,
                           Gio.DBusCallFlags.NONE, 20000, None)

    def told(self):
        """What came so far: (signal, id, …)."""
        context = GLib.MainContext.default()
        while context.iteration(False):
            pass
        return list(self.heard)

    def wait_told(self, *wanted):
        wait_for(lambda: f"not told {wanted} but {self.told()}", lambda: wanted in self.told(), 10)


def rows(session):
    """{id: (time, app, entry, summary, body, urgency, state, progress, actions)}"""
    return {row[0]: row[1:] for row in session.call(SHELL, SHELL_PATH, OURS, "List")[0]}


def state(session, number):
    found = rows(session).get(number)
    return found and found[6]


def ours(session, name):
    return session.get(SHELL, name, interface=OURS)


def set_ours(session, name, value):
    session.call(SHELL, SHELL_PATH, "org.freedesktop.DBus.Properties", "Set", GLib.Variant("(ssv)", (OURS, name, value)))


def do(session, method, signature="()", *arguments):
    return session.call(SHELL, SHELL_PATH, OURS, method, GLib.Variant(signature, arguments))


def clear(session):
    for number in rows(session):
        try:
            do(session, "Dismiss", "(u)", number)
        except GLib.Error:
            pass  # it went by itself
    wait_for("they do not go", lambda: not rows(session))


def pops_up(session, before, box=CARD, name="popup"):
    """Something is in the corner that was not there before, and has come to rest; a picture of it."""
    return settled(session, name, box, lambda image: differing(before, image, box) > 3000)


def differing(a, b, box):
    """How many pixels are others, be it ever so little."""
    return sum(apart(a.crop(box), b.crop(box)).histogram()[9:])


def has_text(image, box=CARD):
    """Letters stand on the card: one colour has much of it, and some pixels are far from that."""
    part = image.crop(box)
    n, ground = max(part.getcolors(1_000_000))
    ink = sum(apart(part, Image.new("RGB", part.size, ground)).histogram()[61:])
    return n > 0.3 * part.width * part.height and ink > 200


def is_gone(session, before, box=CARD):
    wait_for("it stays", lambda: differing(before, session.screenshot("popup-gone"), box) < 300, 20)


def kill_shell(session):
    """Returns when there is another one that has the notifications."""
    pid = session.kill("shell")
    wait_for("no new shell", lambda: session.component("shell")[:2] != ("running", pid)
             and session.component("shell")[0] == "running" and session.has_name(NAME), 10)

"""How notifications look: light and dark, in Arabic, long, many, none; kept as pictures to be looked at."""


import pytest
from gi.repository import GLib
from notifications import SHELL, Client, clear, has_text, ours, rows
from session import Session, wait_for

LOREM = ("A body that goes on for longer than there is room, so that it ends in the middle: " * 6)
HEAD = (900, 44, 1264, 150)


def fill(client, arabic=False):
    """What a day brings."""
    red = GLib.Variant("(iiibiiay)", (64, 64, 192, False, 8, 3, [190, 60, 50] * 64 * 64))
    client.notify("تم حفظ الملف" if arabic else "Backup finished",
                  "٣ ملفات جديدة في <b>الوثائق</b>" if arabic else "312 files in <b>Documents</b>, 4.2 GB",
                  app="نسخ" if arabic else "Backup", icon="drive-harddisk", hints={"value": GLib.Variant("i", 70)})
    client.notify("أحمد" if arabic else "Ada", "هل نلتقي الساعة الخامسة؟" if arabic else
                  'Shall we meet at five? See <a href="https://example.org/">the plan</a>.',
                  app="رسائل" if arabic else "Messages",
                  actions=["default", "", "inline-reply", "رد" if arabic else "Reply", "later", "لاحقا" if arabic else "Later"],
                  hints={"image-data": red}, timeout=0)
    client.notify("البطارية ضعيفة" if arabic else "Battery is low", "5 %",
                  app="الطاقة" if arabic else "Power", icon="battery", hints={"urgency": GLib.Variant("y", 2)})


def look(session, name, arabic=False, scale=1):
    """Pictures of what pops up and of the history."""
    wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2])
    wait_for("another program has them", lambda: ours(session, "Active"))
    corner = tuple(int(scale * side) for side in ((8, 44, 372, 150) if arabic else HEAD))
    card = tuple(int(scale * side) for side in ((20, 500, 380, 670) if arabic else (880, 500, 1260, 670)))
    wait_for("something is there before", lambda: not has_text(session.screenshot("before-popup"), corner), 10)
    with Client(session) as client:
        fill(client, arabic)
        wait_for("there are no letters", lambda: has_text(session.screenshot(f"notifications-{name}-popup"), corner), 10)
        client.notify(LOREM, LOREM, app="A program with a long name that goes on", hints={"urgency": GLib.Variant("y", 0)})
        client.notify("A" * 200, "B" * 3000, app="Unbroken")
        session.run("wtype", "-M", "logo", "-k", "n", "-m", "logo")
        wait_for("no history", lambda: session.overlay() == "notifications")
        wait_for("it has no letters", lambda: has_text(session.screenshot(f"notifications-{name}-history"), card))
        assert len(rows(session)) == 5
        session.run("wtype", "-k", "Escape")
        wait_for("it stays", lambda: session.overlay() == "")
        clear(session)
        wait_for("they stay", lambda: not has_text(session.screenshot("before-popup"), corner))


def prefer_dark(session):
    session.run("gsettings", "set", "org.gnome.desktop.interface", "color-scheme", "prefer-dark")
    wait_for("it stays light", lambda: max(session.screenshot("before-popup").getpixel((600, 300))) < 100)


def test_light_and_dark():
    with Session() as session:
        look(session, "light")
        prefer_dark(session)
        look(session, "dark")
        session.run("wtype", "-M", "logo", "-k", "n", "-m", "logo")
        wait_for("no history", lambda: session.overlay() == "notifications")
        wait_for("it has no letters", lambda: has_text(session.screenshot("notifications-empty"), (880, 200, 1260, 500)))


def test_arabic(locales):
    environment = {"LOCPATH": str(locales), "LC_ALL": "ar_EG.UTF-8", "LANGUAGE": ""}
    with Session(environment=environment) as session:
        look(session, "arabic", arabic=True)


@pytest.mark.parametrize("scale", [1.5])
def test_dense(scale):
    with Session(size="1920x1080") as session:
        path = next(iter(session.managed("Output")))
        session.call("org.inos.Compositor1", path, "org.inos.Compositor1.Output", "SetScale", GLib.Variant("(d)", (scale,)))
        look(session, "dense", scale=scale)

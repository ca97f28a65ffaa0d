"""What the keys do, on the screen: all bindings that hold, searched by typing."""

import pytest
from pictures import changed, difference, settled
from players import SHELL
from session import wait_for

pytestmark = pytest.mark.sanitized

CARD = (210, 72, 1070, 712)


def open_sheet(session, *keys):
    before = settled(session, "shortcuts-light", CARD)
    session.run("wtype", *keys)
    wait_for("the keys open nothing", lambda: session.overlay() == "shortcuts", 10)
    return changed(session, "shortcuts-light", before, CARD, 20000)


def test_opens_finds_and_closes(session):
    wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2], 20)
    all_ = open_sheet(session, "-M", "logo", "-k", "F1", "-m", "logo")
    session.run("wtype", "-d", "20", "volume")
    found = changed(session, "shortcuts-found", all_, CARD, 10000)
    session.run("wtype", "-d", "20", " nowhere")
    wait_for("what does not fit stays", lambda: difference(found, session.screenshot("shortcuts-none"), CARD) > 1000, 10)
    session.run("wtype", "-k", "Escape")
    wait_for("Escape does not close it", lambda: session.overlay() == "", 10)


def test_shows_what_holds_now(session):
    before = open_sheet(session, "-M", "logo", "-M", "shift", "-k", "question", "-m", "shift", "-m", "logo")
    session.run("wtype", "-k", "Escape")
    wait_for("Escape does not close it", lambda: session.overlay() == "", 10)
    session.configure("[bindings]\nSuper+F3 = exec " + "x" * 300 + "\nSuper+F4 = exec \u202eevil <b>\n")
    after = open_sheet(session, "-M", "logo", "-k", "F1", "-m", "logo")
    assert difference(before, after, CARD) > 500, "a new binding is not shown"
    session.toggle("shortcuts")
    wait_for("it stays open", lambda: session.overlay() == "", 10)

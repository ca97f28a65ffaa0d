"""Programs that notify too much, too large and wrongly: what they do stays within bounds, and others do not feel it."""

import pytest
from gi.repository import Gio, GLib
from notifications import NAME, OURS, PATH, SHELL, SHELL_PATH, Client, clear, ours, rows, state
from session import pss, wait_for

pytestmark = pytest.mark.sanitized


@pytest.fixture(scope="module", autouse=True)
def settled(session):
    wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2])
    wait_for("another program has them", lambda: ours(session, "Active"))


@pytest.fixture
def client(session):
    with Client(session) as client:
        yield client
    clear(session)
    session.survived("shell")


def test_large_and_nested_text(session, client):
    number = client.notify("s" * 1_000_000, "<b>" * 300_000 + "x" * 100_000, app="a" * 100_000)
    row = rows(session)[number]
    assert len(row[1]) <= 128 and len(row[3]) <= 256 and len(row[4]) <= 4096
    tags = client.notify("Tags", "<script>alert(1)</script><img src='http://x/'/><a href='javascript:x'>y</a>")
    assert rows(session)[tags][4] == "<script>alert(1)</script>y"
    turned = client.notify("\u202egpj.exe", "a\u2066b\x07c")
    assert rows(session)[turned][3:5] == ("gpj.exe", "abc")


def test_ten_thousand_at_once(session, client):
    refused, given = [], []

    def on_answer(bus, result):
        try:
            given.append(bus.call_finish(result).unpack()[0])
        except GLib.Error as error:
            refused.append(Gio.DBusError.get_remote_error(error))

    for i in range(10_000):
        client.bus.call(NAME, PATH, NAME, "Notify", client.arguments(f"spam {i}"), None, Gio.DBusCallFlags.NONE, -1,
                        None, on_answer)
    with Client(session) as other:
        mine = other.notify("Mine", app="Other")
        assert state(session, mine) in ("shown", "kept")

        def all_answered():
            client.told()
            return len(given) + len(refused) == 10_000

        wait_for("not all are answered", all_answered, 60)
        assert set(refused) == {f"{NAME}.Error.ExcessNotificationGeneration"}
        assert len(refused) > 5000, len(refused)
        assert mine in rows(session), "who sent one lost it"
    assert len(rows(session)) <= 51
    assert session.log("shell").count("notifications a second") == 1
    journal = session.folder / "state" / "inos" / "notifications.journal"
    assert journal.stat().st_size < 3 * 1024 * 1024


def test_pictures_that_lie(session, client):
    before = pss(session.component("shell")[1])
    lies = [
        ("(iiibiiay)", (32768, 32768, 131072, True, 8, 4, [0] * 16)),
        ("(iiibiiay)", (2147483647, 2147483647, 2147483647, True, 8, 4, [0] * 16)),
        ("(iiibiiay)", (-1, -1, -1, True, 8, 4, [])),
        ("(ii)", (1, 2)),
        ("s", "no picture"),
    ]
    for kind, value in lies:
        client.notify("lie", hints={"image-data": GLib.Variant(kind, value)})
    for path in ("/dev/zero", "file:///dev/random", "/etc/passwd", "../../x", "file://%zz"):
        client.notify("lie", icon=path, hints={"image-path": GLib.Variant("s", path)})
    good = GLib.Variant("(iiibiiay)", (64, 64, 192, False, 8, 3, [200, 40, 40] * 64 * 64))
    client.notify("good", hints={"image-data": good})
    pictures = session.folder / "state" / "inos" / "notifications"
    wait_for("there is no picture of the good one", lambda: pictures.exists() and len(list(pictures.iterdir())) == 1)
    assert pss(session.component("shell")[1]) < before + 200_000
    clear(session)
    wait_for("its picture stays", lambda: not list(pictures.iterdir()))


def test_hints_of_wrong_types(session, client):
    hints = {
        "urgency": GLib.Variant("s", "high"),
        "value": GLib.Variant("as", ["x"]),
        "desktop-entry": GLib.Variant("i", 7),
        "resident": GLib.Variant("a{sv}", {}),
        "x-canonical-private-synchronous": GLib.Variant("v", GLib.Variant("s", "x")),
    }
    number = client.notify("wrong", actions=["odd"], hints=hints)
    assert rows(session)[number][2] == "" and rows(session)[number][5] == 1
    with pytest.raises(GLib.Error):
        session.call(NAME, PATH, NAME, "Notify", GLib.Variant("(s)", ("x",)))
    with pytest.raises(GLib.Error):
        session.call(SHELL, SHELL_PATH, OURS, "Dismiss", GLib.Variant("(u)", (4_000_000,)))


def test_three_hundred_programs(session):
    clients = [Client(session) for _ in range(60)]
    try:
        for i, each in enumerate(clients * 5):
            each.notify(f"{i}", app=f"app {i}")
        assert len(rows(session)) <= 200
    finally:
        for each in clients:
            each.bus.close_sync(None)
    clear(session)

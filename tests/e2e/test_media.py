"""Players: what they play is shown and can be steered by keys, by the quick settings and by inosctl."""

import contextlib
import os
import signal

import pytest
from PIL import Image
from pictures import changed, difference, settled
from players import SHELL, Player, current, listed
from pointer import Pointer
from session import SLOW, pss, wait_for

pytestmark = pytest.mark.sanitized

CARD = (892, 40, 1272, 760)


@pytest.fixture(scope="module", autouse=True)
def settled_session(session):
    wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2], 20)


@pytest.fixture(autouse=True)
def clean(session):
    yield
    session.close_overlay()
    wait_for("players stay", lambda: not listed(session), 10)
    session.survived("shell")


def key(session, *names):
    for name in names:
        session.run("wtype", "-k", name)


def open_quick(session, name):
    before = settled(session, name, CARD)
    session.run("wtype", "-M", "logo", "-k", "s", "-m", "logo")
    wait_for("Super+S opens nothing", lambda: session.overlay() == "quick", 10)
    return changed(session, name, before, CARD, 4000)


def wait_listed(session, name, **wanted):
    def fits():
        row = listed(session).get(name)
        return row if row and all(row[key] == value for key, value in wanted.items()) else None

    return wait_for(lambda: f"not {wanted} but {listed(session)}", fits, 15)


def test_keys_go_to_the_one_that_played_last(session):
    with Player(session, "first") as first, Player(session, "second") as second:
        first.play("One")
        wait_listed(session, "first", title="One", artist="Singer", state="playing")
        second.play("Two")
        wait_listed(session, "second", title="Two", state="playing")
        assert current(session) == "second"
        key(session, "XF86AudioNext", "XF86AudioPrev")
        second.wait_asked("Next")
        second.wait_asked("Previous")
        key(session, "XF86AudioPlay")
        second.wait_asked("PlayPause")
        # What still plays comes before what played last.
        wait_for("the key is still the other's", lambda: current(session) == "first", 10)
        key(session, "XF86AudioPause")
        first.wait_asked("Pause")
        wait_listed(session, "first", state="paused")
        assert current(session) == "second", "it began last"
        second.end()
        wait_for("keys go to nobody", lambda: current(session) == "first", 10)
        key(session, "XF86AudioStop")
        first.wait_asked("Stop")
        assert not [call for call in first.asked if call[0] in ("Next", "Previous", "PlayPause")]


def test_keys_work_on_the_lock_screen(session):
    with Player(session, "radio") as radio:
        radio.play("News")
        wait_listed(session, "radio", state="playing")
        assert session.run("inosctl", "action", "media-pause").returncode == 0
        radio.wait_asked("Pause")


def test_inosctl(session):
    result = session.run("inosctl", "media", "next", check=False)
    assert result.returncode == 4 and "plays" in result.stderr
    assert session.inosctl("media") == {"players": []}
    with Player(session, "radio") as radio:
        radio.play("News")
        row = wait_listed(session, "radio", title="News", length=200_000_000)
        assert set(row["can"]) == {"next", "pause", "play", "previous", "raise", "seek", "stop"}
        assert "News" in session.run("inosctl", "media").stdout
        for word, call in (("next", "Next"), ("previous", "Previous"), ("raise", "Raise"), ("pause", "Pause")):
            session.run("inosctl", "media", word)
            radio.wait_asked(call)
        session.run("inosctl", "media", "play-pause", str(row["id"]))
        radio.wait_asked("PlayPause")
        wait_listed(session, "radio", state="playing")
        session.run("inosctl", "media", "seek", "90")
        radio.wait_asked("SetPosition", "/track/1", 90_000_000)
        wait_for("it is not there", lambda: listed(session)["radio"]["position"] >= 90_000_000, 10)
        session.run("inosctl", "media", "seek", "-3600")
        radio.wait_asked("SetPosition", "/track/1", 0)
        assert session.run("inosctl", "media", "next", "4000000000", check=False).returncode == 4
        radio.set(CanGoNext=False, CanSeek=False)
        wait_for("it can still go on", lambda: "next" not in listed(session)["radio"]["can"], 10)
        result = session.run("inosctl", "media", "next", check=False)
        assert result.returncode == 1 and "radio" in result.stderr
        assert session.run("inosctl", "media", "seek", "5", check=False).returncode == 1


def test_quick_settings_show_and_steer(session, tmp_path):
    picture = tmp_path / "cover art.png"
    Image.linear_gradient("L").resize((300, 300)).convert("RGB").save(picture)
    with Player(session, "radio") as radio:
        radio.play("A song of some length", "Somebody & Friends")
        wait_listed(session, "radio", state="playing")
        radio.set(PlaybackStatus="Paused", Position=61_000_000)
        without = open_quick(session, "media-plain")
        radio.play("A song of some length", "Somebody & Friends", **{"mpris:artUrl": picture.as_uri()})
        radio.set(PlaybackStatus="Paused")
        wait_for("its picture is not shown", lambda: difference(without, session.screenshot("media-light"), CARD) > 800, 10)
        settled(session, "media-light", CARD)
        # The last that can be pressed are previous, play, next and the place.
        session.run("wtype", "-M", "shift", "-k", "Tab", "-m", "shift")
        for _ in range(3):
            session.run("wtype", "-M", "shift", "-k", "Tab", "-m", "shift")
        return_to = len(radio.asked)
        key(session, "Return")
        wait_for(lambda: f"nothing was pressed: {radio.asked}", lambda: len(radio.asked) > return_to, 10)


def test_pointer_presses_play_and_title(session):
    with Player(session, "radio") as radio:
        radio.play("Song")
        wait_listed(session, "radio", state="playing")
        radio.set(PlaybackStatus="Paused")
        wait_listed(session, "radio", state="paused")
        open_quick(session, "media-pointer")
        with Pointer(session) as pointer:
            bottom = card_bottom(session)
            pointer.click(1196, bottom - 70)
            radio.wait_asked("PlayPause")
            pointer.click(1000, bottom - 70)
            radio.wait_asked("Raise")
            wait_for("it stays open over the player", lambda: session.overlay() == "", 10)


def card_bottom(session):
    """Where the card ends, by its colour at its edge."""
    image = session.screenshot("media-pointer")
    ground = image.getpixel((900, 60))
    y = 60
    while y < 799 and max(abs(a - b) for a, b in zip(image.getpixel((897, y + 1)), ground)) < 6:
        y += 1
    return y


HOSTILE = {"xesam:title": "\u202egnos <script>alert(1)</script> " + "t" * 1_000_000, "xesam:artist": ["a" * 1000] * 1000,
           "xesam:album": "\u0301" * 100_000, "mpris:length": 9_223_372_036_854_775_807, "mpris:trackid": "/",
           "mpris:artUrl": "http://127.0.0.1:9/x.png"}


def test_hostile_metadata(session, tmp_path):
    with Player(session, "bad") as bad:
        bad.set(PlaybackStatus="Playing", Metadata=HOSTILE, Identity="<b>" + "n" * 100_000, Position=-5)
        wait_for("it is not shown", lambda: any(row["title"] for row in listed(session).values()), 15)
        row = next(iter(listed(session).values()))
        assert len(row["title"].encode()) <= 300 and row["title"].startswith("gnos <script>")
        assert len(row["artist"].encode()) <= 300 and len(row["album"].encode()) <= 300
        assert 0 <= row["length"] <= 365 * 86_400_000_000 and row["position"] >= 0
        open_quick(session, "media-hostile")
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        huge = tmp_path / "huge.png"
        huge.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x06\x00\x00\x00" + b"x" * 99)
        for uri in (pipe.as_uri(), huge.as_uri(), "file://other/etc/passwd", "file:///dev/zero", "file:///proc/self/mem"):
            bad.play(uri[:40], **{"mpris:artUrl": uri})
            wait_for("it is not read", lambda: any(row["title"] == uri[:40] for row in listed(session).values()), 15)
        session.close_overlay()
        with Player(session, "good") as good:
            good.play("Mine")
            wait_listed(session, "good", title="Mine")


def test_one_that_changes_ten_thousand_times(session):
    with Player(session, "bad") as bad, Player(session, "good") as good:
        bad.play("x")
        wait_listed(session, "bad", title="x")
        before = pss(session.component("shell")[1])
        bad.set(PlaybackStatus="Playing", Metadata={"xesam:title": "y" * 10_000}, times=10_000)
        good.play("Mine")
        wait_listed(session, "good", title="Mine")
        wait_for("what it said last is not shown", lambda: listed(session)["bad"]["title"].startswith("yy"), 15)
        assert pss(session.component("shell")[1]) < before + 40_000 * SLOW
        # It is listened to again.
        bad.set(PlaybackStatus="Paused")
        wait_listed(session, "bad", state="paused")


def test_endless_players(session):
    with Player(session, "many") as many, contextlib.ExitStack() as stack:
        # However many names it has, a connection is one player.
        many.set(own=[f"org.mpris.MediaPlayer2.many{number}" for number in range(200)])
        many.play("One")
        wait_listed(session, "many", title="One")
        assert len(listed(session)) == 1
        others = [stack.enter_context(Player(session, f"other{number}")) for number in range(17)]
        wait_for("they do not come", lambda: len(listed(session)) == 16, 15)
        others.pop(0).end()
        others.pop(0).end()
        wait_for("those left out do not come", lambda: "other16" in listed(session), 20)


def test_player_that_hangs_hangs_nobody(session):
    with Player(session, "stuck") as stuck, Player(session, "good") as good:
        stuck.play("Song")
        wait_listed(session, "stuck", state="playing")
        os.kill(stuck.process.pid, signal.SIGSTOP)
        number = str(listed(session)["stuck"]["id"])
        result = session.run("inosctl", "media", "pause", number, check=False)
        assert result.returncode == 1 and "stuck" in result.stderr, result.stderr
        good.play("Mine")
        wait_listed(session, "good", title="Mine")
        os.kill(stuck.process.pid, signal.SIGCONT)

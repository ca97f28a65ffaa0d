"""Quick settings, keys for sound and brightness, and what is shown of them. The services of the machine
are mocks (machine.py says why); the server of sounds is a real one."""

import contextlib
import json
import os
import pathlib
import re
import signal
import time

import pytest
from gi.repository import Gio, GLib
from machine import BLUEZ, LOGIND, MOCK, NM, PROFILES, UPOWER, WIFI, Machine
from pictures import changed, difference, settled
from pointer import Pointer
from session import PATIENCE, Session, soon, wait_for

pytestmark = pytest.mark.sanitized

SHELL, PATH, CONTROLS = "org.inos.Shell1", "/org/inos/Shell1", "org.inos.Shell1.Controls"
OSD = (440, 660, 840, 740)
CARD = (892, 40, 1272, 700)


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    with Machine(tmp_path_factory.mktemp("machine")) as machine:
        for name in (LOGIND, NM, BLUEZ, UPOWER, PROFILES):
            machine.serve(name)
        machine.brightness = machine.add_light(700)
        machine.add_wifi()
        machine.add_network(1, "Attic", 88)
        machine.add_network(2, "Café", 40, 0)
        machine.add_bluetooth()
        machine.add_battery()
        session = machine.begin()
        wait_for("the panel shows no figures", lambda: session.get(SHELL, "PanelFigures")[2], 20)
        machine.play(session, "module-null-sink sink_name=two sink_properties=device.description=Television",
                     "module-virtual-source source_name=ear master=one.monitor")
        # All that has a row: keys count rows.
        wait_for("the shell does not know of all", lambda: controls(session, "Volume") >= 0
                 and controls(session, "Brightness") >= 0, 20)
        yield machine


@pytest.fixture
def session(machine):
    yield machine.session
    machine.session.close_overlay()


def controls(session, name):
    return session.get(SHELL, name, interface=CONTROLS)


def key(session, name):
    session.run("wtype", "-k", name)


def press(session, *names):
    for name in names:
        key(session, name)


def open_quick(session):
    """Returns when it is drawn: its first control takes the keyboard with that."""
    whole = (0, 40, 1280, 650)  # without the display of keys
    before = settled(session, "quick-before", whole)
    session.run("wtype", "-M", "logo", "-k", "s", "-m", "logo")
    wait_for("Super+S opens nothing", lambda: session.overlay() == "quick", 10)
    changed(session, "quick-light", before, whole, 4000)


def sink(session):
    """(percent, muted) of the output, as another program sees it."""
    volume = session.run("pactl", "get-sink-volume", "@DEFAULT_SINK@").stdout
    muted = "yes" in session.run("pactl", "get-sink-mute", "@DEFAULT_SINK@").stdout
    return int(re.search(r"(\d+)%", volume).group(1)), muted


def set_sink(session, percent):
    session.run("pactl", "set-sink-mute", "@DEFAULT_SINK@", "0")
    session.run("pactl", "set-sink-volume", "@DEFAULT_SINK@", f"{percent}%")
    wait_for("the shell does not hear of it", lambda: (controls(session, "Volume"), controls(session, "Muted"))
             == (percent, False), 10)
    wait_for("the display stays", lambda: is_plain(session), 10)


@contextlib.contextmanager
def displays(session):
    """What has been on the screen since, however shortly: a function that says it."""
    seen = []
    number = session.bus.signal_subscribe(None, "org.freedesktop.DBus.Properties", "PropertiesChanged", PATH, CONTROLS,
                                          Gio.DBusSignalFlags.NONE, lambda *signal: seen.append(signal[-1].unpack()[1].get("OnScreen")))

    def shown():
        while GLib.MainContext.default().iteration(False):
            pass
        return seen

    # Who asks is listened to from then on.
    controls(session, "OnScreen")
    yield shown
    session.bus.signal_unsubscribe(number)


def shows(session, kind, name):
    """A key is pressed, and that is on the screen."""
    with displays(session) as shown:
        key(session, name)
        wait_for(f"no {kind} is shown", lambda: kind in shown() or controls(session, "OnScreen") == kind)


def is_pictured(session, name, picture, before):
    """It is there for a second and a half: again, where a slow machine has no picture by then."""
    def is_seen():
        key(session, name)
        return soon(lambda: difference(before, session.screenshot(picture), OSD) > 2000, 1.5)

    wait_for("there is no picture of it", is_seen, 10)


def is_plain(session):
    """Whether no display is on the screen, nor on its way there or from there."""
    first = session.screenshot("osd-before")
    time.sleep(0.4)
    return controls(session, "OnScreen") == "" and difference(first, session.screenshot("osd-before"), OSD) < 20


# Sounds


def test_keys_turn_the_volume_and_show_it(session):
    foot, window = session.open_foot("sleep", "60")
    set_sink(session, 40)
    before = session.screenshot("osd-before")
    is_pictured(session, "XF86AudioRaiseVolume", "osd-volume-light", before)
    set_sink(session, 40)
    shows(session, "volume", "XF86AudioRaiseVolume")
    wait_for("it is not louder", lambda: sink(session) == (45, False))
    assert [w["Id"] for w in session.windows() if w["Focused"]] == [window["Id"]], "it took the keyboard"
    wait_for("it stays", lambda: controls(session, "OnScreen") == "", 5)
    wait_for("its picture stays", lambda: difference(before, session.screenshot("osd-gone"), OSD) < 100)
    key(session, "XF86AudioLowerVolume")
    key(session, "XF86AudioLowerVolume")
    wait_for("it is not softer", lambda: sink(session) == (35, False))
    shows(session, "mute", "XF86AudioMute")
    wait_for("it is not muted", lambda: sink(session) == (35, True))
    key(session, "XF86AudioRaiseVolume")
    wait_for("louder does not end muting", lambda: sink(session) == (40, False))
    key(session, "XF86AudioMicMute")
    wait_for("the microphone is not muted", lambda: "yes" in session.run("pactl", "get-source-mute", "ear").stdout)
    key(session, "XF86AudioMicMute")
    # Softer does not end muting, and louder is never softer: another program may go beyond 100 %.
    key(session, "XF86AudioMute")
    wait_for("it is not muted", lambda: sink(session) == (40, True))
    key(session, "XF86AudioLowerVolume")
    wait_for("softer ends muting", lambda: sink(session) == (35, True))
    set_sink(session, 130)
    shows(session, "volume", "XF86AudioRaiseVolume")
    assert sink(session) == (130, False)
    foot.kill()
    wait_for("the window stays", lambda: not session.windows())


def test_volume_ends_where_it_ends(session):
    set_sink(session, 98)
    press(session, "XF86AudioRaiseVolume", "XF86AudioRaiseVolume")
    wait_for("it is not as loud as can be", lambda: sink(session) == (100, False))
    wait_for("the display stays", lambda: controls(session, "OnScreen") == "", 10)
    shows(session, "volume", "XF86AudioRaiseVolume")  # also where it changes nothing
    assert sink(session) == (100, False)
    set_sink(session, 3)
    key(session, "XF86AudioLowerVolume")
    wait_for("it is not silent", lambda: sink(session)[0] == 0)


def test_another_program_turns_the_volume(session):
    set_sink(session, 30)
    with displays(session) as shown:
        session.run("pactl", "set-sink-volume", "@DEFAULT_SINK@", "62%")
        wait_for("nothing is shown", lambda: "volume" in shown())
    assert controls(session, "Volume") == 62


def test_inosctl_volume(session):
    set_sink(session, 30)
    assert session.inosctl("volume") == {"volume": 30, "muted": False}
    session.run("inosctl", "volume", "55")
    wait_for("nothing came of it", lambda: sink(session) == (55, False))
    session.run("inosctl", "volume", "+10")
    wait_for("nothing came of it", lambda: sink(session) == (65, False))
    session.run("inosctl", "volume", "-15")
    wait_for("nothing came of it", lambda: sink(session) == (50, False))
    session.run("inosctl", "volume", "mute")
    wait_for("nothing came of it", lambda: sink(session) == (50, True))
    session.run("inosctl", "volume", "unmute")
    wait_for("nothing came of it", lambda: sink(session) == (50, False))
    for wrong in ("loud", "101", "-", "5%5"):
        assert session.run("inosctl", "volume", wrong, check=False).returncode == 2, wrong


@contextlib.contextmanager
def playing(session, name, what="A song"):
    """A program that plays silence; yields its number."""
    before = {sound["id"] for sound in session.inosctl("sounds")["sounds"]}
    player = session.start("sh", "-c", "exec pacat --client-name=\"$1\" --stream-name=\"$2\" -p /dev/zero", "sh", name, what)
    try:
        yield wait_for(f"{name} is not known", lambda: [sound["id"] for sound in session.inosctl("sounds")["sounds"]
                                                        if sound["id"] not in before and sound["application"].startswith(name.split()[0])], 20)[0]
    finally:
        player.terminate()
        player.wait(60)


def sound(session, number):
    """(percent, muted) of what plays, as another program sees it."""
    text = session.run("pactl", "-f", "json", "list", "sink-inputs").stdout
    found = next(one for one in json.loads(text) if one["index"] == number)
    return int(next(iter(found["volume"].values()))["value_percent"].rstrip("%")), found["mute"]


def is_so(session, number, percent, muted):
    """To another program, and to the shell, which adds to what it knows."""
    return sound(session, number) == (percent, muted) and (number, percent, muted) in [
        (row[0], row[3], row[4]) for row in controls(session, "Playing")]


def test_each_application_has_a_volume(session):
    """By inosctl, and what another program does is known; a stranger's name is not what a terminal obeys."""
    with playing(session, "Jukebox") as one, playing(session, "Evil \x1b[2J", "x" * 4000) as other:
        rows = {row["id"]: row for row in session.inosctl("sounds")["sounds"]}
        assert rows[one] == {"id": one, "application": "Jukebox", "plays": "A song", "volume": 100, "muted": False}
        assert "\x1b" not in session.run("inosctl", "sounds").stdout and len(rows[other]["plays"]) < 400
        session.run("inosctl", "sounds", str(one), "40")
        wait_for("nothing came of it", lambda: is_so(session, one, 40, False))
        assert sound(session, other) == (100, False) and sink(session)[0] >= 0
        session.run("inosctl", "sounds", str(one), "+5")
        wait_for("nothing came of it", lambda: is_so(session, one, 45, False))
        session.run("inosctl", "sounds", str(one), "mute")
        wait_for("nothing came of it", lambda: is_so(session, one, 45, True))
        session.run("inosctl", "sounds", str(one), "+5")
        wait_for("louder does not end muting", lambda: is_so(session, one, 50, False))
        session.run("pactl", "set-sink-input-volume", str(other), "25%")
        wait_for("the shell does not hear of it", lambda: (other, 25) in [(row[0], row[3]) for row in controls(session, "Playing")])
        for wrong in (["loud"], [str(one)], [str(one), "101"], [str(one), "loud"]):
            assert session.run("inosctl", "sounds", *wrong, check=False).returncode == 2, wrong
    wait_for("what has ended stays", lambda: controls(session, "Playing") == [])
    assert session.run("inosctl", "sounds", str(one), "40", check=False).returncode == 4
    assert session.run("inosctl", "sounds", str(one), "mute", check=False).returncode == 4


def test_an_applications_volume_by_keys(session):
    """Volume's page: back, the outputs, then what plays: its mute button, its slider."""
    with playing(session, "Jukebox") as one:
        session.run("inosctl", "sounds", str(one), "40")
        wait_for("nothing came of it", lambda: is_so(session, one, 40, False))
        open_quick(session)
        tab(session, 1)
        before = settled(session, "quick-sound", CARD)
        key(session, "Return")
        before = pictured(session, "quick-sound", before)
        tab(session, 2)
        key(session, "space")
        wait_for("it is not muted", lambda: is_so(session, one, 40, True))
        pictured(session, "quick-sound-muted", before, 40)
        tab(session, 1)
        press(session, "Right", "Right")
        wait_for("the slider sets nothing", lambda: is_so(session, one, 42, False), 10)
        # Up is the slider's too, and leads to no row.
        press(session, "Up", "Right")
        wait_for("the slider sets nothing", lambda: is_so(session, one, 44, False), 10)
        before = settled(session, "quick-sound", CARD)
    # It ends with the keyboard on its slider: Escape still leads back, and then away.
    before = pictured(session, "quick-sound-ended", before)
    key(session, "Escape")
    pictured(session, "quick-back", before)
    key(session, "Escape")
    wait_for("it stays open", lambda: session.overlay() == "", 10)


def test_server_of_sounds_dies_and_comes_back(machine, session):
    set_sink(session, 50)
    machine.hush()
    wait_for("the shell still has a volume", lambda: controls(session, "Volume") == -1)
    result = session.run("inosctl", "volume", "10", check=False)
    assert result.returncode == 4 and "sound" in result.stderr
    machine.play(session, "module-null-sink sink_name=two sink_properties=device.description=Television",
                 "module-virtual-source source_name=ear master=one.monitor")
    wait_for("the shell does not find it again", lambda: controls(session, "Volume") >= 0, 20)


# Brightness


def read(light):
    """What is in the file; it is empty while it is written."""
    return int(light.read_text() or -1)


def test_keys_set_the_brightness(machine, session):
    light = machine.brightness
    with displays(session) as shown:
        light.write_text("600\n")
        wait_for("the shell does not see it", lambda: controls(session, "Brightness") == 60)
        wait_for("what others set is not shown", lambda: "brightness" in shown())
    key(session, "XF86MonBrightnessUp")
    wait_for("it is not brighter", lambda: read(light) == 654)
    for _ in range(16):
        key(session, "XF86MonBrightnessDown")
    wait_for("it is black, or not dark", lambda: read(light) == 10)
    session.run("inosctl", "brightness", "100")
    wait_for("inosctl does not set it", lambda: read(light) == 1000)
    assert session.inosctl("brightness") == {"brightness": 100}


def test_without_logind_nobody_sets_the_brightness(machine, session):
    machine.kill(LOGIND)
    wait_for("it can be set all the same", lambda: controls(session, "Brightness") == -1)
    assert session.run("inosctl", "brightness", "50", check=False).returncode == 4
    machine.serve(LOGIND)
    device = machine.brightness.parent
    machine.call(LOGIND, "/org/freedesktop/login1", MOCK, "AddObject", "(ssa{sv}a(ssss))",
                 "/org/freedesktop/login1/session/auto", "org.freedesktop.login1.Session", {},
                 [("SetBrightness", "ssu", "", f"open('{device}/brightness', 'w').write('%d' % args[2])")])
    wait_for("it cannot be set again", lambda: controls(session, "Brightness") >= 0)


# Quick settings, by keys


def active_point(machine):
    return machine.get(NM, WIFI, f"{NM}.Device", "ActiveConnection")


def test_opens_with_a_key_and_closes_with_escape(session):
    open_quick(session)
    wait_for("it is empty", lambda: len(set(session.screenshot("quick-light").crop(CARD).getdata())) > 60, 10)
    key(session, "Escape")
    wait_for("Escape does not close it", lambda: session.overlay() == "")


def test_slider_by_keys(session):
    """The first that has the keyboard is the volume."""
    set_sink(session, 40)
    open_quick(session)
    before = sink(session)
    press(session, "Right", "Right", "Right")
    wait_for("the slider sets nothing", lambda: sink(session)[0] == before[0] + 3, 10)
    assert controls(session, "OnScreen") == "", "the display lies over the settings"


def pictured(session, name, before, least=1500):
    """Something else is on the card than before, and has come to rest; a picture of it."""
    return changed(session, name, before, CARD, least)


def tab(session, times):
    for _ in range(times):
        key(session, "Tab")


def test_bluetooth_and_profile_by_keys(machine, session):
    """Volume, its page, brightness, then the tiles: Wi-Fi, its page, Bluetooth, its page, the profile."""
    open_quick(session)
    tab(session, 5)
    powered = machine.get(BLUEZ, "/org/bluez/hci0", "org.bluez.Adapter1", "Powered")
    before = settled(session, "quick-bluetooth", CARD)
    key(session, "Return")
    wait_for("Bluetooth's switch does nothing", lambda: machine.get(
        BLUEZ, "/org/bluez/hci0", "org.bluez.Adapter1", "Powered") != powered, 10)
    pictured(session, "quick-bluetooth-other", before)
    key(session, "Return")
    wait_for("nor the other way", lambda: machine.get(
        BLUEZ, "/org/bluez/hci0", "org.bluez.Adapter1", "Powered") == powered, 10)
    tab(session, 2)
    before = settled(session, "quick-bluetooth", CARD)
    key(session, "Return")
    pictured(session, "quick-profile", before)
    # Of power saver, balanced and performance the last.
    press(session, "Down", "Down", "Return")
    wait_for("the profile is not chosen", lambda: machine.get(
        PROFILES, "/org/freedesktop/UPower/PowerProfiles", PROFILES, "ActiveProfile") == "performance", 10)
    key(session, "Escape")
    assert session.overlay() == "quick", "Escape closed more than the page"


def test_network_with_a_password_by_keys(machine, session):
    """Attic wants one: it is asked for, and goes to NetworkManager and nowhere else."""
    before_all = len(machine.said(NM, "AddAndActivateConnection"))
    open_quick(session)
    tab(session, 4)
    before = settled(session, "quick-light", CARD)
    key(session, "Return")
    before = pictured(session, "quick-networks", before)
    key(session, "Return")  # the first network
    pictured(session, "quick-password", before)
    session.run("wtype", "-d", "20", "correct horse")
    key(session, "Return")
    wait_for("it is not joined", lambda: active_point(machine) != "/", 15)
    asked = machine.said(NM, "AddAndActivateConnection")[before_all:]
    assert len(asked) == 1 and "correct horse" in asked[0] and "wpa-psk" in asked[0]
    assert f"user:{pathlib.Path('/proc/self').owner()}:" in asked[0], "it is everybody's"
    assert "correct horse" not in session.log("shell")
    before = settled(session, "quick-joined", CARD)
    machine.use_network(1)
    pictured(session, "quick-joined", before, 200)
    key(session, "Escape")
    assert session.overlay() == "quick", "the keyboard was lost, and Escape closed all"
    settled(session, "quick-connected", CARD)


def test_wrong_password_is_asked_for_again(machine, session):
    """Loft is known; NetworkManager says that it failed and goes on at once, as it does."""
    machine.add_network(3, "Loft", 95)
    machine.call(NM, "/org/freedesktop", MOCK, "AddWiFiConnection", "(ssss)", WIFI, "Loft", "Loft", "wpa-psk")
    machine.use_network(0)
    tries = len(machine.said(NM, "ActivateConnection"))
    open_quick(session)
    tab(session, 4)
    before = settled(session, "quick-light", CARD)
    key(session, "Return")
    pictured(session, "quick-networks", before)
    key(session, "Return")
    wait_for("it is not tried", lambda: len(machine.said(NM, "ActivateConnection")) > tries, 15)
    before = settled(session, "quick-tried", CARD)
    machine.fail_wifi()
    pictured(session, "quick-wrong", before)


def test_pointer_opens_and_presses(session):
    """On 1280x800 the button lies before the power button."""
    with Pointer(session) as pointer:
        pointer.click(1225, 16)
        wait_for("a click opens nothing", lambda: session.overlay() == "quick", 10)
        pointer.click(40, 700)
        wait_for("a click beside does not close", lambda: session.overlay() == "", 10)


# What goes wrong


def test_services_die_and_come_back(machine, session):
    open_quick(session)
    full = settled(session, "quick-all", CARD)
    for name in (NM, BLUEZ, UPOWER, PROFILES):
        machine.kill(name)
    wait_for("the tiles stay", lambda: difference(full, session.screenshot("quick-none"), CARD) > 8000, 10)
    none = settled(session, "quick-none", CARD)
    for name in (NM, BLUEZ, UPOWER, PROFILES):
        machine.serve(name)
    machine.add_wifi()
    machine.add_network(1, "Attic", 88)
    machine.add_bluetooth()
    machine.add_battery()
    wait_for("they do not come back", lambda: difference(none, session.screenshot("quick-back"), CARD) > 8000, 20)


def test_service_that_hangs_hangs_nobody(machine, session):
    pid = machine.mocks[BLUEZ].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        open_quick(session)
        tab(session, 5)
        key(session, "Return")  # asks the one that hangs
        key(session, "Escape")
        wait_for("the shell hangs", lambda: session.overlay() == "", 3)
        set_sink(session, 25)
    finally:
        os.kill(pid, signal.SIGCONT)


HOSTILE = ["\u202emoc.elgoog", "<b>bold</b>&amp;", "A" * 32, "a\nb\tc\x07d", "\u0301" * 16, "' \" ; DROP", "🛜" * 8]


def test_hostile_names(machine, session):
    for number, name in enumerate(HOSTILE):
        machine.add_network(f"h{number}", name, 90 + number)
    machine.set(NM, "/org/freedesktop/NetworkManager/AccessPoint/aph0", f"{NM}.AccessPoint", "Ssid",
                GLib.Variant("ay", b"\xff\xfe\x00raw"))
    machine.set(BLUEZ, "/org/bluez/hci0/dev_AA_BB_CC_DD_EE_FF", "org.bluez.Device1", "Alias",
                GLib.Variant("s", "<script>x</script>" + "y" * 4000))
    open_quick(session)
    tab(session, 4)
    before = settled(session, "quick-hostile", CARD)
    key(session, "Return")
    pictured(session, "quick-hostile", before)
    key(session, "Escape")
    assert session.overlay() == "quick"
    for number in range(len(HOSTILE)):
        machine.call(NM, "/org/freedesktop", MOCK, "RemoveAccessPoint", "(ss)", WIFI,
                     f"/org/freedesktop/NetworkManager/AccessPoint/aph{number}")


def test_a_thousand_networks(machine, session):
    """They are drawn, and one of them is found by typing, while the panel goes on."""
    machine.add_networks([f"Network {number}" for number in range(1000)])
    open_quick(session)
    tab(session, 4)
    before = settled(session, "quick-thousand", CARD)
    key(session, "Return")
    before = pictured(session, "quick-thousand", before)
    session.run("wtype", "-d", "20", "network 777")
    pictured(session, "quick-found", before, 4000)
    asked = len(machine.said(NM, "AddAndActivateConnection"))
    before = settled(session, "quick-found", CARD)
    press(session, "Down", "Return")
    pictured(session, "quick-asked", before, 500)
    session.run("wtype", "-d", "20", "password 777")
    key(session, "Return")
    wait_for("the one that was found is not joined",
             lambda: len(machine.said(NM, "AddAndActivateConnection")) > asked, 15)
    assert any("AccessPoint/many777" in line for line in machine.said(NM, "AddAndActivateConnection"))


# Leaving


def test_power_menu_names_who_asks_to_wait(machine, session):
    fd = machine.bus.call_with_unix_fd_list_sync(
        LOGIND, "/org/freedesktop/login1", f"{LOGIND}.Manager", "Inhibit",
        GLib.Variant("(ssss)", ("shutdown", "apt <b>", "Writes packages\n\n", "block")), None, 0, 5000 * PATIENCE, None, None)
    try:
        machine.call(LOGIND, "/org/freedesktop/login1", MOCK, "AddMethod", "(sssss)", f"{LOGIND}.Manager",
                     "PowerOffWithFlags", "t", "", "")
        session.run("wtype", "-M", "logo", "-k", "Escape", "-m", "logo")
        wait_for("no power menu", lambda: session.overlay() == "power", 10)
        # Lock, suspend… in the order of the menu; the last is to power off.
        before = settled(session, "power-inhibited", CARD)
        key(session, "Up")
        pictured(session, "power-inhibited", before)
        before = settled(session, "power-inhibited", CARD)
        key(session, "Return")
        pictured(session, "power-inhibited", before)
        key(session, "Return")
        wait_for("it is not done", lambda: machine.said(LOGIND, "PowerOffWithFlags 16"), 10)
        assert not machine.said(LOGIND, "PowerOff True")
    finally:
        del fd


def test_cannot_is_not_offered(tmp_path):
    """A machine without logind, sounds, radios, battery: only what is the desktop's own."""
    with Session(environment={"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/none",
                              "INOS_BACKLIGHT_DIR": str(tmp_path)}) as session:
        wait_for("no panel", lambda: session.get(SHELL, "PanelFigures")[2], 20)
        assert (controls(session, "Volume"), controls(session, "Brightness")) == (-1, -1)
        key(session, "XF86AudioRaiseVolume")
        key(session, "XF86MonBrightnessUp")
        open_quick(session)
        wait_for("it is empty", lambda: len(set(session.screenshot("quick-bare").crop(CARD).getdata())) > 20, 10)
        assert controls(session, "OnScreen") == ""


LOOKS = {"dark": ("prefer-dark", {}), "arabic": ("default", {"LC_ALL": "ar_EG.UTF-8"}),
         "german": ("default", {"LC_ALL": "de_DE.UTF-8"})}


@pytest.mark.parametrize("look", LOOKS)
def test_looks(tmp_path, locales, look):
    """All of it in another colour or language, to be looked at."""
    scheme, environment = LOOKS[look]
    with Machine(tmp_path) as machine:
        for name in (LOGIND, NM, BLUEZ, UPOWER, PROFILES):
            machine.serve(name)
        machine.add_light()
        machine.add_wifi()
        for number, name in enumerate(("Attic", "Café", "A network with a rather long name", "شبكة البيت")):
            machine.add_network(number, name, 90 - 20 * number, 0 if number == 1 else 0x100)
        machine.add_bluetooth("Headphones of somebody with a long name")
        machine.add_battery(9.0, 2, 900, 3)
        session = machine.begin(LOCPATH=str(locales), **environment)
        machine.play(session)
        session.run("gsettings", "set", "org.gnome.desktop.interface", "color-scheme", scheme)
        wait_for("no volume", lambda: controls(session, "Volume") >= 0, 20)
        before = settled(session, f"osd-{look}", CARD)
        is_pictured(session, "XF86AudioLowerVolume", f"osd-{look}", before)
        open_quick(session)
        box = (8, 40, 388, 700) if look == "arabic" else CARD
        wait_for("nothing is there",
                 lambda: difference(before, session.screenshot(f"quick-{look}"), box) > 8000, 10)
        before = settled(session, f"quick-{look}", CARD)
        tab(session, 4)
        key(session, "Return")
        wait_for("no networks", lambda: difference(
            before, session.screenshot(f"quick-networks-{look}"), box) > 4000, 10)
        session.run("gsettings", "reset", "org.gnome.desktop.interface", "color-scheme")

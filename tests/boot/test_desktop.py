"""An image with the desktop: firmware, greeter, what its declaration says, log-in, and once more."""

import pathlib
import tomllib

from desk import (REGIONS, assert_nothing_complains, calm_screen, has_desktop, is_up, rests, session_id, shows_lock, wait_for)
from machine import FOLDER

IMAGE = "desktop"
DECLARED = tomllib.loads((pathlib.Path(__file__).parent / "desktop.toml").read_text())
TYPED = "kaffeeyy"  # the keys of a German keyboard, named as on an American one, for "kaffeezz"


def rows(text):
    return [line.split() for line in text.splitlines()]


def asks(machine, name):
    """Whether the greeter shows itself, and not its background alone, which comes first."""
    image = machine.screen(name)
    return shows_lock(image) and image.crop(REGIONS["middle"]).convert("L").getextrema()[0] < 100


def test_firmware_starts_the_unified_kernel(machine):
    assert machine.root("test -d /sys/firmware/efi && echo yes") == "yes"
    files = machine.root("cd /efi && find . -type f").split()
    assert "./EFI/BOOT/BOOTX64.EFI" in files
    assert [file for file in files if file.startswith("./EFI/Linux/inos-") and file.endswith(".efi")]


def test_first_boot_did_what_is_declared(machine):
    user = DECLARED["user"][0]
    assert machine.root("hostname; cat /etc/hostname").split() == ["werkstatt"] * 2
    assert machine.root("cat /etc/locale.conf") == "LANG=de_AT.UTF-8"
    assert "de_AT.utf8" in machine.root("locale -a").split()
    assert machine.root("readlink /etc/localtime").endswith("/Europe/Vienna")
    assert 'XKBLAYOUT="de,us"' in machine.root("cat /etc/default/keyboard")
    assert machine.root("getent passwd user").split(":")[2:] == ["1000", "1000", "Ada Lovelace", "/home/user", "/bin/bash"]
    assert "sudo" in machine.root("id -Gn user").split() and "sudo" not in machine.root("id -Gn guest").split()
    assert machine.root("getent shadow user").split(":")[1] == user["password"]
    assert machine.root("getent shadow guest").split(":")[1] == "!"
    assert machine.root("getent shadow root").split(":")[1] in ("*", "!", "!*")
    assert machine.root("cat /home/user/.ssh/authorized_keys") == user["ssh-keys"][0]
    assert machine.root("stat -c '%U %a' /home/user/.ssh/authorized_keys /home/user/.ssh").split("\n") == ["user 600", "user 700"]
    assert machine.root("systemctl is-active ssh") == "active"
    assert machine.root("ls /etc/ssh/ssh_host_*_key") == "/etc/ssh/ssh_host_ed25519_key"
    # With its secrets it is gone.
    assert machine.root("ls /efi/inos") == ""


def test_root_is_btrfs_with_subvolumes_and_takes_the_whole_disk(machine):
    mounts = {target: (kind, root) for target, kind, root in rows(machine.root(
        "findmnt -n -r -o TARGET,FSTYPE,FSROOT -t btrfs,vfat"))}
    assert mounts["/"] == ("btrfs", "/@")
    assert mounts["/home"] == ("btrfs", "/@home") and mounts["/.snapshots"] == ("btrfs", "/@snapshots")
    assert mounts["/efi"] == ("vfat", "/")
    assert int(machine.root("df --output=size -B1M / | tail -n 1")) > 11 * 1024
    assert "path @" in machine.root("btrfs subvolume get-default /")


def test_nothing_failed(machine):
    assert machine.root("systemctl --failed --no-legend --no-pager") == ""


def test_greeter_lets_in_with_the_right_password_alone(machine):
    wait_for("there is no greeter", lambda: asks(machine, "image-greeter"), 300)
    first = wait_for("nobody asks greetd", lambda: machine.root("pgrep -x inos-greet", check=False), 120)
    machine.type("user\n")
    wait_for("greetd asks PAM for nobody", lambda: len(machine.root("pgrep -f 'greetd.*session-worker'", check=False).split()) > 1)
    wait_for("the password is not asked for", lambda: rests(lambda: machine.screen("image-password").tobytes(), 3))
    machine.type("wrong\n")
    wait_for("there is no other try", lambda: machine.root("pgrep -x inos-greet", check=False) not in ("", first), 180)
    assert not session_id(machine)
    machine.type(TYPED + "\n")
    wait_for("the right password does not let in", lambda: session_id(machine), 180)
    wait_for("the session is not up", lambda: is_up(machine), 600)
    calm_screen(machine, "image-desktop", has_desktop)
    seen = machine.root(f"loginctl show-session {session_id(machine)}").splitlines()
    assert {"Type=wayland", "Active=yes", "Seat=seat0"} <= set(seen)
    pid = machine.root("pgrep -x inos-shell")
    assert "LANG=de_AT.UTF-8" in machine.root(f"tr '\\0' '\\n' </proc/{pid}/environ").split()
    assert "layout = de,us" in machine.root("cat /home/user/.config/inos/compositor.ini")


def test_nothing_complains(machine):
    assert machine.user("systemctl --user --failed --no-legend --no-pager") == ""
    assert machine.root("systemctl --failed --no-legend --no-pager") == ""
    assert_nothing_complains(machine)


def test_starting_again_keeps_what_there_is(place):
    machine = place.machine
    machine.root("btrfs -q subvolume snapshot -r / /.snapshots/before && echo kept >/home/user/file")
    identity = machine.root("sha256sum /home/user/.local/state/inos/identity.key")
    number = machine.root("cat /etc/machine-id")
    machine.keep_journal()
    (FOLDER / "desktop-journal.log").rename(FOLDER / "desktop-first-journal.log")
    machine = place.machine = machine.again()
    assert machine.root("hostname") == "werkstatt" and machine.root("cat /etc/machine-id") == number
    assert machine.root("cat /home/user/file") == "kept" and machine.root("ls /.snapshots/before/etc/fstab")
    assert machine.root("sha256sum /home/user/.local/state/inos/identity.key") == identity
    assert machine.root("systemctl show -P ConditionResult inos-first-boot") == "no"
    assert machine.root("systemctl --failed --no-legend --no-pager") == ""
    wait_for("there is no greeter", lambda: asks(machine, "image-greeter-again"), 300)

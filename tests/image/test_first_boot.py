# SPDX-License-Identifier: GPL-3.0-or-later
"""What the machine does of itself when it starts for the first time, in a folder instead of a machine: programs
that make accounts or ask systemd are stand-ins that write down how they were called. tests/boot has the real ones."""

import pwd
import subprocess
import types

import first_boot
import pytest

GOOD = '''[machine]
hostname = "werkstatt"
timezone = "Europe/Vienna"
locale = "C.UTF-8"
[keyboard]
layout = "de"
[[user]]
name = "ada"
password = "$y$j9T$0123456789abcdefghijkl$0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
admin = true
ssh-keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"]
[mesh]
invite = "inos1%s"
''' % ("a" * 130)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Its folder, and what was run there."""
    root, calls, accounts = tmp_path / "root", [], {}
    for folder in ("etc/ssh", "usr/lib/inos-image", "efi/inos", "home"):
        (root / folder).mkdir(parents=True)
    (root / "etc/group").write_text("root:x:0:\nsudo:x:27:\n")
    (root / "usr/lib/inos-image/kind").write_text("node\n")

    def run(argv, **extra):
        calls.append((list(argv), extra.get("input")))
        if argv[0] == "useradd":
            accounts[argv[-1]] = types.SimpleNamespace(pw_uid=1000, pw_gid=1000)
        return types.SimpleNamespace(stdout="C\nC.utf8\n", returncode=0)

    monkeypatch.setattr(first_boot, "ROOT", root)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(pwd, "getpwnam", lambda name: accounts[name])
    monkeypatch.setattr(first_boot.socket, "sethostname", lambda name: None)
    monkeypatch.setattr(first_boot.os, "chown", lambda *arguments: None)
    monkeypatch.setattr(first_boot.declaration, "exists", lambda *arguments: None)
    return types.SimpleNamespace(root=root, calls=calls, accounts=accounts, file=root / "efi/inos/first-boot.toml")


def start(machine, text):
    machine.file.write_text(text)
    return first_boot.main(str(machine.file))


def test_all_of_it(machine):
    assert start(machine, GOOD) == 0
    read = lambda path: (machine.root / path).read_text()
    assert read("etc/hostname") == "werkstatt\n" and "werkstatt" in read("etc/hosts")
    assert read("etc/locale.conf") == "LANG=C.UTF-8\n" and read("etc/timezone") == "Europe/Vienna\n"
    assert str((machine.root / "etc/localtime").readlink()) == "/usr/share/zoneinfo/Europe/Vienna"
    assert 'XKBLAYOUT="de"' in read("etc/default/keyboard")
    assert read("etc/inos/greeter.ini") == read("etc/skel/.config/inos/compositor.ini") == "[keyboard]\nlayout = de\n"
    assert read("home/ada/.ssh/authorized_keys").startswith("ssh-ed25519 ")
    invite = machine.root / "var/lib/inos-first-boot/invite"
    assert invite.read_text().startswith("inos1") and invite.stat().st_mode & 0o777 == 0o600
    assert not machine.file.exists()


def test_no_secret_is_an_argument(machine):
    start(machine, GOOD)
    assert not [argv for argv, _ in machine.calls if "$y$" in " ".join(argv) or "inos1" in " ".join(argv)]
    assert [given for argv, given in machine.calls if argv[0] == "chpasswd"][0].startswith("ada:$y$")


def test_only_groups_that_there_are(machine):
    start(machine, GOOD)
    (groups,) = [argv for argv, _ in machine.calls if argv[0] == "usermod"]
    assert groups[groups.index("--groups") + 1] == "sudo"


def test_a_mistake_changes_nothing_and_says_so(machine):
    assert start(machine, GOOD.replace('"de"', '"de;"')) == 1
    assert machine.file.exists() and not machine.calls
    assert not (machine.root / "etc/hostname").exists()
    assert "first-boot.toml:6: keyboard.layout" in (machine.root / "run/issue.d/inos-first-boot.issue").read_text()


def test_it_can_be_done_again(machine, monkeypatch):
    def full(*arguments, **extra):
        raise OSError("no space left")

    keep = first_boot.keep_invitation
    monkeypatch.setattr(first_boot, "keep_invitation", full)
    assert start(machine, GOOD) == 1 and machine.file.exists()
    monkeypatch.setattr(first_boot, "keep_invitation", keep)
    assert first_boot.main(str(machine.file)) == 0
    assert len([argv for argv, _ in machine.calls if argv[0] == "useradd"]) == 1


def test_an_account_of_the_system_is_left_alone(machine):
    machine.accounts["ada"] = types.SimpleNamespace(pw_uid=101, pw_gid=101)
    assert start(machine, GOOD) == 1
    assert not [argv for argv, _ in machine.calls if argv[0] in ("chpasswd", "usermod")]


def test_on_a_desktop_the_first_person_joins(machine):
    (machine.root / "usr/lib/inos-image/kind").write_text("desktop\n")
    assert start(machine, GOOD) == 0
    assert (machine.root / "home/ada/.local/state/inos-first-join").read_text().startswith("inos1")
    assert not (machine.root / "var/lib/inos-first-boot").exists()


def test_ssh_is_for_who_has_a_key_and_its_own_key_is_there_for_all(machine):
    called = lambda name: [argv for argv, _ in machine.calls if argv[0] == name and argv[1] != "set-environment"]
    start(machine, "")
    assert [argv[-1] for argv in called("ssh-keygen")] == [str(machine.root / "etc/ssh/ssh_host_ed25519_key")]
    assert not called("systemctl")
    start(machine, GOOD)
    assert ["systemctl", "enable", "--now", "--no-block", "ssh.service"] in called("systemctl")


def test_an_ssh_key_that_is_there_is_kept(machine):
    (machine.root / "etc/ssh/ssh_host_ed25519_key").write_text("key")
    start(machine, GOOD)
    assert not [argv for argv, _ in machine.calls if argv[0] == "ssh-keygen"]


def test_nothing_declared_is_nothing_done(machine):
    assert start(machine, "") == 0 and [argv[0] for argv, _ in machine.calls] == ["ssh-keygen"]
    assert not list((machine.root / "home").iterdir()) and not (machine.root / "etc/hostname").exists()

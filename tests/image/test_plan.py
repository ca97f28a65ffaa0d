# SPDX-License-Identifier: GPL-3.0-or-later
"""What ./dev image makes of its options and a declaration."""

import io

import plan
import pytest
from declaration import Wrong

HASH = "$y$j9T$0123456789abcdefghijkl$0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"


@pytest.fixture
def declared(tmp_path):
    def write(text):
        file = tmp_path / "it.toml"
        file.write_text(text)
        return {"declaration": str(file), "shown": "it.toml"}
    return write


def test_without_anybody_there_is_no_image():
    for kind in ("desktop", "node"):
        with pytest.raises(Wrong, match="--user NAME --password-file FILE"):
            plan.plan({"kind": kind, "tty": "no"})


def test_a_user_and_a_password_will_do(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("geheim\nmore\n"))
    tables = plan.plan({"user": "ada", "password": "yes"})
    (user,) = tables["user"]
    assert user["name"] == "ada" and user["admin"] and user["password"].startswith("$y$")
    assert tables["image"] == {"kind": "desktop", "format": "raw", "name": "inos-desktop"}


def test_salts_differ_and_the_hash_is_of_the_password():
    one, other = plan.hashed("geheim"), plan.hashed("geheim")
    assert one != other and one != plan.hashed("Geheim")


@pytest.mark.parametrize("text", ["geheim", "geheim\r\n", "geheim\r\nmore\r\n", "\ufeffgeheim\r\n"])
def test_a_password_ends_with_its_line_however_that_ends(monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.StringIO(text, newline=""))
    assert plan.read_password() == "geheim"


@pytest.mark.parametrize("text", ["", "\n", "\r\n", "\ufeff\n", "\0\n"])
def test_no_password_is_none(monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    with pytest.raises(Wrong, match="is no password"):
        plan.plan({"user": "ada", "password": "yes"})


def test_options_go_before_the_declaration(declared):
    options = declared(f'[image]\nkind = "node"\nformat = "qcow2"\nname = "mine"\n[[user]]\nname = "a"\npassword = "{HASH}"\n')
    assert plan.plan(options)["image"] == {"kind": "node", "format": "qcow2", "name": "mine"}
    assert plan.plan({**options, "kind": "desktop", "format": "raw"})["image"]["kind"] == "desktop"
    with pytest.raises(Wrong, match="has accounts already"):
        plan.plan({**options, "user": "b", "password": "yes"})


def test_a_key_is_enough_for_a_node_and_not_for_a_desktop(declared):
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    options = declared(f'[[user]]\nname = "a"\nssh-keys = ["{key}"]\n')
    plan.plan({**options, "kind": "node"})
    with pytest.raises(Wrong, match="nobody could log in"):
        plan.plan({**options, "kind": "desktop"})


def test_an_invitation_is_enough_for_a_node(declared):
    options = declared('[mesh]\ninvite = "inos1' + "a" * 130 + '"\n')
    assert "user" not in plan.plan({**options, "kind": "node", "tty": "no"})


def test_what_is_printed_is_for_a_shell(declared, tmp_path, capsys):
    options = declared(f'[image]\npackages = ["vim", "htop"]\nsize = "6G"\nmirror = "http://h/$(x)\'"\n[[user]]\nname = "a"\npassword = "{HASH}"\n')
    assert plan.main(str(tmp_path / "out"), *(f"{key}={value}" for key, value in options.items())) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "image_extra='htop vim'" in lines and f"image_size={6 << 30}" in lines
    assert "image_mirror='http://h/$(x)'\"'\"''" in lines
    assert (tmp_path / "out").read_text() == f'[[user]]\nname = "a"\npassword = "{HASH}"\n'


def test_what_is_wrong_is_said_and_nothing_printed(declared, tmp_path, capsys):
    options = declared("[image]\nkindd = 1\n")
    assert plan.main(str(tmp_path / "out"), *(f"{key}={value}" for key, value in options.items())) == 1
    out, err = capsys.readouterr()
    assert out == "" and "dev: it.toml:2: image.kindd" in err and not (tmp_path / "out").exists()

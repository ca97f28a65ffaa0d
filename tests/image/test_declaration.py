# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declaration may say, and that what is wrong with one is named, in its line."""

import pathlib
import random
import tomllib

import declaration
import pytest
from declaration import Wrong, read

TOP = pathlib.Path(__file__).parents[2]
HASH = "$y$j9T$0123456789abcdefghijkl$0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"


def refused(text, *said):
    with pytest.raises(Wrong) as wrong:
        read(text if isinstance(text, bytes) else text.encode(), "it.toml")
    for words in said:
        assert words in str(wrong.value), str(wrong.value)
    return str(wrong.value)


def test_example_is_good_and_has_everything():
    data = (TOP / "docs/examples/image.toml").read_bytes()
    tables = read(data, "image.toml")
    assert tables["user"][0]["admin"] is True
    # What it does not say, it has as a comment.
    text = data.decode()
    for table, keys in declaration.TABLES.items():
        for key in keys:
            assert f"\n{key} = " in text or f"\n#{key} = " in text, (table, key)


@pytest.mark.parametrize("file", ["desktop.toml", "node.toml"])
def test_those_of_the_machines_are_good(file):
    tables = read((TOP / "tests/boot" / file).read_bytes(), file)
    assert read(declaration.write(tables), file, declaration.AT_FIRST_BOOT) == \
        {table: tables[table] for table in tables if table != "image"}


def test_nothing_is_needed():
    assert read(b"", "it.toml") == {}


def test_line_of_a_key_that_there_is_not():
    refused('[image]\nkind = "node"\n\n[machine]\n# text\nhostnam = "a"\n', "it.toml:6: machine.hostnam: there is no such key", "hostname")
    refused('[[user]]\nname = "a"\n[[user]]\nname = "b"\npasword = 1\n', "it.toml:5: user.pasword")
    refused('image.knd = "node"\n', "it.toml:1: image.knd")
    refused('x = 1\n', "it.toml:1: x: there is no such table")
    refused('[machine]\n[mesch]\n', "it.toml:2: mesch: there is no such table")
    refused('[image]\n"kind" = "no"\n', "it.toml:2: image.kind")


def test_as_an_editor_of_windows_leaves_it():
    data = (TOP / "tests/boot/desktop.toml").read_bytes()
    mark, windows = b"\xef\xbb\xbf", data.replace(b"\n", b"\r\n")
    assert read(mark + windows, "it.toml") == read(mark + data, "it.toml") == read(data, "it.toml")
    refused(mark + b"[machine]\r\n# text\r\nhostnam = 1\r\n", "it.toml:3: machine.hostnam")
    refused(mark + b"[x]\r\n", "it.toml:1: x:")
    refused(mark + b"[machine]\r\n\xff", "it.toml:2: is not UTF-8")
    refused(mark * 2, "it.toml:1: is not TOML")


def test_line_of_what_is_no_toml():
    refused('[image]\nkind = desktop\n', "it.toml:2: is not TOML")
    refused(b'[image]\n\xff', "it.toml:2: is not UTF-8")
    refused("[machine]\n" * 2, "it.toml:")
    refused(b"#" * (declaration.BYTES_MAX + 1), "more than 65536 bytes")
    refused("a = " + "[" * 5000, "it.toml:")


@pytest.mark.parametrize("text", [
    "image = 1", "user = 1", 'user = ["a"]', "[user]\nname = 'a'", "[[image]]", "[image]\nkind = 1", "[image]\nkind = 'server'",
    "[image]\nsize = '10'", "[image]\nsize = '1M'", "[image]\nsize = '9999G'", "[image]\nsize = 6", "[image]\nname = '../x'",
    "[image]\npackages = 'x'", "[image]\npackages = ['a;b']", "[image]\npackages = ['-o']", "[image]\npackages = ['vim', 'vim']",
    "[image]\nmirror = 'ftp://x'", "[image]\nmirror = 'http://x y'", "[image]\npackages = [" + "'aa'," * 201 + "]",
    "[machine]\nhostname = 'A'", "[machine]\nhostname = '-a'", "[machine]\nhostname = 'a.b'", "[machine]\nhostname = ''",
    "[machine]\nhostname = '" + "a" * 64 + "'", "[machine]\nhostname = \"a\\n\"", "[machine]\nlocale = 'de'", "[machine]\nlocale = 'C'",
    "[machine]\nlocale = 'de_DE.ISO-8859-1'", "[machine]\ntimezone = '../../etc/passwd'", "[machine]\ntimezone = '/etc'",
    "[keyboard]\nvariant = 'x'", "[keyboard]\nlayout = 'de;x'", "[keyboard]\nlayout = 'de'\nvariant = 'a,b'",
    "[keyboard]\nlayout = \"de\\nx\"", "[keyboard]\nlayout = 'de'\noptions = '$(x)'", "[mesh]\ninvite = 'x'",
    "[mesh]\ninvite = 'inos1" + "a" * 700 + "'", "[mesh]\ninvite = 'inos1" + "A'" + "b" * 60 + "'",
    "[[user]]", "[[user]]\nname = 'root'", "[[user]]\nname = 'systemd-x'", "[[user]]\nname = '_greetd'", "[[user]]\nname = 'a b'",
    "[[user]]\nname = '../a'", "[[user]]\nname = 'a'\n[[user]]\nname = 'a'", "[[user]]\nname = 'a'\nfull-name = 'a:b'",
    "[[user]]\nname = 'a'\nfull-name = \"a\\nb\"", "[[user]]\nname = 'a'\nadmin = 'yes'", "[[user]]\nname = 'a'\nssh-keys = 'x'",
    f"[[user]]\nname = 'a'\nssh-keys = ['{KEY[:-8]}']", f"[[user]]\nname = 'a'\nssh-keys = ['command=\"x\" {KEY}']",
    f"[[user]]\nname = 'a'\nssh-keys = [\"{KEY}\\n{KEY}\"]", "[[user]]\nname = 'a'\nssh-keys = ['-----BEGIN OPENSSH PRIVATE KEY-----']",
    "[[user]]\nname = 'a'\nssh-keys = ['ssh-dss AAAA']", "[[user]]\nname = 'a'\npassword = ''", "[[user]]\nname = 'a'\npassword = '!'",
    "[[user]]\nname = 'a'\npassword = '$1$abcdefgh$0123456789012345678901'", f"[[user]]\nname = 'a'\npassword = \"{HASH}\\n\"",
])
def test_refused(text):
    refused(text, "it.toml:")


def test_a_password_that_is_none_is_not_shown():
    assert "geheim" not in refused("[[user]]\nname = 'a'\npassword = 'geheim geheim'", "it.toml:3: user.password: is not a hash")


def test_at_first_boot_nothing_is_made():
    with pytest.raises(Wrong, match="it.toml:1: image: there is no such table"):
        read(b"[image]\n", "it.toml", declaration.AT_FIRST_BOOT)


def test_what_is_written_is_read_again():
    tables = read(f"""
[machine]
hostname = "a"
[[user]]
name = "ada"
full-name = 'Ada "the first" \\ Lovelace, née'
[[user]]
name = "bob"
password = "{HASH}"
ssh-keys = ["{KEY} bob"]
""".replace(", née", " née").encode(), "it.toml")
    data = declaration.write(tables)
    assert read(data, "it.toml") == tables and declaration.write(read(data, "it.toml")) == data


def test_what_debian_does_not_know(tmp_path, monkeypatch):
    for name, content in (("SUPPORTED", "de_AT.UTF-8 UTF-8\nde_AT ISO-8859-1\n"),
                          ("base.lst", "! model\n  xx  X\n\n! layout\n  de  German\n  us  English\n\n! variant\n  neo  de: Neo\n")):
        (tmp_path / name).write_text(content)
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe/Vienna").touch()
    monkeypatch.setattr(declaration, "ZONES", tmp_path)
    monkeypatch.setattr(declaration, "LOCALES", tmp_path / "SUPPORTED")
    monkeypatch.setattr(declaration, "LAYOUTS", tmp_path / "base.lst")
    declaration.exists({"machine": {"locale": "de_AT.UTF-8", "timezone": "Europe/Vienna"}, "keyboard": {"layout": "us,de"}}, "it")
    for tables, word in (({"machine": {"locale": "de_AT"}}, "locale"), ({"machine": {"timezone": "Europe"}}, "timezone"),
                         ({"machine": {"timezone": "Europe/Linz"}}, "timezone"), ({"keyboard": {"layout": "de,xx"}}, "layout xx"),
                         ({"keyboard": {"layout": "neo"}}, "layout neo")):
        with pytest.raises(Wrong, match=word):
            declaration.exists(tables, "it")


def test_bytes_of_chance_are_refused_in_words():
    """What is on an EFI system partition may be anybody's: it ends in Wrong, or is a declaration."""
    seed = (TOP / "tests/boot/desktop.toml").read_bytes()
    chance = random.Random(7)
    for _ in range(3000):
        data = bytearray(seed)
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(data))
            data[at:at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
        try:
            assert set(read(bytes(data), "it.toml")) <= set(declaration.TABLES)
        except Wrong as wrong:
            assert str(wrong).startswith("it.toml:")


def test_toml_is_as_python_has_it():
    assert tomllib.loads(declaration.write({"user": [{"name": "a", "full-name": "\u20ac\U0001f600"}]}).decode())

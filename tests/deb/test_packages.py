# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages of ./dev deb on a clean Debian 13: installed, used, upgraded, removed and purged, in this order."""

import configparser
import difflib
import json
import os
import re
import shutil
import stat

import pytest

from clean import CLEAN, DEBS, TOP, apt, contents, field, files, inside, older, packages

GOLDEN = TOP + "/tests/deb/contents.txt"
OLD = "0.0.1"
NAMES = ["inos-common", "inos-desktop", "inos-node", "inosctl"]

# A node of the system, asked, and ended. mesh=false: nothing here has a network.
ASK_NODE = r"""
set -e
mkdir -m 755 /run/inos
chown inos:inos /run/inos
setpriv --reuid=inos --regid=inos --clear-groups inos-node --system --group inos --socket-mode 0660 2>/run/log &
i=0
until [ -S /run/inos/node.sock ] || [ $i = 300 ]; do sleep 0.1; i=$((i + 1)); done
[ -S /run/inos/node.sock ] || { cat /run/log; exit 1; }
inosctl --system status --json
setpriv --reuid=4321 --regid=4321 --groups=$(getent group inos | cut -d: -f3) inosctl --system status >/dev/null
! setpriv --reuid=4321 --regid=4321 --clear-groups inosctl --system status >/run/refused 2>&1
grep -q adduser /run/refused
kill $!
wait $!
"""


def installed():
    text = inside("dpkg-query", "-W", "-f", "${db:Status-Abbrev}|${Package}|${Version}\n", *NAMES)
    return {line.split("|")[1]: line.split("|")[2] for line in text.splitlines() if line.startswith("ii ")}


def peer_of_node():
    return json.loads(inside("sh", "-c", ASK_NODE))["peer_id"]


def store():
    """The system node's files with their modes and owners."""
    top = CLEAN + "/var/lib/inos"
    found = {}
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            found[path] = (os.stat(path).st_mode, os.stat(path).st_uid)
    return found


@pytest.fixture(scope="module")
def before():
    """What was there before the first package."""
    return files()


def test_four_packages():
    assert sorted(packages()) == NAMES
    assert len({field(deb, "Version") for deb in packages().values()}) == 1


def test_contents():
    lines = []
    for name, deb in packages().items():
        paths = [re.sub(r"/usr/lib/[a-z0-9_]+-linux-gnu[a-z0-9]*/", "/usr/lib/TRIPLET/", p) for p in contents(deb)]
        lines += [name + ":", *("  " + path for path in paths), ""]
    text = "\n".join(lines)
    if os.environ.get("INOS_WRITE_GOLDEN"):
        with open(GOLDEN, "w", encoding="utf-8") as file:
            file.write(text)
    with open(GOLDEN, encoding="utf-8") as file:
        golden = file.read()
    assert text == golden, "\n".join(difflib.unified_diff(golden.split("\n"), text.split("\n"), "golden", "built"))


def test_an_older_version_installs(before):
    assert before
    shutil.rmtree(DEBS + "/old", ignore_errors=True)
    older(OLD, DEBS + "/old")
    apt("install", *("/mnt/old/" + os.path.basename(deb) for deb in packages(DEBS + "/old").values()))
    assert installed() == dict.fromkeys(NAMES, OLD)


def test_all_libraries_are_there():
    elves = []
    for deb in packages().values():
        for path in contents(deb):
            with open(CLEAN + path, "rb") as file:
                if file.read(4) == b"\x7fELF":
                    elves.append(path)
    assert len(elves) >= 12, elves
    assert "not found" not in inside("ldd", *elves)


def test_programs_say_who_they_are():
    for program in ("inosctl", "inos-node", "inos-bridge", "inos-session", "inos-compositor"):
        assert inside(program, "--version").startswith(program + " 0."), program


def test_a_greeter_finds_the_session():
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(CLEAN + "/usr/share/wayland-sessions/inos.desktop")
    for key in ("Exec", "TryExec"):
        program = entry["Desktop Entry"][key].split()[0]
        assert os.stat(CLEAN + program).st_mode & stat.S_IXOTH, program
    assert os.path.exists(CLEAN + "/etc/pam.d/inos-lock")
    # What the trigger of the schemas has made.
    with open(CLEAN + "/usr/share/glib-2.0/schemas/gschemas.compiled", "rb") as file:
        assert b"org.inos.desktop" in file.read()


def test_nothing_is_started_by_itself():
    links = [os.path.join(folder, name) for folder, _, names in os.walk(CLEAN + "/etc/systemd") for name in names]
    assert not [link for link in links if "inos" in link]


def test_the_node_has_a_user_and_a_folder():
    entry = inside("getent", "passwd", "inos").strip().split(":")
    assert entry[5] == "/var/lib/inos" and entry[6].endswith("/nologin"), entry
    place = os.stat(CLEAN + "/var/lib/inos")
    assert (stat.S_IMODE(place.st_mode), place.st_uid) == (0o700, int(entry[2]))


def test_an_upgrade_keeps_identity_store_and_settings():
    peer, kept = peer_of_node(), store()
    assert kept
    with open(CLEAN + "/etc/inos/node.ini", "a", encoding="utf-8") as file:
        file.write("region=attic\n")
    apt("install", *("/mnt/" + os.path.basename(deb) for deb in packages().values()))
    version = field(packages()["inosctl"], "Version")
    assert installed() == dict.fromkeys(NAMES, version) and version > OLD
    assert store() == kept
    with open(CLEAN + "/etc/inos/node.ini", encoding="utf-8") as file:
        assert file.read().endswith("region=attic\n")
    assert peer_of_node() == peer


def test_removal_keeps_what_is_the_nodes():
    kept = store()
    apt("remove", *NAMES)
    assert not installed() and store() == kept
    assert os.path.exists(CLEAN + "/etc/inos/node.ini")
    assert not os.path.exists(CLEAN + "/usr/bin/inos-node")


def test_purging_leaves_nothing(before):
    apt("purge", *NAMES)
    left, gone = sorted(files() - before), sorted(before - files())
    assert not left and not gone, f"left: {left}, gone: {gone}"
    inside("getent", "passwd", "inos", status=2)
    inside("getent", "group", "inos", status=2)
    assert "inos" not in inside("apt-get", "-s", "autoremove")

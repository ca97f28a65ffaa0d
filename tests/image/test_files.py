# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that an image has beside packages: what apt is told, their modes, and who may read an image."""

import pathlib
import shutil
import subprocess

import pytest

TOP = pathlib.Path(__file__).parents[2]
FILES = TOP / "tools/image/files"


def test_apt_has_updates_and_security_and_whom_to_trust():
    source = FILES / "all/etc/apt/sources.list.d/debian.sources"
    said = subprocess.run(
        ["apt-get", "indextargets", "-o", f"Dir::Etc::sourcelist={source}", "-o", "Dir::Etc::sourceparts=/dev/null", "--format",
         "$(SITE) $(RELEASE) $(COMPONENT) $(SIGNED_BY)", "Created-By: Packages"],
        capture_output=True, text=True, check=True)
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    assert said.stderr == ""
    assert set(said.stdout.splitlines()) == {
        f"http://deb.debian.org/debian trixie main {keys}", f"http://deb.debian.org/debian trixie-updates main {keys}",
        f"http://security.debian.org/debian-security trixie-security main {keys}"}


def shell(top, work, script):
    """Runs @script with the functions of ./dev image, of a checkout @top; whatever has to be root's is the tests'."""
    return subprocess.run(["sh", "-euc", f"""
        say() {{ printf '%s\n' "$*" >&2; }}
        die() {{ say "$@"; exit 1; }}
        as_root() {{ [ "$1" = chown ] || "$@"; }}
        top=$1 work=$2 started=0
        . "{TOP}/tools/image.sh"
        {script}""", "sh", str(top), str(work)], capture_output=True, text=True, check=False)


def mode(file):
    return oct(file.stat().st_mode & 0o7777)


@pytest.mark.parametrize("kind", ["desktop", "node"])
def test_modes_are_not_those_of_a_careful_users_checkout(tmp_path, kind):
    top, tree = tmp_path / "checkout", tmp_path / "work/tree/@"
    shutil.copytree(TOP / "tools/image", top / "tools/image", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(["chmod", "-R", "go=", str(top)], check=True)
    (tree / "etc/ssh").mkdir(parents=True)
    (tree / "etc/ssh").chmod(0o750)
    (tree / "etc").chmod(0o700)
    tree.chmod(0o711)
    result = shell(top, tmp_path / "work", f"image_kind={kind} epoch=1767225600; umask 022; image_own_files")
    assert result.returncode == 0 and result.stderr == ""
    # What Debian has stays.
    assert mode(tree) == "0o711" and mode(tree / "etc") == "0o700" and mode(tree / "etc/ssh") == "0o750"
    for file in set(tree.rglob("*")) - {tree / "etc", tree / "etc/ssh"}:
        runs = file.is_dir() or any(line == b"#!/bin/sh\n" for line in file.open("rb").readlines()[:1])
        assert mode(file) == ("0o755" if runs else "0o644"), file
        assert file.is_dir() or file.suffix == ".py" or file.stat().st_mtime == 1767225600
    assert len(list(tree.rglob("inos-first-join.service"))) == 1 and (tree / "usr/lib/inos-image/first_boot.py").exists()


def test_an_image_is_its_users_alone(tmp_path):
    work, system = tmp_path / "work", tmp_path / "system"
    (system / "esp").mkdir(parents=True)
    work.mkdir()
    (system / "root.btrfs").write_text("file system")
    (system / "packages").write_text("inos 0\n")
    (work / "first-boot.toml").write_text("")
    output = tmp_path / "it.raw"
    # systemd-repart and python3 of the Debian root.
    result = shell(TOP, work, f"""
        image_tools() {{
          case $1 in systemd-repart) echo disk >"$work/disk.raw" ;; python3) echo 4096 ;; *) return 1 ;; esac
        }}
        umask 022
        image={tmp_path} system={system} epoch=1767225600 esp_mib=256 system_key=1 esp_uuid=1 root_uuid=2
        image_format=raw output={output}
        image_disk""")
    assert result.returncode == 0, result.stderr
    assert mode(output) == "0o600" and mode(tmp_path / "it.raw.packages") == "0o644"
    assert output.read_bytes()[4096:] == b"file system"

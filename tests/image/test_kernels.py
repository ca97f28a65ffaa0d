# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels on the EFI system partition, when updates bring and take them: the image's scripts, told of other folders than
a machine's, with stand-ins for ukify and sync that write down what is there when they are called."""

import os
import pathlib
import signal
import subprocess
import types

import pytest

FILES = pathlib.Path(__file__).parents[2] / "tools/image/files/all"
UKIFY = """#!/bin/sh
for argument; do case $argument in --output=*) new=${argument#*=} ;; esac; done
echo "unified" >"$new"
"""
SYNC = """#!/bin/sh
echo "$*: $(ls %s)" >>%s
"""


@pytest.fixture
def machine(tmp_path):
    linux, calls, programs = tmp_path / "efi/EFI/Linux", tmp_path / "calls", tmp_path / "bin"
    for folder in (linux, programs):
        folder.mkdir(parents=True)
    for name in ("usr/lib/inos-image/uki", "etc/kernel/postrm.d/zz-inos-uki"):
        script = programs / pathlib.Path(name).name
        script.write_text((FILES / name).read_text().replace("/efi", str(tmp_path / "efi")))
        script.chmod(0o755)

    def stand_in(name, text):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)

    def run(*argv, **variables):
        environment = {"PATH": f"{programs}:{os.environ['PATH']}", **variables}
        return subprocess.run([str(programs / argv[0]), *argv[1:]], env=environment, capture_output=True, text=True, check=False)

    stand_in("mountpoint", "#!/bin/sh\n")
    stand_in("ukify", UKIFY)
    stand_in("sync", SYNC % (linux, calls))
    return types.SimpleNamespace(linux=linux, calls=calls, run=run, stand_in=stand_in, names=lambda: sorted(os.listdir(linux)))


def test_it_is_on_the_disk_before_it_has_its_name_and_after(machine):
    assert machine.run("uki", "6.1").returncode == 0
    assert machine.names() == ["inos-6.1.efi"]
    assert machine.calls.read_text().splitlines() == [
        f"{machine.linux}/inos-6.1.new: inos-6.1.new", f"-f {machine.linux}: inos-6.1.efi"]


def test_one_that_fails_leaves_the_one_before_and_nothing_else(machine):
    (machine.linux / "inos-6.1.efi").write_text("before")
    machine.stand_in("ukify", UKIFY + "echo 'no space left' >&2; exit 1\n")
    result = machine.run("uki", "6.1")
    assert result.returncode == 1 and "no space left" in result.stderr
    assert machine.names() == ["inos-6.1.efi"] and (machine.linux / "inos-6.1.efi").read_text() == "before"


def test_one_that_is_stopped_leaves_nothing(machine):
    machine.stand_in("ukify", UKIFY + "kill -TERM $PPID\n")
    assert machine.run("uki", "6.1").returncode not in (0, -signal.SIGTERM)
    assert machine.names() == []


def test_what_the_power_ended_is_cleared_away(machine):
    (machine.linux / "inos-6.0.new").write_text("half")
    assert machine.run("uki", "6.1").returncode == 0 and machine.names() == ["inos-6.1.efi"]


@pytest.mark.parametrize("why, stays", [
    ("upgrade 6.1-2", True), ("'upgrade' '6.1-2'", True), ("failed-upgrade 1", True), ("abort-install", True), ("", True),
    ("remove", False), ("purge", False), ("'remove'", False), ("'purge'", False)])
def test_a_kernel_goes_when_its_package_does_and_not_when_it_is_upgraded(machine, why, stays):
    for version in ("6.1", "6.2"):
        (machine.linux / f"inos-{version}.efi").write_text("unified")
    assert machine.run("zz-inos-uki", "6.1", "/boot/vmlinuz-6.1", DEB_MAINT_PARAMS=why).returncode == 0
    assert machine.names() == (["inos-6.1.efi"] if stays else []) + ["inos-6.2.efi"]

"""The plug is pulled while the node writes: the next start finds all of it whole. Takes two starts: with INOS_LONG."""

import json
import os
import subprocess

import pytest
from desk import is_up, wait_for
from machine import FOLDER, Machine

WRITES = "while :; do inosctl terminals open true; inosctl session save; done >/dev/null 2>&1 &"


@pytest.mark.skipif(not os.environ.get("INOS_LONG"), reason="two starts of a machine: with INOS_LONG")
def test_the_plug_is_pulled(machines):
    machines.end()
    disk = FOLDER / "plug.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(FOLDER / "disk.raw"), str(disk)],
                   check=True)
    try:
        peer = begin(disk, pull)
        assert begin(disk, check) == peer, "the node has another identity"
    finally:
        disk.unlink()


def begin(disk, then):
    machine = Machine(disk=disk)
    try:
        machine.wait_for_shell(300)
        wait_for("the session is not up", lambda: is_up(machine), 300)
        peer = json.loads(machine.user("inosctl status --json"))["node"]["peer_id"]
        then(machine)
        return peer
    finally:
        machine.end()  # by SIGKILL


def pull(machine):
    machine.root("sync")
    machine.user(WRITES)
    wait_for("nothing is written", lambda: "windows-kept" in machine.root("ls /home/user/.local/state/inos"))


def check(machine):
    state = json.loads(machine.user("inosctl status --json"))["session"]
    assert all(part["state"] == "running" for part in state["components"]), state
    assert not machine.root("journalctl -b -k -q --no-pager | grep -iE 'ext4-fs error|i/o error|corrupt'", check=False)
    # No bad start, and nothing that cannot be read.
    assert state["safe_mode"] is False
    machine.user("inosctl session list")
    machine.user("inosctl mesh peers")

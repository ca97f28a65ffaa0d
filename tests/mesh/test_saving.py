# SPDX-License-Identifier: GPL-3.0-or-later
"""On a metered network and on battery the mesh spends less. NetworkManager and UPower are mocks (system.py)."""

import pathlib

import pytest

from node import Refused, until
from system import NETWORK, POWER, System

DHT = "/inos/kad/1.0.0"

# Of a battery of its own the kernel tells the node, whatever the mocks say; the test of that is test-thrift.c.
pytestmark = pytest.mark.skipif(
    any(kind.read_text() == "Battery\n" for kind in pathlib.Path("/sys/class/power_supply").glob("*/type")),
    reason="this machine has a battery")


@pytest.fixture
def system(tmp_path, monkeypatch):
    made = System(tmp_path)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", made.address)
    yield made
    made.close()


def said(node):
    status = node.status()
    return tuple(status[key] for key in ("metered", "metered-why", "battery", "battery-why", "saving"))


def until_said(node, *what):
    until(lambda: said(node) == what, f"{what}; it is {said(node)}")


def speaks(node, other):
    return DHT in node.inspect(other.id)["protocols"]


@pytest.mark.sanitized
def test_what_the_system_says(system, nodes):
    """It follows what comes, changes and goes; peers are told that the DHT is not served, and that it is again."""
    node, other = nodes(), nodes(metered="no", battery="no")
    other.connect(node.address())
    until(lambda: speaks(other, node), "that it serves the DHT")
    until_said(node, False, "unknown", False, "unknown", False)
    system.start(NETWORK, 1)
    until_said(node, True, "system", False, "unknown", True)
    until(lambda: not speaks(other, node), "that it serves the DHT no more")
    system.start(POWER, True)
    until_said(node, True, "system", True, "system", True)
    system.say(NETWORK, 2)
    until_said(node, False, "system", True, "system", True)
    system.say(NETWORK, 3)
    until_said(node, True, "system", True, "system", True)
    system.stop(NETWORK)
    until_said(node, False, "unknown", True, "system", True)
    system.say(POWER, False)
    until_said(node, False, "unknown", False, "system", False)
    until(lambda: speaks(other, node), "that it serves the DHT again")
    assert said(other) == (False, "set", False, "set", False)
    assert "spends less" in node.text() and "spends as usual" in node.text() and "spends less" not in other.text()


def test_what_a_person_says(system, nodes):
    """What is set goes before what the system says, from the settings and while the node runs."""
    system.start(NETWORK, 1)
    node = nodes(metered="no", battery="yes")
    until_said(node, False, "set", True, "set", True)
    node.ask("mesh.save", "()", "(ss)", "auto", "no")
    until_said(node, True, "system", False, "set", True)
    node.ask("mesh.save", "()", "(ss)", "no", "auto")
    until_said(node, False, "set", False, "unknown", False)
    with pytest.raises(Refused):
        node.ask("mesh.save", "()", "(ss)", "perhaps", "no")
    assert said(node)[0] is False


def test_sends_less(system, nodes):
    """At 64 KiB a second 1 MiB takes a while; when the network costs no more it goes at once."""
    node, other = nodes(metered_send_max="64"), nodes(perf="true")
    node.connect(other.address())
    node.ask("mesh.save", "()", "(ss)", "yes", "auto")
    _, _, took = node.ask("mesh.perf", "(ttt)", "(stt)", other.id, 256 << 10, 0)
    assert took > 2e9
    node.ask("mesh.save", "()", "(ss)", "no", "auto")
    assert node.ask("mesh.limits", "(a(sttt))")[0] == []
    _, _, took = node.ask("mesh.perf", "(ttt)", "(stt)", other.id, 256 << 10, 0)
    assert took < 2e9


def test_no_bus(nodes, monkeypatch, tmp_path):
    """Without a system bus it is as ever."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    assert said(nodes()) == (False, "unknown", False, "unknown", False)

# SPDX-License-Identifier: GPL-3.0-or-later
"""inos-bridge against a real dbus-daemon and a real inos-node."""

import os
import signal
import socket
import time

from gi.repository import GLib

from harness import BRIDGE, NODE, Fixture, check, equal, run_tests, turn, wait_for


def ready_without_node(f):
    """the bridge is ready while there is no node, and says so"""
    f.bridge()
    equal(f.get("Connected"), False)
    equal(f.get("PeerId"), "")
    equal(f.get("StartedAt"), 0)
    f.refused("Refresh", None, "org.inos.Error.NotConnected")
    equal(f.subscribe(250), 250)


def properties(f):
    """the properties are this machine's"""
    f.node()
    f.bridge()
    f.connected()
    all_ = f.get_all()
    with open("/proc/meminfo", encoding="ascii") as file:
        meminfo = dict(line.split(":") for line in file)
    equal(all_["MemoryTotal"], int(meminfo["MemTotal"].split()[0]) * 1024)
    equal(len(all_["CpuCores"]), len([c for c in os.listdir("/sys/devices/system/cpu")
                                      if c[3:].isdigit()]))
    equal(all_["HostName"], socket.gethostname())
    check(all_["PeerId"].startswith("12D3KooW"), all_["PeerId"])
    equal(len(all_["PublicKey"]), 64)
    check(0 <= all_["Uptime"] < 30, all_["Uptime"])
    check(abs(all_["StartedAt"] / 1e6 - time.time()) < 30, all_["StartedAt"])
    check(0 <= all_["CpuUsage"] <= 100)
    equal(round(all_["CpuUsage"], 1), all_["CpuUsage"])
    equal(all_["MemoryAvailable"] % (1 << 20), 0)


def samples(changes):
    """Those that are of a sample: other properties change when they do."""
    return [change for change in changes if {"SampledAt", "CpuUsage", "MemoryAvailable"} & set(change)]


def gap(changes):
    """The middle of the times between samples, in ms: a busy machine makes some of them late."""
    stamps = [change["SampledAt"] for change in samples(changes)]
    gaps = sorted(b - a for a, b in zip(stamps, stamps[1:]))
    return gaps[len(gaps) // 2] / 1000


def rate(f):
    """a subscriber gets one PropertiesChanged a sample, at the rate it asked for"""
    f.node()
    f.bridge()
    f.connected()
    seen = f.changes()
    equal(f.subscribe(200), 200)
    del seen[:]
    wait_for(lambda: len(samples(seen)) >= 12, "twelve changes", 30)
    stamps = [change.get("SampledAt") for change in samples(seen)]
    check(None not in stamps, "a change without SampledAt")
    equal(len(set(stamps)), len(stamps), "samples split over several signals:")
    check(100 <= gap(seen) <= 300, gap(seen), "ms between two samples")
    check(not any("Uptime" in change or "PeerId" in change for change in seen), "said needlessly")


def vanishing(f):
    """a subscriber that leaves the bus lowers the rate; so does Unsubscribe"""
    f.node()
    f.bridge()
    f.connected()
    seen = f.changes()
    fast = f.connect()
    equal(f.subscribe(1000), 1000)
    equal(f.subscribe(100, fast), 100)
    del seen[:]
    wait_for(lambda: len(samples(seen)) >= 8, "eight changes", 30)
    check(gap(seen) <= 200, gap(seen), "ms between two samples")
    fast.close_sync(None)
    turn(0.3)
    del seen[:]
    wait_for(lambda: len(samples(seen)) >= 4, "four changes after the fast one left", 30)
    check(gap(seen) >= 700, gap(seen), "ms between two samples after the fast one left")
    f.call("Unsubscribe")
    turn(0.2)
    del seen[:]
    turn(1.5)
    check(len(samples(seen)) <= 1, len(seen), "changes without a subscriber")


def refresh(f):
    """Refresh returns when the properties hold a fresh sample"""
    f.node()
    f.bridge()
    f.connected()
    before = f.get("SampledAt")
    f.call("Refresh")
    check(f.get("SampledAt") > before)


def bad_calls(f):
    """malformed calls are refused by name and harm nothing"""
    f.bridge()
    bad = "org.inos.Error.InvalidArgument"
    for interval in (0, 99, 3600001, 0xFFFFFFFF):
        f.refused("Subscribe", GLib.Variant("(u)", (interval,)), bad)
    args = "org.freedesktop.DBus.Error.InvalidArgs"
    f.refused("Subscribe", GLib.Variant("(s)", ("100",)), args)
    f.refused("Subscribe", None, args)
    f.refused("Refresh", GLib.Variant("(u)", (1,)), args)
    f.refused("Reboot", None, "org.freedesktop.DBus.Error.UnknownMethod")
    equal(f.get("Connected"), False)


def node_restart(f):
    """a killed node shows in Connected, a new one has the same peer and a new start time"""
    node = f.node()
    f.bridge()
    f.connected()
    f.subscribe(200)
    before = f.get_all()
    seen = f.changes()
    node.send_signal(signal.SIGKILL)
    node.wait()
    wait_for(lambda: {"Connected": False} in seen, "Connected: false, and nothing else")
    after = f.get_all()
    equal((after["PeerId"], after["MemoryTotal"]), (before["PeerId"], before["MemoryTotal"]))
    turn(6.5)  # past the back-off: from here on only the folder's monitor can tell
    started = time.monotonic()
    f.node()
    f.connected()
    check(time.monotonic() - started < 2, "reconnecting took too long")
    equal(f.get("PeerId"), before["PeerId"])
    check(f.get("StartedAt") > before["StartedAt"])
    del seen[:]
    turn(1.2)
    check(len(seen) >= 3, "the subscription was lost with the node")


def bridge_restart(f):
    """a killed bridge costs the node nothing"""
    f.node()
    bridge = f.bridge()
    f.connected()
    started = f.get("StartedAt")
    bridge.send_signal(signal.SIGKILL)
    bridge.wait()
    f.bridge()
    f.connected()
    equal(f.get("StartedAt"), started)


def ends(f):
    """SIGTERM ends the bridge with 0, a name or a bus that is lost with 1"""
    bridge = f.bridge()
    second = f.spawn(BRIDGE, stderr=f.log)
    equal(second.wait(15), 1, "status of a second bridge:")
    bridge.terminate()
    equal(bridge.wait(15), 0)
    orphan = f.bridge()
    f.daemon.terminate()
    equal(orphan.wait(15), 1, "status without a bus:")


def switches(pid):
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status", encoding="ascii") as file:
            total += int([x for x in file if x.startswith("voluntary")][0].split()[1])
    return total


def sleeps(f):
    """without a node the bridge does not wake up once its first tries are over"""
    bridge = f.bridge()
    time.sleep(7)
    before = switches(bridge.pid)
    time.sleep(4)
    equal(switches(bridge.pid) - before, 0, "wake-ups in 4 s:")


def machines_folder(f):
    """the folder of the machine's node is not the bridge's to make, and the node is found once it is there"""
    os.makedirs(f.folder + "/config/inos")
    with open(f.folder + "/config/inos/node.ini", "w", encoding="utf-8") as file:
        file.write("[mesh]\nnode=system\n")
    f.env["XDG_CONFIG_HOME"] = f.folder + "/config"
    f.env["INOS_SYSTEM_SOCKET"] = f.folder + "/machine/node.sock"
    f.bridge()
    equal(f.get("PeerId"), "")
    check(not os.path.exists(f.folder + "/machine"), "the bridge has made the folder")
    os.mkdir(f.folder + "/machine", 0o700)
    f.spawn(NODE, "--state-dir", f.folder + "/state-machine", "--socket", f.folder + "/machine/node.sock")
    wait_for(lambda: f.get("PeerId") != "", "the machine's node", 20)


if __name__ == "__main__":
    run_tests([ready_without_node, properties, rate, vanishing, refresh, bad_calls, node_restart,
               bridge_restart, ends, sleeps, machines_folder], Fixture)

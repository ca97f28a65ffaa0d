# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of network namespaces: hosts 10.77.0.1 and so on at a switch that can be split in two."""

import os
import pathlib
import subprocess


def ip(*arguments):
    return subprocess.run(["ip", *arguments], capture_output=True, text=True)


def must(*arguments):
    done = ip(*arguments)
    assert done.returncode == 0, f"ip {' '.join(arguments)}: {done.stderr}"


# How many neighbours the kernel remembers, in all namespaces together: 1,024 are enough for 32 hosts.
NEIGHBOURS = pathlib.Path("/proc/sys/net/ipv4/neigh/default/gc_thresh3")


class NotPermitted(Exception):
    pass


class Network:
    def __init__(self):
        self.name = f"inosm{os.getpid()}"
        self.switch = f"{self.name}s"
        self.hosts = []
        self.neighbours = NEIGHBOURS.read_text()
        if ip("netns", "add", self.switch).returncode != 0:
            raise NotPermitted
        if os.access(NEIGHBOURS, os.W_OK):
            NEIGHBOURS.write_text("8192")
        for bridge in ("br0", "br1"):
            must("-n", self.switch, "link", "add", bridge, "type", "bridge")
            must("-n", self.switch, "link", "set", bridge, "up")

    def add(self):
        """Another host; what runs a command on it."""
        number = len(self.hosts) + 1
        host = f"{self.name}n{number}"
        must("netns", "add", host)
        self.hosts.append(host)
        must("-n", self.switch, "link", "add", f"v{number}", "type", "veth", "peer", "name", "eth0", "netns", host)
        must("-n", self.switch, "link", "set", f"v{number}", "master", "br0", "up")
        must("-n", host, "addr", "add", f"10.77.{number // 250}.{number % 250}/16", "dev", "eth0")
        must("-n", host, "link", "set", "lo", "up")
        must("-n", host, "link", "set", "eth0", "up")
        must("-n", host, "route", "add", "default", "dev", "eth0")
        return ["ip", "netns", "exec", host]

    def split(self, indices):
        """The hosts with these places, from 0 on, reach each other and nobody else; nor do the rest."""
        for index in range(len(self.hosts)):
            must("-n", self.switch, "link", "set", f"v{index + 1}", "master", "br1" if index in indices else "br0")

    def heal(self):
        self.split([])

    def close(self):
        for one in (*self.hosts, self.switch):
            ip("netns", "del", one)
        if os.access(NEIGHBOURS, os.W_OK):
            NEIGHBOURS.write_text(self.neighbours)

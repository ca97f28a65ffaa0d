# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers that the settings name, by names too: with a DNS server (names.py) in a network namespace."""

import pathlib
import subprocess
import sys

import pytest

from node import until

SERVER = pathlib.Path(__file__).with_name("names.py")


class Names:
    def __init__(self, network, folder):
        self.zone, self.log, resolv = folder / "zone", folder / "asked", folder / "resolv.conf"
        self.zone.write_text("")
        self.host = network.add()  # 10.77.0.1
        resolv.write_text("nameserver 10.77.0.1\noptions timeout:1 attempts:1\n")
        self.resolve = ["unshare", "--mount", "sh", "-c", f"mount --bind {resolv} /etc/resolv.conf && exec \"$@\"", "sh"]
        self.process = subprocess.Popen([*self.host, sys.executable, str(SERVER), "10.77.0.1", str(self.zone)],
                                        stdout=open(self.log, "w"))

    def asked(self, what):
        return self.log.read_text().splitlines().count(what)

    def close(self):
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def names(network, tmp_path):
    made = Names(network, tmp_path)
    yield made
    made.close()


def start(names, network, at, bootstrap):
    return at([*network.add(), *names.resolve], listen="/ip4/0.0.0.0/tcp/4630", bootstrap=bootstrap)


def test_names(names, network, at):
    """A name in TXT records, one that leads to it, and one in an A record: each node finds the first by it. What stands in
    the records of others, or is nothing, is passed over."""
    first = at(network.add(), listen="/ip4/0.0.0.0/tcp/4630")
    place = f"/ip4/10.77.0.2/tcp/4630/p2p/{first.id}"
    names.zone.write_text(f"_dnsaddr.mesh.test TXT dnsaddr={place}\n_dnsaddr.mesh.test TXT v=spf1\n"
                          "_dnsaddr.mesh.test TXT dnsaddr=/ip4/10.77.0.2\n_dnsaddr.mesh.test TXT dnsaddr=/dnsaddr/mesh.test\n"
                          f"_dnsaddr.more.test TXT dnsaddr=/dnsaddr/mesh.test/p2p/{first.id}\nfirst.test A 10.77.0.2\n")
    for bootstrap in ("/dnsaddr/mesh.test", f"/dnsaddr/more.test/p2p/{first.id}",
                      f"/dns4/first.test/tcp/4630/p2p/{first.id}", f"/dns/first.test/tcp/4630/p2p/{first.id}"):
        node = start(names, network, at, bootstrap)
        until(lambda: first.id in node.peers(), bootstrap)
        assert "bootstrap" not in node.text()
    assert names.asked("_dnsaddr.mesh.test TXT") < 20  # a name that leads to itself ends


def test_not_found(names, network, at):
    """A name that is not there is said once, looked for again, and then found."""
    first = at(network.add(), listen="/ip4/0.0.0.0/tcp/4630")
    node = start(names, network, at, "/dnsaddr/late.test")
    until(lambda: names.asked("_dnsaddr.late.test TXT") > 0, "the question")
    until(lambda: "/dnsaddr/late.test" in node.text(), "that it is not found")
    names.zone.write_text(f"_dnsaddr.late.test TXT dnsaddr=/ip4/10.77.0.2/tcp/4630/p2p/{first.id}\n")
    until(lambda: first.id in node.peers(), "that it is found", 40)
    assert node.text().count("Cannot find /dnsaddr/late.test") == 1


def test_dialled_again(nodes):
    """Who is not there yet when the node starts is dialled again."""
    late = nodes(listen="/ip4/127.0.0.1/tcp/0")
    address = late.address()
    late.kill()
    node = nodes(bootstrap=address)
    assert node.peers() == []
    port = address.split("/")[4]
    ini = late.directory / "node.ini"
    ini.write_text(ini.read_text().replace("/tcp/0", f"/tcp/{port}"))
    late.start()
    until(lambda: late.id in node.peers(), "the second dial", 60)

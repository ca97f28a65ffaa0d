# SPDX-License-Identifier: GPL-3.0-or-later
"""A node behind a router that maps ports (miniupnpd) is found at the router's address, and only as long as it lives."""

import pytest

from nat import CLAIMED, PUBLIC
from node import until


@pytest.mark.parametrize("upnp", [False, True], ids=["nat-pmp", "upnp"])
def test_mapped(internet, at, tmp_path, upnp):
    (home, router, number), (host, _) = internet.add_home(), internet.add()
    internet.map_ports(router, tmp_path, upnp)
    node = at(home, listen="/ip4/0.0.0.0/tcp/4630 /ip4/0.0.0.0/tcp/4631/ws", port_mapping="true")
    said = CLAIMED if upnp else f"{PUBLIC}.{number}"
    places = ["tcp/4630", "tcp/4631/ws"]
    until(lambda: {f"/ip4/{said}/{place}" for place in places} <= set(node.addresses()), "the ports outside")
    assert node.status()["port-mapping"] == ("upnp" if upnp else "nat-pmp")
    for place in places:
        other = at(host, listen="/ip4/127.0.0.1/tcp/0")
        assert other.connect(f"/ip4/{PUBLIC}.{number}/{place}/p2p/{node.id}") == node.id
        assert other.ping(node.id) > 0 and not other.inspect(node.id)["relayed"]
    assert "4630" in internet.mapped(router)
    assert node.stop() == 0
    until(lambda: "dnat" not in internet.mapped(router), "the end of the mappings")


def test_nobody_maps(internet, at):
    """A router that maps nothing: the node says so, and ends at once."""
    home, _, number = internet.add_home()
    node, quiet = (at(home, listen=f"/ip4/0.0.0.0/tcp/{port}", **more)
                   for port, more in ((4630, {"port_mapping": "true"}), (4640, {})))
    assert quiet.status()["port-mapping"] == "off"
    until(lambda: node.status()["port-mapping"] == "none", "its word")
    assert not any(PUBLIC in one for one in node.addresses())

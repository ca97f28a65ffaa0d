# SPDX-License-Identifier: GPL-3.0-or-later
"""An internet of network namespaces: hosts with public addresses (of those that are for documents), and homes behind
routers that translate addresses, as people have them."""

import os
import subprocess

from network import NotPermitted, ip, must

# IPv4 of RFC 5737; IPv6 of RFC 9637, which js-libp2p too takes for public.
PUBLIC, PUBLIC6 = "203.0.113", "3fff:77:"
# What a router says that its address is which would not say one for documents; nothing is sent there.
CLAIMED = "192.0.1.1"


def run(namespace, *command, stdin=None):
    done = subprocess.run(["ip", "netns", "exec", namespace, *command], input=stdin, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout


def forward(namespace):
    """Lets it route; /proc/sys may be mounted so that nobody can write to it."""
    run(namespace, "unshare", "--mount", "sh", "-c",
        "mount -t proc proc /proc && echo 1 >/proc/sys/net/ipv4/ip_forward")


class Internet:
    def __init__(self):
        self.name = f"inosi{os.getpid()}"
        self.switch = f"{self.name}s"
        self.namespaces, self.hosts, self.routers = [], 0, []
        if ip("netns", "add", self.switch).returncode != 0:
            raise NotPermitted
        self.namespaces.append(self.switch)
        must("-n", self.switch, "link", "add", "br0", "type", "bridge")
        must("-n", self.switch, "link", "set", "br0", "up")

    def add_namespace(self):
        namespace = f"{self.name}n{len(self.namespaces)}"
        must("netns", "add", namespace)
        self.namespaces.append(namespace)
        must("-n", namespace, "link", "set", "lo", "up")
        return namespace

    def plug_in(self, namespace):
        """Gives it the next public address, 203.0.113.1 and 3fff:77::1 and so on, at its device wan."""
        self.hosts += 1
        port = f"v{self.hosts}"
        must("-n", self.switch, "link", "add", port, "type", "veth", "peer", "name", "wan", "netns", namespace)
        must("-n", self.switch, "link", "set", port, "master", "br0", "up")
        must("-n", namespace, "addr", "add", f"{PUBLIC}.{self.hosts}/24", "dev", "wan")
        must("-n", namespace, "addr", "add", f"{PUBLIC6}:{self.hosts}/64", "dev", "wan", "nodad")
        must("-n", namespace, "link", "set", "wan", "up")
        return self.hosts

    def add(self):
        """A host that everybody reaches: what runs a command there, and its number."""
        namespace = self.add_namespace()
        return ["ip", "netns", "exec", namespace], self.plug_in(namespace)

    def shut(self, prefix):
        """From now on the host, what runs a command there, takes no connection from outside."""
        run(prefix[-1], "nft", "-f", "-", stdin="""
            table inet door {
              chain input { type filter hook input priority 0; iifname wan meta l4proto tcp ct state new drop; }
            }
            """)

    def add_home(self, symmetric=False, rejects=False):
        """A host behind a router of its own that lets only answers in. symmetric: each connection has another port
        outside; rejects: the router says that nobody listens there, in place of nothing. Returns: what runs a command on the host, the router's namespace and its number."""
        router, host = self.add_namespace(), self.add_namespace()
        number = self.plug_in(router)
        must("-n", router, "link", "add", "lan", "type", "veth", "peer", "name", "eth0", "netns", host)
        must("-n", router, "addr", "add", f"192.168.{number}.1/24", "dev", "lan")
        must("-n", router, "link", "set", "lan", "up")
        must("-n", host, "addr", "add", f"192.168.{number}.2/24", "dev", "eth0")
        must("-n", host, "link", "set", "eth0", "up")
        must("-n", host, "route", "add", "default", "via", f"192.168.{number}.1")
        forward(router)
        run(router, "nft", "-f", "-", stdin=f"""
            table ip home {{
              chain leave {{
                type nat hook postrouting priority 100
                oifname wan meta l4proto {{ tcp, udp }} masquerade {"random" if symmetric else ""}
              }}
              chain enter {{ type filter hook forward priority 0; ct status dnat accept; iifname wan ct state new drop; }}
              chain input {{ type filter hook input priority 0; iifname wan meta l4proto tcp ct state new {"reject with tcp reset" if rejects else "drop"}; }}
            }}
            """)
        return ["ip", "netns", "exec", host], router, number

    def map_ports(self, router, directory, upnp):
        """Has the router map ports for whoever asks: by UPnP, or else by NAT-PMP."""
        run(router, "nft", "-f", "-", stdin="""
            table inet mapped {
              chain forward { }
              chain before { type nat hook prerouting priority -100; jump ports; }
              chain ports { }
              chain after { type nat hook postrouting priority 99; jump leaving; }
              chain leaving { }
            }
            """)
        settings = {"ext_ifname": "wan", "listening_ip": "lan", "ext_allow_private_ipv4": "yes",
                    "enable_upnp": "yes" if upnp else "no", "enable_pcp_pmp": "no" if upnp else "yes",
                    "secure_mode": "yes", "upnp_table_name": "mapped", "upnp_nat_table_name": "mapped",
                    "upnp_forward_chain": "forward", "upnp_nat_chain": "ports",
                    "upnp_nat_postrouting_chain": "leaving", "uuid": "c20b9389-8bca-41f7-a182-6ba3a12e261c",
                    "notify_interval": "60", "system_uptime": "yes"}
        if upnp:
            settings["ext_ip"] = CLAIMED
        path = directory / "miniupnpd.conf"
        path.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        self.routers.append(subprocess.Popen(
            ["ip", "netns", "exec", router, "miniupnpd", "-d", "-f", str(path), "-P", str(directory / "pid")],
            stdout=open(directory / "log", "w"), stderr=subprocess.STDOUT))

    def mapped(self, router):
        """What it lets in, as nft says."""
        return run(router, "nft", "list", "chain", "inet", "mapped", "ports")

    def close(self):
        for router in self.routers:
            router.terminate()
            router.wait(10)
        for one in self.namespaces:
            ip("netns", "del", one)

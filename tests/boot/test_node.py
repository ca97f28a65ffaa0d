"""An image without a desktop: the node of the system, and an invitation that it takes."""

import json

from desk import wait_for

IMAGE = "node"
# Another node, of whom the first one hears by an invitation.
OTHER = ("mkdir -p /tmp/other && printf '[mesh]\\nlisten=/ip4/127.0.0.1/tcp/4700\\ndiscovery=false\\n' >/tmp/other/node.ini &&"
         " systemd-run -q --unit=other inos-node --state-dir /tmp/other --config /tmp/other/node.ini --socket /tmp/other/sock")
ASK = ("dbus-run-session sh -c 'inos-bridge --socket {socket} & until busctl --user --auto-start=no status org.inos.Node1"
       " >/dev/null 2>&1; do sleep 1; done; {command}'")
SYSTEM = "/run/inos/node.sock"


def test_node_of_the_system_runs(machine):
    assert machine.root("systemctl is-active inos-node") == "active"
    assert machine.root("ps -o user= -C inos-node") == "inos"
    assert "keller" in machine.root("inosctl --system status") and machine.root("hostname") == "keller"
    assert machine.root("systemctl --failed --no-legend --no-pager") == ""


def test_there_is_no_desktop(machine):
    assert machine.root("systemctl get-default") == "multi-user.target"
    assert machine.root("ls /usr/bin/inos-compositor /usr/sbin/greetd 2>/dev/null", check=False) == ""


def test_nothing_of_the_build_is_left(machine):
    assert machine.root("ls /etc/apt/sources.list.d") == "debian.sources"
    assert machine.root("cat /etc/apt/sources.list /etc/dpkg/dpkg.cfg.d/* 2>/dev/null", check=False) == ""
    assert set(machine.root("stat -c %a / /home /.snapshots /etc /usr/lib/inos-image").split()) == {"755"}


def test_who_has_a_key_is_an_administrator_and_no_password_counts(machine):
    assert {"sudo", "inos"} <= set(machine.root("id -Gn ops").split())
    assert machine.root("runuser -u ops -- inosctl --system status")
    assert machine.root("systemctl is-active ssh") == "active"
    settings = machine.root("sshd -T").lower().splitlines()
    assert "passwordauthentication no" in settings and "hostkey /etc/ssh/ssh_host_ed25519_key" in settings


def test_node_takes_the_invitation(machine):
    machine.root(OTHER)
    wait_for("the other node does not start", lambda: machine.root("test -S /tmp/other/sock && echo yes", check=False))
    code = machine.root(ASK.format(socket="/tmp/other/sock", command="inosctl mesh invite --json"), seconds=120)
    code = json.loads(code[code.index("{"):])["code"]
    machine.root(f"umask 077; mkdir -p /var/lib/inos-first-boot; echo {code} >/var/lib/inos-first-boot/invite")
    machine.root("systemctl start --no-block inos-first-join")
    wait_for("the invitation is not taken", lambda: machine.root("ls /var/lib/inos-first-boot") == "", 240)
    roll = machine.root(ASK.format(socket=SYSTEM, command="inosctl mesh roll --json"), seconds=120)
    assert roll.count('"peer"') == 2 or roll.count("12D3") >= 2, roll
    assert machine.root("systemctl --failed --no-legend --no-pager") == ""


def test_starting_again_keeps_its_identity(place):
    machine = place.machine
    before = machine.root("sha256sum /var/lib/inos/identity.key")
    machine = place.machine = machine.again()
    assert machine.root("sha256sum /var/lib/inos/identity.key") == before
    assert machine.root("systemctl is-active inos-node") == "active"

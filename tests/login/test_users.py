"""Two people on one machine, at once: neither has anything of the other's."""

import json

from desk import is_up, wait_for
from machine import FOLDER

HER = "XDG_RUNTIME_DIR=/run/user/$(id -u other)"


def her(machine, command, **options):
    """Runs a command as the other person, on her bus."""
    return machine.root(f"runuser -u other -- env {HER} DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$(id -u other)/bus "
                        f"sh -c '{command}'", **options)


def hers_is_up(machine):
    answer = her(machine, "inosctl status --json", check=False)
    return answer.startswith("{") and json.loads(answer)["session"]["state"] in ("running", "degraded")


def test_two_at_once(machine):
    wait_for("the session is not up", lambda: is_up(machine), 240)
    machine.root("id other || useradd -m -s /bin/bash other; install -m 600 -o user /dev/null /home/user/secret")
    # A session of her own by PAM, without a screen: there is one seat.
    machine.root("systemd-run --unit=hers -p User=other -p PAMName=login -p Type=exec -E LANG=C.UTF-8 "
                 "inos-session --headless --size 640x480")
    try:
        wait_for("hers is not up", lambda: hers_is_up(machine), 240)
    finally:
        (FOLDER / "hers.log").write_text(machine.root(
            "systemctl status hers --no-pager -l; journalctl -b -q --no-pager _UID=$(id -u other)", check=False))
    mine = machine.user("inosctl terminals open sleep 1000")
    assert mine in machine.user("inosctl terminals")
    assert "sleep" not in her(machine, "inosctl terminals")
    # Not the other's socket, nor their bus, their display, their files.
    for path in ("inos/node.sock", "inos/terminals.sock", "bus", "wayland-0"):
        refused = her(machine, f"python3 -c \"import socket; socket.socket(socket.AF_UNIX).connect(\\\"/run/user/1000/{path}\\\")\"",
                      check=False)
        assert "Permission denied" in refused, path
    for path in ("/home/user/secret", "/home/user/.local/state/inos/session.log", "/home/user/.local/share/inos"):
        assert "Permission denied" in her(machine, f"ls {path}/. 2>&1; cat {path} 2>&1", check=False), path
    # Two nodes with names of their own.
    peers = [json.loads(text)["node"]["peer_id"] for text in (
        machine.user("inosctl status --json"), her(machine, "inosctl status --json"))]
    assert peers[0] != peers[1]
    # Hers ends, and nothing of mine.
    her(machine, "inosctl logout")
    wait_for("hers stays", lambda: machine.root("systemctl is-active hers", check=False) != "active", 60)
    assert is_up(machine) and mine in machine.user("inosctl terminals")

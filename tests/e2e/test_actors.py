"""The node's actors in a real session: one is stopped, and nobody notices."""

import json

import pytest

from session import wait_for

pytestmark = pytest.mark.sanitized


def actor(session, name):
    return next((row for row in session.inosctl("actors") if row["name"] == name), None)


def test_monitor_comes_back_and_the_panel_goes_on(session):
    wait_for("no figures", lambda: session.get("org.inos.Shell1", "PanelFigures")[2])
    node = session.component("node")
    before = actor(session, "monitor")
    assert session.inosctl("actors", "stop", "monitor") == {"id": before["id"]}
    after = wait_for("no monitor", lambda: (row := actor(session, "monitor")) and row["id"] != before["id"] and row)
    assert after["restarts"] == before["restarts"] + 1
    sampled = session.get("org.inos.Node1", "SampledAt")
    wait_for("no new figures", lambda: session.get("org.inos.Node1", "SampledAt") > sampled)
    assert session.get("org.inos.Node1", "Connected")
    assert session.component("node") == node, "the node itself was started again"


def test_tree_of_a_session(session):
    tree = session.run("inosctl", "actors").stdout
    for name in ("keeper", "node", "identity", "monitor", "api", "connections", "feed", "server"):
        assert name in tree
    connection = actor(session, "connection")
    assert json.loads(session.run("inosctl", "actors", "inspect", connection["id"], "--json").stdout)["behaviour"] == \
        "node_connection"
    assert session.run("inosctl", "actors", "inspect", "nobody", check=False).returncode == 4


def test_circles_and_paths_of_a_session(session):
    assert session.run("inosctl", "actors", "cycles").stdout == "No actors wait for each other.\n"
    # The monitor's tick is heard by the feed, which tells the bridge, though not of every one.
    def event(steps):
        return next((step for step in steps if step["type"] == "node_connection.event"), None)

    steps = wait_for("no event", lambda: event(steps := session.inosctl("actors", "trace", "feed", "--path")) and steps)
    assert (steps[0]["name"], steps[0]["type"], steps[0]["cause"]) == ("feed", "node_machine.seen", "0")
    assert (event(steps)["cause"], event(steps)["outcome"]) == (steps[0]["id"], "handled")

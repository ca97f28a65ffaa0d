# SPDX-License-Identifier: GPL-3.0-or-later
"""Who leads a group: real nodes that elect a primary, are killed, cut off and lied to; never two at once."""

import time

import pytest

from node import Node, Refused, until

GROUP = "store"
SETTINGS = {"listen": "/ip4/0.0.0.0/tcp/4630", "discovery": "true"}
PATIENCE = 90  # s; on an idle machine the next primary is there after 3 to 6


def rows(node):
    """name → (primary, epoch, token, lease, members)."""
    return {row[0]: row[1:] for row in node.ask("mesh.groups", "(a(ssttta(ss)))")[0]}


def join(node, members, group=GROUP):
    node.ask("mesh.group-join", "()", "(sas)", group, [one.id for one in members])


def found(nodes):
    """A group of these, who are connected to each other."""
    for index, node in enumerate(nodes):
        for other in nodes[:index]:
            node.connect(other.address())
    for node in nodes:
        join(node, nodes)


class History:
    """All that was ever seen: who led in which epoch, and when somebody surely held the lease."""

    def __init__(self, nodes):
        self.nodes = nodes
        self.leaders = {}
        self.held = []

    def note_epoch(self, epoch, who):
        assert self.leaders.setdefault(epoch, who) == who, f"two primaries in epoch {epoch}"

    def note_lease(self, who, epoch, start, end):
        for other, before, since, until_ in self.held:
            assert other == who or end <= since or until_ <= start, \
                f"{who} (epoch {epoch}) and {other} (epoch {before}) held the lease at once"
        self.held.append((who, epoch, start, end))

    def look(self):
        """Asks everybody that is up. Returns who says that it may write: (node, token)."""
        holders = []
        for node in self.nodes:
            if node.process.poll() is not None:
                continue
            before = time.monotonic()
            primary, epoch, token, lease, _ = rows(node)[GROUP]
            after = time.monotonic()
            if primary:
                self.note_epoch(epoch, primary)
            if token:
                assert primary == node.id and token == epoch
                holders.append((node, token))
                if after < before + lease / 1000:
                    self.note_lease(node.id, epoch, after, before + lease / 1000)
        return holders

    def kill(self, node):
        node.kill()
        now = time.monotonic()
        self.held = [(who, epoch, start, min(end, now) if who == node.id else end)
                     for who, epoch, start, end in self.held]

    def wait(self, above=0, among=None, what="a primary"):
        """Until one that is allowed holds the lease in a later epoch, and all the others of those know it."""
        among = among or [node for node in self.nodes if node.process.poll() is None]

        def led():
            for node, token in self.look():
                if token > above and node in among and all(
                        rows(one)[GROUP][:2] == (node.id, token) for one in among):
                    return node, token
            return None
        return until(led, what, PATIENCE)


def killed(nodes, count, rounds):
    group = [nodes() for _ in range(count)]
    found(group)
    history = History(group)
    primary, token = history.wait()
    for _ in range(rounds):
        history.kill(primary)
        start = time.monotonic()
        other, later = history.wait(above=token, what="the next primary")
        print(f"{count} nodes: the next primary after {time.monotonic() - start:.1f} s")
        assert other is not primary
        until(lambda lost=primary, other=other: dict(rows(other)[GROUP][4])[lost.id] == "gone", "it is gone", PATIENCE)
        primary.start()
        for node in group:
            if node is not primary:
                primary.connect(node.address())
        primary, token = history.wait(above=later - 1, what="all know it")
        until(lambda: {state for _, state in rows(other)[GROUP][4]} == {"self", "there"}, "all are there", PATIENCE)
    return group, history, primary, token


def test_three(nodes):
    killed(nodes, 3, 2)


def test_five(nodes):
    """Without a majority there is none; with it there is one again, in a later epoch."""
    group, history, primary, token = killed(nodes, 5, 1)
    lost = [primary, *[node for node in group if node is not primary][:2]]
    for node in lost:
        history.kill(node)
    rest = [node for node in group if node not in lost]
    until(lambda: all(rows(node)[GROUP][0] == "" for node in rest), "nobody knows of a primary", PATIENCE)
    end = time.monotonic() + 4
    while time.monotonic() < end:
        assert history.look() == []
        time.sleep(0.1)  # a connection has its share of requests
    lost[0].start()
    for node in rest:
        lost[0].connect(node.address())
    _, later = history.wait(above=token, what="a primary of three")
    assert later > token


def test_partition(network):
    three = [Node(SETTINGS, prefix=network.add()) for _ in range(3)]
    try:
        for node in three:
            join(node, three)
        history = History(three)
        primary, token = history.wait()
        rest = [node for node in three if node is not primary]
        network.split([three.index(primary)])
        _, later = history.wait(above=token, among=rest, what="the primary of the larger part")
        until(lambda: rows(primary)[GROUP][2] == 0, "the lease is over", PATIENCE)
        network.heal()
        until(lambda: history.look() is not None and rows(primary)[GROUP][1] >= later, "it hears of the other", 180)
        history.wait(above=later - 1)
    finally:
        for node in three:
            node.stop()


def test_resign_and_leave(nodes):
    group = [nodes() for _ in range(3)]
    found(group)
    history = History(group)
    primary, token = history.wait()
    for node in group:
        rows(node)
        node.events.clear()
    history.held.clear()  # what is given back is not held to its end
    primary.ask("mesh.group-resign", "()", "(s)", GROUP)
    other, later = history.wait(above=token, what="another primary")
    assert other is not primary
    told = [node_value for name, data in primary.events if name == "mesh.group-changed"
            for node_value in [primary.value("(sst)", data)]]
    assert (GROUP, other.id, later) in told
    with pytest.raises(Refused) as refused:
        primary.ask("mesh.group-resign", "()", "(s)", GROUP)
    assert refused.value.code == "not-found"

    # Who leaves is not asked any more; two of three are a majority.
    history.held.clear()
    other.ask("mesh.group-leave", "()", "(s)", GROUP)
    assert GROUP not in rows(other)
    rest = [node for node in group if node is not other]
    history.nodes = rest
    _, third = history.wait(above=later, what="a primary of two")
    assert third > later
    # It comes again with what it voted, also after kill -9.
    other.kill()
    other.start()
    assert GROUP not in rows(other)
    for node in rest:
        other.connect(node.address())
    join(other, group)
    history.nodes = group
    history.wait(above=third - 1, what="it follows")


def test_what_cannot_be(nodes):
    node, other = nodes(), nodes()
    for name, members in (("", [node]), ("a" * 65, [node]), (GROUP, [other, other])):
        with pytest.raises(Refused) as refused:
            join(node, members, name)
        assert refused.value.code == "bad-payload"
    with pytest.raises(Refused):
        node.ask("mesh.group-join", "()", "(sas)", GROUP, ["nobody"])
    with pytest.raises(Refused):
        node.ask("mesh.group-join", "()", "(sas)", GROUP, [node.id] * 8)
    for message in ("mesh.group-leave", "mesh.group-resign"):
        with pytest.raises(Refused) as refused:
            node.ask(message, "()", "(s)", GROUP)
        assert refused.value.code == "not-found"
    assert rows(node) == {}
    join(node, [other])
    with pytest.raises(Refused):
        join(node, [other])
    # Alone in its group it leads at once; of two it does not.
    join(node, [], "alone")
    until(lambda: rows(node)["alone"][2] > 0, "a primary of one", PATIENCE)
    assert rows(node)[GROUP][0] == ""
    # The vote of a file that is damaged is not known: the node stays out of the group.
    node.kill()
    for file in (node.directory / "state" / "groups").glob("*.group"):
        if GROUP.encode() in file.read_bytes():
            file.write_bytes(file.read_bytes()[:-1])
    node.start()
    assert set(rows(node)) == {"alone"} and "is damaged" in node.text()
    with pytest.raises(Refused):
        join(node, [other])


def test_other_lists(nodes):
    """Who has the group with other members is not heard, nor asked."""
    three = [nodes() for _ in range(3)]
    for node in three[1:]:
        node.connect(three[0].address())
    join(three[0], three[:2])
    join(three[1], three[:2])
    join(three[2], three)
    history = History(three[:2])
    history.wait()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        assert rows(three[2])[GROUP][0] == ""
        assert len(history.look()) <= 1
        time.sleep(0.1)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is a member: invitations, requests, revocation, and what is left for strangers."""

import random

import pytest

from js import Failed
from node import Node, Refused, until

PUBLIC = {"/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0", "/inos/join/1.0.0",
          "/libp2p/circuit/relay/0.2.0/hop", "/libp2p/circuit/relay/0.2.0/stop",
          "/libp2p/autonat/2/dial-request", "/libp2p/autonat/2/dial-back",
          "/inos/actor/1.0.0", "/inos/actors/1.0.0"}  # which have lists of their own
PRIVATE = {"/inos/roll/1.0.0", "/inos/member/1.0.0", "/inos/kad/1.0.0", "/meshsub/1.1.0"}


def invite(node, hours=24, uses=1, ask=False):
    return node.ask("mesh.invite", "(sx)", "(uub)", hours, uses, ask)[0]


def join(node, whom):
    return node.ask("mesh.join", "(s)", "(s)", whom)[0]


def roll(node):
    """id → standing."""
    return {row[0]: row[2] for row in node.ask("mesh.roll", "(sssa(ssssxu))")[3]}


def standing(node):
    return node.status()["standing"]


def requests(node):
    return [row[0] for row in node.ask("mesh.requests", "(a(sssbtb))")[0] if row[3]]


def decide(node, peer, accept):
    node.ask("mesh.decide", "()", "(sb)", peer, accept)


def revoke(node, peer):
    node.ask("mesh.revoke", "()", "(s)", peer)


def audit(node, what=None):
    """(what, peer) of each line."""
    rows = [row[1:3] for row in node.ask("mesh.audit", "(a(ssss))", "(u)", 1000)[0]]
    return [row[1] for row in rows if row[0] == what] if what else rows


def subscribe(node, topic):
    node.ask("mesh.subscribe", "()", "(s)", topic)


def publish(node, topic, text):
    return node.ask("mesh.publish", "(u)", "(say)", topic, text.encode())[0]


def listeners(node, topic):
    return {row[0]: row[1] for row in node.ask("mesh.topics", "(a(suut))")[0]}.get(topic, 0)


def members(node):
    return {row[0] for row in node.ask("mesh.members", "(ua(ssstuututsb))", "(u)", 1024)[1] if row[1] == "alive"}


def agree(nodes, wanted, what):
    """All say the same of these: id → standing."""
    for node in nodes:
        until(lambda node=node: all(roll(node).get(name) == word for name, word in wanted.items()),
              f"{what}: {wanted}; {node.id} has {roll(node)}")


def mesh_of(nodes, count):
    """A founder, and those that it has invited."""
    made = [nodes() for _ in range(count)]
    for node in made[1:]:
        assert join(node, invite(made[0])) == "member"
    agree(made, {node.id: "member" for node in made}, "all are members")
    return made


def refused(code, function, *arguments):
    with pytest.raises(Refused) as raised:
        function(*arguments)
    assert code in str(raised.value), str(raised.value)


@pytest.mark.sanitized
def test_invitation(nodes):
    """With a code one comes in at once, and is one of them: topics, values and members."""
    one, other = nodes(), nodes()
    assert one.status()["access"] == "open" and standing(one) == "none"
    code = invite(one)
    assert one.status()["access"] == "members" and standing(one) == "member"
    assert join(other, code.upper()) == "member"
    assert other.status()["access"] == "members"
    agree([one, other], {one.id: "member", other.id: "member"}, "both are members")
    for node in (one, other):
        subscribe(node, "news")
    until(lambda: listeners(one, "news") == 1 and listeners(other, "news") == 1, "the subscriptions")
    publish(one, "news", "welcome")
    assert other.wait_message("news") == (one.id, b"welcome")
    until(lambda: members(one) == members(other) == {one.id, other.id}, "members by SWIM")
    until(lambda: set(one.inspect(other.id)["protocols"]) >= PRIVATE, "what members speak")
    assert audit(one, "invited") == [one.id] and audit(one, "accepted") == [other.id]
    assert other.id in audit(other, "joined")


@pytest.mark.sanitized
def test_codes_that_do_not_count(nodes):
    one, other, third = nodes(), nodes(), nodes()
    code = invite(one)
    refused("typing error", join, other, code[:-1] + ("a" if code[-1] != "a" else "b"))
    refused("typing error", join, other, code[:40])
    refused("neither", join, other, "nonsense")
    refused("itself", join, one, code)
    join(other, code)
    refused("was used", join, third, code)
    assert audit(one, "refused") == [third.id] and standing(third) == "none"
    join(third, invite(one, uses=2))
    refused("in a mesh already", join, third, invite(one))
    refused("1 to 720", invite, one, 0)
    refused("1 to 720", invite, one, 721)
    refused("1 to 720", invite, one, 1, 0)


@pytest.mark.sanitized
def test_request(nodes):
    """Without a code, or with one that asks, a person decides; both sides have wanted it."""
    one, other, third = nodes(), nodes(), nodes()
    refused("in no mesh", join, other, one.address())
    members(one)  # from now on it is told
    code = invite(one, ask=True)
    assert join(other, one.address()) == "waiting" and join(third, code) == "waiting"
    until(lambda: set(requests(one)) == {other.id, third.id}, "the requests")
    assert standing(other) == "none" and roll(one) == {one.id: "member"}
    told = [one.value("(ss)", data)[0] for name, data in one.events if name == "mesh.requested"]
    assert set(told) == {other.id, third.id}
    decide(one, other.id, True)
    until(lambda: standing(other) == "member", "the acceptance")
    decide(one, third.id, False)
    until(lambda: not third.status()["joining"], "the refusal")
    assert standing(third) == "none"
    refused("not-found", decide, one, nodes().id, True)
    assert audit(one, "requested") == [other.id, third.id] and audit(one, "refused") == [third.id]
    decide(one, third.id, True)  # a person may think again
    assert join(third, one.address()) == "member"


@pytest.mark.sanitized
def test_strangers(nodes, peers):
    """A js peer gets what is public and nothing else."""
    one, other = mesh_of(nodes, 2)
    for node in (one, other):
        subscribe(node, "news")
    stranger = peers()
    stranger.do("dial", to=one.address())
    said = stranger.wait("identify", peer=one.id)
    assert set(said["protocols"]) <= PUBLIC and "/ipfs/ping/1.0.0" in said["protocols"]
    assert stranger.do("ping", to=one.id)["ms"] >= 0
    for protocol in PRIVATE:
        with pytest.raises(Failed):
            stranger.do("open", to=one.id, protocol=protocol)
    assert one.ping(stranger.id) > 0
    stranger.do("subscribe", topic="news")
    assert publish(one, "news", "for members") == 1
    assert other.wait_message("news") == (one.id, b"for members")
    assert stranger.id not in one.inspect(stranger.id).get("protocols", [])
    assert not stranger.do("subscribers", topic="news")["peers"]
    assert stranger.id in audit(one, "stranger-refused")
    assert listeners(one, "news") == 1


def varint(number):
    return bytes([number]) if number < 0x80 else bytes([number & 0x7f | 0x80, number >> 7])


def test_garbage(nodes, peers):
    """What a stranger may say is answered or refused, and changes nothing."""
    one, other = mesh_of(nodes, 2)
    invite(one)
    before = roll(one)
    stranger = peers(dht=False)
    stranger.do("dial", to=one.address())

    def tell(message):
        try:
            return bytes.fromhex(stranger.do("tell", to=one.id, protocol="/inos/join/1.0.0",
                                             hex=(varint(len(message)) + message).hex())["hex"])
        except Failed:
            return None
    offer = tell(b"\x08\x01")  # ASK: this mesh, era 1
    mesh = offer[5:37]
    assert offer[1:5] == b"\x08\x01\x12\x20" and offer[37:] == b"\x18\x01"
    statements = (one.directory / "state" / "mesh" / "roll").read_bytes()[12:]
    assert statements.startswith(b"\x0a")
    proof = b"\x3a" + varint(len(statements)) + statements
    assert tell(b"\x08\x03\x12\x20" + mesh + proof)[1:] == b"\x08\x0c"  # SHOW of others' membership: a stranger
    assert tell(b"\x08\x03\x12\x20" + bytes(32) + proof)[1:] == b"\x08\x0a"  # another mesh
    assert tell(b"\x08\x02\x12\x20" + mesh + b"\x18\x01\x2a\x40" + bytes(64)) is None  # JOIN that it has not signed
    assert tell(b"\x08\x02\x12\x20" + mesh + b"\x18\x02\x2a\x40" + bytes(64))[1:] == b"\x08\x0b"  # of another era
    chance = random.Random(4630)
    for _ in range(60):
        message = bytearray(b"\x08\x03\x12\x20" + mesh + proof)
        for _ in range(chance.randrange(1, 6)):
            message[chance.randrange(len(message))] = chance.randrange(256)
        tell(bytes(message))
        tell(chance.randbytes(chance.randrange(1, 200)))
    assert roll(one) == before and not requests(one)
    assert one.status()["standing"] == "member"


def test_closes(nodes, peers):
    """Whoever was there when the mesh got members is a stranger from then on; who leaves is open again."""
    one, peer = nodes(), peers(dht=False)
    subscribe(one, "news")
    peer.do("subscribe", topic="news")
    one.connect(peer.address())
    until(lambda: listeners(one, "news") == 1, "the subscription")
    invite(one)
    until(lambda: listeners(one, "news") == 0, "its end")
    one.ask("mesh.leave")
    until(lambda: one.status()["access"] == "open", "an open mesh")
    assert standing(one) == "none" and audit(one, "left") == [one.id]
    one.connect(peer.address())
    until(lambda: listeners(one, "news") == 1, "the subscription again")


def test_access(nodes, peers):
    """What node.ini says goes before."""
    open_one, closed, peer = nodes(access="open"), nodes(access="members"), peers(dht=False)
    for node in (open_one, closed):
        subscribe(node, "news")
        node.connect(peer.address())
    peer.do("subscribe", topic="news")
    join(nodes(), invite(open_one))
    until(lambda: listeners(open_one, "news") >= 1, "the stranger's subscription")
    assert listeners(closed, "news") == 0
    assert join(closed, invite(open_one)) == "member"


def test_stranger_through_a_member(nodes, peers):
    """What a stranger wrote is not heard, though a member that lets everybody in brings it."""
    middle, one, stranger = nodes(access="open"), nodes(), peers(dht=False)
    assert join(one, invite(middle)) == "member"
    subscribe(middle, "news")
    subscribe(one, "news")
    stranger.do("subscribe", topic="news")
    middle.connect(stranger.address())
    until(lambda: listeners(middle, "news") == 2, "both subscriptions")
    until(lambda: middle.id in stranger.do("subscribers", topic="news")["peers"], "the member's")
    stranger.do("publish", topic="news", text="from a stranger")
    assert middle.wait_message("news") == (stranger.id, b"from a stranger")
    publish(middle, "news", "from a member")
    assert one.wait_message("news") == (middle.id, b"from a member")


def test_revoke(nodes):
    """Who is revoked is out with everybody, knows it, and cannot come back."""
    one, other, third = mesh_of(nodes, 3)
    other.connect(third.address())
    for node in (one, other, third):
        subscribe(node, "news")
    until(lambda: listeners(other, "news") == 2, "the subscriptions")
    refused("nearer to the founder", revoke, other, one.id)
    refused("nearer to the founder", revoke, other, third.id)
    code = invite(third)
    until(lambda: third.status()["datagrams-received"] > 0, "datagrams")
    before = one.status()["datagrams-refused"] + other.status()["datagrams-refused"]
    revoke(one, third.id)
    agree([one, other, third], {one.id: "member", other.id: "member", third.id: "revoked"}, "it is out")
    for node in (one, other):
        until(lambda node=node: third.id not in node.peers() and third.id not in members(node), "the end")
        until(lambda node=node: listeners(node, "news") == 1, "its subscription's end")
        assert third.id in audit(node, "revoked")
    until(lambda: one.status()["datagrams-refused"] + other.status()["datagrams-refused"] > before,
          "its datagrams to be refused")
    for whom in (one, other):
        third.connect(whom.address())
    third.ask("mesh.publish", "(u)", "(say)", "news", b"I am still here")
    publish(one, "news", "it is not")
    assert other.wait_message("news") == (one.id, b"it is not")
    refused("revoked", join, third, invite(one))
    refused("may not invite", join, nodes(), code)
    third.ask("mesh.leave")
    until(lambda: standing(third) == "none", "it has forgotten the mesh")
    refused("revoked", join, third, invite(one))
    assert roll(one)[third.id] == "revoked"


def test_actors(nodes):
    """"members" are those on the roll; strangers reach what is public, even where they are named."""
    one, other = mesh_of(nodes, 2)
    stranger = nodes()
    stranger.connect(one.address())
    for name, who in {"hall": ["public"], "kitchen": ["members"], "door": [other.id, stranger.id]}.items():
        one.ask("actors.open", "()", "(su)", name, 8)
        one.ask("mesh.allow", "()", "(sas)", name, who)

    def reaches(node):
        return node.ask("mesh.actors", "(as)", "(s)", one.id)[0]
    assert reaches(other) == ["door", "hall", "kitchen"] and reaches(stranger) == ["hall"]
    revoke(one, other.id)
    until(lambda: standing(other) == "revoked", "that it hears of it")
    other.connect(one.address())
    assert reaches(other) == ["hall"]


def test_whom_the_revoked_one_invited(nodes):
    """They stay, by the word of who revoked."""
    one, other = mesh_of(nodes, 2)
    third = nodes()
    assert join(third, invite(other)) == "member"
    agree([one, other, third], {third.id: "member"}, "the third is there")
    revoke(one, other.id)
    agree([one, third], {one.id: "member", other.id: "revoked", third.id: "member"}, "it stays")
    until(lambda: one.id in third.peers() or third.id in one.peers(), "they find each other")


def test_leave(nodes):
    one, other = mesh_of(nodes, 2)
    other.ask("mesh.leave")
    agree([one], {other.id: "left"}, "it has left")
    until(lambda: standing(other) == "none", "it is nobody's member")
    assert join(other, invite(one)) == "member"
    agree([one, other], {other.id: "member"}, "it is back")
    assert other.id in audit(one, "left")


@pytest.mark.sanitized
def test_restart(nodes):
    """What was promised is on the disk: the roll, and which invitations count."""
    one, other = mesh_of(nodes, 2)
    used, fresh = invite(one), invite(one)
    assert join(nodes(), used) == "member"
    before = roll(one)
    for node in (one, other):
        node.kill()
        node.start()
    assert roll(one) == before and one.status()["access"] == "members" and standing(other) == "member"
    late = [nodes(), nodes()]
    for node in late:
        node.connect(one.address())  # which is not in the code: its port is another one now
    refused("was used", join, late[0], used)
    assert join(late[1], fresh) == "member"
    assert len(audit(one, "joined")) == 4  # and itself


def test_damaged(nodes):
    """A roll that cannot be read opens the mesh to nobody; one that ends early is filled up by others."""
    one, other = mesh_of(nodes, 2)
    one.kill()
    path = one.directory / "state" / "mesh" / "roll"
    whole = path.read_bytes()
    chance = random.Random(21)
    for content in (b"", whole[:7], chance.randbytes(2000), b"inos mesh 1\n" + chance.randbytes(2000)):
        path.write_bytes(content)
        one.start()
        assert one.status()["access"] == "members" and standing(one) == "none"
        refused("damaged", invite, one)
        one.kill()
    path.unlink()
    one.start()
    assert one.status()["access"] == "open"
    assert join(one, other.address()) == "member"  # the others know it still
    agree([one], {one.id: "member", other.id: "member"}, "it is back")
    one.kill()
    path.write_bytes(whole[:-50])
    (one.directory / "state" / "mesh" / "invitations").write_bytes(chance.randbytes(500))
    one.start()
    assert one.status()["access"] == "members"
    other.connect(one.address())
    agree([one, other], {one.id: "member", other.id: "member"}, "the roll is whole again")


def test_many(nodes):
    """Each invites the next: all are members for all, who have met one only."""
    chain = [nodes()]
    for _ in range(5):
        chain.append(nodes())
        assert join(chain[-1], invite(chain[-2])) == "member"
    agree(chain, {node.id: "member" for node in chain}, "all know all")
    for node in chain:
        until(lambda node=node: len(members(node)) == len(chain), "members by SWIM")


def test_partition(network):
    """Revoked on one side of a partition, it is out on the other as soon as that ends, whatever it did there."""
    settings = {"listen": "/ip4/0.0.0.0/tcp/4630", "discovery": "true"}
    made = []
    try:
        for _ in range(4):
            made.append(Node(settings, prefix=network.add()))
        one, two, bad, late = made
        for node in (two, bad):
            join(node, invite(one))
        agree([one, two, bad], {node.id: "member" for node in (one, two, bad)}, "all are members")
        until(lambda: two.id in bad.peers(), "a connection")
        network.split([1, 2, 3])
        revoke(one, bad.id)
        assert roll(two)[bad.id] == "member"
        assert join(late, invite(bad)) == "member"  # which it may not any more
        agree([two, bad, late], {late.id: "member"}, "the other side believes it")
        network.heal()
        agree([one, two, bad], {one.id: "member", two.id: "member", bad.id: "revoked"}, "it is out")
        assert roll(one).get(late.id, "none") != "member"
        until(lambda: roll(two).get(late.id, "none") != "member", "whom it let in is out too")
        for node in (one, two):
            until(lambda node=node: bad.id not in members(node), "no member by SWIM")
    finally:
        for node in made:
            node.stop()

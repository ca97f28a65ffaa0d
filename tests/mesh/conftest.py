# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes and peers of a test, which end with it."""

import pytest

from js import Peer
from nat import Internet
from network import Network, NotPermitted
from node import Node


@pytest.fixture
def nodes():
    """Makes nodes: nodes(setting=value, …)."""
    made = []

    def make(**settings):
        made.append(Node({key.replace("_", "-"): value for key, value in settings.items()}))
        return made[-1]
    yield make
    for node in made:
        if node.process.poll() is None:
            assert node.stop() == 0


@pytest.fixture
def peers():
    """Makes js-libp2p peers: peers(pubsub="floodsub", …)."""
    made = []

    def make(**wish):
        made.append(Peer(**wish))
        return made[-1]
    yield make
    for peer in made:
        peer.stop()


@pytest.fixture
def network():
    try:
        made = Network()
    except NotPermitted:
        pytest.skip("network namespaces are not permitted here")
    yield made
    made.close()


@pytest.fixture
def internet():
    try:
        made = Internet()
    except NotPermitted:
        pytest.skip("network namespaces are not permitted here")
    yield made
    made.close()


@pytest.fixture
def at():
    """Makes nodes: at(what runs a command there, setting=value, …)."""
    made = []

    def make(prefix, **settings):
        made.append(Node({key.replace("_", "-"): value for key, value in settings.items()}, prefix=prefix))
        return made[-1]
    yield make
    for node in made:
        if node.process.poll() is None:
            assert node.stop() == 0


def pytest_configure(config):
    config.addinivalue_line("markers", "sanitized: also run on the ASan and UBSan build")

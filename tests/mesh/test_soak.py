# SPDX-License-Identifier: GPL-3.0-or-later
"""Five nodes that do everything they can with each other, for 20 s or, with --long, for an hour: their memory stays flat.

Flat is: from a third of the time on, when what is kept is full (ids of messages are kept for two minutes), the memory that
the five have for themselves grows by less than 10 bytes a deed, all five taken together. Each frequent kind of deed is a
fifth of all, so that 100 bytes that one end loses in each of one kind are 20 bytes a deed. In 20 s a page more or less counts
for too much; there, a deed may cost 2 KiB, which finds what loses a buffer or a stream."""

import json
import os
import time

import pytest

from soak import Soak, slope

LONG = bool(os.environ.get("INOS_LONG"))
SECONDS = float(os.environ.get("INOS_SOAK_SECONDS") or (3600 if LONG else 20))
MOST = 10 if SECONDS >= 1800 else 2048  # bytes a deed
SERIES = os.environ.get("INOS_SOAK_SERIES")  # a file, a line of JSON for each sample


def keep(sample, start):
    if SERIES:
        with open(SERIES, "a", encoding="utf-8") as file:
            file.write(json.dumps({"seconds": round(time.monotonic() - start), **sample}) + "\n")
    return sample


@pytest.fixture
def soak(nodes):
    return Soak([nodes(perf="true") for _ in range(5)])


def test_memory_is_flat(soak):
    start = time.monotonic()
    samples = []
    while time.monotonic() - start < SECONDS:
        began = time.monotonic()
        soak.round()
        if time.monotonic() - start >= len(samples) * SECONDS / 120:
            samples.append(keep(soak.sample(), start))
        if LONG:  # a hundred deeds a second are enough in an hour
            time.sleep(max(0, began + 1 - time.monotonic()))
    later = samples[len(samples) // 3:]
    grown = slope([(one["deeds"], one["private"] * 1024) for one in later])
    assert grown < MOST, f"{grown:.1f} bytes a deed: {later}"
    # Connections come and go: at the end there are as many files as in the beginning, and as many threads.
    assert later[-1]["files"] <= later[0]["files"] + 2 * len(soak.nodes), later
    assert later[-1]["threads"] <= later[0]["threads"] + len(soak.nodes), later
    assert soak.refused < soak.deeds / 2
    # What was said while connections broke may be lost; that is little.
    for heard in soak.heard.values():
        assert heard > soak.published * 0.7

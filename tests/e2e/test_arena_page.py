"""A real page reads an arena that is written as fast as can be, and does what a hostile page would."""

import json
import os
import pathlib

BUILT = pathlib.Path(__file__).parents[2] / "build" / os.environ.get("INOS_BUILD", "debug")


def page(session, mode, seconds):
    extensions = BUILT / "install" / "lib" / "inos" / "web-process"
    result = session.run(str(BUILT / "tests/shell/arena/arena-page"), mode, str(seconds), str(extensions),
                         str(BUILT / "tests/shell/arena/arena-page.js"), timeout=60)
    return json.loads(result.stdout.strip().split("\n")[-1])


def test_no_read_is_torn_whoever_is_killed(session):
    result = page(session, "torn", 4)
    assert result["wrong"] == "" and result["alive"] and result["page"], result
    assert result["seen"]["torn"] == 0, result
    assert result["seen"]["whole"] > 100 and result["kills"] >= 3, result


def test_a_page_that_writes_hurts_itself_alone(session):
    result = page(session, "hostile", 1)
    assert result["alive"], "the web process died"
    assert result["scribbled"] is True and result["untouched"] and result["still-untouched"], result
    assert result["after"] == 2, "the page does not go on"
    # What it has scribbled over is the node's again once it is opened again, and its new buffer works too.
    assert result["wrong"] == "" and result["again"]["whole"] > 0 and result["at-last"]["whole"] > 0, result
    assert result["again"]["torn"] == result["at-last"]["torn"] == 0, result

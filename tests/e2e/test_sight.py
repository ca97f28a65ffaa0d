"""The magnifier and inverted colours, as a person at the screen sees them."""

import pathlib

import pytest
from clients import colours
from PIL import Image, ImageChops

from pointer import Pointer
from session import Session, wait_for

pytestmark = pytest.mark.sanitized

ACCESS = "org.inos.Compositor1.Accessibility"


def shot(session, name):
    """What grim copies is what the screen shows."""
    folder = pathlib.Path(__file__).parents[2] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"sight-{name}.png"
    session.run("grim", str(path))
    return Image.open(path).convert("RGB")


def set_access(session, name, value):
    session.run("gdbus", "call", "--session", "--dest", "org.inos.Compositor1",
                "--object-path", "/org/inos/Compositor1",
                "--method", "org.freedesktop.DBus.Properties.Set", ACCESS, name, value)


def differs(one, other):
    """How much of two pictures is not the same, from 0 to 1."""
    difference = ImageChops.difference(one, other).convert("L")
    return sum(difference.histogram()[32:]) / (one.width * one.height)


def settled(session):
    """The picture once nothing moves any more below the panel."""
    pictures = [shot(session, "plain")]

    def is_still():
        pictures.append(shot(session, "plain"))
        return differs(*(each.crop((0, 40, *each.size)) for each in pictures[-2:])) == 0

    wait_for("the screen does not come to rest", is_still)
    return pictures[-1]


def test_magnified_and_inverted():
    with Session() as session, Pointer(session) as pointer:
        process, window = session.open_foot("sh", "-c", "ls -la /; sleep 300")
        x, y, width, height = window["Geometry"]
        pointer.move(x + 40, y + 40)
        wait_for("nothing is listed", lambda: colours(shot(session, "plain"), (x, y, x + width, y + height)) > 20)
        plain = settled(session)
        set_access(session, "Magnifier", "<uint32 200>")

        def is_magnified():
            left, top = (x + 40) / 2, (y + 40) / 2
            part = plain.resize(plain.size, Image.BILINEAR,
                                (left, top, left + plain.width / 2, top + plain.height / 2))
            return differs(part, shot(session, "magnified")) < 0.02

        wait_for("the screen is not magnified", is_magnified)
        set_access(session, "Magnifier", "<uint32 100>")
        set_access(session, "InvertColours", "<true>")
        wait_for("the colours are not inverted",
                 lambda: differs(ImageChops.invert(plain), shot(session, "inverted")) < 0.02)
        set_access(session, "InvertColours", "<false>")
        wait_for("the screen is not as it was",
                 lambda: differs(plain, shot(session, "again")) < 0.02)
        process.kill()

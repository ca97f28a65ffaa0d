"""One machine for each file of tests, which go in order."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "login"))


class Place:
    """The machine that is on: a test that starts it anew puts another one there."""

    def __init__(self, name):
        from image_machine import ImageMachine  # once the path is set
        self.machine = ImageMachine(name)


@pytest.fixture(scope="module")
def place(request):
    place = Place(request.module.IMAGE)
    try:
        place.machine.started()
        yield place
        place.machine.keep_journal()
    finally:
        place.machine.end()


@pytest.fixture
def machine(place):
    return place.machine

"""What the tests of real programs share: opening them, and looking at what they show."""

import contextlib
import pathlib
import subprocess
import tempfile

from PIL import Image
from pictures import apart
from session import PATIENCE, wait_for


def end(process, seconds=10):
    """Ends a program as a session does; one that does not listen is killed."""
    process.terminate()
    try:
        process.wait(seconds * PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def program(session, *argv, environment=None):
    """Runs a program in the session; its process has `said()`, what it wrote so far."""
    log = tempfile.NamedTemporaryFile("w+", dir=session.folder, suffix=".log",
                                      prefix=pathlib.Path(argv[0]).name)
    process = subprocess.Popen(
        [str(a) for a in argv], env={**session.environment, **(environment or {})},
        stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)

    def said():
        with open(log.name, errors="replace") as text:
            return text.read()

    process.said = said
    try:
        yield process
    finally:
        end(process)
        log.close()


@contextlib.contextmanager
def window_of(session, *argv, environment=None, title=None, seconds=20):
    """Likewise, and waits for its window, whose title has `title` in it: (process, window)."""
    before = {w["Id"] for w in session.windows()}
    with program(session, *argv, environment=environment) as process:
        def opened():
            assert process.poll() is None, f"{argv[0]} ended: {process.said()[-2000:]}"
            return [w for w in session.windows()
                    if w["Id"] not in before and (title is None or title in w["Title"])]

        yield process, wait_for(
            lambda: f"{argv[0]} has no window: {process.said()[-2000:]}", opened, seconds)[0]
    wait_for(f"the windows of {argv[0]} stay",
             lambda: {w["Id"] for w in session.windows()} <= before)


def window(session, id_):
    """The window's properties by now, or None."""
    found = [w for w in session.windows() if w["Id"] == id_]
    return found[0] if found else None


def box_of(window, inset=0):
    """The window's place as Pillow has boxes."""
    x, y, width, height = window["Geometry"]
    return x + inset, y + inset, x + width - inset, y + height - inset


def colours(image, box):
    """How many colours there are in a part of a picture."""
    return len(image.crop(box).getcolors(1 << 24))


def share(image, box, colour, tolerance=12):
    """Which part of the box has the colour, 0 to 1."""
    part = image.crop(box)
    return sum(apart(part, Image.new("RGB", part.size, colour)).histogram()[:tolerance + 1]) / (part.width * part.height)


def see(session, name, what, condition, seconds=10):
    """Takes pictures until one fits; returns it, and leaves the last one in build/screenshots."""
    last = []

    def look():
        last[:] = [session.screenshot(name)]
        return condition(last[0])

    wait_for(what, look, seconds)
    return last[0]

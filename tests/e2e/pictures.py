"""What tests look for in pictures of the desktop."""

import time

from PIL import ImageChops
from session import wait_for

# What is at rest is the same for so many seconds, and for longer where a picture takes long; a cursor may blink in it.
REST, CURSOR = 0.3, 40


def apart(a, b):
    """A grey picture: by how much each pixel is another in the channel in which it is most."""
    red, green, blue = ImageChops.difference(a, b).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def difference(a, b, box):
    """How many pixels of the box are visibly others."""
    return sum(apart(a.crop(box), b.crop(box)).histogram()[25:])


def settled(session, name, box=None, shows=lambda picture: True):
    """A picture once it shows that, and nothing has moved in the box for a while: below the panel, which moves every second."""
    first, since = None, 0.0

    def still():
        nonlocal first, since
        began, last = time.monotonic(), session.screenshot(name)
        now = time.monotonic()
        if (first is None or first.size != last.size or difference(first, last, box or (0, 40, *last.size)) > CURSOR
                or not shows(last)):
            first, since = last, now
            return None
        return last if now - since >= max(REST, 2 * (now - began)) else None

    return wait_for(f"{name} does not come to rest, or does not show it", still, 15)


def changed(session, name, before, box, least=1, shows=lambda picture: True):
    """A picture once so many pixels of the box are others than before, and it has come to rest."""
    return settled(session, name, box, lambda picture: difference(before, picture, box) >= least and shows(picture))

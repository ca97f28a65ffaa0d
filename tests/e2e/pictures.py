"""What tests look for in pictures of the desktop."""

from session import wait_for


def difference(a, b, box):
    """How many pixels of the box are visibly others."""
    pairs = zip(a.crop(box).getdata(), b.crop(box).getdata())
    return sum(max(abs(x - y) for x, y in zip(p, q)) > 24 for p, q in pairs)


def settled(session, name, box):
    """A picture when nothing moves in the box any more."""
    def still():
        first, second = session.screenshot(name), session.screenshot(name)
        return second if difference(first, second, box) == 0 else None

    return wait_for(f"{name} does not come to rest", still, 10)

"""Pictures of the desktop that are compared with those in tests/e2e/looks."""

import os
import pathlib

from PIL import Image, ImageChops, ImageFilter

HERE = pathlib.Path(__file__).parent / "looks"
TOP = pathlib.Path(__file__).parents[2]
FOUND = TOP / "build" / "screenshots" / "looks"
# Colours are a palette of few, and an edge of a letter may be another shade where a processor rounds otherwise: what counts is a
# pixel that is visibly another after both are a little out of focus. So many of them are a short word that is another.
FEW_COLOURS, VISIBLE, SHARE = 48, 44, 0.0004


def small(picture):
    return picture.convert("RGB").quantize(FEW_COLOURS, dither=Image.Dither.NONE)


def differing(expected, actual):
    """A picture that is white where they differ, and the share of such pixels."""
    if expected.size != actual.size:
        return Image.new("L", actual.size, 255), 1.0
    blurred = [picture.convert("RGB").filter(ImageFilter.BoxBlur(1)) for picture in (expected, actual)]
    red, green, blue = ImageChops.difference(*blurred).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    mask = most.point([255 if value > VISIBLE else 0 for value in range(256)])
    return mask, mask.histogram()[255] / (mask.width * mask.height)


def compare(name, picture):
    """None where the picture is as it should be; else what a person is told. What was found is always kept."""
    FOUND.mkdir(parents=True, exist_ok=True)
    actual = small(picture)
    golden, kept = HERE / f"{name}.png", FOUND / f"{name}.png"
    actual.save(kept, optimize=True)
    for old in (FOUND / f"{name}.expected.png", FOUND / f"{name}.difference.png"):
        old.unlink(missing_ok=True)
    if os.environ.get("INOS_WRITE_GOLDEN") == "1":
        return accept(name)
    if not golden.exists():
        return f"{name}: there is no picture to compare with; see {kept.relative_to(TOP)}"
    expected = Image.open(golden)
    mask, share = differing(expected, actual)
    if share <= SHARE:
        return None
    expected.save(FOUND / f"{name}.expected.png")
    shown = actual.convert("L").convert("RGB").point([value // 3 + 150 for value in range(256)] * 3)
    shown.paste((220, 0, 60), mask=mask.filter(ImageFilter.MaxFilter(3)))
    shown.save(FOUND / f"{name}.difference.png", optimize=True)
    return f"{name}: {share:.3%} of the pixels differ (at most {SHARE:.3%} may); see build/screenshots/looks/{name}.difference.png"


def accept(name):
    """The picture that was found is the one to compare with from now on, where it is visibly another."""
    HERE.mkdir(exist_ok=True)
    golden, kept = HERE / f"{name}.png", FOUND / f"{name}.png"
    if golden.exists() and differing(Image.open(golden), Image.open(kept))[1] == 0:
        return None
    golden.write_bytes(kept.read_bytes())
    print(f"{name}: accepted")
    return None

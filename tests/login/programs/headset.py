"""headset.py FILE: what a monitor says of itself (EDID 1.3, VESA) that Linux knows as no desktop's.

Linux tells a headset by its maker and product (drivers/gpu/drm/drm_edid.c, EDID_QUIRK_NON_DESKTOP): HVR aa01 is one.
"""

import pathlib
import sys

# 1024 × 768 at 60 Hz as VESA DMT has it: 65 MHz in steps of 10 kHz; then what is shown, blank, and the pulses' places.
CLOCK, WIDE, HIGH = 6500, (1024, 320, 24, 136), (768, 38, 3, 6)


def maker(letters):
    """Three letters of five bits each, the most significant first."""
    value = 0
    for letter in letters:
        value = value << 5 | ord(letter) - ord("A") + 1
    return value.to_bytes(2, "big")


def timing():
    (wide, wide_blank, wide_front, wide_pulse), (high, high_blank, high_front, high_pulse) = WIDE, HIGH
    return CLOCK.to_bytes(2, "little") + bytes([
        wide & 255, wide_blank & 255, wide >> 8 << 4 | wide_blank >> 8,
        high & 255, high_blank & 255, high >> 8 << 4 | high_blank >> 8,
        wide_front, wide_pulse, high_front << 4 | high_pulse, 0,
        110, 80, 0, 0, 0, 0x18])  # 110 × 80 mm, no border, digital with separate pulses


def text(kind, words):
    return bytes([0, 0, 0, kind, 0]) + (words + "\n").ljust(13).encode()


def edid():
    said = bytes.fromhex("00ffffffffffff00") + maker("HVR") + (0xAA01).to_bytes(2, "little") + bytes(4)
    said += bytes([1, 36, 1, 3])  # the first week of 2026; EDID 1.3
    said += bytes([0x80, 11, 8, 120, 0x02])  # digital, 11 × 8 cm, gamma 2.2, the first timing is the best
    said += bytes.fromhex("ee91a3544c99260f5054")  # the colours of sRGB
    said += bytes(3) + bytes([1, 1]) * 8  # no other timings
    said += timing() + text(0xFC, "Headset") + 2 * (bytes([0, 0, 0, 0x10, 0]) + bytes(13)) + b"\0"
    return said + bytes([-sum(said) & 255])


path = pathlib.Path(sys.argv[1])
path.parent.mkdir(parents=True, exist_ok=True)
path.write_bytes(edid())

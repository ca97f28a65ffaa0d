"""hand.py KIND: a mouse, touchpad, pen, keyboard or lid that the kernel takes for hardware (uinput), moved by what is
written to /run/hand-KIND, a line a deed:

  move DX DY N   N times so much, 10 ms apart      tap FINGERS
  wheel STEPS    up where positive                 swipe X Y DX DY FINGERS   in a tenth of its size
  button N 0|1   Linux' number                     pen X Y                   touches there, in hundredths
  key N          pressed and let go                lid 0|1
"""

import fcntl
import os
import struct
import sys
import time

SYN, KEY, REL, ABS, SW = 0, 1, 2, 3, 5
FINGERS = {1: 0x145, 2: 0x14d}  # BTN_TOOL_FINGER, BTN_TOOL_DOUBLETAP
TOUCH, STYLUS = 0x14a, 0x140  # BTN_TOUCH, BTN_TOOL_PEN
SLOT, AT_X, AT_Y, TRACKING = 0x2f, 0x35, 0x36, 0x39
SIZE = (4000, 2400)  # of a pad or a tablet: 10 by 6 cm
EVERY_MS = 0.01
# What each has: keys, relative axes, absolute ones, switches, properties. Of a bus that only what is
# built in has, so that a touchpad may rest while its own keyboard is typed on.
BUS_I8042 = 0x11
AXES = {0: SIZE[0], 1: SIZE[1]}
KINDS = {
    "mouse": ([0x110, 0x111, 0x112], [0, 1, 8], {}, [], []),
    "touchpad": ([0x110, TOUCH, *FINGERS.values()], [], {**AXES, AT_X: SIZE[0], AT_Y: SIZE[1], SLOT: 1, TRACKING: 65535},
                 [], [0, 2]),  # INPUT_PROP_POINTER, INPUT_PROP_BUTTONPAD
    "pen": ([TOUCH, STYLUS, 0x14b], [], {**AXES, 0x18: 1000}, [], [1]),  # ABS_PRESSURE, INPUT_PROP_DIRECT
    "keyboard": (list(range(1, 128)), [], {}, [], []),
    "lid": ([], [], {}, [0], []),
}


def iow(number, size):
    return 1 << 30 | size << 16 | ord("U") << 8 | number


class Device:
    def __init__(self, kind):
        keys, relative, absolute, switches, properties = KINDS[kind]
        self.file = os.open("/dev/uinput", os.O_WRONLY)
        for number, codes, of in ((101, keys, KEY), (102, relative, REL), (103, absolute, ABS), (109, switches, SW)):
            if codes:
                fcntl.ioctl(self.file, iow(100, 4), of)
            for code in codes:
                fcntl.ioctl(self.file, iow(number, 4), code)
        for code in properties:
            fcntl.ioctl(self.file, iow(110, 4), code)
        for code, most in absolute.items():
            resolution = 40 if code in (0, 1, AT_X, AT_Y) else 0
            fcntl.ioctl(self.file, iow(4, 28), struct.pack("=HHiiiiii", code, 0, 0, 0, most, 0, 0, resolution))
        fcntl.ioctl(self.file, iow(3, 92), struct.pack("=HHHH80sI", BUS_I8042, 1, 1, 1, f"hand {kind}".encode(), 0))
        fcntl.ioctl(self.file, 0x5501)  # UI_DEV_CREATE

    def say(self, *events):
        for kind, code, value in (*events, (SYN, 0, 0)):
            os.write(self.file, struct.pack("=qqHHi", 0, 0, kind, code, value))
        time.sleep(EVERY_MS)

    def fingers(self, count, x, y):
        """Where they are; those after the first a centimetre beside it."""
        for slot in range(count):
            yield from ((ABS, SLOT, slot), (ABS, TRACKING, slot + 1), (ABS, AT_X, x + 400 * slot), (ABS, AT_Y, y))
        yield from ((ABS, 0, x), (ABS, 1, y), (KEY, TOUCH, 1), (KEY, FINGERS[count], 1))

    def lift(self, count):
        for slot in range(count):
            yield from ((ABS, SLOT, slot), (ABS, TRACKING, -1))
        yield from ((KEY, TOUCH, 0), (KEY, FINGERS[count], 0))

    # Deeds

    def move(self, x, y, times):
        for _ in range(times):
            self.say((REL, 0, x), (REL, 1, y))

    def wheel(self, steps):
        for _ in range(abs(steps)):
            self.say((REL, 8, 1 if steps > 0 else -1))

    def button(self, code, down):
        self.say((KEY, code, down))

    def key(self, code):
        self.say((KEY, code, 1))
        self.say((KEY, code, 0))

    def tap(self, count):
        self.say(*self.fingers(count, 2000, 1200))
        time.sleep(0.04)
        self.say(*self.lift(count))
        time.sleep(0.5)  # after which it is no half of a double tap

    def swipe(self, x, y, dx, dy, count):
        steps = 20
        for step in range(steps + 1):
            self.say(*self.fingers(count, x + dx * step // steps, y + dy * step // steps))
        self.say(*self.lift(count))

    def pen(self, x, y):
        at = ((ABS, 0, x * SIZE[0] // 100), (ABS, 1, y * SIZE[1] // 100))
        self.say((KEY, STYLUS, 1), *at)
        self.say((KEY, TOUCH, 1), (ABS, 0x18, 500), *at)
        time.sleep(0.1)
        self.say((KEY, TOUCH, 0), (ABS, 0x18, 0), *at)
        self.say((KEY, STYLUS, 0))

    def lid(self, closed):
        self.say((SW, 0, closed))


def main(kind):
    device, way = Device(kind), f"/run/hand-{kind}"
    os.mkfifo(way)
    while True:
        with open(way, encoding="ascii") as deeds:
            for line in deeds:
                name, *numbers = line.split()
                getattr(device, name)(*map(int, numbers))


main(sys.argv[1])

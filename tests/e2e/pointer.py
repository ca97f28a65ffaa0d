"""A mouse for a test: speaks Wayland's wire and the virtual pointer protocol by itself, since
wlrctl lets a button go with the press and has no absolute positions."""

import os
import socket
import struct
import time

LEFT, RIGHT, MIDDLE = 0x110, 0x111, 0x112
DISPLAY, REGISTRY, SYNC, MANAGER = 1, 2, 3, 4
SEATS, TRANSIENT, SEAT = 5, 6, 7


def padded(text):
    data = text.encode() + b"\0"
    return struct.pack("<I", len(data)) + data + b"\0" * (-len(data) % 4)


class Pointer:
    """Moves in pixels of a desktop of `size`; what it holds is let go when it goes. With `guest` it is in
    a seat of its own, which goes with it."""

    def __init__(self, session, size=(1280, 800), guest=False):
        self.size = size
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(os.path.join(session.environment["XDG_RUNTIME_DIR"],
                                         session.environment["WAYLAND_DISPLAY"]))
        self.buffer = b""
        self.last_id = self.pointer = 8 if guest else 5
        self.send(DISPLAY, 1, struct.pack("<I", REGISTRY))
        self.send(DISPLAY, 0, struct.pack("<I", SYNC))
        names = self.globals()
        self.bind(names, "zwlr_virtual_pointer_manager_v1", MANAGER)
        seat = self.sit_down(names) if guest else 0
        self.send(MANAGER, 0, struct.pack("<II", seat, self.pointer))
        self.settle()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, target, opcode, body=b""):
        self.socket.sendall(struct.pack("<IHH", target, opcode, 8 + len(body)) + body)

    def receive(self):
        """The next event: (sender, opcode, body)."""
        while True:
            if len(self.buffer) >= 8:
                sender, opcode, length = struct.unpack_from("<IHH", self.buffer)
                if len(self.buffer) >= length:
                    body, self.buffer = self.buffer[8:length], self.buffer[length:]
                    if sender == DISPLAY and opcode == 0:
                        raise AssertionError(f"the compositor refuses: {body!r}")
                    return sender, opcode, body
            data = self.socket.recv(65536)
            if not data:
                raise AssertionError("the compositor closed the connection")
            self.buffer += data

    def globals(self):
        """Interface → name of its last global."""
        found = {}
        while True:
            sender, opcode, body = self.receive()
            if sender == SYNC:
                return found
            if sender == REGISTRY and opcode == 0:
                name, length = struct.unpack_from("<II", body)
                found[body[8:8 + length - 1].decode()] = name

    def bind(self, names, interface, target):
        assert interface in names, f"there is no {interface}"
        self.send(REGISTRY, 0, struct.pack("<I", names[interface]) + padded(interface)
                  + struct.pack("<II", 1, target))

    def sit_down(self, names):
        """Asks for a seat of its own and returns its id."""
        self.bind(names, "ext_transient_seat_manager_v1", SEATS)
        self.send(SEATS, 0, struct.pack("<I", TRANSIENT))
        while True:
            sender, opcode, body = self.receive()
            if sender == TRANSIENT:
                assert opcode == 0, "there are as many seats as there may be"
                self.bind({"wl_seat": struct.unpack("<I", body)[0]}, "wl_seat", SEAT)
                return SEAT

    def settle(self):
        """Waits until the compositor has taken everything in."""
        self.last_id += 1
        self.send(DISPLAY, 0, struct.pack("<I", self.last_id))
        while self.receive()[0] != self.last_id:
            pass

    def now(self):
        return int(time.monotonic() * 1000) & 0xFFFFFFFF

    def move(self, x, y):
        # In two steps: a hand never makes one, and WebKit misses the leaving of a pointer that did
        # not move after it entered.
        for nearly in (2, 0):
            self.send(self.pointer, 1, struct.pack("<IIIII", self.now(), abs(int(x) - nearly), int(y),
                                                   *self.size))
            self.send(self.pointer, 4)
        self.settle()

    def push(self, dx, dy):
        """As a mouse that is pushed so far."""
        self.send(self.pointer, 0, struct.pack("<Iii", self.now(), int(dx * 256), int(dy * 256)))
        self.send(self.pointer, 4)
        self.settle()

    def button(self, down, button=LEFT):
        self.send(self.pointer, 2, struct.pack("<III", self.now(), button, 1 if down else 0))
        self.send(self.pointer, 4)
        self.settle()

    def click(self, x, y, button=LEFT):
        self.move(x, y)
        self.button(True, button)
        self.button(False, button)

    def drag(self, start, end, button=LEFT, steps=8, hold=lambda: None):
        """Presses at start, moves to end as a hand would, and lets go after hold()."""
        self.move(*start)
        # A client learns first that the pointer is there; foot waits 0.2 s for a double click.
        time.sleep(0.1)
        self.button(True, button)
        time.sleep(0.4)
        for i in range(1, steps + 1):
            self.move(*(a + (b - a) * i / steps for a, b in zip(start, end)))
            time.sleep(0.02)
        hold()
        self.button(False, button)

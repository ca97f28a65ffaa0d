"""A compositor for the lock screen alone, which does what its test says and no more: one that is slow, or that
changes its mind as Inos' own does not. It speaks Wayland's wire by itself."""

import mmap
import os
import socket
import struct
import subprocess

from pointer import padded
from session import wait_for

GLOBALS = (("wl_compositor", 4), ("wl_subcompositor", 1), ("wl_shm", 1), ("ext_session_lock_manager_v1", 1),
           ("wl_output", 3), ("wl_seat", 5))
# What requests make; the new object's number is their first word.
MAKES = {
    ("wl_display", 0): "wl_callback", ("wl_display", 1): "wl_registry",
    ("wl_compositor", 0): "wl_surface", ("wl_subcompositor", 1): "wl_subsurface",
    ("wl_shm", 0): "wl_shm_pool", ("wl_shm_pool", 0): "wl_buffer", ("wl_surface", 3): "wl_callback",
    ("wl_seat", 1): "wl_keyboard", ("ext_session_lock_manager_v1", 1): "lock",
    ("lock", 1): "cover",
}
UNLOCK, ACK = ("lock", 2), ("cover", 1)
KEYMAP = b"""xkb_keymap {
xkb_keycodes { include "evdev" }; xkb_types { include "complete" }; xkb_compat { include "complete" };
xkb_symbols { include "pc+us" };
};\0"""


class StandIn:
    """Starts the lock screen; use it in a with statement."""

    def __init__(self, command, environment):
        self.socket, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            command, env={**os.environ, **environment, "WAYLAND_SOCKET": str(theirs.fileno())},
            pass_fds=[theirs.fileno()], stderr=subprocess.PIPE, text=True)
        theirs.close()
        self.socket.setblocking(False)
        self.kinds, self.said, self.rest, self.files = {1: "wl_display"}, [], b"", []
        self.pools, self.buffers = {}, {}
        self.attached, self.shown, self.frames, self.holds_frames = {}, {}, {}, False
        self.column = self.serial = self.acked = 0
        self.drawn = 0  # times that the column was, since the last configure was heard

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.kill()
        self.process.communicate()

    # The wire

    def send(self, number, event, body=b"", files=()):
        data = struct.pack("<II", number, (len(body) + 8) << 16 | event) + body
        socket.send_fds(self.socket, [data], list(files))

    def send_to(self, kind, event, *words):
        self.send(self.the(kind), event, struct.pack(f"<{len(words)}I", *words))

    def the(self, kind):
        """The number of the last object of a kind; None where there is none."""
        return next((number for number in reversed(self.kinds) if self.kinds[number] == kind), None)

    def hear(self):
        """Takes what has come; returns at once."""
        while True:
            try:
                data, files, *_ = socket.recv_fds(self.socket, 65536, 28)
            except (BlockingIOError, ConnectionResetError):
                return
            if not data:
                return
            self.rest += data
            self.files += files
            while len(self.rest) >= 8:
                number, head = struct.unpack_from("<II", self.rest)
                if len(self.rest) < head >> 16:
                    break
                body, self.rest = self.rest[8:head >> 16], self.rest[head >> 16:]
                self.answer(number, (self.kinds[number], head & 0xffff), body)

    def wait_for(self, what, condition):
        def hear_and_look():
            self.hear()
            return condition()
        return wait_for(what, hear_and_look, 20)

    # What it does by itself

    def answer(self, number, request, body):
        words = struct.unpack(f"<{len(body) // 4}I", body)
        self.said.append(request)
        if request in MAKES:
            self.kinds[words[0]] = MAKES[request]
        if request == ("wl_display", 0):
            self.send(words[0], 0, struct.pack("<I", 0))
        elif request == ("wl_display", 1):
            for name, (interface, version) in enumerate(GLOBALS):
                self.send(words[0], 0, struct.pack("<I", name) + padded(interface) + struct.pack("<I", version))
        elif request == ("wl_registry", 0):
            self.kinds[words[-1]] = GLOBALS[words[0]][0]
            if self.kinds[words[-1]] == "wl_seat":
                self.send(words[-1], 0, struct.pack("<I", 2))  # a keyboard
        elif request == ("wl_seat", 1):
            self.send_keymap(words[0])
        elif request == ("wl_subcompositor", 1):
            self.column = words[1]
        elif request == ("lock", 1):
            self.configure()
        elif request == ACK:
            self.acked, self.drawn = words[0], 0
        else:
            self.show(number, request, words)

    def show(self, number, request, words):
        if request == ("wl_shm", 0):
            file = self.files.pop(0)
            self.pools[words[0]] = mmap.mmap(file, words[1])
            os.close(file)
        elif request == ("wl_shm_pool", 0):
            self.buffers[words[0]] = self.pools[number]
        elif request == ("wl_surface", 1):
            self.attached[number] = words[0]
        elif request == ("wl_surface", 3):
            self.frames.setdefault(number, []).append(words[0])
        elif request == ("wl_surface", 6):
            self.commit(number)

    def commit(self, surface):
        before, now = self.shown.get(surface), self.attached.pop(surface, None)
        if now:
            self.shown[surface] = now
            self.drawn += surface == self.column
            if before and before != now:
                self.send(before, 0)  # released
        if not self.holds_frames:
            for callback in self.frames.pop(surface, []):
                self.send(callback, 0, struct.pack("<I", 0))

    def send_keymap(self, keyboard):
        file = os.memfd_create("keymap")
        os.write(file, KEYMAP)
        self.send(keyboard, 0, struct.pack("<II", 1, len(KEYMAP)), [file])
        os.close(file)

    # What a test has it do

    def configure(self):
        self.serial += 1
        self.send_to("cover", 0, self.serial, 640, 480)

    def settle(self):
        """Waits until all that was sent before has been drawn."""
        self.configure()
        self.wait_for("the column is not drawn", lambda: self.acked == self.serial and self.drawn > 0)

    def wait_for_column(self):
        before = self.drawn
        self.wait_for("the column is not drawn", lambda: self.drawn > before)

    def press(self, key):
        for state in (1, 0):
            self.send_to("wl_keyboard", 3, 0, 0, key, state)

    def pictures(self):
        """The column's pictures: the one that is shown, and those that lie about."""
        shown = self.buffers[self.shown[self.column]]
        return shown[:], [pool[:] for pool in self.pools.values() if len(pool) == len(shown) and pool is not shown]

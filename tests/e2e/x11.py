"""An X11 client of our own, with what toolkits ask of a window manager."""

import struct

import xcffib
import xcffib.xproto as x

from session import wait_for

EVENTS = (x.EventMask.KeyPress | x.EventMask.ButtonPress | x.EventMask.StructureNotify
          | x.EventMask.FocusChange | x.EventMask.Exposure)


class X11Client:
    def __init__(self, session):
        self.connection = xcffib.connect(display=session.environment["DISPLAY"])
        self.core = self.connection.core
        self.screen = self.connection.get_setup().roots[0]
        self.events = []
        self.atoms = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.connection.disconnect()
        except xcffib.ConnectionException:
            pass

    def atom(self, name):
        if name not in self.atoms:
            self.atoms[name] = self.core.InternAtom(False, len(name), name).reply().atom
        return self.atoms[name]

    def set(self, window, name, kind, values, width=32):
        """Sets a property: text, or numbers of 32 bits."""
        data = values.encode() if isinstance(values, str) else struct.pack(f"{len(values)}I", *values)
        width = 8 if isinstance(values, str) else width
        self.core.ChangeProperty(x.PropMode.Replace, window, self.atom(name), self.atom(kind), width,
                                 len(data) * 8 // width, data)
        self.connection.flush()

    def window(self, title, width=300, height=200, place=(0, 0), menu=False, color=0x00FF00,
               protocols=("WM_DELETE_WINDOW",), kind=None, parent=None, shown=True):
        number = self.connection.generate_id()
        self.core.CreateWindow(
            self.screen.root_depth, number, self.screen.root, *place, width, height, 0,
            x.WindowClass.InputOutput, self.screen.root_visual,
            x.CW.BackPixel | x.CW.OverrideRedirect | x.CW.EventMask, [color, int(menu), EVENTS])
        self.set(number, "_NET_WM_NAME", "UTF8_STRING", title)
        if protocols:
            self.set(number, "WM_PROTOCOLS", "ATOM", [self.atom(p) for p in protocols])
        if kind:
            self.set(number, "_NET_WM_WINDOW_TYPE", "ATOM",
                     [self.atom(f"_NET_WM_WINDOW_TYPE_{kind}")])
        if parent:
            self.set(number, "WM_TRANSIENT_FOR", "WINDOW", [parent])
        if shown:
            self.show(number)
        self.sync()
        return number

    def place(self, window):
        """Where it is on the screen, as the X server has heard it, which may be after the bus has said so."""
        where = self.core.TranslateCoordinates(window, self.screen.root, 0, 0).reply()
        return where.dst_x, where.dst_y

    def size(self, window):
        """Likewise."""
        it = self.core.GetGeometry(window).reply()
        return it.width, it.height

    def show(self, window):
        """Maps a window and draws it when that is asked for, as toolkits do."""
        self.events = [e for e in self.poll() if not isinstance(e, x.ExposeEvent)]
        self.core.MapWindow(window)
        self.connection.flush()
        self.wait(x.ExposeEvent, "a window may not draw", lambda e: e.window == window)
        self.core.ClearArea(False, window, 0, 0, 0, 0)
        self.sync()

    def sync(self):
        self.core.GetInputFocus().reply()

    def poll(self):
        """All events so far."""
        while True:
            event = self.connection.poll_for_event()
            if event is None:
                return self.events
            self.events.append(event)

    def wait(self, kind, what, check=lambda event: True):
        """The first event of that kind since the last forget()."""
        return wait_for(what, lambda: [e for e in self.poll() if isinstance(e, kind) and check(e)])[0]

    def forget(self):
        self.poll()
        self.events.clear()

    def message(self, window, name, *values):
        """Asks the window manager."""
        data = struct.pack("=BBHII5I", 33, 32, 0, window, self.atom(name),
                           *values, *(0,) * (5 - len(values)))
        self.core.SendEvent(False, self.screen.root, x.EventMask.SubstructureRedirect
                            | x.EventMask.SubstructureNotify, data)
        self.connection.flush()


def titled(session, title, seconds=10):
    """Waits for a window with that title."""
    return wait_for(lambda: f"no window '{title}': {session.windows()}",
                    lambda: [w for w in session.windows() if w["Title"] == title], seconds)[0]

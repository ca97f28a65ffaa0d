"""An X11 program that is dragged from, as XDND has it, and that can do so badly."""

import struct

import xcffib
import xcffib.xproto as x

from x11 import EVENTS, X11Client

DRAG_EVENTS = EVENTS | x.EventMask.PointerMotion | x.EventMask.ButtonRelease


class DragSource(X11Client):
    PIECE = 65536

    def __init__(self, session, data, action="Copy", fault=None):
        super().__init__(session)
        self.data, self.action, self.fault = data, action, fault
        self.pressed = self.released = self.left = self.in_pieces = False
        self.accepted = self.finished = self.target = None
        self.statuses = 0
        self.awaits = False
        self.pieces = {}
        self.own = self.window("source", 200, 150)
        self.core.ChangeWindowAttributes(self.own, x.CW.EventMask, [DRAG_EVENTS])
        self.sync()

    def __str__(self):
        return str({k: v for k, v in vars(self).items()
                    if isinstance(v, (bool, int, str, tuple, type(None)))})

    def begin(self):
        types = [self.atom(t) for t in self.data]
        self.set(self.own, "XdndTypeList", "ATOM", types)
        self.set(self.own, "XdndActionList", "ATOM",
                 [self.atom(f"XdndAction{a}") for a in ("Copy", "Move")])
        self.core.SetSelectionOwner(self.own, self.atom("XdndSelection"), x.Time.CurrentTime)
        self.connection.flush()

    def tell(self, name, *values):
        """To the target; a stranger says that another program's window is the source."""
        own = self.screen.root if self.fault == "stranger" else self.own
        data = struct.pack("=BBHII5I", 33, 32, 0, self.target, self.atom(name), own, *values,
                           *(0,) * (4 - len(values)))
        self.core.SendEvent(False, self.target, 0, data)
        self.connection.flush()

    def enter(self):
        types = ([self.atom(t) for t in self.data] + [0, 0, 0])[:3]
        self.tell("XdndEnter", 5 << 24 | (len(self.data) > 3), *types)

    def shout(self):
        """All that is not its turn to say, to every window that takes drags."""
        for child in self.core.QueryTree(self.screen.root).reply().children:
            self.target = child
            for _ in range(20):
                self.enter()
                self.tell("XdndPosition", 0, 0, 0, self.atom("XdndActionCopy"))
                self.tell("XdndDrop", 0, 0)
                self.tell("XdndLeave")
                self.tell("XdndEnter", 0xFFFFFFFF, 0xFFFFFFFF, 1, 2)
        self.target = None
        self.sync()

    def takes_drags(self, window):
        found = self.core.GetProperty(False, window, self.atom("XdndAware"), x.Atom.ATOM, 0, 1).reply()
        return found.value_len > 0

    def move(self, left, top, time):
        child = self.core.TranslateCoordinates(self.screen.root, self.screen.root, left, top).reply().child
        target = child if child and child != self.own and self.takes_drags(child) else None
        if target != self.target:
            if self.target:
                self.tell("XdndLeave")
                self.accepted, self.awaits = None, False
            self.target = target
            if target:
                self.enter()
        if target and not self.awaits:
            self.awaits = self.fault != "stranger"
            self.tell("XdndPosition", 0, left << 16 | top, time, self.atom(f"XdndAction{self.action}"))

    def let_go(self, time):
        self.released = True
        if self.fault == "silent":
            return
        if self.target and self.accepted:
            self.tell("XdndDrop", 0, time)
        elif self.target:
            self.tell("XdndLeave")
            self.left = True
        else:
            self.left = True

    def name(self, atom):
        return self.core.GetAtomName(atom).reply().name.to_string()

    def give(self, event):
        mime = self.name(event.target)
        data = self.data.get(mime)
        if self.fault in ("dies", "endless"):
            data = b"file:///of/x" + b"x" * self.PIECE
        if data is not None and len(data) > self.PIECE or self.fault == "endless":
            self.in_pieces = True
            self.core.ChangeWindowAttributes(event.requestor, x.CW.EventMask,
                                             [x.EventMask.PropertyChange])
            self.core.ChangeProperty(x.PropMode.Replace, event.requestor, event.property,
                                     self.atom("INCR"), 32, 1, struct.pack("I", len(data)))
            self.pieces[event.requestor] = [event.property, event.target, data]
        elif data is not None:
            self.core.ChangeProperty(x.PropMode.Replace, event.requestor, event.property, event.target,
                                     8, len(data), data)
        answer = struct.pack("=BBHIIIII", 31, 0, 0, event.time, event.requestor, event.selection,
                             event.target, event.property if data is not None else 0) + bytes(8)
        self.core.SendEvent(False, event.requestor, 0, answer)
        self.connection.flush()

    def give_piece(self, event):
        if event.state != x.Property.Delete or event.window not in self.pieces:
            return
        number, target, data = self.pieces[event.window]
        piece = data[:self.PIECE]
        if self.fault != "endless":
            self.pieces[event.window][2] = data[self.PIECE:]
        if not piece:
            del self.pieces[event.window]
        self.core.ChangeProperty(x.PropMode.Replace, event.window, number, target, 8, len(piece), piece)
        self.connection.flush()

    def hear(self, event):
        if event.type == self.atom("XdndStatus") and event.data.data32[0] == self.target:
            self.statuses += 1
            self.awaits = False
            flags, action = event.data.data32[1], event.data.data32[4]
            self.accepted = self.name(action).removeprefix("XdndAction") if flags & 1 else None
        elif event.type == self.atom("XdndFinished"):
            flags, action = event.data.data32[1:3]
            self.finished = (bool(flags & 1),
                             self.name(action).removeprefix("XdndAction") if action else None)

    def pump(self):
        """Does what is to be done by now."""
        try:
            events, self.events = self.poll(), []
        except xcffib.ConnectionException:
            return self
        for event in events:
            if isinstance(event, x.ButtonPressEvent):
                self.pressed = True
                self.begin()
            elif isinstance(event, x.MotionNotifyEvent) and self.pressed and not self.released:
                self.move(event.root_x, event.root_y, event.time)
            elif isinstance(event, x.ButtonReleaseEvent) and self.pressed:
                self.let_go(event.time)
            elif isinstance(event, x.SelectionRequestEvent):
                self.give(event)
            elif isinstance(event, x.PropertyNotifyEvent):
                self.give_piece(event)
            elif isinstance(event, x.ClientMessageEvent):
                self.hear(event)
        return self

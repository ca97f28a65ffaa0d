"""A program that is dragged from and dropped on: a file from its left half, files on its right one, or
text where its second argument is "text"; the file is its third argument, if there is one. Its toolkit decides between Wayland and X11 (GDK_BACKEND)."""

import hashlib
import sys

import gi

gi.require_version("Gdk", "4.0")
gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402


def say(*words):
    print(*words, flush=True)


def fill(title, kind, uri, loop):
    window = Gtk.Window(title=title, decorated=False, default_width=300, default_height=200)
    halves = Gtk.Box(homogeneous=True)
    source, target = Gtk.Label(label="take", hexpand=True), Gtk.Label(label="drop")
    drag = Gtk.DragSource(actions=Gdk.DragAction.COPY)
    drag.set_content(Gdk.ContentProvider.new_for_bytes(
        "text/uri-list", GLib.Bytes.new(f"{uri}\r\n".encode())))
    drag.connect("drag-begin", lambda *_: say("dragged"))
    drag.connect("drag-end", lambda *_: say("ended"))
    drag.connect("drag-cancel", lambda *_: say("refused"))
    source.add_controller(drag)
    motion = Gtk.EventControllerMotion()
    motion.connect("enter", lambda *_: say("under"))
    source.add_controller(motion)
    if kind == "text":
        drop = Gtk.DropTarget.new(str, Gdk.DragAction.COPY | Gdk.DragAction.MOVE)
        drop.connect("drop", lambda _, text, x, y: say(
            "got", len(text), hashlib.sha256(text.encode()).hexdigest()) or True)
    else:
        drop = Gtk.DropTarget.new(Gdk.FileList, Gdk.DragAction.COPY)
        drop.connect("enter", lambda *_: say("over") or Gdk.DragAction.COPY)
        drop.connect("drop", lambda _, files, x, y: say("got", *[
            file.get_path() for file in files.get_files()]) or True)
    drop.connect("leave", lambda *_: say("left"))
    target.add_controller(drop)
    halves.append(source)
    halves.append(target)
    window.set_child(halves)
    window.connect("close-request", lambda *_: loop.quit())
    window.present()


if __name__ == "__main__":
    main_loop = GLib.MainLoop()
    Gtk.init()
    say("backend", type(Gdk.Display.get_default()).__name__)
    given = GLib.filename_to_uri(sys.argv[3], None) if len(sys.argv) > 3 else f"file:///of/{sys.argv[1]}"
    fill(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "files", given, main_loop)
    main_loop.run()

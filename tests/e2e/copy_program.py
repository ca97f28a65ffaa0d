"""A window that copies, when a key is pressed in it, what it was told to: `copy_program.py TYPE TEXT [TYPE TEXT…]`, as several
types of one thing. Ends when its window is closed."""

import sys

import gi

gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

parts = [Gdk.ContentProvider.new_for_bytes(kind, GLib.Bytes.new(text.encode()))
         for kind, text in zip(sys.argv[1::2], sys.argv[2::2])]


def on_key(*_):
    Gdk.Display.get_default().get_clipboard().set_content(Gdk.ContentProvider.new_union(parts))
    print("copied", flush=True)
    return True


def on_activate(application):
    window = Gtk.ApplicationWindow(application=application, title="copies", default_width=300, default_height=200)
    keys = Gtk.EventControllerKey()
    keys.connect("key-pressed", on_key)
    window.add_controller(keys)
    window.present()


program = Gtk.Application(application_id="org.example.Copies", flags=0)
program.connect("activate", on_activate)
program.run([])

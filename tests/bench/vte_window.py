"""A window with VTE in it and the user's shell in that, as small as it gets; ends with the shell."""

import os

import gi

gi.require_version("Gtk", "4.0")
gi.require_version("Vte", "3.91")
from gi.repository import GLib, Gtk, Vte  # noqa: E402


def on_activate(app):
    terminal = Vte.Terminal(scrollback_lines=10000)
    terminal.set_size(80, 24)
    terminal.connect("child-exited", lambda *_: app.quit())
    terminal.spawn_async(Vte.PtyFlags.DEFAULT, os.environ["HOME"], [os.environ.get("SHELL", "/bin/sh")], None,
                         GLib.SpawnFlags.DEFAULT, None, None, -1, None, None)
    window = Gtk.ApplicationWindow(application=app, title="VTE", child=terminal)
    window.present()
    terminal.grab_focus()


application = Gtk.Application(application_id="org.inos.BenchVte")
application.connect("activate", on_activate)
application.run()

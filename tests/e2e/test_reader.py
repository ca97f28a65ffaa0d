"""The library through which screen readers hear keys finds the compositor."""

import subprocess
import sys

from session import Session, wait_for

# What Orca does, without its voice: libatspi takes the name that is the screen reader's.
READER = """
import ctypes
from gi.repository import GLib
atspi = ctypes.CDLL("libatspi.so.0")
atspi.atspi_device_a11y_manager_try_new_full.restype = ctypes.c_void_p
device = atspi.atspi_device_a11y_manager_try_new_full(b"org.gnome.Orca")
@ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
                  ctypes.c_uint, ctypes.c_char_p, ctypes.c_void_p)
def on_key(device, pressed, code, symbol, modifiers, text, data):
    print("pressed" if pressed else "released", text.decode(), flush=True)
atspi.atspi_device_add_key_watcher(ctypes.c_void_p(device), on_key, None, None)
print("listens" if device else "is refused", flush=True)
GLib.MainLoop().run()
"""


def test_screen_reader_hears_keys(tmp_path):
    with Session() as session:
        heard = tmp_path / "heard"
        with open(heard, "w", encoding="utf-8") as output:
            reader = subprocess.Popen([sys.executable, "-c", READER], env=session.environment,
                                      stdout=output)
        try:
            wait_for("the library does not start", heard.read_text)
            assert heard.read_text() == "listens\n"

            def is_heard():
                session.run("wtype", "h")
                return "pressed h\nreleased h\n" in heard.read_text()

            wait_for("keys are not heard", is_heard)
        finally:
            reader.kill()
            reader.wait()

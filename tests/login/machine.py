"""A machine of its own: QEMU without hardware help, driven as by a person at it and by root. It has
no GPU and three connectors, the last a headset's, or one connector and a GPU that this side's OpenGL, also in software,
stands in for: to the machine it is hardware with a driver of its own (virgl)."""

import json
import os
import pathlib
import shlex
import socket
import subprocess
import tempfile
import time

from PIL import Image, ImageGrab

FOLDER = pathlib.Path(os.environ.get("INOS_MACHINES") or pathlib.Path(__file__).parents[2] / "build" / "login")
# KVM, where there is a /dev/kvm at all, may not run a stock kernel. Newer processors than this one
# cost the emulation time.
OPTIONS = "-machine q35 -vga none -accel tcg,thread=multi -cpu Nehalem -smp 2 -m 2G -nic none -no-reboot"
# Linux' drivers of these devices come back from sleep only where the devices stay as they are, which
# PCI Express alone can say.
STAYS = "x-pcie-pm-no-soft-reset=on"
# A keyboard, a pointer that says where it is, as a touch pad or a tablet does not, and fingers.
INPUT = ("virtio-keyboard-pci,id=keyboard", "virtio-tablet-pci,id=tablet", "virtio-multitouch-pci,id=touch")
DEVICES = {False: ("virtio-gpu-pci,id=gpu,max_outputs=3", *INPUT), True: ("virtio-gpu-gl-pci,id=gpu", *INPUT)}
KERNEL = (
    "root=/dev/vda rw console=ttyS0 quiet mitigations=off nokaslr audit=0 tsc=reliable"
    " no_timer_check nowatchdog systemd.wants=root-shell.service"
)
# What tests/login/guest has for it.
GUEST = (
    " systemd.wants=triggers.service"
    " drm.edid_firmware=Virtual-3:edid/headset.bin video=Virtual-3:e"  # plugged in from the beginning
)
PRELOAD = " inos.preload=/usr/lib/inos-test/reset-graphics.so"
DISK = FOLDER / "day.qcow2"  # what the machine without a GPU writes, above disk.raw
SIZE = (1280, 800)
ROOM = (2048, 1536)  # for the window that stands for the GPU's screen
END = "\x1e"  # a record separator, which no command prints


class Machine:
    """Boots at once; end() switches it off, as by its plug. What it writes is lost, unless it is to a `disk` (qcow2)."""

    command_line = KERNEL + GUEST

    def __init__(self, gpu=False, name=None, disk=None):
        self.disk = disk
        self.gpu = gpu
        self.name = name or ("machine-gpu" if gpu else "machine")
        self.sockets = tempfile.TemporaryDirectory(prefix="inos-login-")
        shell, qmp = f"{self.sockets.name}/shell", f"{self.sockets.name}/qmp"
        self.display = Display() if gpu else None
        self.process = subprocess.Popen(
            ["qemu-system-x86_64", *OPTIONS.split(), *self._devices(),
             "-display", "sdl,gl=on" if gpu else "none",
             *self._disk(),
             "-serial", f"file:{FOLDER}/{self.name}-console.log",
             "-chardev", f"socket,id=shell,path={shell},server=on,wait=off", "-serial", "chardev:shell",
             "-qmp", f"unix:{qmp},server=on,wait=off"],
            stdin=subprocess.DEVNULL, env=self.display.environment() if gpu else None,
        )
        self.qmp_file = self._connect(qmp).makefile("rw", encoding="utf-8")
        self.qmp_file.readline()
        self.qmp("qmp_capabilities")
        self.shell_socket = self._connect(shell)

    def _devices(self):
        options = ["-device", "qemu-xhci,id=usb"]
        for n, device in enumerate(DEVICES[self.gpu]):
            options += ["-device", f"pcie-root-port,id=port{n},chassis={n}",
                        "-device", f"{device},bus=port{n},{STAYS}"]
        return options

    def _disk(self):
        """What it starts from."""
        return ["-kernel", next(FOLDER.glob("vmlinuz-*")), "-initrd", next(FOLDER.glob("initrd.img-*")),
                "-append", self.command_line + (PRELOAD if self.gpu else ""),
                # What the machine has flushed is in the file, which is as much as outlives QEMU's own end.
                "-drive", f"file={self.disk},if=virtio,format=qcow2,cache=unsafe" if self.disk else
                f"file={FOLDER}/disk.raw,if=virtio,format=raw,snapshot=on"]

    def end(self):
        self.process.kill()
        self.process.wait()
        if self.display:
            self.display.end()
        self.sockets.cleanup()

    def _connect(self, path):
        connection = socket.socket(socket.AF_UNIX)
        for _ in range(100):
            try:
                connection.connect(path)
                return connection
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"QEMU did not start: status {self.process.poll()}")

    # As root, on the serial line

    def wait_for_shell(self, seconds):
        """Waits until the machine has booted so far that root can work."""
        end = time.monotonic() + seconds
        self.shell_socket.settimeout(2)
        seen = ""
        while "booted=0" not in seen:
            assert time.monotonic() < end, f"no root shell after {seconds} s; see {FOLDER}/{self.name}-console.log"
            try:
                # What the terminal echoes is not what is looked for.
                self.shell_socket.sendall(b"PS1=; stty -echo -onlcr; echo booted=$?\n")
                seen += self.shell_socket.recv(4096).decode(errors="replace")
            except TimeoutError:
                pass
        # A slow machine answers later, to each of the questions.
        self.shell_socket.settimeout(120)
        self.shell_socket.sendall(f"printf '{END}calm{END}'\n".encode())
        while f"{END}calm{END}" not in seen:
            seen += self.shell_socket.recv(4096).decode(errors="replace")

    def root(self, command, check=True, seconds=60):
        """What a shell command prints, run as root."""
        self.shell_socket.settimeout(seconds)
        line = f"( {command} ) </dev/null 2>&1; printf '{END}%d{END}' $?\n"
        self.shell_socket.sendall(line.encode())
        answer = b""
        while answer.count(END.encode()) < 2:
            answer += self.shell_socket.recv(65536)
        output, status, _ = answer.decode(errors="replace").split(END)
        if check and status != "0":
            raise AssertionError(f"{command}: status {status}: {output}")
        return output.strip()

    def user(self, command, **options):
        """The same as the person who is logged in, on their bus."""
        address = "XDG_RUNTIME_DIR=/run/user/1000 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus"
        return self.root(f"runuser -u user -- env {address} sh -c {shlex.quote(command)}", **options)

    # As a person

    def qmp(self, command, **arguments):
        self.qmp_file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.qmp_file.flush()
        while True:
            message = json.loads(self.qmp_file.readline())
            assert "error" not in message, f"{command} {arguments}: {message['error']}"
            if "return" in message:
                return message["return"]

    def press(self, *keys):
        """Presses keys together and lets them go; names as QEMU has them."""
        self.qmp("send-key", keys=[{"type": "qcode", "data": key} for key in keys])
        time.sleep(0.3)  # QEMU holds them for a tenth of a second

    def type(self, text):
        names = {" ": ["spc"], "\n": ["ret"], "-": ["minus"], ">": ["shift", "dot"]}
        for character in text:
            self.press(*names.get(character, [character]))

    def point(self, x, y):
        """Moves the pointer to a place of the screen."""
        # In two steps: a hand never makes one, and WebKit takes no click of a pointer that has only entered.
        for nearly in (2, 0):
            self.qmp("input-send-event", events=[
                {"type": "abs", "data": {"axis": axis, "value": round(value * 32767 / size)}}
                for axis, value, size in (("x", abs(x - nearly), SIZE[0]), ("y", y, SIZE[1]))
            ])
            time.sleep(0.05)

    def button(self, down, button="left"):
        self.qmp("input-send-event", events=[{"type": "btn", "data": {"button": button, "down": down}}])
        time.sleep(0.2)

    def click(self, button="left"):
        self.button(True, button)
        self.button(False, button)

    def hold(self, key, down):
        self.qmp("input-send-event",
                 events=[{"type": "key", "data": {"key": {"type": "qcode", "data": key}, "down": down}}])

    def tap(self, x, y, slot=0):
        """Touches the screen there with a finger for a moment."""
        finger = {"slot": slot, "tracking-id": slot + 1, "axis": "x", "value": 0}
        events = [{"type": "mtt", "data": {**finger, "type": "begin"}}]
        events += [{"type": "mtt", "data": {**finger, "type": "data", "axis": axis, "value": round(value * 32767 / size)}}
                   for axis, value, size in (("x", x, SIZE[0]), ("y", y, SIZE[1]))]
        events += [{"type": "btn", "data": {"button": "touch", "down": True}}]
        self.qmp("input-send-event", events=events)
        time.sleep(0.2)
        self.qmp("input-send-event", events=[
            {"type": "mtt", "data": {**finger, "type": "end", "tracking-id": -1}},
            {"type": "btn", "data": {"button": "touch", "down": False}},
        ])

    def plug(self, driver, name):
        """Plugs a USB device in."""
        self.qmp("device_add", driver=driver, id=name, bus="usb.0")

    def unplug(self, name):
        self.qmp("device_del", id=name)

    def screen(self, name, output=0):
        """The picture on a screen now; kept as build/login/NAME.png."""
        path = FOLDER / f"{name}.png"
        if self.gpu:  # of which QEMU makes no picture
            return self.display.picture(path)
        self.qmp("screendump", filename=str(path), format="png", device="gpu", head=output)
        with Image.open(path) as image:
            return image.convert("RGB")

    def cable(self, output, state):
        """Plugs the monitor of a connector, 1 to 3, in ("on") or out ("off"), or leaves that to
        QEMU ("detect"), and lets the kernel say so."""
        self.root(f"echo {state} >/sys/class/drm/card0-Virtual-{output}/status &&"
                  " echo change $(cat /proc/sys/kernel/random/uuid) CABLE=1 >/sys/class/drm/card0/uevent")


class Display:
    """An X display, whose OpenGL draws for the GPU of the machine and where its screen is a window."""

    def __init__(self):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{ROOM[0]}x{ROOM[1]}x24", "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            self.number = pipe.readline().strip()
        assert self.number, "Xvfb did not start"

    def environment(self):
        return {**os.environ, "DISPLAY": f":{self.number}", "LIBGL_ALWAYS_SOFTWARE": "1", "SDL_VIDEODRIVER": "x11"}

    def picture(self, path):
        # QEMU opens a window of this size in the middle, which then grows to the right and downwards.
        left, top = (ROOM[0] - 640) // 2, (ROOM[1] - 480) // 2
        image = ImageGrab.grab((left, top, left + SIZE[0], top + SIZE[1]), xdisplay=f":{self.number}").convert("RGB")
        image.save(path)
        return image

    def end(self):
        self.process.kill()
        self.process.wait()

"""A machine of its own: QEMU without hardware help, driven as by a person at it and by root."""

import json
import pathlib
import shlex
import socket
import subprocess
import tempfile
import time

from PIL import Image

FOLDER = pathlib.Path(__file__).parents[2] / "build" / "login"
# KVM, where there is a /dev/kvm at all, may not run a stock kernel. Newer processors than this one
# cost the emulation time.
OPTIONS = "-accel tcg,thread=multi -cpu Nehalem -smp 2 -m 2G -nic none -display none -no-reboot"
# A keyboard and a pointer that says where it is, as a touch pad or a tablet does not.
DEVICES = "-device virtio-vga -device virtio-keyboard-pci -device virtio-tablet-pci"
KERNEL = (
    "root=/dev/vda rw console=ttyS0 quiet mitigations=off nokaslr audit=0 tsc=reliable"
    " no_timer_check nowatchdog systemd.wants=root-shell.service systemd.wants=triggers.service"
)
SIZE = (1280, 800)
END = "\x1e"  # a record separator, which no command prints


class Machine:
    """Boots at once; use it in a with statement."""

    def __init__(self):
        self.sockets = tempfile.TemporaryDirectory(prefix="inos-login-")
        shell, qmp = f"{self.sockets.name}/shell", f"{self.sockets.name}/qmp"
        self.process = subprocess.Popen(
            ["qemu-system-x86_64", *OPTIONS.split(), *DEVICES.split(),
             "-kernel", next(FOLDER.glob("vmlinuz-*")), "-initrd", next(FOLDER.glob("initrd.img-*")),
             "-append", KERNEL,
             "-drive", f"file={FOLDER}/disk.raw,if=virtio,format=raw,snapshot=on",
             "-serial", f"file:{FOLDER}/console.log",
             "-chardev", f"socket,id=shell,path={shell},server=on,wait=off", "-serial", "chardev:shell",
             "-qmp", f"unix:{qmp},server=on,wait=off"],
            stdin=subprocess.DEVNULL,
        )
        self.qmp_file = self._connect(qmp).makefile("rw", encoding="utf-8")
        self.qmp_file.readline()
        self.qmp("qmp_capabilities")
        self.shell_socket = self._connect(shell)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
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
            assert time.monotonic() < end, f"no root shell after {seconds} s; see {FOLDER}/console.log"
            try:
                # What the terminal echoes is not what is looked for.
                self.shell_socket.sendall(b"PS1=; stty -echo -onlcr; echo booted=$?\n")
                seen += self.shell_socket.recv(4096).decode(errors="replace")
            except TimeoutError:
                pass
        try:
            while self.shell_socket.recv(4096):
                pass
        except TimeoutError:
            pass

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
        self.qmp("input-send-event", events=[
            {"type": "abs", "data": {"axis": axis, "value": round(value * 32767 / size)}}
            for axis, value, size in (("x", x, SIZE[0]), ("y", y, SIZE[1]))
        ])

    def click(self, button="left"):
        for down in (True, False):
            self.qmp("input-send-event",
                     events=[{"type": "btn", "data": {"button": button, "down": down}}])
            time.sleep(0.2)

    def screen(self, name):
        """The picture on the screen now; kept as build/login/NAME.png."""
        path = FOLDER / f"{name}.png"
        self.qmp("screendump", filename=str(path), format="png")
        with Image.open(path) as image:
            return image.convert("RGB")

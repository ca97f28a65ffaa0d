"""A machine that starts from an image as it is: its own firmware, boot loader, kernel and command line.

The tests' way in comes from outside, as a virtual machine's owner may do it: the firmware's tables (SMBIOS) tell
systemd's stub of more for the command line, and systemd of one more unit, the root shell on a serial line."""

import base64
import pathlib
import shutil
import subprocess

from desk import wait_for
from machine import FOLDER, Machine

FIRMWARE = pathlib.Path("/usr/share/OVMF")
SHELL = pathlib.Path(__file__).parents[1] / "login/guest/etc/systemd/system/root-shell.service"
COMMAND_LINE = ("console=ttyS0 mitigations=off nokaslr audit=0 tsc=reliable no_timer_check nowatchdog"
                " systemd.wants=root-shell.service"
                # A busy machine's emulated clock may go fast.
                " systemd.default_device_timeout_sec=900 systemd.default_timeout_start_sec=900")
DISK = "12G"  # larger than any image


class ImageMachine(Machine):
    """Boots from a layer over the image build/boot/NAME.raw, which later starts find again."""

    def __init__(self, name):
        self.layer, self.variables = FOLDER / f"{name}-disk.qcow2", FOLDER / f"{name}-firmware.fd"
        if not self.layer.exists():
            subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", str(FOLDER / f"{name}.raw"), "-F", "raw",
                            str(self.layer), DISK], check=True)
            shutil.copy(FIRMWARE / "OVMF_VARS_4M.fd", self.variables)
        self.console = FOLDER / f"{name}-console.log"
        self.console.unlink(missing_ok=True)
        super().__init__(name=name)

    def _disk(self):
        unit = base64.b64encode(SHELL.read_bytes()).decode()
        return ["-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={FIRMWARE}/OVMF_CODE_4M.fd",
                "-drive", f"if=pflash,unit=1,format=raw,file={self.variables}",
                "-drive", f"if=virtio,format=qcow2,file={self.layer}",
                # A network of its own, which leads nowhere.
                "-netdev", "user,id=net,restrict=on", "-device", "virtio-net-pci,netdev=net,romfile=",
                "-smbios", f"type=11,value=io.systemd.stub.kernel-cmdline-extra={COMMAND_LINE}",
                "-smbios", f"type=11,value=io.systemd.credential.binary:systemd.extra-unit.root-shell.service={unit}"]

    def again(self):
        """Starts anew, as by `reboot`: a machine of the same disk, which takes the place of this one."""
        self.root("systemctl reboot", check=False)
        self.process.wait(300)
        self.end()
        machine = ImageMachine(self.name)
        machine.started()
        return machine

    def started(self):
        """Waits until all that is to start has started."""
        # The firmware, and the boot loader's menu, would take for their own what comes on any serial line.
        wait_for("no login on its console", self._asks_for_a_login, 1200)
        self.wait_for_shell(300)
        wait_for("it does not come to rest", lambda: self.root("systemctl is-system-running", check=False)
                 in ("running", "degraded"), 900)

    def _asks_for_a_login(self):
        assert self.process.poll() is None, f"QEMU ended: {self.process.returncode}"
        return self.console.exists() and " login:" in self.console.read_text(errors="replace")

    def keep_journal(self):
        (FOLDER / f"{self.name}-journal.log").write_text(self.root("journalctl -b --no-pager", seconds=300))

# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine that is as busy as a test says: a node whose /proc/stat and /proc/meminfo are files of the test's, in a mount
namespace of its own. It stands in for load that would hold up the test too."""

import os
import pathlib
import subprocess
import tempfile
import threading

ENTER = 'mount --bind "$0/stat" /proc/stat && mount --bind "$0/meminfo" /proc/meminfo && exec "$@"'
TOTAL = 4 << 20  # KiB


def is_permitted():
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0


class Machine:
    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="inos-machine-"))
        self.busy = self.idle = 1000
        self.processor, self.memory = 0.1, 0.2
        self.write()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def write(self):
        self.busy += round(100 * self.processor)
        self.idle += round(100 * (1 - self.processor))
        times = f"{self.busy:015} 0 0 {self.idle:015} 0 0 0 0 0 0"
        self.put("stat", f"cpu  {times}\ncpu0 {times}\n")
        free = round(TOTAL * (1 - self.memory))
        self.put("meminfo", "".join(f"{name}: {kib:12} kB\n" for name, kib in (
            ("MemTotal", TOTAL), ("MemFree", free), ("MemAvailable", free), ("SwapTotal", 0), ("SwapFree", 0))))

    def put(self, name, text):
        """In one piece, and to the same file, which is mounted; the text is always as long."""
        fd = os.open(self.directory / name, os.O_WRONLY | os.O_CREAT, 0o644)
        os.pwrite(fd, text.encode(), 0)
        os.close(fd)

    def run(self):
        while not self.over.wait(0.1):
            self.write()

    def prefix(self):
        return ["unshare", "--mount", "sh", "-c", ENTER, str(self.directory)]

    def close(self):
        self.over.set()
        self.thread.join()
        for file in self.directory.iterdir():
            file.unlink()
        self.directory.rmdir()

"""Which machine a test file is about, and in which order they go."""

import os
import subprocess

import pytest
from desk import is_up, tidy, wait_for
from machine import DISK, FOLDER, Machine

# A day at the machine without a GPU, then one at that with a GPU.
ORDER = ("test_login", "test_screens", "test_devices", "test_hands", "test_cast", "test_lock", "test_polkit", "test_sleep",
         "test_logout", "test_safe", "test_crash", "test_users", "test_plug", "test_gpu", "test_gpu_capture", "test_gpu_reset")


def pytest_collection_modifyitems(config, items):
    items.sort(key=lambda item: ORDER.index(item.module.__name__))
    if not os.environ.get("INOS_LONG"):
        later = [item for item in items if getattr(item.module, "GPU", False) or getattr(item.module, "LONG", False)]
        items[:] = [item for item in items if item not in later]
        config.hook.pytest_deselected(items=later)


class Machines:
    """One at a time: each takes all of this one."""

    def __init__(self):
        self.machine, self.failed = None, set()

    def _begin(self, gpu):
        self.failed.add(gpu)
        self.machine = Machine(gpu, disk=None if gpu else DISK)
        self.machine.wait_for_shell(300)

    def get(self, gpu):
        assert gpu not in self.failed, "the machine did not start"
        if self.machine and self.machine.gpu != gpu:
            self.end()
        if not self.machine:
            if not gpu:
                subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(FOLDER / "disk.raw"),
                                str(DISK)], check=True)
            self._begin(gpu)
            wait_for("the greeter starts no desktop", lambda: is_up(self.machine), 300)
            self.failed.remove(gpu)
        return self.machine

    def pull_the_plug(self, meanwhile):
        """Kills the machine without a GPU, does something with its disk, DISK, and starts it again from that."""
        self.end("machine-before")
        meanwhile()
        self._begin(False)
        self.failed.remove(False)
        return self.machine

    def end(self, journals=None):
        machine, self.machine = self.machine, None
        if not machine:
            return
        try:
            if machine.gpu not in self.failed:
                journal = machine.root("journalctl -b --no-pager")
                (FOLDER / f"{journals or machine.name}-journal.log").write_text(journal)
        finally:
            machine.end()  # by SIGKILL


@pytest.fixture(scope="session")
def machines():
    machines = Machines()
    yield machines
    machines.end()
    DISK.unlink(missing_ok=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.has_failed = getattr(item, "has_failed", False) or report.failed
    return report


@pytest.fixture
def machine(machines, request):
    machine = machines.get(getattr(request.module, "GPU", False))
    yield machine
    # What a test leaves that failed is not the next one's.
    if request.node.has_failed and machines.machine:
        tidy(machines.machine)

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from session import Session  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "sanitized: also run on the ASan and UBSan build")


@pytest.fixture(scope="module")
def session():
    with Session() as session:
        yield session
        # Leaks are reported when a program ends.
        session.end()
        reports = {name: session.log(name) for name in ("compositor", "node", "bridge", "shell")}
        reports["session"] = session.errors()
        for name, text in reports.items():
            for word in ("ERROR: AddressSanitizer", "runtime error:", "ERROR: LeakSanitizer"):
                # GTK, WebKit and Mesa keep things until the end, with stacks that do not say who asked:
                # the shell's own parts are checked for leaks by their unit tests.
                if name == "shell" and "Leak" in word:
                    continue
                assert word not in text, f"{name}: {text[-6000:]}"

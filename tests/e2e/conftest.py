import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from session import Session  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "sanitized: also run on the ASan and UBSan build")


@pytest.fixture(scope="session")
def locales(tmp_path_factory):
    """A folder for LOCPATH, made once: each locale takes seconds."""
    folder, names = tmp_path_factory.mktemp("locales"), ("de_DE", "ja_JP", "ar_EG")
    # It warns about characters that a map lacks, which is not our matter.
    made = [subprocess.Popen(["localedef", "-c", "-i", name, "-f", "UTF-8", str(folder / f"{name}.UTF-8")],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for name in names]
    for name, process in zip(names, made):
        process.wait()
        assert (folder / f"{name}.UTF-8" / "LC_MESSAGES").exists(), name
    return folder


@pytest.fixture(scope="module")
def session():
    with Session() as session:
        yield session

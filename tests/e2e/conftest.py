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

"""What several tests stand on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from clvapp.engine import Engine

ROOT = Path(__file__).parents[1]
settings.register_profile("any machine", deadline=None)  # a busy one is no fault of the code
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the accepted words of the pages anew (`make accept`)")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of collected exports beside the project; it has no licence, so it is not part of it."""
    for parent in ROOT.parents[:2]:
        if (parent / "shared" / "formats").is_dir():
            return parent / "shared"
    if os.environ.get("CI") == "true":
        pytest.fail("The collected exports are not beside the project (../shared/formats).")
    pytest.skip("The collected exports are not beside the project (../shared/formats).")


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened

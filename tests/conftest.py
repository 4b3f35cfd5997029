"""What several tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from here import in_this_process
from hypothesis import settings

from clvapp.database import Engine
from clvapp.read import outside

ROOT = Path(__file__).parents[1]
settings.register_profile("any machine", deadline=None)  # a busy machine is not the code's fault
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the accepted words of the pages anew (`make accept`)")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of collected exports next to the project. It has no licence, so it is not part of the project."""
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


@pytest.fixture(autouse=True)
def _books_are_read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a process for each workbook takes longer than reading it. Tests marked `apart` start one."""
    if not request.node.get_closest_marker("apart"):
        monkeypatch.setattr(outside, "_process", in_this_process)

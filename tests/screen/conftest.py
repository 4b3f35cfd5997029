"""What tests of the screen share."""

import pytest

from screen import limits


@pytest.fixture(autouse=True)
def a_server_with_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own process holds what all tests before left: as a server it would let nobody in."""
    monkeypatch.setattr(limits, "_FULL", 1 << 50)

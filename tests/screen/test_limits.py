"""How much the server takes from all together."""

import pytest

from clvapp import memory
from clvapp.problems import ServerFull
from screen import limits


def test_a_full_server_lets_nobody_new_in_and_keeps_who_is_there(monkeypatch):
    monkeypatch.setattr(limits, "_FULL", 700_000_000)
    monkeypatch.setattr(limits, "_times", lambda: 1.0)
    monkeypatch.setattr(memory, "resident", lambda: 700_000_001)
    with pytest.raises(ServerFull, match="no room for another"):
        limits.make_room(newcomer=True)
    limits.make_room(newcomer=False)
    monkeypatch.setattr(memory, "resident", lambda: 700_000_000)
    limits.make_room(newcomer=True)

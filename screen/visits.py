"""Ends what a visitor had when they have left, and lets the server do one large piece of work at a time.

Streamlit says when a visitor's connection ends: it then releases the session's own resources. Whoever does not come
back within `server.disconnectedSessionTTL` has left. Streamlit itself would keep such a session until another visitor
leaves, and what it held until Python next looks for circles of objects.
"""

import asyncio
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, RLock, get_ident
from typing import Protocol

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from clvapp import memory

_LOOK_AGAIN = 0.5  # seconds between two looks at whether it is a visitor's turn


class Belongings(Protocol):
    """What a visitor has."""

    turn: RLock  # one of their runs holds it while it uses what they have

    def rest(self) -> None:
        """Take less memory until the next click."""

    def end(self) -> None:
        """Forget all of it."""


@dataclass(eq=False)
class Visit:
    """A visitor's connection, from its first run until it ends."""

    session_id: str
    of: "weakref.ref[Belongings]"
    loop: asyncio.AbstractEventLoop | None = None  # the server's own, known once the connection has ended

    def connection_ended(self) -> None:
        """Wait for them to come back. Streamlit calls this on its own loop."""
        try:
            self.loop = asyncio.get_running_loop()
        except RuntimeError:  # a script cleared its caches: the visitor is still there
            return
        self.loop.call_later(_time_to_return(), self.leave)

    def leave(self) -> None:
        """Close the session, unless somebody is there after all. Runs on the server's loop."""
        if _VISITS.get(self.session_id) is not self or self.loop is None:
            return  # they came back, and that is another visit
        if runtime.exists() and runtime.get_instance().is_active_session(self.session_id):
            self.loop.call_later(_time_to_return(), self.leave)
            return
        del _VISITS[self.session_id]
        if runtime.exists():
            runtime.get_instance().close_session(self.session_id)
        self.loop.run_in_executor(None, self.forget)

    def forget(self) -> None:
        """End what they had, once none of their runs uses it."""
        if (found := self.of()) is not None:
            with found.turn:
                found.end()
            del found
        memory.give_back()

    def rest(self) -> None:
        """Let what they have take less memory, unless one of their runs is using it."""
        found = self.of()
        if found is not None and found.turn.acquire(blocking=False):
            try:
                found.rest()
            finally:
                found.turn.release()

    def end_now(self) -> None:
        """Do not wait for them any longer: the room is needed."""
        if self.loop is not None and _VISITS.get(self.session_id) is self:
            self.loop.call_soon_threadsafe(self.leave)
            self.forget()


_VISITS: dict[str, Visit] = {}


def everybody() -> list[Visit]:
    """All visits, the first to come first."""
    return list(_VISITS.copy().values())


def left() -> list[Visit]:
    """The visits whose connection has ended, the first to go first. They may still come back."""
    return [visit for visit in everybody() if visit.loop is not None]


def _time_to_return() -> float:
    """How long a visitor has to come back: a little less than Streamlit itself would give them."""
    return max(0.1, float(st.get_option("server.disconnectedSessionTTL")) - 0.5)


@st.cache_resource(scope="session", on_release=Visit.connection_ended, show_spinner=False)
def _visit(session_id: str, _of: Belongings) -> Visit:
    return Visit(session_id, weakref.ref(_of))


def here(of: Belongings) -> None:
    """Note that a visitor is here. `of` is what they have, and ends when they have left."""
    context = get_script_run_ctx()
    if context is not None:
        _VISITS[context.session_id] = _visit(context.session_id, of)


_LINE: deque[int] = deque()  # the threads that wait for their turn, and first the one that has it
_MOVED = Condition()


@contextmanager
def alone(waiting: Callable[[int], object]) -> Iterator[None]:
    """Do large work while no other visitor does any; whoever came first goes first.

    Until it is our turn, `waiting` is called again and again with the number of those before us.
    """
    me = get_ident()
    if _LINE and _LINE[0] == me:  # work inside work
        yield
        return
    with _MOVED:
        _LINE.append(me)
    try:
        while ahead := _before(me):
            waiting(ahead)
        yield
    finally:
        with _MOVED:
            _LINE.remove(me)
            _MOVED.notify_all()


def _before(me: int) -> int:
    """How many go first, after giving them a moment to finish."""
    with _MOVED:
        if _LINE[0] != me:
            _MOVED.wait(_LOOK_AGAIN)
        return _LINE.index(me)

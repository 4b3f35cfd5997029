"""How much the server takes, from one visitor and from all together. All of it follows from `server.maxUploadSize`."""

from dataclasses import replace

import streamlit as st

from clvapp import memory
from clvapp.problems import ServerFull
from clvapp.read.source import LIMITS, Limits
from screen import visits

_MEGABYTE = 1_000_000
_SHIPPED = 50  # MB: the largest upload for a server with 1 GB of memory (`benchmarks/memory.py` measures it)
_OF_SHIPPED = Limits(
    unpacked=150 * _MEGABYTE, rows=1_000_000, whole=60 * _MEGABYTE, memory=100 * _MEGABYTE, beside=350 * _MEGABYTE,
    together=100 * _MEGABYTE,
)  # fmt: skip
# With more than this in use, all others make room; with more than that, nobody new is let in.
_COMFORTABLE, _FULL = 400 * _MEGABYTE, 700 * _MEGABYTE


def largest() -> int:
    """The largest upload, in MB."""
    return int(st.get_option("server.maxUploadSize"))


def _times() -> float:
    return max(1.0, largest() / _SHIPPED)


def limits() -> Limits:
    """The most that is read of one visitor's files."""
    names = ("unpacked", "rows", "whole", "memory", "beside", "together")
    scaled = {name: min(getattr(LIMITS, name), int(_times() * getattr(_OF_SHIPPED, name))) for name in names}
    return replace(LIMITS, **scaled)


def make_room(*, newcomer: bool) -> None:
    """While memory is short, let others' tables rest on disk, and end what visitors had who have left.

    Raises `ServerFull` if it is still too short for a `newcomer`.
    """
    memory.give_back()
    if memory.resident() <= _times() * _COMFORTABLE:
        return
    for visit in visits.everybody():
        visit.rest()
    memory.give_back()
    for visit in visits.left():
        if memory.resident() > _times() * _COMFORTABLE:
            visit.end_now()
    if newcomer and memory.resident() > _times() * _FULL:
        raise ServerFull

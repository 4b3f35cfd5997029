"""Memory that large work leaves behind, given back to the machine: the C library keeps it for what may come."""

import ctypes
import sys
from functools import cache
from typing import Any

import pyarrow as pa


def give_back() -> None:
    """Return what is free to the machine: Arrow's, and the C library's where it can (glibc).

    Many small pieces (names, above all) between large ones keep a process at its peak: of a million lines, a fifth.
    """
    pa.default_memory_pool().release_unused()
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)

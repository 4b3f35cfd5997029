"""Gives the machine back the memory that large work leaves behind. The C library would keep it for later."""

import ctypes
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa


def give_back() -> None:
    """Return free memory to the machine: Arrow's, and the C library's where possible (glibc).

    Many small pieces (mostly names) between large ones hold a process at its peak. For a million lines: a fifth.
    """
    pa.default_memory_pool().release_unused()
    trim = _trim()
    if trim is not None:
        trim(0)


def resident() -> int:
    """How many bytes of memory this process holds, without its files; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon", "RssShmem")))
    except (OSError, ValueError, IndexError):
        return 0


@cache
def _trim() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)

"""Where tables live: each session has a private DuckDB inside the process, with only its own spill folder on disk."""

import contextlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

import duckdb

try:
    import fcntl
except ImportError:  # on Windows, nothing shows whether another process still uses its folder
    fcntl = None  # type: ignore[assignment]

MEMORY_LIMIT = "500MB"
SPILL_LIMIT = "4GB"
THREADS = 2
_PREFIX, _LOCK = "clvapp-", "in-use"


class Spill:
    """A folder for what does not fit in memory. Its lock ends with the process, however the process ends."""

    def __init__(self) -> None:
        self.path, lock = _folder()
        # However the session ends or the process unwinds, the folder goes with it.
        self.remove = weakref.finalize(self, _remove, self.path, lock)


def _folder() -> tuple[Path, IO[bytes] | None]:
    """A new folder, and the lock that says who owns it."""
    if fcntl is None:
        return Path(tempfile.mkdtemp(prefix=_PREFIX)), None
    parent = Path(tempfile.gettempdir())
    _sweep(parent, os.getpid())
    # Lock it before it gets a name that another process would look at.
    making = Path(tempfile.mkdtemp(prefix="new-" + _PREFIX))
    lock = (making / _LOCK).open("wb")
    _is_free(lock)
    return making.rename(parent / making.name.removeprefix("new-")), lock


def _remove(folder: Path, lock: IO[bytes] | None) -> None:
    if lock:
        lock.close()
    shutil.rmtree(folder, ignore_errors=True)


def _is_free(lock: IO[bytes]) -> bool:
    """Whether nobody held `lock`. If so, we hold it now."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@cache
def _sweep(folder: Path, process: int) -> None:
    """Remove what our killed processes left in `folder`, and nothing else. Runs once in each process."""
    for left in folder.glob(f"{_PREFIX}*"):
        lock = left / _LOCK
        with contextlib.suppress(OSError):
            ours = not left.is_symlink() and not lock.is_symlink() and left.stat().st_uid == os.getuid()
            if ours and lock.is_file():
                with lock.open("rb+") as opened:
                    if _is_free(opened):
                        shutil.rmtree(left, ignore_errors=True)


@dataclass(eq=False)
class Engine:
    """A private database. `close` (or garbage collection) gives back its memory and its spill folder."""

    spill: Spill = field(default_factory=Spill)
    con: duckdb.DuckDBPyConnection = field(init=False)

    def __post_init__(self) -> None:
        self.con = duckdb.connect(
            ":memory:",
            config={
                "threads": THREADS,
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(self.spill.path),
                "max_temp_directory_size": SPILL_LIMIT,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "preserve_insertion_order": False,
                # Dropped memory goes back to the machine within seconds: 200 MB for a million lines.
                "allocator_background_threads": True,
            },
        )
        self.con.execute("SET enable_progress_bar=false")  # it would go to the standard output
        self.con.execute("SET enable_external_access=false")
        self.con.execute("SET lock_configuration=true")

    def close(self) -> None:
        """Forget everything that was loaded."""
        self.con.close()
        self.spill.remove()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "con"):
            self.close()


def quoted(identifier: str) -> str:
    """`identifier` as SQL writes a name.

    >>> quoted('Lineitem "name')
    '"Lineitem ""name"'
    """
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as an SQL string.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """`texts` as an SQL list, without its brackets."""
    return ", ".join(literal(text) for text in texts)


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """All rows that `sql` returns. A result left unread would block the connection's next statement."""
    return con.execute(sql).fetchall()

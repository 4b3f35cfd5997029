"""Where tables live: one private DuckDB a session, inside the process, nothing on disk but its own spill folder."""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

MEMORY_LIMIT = "500MB"
SPILL_LIMIT = "4GB"
THREADS = 2


@dataclass(eq=False)
class Engine:
    """A private database; `close` (or garbage collection) gives back its memory and its spill folder."""

    spill: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="clvapp-")))
    con: duckdb.DuckDBPyConnection = field(init=False)

    def __post_init__(self) -> None:
        self.con = duckdb.connect(
            ":memory:",
            config={
                "threads": THREADS,
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(self.spill),
                "max_temp_directory_size": SPILL_LIMIT,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "preserve_insertion_order": False,
            },
        )
        self.con.execute("SET enable_external_access=false")
        self.con.execute("SET lock_configuration=true")

    def close(self) -> None:
        """Forget everything that was loaded."""
        self.con.close()
        shutil.rmtree(self.spill, ignore_errors=True)

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


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """Everything that `sql` answers: a result left unread would keep the connection from its next statement."""
    return con.execute(sql).fetchall()

"""Workbooks and Parquet files -> what is in them, read in a separate process with a limit of memory and time.

Their readers are libraries in other languages that believe what a file says about its own size. One wrong number in
the file makes them ask for half a terabyte, and that kills the process. If this one dies, no session dies with it.

The process gets a request as JSON, and the file as a path or on its standard input. It answers with a line of JSON:
what is wrong with the file, or the first rows of each sheet. If the request asks for rows, they follow as a stream of
Arrow batches: `record`, the row's number as a spreadsheet shows it, and a text column for each one requested.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypedDict

BATCH = 20_000  # rows


class Request(TypedDict):
    """What we want from a file: the first `count` rows of each sheet, or the columns of one sheet."""

    kind: str  # xlsx, xls, ods or parquet
    path: str  # "" when the file comes on the standard input
    count: int
    sheet: str
    after: int  # the row after which we want rows
    columns: list[int]
    memory: int  # bytes of data that the process may hold
    most_rows: int  # for a file that says how many rows it has


class Answer(TypedDict, total=False):
    """What is wrong with the file, if anything, and the first rows of each sheet, by name."""

    fault: str  # damaged, locked, far, formulas, rows or memory
    row: int
    count: int
    cell: str
    heads: dict[str, list[list[str]]]


class Fault(Exception):  # noqa: N818 - what is wrong with a file, on its way to the process that asked
    """Ends the reading of a file with an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


def without_blank_tail(rows: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[tuple[int, Sequence[Any]]]:
    """Numbered `rows`, up to the last one that holds anything."""
    held: list[tuple[int, Sequence[Any]]] = []
    for number, row in rows:
        if any(row):
            yield from held
            held = []
            yield number, row
        else:
            held.append((number, row))

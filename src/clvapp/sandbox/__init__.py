"""What is read in a process of its own, with a limit of memory and time: workbooks and Parquet files.

Their readers are libraries of another language that believe what a file says of its own size: one wrong number in it
asks for half a terabyte, which ends the process. Ended here, it ends nobody's session.

The process is given a request as JSON, and the file as a path or on its standard input. It answers with a line of
JSON: what is wrong with the file, or the first rows of each sheet. Where rows were asked for, they follow as a stream
of Arrow batches: `record`, the row's number as a spreadsheet shows it, and a text column for each one wanted.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypedDict

BATCH = 20_000  # rows


class Request(TypedDict):
    """What is wanted of a file: of each sheet its first `count` rows, or the columns of one sheet."""

    kind: str  # xlsx, xls, ods or parquet
    path: str  # "" where the file comes on the standard input
    count: int
    sheet: str
    after: int  # the row after which the wanted ones begin
    columns: list[int]
    most_rows: int  # of a file that says how many it has


class Answer(TypedDict, total=False):
    """What is wrong with it, if anything, and the first rows of each sheet by its name."""

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
    """Numbered `rows` up to the last one that holds anything."""
    held: list[tuple[int, Sequence[Any]]] = []
    for number, row in rows:
        if any(row):
            yield from held
            held = []
            yield number, row
        else:
            held.append((number, row))

"""An XLSX workbook -> the rows of its sheets as text, as they would stand in a CSV of the same sheet."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import python_calamine

from clvapp.problems import DamagedFile, NoSheet
from clvapp.read.source import Source

__all__ = ["NoSheet", "heads", "rows"]


def heads(source: Source, count: int) -> dict[str, list[tuple[str, ...]]]:
    """The first `count` rows of each sheet that has any, by the sheet's name, in the workbook's order."""
    found = {}
    with _opened(source) as book:
        for name in book.sheet_names:
            first = list(islice(_rows(book, name), count))
            if any(any(row) for row in first):
                found[name] = first
    return found


def rows(source: Source, sheet_name: str) -> Iterator[tuple[str, ...]]:
    """Every row of one sheet, from the sheet's first row on. Raises `DamagedFile`."""
    with _opened(source) as book:
        yield from _rows(book, sheet_name)


@contextmanager
def _opened(source: Source) -> Iterator[Any]:
    try:
        with source.open() as stream, python_calamine.CalamineWorkbook.from_filelike(stream) as book:
            yield book
    except (python_calamine.CalamineError, OSError) as fault:
        raise DamagedFile(source.name, "XLSX") from fault


def _rows(book: Any, sheet_name: str) -> Iterator[tuple[str, ...]]:
    sheet = book.get_sheet_by_name(sheet_name)
    # Empty rows and columns before the first cell are kept: row numbers must be the spreadsheet's.
    yield from (tuple(_text(cell) for cell in row) for row in sheet.to_python(skip_empty_area=False))


def _text(cell: object) -> str:
    """A cell as it would stand in a CSV: whole numbers without '.0', dates in ISO."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return str(cell)

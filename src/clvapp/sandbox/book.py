"""A workbook -> the rows of its sheets as text, as a CSV of the same sheet would hold them."""

import datetime
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any

import python_calamine

from clvapp.sandbox import BATCH, Fault, Request, without_blank_tail
from clvapp.sandbox.package import Package

MOST_FORMULAS = 1_000
_WHOLE = 1e15  # whole numbers up to here are exact

Row = Sequence[Any]
Formulas = dict[tuple[int, int], str]


def heads(request: Request, given: IO[bytes]) -> dict[str, list[list[str]]]:
    """The first rows of each sheet that has any, hidden sheets last. Only the beginning of a large workbook is read.

    Raises `Fault` and `FarCell`.
    """
    count = request["count"]
    if request["kind"] != "xlsx":
        return _heads(given, count)
    package = Package(given)
    if (short := package.shortened(count)) is not None:
        try:
            Package(short).check()
            return _heads(short, count)
        except python_calamine.CalamineError:  # the cut was in a bad place, so read all of it
            pass
    package.check()
    return _heads(given, count)


def _heads(given: IO[bytes], count: int) -> dict[str, list[list[str]]]:
    found = {}
    book = _opened(given)
    in_sight = python_calamine.SheetVisibleEnum.Visible
    for one in sorted(book.sheets_metadata, key=lambda sheet: sheet.visible != in_sight):
        if one.typ == python_calamine.SheetTypeEnum.WorkSheet:
            first = [[_text(cell) for cell in row] for row in islice(_rows(book, one.name), count)]
            if any(map(any, first)):
                found[one.name] = first
    return found


def batches(request: Request, given: IO[bytes]) -> tuple[Any, Iterator[Any]]:
    """The Arrow schema, and batches of the requested columns, without the blank rows at the end.

    A formula without a result reads as the formula. Raises `Fault` and `FarCell`.
    """
    import pyarrow as pa

    wanted = request["columns"]
    formulas: Formulas = {}
    if request["kind"] == "xlsx":
        found = Package(given).span(request["sheet"]).formulas
        formulas = {(row, column): text for (row, column), text in found.items() if column - 1 in wanted}
    if len(formulas) > MOST_FORMULAS:
        row, column = min(formulas)
        raise Fault({"fault": "formulas", "count": len(formulas), "cell": f"{_letters(column)}{row}"})
    schema = pa.schema([("record", pa.int64()), *((str(place), pa.string()) for place in wanted)])
    rows = _rows(_opened(given), request["sheet"])
    numbered = ((number, row) for number, row in enumerate(rows, start=1) if number > request["after"])
    return schema, _batches(without_blank_tail(numbered), schema, formulas)


def _batches(rows: Iterator[tuple[int, Row]], schema: Any, formulas: Formulas) -> Iterator[Any]:
    import pyarrow as pa

    places = [int(name) for name in schema.names[1:]]
    while some := list(islice(rows, BATCH)):
        numbers = [number for number, _ in some]
        columns = [_column([row for _, row in some], place) for place in places]
        for (row, column), text in formulas.items() if formulas else ():
            if numbers[0] <= row <= numbers[-1] and not columns[places.index(column - 1)][row - numbers[0]]:
                columns[places.index(column - 1)][row - numbers[0]] = text
        yield pa.record_batch([pa.array(numbers), *map(pa.array, columns)], schema=schema)


def _column(rows: list[Row], place: int) -> list[str]:
    """The texts of one column. The reader makes all rows as wide as the widest."""
    if place >= len(rows[0]):
        return [""] * len(rows)
    cells = [row[place] for row in rows]
    return [cell if type(cell) is str else _text(cell) for cell in cells]


def _opened(given: IO[bytes]) -> Any:
    given.seek(0)  # its reader starts at the stream's position
    try:
        return python_calamine.CalamineWorkbook.from_filelike(given)
    except python_calamine.PasswordError as fault:
        raise Fault({"fault": "locked"}) from fault


def _rows(book: Any, name: str) -> Iterator[Row]:
    """Every row from the sheet's first, and every cell from its first column."""
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return
    before = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield before + row if before else row


def _text(cell: object) -> str:
    """A cell as a CSV would hold it: whole numbers without '.0', dates in ISO."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _WHOLE else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ", "seconds")
    return str(cell)


def _letters(column: int) -> str:
    """The letters of a column, from its number.

    >>> _letters(1), _letters(28), _letters(16384)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

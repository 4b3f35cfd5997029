"""The other dates of a table -> whether its writer puts the day or the month first."""

from collections.abc import Collection

from clvapp.formats.date_shapes import plain_digits, shape_of, understood
from clvapp.formats.layout import DateOrder
from clvapp.read import cells
from clvapp.read.table import Table

_MOST_OF_THEM = 0.8  # of a column's cells are dates, or it holds something else


def proven(table: Table, *, but: Collection[int]) -> DateOrder | None:
    """Which of day and month the first rows of other columns (all `but` these) prove to come first, if all agree.

    A due date of 20/04/2026 shows how 05/04/2026 beside it is meant.
    """
    found: set[DateOrder] = set()
    for place in range(max(map(len, table.rows), default=0)):
        filled = [row[place].strip() for row in table.rows if place < len(row) and not cells.is_empty(row[place])]
        if place in but or not filled or sum(map(cells.is_date, filled)) < _MOST_OF_THEM * len(filled):
            continue
        for cell in filled:
            found |= _shown_by(cell)
    return found.pop() if len(found) == 1 else None


def _shown_by(cell: str) -> set[DateOrder]:
    shape = understood(shape_of(cell))
    if shape is None or shape.first is None or shape.second is None:
        return set()
    text = plain_digits(cell)
    first, second = (int(text[at - 1 : at - 1 + length]) for at, length in (shape.first, shape.second))
    if first > 12 >= second:
        return {"day-first"}
    return {"month-first"} if second > 12 >= first else set()

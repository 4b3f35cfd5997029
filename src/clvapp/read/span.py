"""How far the cells of a workbook's sheets reach, before its reader makes room for all of them.

The reader holds a sheet as rows times columns up to the last cell: one far cell would ask for half a terabyte, and
end the process.
"""

from collections.abc import Iterable
from functools import cache
from string import digits
from xml.parsers import expat

from clvapp.problems import DamagedFile, FarCell

MOST_CELLS = 20_000_000
_SHEET = b"sheetData"
_HELD = frozenset(["v", "is", "t", "f"])  # a cell that is only formatted takes no room


def refuse_far_cells(name: str, pieces: Iterable[bytes]) -> None:
    """Read one part of a workbook. Raises `FarCell`, and `DamagedFile` for a sheet that is no XML."""
    reach = _Reach(name)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reach.start
    broken, before = False, b""
    for piece in pieces:
        if not broken:
            try:
                parser.Parse(piece)
            except (expat.ExpatError, ValueError):
                broken = True
        if broken and (reach.in_sheet or _SHEET in before + piece):
            raise DamagedFile(name, "XLSX")
        before = piece[-len(_SHEET) :]


class _Reach:
    """The last row and column that hold anything; cells without a place of their own follow the one before."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.in_sheet = self.at_cell = False
        self.row = self.column = 0
        self.rows = self.columns = 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins: a row, a cell, or what a cell holds, which makes it count."""
        element = tag.rpartition(":")[2]
        if element == "c" and self.in_sheet:
            self._place(attributes.get("r"))
        elif element == "row":
            self.row, self.column, self.at_cell = int(attributes.get("r", self.row + 1)), 0, False
        elif self.at_cell and element in _HELD:
            self.at_cell = False
            self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
            if self.rows * self.columns > MOST_CELLS:
                raise FarCell(self.name, self.rows)
        self.in_sheet |= element == "sheetData"

    def _place(self, reference: str | None) -> None:
        self.at_cell = True
        if reference is None:
            self.column += 1
            return
        letters = reference.rstrip(digits)
        self.row, self.column = int(reference[len(letters) :]), _column(letters)


@cache
def _column(letters: str) -> int:
    """The number of a column by its letters.

    >>> _column("A"), _column("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.strip().upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number

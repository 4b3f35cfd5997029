"""A table, as a reader of markup meets it: its open row, its open cell, and what has been read so far."""

from collections import deque

from clvapp.problems import DamagedFile, NeedsTooMuch, TooManyColumns, TooManyRows
from clvapp.read.source import Limits, Source

_MOST_ROWS = 500_000  # of a table: several times more than the programs that write them can write
LONGEST = 100_000  # characters of a cell


DEEPEST = 40  # tables inside tables


MOST_TABLES = 10_000


_DEEP = {"html": 5_000, "xml": 64}  # elements inside elements


_MOST_CELLS = 5_000_000


Row = tuple[str, ...]


class Reader:
    """What both readers keep track of: the rows that are done, how deep they are, how many cells they met."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self.done = deque[tuple[str, int, Row]]()
        self.open: list[Table] = []
        self.count = self.depth = self.cells = 0

    def beyond(self, rows: int) -> bool:
        """Whether the only open table has more than this many rows."""
        return len(self.open) == 1 and self.open[0].number > rows

    def deeper(self, kind: str) -> None:
        """An element begins inside the open ones."""
        self.depth += 1
        if self.depth > _DEEP[kind]:
            raise DamagedFile(self.source.name, kind.upper())

    def another_cell(self) -> None:
        """A cell begins."""
        self.cells += 1
        if self.cells > _MOST_CELLS:
            raise NeedsTooMuch(self.source.name)


class Table:
    """One table while it is being read: its open row, its open cell, and the cells that reach into rows below."""

    def __init__(self, source: Source, name: str, limits: Limits) -> None:
        self.source, self.name, self.limits = source, name, limits
        self.number = 0
        self.in_row = False
        self.cells: dict[int, str] = {}
        self.place = 0
        self.text: list[str] | None = None
        self.length = 0
        self.span = (1, 1)
        self.below: dict[int, tuple[int, str]] = {}  # place -> rows still to come, text

    def row(self, number: int | None = None) -> None:
        """A row begins."""
        self.number = self.number + 1 if number is None else max(number, self.number + 1)
        self.cells, self.place, self.in_row = {}, 0, True
        if self.number > min(self.limits.rows, _MOST_ROWS):
            raise TooManyRows(self.source.name, min(self.limits.rows, _MOST_ROWS))
        for place, (count, text) in list(self.below.items()):
            self.cells[place] = text
            self.below[place] = (count - 1, text)
            if count <= 1:
                del self.below[place]

    def cell(self, place: int | None = None, *, across: int = 1, down: int = 1) -> None:
        """A cell begins, at its own place or after the one before."""
        self.place = self.place if place is None else place
        while place is None and self.place in self.cells:
            self.place += 1
        if self.place + across > self.limits.columns:
            raise TooManyColumns(self.source.name, self.place + across, row=self.number, limit=self.limits.columns)
        self.text, self.length, self.span = [], 0, (across, down)

    def data(self, text: str) -> None:
        """More of the open cell's text."""
        if self.text is not None and self.length < LONGEST:
            self.text.append(text)
            self.length += len(text)

    def close(self, text: str) -> None:
        """The open cell ends. The rows that it spans downward repeat its text; the columns that it spans stay blank."""
        across, down = self.span
        self.cells[self.place] = text
        if down > 1:
            self.below[self.place] = (down - 1, text)
        self.cells |= dict.fromkeys(range(self.place + 1, self.place + across), "")
        self.place += across
        self.text = None

    def row_read(self) -> tuple[str, int, Row]:
        """The row that just ended."""
        self.in_row = False
        width = max(self.cells, default=-1) + 1
        return self.name, self.number, tuple(self.cells.get(place, "") for place in range(width))


def taken(text: str | None) -> int:
    """How many columns or rows a cell spans.

    >>> taken("3"), taken("x"), taken("-1"), taken(None)
    (3, 1, 1, 1)
    """
    return min(max(int(text), 1), 65_534) if text and text.isascii() and text.strip().isdigit() else 1

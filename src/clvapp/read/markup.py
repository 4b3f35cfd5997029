"""Web pages and XML that call themselves workbooks -> the rows of their tables, as a stream.

Nothing in them is fetched, and nothing they define is used: a definition in the XML ends the reading.
"""

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from xml.parsers import expat

from lxml import etree

from clvapp.problems import DamagedFile, NeedsTooMuch, TooManyColumns, TooManyRows
from clvapp.read import stream
from clvapp.read.source import LIMITS, Container, Limits, Source, beginning, chunks

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_LONGEST = 100_000  # characters of a cell
_DEEPEST = 40  # tables inside tables
_MOST_TABLES = 10_000
_MOST_ROWS = 500_000  # of a table: several times what the programs that write them can
_UNSEEN = {"script", "style", "head"}
_DEEP = {"html": 5_000, "xml": 64}  # elements inside elements
_MOST_CELLS = 5_000_000
_LONGEST_TAG = 64
_ROW_END = {"html": re.compile(rb"</tr\s*>", re.IGNORECASE), "xml": re.compile(rb"</(?:[\w.-]+:)?Row\s*>")}
_TABLE_END = {"html": re.compile(rb"</?table[\s>]", re.IGNORECASE), "xml": re.compile(rb"</(?:[\w.-]+:)?Table\s*>")}

Row = tuple[str, ...]


def rows(
    source: Source, kind: Container, limits: Limits = LIMITS, *, first: int | None = None
) -> Iterator[tuple[str, int, Row]]:
    """Every row as its table's name, its number in it and its cells; the rows of tables in one another mix.

    With `first`, at least so many rows of each table, and the others are passed over where that is quick.
    Raises `DamagedFile`, `TooLarge`, `TooManyRows`, `TooManyColumns` and `NeedsTooMuch`.
    """
    pieces = chunks(source, "text", replace(limits, unpacked=limits.whole))
    reader: _Page | _Book = _Page(source, limits) if kind == "html" else _Book(source, limits)
    if first is not None:
        pieces = _beginnings(pieces, lambda: reader.beyond(first), _ROW_END[kind], _TABLE_END[kind])
    yield from _page(reader, pieces) if isinstance(reader, _Page) else _workbook(reader, pieces)


def _beginnings(
    pieces: Iterable[bytes], enough: Callable[[], bool], row_end: re.Pattern[bytes], table_end: re.Pattern[bytes]
) -> Iterator[bytes]:
    """`pieces` without what stands between the end of a row and the end of its table, once there are `enough` rows."""
    skipping, held = False, b""
    for fresh in pieces:
        piece = held + fresh
        held = b""
        while piece:
            if skipping:
                end = table_end.search(piece)
                piece, held = (piece[end.start() :], b"") if end else (b"", piece[-_LONGEST_TAG:])
                skipping = end is None
            elif enough() and (last := row_end.search(piece)):
                yield piece[: last.end()]
                piece, skipping = piece[last.end() :], True
            else:
                yield piece
                piece = b""
    if held and not skipping:
        yield held


class _Reader:
    """What both readers know: the rows that are done, how deep they are, how many cells they met."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self.done = deque[tuple[str, int, Row]]()
        self.open: list[_Table] = []
        self.count = self.depth = self.cells = 0

    def beyond(self, rows: int) -> bool:
        """Whether the one table that is open has more than so many rows."""
        return len(self.open) == 1 and self.open[0].number > rows

    def deeper(self, kind: str) -> None:
        """An element begins inside those that are open."""
        self.depth += 1
        if self.depth > _DEEP[kind]:
            raise DamagedFile(self.source.name, kind.upper())

    def another_cell(self) -> None:
        """A cell begins."""
        self.cells += 1
        if self.cells > _MOST_CELLS:
            raise NeedsTooMuch(self.source.name)


class _Table:
    """One table as it is read: the row and the cell that are open, and cells that reach into rows below."""

    def __init__(self, source: Source, name: str, limits: Limits) -> None:
        self.source, self.name, self.limits = source, name, limits
        self.number = 0
        self.in_row = False
        self.cells: dict[int, str] = {}
        self.place = 0
        self.text: list[str] | None = None
        self.length = 0
        self.span = (1, 1)
        self.below: dict[int, tuple[int, str]] = {}  # place -> rows to come, text

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
        """A cell begins, at a place of its own or after the one before."""
        self.place = self.place if place is None else place
        while place is None and self.place in self.cells:
            self.place += 1
        if self.place + across > self.limits.columns:
            raise TooManyColumns(self.source.name, self.place + across, row=self.number, limit=self.limits.columns)
        self.text, self.length, self.span = [], 0, (across, down)

    def data(self, text: str) -> None:
        """More of the open cell's text."""
        if self.text is not None and self.length < _LONGEST:
            self.text.append(text)
            self.length += len(text)

    def close(self, text: str) -> None:
        """The open cell is over: in the rows that it reaches into, it says the same; beside itself, nothing."""
        across, down = self.span
        self.cells[self.place] = text
        if down > 1:
            self.below[self.place] = (down - 1, text)
        self.cells |= dict.fromkeys(range(self.place + 1, self.place + across), "")
        self.place += across
        self.text = None

    def row_read(self) -> tuple[str, int, Row]:
        """The row that ends."""
        self.in_row = False
        width = max(self.cells, default=-1) + 1
        return self.name, self.number, tuple(self.cells.get(place, "") for place in range(width))


# --- web pages ------------------------------------------------------------------------------------------------------
class _Page(_Reader):
    """Takes a page's elements as the parser meets them."""

    unseen = 0

    def start(self, tag: object, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.deeper("html")
        if tag == "table":
            self.count += 1
            if len(self.open) >= _DEEPEST or self.count > _MOST_TABLES:
                raise DamagedFile(self.source.name, "HTML")
            self.open.append(_Table(self.source, f"Table {self.count}", self.limits))
        self.unseen += tag in _UNSEEN
        table = self.open[-1] if self.open else None
        if table is None:
            return
        if tag == "tr":
            table.row()
        elif tag in {"td", "th"}:
            self.another_cell()
            if not table.in_row:
                table.row()
            across, down = (_count(attributes.get(name)) for name in ("colspan", "rowspan"))
            table.cell(across=across, down=down)
        elif tag in {"br", "p", "div"}:
            table.data(" ")

    def data(self, text: str) -> None:
        """Text, of the innermost table's open cell."""
        if self.open and not self.unseen:
            self.open[-1].data(text)

    def end(self, tag: object) -> None:
        """An element is over."""
        self.depth -= 1
        self.unseen -= tag in _UNSEEN
        if not self.open:
            return
        table = self.open[-1]
        if tag in {"td", "th"} and table.text is not None:
            table.close(" ".join("".join(table.text).split()))
        elif tag in {"tr", "table"}:
            if table.in_row:
                self.done.append(table.row_read())
            if tag == "table":
                self.open.pop()

    def close(self) -> None:
        """The page is over."""


def _count(text: str | None) -> int:
    """How many columns or rows a cell takes.

    >>> _count("3"), _count("x"), _count("-1"), _count(None)
    (3, 1, 1, 1)
    """
    return min(max(int(text), 1), 65_534) if text and text.isascii() and text.strip().isdigit() else 1


def _page(page: _Page, pieces: Iterable[bytes]) -> Iterator[tuple[str, int, Row]]:
    source = page.source
    parser = etree.HTMLParser(target=page, encoding="utf-8", no_network=True)
    begun = False
    try:
        for piece in stream.as_utf8(pieces, _encoding(source)):
            parser.feed(piece.replace(b"\x00", b""))
            begun = True
            while page.done:
                yield page.done.popleft()
        if begun:
            parser.close()
    except etree.LxmlError as fault:
        raise DamagedFile(source.name, "HTML") from fault
    if any(entry.level >= etree.ErrorLevels.FATAL for entry in parser.error_log):
        raise DamagedFile(source.name, "HTML")
    yield from page.done


def _encoding(source: Source) -> str:
    """What the page is written in: what its bytes show, else what it says of itself."""
    sample = beginning(source, 1 << 16)
    found = stream.encoding(sample, whole=source.size() <= len(sample)) or stream.MIXED
    told = _CHARSET.search(sample[:4096])
    if found in {"utf-8", "utf-16"} or not told:
        return found
    try:
        name = codecs.lookup(told[1].decode("ascii", errors="ignore")).name
    except LookupError:
        return found
    return found if name.startswith("utf") or not _of_text(name) else name


def _of_text(name: str) -> bool:
    """Whether the codec turns bytes into text (some of Python's do not)."""
    try:
        return isinstance(codecs.decode(b"", name), str)
    except (LookupError, ValueError, TypeError):
        return False


# --- SpreadsheetML --------------------------------------------------------------------------------------------------
class _Book(_Reader):
    """Takes the elements of an Excel 2003 XML workbook, whatever their prefixes."""

    kind = formula = ""

    @property
    def table(self) -> "_Table | None":
        """The sheet that is open."""
        return self.open[0] if self.open else None

    def refuse(self, *_: object) -> None:
        """No spreadsheet writes definitions of its own."""
        raise DamagedFile(self.source.name, "XML")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.deeper("xml")
        known = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        match tag.rpartition(":")[2]:
            case "Worksheet":
                self.count += 1
                self.open = [_Table(self.source, known.get("Name", f"Table {self.count}"), self.limits)]
            case "Row" if self.table:
                self.table.row(_place(known))
            case "Cell" if self.table:
                self.another_cell()
                place = _place(known)
                across, down = (
                    _count(known.get(name)) if name in known else 0 for name in ("MergeAcross", "MergeDown")
                )
                self.table.cell(place and place - 1, across=across + 1, down=down + 1)
                self.table.text = None  # until its data begins
                self.kind, self.formula = "", known.get("Formula", "")
            case "Data" if self.table:
                self.table.text, self.kind = [], known.get("Type", "String")

    def data(self, text: str) -> None:
        """Text of the open cell."""
        if self.table:
            self.table.data(text)

    def end(self, tag: str) -> None:
        """An element is over."""
        self.depth -= 1
        if self.table is None:
            return
        match tag.rpartition(":")[2]:
            case "Data":
                self.formula = ""
                self.table.close(_value("".join(self.table.text or []), self.kind))
                self.kind = "read"
            case "Cell" if self.kind != "read":
                self.table.close(self.formula)  # a formula without its result reads as the formula
            case "Row" if self.table.in_row:
                self.done.append(self.table.row_read())
            case "Worksheet":
                self.open = []


def _place(attributes: Mapping[str, str]) -> int | None:
    index = attributes.get("Index", "")
    return int(index) if index.isascii() and index.isdigit() and len(index) < 9 and int(index) else None


def _value(text: str, kind: str) -> str:
    """A cell's text as it would stand in a CSV.

    >>> _value("2026-01-05T10:00:00.000", "DateTime"), _value("1", "Boolean"), _value("1", "Number")
    ('2026-01-05 10:00:00', 'true', '1')
    """
    if kind == "DateTime":
        return text.strip().replace("T", " ").removesuffix(".000")
    if kind == "Boolean":
        return "true" if text.strip() == "1" else "false"
    return text


def _workbook(book: _Book, pieces: Iterable[bytes]) -> Iterator[tuple[str, int, Row]]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = book.start, book.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = book.data, book.refuse
    try:
        for piece in pieces:
            parser.Parse(piece)
            while book.done:
                yield book.done.popleft()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise DamagedFile(book.source.name, "XML") from fault
    yield from book.done

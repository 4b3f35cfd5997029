"""A file -> what kind of table it is: its encoding, its separator, where the column names stand, its first rows."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from clvapp import formats
from clvapp.problems import (
    EmptyFile,
    EndlessLine,
    FormatUnclear,
    LookAlike,
    NoHeader,
    NoSheet,
    NoTable,
    NotATable,
    SheetNotFound,
    SheetUnclear,
    TooManyColumns,
)
from clvapp.read import book, cells, stream
from clvapp.read.damage import Damage, damage, repaired
from clvapp.read.headings import could_be_orders
from clvapp.read.separator import separators
from clvapp.read.source import BOOKS, LIMITS, Container, Limits, Source, chunks, container, refuse_foreign

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 1 << 20
SEARCHED = 20  # records that we search for the column names
SHOWN = 200
# Of one cell: a long note must not hide the rows after it.
csv.field_size_limit(max(csv.field_size_limit(), 2 * SAMPLE))


@dataclass(frozen=True)
class Sheet:
    """A table, known by its headings and first rows, with everything needed to read the rest.

    `header_row` and row numbers count from 1, as a spreadsheet shows them. `rows` are the first 200 after the
    header, each as wide as `headings`. A heading may be blank or occur twice. `skip` is how many lines of text to
    skip, the header's included. `other_sheets` are the workbook's sheets that we do not read.
    """

    source: Source
    container: Container
    headings: tuple[str, ...]
    header_row: int
    rows: tuple[tuple[str, ...], ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    skip: int = 1
    damage: Damage = ""
    sheet_name: str = ""
    other_sheets: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name."""
        return self.source.name

    @property
    def label(self) -> str:
        """The file's name, and the sheet that was chosen from it."""
        return f"{self.name}: {self.source.sheet}" if self.source.sheet else self.name


@dataclass(frozen=True)
class _Record:
    cells: tuple[str, ...]
    last_line: int


def look(source: Source, *, of_orders: bool = True, limits: Limits = LIMITS) -> Sheet:
    """What kind of table `source` is. Of a workbook, we take the sheet that it names, or else the one with the orders.

    Raises a Problem, in the owner's words, when the file is empty, too large, too wide, not text, not a table, or
    has no column names. Raises `SheetUnclear` when several sheets could hold the orders. For a table that is not of
    orders, the first sheet is taken.
    """
    kind = container(source, limits)
    if kind == "zip":
        raise NotATable(source.name, "a ZIP archive", "Unpack it and give the CSV files inside, all together.")
    if kind in BOOKS:
        return _of_book(source, kind, of_orders, limits)
    if kind == "parquet":
        first, *below = book.heads(source, kind, SHOWN + 1, limits)[""]
        headings, shown = _fitted(first, below)
        if len(headings) > limits.columns:
            raise TooManyColumns(source.name, len(headings), row=1, limit=limits.columns)
        return Sheet(source, kind, headings, 1, shown)
    sample, whole = _sample(source, kind, limits)
    encoding = stream.encoding(sample, whole=whole)
    if encoding is None:
        raise NotATable(source.name, "not text", "Export the orders as CSV and give that file.")
    # The sample may end inside a character. We leave whatever the decoder still holds.
    text = next(stream.decoded([sample], encoding)).replace("\x00", "")
    _refuse_wide(source.name, text, limits)
    if form := formats.headerless(list(islice(filter(str.strip, io.StringIO(text)), SEARCHED))):
        rows = tuple(record.cells for record in islice(_records(text, stream.BLANKS, whole=whole), SHOWN))
        return Sheet(source, kind, form.columns, 0, rows, encoding=encoding, delimiter=stream.BLANKS, skip=0)
    if kind_of_damage := damage(text, lambda candidate: _best_regularity(candidate, whole=whole)):
        text = b"".join(repaired([text.encode()], kind_of_damage)).decode()
    delimiter, start = _delimiter_and_header(source.name, text, whole=whole, limits=limits)
    records = list(islice(_records(text, delimiter, whole=whole), start + 1 + SHOWN))
    if len(records) == start + 1:  # a first row longer than the sample is shown as far as it goes
        records = list(islice(_records(text, delimiter, whole=True), start + 2))
    headings, rows = _fitted(records[start].cells, [record.cells for record in records[start + 1 :]])
    return Sheet(
        source,
        kind,
        headings,
        start + 1,
        rows,
        encoding=encoding,
        delimiter=delimiter,
        skip=records[start].last_line,
        damage=kind_of_damage,
    )


def _sample(source: Source, kind: Container, limits: Limits) -> tuple[bytes, bool]:
    """The first mebibyte, and whether that is the whole file."""
    pieces = chunks(source, kind, limits)
    first = next(pieces, b"")
    sample = first + (next(pieces, b"") if first and len(first) < SAMPLE else b"")
    whole = len(sample) < SAMPLE
    if not sample.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise EmptyFile(source.name)
    refuse_foreign(source.name, sample[:512])
    return sample, whole


def _refuse_wide(name: str, text: str, limits: Limits) -> None:
    """Count the columns of the first line before anything parses it: 40,000 of them keep a parser busy."""
    first = text[: min(at for at in (text.find("\n"), text.find("\r"), len(text)) if at >= 0)]
    if len(first) >= SAMPLE // 2:
        raise EndlessLine(name, len(first))
    count = max(first.count(delimiter) for delimiter in DELIMITERS) + 1
    if count > limits.columns:
        raise TooManyColumns(name, count, row=1, limit=limits.columns)


def _records(text: str, delimiter: str, *, whole: bool) -> Iterator[_Record]:
    """The records of `text`. The last record of a sample is left out, since it may be cut off."""
    if delimiter == stream.BLANKS:
        lines = enumerate(io.StringIO(text), start=1)
        yield from (_Record(tuple(line.split()), number) for number, line in lines if whole or line.endswith("\n"))
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    previous: _Record | None = None
    try:
        for row in reader:
            if previous is not None:
                yield previous
            previous = _Record(tuple(row), reader.line_num)
    except csv.Error:  # a cell beyond the reader's limit means an open quote, which loading mends or reports
        whole = True
    if previous is not None and whole:
        yield previous


def _delimiter_and_header(name: str, text: str, *, whole: bool, limits: Limits) -> tuple[str, int]:
    """The separator, and the header's place (from 0). A known export's names decide, or else the shape."""
    first = {d: list(islice(_records(text, d, whole=whole), SEARCHED)) for d in separators(text, DELIMITERS)}
    for delimiter, records in first.items():
        for place, record in enumerate(records):
            if len(record.cells) > limits.columns:
                raise TooManyColumns(name, len(record.cells), row=place + 1, limit=limits.columns)
            if _known(record.cells):
                return delimiter, place
    for place, record in enumerate(islice(_records(text, stream.BLANKS, whole=whole), SEARCHED)):
        if _known(record.cells):  # columns of fixed width; shape alone never proves them, since any sentence has blanks
            return stream.BLANKS, place
    delimiter = max(first, key=lambda d: _regularity([record.cells for record in first[d]]))
    return delimiter, header_place(name, [record.cells for record in first[delimiter]])


def _known(row: Sequence[str]) -> bool:
    try:
        return formats.recognise(row) is not None or formats.beside(row) is not None
    except (FormatUnclear, LookAlike):  # known, but ambiguous or not of orders: whoever maps the columns says so later
        return True


def _best_regularity(text: str, *, whole: bool) -> float:
    """How much `text` looks like a table, by the separator that suits it best."""
    return max(
        _regularity([record.cells for record in islice(_records(text, d, whole=whole), SEARCHED)]) for d in DELIMITERS
    )


def _regularity(rows: Sequence[tuple[str, ...]]) -> float:
    """How much `rows` look like a table: how many share the commonest width, plus a little for that width."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count + min(width, 100) / 200


def header_place(name: str, rows: Sequence[tuple[str, ...]]) -> int:
    """Which of the first `rows` names the columns: the first one below any preamble that is as full as the table.

    Raises `NoTable` and `NoHeader`.
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    widths = Counter(len(row) for row, count in zip(rows, filled, strict=True) if len(row) > 1 and count)
    if not widths:
        raise NoTable(name)
    width = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    for place, row in enumerate(rows):
        if abs(len(row) - width) > 1 or filled[place] < max(2, (width + 1) // 2):
            continue
        if (datum := _datum(row)) is not None:
            raise NoHeader(name, row=place + 1, value=datum[:60])
        return place
    raise NoTable(name)


def _datum(row: Sequence[str]) -> str | None:
    """The first cell that can only be data. If there is one, `row` does not name the columns."""
    telling = [cell for cell in row if cells.is_date(cell) or cells.is_email(cell)]
    numbers = [cell for cell in row if cells.is_number(cell)]
    named = sum(bool(cell.strip()) for cell in row)
    if telling:
        return telling[0]
    return numbers[0] if 2 * len(numbers) >= named else None


def _fitted(
    header: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The headings, made as wide as the rows, and the rows. Some exports end each row with a separator."""
    headings = [cell.replace("\ufeff", "").strip() for cell in header]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width = widths.most_common(1)[0][0] if widths else len(headings)
    extra = [row for row in rows if len(row) == width > len(headings)]
    if width < len(headings) and not any(headings[width:]) and not widths[len(headings)]:
        headings = headings[:width]
    elif width == len(headings) + 1 and all(row[0].strip().isdigit() and row[-1].strip() for row in extra):
        headings = ["", *headings]  # R numbers its rows and gives that column no name
    elif extra and not any(cell.strip() for row in extra for cell in row[len(headings) :]):
        headings += [""] * (width - len(headings))
    full = len(headings)
    return tuple(headings), tuple((*row[:full], *[""] * (full - len(row))) for row in rows)


def _of_book(source: Source, kind: Container, of_orders: bool, limits: Limits) -> Sheet:
    """The sheet that was chosen, or the one that holds the orders."""
    heads = book.heads(source, kind, SEARCHED + SHOWN, limits)
    if source.sheet and source.sheet not in heads:
        raise SheetNotFound(source.sheet, tuple(heads))
    places = {name: _place(source.name, rows[:SEARCHED]) for name, rows in heads.items()}
    headed = {name: rows[place] for name, rows in heads.items() if (place := places[name]) is not None}
    if source.sheet:
        place = places[source.sheet]
        name = source.sheet
        if place is None:
            place = header_place(source.name, heads[name][:SEARCHED])  # raises, and says what is wrong with it
    else:
        name = _with_orders(source.name, headed, of_orders)
        place = places[name] or 0
    headings, shown = _fitted(heads[name][place], heads[name][place + 1 : place + 1 + SHOWN])
    if len(headings) > limits.columns:
        raise TooManyColumns(source.name, len(headings), row=place + 1, limit=limits.columns)
    others = tuple(other for other in heads if other != name)
    return Sheet(source, kind, headings, place + 1, shown, sheet_name=name, other_sheets=others)


def _with_orders(file: str, headed: Mapping[str, Sequence[str]], of_orders: bool) -> str:
    """The one sheet of a known export, else the one whose column names suggest orders, else the only sheet."""
    if not headed:
        raise NoSheet(file)
    known = [name for name, row in headed.items() if _known(row)]
    likely = known or [name for name, row in headed.items() if could_be_orders(row)] or list(headed)
    if len(likely) > 1 and of_orders:
        raise SheetUnclear(file, tuple(likely))
    return likely[0] if of_orders else next(iter(headed))


def _place(name: str, rows: Sequence[tuple[str, ...]]) -> int | None:
    """Where the column names stand, or None. A known export's names decide, or else the shape."""
    if (known := next((place for place, row in enumerate(rows) if _known(row)), None)) is not None:
        return known
    try:
        return header_place(name, rows)
    except (NoTable, NoHeader):
        return None

"""A `Sheet` and what its columns are for -> rows of text, streamed into the session's database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from clvapp.database import quoted
from clvapp.problems import OutOfMemory, Problem, TooManyBlankRows, TooManyRows, TooManyUnreadable, UnreadableText
from clvapp.read import book, stream
from clvapp.read.damage import repaired
from clvapp.read.sheet import Sheet
from clvapp.read.source import LIMITS, Limits, chunks
from clvapp.read.tidy import tidy

BLOCK = 2 << 20
TEXT_SHOWN = 200  # characters that we keep of an unreadable row
MOST_UNREADABLE = 100_000
MOST_BLANK = 3_000_000
_INCOMING = "clvapp_incoming"


@dataclass(frozen=True)
class Loaded:
    """How many rows came after the header, and which of them could not be read.

    `unreadable` has one row for each: `file`, `record` (its number as a spreadsheet shows it), `text` (how it
    begins) and `why`. `rows_in` counts them too. All other rows are in the table.
    """

    rows_in: int
    unreadable: pd.DataFrame


@dataclass
class _Pass:
    """One pass over a file: how we read it, and what we found."""

    sheet: Sheet
    limits: Limits
    mend: bool = False
    invalid: list[tuple[int, int, str]] = field(default_factory=list)  # place from 0, cells, text
    broken: list[str] = field(default_factory=list)
    told: int = 0  # how many of those the parser has reached
    ragged_over_lines: bool = False
    valid: int = 0
    problem: Problem | None = None
    again: bool = False  # read once more, with the quotes mended
    feed: stream.Feed | None = None
    blank: int = 0

    def take(self, rows: int, *, blank: int) -> None:
        """Count rows that we read. Raises `TooManyRows` and `TooManyBlankRows`."""
        self.valid += rows
        self.blank += blank
        if self.valid > self.limits.rows:
            raise TooManyRows(self.sheet.name, self.limits.rows)
        if self.blank > MOST_BLANK:
            raise TooManyBlankRows(self.sheet.name, MOST_BLANK)


def load(
    sheet: Sheet,
    mapping: Mapping[str, tuple[int, ...]],
    con: duckdb.DuckDBPyConnection,
    *,
    table: str = "raw",
    file: int = 0,
    limits: Limits = LIMITS,
) -> Loaded:
    """Append `sheet` to `table` of `con`. A missing table is created, and a missing column is added.

    The table has `file`, `record` (the row's number as a spreadsheet shows it), `first_cell` (the sheet's first
    column, where totals and footers say what they are) and one VARCHAR column for each role of `mapping`. Cells of
    several headings are joined by a space. Cells are trimmed, lose the apostrophe that guards them from a
    spreadsheet, and are NULL when blank. A row with a single cell, or with only a tenth of the header's cells, is a
    remark: its text goes to `first_cell` and its roles stay NULL. If a Problem is raised, no row was added.
    """
    positions = sorted({0, *(place for places in mapping.values() for place in places)})
    _make_room(con, table, tuple(mapping))
    statement = _statement(table, file, mapping)
    for mend in (False, True):
        reading = _Pass(sheet, limits, mend=mend)
        _insert(con, reading, positions, statement=statement)
        if not (reading.problem or reading.again or _swallows(reading)):
            break
        con.execute(f"DELETE FROM {quoted(table)} WHERE file = {int(file)}")
        if reading.problem:
            raise reading.problem
    unreadable = _keep_remarks(con, reading, table=table, file=file)
    return Loaded(reading.valid + len(reading.invalid), unreadable)


def _make_room(con: duckdb.DuckDBPyConnection, table: str, roles: Sequence[str]) -> None:
    con.execute(f"CREATE TABLE IF NOT EXISTS {quoted(table)} (file INTEGER, record BIGINT, first_cell VARCHAR)")
    for role in roles:
        con.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN IF NOT EXISTS {quoted(role)} VARCHAR")


def _statement(table: str, file: int, mapping: Mapping[str, tuple[int, ...]]) -> str:
    roles = [f"{_joined(places)} AS {quoted(role)}" for role, places in mapping.items()]
    columns = ", ".join([f"{int(file)} AS file", "record", '"0" AS first_cell', *roles])
    return f"INSERT INTO {quoted(table)} BY NAME SELECT {columns} FROM {_INCOMING}"


def _joined(places: tuple[int, ...]) -> str:
    names = [quoted(str(place)) for place in places]
    return names[0] if len(names) == 1 else f"nullif(concat_ws(' ', {', '.join(names)}), '')"


def _insert(con: duckdb.DuckDBPyConnection, reading: _Pass, positions: Sequence[int], *, statement: str) -> None:
    batches = (_text if reading.sheet.container in {"text", "gzip"} else _book)(reading, positions)
    con.register(_INCOMING, batches)
    try:
        con.execute(statement)
    except duckdb.OutOfMemoryException as fault:
        raise OutOfMemory(reading.sheet.name) from fault
    except duckdb.Error as fault:
        raise UnreadableText(reading.sheet.name) from fault
    finally:
        if reading.feed:
            reading.feed.stop()
        con.unregister(_INCOMING)


def _break_off(reading: _Pass, fault: Exception) -> None:
    """Note what to do about `fault`: tell the owner, or read the file again.

    We raise nothing through the database: whatever passes through its stream stays there until the process ends.
    """
    if isinstance(fault, Problem):
        reading.problem = fault.with_traceback(None)
    elif len(reading.invalid) > MOST_UNREADABLE:
        reading.problem = _too_many(reading)
    elif isinstance(fault, pa.ArrowException) and not reading.mend:
        reading.again = True
    else:
        reading.problem = UnreadableText(reading.sheet.name)


def _swallows(reading: _Pass) -> bool:
    """Whether the quotes fail to add up. An open quote swallows rows without a word."""
    quotes = reading.feed.quotes if reading.feed else 0
    return not reading.mend and (quotes % 2 == 1 or reading.ragged_over_lines)


def _text(reading: _Pass, positions: Sequence[int]) -> pa.RecordBatchReader:
    """The records of a text file as batches of `record` and the cells at `positions`."""
    sheet = reading.sheet
    names = [str(place) for place in range(len(sheet.headings))]
    wanted = [names[place] for place in positions]
    schema = pa.schema([("record", pa.int64()), *((name, pa.string()) for name in wanted)])
    reading.feed = stream.Feed(_pieces(reading))
    try:
        reader = pyarrow.csv.open_csv(
            pa.PythonFile(reading.feed, mode="r"),
            read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=BLOCK, use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=sheet.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=_handler(reading),
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                check_utf8=False,  # the feed gives nothing but UTF-8, and the engine checks again
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except (pa.ArrowException, UnicodeError, Problem) as fault:
        if "Empty CSV" not in str(fault):
            _break_off(reading, fault)
        return pa.RecordBatchReader.from_batches(schema, [])
    return pa.RecordBatchReader.from_batches(schema, _numbered(reader, reading, schema))


def _pieces(reading: _Pass) -> Iterator[bytes]:
    sheet = reading.sheet
    pieces = stream.as_utf8(chunks(sheet.source, sheet.container, reading.limits), sheet.encoding)
    rows = stream.after_lines(repaired(pieces, sheet.damage), sheet.skip)
    if sheet.delimiter == stream.BLANKS:
        rows = stream.single_spaced(rows)
    if not reading.mend:
        return rows
    return stream.mended(
        rows,
        width=len(sheet.headings),
        delimiter=sheet.delimiter,
        report=reading.broken.append,
    )


def _handler(reading: _Pass) -> Callable[[Any], str]:
    """Keep the rows that do not fit the header, with their place, so that the rows after them keep their numbers."""
    marker = stream.UNREADABLE.decode()

    def keep(row: Any) -> str:
        place = row.number - 1
        text = row.text
        if reading.mend and text == marker:
            text = marker + reading.broken[reading.told]
            reading.told += 1
        reading.ragged_over_lines |= "\n" in text
        reading.invalid.append((place, row.actual_columns, text[: TEXT_SHOWN + 1]))
        if len(reading.invalid) > MOST_UNREADABLE:
            return "error"
        return "skip"

    return keep


def _numbered(reader: Any, reading: _Pass, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Each batch with its row numbers, up to the point where we stop reading."""
    try:
        for batch in reader:
            ordinal = np.arange(reading.valid, reading.valid + batch.num_rows)
            invalid = np.array([place for place, _, _ in reading.invalid], dtype=np.int64)
            skipped = np.searchsorted(invalid - np.arange(len(invalid)), ordinal, side="right")
            record = pa.array(reading.sheet.header_row + 1 + ordinal + skipped)
            # There can be no more blank rows than the fullest column has blank cells.
            reading.take(batch.num_rows, blank=min(column.null_count for column in batch.columns))
            yield pa.record_batch([record, *map(tidy, batch.columns)], schema=schema)
    except (pa.ArrowException, UnicodeError, Problem) as fault:
        _break_off(reading, fault)


def _too_many(reading: _Pass) -> Problem:
    place, count, text = reading.invalid[0]
    row = reading.sheet.header_row + 1 + place
    return TooManyUnreadable(reading.sheet.name, len(reading.invalid), row=row, why=_why(reading, count, text))


def _why(reading: _Pass, count: int, text: str) -> str:
    if text.startswith(stream.UNREADABLE.decode()):
        return "a quotation mark opens in it and never closes, or it is far too long"
    return f"it has {count} cells where the header has {len(reading.sheet.headings)}"


def _book(reading: _Pass, positions: Sequence[int]) -> pa.RecordBatchReader:
    """The rows of a workbook's sheet, or of a Parquet file, in the same batches as those of a text."""
    sheet = reading.sheet
    schema = pa.schema([("record", pa.int64()), *((str(place), pa.string()) for place in positions)])

    def batches() -> Iterator[pa.RecordBatch]:
        asked = book.batches(
            sheet.source, sheet.container, sheet.sheet_name, after=sheet.header_row, columns=positions,
            limits=reading.limits,
        )  # fmt: skip
        try:
            with asked as found:
                for batch in found:
                    reading.take(batch.num_rows, blank=0)
                    record, *cells = batch.columns
                    yield pa.record_batch([record, *map(tidy, cells)], schema=schema)
        except Problem as fault:
            _break_off(reading, fault)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _keep_remarks(con: duckdb.DuckDBPyConnection, reading: _Pass, *, table: str, file: int) -> pd.DataFrame:
    """Put the rows that have hardly any cells into the table, and return the other invalid rows."""
    width = len(reading.sheet.headings)
    first = reading.sheet.header_row + 1
    marker = stream.UNREADABLE.decode()
    remarks, unreadable = [], []
    for place, count, text in reading.invalid:
        if count <= max(1, width // 10) and not text.startswith(marker):
            remarks.append((file, first + place, text.strip().strip('"')[:TEXT_SHOWN]))
        else:
            unreadable.append((file, first + place, text.removeprefix(marker)[:TEXT_SHOWN], _why(reading, count, text)))
    if remarks:
        statement = f"INSERT INTO {quoted(table)} (file, record, first_cell) VALUES (?, ?, ?)"
        con.executemany(statement, remarks)
    return pd.DataFrame(unreadable, columns=["file", "record", "text", "why"])

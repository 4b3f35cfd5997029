"""Frames into files that are safe to open in a spreadsheet."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from clvapp.wording import Wording

# What makes a spreadsheet run a cell instead of showing it. East Asian editions take the wide signs as well.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 20_000  # cells are Python objects while they are written, and those are large


@dataclass(frozen=True)
class CsvFile:
    """A file's `content`, and how many of its cells and headings were `defused`, to be said beside it."""

    content: bytes
    defused: int


def csv_file(frame: pd.DataFrame, *, for_spreadsheet: bool = True) -> CsvFile:
    """`frame` as CSV (RFC 4180) in UTF-8, without its index; dates as ISO days, missing values blank.

    A text cell or heading that a spreadsheet would run as a formula gets an apostrophe in front. Only text
    does: numbers, negative ones too, stay numbers.

    Excel takes a file for UTF-8 only if it starts with a byte order mark, and many programs take that mark
    for part of the first heading. So it is written only `for_spreadsheet`, and only when there is a letter
    that needs it.
    """
    blocks = list(_blocks(frame))
    content = b"".join(part for part, _ in blocks)
    mark = _BYTE_ORDER_MARK if for_spreadsheet and not content.isascii() else b""
    return CsvFile(mark + content, sum(risky for _, risky in blocks))


def cells_to_defuse(frame: pd.DataFrame) -> int:
    """How many cells and headings of `frame` a file of it defuses, without making the file."""
    texts = [frame.iloc[:, position] for position in range(frame.shape[1])]
    texts = [text for text in texts if not pd.api.types.is_numeric_dtype(text) and _date_format(text) is None]
    cells = [str(heading) for heading in frame.columns]
    return _defused(cells)[1] + sum(_defused(text.tolist())[1] for text in texts)


def write_csv(frame: pd.DataFrame, path: Path) -> int:
    """The same without a byte order mark, into a file, never holding the whole of it; the number of cells defused."""
    defused = 0
    with path.open("wb") as file:
        for part, risky in _blocks(frame):
            file.write(part)
            defused += risky
    return defused


def _blocks(frame: pd.DataFrame) -> Iterator[tuple[bytes, int]]:
    """The headings, then the rows, so many at a time, each with the number of its cells that were defused."""
    headings, risky = _defused([str(heading) for heading in frame.columns])
    yield _encoded([headings]), risky
    days = [_date_format(frame.iloc[:, position]) for position in range(frame.shape[1])]
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame.iloc[start : start + _ROWS_AT_ONCE]
        made = [_cells(part.iloc[:, position], day) for position, day in enumerate(days)]
        yield _encoded(zip(*(cells for cells, _ in made), strict=True)), sum(risky for _, risky in made)


def _cells(column: "pd.Series[Any]", date_format: str | None) -> tuple[Sequence[object], int]:
    """A column's cells as the file holds them, and how many were defused: numbers never are."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(object).where(column.notna(), "").tolist(), 0
    return _defused(_shown(column if date_format is None else column.dt.strftime(date_format)))


def _defused(cells: Sequence[object]) -> tuple[list[object], int]:
    """The cells with their apostrophes, and how many needed one."""
    safe = [f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell for cell in cells]
    return safe, sum(one is not other for one, other in zip(cells, safe, strict=True))


def restored(cell: str) -> str:
    """A cell of a file of ours as it was before it was defused, for lists that come back.

    >>> restored("'+49 170 1"), restored("'tis")
    ('+49 170 1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RUNS) else cell


def _date_format(column: "pd.Series[Any]") -> str | None:
    """How a column of dates is written, decided for all its rows: days without midnight. None for other columns."""
    if not pd.api.types.is_datetime64_any_dtype(column):
        return None
    known = column.dropna()
    return "%Y-%m-%d" if bool((known == known.dt.normalize()).all()) else "%Y-%m-%d %H:%M:%S"


def _shown(column: "pd.Series[Any]") -> list[object]:
    """Cells as the file holds them: missing values blank, numbers as they are, all else as text."""
    cells = zip(column.astype(object), column.notna(), strict=True)
    return [(cell if isinstance(cell, str | int | float) else str(cell)) if there else "" for cell, there in cells]


def _encoded(table: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    # With a bare \n as line end, csv would leave a \r inside a cell unquoted: a row of its own.
    csv.writer(text, lineterminator="\r\n").writerows(table)
    # A lone surrogate has no UTF-8: a file may hold one, a download must not fail on it.
    return text.getvalue().encode("utf-8", errors="replace")


def file_name(stem: str, fingerprint: str, extension: str = "csv") -> str:
    """A file's name with a hash of `fingerprint` (the inputs and settings behind the file) in it.

    Streamlit tells large downloads apart by little more than their names: equal names could hand one user
    the bytes of another.

    >>> file_name("Upsell targets", "sha256 of the upload and the settings")
    'upsell-targets-e9dda22dc3.csv'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "clvapp"
    return f"{slug}-{hashlib.sha256(fingerprint.encode()).hexdigest()[:10]}.{extension.lstrip('.')}"


def defused_sentence(words: Wording, *, defused: int) -> str:
    """What a download's cells were spared; nothing to say when none was dangerous."""
    if not defused:
        return ""
    begins, them = ("begins", "it") if defused == 1 else ("begin", "them")
    return (
        f"{words.count(defused, 'cell')} {begins} with an apostrophe: without it, a spreadsheet would run "
        f"{them} as a formula."
    )

"""A frame -> a CSV that is safe to open in a spreadsheet."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from clvapp import spreadsheet
from clvapp.wording import Of, Wording

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 20_000  # while they are written, cells are Python objects, and those are large


@dataclass(frozen=True)
class CsvFile:
    """A file's `content`, and how many of its cells and headings were `defused`, so that the page can say so."""

    content: bytes
    defused: int


def csv_file(frame: pd.DataFrame, *, for_spreadsheet: bool = True) -> CsvFile:
    """`frame` as CSV (RFC 4180) in UTF-8, without its index; dates as ISO days, missing values blank.

    A text cell or heading that a spreadsheet would run as a formula gets an apostrophe in front. Numbers never do, not
    even negative ones.

    Excel takes a file for UTF-8 only if it starts with a byte order mark, and many programs take that mark for part of
    the first heading. So we write it only `for_spreadsheet`, and only if some letter needs it.
    """
    blocks = list(_blocks(frame))
    content = b"".join(part for part, _ in blocks)
    mark = _BYTE_ORDER_MARK if for_spreadsheet and not content.isascii() else b""
    return CsvFile(mark + content, sum(risky for _, risky in blocks))


def cells_to_defuse(frame: pd.DataFrame) -> int:
    """How many cells and headings of `frame` would be defused, without making the file."""
    texts = [frame.iloc[:, position] for position in range(frame.shape[1])]
    texts = [text for text in texts if not pd.api.types.is_numeric_dtype(text) and _date_format(text) is None]
    cells = [str(heading) for heading in frame.columns]
    return _defused(cells)[1] + sum(_defused(text.tolist())[1] for text in texts)


def write_csv(frame: pd.DataFrame, path: Path) -> int:
    """Write the same to `path`, block by block and without a byte order mark. Returns the number of cells defused."""
    defused = 0
    with path.open("wb") as file:
        for part, risky in _blocks(frame):
            file.write(part)
            defused += risky
    return defused


def _blocks(frame: pd.DataFrame) -> Iterator[tuple[bytes, int]]:
    """The headings, then blocks of rows, each with the number of cells defused in it."""
    headings, risky = _defused([str(heading) for heading in frame.columns])
    yield _encoded([headings]), risky
    days = [_date_format(frame.iloc[:, position]) for position in range(frame.shape[1])]
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame.iloc[start : start + _ROWS_AT_ONCE]
        made = [_cells(part.iloc[:, position], day) for position, day in enumerate(days)]
        yield _encoded(zip(*(cells for cells, _ in made), strict=True)), sum(risky for _, risky in made)


def _cells(column: "pd.Series[Any]", date_format: str | None) -> tuple[Sequence[object], int]:
    """A column's cells as the file holds them, and how many were defused. Numbers never are."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(object).where(column.notna(), "").tolist(), 0
    return _defused(_shown(column if date_format is None else column.dt.strftime(date_format)))


def _defused(cells: Sequence[object]) -> tuple[list[object], int]:
    """The cells, with apostrophes where needed, and how many needed one."""
    safe = [spreadsheet.defused(cell) if isinstance(cell, str) else cell for cell in cells]
    return safe, sum(one is not other for one, other in zip(cells, safe, strict=True))


def _date_format(column: "pd.Series[Any]") -> str | None:
    """How to write a column of dates, decided once for all its rows: pure days get no time. None for other columns."""
    if not pd.api.types.is_datetime64_any_dtype(column):
        return None
    known = column.dropna()
    return "%Y-%m-%d" if bool((known == known.dt.normalize()).all()) else "%Y-%m-%d %H:%M:%S"


def _shown(column: "pd.Series[Any]") -> list[object]:
    """Cells as the file holds them: missing values blank, numbers unchanged, everything else as text."""
    cells = zip(column.astype(object), column.notna(), strict=True)
    return [(cell if isinstance(cell, str | int | float) else str(cell)) if there else "" for cell, there in cells]


def _encoded(table: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    # If lines ended in a bare \n, csv would leave a \r inside a cell unquoted, and split the row there.
    csv.writer(text, lineterminator="\r\n").writerows(table)
    # A lone surrogate cannot be written in UTF-8. A file may hold one, and a download must not fail on it.
    return text.getvalue().encode("utf-8", errors="replace")


def file_name(stem: str, fingerprint: str, extension: str = "csv") -> str:
    """A file name that includes a hash of `fingerprint` (the inputs and settings behind the file).

    Streamlit tells large downloads apart by little more than their names. With equal names, one user could get another
    user's bytes.

    >>> file_name("Upsell targets", "sha256 of the upload and the settings")
    'upsell-targets-e9dda22dc3.csv'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "clvapp"
    return f"{slug}-{hashlib.sha256(fingerprint.encode()).hexdigest()[:10]}.{extension.lstrip('.')}"


def defused_sentence(words: Wording, *, defused: int) -> str:
    """What we did to a download's dangerous cells; an empty sentence if there were none."""
    if not defused:
        return ""
    begins, them = ("begins", "it") if defused == 1 else ("begin", "them")
    cells = words.count(defused, "cell", of=Of("cells_defused"))
    return f"{cells} {begins} with an apostrophe: without it, a spreadsheet would run {them} as a formula."

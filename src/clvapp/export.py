"""Frames into files that are safe to open in a spreadsheet."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

# What makes a spreadsheet run a cell instead of showing it. East Asian editions take the wide signs as well.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


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
    headings, risky_headings = _defused([str(heading) for heading in frame.columns])
    columns, risky = [], risky_headings
    for position in range(frame.shape[1]):
        cells, risky_cells = _defused(_shown(frame.iloc[:, position]))
        columns.append(cells)
        risky += risky_cells
    return CsvFile(_encoded([headings, *zip(*columns, strict=True)], mark=for_spreadsheet), risky)


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


def _shown(column: "pd.Series[Any]") -> list[object]:
    """A column as the file holds it: missing values blank, a day without its midnight, all else as text."""
    known = column.notna()
    if pd.api.types.is_datetime64_any_dtype(column):
        whole_days = bool((column[known] == column[known].dt.normalize()).all())
        column = column.dt.strftime("%Y-%m-%d" if whole_days else "%Y-%m-%d %H:%M:%S")
    is_number = pd.api.types.is_numeric_dtype(column)
    cells = zip(column.astype(object), known, strict=True)
    return [
        (cell if is_number or isinstance(cell, int | float) else str(cell)) if there else "" for cell, there in cells
    ]


def _encoded(table: Iterable[Iterable[object]], *, mark: bool) -> bytes:
    text = io.StringIO(newline="")
    # With a bare \n as line end, csv would leave a \r inside a cell unquoted: a row of its own.
    csv.writer(text, lineterminator="\r\n").writerows(table)
    # A lone surrogate has no UTF-8: a file may hold one, a download must not fail on it.
    content = text.getvalue().encode("utf-8", errors="replace")
    return (_BYTE_ORDER_MARK if mark and not content.isascii() else b"") + content


def file_name(stem: str, fingerprint: str, extension: str = "csv") -> str:
    """A file's name with a hash of `fingerprint` (the inputs and settings behind the file) in it.

    Streamlit tells large downloads apart by little more than their names: equal names could hand one user
    the bytes of another.

    >>> file_name("Upsell targets", "sha256 of the upload and the settings")
    'upsell-targets-e9dda22dc3.csv'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "clvapp"
    return f"{slug}-{hashlib.sha256(fingerprint.encode()).hexdigest()[:10]}.{extension.lstrip('.')}"

"""Web pages and XML that claim to be workbooks -> the rows of their tables, as a stream.

We fetch nothing that they link to and use nothing that they define: a definition in the XML ends the reading.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from clvapp.problems import DamagedFile
from clvapp.read import stream
from clvapp.read.open_table import DEEPEST, MOST_TABLES, Reader, Row, Table, taken
from clvapp.read.source import LIMITS, Container, Limits, Source, beginning, chunks
from clvapp.read.spreadsheet_ml import Book, workbook

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_UNSEEN = {"script", "style", "head"}
_LONGEST_TAG = 64
_ROW_END = {"html": re.compile(rb"</tr\s*>", re.IGNORECASE), "xml": re.compile(rb"</(?:[\w.-]+:)?Row\s*>")}
_TABLE_END = {"html": re.compile(rb"</?table[\s>]", re.IGNORECASE), "xml": re.compile(rb"</(?:[\w.-]+:)?Table\s*>")}


def rows(
    source: Source, kind: Container, limits: Limits = LIMITS, *, first: int | None = None
) -> Iterator[tuple[str, int, Row]]:
    """Each row as its table's name, its number in that table, and its cells. Rows of nested tables come interleaved.

    With `first`, it yields at least that many rows of each table, and skips the rest where skipping is fast.
    Raises `DamagedFile`, `TooLarge`, `TooManyRows`, `TooManyColumns` and `NeedsTooMuch`.
    """
    pieces = chunks(source, "text", replace(limits, unpacked=limits.whole))
    reader: _Page | Book = _Page(source, limits) if kind == "html" else Book(source, limits)
    if first is not None:
        pieces = _beginnings(pieces, lambda: reader.beyond(first), _ROW_END[kind], _TABLE_END[kind])
    yield from _page(reader, pieces) if isinstance(reader, _Page) else workbook(reader, pieces)


def _beginnings(
    pieces: Iterable[bytes], enough: Callable[[], bool], row_end: re.Pattern[bytes], table_end: re.Pattern[bytes]
) -> Iterator[bytes]:
    """`pieces`, but once there are `enough` rows, the rest of the table is cut out."""
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


# --- web pages ------------------------------------------------------------------------------------------------------
class _Page(Reader):
    """Takes a page's elements one by one, as the parser meets them."""

    unseen = 0

    def start(self, tag: object, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.deeper("html")
        if tag == "table":
            self.count += 1
            if len(self.open) >= DEEPEST or self.count > MOST_TABLES:
                raise DamagedFile(self.source.name, "HTML")
            self.open.append(Table(self.source, f"Table {self.count}", self.limits))
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
            across, down = (taken(attributes.get(name)) for name in ("colspan", "rowspan"))
            table.cell(across=across, down=down)
        elif tag in {"br", "p", "div"}:
            table.data(" ")

    def data(self, text: str) -> None:
        """Text for the open cell of the innermost table."""
        if self.open and not self.unseen:
            self.open[-1].data(text)

    def end(self, tag: object) -> None:
        """An element ends."""
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
        """The page ends."""


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
    """The page's encoding: what its bytes show, or else what the page declares."""
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
    """Whether the codec turns bytes into text. Some of Python's codecs do not."""
    try:
        return isinstance(codecs.decode(b"", name), str)
    except (LookupError, ValueError, TypeError):
        return False

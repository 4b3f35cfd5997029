"""A file as it was given: its bytes, and what they really are, whatever its name says."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from clvapp.problems import DamagedFile, EmptyFile, Locked, NotATable, TooLarge, TooManyFiles, TooManySheets

CHUNK = 1 << 20
# No table of orders packs as well as a bomb, so we never unpack more than this from a small file. A file that was
# packed before it went into an archive can hardly shrink further.
_PACKED_TIMES, _PACKED_BYTES, _PACKED_TWICE = 60, 16_000_000, 1_000_000
_CSV = "Export the orders as CSV and give that file."
_SAVE = "Open it in a spreadsheet and save it as CSV or XLSX."
_UNPACK = "Unpack it and give the CSV inside."
# First bytes -> what the file is, and what the owner should give us instead.
_FOREIGN = (
    (b"%PDF", "a PDF document", _CSV),
    (b"\x89PNG", "a picture", _CSV),
    (b"\xff\xd8\xff", "a picture", _CSV),
    (b"GIF8", "a picture", _CSV),
    (b"RIFF", "a picture or a recording", _CSV),
    (b"\x09\x08", "a very old Excel workbook", _SAVE),
    (b"\x09\x04", "a very old Excel workbook", _SAVE),
    (b"\x09\x02", "a very old Excel workbook", _SAVE),
    (b"MIME-Version:", "a web archive", _SAVE),
    (b"SQLite format 3", "a database", _CSV),
    (b"Rar!", "an archive", _UNPACK),
    (b"7z\xbc\xaf", "an archive", _UNPACK),
    (b"BZh", "a packed file", _UNPACK),
    (b"\xfd7zXZ", "a packed file", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a packed file", _UNPACK),
    (b"PK", "a ZIP archive inside another file, or a part of one", _UNPACK),
    (b"{\\rtf", "a text document", _CSV),
)
_WORKBOOK = "xl/workbook.xml"
_SHEET_TAG = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?sheet[\s/>]")
# A file that every archive of a kind holds -> what the archive is. None stands for a workbook that we read.
_HOLDS: tuple[tuple[str, str | None], ...] = (
    (_WORKBOOK, None),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    ("word/document.xml", "a text document"),
    ("ppt/presentation.xml", "a presentation"),
    ("Index/Document.iwa", "a Numbers document"),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<head", b"<body", b"<meta", b"<style", b"<!--")
_TABLE_TAG = re.compile(rb"<(?:table|tr|td|th)[\s>]", re.IGNORECASE)
_SPREADSHEET_ML = b"urn:schemas-microsoft-com:office:spreadsheet"
_ODS_SHEET = b"<table:table "
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_TAIL, _LEAST_LISTED, _LONGEST_LIST = 66_000, 46, 2_000_000  # bytes
UNPACKING = (
    EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip

Container = Literal["text", "gzip", "zip", "xlsx", "ods", "xls", "xml", "html", "parquet"]
BOOKS: tuple[Container, ...] = ("xlsx", "ods", "xls", "xml", "html")  # several tables in one file


@dataclass(frozen=True)
class Limits:
    """The most we take: bytes as given, bytes once unpacked, columns, rows, files in an archive.

    `whole` is the most bytes for a file that we must hold whole, or read through before we know its first row: a
    workbook's XML, a web page, a workbook inside an archive. `memory` is how many bytes of memory the engine that
    keeps the rows may take, and `beside` how many the process that reads a workbook. `together` is for all files that
    are dropped on the page, as they are given.
    """

    bytes: int = 1_000_000_000
    unpacked: int = 2_000_000_000
    columns: int = 1_000
    rows: int = 10_000_000
    members: int = 200
    whole: int = 300_000_000
    memory: int = 500_000_000
    beside: int = 900_000_000
    together: int = 1_000_000_000


LIMITS = Limits()


@dataclass(frozen=True)
class Member:
    """One file in a ZIP archive, known by its place. We never use the name it has there to find or write anything."""

    archive: bytes | Path
    place: int
    packed: int  # bytes


@dataclass(frozen=True)
class Source:
    """A file under its owner's name, with its bytes or where they lie, and perhaps the sheet that is meant."""

    name: str
    content: bytes | Path | Member
    sheet: str = ""

    def size(self) -> int:
        """The size in bytes as given: packed, where the file is packed."""
        if isinstance(self.content, Member):
            return self.content.packed
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)

    def open(self) -> IO[bytes]:
        """The bytes, from the beginning. A damaged packed file raises any of `UNPACKING`."""
        if isinstance(self.content, Member):
            held = self.content.archive
            with zipfile.ZipFile(held if isinstance(held, Path) else io.BytesIO(held)) as archive:
                # The archive's file stays open until the member is closed.
                return archive.open(archive.infolist()[self.content.place])
        return self.content.open("rb") if isinstance(self.content, Path) else io.BytesIO(self.content)

    @contextmanager
    def seekable(self, limits: Limits = LIMITS) -> Iterator[IO[bytes]]:
        """The bytes, for a reader that jumps back and forth. A packed file is held whole. Raises a Problem."""
        if not isinstance(self.content, Member):
            with self.open() as stream:
                yield stream
            return
        try:
            with self.open() as stream:
                whole = stream.read(limits.whole + 1)
        except UNPACKING as fault:
            raise DamagedFile(self.name, "ZIP") from fault
        if len(whole) > limits.whole:
            raise TooLarge(self.name, limits.whole, unpacked=True)
        yield io.BytesIO(whole)


def container(source: Source, limits: Limits = LIMITS) -> Container:
    """What `source` is, by its first bytes. Raises a Problem for an empty, too large or foreign file."""
    size = source.size()
    if size == 0:
        raise EmptyFile(source.name)
    if size > limits.bytes:
        raise TooLarge(source.name, limits.bytes)
    head = beginning(source)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(source, limits)
    for magic, kind in ((b"\x1f\x8b", "gzip"), (b"\xd0\xcf\x11\xe0", "xls"), (b"PAR1", "parquet")):
        if head.startswith(magic):
            return kind  # type: ignore[return-value]
    if head.startswith((b"\xff\xfe<", b"\xfe\xff\x00<")):
        head = head.decode("utf-16", errors="ignore").encode()
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.lower().startswith(b"<?xml") or text.startswith(b"<Workbook"):
        if _SPREADSHEET_ML in text:
            return "xml"
        text = text.partition(b"?>")[2].lstrip()  # XHTML also declares itself as XML
    if text.lower().startswith(_MARKUP) or (text.startswith(b"<") and _TABLE_TAG.search(text)):
        return "html"
    refuse_foreign(source.name, head)
    return "text"


def beginning(source: Source, count: int = 2048) -> bytes:
    """The first bytes. Raises `Locked` and `DamagedFile` for a packed file that we cannot open."""
    try:
        with source.open() as stream:
            return stream.read(count)
    except RuntimeError as fault:
        raise Locked(source.name) from fault
    except UNPACKING as fault:
        if isinstance(source.content, Path):
            raise
        raise DamagedFile(source.name, "ZIP") from fault


def refuse_foreign(name: str, head: bytes) -> None:
    """Raise `NotATable` when `head`, the first bytes, shows a kind of file that is not a table in text."""
    for magic, kind, instead in _FOREIGN:
        if head.startswith(magic):
            raise NotATable(name, kind, instead)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((*_MARKUP, b"<?xml")):
        raise NotATable(name, "a web page or an XML file", _SAVE)
    if text.startswith((b'{"', b"{\n", b"{\r", b"[{", b'["')):
        raise NotATable(name, "a JSON file", _CSV)


def chunks(source: Source, kind: Container, limits: Limits = LIMITS) -> Iterator[bytes]:
    """The unpacked bytes of a text, in pieces of at most `CHUNK`. Raises `TooLarge` and `DamagedFile`."""
    if kind == "gzip" and _says(source) > most_unpacked(source, kind, limits):
        for _ in _unpacked(source, kind, limits):  # count them before anything is parsed
            pass
    yield from _unpacked(source, kind, limits)


def _unpacked(source: Source, kind: Container, limits: Limits) -> Iterator[bytes]:
    total, most = 0, most_unpacked(source, kind, limits)
    try:
        with source.open() as given:
            # Several files packed one after the other are one: a plain read would stop where each of them ends.
            stream = io.BufferedReader(gzip.GzipFile(fileobj=given), CHUNK) if kind == "gzip" else given
            while piece := stream.read(CHUNK):
                total += len(piece)
                if total > most:
                    raise TooLarge(source.name, most, unpacked=True)
                yield piece
    except UNPACKING as fault:
        packed = "gzip" if kind == "gzip" else "ZIP" if isinstance(source.content, Member) else "text"
        raise DamagedFile(source.name, packed) from fault


def most_unpacked(source: Source, kind: Container, limits: Limits = LIMITS) -> int:
    """How many bytes `source` may hold once it is unpacked."""
    least = _PACKED_TWICE if kind == "gzip" and isinstance(source.content, Member) else _PACKED_BYTES
    return min(limits.unpacked, max(_PACKED_TIMES * source.size(), least))


def _says(source: Source) -> int:
    """How many bytes a gzip file claims to hold, by its last four bytes. In a cut-off file they can say anything."""
    if isinstance(source.content, Member) or source.size() < 18:
        return 0
    with source.open() as given:
        given.seek(-4, io.SEEK_END)
        return int.from_bytes(given.read(4), "little")


def _zipped(source: Source, limits: Limits) -> Container:
    """Which kind of archive: a workbook, or separate files. Raises `NotATable`, `TooLarge` and `DamagedFile`."""
    with archive(source, limits) as opened:
        entries = opened.infolist()
        names = {entry.filename for entry in entries}
        for name, kind in _HOLDS:
            if name in names:
                if kind:
                    raise NotATable(source.name, kind, _SAVE)
                _refuse_large(source, entries, limits)
                _refuse_many_sheets(source, opened, limits)
                return "xlsx"
        if {"mimetype", "content.xml"} <= names:
            with opened.open("mimetype") as kind_of:
                if kind_of.read(200).startswith(_ODS):
                    _refuse_large(source, entries, limits)
                    _refuse_many_tables(source, opened, limits)
                    return "ods"
            raise NotATable(source.name, "a document", _SAVE)
    return "zip"


def _refuse_many_sheets(source: Source, opened: zipfile.ZipFile, limits: Limits) -> None:
    """Count the sheets that a workbook lists, and the parts that it has for them. Raises `TooManySheets`."""
    parts = sum("worksheets/" in name.lower() and name.lower().endswith(".xml") for name in opened.namelist())
    with opened.open(_WORKBOOK) as book:
        listed = len(_SHEET_TAG.findall(book.read(_LONGEST_LIST)))
    if max(parts, listed) > limits.members:
        raise TooManySheets(source.name, max(parts, listed), limits.members)


def _refuse_many_tables(source: Source, opened: zipfile.ZipFile, limits: Limits) -> None:
    """The same of an OpenDocument workbook, whose sheets all stand in one part."""
    with opened.open("content.xml") as content:
        tables, tail = 0, b""
        while part := content.read(CHUNK):
            tables += (tail + part).count(_ODS_SHEET)
            tail = part[-len(_ODS_SHEET) + 1 :]
    if tables > limits.members:
        raise TooManySheets(source.name, tables, limits.members)


def _refuse_large(source: Source, entries: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    if sum(entry.file_size for entry in entries) > limits.whole:
        raise TooLarge(source.name, limits.whole, unpacked=True)


@contextmanager
def archive(source: Source, limits: Limits = LIMITS) -> Iterator[zipfile.ZipFile]:
    """`source`, opened as an archive. Raises `TooManyFiles`, and `DamagedFile` for anything that goes wrong in it."""
    try:
        with source.seekable(limits) as stream:
            if (listed := _bytes_of_list(stream)) > _LONGEST_LIST:
                raise TooManyFiles(source.name, listed // _LEAST_LISTED, limits.members)
            with zipfile.ZipFile(stream) as opened:
                yield opened
    except UNPACKING as fault:
        raise DamagedFile(source.name, "ZIP or XLSX") from fault


def _bytes_of_list(stream: IO[bytes]) -> int:
    """How many bytes an archive gives to its list of files. A list of a million files would keep its reader busy."""
    stream.seek(-min(_TAIL, stream.seek(0, io.SEEK_END)), io.SEEK_END)
    tail = stream.read()
    stream.seek(0)
    for mark, place, width in ((b"PK\x05\x06", 12, 4), (b"PK\x06\x06", 40, 8)):
        at = tail.rfind(mark)
        size = int.from_bytes(tail[at + place : at + place + width], "little") if at >= 0 else 0
        if size != 0xFFFFFFFF:
            return size
    return size

"""A file as it was given: its bytes, what they really are whatever the name says, and a fingerprint."""

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from clvapp.problems import DamagedFile, EmptyFile, NotATable, TooLarge
from clvapp.read import span

CHUNK = 1 << 20
# No table of orders packs as well as a bomb: more than this is never unpacked from a small file.
_PACKED_TIMES, _PACKED_BYTES = 100, 100_000_000
_CSV = "Export the orders as CSV and give that file."
_SAVE = "Open it in a spreadsheet and save it as CSV or XLSX."
# First bytes -> what the file is, and what to give instead.
_FOREIGN = (
    (b"%PDF", "a PDF document", _CSV),
    (b"\x89PNG", "a picture", _CSV),
    (b"\xff\xd8\xff", "a picture", _CSV),
    (b"GIF8", "a picture", _CSV),
    (b"RIFF", "a picture or a recording", _CSV),
    (b"PAR1", "a Parquet file", _CSV),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", _SAVE),
    (b"SQLite format 3", "a database", _CSV),
    (b"Rar!", "an archive", "Unpack it and give the CSV inside."),
    (b"7z\xbc\xaf", "an archive", "Unpack it and give the CSV inside."),
    (b"BZh", "a packed file", "Unpack it and give the CSV inside."),
    (b"\x28\xb5\x2f\xfd", "a packed file", "Unpack it and give the CSV inside."),
    (b"{\\rtf", "a text document", _CSV),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<body", b"<meta")


@dataclass(frozen=True)
class Limits:
    """How much is taken: bytes as given, bytes once unpacked, columns, rows."""

    bytes: int = 1_000_000_000
    unpacked: int = 2_000_000_000
    columns: int = 1_000
    rows: int = 20_000_000


LIMITS = Limits()


@dataclass(frozen=True)
class Source:
    """A file by the name its owner gave it, with its bytes or where they lie."""

    name: str
    content: bytes | Path

    def size(self) -> int:
        """Bytes as given."""
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)

    def open(self) -> io.BufferedIOBase:
        """The bytes from their beginning."""
        return self.content.open("rb") if isinstance(self.content, Path) else io.BytesIO(self.content)


Container = Literal["text", "gzip", "xlsx"]


def container(source: Source, limits: Limits = LIMITS) -> Container:
    """What `source` is by its first bytes. Raises a Problem for an empty, too large or foreign file."""
    size = source.size()
    if size == 0:
        raise EmptyFile(source.name)
    if size > limits.bytes:
        raise TooLarge(source.name, limits.bytes)
    with source.open() as stream:
        head = stream.read(512)
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(source, limits)
    refuse_foreign(source.name, head)
    return "text"


def refuse_foreign(name: str, head: bytes) -> None:
    """Raise `NotATable` when `head`, the first bytes, begins a kind of file that is no table in text."""
    for magic, kind, instead in _FOREIGN:
        if head.startswith(magic):
            raise NotATable(name, kind, instead)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(_MARKUP):
        raise NotATable(name, "a web page or an XML file", _SAVE)
    if text.startswith((b'{"', b"{\n", b"{\r", b"[{", b'["')):
        raise NotATable(name, "a JSON file", _CSV)


def chunks(source: Source, kind: Container, limits: Limits = LIMITS) -> Iterator[bytes]:
    """The bytes of a text in pieces of at most `CHUNK`, unpacked. Raises `TooLarge` and `DamagedFile`."""
    total, most = 0, min(limits.unpacked, max(_PACKED_TIMES * source.size(), _PACKED_BYTES))
    with source.open() as packed:
        stream = gzip.GzipFile(fileobj=packed) if kind == "gzip" else packed
        while True:
            try:
                piece = stream.read(CHUNK)
            except (EOFError, OSError, zlib.error) as fault:
                raise DamagedFile(source.name, "gzip" if kind == "gzip" else "text") from fault
            if not piece:
                return
            total += len(piece)
            if total > most:
                raise TooLarge(source.name, most, unpacked=True)
            yield piece


def digest(sources: Iterable[Source]) -> str:
    """A fingerprint of names and bytes, in their order: 64 hexadecimal digits.

    >>> digest([Source("a.csv", b"1")]) == digest([Source("a.csv", b"2")])
    False
    """
    whole = hashlib.sha256()
    for source in sources:
        with source.open() as stream:
            whole.update(hashlib.file_digest(stream, "sha256").digest())
        whole.update(hashlib.sha256(source.name.encode()).digest())
    return whole.hexdigest()


def _zipped(source: Source, limits: Limits) -> Container:
    """`xlsx`, when the archive is a workbook that is not too large once unpacked."""
    with _archive(source) as archive:
        entries = archive.infolist()
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise NotATable(source.name, "a ZIP archive", "Unpack it and give the CSV files inside, all together.")
    # A sheet costs some four times its XML once it is cells.
    if sum(entry.file_size for entry in entries) > limits.unpacked // 4:
        raise TooLarge(source.name, limits.unpacked // 4, unpacked=True)
    with _archive(source) as archive:
        for entry in entries:
            with archive.open(entry) as part:
                span.refuse_far_cells(source.name, iter(partial(part.read, CHUNK), b""))
    return "xlsx"


@contextmanager
def _archive(source: Source) -> Iterator[zipfile.ZipFile]:
    try:
        with source.open() as stream, zipfile.ZipFile(stream) as archive:
            yield archive
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error) as fault:
        raise DamagedFile(source.name, "ZIP or XLSX") from fault

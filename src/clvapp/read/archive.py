"""Files as they were dropped -> one source a table: the files inside a ZIP, the sheets that the owner chose."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from clvapp.problems import Locked, NoFileInside, NotATable, SheetNotFound, TooLarge, TooManyFiles
from clvapp.read import book
from clvapp.read.source import BOOKS, LIMITS, Limits, Member, Source, archive, beginning, container, most_unpacked

# What computers put into an archive beside the owner's own files.
_JUNK = ("__macosx/", "thumbs.db", "desktop.ini", "~$")
_TABLES = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".gz", ".html", ".htm", ".xml")
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Files:
    """One source a table, and the names of the files that were passed over because they hold no table."""

    sources: tuple[Source, ...]
    passed_over: tuple[str, ...] = ()


def files(sources: Sequence[Source], sheets: Sequence[str] = (), *, limits: Limits = LIMITS) -> Files:
    """`sources`, with the tables in place of each ZIP, and in place of each workbook those of its sheets in `sheets`.

    Any other file stays as it is, and so does a workbook that has none of `sheets`. Raises `SheetNotFound`, and a
    Problem for an archive that is damaged, locked, too large or without a table.
    """
    found: list[Source] = []
    passed_over: list[str] = []
    for source in sources:
        if _is_archive(source, limits):
            inside, foreign = _members(source, limits)
            found += inside
            passed_over += foreign
        else:
            found.append(source)
    if sheets:
        found = list(_chosen(found, sheets, limits))
    return Files(tuple(found), tuple(passed_over))


def _is_archive(source: Source, limits: Limits) -> bool:
    return source.size() > 0 and beginning(source, 4) == b"PK\x03\x04" and container(source, limits) == "zip"


def _members(source: Source, limits: Limits) -> tuple[list[Source], list[str]]:
    """The tables of one archive, found by place and not by name, and the names of its other files."""
    assert not isinstance(source.content, Member)  # noqa: S101 - an archive inside an archive is not opened
    with archive(source, limits) as opened:
        entries = opened.infolist()
    held = [(place, entry) for place, entry in enumerate(entries) if not _junk(entry)]
    if len(held) > limits.members:
        raise TooManyFiles(source.name, len(held), limits.members)
    most = most_unpacked(source, "zip", limits)
    if sum(entry.file_size for _, entry in held) > most:
        raise TooLarge(source.name, most, unpacked=True)
    inside: list[Source] = []
    foreign: list[Source] = []
    for place, entry in held:
        member = Source(_shown(source.name, entry), Member(source.content, place, entry.compress_size))
        if entry.flag_bits & _ENCRYPTED:
            raise Locked(source.name)
        (inside if _is_table(member, limits) else foreign).append(member)
    if not inside:
        raise NoFileInside(source.name, tuple(member.name for member in foreign))
    return inside, [member.name for member in foreign]


def _junk(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename.lower().replace("\\", "/")
    last = name.rpartition("/")[2]
    return entry.is_dir() or not entry.file_size or name.startswith(_JUNK) or last.startswith((".", *_JUNK))


def _is_table(member: Source, limits: Limits) -> bool:
    """Whether it may hold orders. Its bytes decide, and for a text its name as well: a read-me holds no orders."""
    try:
        kind = container(member, limits)
    except NotATable:
        return False
    return kind != "zip" and (kind != "text" or member.name.partition(" (in ")[0].lower().endswith(_TABLES))


def _shown(archive_name: str, entry: zipfile.ZipInfo) -> str:
    """What we call a file of an archive when we show it to the owner."""
    name = "".join(sign if sign.isprintable() else "?" for sign in entry.filename)
    return f"{name[-100:]} (in {archive_name})"


def _chosen(sources: Iterable[Source], sheets: Sequence[str], limits: Limits) -> Iterator[Source]:
    """Each workbook, replaced by those of its sheets that were asked for."""
    there: set[str] = set()
    for source in sources:
        kind = container(source, limits)
        names = book.names(source, kind, limits) if kind in BOOKS else ()
        wanted = [name for name in dict.fromkeys(sheets) if name in names]
        there.update(names)
        yield from [replace(source, sheet=name) for name in wanted] or [source]
    for name in sheets:
        if name not in there:
            raise SheetNotFound(name, tuple(there))

"""The XML inside an XLSX workbook -> which part is which sheet, how far it reaches, and a copy of its beginning."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import IO
from xml.etree import ElementTree

from clvapp.sandbox.span import Span, span

_CHUNK = 1 << 20
_HEAD = 2 << 20  # bytes of a sheet in which we look for its first rows
_MOST_BESIDE = 32 << 20  # bytes of styles or shared texts that we copy
_SHEET = re.compile(rb"<(?:([A-Za-z][\w.-]*):)?sheetData[\s>]")
_ROW_END = re.compile(rb"</(?:[A-Za-z][\w.-]*:)?row\s*>")
_SHARED = re.compile(rb"""t=["']s["'][^>]*>\s*<(?:[A-Za-z][\w.-]*:)?v>(\d{1,9})</""")
_TEXT_END = re.compile(rb"</(?:[A-Za-z][\w.-]*:)?si\s*>|<(?:[A-Za-z][\w.-]*:)?si\s*/>")
_TABLE = re.compile(rb"<(?:([A-Za-z][\w.-]*):)?sst[\s>]")


class Package:
    """An XLSX workbook, as the archive that it is."""

    def __init__(self, given: IO[bytes]) -> None:
        given.seek(0)
        self.archive = zipfile.ZipFile(given)

    def span(self, sheet_name: str) -> Span:
        """How far one sheet reaches, and its formulas without a result. Raises `FarCell` and `DamagedFile`."""
        part = self._parts().get(sheet_name)
        if part is None:
            self.check()
            return Span(sheet_name)
        return span(sheet_name, partial(self._pieces, part))

    def check(self) -> None:
        """Raise `FarCell` when any sheet reaches too far, and `DamagedFile` when one is not XML."""
        for name in self.archive.namelist():
            if name.endswith(".xml") and _SHEET.search(self._head(name)):
                span(name, partial(self._pieces, name))

    def shortened(self, rows: int) -> IO[bytes] | None:
        """A workbook with the first `rows` rows of each sheet. None when it is unclear how to cut it."""
        kept: dict[str, bytes] = {}
        tables: dict[str, bytes] = {}
        shorter = False
        for name in self.archive.namelist():
            head = self._head(name) if name.endswith((".xml", ".rels")) else b""
            if _TABLE.search(head[:2_000]):
                tables[name] = head
            elif len(head) < _HEAD:
                kept[name] = head
            elif _SHEET.search(head):
                kept[name], shorter = _first_rows(head, rows), True
            elif name.endswith("styles.xml"):
                kept[name] = self.archive.read(name)
        if not shorter or b"" in [kept[name] for name in kept if "/worksheets/" in name]:
            return None
        last = max((int(number) for part in kept.values() for number in _SHARED.findall(part)), default=-1)
        return _packed(kept | {name: self._shared(name, last + 1) for name in tables})

    def _parts(self) -> dict[str, str]:
        """Sheet -> the part that holds it."""
        try:
            book = ElementTree.fromstring(self.archive.read("xl/workbook.xml"))  # noqa: S314 - memory and time are limited here
            links = ElementTree.fromstring(self.archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        except (KeyError, ElementTree.ParseError):
            return {}
        targets = {link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))) for link in links}
        found = {}
        for element in book.iter():
            if element.tag.rpartition("}")[2] == "sheet":
                ids = [value for key, value in element.items() if key.endswith("}id")]
                part = targets.get(ids[0], "").lstrip("/") if ids else ""
                if part in self.archive.namelist():
                    found[element.get("name", "")] = part
        return found

    def _pieces(self, name: str) -> Iterator[bytes]:
        with self.archive.open(name) as part:
            yield from iter(partial(part.read, _CHUNK), b"")

    def _head(self, name: str) -> bytes:
        with self.archive.open(name) as part:
            return part.read(_HEAD)

    def _shared(self, name: str, count: int) -> bytes:
        """The table of shared texts, up to the last one that is used."""
        held: list[bytes] = []
        rest = b""
        for piece in self._pieces(name):
            whole = rest + piece
            ends = [end.end() for end in _TEXT_END.finditer(whole)]
            if len(ends) >= count:
                prefix = _TABLE.search((held[0] if held else whole)[:2_000])
                close = b":".join(filter(None, [prefix and prefix[1], b"sst"]))
                first = whole.find(b">", whole.find(b"sst")) + 1 if not held else 0
                held.append(whole[: ends[count - 1] if count else first])
                return b"".join([*held, b"</", close, b">"])
            count -= len(ends)
            kept = ends[-1] if ends else max(0, len(whole) - 64)
            held.append(whole[:kept])
            rest = whole[kept:]
            if sum(map(len, held)) > _MOST_BESIDE:
                break
        return b"".join([*held, rest])


def _packed(parts: dict[str, bytes]) -> IO[bytes]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    packed.seek(0)
    return packed


def _first_rows(head: bytes, rows: int) -> bytes:
    """The beginning of a sheet, closed after that many rows, or after all of them if it has fewer."""
    begun = _SHEET.search(head)
    ends = [end.end() for end in _ROW_END.finditer(head, begun.end() if begun else 0)][:rows]
    if not begun or not ends:
        return b""
    prefix = begun[1] + b":" if begun[1] else b""
    return head[: ends[-1]] + b"</" + prefix + b"sheetData></" + prefix + b"worksheet>"

"""A sheet's XML -> how far its cells reach, before a reader makes room for them all, and which results are missing.

The reader holds a sheet as rows times columns up to the last cell. One far cell would make it ask for half a terabyte,
and that would kill the process.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from string import digits
from xml.parsers import expat

import numpy as np
import numpy.typing as npt

from clvapp.problems import DamagedFile, FarCell

# What the reader needs, measured: for each place up to the last cell, and for each filled cell.
_PLACE, _CELL = 32, 40
_MOST = 1_200_000_000
_ROWS, _COLUMNS = 1 << 20, 1 << 14  # of any sheet
_SHOWN = 60  # characters of a formula
_MOST_FORMULAS = 100_000
_HELD = frozenset(["v", "is", "t", "f"])  # a cell that only has a format takes no room
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"(?![^>]*t="str")[^>]*>'
    rb"<f(?:\s[^<>]*)?(?:/>|>([^<]*)</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_FORMATTED = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: [a-z]+="[^"<>]*")*\s*(?:/>|></c>)')
# A sheet that starts like this is parsed: it has its own definitions, another encoding, or a prefix on each name.
_ODD = re.compile(rb"""<!DOCTYPE|<!ENTITY|encoding=["'](?!utf-8|UTF-8|us-ascii)|<[\w.-]+:sheetData""")
_PREFIXED = re.compile(rb"<[\w.-]+:c[\s/>]")

_NO_NAME = np.frombuffer(b"\t\r\n>/", dtype=np.uint8)

_A, _0 = np.uint8(ord("A")), np.uint8(ord("0"))

Signs = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
Pieces = Callable[[], Iterable[bytes]]


@dataclass
class Span:
    """The last row and column that hold anything, and the formulas without a result: (row, column) -> formula."""

    name: str
    rows: int = 1
    columns: int = 1
    cells: int = 0
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)

    def check(self) -> None:
        """Raise `FarCell` when the reader would need more memory than there is, or no sheet can have such a place."""
        outside = self.rows > _ROWS or self.columns > _COLUMNS
        if outside or _PLACE * self.rows * self.columns + _CELL * self.cells > _MOST:
            raise FarCell(self.name, self.rows)


def span(name: str, pieces: Pieces) -> Span:
    """The span of one sheet's XML. Raises `FarCell`, and `DamagedFile` for a sheet that is not XML.

    If the sheet looks the way spreadsheets write it, we scan it as bytes, in a twentieth of the time of parsing.
    """
    found = Span(name)
    return found if _quickly(found, pieces()) else _parsed(Span(name), pieces())


# --- as bytes -------------------------------------------------------------------------------------------------------
def _quickly(found: Span, pieces: Iterable[bytes]) -> bool:
    """Whether we could scan the sheet without parsing it."""
    rest, begun = b"", False
    for piece in pieces:
        block = rest + piece
        if not begun and (block[:1] != b"<" or _ODD.search(block)):
            return False
        begun, cut = True, block.rfind(b"<c ")
        rest = block[cut:] if cut >= 0 else block
        if len(rest) > 1 << 24 or (cut > 0 and not _looked_through(found, block[:cut])):
            return False
    return _looked_through(found, rest) and found.cells > 0


def _looked_through(found: Span, block: bytes) -> bool:
    if b":c" in block and _PREFIXED.search(block):
        return False
    signs, tags = _tags(block)
    if _only_formatted(signs, tags):
        block = _FORMATTED.sub(b"", block)
        signs, tags = _tags(block)
    following = signs[tags + 1]
    if not _places(found, signs, tags[following == ord("c")]):
        return False
    if (following == ord("f")).any():
        for cell, formula in _FORMULA.findall(block)[: _MOST_FORMULAS - len(found.formulas)]:
            letters = cell.decode().rstrip(digits)
            text = formula.decode("utf-8", errors="replace")
            found.formulas[int(cell[len(letters) :]), _column(letters)] = f"={text}"[:_SHOWN]
    found.check()
    return True


def _tags(block: bytes) -> tuple[Signs, Places]:
    """The bytes of `block`, with room after them, and where its tags start."""
    signs = np.frombuffer(block + b'"' * 20, dtype=np.uint8)
    return signs, np.flatnonzero(signs[:-20] == ord("<"))


def _only_formatted(signs: Signs, tags: Places) -> bool:
    """Whether a cell closes itself, or closes right after it opens. Either way it is empty."""
    opens = (signs[tags + 1] == ord("c")) & (signs[tags + 2] == ord(" "))
    closes = (signs[tags + 1] == ord("/")) & (signs[tags + 2] == ord("c")) & (signs[tags + 3] == ord(">"))
    return bool(opens.sum() > closes.sum() or (opens[:-1] & closes[1:]).any())


def _places(found: Span, signs: Signs, tags: Places) -> bool:
    """Record where the cells stand. False when one is not written as `<c r="AB12"`."""
    if np.isin(signs[tags + 2], _NO_NAME).any():
        return False
    first = tags[signs[tags + 2] == ord(" ")]
    if not len(first):
        return True
    if any((signs[first + place] != ord(sign)).any() for place, sign in ((3, "r"), (4, "="), (5, '"'))):
        return False
    row, column = np.zeros(len(first), np.int64), np.zeros(len(first), np.int32)
    going = np.ones(len(first), bool)
    for place in range(6, 17):  # at most three letters and seven digits, and the quote
        sign = signs[first + place]
        going &= sign != ord('"')
        if not going.any():
            break
        letter, digit = (sign - _A < 26) & going, (sign - _0 < 10) & going  # below them, unsigned bytes wrap around
        if place > 15 or (place > 8 and letter.any()) or not (letter | digit)[going].all():
            return False
        column[letter] = 26 * column[letter] + (sign[letter] - _A + 1)
        row[digit] = 10 * row[digit] + (sign[digit] - _0)
    found.cells += len(first)
    found.rows, found.columns = max(found.rows, int(row.max())), max(found.columns, int(column.max()))
    return True


# --- as XML ---------------------------------------------------------------------------------------------------------
def _parsed(found: Span, pieces: Iterable[bytes]) -> Span:
    reach = _Reach(found)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reach.start, reach.end
    parser.CharacterDataHandler = reach.data
    parser.StartDoctypeDeclHandler = reach.refuse
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as fault:
        raise DamagedFile(found.name, "XLSX") from fault
    found.check()
    return found


class _Reach:
    """Follows the elements of a sheet. A cell without its own place follows the one before."""

    def __init__(self, found: Span) -> None:
        self.found = found
        self.row = self.column = self.begun = 0
        self.inside = ""  # inside a cell: its value, or its formula
        self.at_cell = self.filled = self.counted = self.is_text = False
        self.formula: str | None = None

    def refuse(self, *_: object) -> None:
        """Refuse definitions: no spreadsheet program writes any into a sheet."""
        raise DamagedFile(self.found.name, "XLSX")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins: a row, a cell, or the content of a cell, which makes the cell count."""
        element = tag.rpartition(":")[2]
        if element == "c":
            self.is_text = attributes.get("t") == "str"
            self._place(attributes.get("r"))
        elif element == "row":
            self.row, self.column, self.at_cell = int(attributes.get("r", self.row + 1)), 0, False
            self.begun = self.row
        elif self.at_cell and element in _HELD:
            self.inside = element
            if element == "f":
                self.formula = self.formula or ""
            self.filled |= element == "v" and self.is_text  # an empty text is a result
            if not self.counted:
                self._count()

    def data(self, text: str) -> None:
        """A cell's value, or its formula."""
        if self.inside == "f" and self.formula is not None and len(self.formula) < _SHOWN:
            self.formula += text
        elif self.inside and text.strip():
            self.filled = True

    def end(self, tag: str) -> None:
        """An element ends. We remember a cell that has a formula and nothing else."""
        element = tag.rpartition(":")[2]
        if element == "c":
            if self.formula is not None and not self.filled and len(self.found.formulas) <= _MOST_FORMULAS:
                self.found.formulas[self.row, self.column] = f"={self.formula}"[:_SHOWN]
            self.at_cell = False
        if element in _HELD:
            self.inside = ""

    def _place(self, reference: str | None) -> None:
        self.at_cell, self.filled, self.counted, self.formula, self.inside = True, False, False, None, ""
        if reference is None:  # it is in the open row, whatever the cell before says
            self.row, self.column = max(self.row, self.begun), self.column + 1
            return
        letters = reference.rstrip(digits)
        self.row, self.column = int(reference[len(letters) :]), _column(letters)

    def _count(self) -> None:
        found = self.found
        self.counted = True
        found.cells += 1
        found.rows, found.columns = max(found.rows, self.row), max(found.columns, self.column)
        found.check()


@cache
def _column(letters: str) -> int:
    """The number of a column, from its letters.

    >>> _column("A"), _column("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.strip().upper()[:4]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number

"""What an owner told us about an export that no format knows, as a small file to drop in with the next export.

>>> said = SavedMapping(("Datum", "Betrag"), {"ordered_at": ("Datum",), "order_total": ("Betrag",)}, "day-first", ",")
>>> read(said.content(), "columns.json") == said
True
>>> said.fits(["Kunde", "betrag ", "Datum"])
True
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Protocol, TypeVar, get_args

from clvapp.formats.layout import ROLES, DateOrder, DecimalSign, plain
from clvapp.formats.words import KINDS, MEANINGS
from clvapp.problems import DamagedMapping

_KIND, _VERSION = "clvapp column mapping", 1
_MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class SavedMapping:
    """Role -> headings, for exports with `headings`. A column without a unique heading is named by its place, from 0.

    `date_order`, `decimal_sign` and `cents` are the owner's answers, or None where the column decides by itself.
    `statuses` and `kinds` are the owner's answers about words; without roles they are all that it holds, for an export
    that a format knows.
    """

    headings: tuple[str, ...]
    roles: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    date_order: DateOrder | None = None
    decimal_sign: DecimalSign | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    cents: bool | None = None

    def fits(self, headings: Sequence[str]) -> bool:
        """Whether every column it names is there. If it names one by place, or none, all headings must be the same."""
        there = [plain(heading) for heading in headings]
        named = [name for names in self.roles.values() for name in names]
        if any(isinstance(name, int) for name in named) or not named:
            return there == [plain(heading) for heading in self.headings]
        return {plain(str(name)) for name in named} <= set(there)

    def content(self) -> bytes:
        """The bytes of the file, in UTF-8."""
        table = {
            "kind": _KIND, "version": _VERSION, "headings": list(self.headings),
            "roles": {role: list(names) for role, names in self.roles.items()},
            "date_order": self.date_order, "decimal_sign": self.decimal_sign, "statuses": dict(self.statuses),
            "kinds": dict(self.kinds), "cents": self.cents,
        }  # fmt: skip
        return json.dumps(table, ensure_ascii=False, indent=1).encode()


class _File(Protocol):
    """A file that was dropped in: a name, and bytes."""

    @property
    def name(self) -> str:
        """The name that its owner knows."""

    def size(self) -> int:
        """The size in bytes."""

    def open(self) -> IO[bytes]:
        """The bytes, from the beginning."""


_Any = TypeVar("_Any", bound=_File)


def split(files: Iterable[_Any]) -> tuple[list[_Any], list[SavedMapping]]:
    """The exports among `files`, and the saved mappings. Raises `DamagedMapping`."""
    exports, saved = [], []
    for file in files:
        with file.open() as stream:
            beginning = stream.read(_MOST_BYTES)
        if file.size() <= _MOST_BYTES and beginning.lstrip().startswith(b"{") and _KIND.encode() in beginning:
            saved.append(read(beginning, file.name))
        else:
            exports.append(file)
    return exports, saved


def read(content: bytes, name: str) -> SavedMapping:
    """The mapping in a file. Raises `DamagedMapping`."""
    try:
        table = json.loads(content)
        _check(table)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise DamagedMapping(name) from fault
    roles = {role: tuple(names) for role, names in table["roles"].items()}
    return SavedMapping(
        tuple(table["headings"]),
        roles,
        table.get("date_order"),
        table.get("decimal_sign"),
        table.get("statuses", {}),
        table.get("kinds", {}),
        table.get("cents"),
    )


def _check(table: Any) -> None:
    """Raises `ValueError` for anything that `content` could not have written."""
    headings, roles = table["headings"], table["roles"]
    names = [name for listed in roles.values() for name in listed]
    places = [name for name in names if not isinstance(name, str)]
    right = (
        table["kind"] == _KIND
        and table["version"] == _VERSION
        and isinstance(headings, list)
        and all(isinstance(heading, str) for heading in headings)
        and all(isinstance(listed, list) for listed in roles.values())
        and roles.keys() <= ROLES.keys()
        and all(type(place) is int and 0 <= place < len(headings) for place in places)
        and _are_words(table.get("statuses", {}), MEANINGS)
        and _are_words(table.get("kinds", {}), KINDS)
        and isinstance(table.get("cents"), bool | None)
        and table.get("date_order") in {None, *get_args(DateOrder)}
        and table.get("decimal_sign") in {None, *get_args(DecimalSign)}
    )
    if not right:
        raise ValueError


def _are_words(said: Any, meanings: Mapping[str, str]) -> bool:
    """Whether these are answers about words: word -> one of `meanings`."""
    return isinstance(said, dict) and all(isinstance(meaning, str) and meaning in meanings for meaning in said.values())

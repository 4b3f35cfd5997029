"""Exports that come as several files: which files are there, whether they are enough, and which table each goes to."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from clvapp.formats.layout import Beside, Format
from clvapp.problems import AmountsMissing, OrdersMissing
from clvapp.read import guess

_AMOUNTS = frozenset(["order_total", "line_total"])


class Headed(Protocol):
    """A table with column names."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns' names."""


class Part(Protocol):
    """A file that we have understood."""

    @property
    def sheet(self) -> Headed:
        """Its table."""

    @property
    def format(self) -> Format:
        """The export that it belongs to."""

    @property
    def mapping(self) -> Mapping[str, tuple[int, ...]]:
        """What each column is for."""

    @property
    def beside(self) -> Beside | None:
        """Which companion file it is, or None if it holds the orders."""


def check(understood: Sequence[Part]) -> None:
    """Refuse files that cannot make orders.

    Raises `OrdersMissing` or `AmountsMissing` when an export of several files is incomplete, and whatever
    `guess.check` raises.
    """
    for one in understood:
        members = [other for other in understood if other.format.key == one.format.key]
        given = frozenset[str]().union(*(other.beside.gives for other in members if other.beside))
        fmt = one.format
        if one.beside:
            if all(other.beside for other in members):
                raise OrdersMissing(fmt.name, one.beside.name, menu_path=fmt.menu_path)
            continue
        if fmt.beside and not _AMOUNTS & (given | one.mapping.keys()):
            enough = " or ".join(other.name for other in fmt.beside if _AMOUNTS & other.gives)
            raise AmountsMissing(fmt.name, enough, menu_path=fmt.menu_path)
        if not fmt.beside:
            guess.check(one.mapping, one.sheet.headings)


def table(name: str, beside: Beside | None) -> str:
    """The table that a file goes to, when the orders of its export go to `name`."""
    return f"{name}_{beside.name}" if beside else name


def beside(name: str, members: Sequence[Part]) -> tuple[tuple[Beside, str], ...]:
    """The companion files that are there for one export, in the format's own order, each with its table."""
    there = {one.beside.name for one in members if one.beside}
    return tuple((other, table(name, other)) for other in members[0].format.beside if other.name in there)

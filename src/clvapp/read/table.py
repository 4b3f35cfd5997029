"""What a guess looks at: a table's headings and first rows, and how many cells of a column pass a test."""

from collections.abc import Callable, Sequence
from typing import Protocol


class Table(Protocol):
    """The headings, and rows of the same width."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns' names. Some may be blank or occur twice."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The first rows."""


def share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    """The share of `values`, which are not empty, that pass `test`.

    >>> share(["1", "2", "x"], str.isdigit) > 0.6
    True
    """
    return sum(map(test, values)) / len(values)

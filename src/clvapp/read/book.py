"""A file with several tables -> the first rows of each, or all rows of one, whatever kind of workbook it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import pyarrow as pa

from clvapp.read import markup, outside
from clvapp.read.source import LIMITS, Container, Limits, Source
from clvapp.sandbox import without_blank_tail

_BATCH = 20_000

Heads = dict[str, list[tuple[str, ...]]]


def heads(source: Source, kind: Container, count: int, limits: Limits = LIMITS) -> Heads:
    """The first `count` rows of each table that has any, by table name, in the file's order. Raises a Problem."""
    if kind in outside.KINDS:
        return outside.heads(source, kind, count, limits)
    found: Heads = {}
    for name, number, row in markup.rows(source, kind, limits, first=count):
        first = found.setdefault(name, [])
        if number <= count:
            first += [()] * (number - len(first) - 1) + [row]
    return {name: first for name, first in found.items() if any(map(any, first))}


def names(source: Source, kind: Container, limits: Limits = LIMITS) -> tuple[str, ...]:
    """The names of the tables that have any rows. Raises a Problem."""
    return tuple(heads(source, kind, 1_000, limits))


@contextmanager
def batches(
    source: Source, kind: Container, table: str, *, after: int, columns: Sequence[int], limits: Limits = LIMITS
) -> Iterator[Iterator[pa.RecordBatch]]:
    """The rows of one table below row `after`: `record` (the row's number) and the text of `columns`, named by place.

    Blank rows at the end are left out. Raises a Problem.
    """
    if kind in outside.KINDS:
        with outside.batches(source, kind, table, after=after, columns=columns, limits=limits) as found:
            yield found
    else:
        yield _of_markup(source, kind, table, after=after, columns=columns, limits=limits)


def _of_markup(
    source: Source, kind: Container, table: str, *, after: int, columns: Sequence[int], limits: Limits
) -> Iterator[pa.RecordBatch]:
    of_table = (
        (number, row) for name, number, row in markup.rows(source, kind, limits) if name == table and number > after
    )
    rows = without_blank_tail(_with_gaps(of_table, after))
    names = ["record", *map(str, columns)]
    while some := list(islice(rows, _BATCH)):
        texts = [pa.array([row[place] if place < len(row) else "" for _, row in some]) for place in columns]
        yield pa.record_batch([pa.array([number for number, _ in some]), *texts], names=names)


def _with_gaps(rows: Iterator[tuple[int, tuple[str, ...]]], last: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """`rows`, with the blank rows put back that XML leaves out."""
    for number, row in rows:
        yield from ((gap, ()) for gap in range(last + 1, number))
        yield number, row
        last = number

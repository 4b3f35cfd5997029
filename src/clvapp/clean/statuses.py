"""What the statuses of an export mean, by its owner's answers, its format and our lists; the rest is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from clvapp.clean.lines import ROW_KEY, UID_MARK, Raw
from clvapp.database import listed, quoted, rows
from clvapp.formats import words
from clvapp.problems import StatusesUnknown, UnknownWord

COLUMNS = ("status", "payment_status")  # an order counts only if neither says otherwise
# A column with more words than this that nobody knows, on most of its orders, holds something else: notes or names.
MOST_ASKED = 25
_MOST_JUDGED = 5_000
_EXAMPLES = 3


@dataclass(frozen=True)
class Statuses:
    """What the statuses of one raw table mean: meaning -> its cells, as they stand in `heads`."""

    of: Mapping[str, tuple[str, ...]]

    def meaning(self, *meanings: str) -> tuple[str, ...]:
        """The cells with one of these meanings."""
        return tuple(sorted({cell for meaning in meanings for cell in self.of.get(meaning, ())}))


def meaning(cell: str, raw: Raw) -> str | None:
    """What a status of `raw` means: as its owner said, else as its format or our lists say. None if nobody knows."""
    return raw.statuses.get(words.folded(cell)) or words.meaning_of(cell, raw.format)


def statuses(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> Mapping[int, Statuses]:
    """For each raw table, what its statuses mean. A word that nobody knows is in none of them."""
    found: dict[int, Statuses] = {}
    for source, raw in enumerate(raws):
        of: dict[str, set[str]] = {}
        for column in COLUMNS:
            for cell in _cells(con, source, column) if column not in raw.no_statuses else ():
                of.setdefault(meaning(cell, raw) or "", set()).add(cell)
        found[source] = Statuses({name: tuple(sorted(cells)) for name, cells in of.items() if name})
    return found


def has_status(by_source: Mapping[int, Iterable[str]]) -> str:
    """SQL for whether a row of `heads` (named `h`) has one of these statuses of its raw table, in either column."""
    tests = [
        f"h.source = {source} AND (h.status IN ({listed(cells)}) OR h.payment_status IN ({listed(cells)}))"
        for source, cells in by_source.items()
        if cells
    ]
    return f"coalesce({' OR '.join(tests)}, false)" if tests else "false"


def settled(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> tuple[Raw, ...]:
    """`raws`, knowing which of their columns hold no statuses at all. Raises `StatusesUnknown` for words left open."""
    found, asked = [], list[UnknownWord]()
    for source, raw in enumerate(raws):
        none = []
        for column in COLUMNS:
            unknown = [cell for cell in _cells(con, source, column) if meaning(cell, raw) is None]
            if not unknown:
                continue
            if len(unknown) > MOST_ASKED and _on_most_orders(con, source, column, unknown):
                none.append(column)
            else:
                asked += _asked(con, source, column, unknown)
        found.append(replace(raw, no_statuses=tuple(none)))
    if asked:
        headings = dict.fromkeys(raw.headings[column] for raw in raws for column in COLUMNS if column in raw.headings)
        in_order = sorted(asked, key=lambda one: (-one.orders, one.word))
        raise StatusesUnknown(tuple(headings), tuple(in_order), words.MEANINGS)
    return tuple(found)


def _cells(con: duckdb.DuckDBPyConnection, source: int, column: str) -> list[str]:
    """The different cells of a column. More than we ever judge are no statuses, and the first of them show it."""
    found = f"SELECT DISTINCT {column} AS cell FROM heads WHERE source = {source} AND {column} <> ''"
    return sorted(cell for (cell,) in rows(con, f"SELECT cell FROM ({found}) LIMIT {_MOST_JUDGED}"))


_OPEN = "NOT superseded AND NOT unreadable AND cancelled_at IS NULL"


def _on_most_orders(con: duckdb.DuckDBPyConnection, source: int, column: str, unknown: Sequence[str]) -> bool:
    filled, strange = rows(
        con,
        f"SELECT count(*), count(*) FILTER ({column} IN ({listed(unknown)})) FROM heads "
        f"WHERE source = {source} AND {column} <> ''",
    )[0]
    return bool(2 * strange > filled or len(unknown) >= _MOST_JUDGED // 2)


def _asked(con: duckdb.DuckDBPyConnection, source: int, column: str, unknown: Sequence[str]) -> list[UnknownWord]:
    """Each word with its orders, their money, and the numbers of the first ones."""
    number = f"CASE WHEN key NOT LIKE '{ROW_KEY}%' THEN split_part(key, '{UID_MARK}', 1) ELSE 'row ' || record END"
    found = rows(
        con,
        f"SELECT {quoted(column)}, count(*), coalesce(sum(value), 0)::DOUBLE, "
        f"list({number} ORDER BY moment, record)[:{_EXAMPLES}] FROM heads "
        f"WHERE source = {source} AND {column} IN ({listed(unknown)}) AND {_OPEN} GROUP BY ALL",
    )
    return [UnknownWord(word, orders, money, tuple(examples)) for word, orders, money, examples in found]

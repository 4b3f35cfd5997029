"""Text cells of one raw table -> SQL for numbers, dates and flags. The whole column decides how to read them.

Cells arrive trimmed, and blank ones are NULL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from clvapp.clean.dates import local_moment
from clvapp.clean.numbers import NUMBER_ROLES, decimal_signs, number
from clvapp.database import literal, quoted, rows
from clvapp.formats import words
from clvapp.formats.layout import DateOrder, DecimalSign, Format
from clvapp.problems import DateOrderUnknown

_CONSENT = {  # what only a column of consent says
    True: ("subscribed", "accepted"), False: ("not_subscribed", "unsubscribed", "declined"),
}  # fmt: skip
_FLAGS = {
    "true": words.flags("yes").union(_CONSENT[True]),
    "false": words.flags("no").union(_CONSENT[False]),
}


@dataclass(frozen=True)
class Values:
    """SQL expressions for one raw table: `numbers` by role, the local moment `ordered_at`, and what we decided."""

    numbers: Mapping[str, str]
    unreadable: frozenset[str]  # roles with cells that are not plain numbers; some of those may not be numbers at all
    ordered_at: str
    dated: str  # whether a row has such a moment
    date_order: DateOrder | None
    assumed: bool = (
        False  # no date settles the order of day and month, and we did not ask: the format always writes it this way
    )


def values(
    con: duckdb.DuckDBPyConnection,
    table: str,
    roles: Sequence[str],
    *,
    date_order: DateOrder | None = None,
    decimal_sign: DecimalSign | None = None,
    heading: str = "date",
    usual: Format | None = None,
    proven: DateOrder | None = None,
) -> Values:
    """How to read the cells of `table`.

    What the cells leave open is read as other dates of the file have `proven`, or else the way their format, `usual`,
    always writes it, if they look like it. Raises a `Question` when that still leaves the order of day and month, or
    the decimal sign, open.
    """
    numeric = [role for role in NUMBER_ROLES if role in roles]
    signs = decimal_signs(con, table, numeric, decimal_sign, usual=usual.decimal_sign if usual else None)
    try:
        (moment, dated, order), assumed = local_moment(con, table, heading, date_order), False
    except DateOrderUnknown:
        shown = proven or _usual_order(con, table, usual)
        if shown is None:
            raise
        (moment, dated, order), assumed = local_moment(con, table, heading, shown), proven is None
    numbers = {role: number(role, signs[role]) for role in numeric}
    return Values(numbers, frozenset(role for role in numeric if signs[role]), moment, dated, order, assumed)


def _usual_order(con: duckdb.DuckDBPyConnection, table: str, usual: Format | None) -> DateOrder | None:
    """Which of day and month the format always writes first, if the dates look like its own."""
    order = usual.date_order if usual else None
    return order if usual and order and _looks_as(con, table, usual.numeric_dates) else None


def _looks_as(con: duckdb.DuckDBPyConnection, table: str, pattern: str) -> bool:
    """Whether every date looks as its shop writes it. One that does not has been through another program."""
    cell = quoted("ordered_at")
    other = f"SELECT 1 FROM {table} WHERE {cell} IS NOT NULL AND NOT regexp_full_match({cell}, {literal(pattern)})"
    return not rows(con, f"SELECT EXISTS ({other})")[0][0]


def flag(con: duckdb.DuckDBPyConnection, table: str, role: str) -> str:
    """SQL for the cell of `role` as true or false, or NULL when it says neither.

    We compare only the words that the column really has, because every row pays for each word.
    """
    cell = quoted(role)
    found = rows(con, f"SELECT cell, lower(cell) FROM (SELECT DISTINCT {cell} AS cell FROM {table})")
    said = {meaning: [cell for cell, word in found if word in listed] for meaning, listed in _FLAGS.items()}
    cases = [
        f"WHEN {cell} IN ({', '.join(map(literal, cells))}) THEN {meaning}" for meaning, cells in said.items() if cells
    ]
    return f"CASE {' '.join(cases)} END" if cases else "NULL::BOOLEAN"

"""Raw tables as exports write them -> raw tables in which each row holds everything that makes it an order.

We join what stands in another file of the same export, carry down what stands once above its rows, and mark an order
that was never paid. The format asks for each of these; most formats need none of them.
"""

from dataclasses import replace

import duckdb

from clvapp.clean.lines import BLANK, TOTALS, Raw
from clvapp.clean.numbers import MONEY, numbers
from clvapp.clean.reasons import DUPLICATE, NO_ORDER, NOT_NEEDED
from clvapp.database import listed, quoted, rows
from clvapp.formats.amounts import NO_VALUE
from clvapp.formats.layout import Beside

_AMOUNTS = ("order_total", "line_total", "quantity")


def complete(con: duckdb.DuckDBPyConnection, source: int, raw: Raw) -> Raw:
    """`raw` with the roles that its table has after this. Rows that were only there to help go to `odd_rows`."""
    for other, table in raw.beside:
        raw = _joined(con, source, raw, other, table=table)
    for role in raw.format.carried_forward:
        if role in raw.roles:
            _carry_forward(con, source, raw, role)
    if raw.format.unpaid_when_blank in raw.roles and "order_id" in raw.roles:
        raw = _mark_unpaid(con, raw)
    return raw


def _with(con: duckdb.DuckDBPyConnection, raw: Raw, *roles: str) -> Raw:
    """`raw` with a column for each of `roles`."""
    for role in roles:
        rows(con, f"ALTER TABLE {raw.table} ADD COLUMN IF NOT EXISTS {quoted(role)} VARCHAR")
    return replace(raw, roles=tuple(dict.fromkeys([*raw.roles, *roles])))


def _odd(con: duckdb.DuckDBPyConnection, source: int, table: str, *, reason: str) -> None:
    """Put the rows of `table` that have a `reason` into `odd_rows`. `reason` is an SQL expression of its columns."""
    rows(
        con,
        f"INSERT INTO odd_rows BY NAME SELECT {source} AS source, file, record, {reason} AS reason FROM {table} "
        f"WHERE {reason} IS NOT NULL",
    )


# --- other files ------------------------------------------------------------------------------------------------------


def _joined(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, other: Beside, *, table: str) -> Raw:
    """`raw` with what `table` says about its rows. Rows of `table` that match none of them are left out.

    When several files describe the same order or customer, the file given last wins.
    """
    if not other.gives:
        _leave_out(con, source, raw, table, reason=f"'{NOT_NEEDED}'")
        return raw
    has = {row[0] for row in rows(con, f"DESCRIBE {table}")}
    match = ", ".join(quoted(f"={role}") for role in other.match)
    summands = {role: [name for i in range(len(names)) if (name := f"{role}+{i}") in has]
                for role, names in other.sums.items()}  # fmt: skip
    amount = numbers(con, table, [name for names in summands.values() for name in names])
    rows(
        con,
        f"CREATE OR REPLACE TABLE spoken AS SELECT *, file < max(file) OVER (PARTITION BY {match}) AS older, "
        f"({match}) IN (SELECT {', '.join(map(quoted, other.match))} FROM {raw.table}) AS known FROM {table}",
    )
    gives = {role: f"sum({' + '.join(f'coalesce({amount[name]}, 0)' for name in names)})::{MONEY}::VARCHAR"
             for role, names in summands.items() if names}  # fmt: skip
    gives |= {role: f"first({quoted(role)} ORDER BY record)" for role in other.roles if role in has}
    gives |= {other.count: "count(*)::VARCHAR"} if other.count else {}
    raw = _with(con, raw, *gives)
    sets = ", ".join(f"{quoted(role)} = coalesce({raw.table}.{quoted(role)}, f.{quoted(role)})" for role in gives)
    found = ", ".join([match, *(f"{sql} AS {quoted(role)}" for role, sql in gives.items())])
    on = " AND ".join(f"{raw.table}.{quoted(role)} = f.{quoted(f'={role}')}" for role in other.match)
    if gives:
        rows(con, f"UPDATE {raw.table} SET {sets} FROM (SELECT {found} FROM spoken WHERE NOT older GROUP BY {match}) f "
                  f"WHERE {on}")  # fmt: skip
    cells = ", ".join(quoted(name) for name in has - {"file", "record", "first_cell"})
    reason = (
        f"CASE WHEN coalesce(first_cell, {cells}) IS NULL THEN '{BLANK}' WHEN NOT coalesce(known, false) "
        f"THEN '{NO_ORDER}' WHEN older THEN '{DUPLICATE}' END"
    )
    _leave_out(con, source, raw, "spoken", reason=reason)
    rows(con, f"DROP TABLE {table}")
    return raw


def _leave_out(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, table: str, *, reason: str) -> None:
    """List the rows of `table` that have a `reason` with the left-out rows of `raw`, and drop the table."""
    _odd(con, source, table, reason=reason)
    rows(
        con, f"INSERT INTO {raw.table} BY NAME SELECT file, record, first_cell FROM {table} WHERE {reason} IS NOT NULL"
    )
    rows(con, f"DROP TABLE {table}")


# --- rows above, and rows never paid ----------------------------------------------------------------------------------


def _carry_forward(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, role: str) -> None:
    """Give each row the `role` cell that stands alone on a row above it."""
    empty = " AND ".join(f"{quoted(name)} IS NULL" for name in ("ordered_at", *_AMOUNTS) if name in raw.roles)
    alone = f"{quoted(role)} IS NOT NULL AND {empty}"
    above = (
        f"SELECT file, record, last_value(CASE WHEN {alone} THEN {quoted(role)} END IGNORE NULLS) "
        f"OVER (PARTITION BY file ORDER BY record) AS word FROM {raw.table}"
    )
    _odd(con, source, raw.table, reason=f"CASE WHEN {alone} THEN '{TOTALS}' END")
    rows(
        con,
        f"UPDATE {raw.table} SET {quoted(role)} = a.word FROM ({above}) a WHERE a.file = {raw.table}.file AND "
        f"a.record = {raw.table}.record AND {quoted(role)} IS NULL AND ordered_at IS NOT NULL",
    )


def _mark_unpaid(con: duckdb.DuckDBPyConnection, raw: Raw) -> Raw:
    """`raw`, with `captured` set to no on orders where no row has a payment date."""
    role = quoted(raw.format.unpaid_when_blank)
    raw = _with(con, raw, "captured")
    paid = f"lower({role}) NOT IN ({listed(NO_VALUE)})"
    of_paid = f"SELECT (file, order_id) FROM {raw.table} WHERE {paid} AND order_id IS NOT NULL"
    rows(
        con,
        f"UPDATE {raw.table} SET captured = 'no' WHERE order_id IS NOT NULL AND (file, order_id) NOT IN ({of_paid})",
    )
    return raw

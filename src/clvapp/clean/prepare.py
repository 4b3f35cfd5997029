"""Raw text with a format's own habits -> raw text as any other format writes it, before we read anything from it."""

from dataclasses import replace

import duckdb

from clvapp.clean.lines import UID_MARK, Raw
from clvapp.clean.numbers import MONEY
from clvapp.clean.statuses import meaning
from clvapp.clean.values import Values
from clvapp.database import listed, literal, quoted, rows
from clvapp.formats.layout import plain


def prepare(con: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """Rewrite the cells of `raw` that only its format can explain. The number of rows stays the same."""
    if raw.format.description_row:
        _forget_descriptions(con, raw)
    for role in raw.roles:
        if role in raw.format.reads:
            _read_as(con, raw, role)
        if role in raw.format.adds:
            _add_up(con, raw, role)
    if raw.format.status_per_line:
        _part_by_status(con, raw)
    if raw.format.credit_notes:
        make_negative(con, raw)


def _forget_descriptions(con: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """Blank the rows that describe the columns: order number and date are both filled, and neither has a digit."""
    words = [f"{quoted(role)} NOT SIMILAR TO '.*[0-9].*'" for role in ("order_id", "ordered_at") if role in raw.roles]
    blank = ", ".join(f"{quoted(role)} = NULL" for role in raw.roles)
    rows(con, f"UPDATE {raw.table} SET {blank} WHERE {' AND '.join(words)}")


def _read_as(con: duckdb.DuckDBPyConnection, raw: Raw, role: str) -> None:
    cell = quoted(role)
    cases = "".join(
        f"WHEN regexp_matches({cell}, {literal(pattern)}) THEN "
        f"nullif(trim(regexp_replace({cell}, {literal(pattern)}, {literal(read)})), '') "
        for pattern, read in raw.format.reads[role]
    )
    rows(con, f"UPDATE {raw.table} SET {cell} = CASE {cases} ELSE {cell} END WHERE {cell} IS NOT NULL")


def _add_up(con: duckdb.DuckDBPyConnection, raw: Raw, role: str) -> None:
    cell = quoted(role)
    found = f"regexp_extract_all({cell}, {literal(raw.format.adds[role])}, 1)"
    amount = f"list_sum(list_transform({found}, lambda part: try_cast(part AS {MONEY})))"
    rows(con, f"UPDATE {raw.table} SET {cell} = ({amount})::VARCHAR WHERE len({found}) > 0")


_APART = {"unpaid", "cancelled", "refunded", "returned"}


def _part_by_status(con: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """When only some lines of an order count, make the others an order of their own.

    They still show the order's number, and their own status decides about them.
    """
    if not {"order_id", "status"} <= set(raw.roles):
        return
    found = rows(con, f"SELECT DISTINCT status FROM {raw.table} WHERE status IS NOT NULL LIMIT 5000")
    words = [status for (status,) in found if (meaning(status, raw) or "") in _APART]
    if not words:
        return
    is_apart = f"coalesce(status IN ({listed(words)}), false)"
    mixed = f"SELECT (file, order_id) FROM {raw.table} GROUP BY file, order_id HAVING NOT bool_and({is_apart})"
    rows(
        con,
        f"UPDATE {raw.table} SET order_id = order_id || '{UID_MARK}' || lower(status) "
        f"WHERE {is_apart} AND (file, order_id) IN ({mixed})",
    )


def make_negative(con: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """Give refund amounts their minus, and keep the total of each refund on just one of its lines."""
    if "kind" not in raw.roles:
        return
    words = {plain(word) for word in raw.format.kinds_refund}
    found = [kind for (kind,) in rows(con, f"SELECT DISTINCT kind FROM {raw.table} WHERE kind IS NOT NULL")]
    kinds = [kind for kind in found if plain(kind) in words]
    if not kinds:
        return
    refund = f"kind IN ({listed(kinds)})"
    for role in {"order_total", "line_total"}.intersection(raw.roles):
        rows(
            con,
            f"UPDATE {raw.table} SET {role} = '-' || {role} WHERE {refund} AND NOT regexp_matches({role}, '[-−(]')",
        )
    if {"order_total", "order_id"} <= set(raw.roles):
        note = "file, coalesce(order_id, record::VARCHAR)"
        first = f"SELECT file, min(record) FROM {raw.table} WHERE {refund} GROUP BY {note}"
        rows(con, f"UPDATE {raw.table} SET order_total = NULL WHERE {refund} AND (file, record) NOT IN ({first})")


def with_refunds(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values) -> tuple[Raw, Values]:
    """`raw` and its numbers, plus a column of refunds when only the total after refunds shows them."""
    if "total_after_refunds" not in raw.roles:
        return raw, values
    roles = tuple(role for role in raw.roles if role != "total_after_refunds")
    numbers = {role: sql for role, sql in values.numbers.items() if role != "total_after_refunds"}
    if "order_total" in roles and "refunded" not in roles:
        before, after = values.numbers["order_total"], values.numbers["total_after_refunds"]
        rows(con, f"ALTER TABLE {raw.table} ADD COLUMN refunded VARCHAR")
        rows(
            con,
            f"UPDATE {raw.table} SET refunded = ({before} - {after})::VARCHAR WHERE {after} > 0 AND {after} < {before}",
        )
        roles, numbers = (*roles, "refunded"), numbers | {"refunded": f"try_cast(refunded AS {MONEY})"}
    rows(con, f"ALTER TABLE {raw.table} DROP COLUMN total_after_refunds")
    return replace(raw, roles=roles), replace(values, numbers=numbers)

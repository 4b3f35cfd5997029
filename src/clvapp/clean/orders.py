"""A raw text table -> one row for each order and file, with the order's value, counted once.

In most exports an order's words (who, where, which status) stand on its first row. We read them there, and look further
down only where that row is blank. Its money is summed, or taken once, over all of its rows.
"""

import operator
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import compress

import duckdb

from clvapp.clean.footers import put_sums_aside
from clvapp.clean.lines import (
    Raw,
    cells,
    forget_damaged_ids,
    gives_back,
    key_of,
    make_lines,
    put_odd_rows_aside,
)
from clvapp.clean.marks import MARKS, cancelled, marks
from clvapp.clean.numbers import MONEY
from clvapp.clean.numbers_again import numbers_begin_again, tell_apart_by_uid
from clvapp.clean.once import gift_cards
from clvapp.clean.people import but_nobody, nobody, spell, word_for_nobody
from clvapp.clean.totals import SAME_MONEY, Shape, lines_show_price, shape_of_totals
from clvapp.clean.values import Values, flag
from clvapp.database import listed, literal, quoted, rows
from clvapp.formats.amounts import NO_VALUE

_NOT_CANCELLED = (*NO_VALUE, "0", "no", "false", "not specified")
# A line's value in hundredths, then the earlier line first, as one whole number: threads must not decide ties.
_LINE_ORDER = "(coalesce({line}, 0) * 100)::HUGEINT * 100000000 - record"
_OF_LINES = ("kind", "order_id", "order_uid", "ordered_at", "order_total", "line_total", "quantity", "unit_price",
             "line_cost", "unit_cost", "product", "category", "sku")  # fmt: skip
_COSTS = {"line_cost", "unit_cost"}
ORDER_AMOUNTS = ("discount", "refunded", "charged_back", "shipping", "tax", "outstanding", "paid_amount")
_HEAD = (
    "source INTEGER, file INTEGER, key VARCHAR, record BIGINT, n_rows INTEGER, value DECIMAL(18,4), "
    "returned DECIMAL(18,4), cost DECIMAL(18,4), quantity DECIMAL(18,4), lines INTEGER, adjustment BOOLEAN, "
    "moment TIMESTAMP, accepts_marketing BOOLEAN, captured BOOLEAN, discount DECIMAL(18,4), refunded DECIMAL(18,4), "
    "shipping DECIMAL(18,4), tax DECIMAL(18,4), outstanding DECIMAL(18,4), paid_amount DECIMAL(18,4), "
    "charged_back DECIMAL(18,4), owed BOOLEAN, gift_cards DECIMAL(18,4), "
    f"gift_only BOOLEAN, {', '.join(f'{mark} BOOLEAN' for mark in MARKS)}, "
    "unreadable BOOLEAN DEFAULT false, superseded BOOLEAN DEFAULT false"
)
# Each text column takes memory and time even when it is all blank, so the table only has columns that a file fills.
_TEXTS = ("product", "category", "uid", "email", "customer_number", "name", "phone", "postcode", "nobody", "currency",
          "status", "payment_status", "cancelled_at", "country", "region", "city", "channel")  # fmt: skip


def start(con: duckdb.DuckDBPyConnection) -> None:
    """Make an empty `heads`: a view of `head_rows`, plus the texts that no file has and a `head` number."""
    rows(con, f"CREATE OR REPLACE TABLE head_rows ({_HEAD})")
    _see(con)


def _see(con: duckdb.DuckDBPyConnection) -> None:
    there = {row[0] for row in rows(con, "DESCRIBE head_rows")}
    absent = "".join(f", NULL::VARCHAR AS {name}" for name in _TEXTS if name not in there)
    rows(con, f"CREATE OR REPLACE VIEW heads AS SELECT *, rowid AS head{absent} FROM head_rows")


def heads(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, values: Values) -> Shape:
    """Append the orders of `raw` to the table `heads`, and the rows that belong to no order to `odd_rows`."""
    damaged = forget_damaged_ids(con, raw)
    put_odd_rows_aside(con, source, raw, values)
    put_sums_aside(con, source, raw, values)
    make_lines(con, source, raw, values)
    filled = _filled(con, raw)
    _drop(con, raw, [role for role in raw.roles if role not in filled])
    repeated, again = _sums(con, source, raw), 0
    if "order_uid" in repeated and rows(con, "SELECT count(*) FROM sums WHERE s_uids_differ")[0][0]:
        tell_apart_by_uid(con, raw)
        repeated = _sums(con, source, raw)
    elif again := numbers_begin_again(con, raw, values, filled):
        repeated = _sums(con, source, raw)
    shape = replace(shape_of_totals(con, raw, damaged, repeated), numbers_again=again)
    # Inner numbers only show which orders in several files are the same.
    filled = [role for role in filled if role != "order_uid" or not raw.alone]
    spell(con, raw, filled)
    named_nobody = nobody(con, raw, filled)
    words = _words(con, raw, values, filled=filled, named_nobody=named_nobody)
    columns = _amounts(con, raw, values, shape, repeated=repeated) | {name: sql for name, (_, sql) in words.items()}
    if word := word_for_nobody(named_nobody):
        columns["nobody"] = word
    _join_words(con, source, raw, columns=columns)
    con.execute("DROP TABLE sums")
    _fill_from_further_down(con, source, raw, words)
    _drop(con, raw, filled)
    return shape


def _filled(con: duckdb.DuckDBPyConnection, raw: Raw) -> list[str]:
    """The roles with any filled cell. The first filled cell settles it, so none are counted."""
    first = (f"EXISTS (SELECT 1 FROM {raw.table} WHERE {quoted(role)} IS NOT NULL LIMIT 1)" for role in raw.roles)
    return list(compress(raw.roles, rows(con, f"SELECT {', '.join(first)}")[0]))


# --- money, over all rows of an order ---------------------------------------------------------------------------------


def _sums(con: duckdb.DuckDBPyConnection, source: int, raw: Raw) -> frozenset[str]:
    """Make the table `sums`: one row for each order and file. Its columns are named `s_...`, apart from the raw ones.

    It stays narrow, without the order number, because it is held in memory and joined to each order's first row.

    Returns which of the total and the inner number stand on more than an order's first row. In most exports neither
    does; then there is nothing to compare or add up, and the first row is read later anyway.
    """
    _group(con, source, raw, repeated=frozenset())
    looked_at = [role for role in ("order_total", "order_uid") if role in raw.roles]
    if not looked_at:
        return frozenset()
    first, all_of_them = (cells(con, looked_at, where) for where in (_first_rows(raw), raw.table))
    repeated = frozenset(compress(looked_at, map(operator.lt, first, all_of_them)))
    if repeated:
        _group(con, source, raw, repeated)
    return repeated


def _first_rows(raw: Raw) -> str:
    return f"{raw.table} JOIN sums ON record = s_record" + ("" if raw.alone else " AND file = s_file")


def _group(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, repeated: frozenset[str]) -> None:
    order, given_back = _LINE_ORDER.format(line="line"), gives_back(raw)
    columns = {
        "file": "min(file)",
        "n_rows": "count(*)::INTEGER",
        "record": "min(record)",
        "line_sum": f"try_cast(sum(line) FILTER (NOT coalesce({given_back}, false)) AS {MONEY})",
        "lines_returned": f"try_cast(-sum(line) FILTER ({given_back}) AS {MONEY})",
        "quantity": f"try_cast(sum(quantity) FILTER (quantity > 0) AS {MONEY})",
        "lines": f"(count(line) FILTER (NOT coalesce({given_back}, false)))::INTEGER",
    }
    if raw.format.refund_rows or raw.format.kinds_refund:  # the words are the sale's, wherever the refund stands
        columns["record"] = f"coalesce(min(record) FILTER (NOT coalesce({given_back}, false)), min(record))"
    if {"order_id", "ordered_at"} <= set(raw.roles):
        columns["moments_differ"] = "min(hash(ordered_at)) <> max(hash(ordered_at))"
    if "order_uid" in repeated:
        hashed = "hash(order_uid)) FILTER (order_uid IS NOT NULL)"
        columns["uids_differ"] = f"min({hashed} <> max({hashed}"
    if "order_total" in repeated:
        positive = "FILTER (total >= 0)"
        columns["total"] = f"arg_min(total, record) {positive}"
        columns["totals"] = f"count(total) {positive}"
        columns["totals_differ"] = f"min(total) {positive} <> max(total) {positive}"
        columns["total_sum"] = f"sum(total) {positive}"
        columns["returned"] = "-sum(total) FILTER (total < 0)"
        if lines_show_price(raw):
            columns["totals_of_lines"] = f"count(*) FILTER (total >= 0 AND abs(total - line) <= {SAME_MONEY})"
    if _COSTS.intersection(raw.roles):
        columns["cost"] = f"sum(cost) FILTER (NOT coalesce({given_back}, false))"
    columns |= {role: f"arg_max({role}, {order})" for role in ("product", "category") if role in raw.roles}
    columns |= gift_cards(con, raw)
    select = ", ".join(f"{sql} AS s_{name}" for name, sql in columns.items())
    by = "key" if raw.alone else "file, key"
    rows(con, f"CREATE OR REPLACE TABLE sums AS SELECT {select} FROM lines_{source} GROUP BY {by}")


def _amounts(
    con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, shape: Shape, *, repeated: frozenset[str]
) -> dict[str, str]:
    """SQL for an order's value, what it gave back, and whether it is an adjustment."""
    pattern = raw.format.adjustment_pattern
    adjustment = f"regexp_matches({key_of(raw)}, {literal(pattern)})" if pattern else "false"
    # With lines alone, a document that only takes back has a negative value. Next to a sale it is a refund.
    net = f"s_lines_returned IS NOT NULL AND (s_line_sum IS NULL OR {adjustment})"
    value = f"CASE WHEN {net} THEN coalesce(s_line_sum, 0) - s_lines_returned ELSE s_line_sum END"
    returned = f"CASE WHEN NOT ({net}) THEN s_lines_returned END"
    # A row with a negative total gives money back. Its lines say for what; they are not a sale.
    if "order_total" in repeated:
        total = "s_total_sum" if shape.totals_are_lines else "s_total"
        value = f"CASE WHEN s_total IS NULL AND s_returned IS NOT NULL THEN NULL ELSE coalesce({total}, {value}) END"
        returned = f"CASE WHEN s_total IS NULL AND s_returned IS NULL THEN {returned} ELSE s_returned END"
    elif "order_total" in raw.roles:
        total = values.numbers["order_total"]
        value = f"CASE WHEN {total} < 0 THEN NULL ELSE coalesce({total}, {value}) END"
        returned = f"CASE WHEN {total} IS NULL THEN {returned} WHEN {total} < 0 THEN -{total} END"
    return {"value": value, "returned": returned, "adjustment": adjustment} | _gift_cards(con, value)


def _gift_cards(con: duckdb.DuckDBPyConnection, value: str) -> dict[str, str]:
    """SQL for an order's money for gift cards: all of it where nothing else was sold."""
    if "s_gift_cards" not in {row[0] for row in rows(con, "DESCRIBE sums")}:
        return {}
    return {"gift_cards": f"CASE WHEN s_gift_rows = s_n_rows THEN ({value}) ELSE least(s_gift_cards, {value}) END"}


# --- words, from an order's first row ---------------------------------------------------------------------------------


def _words(
    con: duckdb.DuckDBPyConnection,
    raw: Raw,
    values: Values,
    *,
    filled: Collection[str],
    named_nobody: Mapping[str, Collection[str]],
) -> dict[str, tuple[str, str]]:
    """Column of `heads` -> (the role it comes from, the SQL that reads it from a raw row), for `filled` roles."""
    cell = {role: quoted(role) for role in filled}
    somebody = {role: but_nobody("{}", words) for role, words in named_nobody.items()}
    reads: dict[str, tuple[str, str]] = {
        "moment": ("ordered_at", values.ordered_at),
        "uid": ("order_uid", "{}"),
        "email": (
            "customer_email",
            f"CASE WHEN {{}} LIKE '%_@_%' AND {{}} NOT LIKE '%*%' THEN lower({somebody.get('customer_email')}) END",
        ),
        "customer_number": ("customer_id", f"regexp_replace({somebody.get('customer_id')}, '[.]0$', '')"),
        "name": ("customer_name", f"CASE WHEN {{}} NOT LIKE '%*%' THEN {somebody.get('customer_name')} END"),
        "phone": ("customer_phone", "{}"),
        "postcode": ("postcode", "lower({})"),
        "currency": ("currency", "upper({})"),
        "status": ("status", "{}"),
        "payment_status": ("payment_status", "{}"),
        "cancelled_at": ("cancelled_at", cancelled("{}", listed(_NOT_CANCELLED))),
        "country": ("country", "{}"),
        "region": ("region", "{}"),
        "city": ("city", "{}"),
        "channel": ("channel", "{}"),
        **{role: (role, flag(con, raw.table, role)) for role in ("accepts_marketing", "captured") if role in filled},
        **{role: (role, sql) for role, sql in values.numbers.items() if role in ORDER_AMOUNTS},
        **marks(con, raw, filled),
    }
    return {column: (role, sql.replace("{}", cell[role])) for column, (role, sql) in reads.items() if role in filled}


def _join_words(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, *, columns: Mapping[str, str]) -> None:
    """One row for each order: its sums next to `columns`, its amounts, and the words of its first row."""
    columns = {
        "source": str(source),
        "key": key_of(raw),
        **{name: f"s_{name}" for name in ("file", "record", "n_rows", "quantity", "lines")},
        **{role: f"s_{role}" for role in ("product", "category") if role in raw.roles},
        **({"cost": "s_cost"} if _COSTS.intersection(raw.roles) else {}),
        **columns,
    }
    select = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())
    for name in set(_TEXTS).intersection(columns):
        rows(con, f"ALTER TABLE head_rows ADD COLUMN IF NOT EXISTS {name} VARCHAR")
    rows(con, f"INSERT INTO head_rows BY NAME SELECT {select} FROM {_first_rows(raw)}")
    _see(con)


def _fill_from_further_down(
    con: duckdb.DuckDBPyConnection,
    source: int,
    raw: Raw,
    words: Mapping[str, tuple[str, str]],
) -> None:
    """Take the words that an order's first row leaves blank from a later row that has them."""
    if "order_id" not in raw.roles:
        return
    in_heads = ", ".join(f"count({quoted(column)})" for column in words)
    orders, *filled = rows(con, f"SELECT count(*), {in_heads} FROM heads WHERE source = {source}")[0]
    for (column, (role, sql)), here in zip(words.items(), filled, strict=True):
        if here < orders and cells(con, [role], raw.table)[0] > here:
            found = (
                f"SELECT file, order_id AS key, max({sql}) AS word FROM {raw.table} WHERE {quoted(role)} IS NOT NULL"
            )
            rows(
                con,
                f"UPDATE head_rows SET {quoted(column)} = f.word FROM ({found} AND order_id IN (SELECT key FROM heads "
                f"WHERE source = {source} AND {quoted(column)} IS NULL) GROUP BY ALL) f WHERE head_rows.source = "
                f"{source} AND head_rows.file = f.file AND head_rows.key = f.key AND {quoted(column)} IS NULL",
            )


def _drop(con: duckdb.DuckDBPyConnection, raw: Raw, roles: Iterable[str]) -> None:
    """Release the memory of columns that are blank or already in `heads`: from here on we only need the lines."""
    for role in roles:
        if role not in _OF_LINES:
            rows(con, f"ALTER TABLE {raw.table} DROP COLUMN {quoted(role)}")

"""A raw text table -> its lines, each with the key of its order, and the rows that belong to no order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import duckdb

from clvapp.clean.numbers import MONEY
from clvapp.clean.values import Values
from clvapp.database import literal, quoted, rows
from clvapp.formats.amounts import NO_VALUE
from clvapp.formats.layout import Beside, DateOrder, DecimalSign, Format

BLANK, TOTALS, UNREADABLE = "blank", "totals_or_footer", "unreadable"


TOTALS_WORDS = (
    r"^(?:(?:grand |sub)?totals?\b|summe\b|gesamt|total(?:e|es)?\b|generated |report (?:run|created)|"
    r"(?:[0-9,.]+[ ,])?record\(s\) downloaded|seller id\b)"
)


# Words in the place of an order number that mark a total, even on a row with a date.
_TOTALS_NUMBERS = [f"{word}{end}" for word in ("total", "totals", "grand total", "subtotal", "sub total", "summe",
                   "gesamt", "gesamtsumme", "totale", "totaal") for end in ("", ":")]  # fmt: skip


_DAMAGED_ID = r"^[0-9]+(?:[.,][0-9]+)?E[+][0-9]+$"


ROW_KEY = " row "  # starts the key of a row without an order number; cells are trimmed, so no real number looks like it


UID_MARK = " ~ "  # between an order's number and its inner number, when numbers repeat


# A line that takes money back: it is negative, and not just because a discount stands as a line with its own quantity.
_GIVEN_BACK = "line < 0 AND coalesce(quantity, -1) < 0"


@dataclass(frozen=True)
class Raw:
    """One raw text table: the format of its rows, the roles that have a column, and the owner's own headings.

    `date_order`, `decimal_sign` and `cents` are the owner's answers, for columns that do not settle it themselves.
    `statuses` and `kinds` are the owner's answers about words: folded word -> meaning. `no_statuses` are columns that
    hold no such words.
    """

    table: str
    format: Format
    roles: tuple[str, ...]
    headings: Mapping[str, str]
    date_order: DateOrder | None = None
    decimal_sign: DecimalSign | None = None
    cents: bool | None = None
    proven_order: DateOrder | None = None  # by other dates of the file
    beside: tuple[tuple[Beside, str], ...] = ()  # the companion files, each with its table
    statuses: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    no_statuses: tuple[str, ...] = ()
    alone: bool = False  # whether all rows come from one file, and no other file was given


def cells(con: duckdb.DuckDBPyConnection, roles: Iterable[str], where: str) -> tuple[int, ...]:
    """How many cells of each of `roles` are filled."""
    counts = ", ".join(f"count({quoted(role)})" for role in roles)
    found: tuple[int, ...] = rows(con, f"SELECT {counts} FROM {where}")[0]
    return found


def forget_damaged_ids(con: duckdb.DuckDBPyConnection, raw: Raw) -> int:
    """Blank the order numbers that a spreadsheet turned into 5.7E+17: each stands for many orders. Returns how many."""
    if "order_id" not in raw.roles:
        return 0
    damaged = f"order_id LIKE '%E+%' AND regexp_matches(order_id, {literal(_DAMAGED_ID)})"
    count = int(rows(con, f"SELECT count(*) FROM {raw.table} WHERE {damaged}")[0][0])
    if count:
        rows(con, f"UPDATE {raw.table} SET order_id = NULL WHERE {damaged}")
    return count


def put_odd_rows_aside(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, values: Values) -> None:
    """Set aside rows that are blank, a total or a footer, or that hold money we cannot read.

    A row that has its order's number and its date can only be odd because of its money.
    """
    blank = f"coalesce({', '.join(map(quoted, raw.roles))}) IS NULL"
    anchor = "order_id" if "order_id" in raw.roles else "ordered_at"
    name = raw.headings.get("ordered_at", "").lower()
    again = f"lower(ordered_at) || ' ' LIKE {literal(name + ' %')}" if name else "false"  # its names, in stacked files
    totals = (
        f"({blank} OR {values.ordered_at} IS NULL AND (regexp_matches(lower(first_cell), {literal(TOTALS_WORDS)}) OR "
        f"{again}))"
    )
    listed = ", ".join(map(literal, _TOTALS_NUMBERS))
    is_total = f"lower(order_id) IN ({listed})" if anchor == "order_id" else "false"
    reason = (
        f"CASE WHEN {is_total} THEN '{TOTALS}' "
        f"WHEN {quoted(anchor)} IS NOT NULL AND {values.dated} THEN {_unreadable(raw, values)} "
        f"WHEN {blank} AND first_cell IS NULL THEN '{BLANK}' WHEN {totals} THEN '{TOTALS}' "
        f"ELSE {_unreadable(raw, values)} END"
    )
    rows(
        con,
        f"INSERT INTO odd_rows (source, file, record, reason) SELECT {source}, file, record, reason FROM (SELECT file, "
        f"record, {reason} AS reason FROM {raw.table} {_others(con, source)}) WHERE reason IS NOT NULL",
    )


def _others(con: duckdb.DuckDBPyConnection, source: int, but: str = "''") -> str:
    """SQL that keeps only the rows that have no reason yet, or have the reason `but`."""
    odd = f"SELECT (file, record) FROM odd_rows WHERE source = {source} AND reason <> {but}"
    return f"WHERE (file, record) NOT IN ({odd})" if rows(con, f"SELECT count(*) FROM ({odd})")[0][0] else ""


def _unreadable(raw: Raw, values: Values) -> str:
    """The reason for a cell that should hold money or a quantity, is not empty, and is not a readable number."""
    amounts = ("order_total", "line_total", "quantity", "unit_price", "refunded")
    empty = ", ".join(literal(word) for word in NO_VALUE)
    tests = [
        f"WHEN {quoted(role)} IS NOT NULL AND {values.numbers[role]} IS NULL AND lower({quoted(role)}) NOT IN "
        f"({empty}) THEN '{UNREADABLE}'"
        for role in amounts
        if role in values.unreadable
    ]
    return f"CASE {' '.join(tests)} END" if tests else "NULL"


def make_lines(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, values: Values) -> None:
    """Make the view `lines_N`: the rows of `raw` that belong to orders, with their numbers typed."""
    has = set(raw.roles)

    def number(role: str) -> str:
        return values.numbers.get(role, f"NULL::{MONEY}")

    def of_pieces(role: str, piece: str) -> str:
        if role in has or not {"quantity", piece} <= has:
            return number(role)
        # Decimals this wide overflow when multiplied. For amounts of money, doubles are exact to the fourth place.
        return f"try_cast({number('quantity')}::DOUBLE * {number(piece)}::DOUBLE AS {MONEY})"

    line, cost = of_pieces("line_total", "unit_price"), of_pieces("line_cost", "unit_cost")
    words = ", ".join(
        f"{quoted(role) if role in has else 'NULL::VARCHAR'} AS {role}"
        for role in ("order_uid", "ordered_at", "product", "category", "sku")
    ) + (", gives_back" if gives_back(raw) == "gives_back" else "")
    where = _others(con, source, f"'{UNREADABLE}'")
    rows(
        con,
        f"CREATE OR REPLACE VIEW lines_{source} AS SELECT file, record, {key_of(raw)} AS key, "
        f"{number('order_total')} AS total, {line} AS line, {cost} AS cost, "
        f"{number('quantity')} AS quantity, {words} FROM {raw.table} {where}",
    )


def key_of(raw: Raw) -> str:
    """SQL for what tells the orders of a file apart: the order number, or else the row."""
    row = f"'{ROW_KEY}' || record::VARCHAR"
    return f"coalesce(order_id, {row})" if "order_id" in raw.roles else row


def gives_back(raw: Raw) -> str:
    """SQL for whether a row takes money back. In a table with several kinds of rows, a column says so."""
    if raw.format.kinds_sale and "kind" in raw.roles:
        return "gives_back"
    return "coalesce(total, line) < 0" if raw.format.refund_rows else _GIVEN_BACK

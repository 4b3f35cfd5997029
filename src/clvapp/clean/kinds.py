"""Rows of several kinds -> the orders and their lines, the refunds, and the rows that are not sales.

Lists of payments mix sales with refunds, fees, transfers and the shop's own purchases. The format says which words
mean which. We leave out a word that it does not know, name it, and never guess.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb

from clvapp.clean.lines import Raw
from clvapp.clean.prepare import make_negative
from clvapp.clean.reasons import NOT_SALE, UNKNOWN_KIND
from clvapp.clean.statuses import MOST_ASKED
from clvapp.clean.values import Values
from clvapp.database import listed, literal, quoted, rows
from clvapp.formats import FALLBACK, words
from clvapp.formats.layout import plain
from clvapp.problems import KindsUnknown, NoSales, UnknownWord

_SHOWN = 5


@dataclass(frozen=True)
class _Row:
    """SQL for one raw table: a row's amount, and whether its kind is a sale, a refund, or known at all."""

    amount: str
    sells: str
    gives_back: str
    known: str
    pieces: str
    price: str = ""  # of one piece, where pieces times price are all the money there is: one minus is enough


def sort_out(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, values: Values) -> tuple[str, ...]:
    """Put the rows of `raw` that are neither sale nor refund into `odd_rows`, and tie each refund to its sale.

    A no-op for a format without kinds. Afterwards a refund row has its sale's number, the buyer as its customer, and
    a negative quantity. Returns the kinds that the format does not know. Raises `NoSales`.
    """
    if not raw.format.kinds_sale or "kind" not in raw.roles:
        return ()
    cells = [cell for (cell,) in rows(con, f"SELECT DISTINCT kind FROM {raw.table} WHERE kind IS NOT NULL")]
    sales, refunds, others = (
        _among(cells, words) for words in (raw.format.kinds_sale, raw.format.kinds_refund, raw.format.kinds_not_sale)
    )
    amount = values.numbers.get("line_total", values.numbers.get("order_total", "NULL"))
    moved = f"NOT coalesce({_is('moved', _moved_nothing(con, raw))}, false)"
    row = _Row(
        amount, f"({_is('kind', sales)} AND {moved})", f"({_is('kind', refunds)} AND {moved})",
        _is("kind", (*sales, *refunds, *others)), values.numbers.get("quantity", "NULL"),
        values.numbers.get("unit_price", "") if amount == "NULL" else "",
    )  # fmt: skip
    _tie_refunds(con, raw, row)
    _set_aside(con, source, raw, row, dated=values.dated)
    _refuse_without_sales(con, source, raw, row)
    return _unknown(con, source, raw)


def lent(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, *, ask: bool) -> Raw:
    """`raw` of a format without kinds of its own, with those that its column of kinds holds, and refunds negative.

    Raises `KindsUnknown`, unless we shall not `ask`. A column without any sale among its words holds no kinds.
    """
    if raw.format.kinds_sale or "kind" not in raw.roles:
        return raw
    cells = rows(con, f"SELECT DISTINCT kind FROM {raw.table} WHERE kind IS NOT NULL ORDER BY kind LIMIT 5000")
    judged = _without_payments(con, raw, values, _as_lines(con, raw, values, _judged(raw, [cell for (cell,) in cells])))
    if "refund" in judged and not {"sale", None} & judged.keys():  # of what, if nothing was sold?
        others = [cell for kind, said in judged.items() if kind != "refund" for cell in said
                  if words.folded(cell) not in raw.kinds]  # fmt: skip
        judged = {"refund": judged["refund"], **({None: others} if others else {})}
    if not {"sale", None} & judged.keys() or len(judged.get(None, ())) > MOST_ASKED:
        rows(con, f"ALTER TABLE {raw.table} DROP COLUMN kind")
        return replace(raw, roles=tuple(role for role in raw.roles if role != "kind"))
    if ask and None in judged:
        raise KindsUnknown(raw.headings["kind"], _asked(con, raw, values, judged[None]), words.KINDS)
    sales = (*judged.get("sale", ()), *judged.get(None, ()))
    rows(con, f"UPDATE {raw.table} SET kind = {literal(sales[0])} WHERE kind IS NULL")
    own = replace(
        raw.format,
        kinds_sale=sales,
        kinds_refund=tuple(judged.get("refund", ())),
        kinds_not_sale=tuple(cell for kind in ("fee", "tip", "payout", "none") for cell in judged.get(kind, ())),
    )
    found = replace(raw, format=own)
    make_negative(con, found)
    return found


def _judged(raw: Raw, cells: Sequence[str]) -> dict[str | None, list[str]]:
    """What each cell says, None where nobody knows.

    A word that only begins like a sale is not known beside that sale, or beside a strange word: "Factura" and "Factura
    rectificativa" are no two words for the same.
    """
    said = {cell: raw.kinds.get(words.folded(cell)) or words.kind_of(cell) for cell in cells}
    plainly = {words.folded(cell) for cell in cells if said[cell] == "sale"}
    judged: dict[str | None, list[str]] = {}
    for cell, kind in said.items():
        text = words.folded(cell)
        open_too = None in said.values() or any(text.startswith(one) and text != one for one in plainly)
        only_begins = kind == "sale" and not words.is_kind(cell) and text not in raw.kinds
        judged.setdefault(None if only_begins and open_too else kind, []).append(cell)
    return judged


def _as_lines(
    con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, judged: dict[str | None, list[str]]
) -> dict[str | None, list[str]]:
    """`judged`, with lines of orders as sales. What adds a discount or may hold other lines once more is not known."""
    off = judged.get("discount", [])
    amount = values.numbers.get("line_total", values.numbers.get("unit_price", "NULL"))
    adds = f"SELECT EXISTS (SELECT 1 FROM {raw.table} WHERE kind IN ({listed(off)}) AND {amount} > 0)" if off else ""
    asked = [*judged.get("doubled", []), *(off if adds and rows(con, adds)[0][0] else [])]
    sales = [*judged.get("sale", []), *judged.get("line", []), *(cell for cell in off if cell not in asked)]
    rest = {kind: cells for kind, cells in judged.items() if kind not in {"sale", None, *words.OF_LINES}}
    unknown = [*judged.get(None, []), *asked]
    return rest | ({"sale": sales} if sales else {}) | ({None: unknown} if unknown else {})


def _without_payments(
    con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, judged: dict[str | None, list[str]]
) -> dict[str | None, list[str]]:
    """Payments beside invoices are no sales of their own: they settle those, or nobody knows where they are more."""
    by = {
        side: [
            cell
            for cell in judged.get("sale", ())
            if words.sale_of(cell) == side and words.folded(cell) not in raw.kinds
        ]
        for side in ("billed", "settled")
    }
    if not all(by.values()):
        return judged
    amount = _paid(values)
    billed, settled = (
        float(rows(con, f"SELECT coalesce(sum({amount}), 0) FROM {raw.table} WHERE kind IN ({listed(cells)})")[0][0])
        for cells in by.values()
    )
    left = [cell for cell in judged["sale"] if cell not in by["settled"]]
    meaning = "payout" if settled <= billed + 0.005 else None
    return {**judged, "sale": left, meaning: [*judged.get(meaning, ()), *by["settled"]]}


def _paid(values: Values) -> str:
    """SQL for the money of a row: its order's, or else its line's."""
    return values.numbers.get("order_total", values.numbers.get("line_total", "NULL"))


def _asked(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, unknown: Sequence[str]) -> tuple[UnknownWord, ...]:
    """Each word with its rows, their money, and the numbers of the first ones."""
    amount = _paid(values)
    number = "coalesce(order_id, 'row ' || record)" if "order_id" in raw.roles else "'row ' || record"
    found = rows(con, f"SELECT kind, count(*), coalesce(sum({amount}), 0)::DOUBLE, list({number} ORDER BY record)[:3] "
                      f"FROM {raw.table} WHERE kind IN ({listed(unknown)}) GROUP BY ALL ORDER BY 2 DESC")  # fmt: skip
    return tuple(UnknownWord(word, count, money, tuple(first)) for word, count, money, first in found)


def _among(cells: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
    listed_words = {plain(word) for word in words}
    return tuple(sorted(cell for cell in cells if plain(cell) in listed_words))


def _is(role: str, cells: Sequence[str]) -> str:
    return f"{quoted(role)} IN ({listed(cells)})" if cells else "false"


def _moved_nothing(con: duckdb.DuckDBPyConnection, raw: Raw) -> tuple[str, ...]:
    if "moved" not in raw.roles or not raw.format.moved_nothing:
        return ()
    found = rows(con, f"SELECT DISTINCT moved FROM {raw.table} WHERE moved IS NOT NULL")
    return _among([cell for (cell,) in found], raw.format.moved_nothing)


def _tie_refunds(con: duckdb.DuckDBPyConnection, raw: Raw, row: _Row) -> None:
    """Give each refund row its sale's number, the buyer it went to, and a negative quantity."""
    rows(con, f"ALTER TABLE {raw.table} ADD COLUMN gives_back BOOLEAN")
    rows(con, f"UPDATE {raw.table} SET gives_back = coalesce({row.gives_back}, false)")
    has = set(raw.roles)
    changes: dict[str, str] = {}
    if {"order_id", "refers_to"} <= has:
        told = f"FROM {raw.table} WHERE gives_back AND refers_to IS NOT NULL AND order_id IS NOT NULL GROUP BY order_id"
        rows(con, f"CREATE OR REPLACE TEMP TABLE refers AS SELECT order_id AS refund, min(refers_to) AS sale {told}")
        changes["order_id"] = "coalesce((SELECT sale FROM refers WHERE refund = refers_to), refers_to, order_id)"
    if "refunded_to" in raw.format.roles and "customer_email" in has:
        changes["customer_email"] = "refunded_to" if "refunded_to" in has else "NULL"
    if "quantity" in has:
        positive = f"{row.pieces} > 0" + (f" AND NOT coalesce({row.price} < 0, false)" if row.price else "")
        changes["quantity"] = f"CASE WHEN {positive} THEN '-' || quantity ELSE quantity END"
    if changes:
        sets = ", ".join(f"{role} = {sql}" for role, sql in changes.items())
        rows(con, f"UPDATE {raw.table} SET {sets} WHERE gives_back")
    if raw.format.numbered_by_kind and "order_id" in has:
        rows(con, f"UPDATE {raw.table} SET order_id = kind || ' ' || order_id WHERE kind IS NOT NULL")


def _set_aside(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, row: _Row, *, dated: str) -> None:
    """Set aside rows of other kinds, money that the shop itself paid, and money back from the shop's own purchases.

    A negative row of a sale is a discount when other rows of its order are positive. A positive row of a refund
    corrects a refund when its sale is there.
    """
    number = "order_id" if "order_id" in raw.roles else "NULL::VARCHAR"
    sold = f"(SELECT {number} FROM {raw.table} WHERE {row.sells} AND {row.amount} > 0 AND {number} IS NOT NULL)"
    bought = (
        "false"
        if raw.format.key == FALLBACK
        # only a known export also holds what the shop bought
        else (
            f"({row.sells} AND {row.amount} < 0 OR gives_back AND {row.amount} > 0) "
            f"AND ({number} IS NULL OR {number} NOT IN {sold})"
        )
    )
    reason = (
        f"CASE WHEN {bought} THEN '{NOT_SALE}' WHEN {row.sells} OR gives_back THEN NULL "
        f"WHEN {row.known} THEN '{NOT_SALE}' WHEN kind IS NOT NULL OR {dated} THEN '{UNKNOWN_KIND}' END"
    )
    rows(
        con,
        f"INSERT INTO odd_rows BY NAME SELECT {source} AS source, file, record, reason, money FROM (SELECT file, "
        f"record, {reason} AS reason, {row.amount} AS money FROM {raw.table} WHERE (file, record) NOT IN "
        f"(SELECT (file, record) FROM odd_rows WHERE source = {source})) WHERE reason IS NOT NULL",
    )


def _unknown(con: duckdb.DuckDBPyConnection, source: int, raw: Raw) -> tuple[str, ...]:
    """The kinds of the rows that were left out for their kind."""
    odd = f"SELECT (file, record) FROM odd_rows WHERE source = {source} AND reason = '{UNKNOWN_KIND}'"
    found = rows(con, f"SELECT DISTINCT coalesce(kind, '') FROM {raw.table} WHERE (file, record) IN ({odd}) ORDER BY 1")
    return tuple(kind for (kind,) in found)


def _refuse_without_sales(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, row: _Row) -> None:
    """Raises `NoSales` when there are rows but not one is a sale or a refund."""
    odd = f"(SELECT (file, record) FROM odd_rows WHERE source = {source})"
    left = f"({row.sells} OR gives_back) AND (file, record) NOT IN {odd}"
    if raw.format.key == FALLBACK:
        return
    found, several = rows(con, f"SELECT count(*), count(*) FILTER ({left}) FROM {raw.table} WHERE kind IS NOT NULL")[0]
    if not found or several:
        return
    commonest = rows(con, f"SELECT kind, count(*) FROM {raw.table} WHERE kind IS NOT NULL GROUP BY kind "
                          f"ORDER BY count(*) DESC, kind LIMIT {_SHOWN}")  # fmt: skip
    kinds = ", ".join(f"'{kind}'" for kind, _ in commonest)
    raise NoSales(raw.format.name, found, kinds, hint=raw.format.without_sales, menu_path=raw.format.menu_path)

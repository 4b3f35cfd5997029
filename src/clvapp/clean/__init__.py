"""Raw text tables -> orders, each counted once, and every row left out with its reason.

`load` reads the text once: one row an order and file (`heads`). `orders` applies the owner's settings to that, without
reading the text again: one row an order that counts (`orders`), money that moved without an order (`adjustments`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from clvapp.clean import refunds
from clvapp.clean.orders import ROW_KEY, UID_MARK, UNREADABLE, Raw, Shape, heads, start
from clvapp.clean.reasons import REASONS, Statuses, has_status, listed, reason, statuses
from clvapp.clean.values import DateOrder, DecimalSign, values
from clvapp.engine import literal, rows
from clvapp.problems import NoDateReadable, NoOrderCounts

__all__ = ["REASONS", "Cleaned", "Loaded", "Raw", "left_out_rows", "load", "orders"]


@dataclass(frozen=True)
class Loaded:
    """What was read: the raw tables and how their text was understood."""

    raws: tuple[Raw, ...]
    shapes: tuple[Shape, ...]
    date_order: DateOrder | None
    rows_in: int
    rows_ragged: int
    doubled_orders: int
    changed_orders: int


@dataclass(frozen=True)
class Cleaned:
    """What counts. `report`: one row a reason with `reason`, `label`, `rows`, `orders`, `money`.

    `currencies`: one row a currency with `currency`, `orders`, `value`; `currency` is the one analysed.
    Money is in that currency; rows are the file's rows, refunds and adjustments among the used ones.
    """

    rows_in: int
    rows_used: int
    report: pd.DataFrame
    currency: str | None
    currencies: pd.DataFrame
    orders: int
    refund_documents: int
    refund_documents_linked: int
    pending_orders: int
    not_attributable_rows: int
    not_attributable_orders: int
    not_attributable_revenue: float
    weak_identities: int
    marked_refunded: int
    findings: tuple[str, ...]


def load(
    con: duckdb.DuckDBPyConnection,
    raws: Sequence[Raw],
    *,
    rows_in: int,
    rows_ragged: int = 0,
    date_order: DateOrder | None = None,
    decimal_sign: DecimalSign | None = None,
) -> Loaded:
    """Understand the text of `raws`: makes `heads`, `odd_rows`, `links`, and a view `lines_N` for each raw table.

    `heads` is a view of the table `head_rows`, with the columns that no file has.

    Raises a `Question` where a whole column leaves its reading open, a `Problem` where no date can be read.
    """
    start(con)
    rows(con, "CREATE OR REPLACE TABLE odd_rows (source INTEGER, file INTEGER, record BIGINT, reason VARCHAR)")
    shapes, orders_of_dates = [], []
    for source, raw in enumerate(raws):
        understood = values(
            con, raw.table, raw.roles, date_order=date_order, decimal_sign=decimal_sign,
            heading=raw.headings.get("ordered_at", "date"),
        )  # fmt: skip
        shapes.append(heads(con, source, raw, understood))
        orders_of_dates.append(understood.date_order)
        _refuse_without_dates(con, source, raw)
    _mark_unreadable(con)
    doubled, changed = _mark_superseded(con, raws)
    refunds.link(con, len(raws))
    return Loaded(
        tuple(raws), tuple(shapes), next((order for order in orders_of_dates if order), None), rows_in, rows_ragged,
        doubled, changed,
    )  # fmt: skip


def _refuse_without_dates(con: duckdb.DuckDBPyConnection, source: int, raw: Raw) -> None:
    found, readable = rows(con, f"SELECT count(*), count(moment) FROM heads WHERE source = {source}")[0]
    if found and not readable:
        example = rows(con, f"SELECT min(ordered_at) FROM {raw.table}")[0][0]
        raise NoDateReadable(raw.headings.get("ordered_at", "date"), example or "")


def _mark_unreadable(con: duckdb.DuckDBPyConnection) -> None:
    """An order with one unreadable row cannot be counted right: all of it is left out."""
    for (source,) in rows(con, f"SELECT DISTINCT source FROM odd_rows WHERE reason = '{UNREADABLE}'"):
        rows(
            con,
            f"UPDATE head_rows SET unreadable = true WHERE source = {source} AND (file, key) IN (SELECT (l.file, l.key) "
            f"FROM lines_{source} l JOIN odd_rows o ON o.source = {source} AND o.file = l.file AND o.record = l.record "
            f"WHERE o.reason = '{UNREADABLE}')",
        )


def _mark_superseded(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> tuple[int, int]:
    """Mark the older states of orders that stand in several files.

    The newest state is of the file whose last order is later, else of the one given later. Rows that only give money
    back are another document about the order, not an older state of it, unless the newest file spans their day and has
    a refund too.
    Returns how many orders stood in several files, and how many of them differed.
    """
    if rows(con, "SELECT count(DISTINCT file) FROM heads")[0][0] < 2:
        return 0, 0
    shops = ", ".join(f"({i}, {literal(raw.format.key)})" for i, raw in enumerate(raws))
    rows(
        con,
        f"""CREATE OR REPLACE TEMP TABLE states AS WITH shops(source, shop) AS (VALUES {shops}),
        files AS (SELECT file, min(moment) AS earliest, max(moment) AS latest FROM heads GROUP BY file),
        states AS (SELECT h.source, h.file, h.key, shop, coalesce(h.uid, h.key) AS identity, earliest, latest, moment,
            value, refunded, status, returned, coalesce(returned, 0) = 0 AND coalesce(value, 0) >= 0 OR value > 0 AS sale
            FROM heads h JOIN files USING (file) JOIN shops USING (source)
            WHERE h.key NOT LIKE '{ROW_KEY}%' OR h.uid IS NOT NULL)
        SELECT *, row_number() OVER (PARTITION BY shop, identity ORDER BY sale DESC, latest DESC, file DESC) AS place
        FROM states""",
    )
    rows(
        con,
        """UPDATE head_rows SET superseded = true FROM (
            SELECT s.source, s.file, s.key FROM states s JOIN states n ON n.shop = s.shop AND n.identity = s.identity
            AND n.place = 1 WHERE s.place > 1 AND (s.sale OR coalesce(s.moment BETWEEN n.earliest AND n.latest, true)
                AND (coalesce(n.returned, 0) > 0 OR NOT n.sale))) o
        WHERE head_rows.source = o.source AND head_rows.file = o.file AND head_rows.key = o.key""",
    )
    doubled, changed = rows(
        con,
        "SELECT count(*), count(*) FILTER (versions > 1) FROM (SELECT shop, identity, count(DISTINCT (value, "
        "coalesce(refunded, 0), coalesce(status, ''))) AS versions FROM states WHERE sale GROUP BY ALL HAVING count(*) > 1)",
    )[0]
    return doubled, changed


# --- what counts, by the owner's settings ---------------------------------------------------------------------------------


def orders(
    con: duckdb.DuckDBPyConnection,
    loaded: Loaded,
    *,
    currency: str | None = None,
    count_shipping: bool = True,
    count_tax: bool = True,
    count_pending: bool = False,
) -> Cleaned:
    """Make the tables `orders` and `adjustments` under the owner's settings. Raises `NoOrderCounts`."""
    by_status = statuses(con, loaded.raws)
    currencies = _currencies(con)
    main = currency.strip().upper() if currency else (str(currencies["currency"].iloc[0]) if len(currencies) else None)
    analysed = main if len(currencies) else None
    why = reason(loaded.raws, by_status, currency=analysed, count_pending=count_pending)
    who = _customer_id(loaded.raws)
    marked = has_status({source: found.refunded for source, found in by_status.items()})
    rows(
        con,
        f"CREATE OR REPLACE VIEW judged AS SELECT h.*, {who} AS customer_id, {why} AS reason, {marked} AS marked_refunded "
        "FROM heads h",
    )
    report = _report(con, loaded)
    left_out = int(report["rows"].sum())
    kept = _kept(count_shipping=count_shipping, count_tax=count_tax)
    _make_orders(con, kept)
    _make_adjustments(con, kept)
    counted = rows(con, "SELECT count(*) FROM orders")[0][0]
    if not counted:
        reasons = "; ".join(
            f"{label.lower()}: {count:,}" for label, count in zip(report["label"], report["rows"], strict=True)
        )
        otherwise = "they only give money back" if loaded.rows_in else "below the column names the file is empty"
        raise NoOrderCounts(loaded.rows_in, reasons or otherwise)
    figures = _figures(con, by_status)
    return Cleaned(
        rows_in=loaded.rows_in, rows_used=loaded.rows_in - left_out, report=report, currency=main,
        currencies=currencies, orders=counted, findings=_findings(loaded, currencies, main, figures), **figures,
    )  # fmt: skip


def _currencies(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return con.execute(
        "SELECT currency, count(*) AS orders, sum(value)::DOUBLE AS value FROM heads "
        "WHERE currency IS NOT NULL AND value > 0 AND NOT superseded GROUP BY currency ORDER BY orders DESC, currency"
    ).df()


def _customer_id(raws: Sequence[Raw]) -> str:
    """SQL for what tells customers apart: e-mail; else the shop's number; else name with postcode; else the name."""
    number = "h.customer_number"
    if len({raw.format.key for raw in raws}) > 1:  # two shops give the same number to different people
        shop = " ".join(f"WHEN {i} THEN {literal(raw.format.name)}" for i, raw in enumerate(raws))
        number = f"(CASE h.source {shop} END || ' ' || h.customer_number)"
    name = "lower(h.name)"
    return f"coalesce(h.email, {number}, {name} || ', ' || h.postcode, {name})"


def _report(con: duckdb.DuckDBPyConnection, loaded: Loaded) -> pd.DataFrame:
    """One row a reason that holds for anything, in the order of the reasons."""
    found = {
        row[0]: row[1:]
        for row in rows(
            con,
            "SELECT reason, sum(n_rows), count(*), coalesce(sum(value), 0)::DOUBLE FROM judged "
            f"WHERE reason IS NOT NULL GROUP BY reason UNION ALL SELECT reason, count(*), 0, 0 FROM odd_rows "
            f"WHERE reason <> '{UNREADABLE}' GROUP BY reason",
        )
    }
    if loaded.rows_ragged:
        unreadable = found.get(UNREADABLE, (0, 0, 0.0))
        found[UNREADABLE] = (unreadable[0] + loaded.rows_ragged, *unreadable[1:])
    report = [(reason, label, *found[reason]) for reason, label in REASONS.items() if reason in found]
    frame = pd.DataFrame(report, columns=["reason", "label", "rows", "orders", "money"])
    return frame.astype({"rows": "int64", "orders": "int64", "money": "float64"})


def _kept(*, count_shipping: bool, count_tax: bool) -> str:
    """SQL for the share of what the customer paid that counts as revenue; a refund gives back the same share."""
    excluded = [*([] if count_shipping else ["shipping"]), *([] if count_tax else ["tax"])]
    if not excluded:
        return "1"
    amount = " - ".join(["value", *(f"coalesce({name}, 0)" for name in excluded)])
    return f"coalesce((greatest({amount}, 0) / nullif(value, 0))::DOUBLE, 1)"


# A document that only gives money back: a cancellation invoice, or a refund row without its sale in the same file.
_REFUND = "{0}reason IS NULL AND NOT {0}adjustment AND ({0}value < 0 OR coalesce({0}value, 0) = 0 AND {0}returned > 0)"
_IS_REFUND = _REFUND.format("")
# Its sale, under the same number in another file.
_SALE = (
    f"s.source = d.source AND s.key = d.key AND s.file <> d.file AND s.reason IS NULL AND s.value > 0 AND NOT s.adjustment "
    f"AND d.key NOT LIKE '{ROW_KEY}%'"
)


# What was given back on a sale; all of it where the status says so and no amount does.
_KNOWN_BACK = "coalesce(refunded, 0) + coalesce(returned, 0) + coalesce(amount, 0)"
_GIVEN_BACK = f"CASE WHEN marked_refunded AND {_KNOWN_BACK} = 0 THEN value ELSE {_KNOWN_BACK} END"


_IS_ORDER = "reason IS NULL AND NOT adjustment AND value > 0"
# Sorted without the orders' words, which would be carried along: joined to them, it takes two thirds of the time.
_PLACES = (
    "SELECT source, file, record, row_number() OVER (PARTITION BY customer_id ORDER BY moment, source, file, record) "
    f"AS place FROM judged WHERE {_IS_ORDER}"
)


def _make_orders(con: duckdb.DuckDBPyConnection, kept: str) -> None:
    """One row a paid order. A refund document with its sale's number, or linked line by line, reduces that sale."""
    rows(
        con,
        f"""CREATE OR REPLACE TEMP TABLE given_back AS
        SELECT sale_source AS source, sale_file AS file, sale_key AS key, sum(amount) AS amount FROM links l
            WHERE (l.source, l.file, l.key) IN (SELECT (source, file, key) FROM judged WHERE {_IS_REFUND}) GROUP BY ALL
        UNION ALL SELECT s.source, s.file, s.key, sum(coalesce(d.returned, -d.value)) FROM judged d JOIN judged s
            ON {_SALE} WHERE {_REFUND.format("d.")} GROUP BY ALL""",
    )
    back = f"({_GIVEN_BACK})"
    rows(
        con,
        f"""CREATE OR REPLACE TABLE orders AS
        SELECT trim(split_part(key, '{UID_MARK}', 1)) AS order_id, customer_id, moment::DATE - DATE '1970-01-01' AS day,
            (year(moment) - 1970) * 12 + month(moment) - 1 AS month,
            CASE WHEN customer_id IS NOT NULL THEN place END::INTEGER AS rank,
            {_money(f"value * {kept}")} AS value, {_money(f"({back}) * {kept}")} AS refunded,
            {_money(f"(value - ({back})) * {kept}")} AS revenue,
            quantity::DOUBLE AS quantity, lines::INTEGER AS lines, coalesce(discount, 0)::DOUBLE AS discount,
            product, category, country, region, city, channel, accepts_marketing, moment, email, customer_number, name,
            marked_refunded AND {_KNOWN_BACK} = 0 AS marked_refunded
        FROM judged JOIN ({_PLACES}) USING (source, file, record) LEFT JOIN
            (SELECT source, file, key, sum(amount) AS amount FROM given_back GROUP BY ALL) b USING (source, file, key)
        WHERE {_IS_ORDER}""",
    )


def _money(sql: str) -> str:
    return f"({sql})::DECIMAL(18,4)"


def _make_adjustments(con: duckdb.DuckDBPyConnection, kept: str) -> None:
    """Money that moved without an order of its own: refunds whose sale is unknown, corrections such as a bad debt."""
    rows(
        con,
        f"""CREATE OR REPLACE TABLE adjustments AS
        WITH linked AS (SELECT source, file, key, sum(amount) AS amount FROM links GROUP BY ALL),
        documents AS (SELECT d.*, coalesce(returned, -value) - coalesce(amount, 0) AS rest FROM judged d
            LEFT JOIN linked USING (source, file, key) WHERE {_IS_REFUND}
            AND NOT EXISTS (SELECT 1 FROM judged s WHERE {_SALE})),
        moved AS (SELECT *, -rest AS money, 'refund' AS kind FROM documents WHERE rest > 0
            UNION ALL BY NAME SELECT *, value AS money, 'adjustment' AS kind FROM judged WHERE reason IS NULL AND adjustment)
        SELECT customer_id, moment::DATE - DATE '1970-01-01' AS day,
            (year(moment) - 1970) * 12 + month(moment) - 1 AS month, {_money(f"money * {kept}")} AS revenue, kind
        FROM moved""",
    )


def _figures(con: duckdb.DuckDBPyConnection, by_status: Mapping[int, Statuses]) -> dict[str, Any]:
    documents, linked = rows(
        con,
        f"SELECT count(*), count(*) FILTER ((source, file, key) IN (SELECT (source, file, key) FROM links) OR "
        f"EXISTS (SELECT 1 FROM judged s WHERE {_SALE})) FROM judged d WHERE {_IS_REFUND}",
    )[0]
    unknown, in_rows = rows(
        con,
        "SELECT count(*) FILTER (value > 0 AND NOT adjustment), coalesce(sum(n_rows), 0) FROM judged "
        "WHERE reason IS NULL AND customer_id IS NULL",
    )[0]
    revenue = rows(
        con,
        "SELECT coalesce(sum(revenue), 0)::DOUBLE FROM (SELECT revenue FROM orders WHERE customer_id IS NULL "
        "UNION ALL SELECT revenue FROM adjustments WHERE customer_id IS NULL)",
    )[0][0]
    weak = rows(con, "SELECT count(DISTINCT customer_id) FROM judged WHERE reason IS NULL AND email IS NULL AND "
                     "customer_number IS NULL AND postcode IS NULL AND name IS NOT NULL")[0][0]  # fmt: skip
    marked = rows(con, "SELECT count(*) FROM orders o WHERE o.marked_refunded")[0][0]
    waiting = {status for found in by_status.values() for status in found.pending}
    pending = rows(con, f"SELECT count(*) FROM heads WHERE status IN ({listed(waiting)})")[0][0] if waiting else 0
    return {
        "refund_documents": documents, "refund_documents_linked": linked, "pending_orders": pending,
        "not_attributable_rows": int(in_rows), "not_attributable_orders": unknown,
        "not_attributable_revenue": revenue, "weak_identities": weak, "marked_refunded": marked,
    }  # fmt: skip


def _findings(loaded: Loaded, currencies: pd.DataFrame, main: str | None, figures: Mapping[str, Any]) -> tuple[str, ...]:
    """What the owner should know about the reading, a sentence each."""
    found = []
    if loaded.doubled_orders:
        found.append(
            f"{loaded.doubled_orders:,} orders stand in more than one file; the newest state of each was used, and "
            f"{loaded.changed_orders:,} of them had changed."
        )
    if damaged := sum(shape.damaged_ids for shape in loaded.shapes):
        found.append(
            f"{damaged:,} order numbers were destroyed by a spreadsheet (they read like 5.7E+17); each of these rows was "
            "taken as an order of its own. Load the export without opening it in a spreadsheet first."
        )
    if any(shape.totals_are_lines for shape in loaded.shapes):
        found.append("The totals differ between the rows of one order, so they were read as totals of lines and added up.")
    elif differ := sum(shape.totals_differ for shape in loaded.shapes):
        found.append(f"{differ:,} orders have different totals on their rows; the first one of each was used.")
    if figures["marked_refunded"]:
        found.append(
            f"{figures['marked_refunded']:,} orders are marked as refunded and no amount is given: all of their money was "
            "taken as given back."
        )
    if len(currencies) > 1:
        others = ", ".join(f"{row.currency} ({row.orders:,} orders)" for row in currencies.itertuples() if row.currency != main)
        found.append(f"Only orders in {main} are analysed; left out: {others}. Currencies are never added up.")
    if figures["weak_identities"]:
        found.append(
            f"{figures['weak_identities']:,} customers are known by their name alone: two people with one name count as one."
        )
    if figures["pending_orders"]:
        found.append(f"{figures['pending_orders']:,} orders wait for their money; a setting says whether they count.")
    unlinked = figures["refund_documents"] - figures["refund_documents_linked"]
    if unlinked and figures["refund_documents"]:
        found.append(
            f"{figures['refund_documents']:,} refunds stand on documents of their own; {figures['refund_documents_linked']:,} "
            "were matched to the sale they take back, the others count on their own day."
        )
    return tuple(found)


def left_out_rows(con: duckdb.DuckDBPyConnection, loaded: Loaded) -> pd.DataFrame:
    """Every row left out: `file` (position), `row`, `reason`, `label`, `order_id`, `money` (the order's), first cell."""
    parts = []
    for source, raw in enumerate(loaded.raws):
        odd = f"SELECT file, record, reason, NULL AS order_id, NULL AS money FROM odd_rows WHERE source = {source} AND reason <> '{UNREADABLE}'"
        judged = (
            f"SELECT l.file, l.record, j.reason, CASE WHEN j.key NOT LIKE '{ROW_KEY}%' THEN split_part(j.key, '{UID_MARK}', 1) "
            f"END AS order_id, j.value::DOUBLE AS money "
            f"FROM judged j JOIN lines_{source} l ON l.file = j.file AND l.key = j.key WHERE j.source = {source} AND j.reason IS NOT NULL"
        )
        parts.append(f"SELECT o.*, r.first_cell FROM ({odd} UNION ALL {judged}) o JOIN {raw.table} r USING (file, record)")
    frame = con.execute(f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY file, record").df()
    frame = frame.rename(columns={"record": "row"})
    frame.insert(3, "label", frame["reason"].map(dict(REASONS)))
    return frame

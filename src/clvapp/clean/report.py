"""What was left out and why, what belongs to no known customer, and what the owner should know about the reading."""

from collections.abc import Mapping
from typing import Any

import duckdb
import pandas as pd

from clvapp.clean.currency_signs import told
from clvapp.clean.ledger import IS_REFUND, SALE
from clvapp.clean.lines import ROW_KEY, UID_MARK, UNREADABLE
from clvapp.clean.outcome import Loaded
from clvapp.clean.reasons import NOT_SALE, REASONS
from clvapp.clean.statuses import Statuses, has_status
from clvapp.database import rows
from clvapp.formats.words import PARTLY_PAID
from clvapp.wording import GIVEN, Of, Wording

_KINDS_NAMED = 10

_CUSTOMER = {"customer_email", "customer_id", "customer_name", "customer_phone"}


def currencies(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row for each currency, the one with the most orders first: `currency`, `orders`, `value`."""
    return con.execute(
        "SELECT currency, count(*) AS orders, sum(value)::DOUBLE AS value FROM heads WHERE currency IS NOT NULL AND "
        "value > 0 AND NOT superseded GROUP BY currency ORDER BY orders DESC, currency"
    ).df()


def report(con: duckdb.DuckDBPyConnection, loaded: Loaded) -> pd.DataFrame:
    """One row for each reason that applies to anything, in the order of the reasons."""
    found = {
        row[0]: row[1:]
        for row in rows(
            con,
            "SELECT reason, sum(n_rows), count(*), coalesce(sum(value), 0)::DOUBLE FROM judged "
            f"WHERE reason IS NOT NULL GROUP BY reason UNION ALL SELECT reason, count(*), 0, "
            f"coalesce(sum(money), 0)::DOUBLE FROM odd_rows "
            f"WHERE reason <> '{UNREADABLE}' GROUP BY reason",
        )
    }
    if loaded.rows_ragged:
        unreadable = found.get(UNREADABLE, (0, 0, 0.0))
        found[UNREADABLE] = (unreadable[0] + loaded.rows_ragged, *unreadable[1:])
    lines = [(reason, label, *found[reason]) for reason, label in REASONS.items() if reason in found]
    frame = pd.DataFrame(lines, columns=["reason", "label", "rows", "orders", "money"])
    return frame.astype({"rows": "int64", "orders": "int64", "money": "float64"})


def figures(con: duckdb.DuckDBPyConnection, by_status: Mapping[int, Statuses]) -> dict[str, Any]:
    """The counts of `Cleaned`, under the names they have there, and the counts that only the findings use."""
    documents, linked = rows(
        con,
        f"SELECT count(*), count(*) FILTER ((source, file, key) IN (SELECT (source, file, key) FROM links) OR "
        f"EXISTS (SELECT 1 FROM judged s WHERE {SALE})) FROM judged d WHERE {IS_REFUND}",
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
    weak, by_phone = rows(
        con,
        "SELECT count(DISTINCT customer_id) FILTER (phone IS NULL AND postcode IS NULL AND name IS NOT NULL), "
        "count(DISTINCT customer_id) FILTER (phone IS NOT NULL) FROM judged WHERE reason IS NULL AND email IS NULL AND "
        "customer_number IS NULL",
    )[0]
    marked = rows(con, "SELECT count(*) FROM orders o WHERE o.marked_refunded")[0][0]
    gifts, money = rows(
        con,
        "SELECT count(*), coalesce(sum(gift_cards), 0)::DOUBLE FROM judged WHERE gift_cards > 0 AND "
        f"(reason IS NULL OR gift_only AND reason = '{NOT_SALE}')",
    )[0]
    disputes = rows(con, "SELECT count(*) FROM judged WHERE reason IS NULL AND dispute_lost")[0][0]
    partly = {source: found.meaning(PARTLY_PAID) for source, found in by_status.items()}
    part_paid, whole = rows(
        con,
        "SELECT count(*), count(*) FILTER (coalesce(h.outstanding, 0) = 0) FROM judged h WHERE "
        f"h.reason IS NULL AND (coalesce(NOT h.owed, false) OR {has_status(partly)})",
    )[0]
    waiting = {source: found.meaning("waiting") for source, found in by_status.items()}
    pending = rows(con, f"SELECT count(*) FROM heads h WHERE {has_status(waiting)} OR h.owed")[0][0]
    return {
        "refund_documents": documents, "refund_documents_linked": linked, "pending_orders": pending,
        "not_attributable_rows": int(in_rows), "not_attributable_orders": unknown,
        "not_attributable_revenue": revenue, "weak_identities": weak,
        "telephone_identities": by_phone, "marked_refunded": marked,
        "gift_card_orders": gifts, "gift_card_money": money, "disputes_lost": disputes,
        "part_paid": part_paid, "part_paid_whole": whole,
    }  # fmt: skip


def findings(
    loaded: Loaded,
    by_currency: pd.DataFrame,
    *,
    main: str | None,
    rates: Mapping[str, float],
    counts: Mapping[str, Any],
    words: Wording = Wording(),
) -> tuple[str, ...]:
    """What the owner should know about the reading, one sentence each."""
    found = []
    if loaded.doubled_orders:
        found.append(
            f"{_some(words, loaded.doubled_orders, 'order', 'in several files')} found in more than one file; the "
            f"newest state of each counts, and {_some(words, loaded.changed_orders, '', 'changed')} of them had "
            "changed."
        )
    if damaged := sum(shape.damaged_ids for shape in loaded.shapes):
        found.append(
            f"{_some(words, damaged, 'order number')} destroyed by a spreadsheet (they read like 5.7E+17); each of "
            "these rows was taken as an order of its own. Load the export without opening it in a spreadsheet first."
        )
    found += _as_it_stands(loaded, words)
    if any(shape.totals_are_lines and not shape.totals_are_products for shape in loaded.shapes):
        found.append(
            "The totals differ between the rows of one order, so they were read as totals of lines and added up."
        )
    elif differ := sum(shape.totals_differ for shape in loaded.shapes):
        found.append(
            f"{_some(words, differ, 'order', 'totals differ')} with different totals on the rows; the first one of "
            "each was used."
        )
    if counts["marked_refunded"]:
        found.append(
            f"{_some(words, counts['marked_refunded'], 'order', 'marked as refunded')} marked as refunded without an "
            "amount: all of their money was taken as given back."
        )
    found += _once_each(loaded, counts, words)
    found += _of_currencies(by_currency, main, rates, words=words)
    found += _of_identities(loaded, counts, words)
    if counts["pending_orders"]:
        waiting = _some(words, counts["pending_orders"], "order", "waiting")
        found.append(f"{waiting} waiting for money; a setting says whether that counts.")
    unlinked = counts["refund_documents"] - counts["refund_documents_linked"]
    if unlinked and counts["refund_documents"]:
        found.append(
            f"{_some(words, counts['refund_documents'], 'refund')} on documents of their own; "
            f"{_some(words, counts['refund_documents_linked'], '', 'refunds matched')} were matched to the sale they "
            "take back, the others count on their own day."
        )
    return tuple(found)


def _some(words: Wording, count: int, noun: str, which: str = "") -> str:
    """So many of a kind, as the reading found them."""
    return words.count(count, noun, of=Of(f"{noun or 'order'}s", period="as read", group=which))


def _of_identities(loaded: Loaded, counts: Mapping[str, Any], words: Wording) -> list[str]:
    """Which customers are known by something that two people may share."""
    found = []
    if weak := counts["weak_identities"]:
        found.append(
            f"{_some(words, weak, 'customer', 'name alone')} known by name alone: two people with one name count "
            "as one."
        )
    if by_phone := counts["telephone_identities"]:
        found.append(
            f"{_some(words, by_phone, 'customer', 'telephone')} known by a telephone number: people who share one "
            "count as one."
        )
    if lost := loaded.damaged_phones:
        found.append(
            f"{_some(words, lost, 'telephone number')} destroyed by a spreadsheet (they read like 4.48E+11): they tell "
            "nobody apart. Load the export without opening it in a spreadsheet first."
        )
    return found


def _of_currencies(
    by_currency: pd.DataFrame, main: str | None, rates: Mapping[str, float], *, words: Wording
) -> list[str]:
    """What was converted, and what was left out because it has no rate."""
    orders = dict(zip(by_currency["currency"].astype(str), by_currency["orders"], strict=True))
    others = {code: count for code, count in orders.items() if code != main}
    made = {code: _some(words, count, "order", f"in {code}") for code, count in others.items()}
    turned = [f"{code} ({count}, 1 {code} = {words.number(rates[code], None, of=GIVEN)} {main})"
              for code, count in made.items() if code in rates]  # fmt: skip
    left = [f"{code} ({count})" for code, count in made.items() if code not in rates]
    found = [f"Converted at the rates given: {', '.join(turned)}."] if turned else []
    if left:
        also = " They count once a rate is given." if turned else " Currencies are never added up without a rate."
        only = "Only orders in" if not turned else "Besides those, only orders in"
        found.append(f"{only} {main} are analysed; left out: {', '.join(left)}.{also}")
    return found


def _as_it_stands(loaded: Loaded, words: Wording) -> list[str]:
    """What we read in a way that the file itself does not prove."""
    found = []
    if loaded.unknown_kinds:
        named = ", ".join(f"'{kind}'" for kind in loaded.unknown_kinds[:_KINDS_NAMED])
        found.append(
            f"Rows of kinds that are not known were left out: {named}. Look at them in the list of rows left out: if "
            "they are sales, the revenue shown is too low."
        )
    for raw in loaded.raws:
        found += [
            f"The column '{raw.headings.get(column, column)}' holds too many different words to be a status, so "
            "no order was left out for what stands in it."
            for column in raw.no_statuses
        ]
    if loaded.date_order_assumed:
        first = (loaded.date_order or "").removesuffix("-first")
        found.append(
            f"Every date can be read two ways; they were read with the {first} first, as "
            f"'{loaded.date_order_assumed[0]}' writes them. Say so if a spreadsheet changed that."
        )
    return [*found, *told(loaded.currency_signs, loaded.raws, words)]


def _once_each(loaded: Loaded, counts: Mapping[str, Any], words: Wording) -> list[str]:
    """Gift cards, lost disputes and part payments: money that could be counted twice, or is not all there."""
    found = []
    if sold := counts["gift_card_orders"]:
        money = words.money(counts["gift_card_money"], of=Of("gift_cards"))
        said = f"{_some(words, sold, 'order', 'gift cards sold')} sold gift cards for {money}"
        found.append(
            f"{said}: that is no revenue here, because orders pay with gift cards and their money counts when they are "
            "used."
            if loaded.gift_cards_used
            else f"{said}: that counts when they are sold, because no order says that it was paid with one."
        )
    if counts["disputes_lost"]:
        found.append(
            f"{_some(words, counts['disputes_lost'], 'order', 'lost in a dispute')} lost in a dispute: their money "
            "went back."
        )
    if counts["part_paid"]:
        whole = counts["part_paid_whole"]
        found.append(
            f"{_some(words, counts['part_paid'], 'order', 'paid in part')} paid in part; "
            + (f"{_some(words, whole, '', 'paid in part, in whole')} of them with the whole amount, because no column "
               "says what is missing."
               if whole else "what was paid counts.")
        )  # fmt: skip
    return found


def nobody_named(loaded: Loaded) -> str | None:
    """Why we cannot tell customers apart, if known exports have no column that names them. None if one has."""
    raws = loaded.raws
    if any(_CUSTOMER.intersection(raw.roles) or not raw.format.all_of for raw in raws):
        return None
    names = " and ".join(dict.fromkeys(f"'{raw.format.name}'" for raw in raws))
    elsewhere = " ".join(dict.fromkeys(raw.format.nobody_named for raw in raws))
    return (
        f"No column of {names} names the customer, so nobody can say who came back: sales by month, product and region "
        f"are counted; customers, repeat purchases and lists stay empty. {elsewhere}"
    ).strip()


def left_out_rows(con: duckdb.DuckDBPyConnection, loaded: Loaded) -> pd.DataFrame:
    """Every row left out: `file` (position), `row`, `reason`, `label`, `order_id`, `money`, and its first cell.

    An order's money stands on its first row.
    """
    parts = []
    for source, raw in enumerate(loaded.raws):
        odd = (
            f"SELECT file, record, reason, NULL AS order_id, money::DOUBLE AS money FROM odd_rows WHERE "
            f"source = {source} AND reason <> '{UNREADABLE}'"
        )
        number = f"CASE WHEN j.key NOT LIKE '{ROW_KEY}%' THEN split_part(j.key, '{UID_MARK}', 1) END"
        judged = (
            f"SELECT l.file, l.record, j.reason, {number} AS order_id, "
            "CASE WHEN l.record = j.record THEN j.value::DOUBLE END AS money FROM judged j JOIN "
            f"lines_{source} l ON l.file = j.file AND l.key = j.key WHERE j.source = {source} AND j.reason IS NOT NULL"
        )
        parts.append(
            f"SELECT o.*, r.first_cell FROM ({odd} UNION ALL {judged}) o JOIN {raw.table} r USING (file, record)"
        )
    frame = con.execute(f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY file, record").df()
    frame = frame.rename(columns={"record": "row"})
    frame.insert(3, "label", frame["reason"].map(dict(REASONS)))
    return frame


def forget_rows(con: duckdb.DuckDBPyConnection, loaded: Loaded) -> None:
    """Drop the text of the rows. The tables `orders` and `adjustments` stay as the settings of the moment made them."""
    for name in (*(raw.table for raw in loaded.raws), "head_rows", "odd_rows", "links", "given_back"):
        rows(con, f"DROP TABLE IF EXISTS {name} CASCADE")
    rows(con, "CHECKPOINT")  # the memory comes back only now

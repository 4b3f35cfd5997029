"""Judged orders -> the tables `orders` and `adjustments`: each order once, less what was given back on it."""

from collections.abc import Mapping, Sequence

import duckdb

from clvapp.clean.lines import ROW_KEY, UID_MARK, Raw
from clvapp.database import literal, rows


def customer_id(raws: Sequence[Raw]) -> str:
    """SQL for what identifies a customer: the e-mail, else the shop's number, else the telephone, else the name.

    A postcode stands beside a name that has one.
    """
    number = "h.customer_number"
    if len({raw.format.key for raw in raws}) > 1:  # two shops give the same number to different people
        shop = " ".join(f"WHEN {i} THEN {literal(raw.format.name)}" for i, raw in enumerate(raws))
        number = f"(CASE h.source {shop} END || ' ' || h.customer_number)"
    name = "lower(h.name)"
    return f"coalesce(h.email, {number}, h.phone, {name} || ', ' || h.postcode, {name})"


_AMOUNTS = ("value", "returned", "cost", "refunded", "shipping", "tax", "discount", "gift_cards")


def converted(rates: Mapping[str, float]) -> str:
    """SQL to follow `SELECT h.*` of `heads h`: amounts in the currency analysed, and the order's `rate`."""
    if not rates:
        return ", 1 AS rate"
    cases = " ".join(f"WHEN {literal(code)} THEN {float(rate)!r}::DOUBLE" for code, rate in rates.items())
    rate = f"CASE h.currency {cases} ELSE 1::DOUBLE END"
    amounts = ", ".join(f"(h.{name} * ({rate}))::DECIMAL(18,4) AS {name}" for name in _AMOUNTS)
    return f" REPLACE ({amounts}), {rate} AS rate"


def kept_share(*, count_shipping: bool, count_tax: bool) -> str:
    """SQL for the share of the customer's payment that counts as revenue. A refund gives back the same share."""
    excluded = [*([] if count_shipping else ["shipping"]), *([] if count_tax else ["tax"])]
    if not excluded:
        return "1"
    amount = " - ".join(["value", *(f"coalesce({name}, 0)" for name in excluded)])
    return f"coalesce((greatest({amount}, 0) / nullif(value, 0))::DOUBLE, 1)"


# A document that only gives money back: a cancellation invoice, or a refund row whose sale is not in the same file.
_REFUND = "{0}reason IS NULL AND NOT {0}adjustment AND ({0}value < 0 OR coalesce({0}value, 0) = 0 AND {0}returned > 0)"
IS_REFUND = _REFUND.format("")
# The sale it refers to, under the same number in another file.
SALE = (
    "s.source = d.source AND s.key = d.key AND s.file <> d.file AND s.reason IS NULL AND s.value > 0 "
    f"AND NOT s.adjustment AND d.key NOT LIKE '{ROW_KEY}%'"
)
# What its lines have already taken back from other sales.
_LINKED = "SELECT source, file, key, sum(amount) AS amount FROM links GROUP BY ALL"

# What was given back on a sale, whichever sign it has. If no amount says so but the status does, it is everything, as
# after a lost dispute.
_KNOWN_BACK = "coalesce(abs(refunded), 0) + coalesce(returned, 0) + coalesce(amount, 0)"
_GIVEN_BACK = (
    f"CASE WHEN dispute_lost THEN value WHEN marked_refunded AND {_KNOWN_BACK} = 0 THEN value ELSE {_KNOWN_BACK} END"
)


_IS_ORDER = "reason IS NULL AND NOT adjustment AND value > 0"
# We sort without the orders' text columns. Sorting with them would carry them along; joining them later takes two
# thirds of the time.
_PLACES = (
    "SELECT head, row_number() OVER (PARTITION BY customer_id ORDER BY moment, source, file, record) "
    f"AS place FROM judged WHERE {_IS_ORDER}"
)


def make_orders(con: duckdb.DuckDBPyConnection, kept: str, raws: Sequence[Raw]) -> None:
    """One row for each paid order. A refund document with its sale's number, or with linked lines, reduces it.

    Of a file without a column of discounts nobody knows whether there was one.
    """
    told = ", ".join(str(source) for source, raw in enumerate(raws) if "discount" in raw.roles) or "NULL"
    rows(
        con,
        f"""CREATE OR REPLACE TEMP TABLE given_back AS
        SELECT sale_source AS source, sale_file AS file, sale_key AS key, sum(amount * rate) AS amount FROM links l
            JOIN (SELECT source, file, key, rate FROM judged WHERE {IS_REFUND}) d USING (source, file, key) GROUP BY ALL
        UNION ALL SELECT s.source, s.file, s.key, sum(coalesce(d.returned, -d.value) - coalesce(l.amount, 0) * d.rate)
            FROM judged d JOIN judged s ON {SALE} LEFT JOIN ({_LINKED}) l
            ON l.source = d.source AND l.file = d.file AND l.key = d.key WHERE {_REFUND.format("d.")} GROUP BY ALL""",
    )
    back, kept = f"({_GIVEN_BACK})", "" if kept == "1" else f" * {kept}"
    rows(
        con,
        f"""CREATE OR REPLACE TABLE orders AS
        SELECT CASE WHEN contains(key, ' ') THEN trim(split_part(key, '{UID_MARK}', 1)) ELSE key END AS order_id,
            customer_id, moment::DATE - DATE '1970-01-01' AS day,
            (year(moment) - 1970) * 12 + month(moment) - 1 AS month,
            CASE WHEN customer_id IS NOT NULL THEN place END::INTEGER AS rank,
            {_money(f"value{kept}")} AS value, {_money(f"{back}{kept}")} AS refunded,
            {_money(f"(value - {back}){kept}")} AS revenue,
            quantity::DOUBLE AS quantity, lines::INTEGER AS lines,
            CASE WHEN source IN ({told}) THEN abs(coalesce(discount, 0)) END::DOUBLE AS discount,
            cost, product, category, country, region, city, channel, accepts_marketing, moment, email, customer_number,
            name, CASE WHEN customer_id IS NULL THEN nobody END AS nobody,
            marked_refunded AND {_KNOWN_BACK} = 0 AS marked_refunded
        FROM judged JOIN ({_PLACES}) USING (head) LEFT JOIN
            (SELECT source, file, key, sum(amount) AS amount FROM given_back GROUP BY ALL) b USING (source, file, key)
        WHERE {_IS_ORDER}""",
    )


def _money(sql: str) -> str:
    return f"({sql})::DECIMAL(18,4)"


def make_adjustments(con: duckdb.DuckDBPyConnection, kept: str) -> None:
    """Money that moved without an order of its own: refunds whose sale is unknown, corrections such as a bad debt."""
    rows(
        con,
        f"""CREATE OR REPLACE TABLE adjustments AS
        WITH linked AS ({_LINKED}),
        documents AS (SELECT d.*, coalesce(returned, -value) - coalesce(amount, 0) * rate AS rest FROM judged d
            LEFT JOIN linked USING (source, file, key) WHERE {IS_REFUND}
            AND NOT EXISTS (SELECT 1 FROM judged s WHERE {SALE})),
        moved AS (SELECT *, -rest AS money, 'refund' AS kind FROM documents WHERE rest > 0
            UNION ALL BY NAME SELECT *, value AS money, 'adjustment' AS kind FROM judged
            WHERE reason IS NULL AND adjustment)
        SELECT customer_id, moment::DATE - DATE '1970-01-01' AS day,
            (year(moment) - 1970) * 12 + month(moment) - 1 AS month, {_money(f"money * {kept}")} AS revenue, kind
        FROM moved""",
    )

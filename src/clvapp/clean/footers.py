"""Rows without an order's number that only add up the rows above them -> no orders."""

import duckdb

from clvapp.clean.lines import TOTALS, TOTALS_WORDS, Raw
from clvapp.clean.values import Values
from clvapp.database import literal, quoted, rows

_WHO = ("customer_email", "customer_id", "customer_name", "customer_phone", "product")
_FEWEST = 2  # rows in a sum
_CENT = 0.011


def put_sums_aside(con: duckdb.DuckDBPyConnection, source: int, raw: Raw, values: Values) -> None:
    """Set aside the rows with a date but without a number, a buyer or a product that add up the rows above them.

    A row adds up either all the rows above it or those since the last such row.
    """
    amount = next((values.numbers[role] for role in ("order_total", "line_total") if role in values.numbers), None)
    named = [quoted(role) for role in _WHO if role in raw.roles]
    if amount is None or "order_id" not in raw.roles or not named:
        return
    nobody = " AND ".join(
        f"({cell} IS NULL OR regexp_matches(lower({cell}), {literal(TOTALS_WORDS)}))" for cell in named
    )
    is_blank = f"order_id IS NULL AND {nobody} AND {amount} > 0"
    if not rows(con, f"SELECT EXISTS (SELECT 1 FROM {raw.table} WHERE {is_blank} LIMIT 1)")[0][0]:
        return
    rows(
        con,
        f"""INSERT INTO odd_rows (source, file, record, reason)
        WITH read AS (SELECT file, record, {amount} AS amount, {is_blank} AS blank FROM {raw.table}),
        added AS (SELECT *, sum(amount) FILTER (NOT blank) OVER above AS money,
            count(amount) FILTER (NOT blank) OVER above AS many FROM read
            WINDOW above AS (PARTITION BY file ORDER BY record)),
        blanks AS (SELECT *, lag(money, 1, 0) OVER last AS earlier, lag(many, 1, 0) OVER last AS fewer FROM added
            WHERE blank WINDOW last AS (PARTITION BY file ORDER BY record))
        SELECT {source}, file, record, '{TOTALS}' FROM blanks WHERE (file, record) NOT IN
            (SELECT (file, record) FROM odd_rows WHERE source = {source}) AND
            (many >= {_FEWEST} AND abs(amount - money) <= {_CENT}
             OR many - fewer >= {_FEWEST} AND abs(amount - (money - earlier)) <= {_CENT})""",
    )

"""Order numbers that begin again, each day or each year or in a second shop -> numbers with their order's day.

The same number on another day and for another customer is another order. An order whose lines or refunds have days of
their own stays whole: they are the same customer's, stand together, or give money back.
"""

from collections.abc import Collection

import duckdb

from clvapp.clean.lines import UID_MARK, Raw, gives_back
from clvapp.clean.values import Values
from clvapp.database import quoted, rows

_WHO = ("customer_email", "customer_id", "customer_name")
_AMOUNTS = ("order_total", "line_total", "quantity")
_LEAST = 3  # numbers that must come back before a file without customers shows that they begin again
_DAYS_TOGETHER = 28  # neighbouring rows of one customer within so many days are one order


def numbers_begin_again(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, filled: Collection[str]) -> int:
    """Put the day into the order numbers of `raw` that stand for several orders. Returns how many numbers did.

    Needs the table `sums`, which knows the orders whose rows have different moments.
    """
    if not {"order_id", "ordered_at"} <= set(filled):
        return 0
    if not rows(con, "SELECT EXISTS (SELECT 1 FROM sums WHERE s_moments_differ)")[0][0]:
        return 0
    _look_at_days(con, raw, values, filled)
    named, alone, orders = rows(
        con,
        "SELECT count(DISTINCT (file, order_id)) FILTER (other_day AND other_customer), count(DISTINCT (file, "
        "order_id)) FILTER (other_day AND apart), (SELECT count(*) FROM sums) FROM days_of_orders",
    )[0]
    nobody = not set(_WHO).intersection(filled) and not raw.format.all_of
    proven = alone <= 2 * named if named else nobody and alone >= max(_LEAST, orders / 2)
    begins = f"coalesce(other_day AND (other_customer{' OR apart' if proven else ''}), false)"
    again = _write_days(con, raw, begins) if named or proven else 0
    rows(con, "DROP TABLE days_of_orders")
    return again


def _look_at_days(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, filled: Collection[str]) -> None:
    """The rows of orders with several moments, each beside the sale row of its order before it."""
    who = next((f"lower({quoted(role)})" for role in _WHO if role in filled), "NULL::VARCHAR")
    amount = ", ".join(values.numbers[role] for role in _AMOUNTS if role in values.numbers) or "NULL"
    back = f"coalesce({amount}, 0) < 0"
    if gives_back(raw) == "gives_back":
        back = f"({back} OR coalesce(gives_back, false))"
    first = "r.record = s_record" + ("" if raw.alone else " AND r.file = s_file")
    suspects = f"SELECT r.file, r.order_id FROM {raw.table} r JOIN sums ON {first} WHERE s_moments_differ"
    rows(
        con,
        f"""CREATE OR REPLACE TABLE days_of_orders AS WITH looked AS (
            SELECT file, record, order_id, CASE WHEN NOT {back} THEN ({values.ordered_at})::DATE END AS day,
            CASE WHEN NOT {back} THEN {who} END AS who FROM {raw.table}
            WHERE (file, order_id) IN ({suspects}))
        SELECT *, day <> lag(day IGNORE NULLS) OVER before AS other_day,
            who <> lag(who IGNORE NULLS) OVER before AS other_customer,
            record - lag(record) OVER before > 1
                OR abs(day - lag(day IGNORE NULLS) OVER before) >= {_DAYS_TOGETHER} AS apart
        FROM looked WINDOW before AS (PARTITION BY file, order_id ORDER BY record)""",
    )


def _write_days(con: duckdb.DuckDBPyConnection, raw: Raw, begins: str) -> int:
    in_order = "PARTITION BY file, order_id ORDER BY record"
    rows(
        con,
        f"""CREATE OR REPLACE TABLE days_of_orders AS WITH marked AS (
            SELECT *, {begins} AS begins, first_value(day IGNORE NULLS) OVER ({in_order}
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS first_day,
            bool_or({begins}) OVER (PARTITION BY file, order_id) AS several FROM days_of_orders)
        SELECT file, record, order_id, coalesce(last_value(CASE WHEN begins THEN day END IGNORE NULLS) OVER (
            {in_order} ROWS UNBOUNDED PRECEDING), first_day) AS day FROM marked WHERE several""",
    )
    rows(
        con,
        f"UPDATE {raw.table} r SET order_id = r.order_id || '{UID_MARK}' || d.day::VARCHAR FROM days_of_orders d "
        "WHERE r.file = d.file AND r.record = d.record AND d.day IS NOT NULL",
    )
    again: int = rows(con, "SELECT count(DISTINCT (file, order_id)) FROM days_of_orders")[0][0]
    return again


def tell_apart_by_uid(con: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """Order numbers can repeat, as when two shops merged. The shop's inner number, row by row, tells them apart."""
    uid = (
        "last_value(order_uid IGNORE NULLS) OVER (PARTITION BY file, order_id ORDER BY record ROWS UNBOUNDED PRECEDING)"
    )
    rows(
        con,
        f"CREATE TABLE told_apart AS SELECT * REPLACE (order_id || '{UID_MARK}' || coalesce({uid}, '') AS order_id) "
        f"FROM {raw.table}",
    )
    rows(con, f"DELETE FROM {raw.table}")
    rows(con, f"INSERT INTO {raw.table} BY NAME SELECT * FROM told_apart")
    rows(con, "DROP TABLE told_apart")

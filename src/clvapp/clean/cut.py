"""An order that the end of one file cuts off and the beginning of another goes on with -> one order again."""

import duckdb

from clvapp.clean.lines import Raw
from clvapp.clean.values import Values
from clvapp.database import quoted, rows

_THING = ("sku", "product")


def join(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values) -> int:
    """Move the rest of each cut order to the file in which it begins, below that file's rows. Returns how many.

    The order is the last of one file and the first of the other, in whichever order they were given. Its moments are
    the same, and nothing of it is in both files: a file that only shows the order again, as it is now, repeats what was
    bought.
    """
    things = [role for role in _THING if role in raw.roles]
    if raw.alone or "order_id" not in raw.roles or not things:
        return 0
    ends = rows(
        con,
        "SELECT file, arg_min(order_id, record) FILTER (order_id IS NOT NULL), arg_max(order_id, record) FILTER "
        f"(order_id IS NOT NULL) FROM {raw.table} GROUP BY file ORDER BY file",
    )
    pairs = [(top, rest, last) for top, _, last in ends for rest, first, _ in ends
             if top != rest and last is not None and first == last]  # fmt: skip
    return sum(_is_cut(con, raw, values, pair) and _move(con, raw, pair) for pair in pairs)


def _is_cut(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, pair: tuple[int, int, str]) -> bool:
    """Whether the two files have different things of one order, placed at one moment, with one total."""
    top, rest, number = pair
    thing = f"coalesce({', '.join(quoted(role) for role in _THING if role in raw.roles)})"
    totals = f"list(DISTINCT {values.numbers['order_total']})" if "order_total" in values.numbers else "[]"
    found = (
        f"SELECT list({thing}) FILTER ({thing} IS NOT NULL), min({values.ordered_at}), {totals} FROM {raw.table} "
        "WHERE order_id = $number AND file = $file"
    )
    upper, lower = (con.execute(found, {"number": number, "file": file}).fetchone() for file in (top, rest))
    if not (upper and lower and upper[0] and lower[0]) or set(upper[0]) & set(lower[0]):
        return False
    amounts = {total for total in (*upper[2], *lower[2]) if total is not None}
    return len({upper[1], lower[1]} - {None}) < 2 and (len(amounts) < 2 or not raw.format.all_of)


def _move(con: duckdb.DuckDBPyConnection, raw: Raw, pair: tuple[int, int, str]) -> int:
    top, rest, number = pair
    below = f"(SELECT max(record) FROM {raw.table} WHERE file = {int(top)})"
    con.execute(
        f"UPDATE {raw.table} SET file = {int(top)}, record = record + {below} WHERE file = {int(rest)} AND "
        "order_id = $number",
        {"number": number},
    )
    return 1

"""Amounts in cents, where their heading or their owner says so -> amounts in the currency's unit."""

from collections.abc import Iterable
from dataclasses import replace

import duckdb

from clvapp.clean.lines import Raw
from clvapp.clean.numbers import MONEY
from clvapp.clean.values import Values
from clvapp.database import rows
from clvapp.formats.units import has_cents, in_small_money, plain_amount
from clvapp.problems import CentsUnclear

_AMOUNTS = ("order_total", "line_total", "unit_price")
_FEWEST, _LEAST_MEDIAN = 3, 1_000  # of amounts; a usual order of less than ten of a currency is rare
_MOSTLY, _SOME = 0.9, 1 / 3
_ROUND = 50  # what whole amounts are often multiples of


def in_whole_units(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, *, ask: bool) -> Values:
    """`values` with the amounts of an unknown table divided by a hundred where they are cents.

    A column in which an amount has a fraction is no column of cents, whatever its heading says. Raises `CentsUnclear`,
    if we shall `ask`, where no heading says it and the amounts look as if they were.
    """
    if raw.format.all_of:
        return values
    money = [role for role in values.numbers if role != "quantity"]
    small = [role for role in money if raw.cents or in_small_money(raw.headings.get(role, ""))]
    if ask and not small and raw.cents is None:
        _ask(con, raw, values)
    whole = [role for role in small if _all_whole(con, raw, values, role)]
    divided = {role: f"try_cast({values.numbers[role]} / 100 AS {MONEY})" for role in whole}
    return replace(values, numbers={**values.numbers, **divided})


def _all_whole(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, role: str) -> bool:
    return not rows(con, f"SELECT EXISTS (SELECT 1 FROM {raw.table} WHERE {values.numbers[role]} % 1 <> 0)")[0][0]


def _ask(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values) -> None:
    """Raises `CentsUnclear` where every amount is a whole number, too large and too odd for money without cents."""
    amounts = [role for role in _AMOUNTS if role in values.numbers]
    if not amounts or values.unreadable.intersection(amounts):
        return
    # The first fraction ends a search; what currencies there are takes all rows.
    if not all(_all_whole(con, raw, values, role) for role in amounts) or not _may_have_cents(con, raw, amounts):
        return
    amount = f"abs({values.numbers[amounts[0]]})"
    many, median, large, odd = rows(
        con, f"SELECT count(*), median({amount}), avg(({amount} >= 100)::INT), avg(({amount} % {_ROUND} <> 0)::INT) "
        f"FROM {raw.table} WHERE {amount} > 0",
    )[0]  # fmt: skip
    if many >= _FEWEST and median >= _LEAST_MEDIAN and large >= _MOSTLY and odd >= _SOME:
        first = f"SELECT {amount}::BIGINT FROM {raw.table} WHERE {amount} > 0 ORDER BY file, record LIMIT 1"
        raise CentsUnclear(raw.headings[amounts[0]], rows(con, first)[0][0])


def _may_have_cents(con: duckdb.DuckDBPyConnection, raw: Raw, amounts: Iterable[str]) -> bool:
    """Whether the shop's money has cents that matter; where nothing names it, whether the headings are English."""
    found = (
        [code for (code,) in rows(con, f"SELECT DISTINCT currency FROM {raw.table} WHERE currency IS NOT NULL")]
        if "currency" in raw.roles
        else []
    )
    return all(map(has_cents, found)) if found else all(plain_amount(raw.headings[role]) for role in amounts)

"""Amounts in cents, where their heading or their owner says so -> amounts in the currency's unit."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import duckdb

from clvapp.clean.lines import Raw
from clvapp.clean.numbers import MONEY
from clvapp.clean.values import Values
from clvapp.database import quoted, rows
from clvapp.formats.units import (
    has_cents,
    has_hundredths,
    in_large_money,
    in_small_money,
    perhaps_small_money,
    plain_amount,
)
from clvapp.problems import CentsUnclear, InThousands

_AMOUNTS = ("order_total", "line_total", "unit_price")
_FEWEST, _LEAST_MEDIAN = 3, 1_000  # of amounts; a usual order of less than ten of a currency is rare
_MOSTLY, _SOME = 0.9, 1 / 3
_ROUND = 50  # what whole amounts are often multiples of


def in_whole_units(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, *, ask: bool) -> Values:
    """`values` with amounts divided by a hundred where they are cents, as their headings or their owner say.

    A column in which an amount has a fraction is no column of cents, whatever its heading says. Raises `CentsUnclear`,
    if we shall `ask`, where the heading leaves it open: it says nothing and the amounts look as if they were, it says
    it of a currency without cents, or another amount beside it says nothing. Raises `InThousands`.
    """
    money = [role for role in values.numbers if role != "quantity"]
    known = bool(raw.format.all_of)
    if known and (not ask or raw.cents is False or _written_in_full(con, raw, values)):
        return values
    said = [] if known else [role for role in money if in_small_money(raw.headings.get(role, ""))]
    large = [raw.headings[role] for role in (*_AMOUNTS, "refunded") if in_large_money(raw.headings.get(role, ""))]
    if large and not known:
        raise InThousands(large[0])
    small = [role for role in (money if raw.cents else said) if _all_whole(con, raw, values, role)]
    if raw.cents is None and ask:
        _ask_of(con, raw, values, small=small) if small else _ask(con, raw, values)
    if raw.cents is False and small and not _have_hundredths(con, raw):
        return values
    divided = {role: f"try_cast({values.numbers[role]} / 100 AS {MONEY})" for role in small}
    return replace(values, numbers={**values.numbers, **divided})


def _written_in_full(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values) -> bool:
    """Whether some amount of a known export has a decimal sign, as in 25.00: then none is cents."""
    amounts = [role for role in _AMOUNTS if role in values.numbers]
    signs = " OR ".join(f"regexp_matches({quoted(role)}, '[.,]')" for role in amounts) or "true"
    return bool(rows(con, f"SELECT EXISTS (SELECT 1 FROM {raw.table} WHERE {signs} LIMIT 1)")[0][0])


def _ask_of(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, *, small: Sequence[str]) -> None:
    """Raises `CentsUnclear` where the currency has no cents, or money back beside amounts in cents says nothing."""
    if not _have_hundredths(con, raw):
        raise _unclear(con, raw, values, small[0])
    back = "refunded"
    if back in values.numbers and back not in small and _all_whole(con, raw, values, back):
        some = f"SELECT EXISTS (SELECT 1 FROM {raw.table} WHERE abs({values.numbers[back]}) >= 100)"
        if set(small).intersection(_AMOUNTS) and rows(con, some)[0][0]:
            raise _unclear(con, raw, values, back)


def _have_hundredths(con: duckdb.DuckDBPyConnection, raw: Raw) -> bool:
    return all(map(has_hundredths, _currencies(con, raw)))


def _unclear(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, role: str) -> CentsUnclear:
    amount = f"abs({values.numbers[role]})"
    first = f"SELECT {amount}::BIGINT FROM {raw.table} WHERE {amount} > 0 ORDER BY file, record LIMIT 1"
    found = rows(con, first)
    return CentsUnclear(raw.headings[role], found[0][0] if found else 0)


def _all_whole(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values, role: str) -> bool:
    return not rows(con, f"SELECT EXISTS (SELECT 1 FROM {raw.table} WHERE {values.numbers[role]} % 1 <> 0)")[0][0]


def _ask(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values) -> None:
    """Raises `CentsUnclear` where every amount is a whole number, too large and too odd for money without cents."""
    amounts = [role for role in _AMOUNTS if role in values.numbers]
    if not amounts or values.unreadable.intersection(amounts):
        return
    # The first fraction ends a search; what currencies there are takes all rows.
    perhaps = perhaps_small_money(raw.headings[amounts[0]])
    if not all(_all_whole(con, raw, values, role) for role in amounts):
        return
    if not perhaps and not _may_have_cents(con, raw, amounts):
        return
    amount = f"abs({values.numbers[amounts[0]]})"
    many, median, large, odd = rows(
        con, f"SELECT count(*), median({amount}), avg(({amount} >= 100)::INT), avg(({amount} % {_ROUND} <> 0)::INT) "
        f"FROM {raw.table} WHERE {amount} > 0",
    )[0]  # fmt: skip
    if many >= _FEWEST and large >= _MOSTLY and (perhaps or (median >= _LEAST_MEDIAN and odd >= _SOME)):
        raise _unclear(con, raw, values, amounts[0])


def _may_have_cents(con: duckdb.DuckDBPyConnection, raw: Raw, amounts: Iterable[str]) -> bool:
    """Whether the shop's money has cents that matter; where nothing names it, whether the headings are English."""
    found = _currencies(con, raw)
    return all(map(has_cents, found)) if found else all(plain_amount(raw.headings[role]) for role in amounts)


def _currencies(con: duckdb.DuckDBPyConnection, raw: Raw) -> list[str]:
    """The currencies that a column names."""
    if "currency" not in raw.roles:
        return []
    return [code for (code,) in rows(con, f"SELECT DISTINCT currency FROM {raw.table} WHERE currency IS NOT NULL")]

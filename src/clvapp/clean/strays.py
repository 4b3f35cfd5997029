"""Orders -> the first and last day of trade, and the orders and refunds whose day lies alone beyond it.

A typing error, a pre-order or a sale from an old system can stand years away from everything else. Such a stray moves
no first or last day until the owner says that it is real: it leaves the tables `orders` and `adjustments` for
`stray_orders` and `stray_adjustments`, so that only its money counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from clvapp.clean.lines import ROW_KEY
from clvapp.database import rows
from clvapp.days import date
from clvapp.wording import Of, Wording

LEAST_SILENCE, TIMES_THE_NEXT, ORDERS_FOR_EACH = 90, 5, 200
_LEAST_DAYS = 10  # with fewer days of trade, chance alone often makes one silence five times the next
_NAMED = 5
LONGEST_LOOK_AHEAD = 1826  # days, five years

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Trade:
    """Days since 1970: of the `first` and `last` order, and of the `last_money`, which a later refund may move.

    `strays` is how many orders and refunds lie beyond them; `first_money` is the first day of a refund, or `first`.
    """

    first: int
    last: int
    first_money: int
    last_money: int
    strays: int
    today: int | None = None

    @property
    def latest_look_back(self) -> int:
        """The latest day that can be looked back from: beyond it there is nothing to see but empty months."""
        return self.last_money + LONGEST_LOOK_AHEAD


def trade(con: duckdb.DuckDBPyConnection, *, today: int | None = None) -> Trade:
    """The first and last day of trade of the tables `orders` and `adjustments`."""
    ordered, counts = _by_day(con, "orders")
    kept = _kept(ordered, counts, today)
    first, last = int(ordered[kept].min()), int(ordered[kept].max())
    moved, times = _by_day(con, "adjustments")
    both = np.concatenate([ordered[kept], moved])
    days, place = np.unique(both, return_inverse=True)
    of_day = np.bincount(place, weights=np.concatenate([counts[kept], times])).astype(np.int64)
    usual = days[_kept(days, of_day, today)]
    first_money, last_money = min(first, int(usual.min())), max(last, int(usual.max()))
    alone = int(counts[~kept].sum()) + int(times[(moved < first_money) | (moved > last_money)].sum())
    return Trade(first, last, first_money, last_money, alone, today)


def everything(con: duckdb.DuckDBPyConnection, found: Trade) -> Trade:
    """The same, with the strays among the days of trade."""
    ordered, moved = _by_day(con, "orders")[0], _by_day(con, "adjustments")[0]
    both = np.concatenate([ordered, moved])
    return replace(found, first=int(ordered.min()), last=int(ordered.max()), first_money=int(both.min()),
                   last_money=max(int(both.max()), int(ordered.max())))  # fmt: skip


def _by_day(con: duckdb.DuckDBPyConnection, table: str) -> tuple[Whole, Whole]:
    """The days of a table in order, and how many rows each has."""
    found: dict[str, Any] = con.execute(
        f"SELECT day::BIGINT AS day, count(*) AS rows FROM {table} GROUP BY day ORDER BY day"
    ).fetchnumpy()
    return np.asarray(found["day"], dtype=np.int64), np.asarray(found["rows"], dtype=np.int64)


def _kept(days: Whole, counts: Whole, today: int | None) -> npt.NDArray[np.bool_]:
    """Which of the sorted `days` are days of trade. A clock that is behind every order says nothing."""
    kept = np.ones(len(days), dtype=bool) if today is None else days <= today
    if not kept.any():
        kept[:] = True
    start, end = core(days[kept], counts[kept])
    places = np.flatnonzero(kept)
    kept[: places[start]] = False
    kept[places[end] + 1 :] = False
    return kept


def core(days: Whole, counts: Whole) -> tuple[int, int]:
    """The places of the first and last of the sorted `days` once those that lie alone are cut off at either end.

    At most one order in 200 (or one) may lie beyond a silence of 90 days or more that is at least five times the
    longest silence of what stays.

    >>> core(np.array([0, *range(4000, 4070, 7), 4400]), np.ones(12, dtype=np.int64))
    (1, 10)
    """
    gaps, upto = np.diff(days), np.cumsum(counts)
    allowed = max(1.0, float(upto[-1]) / ORDERS_FOR_EACH)
    wide = np.flatnonzero(gaps >= LEAST_SILENCE)
    left = _inside_out(gaps, wide[upto[wide] <= allowed][::-1])
    right = _inside_out(gaps, wide[upto[-1] - upto[wide] <= allowed])
    best, beyond = (0, len(days) - 1), 0
    for before, after in product([None, *left], [None, *right]):
        start, end = 0 if before is None else before + 1, len(days) - 1 if after is None else after
        if end - start + 1 < _LEAST_DAYS:
            continue
        least = TIMES_THE_NEXT * max(int(gaps[start:end].max()), 1)
        cut = [place for place in (before, after) if place is not None]
        outside = int(upto[-1] - upto[end] + (upto[start - 1] if start else 0))
        if outside > beyond and all(gaps[place] >= least for place in cut):
            best, beyond = (start, end), outside
    return best


def _inside_out(gaps: Whole, places: Whole) -> list[int]:
    """Of the wide gaps, seen from the middle outwards, those that are five times every one before."""
    found, longest = [], 0
    for place in places.tolist():
        if gaps[place] >= TIMES_THE_NEXT * longest:
            found.append(place)
        longest = max(longest, int(gaps[place]))
    return found


def set_aside(
    con: duckdb.DuckDBPyConnection, found: Trade, *, keep: bool = False, words: Wording = Wording()
) -> tuple[str, ...]:
    """Move what lies beyond the days of trade from `orders` and `adjustments` to tables of its own, and say so.

    `keep`: the owner said that the days are right, so everything stays where it is.
    """
    if not found.strays:
        return ()
    ordered = f"(day < {found.first} OR day > {found.last})"
    moved = f"(day < {found.first_money} OR day > {found.last_money})"
    alone = rows(
        con,
        f"SELECT * FROM (SELECT order_id, day, revenue::DOUBLE FROM orders WHERE {ordered} UNION ALL "
        f"SELECT NULL, day, revenue::DOUBLE FROM adjustments WHERE {moved}) ORDER BY day, order_id",
    )
    if keep:
        return (_sentence(alone, found, "{It} {counts} like any other, as you said.", words=words),) if alone else ()
    for table, beyond in (("orders", ordered), ("adjustments", moved)):
        rows(con, f"CREATE OR REPLACE TABLE stray_{table} AS SELECT * FROM {table} WHERE {beyond}")
        rows(con, f"DELETE FROM {table} WHERE {beyond}")
    rows(
        con,
        "UPDATE orders SET rank = orders.rank - s.earlier FROM (SELECT customer_id, count(*)::INTEGER AS earlier FROM "
        f"stray_orders WHERE day < {found.first} GROUP BY customer_id) s WHERE orders.customer_id = s.customer_id",
    )
    if not alone:  # all of them lie after the day looked back from
        return ()
    people = rows(
        con,
        "SELECT count(DISTINCT customer_id) FROM stray_orders WHERE customer_id IS NOT NULL AND customer_id NOT IN "
        "(SELECT customer_id FROM orders WHERE customer_id IS NOT NULL)",
    )[0][0]
    return (_sentence(alone, found, _LEFT_OUT, words=words) + _no_customers(people, words),)


def _no_customers(people: int, words: Wording) -> str:
    """That whoever has no other order is no customer yet."""
    if not people:
        return ""
    said = words.count(people, "person", "people", of=Of("strays_alone"))
    are = "is no customer" if people == 1 else "are no customers"
    return f" {said} with no other order {are} until then."


_LEFT_OUT = (
    "{Its} money ({money}) counts, but {it} {moves} no first or last day and {is_} left out of months, cohorts and "
    "forecasts until you say that {its} {days} right."
)
_ONE = {"It": "It", "counts": "counts", "Its": "Its", "it": "it", "moves": "moves", "is_": "is", "its": "its",
        "days": "day is"}  # fmt: skip
_MANY = {"It": "They", "counts": "count", "Its": "Their", "it": "they", "moves": "move", "is_": "are", "its": "their",
         "days": "days are"}  # fmt: skip


def _sentence(alone: Sequence[tuple[Any, ...]], found: Trade, then: str, *, words: Wording) -> str:
    """Each stray (number, day, money) by name, at most five, and `then` what becomes of them."""
    named = "; ".join(_named(number, int(day), found, words) for number, day, _ in alone[:_NAMED])
    rest = words.count(len(alone) - _NAMED, of=Of("strays_not_named"))
    more = f"; and {rest} more" if len(alone) > _NAMED else ""
    money = words.money(sum(row[2] for row in alone), of=Of("revenue", group="strays"))
    return f"{named}{more}. {then.format(money=money, **(_ONE if len(alone) == 1 else _MANY))}"


def _named(number: str | None, day: int, found: Trade, words: Wording) -> str:
    """One stray by its number and day, and how far it lies from the rest."""
    first, last = (found.first, found.last) if number else (found.first_money, found.last_money)
    what = "A refund or correction" if number is None else _order(number)
    away = abs(day - (first if day < first else last))
    where = f"lies alone, {words.count(away, 'day', of=Of('stray_days', group=what))} "
    where += "before all others" if day < first else "after all others"
    if found.today is not None and day > found.today:
        where = f"is dated later than today ({words.date(date(found.today))})"
    return f"{what} of {words.date(date(day))} {where}"


def _order(number: str) -> str:
    return "An order" if number.startswith(ROW_KEY) else f"Order {number}"

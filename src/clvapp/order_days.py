"""Spend by customer and day -> order days as arrays, and how long a customer's silence has to be to mean something.

The ground that repeat purchases, cohorts, segments and then-and-now stand on: one row a customer and day becomes plain
arrays once, so that whatever asks about a customer asks about all of them at the same time.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clvapp.classify import Bools, Floats, Integers

SILENT_SHARE = 0.9  # nine in ten gaps are shorter than what counts as long silence
OWN_GAPS = 3  # gaps from which on a customer has a rhythm of their own
YOUNG_DAYS = 30
LAPSED_AFTER = 2.0  # limits of silence
NEW, ACTIVE, SLIPPING, LAPSED, REFUNDED = "new", "active", "slipping", "lapsed", "refunded everything"
STATES = (NEW, ACTIVE, SLIPPING, LAPSED, REFUNDED)


@dataclass(frozen=True)
class OrderDays:
    """Order days, oldest first within each customer; days are whole numbers since 1970.

    Attributes
    ----------
    ids
        the customers with at least one order, those refunded later included
    since, last
        by customer: the day of the first and of the last order
    who, day, revenue
        by order day: the customer's place in `ids`, the day, and the day's money (above 0)
    number
        by order day: 1 for a customer's first, 2 for the second, ...
    gap
        by order day: days since the one before; NaN for the first
    """

    ids: pd.Index
    since: Integers
    last: Integers
    who: Integers
    day: Integers
    revenue: Floats
    number: Integers
    gap: Floats

    @property
    def first(self) -> Floats:
        """By customer: the first order day; NaN for who was refunded everything."""
        return self.nth(1)

    @property
    def count(self) -> Integers:
        """By customer: how many order days."""
        return np.bincount(self.who, minlength=len(self.ids))

    def nth(self, number: int) -> Floats:
        """By customer: the day of that order day; NaN for who has not had it."""
        found = np.full(len(self.ids), np.nan)
        here = self.number == number
        found[self.who[here]] = self.day[here]
        return found


def order_days(spend: pd.DataFrame, *, end_day: int | None = None) -> OrderDays:
    """The order days of `spend` (`customer_id`, `day`, `revenue`, `orders`: a row a customer and day with money).

    Nothing after `end_day` is looked at. An order day has an order and money above nothing after its refunds.
    """
    ordered = spend["orders"].to_numpy() > 0
    if end_day is not None:
        ordered &= spend["day"].to_numpy() <= end_day
    rows = spend[ordered]
    codes, ids = pd.factorize(rows["customer_id"])
    return from_arrays(
        pd.Index(ids),
        codes.astype(np.intp),
        rows["day"].to_numpy(np.intp),
        revenue=rows["revenue"].to_numpy(np.float64),
    )


def from_arrays(ids: pd.Index, who: Integers, day: Integers, *, revenue: Floats) -> OrderDays:
    """The same of arrays with a row a customer (a place in `ids`) and day with an order."""
    order = np.lexsort((day, who))
    who, day, revenue = who[order], day[order], revenue[order]
    since = np.full(len(ids), np.iinfo(np.int64).max)
    np.minimum.at(since, who, day)
    last = np.full(len(ids), np.iinfo(np.int64).min)
    np.maximum.at(last, who, day)
    paid = revenue > 0
    who, day, revenue = who[paid], day[paid], revenue[paid]
    starts = np.flatnonzero(np.r_[True, who[1:] != who[:-1]]) if len(who) else np.empty(0, np.intp)
    sizes = np.diff(np.r_[starts, len(who)])
    number = np.arange(len(who)) - np.repeat(starts, sizes) + 1
    gap = np.r_[np.nan, np.diff(day)] if len(day) else np.empty(0)
    gap = np.where(number > 1, gap, np.nan)
    return OrderDays(ids, since, last, who, day, revenue, number, gap)


def sorted_quantiles(values: Floats, who: Integers, customers: int, q: float) -> Floats:
    """The quantile `q` of each customer's values, linear between neighbours; NaN for who has none.

    The values stand in order within each customer, customers in order.
    """
    sizes = np.bincount(who, minlength=customers)
    starts = np.cumsum(sizes) - sizes
    found = np.full(customers, np.nan)
    some = sizes > 0
    at = q * (sizes[some] - 1)
    below = np.floor(at).astype(np.intp)
    above = np.minimum(below + 1, sizes[some] - 1)
    low, high = values[starts[some] + below], values[starts[some] + above]
    found[some] = low + (at - below) * (high - low)
    return found


@dataclass(frozen=True)
class Rhythm:
    """How often customers buy, in days: by customer `usual` (the median gap) and `limit` (nine in ten are shorter).

    Their own where `own` says so (three gaps or more), the shop's elsewhere; infinite where nobody ever came back.
    """

    usual: Floats
    limit: Floats
    own: Bools
    shop_usual: float
    shop_limit: float


def rhythm(days: OrderDays) -> Rhythm:
    """Each customer's own rhythm where they have one, the shop's where not."""
    returned = days.number > 1
    gap, who = days.gap[returned], days.who[returned]
    order = np.lexsort((gap, who))
    return rhythm_of(gap[order], who[order], len(days.ids))


def rhythm_of(gap: Floats, who: Integers, customers: int) -> Rhythm:
    """The same of gaps that stand in order within each customer, customers in order."""
    own = np.bincount(who, minlength=customers) >= OWN_GAPS
    shop = [float(np.quantile(gap, q)) if len(gap) else float("inf") for q in (0.5, SILENT_SHARE)]
    usual, limit = (
        np.where(own, sorted_quantiles(gap, who, customers, q), of_shop)
        for q, of_shop in zip((0.5, SILENT_SHARE), shop, strict=True)
    )
    return Rhythm(usual, limit, own, *shop)


def states(days: OrderDays, *, end_day: int) -> NDArray[np.object_]:
    """By customer, where they stand in their life as a customer, judged by `rhythm`.

    New: the first order is at most 30 days ago. Active: silent for no longer than nine in ten gaps take. Slipping: for
    up to twice that. Lapsed: for longer. Who gave everything back stands apart.
    """
    return state_of(days.count > 0, end_day - days.last, rhythm(days).limit, end_day - days.since)


def state_of(bought: Bools, silence: Integers, limit: Floats, age: Integers) -> NDArray[np.object_]:
    """The same from whether they have an order day, days since the last and first order, and the limit of silence."""
    holds = [~bought, silence > LAPSED_AFTER * limit, silence > limit, age <= YOUNG_DAYS]
    names = np.array([REFUNDED, LAPSED, SLIPPING, NEW, ACTIVE], dtype=object)
    found: NDArray[np.object_] = names[np.select(holds, range(len(holds)), len(holds))]
    return found


def usual_silence(spend: pd.DataFrame) -> float | None:
    """The days that nine in ten of the shop's gaps between order days take; None where nobody came back."""
    limit = rhythm(order_days(spend)).shop_limit
    return None if np.isinf(limit) else limit


def long_silent(customers: pd.DataFrame, spend: pd.DataFrame) -> pd.Series:
    """Who has been silent for longer than nine in ten gaps between order days.

    The gaps are the shop's, or the customer's own once they have three.

    Returns a boolean by customer_id. In a shop where nobody came back there is no gap to compare with: nobody
    is silent.
    """
    days = order_days(spend)
    found = rhythm(days)
    silence = customers.set_index("customer_id")["days_since_last_order"]
    limit = pd.Series(found.limit, index=days.ids).reindex(silence.index).fillna(found.shop_limit)
    return (silence > limit).rename("long_silent")

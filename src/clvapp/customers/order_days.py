"""Spend by customer and day -> what an order day is, and all of them as arrays.

The ground that repeat purchases, cohorts, segments and then-and-now stand on: one row a customer and day becomes plain
arrays once, so that whatever asks about a customer asks about all of them at the same time.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import overload

import narwhals as nw
import numpy as np
import pandas as pd

from clvapp.stats import Bools, Floats, Integers


@overload
def is_order_day(paid: nw.Expr) -> nw.Expr: ...
@overload
def is_order_day(paid: Floats) -> Bools: ...
def is_order_day(paid: nw.Expr | Floats) -> nw.Expr | Bools:
    """Whether a customer's day is an order day, from what was `paid` for its orders, less refunds linked to them.

    A refund that no sale could be linked to is money of its day. It is not in `paid`, and never undoes an order day.
    """
    return paid > 0


REPEAT = 2  # the number of the order day that makes a repeat customer: it and all later ones are returns


@dataclass(frozen=True)
class DailyMoney:
    """A row a customer and day with money, as arrays: `who` is a place in `OrderDays.ids`, -1 for who has no order."""

    who: Integers
    day: Integers
    revenue: Floats
    paid: Floats
    orders: Integers


@dataclass(frozen=True)
class OrderDays:
    """Order days, oldest first within each customer; days are whole numbers since 1970.

    Attributes
    ----------
    ids
        the customers with at least one order, those refunded later included
    since, last
        by customer: the day of the first and of the last order
    who, day, paid
        by order day: the customer's place in `ids`, the day, and what was paid for its orders (above 0)
    number
        by order day: 1 for a customer's first, 2 for the second, ...
    gap
        by order day: days since the one before; NaN for the first
    money
        all money that moved, order day or not
    """

    ids: pd.Index
    since: Integers
    last: Integers
    who: Integers
    day: Integers
    paid: Floats
    number: Integers
    gap: Floats
    money: DailyMoney

    @cached_property
    def returns(self) -> Bools:
        """By order day: whether the customer came back with it."""
        return self.number >= REPEAT

    @cached_property
    def first(self) -> Floats:
        """By customer: the first order day; NaN for who was refunded everything."""
        return self.nth(1)

    @cached_property
    def latest(self) -> Floats:
        """By customer: the last order day; NaN for who was refunded everything."""
        found = np.full(len(self.ids), np.nan)
        found[self.who] = self.day  # oldest first: the last one stays
        return found

    @cached_property
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
    """The order days of `spend`, a row a customer and day: `customer_id`, `day`, `revenue`, `orders`, `paid`.

    Nothing after `end_day` is looked at.
    """
    rows = spend if end_day is None else spend[spend["day"].to_numpy() <= end_day]
    codes, people = pd.factorize(rows["customer_id"])
    orders = rows["orders"].to_numpy(np.intp)
    customer = np.bincount(codes[orders > 0], minlength=len(people)) > 0
    place = np.where(customer, np.cumsum(customer) - 1, -1)
    revenue, paid = (rows[name].to_numpy(np.float64) for name in ("revenue", "paid"))
    money = DailyMoney(place[codes], rows["day"].to_numpy(np.intp), revenue, paid, orders)
    return _of(pd.Index(people)[customer], money)


def _of(ids: pd.Index, money: DailyMoney) -> OrderDays:
    ordered = money.orders > 0
    order = np.flatnonzero(ordered)
    order = order[np.lexsort((money.day[order], money.who[order]))]
    who, day, paid = money.who[order], money.day[order], money.paid[order]
    ends = np.append(who[1:] != who[:-1], True) if len(who) else np.empty(0, bool)
    since, last = day[np.roll(ends, 1)], day[ends]
    counts = is_order_day(paid)
    who, day, paid = who[counts], day[counts], paid[counts]
    sizes = np.bincount(who, minlength=len(ids))
    number = np.arange(len(who)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    gap = np.where(number > 1, np.diff(day, prepend=0), np.nan)
    return OrderDays(ids, since, last, who, day, paid, number, gap, money)

"""Order days -> what each customer had done by any day, as sums, the same way for today and for an earlier date.

"Then" is what today's file says of the orders up to that day. So statuses and undated refunds count as we know them
now.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clvapp.customers.order_days import REPEAT, OrderDays
from clvapp.customers.rhythm import enough, is_silent, rhythm
from clvapp.memo import Views, keeping
from clvapp.stats import Bools, Floats, Integers
from clvapp.value import simple

SECOND_WITHIN = 30
_DAYS = 100  # who was active is kept for so many days: the months of a trend, and their starts
SUMS = (
    "customers", "revenue_so_far", "shop_revenue", "shop_orders", "revenue", "orders", "buyers", "new",
    "existing_revenue", "asked", "came_again", "active", "active_before", "kept", "worth_revenue",
    "exposure", "years", "worth_customers",
)  # fmt: skip


Sums = dict[str, NDArray[Any]]  # numbers, or yes/no to count


@dataclass(eq=False)
class History:
    """Everything that moved, oldest first; days are whole numbers since 1970.

    Attributes
    ----------
    bought
        the order days of all customers
    who, day, revenue, orders
        one row per customer and day with money. `who` is the customer's place in `bought.ids`; numbers beyond those
        stand for days on which money moved that belongs to no customer
    units
        the number of customers plus the number of such days
    second
        by customer: the second order day; NaN if there is none
    burn_in_end
        customers from before it may be old ones who only look new
    """

    bought: OrderDays
    who: Integers
    day: Integers
    revenue: Floats
    orders: Integers
    units: int
    second: Floats
    burn_in_end: int | None
    views: Views = field(default_factory=dict, repr=False)

    @cached_property
    def first_day(self) -> int:
        """The day of the first order in the file."""
        return int(self.day[self.orders > 0].min())


def history(bought: OrderDays, *, unnamed: pd.DataFrame | None = None, burn_in_end: int | None = None) -> History:
    """The history of everything that moved, and of `unnamed` money (one row per day: `day`, `revenue`, `orders`)."""
    money = bought.money
    more = pd.DataFrame({"day": [], "revenue": [], "orders": []}) if unnamed is None else unnamed
    day, orders = (np.append(getattr(money, name), more[name].to_numpy(np.intp)) for name in ("day", "orders"))
    revenue = np.append(money.revenue, more["revenue"].to_numpy(np.float64))
    who = np.append(money.who, np.full(len(more), -1))
    days, places = np.unique(day[who < 0], return_inverse=True)
    who[who < 0] = len(bought.ids) + places
    order = np.argsort(day, kind="stable")
    return History(
        bought, who[order], day[order], revenue[order], orders[order], len(bought.ids) + len(days),
        bought.nth(REPEAT), burn_in_end,
    )  # fmt: skip


@keeping(_DAYS)
def active(seen: History, day: int) -> Bools:
    """By customer, whether they were new or active on `day`, as `customers.rhythm` tells it; nobody if it cannot."""
    people = len(seen.bought.ids)
    upto = int(np.searchsorted(seen.day, day, side="right"))
    ordered = (seen.orders[:upto] > 0) & (seen.who[:upto] < people)
    last = np.full(people, np.iinfo(np.int64).min // 2)
    last[seen.who[:upto][ordered]] = seen.day[:upto][ordered]  # oldest first, so the latest stays
    limit = rhythm(seen.bought, end_day=day).limit
    found: Bools = (seen.bought.first <= day) & ~is_silent(day - last, limit)
    return found & has_states(seen, day)


def has_states(seen: History, day: int) -> bool:
    """Whether enough people had come back by `day` to tell who was active."""
    return enough(int((seen.bought.returns & (seen.bought.day <= day)).sum()))


def sums(seen: History, day: int, days: int) -> Sums:
    """What each unit adds to the key figures of `day`, over windows of `days` days: for each name in `SUMS`, an array.

    An array has one value per unit. If only customers add to a sum, it has one per customer; they are the first units.
    """
    people, start = len(seen.bought.ids), day - days
    since = seen.bought.since
    upto, before = np.searchsorted(seen.day, [day, start], side="right")
    known = since <= day

    def of(values: np.ndarray, first: int) -> Floats:
        rows = slice(first, upto)
        added: Floats = np.bincount(seen.who[rows], weights=values[rows], minlength=seen.units).astype(np.float64)
        return added

    shop_revenue, shop_orders = of(seen.revenue, before), of(seen.orders, before)
    revenue, orders = shop_revenue[:people] * known, shop_orders[:people]
    then_active = active(seen, start)
    asked, came_again = _second(seen, day, start)
    return {
        "customers": known,
        "revenue_so_far": of(seen.revenue, 0)[:people] * known,
        "shop_revenue": shop_revenue,
        "shop_orders": shop_orders,
        "revenue": revenue,
        "orders": orders,
        "buyers": orders > 0,
        "new": known & (since > start),
        "existing_revenue": revenue * (since <= start),
        "asked": asked,
        "came_again": came_again,
        "active": active(seen, day),
        "active_before": then_active,
        "kept": then_active & (orders > 0),
        **_worth(seen, day),
    }


def totals(seen: History, day: int, days: int) -> Floats:
    """The sums over all units, in the order of `SUMS`."""
    found = sums(seen, day, days)
    return np.array([float(found[name].sum()) for name in SUMS])


def _second(seen: History, day: int, start: int) -> tuple[Bools, Bools]:
    """Who completed their first 30 days within the window, and which of them had bought again by then."""
    reached = seen.bought.first + SECOND_WITHIN
    asked = (reached > start) & (reached <= day)
    return asked, asked & (seen.second <= reached)


def _worth(seen: History, day: int) -> dict[str, Floats]:
    """What the simple formula averages, by customer, for those who bought in the 12 months before `day`."""
    people = len(seen.bought.ids)
    none = {name: np.zeros(people) for name in ("worth_revenue", "exposure", "years", "worth_customers")}
    if day < seen.first_day:
        return none
    start, year, _ = simple.window_start(seen.first_day, day)
    before, upto = np.searchsorted(seen.day, [start, day], side="right")
    who = seen.who[before:upto]
    revenue, orders = (
        np.bincount(who, weights=values[before:upto], minlength=seen.units)[:people]
        for values in (seen.revenue, seen.orders)
    )
    bought = np.flatnonzero(orders > 0)
    frame = simple.exposures(
        pd.DataFrame({"first_day": seen.bought.since[bought]}), start_day=start, end_day=day, year_days=year
    )
    ones = np.ones(len(bought))
    exposure, years = (frame[name].to_numpy(np.float64) for name in ("exposure_years", "years"))
    for name, value in zip(none, (revenue[bought], exposure, years, ones), strict=True):
        none[name][bought] = value
    return none

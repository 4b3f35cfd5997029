"""Spend by day -> what each customer had done by any day, as sums: the same for today and for an earlier date.

"Then" is what would be read today from the orders up to that day: statuses and refunds without a date of their own
count as they are known now.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.classify import Bools, Floats, Integers
from clvapp.order_days import ACTIVE, NEW, OrderDays, order_days, rhythm_of, state_of
from clvapp.value import simple

SECOND_WITHIN = 30
SUMS = (
    "customers", "revenue_so_far", "shop_revenue", "shop_orders", "revenue", "orders", "buyers", "new",
    "existing_revenue", "asked", "came_again", "active", "active_before", "kept", "worth_revenue",
    "worth_orders", "exposure", "years", "worth_customers",
)  # fmt: skip


@dataclass(frozen=True)
class History:
    """Everything that moved, oldest first; days are whole numbers since 1970.

    Attributes
    ----------
    bought
        the order days of all customers
    who, day, revenue, orders
        a row a customer and day with money: the customer's place in `bought.ids`, or beyond them a day on which money
        moved that no customer can be named for
    units
        how many customers and such days there are
    gap_who, gap, gap_day
        gaps between order days, shortest first within each customer, and the day each ended
    burn_in_end
        customers from before it may be old ones who only look new
    """

    bought: OrderDays
    who: Integers
    day: Integers
    revenue: Floats
    orders: Integers
    units: int
    gap_who: Integers
    gap: Floats
    gap_day: Integers
    burn_in_end: int | None

    @property
    def first_day(self) -> int:
        """The day of the first order in the file."""
        return int(self.day[self.orders > 0].min())


def history(spend: pd.DataFrame, *, unnamed: pd.DataFrame | None = None, burn_in_end: int | None = None) -> History:
    """The history of `spend` (a row a customer and day with money) and of `unnamed` (a row a day: money of nobody)."""
    bought = order_days(spend)
    who = bought.ids.get_indexer(pd.Index(spend["customer_id"])).astype(np.intp)
    nobody = spend.loc[who < 0, ["day", "revenue", "orders"]]
    both = nobody if unnamed is None else pd.concat([nobody, unnamed[["day", "revenue", "orders"]]])
    days, places = np.unique(both["day"].to_numpy(np.intp), return_inverse=True)
    who = np.concatenate([who[who >= 0], len(bought.ids) + places])
    rows = pd.concat(
        [spend[bought.ids.get_indexer(pd.Index(spend["customer_id"])) >= 0][["day", "revenue", "orders"]], both]
    )
    day = rows["day"].to_numpy(np.intp)
    order = np.argsort(day, kind="stable")
    returned = np.flatnonzero(bought.number > 1)
    returned = returned[np.lexsort((bought.gap[returned], bought.who[returned]))]
    return History(
        bought, who[order], day[order], rows["revenue"].to_numpy(np.float64)[order],
        rows["orders"].to_numpy(np.intp)[order], len(bought.ids) + len(days), bought.who[returned],
        bought.gap[returned], bought.day[returned], burn_in_end,
    )  # fmt: skip


def active(seen: History, day: int) -> Bools:
    """By customer, whether they were a customer by `day` and not silent for unusually long."""
    if day < seen.day[0]:
        return np.zeros(len(seen.bought.ids), bool)
    known = seen.gap_day <= day
    found = rhythm_of(seen.gap[known], seen.gap_who[known], len(seen.bought.ids))
    ordered = (seen.day <= day) & (seen.orders > 0) & (seen.who < len(seen.bought.ids))
    last = np.full(len(seen.bought.ids), np.iinfo(np.int64).min // 2)
    last[seen.who[ordered]] = seen.day[ordered]  # oldest first: the latest stays
    bought = seen.bought.day <= day
    some = np.bincount(seen.bought.who[bought], minlength=len(seen.bought.ids)) > 0
    state = state_of(some, day - last, found.limit, day - seen.bought.since)
    return np.isin(state, [NEW, ACTIVE]) & (seen.bought.since <= day)


def sums(seen: History, day: int, days: int) -> Floats:
    """What each unit adds to the key figures of `day`, windows `days` long: a row a unit, a column each of `SUMS`."""
    people, start = len(seen.bought.ids), day - days
    since = seen.bought.since
    upto, before = np.searchsorted(seen.day, [day, start], side="right")
    ever, inside = slice(0, upto), slice(before, upto)
    known = since <= day

    def of(values: np.ndarray, rows: slice) -> Floats:
        added: Floats = np.bincount(seen.who[rows], weights=values[rows], minlength=seen.units).astype(np.float64)
        return added

    found = {name: np.zeros(seen.units) for name in SUMS}
    found["shop_revenue"], found["shop_orders"] = of(seen.revenue, inside), of(seen.orders, inside)
    revenue, orders = found["shop_revenue"][:people] * known, found["shop_orders"][:people]
    now_active, then_active = active(seen, day), active(seen, start)
    asked, came_again = _second(seen, day, start)
    of_customers = {
        "customers": known,
        "revenue_so_far": of(seen.revenue, ever)[:people] * known,
        "revenue": revenue,
        "orders": orders,
        "buyers": orders > 0,
        "new": known & (since > start),
        "existing_revenue": revenue * (since <= start),
        "asked": asked,
        "came_again": came_again,
        "active": now_active,
        "active_before": then_active,
        "kept": then_active & (orders > 0),
        **_worth(seen, day),
    }
    for name, values in of_customers.items():
        found[name][:people] = values
    return np.column_stack([found[name] for name in SUMS])


def _second(seen: History, day: int, start: int) -> tuple[Bools, Bools]:
    """Who had been there for 30 days within the window, and of those, who had bought again by then."""
    reached = seen.bought.first + SECOND_WITHIN
    asked = (reached > start) & (reached <= day)
    return asked, asked & (seen.bought.nth(2) <= reached)


def _worth(seen: History, day: int) -> dict[str, Floats]:
    """What the simple formula is made of, by customer: those who bought in the 12 months before `day`."""
    people = len(seen.bought.ids)
    none = {
        name: np.zeros(people) for name in ("worth_revenue", "worth_orders", "exposure", "years", "worth_customers")
    }
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
    for name, value in zip(none, (revenue[bought], orders[bought], exposure, years, ones), strict=True):
        none[name][bought] = value
    return none

"""Order days -> how long a customer's silence has to be to mean something, and the state of each one's life.

Active, slipping and lapsed are told here and nowhere else: every page and file asks `states`, or `is_silent` and a
`Rhythm`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clvapp.customers.next_gap import known, spread, within
from clvapp.customers.order_days import OrderDays, order_days
from clvapp.stats import Bools, Floats, Integers
from clvapp.wording import Wording

SILENT_SHARE = 0.9  # nine in ten of those who come back do so before their silence counts as long


RETURNS_NEEDED = 20  # returns seen in the shop before a silence can mean anything


WATCHED = 5  # what happens later than so many are watched for says nothing


OWN_GAPS = 3  # gaps from which on a customer has a rhythm of their own


YOUNG_DAYS = 30


LAPSED_AFTER = 2.0  # limits of silence


NEW, ACTIVE, SLIPPING, LAPSED, REFUNDED = "new", "active", "slipping", "lapsed", "refunded everything"


LATE = (SLIPPING, LAPSED)  # silent for longer than the limit


STATES = (NEW, ACTIVE, SLIPPING, LAPSED, REFUNDED)


@dataclass(frozen=True)
class Rhythm:
    """How often customers buy, in days, by customer.

    Half of those who come back do so within `usual`, nine in ten within `limit`. Their own where `own` says so (three
    gaps or more), the shop's elsewhere. `returns` is how many were seen; infinite where nobody ever came back.
    """

    usual: Floats
    limit: Floats
    own: Bools
    shop_usual: float
    shop_limit: float
    returns: int

    @property
    def tells(self) -> bool:
        """Whether enough people came back for a silence to mean anything."""
        return enough(self.returns)


def enough(returns: int) -> bool:
    """Whether so many returns in a shop tell how long a silence is usual."""
    return returns >= RETURNS_NEEDED


def rhythm(days: OrderDays, *, end_day: int | None = None) -> Rhythm:
    """Each customer's own rhythm where they have one, the shop's where not, as known on `end_day`.

    `days` may go on after `end_day` (by default its last day with money); nothing later is looked at.
    """
    end = int(days.money.day.max(initial=0)) if end_day is None else end_day
    seen = days.day <= end
    back, people = days.returns & seen, len(days.ids)
    latest = np.full(people, np.nan)
    latest[days.who[seen]] = days.day[seen]  # oldest first: the last one stays
    gap, who, number = days.gap[back], days.who[back], days.number[back]
    if not len(gap):
        never = np.full(people, np.inf)
        return Rhythm(never, never.copy(), np.zeros(people, bool), float("inf"), float("inf"), 0)
    of = known(gap, who, end - latest)
    own = np.flatnonzero(of.gaps >= OWN_GAPS)
    without = number - 1 <= OWN_GAPS  # the shop's rhythm is for who has none: of the gaps before they had one
    waiting = of.waited[np.isfinite(of.waited) & (of.gaps < OWN_GAPS)]
    shop_usual, shop_limit = _of_who_comes_back(gap[without], waiting)
    usual, limit = np.full(people, shop_usual), np.full(people, shop_limit)
    usual[own] = _medians(gap, who, own)
    if len(own):
        limit[own] = np.maximum(within(spread(of), of.of(own), SILENT_SHARE), usual[own])
    return Rhythm(usual, limit, of.gaps >= OWN_GAPS, shop_usual, shop_limit, len(gap))


def _medians(gap: Floats, who: Integers, own: Integers) -> Floats:
    """The median gap of each customer in `own`. The next gap is as often longer as shorter, however few they are."""
    order = np.lexsort((gap, who))
    sizes = np.bincount(who)
    starts, half = (np.cumsum(sizes) - sizes)[own], sizes[own]
    ordered = gap[order]
    middle: Floats = (ordered[starts + (half - 1) // 2] + ordered[starts + half // 2]) / 2
    return middle


def _of_who_comes_back(gap: Floats, waiting: Floats) -> tuple[float, float]:
    """The days within which half, and nine in ten, of those who come back do so; `waiting` are silences cut off.

    By Kaplan and Meier (1958), as a share of those who come back as long as at least five are watched.
    """
    days = np.concatenate([gap, waiting])
    at, place = np.unique(days, return_inverse=True)
    came = np.bincount(place[: len(gap)], minlength=len(at))
    watched = len(days) - np.cumsum(np.bincount(place, minlength=len(at))) + np.bincount(place, minlength=len(at))
    back = 1 - np.cumprod(1 - came / watched)
    some = watched >= min(WATCHED, len(days))
    at, back = at[some], back[some]
    if back[-1] <= 0:  # the first came back after nearly everybody had been cut off
        return float(np.quantile(gap, 0.5)), float(np.quantile(gap, SILENT_SHARE))
    half, most = (float(at[np.searchsorted(back, share * back[-1] - 1e-12)]) for share in (0.5, SILENT_SHARE))
    return half, most


def is_silent(silence: Floats | Integers, limit: Floats) -> Bools:
    """By customer, whether the days since their last order are more than `limit`, within which nine in ten come back.

    An order that came back entirely breaks the silence too: they were heard of that day.
    """
    found: Bools = silence > limit
    return found


def silent_from(last: Integers, limit: Floats) -> Floats:
    """By customer, the first day on which they are silent, if they do not order again after the day `last`."""
    return np.floor(last + limit) + 1


def states(days: OrderDays, *, end_day: int, found: Rhythm | None = None) -> NDArray[np.object_]:
    """By customer, where they stand in their life as a customer, judged by their `Rhythm` (`found`, if known).

    New: the first order is at most 30 days ago. Active: silent no longer than nine in ten of those who come back are.
    Slipping: for up to twice that. Lapsed: for longer. Who gave everything back stands apart. None for everybody while
    the shop has seen fewer than 20 returns: nothing tells then how long a silence is usual.
    """
    found = rhythm(days, end_day=end_day) if found is None else found
    if not found.tells:
        return np.full(len(days.ids), None, dtype=object)
    silence = end_day - days.last
    young = end_day - days.since <= YOUNG_DAYS
    late = is_silent(silence, found.limit)
    holds = [days.count == 0, is_silent(silence, LAPSED_AFTER * found.limit), late, young]
    names = np.array([REFUNDED, LAPSED, SLIPPING, NEW, ACTIVE], dtype=object)
    told: NDArray[np.object_] = names[np.select(holds, range(len(holds)), len(holds))]
    return told


def long_silent(customers: pd.DataFrame, spend: pd.DataFrame, *, end_day: int | None = None) -> pd.Series:
    """Who of `customers` is slipping or lapsed, by customer_id: nobody in a shop that has seen too few returns to tell.

    `customers` says how many days ago each ordered last (`days_since_last_order`), `spend` what is usual.
    """
    days = order_days(spend, end_day=end_day)
    found = rhythm(days, end_day=end_day)
    silence = customers.set_index("customer_id")["days_since_last_order"]
    limit = pd.Series(found.limit, days.ids).mask(days.count == 0, np.inf).reindex(silence.index)
    usual = np.asarray(limit.fillna(found.shop_limit), np.float64)
    late = is_silent(np.asarray(silence, np.float64), usual)
    return pd.Series(late & found.tells, silence.index, dtype=bool, name="long_silent")


def no_states(returns: int, words: Wording) -> str | None:
    """Why nobody is called active, slipping or lapsed in a shop that has seen so few `returns`; None if they are."""
    if enough(returns):
        return None
    seen = "Nobody has come back yet" if not returns else f"Only {words.count(returns, 'return')} were seen"
    seen = "Only one return was seen" if returns == 1 else seen
    return (
        f"{seen}, so nobody is called active, slipping or lapsed: from {words.number(RETURNS_NEEDED)} returns on it "
        "can be told how long a silence is usual."
    )

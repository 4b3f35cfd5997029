"""Order days -> how long a customer's silence has to be to mean something, and the state of each one's life."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clvapp.customers.order_days import OrderDays, order_days
from clvapp.stats import Bools, Floats, Integers

SILENT_SHARE = 0.9  # nine in ten gaps are shorter than what counts as long silence


OWN_GAPS = 3  # gaps from which on a customer has a rhythm of their own


YOUNG_DAYS = 30


LAPSED_AFTER = 2.0  # limits of silence


NEW, ACTIVE, SLIPPING, LAPSED, REFUNDED = "new", "active", "slipping", "lapsed", "refunded everything"


STATES = (NEW, ACTIVE, SLIPPING, LAPSED, REFUNDED)


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
    gap, who = days.gap[days.returns], days.who[days.returns]
    order = np.lexsort((gap, who))
    gap, who, people = gap[order], who[order], len(days.ids)
    usual, shop_usual = _of_own_or_shop(gap, who, people, 0.5)
    limit, shop_limit = _of_own_or_shop(gap, who, people, SILENT_SHARE)
    return Rhythm(usual, limit, np.bincount(who, minlength=people) >= OWN_GAPS, shop_usual, shop_limit)


def is_silent(silence: Floats | Integers, limit: Floats) -> Bools:
    """By customer, whether the days since their last order are more than `limit`, the days that nine in ten gaps take.

    An order that came back entirely breaks the silence too: they were heard of that day.
    """
    found: Bools = silence > limit
    return found


def silent_from(last: Integers, limit: Floats) -> Floats:
    """By customer, the first day on which they are silent, if they do not order again after the day `last`."""
    return np.floor(last + limit) + 1


def silence_limit(gap: Floats, who: Integers, customers: int) -> Floats:
    """By customer, how many days of silence are no more than usual (`Rhythm.limit`), of gaps in order as above."""
    return _of_own_or_shop(gap, who, customers, SILENT_SHARE)[0]


def _of_own_or_shop(gap: Floats, who: Integers, customers: int, q: float) -> tuple[Floats, float]:
    """The quantile `q` of each customer's own gaps, linear between neighbours; the shop's for who has too few."""
    shop = float(np.quantile(gap, q)) if len(gap) else float("inf")
    sizes = np.bincount(who, minlength=customers)
    own = np.flatnonzero(sizes >= OWN_GAPS)
    starts, at = (np.cumsum(sizes) - sizes)[own], q * (sizes[own] - 1)
    below = np.floor(at).astype(np.intp)
    low, high = gap[starts + below], gap[starts + np.minimum(below + 1, sizes[own] - 1)]
    found = np.full(customers, shop)
    found[own] = low + (at - below) * (high - low)
    return found, shop


def states(days: OrderDays, *, end_day: int) -> NDArray[np.object_]:
    """By customer, where they stand in their life as a customer, judged by `rhythm`.

    New: the first order is at most 30 days ago. Active: silent for no longer than nine in ten gaps take. Slipping: for
    up to twice that. Lapsed: for longer. Who gave everything back stands apart.
    """
    silence, limit = end_day - days.last, rhythm(days).limit
    young = end_day - days.since <= YOUNG_DAYS
    holds = [days.count == 0, is_silent(silence, LAPSED_AFTER * limit), is_silent(silence, limit), young]
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
    usual = rhythm(days)
    silence = customers.set_index("customer_id")["days_since_last_order"]
    limit = pd.Series(usual.limit, index=days.ids).reindex(silence.index).fillna(usual.shop_limit)
    found = is_silent(silence.to_numpy(np.float64), np.asarray(limit, np.float64))
    return pd.Series(found, silence.index, dtype=bool, name="long_silent")

"""Two periods of one history -> why revenue changed, in parts that add up to the change exactly.

Customers' revenue = (new + back after a silence + active before x share of those kept) x orders each x value of an
order. Each factor's part is its Shapley value (1953): let the factors change one after another, and average what this
one adds over every sequence they could change in. So the parts add up, none is a remainder, and no sequence is
preferred.
"""

from itertools import product
from math import factorial

import numpy as np
import pandas as pd

from clvapp.stats import Floats
from clvapp.then_now.figures import is_known, window_days
from clvapp.then_now.history import SUMS, History, totals

FACTORS = ("new", "back", "before", "kept", "orders_each", "order_value")
PARTS = (
    ("new", "More customers", "New customers"),
    ("back", "More customers", "Customers back after a silence"),
    ("before", "More customers", "New and active customers to begin with"),
    ("kept", "Fewer leaving", "New and active customers who bought again"),
    ("orders_each", "More orders each", "Orders a buyer"),
    ("order_value", "Larger orders", "Value of an order"),
    ("unnamed", "Without a customer", "Money that no customer can be named for"),
)
_AFTER_BUYERS = 4  # where the parts begin that are not about who bought
BUYERS = ("buyers", "More customers", "Customers who bought")


def bridge(seen: History, then: int, now: int, *, days: int | None = None) -> pd.DataFrame:
    """Why the shop's revenue in the `days` up to `now` differs from that in the `days` up to `then`.

    If the file cannot tell who was new or active, buyers are one part. If the days reach back before the file, there
    are no parts.

    Returns one row per part: `part`, `why` (one of the four that owners ask about), `label`, `then`, `now` (the
    factor's value: counts, a share, orders, money), `change` (money; adds up exactly to the change of revenue). `days`
    as in `compare`.
    """
    days = window_days(then, now) if days is None else days
    if not all(is_known(seen, day, days, "revenue") for day in (then, now)):
        return pd.DataFrame(columns=["part", "why", "label", "then", "now", "change"])
    new_known = all(is_known(seen, day, days, key) for day in (then, now) for key in ("new_customers", "kept_share"))
    found = [dict(zip(SUMS, totals(seen, day, days).tolist(), strict=True)) for day in (then, now)]
    before, after = (_factors(one, new_known=new_known) for one in found)
    nameless = [one["shop_revenue"] - one["revenue"] for one in found]
    parts = np.append(shapley(before, after), nameless[1] - nameless[0])
    named = PARTS if new_known else (BUYERS, *PARTS[_AFTER_BUYERS:])
    frame = pd.DataFrame(named, columns=["part", "why", "label"])
    return frame.assign(then=[*before, nameless[0]], now=[*after, nameless[1]], change=parts)


def _factors(total: dict[str, float], *, new_known: bool) -> Floats:
    buyers, orders, before = total["buyers"], total["orders"], total["active_before"]
    who = [buyers]
    if new_known:
        new, kept = total["new"], total["kept"]
        who = [new, buyers - new - kept, before, kept / before if before else 0.0]
    return np.array([*who, orders / buyers if buyers else 0.0, total["revenue"] / orders if orders else 0.0])


def _revenue(factors: Floats) -> Floats:
    *who, each, value = np.moveaxis(factors, -1, 0)
    new, back, before, kept = who if len(who) > 1 else (who[0], 0.0, 0.0, 0.0)
    money: Floats = (new + back + before * kept) * each * value
    return money


def shapley(before: Floats, after: Floats) -> Floats:
    """What each factor adds to the change of revenue. The parts add up to it.

    Factors are those of `FACTORS`; or buyers, orders each and the value of an order.
    """
    n = len(before)
    changed = np.array(list(product([False, True], repeat=n)))
    money = _revenue(np.where(changed, after, before))
    size = changed.sum(axis=1)
    weight = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) if s < n else 0.0 for s in size])
    places = 2 ** np.arange(n - 1, -1, -1)
    row = np.arange(len(changed))
    parts = []
    for i in range(n):
        without = ~changed[:, i]
        parts.append(float(np.sum(weight[without] * (money[row[without] + places[i]] - money[without]))))
    return np.array(parts)

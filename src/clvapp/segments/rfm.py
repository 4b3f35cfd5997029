"""Customers -> scores from 1 to 5 for how recently, how often and for how much they bought, with visible cut-offs.

If half the customers bought once, fifths of frequency collapse: several of them are the same number. So a frequency of
1 means bought once, and 2 to 5 split those who came back, at rising whole numbers of order days. Recency and money are
cut into fifths at distinct values. If ties leave a score empty, that is said.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.customers.order_days import REPEAT
from clvapp.stats import Floats, Integers

SCORES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Cuts:
    """Where each score begins.

    Attributes
    ----------
    days
        the most days since the last order for a recency of 5, 4, 3, 2; beyond these it is 1
    times
        the fewest order days for a frequency of 2, 3, 4, 5
    money
        the revenue to exceed for a money score of 2, 3, 4, 5
    """

    days: tuple[int, ...]
    times: tuple[int, ...]
    money: tuple[float, ...]


def cuts(customers: pd.DataFrame) -> Cuts:
    """Cut-offs for `customers` (`days_since_last_order`, `order_days`, `revenue`): fifths, one-time buyers apart."""
    if customers.empty:
        return Cuts((0, 0, 0, 0), (2, 3, 4, 5), (0.0,) * 4)
    fifths = (0.2, 0.4, 0.6, 0.8)
    days = [int(value) for value in np.quantile(customers["days_since_last_order"], fifths, method="inverted_cdf")]
    money = np.quantile(customers["revenue"], fifths, method="inverted_cdf")
    times = customers["order_days"].to_numpy()
    back = times[times >= REPEAT]
    quarters = np.quantile(back, (0.25, 0.5, 0.75), method="inverted_cdf") if len(back) else np.zeros(3)
    rising = [REPEAT]
    for quarter in quarters:
        rising.append(max(int(quarter), rising[-1]) + 1)
    return Cuts(tuple(days), tuple(rising), tuple(float(value) for value in money))


def scores(customers: pd.DataFrame, cut: Cuts) -> pd.DataFrame:
    """`recency`, `frequency`, `money` (1 to 5, 5 is best) of each of `customers`, aligned with them.

    A customer who was refunded for everything has no order days, and gets a frequency of 1.
    """
    since = customers["days_since_last_order"].to_numpy()
    return pd.DataFrame(
        {
            "recency": 5 - np.searchsorted(cut.days, since, side="left"),
            "frequency": 1 + np.searchsorted(cut.times, customers["order_days"].to_numpy(), side="right"),
            "money": 1 + _above(customers["revenue"].to_numpy(np.float64), cut.money),
        },
        index=customers.index,
    )


def _above(value: Floats, edges: tuple[float, ...]) -> Integers:
    """How many of the rising `edges` each value exceeds."""
    return np.searchsorted(edges, value, side="left").astype(np.intp)

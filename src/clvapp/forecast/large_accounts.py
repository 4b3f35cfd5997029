"""The few people who bring a tenth of the money: forecast by themselves, from their own rate and basket.

What models learn from thousands says little of them, and their errors would decide which candidate is believed.
"""

import numpy as np

from clvapp.days import YEAR
from clvapp.forecast.histories import Array
from clvapp.forecast.snapshot import Known
from clvapp.stats import Bools

SHARE, MOST, ORDER_DAYS = 0.1, 20, 6
_OF_MODEL = 2.0  # order days that the model's word on a rate counts as much as
_OF_OTHERS = 1.0  # and order days that others' baskets count as much as


def large(known: Known) -> Bools:
    """Who they are: the fewest with six order days each who brought a tenth of the last twelve months.

    Nobody, where that takes more than twenty.
    """
    _, money = _last_year(known)
    found = np.zeros(len(money), dtype=bool)
    total = float(np.maximum(money, 0.0).sum())
    able = np.flatnonzero((known.order_days >= ORDER_DAYS) & (money > 0))
    first = able[np.argsort(-money[able], kind="stable")][:MOST]
    brought = np.cumsum(money[first])
    enough = np.flatnonzero(brought >= SHARE * total)
    if total > 0 and len(enough):
        found[first[: enough[0] + 1]] = True
    return found


def own_forecast(known: Known, horizon: int, *, orders: Array, alive: Array, value: Array) -> tuple[Array, Array]:
    """Order days and money of everybody by their own last twelve months.

    `orders` is what a model expects within `horizon` days, `alive` its chance that the customer has not left, `value`
    what an order of theirs is worth by others' baskets. The rate has the model's as a prior, worth two order days.
    """
    days, money = _last_year(known)
    watched = np.minimum(_year(known), known.day - known.first + 1)
    window = np.maximum(watched, 1) / max(horizon, 1)
    by_model = orders / np.maximum(alive, 1e-3)
    rate = by_model * (days + _OF_MODEL) / (by_model * window + _OF_MODEL)
    basket = (np.maximum(money, 0.0) + _OF_OTHERS * value) / (days + _OF_OTHERS)
    expected = np.minimum(alive, 1.0) * rate
    return expected, expected * basket


def _year(known: Known) -> int:
    return min(YEAR, known.watched)


def _last_year(known: Known) -> tuple[Array, Array]:
    days, money = known.ledger.between(known.day - _year(known), known.day)
    return days[known.place], money[known.place]

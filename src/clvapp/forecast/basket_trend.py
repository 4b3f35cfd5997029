"""Order days -> how fast the value of an order has been rising within the same customers, and what that makes of money.

The slope of the log of an order day's value on time, each customer compared with themselves alone. Its error is told
by months as they were, one cluster each (Liang & Zeger 1986), so that a few odd months make no trend. Most shops have
none worth carrying on: the slope found is drawn towards none by how likely chance makes it (a spike and a slab).
Ahead, a trend is damped (Gardner & McKenzie 1985).
"""

from dataclasses import dataclass

import numpy as np

from clvapp.days import MEAN_YEAR, YEAR, months
from clvapp.forecast.histories import Array, Places
from clvapp.forecast.snapshot import Known

_LEAST_ORDERS = 200  # order days of people with two or more
_NONE, _SOME, _CHANCE_OF_NONE = 0.02, 0.15, 0.5  # spreads of a slope a year; the chance of the first of them
_DAMPED = 2.0  # years in which a trend loses all but 37 % of its pace
_MAY_STOP = 0.5  # of the rise ahead: its standard deviation
_CLEAR, _WORTH_SAYING = 3.0, 0.03  # standard errors; a year


@dataclass(frozen=True)
class Trend:
    """The log of the rise in a year as it is taken, its variance, and what was `seen` with its standard error."""

    slope: float
    variance: float
    seen: float
    error: float

    @property
    def clear(self) -> bool:
        """Whether it is beyond chance and large enough to be said."""
        return abs(self.seen) > max(_CLEAR * self.error, _WORTH_SAYING)

    def ahead(self, known: Known, money: Array, horizon: int) -> tuple[float, float]:
        """Log of the value of an order over the `horizon` days ahead over that of the past, and its variance.

        The past of a customer lies in the middle of their order days; customers count by the `money` expected of them.
        """
        total = float(money.sum())
        if not self.slope or not total > 0:
            return 0.0, 0.0
        past = (known.day - float(money @ known.middle) / total) / MEAN_YEAR
        years = horizon / MEAN_YEAR
        later = _DAMPED * (1 - _DAMPED / years * (1 - float(np.exp(-years / _DAMPED))))
        spread = self.variance * (past + later) ** 2 + (_MAY_STOP * self.slope * later) ** 2
        return self.slope * (past + later), spread


NO_TREND = Trend(0.0, 0.0, 0.0, 0.0)


def trend(known: Known) -> Trend:
    """The trend until the day known; none where a year has not been seen."""
    book = known.ledger
    chosen = book.order_day & (book.day <= known.day)
    owner = book.customer[chosen]
    size = len(book.customer_ids)
    count = np.bincount(owner, minlength=size)
    again = count[owner] > 1
    if known.watched < YEAR or again.sum() < _LEAST_ORDERS:
        return NO_TREND
    owner = owner[again]
    day, value = book.day[chosen][again], np.log(book.paid[chosen][again])
    time, value = (_within(part, owner, count) for part in (day / MEAN_YEAR, value))
    square = float(time @ time)
    if not square > 0:
        return NO_TREND
    seen = float(time @ value) / square
    scores = time * (value - seen * time)
    error = max(_clustered(scores, of) for of in (months(day), owner)) / square
    return _taken(seen, error)


def _within(values: Array, owner: Places, count: Places) -> Array:
    """Each value less its customer's mean."""
    mean = np.bincount(owner, values, minlength=len(count)) / np.maximum(count, 1)
    found: Array = values - mean[owner]
    return found


def _clustered(scores: Array, cluster: Places) -> float:
    """The standard deviation of the sum of the scores, those of a cluster moving together."""
    sums = np.bincount(cluster - cluster.min(), scores)
    groups = max(len(np.unique(cluster)), 2)
    return float(np.sqrt(groups / (groups - 1) * (sums @ sums)))


def _taken(seen: float, error: float) -> Trend:
    """What is believed of a slope seen with that standard error."""
    kinds = [(_CHANCE_OF_NONE, _NONE), (1 - _CHANCE_OF_NONE, _SOME)]
    wide = np.array([spread**2 + error**2 for _, spread in kinds])
    logs = np.log([share for share, _ in kinds]) - 0.5 * (np.log(wide) + seen**2 / wide)
    weight = np.exp(logs - logs.max())
    weight = weight / weight.sum()
    slopes = np.array([0.0, seen * _SOME**2 / wide[1]])
    left = np.array([_NONE**2, _SOME**2 * error**2 / wide[1]])
    slope = float(weight @ slopes)
    return Trend(slope, float(weight @ (left + slopes**2)) - slope**2, seen, error)

"""Order days -> the days on which the whole shop was shut, which are nobody's silence.

A silence of the whole shop counts as a closure where chance cannot make it, where no other silence of the shop comes
near it, and where the same days of another year were not silent too: what stops every year is a season.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clvapp.days import MEAN_YEAR
from clvapp.forecast.histories import Places
from clvapp.forecast.snapshot import Ledger

_LEAST_DAYS = 21
_BY_CHANCE = 15.0  # order days expected of the silence: chance leaves them all out once in three million
_PACE_DAYS = 91  # the days before it that tell how many
_TIMES = 5.0  # the longest of the shop's other silences
_REOPENED = 5  # order days since, without which the shop has stopped rather than reopened
_SAME_DAYS = 0.5  # of the silence that were silent in another year as well


@dataclass(frozen=True)
class Closure:
    """The last day with an order before the shop closed, and the first one after it reopened."""

    last: int
    first: int

    @property
    def days(self) -> int:
        """On how many days nobody ordered."""
        return self.first - self.last - 1


def closures(ledger: Ledger, day: int) -> tuple[Closure, ...]:
    """The closures of which it was known at `day` that they were over, oldest first."""
    ordered = np.sort(ledger.day[ledger.order_day & (ledger.day <= day)])
    days = np.unique(ordered)
    gaps = np.diff(days)
    long = [at for at in np.flatnonzero(gaps > _LEAST_DAYS) if _not_by_chance(ordered, int(days[at]), int(gaps[at]))]
    usual = np.delete(gaps, long).max(initial=1)
    found = [Closure(int(days[at]), int(days[at + 1])) for at in long if gaps[at] > _TIMES * usual]
    reopened = [one for one in found if (ordered >= one.first).sum() >= _REOPENED]
    return tuple(one for one in reopened if not _every_year(days, one))


def _not_by_chance(ordered: Places, last: int, gap: int) -> bool:
    before = ((ordered > last - _PACE_DAYS) & (ordered <= last)).sum()
    watched = min(_PACE_DAYS, last - int(ordered[0]) + 1)
    return bool(before * gap / watched >= _BY_CHANCE)


def _every_year(days: Places, one: Closure) -> bool:
    """Whether the shop was as good as silent on the same days of a year before or after."""
    shut = np.arange(one.last + 1, one.first)
    return any(_silent(days, shut + round(years * MEAN_YEAR)) for years in (-2, -1, 1, 2))


def _silent(days: Places, asked: Places) -> bool:
    """Whether most of what was watched of `asked` lies in silences as long."""
    inside = asked[(asked > days[0]) & (asked < days[-1])]
    if 2 * len(inside) < len(asked):
        return False
    place = np.searchsorted(days, inside)
    held: npt.NDArray[np.bool_] = np.minimum(days[place] - days[place - 1], len(asked)) > _SAME_DAYS * len(asked)
    return bool(held.mean() >= _SAME_DAYS)

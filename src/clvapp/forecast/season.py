"""Order days -> a clock that runs faster in busy months and not at all in closures: what models see is an even shop.

From two years on the pattern is that of repeat order days by calendar month beside a smooth trend (a Poisson regression
on month and its square). It is used only where one year foretold the other: the log ratios of the same calendar months,
a year apart, must go together beyond chance, and are drawn towards none by how little they do (Spearman 1910, Brown
1910). With one year watched (`one_year`), months are only evened out: none of them stands for the whole year.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from clvapp.days import MEAN_MONTH, MEAN_YEAR, MONTHS_IN_YEAR, first_days, months
from clvapp.forecast import one_year, poisson
from clvapp.forecast.closures import Closure, closures
from clvapp.forecast.histories import Array, Places
from clvapp.forecast.snapshot import Ledger

LEAST_MONTHS = 24
CHECKED_MONTHS = 36  # before, a back-test's cut has seen one year alone: the season is tested on nothing
_LEAST_ORDERS = 240  # ten a month: below, a month's ratio is mostly chance
_ONE_SIDED = 0.05
_FLAT = 1e-9  # precision of slopes of which nothing is known before
_LEAST_WATCHED = 1e-6  # of a month in which the shop was shut, which says nothing
_AHEAD = 3700  # days that the clock knows beyond the last: ten years
_DAYS_OF = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass(frozen=True, eq=False)
class Season:
    """`factor`: how busy each calendar month is, January first, 1 on average.

    `agreement` between years, at most 1; None where each month of the year was watched about once. `months`: whole
    ones that it was learned from.
    """

    factor: Array
    agreement: float | None
    months: int

    @cached_property
    def swing(self) -> float:
        """The busiest month as a multiple of the quietest."""
        return float(self.factor.max() / self.factor.min())


@dataclass(frozen=True, eq=False)
class Clock:
    """Days since 1970 -> days of an even year, those of `closed` left out; without either they are the same.

    `season_known`: whether there were years enough to tell a season, or that there is none.
    """

    season: Season | None = None
    start: int = 0
    until: int = 0
    closed: tuple[Closure, ...] = ()
    season_known: bool = False

    @property
    def plain(self) -> bool:
        """Whether it shows the days of the calendar."""
        return self.season is None and not self.closed

    @cached_property
    def _ticks(self) -> Array:
        days = np.arange(self.start, self.until + _AHEAD)
        factor = np.ones(MONTHS_IN_YEAR) if self.season is None else self.season.factor
        open_ = np.ones(len(days))
        for one in self.closed:
            open_[one.last + 1 - self.start : one.first - self.start] = 0
        ticks: Array = np.cumsum(factor[months(days) % MONTHS_IN_YEAR] * open_)
        return ticks

    def at(self, days: Places | int) -> Places:
        """The clock's time at the end of each day."""
        given = np.asarray(days, dtype="int64")
        if self.plain:
            return given
        ticks: Places = np.rint(self._ticks[np.clip(given - self.start, 0, len(self._ticks) - 1)]).astype("int64")
        return ticks

    def day_of(self, time: Array) -> Array:
        """The first day whose clock shows at least `time`; infinite where the clock ends before."""
        if self.plain:
            return np.ceil(time)
        place = np.searchsorted(self._ticks, np.where(np.isfinite(time), time, np.inf))
        return np.where(place < len(self._ticks), place + float(self.start), np.inf)


PLAIN = Clock()


def clock(ledger: Ledger, day: int) -> Clock:
    """The clock that what was known at `day` supports."""
    opened = Clock(None, ledger.start, day, closures(ledger, day))
    counts, watched, numbers = _monthly(ledger, day, opened)
    if len(counts) >= LEAST_MONTHS and counts.sum() >= _LEAST_ORDERS:
        return replace(opened, season=_of_years(counts, watched, numbers), season_known=True)
    if day - ledger.start + 1 < MEAN_YEAR:
        return opened
    factor = even_year(np.exp(one_year.monthly_logs(ledger, day, opened)))
    return replace(opened, season=Season(factor, None, len(counts)))


def even_year(factor: Array) -> Array:
    """The factors, of which a year has one a day on average."""
    even: Array = factor * _DAYS_OF.sum() / (factor @ _DAYS_OF)
    return even


def _of_years(counts: Array, watched: Array, numbers: Places) -> Season | None:
    """The pattern of the year, None where two years do not tell the same."""
    trend = _trend(counts, watched)
    logs = np.log((counts + 0.5) / (trend + 0.5))
    agreement = _agreement(logs, trend)
    if agreement is None:
        return None
    of_year = numbers % MONTHS_IN_YEAR
    logs = np.array([np.average(logs[of_year == month], weights=trend[of_year == month]) for month in range(12)])
    years = len(counts) / 12
    kept = years * agreement / (1 + (years - 1) * agreement)
    return Season(even_year(np.exp(kept * (logs - logs.mean()))), agreement, len(counts))


def _monthly(ledger: Ledger, day: int, opened: Clock) -> tuple[Array, Array, Places]:
    """Repeat order days of every whole calendar month, its open days in mean months, and its number."""
    chosen = ledger.repeat & (ledger.day <= day)
    month = months(ledger.day[chosen])
    first, last = months([ledger.start, day + 1])
    whole = np.arange(first + (first_days(first) < ledger.start), last)
    if not len(whole) or not chosen.any():
        return np.zeros(0), np.zeros(0), whole
    counts = np.bincount(np.clip(month - whole[0] + 1, 0, len(whole) + 1), minlength=len(whole) + 2)[1:-1]
    length = np.diff(opened.at(first_days([*whole, whole[-1] + 1]) - 1))
    return counts.astype("float64"), length / MEAN_MONTH, whole


def _trend(counts: Array, watched: Array) -> Array:
    """Poisson regression of the counts on month and month squared."""
    at = np.linspace(-1, 1, len(counts))
    design = np.column_stack([np.ones_like(at), at, at**2])
    found = poisson.slopes(design, counts, watched, precision=np.full(design.shape[1], _FLAT))
    trend: Array = np.maximum(watched, _LEAST_WATCHED) * poisson.rates(design, found)
    return trend


def _agreement(logs: Array, trend: Array) -> float | None:
    """The correlation of the same months a year apart, where chance alone would rarely make it as large.

    Months of few orders say little: a pair counts by the precision of its difference.
    """
    from scipy.stats import t as student

    weight = trend[:-12] * trend[12:] / (trend[:-12] + trend[12:])
    weight = weight / weight.sum()
    earlier, later = (part - weight @ part for part in (logs[:-12], logs[12:]))
    spread = (weight @ earlier**2) * (weight @ later**2)
    r = float(weight @ (earlier * later) / np.sqrt(spread)) if spread > 0 else 0.0
    freedom = 1 / float(weight @ weight) - 2
    if r <= 0 or freedom < 3:
        return None
    chance = float(student.sf(r * np.sqrt(freedom / max(1 - r * r, 1e-9)), freedom))
    return r if chance < _ONE_SIDED else None

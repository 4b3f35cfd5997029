"""Order days -> a clock that runs faster in busy months, so that models see a shop without seasons.

The pattern is that of repeat order days by calendar month beside a smooth trend (a Poisson regression on month and its
square). It is used only where one year foretold the other: the log ratios of the same calendar months, a year apart,
must go together beyond chance, and are drawn towards none by how little they do (Spearman 1910, Brown 1910).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clvapp.days import MEAN_MONTH, MONTHS_IN_YEAR, first_days, months
from clvapp.forecast.histories import Array, Places
from clvapp.forecast.snapshot import Ledger

LEAST_MONTHS = 24
_LEAST_ORDERS = 240  # ten a month: below, a month's ratio is mostly chance
_ONE_SIDED = 0.05
_AHEAD = 3700  # days that the clock knows beyond the last: ten years


@dataclass(frozen=True, eq=False)
class Season:
    """`factor`: how busy each calendar month is, January first, 1 on average; `agreement`: between years, at most 1."""

    factor: Array
    agreement: float

    @cached_property
    def swing(self) -> float:
        """The busiest month as a multiple of the quietest."""
        return float(self.factor.max() / self.factor.min())


@dataclass(frozen=True, eq=False)
class Clock:
    """Days since 1970 -> days of an even year; without a season they are the same."""

    season: Season | None = None
    start: int = 0
    until: int = 0

    @cached_property
    def _ticks(self) -> Array:
        days = np.arange(self.start, self.until + _AHEAD)
        factor = np.ones(12) if self.season is None else self.season.factor
        ticks: Array = np.cumsum(factor[months(days) % MONTHS_IN_YEAR])
        return ticks

    def at(self, days: Places | int) -> Places:
        """The clock's time at the end of each day."""
        given = np.asarray(days, dtype="int64")
        if self.season is None:
            return given
        ticks: Places = np.rint(self._ticks[np.clip(given - self.start, 0, len(self._ticks) - 1)]).astype("int64")
        return ticks

    def day_of(self, time: Array) -> Array:
        """The first day whose clock shows at least `time`; infinite where the clock ends before."""
        if self.season is None:
            return np.ceil(time)
        place = np.searchsorted(self._ticks, np.where(np.isfinite(time), time, np.inf))
        return np.where(place < len(self._ticks), place + float(self.start), np.inf)


PLAIN = Clock()


def clock(ledger: Ledger, day: int) -> Clock:
    """The clock that what was known at `day` supports: a seasonal one, or the plain one."""
    found = season(ledger, day)
    return PLAIN if found is None else Clock(found, ledger.start, day)


def season(ledger: Ledger, day: int) -> Season | None:
    """The pattern of the year until `day`, None where two years do not tell the same."""
    counts, numbers = _monthly(ledger, day)
    if len(counts) < LEAST_MONTHS or counts.sum() < _LEAST_ORDERS:
        return None
    trend = _trend(counts)
    logs = np.log((counts + 0.5) / (trend + 0.5))
    agreement = _agreement(logs, trend)
    if agreement is None:
        return None
    of_year = numbers % MONTHS_IN_YEAR
    logs = np.array([np.average(logs[of_year == month], weights=trend[of_year == month]) for month in range(12)])
    years = len(counts) / 12
    kept = years * agreement / (1 + (years - 1) * agreement)
    factor = np.exp(kept * (logs - logs.mean()))
    days_of = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    return Season(factor * days_of.sum() / (factor @ days_of), agreement)


def _monthly(ledger: Ledger, day: int) -> tuple[Array, Places]:
    """Repeat order days of every whole calendar month, as counts for a month of even length, and its number."""
    chosen = ledger.repeat & (ledger.day <= day)
    month = months(ledger.day[chosen])
    first, last = months([ledger.start, day + 1])
    whole = np.arange(first + (first_days(first) < ledger.start), last)
    if not len(whole) or not chosen.any():
        return np.zeros(0), whole
    counts = np.bincount(np.clip(month - whole[0] + 1, 0, len(whole) + 1), minlength=len(whole) + 2)[1:-1]
    length = np.diff(first_days([*whole, whole[-1] + 1]))
    return counts * MEAN_MONTH / length, whole


def _trend(counts: Array) -> Array:
    """Poisson regression of the counts on month and month squared, by Newton's steps."""
    at = np.linspace(-1, 1, len(counts))
    design = np.column_stack([np.ones_like(at), at, at**2])
    slopes = np.linalg.lstsq(design, np.log(counts + 0.5), rcond=None)[0]
    for _ in range(8):
        mean = np.exp(np.clip(design @ slopes, -20, 20))
        weighted = design * mean[:, None]
        slopes = slopes + np.linalg.solve(weighted.T @ design + 1e-9 * np.eye(3), design.T @ (counts - mean))
    trend: Array = np.exp(np.clip(design @ slopes, -20, 20))
    return trend


def _agreement(logs: Array, trend: Array) -> float | None:
    """The correlation of the same months a year apart, where chance alone would rarely make it as large.

    Months of few orders say little: a pair counts by the precision of its difference.
    """
    from scipy.stats import t as student

    weight = 1 / (1 / trend[:-12] + 1 / trend[12:])
    weight = weight / weight.sum()
    earlier, later = (part - weight @ part for part in (logs[:-12], logs[12:]))
    spread = (weight @ earlier**2) * (weight @ later**2)
    r = float(weight @ (earlier * later) / np.sqrt(spread)) if spread > 0 else 0.0
    freedom = 1 / float(weight @ weight) - 2
    if r <= 0 or freedom < 3:
        return None
    chance = float(student.sf(r * np.sqrt(freedom / max(1 - r * r, 1e-9)), freedom))
    return r if chance < _ONE_SIDED else None

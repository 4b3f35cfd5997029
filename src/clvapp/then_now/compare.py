"""Two dates of one history -> what changed, how much of it chance can explain, and the same season a year before.

We resample customers, each with what they had done by both dates (a Poisson bootstrap, Hanley & MacGibbon 2006), so
whatever the dates share cancels. Chance covers only which customers came and what they did. It does not cover a season,
a campaign or a weekday, so the same season last year stands beside. Among many figures some always move: Holm's
procedure (1979) holds the chance of calling anything "more than chance" in an unchanged shop at 5 %.
"""

from math import exp, factorial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clvapp.customers.rhythm import RETURNS_NEEDED
from clvapp.days import date, year_before
from clvapp.problems import WrongDates
from clvapp.stats import TAIL, Floats
from clvapp.then_now.figures import FIGURES, KeyFigure, figures_at, known, values, window_days
from clvapp.then_now.history import SUMS, History, Sums, sums

DRAWS = 2000
HANDS = 1000  # with more customers than this, we deal them into this many hands and resample hands
FEW_BUYERS = 30
LEVEL = 0.05
_AT_ONCE = 250
# Turns each 16 random bits into a Poisson number of mean 1: many times quicker than drawing them one by one.
_POISSON = np.searchsorted(
    np.cumsum([exp(-1) / factorial(k) for k in range(12)]), (np.arange(1 << 16) + 0.5) / (1 << 16)
).astype(np.float64)


def compare(seen: History, then: int, now: int, *, days: int | None = None, seed: int = 0) -> pd.DataFrame:
    """The key figures on two days and their change, one row per figure.

    Parameters
    ----------
    seen
        as `history` makes it
    then, now
        whole days since 1970, `then` the earlier
    days
        length of the windows; by default the time between the dates, but at least 28 days and at most a year
    seed
        for the resampling

    Returns
    -------
    frame with `key`, `label`, `unit`, `meaning`, `cumulative`, `then`, `now`, `change`, `low`, `high` (95 % interval of
    the change), `p_value` (two-sided; NaN if not tested), `more_than_chance` (after Holm's correction; never for a
    cumulative figure), `last_year_then`, `last_year_now`, `last_year_change`, `reason` (why a figure is missing, else
    ""). Figures that the file cannot tell are NaN.

    Raises `WrongDates`.
    """
    _check(seen, then, now)
    days = window_days(then, now) if days is None else days
    before, after = sums(seen, then, days), sums(seen, now, days)
    old, new = (values(np.array([float(part[name].sum()) for name in SUMS])) for part in (before, after))
    can_then, can_now = known(seen, then, days), known(seen, now, days)
    can = can_then & can_now
    drawn = _changes(before, after, seen.units, seed)
    change = new - old
    low, high = _interval(drawn)
    enough = min(before["buyers"].sum(), after["buyers"].sum()) >= FEW_BUYERS
    cumulative = np.array([figure.cumulative for figure in FIGURES])
    p = np.where(can & ~cumulative & enough, _p_values(drawn, change), np.nan)
    frame = pd.DataFrame(
        {
            "key": [figure.key for figure in FIGURES],
            "label": [figure.label for figure in FIGURES],
            "unit": [figure.unit for figure in FIGURES],
            "meaning": [figure.meaning for figure in FIGURES],
            "cumulative": cumulative,
            "then": np.where(can_then, old, np.nan),
            "now": np.where(can_now, new, np.nan),
            "change": np.where(can, change, np.nan),
            "low": np.where(can, low, np.nan),
            "high": np.where(can, high, np.nan),
            "p_value": p,
            "more_than_chance": holm(p),
        }
    )
    last = {name: figures_at(seen, year_before(day), days).to_numpy() for name, day in (("then", then), ("now", now))}
    return frame.assign(
        last_year_then=last["then"],
        last_year_now=last["now"],
        last_year_change=last["now"] - last["then"],
        reason=["" if fine else _reason(seen, figure, then, days) for fine, figure in zip(can, FIGURES, strict=True)],
    )


def _check(seen: History, then: int, now: int) -> None:
    first, last = seen.first_day, max(now, int(seen.day[-1]))
    if not first <= then < now:
        texts = [date(day).isoformat() for day in (then, now, first, last)]
        raise WrongDates(texts[0], texts[1], first=texts[2], last=texts[3])


def _reason(seen: History, figure: KeyFigure, then: int, days: int) -> str:
    """Why the file cannot tell `figure`."""
    if figure.window and then - days < seen.first_day - 1:
        return "The days before the earlier date reach back beyond the first order of the file."
    if figure.newness:
        return "The file begins in the middle of the shop's life: who was new then cannot be told."
    return f"Fewer than {RETURNS_NEEDED} returns had been seen by then: who was active cannot be told."


def _changes(before: Sums, after: Sums, units: int, seed: int) -> Floats:
    """The change of every figure in each of `DRAWS` resamples."""
    random = np.random.default_rng(seed)
    both = _dealt([part[name] for part in (before, after) for name in SUMS], units, random)
    found = []
    for _ in range(0, DRAWS, _AT_ONCE):
        totals = _POISSON[random.integers(0, 1 << 16, (_AT_ONCE, len(both)), dtype=np.uint16)] @ both
        found.append(values(totals[:, len(SUMS) :]) - values(totals[:, : len(SUMS)]))
    return np.concatenate(found)


def _dealt(columns: list[NDArray[Any]], units: int, random: np.random.Generator) -> Floats:
    """One row per unit, or sums of `HANDS` hands dealt at random: just as good for a sum's spread, and far quicker."""
    hand = np.arange(units) if units <= HANDS else random.permutation(units) % HANDS
    dealt = [np.bincount(hand[: len(column)], weights=column, minlength=min(units, HANDS)) for column in columns]
    return np.stack(dealt, axis=1)


def _interval(drawn: Floats) -> tuple[Floats, Floats]:
    low, high = np.full(drawn.shape[1], np.nan), np.full(drawn.shape[1], np.nan)
    some = np.isfinite(drawn).all(axis=0)
    low[some], high[some] = np.quantile(drawn[:, some], [TAIL, 1 - TAIL], axis=0)
    return low, high


def _p_values(drawn: Floats, change: Floats) -> Floats:
    """Two-sided: how often a resample puts the change on the other side of 0, or the normal tail if that is larger."""
    from scipy.special import ndtr

    with np.errstate(invalid="ignore"):
        spread = drawn.std(axis=0, ddof=1)
        less, more = (drawn <= 0).sum(axis=0), (drawn >= 0).sum(axis=0)
        counted = 2 * (1 + np.minimum(less, more)) / (len(drawn) + 1)
        tail = 2 * ndtr(-np.abs(change) / np.where(spread > 0, spread, np.nan))
    p: Floats = np.where(np.isfinite(drawn).all(axis=0), np.minimum(np.fmax(counted, tail), 1.0), np.nan)
    return p


def holm(p: Floats, level: float = LEVEL) -> np.ndarray:
    """Which of the tests hold after Holm's step-down correction. NaN means no test.

    >>> holm(np.array([0.001, 0.02, 0.04, np.nan])).tolist()
    [True, True, True, False]
    >>> holm(np.array([0.02, 0.03, 0.04])).tolist()
    [False, False, False]
    """
    order = np.argsort(np.where(np.isnan(p), np.inf, p), kind="stable")
    tests = int(np.isfinite(p).sum())
    holds = np.zeros(len(p), bool)
    for rank, place in enumerate(order[:tests]):
        if p[place] > level / (tests - rank):
            break
        holds[place] = True
    return holds

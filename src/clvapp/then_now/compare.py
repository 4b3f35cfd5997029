"""Two dates of one history -> what changed, how much of it chance can explain, and the same season a year before.

We resample customers, each with what they had done by both dates (a Poisson bootstrap, Hanley & MacGibbon 2006), so
whatever the dates share cancels. Chance covers only which customers came and what they did. It does not cover a season,
a campaign or a weekday, so the same season last year stands beside. Among many figures some always move: Holm's
procedure (1979) holds the chance of calling anything "more than chance" in an unchanged shop at 5 %. The interval of a
figure is that of the very test which Holm's procedure put to it: it leaves 0 out exactly where the verdict says so.
"""

from math import exp, factorial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clvapp.customers.rhythm import RETURNS_NEEDED
from clvapp.days import date, year_before
from clvapp.problems import WrongDates
from clvapp.stats import TAIL, Bools, Floats
from clvapp.then_now.figures import (
    FIGURES,
    LEAST_ASKED,
    KeyFigure,
    enough,
    figures_at,
    is_known,
    known,
    people,
    values,
    window_days,
)
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
    frame with `key`, `label`, `unit`, `meaning`, `cumulative`, `window`, `then`, `now`, `change`, `low`, `high` (the
    change's interval: that of the test which decides, by Holm's correction, or of 95 % where nothing is tested; NaN for
    fewer than five customers), `p_value` (two-sided; NaN if not tested), `more_than_chance` (after Holm's correction;
    never for a cumulative figure), `customers_then`, `customers_now` (whom the figure stands on), `last_year_then`,
    `last_year_now`, `last_year_change`, `reason` (why a figure is missing, else ""). Figures that the file cannot tell
    are NaN.

    Raises `WrongDates`.
    """
    _check(seen, then, now)
    days = window_days(then, now) if days is None else days
    before, after = sums(seen, then, days), sums(seen, now, days)
    both = [np.array([float(part[name].sum()) for name in SUMS]) for part in (before, after)]
    (old, new), (people_then, people_now) = map(values, both), map(people, both)
    can_then, can_now = (known(seen, day, days) & enough(of) for day, of in zip((then, now), both, strict=True))
    drawn = _changes(before, after, seen.units, seed)
    change = new - old
    can = can_then & can_now & np.isfinite(change)
    cumulative = np.array([figure.cumulative for figure in FIGURES])
    asked = np.minimum(people_then, people_now)
    tested = can & ~cumulative & (asked >= FEW_BUYERS) & (min(of[SUMS.index("buyers")] for of in both) >= FEW_BUYERS)
    p = np.where(tested, _p_values(drawn, change), np.nan)
    sure = holm(p)
    low, high = _intervals(drawn, change, _levels(p, sure))
    told = can & (asked >= LEAST_ASKED)
    frame = pd.DataFrame(
        {
            "key": [figure.key for figure in FIGURES],
            "label": [figure.label for figure in FIGURES],
            "unit": [figure.unit for figure in FIGURES],
            "meaning": [figure.meaning for figure in FIGURES],
            "cumulative": cumulative,
            "window": [figure.window for figure in FIGURES],
            "then": np.where(can_then, old, np.nan),
            "now": np.where(can_now, new, np.nan),
            "change": np.where(can, change, np.nan),
            "low": np.where(told, low, np.nan),
            "high": np.where(told, high, np.nan),
            "p_value": p,
            "more_than_chance": sure,
            "customers_then": people_then.astype(np.int64),
            "customers_now": people_now.astype(np.int64),
        }
    )
    last = {name: figures_at(seen, year_before(day), days).to_numpy() for name, day in (("then", then), ("now", now))}
    return frame.assign(
        last_year_then=last["then"],
        last_year_now=last["now"],
        last_year_change=last["now"] - last["then"],
        reason=[
            "" if fine else _reason(seen, figure, then, days, asked=int(few))
            for fine, figure, few in zip(can, FIGURES, asked, strict=True)
        ],
    )


def _check(seen: History, then: int, now: int) -> None:
    first, last = seen.first_day, max(now, int(seen.day[-1]))
    if not first <= then < now:
        texts = [date(day).isoformat() for day in (then, now, first, last)]
        raise WrongDates(texts[0], texts[1], first=texts[2], last=texts[3])


def _reason(seen: History, figure: KeyFigure, then: int, days: int, *, asked: int) -> str:
    """Why the file cannot tell `figure`, which stands on as few as `asked` customers."""
    if figure.window and then - days < seen.first_day - 1:
        return "The days before the earlier date reach back beyond the first order of the file."
    if figure.newness and not is_known(seen, then, days, figure.key):
        return "The file begins in the middle of the shop's life: who was new then cannot be told."
    if figure.by_state and not is_known(seen, then, days, figure.key):
        return f"Fewer than {RETURNS_NEEDED} returns had been seen by then: who was active cannot be told."
    if not figure.of_them:
        return figure.nobody
    who = {0: "There was no customer", 1: "There was only one customer"}.get(
        asked, f"There were only {asked} customers"
    )
    return f"{who} {figure.nobody}: a share needs {LEAST_ASKED}."


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


def _levels(p: Floats, sure: Bools) -> Floats:
    """The level at which Holm's procedure judged each figure; NaN for those that were not tested.

    The k-th smallest p-value is held against 5 % / (tests - k + 1); all that fail, against the level that the first
    of them failed at.
    """
    tests, held = int(np.isfinite(p).sum()), int(sure.sum())
    rank = np.full(len(p), held)
    rank[np.flatnonzero(sure)[np.argsort(p[sure], kind="stable")]] = np.arange(held)
    levels: Floats = np.where(np.isfinite(p), LEVEL / np.maximum(tests - rank, 1), np.nan)
    return levels


def _intervals(drawn: Floats, change: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """The interval of each figure at its own level: the changes that its test, `_p_values`, does not reject.

    So it reaches as far as the resamples or the normal curve do, whichever is farther. What is not tested gets the
    resamples' 95 %.
    """
    from scipy.special import ndtri

    low, high = np.full(drawn.shape[1], np.nan), np.full(drawn.shape[1], np.nan)
    whole = np.isfinite(drawn).all(axis=0)
    some, rest = whole & np.isfinite(levels), whole & np.isnan(levels)
    low[rest], high[rest] = np.quantile(drawn[:, rest], [TAIL, 1 - TAIL], axis=0)
    ordered, level = np.sort(drawn[:, some], axis=0), levels[some]
    beyond = np.maximum(np.floor(level * (len(drawn) + 1) / 2 + 1e-9).astype(np.intp), 1)
    reach = -ndtri(level / 2) * drawn[:, some].std(axis=0, ddof=1)
    place = np.arange(ordered.shape[1])
    low[some] = np.minimum(ordered[beyond - 1, place], change[some] - reach)
    high[some] = np.maximum(ordered[len(drawn) - beyond, place], change[some] + reach)
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

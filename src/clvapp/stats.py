"""Scores, outcomes and counts -> the statistics that several stages use: AUC, Wilson's interval, gain."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


Bools = NDArray[np.bool_]


Integers = NDArray[np.intp]


TAIL = 0.025  # to either side of a 95 % interval
Z95 = 1.959963984540054  # scipy.special.ndtri(1 - TAIL), written out: SciPy is loaded when something is fitted


def brought(money: pd.Series) -> pd.Series:
    """What each one brought, never less than nothing: a share of all that was brought then never exceeds 100 %.

    Somebody who gave back more than they paid would make the others' shares of what is left add up to more.
    """
    return money.clip(lower=0.0)


def auc_interval(scores: Floats, outcome: Bools, *, z: float = Z95) -> tuple[float, float, float]:
    """Area under the ROC curve with its interval by DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988).

    Ties count half. Returns NaN three times if only one of the two outcomes occurs.
    """
    high, low = scores[outcome], scores[~outcome]
    if len(high) < 2 or len(low) < 2:
        return float("nan"), float("nan"), float("nan")
    pooled = _midranks(np.concatenate([high, low]))
    v_high = (pooled[: len(high)] - _midranks(high)) / len(low)
    v_low = 1 - (pooled[len(high) :] - _midranks(low)) / len(high)
    auc = float(v_high.mean())
    spread = z * float(np.sqrt(v_high.var(ddof=1) / len(high) + v_low.var(ddof=1) / len(low)))
    return auc, max(0.0, auc - spread), min(1.0, auc + spread)


def _midranks(values: Floats) -> Floats:
    return np.asarray(pd.Series(values).rank(method="average"), np.float64)


def wilson(hits: Any, people: Any, *, z: float = Z95) -> tuple[Floats, Floats]:
    """Wilson's interval of a share (JASA 22, 1927), elementwise. With no people it is 0 to 1.

    `scipy.stats.binomtest` gives the same, one share at a time, and takes a thousand times as long.
    """
    k, n = np.asarray(hits, np.float64), np.asarray(people, np.float64)
    safe = np.maximum(n, 1e-12)
    share = k / safe
    middle = (share + z**2 / (2 * safe)) / (1 + z**2 / safe)
    reach = z / (1 + z**2 / safe) * np.sqrt(share * (1 - share) / safe + z**2 / (4 * safe**2))
    low: Floats = np.where(n > 0, np.clip(middle - reach, 0, 1), 0.0)
    high: Floats = np.where(n > 0, np.clip(middle + reach, 0, 1), 1.0)
    return low, high


def student(people: Any, *, least: int = 2) -> Floats:
    """Standard errors to each side of a mean of so many, at 95 % (Student, Biometrika 6, 1908); NaN below `least`."""
    from scipy.special import stdtrit  # here, since SciPy takes long to load

    n = np.asarray(people, np.float64)
    errors: Floats = np.where(n >= least, stdtrit(np.maximum(n - 1, 1), 1 - TAIL), np.nan)
    return errors


def found(chances: Floats, outcome: Bools, shares: Floats) -> Floats:
    """The share of all true outcomes that the best-scored `shares` of rows hold. Ties are averaged."""
    order = np.argsort(-chances, kind="stable")
    ties = pd.Series(outcome[order].astype(np.float64)).groupby(-chances[order]).transform("mean")
    total = np.concatenate([[0.0], np.cumsum(ties.to_numpy(np.float64))])
    caught: Floats = np.interp(shares * len(chances), np.arange(len(chances) + 1), total)
    return np.asarray(caught / max(float(total[-1]), 1e-12), np.float64)

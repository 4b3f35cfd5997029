"""Durations, some of them censored at the end of the data -> the share to whom it has happened, by day.

Source: Kaplan & Meier (1958), with Greenwood's variance (1926) on the log(-log) scale as in Kalbfleisch & Prentice
(1980), so that no band leaves [0, 1]. Days are whole, so we count by group and day instead of sorting, and estimate all
groups at once. `scipy.stats.ecdf` makes the same curve for one group, and has no band where it has happened to
nobody or to everybody.
"""

import numpy as np
import pandas as pd

from clvapp.stats import TAIL, Z95, Bools, Floats, Integers


def share_by_day(days: Integers, happened: Bools, group: Integers | None = None, *, horizon: int) -> pd.DataFrame:
    """The Kaplan-Meier estimate of the share to whom it has happened by each day from 0 to `horizon`.

    Parameters
    ----------
    days
        whole days until it happened (at least 1), or until the data end
    happened
        whether it did; if not, the time is censored at `days`
    group
        0, 1, ...: one curve per group; None for a single curve

    Returns
    -------
    frame with `group`, `day`, `at_risk` (still watched, and it had not happened before that day), `came` (it happened
    on that day), `share`, and its 95 % band `low`, `high`. Shares turn NaN on the first day that nobody was watched
    for, unless it had happened to everybody by then: in that case the curve stays where it is.
    """
    where = np.zeros(len(days), np.intp) if group is None else group
    groups = int(where.max()) + 1 if len(where) else 1
    width = horizon + 2  # the last place holds everything that lasted longer
    cell = where * width + np.minimum(days, horizon + 1)
    ended = np.bincount(cell, minlength=groups * width).reshape(groups, width)
    came = np.bincount(cell[happened], minlength=groups * width).reshape(groups, width)
    at_risk = ended[:, ::-1].cumsum(axis=1)[:, ::-1][:, :-1]
    came = came[:, :-1]
    kept = np.cumprod(1 - came / np.maximum(at_risk, 1), axis=1)
    low, high = _band(kept, came, at_risk)
    known = np.where((at_risk > 0) | (kept == 0), 1.0, np.nan)
    return pd.DataFrame(
        {
            "group": np.repeat(np.arange(groups), horizon + 1),
            "day": np.tile(np.arange(horizon + 1), groups),
            "at_risk": at_risk.ravel(),
            "came": came.ravel(),
            "share": ((1 - kept) * known).ravel(),
            "low": (low * known).ravel(),
            "high": (high * known).ravel(),
        }
    )


def _band(kept: Floats, came: Integers, at_risk: Integers) -> tuple[Floats, Floats]:
    """The band of the share to whom it happened, from Greenwood's sum on the log(-log) scale.

    While it has happened to nobody, or once it has happened to everybody, that scale has no variance. An exact bound
    stands in there, so that "0 of 20" does not look certain.
    """
    left = at_risk - came
    greenwood = np.cumsum(np.where(left > 0, came / np.maximum(at_risk * left, 1), 0.0), axis=1)
    inside = (kept > 0) & (kept < 1)
    log = np.log(np.where(inside, kept, 0.5))
    spread = Z95 * np.sqrt(greenwood) / np.abs(log)
    low = 1 - np.exp(log * np.exp(-spread))
    high = 1 - np.exp(log * np.exp(spread))
    nobody = 1 - TAIL ** (1 / np.maximum(at_risk, 1))
    low = np.where(inside, low, np.where(kept >= 1, 0.0, _at_least(came, at_risk)))
    high = np.where(inside, high, np.where(kept >= 1, nobody, 1.0))
    return low, high


def _at_least(came: Integers, at_risk: Integers) -> Floats:
    """The lower end of the band once it has happened to everybody who was left.

    By Fay, Brittain & Proschan (2013): on each day the share kept is at most a beta variable, and one beta with the
    same mean and variance stands for the product over the days. If everybody was watched to the end, this is the exact
    binomial bound. If most were censored, it rests on the few who were not.
    """
    from scipy.special import betaincinv

    stay, whole = at_risk - came + 1.0, at_risk + 1.0
    mean = np.cumprod(stay / whole, axis=1)
    square = np.cumprod(stay * (stay + 1) / (whole * (whole + 1)), axis=1)
    variance = np.where(mean < 1, square - mean**2, 1.0)
    size = mean * (1 - mean) / variance - 1
    bound: Floats = betaincinv((1 - mean) * size, mean * size, TAIL)
    return bound

"""What was expected of each customer beside what came: how far off, in money and in order."""

from dataclasses import dataclass

import numpy as np

from clvapp.forecast.histories import Array
from clvapp.stats import student

TENTH = 10


@dataclass(frozen=True)
class Accuracy:
    """One forecast of all customers known at a cut. `error` is a fraction of what came; None where nothing did.

    `error_low`, `error_high`: 95 % of the error, from customers differing in what they do (Student's, over customers).
    `mae_of_nothing`: the mean absolute error of expecting nothing of anybody, which this measure flatters.
    """

    forecast: float
    actual: float
    error: float | None
    error_low: float | None
    error_high: float | None
    mae: float
    mae_of_nothing: float
    rmse: float
    spearman: float | None
    gini: float | None
    top_tenth_spend_share: float | None


def accuracy(expected: Array, came: Array) -> Accuracy:
    """Every measure of `expected` against `came`, one entry a customer each."""
    total, off = float(came.sum()), expected - came
    spread = float(student(len(off)) * np.sqrt(len(off)) * off.std(ddof=1)) if len(off) > 1 else 0.0
    shared = total if total > 0 else None
    return Accuracy(
        float(expected.sum()), total,
        shared and float(off.sum()) / shared,
        shared and (float(off.sum()) - spread) / shared,
        shared and (float(off.sum()) + spread) / shared,
        float(np.abs(off).mean()), float(np.abs(came).mean()), float(np.sqrt(np.mean(off**2))),
        spearman(expected, came), gini(expected, came), top_tenth_share(expected, came),
    )  # fmt: skip


def spearman(expected: Array, came: Array) -> float | None:
    """Rank correlation, ties at their mean rank; None where one side is all the same."""
    from scipy.stats import spearmanr

    if len(came) < 2 or np.ptp(expected) == 0 or np.ptp(came) == 0:
        return None
    return float(spearmanr(expected, came).statistic)


def gini(expected: Array, came: Array) -> float | None:
    """How much of `came` those expected to bring most brought, 1 for a perfect order and 0 for chance (Gini 1912)."""
    best = _concentration(came, came)
    return _concentration(expected, came) / best if came.sum() > 0 and best > 0 else None


def _concentration(order: Array, came: Array) -> float:
    """Twice the area between the curve of `came`, taken in `order`, and the diagonal; equal scores share evenly."""
    if came.sum() <= 0:
        return 0.0
    _, group = np.unique(-order, return_inverse=True)
    size = np.bincount(group.ravel())
    brought = np.bincount(group.ravel(), came)
    upto = np.concatenate([[0.0], np.cumsum(brought)]) / came.sum()
    return float(np.sum((upto[1:] + upto[:-1]) * size) / len(came) - 1)


def top_tenth_share(expected: Array, came: Array) -> float | None:
    """The share of `came` that the tenth of whom most was expected brought; nobody brings less than nothing."""
    came = np.maximum(came, 0.0)
    tenth = len(came) // TENTH
    if came.sum() <= 0 or not tenth:
        return None
    return float(came[np.argsort(-expected, kind="stable")[:tenth]].sum() / came.sum())

"""What each month's new customers brought -> how far the next month's may be from the mean of all.

Months of new customers differ by more than chance between customers: a campaign, a season, a price. How much more is a
variance, tau squared, told from the months themselves: their means have the variance of chance plus tau squared. As a
dozen months tell it badly, no single value stands for it: an interval is a mean over all that it may be, each weighted
by its restricted likelihood and by a prior from other shops. Source: Higgins, Thompson & Spiegelhalter (2009), "A
re-evaluation of random-effects meta-analysis", Journal of the Royal Statistical Society A 172, which gives the
prediction for the next study: here, the next month.
"""

from dataclasses import dataclass

import numpy as np

from clvapp.stats import TAIL, Floats

# What shops are like: in three sets of public data the likeliest tau was 0.06 to 0.25, by six months of value.
ALIKE, USUAL = 0.2, 0.1  # chance that months do not differ at all; scale of the half-Cauchy prior of tau, if they do
_POINTS, _STEPS = 61, 60


@dataclass(frozen=True, eq=False)
class Between:
    """What tau, the standard deviation between months as a share of the mean, may be: `tau` with its `weight`."""

    tau: Floats
    weight: Floats


def between(means: Floats, people: Floats, variance: float) -> Between:
    """How far months differ beyond chance.

    Parameters
    ----------
    means
        by month, the mean of its customers, as a share of the mean of all
    people
        by month, how many they are
    variance
        of single customers within a month, in the same unit squared
    """
    tau = np.linspace(0.0, 1.0, _POINTS) ** 2  # close together near 0, where most of it is
    total = variance / people[None, :] + tau[:, None] ** 2
    precision = 1 / total
    middle = (precision * means).sum(axis=1) / precision.sum(axis=1)
    off = (precision * (means - middle[:, None]) ** 2).sum(axis=1)
    logs = -0.5 * (np.log(total).sum(axis=1) + np.log(precision.sum(axis=1)) + off)
    weight = np.exp(logs - logs.max()) * _prior(tau)
    return Between(tau, weight / weight.sum())


def _prior(tau: Floats) -> Floats:
    """How likely each of `tau`, the first of them 0, is before a shop's months are seen."""
    differing = np.gradient(tau) / (1 + (tau / USUAL) ** 2)  # the points are not even
    prior: Floats = (1 - ALIKE) * differing / differing.sum()
    prior[0] += ALIKE
    return prior


def reach(found: Between, chance: float, loading: float, *, witnesses: float, tail: float = TAIL) -> float:
    """How far to either side of the estimate the interval goes.

    Parameters
    ----------
    chance
        variance of the estimate by chance between customers, and by the parameters of a model
    loading
        what a tau of 1 adds to the variance
    witnesses
        customers that the money stands on (Kish 1965): Student's quantile is for as many
    """
    from scipy.special import stdtr

    spread = np.sqrt(chance + loading * found.tau**2)
    low, high = 0.0, 50 * float(spread.max())
    for _ in range(_STEPS):
        middle = (low + high) / 2
        outside = float(found.weight @ stdtr(max(witnesses - 1, 1.0), -middle / np.maximum(spread, 1e-300)))
        low, high = (middle, high) if outside > tail else (low, middle)
    return high

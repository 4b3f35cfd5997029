"""How far what comes may lie from what is expected: chance, parameters, and how wrong the method has been before.

Totals and single customers follow Gamma distributions of the right mean and variance (customers with a chance of no
order at all on top). The method's own error is a spread of the log of totals, told by the shop's past: by how far
tests were off beyond what chance and parameters explain, and by how far its years moved. Before either is seen, a
shop's years are steady or they move: two half-normal spreads, of which the past chooses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clvapp.forecast import level_shifts, overlap
from clvapp.forecast.histories import Array
from clvapp.stats import TAIL

_SPREADS = np.linspace(0.0, 0.8, 321)
_STEADY = 0.45  # of shops
_YEARS = 0.015, 0.12  # how far the level of a year is from others, steady or moving
_TWO_YEARS = 2.0  # variances in an error of a total: of the level that is carried on, and of the one that comes
_UNTESTED = 0.25  # half-Cauchy scale of the own error without any test; the most that short ones leave open
_TWICE = 0.5  # tests and quarters tell of the same years: a test's evidence counts by half


@dataclass(frozen=True)
class Miss:
    """A past test of `window` days from `day` on: log of what came over what was expected; the variance explained."""

    log_ratio: float
    explained: float
    day: int
    window: int


@dataclass(frozen=True, eq=False)
class OwnError:
    """The chance `weight` of each `spread` of the method's own error, on the scale of logs."""

    spread: Array
    weight: Array

    @property
    def variance(self) -> float:
        """Its mean square."""
        return float(self.weight @ self.spread**2)


def own_error(misses: Sequence[Miss], moved: level_shifts.Levels | None = None, *, horizon: int) -> OwnError:
    """What the past says of it, at a view of `horizon` days: more where chance does not explain what was seen.

    `moved`: how far the shop's quarters were from what the models expected.
    """
    logs = np.log(_prior(max((miss.window for miss in misses), default=0), horizon))
    if misses:
        logs = logs + _TWICE * _of_tests(misses)
    if moved is not None:
        own = level_shifts.alike(len(moved.off)) / _TWO_YEARS
        logs = logs + _evidence(moved.off, moved.chance, own)
    weight = np.exp(logs - logs.max())
    return OwnError(_SPREADS, weight / weight.sum())


def _prior(longest: int, horizon: int) -> Array:
    """The chance of each spread before anything is seen, where tests looked `longest` days ahead."""
    if not longest:
        untested: Array = 1 / (1 + (_SPREADS / _UNTESTED) ** 2)
        return untested
    shorter = float(np.sqrt(_TWO_YEARS)) * max(1.0, horizon / longest)
    steady, moving = (_half_normal(min(years * shorter, _UNTESTED)) for years in _YEARS)
    return _STEADY * steady + (1 - _STEADY) * moving


def _half_normal(spread: float) -> Array:
    found: Array = np.exp(-0.5 * (_SPREADS / spread) ** 2) / spread + 1e-300
    return found


def _of_tests(misses: Sequence[Miss]) -> Array:
    """Tests whose windows overlap share their errors, by chance or not, for the days they share."""
    common = overlap.shared([miss.day for miss in misses], [miss.window for miss in misses])
    chance = overlap.by_chance(common, [miss.explained for miss in misses])
    return _evidence(np.array([miss.log_ratio for miss in misses]), chance, common)


def _evidence(off: Array, chance: Array, own: Array) -> Array:
    """Log-likelihood of each spread, where `off` is normal with covariance `chance` + spread^2 `own`."""
    inner = np.linalg.inv(np.linalg.cholesky(chance))
    share, axes = np.linalg.eigh(inner @ own @ inner.T)
    variance = 1 + _SPREADS[:, None] ** 2 * np.maximum(share, 0.0)
    found: Array = -0.5 * (np.log(variance) + (axes.T @ inner @ off) ** 2 / variance).sum(axis=1)
    return found


def total_interval(expected: float, relative_variance: float, own: OwnError) -> tuple[float, float]:
    """The central 95 % of a total of mean `expected` and variance `relative_variance` times its square, widened."""
    if not expected > 0:
        return 0.0, 0.0
    shapes = 1 / np.maximum(relative_variance + own.spread**2, 1e-12)
    return expected * _quantile(TAIL, shapes, own.weight), expected * _quantile(1 - TAIL, shapes, own.weight)


def _quantile(chance: float, shapes: Array, weight: Array) -> float:
    """Of a mixture of Gammas of mean 1, by bisection."""
    from scipy.special import gammainc

    low, high = 0.0, 1.0
    while weight @ gammainc(shapes, shapes * high) < chance and high < 1e6:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        if weight @ gammainc(shapes, shapes * middle) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def customer_interval(expected: Array, variance: Array, none: Array) -> tuple[Array, Array]:
    """The central 95 % of each customer's money: nothing with the chance `none`, else a Gamma of what is left."""
    from scipy.special import gammaincinv

    some = np.clip(1 - none, 1e-9, 1.0)
    mean = np.maximum(expected, 0) / some
    spread = np.maximum((variance + expected**2) / some - mean**2, 1e-9 * np.maximum(mean, 1e-9) ** 2)
    shape = np.clip(mean**2 / spread, 1e-3, 1e9)
    ends = []
    for chance in (TAIL, 1 - TAIL):
        inside = np.clip((chance - none) / some, 0.0, 1.0)
        ends.append(np.where(mean > 0, mean / shape * gammaincinv(shape, inside), 0.0))
    return ends[0], ends[1]

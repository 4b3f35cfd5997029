"""How far what comes may lie from what is expected: chance, parameters, and how wrong the method has been before.

Totals and single customers follow Gamma distributions of the right mean and variance (customers with a chance of no
order at all on top). The method's own error is a spread of the log of totals with a prior, told by past tests: each
says how far it was off beyond what chance and parameters explain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clvapp.value.histories import Array

SHARE = 0.95
_SPREADS = np.linspace(0.0, 0.8, 161)
_PRIOR, _UNTESTED = (
    0.05,
    0.25,
)  # half-Cauchy scale of the method's own error, with tests as long as the view and without


@dataclass(frozen=True)
class Miss:
    """A past test of `window` days: log of what came over what was expected, and its variance that is explained."""

    log_ratio: float
    explained: float
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


def own_error(misses: Sequence[Miss], *, horizon: int) -> OwnError:
    """What past tests say of it, at a view of `horizon` days: more where chance does not explain them."""
    longest = max((miss.window for miss in misses), default=0)
    scale = min(_PRIOR * max(1.0, horizon / longest), _UNTESTED) if longest else _UNTESTED
    logs = -np.log1p((_SPREADS / scale) ** 2)
    for miss in misses:
        variance = miss.explained + _SPREADS**2
        logs = logs - 0.5 * (np.log(variance) + miss.log_ratio**2 / variance)
    weight = np.exp(logs - logs.max())
    return OwnError(_SPREADS, weight / weight.sum())


def total_interval(expected: float, relative_variance: float, own: OwnError) -> tuple[float, float]:
    """The central 95 % of a total of mean `expected` and variance `relative_variance` times its square, widened."""
    if not expected > 0:
        return 0.0, 0.0
    shapes = 1 / np.maximum(relative_variance + own.spread**2, 1e-12)
    tail = (1 - SHARE) / 2
    return expected * _quantile(tail, shapes, own.weight), expected * _quantile(1 - tail, shapes, own.weight)


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
    for chance in ((1 - SHARE) / 2, (1 + SHARE) / 2):
        inside = np.clip((chance - none) / some, 0.0, 1.0)
        ends.append(np.where(mean > 0, mean / shape * gammaincinv(shape, inside), 0.0))
    return ends[0], ends[1]

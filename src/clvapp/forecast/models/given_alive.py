"""What somebody who is still a customer will order, where people leave only after an order (Beta-geometric).

Given alive at T, the rate has the posterior Gamma(s, h) and the chance to leave after an order Beta(a, b); BG/NBD and
MBG/NBD differ in s, h, a and b alone. Source: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way",
appendix; the hypergeometric functions after Euler's and Pfaff's transformations, whose parameters do not grow with x.
For large a the series loses its digits, and the mean over p is taken by the trapezoidal rule on log odds instead, where
the density is near normal and the rule exact to rounding.
"""

from collections.abc import Callable

import numpy as np
from numpy.polynomial.legendre import leggauss

from clvapp.forecast.rising import Array

_KNOTS, _WEIGHTS = leggauss(8)
_AT_ONE = 1e-4
_LARGE = 4.0
_REACH, _FADED, _STEPS = 9.0, 37.0, 65  # standard deviations of the log odds; exp(-37) is nothing; points among them
_FIRST_PANEL = 26.0


def expected_orders(s: Array, h: Array, a: float, b: Array, *, t: Array | float) -> Array:
    """E[(1 - exp(-lambda p t)) / p]: orders in (T, T + t] of somebody alive at T.

    At a = 1 the closed form is 0 / 0: there the mean of both sides is taken, which is off by the square of the step.
    """
    if a > _LARGE:
        tau = t / h
        return _mean_over_p(a, b, lambda p: -np.expm1(-s[:, None] * np.log1p(p * tau[:, None])) / p)
    if abs(a - 1) < _AT_ONE:
        sides = [_expected_orders(s, h, 1 + side, b, t=t) for side in (-_AT_ONE, _AT_ONE)]
        return (sides[0] + sides[1]) / 2
    return _expected_orders(s, h, a, b, t=t)


def _expected_orders(s: Array, h: Array, a: float, b: Array, *, t: Array | float) -> Array:
    from scipy.special import hyp2f1

    c = a + b - 1
    z = t / (h + t)
    # 1 - (1 - z)^s F(s, b; c; z) = 1 - (1 - z)^(a-1) F(c - s, a - 1; c; z); both factors are near 1 when a is.
    power = np.expm1((a - 1) * np.log1p(-z))
    series = hyp2f1(c - s, a - 1, c, z) - 1
    orders: Array = -c / (a - 1) * (power + series + power * series)
    return np.clip(orders, 0.0, s / h * t)  # nobody orders less than nothing, or more than without leaving


def order_rate(s: Array, h: Array, a: float, b: Array, *, t: Array | float) -> Array:
    """E[lambda exp(-lambda p t)]: orders a week at T + t of somebody alive at T."""
    if a > _LARGE:
        tau = t / h
        return s / h * _mean_over_p(a, b, lambda p: np.exp(-(s[:, None] + 1) * np.log1p(p * tau[:, None])))
    from scipy.special import hyp2f1

    z = t / (h + t)
    rate: Array = s / h * np.exp(a * np.log1p(-z)) * hyp2f1(a, a + b - s - 1, a + b, z)
    return np.clip(rate, 0.0, s / h)


def _mean_over_p(a: float, b: Array, of: Callable[[Array], Array]) -> Array:
    """The mean of `of(p)`, one row a customer, over p ~ Beta(a, b), which few distinct b share."""
    values, place = np.unique(b, return_inverse=True)
    p, weight = _points(a, values)
    mean: Array = np.einsum("ij,ij->i", weight[place], of(p[place]))
    return mean


def _points(a: float, b: Array) -> tuple[Array, Array]:
    """Points p and their weights, one row a value of b: evenly over the log odds that hold any of Beta(a, b)."""
    from scipy.special import polygamma, psi

    middle, spread = psi(a) - psi(b), np.sqrt(polygamma(1, a) + polygamma(1, b))
    low, high = middle - np.maximum(_REACH * spread, _FADED / a), middle + np.maximum(_REACH * spread, _FADED / b)
    steps = _STEPS if b.min(initial=1.0) >= 1 else 4 * _STEPS
    odds = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, steps)
    logs = -a * np.logaddexp(0, -odds) - b[:, None] * np.logaddexp(0, odds)
    weight = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.maximum(np.exp(-np.logaddexp(0, -odds)), 1e-300), weight / weight.sum(axis=1, keepdims=True)


def orders_square(s: Array, h: Array, a: float, b: Array, *, t: float) -> Array:
    """E N^2 of the orders N in (T, T + t] of somebody alive at T.

    Two orders at u < v need both not to be the last: E N(N - 1) is the integral of
    2 v lambda^2 (1 - p) exp(-lambda p v) over v. Who orders within a moment is between the knots: N is whole, so its
    square is N at least, and no variance negative.
    """
    pairs = np.zeros_like(s)
    for knot, weight in zip(_KNOTS, _WEIGHTS, strict=True):
        v = t * (knot + 1) / 2
        pairs += weight * t * v * order_rate(s + 1, h, a, b + 1, t=v)
    mean = expected_orders(s, h, a, b, t=t)
    found: Array = np.maximum(mean + s / h * b / (a + b) * pairs, np.maximum(mean, mean**2))
    return found


def chance_of_order(s: Array, h: Array, *, t: Array | float) -> Array:
    """P(an order in (T, T + t]) of somebody alive at T: who is alive leaves after that order at the earliest."""
    chance: Array = -np.expm1(-s * np.log1p(t / h))
    return chance


def time_of_chance(s: Array, h: Array, chance: Array) -> Array:
    """The t by which `chance_of_order` reaches `chance`; infinite where it never does."""
    with np.errstate(over="ignore", divide="ignore"):
        missing = np.maximum(1 - chance, 0.0)
        return np.where(missing > 0, h * np.expm1(-np.log(missing) / s), np.inf)


def discount_nodes(horizon: float, weekly_rate: float) -> tuple[Array, Array]:
    """Times in (0, horizon] and weights w that make sum(w f(t)) the integral of f(t) exp(-weekly_rate t).

    Panels double in width: what is near matters most and changes fastest.
    """
    ends = [0.0]
    while ends[-1] < horizon:
        ends.append(min(horizon, max(_FIRST_PANEL, 2 * ends[-1])))
    starts, widths = np.array(ends[:-1])[:, None], np.diff(ends)[:, None]
    t = (starts + (_KNOTS + 1) / 2 * widths).ravel()
    return t, (_WEIGHTS / 2 * widths).ravel() * np.exp(-weekly_rate * t)

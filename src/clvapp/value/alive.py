"""What somebody who is still a customer will order, where people leave only after an order (Beta-geometric).

Given alive at T, the rate has the posterior Gamma(s, h) and the chance to leave after an order Beta(a, b); BG/NBD and
MBG/NBD differ in s, h, a and b alone. Source: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way",
appendix; the hypergeometric functions after Euler's and Pfaff's transformations, whose parameters do not grow with x.
"""

import numpy as np
from numpy.polynomial.legendre import leggauss

from clvapp.value.histories import Array

_AT_ONE = 1e-4
_NODES = 12


def expected_orders(s: Array, h: Array, a: float, b: Array, *, t: Array | float) -> Array:
    """E[(1 - exp(-lambda p t)) / p]: orders in (T, T + t] of somebody alive at T.

    At a = 1 the closed form is 0 / 0: there the mean of both sides is taken, which is off by the square of the step.
    """
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
    return _between(orders, s / h * t)


def order_rate(s: Array, h: Array, a: float, b: Array, *, t: Array | float) -> Array:
    """E[lambda exp(-lambda p t)]: orders a week at T + t of somebody alive at T."""
    from scipy.special import hyp2f1

    z = t / (h + t)
    rate: Array = s / h * np.exp(a * np.log1p(-z)) * hyp2f1(a, a + b - s - 1, a + b, z)
    return _between(rate, s / h)


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
    """Times in (0, horizon] and weights w that make sum(w f(t)) the integral of f(t) exp(-weekly_rate t)."""
    panels = max(1, int(np.ceil(horizon / 104)))
    knots, weights = leggauss(_NODES)
    starts = np.arange(panels) * horizon / panels
    t = (starts[:, None] + (knots + 1) / 2 * horizon / panels).ravel()
    return t, np.tile(weights, panels) * horizon / panels / 2 * np.exp(-weekly_rate * t)


def _between(value: Array, most: Array) -> Array:
    """Nobody orders less than nothing or more than without leaving; rounding may say so by a hair."""
    return np.clip(value, 0.0, most)

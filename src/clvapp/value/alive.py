"""What somebody who is still a customer will order, where people leave only after an order (Beta-geometric).

Given alive at T, the rate has the posterior Gamma(s, h) and the chance to leave after an order Beta(a, b); BG/NBD and
MBG/NBD differ in s, h, a and b alone. Source: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way",
appendix; the hypergeometric functions after Euler's and Pfaff's transformations, whose parameters do not grow with x.
"""

from collections.abc import Callable

import numpy as np
from numpy.polynomial.legendre import leggauss

from clvapp.value.histories import Array

_AT_ONE = 1e-4
_FIRST_PANEL = 26.0
_KNOTS, _WEIGHTS = leggauss(12)
_FINE_KNOTS, _FINE_WEIGHTS = leggauss(24)


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
    orders = _where_failed(orders, s, h, a, b, of=lambda p, s, tau: -np.expm1(-s * np.log1p(p * tau)) / p, t=t)
    return _between(orders, s / h * t)


def order_rate(s: Array, h: Array, a: float, b: Array, *, t: Array | float) -> Array:
    """E[lambda exp(-lambda p t)]: orders a week at T + t of somebody alive at T."""
    from scipy.special import hyp2f1

    z = t / (h + t)
    rate: Array = s / h * np.exp(a * np.log1p(-z)) * hyp2f1(a, a + b - s - 1, a + b, z)
    rate = _where_failed(rate, s, h, a, b, of=lambda p, s, tau: np.exp(-(s + 1) * np.log1p(p * tau)), t=t, scale=s / h)
    return _between(rate, s / h)


def orders_square(s: Array, h: Array, a: float, b: Array, *, t: float) -> Array:
    """E N^2 of the orders N in (T, T + t] of somebody alive at T.

    Two orders at u < v need both not to be the last: E N(N - 1) is the integral of 2 v lambda^2 (1 - p) exp(-lambda p v).
    """
    pairs = np.zeros_like(s)
    for knot, weight in zip(_KNOTS, _WEIGHTS, strict=True):
        v = t * (knot + 1) / 2
        pairs += weight * t * v * order_rate(s + 1, h, a, b + 1, t=v)
    return expected_orders(s, h, a, b, t=t) + s / h * b / (a + b) * pairs


def _where_failed(
    value: Array, s: Array, h: Array, a: float, b: Array, *, of: Callable[[Array, Array, Array], Array],
    t: Array | float, scale: Array | float = 1.0,
) -> Array:  # fmt: skip
    """`value`, and where SciPy's series gave up (a and b in the hundreds) the mean of `of` over Beta's quantiles."""
    failed = ~np.isfinite(value)
    if not failed.any():
        return value
    from scipy.special import betaincinv

    s, h, b, t, scale = (np.broadcast_to(part, value.shape)[failed][:, None] for part in (s, h, b, t, scale))
    p = np.maximum(betaincinv(a, b, (_FINE_KNOTS + 1) / 2), 1e-300)
    value = value.copy()
    value[failed] = (scale * of(p, s, t / h)) @ _FINE_WEIGHTS / 2
    return value


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


def _between(value: Array, most: Array) -> Array:
    """Nobody orders less than nothing or more than without leaving; rounding may say so by a hair."""
    return np.clip(value, 0.0, most)

"""BG/NBD: people order at a rate of their own, and after any repeat order may leave for good.

Source: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD Model",
Marketing Science 24(2). x, t_x, T as there; all times in one unit.
"""

from dataclasses import dataclass

import numpy as np

from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.models import given_alive
from clvapp.forecast.rising import Counted, log_rising, psi_rising

NAME = "BG/NBD"


@dataclass(frozen=True)
class Parameters:
    """Rates ~ Gamma(r, alpha), chances to leave ~ Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float


def log_likelihood(p: Parameters, rows: Histories) -> Array:
    """Equation 6, in logs: one value a row, without its weight."""
    return _parts(p, rows)[0]


def _parts(p: Parameters, rows: Histories) -> tuple[Array, Array, Array]:
    """The log-likelihood, and the shares of it of those who stayed and of those who left."""
    x = rows.x
    s = p.r + x
    counted = rows.counted
    common = log_rising(p.r, counted) + log_rising(p.b, counted) - log_rising(p.a + p.b, counted)
    common = common + p.r * np.log(p.alpha)
    stayed = -s * np.log(p.alpha + rows.T)
    left = np.where(x > 0, np.log(p.a) - np.log(np.maximum(p.b + x - 1, p.b)) - s * np.log(p.alpha + rows.t_x), -np.inf)
    both = np.logaddexp(stayed, left)
    return common + both, np.exp(stayed - both), np.exp(left - both)


def gradient(p: Parameters, rows: Histories) -> tuple[Array, Array]:
    """The log-likelihood, and its slopes in the logs of r, alpha, a, b: shape (4, rows)."""
    value, stayed, left = _parts(p, rows)
    x, t_x, t = rows.x, rows.t_x, rows.T
    counted = rows.counted
    both = psi_rising(p.a + p.b, counted)
    in_r = psi_rising(p.r, counted) + np.log(p.alpha) - stayed * np.log(p.alpha + t) - left * np.log(p.alpha + t_x)
    in_alpha = p.r / p.alpha - (p.r + x) * (stayed / (p.alpha + t) + left / (p.alpha + t_x))
    in_a = left / p.a - both
    in_b = psi_rising(p.b, counted) - both - left / np.maximum(p.b + x - 1, p.b)
    return value, np.stack([p.r * in_r, p.alpha * in_alpha, p.a * in_a, p.b * in_b])


def p_alive(p: Parameters, rows: Histories) -> Array:
    """Equation 3 of Fader, Hardie & Lee (2008), note 021; 1 for everybody without a repeat order, by construction."""
    return _parts(p, rows)[1]


def expected_orders(p: Parameters, t: float, rows: Histories) -> Array:
    """Equation 10: orders in (T, T + t], given what was seen."""
    return p_alive(p, rows) * given_alive.expected_orders(*_posterior(p, rows), t=t)


def order_rate(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders per unit of time at T + t, given what was seen: the slope of `expected_orders`."""
    return p_alive(p, rows) * given_alive.order_rate(*_posterior(p, rows), t=t)


def orders_square(p: Parameters, t: float, rows: Histories) -> Array:
    """E N^2 of the orders N in (T, T + t], given what was seen."""
    return p_alive(p, rows) * given_alive.orders_square(*_posterior(p, rows), t=t)


def _posterior(p: Parameters, rows: Histories) -> tuple[Array, Array, float, Array]:
    return p.r + rows.x, p.alpha + rows.T, p.a, p.b + rows.x


def chance_of_order(p: Parameters, t: float, rows: Histories) -> Array:
    """P(at least one order in (T, T + t])."""
    return p_alive(p, rows) * given_alive.chance_of_order(p.r + rows.x, p.alpha + rows.T, t=t)


def time_of_next_order(p: Parameters, rows: Histories) -> Array:
    """The t by which an order is as likely as not; infinite where it never is."""
    return given_alive.time_of_chance(p.r + rows.x, p.alpha + rows.T, 0.5 / p_alive(p, rows))


def expected_orders_of_new(p: Parameters, t: Array) -> Array:
    """Equation 9: repeat orders of somebody new within t."""
    t = np.asarray(t, dtype="float64")
    ones = np.ones_like(t)
    return given_alive.expected_orders(p.r * ones, p.alpha * ones, p.a, p.b * ones, t=t)


def probability(p: Parameters, n: Array, t: float) -> Array:
    """Equation 8: P(X(t) = n) of somebody new."""
    from scipy.special import betainc, betaln

    n = np.asarray(n, dtype="float64")
    counted, share = Counted.of(n), t / (p.alpha + t)
    orders = log_rising(p.r, counted) - log_rising(1.0, counted) + p.r * np.log1p(-share) + n * np.log(share)
    stayed = np.exp(betaln(p.a, p.b + n) - betaln(p.a, p.b) + orders)
    last = np.maximum(n, 1)
    left = np.exp(betaln(p.a + 1, p.b + last - 1) - betaln(p.a, p.b)) * betainc(last, p.r, share)
    found: Array = stayed + np.where(n > 0, left, 0.0)
    return found

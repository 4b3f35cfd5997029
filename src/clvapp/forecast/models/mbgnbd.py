"""MBG/NBD: as BG/NBD, but people may also leave right after their first order.

Source: Batislam, Denizel & Filiztekin (2007), "Empirical validation and comparison of models for customer base
analysis", International Journal of Research in Marketing 24(3); conditional expectation as in Wagner & Hoppe (2008).
"""

import numpy as np

from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.models import given_alive
from clvapp.forecast.models.bgnbd import Parameters
from clvapp.forecast.rising import log_rising, psi_rising

NAME = "MBG/NBD"


def log_likelihood(p: Parameters, rows: Histories) -> Array:
    """One value a row, without its weight."""
    return _parts(p, rows)[0]


def _parts(p: Parameters, rows: Histories) -> tuple[Array, Array, Array]:
    """The log-likelihood, and the shares of it of those who stayed and of those who left."""
    x = rows.x
    s = p.r + x
    counted = rows.counted
    common = log_rising(p.r, counted) + log_rising(p.b, counted) - log_rising(p.a + p.b, counted)
    common = common - np.log(p.a + p.b + x) + p.r * np.log(p.alpha)
    stayed = np.log(p.b + x) - s * np.log(p.alpha + rows.T)
    left = np.log(p.a) - s * np.log(p.alpha + rows.t_x)
    both = np.logaddexp(stayed, left)
    return common + both, np.exp(stayed - both), np.exp(left - both)


def gradient(p: Parameters, rows: Histories) -> tuple[Array, Array]:
    """The log-likelihood, and its slopes in the logs of r, alpha, a, b: shape (4, rows)."""
    value, stayed, left = _parts(p, rows)
    x, t_x, t = rows.x, rows.t_x, rows.T
    counted = rows.counted
    both = psi_rising(p.a + p.b, counted) + 1 / (p.a + p.b + x)
    in_r = psi_rising(p.r, counted) + np.log(p.alpha) - stayed * np.log(p.alpha + t) - left * np.log(p.alpha + t_x)
    in_alpha = p.r / p.alpha - (p.r + x) * (stayed / (p.alpha + t) + left / (p.alpha + t_x))
    in_a = left / p.a - both
    in_b = psi_rising(p.b, counted) - both + stayed / (p.b + x)
    return value, np.stack([p.r * in_r, p.alpha * in_alpha, p.a * in_a, p.b * in_b])


def p_alive(p: Parameters, rows: Histories) -> Array:
    """P(not yet left at T), given what was seen."""
    return _parts(p, rows)[1]


def expected_orders(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders in (T, T + t], given what was seen."""
    return p_alive(p, rows) * given_alive.expected_orders(*_posterior(p, rows), t=t)


def order_rate(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders per unit of time at T + t, given what was seen: the slope of `expected_orders`."""
    return p_alive(p, rows) * given_alive.order_rate(*_posterior(p, rows), t=t)


def orders_square(p: Parameters, t: float, rows: Histories) -> Array:
    """E N^2 of the orders N in (T, T + t], given what was seen."""
    return p_alive(p, rows) * given_alive.orders_square(*_posterior(p, rows), t=t)


def _posterior(p: Parameters, rows: Histories) -> tuple[Array, Array, float, Array]:
    return p.r + rows.x, p.alpha + rows.T, p.a, p.b + rows.x + 1


def chance_of_order(p: Parameters, t: float, rows: Histories) -> Array:
    """P(at least one order in (T, T + t])."""
    return p_alive(p, rows) * given_alive.chance_of_order(p.r + rows.x, p.alpha + rows.T, t=t)


def time_of_next_order(p: Parameters, rows: Histories) -> Array:
    """The t by which an order is as likely as not; infinite where it never is."""
    return given_alive.time_of_chance(p.r + rows.x, p.alpha + rows.T, 0.5 / p_alive(p, rows))


def expected_orders_of_new(p: Parameters, t: Array) -> Array:
    """Repeat orders of somebody new within t."""
    t = np.asarray(t, dtype="float64")
    ones = np.ones_like(t)
    return p.b / (p.a + p.b) * given_alive.expected_orders(p.r * ones, p.alpha * ones, p.a, (p.b + 1) * ones, t=t)

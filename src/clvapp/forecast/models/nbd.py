"""NBD: people order at a rate of their own and nobody leaves. The limit of the others when no dropout is visible.

Source: Ehrenberg (1959); conditional expectation as in Morrison & Schmittlein (1988): H (r + x) / (alpha + T).
"""

from dataclasses import dataclass

import numpy as np

from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.models import given_alive
from clvapp.forecast.rising import log_rising, psi_rising

NAME = "NBD"


@dataclass(frozen=True)
class Parameters:
    """Rates ~ Gamma(r, alpha)."""

    r: float
    alpha: float


def log_likelihood(p: Parameters, rows: Histories) -> Array:
    """One value a row, without its weight: of the x order times within T."""
    found: Array = log_rising(p.r, rows.counted) + p.r * np.log(p.alpha) - (p.r + rows.x) * np.log(p.alpha + rows.T)
    return found


def gradient(p: Parameters, rows: Histories) -> tuple[Array, Array]:
    """The log-likelihood, and its slopes in the logs of r and alpha: shape (2, rows)."""
    later = p.alpha + rows.T
    in_r = psi_rising(p.r, rows.counted) + np.log(p.alpha) - np.log(later)
    in_alpha = p.r / p.alpha - (p.r + rows.x) / later
    return log_likelihood(p, rows), np.stack([p.r * in_r, p.alpha * in_alpha])


def p_alive(p: Parameters, rows: Histories) -> Array:
    """Nobody leaves."""
    return np.ones_like(rows.x)


def expected_orders(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders in (T, T + t], given what was seen."""
    return t * order_rate(p, t, rows)


def order_rate(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders per unit of time at T + t: the same at any t."""
    return (p.r + rows.x) / (p.alpha + rows.T)


def orders_square(p: Parameters, t: float, rows: Histories) -> Array:
    """E N^2 of the orders N in (T, T + t], given what was seen."""
    rate = order_rate(p, t, rows)
    return rate * t * (1 + (p.r + rows.x + 1) / (p.alpha + rows.T) * t)


def chance_of_order(p: Parameters, t: float, rows: Histories) -> Array:
    """P(at least one order in (T, T + t])."""
    return given_alive.chance_of_order(p.r + rows.x, p.alpha + rows.T, t=t)


def time_of_next_order(p: Parameters, rows: Histories) -> Array:
    """The t by which an order is as likely as not."""
    return given_alive.time_of_chance(p.r + rows.x, p.alpha + rows.T, np.full_like(rows.x, 0.5))


def expected_orders_of_new(p: Parameters, t: Array) -> Array:
    """Repeat orders of somebody new within t."""
    return p.r / p.alpha * np.asarray(t, dtype="float64")

"""Pareto/NBD: people order at a rate of their own and leave at a moment of their own, seen by nobody.

Source: Schmittlein, Morrison & Colombo (1987), "Counting Your Customers: Who Are They and What Will They Do Next?";
Fader & Hardie (2005), "A Note on Deriving the Pareto/NBD Model and Related Expressions". Their difference of two
hypergeometric functions is the integral over the moment of leaving, which is taken here by quadrature of a positive
integrand: nothing cancels, however many orders there are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss

from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.rising import log_rising, psi_rising

NAME = "Pareto/NBD"
_KNOTS, _WEIGHTS = leggauss(24)
_BLOCK = 4096  # rows: their knots stay in the processor's own memory
_NEGLIGIBLE = 37.0  # exp(-37) is below rounding


@dataclass(frozen=True)
class Parameters:
    """Rates ~ Gamma(r, alpha), rates of leaving ~ Gamma(s, beta)."""

    r: float
    alpha: float
    s: float
    beta: float


@dataclass(frozen=True, eq=False)
class _Leaving:
    """Of the moment u of leaving, a row each: log of the integral, and means of log(alpha + u), 1 / (alpha + u), ..."""

    total: Array
    log_alpha: Array
    over_alpha: Array
    log_beta: Array
    over_beta: Array


def log_likelihood(p: Parameters, rows: Histories) -> Array:
    """One value a row, without its weight: equation 17 of the note, the difference as an integral."""
    return _parts(p, rows)[0]


def _parts(p: Parameters, rows: Histories) -> tuple[Array, Array, _Leaving]:
    """The log-likelihood, the share of those who stayed, and the integral of those who left."""
    s_x = p.r + rows.x
    stayed = -s_x * np.log(p.alpha + rows.T) - p.s * np.log(p.beta + rows.T)
    leaving = _leaving(p, rows)
    both = np.logaddexp(stayed, leaving.total)
    common = log_rising(p.r, rows.counted) + p.r * np.log(p.alpha) + p.s * np.log(p.beta)
    return common + both, np.exp(stayed - both), leaving


def _leaving(p: Parameters, rows: Histories) -> _Leaving:
    """log of s times the integral of (alpha + u)^-(r+x) (beta + u)^-(s+1) over u in [t_x, T].

    Block by block of the rows: each has a row of knots, and those of a million customers would fill the memory.
    """
    blocks = (slice(start, start + _BLOCK) for start in range(0, len(rows.x), _BLOCK))
    found = [_leaving_of(p, rows.x[of], rows.t_x[of], rows.T[of]) for of in blocks]
    return _Leaving(*np.concatenate(found, axis=1)) if found else _Leaving(*np.zeros((5, 0)))


def _leaving_of(p: Parameters, x: Array, t_x: Array, t: Array) -> Array:
    """The parts of `_Leaving` of some rows, one below the other."""
    least, s_x = min(p.alpha, p.beta), p.r + x
    with np.errstate(over="ignore"):
        faded = [(p.alpha + t_x) * np.expm1(_NEGLIGIBLE / s_x), (p.beta + t_x) * np.expm1(_NEGLIGIBLE / p.s)]
    span = np.minimum(np.minimum(t - t_x, faded[0]), faded[1])
    width = np.log1p(span / (least + t_x))
    grown = (least + t_x)[:, None] * np.exp(width[:, None] * (_KNOTS + 1) / 2)
    # `grown` is the smaller parameter plus u, spread evenly in logs: the integrand is smooth there.
    log_alpha = np.log(grown + (p.alpha - least))
    log_beta = np.log(grown + (p.beta - least))
    with np.errstate(divide="ignore"):
        log_width = np.log(width / 2)[:, None]
    terms = np.log(_WEIGHTS) + log_width + np.log(grown) - s_x[:, None] * log_alpha - (p.s + 1) * log_beta
    most = terms.max(axis=1)
    safe = np.where(np.isfinite(most), most, 0.0)
    shares = np.exp(terms - safe[:, None])
    total = shares.sum(axis=1)
    with np.errstate(divide="ignore"):
        log_total = np.log(p.s) + safe + np.log(total)
    shares /= np.where(total > 0, total, 1.0)[:, None]
    of_moments = (log_alpha, np.exp(-log_alpha), log_beta, np.exp(-log_beta))
    return np.stack([log_total, *(np.einsum("ij,ij->i", shares, of) for of in of_moments)])


def gradient(p: Parameters, rows: Histories) -> tuple[Array, Array]:
    """The log-likelihood, and its slopes in the logs of r, alpha, s, beta: shape (4, rows)."""
    value, stayed, leaving = _parts(p, rows)
    left, t = 1 - stayed, rows.T
    s_x = p.r + rows.x

    in_r = psi_rising(p.r, rows.counted) + np.log(p.alpha) - stayed * np.log(p.alpha + t)
    in_r -= left * leaving.log_alpha
    in_alpha = p.r / p.alpha - s_x * (stayed / (p.alpha + t) + left * leaving.over_alpha)
    in_s = np.log(p.beta) - stayed * np.log(p.beta + t) + left * (1 / p.s - leaving.log_beta)
    in_beta = p.s / p.beta - stayed * p.s / (p.beta + t) - left * (p.s + 1) * leaving.over_beta
    return value, np.stack([p.r * in_r, p.alpha * in_alpha, p.s * in_s, p.beta * in_beta])


def p_alive(p: Parameters, rows: Histories) -> Array:
    """P(not yet left at T), given what was seen."""
    return _parts(p, rows)[1]


def expected_orders(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders in (T, T + t], given what was seen: equation 41 of the note; at s = 1 its limit."""
    later = p.beta + rows.T
    return p_alive(p, rows) * (p.r + rows.x) / (p.alpha + rows.T) * later * _decaying(p.s, np.log1p(t / later))


def _decaying(s: float, u: Array) -> Array:
    """(1 - exp(-(s - 1) u)) / (s - 1), u itself at s = 1."""
    found: Array = u if s == 1 else -np.expm1(-(s - 1) * u) / (s - 1)
    return found


def order_rate(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders per unit of time at T + t, given what was seen: the slope of `expected_orders`."""
    staying = np.exp(-p.s * np.log1p(t / (p.beta + rows.T)))
    rate: Array = p_alive(p, rows) * (p.r + rows.x) / (p.alpha + rows.T) * staying
    return rate


def orders_square(p: Parameters, t: float, rows: Histories) -> Array:
    """E N^2 of the orders N in (T, T + t]: of a Poisson count over what is left of t, squared and averaged.

    Who leaves within a moment is between the knots: N is whole, so its square is N at least, and no variance negative.
    """
    u = t * (_KNOTS + 1) / 2
    staying = np.exp(-p.s * np.log1p(u / (p.beta + rows.T)[:, None]))
    left, left_square = staying @ _WEIGHTS * t / 2, (2 * staying * u) @ _WEIGHTS * t / 2
    rate = (p.r + rows.x) / (p.alpha + rows.T)
    found: Array = p_alive(p, rows) * rate * (left + (p.r + rows.x + 1) / (p.alpha + rows.T) * left_square)
    mean = expected_orders(p, t, rows)
    least: Array = np.maximum(mean, mean**2)
    return np.maximum(found, least)


def chance_of_order(p: Parameters, t: Array | float, rows: Histories) -> Array:
    """P(at least one order in (T, T + t]): the first falls at u and nobody left before."""
    return p_alive(p, rows) * _ordering(p, t, rows)


def _ordering(p: Parameters, t: Array | float, rows: Histories) -> Array:
    """The same of somebody alive at T; v is the chance to order before u if nobody left."""
    s_x, later = p.r + rows.x, p.alpha + rows.T
    most = -np.expm1(-s_x * np.log1p(t / later))
    v = most[:, None] * (_KNOTS + 1) / 2
    u = later[:, None] * np.expm1(-np.log1p(-v) / s_x[:, None])
    staying = np.exp(-p.s * np.log1p(u / (p.beta + rows.T)[:, None]))
    found: Array = most / 2 * (staying @ _WEIGHTS)
    return found


def time_of_next_order(p: Parameters, rows: Histories, *, longest: float = 1040.0) -> Array:
    """The t by which an order is as likely as not; infinite where it is not within `longest`."""
    wanted = 0.5 / p_alive(p, rows)
    low, high = np.zeros_like(rows.x), np.full_like(rows.x, longest)
    reached = _ordering(p, high, rows) >= wanted
    for _ in range(24):
        middle = (low + high) / 2
        enough = _ordering(p, middle, rows) >= wanted
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(reached, high, np.inf)


def expected_orders_of_new(p: Parameters, t: Array) -> Array:
    """Repeat orders of somebody new within t."""
    t = np.asarray(t, dtype="float64")
    return p.r / p.alpha * p.beta * _decaying(p.s, np.log1p(t / p.beta))

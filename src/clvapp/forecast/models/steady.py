"""MBG/CNBD-k among chance: some customers order at even gaps, k stages each; the others by chance, as in MBG/NBD.

Gaps of a steady customer are Gamma of shape k around a pace of their own; people may leave after any order, the first
included. With k = 1 a steady customer is one of MBG/NBD. Source: Platzer & Reutterer (2016), "Ticking Away the
Moments", Marketing Science 35(5); Reutterer, Platzer & Schroeder (2021), "Leveraging purchase regularity for
predicting customer behavior the easy way", International Journal of Research in Marketing 38(1), whose sums over
stages are incomplete Beta functions here. Who is steady nobody knows: every number is the mean over both classes, by
what a customer's gaps say.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.models import given_alive, mbgnbd
from clvapp.forecast.models.bgnbd import Parameters as Class
from clvapp.forecast.rising import log_rising, psi_rising

NAME = "MBG/CNBD-k"
_TINY = 1e-300
_PHASES = 4  # places between two orders that somebody may be at
_EACH, _WIDTH, _STEPS = 8, 0.1, 4  # orders counted one by one; of a group of the next; groups to a standard deviation
_SURE, _UTMOST = 6.0, 8.0  # standard deviations below the pace that all order, and above it that nobody does
_MOST = 4000  # orders counted
_AT_ONCE = 256  # rows
_STEP = 1e-4
_NOBODY = 1e-5  # a chance of being steady and alive that moves no number
_LONGEST = 1040.0  # weeks


@dataclass(frozen=True)
class Parameters:
    """`share` of customers are steady, of `k` stages a gap: those of MBG/NBD for the others, then for them."""

    share: float
    k: float
    r: float
    alpha: float
    a: float
    b: float
    r_steady: float
    alpha_steady: float
    a_steady: float
    b_steady: float

    @property
    def chance(self) -> Class:
        """The class of those who order by chance."""
        return Class(self.r, self.alpha, self.a, self.b)

    @property
    def steady(self) -> Class:
        """The class of those who order at even gaps; r and alpha are of stages."""
        return Class(self.r_steady, self.alpha_steady, self.a_steady, self.b_steady)


# --- one class of steady customers ---
def log_gaps(k: float, rows: Histories) -> Array:
    """What k adds to the log density of the gaps beside what `class_parts` holds."""
    from scipy.special import gammaln

    mean = np.where(rows.x > 0, rows.t_x / np.maximum(rows.x, 1.0), 1.0)
    found: Array = (k - 1) * (rows.x * np.log(np.maximum(mean, _TINY)) - rows.uneven) - rows.x * gammaln(k)
    return found


def class_parts(p: Class, k: float, rows: Histories) -> tuple[Array, Array, Array]:
    """The log-likelihood without `log_gaps`, the share of it of those who stayed, and the log of the last silence."""
    from scipy.special import gammaln

    s, counted = p.r + k * rows.x, rows.counted
    common = log_rising(p.b, counted) - log_rising(p.a + p.b, counted) - np.log(p.a + p.b + rows.x)
    common = common + gammaln(s) - gammaln(p.r) + p.r * np.log(p.alpha) - s * np.log(p.alpha + rows.t_x)
    silent = _log_silent(s, k, (p.alpha + rows.t_x) / (p.alpha + rows.T))
    stayed = np.log(p.b + rows.x) + silent
    both = np.logaddexp(stayed, np.log(p.a))
    return common + both, np.exp(stayed - both), silent


def _log_silent(s: Array, k: float, share: Array) -> Array:
    """log P(no order since): the gap's rate is Gamma(s, .), of which `share` had passed at the last order."""
    from scipy.special import betainc

    found: Array = np.log(np.maximum(betainc(s, k, share), _TINY))
    return found


def class_gradient(p: Class, k: float, rows: Histories) -> tuple[Array, Array]:
    """The log-likelihood of `class_parts`, and its slopes in the logs of r, alpha, a, b: shape (4, rows)."""
    from scipy.special import betaln, psi

    value, stayed, silent = class_parts(p, k, rows)
    s, share = p.r + k * rows.x, (p.alpha + rows.t_x) / (p.alpha + rows.T)
    step = _STEP * s
    in_s = (_log_silent(s + step, k, share) - _log_silent(s - step, k, share)) / (2 * step)
    rest = np.maximum(1 - share, _TINY)
    density = (s - 1) * np.log(share) + (k - 1) * np.log(rest) - betaln(s, k)
    in_share = np.where(rows.t_x < rows.T, np.exp(np.minimum(density - silent, 700.0)), 0.0)
    in_r = psi(s) - psi(p.r) + np.log(p.alpha) - np.log(p.alpha + rows.t_x) + stayed * in_s
    in_alpha = p.r / p.alpha - s / (p.alpha + rows.t_x) + stayed * in_share * rest / (p.alpha + rows.T)
    both = psi_rising(p.a + p.b, rows.counted) + 1 / (p.a + p.b + rows.x)
    in_a = (1 - stayed) / p.a - both
    in_b = psi_rising(p.b, rows.counted) + stayed / (p.b + rows.x) - both
    return value, np.stack([p.r * in_r, p.alpha * in_alpha, p.a * in_a, p.b * in_b])


def _phases(p: Class, k: float, rows: Histories) -> tuple[Array, Array]:
    """How far those alive may be between two orders, in stages, and how likely: shape (rows, places)."""
    from scipy.special import gammaln

    j, s = np.arange(round(k)), (p.r + k * rows.x)[:, None]
    passed = np.maximum((rows.T - rows.t_x) / (p.alpha + rows.T), _TINY)[:, None]
    logs = gammaln(s + j) - gammaln(j + 1) + j * np.log(passed)
    chance = np.exp(logs - logs.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    if len(j) <= _PHASES:
        return np.broadcast_to(j.astype("float64"), chance.shape), chance
    starts = np.linspace(0, len(j), _PHASES, endpoint=False).astype("int64")
    mass = np.add.reduceat(chance, starts, axis=1)
    mean = np.add.reduceat(chance * j, starts, axis=1) / np.maximum(mass, _TINY)
    return mean, mass


def _numbers(least: float, most: float, step: float) -> tuple[Array, Array]:
    """Numbers of orders from `least` to `most`, and for how many each stands: one by one first, then groups of `step`.

    Groups are no wider than a tenth of the numbers that they hold.
    """
    ends = [least + n for n in range(_EACH)]
    while ends[-1] < min(most, _MOST):
        ends.append(ends[-1] + max(1.0, min(step, float(round(ends[-1] * _WIDTH)))))
    last = np.array(ends)
    width = np.diff(last, prepend=least - 1.0)
    return last - (width - 1) / 2, width


def class_orders(p: Class, k: float, t: float, rows: Histories) -> tuple[Array, Array]:
    """E N and E N^2 of the orders N in (T, T + t] of those alive at T.

    The n-th comes when n k stages are through, and its customer has not left after the n - 1 before.
    """
    pace = (p.r / k + rows.x + 1) / (p.alpha + rows.T)
    by_pace = np.argsort(pace, kind="stable")  # blocks of one pace count to about as many orders
    both = np.zeros((2, len(pace)))
    for at in range(0, len(pace), _AT_ONCE):
        block = by_pace[at : at + _AT_ONCE]
        both[:, block] = _class_orders(p, k, t, rows.of(block))
    mean = both[0]
    return mean, np.maximum(both[1], np.maximum(mean, mean**2))


def _class_orders(p: Class, k: float, t: float, rows: Histories) -> Array:
    from scipy.special import betainc, gammaln

    s, stays = p.r + k * rows.x, (p.b + rows.x + 1)[:, None]
    pace = (s + k) / (k * (p.alpha + rows.T)) * t
    spread = np.sqrt(pace / k + pace**2 / s)
    sure = int(np.clip((pace - _SURE * spread).min(), 0, _MOST))
    n, width = _numbers(sure + 1.0, float((pace + _UTMOST * spread).max()) + 4, float(spread.min()) // _STEPS)
    place, likely = _phases(p, k, rows)
    share = (t / (p.alpha + rows.T + t))[:, None]
    came = np.zeros((len(s), len(n)))
    for at, weight in zip(place.T, likely.T, strict=True):
        came += weight[:, None] * betainc(np.maximum(n * k - at[:, None], _TINY), (s + at)[:, None], share)
    kept = gammaln(stays + n - 1) - gammaln(stays) - gammaln(p.a + stays + n - 1) + gammaln(p.a + stays)
    came *= np.exp(kept) * width
    found = np.stack([came.sum(axis=1), came @ (2 * n - 1)])
    if sure:  # what the pace makes certain comes from all who have not left by then
        before = np.arange(float(sure))
        steps = (stays + before[:-1]) / (p.a + stays + before[:-1])
        stayed = np.cumprod(np.concatenate([np.ones_like(stays), steps], axis=1), axis=1)
        found += np.stack([stayed.sum(axis=1), stayed @ (2 * before + 1)])
    return found


def _class_ordering(p: Class, k: float, t: Array | float, rows: Histories) -> Array:
    """P(an order in (T, T + t]) of those alive at T."""
    s = p.r + k * rows.x
    later = _log_silent(s, k, (p.alpha + rows.t_x) / (p.alpha + rows.T + t))
    now = _log_silent(s, k, (p.alpha + rows.t_x) / (p.alpha + rows.T))
    found: Array = -np.expm1(np.minimum(later - now, 0.0))
    return found


def _class_rate(p: Class, k: float, t: float, rows: Histories) -> Array:
    """Orders per unit of time at T + t of those alive at T, evened out over a gap, half of which has passed."""
    s = p.r + k * rows.x + (k - 1) / 2
    return given_alive.order_rate(s, k * (p.alpha + rows.T), p.a, p.b + rows.x + 1, t=t)


# --- both classes ---
def steady_chance(p: Parameters, rows: Histories) -> Array:
    """P(the customer is steady), given what was seen."""
    return _both(p, rows)[1]


def _both(p: Parameters, rows: Histories) -> tuple[Array, Array]:
    """The log-likelihood, and the share of it of the steady."""
    by_chance = np.log1p(-p.share) + mbgnbd.log_likelihood(p.chance, rows)
    steady = np.log(p.share) + class_parts(p.steady, p.k, rows)[0] + log_gaps(p.k, rows)
    both = np.logaddexp(by_chance, steady)
    return both, np.exp(steady - both)


def log_likelihood(p: Parameters, rows: Histories) -> Array:
    """One value a row, without its weight."""
    return _both(p, rows)[0]


def gradient(p: Parameters, rows: Histories) -> tuple[Array, Array]:
    """The log-likelihood, and its slopes in the logs of the parameters: shape (10, rows). That of k is left at 0."""
    both, steady = _both(p, rows)
    in_share = steady - (1 - steady) * p.share / (1 - p.share)
    chance_slopes = (1 - steady) * mbgnbd.gradient(p.chance, rows)[1]
    steady_slopes = steady * class_gradient(p.steady, p.k, rows)[1]
    return both, np.concatenate([[in_share, np.zeros_like(both)], chance_slopes, steady_slopes])


def _mixed(p: Parameters, rows: Histories, chance: Array, steady: Callable[[Histories], Array]) -> Array:
    """The mean over both classes of what holds of one alive; nothing is asked of the steady where none can be."""
    share = steady_chance(p, rows)
    alive = share * class_parts(p.steady, p.k, rows)[1]
    found: Array = (1 - share) * chance
    some = np.flatnonzero(alive > _NOBODY)
    if len(some):
        found[some] += alive[some] * steady(rows.of(some))
    return found


def p_alive(p: Parameters, rows: Histories) -> Array:
    """P(not yet left at T), given what was seen."""
    return _mixed(p, rows, mbgnbd.p_alive(p.chance, rows), lambda some: np.ones_like(some.x))


def expected_orders(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders in (T, T + t], given what was seen."""
    chance = mbgnbd.expected_orders(p.chance, t, rows)
    return _mixed(p, rows, chance, lambda some: class_orders(p.steady, p.k, t, some)[0])


def orders_square(p: Parameters, t: float, rows: Histories) -> Array:
    """E N^2 of the orders N in (T, T + t], given what was seen."""
    chance = mbgnbd.orders_square(p.chance, t, rows)
    return _mixed(p, rows, chance, lambda some: class_orders(p.steady, p.k, t, some)[1])


def order_rate(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders per unit of time at T + t, given what was seen; of the steady evened out over a gap."""
    chance = mbgnbd.order_rate(p.chance, t, rows)
    return _mixed(p, rows, chance, lambda some: _class_rate(p.steady, p.k, t, some))


def rough_orders(p: Parameters, t: float, rows: Histories) -> Array:
    """As `expected_orders`, the steady evened out over a gap: as good to see how parameters move it, and fast."""

    def evened(some: Histories) -> Array:
        s = p.r_steady + p.k * some.x + (p.k - 1) / 2
        pace = p.k * (p.alpha_steady + some.T)
        return given_alive.expected_orders(s, pace, p.a_steady, p.b_steady + some.x + 1, t=t)

    return _mixed(p, rows, mbgnbd.expected_orders(p.chance, t, rows), evened)


def chance_of_order(p: Parameters, t: Array | float, rows: Histories) -> Array:
    """P(at least one order in (T, T + t])."""
    chance = mbgnbd.p_alive(p.chance, rows) * given_alive.chance_of_order(p.r + rows.x, p.alpha + rows.T, t=t)
    share = steady_chance(p, rows)
    alive = share * class_parts(p.steady, p.k, rows)[1]
    found: Array = (1 - share) * chance + alive * _class_ordering(p.steady, p.k, t, rows)
    return found


def time_of_next_order(p: Parameters, rows: Histories) -> Array:
    """The t by which an order is as likely as not; infinite where it is not within twenty years."""
    low, high = np.zeros_like(rows.x), np.full_like(rows.x, _LONGEST)
    reached = chance_of_order(p, high, rows) >= 0.5
    for _ in range(24):
        middle = (low + high) / 2
        enough = chance_of_order(p, middle, rows) >= 0.5
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(reached, high, np.inf)


def expected_orders_of_new(p: Parameters, t: Array) -> Array:
    """Repeat orders of somebody new within t."""
    from scipy.special import betainc, gammaln

    t, one = np.asarray(t, dtype="float64"), p.steady
    pace = float(t.max(initial=0.0)) * (one.r + p.k) / (p.k * one.alpha)
    spread = np.sqrt(pace / p.k + pace**2 / one.r)
    n, width = _numbers(1.0, pace + _UTMOST * spread + 4, spread // _STEPS)
    kept = gammaln(one.b + n) - gammaln(one.b) - gammaln(one.a + one.b + n) + gammaln(one.a + one.b)
    share = (t / (one.alpha + t))[:, None]
    steady = betainc(n * p.k, one.r, share) @ (np.exp(kept) * width)
    found: Array = (1 - p.share) * mbgnbd.expected_orders_of_new(p.chance, t) + p.share * steady
    return found

"""MBG/CNBD-k, the class of steady customers alone: gaps of k stages each, and who may leave after any order.

Gaps are Gamma of shape k around a pace of a customer's own. Source: Platzer & Reutterer (2016), "Ticking Away the
Moments", Marketing Science 35(5); Reutterer, Platzer & Schroeder (2021), "Leveraging purchase regularity for
predicting customer behavior the easy way", International Journal of Research in Marketing 38(1), whose sums over
stages are incomplete Beta functions here. Parameters are r, alpha, a and b of MBG/NBD, r and alpha those of stages.
"""

import numpy as np

from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.models import given_alive
from clvapp.forecast.models.bgnbd import Parameters
from clvapp.forecast.rising import log_rising, psi_rising

_TINY = 1e-300
_PHASES = 4  # places between two orders that somebody may be at
_EACH, _WIDTH, _STEPS = 8, 0.1, 4  # orders more than the pace has; widths of groups
_SOME, _NEAR = 3, 4.5  # orders made, and orders ahead
_SURE, UTMOST = 6.0, 8.0  # standard deviations below the pace that all order, and above it that nobody does
_MOST = 4000  # orders counted
_AT_ONCE = 256  # rows
_STEP = 1e-4


def log_gaps(k: float, rows: Histories) -> Array:
    """What k adds to the log density of the gaps beside what `parts` holds."""
    from scipy.special import gammaln

    mean = np.where(rows.x > 0, rows.t_x / np.maximum(rows.x, 1.0), 1.0)
    found: Array = (k - 1) * (rows.x * np.log(np.maximum(mean, _TINY)) - rows.uneven) - rows.x * gammaln(k)
    return found


def parts(p: Parameters, k: float, rows: Histories) -> tuple[Array, Array, Array]:
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


def gradient(p: Parameters, k: float, rows: Histories) -> tuple[Array, Array]:
    """The log-likelihood of `parts`, and its slopes in the logs of r, alpha, a, b: shape (4, rows)."""
    from scipy.special import betaln, psi

    value, stayed, silent = parts(p, k, rows)
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


def _phases(p: Parameters, k: float, rows: Histories) -> tuple[Array, Array]:
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


def numbers(pace: Array, spread: Array) -> tuple[int, Array, Array]:
    """How many orders all are sure to make; numbers of orders beyond, and for how many each stands.

    One by one first, then groups, no wider than a tenth of the numbers they hold and a fourth of the `spread` of those
    customers whose `pace` comes to about as many.
    """
    low, high = pace - _SURE * spread, np.minimum(pace + UTMOST * spread + _EACH, _MOST)
    sure = int(np.clip(low.min(), 0, _MOST))
    ends, most = [float(sure + 1)], float(high.max())
    while ends[-1] < most:
        last = ends[-1]
        finest = float(np.min(spread, where=(low <= last) & (last <= high), initial=np.inf)) // _STEPS
        ends.append(last + max(1.0, min(finest, float(round(last * _WIDTH)))))
    upto = np.array(ends)
    width = np.diff(upto, prepend=float(sure))
    return sure, upto - (width - 1) / 2, width


def orders(p: Parameters, k: float, t: float, rows: Histories) -> tuple[Array, Array]:
    """E N and E N^2 of the orders N in (T, T + t] of those alive at T.

    The n-th comes when n k stages are through, and its customer has not left after the n - 1 before.
    """
    pace = (p.r / k + rows.x + 1) / (p.alpha + rows.T)
    by_pace = np.argsort(pace, kind="stable")  # blocks of one pace count to about as many orders
    both = np.zeros((2, len(pace)))
    for at in range(0, len(pace), _AT_ONCE):
        block = by_pace[at : at + _AT_ONCE]
        both[:, block] = _orders(p, k, t, rows.of(block))
    mean = both[0]
    return mean, np.maximum(both[1], np.maximum(mean, mean**2))


def _orders(p: Parameters, k: float, t: float, rows: Histories) -> Array:
    from scipy.special import betainc, gammaln

    s, stays = p.r + k * rows.x, (p.b + rows.x + 1)[:, None]
    pace = (s + k) / (k * (p.alpha + rows.T)) * t
    sure, n, width = numbers(pace, np.sqrt(pace / k + pace**2 / s))
    place, likely = _phases(p, k, rows)
    share = (t / (p.alpha + rows.T + t))[:, None]
    # How far those are between two orders who have made some, of whom it says little else, tells of the next few alone.
    few, near = rows.x < _SOME, int(np.searchsorted(n, _NEAR))
    came = np.zeros((len(s), len(n)))
    for those, until in ((few, len(n)), (~few, near)):
        for at, weight in zip(place[those].T, likely[those].T, strict=True):
            ends = n[:until] * k - at[:, None]
            came[those, :until] += weight[:, None] * betainc(ends, (s[those] + at)[:, None], share[those])
    at = (place * likely).sum(axis=1)[~few, None]
    came[~few, near:] = betainc(n[near:] * k - at, s[~few, None] + at, share[~few])
    kept = gammaln(stays + n - 1) - gammaln(stays) - gammaln(p.a + stays + n - 1) + gammaln(p.a + stays)
    came *= np.exp(kept) * width
    found = np.stack([came.sum(axis=1), came @ (2 * n - 1)])
    if sure:  # what the pace makes certain comes from all who have not left by then
        before = np.arange(float(sure))
        steps = (stays + before[:-1]) / (p.a + stays + before[:-1])
        stayed = np.cumprod(np.concatenate([np.ones_like(stays), steps], axis=1), axis=1)
        found += np.stack([stayed.sum(axis=1), stayed @ (2 * before + 1)])
    return found


def ordering(p: Parameters, k: float, t: Array | float, rows: Histories) -> Array:
    """P(an order in (T, T + t]) of those alive at T."""
    s = p.r + k * rows.x
    later = _log_silent(s, k, (p.alpha + rows.t_x) / (p.alpha + rows.T + t))
    now = _log_silent(s, k, (p.alpha + rows.t_x) / (p.alpha + rows.T))
    found: Array = -np.expm1(np.minimum(later - now, 0.0))
    return found


def rate(p: Parameters, k: float, t: float, rows: Histories) -> Array:
    """Orders per unit of time at T + t of those alive at T, evened out over a gap, half of which has passed."""
    s = p.r + k * rows.x + (k - 1) / 2
    return given_alive.order_rate(s, k * (p.alpha + rows.T), p.a, p.b + rows.x + 1, t=t)

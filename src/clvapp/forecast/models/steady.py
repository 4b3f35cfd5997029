"""MBG/CNBD-k among chance: some customers order at even gaps, k stages each; the others by chance, as in MBG/NBD.

The steady are those of `cnbd`; with k = 1 one of them is one of MBG/NBD. Who is steady nobody knows: every number is
the mean over both classes, by what a customer's gaps say.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.models import cnbd, given_alive, mbgnbd
from clvapp.forecast.models.bgnbd import Parameters as Class

NAME = "MBG/CNBD-k"
_HARDLY = 0.02  # a chance at which an order more or less moves no customer's number by a fiftieth of one
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


def steady_chance(p: Parameters, rows: Histories) -> Array:
    """P(the customer is steady), given what was seen."""
    return _both(p, rows)[1]


def _classes(p: Parameters, rows: Histories) -> tuple[Array, Array]:
    """P(the customer is steady), and P(steady and not yet left at T), given what was seen."""
    if p not in rows.found:
        rows.found.clear()  # slopes ask at many parameters, each once
        share = steady_chance(p, rows)
        rows.found[p] = share, share * cnbd.parts(p.steady, p.k, rows)[1]
    share, alive = rows.found[p]
    return share, alive


def _both(p: Parameters, rows: Histories) -> tuple[Array, Array]:
    """The log-likelihood, and the share of it of the steady."""
    by_chance = np.log1p(-p.share) + mbgnbd.log_likelihood(p.chance, rows)
    steady = np.log(p.share) + cnbd.parts(p.steady, p.k, rows)[0] + cnbd.log_gaps(p.k, rows)
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
    steady_slopes = steady * cnbd.gradient(p.steady, p.k, rows)[1]
    return both, np.concatenate([[in_share, np.zeros_like(both)], chance_slopes, steady_slopes])


OfSome = Callable[[Histories], Array]


def _mixed(p: Parameters, rows: Histories, chance: Array, steady: OfSome, *, hardly: OfSome | None = None) -> Array:
    """The mean over both classes of what holds of one alive; nothing is asked of the steady where none can be.

    `hardly`: what is as good where one of the steady is hardly alive, if that is faster.
    """
    share, alive = _classes(p, rows)
    found: Array = (1 - share) * chance
    most = _NOBODY if hardly is None else _HARDLY
    for asked, some in ((steady, alive > most), (hardly or steady, (alive > _NOBODY) & (alive <= most))):
        if some.any():
            found[some] += alive[some] * asked(rows.of(np.flatnonzero(some)))
    return found


def p_alive(p: Parameters, rows: Histories) -> Array:
    """P(not yet left at T), given what was seen."""
    return _mixed(p, rows, mbgnbd.p_alive(p.chance, rows), lambda some: np.ones_like(some.x))


def expected_orders(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders in (T, T + t], given what was seen."""
    chance = mbgnbd.expected_orders(p.chance, t, rows)
    return _mixed(p, rows, chance, lambda some: _orders(p, t, rows, some)[0], hardly=_evened(p, t))


def orders_square(p: Parameters, t: float, rows: Histories) -> Array:
    """E N^2 of the orders N in (T, T + t], given what was seen."""
    chance = mbgnbd.orders_square(p.chance, t, rows)
    rough = _evened(p, t, given_alive.orders_square)
    return _mixed(p, rows, chance, lambda some: _orders(p, t, rows, some)[1], hardly=rough)


def _orders(p: Parameters, t: float, rows: Histories, some: Histories) -> tuple[Array, Array]:
    """E N and E N^2 of `some` of the `rows`, the steady who may be alive: counted once, whichever is asked."""
    if t not in rows.found:  # which `_mixed` has emptied of what other parameters left
        rows.found[t] = cnbd.orders(p.steady, p.k, t, some)
    mean, square = rows.found[t]
    return mean, square


def order_rate(p: Parameters, t: float, rows: Histories) -> Array:
    """Orders per unit of time at T + t, given what was seen; of the steady evened out over a gap."""
    chance = mbgnbd.order_rate(p.chance, t, rows)
    return _mixed(p, rows, chance, lambda some: cnbd.rate(p.steady, p.k, t, some))


def rough_orders(p: Parameters, t: float, rows: Histories) -> Array:
    """As `expected_orders`, the steady evened out over a gap: as good to see how parameters move it, and fast."""
    return _mixed(p, rows, mbgnbd.expected_orders(p.chance, t, rows), _evened(p, t))


def _evened(p: Parameters, t: float, asked: Callable[..., Array] = given_alive.expected_orders) -> OfSome:
    """What is `asked` of those alive, of whom half a gap has passed, as if they ordered by chance at their pace."""

    def evened(some: Histories) -> Array:
        s = p.r_steady + p.k * some.x + (p.k - 1) / 2
        return asked(s, p.k * (p.alpha_steady + some.T), p.a_steady, p.b_steady + some.x + 1, t=t)

    return evened


def chance_of_order(p: Parameters, t: Array | float, rows: Histories) -> Array:
    """P(at least one order in (T, T + t])."""
    chance = mbgnbd.p_alive(p.chance, rows) * given_alive.chance_of_order(p.r + rows.x, p.alpha + rows.T, t=t)
    share, alive = _classes(p, rows)
    found: Array = (1 - share) * chance + alive * cnbd.ordering(p.steady, p.k, t, rows)
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
    pace = np.array([float(t.max(initial=0.0)) * (one.r + p.k) / (p.k * one.alpha)])
    spread = np.sqrt(pace / p.k + pace**2 / one.r)
    _, n, width = cnbd.numbers(np.append(pace, 0.0), np.append(spread, 1.0))
    kept = gammaln(one.b + n) - gammaln(one.b) - gammaln(one.a + one.b + n) + gammaln(one.a + one.b)
    share = (t / (one.alpha + t))[:, None]
    steady = betainc(n * p.k, one.r, share) @ (np.exp(kept) * width)
    found: Array = (1 - p.share) * mbgnbd.expected_orders_of_new(p.chance, t) + p.share * steady
    return found

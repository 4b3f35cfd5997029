"""Gaps between orders -> the model in which some customers are steady, fitted where gaps are more even than by chance.

How even a customer's gaps are, given how many and how long together, says nothing of their pace: it tells alone how
many customers are steady and how steady (two classes of Dirichlet shares, by EM). Then both classes are fitted, each to
the customers by their chance to be of it, a few times in turn (Dempster, Laird & Rubin 1977).
"""

from dataclasses import astuple, dataclass

import numpy as np

from clvapp.forecast import fit
from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.models import cnbd, mbgnbd, steady
from clvapp.forecast.models.bgnbd import Parameters as Class
from clvapp.threads import on_one_thread

STAGES = np.array([2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100], dtype="float64")
GAIN = 10.0  # log-likelihood that even gaps must add: two parameters by chance would one time in 20,000
_LEAST = 10  # customers with three order days at least
_MOST = 1e-3  # share of customers that either class keeps
_SHAPES_ROUNDS, _ROUNDS = 40, 3
_GLANCE, _GLANCE_ROUNDS = slice(0, None, 4), 6  # enough to see that nobody is steady
_CUSTOMERS, _ROWS = 2000, 2000  # learned from: of more, every so many
_NEVER = 1e-3  # the chance to leave after an order where nobody is seen to
_STARTS = np.log([4.0, 4.0, 0.5, 8.0])  # of the steady: r and alpha follow from their pace
_BOUNDS = np.array([7.0, 10.0, 7.0, 7.0])


@dataclass(frozen=True, eq=False)
class Evenness:
    """`share` of customers are steady, of `k` stages a gap; `gain` in log-likelihood over gaps by chance."""

    share: float
    k: float
    gain: float

    @property
    def shows(self) -> bool:
        """Whether gaps are more even than chance makes them."""
        return self.gain >= GAIN


def evenness(x: Array, uneven: Array) -> Evenness | None:
    """Told by the gaps of customers with two or more, `x`, and how `uneven` they are; None with too few."""
    some = np.flatnonzero(x > 1)
    if len(some) < _LEAST:
        return None
    some = some[:: max(1, len(some) // _CUSTOMERS)]
    x, uneven = x[some], uneven[some]
    glance = _mixed(x, uneven, STAGES[_GLANCE], rounds=_GLANCE_ROUNDS)
    return _mixed(x, uneven, STAGES, rounds=_SHAPES_ROUNDS) if glance.gain > 0 else glance


def _mixed(x: Array, uneven: Array, stages: Array, *, rounds: int) -> Evenness:
    by_chance = _shares(np.ones(1), x, uneven)[0]
    of_stages = _shares(stages, x, uneven)
    share, mixed = np.full(len(stages), 0.5), of_stages
    for _ in range(rounds):
        odds = np.log(share)[:, None] + of_stages, np.log1p(-share)[:, None] + by_chance
        mixed = np.logaddexp(*odds)
        share = np.clip(np.exp(odds[0] - mixed).mean(axis=1), _MOST, 1 - _MOST)
    gains = (mixed - by_chance).sum(axis=1)
    best = int(gains.argmax())
    return Evenness(float(share[best]), float(stages[best]), float(gains[best]))


def _shares(k: Array, x: Array, uneven: Array) -> Array:
    """Log density of the gaps given their sum, which Dirichlet(k, ..., k) shares: a row a k, a column a customer."""
    from scipy.special import gammaln

    each = k[:, None]
    found: Array = gammaln(each * x) - x * gammaln(each) - (each - 1) * (uneven + x * np.log(x))
    return found


@on_one_thread("scipy.optimize")
def steady_fit(rows: Histories, told: Evenness, plain: fit.Fit, near: fit.Fit | None = None) -> fit.Fit:
    """The model with steady customers on `rows`, which tell how even gaps are, as `told` of all of them together.

    `plain`: MBG/NBD on the same customers, or its limit. `near`: the same model's fit of another day, to begin from.
    """
    step = max(1, len(rows.x) // _ROWS)
    few = rows.of(slice(None, None, step))
    chance = _class(plain)
    steadily = _begin(few, told) if near is None else near.parameters.steady
    share = told.share
    for _ in range(_ROUNDS if near is None else 1):
        made = steady.Parameters(share, told.k, *astuple(chance), *astuple(steadily))
        mine = steady.steady_chance(made, few) * few.weight
        share = float(np.clip(mine.sum() / few.weight.sum(), _MOST, 1 - _MOST))
        chance = _descend(_of_chance, few, few.weight - mine, start=chance, k=told.k)
        steadily = _descend(_of_steady, few, mine, start=steadily, k=told.k)
    made = steady.Parameters(share, told.k, *astuple(chance), *astuple(steadily))
    value = float(rows.weight @ steady.log_likelihood(made, rows))
    edge = np.abs(np.log(astuple(made))) > fit.SHAPE_BOUND - 1e-3
    edge[:2] = True  # how many are steady, and how much, moves no total: it is taken as known
    return fit.Fit(steady.NAME, made, value, bool(np.isfinite(value)), tuple(edge.tolist()), ())


def _class(plain: fit.Fit) -> Class:
    found = plain.parameters
    return found if plain.name == mbgnbd.NAME else Class(found.r, found.alpha, _NEVER, 1.0)


def _begin(rows: Histories, told: Evenness) -> Class:
    """Where the search for the steady begins: at the pace of those whose gaps are the evener."""
    log_odds = _shares(np.array([told.k]), np.maximum(rows.x, 2), rows.uneven)[0]
    log_odds -= _shares(np.ones(1), np.maximum(rows.x, 2), rows.uneven)[0]
    even = (rows.x > 1) * rows.weight / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    pace = float(even @ (rows.x / np.maximum(rows.t_x, 1e-9)) / max(float(even.sum()), 1e-9))
    r, _, a, b = np.exp(_STARTS).tolist()
    return Class(r, r / max(pace * told.k, 1e-9), a, b)


def _descend(slopes: fit.Slopes, rows: Histories, weight: Array, *, start: Class, k: float) -> Class:
    """The class that is likeliest for rows of these weights, time measured in the mean watched."""
    if weight.sum() < _LEAST:
        return start
    unit = float(weight @ rows.T / weight.sum())
    scaled, share = rows.scaled(1 / unit), weight / weight.sum()
    times = np.log([1.0, unit, 1.0, 1.0])

    def objective(logs: Array) -> tuple[float, Array]:
        value, in_logs = slopes(Class(*np.exp(logs).tolist()), k, scaled)
        return -float(share @ value), -(in_logs @ share)

    logs, _ = fit.descend(objective, np.log(astuple(start)) - times, _BOUNDS, precisely=False)
    return Class(*np.exp(logs + times).tolist())


def _of_chance(p: Class, k: float, rows: Histories) -> tuple[Array, Array]:
    return mbgnbd.gradient(p, rows)


def _of_steady(p: Class, k: float, rows: Histories) -> tuple[Array, Array]:
    return cnbd.gradient(p, k, rows)

"""How the days ahead stand to the days learned from, as one factor for all customers.

At earlier cuts, what came over what was expected says it, in orders and in the value of an order. Each miss is made of
four things: what the method always misses; the season, where a cut's window lies in other months than it learned from
and nobody knows how they differ; the level of years, which comes and goes; and chance. All are normal with mean 0 on
the scale of logs, and how two misses go together follows from the days that they share: overlapping cuts are one piece
of evidence, and a window in one season says little of a year. An unknown season makes misses uncertain and is not
carried on: what some months were like says nothing of those not seen. The level ahead is the mean of what the misses
say of it (best linear prediction, Henderson 1975).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from clvapp.days import MEAN_MONTH, MONTHS_IN_YEAR
from clvapp.forecast import overlap
from clvapp.forecast.histories import Array
from clvapp.forecast.one_year import SPREAD
from clvapp.forecast.predictors import MODELS_MEAN, ORDER_MODELS, Expected, Predictors
from clvapp.forecast.season import Clock
from clvapp.forecast.snapshot import Ledger

_FADES = 12.0  # months in which the level of a year is all but 37 % forgotten
_OF_REPEATS = 4.0  # variance of the log of a fit's total, times the repeat order days that it learned from
_GROWN = 0.5  # of the log of a history, in which what a method misses is all but 37 % another
_RIDGE = 1e-9
_OF_SEASON = 0.25  # of a season that was found: what its months, taken as even within, leave open
_OF_ONE_YEAR = 0.1  # of the level of the next year, where one alone cannot tell its season from its growth


@dataclass(frozen=True)
class Prior:
    """Before a cut is seen: what the method always misses of the days ahead, and how far a year is from the next.

    Both are standard deviations. `season`: how much of the season of orders it has.
    """

    method: float
    years: float
    season: float


ORDERS, BASKETS = Prior(0.1, 0.08, 1.0), Prior(0.1, 0.03, 0.2)


@dataclass(frozen=True)
class Miss:
    """The log of what came over what was expected of the `window` days after `day`, and its variance by chance."""

    day: int
    window: int
    log_ratio: float
    chance: float


@dataclass(frozen=True)
class Misses:
    """Of one cut: in orders, and in the value of an order; None where nothing came."""

    orders: Miss | None
    baskets: Miss | None

    def widened(self, orders: float, baskets: float) -> "Misses":
        """With what the parameters of the fit leave open, as a variance."""
        return Misses(_widened(self.orders, orders), _widened(self.baskets, baskets))


def _widened(miss: Miss | None, variance: float) -> Miss | None:
    return None if miss is None else replace(miss, chance=miss.chance + variance)


@dataclass(frozen=True)
class Level:
    """Logs of the factors of orders and of the value of an order; variances of what season and prices leave open."""

    orders: float
    basket: float
    season_variance: float
    basket_variance: float

    @property
    def money(self) -> float:
        """The factor of money."""
        return float(np.exp(self.orders + self.basket))


NONE = Level(0.0, 0.0, 0.0, 0.0)


def missed(found: Predictors, window: int, expected: Expected, came: tuple[Array, Array]) -> dict[str, Misses]:
    """How far the level of every candidate was off at a cut, of everybody known then; a trend of baskets is no miss."""
    known, trend = found.known, found.basket_trend
    of_fit = _OF_REPEATS / max(float(known.x.sum()), 1.0), _by_customers(known.order_days, known.spent)
    told = {}
    for name in _candidates(expected.orders):
        orders, money = expected.orders[name] * known.kept, expected.revenue[name] * known.kept
        rising, _ = trend.ahead(known, money, window)
        told[name] = _missed(orders, float(money.sum()) * float(np.exp(rising)), came, day=known.day, window=window)
    return {name: one.widened(*of_fit) for name, one in told.items()}


def _unknown(clock: Clock) -> float:
    """The spread of the season as far as no second year has told it: all of it, or a part of one that was found."""
    if not clock.season_known:
        return SPREAD
    return 0.0 if clock.season is None else _OF_SEASON * float(np.log(clock.season.factor).std())


def _candidates(columns: Mapping[str, Array]) -> list[str]:
    """The models among the columns, and their mean."""
    return [name for name in (MODELS_MEAN, *ORDER_MODELS) if name in columns]


def _missed(orders: Array, money: float, came: tuple[Array, Array], *, day: int, window: int) -> Misses:
    """In orders beside those expected, and in money an order; by chance as customers differ in what they did."""
    ordered, paid = (float(part.sum()) for part in came)
    expected = float(orders.sum())
    if min(expected, ordered) <= 0:
        return Misses(None, None)
    chance = float(((came[0] - ordered / expected * orders) ** 2).sum()) / ordered**2
    of_orders = Miss(day, window, float(np.log(ordered / expected)), chance)
    if min(money, paid) <= 0:
        return Misses(of_orders, None)
    log = float(np.log(paid / ordered / (money / expected)))
    return Misses(of_orders, Miss(day, window, log, _by_customers(*came)))


def _by_customers(orders: Array, money: Array) -> float:
    """Variance of the log of the mean value of an order by chance, as customers differ in what they did."""
    ordered, paid = float(orders.sum()), float(money.sum())
    if min(ordered, paid) <= 0:
        return 0.0
    return float(((money - paid / ordered * orders) ** 2).sum()) / paid**2


def levels(
    found: Predictors, horizon: int, money: Mapping[str, Array], cuts: Sequence[Mapping[str, Misses]], *, clock: Clock
) -> dict[str, Level]:
    """What cuts say of the `horizon` days after the day known, by candidate, of which `money` is expected."""
    known, trend = found.known, found.basket_trend
    days = Days.of(known.ledger, known.day, horizon)
    season = _unknown(clock)
    one_year = clock.season is not None and not clock.season_known
    open_ = _OF_ONE_YEAR**2 if one_year else days.season_variance(horizon, season)
    made = {}
    for name in _candidates(money):
        of = [one[name] for one in cuts if name in one]
        orders = _ahead([one.orders for one in of], days, horizon, prior=ORDERS, season=season)
        baskets = _ahead([one.baskets for one in of], days, horizon, prior=BASKETS, season=season)
        rising, spread = trend.ahead(known, money[name] * known.kept, horizon)
        made[name] = Level(orders, baskets + rising, open_, spread)
    return made


def _ahead(asked: Sequence[Miss | None], days: "Days", horizon: int, *, prior: Prior, season: float) -> float:
    """The log of the factor for the `horizon` days ahead; `season`: its spread as far as it is unknown."""
    misses = [one for one in asked if one is not None]
    if not misses:
        return 0.0
    apart = np.array([*(days.apart(one.day, one.window) for one in misses), days.apart(days.day, horizon)])
    carried = apart @ days.years(prior.years) @ apart.T + prior.method**2 * days.methods(misses, horizon)
    unknown = (prior.season * season) ** 2 * (apart[:-1] @ days.seasons() @ apart[:-1].T)
    common = overlap.shared([one.day for one in misses], [one.window for one in misses])
    chance = overlap.by_chance(common, [one.chance for one in misses])
    seen = carried[:-1, :-1] + unknown + chance + _RIDGE * np.eye(len(misses))
    return float(carried[-1, :-1] @ np.linalg.solve(seen, [one.log_ratio for one in misses]))


@dataclass(frozen=True, eq=False)
class Days:
    """The months from the first order until the end of the days ahead, and the customers watched in each."""

    edges: Array
    customers: Array
    day: int

    @classmethod
    def of(cls, ledger: Ledger, day: int, horizon: int) -> "Days":
        """Those of what is known at `day`."""
        count = max(1, int(np.ceil((day + horizon - ledger.start + 1) / MEAN_MONTH)))
        edges: Array = ledger.start - 1 + MEAN_MONTH * np.arange(count + 1, dtype="float64")
        came = np.sort(ledger.came[ledger.came <= day])
        return cls(edges, np.searchsorted(came, (edges[:-1] + edges[1:]) / 2).astype("float64"), day)

    def apart(self, day: int, window: int) -> Array:
        """How much of each month lies in the window after `day`, less how much of it was learned from by then."""
        ahead, behind = self._inside(day, day + window), self._inside(self.edges[0], day) * self.customers
        found: Array = ahead / ahead.sum() - behind / max(float(behind.sum()), 1e-9)
        return found

    def methods(self, misses: Sequence[Miss], horizon: int) -> Array:
        """Covariance of what a method misses at cuts and, last, of the days ahead, where it misses 1.

        It misses the more, the further it looks beside the history it was told by, and other things with a longer one.
        """
        seen = np.maximum(np.array([*(one.day for one in misses), self.day]) - self.edges[0], 1.0)
        far = np.array([*(one.window for one in misses), horizon]) / seen
        loads = np.minimum(1.0, far / far[-1])
        alike = np.exp(-np.abs(np.log(seen)[:, None] - np.log(seen)) / _GROWN)
        found: Array = np.outer(loads, loads) * alike
        return found

    def _inside(self, after: float, until: float) -> Array:
        found: Array = np.maximum(np.minimum(self.edges[1:], until) - np.maximum(self.edges[:-1], after), 0.0)
        return found

    def years(self, spread: float) -> Array:
        """Covariance of the levels of months."""
        month = np.arange(len(self.customers))
        found: Array = spread**2 * np.exp(-np.abs(month[:, None] - month) / _FADES)
        return found

    def seasons(self) -> Array:
        """Correlation of months of an unknown season: half a wave over the year, half each calendar month's own."""
        month = np.arange(len(self.customers))
        between = (month[:, None] - month) % MONTHS_IN_YEAR
        own = ((between == 0) - 1 / MONTHS_IN_YEAR) / (1 - 1 / MONTHS_IN_YEAR)
        found: Array = 0.5 * own + 0.5 * np.cos(2 * np.pi * between / MONTHS_IN_YEAR)
        return found

    def season_variance(self, horizon: int, season: float) -> float:
        """How far the days ahead may be off for a season of that spread."""
        apart = self.apart(self.day, horizon)
        return float(season**2 * apart @ self.seasons() @ apart)

"""How far the forecast's numbers may be off: the shop's total, groups of customers, and each customer, at 95 %."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from clvapp.forecast import group_error, level_shifts, moments, predictive
from clvapp.forecast.backtest import Test, able, test
from clvapp.forecast.data_warnings import RECENT_DAYS
from clvapp.forecast.forecast import Forecast
from clvapp.forecast.histories import Array
from clvapp.forecast.procedure import LEAST_WINDOW, Prepared, Workshop, cut_day
from clvapp.threads import on_one_thread

_TESTS, _LATEST, _TWO_YEARS = 6, 3, 730  # older tests than the latest where the history is that many days long
_REOPENED = 0.25  # how far a shop that opens today may be from what it was
_LEAST = 1e-100  # of a total, whose square is divided by
_EXPLAINED = 1e-12, 1e4  # variance of a test: where chance moves nothing, and where nothing was expected


@dataclass(frozen=True, eq=False)
class Intervals:
    """`total`: of expected revenue; `orders`: of expected orders; `tested`: of the reported test, told before it.

    `customers`: `customer_id`, `low`, `high` of expected revenue, in the forecast's order. `own_error`: the method's
    own error, as a share of totals.
    """

    total: tuple[float, float]
    orders: tuple[float, float]
    tested: tuple[float, float] | None
    customers: pd.DataFrame
    own_error: float
    _own: predictive.OwnError = field(repr=False)
    _spread: "_Spread" = field(repr=False)
    _apart: Array = field(repr=False)


@dataclass(frozen=True, eq=False)
class _Spread:
    """Of one forecast: its total, each customer's variance, and what all share, relative to the total's square."""

    expected: Array
    variance: Array
    shared: float

    @property
    def total(self) -> float:
        return float(self.expected.sum())

    @property
    def explained(self) -> float:
        """The total's variance from chance and parameters, relative to its square."""
        return float(self.variance.sum()) / max(self.total, _LEAST) ** 2 + self.shared


@on_one_thread("scipy.optimize")
def intervals(found: Forecast) -> Intervals:
    """Ranges that hold 95 % of what comes."""
    made, method = found.prepared, found.method
    timed = found.now.clock
    hindsight = timed.season_known or bool(timed.closed)  # what the past did not know then and is known now is no miss
    misses = _misses(found.now if hindsight else found.tests, method, end=found.end_day, horizon=made.horizon)
    own = predictive.own_error(misses, level_shifts.levels(made.predictors), horizon=made.horizon)
    spread = _spread(made, method)
    spread = replace(spread, shared=spread.shared + _of_reopening(found))
    ids = pd.Index(made.predictors.known.ledger.customer_ids[made.predictors.known.place], name="customer_id")
    wide = spread.variance + spread.expected**2 * (spread.shared + own.variance)
    none = moments.chance_of_none(made.predictors, made.horizon)
    low, high = predictive.customer_interval(spread.expected, wide, none)
    orders = _orders(made, method, spread, own)
    tested, apart = _of_reported_test(found)
    found.forget()
    each = pd.DataFrame({"low": low, "high": high}, index=ids).reindex(found.customers["customer_id"]).reset_index()
    return Intervals(
        predictive.total_interval(spread.total, spread.explained, own), orders, tested, each,
        float(np.sqrt(own.variance)), own, spread, apart,
    )  # fmt: skip


def _spread(made: Prepared, method: str) -> _Spread:
    """What chance makes of each customer, and what not knowing parameters and seasons makes of all."""
    told = moments.moments(made.predictors, made.horizon)
    expected = np.maximum(made.revenue(method), 0.0)
    level = float(expected.sum()) / max(float(told.revenue.sum()), _LEAST)
    shared = moments.parameter_variance(made.predictors, made.horizon)
    shared += made.level(method).season_variance + made.level(method).basket_variance
    return _Spread(expected, told.revenue_variance * max(level, level**2), shared)


def _of_reopening(found: Forecast) -> float:
    """What it leaves open how many come back after a closure, as a variance: nothing once it is half a year ago."""
    closed = found.now.clock.closed
    since = found.end_day - closed[-1].first if closed else RECENT_DAYS
    return _REOPENED**2 * max(0.0, 1 - since / RECENT_DAYS)


def _orders(made: Prepared, method: str, spread: _Spread, own: predictive.OwnError) -> tuple[float, float]:
    told = moments.moments(made.predictors, made.horizon)
    total = float(np.maximum(made.orders(method), 0.0).sum())
    level = total / max(float(told.orders.sum()), _LEAST)
    chance = float(told.orders_variance.sum()) * max(level, level**2) / max(total, _LEAST) ** 2
    return predictive.total_interval(total, chance + spread.shared, own)


def _misses(workshop: Workshop, method: str, *, end: int, horizon: int) -> list[predictive.Miss]:
    """How far off the method's totals were at recent cuts, each told by what preceded it."""
    most = _TESTS if end - workshop.ledger.start >= _TWO_YEARS else _LATEST
    days = [cut_day(workshop.ledger.start, end, back) for back in range(1, most + 1)]
    able_days = [day for day in days if able(workshop.ledger, day) and end - day >= LEAST_WINDOW]
    misses = []
    for day in able_days:
        one = test(workshop, day, min(horizon, end - day), end=end)
        if method in one.prepared.methods:
            misses.append(_miss(one, method))
        workshop.forget()
    return misses


def _miss(one: Test, method: str) -> predictive.Miss:
    spread, came = _spread(one.prepared, method), float(one.revenue_came.sum())
    one.prepared.forget()
    one.prepared.predictors.forget()
    least = 0.01 * max(spread.total, _LEAST)  # nothing at all came: a factor of a hundred says it
    return predictive.Miss(
        float(np.log(max(came, least) / max(spread.total, _LEAST))), float(np.clip(spread.explained, *_EXPLAINED)),
        one.prepared.day, one.prepared.horizon,
    )  # fmt: skip


def _of_reported_test(found: Forecast) -> tuple[tuple[float, float] | None, Array]:
    """The range that would have been given at the cut of the reported test; how far each customer's group may be off.

    The second is beside the other groups, as far as the test was off with groups of its own.
    """
    now, method = found.prepared.predictors.known, found.method
    if found.backtest is None or method not in found.backtest.reported.prepared.methods:
        return None, np.full(len(now.place), group_error.UNTESTED)
    one, came = found.backtest.reported.prepared, found.backtest.reported.revenue_came
    earlier = [_miss(before, method) for before in found.backtest.earlier if method in before.prepared.methods]
    own = predictive.own_error(earlier, level_shifts.levels(one.predictors), horizon=one.horizon)
    spread = _spread(one, method)
    shares = group_error.Shares(one.predictors.known, spread.expected, spread.variance, came)
    return predictive.total_interval(spread.total, spread.explained, own), group_error.spreads(now, shares)


def of_groups(found: Forecast, held: Intervals, groups: pd.Series) -> pd.DataFrame:
    """What each group of customers is expected to be worth, with the range that holds it 95 times in 100.

    `groups`: a name by customer_id, such as a segment. Returns a frame with `group`, `customers`, `expected` (sum of
    expected value, which is discounted margin), `low` and `high`; customers of whom the forecast expects nothing, for
    they gave everything back, are left out.
    """
    known = found.prepared.predictors.known
    ids = pd.Index(known.ledger.customer_ids[known.place], name="customer_id")
    worth = found.customers.set_index("customer_id").reindex(ids)
    spread = held._spread
    of_a_sale = (worth["expected_value"] / worth["expected_revenue"].where(worth["expected_revenue"] > 0)).fillna(0.0)
    frame = pd.DataFrame(
        {
            "group": groups.reindex(ids).to_numpy(),
            "expected": worth["expected_value"].to_numpy(),
            "variance": spread.variance * of_a_sale.to_numpy() ** 2,
            "apart": held._apart * worth["expected_value"].abs().to_numpy(),
        }
    )[known.kept > 0]
    whole = float(frame["expected"].abs().sum())
    rows = [(name, len(part), *_total(part, whole, held)) for name, part in frame.groupby("group", sort=True)]
    return pd.DataFrame(rows, columns=["group", "customers", "expected", "low", "high"])


def _total(part: pd.DataFrame, whole: float, held: Intervals) -> tuple[float, float, float]:
    expected = float(part["expected"].sum())
    size = abs(expected)  # what is sold below its cost brings a loss
    # All customers together are off by nobody's share.
    apart = (float(part["apart"].sum()) / max(size, _LEAST)) ** 2 * max(0.0, 1 - size / max(whole, _LEAST))
    chance = float(part["variance"].sum()) / max(size, _LEAST) ** 2
    low, high = predictive.total_interval(size, chance + held._spread.shared + apart, held._own)
    high = max(high, size)  # of a few people of whom most likely nobody comes, the mean lies above 39 outcomes of 40
    return (expected, low, high) if expected >= 0 else (expected, -high, -low)

"""Mean and variance of what each customer will order and spend, and of the shop's total, under the fitted models.

Orders are those of the likeliest order model, values those of Gamma-Gamma. What comes from not knowing the parameters
follows by the delta method.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from clvapp.days import DAYS_IN_WEEK
from clvapp.forecast import fit
from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.models import gamma_gamma, steady
from clvapp.forecast.predictors import Predictors
from clvapp.forecast.rules import rate_of_return

_STEP = 1e-3
_ROWS = 300  # on which slopes of the model with steady customers are taken
_LEAST_TAIL = 0.5
_LEAST_TOTAL = 1e-300


@dataclass(frozen=True, eq=False)
class Moments:
    """One entry a customer: mean and variance of order days, of an order's worth and of money over the horizon."""

    orders: Array
    orders_variance: Array
    revenue: Array
    revenue_variance: Array


def describing(found: Predictors) -> fit.Fit | None:
    """The order model that moments are told by."""
    return max(found.fits.values(), key=lambda one: one.whole_log_likelihood, default=None)


def moments(found: Predictors, horizon: int) -> Moments:
    """Moments of everybody over `horizon` days; without an order model those of the shop's rate of return."""
    told, kept = _moments(found, horizon), found.known.kept
    return Moments(
        told.orders * kept, told.orders_variance * kept, told.revenue * kept, told.revenue_variance * kept
    )  # fmt: skip


def _moments(found: Predictors, horizon: int) -> Moments:
    model = describing(found)
    if model is None:
        return _of_returns(found, horizon)
    rows = found.histories(model)
    weeks = found.known.ahead(horizon) / DAYS_IN_WEEK
    mean = model.ask("expected_orders", rows, weeks)[rows.row]
    square = model.ask("orders_square", rows, weeks)[rows.row]
    worth, worth_square, within = _worth(found)
    second = mean * within + square * worth_square
    revenue = mean * worth
    return Moments(mean, np.maximum(square - mean**2, 0), revenue, np.maximum(second - revenue**2, 0))


def _of_returns(found: Predictors, horizon: int) -> Moments:
    """Everybody orders at the same rate, by chance."""
    orders = np.full(len(found.known.place), rate_of_return(found.known) * found.known.ahead(horizon))
    worth, worth_square, within = _worth(found)
    return Moments(orders, orders, orders * worth, orders * (within + worth_square))


def chance_of_none(found: Predictors, horizon: int) -> Array:
    """P(no order within `horizon` days) of each customer."""
    model, weeks = describing(found), found.known.ahead(horizon) / DAYS_IN_WEEK
    if model is None:
        return np.exp(-_of_returns(found, horizon).orders)
    rows = found.histories(model)
    none: Array = 1 - model.ask("chance_of_order", rows, weeks)[rows.row]
    return none


def _worth(found: Predictors) -> tuple[Array, Array, Array]:
    """Of each customer's orders: the mean worth, the mean of its square, and the variance of one order around it."""
    worth, known, values = found.order_value, found.known, found.gamma_gamma
    if values is None and found.baskets is not None:
        return worth, worth**2 + found.baskets.variance, found.baskets.within
    if values is None:
        spread = _spread(found)
        return worth, worth**2 * (1 + spread / 4), worth**2 * spread
    p = values.parameters
    tail = p.p * np.where(known.mean_value > 0, known.order_days, 0.0) + p.q
    # The mean worth is p / nu with nu ~ Gamma(tail, .): its square over the square of its mean is (tail-1)/(tail-2).
    square = worth**2 * (tail - 1) / np.maximum(tail - 2, _LEAST_TAIL)
    return worth, square, square / p.p


def _spread(found: Predictors) -> float:
    """Variance over squared mean of what customers' order days come to, where no model of them could be fitted."""
    values = found.known.mean_value[found.known.mean_value > 0]
    return float(values.var() / values.mean() ** 2) if len(values) > 1 else 1.0


def parameter_variance(found: Predictors, horizon: int) -> float:
    """Variance of the log of the expected total that comes from not knowing the parameters."""
    model = describing(found)
    if model is None:
        return 1 / (float(found.known.x.sum()) + 0.5)
    rows, weeks = found.histories(model), found.known.ahead(horizon) / DAYS_IN_WEEK
    worth = found.order_value
    by_row = np.bincount(rows.row, worth, minlength=len(rows.x))
    orders = model.ask("expected_orders", rows, weeks)
    whole = max(float(by_row @ orders), _LEAST_TOTAL)
    variance = 0.0
    for one, chosen in model.groups(rows):
        share = float(by_row[chosen] @ orders[chosen]) / whole
        slopes = share * _of_orders(one, rows.of(chosen), np.asarray(by_row[chosen], dtype="float64"), weeks)
        variance += float(slopes @ found.covariance(one) @ slopes)
    values = found.gamma_gamma
    if values is not None:
        expected = orders[rows.row]
        count = np.where(found.known.mean_value > 0, found.known.order_days, 0.0)
        mean = np.maximum(found.known.mean_value, 1e-9)
        money = _slopes(lambda p: float(expected @ gamma_gamma.expected_value(p, count, mean)), values)
        variance += float(money @ found.covariance(values) @ money)
    return variance


def _of_orders(model: fit.Fit, rows: Histories, worth: Array, weeks: float) -> Array:
    """Slopes of the log of what rows of such a `worth` an order are expected to bring."""
    if model.name != steady.NAME:
        return _slopes(lambda p: float(worth @ model.model.expected_orders(p, weeks, rows)), model)
    step = max(1, len(rows.x) // _ROWS)
    some, worths = rows.of(slice(None, None, step)), worth[::step]
    return _slopes(lambda p: float(worths @ steady.rough_orders(p, weeks, some)), model)


def _slopes(total: Callable[[Any], float], model: fit.Fit) -> Array:
    """Slopes of the log of `total` in the log parameters."""
    kind, at = type(model.parameters), model.log_parameters
    found = []
    for i in range(len(at)):
        step = np.zeros_like(at)
        step[i] = _STEP
        above, below = (max(total(kind(*np.exp(at + side * step))), 1e-300) for side in (1, -1))
        found.append((np.log(above) - np.log(below)) / (2 * _STEP))
    slopes: Array = np.nan_to_num(np.array(found))
    return slopes

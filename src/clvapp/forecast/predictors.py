"""What each model and each naive rule expects of the customers known at a day: the columns that methods are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from clvapp.days import DAYS_IN_WEEK
from clvapp.finding import Finding
from clvapp.forecast import fit, large_accounts, order_fits
from clvapp.forecast.basket_trend import NO_TREND, Trend, trend
from clvapp.forecast.baskets import Baskets, baskets
from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.models import gamma_gamma, mbgnbd, paretonbd, steady
from clvapp.forecast.order_fits import TO_LEARN
from clvapp.forecast.rules import OWN_RATE, REPEATS, SAME_AGAIN, naive
from clvapp.forecast.snapshot import Known, forget
from clvapp.stats import Bools

_LEAST_TAIL = 1.02  # of Gamma-Gamma's q: nearer 1 its mean does not exist
_FAR_BELOW = 0.6  # of how far baskets differ by random effects: if by less, Gamma-Gamma does not describe them
_SMALL = 1e-9
# The names people read.
BG, MBG, PARETO = "BG/NBD + Gamma-Gamma", "MBG/NBD + Gamma-Gamma", "Pareto/NBD + Gamma-Gamma"
STEADY = "even gaps + Gamma-Gamma"
MODELS_MEAN, EQUAL = "the mean of the models", "the same of everybody"
BASKET = "own basket"
ORDER_MODELS = {BG: "BG/NBD", MBG: "MBG/NBD", PARETO: "Pareto/NBD", STEADY: steady.NAME}
# What a blend is made of beside the simplest.
PARTS = (REPEATS, OWN_RATE, SAME_AGAIN, BASKET, EQUAL)


@dataclass(frozen=True, eq=False)
class Expected:
    """One column a predictor, one entry a customer: order days and money over the horizon."""

    orders: dict[str, Array]
    revenue: dict[str, Array]


@dataclass(frozen=True, eq=False)
class Predictors:
    """Models fitted to what was known at a day: `fits` by name; Gamma-Gamma in `values`, `all_values`.

    `all_values` is of all order days, the first included: it knows something of those who came once, too.
    `new_from`: the day since which customers came that order models were fitted to as new; None if that is everybody.
    `basket_trend`: how the value of an order has been rising.
    """

    known: Known
    fits: dict[str, fit.Fit]
    values: fit.Fit | None
    all_values: fit.Fit | None
    findings: tuple[Finding, ...] = field(default=())
    new_from: int | None = None
    basket_trend: Trend = NO_TREND
    _covariances: dict[fit.Fit, Array] = field(default_factory=dict)

    def covariance(self, of: fit.Fit) -> Array:
        """Of the log parameters of one of the fits; kept, small as it is, when all else is forgotten."""
        if of not in self._covariances:
            self._covariances[of] = fit.covariance(of, self._rows(of))
        return self._covariances[of]

    def _rows(self, of: fit.Fit) -> fit.Rows:
        """What `of` was fitted to."""
        known = self.known
        if of is self.values:
            return _paid(known.x, known.repeat_value)
        if of is self.all_values:
            return _paid(known.order_days, known.mean_value)
        whose = None
        if self.new_from is not None:
            older = any(found.older is not None and found.older.fit is of for found in self.fits.values())
            whose = (known.first < self.new_from) == older
        return known.rhythm(whose).thinned() if of.name == steady.NAME else known.history(whose)

    def histories(self, of: fit.Fit) -> Histories:
        """Everybody's, as the fitted model needs to know them."""
        return self.known.rhythms if of.name == steady.NAME else self.known.histories

    @cached_property
    def repeat_order_value(self) -> Array:
        """Expected value of an order, told by repeat orders."""
        if self.gamma_gamma is None and self.baskets is not None:
            return self.baskets.mean * self._repeats_beside_all
        return _order_value(self.values, self.known.x, self.known.repeat_value, self.usual_value)

    @cached_property
    def order_value(self) -> Array:
        """Expected value of an order, told by all orders."""
        if self.gamma_gamma is None and self.baskets is not None:
            return self.baskets.mean
        return _order_value(self.all_values, self.known.order_days, self.known.mean_value, self.usual_value)

    @cached_property
    def baskets(self) -> Baskets | None:
        """What orders are worth by random effects."""
        return baskets(self.known.values)

    @property
    def _repeats_beside_all(self) -> float:
        """What repeat orders are worth beside what random effects make of the same people's orders."""
        made = 0.0 if self.baskets is None else float(self.known.x @ self.baskets.mean)
        paid = float(self.known.x @ self.known.repeat_value)
        return paid / made if made > 0 and paid > 0 else 1.0

    @cached_property
    def gamma_gamma(self) -> fit.Fit | None:
        """The fit to all order days where it describes them: not at an edge, and customers differ about as they do."""
        found = self.all_values
        if found is None or not found.converged or found.parameters.q <= _LEAST_TAIL or any(found.at_edge):
            return None
        some = self.known.x > 1
        if self.baskets is None or some.sum() < TO_LEARN:
            return found
        worth = _order_value(found, self.known.order_days, self.known.mean_value, self.usual_value)
        spread, own = (float(np.std(np.log(np.maximum(of[some], _SMALL)))) for of in (worth, self.baskets.mean))
        return found if spread >= _FAR_BELOW * own else None

    @property
    def own_basket(self) -> Array:
        """What each customer paid an order, with one usual order beside."""
        found: Array = (self.known.spent + self.usual_value) / (self.known.order_days + 1)
        return found

    @property
    def usual_value(self) -> float:
        """Mean value of an order day of the shop."""
        return float(self.known.spent.sum() / max(self.known.order_days.sum(), 1))

    @property
    def knows_older(self) -> bool:
        """Whether customers older than the file were fitted by themselves."""
        return any(found.older is not None for found in self.fits.values())

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models that are asked: those whose fit settled, or all where none did."""
        settled = any(found.converged for found in self.fits.values())
        return tuple(
            label for label, name in ORDER_MODELS.items()
            if name in self.fits and (self.fits[name].converged or not settled)
        )  # fmt: skip

    @property
    def simplest(self) -> str:
        """What a blend starts from: the model with steady customers where gaps are even, else the models' mean."""
        return STEADY if STEADY in self.models else MODELS_MEAN

    @property
    def parts(self) -> tuple[str, ...]:
        """What a blend is made of, the simplest first."""
        return (STEADY, MODELS_MEAN, *PARTS) if self.simplest == STEADY else (MODELS_MEAN, *PARTS)

    def _weights(self, labels: Sequence[str]) -> Array:
        """Of each model in the mean: half of it alike, for none is right, half by how likely it makes what was seen."""
        logs = np.array([self.fits[ORDER_MODELS[label]].whole_log_likelihood for label in labels])
        likely = np.exp(logs - logs.max())
        found: Array = (1 / len(labels) + likely / likely.sum()) / 2
        return found

    @cached_property
    def large(self) -> Bools:
        """Who is forecast by themselves."""
        return large_accounts.large(self.known)

    def of_large(self, expected: Expected, horizon: int) -> tuple[Array, Array]:
        """Order days and money by everybody's own rate and basket, which holds for large accounts."""
        model, orders = best_described(self), expected.orders[self.simplest]
        alive = np.ones_like(orders)
        if model is not None:
            rows = self.histories(model)
            alive = model.ask("p_alive", rows)[rows.row]
        return large_accounts.own_forecast(self.known, horizon, orders=orders, alive=alive, value=self.order_value)

    def forget(self) -> None:
        """Give back the memory of all but the fits: the rest can be computed again."""
        forget(self)
        self.known.forget()

    def model_orders(self, name: str, horizon: int) -> Array:
        """Order days that the fitted model called `name` expects within `horizon` days."""
        found = self.fits[name]
        rows = self.histories(found)
        return found.ask("expected_orders", rows, self.known.ahead(horizon) / DAYS_IN_WEEK)[rows.row]

    def expected(self, horizon: int) -> Expected:
        """All columns over the next `horizon` days: every one of `models`, their mean, and every naive rule."""
        orders, revenue = naive(self.known, horizon)
        for label in self.models:
            orders[label] = self.model_orders(ORDER_MODELS[label], horizon)
            value = self.order_value if label in (PARETO, STEADY) else self.repeat_order_value
            revenue[label] = orders[label] * value
        by_chance = [label for label in self.models if label != STEADY]
        if by_chance:
            weights = self._weights(by_chance)
            for columns in (orders, revenue):
                columns[MODELS_MEAN] = np.average([columns[label] for label in by_chance], axis=0, weights=weights)
                columns[EQUAL] = np.full_like(columns[MODELS_MEAN], columns[MODELS_MEAN].mean())
            orders[BASKET], revenue[BASKET] = orders[self.simplest], orders[self.simplest] * self.own_basket
        return Expected(orders, revenue)


def _order_value(found: fit.Fit | None, count: Array, mean: Array, usual: float) -> Array:
    """Gamma-Gamma's where its mean exists; else what the customer paid, or the shop's usual value."""
    paid = (count > 0) & (mean > 0)
    if found is None or not found.converged or found.parameters.q <= _LEAST_TAIL:
        return np.where(paid, mean, usual)
    expected = gamma_gamma.expected_value(found.parameters, np.where(paid, count, 0.0), np.where(paid, mean, 1.0))
    return np.where(np.isfinite(expected) & (expected > 0), expected, usual)


def predictors(
    known: Known, *, new_from: int | None = None, near: "Predictors | None" = None, exact: bool = False
) -> Predictors:
    """Fit every model to `known`; `near` is a fit of another day, where the search may begin.

    Customers who came before the day `new_from` may be older than the file, and are other people: who was seen in its
    first days is mostly a regular. Models are fitted to them apart, as far as both are enough to learn from.
    """
    fits, new_from = order_fits.order_fits(
        known, new_from=new_from, near={} if near is None else near.fits, exact=exact
    )
    values = _values_fit(known.x, known.repeat_value, None if near is None else near.values)
    all_values = _values_fit(known.order_days, known.mean_value, None if near is None else near.all_values)
    sound = [*fits.values(), *(one for one in (values, all_values) if one is not None)]
    findings = tuple(dict.fromkeys(found for one in sound for found in one.findings))
    return Predictors(known, fits, values, all_values, findings, new_from, trend(known))


def _values_fit(count: Array, mean: Array, near: fit.Fit | None) -> fit.Fit | None:
    rows = _paid(count, mean)
    if len(rows.x) < 10 or (rows.x > 1).sum() < 3:
        return None
    return fit.values_fit(rows, start=None if near is None else near.log_parameters)


def _paid(count: Array, mean: Array) -> gamma_gamma.Values:
    """Of those who paid anything."""
    paid = (count > 0) & (mean > 0)
    return gamma_gamma.Values(count[paid], mean[paid], np.ones(int(paid.sum())))


def best_described(found: Predictors) -> fit.Fit | None:
    """What P(alive) and dates are told by: the likelier of the models in which one may leave before returning."""
    able = [found.fits[name] for name in (mbgnbd.NAME, paretonbd.NAME, steady.NAME) if name in found.fits]
    return max(able, key=lambda one: one.whole_log_likelihood) if able else None

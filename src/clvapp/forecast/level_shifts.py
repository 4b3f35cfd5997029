"""How far a shop's years move beside what the models expect of them, told by the repeat orders of its quarters.

A fit holds the sum of all orders; years that are better or worse than their like show as quarters in a row above it or
below. Chance moves quarters too, and customers move several of them at once: how much is told by their own residuals,
summed customer by customer (the sandwich of Huber 1967 and White 1980), so that no model need be right for it.
"""

from dataclasses import dataclass

import numpy as np

from clvapp.days import DAYS_IN_WEEK, MEAN_YEAR
from clvapp.forecast import moments
from clvapp.forecast.histories import Array, Places
from clvapp.forecast.predictors import Predictors

_QUARTER = MEAN_YEAR / 4
_IN_A_YEAR = 4
_LEAST_ORDERS = 10  # repeat order days expected of a quarter; with fewer it tells nothing
_RIDGE = 1e-6


@dataclass(frozen=True, eq=False)
class Levels:
    """Of quarters, oldest first: `off` from what was expected, as a share; `chance`, its covariance by chance alone."""

    off: Array
    chance: Array


def levels(found: Predictors) -> Levels | None:
    """The quarters back from the day of the fit, of the customers it learned from; None where they are under four."""
    model, known = moments.describing(found), found.known
    edges = known.day - np.round(_QUARTER * np.arange(int(known.watched / _QUARTER), -1, -1)).astype("int64")
    if model is None or len(edges) <= _IN_A_YEAR:
        return None
    learned = np.arange(len(known.place)) if found.new_from is None else _since(found, found.new_from)
    came, of_day, many = np.unique(known.first[learned], return_inverse=True, return_counts=True)
    ages = np.maximum(known.clock.at(edges)[None, :] - known.clock.at(came)[:, None], 0)
    grown = np.concatenate([[0.0], model.model.expected_orders_of_new(model.parameters, _weeks(ages))])
    expected = np.diff(grown[ages], axis=1)
    who, quarter = _repeats(found, learned, edges)
    size = expected.shape
    by_day = np.bincount(of_day.ravel()[who] * size[1] + quarter, minlength=expected.size).reshape(size)
    together = _together(who, quarter, size[1])
    sums = many @ expected
    # Of residuals a - e, customer by customer: aa' - ae' - ea' + ee'; e is the same for all who came on a day.
    mixed = by_day.T @ expected
    spread = together - mixed - mixed.T + (expected * many[:, None]).T @ expected
    told = sums >= _LEAST_ORDERS
    if told.sum() < _IN_A_YEAR:
        return None
    sums = sums[told]
    chance = spread[np.ix_(told, told)] / np.outer(sums, sums)
    return Levels(by_day.sum(axis=0)[told] / sums - 1, chance + _RIDGE * np.eye(len(sums)))


def _weeks(ages: Places) -> Array:
    weeks: Array = np.arange(1, int(ages.max()) + 1) / DAYS_IN_WEEK
    return weeks


def _since(found: Predictors, day: int) -> Places:
    return np.flatnonzero(found.known.first >= day)


def _repeats(found: Predictors, learned: Places, edges: Places) -> tuple[Places, Places]:
    """Each repeat order day of the customers learned from: whose of them it is, and its quarter."""
    book, known = found.known.ledger, found.known
    who = np.full(len(book.customer_ids), -1)
    who[known.place[learned]] = np.arange(len(learned))
    chosen = book.repeat & (book.day > edges[0]) & (book.day <= known.day)
    chosen &= who[book.customer] >= 0
    return who[book.customer[chosen]], np.searchsorted(edges, book.day[chosen], side="left") - 1


def _together(who: Places, quarter: Places, quarters: int) -> Array:
    """The outer products of customers' counts by quarter, summed."""
    from scipy.sparse import coo_array

    seen = coo_array((np.ones(len(who)), (who, quarter)), shape=(int(who.max(initial=0)) + 1, quarters)).tocsr()
    both: Array = (seen.T @ seen).toarray()
    return both


def alike(quarters: int) -> Array:
    """How far quarters share the level of their year, wherever it begins: less by a fourth with each one between."""
    place = np.arange(quarters)
    shared: Array = np.maximum(0.0, 1 - np.abs(place[:, None] - place) / _IN_A_YEAR)
    return shared

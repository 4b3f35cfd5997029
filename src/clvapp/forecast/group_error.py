"""How far groups' shares of a test's total were off beyond chance: a spread for each customer, by groups like theirs.

Customers are taken in fifths, by their last order and by what they had spent, whichever was further off.
"""

from dataclasses import dataclass

import numpy as np

from clvapp.forecast.histories import Array, Places
from clvapp.forecast.snapshot import Known

_FIFTHS = 5
UNTESTED, _LEAST, _MOST = 0.25, 0.05, 1.0  # of the log of a share: without a test, and at the least and most


@dataclass(frozen=True, eq=False)
class Shares:
    """A test of the customers `known` then: what was expected of each, its variance by chance, and what came."""

    known: Known
    expected: Array
    variance: Array
    came: Array


def spreads(now: Known, test: Shares) -> Array:
    """One spread a customer known `now`, the same of all where the test has nothing to share."""
    total, came = float(test.expected.sum()), float(test.came.sum())
    if not min(total, came) > 0:
        return np.full(len(now.place), UNTESTED)
    scale = came / total
    found = []
    for by in ("last", "spent"):
        fifth = _fifths(getattr(test.known, by))
        parts = (test.expected * scale, test.came, test.variance * scale**2)
        sums = [np.bincount(fifth, part, minlength=_FIFTHS).astype("float64") for part in parts]
        found.append(_beyond_chance(*sums)[_fifths(getattr(now, by))])
    spread: Array = np.sqrt(np.maximum(*found))
    return spread


def _fifths(by: Array | Places) -> Places:
    """In which fifth each stands."""
    place = np.empty(len(by), dtype="int64")
    place[np.argsort(by, kind="stable")] = np.arange(len(by)) * _FIFTHS // max(len(by), 1)
    return place


def _beyond_chance(expected: Array, came: Array, variance: Array) -> Array:
    """The square of how far each was off, less what chance makes of it, halfway to the mean of all."""
    size = np.maximum(expected, 1e-9 * expected.sum())
    own = np.clip((came / size - 1) ** 2 - variance / size**2, _LEAST**2, _MOST)
    halfway: Array = (own + np.average(own, weights=size)) / 2
    return halfway

"""A blend: the mean of the models, a naive rule and the shop's mean, each with a weight learned on earlier cuts.

Stacked regression (Breiman 1996) with weights not below zero (Lawson & Hanson 1974), drawn towards the mean of the
models alone the less the cuts say. A customer's square error counts less the more is expected of them, by a power of
what is expected: between plain squares, which a handful of the largest customers decide, and a Poisson count's own
weighting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clvapp.forecast.histories import Array
from clvapp.forecast.predictors import ORDER_MODELS, REPEATS

MODELS_MEAN, EQUAL = "the mean of the models", "the same of everybody"
PARTS = (MODELS_MEAN, REPEATS, EQUAL)
_PRIOR = np.array([1.0, 0.0, 0.0])
_POWER = 0.6
_FLOOR = 0.1
_LEAST_DRIFT = 1e-3


@dataclass(frozen=True, eq=False)
class Weights:
    """One weight a part."""

    weight: Array

    def of(self, columns: Mapping[str, Array]) -> Array:
        """The blend of the columns of models and rules."""
        blended: Array = parts(columns) @ self.weight
        return blended

    def named(self) -> dict[str, float]:
        """The weights by part."""
        return dict(zip(PARTS, self.weight.round(4).tolist(), strict=True))


def parts(columns: Mapping[str, Array]) -> Array:
    """The parts side by side, one row a customer; the last is what the models expect of the average customer."""
    models = np.mean([columns[name] for name in ORDER_MODELS if name in columns], axis=0)
    return np.column_stack([models, columns[REPEATS], np.full_like(models, models.mean())])


@dataclass(frozen=True, eq=False)
class Cut:
    """What was expected of everybody known at an earlier cut, as `parts` gives it, and what came.

    `level_spread`: how far, as a share, a cut's whole level may be off for reasons that tell nothing of the next one's.
    """

    beside: Array
    came: Array
    level_spread: float


@dataclass(frozen=True)
class Prior:
    """What holds of weights before any cut is seen: they are those of the models' mean, each give or take `spread`.

    `drift`: how far the level ahead may be, as a share, from that of the cuts' windows, which lie in the same months.
    """

    spread: float = 0.15
    drift: float = 0.0


def learned(cuts: Sequence[Cut], prior: Prior = Prior()) -> Weights:
    """Weights from earlier cuts; the models' mean where there is none.

    A cut's level has a nuisance of its own (two columns, since no coefficient may be negative): customers of one cut
    share its season and its fit's chance errors, and however many they are, they tell the level only once. All cuts
    share another, the drift.
    """
    from scipy.optimize import nnls

    if not cuts:
        return Weights(_PRIOR.copy())
    size, count = len(PARTS), len(cuts)
    left, right = np.zeros((size + 2 * count + 2, size + 2 * count + 2)), np.zeros(size + 2 * count + 2)
    # Least squares by its normal equations: their Cholesky factor is a problem of a few rows, whatever the shop's size.
    left[:size, :size] = np.eye(size) / prior.spread**2
    right[:size] = _PRIOR / prior.spread**2
    for i, cut in enumerate(cuts):
        noise = np.sqrt(variance(cut.beside[:, 0], cut.came) * count)
        beside, came = cut.beside / noise[:, None], cut.came / noise
        level = beside[:, :1]
        rows = np.hstack([beside, level, -level, level, -level])
        own = [size + 2 * i, size + 2 * i + 1]
        places = [*range(size), *own, size + 2 * count, size + 2 * count + 1]
        left[np.ix_(places, places)] += rows.T @ rows
        right[places] += rows.T @ came
        left[own, own] += 1 / cut.level_spread**2
    left[[-2, -1], [-2, -1]] += 1 / max(prior.drift, _LEAST_DRIFT) ** 2
    factor = np.linalg.cholesky(left)
    solved, _ = nnls(factor.T, np.linalg.solve(factor, right))
    return Weights(solved[:size])


def shape(expected: Array) -> Array:
    """How the square of a customer's error may grow with what is expected of them, up to a factor."""
    level = np.maximum(expected, 0) + _FLOOR * max(float(expected.mean()), 1e-12)
    grown: Array = level**_POWER
    return grown


def variance(expected: Array, came: Array) -> Array:
    """The same, scaled to how far apart the two were at this cut."""
    grown = shape(expected)
    found: Array = grown * max(float(np.mean((came - expected) ** 2 / grown)), 1e-12)
    return found

"""A blend: two models, a naive rule and the shop's mean, each with a weight learned on earlier cuts.

Stacked regression (Breiman 1996) with weights not below zero (Lawson & Hanson 1974), drawn towards the mean of the two
models the less the cuts say. A customer's square error counts less the more is expected of them, by a power of what
is expected: between plain squares, which a handful of the largest customers decide, and a Poisson count's own weighting.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clvapp.value.histories import Array
from clvapp.value.predictors import MBG, PARETO, REPEATS

EQUAL = "the same of everybody"
PARTS = (PARETO, MBG, REPEATS, EQUAL)
_PRIOR = np.array([0.5, 0.5, 0.0, 0.0])
_PRIOR_SPREAD = 0.3
_POWER = 0.6
_FLOOR = 0.1


@dataclass(frozen=True, eq=False)
class Weights:
    """One weight a part, and how uncertain they are together."""

    weight: Array
    covariance: Array

    def of(self, columns: dict[str, Array]) -> Array:
        """The blend of columns that name its parts."""
        blended: Array = matrix(columns) @ self.weight
        return blended

    def total_variance(self, columns: dict[str, Array]) -> float:
        """The variance of the blend's total that comes from not knowing the weights."""
        sums = matrix(columns).sum(axis=0)
        return float(sums @ self.covariance @ sums)

    def named(self) -> dict[str, float]:
        """The weights by part."""
        return dict(zip(PARTS, self.weight.round(4).tolist(), strict=True))


def matrix(columns: dict[str, Array]) -> Array:
    """The parts side by side; the last gives everybody what the first expects on average."""
    first = columns[PARETO]
    return np.column_stack([first, columns[MBG], columns[REPEATS], np.full_like(first, first.mean())])


def plain() -> Weights:
    """The mean of the two models, before anything is learned."""
    return Weights(_PRIOR.copy(), np.eye(len(PARTS)) * _PRIOR_SPREAD**2)


def learned(cuts: Sequence[tuple[dict[str, Array], Array]]) -> Weights:
    """Weights of the columns expected and what came at each earlier cut; `plain` where there is none."""
    from scipy.optimize import nnls

    if not cuts:
        return plain()
    left, right = [np.eye(len(PARTS)) / _PRIOR_SPREAD], [_PRIOR / _PRIOR_SPREAD]
    for columns, came in cuts:
        parts = matrix(columns)
        root = np.sqrt(variance(parts @ _PRIOR, came) * len(cuts))
        left.append(parts / root[:, None])
        right.append(came / root)
    stacked = np.vstack(left)
    weight, _ = nnls(stacked, np.concatenate(right))
    return Weights(weight, np.linalg.inv(stacked.T @ stacked))


def variance(expected: Array, came: Array) -> Array:
    """How far apart what is expected and what comes may be: the root of the former, scaled to this cut."""
    level = np.maximum(expected, 0) + _FLOOR * max(float(expected.mean()), 1e-12)
    shape = level**_POWER
    scale = float(np.mean((came - expected) ** 2 / shape))
    found: Array = shape * max(scale, 1e-12)
    return found

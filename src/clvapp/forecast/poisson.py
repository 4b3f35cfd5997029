"""Poisson regression by Newton's steps, with a normal prior of the slopes."""

import numpy as np

from clvapp.forecast.histories import Array

_STEPS, _SETTLED = 30, 1e-8
_LEAST, _MOST = -30, 20  # of the log of a rate, while searching


def slopes(design: Array, count: Array, watched: Array, *, precision: Array) -> Array:
    """Slopes of the log of `count` per unit `watched` on the columns of `design`, of which the first is 1 throughout.

    `precision`: of each slope's prior around 0.
    """
    found = np.zeros(design.shape[1])
    found[0] = np.log(count.sum() / watched.sum())
    for _ in range(_STEPS):
        mean = watched * rates(design, found)
        curve = design.T @ (design * mean[:, None]) + np.diag(precision)
        step = np.linalg.solve(curve, design.T @ (count - mean) - precision * found)
        found = found + np.clip(step, -1, 1)
        if np.abs(step).max() < _SETTLED:
            break
    return found


def rates(design: Array, at: Array) -> Array:
    """What the slopes `at` make of each row, per unit watched."""
    found: Array = np.exp(np.clip(design @ at, _LEAST, _MOST))
    return found

"""Windows of days after earlier cuts -> how far what chance did to them is the same, for the days that they share."""

from collections.abc import Sequence

import numpy as np

from clvapp.forecast.histories import Array

_ALL_BUT = 0.98  # of chance that two tests of the same days share


def shared(day: Sequence[int], window: Sequence[int]) -> Array:
    """The share of their days that windows of `window` days after `day` have in common, 1 with themselves.

    >>> shared([0, 5], [10, 10]).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    start, long = (np.array(part, dtype="float64") for part in (day, window))
    end = start + long
    inside = np.maximum(0.0, np.minimum.outer(end, end) - np.maximum.outer(start, start))
    found: Array = inside / np.sqrt(np.outer(long, long))
    return found


def by_chance(common: Array, variance: Sequence[float]) -> Array:
    """Covariance by chance of what was found in windows with so much in `common`, of these variances."""
    spread = np.sqrt(variance)
    found: Array = (_ALL_BUT * common + (1 - _ALL_BUT) * np.eye(len(spread))) * np.outer(spread, spread)
    return found

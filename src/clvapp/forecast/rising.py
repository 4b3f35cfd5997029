"""Logs of rising factorials of whole counts: Gamma(c + x) / Gamma(c) and its slope, each distinct x computed once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Counted:
    """The distinct values of a column of counts, and where each row's value stands among them."""

    values: Array
    place: Places

    @classmethod
    def of(cls, x: Array) -> "Counted":
        """The counts of `x`; they are whole, so their distinct values are few."""
        seen = np.bincount(x.astype("int64")) > 0 if len(x) else np.zeros(0, dtype=bool)
        values = np.flatnonzero(seen)
        return cls(values.astype("float64"), (np.cumsum(seen) - 1)[x.astype("int64")])


def log_rising(c: float, x: Counted) -> Array:
    """log Gamma(c + x) - log Gamma(c), 0 where x = 0; exact to rounding for large c too."""
    from scipy.special import betaln, gammaln

    some = np.maximum(x.values, 1.0)
    values = np.where(x.values > 0, gammaln(some) - betaln(c, some), 0.0)
    found: Array = values[x.place]
    return found


def psi_rising(c: float, x: Counted) -> Array:
    """psi(c + x) - psi(c), the slope of `log_rising` in c."""
    from scipy.special import psi

    found: Array = (psi(c + x.values) - psi(c))[x.place]
    return found

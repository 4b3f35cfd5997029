"""Gamma-Gamma: what an order of a customer is worth, from the mean of those seen and what others spend.

Source: Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value", note 025. x orders of mean value z.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clvapp.forecast.histories import Array
from clvapp.forecast.rising import Counted

NAME = "Gamma-Gamma"


@dataclass(frozen=True)
class Parameters:
    """Values ~ Gamma(p, nu), nu ~ Gamma(q, v): `p` and `q` have no unit, `v` is money."""

    p: float
    q: float
    v: float

    @property
    def mean(self) -> float:
        """What an order of anybody is worth: equation 3; infinite where q <= 1."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else float("inf")


@dataclass(frozen=True, eq=False)
class Values:
    """Mean value `z` > 0 of `x` > 0 orders, one row a customer."""

    x: Array
    z: Array
    weight: Array

    @cached_property
    def counted(self) -> Counted:
        """The few distinct values of x."""
        return Counted.of(self.x)


def log_likelihood(p: Parameters, rows: Values) -> Array:
    """Equation 1a, in logs: one value a row, without its weight."""
    from scipy.special import betaln

    counted, px, total = rows.counted, p.p * rows.x, rows.x * rows.z
    # Gamma(px + q) / (Gamma(px) Gamma(q)) is one over a Beta function.
    shape = -betaln(p.p * np.maximum(counted.values, 1e-9), p.q)[counted.place] - np.log(rows.z)
    found: Array = shape - px * np.log1p(p.v / total) - p.q * np.log1p(total / p.v)
    return found


def gradient(p: Parameters, rows: Values) -> tuple[Array, Array]:
    """The log-likelihood, and its slopes in the logs of p, q, v: shape (3, rows)."""
    from scipy.special import psi

    counted, px, total = rows.counted, p.p * rows.x, rows.x * rows.z
    seen = p.p * counted.values
    in_p = rows.x * ((psi(seen + p.q) - psi(seen))[counted.place] - np.log1p(p.v / total))
    in_q = (psi(seen + p.q) - psi(p.q))[counted.place] - np.log1p(total / p.v)
    in_v = p.q / p.v - (px + p.q) / (total + p.v)
    return log_likelihood(p, rows), np.stack([p.p * in_p, p.q * in_q, p.v * in_v])


def expected_value(p: Parameters, x: Array, z: Array) -> Array:
    """Equation 5: the mean value of a customer's orders, x = 0 taking everybody's; NaN where q <= 1 and x = 0."""
    x = np.asarray(x, dtype="float64")
    total = x * np.where(x > 0, z, 0.0)
    weight = p.p * x + p.q - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(weight > 0, p.p * (p.v + total) / weight, np.nan)

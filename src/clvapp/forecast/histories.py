"""Order days -> what the models know of a customer: x, t_x, T in weeks; equal customers are one weighted row."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from clvapp.days import DAYS_IN_WEEK
from clvapp.forecast.rising import Array, Counted, Places

_EVEN = 0.01  # how finely it is told how even gaps are, a gap

_THINNED = 1000

__all__ = ["Array", "Histories", "Places", "distinct"]


@dataclass(frozen=True, eq=False)
class Histories:
    """Distinct (x, t_x, T) in weeks with their `weight`, and for each customer the `row` they stand in.

    `told`: where it is asked for, how uneven the gaps are: what the log of their mean has over their own logs, summed.
    """

    x: Array
    t_x: Array
    T: Array
    weight: Array
    row: Places
    told: Array | None = None

    @property
    def uneven(self) -> Array:
        """`told`; where nobody asked, gaps are all alike."""
        return np.zeros_like(self.x) if self.told is None else self.told

    def of(self, chosen: slice | Places) -> "Histories":
        """Those rows alone, of which no customer is known."""
        told = None if self.told is None else self.told[chosen]
        return Histories(self.x[chosen], self.t_x[chosen], self.T[chosen], self.weight[chosen], self.row[:0], told)

    def thinned(self) -> "Histories":
        """Every so many rows, about a thousand, each for as many: enough to see how parameters move things."""
        step = max(1, len(self.x) // _THINNED)
        some = self.of(slice(None, None, step))
        return replace(some, weight=some.weight * (self.weight.sum() / max(float(some.weight.sum()), 1.0)))

    @cached_property
    def counted(self) -> Counted:
        """The few distinct values of x."""
        return Counted.of(self.x)

    @cached_property
    def found(self) -> dict[Any, Any]:
        """What a model has worked out of these rows already, by its parameters; gone with them."""
        return {}

    @property
    def customers(self) -> int:
        """How many customers the rows stand for."""
        return len(self.row)

    def scaled(self, factor: float) -> "Histories":
        """The same in a unit of time `factor` times as small: 7 makes days of weeks."""
        return replace(self, t_x=self.t_x * factor, T=self.T * factor)


def distinct(
    x: npt.ArrayLike, t_x_days: npt.ArrayLike, t_days: npt.ArrayLike, uneven: Array | None = None
) -> Histories:
    """One row for all customers with the same repeat order days `x`, days from first to last and days watched.

    With `uneven`, of those whose gaps are also about as even.

    >>> distinct([0, 2, 0], [0, 7, 0], [14, 14, 14]).weight.tolist()
    [2.0, 1.0]
    """
    columns = [np.asarray(part, dtype="int64") for part in (x, t_x_days, t_days)]
    _refuse(*columns)
    size = [int(part.max(initial=0)) + 1 for part in columns]
    key = (columns[0] * size[1] + columns[1]) * size[2] + columns[2]
    if uneven is not None:
        steps = np.rint(uneven / np.maximum(columns[0], 1) / _EVEN).astype("int64")
        key = key * (int(steps.max(initial=0)) + 1) + steps
    _, first, row, weight = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    of_rows = [part[first].astype("float64") for part in columns]
    return Histories(
        of_rows[0], of_rows[1] / DAYS_IN_WEEK, of_rows[2] / DAYS_IN_WEEK, weight.astype("float64"), row.ravel(),
        None if uneven is None else uneven[first],
    )  # fmt: skip


def _refuse(x: Places, t_x: Places, t: Places) -> None:
    """A history that cannot be is a fault of the caller."""
    if (t_x > t).any() or (np.minimum(np.minimum(x, t_x), t) < 0).any() or ((x == 0) & (t_x > 0)).any():
        raise ValueError("A history needs 0 <= t_x <= T and t_x = 0 where x = 0.")

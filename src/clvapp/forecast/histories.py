"""Order days -> what the models know of a customer: x, t_x, T in weeks; equal customers are one weighted row."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from clvapp.days import DAYS_IN_WEEK
from clvapp.forecast.rising import Array, Counted, Places

__all__ = ["Array", "Histories", "Places", "distinct"]


@dataclass(frozen=True, eq=False)
class Histories:
    """Distinct (x, t_x, T) in weeks with their `weight`, and for each customer the `row` they stand in."""

    x: Array
    t_x: Array
    T: Array
    weight: Array
    row: Places

    @cached_property
    def counted(self) -> Counted:
        """The few distinct values of x."""
        return Counted.of(self.x)

    @property
    def customers(self) -> int:
        """How many customers the rows stand for."""
        return len(self.row)

    def scaled(self, factor: float) -> "Histories":
        """The same in a unit of time `factor` times as small: 7 makes days of weeks."""
        return replace(self, t_x=self.t_x * factor, T=self.T * factor)


def distinct(x: npt.ArrayLike, t_x_days: npt.ArrayLike, t_days: npt.ArrayLike) -> Histories:
    """One row for all customers with the same repeat order days `x`, days from first to last and days watched.

    >>> distinct([0, 2, 0], [0, 7, 0], [14, 14, 14]).weight.tolist()
    [2.0, 1.0]
    """
    columns = [np.asarray(part, dtype="int64") for part in (x, t_x_days, t_days)]
    _refuse(*columns)
    size = [int(part.max(initial=0)) + 1 for part in columns]
    key = (columns[0] * size[1] + columns[1]) * size[2] + columns[2]
    _, first, row, weight = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    of_rows = [part[first].astype("float64") for part in columns]
    return Histories(
        of_rows[0], of_rows[1] / DAYS_IN_WEEK, of_rows[2] / DAYS_IN_WEEK, weight.astype("float64"), row.ravel()
    )


def _refuse(x: Places, t_x: Places, t: Places) -> None:
    """A history that cannot be is a fault of the caller."""
    if (t_x > t).any() or (np.minimum(np.minimum(x, t_x), t) < 0).any() or ((x == 0) & (t_x > 0)).any():
        raise ValueError("A history needs 0 <= t_x <= T and t_x = 0 where x = 0.")

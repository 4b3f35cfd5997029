"""One row a customer and day with money -> what is known of every customer at any day, and what came after it."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from clvapp.customers.order_days import is_order_day
from clvapp.days import DAYS_IN_WEEK
from clvapp.forecast import histories
from clvapp.forecast.baskets import Seen
from clvapp.forecast.histories import Array, Histories, Places
from clvapp.stats import Bools

_HALF_DAY = 0.5


class Timekeeper(Protocol):
    """Days since 1970 -> time as the models measure it, whole days of it too."""

    def at(self, days: Places | int) -> Places: ...  # noqa: D102


class _Days:
    """Time is what the calendar says."""

    def at(self, days: Places | int) -> Places:
        return np.asarray(days, dtype="int64")


@dataclass(frozen=True, eq=False)
class Ledger:
    """The days with money, by customer and day; `paid`: for the day's orders; `came`: the day of the first order."""

    customer_ids: npt.NDArray[np.object_]
    customer: Places
    day: Places
    revenue: Array
    paid: Array
    came: Places

    @cached_property
    def order_day(self) -> npt.NDArray[np.bool_]:
        """Which of the days are order days."""
        return is_order_day(self.paid)

    @cached_property
    def repeat(self) -> npt.NDArray[np.bool_]:
        """Which of the days are order days after the customer's first."""
        found = self.order_day.copy()
        index = np.flatnonzero(found)
        found[index[_starts_of(self.customer[index])]] = False
        return found

    @property
    def start(self) -> int:
        """The day of the first order."""
        return int(self.came.min())

    def until(self, day: int, clock: "Timekeeper | None" = None) -> "Known":
        """Everybody who had ordered by `day`, as they were known then; `clock` measures time, days by default."""
        return Known(self, day, np.flatnonzero(self.came <= day), clock or _Days())

    def between(self, after: int, until: int) -> tuple[Array, Array]:
        """Order days and revenue of every customer in (`after`, `until`]."""
        inside = (self.day > after) & (self.day <= until)
        size = len(self.customer_ids)
        days = np.bincount(self.customer[inside & self.order_day], minlength=size).astype("float64")
        revenue = np.bincount(self.customer[inside], self.revenue[inside], minlength=size).astype("float64")
        return days, revenue


def forget(of: Any) -> None:
    """Drop what `of`, a dataclass, has cached beside its fields."""
    for name in vars(of).keys() - {part.name for part in fields(of)}:
        del vars(of)[name]


def ledger(spend: pd.DataFrame) -> Ledger:
    """`spend` (`customer_id`, `day`, `revenue`, `paid`, `orders`) as arrays; who never ordered is no customer."""
    customer, names = pd.factorize(spend["customer_id"], sort=True)
    ids = np.asarray(names, dtype=object)
    kinds = {"day": "int64", "revenue": "float64", "paid": "float64"}
    columns = [np.asarray(spend[name], dtype=kind) for name, kind in kinds.items()]
    orders = np.asarray(spend["orders"], dtype="float64") > 0
    known = np.bincount(customer[orders], minlength=len(ids)) > 0
    kept = known[customer]
    renumbered = np.cumsum(known) - 1
    by_day = np.lexsort((columns[0][kept], customer[kept]))
    day, revenue, paid, ordered = (part[kept][by_day] for part in (*columns, orders))
    customer = renumbered[customer[kept]][by_day]
    came = day[ordered][_starts_of(customer[ordered])]
    return Ledger(ids[known], customer, day, revenue, paid, came)


def _starts_of(owner: Places) -> npt.NDArray[np.bool_]:
    """Where, in a sorted column of owners, each begins."""
    return np.append(True, owner[1:] != owner[:-1])[: len(owner)]


@dataclass(frozen=True, eq=False)
class Known:
    """The customers (`place` in the ledger) known at `day`, one entry each in every array."""

    ledger: Ledger
    day: int
    place: Places
    clock: Timekeeper

    @cached_property
    def _order_days(self) -> npt.NDArray[np.bool_]:
        return self.ledger.order_day & (self.ledger.day <= self.day)

    def _sum(self, chosen: npt.NDArray[np.bool_], values: Array | None = None) -> Array:
        size = len(self.ledger.customer_ids)
        weights = None if values is None else values[chosen]
        return np.bincount(self.ledger.customer[chosen], weights, minlength=size)[self.place].astype("float64")

    @cached_property
    def order_days(self) -> Array:
        """Days on which they ordered for more than nothing, the first included."""
        return self._sum(self._order_days)

    @property
    def kept(self) -> Array:
        """1 for who kept anything they bought, 0 for who gave everything back: of those nothing is expected."""
        return (self.order_days > 0).astype("float64")

    @cached_property
    def _ends(self) -> tuple[Places, Places]:
        """The first and the last order day; the day of the first order for those whose orders all came to nothing."""
        index = np.flatnonzero(self._order_days)
        owner = self.ledger.customer[index]
        ends = []
        for is_end in (_starts_of(owner), _starts_of(owner[::-1])[::-1]):
            end = self.ledger.came.copy()
            end[owner[is_end]] = self.ledger.day[index[is_end]]
            ends.append(end[self.place])
        return ends[0], ends[1]

    @property
    def first(self) -> Places:
        """The first order day."""
        return self._ends[0]

    @property
    def last(self) -> Places:
        """The last order day."""
        return self._ends[1]

    @cached_property
    def spent(self) -> Array:
        """The value of all order days together."""
        return self._sum(self._order_days, self.ledger.paid)

    @cached_property
    def values(self) -> Seen:
        """What the values of the order days come to, by customer."""
        paid, chosen = self.ledger.paid, self._order_days
        logs = np.log(np.where(chosen, paid, 1.0))
        sums = (self._sum(chosen, of) for of in (paid**2, logs, logs**2))
        return Seen(self.order_days, self.spent, *sums)

    @cached_property
    def first_value(self) -> Array:
        """The value of the first order day; 0 without one."""
        index = np.flatnonzero(self._order_days)
        owner = self.ledger.customer[index]
        is_first = _starts_of(owner)
        found = np.zeros(len(self.ledger.customer_ids))
        found[owner[is_first]] = self.ledger.paid[index[is_first]]
        return found[self.place]

    @cached_property
    def x(self) -> Array:
        """Order days after the first."""
        return np.maximum(self.order_days - 1, 0)

    @cached_property
    def repeat_value(self) -> Array:
        """Mean value of the order days after the first; 0 where there is none."""
        return np.maximum(self.spent - self.first_value, 0) / np.maximum(self.x, 1)

    @cached_property
    def mean_value(self) -> Array:
        """Mean value of all order days; 0 where there is none."""
        return self.spent / np.maximum(self.order_days, 1)

    @cached_property
    def middle(self) -> Array:
        """The mean of the order days; the first order's where all of them came to nothing."""
        summed = self._sum(self._order_days, self.ledger.day.astype("float64"))
        return np.where(self.order_days > 0, summed / np.maximum(self.order_days, 1), self.first)

    @property
    def watched(self) -> int:
        """Days from the shop's first order to the cut, both included."""
        return self.day - self.ledger.start + 1

    def ahead(self, horizon: int) -> float:
        """The next `horizon` days as the clock counts them."""
        return float(self.clock.at(self.day + horizon) - self.clock.at(self.day))

    @property
    def behind(self) -> float:
        """The days watched as the clock counts them."""
        return float(self.clock.at(self.day) - self.clock.at(self.ledger.start) + 1)

    def forget(self) -> None:
        """Give back the memory of what can be computed again."""
        forget(self)

    def weeks_since(self, day: int) -> float:
        """How long before the cut that day lies, as the clock counts."""
        return float(self.clock.at(self.day) - self.clock.at(day)) / DAYS_IN_WEEK

    def history(self, chosen: Bools | None = None) -> Histories:
        """x, t_x and T of those `chosen`, equal ones together."""
        x, behind, watched = self._times(chosen)
        return histories.distinct(x, behind, watched)

    def _times(self, chosen: Bools | None) -> tuple[Array, Places, Places]:
        some = slice(None) if chosen is None else chosen
        first, last, now = (self.clock.at(part) for part in (self.first[some], self.last[some], self.day))
        return self.x[some], last - first, now - first

    @cached_property
    def histories(self) -> Histories:
        """The same of everybody."""
        return self.history()

    @cached_property
    def uneven(self) -> Array:
        """How uneven each one's gaps are: what the log of their mean has over their own logs, summed.

        Orders of one day are one, so that a gap of chance is a whole day and what came after midnight: half a day less.
        """
        index = np.flatnonzero(self._order_days)
        owner, time = self.ledger.customer[index], self.clock.at(self.ledger.day[index])
        same = owner[1:] == owner[:-1]
        gap, who = np.maximum(np.diff(time)[same] - _HALF_DAY, _HALF_DAY), owner[1:][same]
        size = len(self.ledger.customer_ids)
        count, total, logs = (np.bincount(who, of, minlength=size) for of in (None, gap, np.log(gap)))
        found = count * np.log(np.maximum(total, _HALF_DAY) / np.maximum(count, 1)) - logs
        return np.where(count > 1, np.maximum(found, 0.0), 0.0)[self.place]

    def rhythm(self, chosen: Bools | None = None) -> Histories:
        """As `history`, with those together whose gaps are also about as even."""
        return histories.distinct(*self._times(chosen), self.uneven if chosen is None else self.uneven[chosen])

    @cached_property
    def rhythms(self) -> Histories:
        """The same of everybody."""
        return self.rhythm()

    def then(self, horizon: int) -> tuple[Array, Array]:
        """Order days and revenue of the `horizon` days after the cut."""
        days, revenue = self.ledger.between(self.day, self.day + horizon)
        return days[self.place], revenue[self.place]

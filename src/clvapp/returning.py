"""Who comes back, each view computed when it is first asked for: repeats, cohorts, segments, then and now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clvapp import cohorts, columns, repeat, segments, summarise, then_now
from clvapp.order_days import OrderDays, order_days
from clvapp.value import earned, ranges

if TYPE_CHECKING:
    from clvapp.analysis import Analysis

Cost = float | Mapping[date, float]
_Asked = tuple[int, int, pd.DataFrame | None]
_Compared = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


@dataclass(eq=False)
class Returning:
    """Views of one analysis; days are whole numbers since 1970."""

    of: "Analysis"
    _compared: dict[tuple[int, int], _Compared] = field(default_factory=dict)
    _people: dict[int, tuple[pd.DataFrame, OrderDays]] = field(default_factory=dict)
    _again: dict[str, pd.DataFrame] = field(default_factory=dict)
    _segmented: tuple[pd.DataFrame | None, segments.Segmented] | None = None
    _moved: tuple[_Asked, pd.DataFrame, pd.DataFrame] | None = None
    _ahead: tuple[segments.Segmented, pd.DataFrame] | None = None

    @cached_property
    def bought(self) -> OrderDays:
        """Order days of all customers."""
        return order_days(self.of.spend, end_day=self.of.end_day)

    # --- repeat purchases -------------------------------------------------------------------------------------------
    @cached_property
    def figures(self) -> pd.DataFrame:
        """Every figure of who comes back, beside its point of reference."""
        kind = self.of.kind
        named = len(self.of.sales_by(kind)) > 0
        bought = summarise.categories(self.of.tables, end_day=self.of.end_day, of=kind) if named else None
        return repeat.figures(
            self.bought, end_day=self.of.end_day, categories=bought, kind=kind,
            burn_in_end=self.of.opening.burn_in_end,
        )  # fmt: skip

    @cached_property
    def curve(self) -> pd.DataFrame:
        """The share who buy a second time, by days since the first."""
        return repeat.curve(self.bought, end_day=self.of.end_day, burn_in_end=self.of.opening.burn_in_end)

    @cached_property
    def ladder(self) -> pd.DataFrame:
        """The share who make each next purchase, and how long they take to it."""
        end, burn = self.of.end_day, self.of.opening.burn_in_end
        steps = repeat.ladder(self.bought, end_day=end, burn_in_end=burn)
        return steps.merge(repeat.gaps(self.bought, end_day=end, burn_in_end=burn), on="number")

    def again_by(self, by: str) -> pd.DataFrame:
        """One row a group of first orders: the share who buy again within 90 days, largest groups first."""
        if by not in self._again:
            self._again[by] = self._again_by(by)
        return self._again[by]

    def _again_by(self, by: str) -> pd.DataFrame:
        named = repeat.groups(self.of.first_orders, by)
        found = repeat.curve(self.bought, end_day=self.of.end_day, burn_in_end=self.of.opening.burn_in_end, group=named)
        last: pd.DataFrame = found.loc[
            found["day"] == found["day"].max(), ["group", "customers", "share", "low", "high"]
        ]
        return last.reset_index(drop=True)

    @cached_property
    def due(self) -> pd.DataFrame:
        """When each customer's next order is due, soonest first."""
        found = repeat.next_due(self.bought, end_day=self.of.end_day)
        known = self.of.customers.set_index("customer_id")[["email", "name"]]
        return found.join(known, on="customer_id")[columns.names(columns.DUE)]

    @cached_property
    def regretted(self) -> pd.DataFrame:
        """Refunds of first orders by their product, most regretted first."""
        first = summarise.first_refunds(self.of.tables, end_day=self.of.end_day)
        return repeat.refunds_by_product(first, burn_in_end=self.of.opening.burn_in_end)

    # --- cohorts ------------------------------------------------------------------------------------------------------
    @cached_property
    def triangle(self) -> pd.DataFrame:
        """Retention and revenue by month of first order and months since."""
        return cohorts.triangle(self.bought, end_day=self.of.end_day, burn_in_end=self.of.opening.burn_in_end)

    def payback(self, cost: Cost) -> pd.DataFrame:
        """By cohort, when it pays for what winning it cost; of months with a cost, where it differs by month."""
        cells, people = self.triangle, self.of.customers
        if isinstance(cost, Mapping):
            known = {day.replace(day=1) for day in cost}
            cells = cells[cells["cohort"].dt.date.isin(known)]
        return cohorts.payback(cells, cost, margin=earned.of_cohorts(people, people["historic_value"]))

    # --- segments -----------------------------------------------------------------------------------------------------
    def segmented(self, table: pd.DataFrame | None = None) -> segments.Segmented:
        """Everybody's segment and state by the owner's table, or by the one everybody knows."""
        last = self._segmented
        if last is None or last[0] is not table:
            made = segments.segmented(self.of.customers, self.bought, end_day=self.of.end_day, table=table)
            last = self._segmented = table, made
        return last[1]

    def ahead(self, found: segments.Segmented) -> pd.DataFrame:
        """What each segment is expected to be worth: `group`, `customers`, `expected`, `low`, `high`; none untold."""
        if self._ahead is None or self._ahead[0] is not found:
            self._ahead = found, self._expected(found)
        return self._ahead[1]

    def _expected(self, found: segments.Segmented) -> pd.DataFrame:
        forecast, held = self.of.forecast, self.of.ranges
        if forecast is None or held is None or not forecast.enough.total:
            return pd.DataFrame(columns=["group", "customers", "expected", "low", "high"])
        return ranges.of_groups(forecast, held, found.people.set_index("customer_id")["segment"])

    # --- then and now -------------------------------------------------------------------------------------------------
    @cached_property
    def history(self) -> then_now.History:
        """All that moved, so that any day can be looked at again."""
        nobody = summarise.unnamed(self.of.tables, end_day=self.of.end_day)
        return then_now.history(self.bought, unnamed=nobody, burn_in_end=self.of.opening.burn_in_end)

    def compare(self, then: int, now: int) -> pd.DataFrame:
        """The key figures at two days, and whether they changed by more than chance does."""
        return self._both(then, now)[0]

    def bridge(self, then: int, now: int) -> pd.DataFrame:
        """Why revenue changed, in parts that add up."""
        return self._both(then, now)[1]

    def trend(self, then: int, now: int) -> pd.DataFrame:
        """Every key figure by month, over windows as long as the comparison's."""
        return self._both(then, now)[2]

    def _both(self, then: int, now: int) -> _Compared:
        if (then, now) not in self._compared:
            days = then_now.window_days(then, now)
            self._compared[then, now] = (
                then_now.compare(self.history, then, now, seed=self.of.settings.seed),
                then_now.bridge(self.history, then, now),
                then_now.trend(self.history, end_day=now, days=days),
            )
        return self._compared[then, now]

    def moved(self, then: int, now: int, table: pd.DataFrame | None = None) -> pd.DataFrame:
        """Everybody's segment at two days, each computed as of its own day."""
        return self._both_moved(then, now, table)[1]

    def moves(self, then: int, now: int, table: pd.DataFrame | None = None) -> pd.DataFrame:
        """One row a move between segments: how many customers made it."""
        return self._both_moved(then, now, table)[2]

    def _both_moved(self, *asked: *_Asked) -> tuple[_Asked, pd.DataFrame, pd.DataFrame]:
        then, now, table = asked
        last = self._moved
        if last is None or last[0][:2] != (then, now) or last[0][2] is not table:
            before, after = (self._segmented_at(day, table) for day in (then, now))
            people = then_now.moved(before.people, after.people)
            last = self._moved = asked, people, then_now.moves(people)
        return last

    def _segmented_at(self, day: int, table: pd.DataFrame | None) -> segments.Segmented:
        if day == self.of.end_day:
            return self.segmented(table)
        if day not in self._people:
            people = summarise.customers(self.of.tables, end_day=day)
            self._people[day] = people, order_days(self.of.spend, end_day=day)
        return segments.segmented(*self._people[day], end_day=day, table=table)


def day_number(day: date) -> int:
    """A date as a whole number of days since 1970.

    >>> day_number(date(1970, 1, 2))
    1
    """
    return int(np.datetime64(day, "D").astype("int64"))

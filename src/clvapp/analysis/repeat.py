"""Who comes back: repeat purchases, cohorts, segments, then and now. Each view is computed when first asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from clvapp import cohorts, columns, repeat, segments, then_now
from clvapp.analysis.forecast import Outlook
from clvapp.analysis.newly_won import NewlyWon
from clvapp.customers import sales, summary
from clvapp.customers.order_days import OrderDays, order_days
from clvapp.forecast import intervals
from clvapp.memo import Views, keeping, once
from clvapp.settings import Cost
from clvapp.value import margin

_HEADINGS, _PAIRS = 10, 10  # how many small answers are kept, by heading of first orders and by pair of days


@dataclass(eq=False)
class Returning:
    """Views of one analysis; days are whole numbers since 1970.

    The answers lie in `views`, with the analysis: it never refers to an object that refers to it, and so its memory
    is free as soon as nobody uses it.
    """

    of: Outlook
    views: Views = field(default_factory=dict)

    @property
    @once
    def bought(self) -> OrderDays:
        """The order days of all customers."""
        return self.of.order_days

    # --- repeat purchases -------------------------------------------------------------------------------------------
    @property
    @once
    def figures(self) -> pd.DataFrame:
        """Every figure on who comes back, beside its point of reference."""
        kind = self.of.kind
        named = len(self.of.sales_by(kind)) > 0
        bought = summary.categories(self.of.tables, end_day=self.of.end_day, of=kind) if named else None
        return repeat.figures(
            self.bought, end_day=self.of.end_day, categories=bought, kind=kind,
            burn_in_end=self.of.burn_in.end,
        )  # fmt: skip

    @property
    @once
    def curve(self) -> pd.DataFrame:
        """The share who buy a second time, by days since the first order."""
        return repeat.curve(self.bought, end_day=self.of.end_day, burn_in_end=self.of.burn_in.end)

    @property
    @once
    def repeat_rate_by_order(self) -> pd.DataFrame:
        """The share who make each next purchase, and how long they take."""
        end, burn = self.of.end_day, self.of.burn_in.end
        steps = repeat.repeat_rate_by_order(self.bought, end_day=end, burn_in_end=burn)
        return steps.merge(repeat.gaps(self.bought, end_day=end, burn_in_end=burn), on="number")

    @keeping(_HEADINGS)
    def again_by(self, by: str) -> pd.DataFrame:
        """The share who buy again within 90 days, by group of first orders, largest groups first."""
        named = repeat.groups(self.of.first_orders, by)
        found = repeat.curve(self.bought, end_day=self.of.end_day, burn_in_end=self.of.burn_in.end, group=named)
        last: pd.DataFrame = found.loc[
            found["day"] == found["day"].max(), ["group", "customers", "share", "low", "high"]
        ]
        return last.reset_index(drop=True)

    @property
    @once
    def due(self) -> pd.DataFrame:
        """When each customer's next order is due, soonest first."""
        found = repeat.next_due(self.bought, end_day=self.of.end_day)
        known = self.of.customers.set_index("customer_id")[["email", "name"]]
        return found.join(known, on="customer_id")[columns.names(columns.DUE)]

    @property
    @once
    def regretted(self) -> pd.DataFrame:
        """Refunds of first orders by product, most regretted first."""
        first = summary.first_refunds(self.of.tables, end_day=self.of.end_day)
        return repeat.refunds_by_product(first, burn_in_end=self.of.burn_in.end)

    # --- cohorts ------------------------------------------------------------------------------------------------------
    @property
    @once
    def cohort_table(self) -> pd.DataFrame:
        """Retention and revenue, by month of first order and months since."""
        return cohorts.cohort_table(self.bought, end_day=self.of.end_day, burn_in_end=self.of.burn_in.end)

    def payback(self, cost: Cost) -> pd.DataFrame:
        """When each cohort pays back what it cost to win. If `cost` differs by month, only months that have one."""
        cells, people = self.cohort_table, self.of.customers
        if isinstance(cost, Mapping):
            known = {day.replace(day=1) for day in cost}
            cells = cells[cells["cohort"].dt.date.isin(known)]
        earned = margin.of_cohorts(people, people["historic_value"])
        return cohorts.payback(cells, cost, margin=earned, course=self.newly_won.course)

    @property
    def newly_won(self) -> NewlyWon:
        """What a customer won now will be worth."""
        return NewlyWon(self.of, self.views)

    # --- segments -----------------------------------------------------------------------------------------------------
    @once
    def segmented(self, table: pd.DataFrame | None = None) -> segments.Segmented:
        """Everybody's segment and state, by the owner's table or else by the well-known one."""
        return segments.segmented(self.of.customers, self.bought, end_day=self.of.end_day, table=table)

    @once
    def ahead(self, found: segments.Segmented) -> pd.DataFrame:
        """What each segment should bring: `group`, `customers`, `expected`, `low`, `high`. Empty without a forecast."""
        forecast, held = self.of.forecast, self.of.intervals
        if forecast is None or held is None or not forecast.enough.total:
            return pd.DataFrame(columns=["group", "customers", "expected", "low", "high"])
        return intervals.of_groups(forecast, held, found.people.set_index("customer_id")["segment"])

    # --- then and now -------------------------------------------------------------------------------------------------
    @property
    @once
    def history(self) -> then_now.History:
        """Everything that moved, so that we can look at any earlier day."""
        nobody = sales.unnamed(self.of.tables, end_day=self.of.end_day)
        return then_now.history(self.bought, unnamed=nobody, burn_in_end=self.of.burn_in.end)

    def compare(self, then: int, now: int) -> pd.DataFrame:
        """The key figures on two days, and whether they changed by more than chance."""
        return self._both(then, now)[0]

    def bridge(self, then: int, now: int) -> pd.DataFrame:
        """Why revenue changed, in parts that add up to the change."""
        return self._both(then, now)[1]

    def trend(self, then: int, now: int) -> pd.DataFrame:
        """Every key figure by month, over windows as long as the comparison's."""
        return self._both(then, now)[2]

    @keeping(_PAIRS)
    def _both(self, then: int, now: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        return (
            then_now.compare(self.history, then, now, seed=self.of.settings.seed),
            then_now.bridge(self.history, then, now),
            then_now.trend(self.history, end_day=now, days=then_now.window_days(then, now)),
        )

    @once
    def then_and_now(self, then: int, now: int, table: pd.DataFrame | None = None) -> pd.DataFrame:
        """Everybody's segment on two days, each computed as of its own day."""
        before, after = (self._segmented_at(day, table) for day in (then, now))
        return then_now.then_and_now(before.people, after.people)

    @once
    def moves(self, then: int, now: int, table: pd.DataFrame | None = None) -> pd.DataFrame:
        """How many customers made each move between segments."""
        return then_now.moves(self.then_and_now(then, now, table))

    def _segmented_at(self, day: int, table: pd.DataFrame | None) -> segments.Segmented:
        if day == self.of.end_day:
            return self.segmented(table)
        return segments.segmented(*self._known_at(day), end_day=day, table=table)

    @keeping(2)
    def _known_at(self, day: int) -> tuple[pd.DataFrame, OrderDays]:
        return summary.customers(self.of.tables, end_day=day), order_days(self.of.spend, end_day=day)

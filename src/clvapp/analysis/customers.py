"""What the orders alone say of each customer: what they paid, what they earned the shop, what they bought first."""

from functools import cached_property

import pandas as pd

from clvapp.analysis.orders import OrderBook
from clvapp.customers import attributes as about
from clvapp.customers import summary
from clvapp.customers.order_days import OrderDays, order_days
from clvapp.customers.rhythm import LATE, Rhythm, no_states, rhythm, states
from clvapp.value import simple
from clvapp.value.margin import earned, of_all

ATTRIBUTE = "attribute: "  # prefix to a heading of the file about customers


class People(OrderBook):
    """The orders, and one row per customer."""

    @cached_property
    def _people(self) -> pd.DataFrame:
        return summary.customers(self.tables, end_day=self.end_day)

    @cached_property
    def one_margin(self) -> bool:
        """Whether one margin holds for everything sold: no cost is known, and the owner gave no other margin."""
        return not self.settings.margins and not summary.has_costs(self.tables)

    @cached_property
    def revenue_by_kind(self) -> pd.DataFrame:
        """What each customer paid for each category or product, and how much of it is known to be earned."""
        return summary.revenue_by(self.tables, self.kind, end_day=self.end_day)

    @cached_property
    def _historic_value(self) -> pd.Series:
        margin, margins = self.settings.margin, self.settings.margins
        if self.one_margin:
            return self._people["revenue"] * margin
        return earned(self._people, self.revenue_by_kind, margin=margin, margins=margins)

    @property
    def margin(self) -> float:
        """How much the shop earns of each unit of money paid, over all customers and everything they bought."""
        if self.one_margin:
            return self.settings.margin
        return of_all(self._people, self._historic_value)

    @cached_property
    def first_orders(self) -> pd.DataFrame:
        """One row per customer: the first order, and the confirmed attributes."""
        frame = summary.first_orders(self.tables, end_day=self.end_day)
        if self.shop.attributes is None:
            return frame
        more = about.joined(self.shop.attributes, self._aligned(frame))
        return frame.join(more.add_prefix(ATTRIBUTE))

    def _aligned(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The keys that attributes are joined on, in the order of `frame`."""
        known = self._people.set_index("customer_id")[["email", "customer_number"]]
        return known.reindex(frame["customer_id"]).reset_index(drop=True)

    @cached_property
    def bought(self) -> pd.DataFrame:
        """One row per customer who bought in the last 12 months: what the simple formula averages."""
        first, _, end = self.days
        start, year, whole = simple.window_start(first, end)
        frame = summary.window(self.tables, start_day=start, end_day=end)
        known = self.first_orders.set_index("customer_id")
        frame = frame.assign(first_day=frame["customer_id"].map(known["day"]), whole_year=whole)
        return simple.exposures(frame, start_day=start, end_day=end, year_days=year)

    @cached_property
    def simple_clv(self) -> simple.SimpleClv | None:
        """What a customer is worth: average order value x orders per year x years."""
        whole = bool(self.bought["whole_year"].all()) if len(self.bought) else True
        return simple.simple_clv(self.bought, whole_year=whole)

    @cached_property
    def order_days(self) -> OrderDays:
        """The order days of all customers."""
        return order_days(self.spend, end_day=self.end_day)

    @cached_property
    def rhythm(self) -> Rhythm:
        """How often customers buy, and how long a silence is usual."""
        return rhythm(self.order_days, end_day=self.end_day)

    @cached_property
    def states(self) -> pd.Series:
        """By customer_id: new, active, slipping, lapsed or refunded everything; missing where `no_states` says why."""
        found = states(self.order_days, end_day=self.end_day, found=self.rhythm)
        return pd.Series(found, self.order_days.ids, name="state")

    @property
    def no_states(self) -> str | None:
        """Why nobody is called active, slipping or lapsed; None where they are."""
        return no_states(self.rhythm.returns, self.words)

    @property
    def silent(self) -> pd.Series:
        """By customer_id, who is slipping or lapsed."""
        return self.states.isin(LATE)

"""What customers will be worth, and who is above or below the average."""

from functools import cached_property

import numpy as np
import pandas as pd

from clvapp import columns
from clvapp.analysis.customers import People
from clvapp.customers import summary
from clvapp.forecast.forecast import Forecast, Terms, forecast, knows_leaving
from clvapp.forecast.intervals import Intervals, intervals
from clvapp.value import historic
from clvapp.value.margin import ahead


class Outlook(People):
    """The customers, with the forecast and the value built on it."""

    @cached_property
    def forecast(self) -> Forecast | None:
        """What every customer will be worth, by the method that held in the shop's back-test; None without orders."""
        if self._people.empty:
            return None
        self._begin("Testing a forecast on your own past")
        chosen = self.settings
        return forecast(
            self.spend, self._people, end_day=self.end_day, burn_in_end=self.burn_in.end,
            terms=Terms(chosen.horizon_days, chosen.margin, chosen.discount_rate),
            margins=ahead(self._people, self._historic_value) if not self.one_margin else None, words=self.words,
        )  # fmt: skip

    @cached_property
    def intervals(self) -> Intervals | None:
        """How far off the forecast may be, for the total and for each customer."""
        if self.forecast is None:
            return None
        self._begin("Working out how far off it may be")
        return intervals(self.forecast)

    @property
    def counts_expected(self) -> bool:
        """Whether the value that the average is taken of holds what is expected: not where that cannot be told."""
        asked = self.settings.basis == "with_expected"
        return asked and self.forecast is not None and self.forecast.enough.total

    @cached_property
    def worth(self) -> pd.Series:
        """The value that the average is taken of: so far, or with what is expected. In the order of `customers`."""
        if not self.counts_expected or self.forecast is None:
            return self._historic_value
        return self._historic_value.add(self.forecast.customers["expected_value"].to_numpy())

    @cached_property
    def customers(self) -> pd.DataFrame:
        """One row per customer, with value so far and the side of the average they are on."""
        self._begin("Getting to know your customers")
        frame = self._people
        line = historic.threshold(self.worth, rule=self.settings.threshold, top_share=self.settings.top_share)
        return frame.assign(historic_value=self._historic_value, value_segment=historic.value_segment(self.worth, line))

    @cached_property
    def segments(self) -> historic.Segments:
        """How many customers are above and below the average, and what they bring."""
        line = historic.threshold(self.worth, rule=self.settings.threshold, top_share=self.settings.top_share)
        return historic.segments(self.worth, self.customers["revenue"], line)

    @cached_property
    def with_forecast(self) -> pd.DataFrame:
        """`customers` with what is expected of each; missing where too few return to forecast single customers.

        Nothing is expected of who gave everything back. Where the model knows no leaving, nobody has a P(alive).
        """
        frame = self.customers
        found, wide = self.forecast, self.intervals
        if found is None or wide is None or not found.enough.customers:
            blank = {column.name: np.nan for column in columns.FORECAST}
            nobody = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
            return frame.assign(**blank).assign(expected_next_order=nobody)
        kept = frame["order_days"] > 0
        each, ends = found.customers[kept], wide.customers[kept]
        alive = each["p_alive"] if knows_leaving(found.customers) else np.nan
        return frame.assign(
            expected_orders=each["expected_orders"], expected_revenue=each["expected_revenue"],
            expected_revenue_low=ends["low"], expected_revenue_high=ends["high"],
            expected_value=each["expected_value"], probability_alive=alive,
            expected_next_order=each["expected_next_order"],
            lifetime_value=frame["historic_value"].add(each["expected_value"], fill_value=0.0),
        )  # fmt: skip

    @cached_property
    def cohorts(self) -> pd.DataFrame:
        """One row per month of first order."""
        return summary.cohorts(self.customers)

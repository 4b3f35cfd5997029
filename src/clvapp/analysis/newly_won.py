"""What a customer won now will be worth: cohorts where they have been watched for long enough, then a model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clvapp.analysis.forecast import Outlook
from clvapp.cohorts import newly_won
from clvapp.cohorts.between import Between
from clvapp.cohorts.newly_won import LEAST_MONTHS, THREE_YEARS, YEAR, Ahead, Grown, NewValue
from clvapp.days import DAYS_IN_WEEK, MEAN_MONTH
from clvapp.forecast import moments
from clvapp.forecast.fit import Fit
from clvapp.forecast.forecast import Forecast
from clvapp.memo import Views, keeping, once
from clvapp.stats import TAIL, Bools, Floats
from clvapp.value import margin

MOST_GROUPS = 12
_HEADINGS, _STEP = 10, 1e-4


@dataclass(eq=False)
class NewlyWon:
    """Views of one analysis; they lie in `views`, with the analysis, which never refers to this."""

    of: Outlook
    views: Views

    @property
    @once
    def grown(self) -> Grown:
        """The money of new customers by month of age."""
        return self._grown(None)

    @property
    @once
    def apart(self) -> Between | None:
        """How much months of new customers differ; None where too few have been watched."""
        return newly_won.differing(self.grown) if self.grown.told >= LEAST_MONTHS else None

    @property
    @once
    def ahead(self) -> Ahead | None:
        """What the forecast's model expects of somebody new; None without one, or where nobody was watched enough."""
        if self.apart is None:
            return None
        found = self.of.forecast
        return None if found is None or not found.enough.total else of_new(found)

    @keeping(2)
    def value(self, months: int) -> NewValue | None:
        """What a newly won customer is worth over `months` of age: 12 or 36."""
        if self.apart is None:
            return None
        rate, watched = self.of.settings.discount_rate, self.grown.told >= months
        ahead = None if watched else self.ahead
        return newly_won.new_value(self.grown, months, apart=self.apart, discount_rate=rate, ahead=ahead)

    @property
    @once
    def course(self) -> Floats:
        """What a new customer has brought by the end of each of 36 months of age; NaN where nobody knows."""
        watched = self.grown.told >= THREE_YEARS
        return newly_won.course(self.grown, None if watched else self.ahead)

    @keeping(_HEADINGS)
    def by(self, column: str) -> pd.DataFrame:
        """The same over 12 months by a word of the first order: `group`, `customers`, `value`, `low`, `high`.

        The largest groups of which enough have been watched, those worth most first. The ranges hold together: all of
        them, in 95 of 100 shops (Bonferroni), so that looking at many groups does not make one stand out.
        """
        rows: list[tuple[str, NewValue]] = []
        groups = self._watched_groups(column)
        for name, one in groups.items():
            told = newly_won.new_value(
                one, YEAR, apart=self.apart, discount_rate=self.of.settings.discount_rate, tail=TAIL / len(groups)
            ) if self.apart else None  # fmt: skip
            if told is not None:
                rows.append((name, told))
        rows.sort(key=lambda row: -row[1].value)
        table = [(name, told.people, told.value, told.low, told.high) for name, told in rows]
        return pd.DataFrame(table, columns=["group", "customers", "value", "low", "high"])

    def _watched_groups(self, column: str) -> dict[str, Grown]:
        """The largest groups of which enough have been watched for a year."""
        first = self.of.first_orders.set_index("customer_id")[column].reindex(self.of.order_days.ids)
        names = first.value_counts().index[:MOST_GROUPS]
        each = {str(name): self._grown((first == name).to_numpy(dtype=bool, na_value=False)) for name in names}
        return {name: one for name, one in each.items() if one.told >= YEAR}

    def _grown(self, among: Bools | None) -> Grown:
        of = self.of
        people = of.customers
        share = margin.of_customers(people, people["historic_value"]).reindex(of.order_days.ids)
        return newly_won.grown(
            of.order_days, share.to_numpy(np.float64), discount_rate=of.settings.discount_rate, end_day=of.end_day,
            burn_in_end=of.burn_in.end, among=among,
        )  # fmt: skip


def of_new(found: Forecast) -> Ahead | None:
    """What the likeliest of a forecast's order models expects of somebody new; None where no model could be fitted."""
    fits = found.prepared.predictors
    best = moments.describing(fits)
    if best is None:
        return None
    logs = best.log_parameters
    steps = np.eye(len(logs)) * _STEP
    slopes = [(_monthly(best, logs + step) - _monthly(best, logs - step)) / (2 * _STEP) for step in steps]
    others = [_monthly(one, one.log_parameters) for one in fits.fits.values() if one is not best and one.converged]
    return Ahead(
        _monthly(best, logs), np.array(slopes), fits.covariance(best), np.array(others).reshape(-1, THREE_YEARS)
    )


def _monthly(of: Fit, logs: Floats) -> Floats:
    """Repeat orders in each month of age."""
    parameters: Any = type(of.parameters)(*np.exp(logs).tolist())
    weeks = np.arange(1, THREE_YEARS + 1) * MEAN_MONTH / DAYS_IN_WEEK
    until = of.model.expected_orders_of_new(parameters, weeks)
    monthly: Floats = np.diff(until, prepend=0.0)
    return monthly

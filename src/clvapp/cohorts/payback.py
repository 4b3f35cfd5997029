"""What a cohort brings and what it cost to win -> when it pays back, and how many times over."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from clvapp import columns
from clvapp.days import MONTHS_IN_YEAR
from clvapp.problems import WrongAcquisitionCost
from clvapp.settings import Cost, Settings
from clvapp.stats import Floats


def payback(
    triangle: pd.DataFrame, cost: Cost, *, margin: float | pd.Series = Settings.margin, course: Floats | None = None
) -> pd.DataFrame:
    """When each cohort's margin has paid back its acquisition cost, and its LTV/CAC so far.

    Parameters
    ----------
    triangle
        as `cohort_table` makes it
    cost
        what it costs to win one customer: one figure, or one per month, keyed by any day of that month
    margin
        share of revenue that is earned: one figure, or one per cohort
    course
        what a new customer has brought by the end of each month of age (`newly_won.course`), NaN where nobody knows

    Returns
    -------
    frame with one row per cohort: `cohort`, `customers`, `acquisition_cost`, `months` (complete ones), `earned` (margin
    per customer in those), `paid_back_in` (months until the cost was earned, NA if it is not yet), `pays_back_in`
    (where it is not: months until it will be, if they go on as others did at that age; NA beyond the `course`),
    `ltv_cac` (earned / cost; NaN where the cost is 0), `ltv_cac_year` (of the first 12 months; NaN until they are
    complete), `told_apart`.

    Raises `WrongAcquisitionCost` for a negative cost or a cohort without one.
    """
    by_cohort = triangle.groupby("cohort", as_index=False).agg(
        customers=("customers", "first"), told_apart=("told_apart", "first")
    )
    by_cohort["acquisition_cost"] = _costs(by_cohort["cohort"], cost)
    whole = triangle[triangle["complete"]]
    share = whole["cohort"].map(margin) if isinstance(margin, pd.Series) else margin
    earned = whole["cumulative_per_customer"] * share
    needed = whole["cohort"].map(by_cohort.set_index("cohort")["acquisition_cost"])
    paid = whole[earned >= needed].groupby("cohort")["month"].min() + 1
    year = (whole["month"] == MONTHS_IN_YEAR - 1).to_numpy()
    grouped = whole.assign(earned=earned).groupby("cohort").agg(months=("month", "size"), earned=("earned", "last"))
    found = by_cohort.join(grouped, on="cohort")
    found["months"] = found["months"].fillna(0).astype("int64")
    found["paid_back_in"] = found["cohort"].map(paid).astype("Int64")
    found["pays_back_in"] = _expected(found, course)
    spent = found["acquisition_cost"].where(found["acquisition_cost"] > 0)
    found["ltv_cac"] = found["earned"] / spent
    found["ltv_cac_year"] = found["cohort"].map(earned[year].set_axis(whole["cohort"][year])) / spent
    return found[columns.names(columns.PAYBACK)]


def _expected(found: pd.DataFrame, course: Floats | None) -> pd.Series:
    """The month in which each cohort that has not paid back will have, if it goes on as the `course` did."""
    late = found["paid_back_in"].isna() & found["told_apart"]
    rows = zip(*(found[name] for name in ("months", "earned", "acquisition_cost")), late, strict=True)
    months = [_reached(course, *row) if is_late and course is not None else None for *row, is_late in rows]
    return pd.Series(months, index=found.index, dtype="Int64")


def _reached(course: Floats, age: int, earned: float, cost: float) -> int | None:
    """The month of age by whose end `earned`, seen at `age`, will have grown to `cost`; None within the `course`."""
    if not 0 < age < len(course):
        return None
    reached = np.flatnonzero(earned + course[age:] - course[age - 1] >= cost)
    return age + 1 + int(reached[0]) if len(reached) else None


def _costs(cohorts: pd.Series, cost: Cost) -> pd.Series:
    """What it cost to win one customer of each cohort."""
    if not isinstance(cost, Mapping):
        if not (np.isfinite(cost) and cost >= 0):
            raise WrongAcquisitionCost(f"{cost}")
        return pd.Series(float(cost), index=cohorts.index)
    by_month = {pd.Timestamp(day).to_period("M"): float(value) for day, value in cost.items()}
    wrong = [f"{value} in {month}" for month, value in by_month.items() if not (np.isfinite(value) and value >= 0)]
    found = cohorts.dt.to_period("M").map(by_month)
    if wrong or found.isna().any():
        raise WrongAcquisitionCost(wrong[0] if wrong else "", missing=[f"{m:%Y-%m}" for m in cohorts[found.isna()]])
    costs: pd.Series = found.astype("float64")
    return costs

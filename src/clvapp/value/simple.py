"""Last year's buyers -> customer lifetime value by the simple formula: average order value x orders per year x years.

Source: the identity used throughout the retention literature, over the last 12 months. Years are "to date".
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.days import MEAN_MONTH, MONTHS_IN_YEAR, first_days, months, year_before


@dataclass(frozen=True)
class SimpleClv:
    """The three factors and their product, averaged over `customers`. Money is in the shop's currency."""

    aov: float
    orders_per_year: float
    years: float
    clv: float
    customers: int
    orders: int
    whole_year: bool


def window_start(first_day: int, end_day: int) -> tuple[int, int, bool]:
    """The day before the window, the number of days in the year, and whether the history fills a year.

    The window is the 12 months up to `end_day`, or the whole history if that is shorter.
    """
    before = year_before(end_day)
    whole = first_day <= before + 1
    return (before if whole else first_day - 1), end_day - before, whole


def exposures(bought: pd.DataFrame, *, start_day: int, end_day: int, year_days: int) -> pd.DataFrame:
    """`bought` (one row per customer; needs `first_day`) + `exposure_years` in the window and `years` as a customer."""
    inside = end_day - np.maximum(bought["first_day"], start_day + 1) + 1
    # Somebody who came on the last day has been there for one day, and could order only on that day.
    years = np.maximum(_months_between(bought["first_day"], end_day) / MONTHS_IN_YEAR, 1 / year_days)
    return bought.assign(exposure_years=inside / year_days, years=years)


def simple_clv(bought: pd.DataFrame, *, whole_year: bool = True) -> SimpleClv | None:
    """The formula for `bought`, which has `orders`, `revenue`, `exposure_years` and `years`. None without orders.

    >>> shop = pd.DataFrame({"orders": [10] * 1000, "revenue": [100.0] * 1000, "exposure_years": 1.0, "years": 10.0})
    >>> simple_clv(shop).clv
    1000.0
    """
    orders = int(bought["orders"].sum())
    if not orders:
        return None
    aov = float(bought["revenue"].sum()) / orders
    orders_per_year = orders / float(bought["exposure_years"].sum())
    years = float(bought["years"].mean())
    return SimpleClv(aov, orders_per_year, years, aov * orders_per_year * years, len(bought), orders, whole_year)


def _months_between(first_day: pd.Series, end_day: int) -> np.ndarray:
    """Calendar months, so that ten years to the day make exactly ten years."""
    first, end = np.asarray(first_day, dtype="int64"), np.int64(end_day)
    of_first, of_end = (day - first_days(months(day)) for day in (first, end))
    between: np.ndarray = months(end) - months(first) + (of_end - of_first) / MEAN_MONTH
    return between

"""Last year's buyers -> customer lifetime value by the simple formula: average order value x orders per year x years.

Source: the identity used throughout the retention literature, over the last 12 months. Years are "to date".
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

MONTHS = 12
_DAYS_IN_MONTH = 365.25 / MONTHS


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
    end = pd.Timestamp(np.datetime64(end_day, "D"))
    year_before = int((end - pd.DateOffset(years=1)).to_datetime64().astype("datetime64[D]").astype("int64"))
    whole = first_day <= year_before + 1
    return (year_before if whole else first_day - 1), end_day - year_before, whole


def exposures(bought: pd.DataFrame, *, start_day: int, end_day: int, year_days: int) -> pd.DataFrame:
    """`bought` (one row per customer; needs `first_day`) + `exposure_years` in the window and `years` as a customer."""
    inside = end_day - np.maximum(bought["first_day"], start_day + 1) + 1
    # Somebody who came on the last day has been there for one day, and could order only on that day.
    years = np.maximum(_months_between(bought["first_day"], end_day) / MONTHS, 1 / year_days)
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
    first = np.asarray(first_day, dtype="int64").astype("datetime64[D]")
    end = np.datetime64(end_day, "D")
    months = (end.astype("datetime64[M]") - first.astype("datetime64[M]")).astype("int64")
    days = _day_of_month(end) - _day_of_month(first)
    whole: np.ndarray = months + days / _DAYS_IN_MONTH
    return whole


def _day_of_month(day: np.ndarray | np.datetime64) -> np.ndarray:
    of_month: np.ndarray = (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype("int64")
    return of_month

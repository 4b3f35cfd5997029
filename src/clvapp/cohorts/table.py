"""Order days -> retention and revenue by month of first order and by months since.

Each customer has their own months: month 0 is the twelfth of a year that starts on the day of the first order. A
calendar month would give one day to those who came on its last day, and thirty to others. The cells' money always adds
up to the customers' revenue, incomplete cells included.
"""

import numpy as np
import pandas as pd

from clvapp.customers.order_days import OrderDays
from clvapp.days import MEAN_MONTH, dates, first_days, months


def cohort_table(bought: OrderDays, *, end_day: int, burn_in_end: int | None = None) -> pd.DataFrame:
    """One row per cohort and month since the first order, up to the latest month that any of its customers has begun.

    Parameters
    ----------
    bought
        order days up to `end_day`
    end_day
        the day of the snapshot; nothing after it counts
    burn_in_end
        cohorts from before it hold old customers who only look new; they stay, and `told_apart` marks them

    Returns
    -------
    frame with `cohort` (month of the first order), `month` (0, 1, ...), `customers` (in the cohort), `active` (those
    with an order day in that month of theirs), `retention` (active / customers), `revenue`, `revenue_per_customer`,
    `cumulative_per_customer`, `complete` (every customer of the cohort has finished that month; until then, shares
    can only rise), `told_apart`.
    """
    cohort = months(bought.since)
    begin = int(cohort.min()) if len(cohort) else 0
    rows = int(cohort.max()) - begin + 1 if len(cohort) else 0
    width = int(_age(np.array([end_day]), np.array([int(bought.since.min())]))[0]) + 1 if rows else 0
    place = cohort - begin
    shape = (rows, width)
    customers = np.bincount(place, minlength=rows)
    active = _active(bought, place, shape)
    revenue = _revenue(bought, place, shape)
    latest, earliest = np.full(rows, -1), np.full(rows, np.iinfo(np.int64).max)
    np.maximum.at(latest, place, bought.since)
    np.minimum.at(earliest, place, bought.since)
    since = np.arange(width)
    # For somebody who came on day s, month k ends on the day before s + (k + 1) months.
    complete = latest[:, None] + np.ceil((since[None, :] + 1) * MEAN_MONTH) - 1 <= end_day
    begun = earliest[:, None] + np.ceil(since[None, :] * MEAN_MONTH) <= end_day
    kept = begun & (customers > 0)[:, None]
    cell = np.nonzero(kept)
    people = customers[cell[0]]
    first_day = first_days(begin + cell[0])
    return pd.DataFrame(
        {
            "cohort": dates(first_day),
            "month": cell[1],
            "customers": people,
            "active": active[cell],
            "retention": active[cell] / people,
            "revenue": revenue[cell],
            "revenue_per_customer": revenue[cell] / people,
            "cumulative_per_customer": revenue.cumsum(axis=1)[cell] / people,
            "complete": complete[cell],
            "told_apart": np.full(len(first_day), True) if burn_in_end is None else first_day >= burn_in_end,
        }
    )


def _age(day: np.ndarray, since: np.ndarray) -> np.ndarray:
    """Months since the first order. A refund before it counts in month 0."""
    age: np.ndarray = np.floor(np.maximum(day - since, 0) / MEAN_MONTH).astype(np.intp)
    return age


def _active(bought: OrderDays, place: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """How many customers have an order day, by cohort and month. Each counts once."""
    age = _age(bought.day, bought.since[bought.who])
    once = np.ones(len(age), bool)
    once[1:] = (bought.who[1:] != bought.who[:-1]) | (age[1:] != age[:-1])
    cell = (place[bought.who] * shape[1] + age)[once]
    counts: np.ndarray = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    return counts


def _revenue(bought: OrderDays, place: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    known = bought.money.who >= 0
    who = bought.money.who[known]
    cell = place[who] * shape[1] + _age(bought.money.day[known], bought.since[who])
    sums = np.bincount(cell, weights=bought.money.revenue[known], minlength=shape[0] * shape[1])
    return sums.reshape(shape)

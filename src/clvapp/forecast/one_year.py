"""Order days of one or two years -> how busy each calendar month was, at equal customers and equal ages.

Repeat order days by month of arrival and calendar month follow a Poisson regression on the days that customers were
watched, on their age and on the calendar month (an age-period model). Months are drawn towards one another by a prior
of how strong the seasons of shops are, so that a month with few orders says little. One year cannot tell a season from
a year that grew: what is taken of it is the mean over the calendar months, so that no month stands for the year.
"""

import numpy as np

from clvapp.days import MONTHS_IN_YEAR, first_days, months
from clvapp.forecast import poisson
from clvapp.forecast.histories import Array, Places
from clvapp.forecast.snapshot import Ledger, Timekeeper

SPREAD = 0.25  # of the logs of a shop's monthly factors (docs/methods.md, "The season of the year")
# Slopes of age (of the month of arrival, when few gaps have passed, and two more), and their spread.
_AGES, _OF_AGE = 3, 1.0


def monthly_logs(ledger: Ledger, day: int, opened: Timekeeper) -> Array:
    """Log factors of the twelve calendar months, January first, 0 for those not watched; `opened` counts open days."""
    count, watched, age, month = _cells(ledger, day, opened)
    if not count.sum():
        return np.zeros(MONTHS_IN_YEAR)
    design = np.column_stack(
        [np.ones(len(age)), age == 0, np.log1p(age), age / MONTHS_IN_YEAR, month[:, None] == np.arange(MONTHS_IN_YEAR)]
    ).astype("float64")
    precision = np.concatenate([[1e-9], np.full(_AGES, _OF_AGE**-2), np.full(MONTHS_IN_YEAR, SPREAD**-2)])
    logs: Array = poisson.slopes(design, count, watched, precision=precision)[1 + _AGES :]
    return logs


def _cells(ledger: Ledger, day: int, opened: Timekeeper) -> tuple[Array, Array, Array, Places]:
    """By month of arrival and month of the calendar: repeat order days, customer-days watched, age, calendar month."""
    came = ledger.came[ledger.came <= day]
    start = int(months(ledger.start))
    size = int(months(day)) - start + 1
    edges = np.minimum(first_days(np.arange(start, start + size + 1)) - 1, day)
    arrived = months(came) - start
    watched = np.zeros((size, size))
    for at in range(size):
        days = np.maximum(opened.at(edges[at + 1]) - opened.at(np.maximum(edges[at], came)), 0)
        watched[:, at] = np.bincount(arrived, days, minlength=size)
    chosen = ledger.repeat & (ledger.day <= day)
    by = months(ledger.came[ledger.customer[chosen]]) - start, months(ledger.day[chosen]) - start
    count = np.bincount(by[0] * size + by[1], minlength=size * size).reshape(size, size)
    cohort, month = np.nonzero(watched)
    age = (month - cohort).astype("float64")
    return count[cohort, month].astype("float64"), watched[cohort, month], age, (month + start) % MONTHS_IN_YEAR

"""Whole days since 1 January 1970, as every engine can compare them, and the dates that people read."""

import datetime as dt

import numpy as np


def date(day: int) -> dt.date:
    """A day since 1970 as a date.

    >>> date(0)
    datetime.date(1970, 1, 1)
    """
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(day))


def day_number(day: dt.date) -> int:
    """A date as a whole number of days since 1970.

    >>> day_number(dt.date(1970, 1, 2))
    1
    """
    return int(np.datetime64(day, "D").astype("int64"))

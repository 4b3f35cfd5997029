"""Whole days since 1 January 1970, as every engine can compare them; the months they are of, and dates to be read."""

import datetime as dt

import numpy as np
import numpy.typing as npt

DAYS_IN_WEEK = 7
MONTHS_IN_YEAR = 12
YEAR = 365  # days for which customers are watched
MEAN_YEAR = 365.25  # days, leap years counted in
MEAN_MONTH = MEAN_YEAR / MONTHS_IN_YEAR

Whole = npt.NDArray[np.int64]


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


def latest_today(now: dt.datetime) -> dt.date:
    """Today where the day is furthest on: a shop in Auckland is ahead of a server's clock.

    >>> latest_today(dt.datetime(2026, 6, 30, 11, tzinfo=dt.UTC))
    datetime.date(2026, 7, 1)
    """
    return (now.astimezone(dt.UTC) + dt.timedelta(hours=14)).date()


def year_before(day: int) -> int:
    """The same day a year before; 28 February for the 29th.

    >>> [str(date(year_before(day_number(dt.date(2024, *of))))) for of in ((2, 28), (2, 29), (3, 1))]
    ['2023-02-28', '2023-02-28', '2023-03-01']
    """
    now = date(day)
    leap = (now.month, now.day) == (2, 29)
    return day_number(now.replace(year=now.year - 1, day=28 if leap else now.day))


def dates(days: npt.ArrayLike) -> npt.NDArray[np.datetime64]:
    """Days since 1970 as the dates of a frame.

    >>> dates([0, 20_000]).astype(str).tolist()
    ['1970-01-01T00:00:00', '2024-10-04T00:00:00']
    """
    return np.asarray(days).astype("int64").astype("datetime64[D]").astype("datetime64[s]")


def day_numbers(dates: npt.ArrayLike) -> Whole:
    """A frame's dates as days since 1970.

    >>> day_numbers(dates([0, 20_000])).tolist()
    [0, 20000]
    """
    return np.asarray(dates).astype("datetime64[D]").astype("int64")


def months(days: npt.ArrayLike) -> Whole:
    """Of each day its month, since January 1970.

    >>> months([0, 30, 31]).tolist()
    [0, 0, 1]
    """
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype("int64")


def first_days(months: npt.ArrayLike) -> Whole:
    """Of each month since January 1970 its first day.

    >>> first_days([0, 1, 12]).tolist()
    [0, 31, 365]
    """
    return np.asarray(months).astype("datetime64[M]").astype("datetime64[D]").astype("int64")

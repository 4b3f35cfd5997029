"""Days since 1970, their months and their dates, against the calendar of the standard library."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clvapp.days import MEAN_MONTH, MEAN_YEAR, date, dates, day_number, day_numbers, first_days, months, year_before

some_days = st.lists(st.dates(dt.date(1950, 1, 1), dt.date(2120, 12, 31)), min_size=1, max_size=20)


@given(some_days)
def test_days_months_and_dates_are_the_calendars(of):
    numbers = np.array([day_number(day) for day in of])
    assert [date(number) for number in numbers] == of
    assert months(numbers).tolist() == [(day.year - 1970) * 12 + day.month - 1 for day in of]
    assert first_days(months(numbers)).tolist() == [day_number(day.replace(day=1)) for day in of]
    assert pd.Series(dates(numbers)).tolist() == [pd.Timestamp(day) for day in of]
    assert day_numbers(pd.Series(dates(numbers))).tolist() == numbers.tolist()


@example(dt.date(2024, 2, 29))
@given(st.dates(dt.date(1950, 1, 1), dt.date(2120, 12, 31)))
def test_the_year_before_is_the_same_day_and_28_february_for_the_29th(day):
    assert pd.Timestamp(date(year_before(day_number(day)))) == pd.Timestamp(day) - pd.DateOffset(years=1)


def test_dates_of_a_frame_are_to_the_second():
    frame = pd.DataFrame({"day": dates(pd.Series([0, 20_000], index=[7, 9]))})
    assert (str(frame["day"].dtype), frame.index.tolist()) == ("datetime64[s]", [0, 1])
    assert frame["day"].tolist() == [pd.Timestamp("1970-01-01"), pd.Timestamp("2024-10-04")]


def test_a_mean_year_has_every_fourth_leap_day():
    assert (pytest.approx((3 * 365 + 366) / 4), pytest.approx((3 * 365 + 366) / 48)) == (MEAN_YEAR, MEAN_MONTH)

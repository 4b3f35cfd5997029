"""Whether a file begins when the shop did, told from the curve of new customers or by the owner."""

import numpy as np
import pandas as pd
import pytest

from clvapp.opening import opening


def months(*new_customers, complete=True):
    frame = pd.DataFrame(
        {"month": pd.date_range("2024-01-01", periods=len(new_customers), freq="MS"), "new_customers": new_customers}
    )
    return frame.assign(complete=[True] * (len(frame) - 1) + [complete])


def day(text):
    return int(np.datetime64(text, "D").astype("int64"))


def test_many_new_customers_at_the_very_start_are_old_ones():
    found = opening(months(885, 417, 380, 452, 300, 284, 242, 188, 169, 299, 358, 323))
    assert not found.starts_at_opening
    assert found.assumed
    assert found.burn_in_end == day("2024-05-01")
    assert found.months_left_out == 4


@pytest.mark.parametrize(
    "curve",
    [
        [10, 20, 40, 60, 80, 100, 110, 120],
        [100] * 12,
        [120, 90, 100, 95, 100, 105, 100, 98],
        [30, 200, 60, 60, 60, 60, 60, 60],
    ],
    ids=["grows", "steady", "opens with a small burst", "a campaign in the second month"],
)
def test_a_shop_that_opens_in_its_file_has_no_flood_at_the_start(curve):
    found = opening(months(*curve))
    assert (found.starts_at_opening, found.burn_in_end, found.months_left_out) == (True, None, 0)


def test_under_six_months_nothing_is_concluded():
    assert opening(months(900, 100, 100, 100, 100)).starts_at_opening


def test_an_incomplete_last_month_is_not_looked_at():
    assert opening(months(100, 100, 100, 100, 100, 100, 2, complete=False)).starts_at_opening


def test_never_more_than_a_third_of_the_months_is_left_out():
    found = opening(months(900, 800, 700, 600, 500, 400, 300, 200, 100))
    assert found.months_left_out == 3


@pytest.mark.parametrize("told", [True, False])
def test_the_owners_answer_holds_against_the_curve(told):
    flood, steady = months(885, 417, 380, 452, 300, 284, 242, 188), months(*[100] * 8)
    for frame in (flood, steady):
        found = opening(frame, told=told)
        assert found.starts_at_opening is told
        assert not found.assumed
        assert (found.burn_in_end is None) == told


def test_told_that_it_does_not_a_short_file_loses_its_first_month():
    assert opening(months(10, 10, 10), told=False).burn_in_end == day("2024-02-01")
    assert opening(months(10), told=False).burn_in_end == day("2024-01-01")


def test_a_file_without_a_complete_month_is_taken_as_it_is():
    found = opening(months(10, complete=False))
    assert found.starts_at_opening
    assert found.burn_in_end is None

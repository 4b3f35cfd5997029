"""How far groups are off beside one another, by fifths of customers worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from spend_frames import all_paid

from clvapp.forecast import group_error, snapshot


def ten() -> snapshot.Known:
    """Ten customers, who came a day after one another and spent the more the later they came."""
    rows = [(f"c{i}", 100 + i, 10.0 + i, 1) for i in range(10)]
    return snapshot.ledger(all_paid(pd.DataFrame(rows, columns=["customer_id", "day", "revenue", "orders"]))).until(200)


def test_a_fifth_that_was_off_carries_half_of_it_and_half_of_the_mean():
    # Of every fifth 20 was expected; 10, 30 and thrice 20 came: squares of .25, .25 and the least, .0025; mean .1015.
    expected, came = np.full(10, 10.0), np.array([5.0, 5, 15, 15, *[10] * 6])
    found = group_error.spreads(ten(), group_error.Shares(ten(), expected, np.zeros(10), came))
    assert found[:4] == pytest.approx(np.full(4, np.sqrt((0.25 + 0.1015) / 2)))
    assert found[4:] == pytest.approx(np.full(6, np.sqrt((0.0025 + 0.1015) / 2)))


def test_what_chance_explains_is_no_error_of_a_group():
    expected, came = np.full(10, 10.0), np.array([5.0, 5, 15, 15, *[10] * 6])
    found = group_error.spreads(ten(), group_error.Shares(ten(), expected, np.full(10, 50.0), came))
    assert found == pytest.approx(np.full(10, 0.05))  # a variance of 100 beside a square miss of 100


def test_the_level_of_all_is_no_groups_error_and_nothing_is_told_of_a_test_in_which_nothing_came():
    twice = group_error.spreads(ten(), group_error.Shares(ten(), np.full(10, 10.0), np.zeros(10), np.full(10, 20.0)))
    assert twice == pytest.approx(np.full(10, 0.05))
    never = group_error.spreads(ten(), group_error.Shares(ten(), np.full(10, 10.0), np.zeros(10), np.zeros(10)))
    assert never == pytest.approx(np.full(10, group_error.UNTESTED))

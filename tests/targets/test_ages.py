"""Value at the same age, the gap and how the two sides differ, at their edges and by hand."""

import numpy as np
import pandas as pd
import pytest
from spend_frames import spend_of

from clvapp.targets.ages import behaviour, gap, value_at_age


# --- value at the same age --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("age", "milestone"),
    [
        (30, 30), (89, 30), (90, 90), (179, 90), (180, 180), (364, 180), (365, 365), (729, 365), (730, 730),
        (1094, 730), (1095, 1095), (1459, 1095), (1460, 1460), (1824, 1460), (1825, 1825), (2189, 1825), (2190, 2190),
        (2554, 2190), (2555, 2555), (2919, 2555), (2920, 2920), (3284, 2920), (3285, 3285), (3649, 3285), (3650, 3650),
        (9999, 3650),
    ],
)  # fmt: skip
def test_the_age_compared_at_is_a_month_a_quarter_half_a_year_and_then_every_year_up_to_ten(age, milestone):
    found = value_at_age(pd.Series({"me": 100}), spend_of(("me", 100, 1)), end_day=100 + age)
    assert found.loc["me", ["age", "milestone", "customers_compared"]].tolist() == [age, milestone, 1]


def test_who_is_younger_than_thirty_days_is_not_compared():
    found = value_at_age(pd.Series({"young": 71, "old": 70}), spend_of(("young", 71, 9), ("old", 70, 5)), end_day=100)
    assert found["customers_compared"].tolist() == [0, 1]
    assert found["milestone"].isna().tolist() == [True, False]
    assert found.loc["old", ["value", "average"]].tolist() == [5, 5]
    assert found.loc["young", ["value", "average"]].isna().all()


def test_who_came_on_the_first_day_after_the_burn_in_is_compared():
    first_days = pd.Series({"before": 49, "after": 50})
    spend = spend_of(("before", 49, 1000), ("after", 50, 10))
    found = value_at_age(first_days, spend, end_day=100, burn_in_end=50)
    assert found["customers_compared"].tolist() == [0, 1]
    assert found.loc["after", "average"] == 10
    assert found["above_average_at_age"].isna().tolist() == [True, False]


def test_who_has_spent_nothing_by_that_age_counts_as_nothing():
    found = value_at_age(pd.Series({"a": 0, "b": 0}), spend_of(("a", 0, 10)), end_day=40)
    assert found["value"].tolist() == [10, 0]
    assert found["average"].tolist() == [5, 5]


def test_where_the_average_is_below_nothing_who_gave_back_more_is_below_it():
    found = value_at_age(pd.Series({"a": 0, "b": 0}), spend_of(("a", 0, -10), ("b", 0, -30)), end_day=40)
    assert found["below_average_at_age"].tolist() == [False, True]
    assert found["above_average_at_age"].tolist() == [True, False]


# --- the gap ----------------------------------------------------------------------------------------------------------
def gaps(first, spend, *, high, end_day=100, leaf=None):
    first_days = pd.Series(first)
    leaves = pd.Series(1, index=first_days.index) if leaf is None else pd.Series(leaf)
    return gap(first_days, spend, end_day=end_day, leaf=leaves, became_high=pd.Series(True, index=high)).to_dict()


def test_the_gap_to_a_single_valuable_customer_counts_their_money_from_the_first_day_to_the_last():
    """The valuable one is as old as me, a hundred days: 5 on the first day, 7 on day 40, 11 on the last."""
    spend = spend_of(("high", 0, 5), ("high", 40, 7), ("high", 100, 11), ("me", 0, 2))
    assert gaps({"high": 0, "me": 0}, spend, high=["high"]) == {"high": 0.0, "me": 21.0}


def test_money_before_the_first_order_and_after_the_snapshot_is_not_in_the_curve():
    spend = spend_of(("high", 9, -50, 0), ("high", 10, 5), ("high", 101, 900), ("me", 10, 2))
    assert gaps({"high": 10, "me": 10}, spend, high=["high"])["me"] == 3


def test_on_the_day_of_the_first_order_the_gap_is_to_what_the_others_spent_that_day():
    spend = spend_of(("high", 0, 5), ("high", 1, 7), ("me", 100, 2))
    assert gaps({"high": 0, "me": 100}, spend, high=["high"])["me"] == 3


def test_who_is_older_than_every_valuable_customer_has_no_gap():
    spend = spend_of(("high", 50, 5), ("me", 49, 2), ("you", 50, 1))
    found = gaps({"high": 50, "me": 49, "you": 50}, spend, high=["high"])
    assert np.isnan(found["me"])
    assert found["you"] == 4


def test_where_nobody_is_valuable_nobody_has_a_gap():
    assert np.isnan(list(gaps({1: 50, 2: 100}, spend_of((1, 50, 5), (2, 100, 2)), high=[]).values())).all()


def test_who_has_no_leaf_has_no_gap():
    spend = spend_of(("high", 0, 5), ("me", 0, 2), ("you", 0, 2))
    found = gaps({"high": 0, "me": 0, "you": 0}, spend, high=["high"], leaf={"high": 1, "me": 1})
    assert found["me"] == 3
    assert np.isnan(found["you"])


def test_who_has_spent_nothing_is_behind_by_all_that_the_others_spent():
    assert gaps({"high": 0, "me": 0}, spend_of(("high", 0, 5)), high=["high"])["me"] == 5


def test_twenty_look_alikes_are_needed_at_the_customers_own_age():
    """Of 20 in the leaf one is 49 days old, the others 50, and ten elsewhere 50 days: so am I, or a day younger."""
    near, far = [f"near {i}" for i in range(20)], [f"far {i}" for i in range(10)]
    first = {**dict.fromkeys([*near, *far], 50), "near 0": 51, "old": 50, "young": 51}
    spend = spend_of(*((who, first[who], 70) for who in near), *((who, 50, 10) for who in far))
    leaf = {**dict.fromkeys(near, 1), **dict.fromkeys(far, 2), "old": 1, "young": 1}
    found = gaps(first, spend, high=[*near, *far], leaf=leaf)
    assert found["young"] == 70
    assert found["old"] == pytest.approx((19 * 70 + 10 * 10) / 29)


# --- how the two sides differ -----------------------------------------------------------------------------------------
MEASURES = [
    ("Orders a year after the first", "orders"), ("Value of an order after the first", "money"),
    ("Days to the second order day", "days"), ("Share of money refunded", "share"),
    ("Share with one order day only", "share"),
]  # fmt: skip


def people(**of):
    """By customer: first day, revenue, refunded."""
    rows = [(who, pd.Timestamp(first, unit="D"), revenue, back) for who, (first, revenue, back) in of.items()]
    return pd.DataFrame(rows, columns=["customer_id", "first_order", "revenue", "refunded"])


def test_each_measure_by_hand():
    """Day 730, everybody came on day 0. Five above the average, two below; 146 days are 0.4 of a year.

    Above: a came again on day 1 (two orders of 30 together), b on day 20 and 90, c on day 90, d and e never; f came on
    day 584, 146 days ago, and again after 200 days: never. So 2 + 2 + 1 orders over 5 x 2 + 0.4 years.
    """
    customers = people(
        a=(0, 130.0, 10.0), b=(0, 140.0, 0.0), c=(0, 120.0, 0.0), d=(0, 100.0, 0.0), e=(0, 90.0, 10.0),
        f=(584, 100.0, 0.0), low=(0, 4.0, 1.0), less=(0, 0.0, 0.0),
    )  # fmt: skip
    spend = spend_of(
        ("a", 0, 100), ("a", 1, 30, 2), ("b", 0, 100), ("b", 20, 15), ("b", 90, 25), ("c", 0, 100), ("c", 90, 20),
        ("d", 0, 100), ("e", 0, 90), ("f", 584, 100), ("low", 0, 4), ("less", 0, 0),
    )  # fmt: skip
    found = behaviour(customers, spend, end_day=730)
    assert found.columns.tolist() == [
        "measure", "unit", "above", "below", "customers_above", "customers_below", "customers",
    ]  # fmt: skip
    assert list(found[["measure", "unit"]].itertuples(index=False, name=None)) == MEASURES
    # On day 90 the average of those who reached it is (130 + 140 + 120 + 100 + 90 + 100 + 4 + 0) / 8 = 85.5.
    assert found["above"].tolist() == pytest.approx([5 / 10.4, 90 / 5, 20, 20 / 700, 3 / 6])
    assert found["below"].fillna(-1).tolist() == pytest.approx([0, -1, -1, 0.2, 0.5])  # nothing paid: no order day
    assert found["customers_above"].tolist() == [6, 3, 3, 6, 6]
    assert found["customers_below"].tolist() == [2, 0, 0, 2, 2]
    assert found["customers"].tolist() == [8, 3, 3, 8, 8]


def test_less_than_one_in_money_is_still_a_share_of_it_and_of_nothing_there_is_no_share():
    customers = people(above=(0, 0.6, 0.2), below=(0, 0.0, 0.0))
    found = behaviour(customers, spend_of(("above", 0, 0.6), ("below", 0, 0)), end_day=40)
    shares = found.set_index("measure").loc["Share of money refunded"]
    assert shares["above"] == pytest.approx(0.25)
    assert np.isnan(shares["below"])
    assert shares["customers_below"] == 1


def test_who_may_be_older_than_the_file_is_described_on_neither_side():
    customers = people(old=(0, 900.0, 0.0), a=(20, 30.0, 0.0), b=(20, 10.0, 0.0))
    spend = spend_of(("old", 0, 900), ("a", 20, 30), ("b", 20, 10))
    found = behaviour(customers, spend, end_day=115, burn_in_end=20)  # they have all reached 90 days, and not 180
    assert found.loc[0, ["customers_above", "customers_below"]].tolist() == [1, 1]
    assert behaviour(customers, spend, end_day=115).loc[0, ["customers_above", "customers_below"]].tolist() == [1, 2]

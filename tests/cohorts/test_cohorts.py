"""Cohorts: retention and money by months since the first order, and when a customer has paid for being won."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spend_frames import all_paid

from clvapp import cohorts
from clvapp.customers.order_days import order_days
from clvapp.problems import WrongAcquisitionCost
from clvapp.story import payback
from clvapp.wording import Wording

JANUARY, FEBRUARY = pd.Timestamp("1970-01-01"), pd.Timestamp("1970-02-01")
# Month k of a customer is days ceil(30.4375 k) to ceil(30.4375 (k + 1)) - 1 after the first order: 0-30, 31-60, 61-91.
ROWS = [
    ("ann", 0, 10.0, 1), ("ann", 30, 5.0, 1), ("ann", 31, 7.0, 1), ("ann", 62, -2.0, 0),
    ("bo", 20, 20.0, 1), ("bo", 82, 3.0, 1),
    ("cy", 40, 8.0, 1), ("di", 45, 0.0, 1), ("eve", 50, -9.0, 0),
]  # fmt: skip


def frames(rows=ROWS):
    moved = pd.DataFrame(rows, columns=["customer_id", "day", "revenue", "orders"])
    return order_days(all_paid(moved))


def test_a_cohort_table_by_hand():
    found = cohorts.cohort_table(frames(), end_day=85)
    cells = found[["cohort", "month", "customers", "active", "revenue", "cumulative_per_customer", "complete"]]
    assert cells.to_numpy().tolist() == [
        [JANUARY, 0, 2, 2, 35.0, 17.5, True],
        [JANUARY, 1, 2, 1, 7.0, 21.0, True],
        [JANUARY, 2, 2, 1, 1.0, 21.5, False],  # bo's third month is not over on day 85
        [FEBRUARY, 0, 2, 1, 8.0, 4.0, True],  # di gave everything back: one of two has an order day
        [FEBRUARY, 1, 2, 0, 0.0, 4.0, False],
    ]
    assert found["retention"].tolist() == [1.0, 0.5, 0.5, 0.5, 0.0]
    assert found["revenue_per_customer"].tolist() == [17.5, 3.5, 0.5, 4.0, 0.0]
    assert found["told_apart"].all()


def test_a_cell_is_complete_on_the_last_day_of_its_last_customer():
    bought = frames([("ann", 0, 1.0, 1)])
    assert cohorts.cohort_table(bought, end_day=29)["complete"].tolist() == [False]
    assert cohorts.cohort_table(bought, end_day=30)["complete"].tolist() == [True]
    assert cohorts.cohort_table(bought, end_day=31)["complete"].tolist() == [True, False]


def test_cohorts_of_the_burn_in_are_marked():
    found = cohorts.cohort_table(frames(), end_day=85, burn_in_end=31)
    assert found.groupby("cohort")["told_apart"].first().tolist() == [False, True]


rows = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 400), st.integers(0, 50), st.booleans()),
    min_size=1, max_size=60,
)  # fmt: skip


@given(rows, st.integers(0, 420))
def test_the_money_of_all_cells_is_the_customers_revenue(rows, end_day):
    frame = pd.DataFrame(
        [(f"c{who}", day, money / 4 if order else -money / 4, int(order)) for who, day, money, order in rows],
        columns=["customer_id", "day", "revenue", "orders"],
    )
    frame = frame.groupby(["customer_id", "day"], as_index=False).sum()
    bought = order_days(all_paid(frame), end_day=end_day)
    found = cohorts.cohort_table(bought, end_day=end_day)
    seen = frame[frame["customer_id"].isin(bought.ids) & (frame["day"] <= end_day)]
    assert found["revenue"].sum() == pytest.approx(seen["revenue"].sum(), abs=1e-9)
    assert found.groupby("cohort")["customers"].first().sum() == len(bought.ids)
    assert (found["active"] <= found["customers"]).all()


def test_payback_by_hand():
    """January has earned 8.75, 10.5 (and more in an incomplete month) a customer at a margin of one half."""
    triangle = cohorts.cohort_table(frames(), end_day=85)
    found = cohorts.payback(triangle, 10.0, margin=0.5).set_index("cohort")
    assert found.loc[JANUARY, ["months", "earned", "paid_back_in", "ltv_cac"]].tolist() == [2, 10.5, 2, 1.05]
    assert found.loc[FEBRUARY, ["months", "earned", "ltv_cac"]].tolist() == [1, 2.0, 0.2]
    assert found["paid_back_in"].isna().tolist() == [False, True]
    assert found["ltv_cac_year"].isna().all()
    assert cohorts.payback(triangle, 8.75, margin=0.5)["paid_back_in"].iloc[0] == 1


def test_a_year_of_a_cohort_is_its_first_twelve_months():
    bought = frames([("ann", 0, 10.0, 1), ("ann", 364, 10.0, 1), ("ann", 366, 80.0, 1)])
    found = cohorts.payback(cohorts.cohort_table(bought, end_day=500), 5.0).iloc[0]
    assert (found["ltv_cac_year"], found["ltv_cac"]) == (4.0, 20.0)


def test_what_winning_costs_may_differ_by_month():
    triangle = cohorts.cohort_table(frames(), end_day=85)
    found = cohorts.payback(triangle, {dt.date(1970, 1, 15): 4.0, dt.date(1970, 2, 1): 0.0})
    assert found["acquisition_cost"].tolist() == [4.0, 0.0]
    assert found["paid_back_in"].tolist() == [1, 1]
    assert np.isnan(found["ltv_cac"].iloc[1])


@pytest.mark.parametrize(
    ("cost", "says"),
    [
        (-1.0, "cannot cost -1.0"),
        (float("nan"), "cannot cost nan"),
        ({dt.date(1970, 1, 1): 5.0}, "for 1970-02. Give one for every month"),
        ({dt.date(1970, 1, 1): -5.0, dt.date(1970, 2, 1): 5.0}, "cannot cost -5.0 in 1970-01"),
    ],
)
def test_a_wrong_cost_is_a_problem_in_one_sentence(cost, says):
    with pytest.raises(WrongAcquisitionCost, match=says):
        cohorts.payback(cohorts.cohort_table(frames(), end_day=85), cost)


def test_payback_in_words():
    bought = frames([("ann", 0, 10.0, 1), ("ann", 364, 10.0, 1), ("bo", 40, 1.0, 1)])
    words = Wording("en_US", "USD")
    said = payback.sentence(cohorts.payback(cohorts.cohort_table(bought, end_day=500), 5.0), words)
    assert said == ("Winning a customer costs $5.00. 1 of 2 cohorts has paid that back; the middle one has not yet.")
    young = cohorts.payback(cohorts.cohort_table(frames([("ann", 0, 10.0, 1)]), end_day=100), 5.0)
    assert "cannot be said yet" in payback.sentence(young, words)
    never = cohorts.payback(cohorts.cohort_table(bought, end_day=500), 500.0)
    assert payback.sentence(never, words) == "Winning a customer costs $500. None of 2 cohorts has paid that back yet."

"""The simple formula and value so far: the golden case, hand frames, and what must hold whatever the shop."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hand_frames import csv_text
from hypothesis import example, given, settings
from hypothesis import strategies as st

import clvapp
from clvapp.read import Source
from clvapp.value import historic, margin, simple


def day(text):
    return int(np.datetime64(text, "D").astype("int64"))


# --- the simple formula ---------------------------------------------------------------------------


def test_a_hundred_thousand_dollars_of_ten_thousand_orders_over_ten_years_is_a_thousand_a_customer():
    shop = pd.DataFrame({"orders": 10, "revenue": 100.0, "exposure_years": 1.0, "years": 10.0}, index=range(1_000))
    found = simple.simple_clv(shop)
    assert (found.aov, found.orders_per_year, found.years, found.clv) == (10, 10, 10, pytest.approx(1_000, rel=1e-12))


def golden_shop():
    """1,000 customers, ten years to the day with the shop on average, 10,000 orders of $10 in the last 12 months."""
    for customer in range(1_000):
        who = f"c{customer}@example.org"
        years = 9 if customer % 2 else 11
        yield {"Order": f"{customer}-0", "Date": f"{2024 - years}-12-31", "E-mail": who, "Total": "50.00"}
        for place in range(1, 11):
            yield {
                "Order": f"{customer}-{place}",
                "Date": f"2024-{place + 2:02}-{customer % 28 + 1:02}",
                "E-mail": who,
                "Total": "10.00",
            }
    yield {"Order": "last", "Date": "2024-12-31", "E-mail": "", "Total": "10.00"}


def test_the_golden_case_holds_from_a_file_to_the_answer():
    shop = clvapp.load([Source("orders.csv", csv_text(list(golden_shop())).encode())])
    try:
        found = clvapp.Analysis(shop).simple_clv
        assert (found.customers, found.orders, found.whole_year) == (1_000, 10_000, True)
        assert (found.aov, found.orders_per_year, found.years) == (
            pytest.approx(10),
            pytest.approx(10),
            pytest.approx(10),
        )
        assert found.clv == pytest.approx(1_000, rel=1e-9)
    finally:
        shop.close()


def test_the_window_is_the_twelve_months_up_to_the_day_looked_back_from():
    start, year_days, whole = simple.window_start(day("2020-01-01"), day("2024-12-31"))
    assert (start, year_days, whole) == (day("2023-12-31"), 366, True)


def test_a_history_shorter_than_a_year_is_used_whole_and_scaled():
    start, year_days, whole = simple.window_start(day("2024-07-01"), day("2024-12-31"))
    assert (start, year_days, whole) == (day("2024-06-30"), 366, False)
    bought = pd.DataFrame({"orders": [2], "revenue": [40.0], "first_day": [day("2024-07-01")]})
    found = simple.simple_clv(simple.exposures(bought, start_day=start, end_day=day("2024-12-31"), year_days=year_days))
    assert found.orders_per_year == pytest.approx(2 * 366 / 184)


def test_a_history_of_exactly_a_year_is_a_whole_one():
    assert simple.window_start(day("2024-01-01"), day("2024-12-31"))[2]
    assert not simple.window_start(day("2024-01-02"), day("2024-12-31"))[2]


def test_exposure_runs_from_the_first_order_or_the_start_whichever_is_later():
    bought = pd.DataFrame({"orders": 1, "revenue": 1.0, "first_day": [day("2015-12-31"), day("2024-07-02")]})
    found = simple.exposures(bought, start_day=day("2023-12-31"), end_day=day("2024-12-31"), year_days=366)
    assert found["exposure_years"].tolist() == [1.0, 183 / 366]
    assert found["years"].tolist() == pytest.approx([9, 0.5], abs=0.01)


def test_ten_years_to_the_day_are_ten_years():
    bought = pd.DataFrame({"orders": 1, "revenue": 1.0, "first_day": [day("2014-02-28"), day("2004-02-28")]})
    found = simple.exposures(bought, start_day=day("2023-02-28"), end_day=day("2024-02-28"), year_days=365)
    assert found["years"].tolist() == [10, 20]


def test_without_orders_there_is_no_formula():
    assert simple.simple_clv(pd.DataFrame({"orders": [], "revenue": [], "exposure_years": [], "years": []})) is None


# --- value so far ---------------------------------------------------------------------------------

VALUES = pd.Series([1.0, 2.0, 3.0, 4.0, 90.0])
_MONEY = st.lists(st.floats(min_value=-50, max_value=5_000).map(lambda x: round(x, 2)), min_size=1, max_size=60)


def test_the_line_is_the_mean_the_median_or_a_top_share():
    assert historic.threshold(VALUES) == 20
    assert historic.threshold(VALUES, rule="median") == 3
    assert historic.threshold(VALUES, rule="top", top_share=0.2) == pytest.approx(VALUES.quantile(0.8))


def test_above_is_more_than_the_line():
    assert historic.value_segment(VALUES, 4.0).tolist() == ["below_average"] * 4 + ["above_average"]
    assert historic.value_segment(pd.Series([5.0, 5.0]), 5.0).tolist() == ["below_average"] * 2


def test_segments_say_what_each_side_brings():
    found = historic.segments(VALUES, VALUES, 20)
    assert (found.above, found.below, found.revenue_share_above) == (1, 4, 0.9)
    assert np.isnan(historic.segments(pd.Series([0.0]), pd.Series([0.0]), 0).revenue_share_above)


# --- what of it is earned ---------------------------------------------------------------------------------------------


PEOPLE = pd.DataFrame(
    {
        "customer_id": ["ann", "ben", "cid"],
        "revenue": [100.0, 50.0, -5.0],
        "orders": [2, 1, 1],
        "first_order": pd.to_datetime(["2024-01-05", "2024-01-31", "2024-02-01"]),
    }
)
PARTS = pd.DataFrame(
    {
        "customer_id": ["ann", "ann", "ben", "ben"],
        "group": ["beans", "mills", "beans", None],
        "revenue": [60.0, 30.0, 20.0, 40.0],  # ann was paid 10 beside her orders, ben was given back 10
        "costed": 0.0,
        "earned": 0.0,
    }
)


def test_one_margin_scales_what_was_paid():
    assert margin.earned(PEOPLE, PARTS, margin=0.5).tolist() == [50.0, 25.0, -2.5]


def test_each_category_earns_its_own_margin_and_all_other_money_the_shops():
    found = margin.earned(PEOPLE, PARTS, margin=0.5, margins={"beans": 0.2, "mills": -0.1, "tea": 0.9})
    # ann: 60 x .2 - 30 x .1 + 10 x .5; ben: 20 x .2 + 40 x .5 - 10 x .5
    assert found.tolist() == pytest.approx([14.0, 19.0, -2.5])
    assert margin.of_all(PEOPLE, found) == pytest.approx(30.5 / 145)
    assert margin.of_cohorts(PEOPLE, found).round(6).tolist() == pytest.approx([33 / 150, 30.5 / 145], abs=1e-6)


def test_a_known_cost_goes_before_any_margin():
    costs = PARTS.assign(costed=[60.0, 10.0, 0.0, 0.0], earned=[45.0, -2.0, 0.0, 0.0])
    found = margin.earned(PEOPLE, costs, margin=0.5, margins={"beans": 0.2, "mills": 0.1})
    # ann: 45 of beans; 20 of mills at .1, 10 of them earned -2; 10 beside her orders at .5
    assert found.tolist() == pytest.approx([45 - 2 + 2 + 5, 20 * 0.2 + 40 * 0.5 - 5, -2.5])


def test_what_will_be_earned_leans_on_the_shop_until_a_customer_has_paid_much():
    found = margin.earned(PEOPLE, PARTS, margin=0.5, margins={"beans": 0.2, "mills": -0.1})
    ahead = margin.ahead(PEOPLE, found)
    order, shop = 150 / 4, 30.5 / 145
    assert ahead["ann"] == pytest.approx((14 + order * shop) / (100 + order))
    assert ahead["cid"] == pytest.approx(shop)  # nothing that they paid stayed: the shop's own
    assert margin.ahead(PEOPLE.assign(orders=0), found).tolist() == [0.0, 0.0, 0.0]


def test_pareto_runs_from_nobody_to_everybody():
    found = historic.pareto(VALUES)
    assert found.iloc[[0, 1, -1]].to_numpy().tolist() == [[0, 0], [0.2, 0.9], [1, 1]]
    assert historic.share_of_top(VALUES, 0.2) == 0.9


def test_who_is_just_above_the_line_never_stands_in_the_bar_below_it():
    values = pd.Series([1896.02, 2000.02, 2104.02])  # their mean is a hair below the middle one
    found = historic.distribution(values, float(values.mean()))
    assert found.groupby("segment")["customers"].sum().to_dict() == {"above_average": 2, "below_average": 1}


@settings(deadline=None, derandomize=True)
@given(_MONEY)
@example([0.0])
@example([-5.0, -5.0])
@example([10.0] * 99 + [5_000.0])
def test_every_customer_stands_in_one_bar_on_one_side_of_the_line(values):
    value = pd.Series(values)
    line = historic.threshold(value)
    found = historic.distribution(value, line)
    assert found["customers"].sum() == len(value)
    assert (found["end"] > found["start"]).all()
    split = found.groupby("segment")["customers"].sum()
    assert split.get("above_average", 0) == (value > line).sum()


@settings(deadline=None, derandomize=True)
@given(_MONEY)
def test_the_curve_of_concentration_rises_to_one(values):
    value = pd.Series(values).clip(lower=0)
    found = historic.pareto(value)
    assert (np.diff(found["share_of_revenue"]) >= -1e-12).all()
    assert found["share_of_revenue"].iloc[-1] == pytest.approx(1 if value.sum() > 0 else 0)


def test_small_groups_stand_together_and_the_nameless_in_a_row_of_their_own():
    group = pd.Series(["a", "a", "b", "c", None])
    found = historic.by_group(VALUES, group, most=1)
    assert found["group"].tolist() == ["Not known", "Others", "a"]
    assert found["customers"].tolist() == [1, 2, 2]
    assert found["mean_value"].tolist() == [90.0, 3.5, 1.5]
    assert found["customers"].sum() == len(VALUES)


def test_an_interval_takes_five_customers_and_is_students():
    few = historic.by_group(pd.Series([1.0, 2.0, 3.0, 4.0]), pd.Series(["a"] * 4))
    assert few[["low", "high"]].isna().all(axis=None)
    found = historic.by_group(pd.Series([1.0, 2.0, 3.0, 4.0, 5.0]), pd.Series(["a"] * 5)).iloc[0]
    half = 2.776445 * 2.5**0.5 / 5**0.5  # t of four degrees of freedom, from a printed table; the deviation is 1.5811
    assert [found["low"], found["high"]] == pytest.approx([3 - half, 3 + half], rel=1e-6)


def test_the_best_fifth_is_at_least_one():
    assert [historic.best_of(people, 0.2) for people in (0, 1, 2, 4, 12, 300)] == [0, 1, 1, 1, 2, 60]
    assert historic.share_of_best(12, 0.2) == pytest.approx(1 / 6)
    assert historic.share_of_top(pd.Series([30.0, 70.0]), 0.2) == pytest.approx(0.7)


def test_the_day_looked_back_from_may_lie_after_the_last_order():
    shop = clvapp.load(
        [
            Source(
                "orders.csv",
                b"Order,Date,E-mail,Total\nA,2023-01-05,a@example.org,10.00\nB,2023-02-05,b@example.org,10.00\n",
            )
        ]
    )
    try:
        late = clvapp.Analysis(shop, clvapp.Settings(observation_end=dt.date(2024, 6, 1)))
        assert late.simple_clv is None
        assert late.customers["days_since_last_order"].tolist() == [513, 482]
    finally:
        shop.close()

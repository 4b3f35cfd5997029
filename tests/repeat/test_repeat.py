"""Who comes back: the survival curve against other packages, and every figure on frames written out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, beta, ecdf
from scipy.stats import t as student
from spend_frames import all_paid
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

from clvapp import repeat
from clvapp.customers.order_days import order_days
from clvapp.customers.rhythm import long_silent, rhythm, states
from clvapp.repeat import share_by_day
from clvapp.stats import Z95
from clvapp.story import repeat as repeat_story
from clvapp.wording import Wording

WORDS = Wording("en_US", "USD")


def spend(people):
    """A row a customer and day, from customer -> [(day, revenue)]; below 0 is money given back without an order."""
    rows = [(who, day, money, int(money >= 0)) for who, moved in people.items() for day, money in moved]
    return all_paid(pd.DataFrame(rows, columns=["customer_id", "day", "revenue", "orders"]))


def days_of(people, end_day=None):
    return order_days(spend(people), end_day=end_day)


# --- the survival curve ---------------------------------------------------------------------------------------------

times = st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=3, max_size=60)


@given(times)
def test_the_share_by_day_is_what_statsmodels_makes_of_it(seen):
    days, came = np.array([d for d, _ in seen]), np.array([c for _, c in seen])
    found = share_by_day(days, came, horizon=40)
    if not came.any():
        assert (found["share"].dropna() == 0).all()
        return
    other = SurvfuncRight(days, came.astype(int))
    for day, kept, error in zip(other.surv_times, other.surv_prob, other.surv_prob_se, strict=True):
        row = found[found["day"] == day].iloc[0]
        assert row["share"] == pytest.approx(1 - kept, abs=1e-12)
        if 0 < kept < 1:  # the band on the log(-log) scale, from their standard error
            theta = Z95 * error / (kept * np.log(kept))
            assert row["low"] == pytest.approx(1 - kept ** np.exp(theta), abs=1e-9)
            assert row["high"] == pytest.approx(1 - kept ** np.exp(-theta), abs=1e-9)


def test_the_bands_are_those_of_scipy_as_well():
    random = np.random.default_rng(4)
    days, came = random.integers(1, 50, 300), random.random(300) < 0.5
    found = share_by_day(days, came, horizon=49).set_index("day")
    other = ecdf(CensoredData(uncensored=days[came], right=days[~came])).sf
    band = other.confidence_interval(0.95, method="log-log")
    inside = (other.probabilities > 0) & (other.probabilities < 1)
    at = other.quantiles[inside].astype(int)
    assert found.loc[at, "low"].to_numpy() == pytest.approx(1 - band.high.probabilities[inside], abs=1e-9)
    assert found.loc[at, "high"].to_numpy() == pytest.approx(1 - band.low.probabilities[inside], abs=1e-9)


def test_a_curve_by_hand():
    """Five customers: two come on days 1 and 3, one is watched for 1 day, two for 4."""
    found = share_by_day(np.array([1, 1, 3, 4, 4]), np.array([True, False, True, False, False]), horizon=5)
    assert found["at_risk"].tolist() == [5, 5, 3, 3, 2, 0]
    assert found["came"].tolist() == [0, 1, 0, 1, 0, 0]
    assert found["share"].tolist()[:5] == pytest.approx([0, 0.2, 0.2, 1 - 0.8 * 2 / 3, 1 - 0.8 * 2 / 3])
    assert np.isnan(found["share"].iloc[5])


def test_where_nobody_came_the_band_is_the_exact_one_and_not_nothing():
    found = share_by_day(np.full(20, 9), np.zeros(20, bool), horizon=5).iloc[-1]
    assert (found["share"], found["low"]) == (0, 0)
    assert found["high"] == pytest.approx(1 - 0.025 ** (1 / 20))
    all_came = share_by_day(np.full(20, 2), np.ones(20, bool), horizon=2).iloc[-1]
    assert (all_came["share"], all_came["high"]) == (1, 1)
    assert all_came["low"] == pytest.approx(0.025 ** (1 / 20))


def test_once_it_has_happened_to_everybody_the_curve_stays_at_one():
    """Two customers: they come on days 1 and 3. With a third, watched for 3 days, only the third day is known."""
    found = share_by_day(np.array([1, 3]), np.array([True, True]), horizon=6)
    assert found["share"].tolist() == [0, 0.5, 0.5, 1, 1, 1, 1]
    assert found["high"].tolist()[3:] == [1, 1, 1, 1]
    assert found["low"].tolist()[3:] == pytest.approx([0.025 ** (1 / 2)] * 4)
    open_end = share_by_day(np.array([1, 3, 3]), np.array([True, True, False]), horizon=6)
    assert open_end["share"].tolist()[:4] == pytest.approx([0, 1 / 3, 1 / 3, 2 / 3])
    assert open_end.loc[4:, ["share", "low", "high"]].isna().all(axis=None)


def test_where_most_left_unseen_the_band_of_all_is_as_wide_as_the_few_who_stayed_make_it():
    """Of 20, 19 are watched for a day only. The one who stays comes on day 2: one of one, which is 2.5 % at least."""
    found = share_by_day(np.array([1] * 19 + [2]), np.array([False] * 19 + [True]), horizon=4)
    assert found["at_risk"].tolist() == [20, 20, 1, 0, 0]
    assert found["share"].tolist() == [0, 0, 1, 1, 1]
    assert found["low"].tolist()[2:] == pytest.approx([0.025] * 3)


def test_the_band_of_all_is_what_a_beta_of_the_same_mean_and_variance_says():
    """Three come on days 1, 2 and 4, one leaves after day 2: the means of what is kept are 4/5, 3/4 and 1/2."""
    found = share_by_day(np.array([1, 2, 2, 4]), np.array([True, True, False, True]), horizon=4)
    assert found["at_risk"].tolist() == [4, 4, 3, 1, 1]
    mean = 4 / 5 * 3 / 4 * 1 / 2
    variance = (4 * 5) / (5 * 6) * (3 * 4) / (4 * 5) * (1 * 2) / (2 * 3) - mean**2
    size = mean * (1 - mean) / variance - 1
    assert found["low"].iloc[-1] == pytest.approx(beta.ppf(0.025, (1 - mean) * size, mean * size))
    assert 0.025 < found["low"].iloc[-1] < 0.025 ** (1 / 4)


def test_one_after_the_other_is_the_binomial_bound_of_all():
    found = share_by_day(np.arange(1, 21), np.ones(20, bool), horizon=20)
    assert found["low"].iloc[-1] == pytest.approx(0.025 ** (1 / 20))


def test_of_a_group_without_anybody_nothing_is_known():
    found = share_by_day(np.array([2]), np.array([True]), np.array([1]), horizon=3)
    assert found.loc[found["group"] == 0, "share"].isna().all()
    assert found.loc[found["group"] == 1, "share"].tolist() == [0, 0, 1, 1]


@given(times, st.integers(2, 4))
def test_groups_together_are_the_curves_of_each_alone(seen, groups):
    days, came = np.array([d for d, _ in seen]), np.array([c for _, c in seen])
    group = np.arange(len(days)) % groups
    together = share_by_day(days, came, group, horizon=20)
    for one in range(min(groups, len(days))):
        alone = share_by_day(days[group == one], came[group == one], horizon=20)
        part = together[together["group"] == one].drop(columns="group").reset_index(drop=True)
        pd.testing.assert_frame_equal(part, alone.drop(columns="group"))


# --- order days -------------------------------------------------------------------------------------------------------


def test_an_order_day_needs_an_order_and_money():
    days = days_of({"ann": [(0, 10.0), (5, 0.0), (9, 4.0), (12, -3.0)], "bo": [(3, 0.0)]})
    assert list(days.ids) == ["ann", "bo"]
    assert days.since.tolist() == [0, 3]
    assert days.last.tolist() == [9, 3]
    assert (days.day.tolist(), days.number.tolist(), days.count.tolist()) == ([0, 9], [1, 2], [2, 0])
    assert days.gap[1] == 9
    assert np.isnan(days.gap[0])
    assert np.isnan(days.first[1])


def test_the_order_of_rows_does_not_matter():
    rows = spend({"bo": [(3, 8.0), (9, 1.0)], "ann": [(0, 10.0), (5, 0.0), (9, 4.0), (12, -3.0)], "cy": [(4, -2.0)]})
    one, other = (order_days(frame) for frame in (rows, rows.sample(frac=1, random_state=3)))
    assert sorted(one.ids) == sorted(other.ids) == ["ann", "bo"]
    for name in ("since", "last", "count", "first"):
        here, there = (pd.Series(getattr(days, name), index=days.ids).sort_index() for days in (one, other))
        pd.testing.assert_series_equal(here, there)
    assert (one.money.who < 0).sum() == 1  # cy has no order


def test_nothing_after_the_day_looked_back_from_is_an_order_day():
    people = {"ann": [(0, 10.0), (9, 4.0)], "bo": [(9, 8.0)]}
    days = days_of(people, end_day=8)
    assert (list(days.ids), days.day.tolist(), len(days.money.day)) == (["ann"], [0], 1)


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 200)), min_size=1, max_size=80))
def test_slipping_and_lapsed_are_the_long_silent(orders):
    rows = sorted({(f"c{who}", day) for who, day in orders})
    frame = pd.DataFrame(rows, columns=["customer_id", "day"]).assign(revenue=5.0, paid=5.0, orders=1)
    days = order_days(frame)
    customers = pd.DataFrame({"customer_id": days.ids, "days_since_last_order": 210 - days.last})
    silent = long_silent(customers, frame, end_day=210)
    state = pd.Series(states(days, end_day=210), index=days.ids)
    assert state.isin(["slipping", "lapsed"]).equals(silent.reindex(state.index).rename(None))
    assert state.isna().all() == (days.returns.sum() < 20)


# --- the ladder -------------------------------------------------------------------------------------------------------

PEOPLE = {
    "ann": [(0, 10), (5, 10), (25, 10)],  # second after 5 days, third after 20
    "bo": [(0, 10), (8, 10)],
    "cy": [(0, 10), (40, 10), (45, 10)],  # second too late for gaps of 30 days
    "di": [(90, 10), (95, 10), (97, 10)],  # too young for two gaps
    "ed": [(70, 10)],
    "flo": [(99, 10)],
}


def test_the_second_purchase_counts_everybody_for_as_long_as_they_were_watched():
    bought = days_of(PEOPLE)
    found = repeat.came_back(bought, days=30, end_day=100)
    # 6 at risk; ann and di come on day 5, with flo watched for 1 day only; bo on day 8.
    assert found.share == pytest.approx(1 - (1 - 2 / 5) * (1 - 1 / 3))
    assert found.customers == 6
    assert found.low < found.share < found.high


def test_from_the_third_purchase_on_only_first_orders_old_enough_for_all_gaps_count():
    bought = days_of(PEOPLE)
    people = repeat.waiting(bought, 3, end_day=100, gap_days=30)
    assert bought.ids[people.customers].tolist() == ["ann", "bo"]
    found = repeat.repeat_rate_by_order(bought, end_day=100, gap_days=30)
    third = found[found["number"] == 3].iloc[0]
    assert (third["customers"], third["came"], third["share"]) == (2, 1, 0.5)


def test_a_step_of_the_ladder_that_nobody_can_have_reached_says_why():
    found = repeat.repeat_rate_by_order(days_of(PEOPLE), end_day=100, gap_days=30).set_index("number")
    assert found.loc[2, "reason"] == found.loc[3, "reason"] == ""
    assert found.loc[4, "share"] == 0.0  # ann, watched for 75 days after the third
    assert found.loc[5, "reason"] == "No first order is old enough for 4 gaps of 30 days."
    assert np.isnan(found.loc[5, "share"])
    burnt = repeat.repeat_rate_by_order(days_of(PEOPLE), end_day=100, gap_days=30, burn_in_end=60).set_index("number")
    assert burnt.loc[3, "reason"] == "No first order is old enough for 2 gaps of 30 days."
    two = repeat.repeat_rate_by_order(days_of({"ed": [(0, 1)]}), end_day=100, gap_days=30).set_index("number")
    assert two.loc[3, "reason"] == (
        "Nobody whose first order is old enough for 2 gaps of 30 days made purchase 2 in time."
    )


QUICK = {  # everybody comes back twice, and soon
    "ann": [(0, 10), (5, 10), (25, 10)], "bo": [(0, 10), (20, 10), (21, 10)], "cy": [(2, 10), (4, 10), (9, 10)],
}  # fmt: skip


def test_where_everybody_came_back_sooner_the_share_is_all_of_them():
    bought = days_of(QUICK)
    ladder = repeat.repeat_rate_by_order(bought, end_day=100, gap_days=30, most=4)
    assert ladder[["number", "customers", "came", "share", "reason"]].to_numpy().tolist() == [
        [2, 3, 3, 1, ""], [3, 3, 3, 1, ""], [4, 3, 0, 0, ""],
    ]  # fmt: skip
    assert ladder[["low", "high"]].isna().all(axis=None)  # of three customers
    back = repeat.came_back(bought, days=30, end_day=100)
    assert (back.share, back.customers, back.low, back.high) == (1, 3, None, None)
    five = days_of({**QUICK, "di": [(0, 1), (5, 1)], "eve": [(0, 1), (6, 1)]})
    back = repeat.came_back(five, days=30, end_day=100)
    assert (back.share, back.customers, back.high) == (1, 5, 1)
    assert back.low == pytest.approx(0.025 ** (1 / 5))
    assert repeat.curve(bought, end_day=100, gap_days=30)["share"].tolist() == pytest.approx(
        [0, 0, *[1 / 3] * 3, *[2 / 3] * 15, *[1] * 11]
    )
    two = pd.Series({"ann": "Cup", "bo": "Pot", "cy": "Pot"})
    ends = repeat.curve(bought, end_day=100, gap_days=30, group=two).groupby("group")["share"].last()
    assert ends.to_dict() == {"Cup": 1, "Pot": 1}


def test_where_only_the_young_are_still_to_come_nothing_is_said_but_why():
    bought = days_of({**QUICK, "eve": [(96, 10)], "flo": [(79, 10)]})  # who are watched for 4 and for 21 days
    first = repeat.repeat_rate_by_order(bought, end_day=100, gap_days=30).iloc[0]
    assert (first["customers"], first["came"]) == (5, 3)
    assert np.isnan(first["share"])
    assert first["reason"] == (
        "Everybody whose first order is 30 days old bought again sooner; nobody else was watched so long."
    )
    assert repeat.came_back(bought, days=30, end_day=100).share is None
    young = repeat.repeat_rate_by_order(bought, end_day=100, gap_days=30, burn_in_end=3).iloc[0]
    assert young["reason"] == "No first order is old enough for a gap of 30 days."
    figures = repeat.figures(bought, end_day=100).set_index("key")
    assert figures.loc["second_purchase_30", "reason"] == (
        "Nobody who is still to buy again has been watched for 30 days yet."
    )
    assert figures.loc["third_purchase_90", "reason"] == (
        "Nobody's first order is 180 days old yet, or nobody of those bought a second time within 90 days."
    )


def test_a_first_order_is_old_enough_on_the_very_day_on_which_all_its_gaps_can_have_passed():
    bought = days_of({"ann": [(0, 10), (30, 10)], "bo": [(1, 10), (2, 10)]})
    third = repeat.waiting(bought, 3, end_day=60, gap_days=30)
    assert bought.ids[third.customers].tolist() == ["ann"]  # 0 + 2 x 30 is day 60; bo's would be day 61
    assert (third.days.tolist(), third.came.tolist()) == ([30], [False])
    ladder = repeat.repeat_rate_by_order(bought, end_day=60, gap_days=30).set_index("number")
    assert ladder.loc[3, ["customers", "share"]].tolist() == [1, 0]
    before = repeat.repeat_rate_by_order(bought, end_day=59, gap_days=30).set_index("number")
    assert before.loc[3, "reason"] == "No first order is old enough for 2 gaps of 30 days."
    assert ladder.loc[4, "reason"] == "No first order is old enough for 3 gaps of 30 days."


def test_the_reason_why_nothing_is_said_knows_the_day_from_which_on_a_first_order_is_old_enough():
    bought = days_of({"ann": [(0, 10), (31, 10)]})  # one day too late
    on_it, before = (
        repeat.repeat_rate_by_order(bought, end_day=day, gap_days=30).set_index("number")["reason"] for day in (60, 59)
    )
    assert on_it[3] == "Nobody whose first order is old enough for 2 gaps of 30 days made purchase 2 in time."
    assert before[3] == "No first order is old enough for 2 gaps of 30 days."


def test_customers_of_the_burn_in_are_left_out():
    bought = days_of(PEOPLE)
    assert repeat.came_back(bought, days=5, end_day=100, burn_in_end=1).customers == 3
    assert repeat.came_back(bought, days=30, end_day=100, burn_in_end=99).share is None


def test_a_curve_a_group_largest_first_without_those_who_name_none():
    bought = days_of(PEOPLE)
    group = pd.Series({"ann": "Cup", "bo": "Cup", "cy": "Pot", "di": None, "ed": "Cup", "flo": "Pot"})
    found = repeat.curve(bought, end_day=100, gap_days=10, group=group)
    assert found.groupby("group", sort=False)["customers"].first().to_dict() == {"Cup": 3, "Pot": 2}
    assert found[(found["group"] == "Cup") & (found["day"] == 10)]["share"].item() == pytest.approx(2 / 3)
    everybody = repeat.curve(bought, end_day=100, gap_days=10)
    assert everybody["group"].unique().tolist() == [""]
    assert everybody["share"].iloc[-1] == repeat.came_back(bought, days=10, end_day=100).share


def test_groups_of_first_orders():
    first = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c", "d"], "day": [19_000, 19_100, 19_100, 19_200],
            "product": ["Cup", "Cup", "Pot", None], "discount": [0.0, 2.0, None, 1.0],
        }
    )  # fmt: skip
    assert repeat.groups(first, "product", most=1).tolist()[:3] == ["Cup", "Cup", "Others"]
    assert repeat.groups(first, "product")["d"] == "not given"
    assert repeat.groups(first, "discount").tolist() == [
        "at full price", "with a discount", "not given", "with a discount",
    ]  # fmt: skip
    assert repeat.groups(first, "cohort", most=2).tolist() == ["earlier", "2022 Q2", "2022 Q2", "2022 Q3"]


def test_quarters_are_those_of_the_calendar_from_1970_on():
    first = pd.DataFrame({"customer_id": ["a", "b", "c"], "day": [0, 89, 90]})
    assert repeat.groups(first, "cohort").tolist() == ["1970 Q1", "1970 Q1", "1970 Q2"]
    assert repeat.groups(first, "cohort", most=1).tolist() == ["earlier", "earlier", "1970 Q2"]
    assert repeat.groups(first.head(2), "cohort", most=1).tolist() == ["1970 Q1", "1970 Q1"]
    assert repeat.groups(first.head(0), "cohort").empty


def test_eight_groups_are_named_and_the_others_put_together():
    first = pd.DataFrame(
        [(f"{i} {n}", f"{i}") for i in range(9) for n in range(10 - i)], columns=["customer_id", "product"]
    )
    assert set(repeat.groups(first, "product")) == {*"01234567", "Others"}
    assert repeat.groups(first, "product")["8 0"] == "Others"


def test_ten_purchases_of_ninety_days_are_looked_at():
    bought = days_of({"ann": [(0, 1), (90, 1)], "bo": [(0, 1), (91, 1)]})
    ladder = repeat.repeat_rate_by_order(bought, end_day=900)
    assert ladder["number"].tolist() == [*range(2, 11)]
    assert (ladder["came"][0], ladder["share"][0]) == (1, 0.5)
    assert repeat.curve(bought, end_day=900)["day"].tolist() == [*range(91)]
    assert repeat.gaps(bought, end_day=900)["number"].tolist() == [*range(2, 11)]


# --- gaps and what is due ---------------------------------------------------------------------------------------------


def test_gaps_by_number_are_of_customers_old_enough_for_all_of_them():
    found = repeat.gaps(days_of(PEOPLE), end_day=100, gap_days=30).set_index("number")
    assert (found.loc[2, "returns"], found.loc[2, "median"]) == (2, 6.5)  # ann 5, bo 8; cy took 40, di is too young
    assert found.loc[2, ["quarter", "three_quarters"]].tolist() == [5.75, 7.25]
    assert (found.loc[3, "returns"], found.loc[3, "median"]) == (1, 20)
    assert np.isnan(found.loc[4, "median"])


@pytest.fixture
def one_return_is_enough(monkeypatch):
    """Hand frames have a handful of returns; that a shop needs 20 is tested in tests/customers/test_rhythm.py."""
    monkeypatch.setattr("clvapp.customers.rhythm.RETURNS_NEEDED", 1)
    monkeypatch.setattr("clvapp.customers.rhythm.WATCHED", 1)


@pytest.mark.usefixtures("one_return_is_enough")
def test_the_next_order_is_due_by_ones_own_rhythm_or_the_shops():
    """Of 6 who wait 10 days one comes, of 5 one after 20, of 4 two after 30: 17, 33 and 67 %, and bo, ed wait on.

    So half of those who come back do so within 20 days, and nine in ten within 30.
    """
    people = {"ann": [(0, 1), (10, 1), (30, 1), (60, 1)], "bo": [(0, 1), (30, 1)], "cy": [(80, 1)], "ed": [(20, 1)]}
    found = repeat.next_due(days_of(people), end_day=88).set_index("customer_id")
    assert found.index.tolist() == ["bo", "ann", "cy"]  # ed has lapsed
    assert found["usual_gap_days"].tolist() == [20, 20, 20]
    assert found["due"].tolist() == list(pd.to_datetime([50, 80, 100], unit="D"))
    assert found["overdue_days"].tolist() == [38, 8, 0]
    assert found["own_rhythm"].tolist() == [False, True, False]
    limit = rhythm(days_of(people), end_day=88).limit[0]
    assert limit > 30  # ann's longest gap
    assert found["late_from"].tolist() == list(pd.to_datetime([61, 60 + int(limit) + 1, 111], unit="D"))
    assert repeat.next_due(days_of({"ed": [(0, 1)]}), end_day=5).empty


def test_where_too_few_came_back_the_next_order_is_due_but_nobody_has_a_state_or_is_late():
    found = repeat.next_due(days_of({"ann": [(10, 5.0)], "bo": [(0, 1.0), (30, 1.0)]}), end_day=400)
    assert found["customer_id"].tolist() == ["ann", "bo"]
    assert found["due"].tolist() == list(pd.to_datetime([40, 60], unit="D"))
    assert found[["state", "late_from"]].isna().all(axis=None)


@pytest.mark.usefixtures("one_return_is_enough")
def test_after_an_order_that_came_back_the_next_is_due_from_the_order_day_and_late_from_that_order():
    """Bo's gap of 30 days is the shop's. Ann's order day is day 10; what she ordered on day 25 came back entirely."""
    bought = days_of({"ann": [(10, 5.0), (25, 0.0)], "bo": [(0, 1.0), (30, 1.0)]})
    ann = repeat.next_due(bought, end_day=40).set_index("customer_id").loc["ann"]
    assert (ann["last_order"], ann["due"]) == tuple(pd.to_datetime([10, 10 + 30], unit="D"))
    assert ann["late_from"] == pd.to_datetime(25 + 30 + 1, unit="D")


# --- money ------------------------------------------------------------------------------------------------------------


def copies(people, times=30):
    """The same customers so many times over: figures are given of thirty customers or more."""
    return {f"{who}{i}": moved for who, moved in people.items() for i in range(times)}


def test_the_first_months_share_of_the_first_year_by_hand():
    people = copies({"ann": [(0, 60), (29, 10), (30, 20), (364, 10), (365, 500)], "bo": [(300, 99)]})
    moved = spend(people)
    found = repeat.early_share(order_days(moved), end_day=400)
    assert (found.share, found.customers) == (0.7, 30)
    assert (found.low, found.high) == (pytest.approx(0.7), pytest.approx(0.7))  # all spend alike: nothing varies
    few = repeat.early_share(order_days(moved), end_day=400, of_days=1095)
    assert few.share is None
    assert few.reason == "Fewer than 30 customers have been there for 3 years."


def test_the_interval_of_a_share_of_money_holds_the_truth_as_often_as_it_says():
    random = np.random.default_rng(5)
    held = []
    for _ in range(500):
        n = 120
        whole = random.lognormal(3, 1, n)
        part = whole * random.beta(2, 3, n)
        found = repeat.money._ratio(part, whole, "")
        held.append(found.low <= 0.4 <= found.high)
    assert 0.91 <= np.mean(held) <= 0.98


def test_where_one_customer_holds_most_of_the_money_the_interval_is_that_of_two_witnesses():
    """One brings 1,000 and half of it early; of thirty who bring 1 each, half do so for 0.4 and half for 0.6."""
    whole = np.array([1000.0] + [1.0] * 30)
    part = np.array([500.0] + [0.4, 0.6] * 15)
    found = repeat.money._ratio(part, whole, "")
    # Left out, each of the thirty moves the share by 0.1 of the 1,029 that stay; Student's t has one degree of freedom.
    reach = student.ppf(0.975, 1) * np.sqrt(30 * (0.1 / 1029) ** 2 * 30 / 31)
    assert (found.share, found.customers, found.reason) == (pytest.approx(0.5), 31, "")
    assert (found.low, found.high) == (pytest.approx(0.5 - reach), pytest.approx(0.5 + reach))


def test_who_holds_all_but_a_thousandth_of_the_money_is_left_out_to_a_thousandth():
    whole = np.array([1e6] + [1.0] * 30)
    part = np.array([500_001.0] + [0.5] * 28 + [0.0, 0.0])
    found = repeat.money._ratio(part, whole, "")
    # The share is a half. The one who is 1 over it moves it by that much of the thousandth that stays.
    moved = np.array([1 / (0.001 * 1_000_030), 0.5 / 1_000_029, 0.5 / 1_000_029])
    reach = student.ppf(0.975, 1) * np.sqrt((moved**2).sum() * 30 / 31)
    assert found.share == pytest.approx(0.5)
    assert (found.low, found.high) == (pytest.approx(0.5 - reach), pytest.approx(0.5 + reach))


def test_the_interval_of_money_that_all_bring_alike_has_a_degree_of_freedom_less_than_customers():
    part = np.array([1.0, 3.0] * 20)
    found = repeat.money._ratio(part, np.full(40, 4.0), "")
    reach = student.ppf(0.975, 39) * np.sqrt(40 * (1 / 156) ** 2 * 39 / 40)  # each moves it by 1 of the 156 that stay
    assert (found.low, found.high) == (pytest.approx(0.5 - reach), pytest.approx(0.5 + reach))


def test_a_share_of_money_needs_thirty_customers_and_some_money():
    ones = np.ones(30)
    unknown = repeat.money.Share(None, None, None, 29, "why")
    assert repeat.money._ratio(ones[1:] / 2, ones[1:], "why") == unknown
    assert repeat.money._ratio(ones * 0, ones * 0, "why") == repeat.money.Share(None, None, None, 30, "why")
    assert repeat.money._ratio(ones * 0, -ones, "why").share is None
    assert repeat.money._ratio(ones / 200, ones / 100, "why").share == pytest.approx(0.5)


def test_the_interval_of_a_share_of_money_stays_within_nothing_and_all():
    few = repeat.money._ratio(np.array([1.0] + [0.0] * 29), np.ones(30), "")
    most = repeat.money._ratio(np.array([0.0] + [1.0] * 29), np.ones(30), "")
    assert (few.low, most.high) == (0, 1)
    assert few.high == pytest.approx(1 - most.low)
    assert 1 / 30 < few.high < 0.2


def test_who_has_been_there_for_the_very_year_is_old_enough_and_the_burn_in_ends_before_its_day():
    people = copies({"ann": [(10, 6.0), (50, 4.0)], "bo": [(11, 9.0), (60, 1.0)], "cy": [(9, 1.0), (60, 9.0)]})
    bought = days_of(people)
    # Day 374 is the 365th of ann, who first came on day 10.
    assert repeat.early_share(bought, end_day=374, burn_in_end=10).share == pytest.approx(0.6)  # ann alone
    both = repeat.early_share(bought, end_day=375, burn_in_end=10)
    assert (both.share, both.customers) == (pytest.approx(0.75), 60)
    assert repeat.early_share(bought, end_day=374).share == pytest.approx(0.35)  # ann and cy


def test_a_refund_before_the_first_order_is_of_the_first_day():
    people = copies({"ann": [(5, -2.0), (10, 8.0), (50, 4.0)]})
    assert repeat.early_share(days_of(people), end_day=400).share == pytest.approx(6 / 10)


def test_cross_buying_by_hand():
    """Ann goes on to a second category after 20 days and a third after 200; bo buys both at once, and that is none."""
    categories = pd.DataFrame(
        [("ann", "Cups", 0), ("ann", "Pots", 20), ("ann", "Tea", 200), ("ann", "Late", 366), ("bo", "Cups", 0),
         ("bo", "Pots", 0), ("cy", "Cups", 300), ("cy", "Pots", 301)],
        columns=["customer_id", "category", "day"],
    )  # fmt: skip
    people = copies({"ann": [(0, 1)], "bo": [(0, 1)], "cy": [(300, 1)]})
    many = pd.concat([categories.assign(customer_id=categories["customer_id"] + str(i)) for i in range(30)])
    found = repeat.cross_buying(many, days_of(people), end_day=400)
    assert (found.share, found.customers) == (0.5, 30)


def test_cross_buying_is_early_until_day_ninety_and_counts_until_day_365():
    days = {"ann": [1, 90, 91, 365, 366], "bo": [0, 90]}  # of bo's, the one on the first day is none
    who = [(f"{name}{i}", str(day), day) for i in range(30) for name, of in days.items() for day in of]
    categories = pd.DataFrame([*who, ("a stranger", "Pots", 20)], columns=["customer_id", "category", "day"])
    bought = days_of(copies({"ann": [(0, 1)], "bo": [(0, 1)], "cy": [(0, 1)]}))
    found = repeat.cross_buying(categories, bought, end_day=365)
    assert (found.share, found.customers) == (pytest.approx(3 / 5), 60)  # 1, 90 and 90 of 1, 90, 91, 365 and 90
    young = repeat.cross_buying(categories, bought, end_day=364)
    assert (young.share, young.customers, young.reason) == (
        None, 0, "Fewer than 30 customers who have been there for a year went on to something new.",
    )  # fmt: skip
    assert repeat.cross_buying(categories, bought, end_day=365, burn_in_end=0).customers == 60
    assert repeat.cross_buying(categories, bought, end_day=365, burn_in_end=1).customers == 0


def test_not_back_is_the_rest_of_the_curve_after_a_year():
    people = {"ann": [(0, 1), (90, 1)], "bo": [(0, 1), (91, 1)], "cy": [(0, 1), (365, 1)], "di": [(0, 1), (366, 1)],
              "eve": [(300, 1)]}  # fmt: skip
    rows = repeat.figures(days_of(people), end_day=365).set_index("key")
    # Eve is watched for 65 days and then no longer: of the four others Di is left.
    assert rows.loc["not_back", ["share", "customers"]].tolist() == [pytest.approx(1 / 4), 5]
    assert rows.loc["second_purchase_90", "share"] == pytest.approx(1 / 4)
    known = {who: [moved for moved in of if moved[0] <= 364] for who, of in people.items()}
    early = repeat.figures(days_of(known), end_day=364).set_index("key")
    assert np.isnan(early.loc["not_back", "share"])
    assert early.loc["not_back", "reason"] == "Nobody who is still to buy again has been watched for 365 days yet."


@pytest.mark.parametrize("seed", range(8))
def test_who_bought_again_and_who_was_not_back_are_never_more_than_all(seed):
    random = np.random.default_rng(seed)
    people = {
        f"c{i}": [(day, 1.0) for day in sorted(set(random.integers(0, 500, random.integers(1, 4)).tolist()))]
        for i in range(60)
    }
    rows = repeat.figures(days_of(people), end_day=500).set_index("key")["share"]
    assert rows["second_purchase_90"] + rows["not_back"] <= 1 + 1e-9


def test_existing_and_repeat_revenue_by_month_by_hand():
    """January: ann twice, 10 and 5. February: ann 20, bo 30 new, of which 4 given back in March without an order."""
    people = {"ann": [(0, 10), (5, 5), (31, 20)], "bo": [(40, 30), (60, -4)]}
    moved = spend(people)
    found = repeat.by_month(order_days(moved), end_day=61)
    assert found["month"].tolist() == list(pd.to_datetime(["1970-01-01", "1970-02-01", "1970-03-01"]))
    assert found["revenue"].tolist() == [15, 50, -4]
    assert found["existing"].tolist() == [0, 20, -4]
    assert found["repeat"].tolist() == [5, 20, -4]
    assert found["existing_share"].tolist()[:2] == [0, 0.4]
    assert np.isnan(found["existing_share"].iloc[2])
    assert found["complete"].tolist() == [True, True, False]
    assert repeat.share_of_months(found, "repeat", first=0, count=2) == 25 / 65
    assert repeat.share_of_months(found, "existing", first=-1, count=1) == 0.4
    assert repeat.share_of_months(found, "existing", first=0, count=3) is None
    burnt = repeat.by_month(order_days(moved), end_day=61, burn_in_end=31)
    assert np.isnan(burnt["existing_share"].iloc[0])
    assert burnt["existing_share"].iloc[1] == 0.4


def test_months_are_those_from_the_first_order_to_the_last_money():
    """Days 59, 90 and 120 of 1970 are 1 March, 1 April and 1 May; nothing moves in June, and 5 come back in July."""
    found = repeat.by_month(days_of({"ann": [(59, 10), (90, 5), (120, 5), (185, -5)]}), end_day=185)
    assert found["month"].tolist() == list(pd.to_datetime([f"1970-0{month}-01" for month in range(3, 8)]))
    assert found["revenue"].tolist() == [10, 5, 5, 0, -5]


def test_a_month_is_complete_on_its_last_day():
    bought = days_of({"ann": [(0, 10), (31, 20)]})
    on_it, before = (repeat.by_month(bought, end_day=day)["complete"].tolist() for day in (58, 57))
    assert (on_it, before) == ([True, True], [True, False])  # day 58 is 28 February 1970


def test_of_a_month_that_brought_nothing_no_share_is_known_and_of_a_little_it_is():
    """January brings 10, February 4 of ann, who had bought before, less 4 of bo; March half of one."""
    people = {"ann": [(0, 10), (31, 4), (60, 0.5)], "bo": [(1, 0), (40, -4)]}
    found = repeat.by_month(days_of(people), end_day=89)
    assert found["revenue"].tolist() == [10, 0, 0.5]
    assert found["repeat"].tolist() == [0, 0, 0.5]
    assert found["repeat_share"].isna().tolist() == [False, True, False]
    assert found["existing_share"].tolist()[::2] == [0, 1]


def months_of(rows):
    """Months as `by_month` makes them: (revenue, existing, complete), a revenue of None has no share."""
    frame = pd.DataFrame(rows, columns=["revenue", "existing", "complete"])
    return frame.assign(existing_share=frame["existing"] / frame["revenue"].where(frame["revenue"] > 0))


def test_the_share_of_months_is_of_complete_ones_and_of_as_many_as_asked():
    found = months_of([(10.0, 1.0, True), (20.0, 4.0, True), (30.0, 9.0, True), (40.0, 40.0, False)])
    assert repeat.share_of_months(found, first=0, count=3) == pytest.approx(14 / 60)
    assert repeat.share_of_months(found, first=1, count=2) == pytest.approx(13 / 50)
    assert repeat.share_of_months(found, first=1, count=1) == pytest.approx(4 / 20)
    assert repeat.share_of_months(found, first=-2, count=2) == pytest.approx(13 / 50)
    assert repeat.share_of_months(found, first=1, count=3) is None
    assert repeat.share_of_months(found) is None  # a year
    year = months_of([(10.0, float(i), True) for i in range(12)])
    assert repeat.share_of_months(year) == pytest.approx(66 / 120)


def test_the_share_of_months_passes_over_one_that_brought_nothing_but_not_over_one_whose_share_is_unknown():
    found = months_of([(10.0, 1.0, True), (0.0, 0.0, True), (0.5, 0.5, True), (-3.0, -1.0, True)])
    assert repeat.share_of_months(found, first=0, count=3) == pytest.approx(1.5 / 10.5)
    assert repeat.share_of_months(found, first=2, count=1) == 1
    assert repeat.share_of_months(found, first=1, count=1) is None
    assert repeat.share_of_months(found, first=3, count=1) is None
    unknown = found.assign(existing_share=[0.1, np.nan, np.nan, np.nan])
    assert repeat.share_of_months(unknown, first=0, count=2) == pytest.approx(0.1)
    assert repeat.share_of_months(unknown, first=0, count=3) is None


def test_refunds_by_first_product_are_of_the_commonest_and_the_most_regretted_first():
    rows = [
        *[("Cup", 1, 10.0, 0.0)] * 3, ("Cup", 1, 10.0, 4.0),  # one of four
        *[("Pot", 1, 5.0, 5.0)] * 2, *[("Pot", 1, 5.0, 0.0)] * 2,  # two of four
        *[("Jug", 1, 3.0, 0.5), ("Jug", 1, 3.0, 0.0)],  # one of two
        *[("Tea", 1, 0.0, 0.0), ("Tea", 1, 0.0, 0.0)],  # nothing paid
        ("Zoo", 1, 9.0, 9.0), ("Ale", 1, 9.0, 9.0), (None, 1, 7.0, 7.0), ("Pot", 0, 5.0, 5.0),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["product", "day", "value", "refunded"])
    found = repeat.refunds_by_product(frame, burn_in_end=1, most=5)
    assert found[["product", "customers", "refunds", "share"]].to_numpy().tolist() == [
        ["Ale", 1, 1, 1.0], ["Pot", 4, 2, 0.5], ["Jug", 2, 1, 0.5], ["Cup", 4, 1, 0.25], ["Tea", 2, 0, 0.0],
    ]  # fmt: skip
    assert found["money_share"].tolist()[:4] == pytest.approx([1, 0.5, 0.5 / 6, 0.1])
    assert np.isnan(found["money_share"].iloc[4])
    ends = [
        proportion_confint(refunds, of, method="wilson") for refunds, of in ((1, 1), (2, 4), (1, 2), (1, 4), (0, 2))
    ]
    assert found["low"].tolist() == pytest.approx([low for low, _ in ends])
    assert found["high"].tolist() == pytest.approx([high for _, high in ends])
    assert found.index.tolist() == [0, 1, 2, 3, 4]
    many = pd.DataFrame([(f"{i:02}", 1, 1.0, 0.0) for i in range(13)], columns=frame.columns)
    assert repeat.refunds_by_product(many)["product"].tolist() == [f"{i:02}" for i in range(12)]


def test_refunds_by_first_product_by_hand():
    frame = pd.DataFrame(
        {
            "customer_id": list("abcde"), "product": ["Cup", "Cup", "Pot", "Pot", None], "day": [0, 9, 9, 9, 9],
            "value": [10.0, 30.0, 8.0, 8.0, 5.0], "refunded": [10.0, 0.0, 0.0, 0.0, 5.0],
        }
    )  # fmt: skip
    found = repeat.refunds_by_product(frame).set_index("product")
    assert found.index.tolist() == ["Cup", "Pot"]
    assert found.loc["Cup", ["customers", "refunds", "share", "money_share"]].tolist() == [2, 1, 0.5, 0.25]
    assert (found["low"] < found["share"] + 1e-12).all()
    assert repeat.refunds_by_product(frame, burn_in_end=5).set_index("product").loc["Cup", "share"] == 0


# --- all figures ------------------------------------------------------------------------------------------------------


def shop():
    people = {f"c{i}": [(i % 40, 20.0), *[(i % 40 + 25 * k, 10.0) for k in range(1, i % 5)]] for i in range(200)}
    return spend(people)


def test_every_figure_stands_beside_its_reference_with_a_source():
    moved = shop()
    found = repeat.figures(order_days(moved), end_day=500, categories=None).set_index("key")
    assert {"second_purchase_30", "third_purchase_90", "first_month", "existing_customers", "not_back"} <= set(
        found.index
    )
    for row in found.itertuples():
        assert row.reason or 0 <= row.share <= 1
        assert bool(row.references) == bool(row.source)
        for reference in row.references:
            assert reference.source in row.source
            assert "2013-2018" in reference.source
    assert {one.key for refs in found["references"] for one in refs} == repeat.REFERENCES.keys() - {"cross_buying"}


def test_a_figures_sentence_has_its_number_its_interval_and_whom_it_is_compared_with():
    moved = shop()
    found = repeat.figures(order_days(moved), end_day=500)
    said = {row.key: repeat_story.sentence(row, WORDS) for row in found.itertuples()}
    assert said["second_purchase_30"].startswith("Your second-purchase rate within 30 days is 60% (")
    assert said["second_purchase_30"].endswith("; fast-growing shops: about 30%.")
    assert said["repeat_third_year"] == "The shop's third year is not over yet."
    late = repeat.figures(order_days(moved), end_day=500, burn_in_end=10)
    first_months = late[late["key"] == "repeat_first_months"].iloc[0]
    assert repeat_story.sentence(first_months, WORDS) == "The file begins in the middle of the shop's life."


def test_a_shop_of_one_order_has_reasons_and_no_crash():
    moved = spend({"ann": [(0, 10.0)]})
    bought = order_days(moved)
    found = repeat.figures(bought, end_day=0, categories=pd.DataFrame(columns=["customer_id", "category", "day"]))
    assert found["share"].isna().all()
    assert (found["reason"] != "").all()
    assert repeat.repeat_rate_by_order(bought, end_day=0)["share"].isna().all()
    empty = order_days(moved.head(0))
    assert repeat.by_month(empty, end_day=0).empty
    assert repeat.came_back(moved.head(0), days=30, end_day=0).share is None

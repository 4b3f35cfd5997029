"""Two days compared, by hand: who is tested, how far a change is told from chance, and what cannot be told."""

from statistics import NormalDist

import numpy as np
import pytest
from spend_frames import spend_of

from clvapp import then_now
from clvapp.customers.order_days import order_days
from clvapp.problems import WrongDates
from clvapp.then_now.compare import DRAWS, _changes, _dealt, _intervals, _levels, _p_values
from clvapp.then_now.history import sums

NAN = float("nan")


@pytest.fixture(scope="module", autouse=True)
def one_return_is_enough():
    """Hand frames have a handful of returns; that a shop needs 20 is tested in tests/customers/test_rhythm.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clvapp.customers.rhythm.RETURNS_NEEDED", 1)
        patch.setattr("clvapp.customers.rhythm.WATCHED", 1)
        yield


def seen(*rows, **more):
    """Rows of customer, day and money; a fourth number is how many orders, if not one."""
    return then_now.history(order_days(spend_of(*rows)), **more)


def shop_of(then, now):
    """So many customers, one order each, in days 1 to 30 (after somebody on day 0) and in days 31 to 60."""
    early = [(f"a{i}", 1 + i % 30, 10.0) for i in range(then)]
    return seen(("zoe", 0, 1.0), *early, *((f"b{i}", 31 + i % 30, 10.0) for i in range(now)))


# --- which figures are tested -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("then", "now", "tested"), [(30, 30, True), (30, 60, True), (29, 60, False), (60, 29, False), (60, 30, True)]
)
def test_what_changed_is_told_from_chance_from_thirty_buyers_on_on_both_days(then, now, tested):
    found = then_now.compare(shop_of(then, now), 30, 60).set_index("key")
    assert found.loc["buyers", ["then", "now", "change"]].tolist() == [then, now, now - then]
    assert np.isfinite(found.loc["buyers", "p_value"]) == tested
    assert found["low"].notna().tolist() == found["high"].notna().tolist()
    assert np.isfinite(found.loc["buyers", ["low", "high"]].astype(float)).all()  # the interval is told anyhow


@pytest.mark.parametrize(("then", "now", "told"), [(4, 60, False), (5, 60, True), (60, 4, False), (60, 5, True)])
def test_an_interval_needs_five_customers_on_both_days(then, now, told):
    found = then_now.compare(shop_of(then, now), 30, 60).set_index("key")
    assert found.loc["buyers", ["customers_then", "customers_now"]].tolist() == [then, now]
    assert np.isfinite(found.loc["buyers", "low"]) == told


def test_a_share_of_customers_needs_five_of_them():
    # Day 60 asks those whose first order came on days 1 to 30, and day 30 those of day 0: Zoe.
    found = then_now.compare(shop_of(30, 30), 30, 60).set_index("key").loc["second_purchase"]
    assert found[["customers_then", "customers_now"]].tolist() == [1, 30]
    assert (np.isnan(found["then"]), found["now"]) == (True, 0)
    assert found["reason"] == (
        "There was only one customer whose first order became 30 days old in one of the two periods: a share needs 5."
    )


def test_where_buyers_are_twice_as_many_it_is_more_than_chance_and_the_growth_of_the_history_is_not_asked_about():
    found = then_now.compare(shop_of(60, 120), 30, 60).set_index("key")
    assert found.loc["buyers", "more_than_chance"]
    assert found.loc["revenue", "more_than_chance"]
    assert not found.loc["order_value", "more_than_chance"]  # 10 on both days
    grown = found[found["cumulative"]]
    assert grown.index.tolist() == ["customers", "revenue_so_far", "average_value", "clv"]
    assert grown["p_value"].isna().all()
    # The change of 60 buyers is that of 180 people counted once each, so its standard deviation is the root of 180. It
    # is among the first of the tests to be judged, at 5 % over as many as were left.
    low, high = found.loc["buyers", ["low", "high"]]
    tests, before = found["p_value"].notna().sum(), (found["p_value"] < found.loc["buyers", "p_value"]).sum()
    reach = NormalDist().inv_cdf(1 - 0.025 / (tests - before)) * 180**0.5
    assert (low, high) == pytest.approx((60 - reach, 60 + reach), abs=4)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("then", "now"), [(60, 60), (60, 75), (60, 85), (60, 95), (60, 120)])
def test_an_interval_leaves_out_no_change_exactly_where_the_verdict_is_more_than_chance(then, now, seed):
    found = then_now.compare(shop_of(then, now), 30, 60, seed=seed)
    tested = found[found["p_value"].notna()]
    assert len(tested) >= 6
    assert ((tested["low"] > 0) | (tested["high"] < 0)).tolist() == tested["more_than_chance"].tolist()


def test_the_level_of_a_test_is_that_at_which_holm_judged_it():
    p = np.array([0.03, NAN, 0.001, 0.02, 0.9])
    assert then_now.holm(p).tolist() == [False, False, True, False, False]
    # 0.001 against 0.05 / 4; 0.02 against 0.05 / 3, where it stops.
    expected = [0.05 / 3, NAN, 0.05 / 4, 0.05 / 3, 0.05 / 3]
    assert _levels(p, then_now.holm(p)).tolist() == pytest.approx(expected, nan_ok=True)
    every = np.array([0.02, 0.001])
    assert _levels(every, then_now.holm(every)).tolist() == pytest.approx([0.05, 0.025])


# --- chance -----------------------------------------------------------------------------------------------------------
def normal_tail(change, spread):
    return 2 * NormalDist().cdf(-abs(change) / spread)


@pytest.mark.parametrize(
    ("drawn", "change", "p"),
    [
        ([1, 2, 3, 4], 2.5, 2 * 1 / 5),  # none on the other side; one is counted more
        ([-1, -2, -3, -4], -2.5, 2 * 1 / 5),
        ([0, 1, 2, 3], 2.5, 2 * 2 / 5),  # nothing is on the other side too
        ([0, -1, -2, -3], -2.5, 2 * 2 / 5),
        ([-1, 1, 2, 3], 9.0, 2 * 2 / 5),
        ([0, 0, 0, 0], 0.0, 1.0),  # more than 1 it is never
        ([2, 2, 2, 2], 2.0, 2 * 1 / 5),  # that never changes has no normal tail
        ([1, 2, 3, 4], 0.5, normal_tail(0.5, (5 / 3) ** 0.5)),
        ([1, 2, 3, 4], -0.5, normal_tail(0.5, (5 / 3) ** 0.5)),
        ([0.1, 0.2, 0.3, 0.4], 0.05, normal_tail(0.05, (0.05 / 3) ** 0.5)),
        ([1, 2, 3, NAN], 2.5, NAN),
        ([1, 2, 3, float("inf")], 2.5, NAN),
    ],
)
def test_how_likely_chance_alone_is_by_hand(drawn, change, p):
    found = _p_values(np.array([drawn], float).T, np.array([change]))
    assert found.tolist() == pytest.approx([p], nan_ok=True)


def test_the_interval_leaves_out_one_in_forty_on_either_side():
    drawn = np.column_stack([np.arange(1001.0), np.arange(1001.0), -2 * np.arange(1001.0)])
    drawn[5, 1] = NAN
    low, high = _intervals(drawn, np.full(3, 500.0), np.full(3, NAN))  # none of them is tested
    assert low.tolist() == pytest.approx([25, NAN, -1950], nan_ok=True)
    assert high.tolist() == pytest.approx([975, NAN, -50], nan_ok=True)


def test_changes_are_drawn_as_often_as_is_said_and_as_their_seed_says():
    history = shop_of(40, 40)
    before, after = (sums(history, day, 30) for day in (30, 60))
    one, again, other = (_changes(before, after, history.units, seed) for seed in (1, 1, 2))
    assert DRAWS == 2000
    assert one.shape == (DRAWS, len(then_now.FIGURES))
    assert np.array_equal(one, again, equal_nan=True)
    assert not np.array_equal(one, other, equal_nan=True)
    buyers = one[:, [figure.key for figure in then_now.FIGURES].index("buyers")]
    assert buyers.mean() == pytest.approx(0, abs=1)
    assert buyers.std() == pytest.approx(80**0.5, rel=0.1)  # 40 and 40 people, each counted once on average


@pytest.mark.parametrize(("units", "rows"), [(1000, 1000), (1001, 1000), (2500, 1000), (3, 3)])
def test_up_to_a_thousand_everybody_is_drawn_by_themselves_and_more_are_dealt_into_a_thousand_hands(units, rows):
    column = np.arange(1.0, units + 1)
    dealt = _dealt([column, np.ones(2)], units, np.random.default_rng(0))
    assert dealt.shape == (rows, 2)
    assert dealt.sum(axis=0).tolist() == [column.sum(), 2]
    assert (dealt[:, 0].tolist() == column.tolist()) == (units <= 1000)


@pytest.mark.parametrize(
    ("p", "holds"),
    [
        ([0.05], [True]),
        ([0.0501], [False]),
        ([0.05, 0.025], [True, True]),
        ([0.04, 0.026], [False, False]),
        ([0.051, 0.025], [False, True]),
        ([NAN, 0.05, NAN], [False, True, False]),
        ([0.001, 0.03, 0.03], [True, False, False]),  # 0.03 is more than half of 0.05, and it stops there
        ([], []),
    ],
)
def test_of_many_tests_the_smallest_is_asked_the_most(p, holds):
    assert then_now.holm(np.array(p, float)).tolist() == holds


def test_how_often_chance_may_be_called_a_change_can_be_chosen():
    assert then_now.holm(np.array([0.1, 0.04]), level=0.1).tolist() == [True, True]


# --- what can be told -------------------------------------------------------------------------------------------------
BACK = "The days before the earlier date reach back beyond the first order of the file."
NEW = "The file begins in the middle of the shop's life: who was new then cannot be told."
NOBODY_BACK = "Fewer than 20 returns had been seen by then: who was active cannot be told."
ROWS = (("ann", 0, 10.0), ("ann", 40, 20.0), ("bo", 70, 5.0), ("cy", 99, 5.0))


def reasons(then, now=100, days=40, **more):
    found = then_now.compare(seen(*ROWS, **more), then, now, days=days).set_index("key")
    assert ((found["reason"] == "") == found["change"].notna()).all()
    # With three customers no share of them is given; that is told elsewhere.
    return {key: "" if "a share needs 5" in why else why for key, why in found["reason"].items()}


ALWAYS = {"customers", "revenue_so_far", "average_value", "clv"}
OF_THE_NEW = {"new_customers", "existing_share", "second_purchase"}


def test_windows_that_begin_before_the_file_are_said():
    """40 days up to day 39 begin with day 0, and up to day 38 a day before the file."""
    said = reasons(39)
    assert {key: why for key, why in said.items() if why} == {"active": NOBODY_BACK, "kept_share": NOBODY_BACK}
    said = reasons(38)
    assert {key for key, why in said.items() if not why} == ALWAYS
    assert said.pop("active") == NOBODY_BACK
    assert {said[key] for key in said if key not in ALWAYS} == {BACK}


def test_who_was_new_cannot_be_told_where_a_window_begins_in_the_burn_in():
    """The 40 days up to day 80 begin with day 41; those who came in the 30 days before are asked for again.

    The first return is on day 40, too late for the days up to day 79.
    """
    said = reasons(79)
    assert said.pop("kept_share") == NOBODY_BACK
    said = reasons(80, burn_in_end=11)
    assert set(said.values()) == {""}
    said = reasons(80, burn_in_end=12)
    assert {key: why for key, why in said.items() if why} == {"second_purchase": NEW}
    said = reasons(80, burn_in_end=41)
    assert {key: why for key, why in said.items() if why} == {"second_purchase": NEW}
    said = reasons(80, burn_in_end=42)
    assert {key: why for key, why in said.items() if why} == dict.fromkeys(OF_THE_NEW, NEW)


def test_a_figure_that_one_of_the_days_cannot_tell_has_no_change_and_is_not_tested():
    rows = [(f"{when}{i}", when + i % 20, 10.0) for when in (10, 60) for i in range(40)]
    found = then_now.compare(seen(("zoe", 0, 1.0), *rows, burn_in_end=5), 34, 84, days=30).set_index("key")
    assert found.loc["new_customers", ["then", "now", "change"]].tolist() == [40, 40, 0]
    found = then_now.compare(seen(("zoe", 0, 1.0), *rows, burn_in_end=6), 34, 84, days=30).set_index("key")
    new = found.loc["new_customers"]
    assert new[["then", "change", "low", "high", "p_value"]].isna().all()
    assert new["now"] == 40
    assert not new["more_than_chance"]
    assert found.loc["buyers", ["then", "now", "change"]].tolist() == [40, 40, 0]
    assert np.isfinite(found.loc["buyers", "p_value"])


def test_the_same_season_a_year_before_is_of_windows_as_long():
    """Days 400 and 440 are 5 February and 17 March 1971; a year before are days 35 and 75. Windows of 30 days."""
    history = seen(("ann", 0, 1.0), ("ann", 6, 10.0), ("bo", 35, 3.0), ("bo", 46, 20.0), ("ann", 75, 4.0),
                   ("ann", 390, 7.0), ("ann", 420, 9.0))  # fmt: skip
    row = then_now.compare(history, 400, 440, days=30).set_index("key").loc["revenue"]
    assert row[["then", "now", "change"]].tolist() == [7, 9, 2]
    assert row[["last_year_then", "last_year_now", "last_year_change"]].tolist() == [13, 24, 11]


def test_days_from_the_first_order_on_can_be_compared_and_a_day_may_lie_after_the_last():
    history = seen(*ROWS)
    found = then_now.compare(history, 0, 200).set_index("key")
    assert found.loc["customers", ["then", "now", "change"]].tolist() == [1, 3, 2]
    for then, now, last in ((-1, 50, "1970-04-10"), (50, 50, "1970-04-10"), (150, 120, "1970-05-01")):
        with pytest.raises(WrongDates) as problem:
            then_now.compare(history, then, now)
        assert f"from 1970-01-01 to {last}" in str(problem.value)

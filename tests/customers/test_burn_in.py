"""Whether a file begins when the shop did, told from how its first customers come back, or by the owner."""

import numpy as np
import pandas as pd
import pytest
from spend_frames import all_paid

from clvapp.customers.burn_in import burn_in

YEAR = 365
SEASON = np.array([0.8, 0.8, 0.9, 0.9, 1.0, 0.9, 0.8, 0.8, 0.9, 1.1, 1.6, 1.9])


def day(text):
    return int(np.datetime64(text, "D").astype("int64"))


def season(days):
    return SEASON[days.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12]


def file(seed, *, start, years=2.0, older=0.0, launch=0.0, growth=0.0, a_year=1_000):
    """What an export from `start` holds of a shop that opened `older` years before, and the ids of its old customers.

    Half of the customers never come back; the others do as a Poisson process for 1.5 years on average. Customers and
    orders peak before Christmas; a `launch` brings up to so many times more at the opening.
    """
    random, begin = np.random.default_rng(seed), day(start)
    birth, end = begin - round(older * YEAR), begin + round(years * YEAR)
    days = np.arange(birth, end)
    arrivals = season(days) * np.exp(growth * (days - begin) / YEAR) * (1 + launch * np.exp((birth - days) / 20))
    first = np.repeat(days, random.poisson(a_year / YEAR * arrivals))
    rate = np.where(random.random(len(first)) < 0.5, 0, random.gamma(1.5, 8 / 1.5, len(first)))
    stays = np.minimum(random.exponential(1.5 * YEAR, len(first)), end - first)
    who = np.repeat(np.arange(len(first)), random.poisson(rate / YEAR * stays))
    later = first[who] + 1 + np.floor(random.random(len(who)) * stays[who]).astype(int)
    kept = random.random(len(who)) < season(later) / 2
    spend = pd.DataFrame(
        {
            "customer_id": np.r_[np.arange(len(first)), who[kept]],
            "day": np.r_[first, later[kept]],
            "revenue": 1.0,
            "orders": 1,
        }
    )
    spend = all_paid(spend[spend["day"].between(begin, end - 1)].drop_duplicates())
    return spend, end - 1, np.flatnonzero(first < begin)


def called_old(seed, **shop):
    spend, end_day, _ = file(seed, **shop)
    return not burn_in(spend, end_day=end_day).starts_at_opening


STARTS = ("2021-01-16", "2021-05-01", "2021-11-01", "2021-12-01")


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("launch", [0.0, 3.0, 6.0], ids=["quietly", "with a launch", "with a great launch"])
def test_a_shop_that_opens_is_not_called_old_before_christmas_or_after_a_launch(start, launch):
    called = [called_old(seed, start=start, launch=launch, growth=0.2) for seed in range(8)]
    assert sum(called) <= 1


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("years", [1.1, 3.0])
def test_a_file_from_the_middle_of_a_shops_life_is_seen_in_any_season(start, years):
    called = [called_old(seed, start=start, years=years, older=3.0, growth=0.2) for seed in range(8)]
    assert sum(called) >= 6


def test_after_the_burn_in_few_of_those_who_look_new_are_old():
    spend, end_day, old = file(0, start="2021-03-10", older=3.0)
    found = burn_in(spend, end_day=end_day)
    first = spend.groupby("customer_id")["day"].min()
    left_out, kept = first[first < found.end], first[first >= found.end]
    assert left_out.index.isin(old).mean() > 0.3
    assert kept.index.isin(old).mean() < 0.1
    assert len(kept) > 0.6 * len(first)


def steady(days, *, every=1, start="2024-01-01"):
    """One new customer every so many days who comes back after ten."""
    came = np.arange(day(start), day(start) + days, every)
    rows = all_paid(pd.DataFrame({"customer_id": np.arange(len(came)), "day": came, "revenue": 1.0, "orders": 1}))
    spend = pd.concat([rows, rows.assign(day=rows["day"] + 10)])
    return spend[spend["day"] < day(start) + days], day(start) + days - 1


def test_under_half_a_year_nothing_is_concluded():
    spend, end_day, _ = file(1, start="2021-05-01", older=3.0, years=0.45)
    assert burn_in(spend, end_day=end_day).starts_at_opening


def test_a_cohort_that_nobody_followed_is_taken_to_be_new():
    spend, end_day = steady(60)
    assert burn_in(spend, end_day=end_day + 2 * YEAR).starts_at_opening


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("older", [0.0, 3.0])
def test_the_owners_answer_holds_against_the_orders(told, older):
    spend, end_day, _ = file(2, start="2021-05-01", older=older)
    found = burn_in(spend, end_day=end_day, answered=told)
    assert found.starts_at_opening is told
    assert not found.assumed
    assert (found.end is None) == told


def test_the_burn_in_ends_with_a_month_and_lasts_as_long_as_nine_in_ten_returns_take():
    spend, end_day = steady(YEAR)
    found = burn_in(spend, end_day=end_day, answered=False)
    assert (found.end, found.months_left_out) == (day("2024-02-01"), 1)
    slow = spend.assign(day=np.where(spend.duplicated("customer_id"), spend["day"] + 90, spend["day"]))
    assert burn_in(slow, end_day=end_day + 90, answered=False).end == day("2024-04-01")


def test_never_more_than_a_third_of_the_history_is_left_out():
    spend, end_day, _ = file(3, start="2021-05-01", older=3.0, years=0.5)
    found = burn_in(spend, end_day=end_day, answered=False)
    assert found.end - day("2021-05-01") <= 0.5 * YEAR / 3 + 16


def test_told_that_it_does_not_a_short_file_loses_its_first_month_and_a_tiny_one_nothing():
    for days, kept_from in ((90, "2024-02-01"), (20, "2024-01-01")):
        spend, end_day = steady(days)
        assert burn_in(spend, end_day=end_day, answered=False).end == day(kept_from)


def test_a_file_without_customers_has_nothing_to_leave_out():
    empty = all_paid(pd.DataFrame({"customer_id": [], "day": [], "revenue": [], "orders": []}))
    assert burn_in(empty, end_day=100).starts_at_opening
    assert burn_in(empty, end_day=100, answered=False).end is None

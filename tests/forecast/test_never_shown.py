"""What is never shown: single customers who were ranked by chance, and scatter in place of a range."""

import numpy as np
import pytest
from forecast_shops import World, shop

from clvapp import results
from clvapp.forecast import accuracy, forecast, sufficiency


def test_the_ranks_own_error_is_that_of_the_gini_coefficient():
    # In order of what was expected came 5, 5, 1 and 1: places .75, .25, -.25, -.75 hold (3.75 + 1.25 - .25 - .75) / 12.
    expected, came = np.array([4.0, 3, 2, 1]), np.array([5.0, 5, 1, 1])
    assert accuracy.gini(expected, came) == pytest.approx(1.0)
    # Its error is sqrt(25 (.75 - 1/3)^2 + 25 (1/12)^2 + (7/12)^2 + (13/12)^2) / 12 = .204, at 144 / 52 = 2.8 customers.
    assert not sufficiency.ranks_better_than_chance(expected, came)
    assert sufficiency.ranks_better_than_chance(np.repeat(expected, 10), np.repeat(came, 10))


def test_a_ranking_by_chance_is_no_better_than_chance_and_neither_is_one_of_a_single_buyer():
    random = np.random.default_rng(700_200)
    came = random.gamma(0.5, 10, 500)
    told = [sufficiency.ranks_better_than_chance(random.random(500), came) for _ in range(200)]
    assert np.mean(told) < 0.06
    assert not sufficiency.ranks_better_than_chance(-came, came)
    assert not sufficiency.ranks_better_than_chance(np.array([9.0, 1, 1]), np.array([7.0, 0, 0]))
    assert not sufficiency.ranks_better_than_chance(np.array([9.0, 1]), np.zeros(2))


def test_a_shop_whose_customers_were_ranked_by_chance_keeps_its_total_and_says_nothing_of_single_ones():
    made = shop(World(), customers=300, days=800, random=np.random.default_rng(700_201))
    known = made.spend[made.spend["day"] <= made.end_day]
    book = forecast.ledger(known).until(made.end_day)
    carried = sufficiency.enough(book, tested=True, ranked=False)
    assert carried.total
    assert not carried.customers
    assert [one.code for one in carried.findings] == ["ranked_by_chance"]
    assert carried.findings[0].sentence.startswith("In its test the forecast told good customers from others no better")
    assert sufficiency.enough(book, tested=True).customers


def test_the_interval_of_a_tests_error_is_that_of_the_range_told_before_it():
    # 100 were forecast, and 80 to 125 may come: the forecast is 20 % too low at 125, a quarter too high at 80.
    assert results._of_error(100.0, (80.0, 125.0)) == [pytest.approx(-0.2), pytest.approx(0.25)]
    assert results._of_error(100.0, (0.0, 125.0)) is None
    assert results._of_error(100.0, None) is None

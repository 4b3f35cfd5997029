"""One factor between the days learned from and the days ahead, worked out by hand; and the trend of baskets."""

import numpy as np
import pandas as pd
import pytest
from spend_frames import all_paid

from clvapp.forecast import basket_trend, level, snapshot
from clvapp.forecast.level import Days, Miss, Prior

START = 19_358  # 1 January 2023
YEAR = 365
METHOD_ONLY = Prior(method=0.1, years=0.0, season=0.0)


def days(watched: int = 3 * YEAR, horizon: int = YEAR) -> Days:
    """A shop with as many customers in every month."""
    spend = all_paid(pd.DataFrame({"customer_id": ["a"], "day": [START], "revenue": [9.0], "orders": [1]}))
    return Days.of(snapshot.ledger(spend), START + watched - 1, horizon)


def ahead(misses: list[Miss], *, prior: Prior = METHOD_ONLY, season: float = 0.0, of: Days | None = None) -> float:
    return level._ahead(misses, of or days(), YEAR, prior=prior, season=season)


def test_without_a_cut_the_level_is_what_was_learned():
    assert ahead([]) == 0.0
    assert ahead([None]) == 0.0


def grown(day: int) -> float:
    """How much of what a method misses at a cut it misses at the end: the share of the history known then, squared."""
    return float(((day + 1) / (3 * YEAR)) ** 2)


def test_a_miss_is_believed_by_how_much_of_it_is_no_chance():
    # Variance .01 of the method and .03 of chance: a quarter of the miss is the method's, as it was at the cut.
    assert ahead([Miss(START + 700, YEAR, 0.4, 0.03)]) == pytest.approx(0.1 * grown(700))
    assert ahead([Miss(START + 700, YEAR, -0.4, 0.03)]) == pytest.approx(-0.1 * grown(700))


def test_a_miss_of_the_day_before_is_believed_whole_and_an_older_one_less():
    latest, older = (Miss(START + day, YEAR, 0.4, 0.0) for day in (3 * YEAR - 2, YEAR))
    assert ahead([latest]) == pytest.approx(0.4, rel=0.01)
    assert ahead([older]) == pytest.approx(0.4 * grown(YEAR), rel=0.01)


def test_a_window_that_looks_half_as_far_beside_its_history_shows_half_of_what_is_missed():
    # The days ahead are a third of the history; of 700 days, 117 are a sixth. Variance .0025 of the method by then.
    found = ahead([Miss(START + 699, 117, 0.2, 0.0075)])
    load = (117 / 700) / (1 / 3)
    assert found == pytest.approx(0.2 * load * 0.01 * grown(699) / (load**2 * 0.01 + 0.0075), rel=1e-6)
    assert load == pytest.approx(0.5, abs=0.002)


def test_two_cuts_apart_tell_more_than_one_and_two_of_the_same_days_hardly_do():
    one, other = Miss(START + 365, 300, 0.4, 0.03), Miss(START + 700, 300, 0.4, 0.03)
    # The variances are .04 each, of which both share .01 (366 / 701)^2.
    both = 0.04 + 0.01 * (366 / 701) ** 2
    assert ahead([one, other]) == pytest.approx(0.4 * 0.01 * (grown(365) + grown(700)) / both)
    assert ahead([one, one]) == pytest.approx(ahead([one]), rel=0.01)


def test_a_window_in_one_season_says_little_of_a_year_while_nobody_knows_the_season():
    short, whole = Miss(START + 700, 60, 0.4, 0.0), Miss(START + 700, YEAR, 0.4, 0.0)
    of = Prior(method=0.1, years=0.0, season=1.0)
    load = (60 / 701) / (1 / 3)
    assert ahead([short], prior=of) == pytest.approx(0.4 * grown(700) / load, rel=1e-5)
    assert ahead([short], prior=of, season=0.25) < 0.03
    assert ahead([whole], prior=of, season=0.25) == pytest.approx(0.4 * grown(700), rel=0.02)


def test_a_year_that_was_better_is_carried_on_in_part():
    recent, old = (Miss(START + day, 180, 0.2, 0.0) for day in (3 * YEAR - 181, YEAR))
    of = Prior(method=0.0, years=0.1, season=0.0)
    assert 0 < ahead([recent], prior=of) < 0.2
    assert ahead([recent], prior=of) > ahead([old], prior=of)


def test_a_whole_year_of_an_unknown_season_is_open_only_where_a_year_was_not_watched():
    assert days(watched=2 * YEAR).season_variance(YEAR, 0.25) < 0.001
    assert days(watched=120).season_variance(YEAR, 0.25) > 0.01


def known(values: dict[str, list[tuple[int, float]]]) -> snapshot.Known:
    rows = [(who, START + day, paid, 1) for who, at in values.items() for day, paid in at]
    book = snapshot.ledger(all_paid(pd.DataFrame(rows, columns=["customer_id", "day", "revenue", "orders"])))
    return book.until(int(book.day.max()))


def test_a_trend_of_baskets_is_that_of_the_same_customers():
    # Everybody pays 10 % more a year; those who come later start from less, so that the shop's mean does not rise.
    paid = {
        f"c{i}": [(day, float(np.exp(0.1 * day / 365.25 - i / 10))) for day in range(20 * i, 800, 40)]
        for i in range(30)
    }
    seen = basket_trend.trend(known(paid))
    assert seen.seen == pytest.approx(0.1)
    assert seen.slope == pytest.approx(0.1, rel=0.01)
    assert seen.clear


def test_baskets_by_chance_have_no_trend_worth_carrying_on():
    random = np.random.default_rng(700_100)
    paid = {f"c{i}": [(int(d), float(random.gamma(4, 10))) for d in random.integers(0, 800, 5)] for i in range(300)}
    seen = basket_trend.trend(known(paid))
    assert not seen.clear
    assert abs(seen.slope) < 0.5 * abs(seen.seen)


def test_under_a_year_no_trend_of_baskets_is_told():
    paid = {f"c{i}": [(day, 1.0 + day) for day in range(0, 300, 10)] for i in range(30)}
    assert basket_trend.trend(known(paid)) == basket_trend.NO_TREND


def test_a_trend_goes_on_from_the_middle_of_the_past_ever_more_slowly():
    # Half the money is of somebody whose orders lie 1 year back on average, half of somebody with orders 2 years back.
    of = known({"a": [(0, 1.0)], "b": [(365, 1.0)], "end": [(731, 1.0)]})
    rise = basket_trend.Trend(0.1, 0.0, 0.1, 0.01)
    log, variance = rise.ahead(of, np.array([1.0, 1.0, 0.0]), 365)
    years = 365 / 365.25
    later = 2 * (1 - 2 / years * (1 - np.exp(-years / 2)))
    past = (731 - 182.5) / 365.25
    assert later < years / 2
    assert log == pytest.approx(0.1 * (past + later))
    assert variance == pytest.approx((0.5 * 0.1 * later) ** 2)

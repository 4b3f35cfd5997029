"""How far a shop's years move, and what that says of a forecast's own error."""

import numpy as np
import pytest
from forecast_shops import World, shop

from clvapp.forecast import level_shifts, predictive, predictors, snapshot

HORIZON = 365


def told(of: World, *, seed: int = 5, new_from: int | None = None) -> level_shifts.Levels | None:
    made = shop(of, customers=3_000, days=1_450, random=np.random.default_rng(seed))
    known = snapshot.ledger(made.seen).until(made.end_day)
    return level_shifts.levels(predictors.predictors(known, new_from=new_from))


@pytest.fixture(scope="module")
def even() -> level_shifts.Levels:
    return told(World())


def own(of: level_shifts.Levels | None) -> float:
    return float(np.sqrt(predictive.own_error([], of, horizon=HORIZON).variance))


def test_quarters_of_a_shop_that_never_changes_are_off_by_no_more_than_chance(even):
    assert len(even.off) == 15
    assert np.mean(even.off**2 / np.diag(even.chance)) < 2
    assert own(even) < own(None) / 2


def test_years_that_move_are_seen_and_make_the_own_error_large(even):
    moving = told(World(years_move=0.2))
    assert own(moving) > 2 * own(even)


def test_customers_older_than_the_file_do_not_move_the_levels():
    start = 19_000
    younger = told(World(), new_from=start + 400)
    assert len(younger.off) < 15
    assert own(younger) < own(None) / 2


def test_under_a_year_there_is_no_level_to_tell():
    made = shop(World(), customers=2_000, days=300, random=np.random.default_rng(1))
    known = snapshot.ledger(made.seen).until(made.end_day)
    assert level_shifts.levels(predictors.predictors(known)) is None


def test_tests_of_the_same_days_tell_the_own_error_once():
    once = predictive.own_error([predictive.Miss(0.01, 0.001, 0, 300)], horizon=HORIZON)
    thrice = predictive.own_error([predictive.Miss(0.01, 0.001, 0, 300)] * 3, horizon=HORIZON)
    apart = predictive.own_error([predictive.Miss(0.01, 0.001, day, 300) for day in (0, 300, 600)], horizon=HORIZON)
    assert thrice.variance == pytest.approx(once.variance, rel=0.1)
    assert apart.variance < 0.8 * once.variance

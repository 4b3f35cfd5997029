"""Customers at even gaps: the model's limits, what it makes of simulated shops, and P(alive) once they miss."""

from dataclasses import astuple, replace

import numpy as np
import pandas as pd
import pytest
from spend_frames import all_paid

from clvapp.forecast import fit, forecast, snapshot, steady_fit
from clvapp.forecast.histories import Histories, distinct
from clvapp.forecast.models import cnbd, mbgnbd, steady
from clvapp.forecast.models.bgnbd import Parameters as Class
from clvapp.forecast.predictors import MODELS_MEAN, STEADY, Predictors, predictors

START, DAYS, AHEAD = 18_000, 700, 365
CHANCE = Class(0.7, 5.0, 0.8, 2.5)
EVEN = Class(6.0, 30.0, 0.5, 6.0)
WEEKS = AHEAD / 7


def rows() -> Histories:
    random = np.random.default_rng(1)
    t, x = random.uniform(20, 150, 300), random.poisson(6, 300).astype(float)
    return Histories(x, np.where(x > 0, t * random.random(300), 0.0), t, np.ones(300), np.arange(300))


# --- limits ---
def test_one_stage_a_gap_is_the_model_of_chance():
    of = rows()
    value, stayed, _ = cnbd.parts(CHANCE, 1.0, of)
    assert value + cnbd.log_gaps(1.0, of) == pytest.approx(mbgnbd.log_likelihood(CHANCE, of), rel=1e-10)
    assert stayed == pytest.approx(mbgnbd.p_alive(CHANCE, of), rel=1e-10)
    mean, square = cnbd.orders(CHANCE, 1.0, WEEKS, of)
    assert stayed * mean == pytest.approx(mbgnbd.expected_orders(CHANCE, WEEKS, of), rel=2e-3)
    assert stayed * square == pytest.approx(mbgnbd.orders_square(CHANCE, WEEKS, of), rel=5e-3)
    both = steady.Parameters(0.4, 1.0, *astuple(CHANCE), *astuple(CHANCE))
    assert steady.chance_of_order(both, 4.0, of) == pytest.approx(mbgnbd.chance_of_order(CHANCE, 4.0, of), rel=1e-9)
    rate = mbgnbd.order_rate(CHANCE, 4.0, of)  # of the steady nothing is asked where less than 1e-5 of one is alive
    assert steady.order_rate(both, 4.0, of) == pytest.approx(rate, rel=1e-9, abs=1e-5)
    assert steady.time_of_next_order(both, of) == pytest.approx(mbgnbd.time_of_next_order(CHANCE, of), rel=1e-3)
    later = np.array([1.0, 20.0, 80.0])
    assert steady.expected_orders_of_new(both, later) == pytest.approx(
        mbgnbd.expected_orders_of_new(CHANCE, later), rel=1e-3
    )


@pytest.mark.parametrize("k", [1.0, 3.0, 20.0])
def test_slopes_are_those_of_the_log_likelihood(k):
    of, step = rows(), 1e-5
    _, slopes = cnbd.gradient(EVEN, k, of)
    for name, slope in zip(("r", "alpha", "a", "b"), slopes, strict=True):
        up, down = (
            cnbd.parts(replace(EVEN, **{name: getattr(EVEN, name) * np.exp(side)}), k, of)[0] for side in (step, -step)
        )
        assert (up - down) / (2 * step) == pytest.approx(slope, abs=1e-6)
    p = steady.Parameters(0.4, k, *astuple(CHANCE), *astuple(EVEN))
    told = replace(of, told=of.x * 0.3)
    _, all_slopes = steady.gradient(p, told)
    names = [name for name in p.__dataclass_fields__ if name != "k"]
    for name in names:
        up, down = (
            steady.log_likelihood(replace(p, **{name: getattr(p, name) * np.exp(side)}), told) for side in (step, -step)
        )
        place = list(p.__dataclass_fields__).index(name)
        assert (up - down) / (2 * step) == pytest.approx(all_slopes[place], abs=1e-5)


def test_a_silence_of_two_gaps_by_hand():
    # k = 2 at a rate known to be 1 a week: no gap of s weeks or more has the chance (1 + s) exp(-s).
    sure = 1e6
    of = Histories(np.array([4.0]), np.array([8.0]), np.array([12.0]), np.ones(1), np.arange(1))
    p = Class(sure, sure, 1.0, 9.0)
    last = 5 * np.exp(-4)
    stayed = 13 * last  # b + x against a: 13 to 1 that they did not leave after their fifth order
    assert cnbd.parts(p, 2.0, of)[1][0] == pytest.approx(stayed / (stayed + 1), rel=1e-3)


def test_gaps_that_are_alike_are_told_apart_from_gaps_of_one_sum():
    of = distinct([2, 2, 2], [14, 14, 14], [20, 20, 20], np.array([0.0, 0.5, 0.0]))
    assert of.weight.tolist() == [2, 1]
    assert of.uneven.tolist() == [0, 0.5]
    assert distinct([2, 2], [14, 14], [20, 20]).uneven.tolist() == [0]


def test_unevenness_is_what_the_log_of_the_mean_gap_has_over_the_logs():
    frame = pd.DataFrame({"customer_id": ["a"] * 3 + ["b"] * 3, "day": [0, 10, 40, 0, 20, 40]})
    book = snapshot.ledger(all_paid(frame.assign(revenue=1.0, orders=1)))
    assert book.until(50).uneven == pytest.approx([2 * np.log(19.5) - np.log(9.5 * 29.5), 0.0], abs=1e-12)
    assert book.until(15).uneven.tolist() == [0, 0]


# --- simulated shops ---
def shop(share: float, k: float, *, seed: int, customers: int = 800) -> tuple[pd.DataFrame, int]:
    """A `share` order at even gaps of about 30 days, others by chance; each may leave after any order."""
    random = np.random.default_rng(seed)
    found = []
    for who in range(customers):
        even = random.random() < share
        day, pace = float(random.integers(0, DAYS)), 30 * np.exp(random.normal(0, 0.2 if even else 0.7))
        while day <= DAYS + AHEAD:
            found.append((f"c{who}", START + int(day)))
            if random.random() < (0.05 if even else 0.15):
                break
            day += random.gamma(k if even else 1.0, pace / (k if even else 1.0))
    frame = pd.DataFrame(found, columns=["customer_id", "day"]).drop_duplicates()
    return all_paid(frame.assign(revenue=30.0, orders=1)), START + DAYS


def known_of(of: tuple[pd.DataFrame, int]) -> snapshot.Known:
    return snapshot.ledger(of[0]).until(of[1])


def steadily(known: snapshot.Known) -> fit.Fit:
    told = steady_fit.evenness(known.x, known.uneven)
    return steady_fit.steady_fit(known.rhythms, told, fit.orders_fit(mbgnbd.NAME, known.histories, exact=False))


@pytest.mark.parametrize(("share", "k"), [(1.0, 4.0), (0.5, 10.0), (0.25, 40.0)])
def test_how_many_are_steady_and_how_much_is_found_again(share, k):
    found = steadily(known_of(shop(share, k, seed=700_011))).parameters
    assert found.share == pytest.approx(share, abs=0.06)
    assert found.k == pytest.approx(k, rel=0.3)


def test_nobody_is_steady_where_all_order_by_chance():
    made = predictors(known_of(shop(0.0, 1.0, seed=700_012)))
    assert STEADY not in made.models
    assert made.simplest == MODELS_MEAN
    assert steady_fit.evenness(np.ones(50), np.zeros(50)) is None


def alive(known: snapshot.Known, made: Predictors) -> np.ndarray:
    found = made.fits[steady.NAME]
    rows = made.histories(found)
    return found.model.p_alive(found.parameters, rows)[rows.row]


def test_p_alive_of_the_steady_falls_with_a_miss_and_is_the_share_that_came_back():
    back, told, steady_told = [], [], []
    for seed in range(700_013, 700_017):
        known = known_of(shop(0.6, 25.0, seed=seed))
        made = predictors(known)
        assert made.simplest == STEADY
        silent = known.day - known.last
        some = (known.x >= 3) & (silent > 40) & (silent < 150)
        back.extend(known.then(AHEAD)[0][some] > 0)
        told.extend(alive(known, made)[some])
        rows, found = made.histories(made.fits[steady.NAME]), made.fits[steady.NAME]
        sure = steady.steady_chance(found.parameters, rows)[rows.row] > 0.99
        twice = silent > 2.2 * (known.last - known.first) / np.maximum(known.x, 1)
        steady_told.extend(alive(known, made)[sure & twice & (known.x >= 3)])
    assert len(back) > 150
    assert np.mean(told) == pytest.approx(np.mean(back), abs=2 * np.sqrt(0.25 / len(back)))
    assert len(steady_told) > 100
    assert np.max(steady_told) < 0.05


def test_a_shop_of_even_gaps_is_forecast_by_its_model_and_nearer_the_truth():
    off = {STEADY: [], MODELS_MEAN: []}
    for seed in range(700_020, 700_023):
        known = known_of(shop(1.0, 12.0, seed=seed))
        expected, came = predictors(known).expected(AHEAD).orders, known.then(AHEAD)[0]
        for name in off:
            off[name].append(np.log(expected[name].sum() / came.sum()))
    assert np.abs(np.mean(off[STEADY])) < 0.08  # two and a half standard errors of three shops
    assert np.abs(np.mean(off[STEADY])) < np.abs(np.mean(off[MODELS_MEAN]))


def test_the_forecast_starts_from_the_steady_model_and_says_so():
    spend, end = shop(1.0, 12.0, seed=700_024, customers=300)
    known = spend[spend["day"] <= end]
    customers = pd.DataFrame({"customer_id": known["customer_id"].unique()})
    made = forecast.forecast(known, customers, end_day=end)
    assert next(iter(made.weights["orders"])) == STEADY
    assert made.method in made.choice.sentence
    plane = forecast.probability_alive_grid(made, frequencies=[3, 10], silences=[1, 5, 10, 20], watched_weeks=60)
    for _, one in plane.groupby("frequency"):
        assert one.sort_values("silent_weeks")["p_alive"].is_monotonic_decreasing
    missed = plane[(plane["silent_weeks"] == 20) & (plane["frequency"] == 10)]  # five gaps of four weeks
    assert (missed["p_alive"] < 0.05).all()

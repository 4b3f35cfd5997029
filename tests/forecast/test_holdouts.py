"""The forecast on every public holdout beside the package that is best on it, by a test that pairs customers."""

import numpy as np
import pytest

from benchmarks import holdouts, published
from benchmarks.holdouts import Made, Pair

CAME = {  # customers, and order days or money, as in holdout.csv
    "cdnow_sample": (2_357, 70_976.4), "cdnow_full": (23_570, 776_961.0), "online_retail_26w": (2_811, 4_197_840.0),
    "online_retail_26w_net": (2_807, 3_959_170.0), "retail_chain_1y": (6_889, 2_103_460.0),
    "grocery_52w": (1_525, 3_389),
}  # fmt: skip


@pytest.fixture(scope="module")
def found(shared):
    return {one.name: holdouts.judged(one, shared) for one in published.holdouts(shared)}


@pytest.mark.verify
@pytest.mark.xdist_group("holdouts")
@pytest.mark.parametrize("name", CAME)
def test_each_holdout_is_the_one_others_were_measured_on(found, name):
    customers, came = CAME[name]
    assert len(found[name].came) == customers
    assert found[name].came.sum() == pytest.approx(came, rel=1e-5)


@pytest.mark.verify
@pytest.mark.xdist_group("holdouts")
@pytest.mark.parametrize("name", CAME)
def test_a_package_that_is_run_here_errs_as_published(found, name):
    one = found[name]
    row = one.rows[one.rows["model"] == one.stand_in].iloc[0]
    ours = np.sqrt(np.mean((one.ours.expected - one.came) ** 2))
    theirs = ours / (one.pair.square * one.comparator["rmse"] / row["rmse"])
    assert theirs == pytest.approx(row["rmse"], rel=5e-4)


@pytest.mark.verify
@pytest.mark.xdist_group("holdouts")
@pytest.mark.parametrize("name", CAME)
def test_no_set_is_forecast_worse_than_by_the_best_package(found, name):
    print(holdouts.block(found[name], None))
    assert not found[name].worse


@pytest.mark.verify
@pytest.mark.xdist_group("holdouts")
def test_half_of_the_sets_are_forecast_no_worse_than_by_the_best_package(found):
    print(holdouts.summary(list(found.values())))
    assert np.median([one.pair.square for one in found.values()]) <= 1


# --- the judge itself ---
def test_worse_is_what_is_surely_worse_and_may_be_so_by_a_hundredth():
    equal = (0.0, (-0.1, 0.1))
    assert not Pair(1.02, (0.99, 1.05), *equal).worse  # not surely
    assert not Pair(1.005, (1.001, 1.009), *equal).worse  # not by a hundredth
    assert Pair(1.01, (1.001, 1.02), *equal).worse == "RMSE"
    assert Pair(1.0, (0.9, 1.1), 0.02, (0.001, 0.04)).worse == "Spearman"
    assert not Pair(1.0, (0.9, 1.1), 0.005, (0.001, 0.009)).worse


def test_a_total_holds_beside_the_package_or_in_itself_or_by_chance():
    assert holdouts.total_holds(-0.21, 0.19, 0.0)  # two points more than the package
    assert not holdouts.total_holds(-0.22, 0.19, 0.0)
    assert holdouts.total_holds(0.099, 0.0, 0.0)
    assert holdouts.total_holds(0.15, 0.0, 0.1)  # 1.5 standard deviations
    assert not holdouts.total_holds(0.16, 0.0, 0.1)


def test_a_forecast_beside_itself_is_no_better_and_no_worse():
    random = np.random.default_rng(1)
    expected, came = random.random(200), random.random(200)
    assert holdouts.paired(expected, expected, came) == Pair(1.0, (1.0, 1.0), 0.0, (0.0, 0.0))


def test_a_forecast_that_errs_twice_as_much_has_twice_the_error_on_any_customers():
    random = np.random.default_rng(1)
    came = random.random(200)
    once, twice = came + 1, came + 2
    pair = holdouts.paired(twice, once, came)
    assert (pair.square, *pair.square_ends) == pytest.approx((2.0, 2.0, 2.0))
    assert pair.moved(0.5, 0.1) == Pair(pair.square * 2, tuple(2 * end for end in pair.square_ends), 0.1, (0.1, 0.1))


def test_a_range_that_misses_pays_forty_times_by_how_far():
    made = Made(np.array([60.0, 40.0]), 50.0, 200.0, "any")
    assert holdouts.score(made, np.array([100.0])) == pytest.approx(np.log(4))
    assert holdouts.score(made, np.array([400.0])) == pytest.approx(np.log(4) + 40 * np.log(2))


def test_what_was_kept_of_a_forecast_is_read_again(tmp_path):
    class Kept:
        one = published.Holdout("a set", None, 0, 1)
        ours = Made(np.array([1.0, 2.0]), 2.5, 3.5, "a blend")

    holdouts.save([Kept()], tmp_path / "kept.npz")
    again = holdouts.saved(tmp_path / "kept.npz")["a set"]
    assert (again.expected.tolist(), again.low, again.high) == ([1.0, 2.0], 2.5, 3.5)

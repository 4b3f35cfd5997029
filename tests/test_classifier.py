"""Chances and their quality: the right candidate, calibrated, with published intervals."""

import numpy as np
import pandas as pd
import pytest

from clvapp.classifier import best, fit, own_auc, platt
from clvapp.classifier.candidates import AMOUNT, BASE_RATE, BOOSTING, Answers
from clvapp.classifier.encoding import Encoding, group_scales
from clvapp.stats import auc_interval, found, wilson  # fmt: skip


def people(count: int, seed: int = 0) -> tuple[pd.DataFrame, np.random.Generator]:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "number": random.normal(0, 1, count), "one": random.choice(["a", "b"], count).astype(object),
        "two": random.choice(["x", "y"], count).astype(object),
        "noise": random.choice(list("abcdefghij"), count).astype(object),
    })  # fmt: skip
    return frame, random


def answers(odds: np.ndarray, random: np.random.Generator) -> Answers:
    outcome = random.random(len(odds)) < 1 / (1 + np.exp(-odds))
    return Answers(outcome, np.where(outcome, 100.0, 10.0) * random.lognormal(0, 0.3, len(odds)))


@pytest.mark.verify
def test_what_adds_up_is_left_to_the_regression():
    frame, random = people(2000)
    truth = answers(frame["number"].to_numpy() + 1.0 * (frame["one"] == "a") - 1.5, random)
    assert best(frame, truth, seed=0) == AMOUNT


@pytest.mark.verify
def test_what_only_works_together_is_found_by_boosting():
    frame, random = people(2000)
    together = (frame["one"] == "a") == (frame["two"] == "x")
    assert best(frame, answers(np.where(together, 1.0, -2.0), random), seed=0) == BOOSTING


@pytest.mark.parametrize(
    "seed", [0, pytest.param(1, marks=pytest.mark.verify), pytest.param(2, marks=pytest.mark.prove)]
)
def test_noise_loses_to_the_base_rate(seed):
    frame, random = people(1000, seed)
    truth = answers(np.full(1000, -1.0), random)
    name = best(frame, truth, seed=0)
    chances = fit(frame, truth, name, seed=0)[1]
    assert name == BASE_RATE
    assert np.ptp(chances) < 1e-9


def test_a_feature_that_says_nothing_gets_no_weight_and_a_telling_one_its_own():
    frame, random = people(4000)
    encoding = Encoding.of(frame)
    scales = group_scales(
        encoding.matrix(frame), 2.0 * (frame["one"] == "a") + random.normal(0, 1, 4000), encoding.groups
    )
    by_feature = pd.Series(scales).groupby(encoding.groups).max()
    assert by_feature[1] > 10 * by_feature[[0, 2, 3]].max()


def test_chances_are_calibrated_on_people_the_model_did_not_see():
    frame, random = people(6000)
    odds = frame["number"].to_numpy() - 1.5
    truth = answers(odds, random)
    model, out_of_fold = fit(frame[:3000], truth[:3000], AMOUNT, seed=0)
    for said, came in ((out_of_fold, truth[:3000]), (model.probability(frame[3000:]), truth[3000:])):
        assert platt(np.log(said / (1 - said)), came.outcome)[1] == pytest.approx(1, abs=0.15)
        assert said.mean() == pytest.approx(came.outcome.mean(), abs=0.02)


def test_one_giant_customer_decides_nothing():
    frame, random = people(1000)
    truth = answers(frame["number"].to_numpy() - 1.0, random)
    giant = truth.amount.copy()
    giant[0] = 1e9
    plain, spoiled = (fit(frame, Answers(truth.outcome, a), AMOUNT, seed=0)[1] for a in (truth.amount, giant))
    assert np.abs(plain - spoiled).max() < 0.05


def test_values_never_seen_and_numbers_not_given_are_no_fault():
    frame, random = people(500)
    model, _ = fit(frame, answers(frame["number"].to_numpy(), random), AMOUNT, seed=0)
    strange = pd.DataFrame({"number": [np.nan, 1e12], "one": ["never", "a"], "two": ["x", "y"], "noise": ["z", "a"]})
    assert np.isfinite(model.probability(strange)).all()


def test_a_falling_curve_is_never_fitted():
    outcome = np.array([True, False] * 50)
    assert platt(np.where(outcome, -1.0, 1.0) + np.linspace(0, 1, 100), outcome)[1] == 0


def test_delongs_interval_agrees_with_resampling():
    random = np.random.default_rng(0)
    outcome = random.random(400) < 0.3
    scores = random.normal(outcome * 0.8, 1)
    auc, low, high = auc_interval(scores, outcome)
    drawn = [random.integers(0, 400, 400) for _ in range(400)]
    spread = np.std([auc_interval(scores[rows], outcome[rows])[0] for rows in drawn])
    assert (high - low) / (2 * 1.96) == pytest.approx(spread, rel=0.12)  # 400 resamples: a standard error of 3.5 %
    pairs = scores[outcome][:, None] > scores[~outcome][None, :]
    assert auc == pytest.approx(pairs.mean())


def test_wilsons_interval_is_the_published_one():
    """Newcombe (Statistics in Medicine 17, 1998), table I, method 3."""
    low, high = wilson([81, 15, 0, 1], [263, 148, 20, 29])
    assert np.round(low, 4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert np.round(high, 4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


def test_tied_scores_find_what_chance_finds():
    outcome = np.array([True, False, False, False] * 25)
    assert found(np.full(100, 0.3), outcome, np.array([0.1, 0.5])).tolist() == pytest.approx([0.1, 0.5])


def test_a_columns_own_auc_sees_numbers_texts_and_nothing():
    random = np.random.default_rng(0)
    outcome = random.random(2000) < 0.3
    assert own_auc(pd.Series(outcome + random.normal(0, 0.1, 2000)), outcome, seed=0) > 0.97
    assert own_auc(pd.Series(np.where(outcome, "a", "b").astype(object)), outcome, seed=0) == 1
    assert own_auc(pd.Series(random.normal(0, 1, 2000)), outcome, seed=0) == pytest.approx(0.5, abs=0.05)

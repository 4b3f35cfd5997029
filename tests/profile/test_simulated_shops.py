"""What profile and lists find in simulated shops whose truth is known, which no real shop could tell.

`make verify` runs a tenth of the shops, `make prove` all of them.
"""

import numpy as np
import pandas as pd
import pytest
import simulation
from simulation import ALIKE, START, YEAR, Shop, Types

from clvapp.classifier import platt
from clvapp.profile.learning import profile
from clvapp.stats import auc_interval
from clvapp.targets.ages import value_at_age
from clvapp.targets.next_year import next_year

END = START + 3 * YEAR

verified_and_proved = pytest.mark.parametrize(
    "part", [pytest.param("a tenth", marks=pytest.mark.verify), pytest.param("all", marks=pytest.mark.prove)]
)


def shop(seed: int, types: Types | None = None) -> Shop:
    return simulation.shop(types or Types(), seed).until(END)


def below_average(seen: Shop) -> pd.Index:
    """Customers below the average of their age with at least a year in the shop; nobody is left out."""
    standing = value_at_age(seen.first_days, seen.spend, end_day=seen.end_day)
    chosen = standing["below_average_at_age"].fillna(False).astype(bool) & (standing["age"] >= YEAR)
    return standing.index[chosen]


def top_tenth(scores: pd.Series, among: pd.Index) -> pd.Index:
    return scores[among].sort_values(ascending=False, kind="stable").index[: len(among) // 10]


def share_of_possible_excess(seed: int) -> float:
    """Of the excess of high types in the best possible ranking's top tenth, the share that ours holds."""
    seen = shop(seed)
    found = profile(seen.first_orders, seen.spend, end_day=seen.end_day)
    among = below_average(seen)
    base = seen.high[among].mean()
    ours, best = (seen.high[top_tenth(scores, among)].mean() for scores in (found.scores, seen.posterior))
    return float((ours - base) / (best - base))


@verified_and_proved
def test_the_top_tenth_holds_nine_tenths_of_the_under_served_high_types_that_can_be_found(part):
    seeds = range(20) if part == "all" else range(2)
    shares = [share_of_possible_excess(seed) for seed in seeds]
    print("share of possible excess", round(float(np.mean(shares)), 3), np.round(shares, 2))
    assert np.mean(shares) >= 0.9


def naive_auc(seen: Shop) -> tuple[float, float]:
    """The usual way: total value above the mean, told by channel and category; AUC and its lower bound."""
    total = seen.spend.groupby("customer_id")["revenue"].sum()
    high = (total > total.mean()).reindex(seen.first_orders["customer_id"]).to_numpy(bool)
    key = seen.first_orders["channel"] + seen.first_orders["category"]
    learned = np.random.default_rng(0).permutation(len(high)) % 2 == 0
    rates = pd.Series(high[learned]).groupby(key[learned].to_numpy()).mean()
    scores = key[~learned].map(rates).fillna(high.mean()).to_numpy()
    auc, low, _ = auc_interval(scores, high[~learned])
    return auc, low


@verified_and_proved
def test_where_only_time_makes_people_valuable_the_naive_label_is_fooled_and_ours_is_not(part):
    stayers = Types(
        log_basket=(3.8, 3.8), orders_a_year=(3.0, 3.0), years_stayed=(4.0, 4.0), log_spend=(3.8, 3.8),
        features=False, drift=True,
    )  # fmt: skip
    seeds = range(20) if part == "all" else range(2)
    fooled, ours = 0, 0
    for seed in seeds:
        seen = shop(seed, stayers)
        fooled += naive_auc(seen)[1] > 0.5
        ours += profile(seen.first_orders, seen.spend, end_day=seen.end_day).usable
    print("naive fooled", fooled, "ours", ours, "of", len(seeds))
    assert fooled == len(seeds)
    assert ours <= len(seeds) // 10


@verified_and_proved
def test_where_nothing_can_be_found_the_profile_is_not_usable(part):
    seeds = range(40) if part == "all" else range(4)
    refused = 0
    for seed in seeds:
        seen = shop(seed, ALIKE)
        refused += not profile(seen.first_orders, seen.spend, end_day=seen.end_day).usable
    print("refused", refused, "of", len(seeds))
    assert refused >= 0.9 * len(seeds)


@verified_and_proved
def test_where_something_can_be_found_the_profile_is_usable(part):
    seeds = range(100, 120) if part == "all" else range(100, 102)
    usable = 0
    for seed in seeds:
        seen = shop(seed)
        usable += profile(seen.first_orders, seen.spend, end_day=seen.end_day).usable
    print("usable", usable, "of", len(seeds))
    assert usable >= 0.9 * len(seeds)


def assert_calibrated(chances: list[np.ndarray], outcomes: list[np.ndarray]) -> None:
    """What happened has a slope near 1 on the log odds said, and Brier's score beats the base rate's."""
    said, truth = np.concatenate(chances), np.concatenate(outcomes).astype(bool)
    slope = platt(np.log(said / (1 - said)), truth)[1]
    brier, base = np.mean((said - truth) ** 2), truth.mean() * (1 - truth.mean())
    print(f"slope {slope:.3f} brier {brier:.4f} of {base:.4f} said {said.mean():.3f} came {truth.mean():.3f}")
    assert 0.8 <= slope <= 1.2
    assert brier < base


def revenue_between(seen: Shop, first_days: pd.Series, ages: tuple[int, int]) -> pd.Series:
    age = seen.spend["day"] - seen.spend["customer_id"].map(first_days)
    inside = seen.spend[(age > ages[0]) & (age <= ages[1])]
    return inside.groupby("customer_id")["revenue"].sum().reindex(first_days.index, fill_value=0.0)


@verified_and_proved
def test_look_alike_scores_of_customers_who_came_later_mean_what_they_say(part):
    chances, outcomes = [], []
    for seed in range(20) if part == "all" else range(200, 203):
        full = simulation.shop(Types(), seed)
        cut = START + 2 * YEAR
        known = full.until(cut)
        found = profile(full.first_orders, known.spend, end_day=cut)
        newer = full.first_days[full.first_days > cut]
        spent = revenue_between(full, newer, (0, found.horizon_days))
        chances.append(found.scores[newer.index].to_numpy())
        outcomes.append((spent > found.threshold).to_numpy())
    assert_calibrated(chances, outcomes)


@verified_and_proved
def test_the_chance_of_a_good_next_year_means_what_it_says(part):
    chances, outcomes = [], []
    for seed in range(20) if part == "all" else range(200, 203):
        full = simulation.shop(Types(), seed)
        seen = full.until(END)
        found = next_year(seen.first_days, seen.spend, end_day=END)
        came = full.spend[(full.spend["day"] > END) & (full.spend["day"] <= END + YEAR)]
        spent = came.groupby("customer_id")["revenue"].sum().reindex(seen.first_days.index, fill_value=0.0)
        chances.append(found.probability.to_numpy())
        outcomes.append((spent > found.threshold).to_numpy())
    assert_calibrated(chances, outcomes)

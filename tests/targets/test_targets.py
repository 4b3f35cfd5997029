"""The lists: fair comparison by age, who is silent, the gap, who is left out, and reasons in plain words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import simulation
from simulation import START, YEAR, Shop, Types
from spend_frames import all_paid, spend_of

from clvapp import columns
from clvapp.customers.rhythm import long_silent
from clvapp.profile.learning import Profile, profile
from clvapp.targets.ages import MILESTONES, behaviour, gap, value_at_age
from clvapp.targets.lists import Targets, targets
from clvapp.targets.next_year import NextYear, next_year, state
from clvapp.targets.reasons import look_alike_reasons

END = START + 3 * YEAR
UNKNOWN = NextYear(None, "Too early to say.")


@pytest.fixture(scope="module")
def seen() -> Shop:
    return simulation.shop(Types(), 3, people=2000).until(END)


@pytest.fixture(scope="module")
def learned(seen: Shop) -> Profile:
    return profile(seen.first_orders, seen.spend, end_day=END)


@pytest.fixture(scope="module")
def chances(seen: Shop) -> NextYear:
    return next_year(seen.first_days, seen.spend, end_day=END)


@pytest.fixture(scope="module")
def listed(seen: Shop, learned: Profile, chances: NextYear) -> Targets:
    return targets(simulation.customers(seen), seen.spend, learned, chances, end_day=END, burn_in_end=START + 60)


def left_out(found: Targets) -> dict[str, int]:
    return dict(zip(found.left_out["reason"], found.left_out["customers"], strict=True))


def test_value_is_compared_at_the_largest_age_reached():
    first_days = pd.Series({"old": 0, "peer": 0, "young": 300, "new": 380})
    spend = spend_of(("old", 0, 10), ("old", 360, 90), ("old", 399, 500), ("peer", 0, 200),
                     ("young", 300, 40), ("young", 395, 60), ("new", 380, 900))  # fmt: skip
    found = value_at_age(first_days, spend, end_day=400)
    assert found["milestone"].tolist()[:3] == [365, 365, 90]
    assert found["value"].tolist()[:3] == [100, 200, 40]
    assert found["average"].tolist()[:3] == [150, 150, pytest.approx((10 + 200 + 40) / 3)]
    assert found["customers_compared"].tolist() == [2, 2, 3, 0]
    assert found["below_average_at_age"].tolist()[:3] == [True, False, True]
    assert found["below_average_at_age"].isna().tolist() == [False, False, False, True]


def test_a_day_of_the_milestone_itself_counts_and_the_day_after_does_not():
    found = value_at_age(pd.Series({"a": 0}), spend_of(("a", 30, 5), ("a", 31, 7)), end_day=31)
    assert found.loc["a", "value"] == 5


def test_customers_who_may_be_older_than_the_file_are_neither_judged_nor_in_the_average():
    first_days = pd.Series({"old": 0, "a": 100, "b": 100})
    spend = spend_of(("old", 0, 1000), ("a", 100, 10), ("b", 100, 30))
    found = value_at_age(first_days, spend, end_day=200, burn_in_end=50)
    assert found["average"].tolist()[1:] == [20, 20]
    assert pd.isna(found.loc["old", "below_average_at_age"])


def test_silence_is_judged_by_the_shops_gaps_until_a_customer_has_three_of_their_own():
    """Twenty came back once, after 60 days. Fast buys every ten days, slow every hundred.

    Of the first three gaps of each, three in 26 are 100 days: more than one in ten, so that is the shop's limit.
    """
    back = [(f"back {i}", day, 1) for i in range(20) for day in (0, 60)]
    fast, slow = ([(who, day * k, 1) for k in range(9)] for who, day in (("fast", 10), ("slow", 100)))
    spend = spend_of(*back, *fast, *slow, ("once", 0, 1))
    asked = {"fast": [10, 50], "slow": [90, 90], "once": [100, 101]}
    for place, silent in enumerate(
        ({"fast": False, "slow": False, "once": False}, {"fast": True, "slow": False, "once": True})
    ):
        people = pd.DataFrame(
            {"customer_id": list(asked), "days_since_last_order": [days[place] for days in asked.values()]}
        )
        assert long_silent(people, spend, end_day=900).to_dict() == silent


def test_a_refunded_day_is_no_order_day_and_ends_no_silence():
    spend = pd.concat([spend_of(("a", 0, 10)), spend_of(("a", 40, -10)).assign(orders=0, paid=0.0)])
    customers = pd.DataFrame({"customer_id": ["a"], "days_since_last_order": [500]})
    assert not long_silent(customers, spend)["a"]  # no gap in the whole shop: nothing to compare with


def test_the_gap_is_to_those_who_became_valuable_at_exactly_the_same_age():
    first_days = pd.Series({"high 1": 0, "high 2": 0, "young high": 95, "me": 90})
    spend = spend_of(("high 1", 0, 10), ("high 1", 10, 100), ("high 1", 11, 1000), ("high 2", 5, 50),
                     ("young high", 95, 999), ("me", 90, 20))  # fmt: skip
    high = pd.Series({"high 1": True, "high 2": True, "young high": True, "me": None}, dtype="boolean")
    leaf = pd.Series(1, index=first_days.index)
    found = gap(first_days, spend, end_day=100, leaf=leaf, became_high=high)
    assert found["me"] == pytest.approx((110 + 50) / 2 - 20)  # young high is 5 days old: not asked


@pytest.mark.parametrize(("in_leaf", "expected"), [(20, 70.0), (19, (19 * 70 + 30 * 10) / 49)])
def test_the_gap_is_to_the_same_leaf_when_at_least_twenty_there_became_valuable(in_leaf, expected):
    near, far = [f"near {i}" for i in range(in_leaf)], [f"far {i}" for i in range(30)]
    first_days = pd.Series(0, index=[*near, *far, "me"])
    spend = spend_of(*[(c, 0, 70) for c in near], *[(c, 0, 10) for c in far])
    leaf = pd.Series([1] * in_leaf + [2] * 30 + [1], index=first_days.index)
    high = pd.Series([True] * (in_leaf + 30) + [False], index=first_days.index).astype("boolean")
    assert gap(first_days, spend, end_day=50, leaf=leaf, became_high=high)["me"] == pytest.approx(expected)


def test_the_table_has_the_columns_of_the_catalogue(listed):
    assert listed.table.columns.tolist() == columns.names(columns.TARGETS)
    assert listed.table["customer_id"].is_unique


def test_targets_are_below_the_average_of_their_age_and_among_the_best_scores(seen, learned, listed):
    offered = listed.table[listed.table["list"].isin(["upgrade", "win_back"])]
    standing = value_at_age(seen.first_days, seen.spend, end_day=END, burn_in_end=START + 60)
    assert standing.loc[offered["customer_id"], "below_average_at_age"].all()
    assert (offered["look_alike_score"] >= learned.scores.quantile(0.8)).all()
    assert (offered["look_alike_score"] > learned.base_rate).all()
    assert listed.counts["upgrade"] > 0
    assert listed.counts["win_back"] > 0


def test_the_long_silent_are_won_back_and_the_others_offered_an_upgrade(seen, listed):
    silent = long_silent(simulation.customers(seen), seen.spend, end_day=END)
    lists = listed.table.set_index("customer_id")["list"]
    assert silent[lists.index[lists == "win_back"]].all()
    assert not silent[lists.index[lists != "win_back"]].any()


def test_those_to_thank_are_above_the_average_and_have_no_gap(seen, listed):
    thanked = listed.table[listed.table["list"] == "thank"]
    standing = value_at_age(seen.first_days, seen.spend, end_day=END, burn_in_end=START + 60)
    assert not standing.loc[thanked["customer_id"], "below_average_at_age"].fillna(False).any()
    assert thanked["gap"].isna().all()
    assert thanked["revenue"].is_monotonic_decreasing


def test_each_list_is_sorted_best_first(listed):
    assert listed.table["list"].drop_duplicates().tolist() == ["upgrade", "win_back", "thank"]
    for name in ("upgrade", "win_back"):
        assert listed.table.loc[listed.table["list"] == name, "look_alike_score"].is_monotonic_decreasing


def test_everybody_has_three_different_reasons_in_plain_words(listed):
    reasons = listed.table[["reason_1", "reason_2", "reason_3"]]
    assert reasons.notna().all(axis=None)
    assert (reasons.nunique(axis=1) == 3).all()
    assert not reasons.stack().str.contains(r"[*_`#<>\[\]]|nan|NaN|None").any()


def test_a_reason_says_how_many_such_customers_became_high_value(learned, listed):
    first = listed.table["reason_1"].iloc[0]
    strongest = learned.contrasts.sort_values("hit_rate_low").iloc[-1]
    share, base = f"{100 * strongest['hit_rate']:.0f}", f"{100 * learned.base_rate:.0f}"
    assert first == f"{strongest['words']}: {share} of 100 such customers became high-value ({base} of all)"


def test_no_reason_says_again_what_another_said():
    values = pd.DataFrame({"discounted": ["no"], "discount_share": ["no"], "channel": ["app"]}, index=["me"])
    contrasts = pd.DataFrame({
        "feature": ["discounted", "discount_share", "channel"], "topic": ["discount", "discount", "channel"],
        "value": ["no", "no", "app"], "words": ["At full price", "Had no discount", "Came through 'app'"],
        "hit_rate": [0.5, 0.5, 0.4], "hit_rate_low": [0.4, 0.39, 0.3], "named": True, "beyond_chance": True,
    })  # fmt: skip
    said = look_alike_reasons(values.index, values, contrasts, 0.2)["sentence"]
    assert said.str.split(":").str[0].tolist() == ["At full price", "Came through 'app'"]


def test_nobody_without_consent_is_listed_and_they_are_counted_while_unknown_consent_is_kept(seen, learned):
    customers = simulation.customers(seen)
    customers["accepts_marketing"] = customers["accepts_marketing"].where(customers.index % 3 > 0)
    found = targets(customers, seen.spend, learned, UNKNOWN, end_day=END)
    assert not found.table["accepts_marketing"].eq(False).any()
    unknown = int(found.table["accepts_marketing"].isna().sum())
    assert unknown > 0
    assert found.findings[-1].startswith(f"For {unknown} of the {len(found.table)} listed customers")
    freed = targets(customers.assign(accepts_marketing=True), seen.spend, learned, UNKNOWN, end_day=END)
    assert left_out(found)["no marketing consent"] == len(freed.table) - len(found.table)


def test_the_new_and_those_from_before_the_file_are_counted(seen, listed):
    counts = left_out(listed)
    assert counts["first order less than 30 days ago"] == (END - seen.first_days < 30).sum()
    burn_in = seen.first_days.index[seen.first_days < START + 60]
    thanked = listed.table["customer_id"].isin(burn_in).sum()
    assert (listed.table.loc[listed.table["customer_id"].isin(burn_in), "list"] == "thank").all()
    refused = simulation.customers(seen).set_index("customer_id").loc[burn_in]
    assert counts["may have been a customer before the file begins"] + thanked <= len(refused)


def test_the_saturated_are_left_alone_but_may_be_thanked(seen, learned, listed):
    offered = listed.table.loc[listed.table["list"] == "upgrade", "customer_id"]
    thanked = listed.table.loc[listed.table["list"] == "thank", "customer_id"]
    steady = simulation.customers(seen).set_index("customer_id")
    chosen = [*offered[:3], *thanked[:3]]
    steady.loc[chosen, ["order_days", "gap_cv", "value_cv"]] = [8, 0.1, 0.1]
    found = targets(steady.reset_index(), seen.spend, learned, UNKNOWN, end_day=END, burn_in_end=START + 60)
    assert left_out(found)["steady rhythm and basket: at their need or budget"] == 3
    assert set(chosen) & set(found.table["customer_id"]) == set(thanked[:3])


def test_who_had_everything_refunded_is_left_out(seen, learned, listed):
    customers = simulation.customers(seen).set_index("customer_id")
    customers.loc[listed.table["customer_id"][:2], "order_days"] = 0
    found = targets(customers.reset_index(), seen.spend, learned, UNKNOWN, end_day=END, burn_in_end=START + 60)
    assert left_out(found)["refunded everything"] == 2


def test_who_has_caught_up_since_the_milestone_is_offered_nothing(seen, learned, listed):
    """Below the average of the first 365 days, and since then as much as those who became high-value."""
    chosen = listed.table.loc[listed.table["list"] == "upgrade", "customer_id"].iloc[0]
    caught_up = pd.concat([seen.spend, spend_of((chosen, END, 5000))], ignore_index=True)
    age = END - seen.first_days[chosen]
    assert age > YEAR or age not in MILESTONES
    found = targets(simulation.customers(seen), caught_up, learned, UNKNOWN, end_day=END, burn_in_end=START + 60)
    assert chosen not in set(found.table["customer_id"])
    reason = "has spent as much as those like them who became high-value"
    assert left_out(found)[reason] == left_out(listed).get(reason, 0) + 1


def test_every_offer_has_a_gap_above_nothing(listed):
    assert (listed.table.loc[listed.table["list"] != "thank", "gap"] > 0).all()


def test_control_groups_and_others_set_aside_are_left_out_by_their_reason(seen, learned, listed):
    ids = listed.table["customer_id"].tolist()
    found = targets(
        simulation.customers(seen), seen.spend, learned, UNKNOWN, end_day=END, burn_in_end=START + 60,
        control=ids[:5], set_aside={"wrote an unhappy answer": {ids[6], "nobody"}},
    )  # fmt: skip
    assert left_out(found)["in a control group"] == 5
    assert left_out(found)["wrote an unhappy answer"] == 1
    assert len(found.table) == len(ids) - 6


def test_without_a_usable_profile_there_is_only_a_list_to_thank_and_the_reason(seen, learned):
    poor = replace(learned, usable=False, reason="Nothing tells them apart.")
    found = targets(simulation.customers(seen), seen.spend, poor, UNKNOWN, end_day=END)
    assert found.counts["upgrade"] == found.counts["win_back"] == 0
    assert found.counts["thank"] > 0
    assert found.table["look_alike_score"].isna().all()
    assert found.findings[0] == "There is no list for an upgrade or for winning back. Nothing tells them apart."
    assert "Too early to say." in found.findings


@pytest.mark.parametrize("people", [0, 1, 30])
def test_tiny_shops_get_sentences_and_no_crash(people):
    few = simulation.shop(Types(), 1, people=people).until(END)
    found_profile = profile(few.first_orders, few.spend, end_day=END)
    chances = next_year(few.first_days, few.spend, end_day=END)
    found = targets(simulation.customers(few), few.spend, found_profile, chances, end_day=END)
    assert found.counts["upgrade"] == 0
    assert chances.reason.endswith(".")
    assert len(behaviour(simulation.customers(few), few.spend, end_day=END)) == 5


def test_no_frame_that_was_given_is_changed(seen, learned, chances):
    customers, spend = simulation.customers(seen), seen.spend.copy()
    before = customers.copy()
    targets(customers, seen.spend, learned, chances, end_day=END)
    pd.testing.assert_frame_equal(customers, before)
    pd.testing.assert_frame_equal(seen.spend, spend)


def test_the_chance_of_next_year_looks_at_nothing_after_the_day_it_is_asked(seen):
    day = START + 2 * YEAR
    known = seen.until(day)
    one = next_year(known.first_days, known.spend, end_day=day)
    other = next_year(known.first_days, seen.spend, end_day=day)
    pd.testing.assert_series_equal(one.probability, other.probability)
    assert one.quality.brier < one.quality.brier_of_base_rate


def test_the_chance_of_next_year_is_for_everybody(seen, chances):
    assert chances.probability.between(0, 1).all()
    assert set(chances.probability.index) == set(seen.first_days.index)
    assert chances.threshold > 0


def test_what_is_known_of_a_customer_on_a_day_by_hand():
    """Asked on day 400. The last quarter is 91 days, from day 310 on; the last year begins with day 36."""
    first_days = pd.Series({"ann": 0, "bo": 300, "cy": 400})
    spend = spend_of(("ann", 0, 7), ("ann", 35, 8), ("ann", 36, 16), ("ann", 309, 32), ("ann", 310, 64),
                     ("ann", 401, 999), ("bo", 300, 50), ("cy", 400, 5))  # fmt: skip
    back = all_paid(pd.DataFrame([("bo", 320, -60.0, 0)], columns=["customer_id", "day", "revenue", "orders"]))
    found = state(first_days, pd.concat([spend, back]), 400)
    ann, bo, cy = found.to_dict("index").values()
    assert ann == pytest.approx({
        "value": np.log1p(127), "value_a_day": np.log1p(127 / 430), "last_year": np.log1p(112),
        "last_quarter": np.log1p(64), "order_days": np.log(5), "age": np.log1p(400), "silent": np.log1p(90),
        "silent_for_age": 90 / 401, "missed": np.log1p(90 / (310 / 4 + 7)), "came_back": 1.0,
    })  # fmt: skip
    assert bo == pytest.approx({  # gave back more than they had paid
        "value": 0.0, "value_a_day": 0.0, "last_year": 0.0, "last_quarter": 0.0, "order_days": 0.0,
        "age": np.log1p(100), "silent": np.log1p(100), "silent_for_age": 100 / 101, "missed": 0.0, "came_back": 0.0,
    })  # fmt: skip
    assert cy == pytest.approx({
        "value": np.log1p(5), "value_a_day": np.log1p(5 / 30), "last_year": np.log1p(5), "last_quarter": np.log1p(5),
        "order_days": 0.0, "age": 0.0, "silent": 0.0, "silent_for_age": 0.0, "missed": 0.0, "came_back": 0.0,
    })  # fmt: skip


@pytest.mark.parametrize("days", [1, 200, 500])
def test_a_history_too_short_for_a_year_to_compare_with_is_said(seen, days):
    short = seen.until(START + days)
    found = next_year(short.first_days, short.spend, end_day=START + days)
    assert found.probability is None
    assert "needs a year to compare with" in found.reason


def test_behaviour_describes_what_came_after_the_first_order():
    first_days = {"above": 0, "below": 0}
    customers = pd.DataFrame({
        "customer_id": list(first_days), "first_order": pd.to_datetime([0, 0], unit="D"),
        "revenue": [130.0, 10.0], "refunded": [0.0, 10.0],
    })  # fmt: skip
    spend = spend_of(("above", 0, 50), ("above", 20, 30), ("above", 100, 50), ("below", 0, 10))
    found = behaviour(customers, spend, end_day=365).set_index("measure")
    assert found["above"].tolist() == [2.0, 40.0, 20.0, 0.0, 0.0]
    assert found["below"].fillna(-1).tolist() == [0.0, -1, -1, 0.5, 1.0]
    assert found["customers_above"].tolist() == [1, 1, 1, 1, 1]
    assert found["customers_below"].tolist() == [1, 0, 0, 1, 1]


def test_who_spent_the_average_itself_is_described_on_neither_side():
    """Of 10, 20 and 30 the average is 20; where all spent the same nobody can be described."""
    paid = {"below": 10.0, "average": 20.0, "above": 30.0}
    customers = pd.DataFrame({
        "customer_id": list(paid), "first_order": pd.to_datetime([0, 0, 0], unit="D"), "revenue": list(paid.values()),
        "refunded": [0.0, 5.0, 0.0],
    })  # fmt: skip
    spend = spend_of(("below", 0, 4), ("below", 40, 6), ("average", 0, 20), ("above", 0, 10), ("above", 20, 20))
    found = behaviour(customers, spend, end_day=100).set_index("measure")
    assert found["above"].tolist() == pytest.approx([3.65, 20.0, 20.0, 0.0, 0.0])  # one order in 100 of 365 days
    assert found["below"].tolist() == pytest.approx([3.65, 6.0, 40.0, 0.0, 0.0])
    assert found[["customers_above", "customers_below", "customers"]].to_numpy().tolist() == [[1, 1, 2]] * 5
    alike = spend_of(*((who, 0, 20) for who in paid))
    nobody = behaviour(customers.assign(revenue=20.0), alike, end_day=100)
    assert nobody["customers"].tolist() == [0] * 5
    assert nobody[["above", "below"]].isna().all(axis=None)


def test_the_gap_curve_equals_the_slow_way(seen, learned):
    found = gap(seen.first_days, seen.spend, end_day=END, leaf=learned.leaf, became_high=learned.became_high)
    age = seen.spend["day"] - seen.spend["customer_id"].map(seen.first_days)
    high = learned.became_high.fillna(False).astype(bool)
    for customer in np.random.default_rng(0).choice(seen.first_days.index, 20, replace=False):
        mine = END - seen.first_days[customer]
        old = high.index[high & (END - seen.first_days.reindex(high.index) >= mine)]
        same = old[learned.leaf[old] == learned.leaf[customer]]
        like = same if len(same) >= 20 else old
        inside = seen.spend["customer_id"].isin(like) & (age <= mine)
        own = seen.spend.loc[seen.spend["customer_id"] == customer, "revenue"].sum()
        expected = seen.spend.loc[inside, "revenue"].sum() / len(like) - own if len(like) else np.nan
        assert found[customer] == pytest.approx(expected, nan_ok=True)


def test_where_everybody_spent_the_same_nobody_is_above_or_below_the_average():
    first_days = pd.Series({f"c{i}": 0 for i in range(7)})
    spend = spend_of(*((name, 0, 30.1) for name in first_days.index))
    found = value_at_age(first_days, spend, end_day=100)
    assert not found["below_average_at_age"].any()
    assert not found["above_average_at_age"].any()

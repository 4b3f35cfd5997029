"""What the high-value profile says: the small shop is too small for one, the shop by a pattern has one.

A fitted model's numbers are worked out too, where the model can only do one thing: the pattern's first products decide,
so that the newest customers fall into three groups of equal score.
"""

from dataclasses import replace
from types import SimpleNamespace

import hand_shop as hand
import numpy as np
import pandas as pd
import pattern_shop as large
import pytest
from hand_shop import wilson

from clvapp.story import profile as story

MODEL = "regularised logistic regression of the capped amount"


@pytest.fixture(scope="module")
def found(pattern):
    """The shop by a pattern, which has a profile."""
    return pattern()


def with_profile(analysis, **put):
    """An analysis whose profile has some results put in by hand."""
    return SimpleNamespace(profile=replace(analysis.profile, **put))


def told(figures):
    return "\n".join(f"{figure.label}: {figure.value}\n{figure.meaning}" for figure in figures)


def as_people_round(share):
    """Whole percent, halves up."""
    return f"{int(100 * share + 0.5)}%"


# --- the answer -------------------------------------------------------------------------------------------------------
def test_four_customers_of_a_year_carry_no_profile(page, plain, at_margin, words, german):
    assert hand.OLD_ENOUGH_TO_LEARN_FROM == 4
    for analysis, reader in ((plain, words), (plain, german), (at_margin, words)):
        page.says("answer: too few", story.answer(analysis, reader), "4 365 120")


# A year holds where the history is two years long, less ten days: from day 720 on. Before that customers are judged by
# half of it, in steps of 30 days, 90 at least. They first ordered on days 0, 173, 273, 306 and, the fifth, 449.
@pytest.mark.parametrize(
    ("day", "customers", "horizon"),
    [
        (720, 4, 365),
        (719, 4, 330),  # 719 / 2 = 359.5
        (323, 2, 150),  # 161.5; Eve came on day 173, 150 days before
        (322, 1, 150),
        (90, 1, 90),  # Hana came on day 0
        (89, 0, 90),
    ],
)
def test_a_short_history_judges_customers_by_half_of_it(page, shop, words, day, customers, horizon):
    said = story.answer(shop(observation_end=hand.day(day)), words)
    numbers = [str(horizon), "120"]
    if customers > 1:
        page.says("answer: too few", said, [str(customers), *numbers])
    else:
        page.says("answer: only one" if customers else "answer: nobody", said, numbers)


def test_on_other_days_and_bases_the_answer_stays_true(page, looked_back, too_early, with_expected, words):
    page.says("answer: too few", story.answer(looked_back, words), "4 330 120")  # 711 / 2 = 355.5
    page.says("answer: too few", story.answer(too_early, words), "4 300 120")  # 654 / 2 = 327
    page.says("answer: too few", story.answer(with_expected, words), "2 180 120")  # 364 / 2 = 182


def test_a_file_that_begins_later_than_the_shop_leaves_its_first_customers_out(page, shop, words):
    # Nine in ten gaps take 100 days: day 100 is nearest to 1 April, day 90. Eve, Ivo and Ada came after it. From there
    # it is 640 days to the end; half of them is 320.
    older = shop(starts_at_opening=False)
    page.says("answer: too few", story.answer(older, words), "3 300 120")
    page.says("finding: half the history", *older.profile.findings, "300 641")


def test_a_shorter_year_is_a_finding_of_its_own(page, plain, looked_back, too_early, with_expected):
    assert plain.profile.findings == ()
    page.says("finding: half the history", *looked_back.profile.findings, "330 712")
    page.says("finding: half the history", *too_early.profile.findings, "300 655")
    page.says("finding: half the history", *with_expected.profile.findings, "180 365")


def test_of_who_begins_with_the_kit_four_times_as_many_become_high_value(page, found, words, german):
    # To begin with the kit is a rule too, so its rate is that of the rule: 24 of the 31 who had no part in shaping the
    # rules, against 19 of the 119 others (see below). Of all 300 it would be 75 against 19.
    assert (large.HIT_RATE_OF_KIT, large.HIT_RATE_OF_BAG) == (0.75, 0.1875)  # of everybody it would be 30
    assert [round(100 * rate, 1) for rate in (24 / 31, 19 / 119)] == [77.4, 16.0]
    assert round(24 / 31 / (19 / 119), 1) == 4.8
    assert large.TOP_TENTH_LIFT == 2.8125
    page.says("answer", story.answer(found, words), "4.8 77 100 16 2.8")
    page.says("answer", story.answer(found, german), "4,8 77 100 16 2,8")


def contrast(words, *, high, customers, topic="", lift=2.0, beyond_chance=True, named=True):
    """A row of a profile's contrasts, of 90 high-value customers and 210 others."""
    return {
        "words": words, "high": high, "customers": customers, "hit_rate": high / customers, "lift": lift,
        "topic": topic or words, "beyond_chance": beyond_chance, "named": named,
        "hit_rate_others": (90 - high) / (300 - customers), "rate_customers": customers,
        "share_high": high / 90, "share_others": (customers - high) / 210,
    }  # fmt: skip


def test_the_answer_names_the_strongest_sign_of_the_best_and_not_of_the_others(page, found, words):
    rows = [
        contrast("First order was from 'Sale'", high=10, customers=100, lift=1.0),  # strongest, but a sign of others
        contrast("First order was at full price", high=60, customers=120),
        contrast("First order held 'Kit'", high=45, customers=60),
    ]
    put = with_profile(found, contrasts=pd.DataFrame(rows))
    # 60 of 120 against the 30 others of 180.
    page.says("answer: at full price", story.answer(put, words), "3 50 100 17 2.8")
    put = with_profile(found, contrasts=pd.DataFrame([contrast("Said yes to marketing", high=60, customers=120)]))
    page.says("answer: no first order", story.answer(put, words), "3 50 100 17 2.8")


def test_all_but_one_customer_may_share_a_sign(page, found, words):
    # 89 of 299, and the one other customer became high-value.
    put = with_profile(found, contrasts=pd.DataFrame([contrast("First order held 'Kit'", high=89, customers=299)]))
    page.says("answer: less often", story.answer(put, words), "30 100 100 2.8")


def test_a_profile_without_one_telling_sign_still_says_how_good_it_is(page, found, words):
    for rows in (found.profile.contrasts.head(0), pd.DataFrame([contrast("Rare", high=1, customers=100, lift=1.0)])):
        page.says("answer: no sign", story.answer(with_profile(found, contrasts=rows), words), "2.8")


def test_a_profile_no_better_than_chance_is_said_to_know_nothing(page, found, words):
    reason = "It puts 52 of 100 pairs right."
    put = with_profile(found, usable=False, reason=reason)
    page.says("answer: not usable", story.answer(put, words), "300 52 100")
    assert story.answer(put, words).endswith(reason)
    untold = with_profile(found, roc_auc_interval=None, reason=None)
    page.says("answer: not known", story.answer(untold, words), "300")


def test_the_sentence_of_a_profile_by_its_parts(page, words):
    say = story.profile_sentence
    part = {"start": "came by tram", "top_decile_lift": 3.0}
    page.says("sentence", say(words, share_high=0.5, share_others=0.2, **part), "2.5 50 100 20 3")
    for high, others, numbers in ((0.5, 0.0, "50 100 0 3"), (0.2, 0.2, "20 100 20 3"), (0.2, 0.994, "20 100 99 3")):
        page.says("sentence: no ratio", say(words, share_high=high, share_others=others, **part), numbers)


def test_the_sentence_of_no_profile_by_its_parts(page, words):
    say = story.no_profile_sentence
    page.says("no profile", say(words), "")
    page.says("no profile: customers", say(words, customers=1_234), "1,234")
    page.says("no profile: one customer", say(words, customers=1), "1")
    page.says("no profile: reason", say(words, reason="Too alike."), "")
    page.says("no profile: not tested", say(words, customers=1_234, tested=False), "")
    page.says("no profile: not tested, reason", say(words, reason="Too few.", tested=False), "")


# --- how good it is ---------------------------------------------------------------------------------------------------
# The newest 75, best first: 12 who began with the kit, of whom 9 became high-value; 31 with the Large bag (15 of block
# 11, 16 of block 13), of whom 5 did (places 9 and 14; 4, 9 and 14); 32 with the Single bag, of whom 6 did. Among those
# before them the Large bag did better by a hair, 16 of 81 (one place 4 more) against 18 of 96.
NEWEST = [(12, 9), (31, 5), (32, 6)]


def newest():
    """Score and outcome of the newest 75, the three groups scored 3, 2, 1."""
    score = np.repeat([3.0, 2.0, 1.0], [people for people, _ in NEWEST])
    high = np.concatenate([np.arange(people) < hits for people, hits in NEWEST])
    return score, high


def pairs_in_order():
    """Of pairs of a high-value customer and another, those in the right order, and the error of that (DeLong 1988)."""
    score, high = newest()
    right = (score[high][:, None] > score[~high]) + 0.5 * (score[high][:, None] == score[~high])
    error = np.sqrt(right.mean(axis=1).var(ddof=1) / 20 + right.mean(axis=0).var(ddof=1) / 55)
    return right.mean(), error


def test_how_good_the_profile_is(page, found, words, german):
    auc, error = pairs_in_order()
    # Of 20 x 55 pairs: the kit's 9 before 26 + 26 others and half of 3, the Large bag's 5 before 26 and half of 26, the
    # Single bag's 6 before half of 26: 481.5 + 195 + 78.
    assert auc == pytest.approx(754.5 / 1100)
    assert [round(100 * end) for end in (auc, auc - 1.96 * error, auc + 1.96 * error)] == [69, 54, 83]
    assert (large.THRESHOLD, large.BASE_RATE, large.LEARNED_FROM, large.TESTED) == (96.5, 0.3, 300, 75)
    newest_75, every = "75", "300"
    page.says("figures", told(story.figures(found, words)), [
        "30", "100", "$96.50", "365", every, "2.8", newest_75, "69", "100", "100", "50", "54", "83", newest_75,
    ])  # fmt: skip
    page.says("figures", told(story.figures(found, german)), [
        "30", "100", "96,50\xa0$", "365", every, "2,8", newest_75, "69", "100", "100", "50", "54", "83", newest_75,
    ])  # fmt: skip


def test_without_a_test_there_are_no_figures_and_with_a_bad_one_there_are(plain, found, words):
    assert story.figures(plain, words) == []
    assert story.figures(with_profile(found, roc_auc_interval=None), words) == []
    assert story.figures(with_profile(found, roc_auc=None), words) == []
    assert len(story.figures(with_profile(found, usable=False), words)) == 3
    told_apart = story.figures(with_profile(found, roc_auc=0.745, roc_auc_interval=(0.494, 0.994)), words)[2]
    assert told_apart.value == "75 of 100"
    assert "chance is 50 (49–99)" in told_apart.meaning


def test_the_gain_curve_is_the_three_groups_one_after_another(page, found, words, german):
    people, hits = np.cumsum(NEWEST, axis=0).T
    shares = np.arange(21) / 20
    curve = np.interp(shares, [0, *people / 75], [0, *hits / 20])
    pd.testing.assert_frame_equal(
        found.profile.gain, pd.DataFrame({"share_contacted": shares, "share_found": curve}), rtol=1e-9
    )
    assert curve[2] == pytest.approx(large.TOP_TENTH_LIFT / 10)  # 28.125 %
    page.says("gain", story.gain_title(found, words), "10% 28%")
    page.says("gain", story.gain_title(found, german), ["10\xa0%", "28\xa0%"])


# --- what they have in common -----------------------------------------------------------------------------------------
def test_the_picture_shows_the_two_strongest_of_what_was_bought_first(found):
    rows = []
    # Of 90 high-value customers and 210 others: the kit 3 and 1 of each of 15 blocks; the Single bag 3 and 13 of 8.
    for value, high, others in (("Starter kit", 45, 15), ("Single bag", 24, 104)):
        people, share_high, share_others = high + others, high / 90, others / 210
        even = people / 300
        error = np.sqrt(even * (1 - even) * (1 / 90 + 1 / 210))
        # The first product is a rule too, so its rate is of the 150 who had no part in shaping the rules: 43 of them
        # became high-value.
        hits, counted = {"Starter kit": (24, 31), "Single bag": (14, 69)}[value]
        bands = (wilson(high, 90), wilson(others, 210), wilson(hits, counted))
        (low, up), (others_low, others_up), (hit_low, hit_up) = bands
        rows.append(
            {
                "feature": "product", "value": value, "words": f"First order held '{value}'", "high": high,
                "others": others, "customers": people, "label": f"Held '{value}'", "topic": "what", "named": True,
                "share_high": share_high, "share_high_low": low, "share_high_high": up, "share_others": share_others,
                "share_others_low": others_low, "share_others_high": others_up, "hit_rate": hits / counted,
                "hit_rate_low": hit_low, "hit_rate_high": hit_up, "rate_customers": counted,
                "hit_rate_others": (43 - hits) / (150 - counted), "lift": hits / counted / 0.3,
                "strength": (share_high - share_others) / error, "beyond_chance": True,
            }
        )  # fmt: skip
    # The Large bag, of the same topic, is the third: 21 and 91 of 7 blocks.
    pd.testing.assert_frame_equal(story.contrasts(found), pd.DataFrame(rows), check_dtype=False, rtol=1e-6)


def test_what_may_be_luck_or_has_no_name_is_not_in_the_picture(found):
    rows = [
        contrast("First order held 'A'", high=45, customers=60, topic="what"),
        contrast("First order was from 'B'", high=44, customers=60, topic="what"),
        contrast("First order held 'C'", high=43, customers=60, topic="what"),  # the third of its topic
        contrast("First order went to (other)", high=42, customers=60, topic="where", named=False),
        contrast("First order went to CA", high=42, customers=60, topic="where", beyond_chance=False),
        contrast("said yes to marketing", high=41, customers=60),
        contrast("Said yes to marketing", high=40, customers=60),  # reads the same
        *(contrast(f"Trait {place}", high=39, customers=60) for place in range(7)),
    ]
    shown = story.contrasts(with_profile(found, contrasts=pd.DataFrame(rows)))
    assert story.MOST_OF_A_TOPIC == 2
    assert story.MOST_CONTRASTS == 8
    assert shown["label"].tolist() == [
        "Held 'A'", "Was from 'B'", "Said yes to marketing", "Trait 0", "Trait 1", "Trait 2", "Trait 3", "Trait 4",
    ]  # fmt: skip
    assert shown["high"].tolist() == [45, 44, 41, 39, 39, 39, 39, 39]


def test_without_a_usable_profile_there_is_no_picture(plain, found, words):
    for analysis in (plain, with_profile(found, usable=False)):
        frame = story.contrasts(analysis)
        assert frame.empty
        assert "label" in frame
        assert story.contrasts_title(analysis, words) == "Nothing differs"


def test_half_of_high_value_customers_began_with_the_kit(page, found, words, german):
    assert (large.KIT_OF_HIGH, large.KIT_OF_OTHERS) == (1 / 2, 1 / 14)
    page.says("picture", story.contrasts_title(found, words), "50% 7%")
    page.says("picture", story.contrasts_title(found, german), ["50\xa0%", "7\xa0%"])


def test_rules_are_counted_on_the_half_that_did_not_shape_them(page, found, words, german):
    # Which half is the draw's; the three first products are the rules, whichever it is.
    counted = np.random.default_rng(0).permutation(300) % 2 == 1
    place, block = np.arange(300) % 20, np.arange(300) // 20
    high, kit = np.isin(place, large.HIGH_PLACES), np.isin(place, large.KIT_PLACES)
    rows = []
    for group in (kit, ~kit & (block % 2 == 0), ~kit & (block % 2 == 1)):
        hits, people = int(high[counted & group].sum()), int((counted & group).sum())
        low, up = wilson(hits, people)
        rate = f"{as_people_round(hits / people)} ({as_people_round(low)[:-1]}–{as_people_round(up)[:-1]})"
        rows.append((rate, people, round(hits / people / large.BASE_RATE, 1)))
    assert rows == [("77% (60–89)", 31, 2.6), ("20% (12–31)", 69, 0.7), ("10% (4–21)", 50, 0.3)]
    page.shows("rules", story.rules(found, words), [
        "77% 60 89 31 2.6", "20% 12 31 69 0.7", "10% 4 21 50 0.3",
    ])  # fmt: skip
    assert story.rules(found, german)["Became high-value"].tolist() == [
        "77\xa0% (60–89)", "20\xa0% (12–31)", "10\xa0% (4–21)",
    ]  # fmt: skip
    assert large.RULES_COUNTED == 150
    page.says("rules counted", story.rules_counted(found, words), "150")


def test_what_was_not_used_is_named_with_its_reason(page, plain):
    frame = story.not_used(plain)
    page.shows("not used", frame, [[]] * 8)
    assert frame["Column"].tolist() == [
        "Discount on the first order", "First order at a discount", "First product", "Country", "Channel",
        "Said yes to marketing", "Month of the first order", "Weekday of the first order",
    ]  # fmt: skip


def test_what_is_the_same_for_all_300_was_not_used(page, found):
    frame = story.not_used(found)
    page.shows("not used: same for all", frame[~frame["Column"].str.contains("discount", case=False)], [[]] * 5)


def test_a_column_that_the_file_does_not_have_goes_without_saying(found):
    assert "Discount Amount" not in large.HEADINGS
    assert not story.not_used(found)["Column"].str.contains("discount", case=False).any()


# --- what happens after the first order -------------------------------------------------------------------------------
def test_behaviour_of_those_below_the_average_of_their_age(plain, at_margin, words, german):
    below = [below for _, below in hand.BEHAVIOUR.values()]
    assert below == pytest.approx([8 * 365 / 1905, 38.75, 90, 113 / 708, 2 / 8])  # 1.533, ..., 15.96 %, 25 %
    frame = story.behaviour(plain, words)
    assert frame["Below average"].tolist() == ["1.5", "$38.75", "90", "16%", "25%"]
    assert story.behaviour(plain, german)["Below average"].tolist() == ["1,5", "38,75\xa0$", "90", "16\xa0%", "25\xa0%"]
    assert list(frame["After the first order"]) == list(hand.BEHAVIOUR)
    pd.testing.assert_frame_equal(story.behaviour(at_margin, words), frame)  # it is of what they paid


def test_behaviour_of_those_above_the_average_of_their_age(plain, words):
    above = [above for above, _ in hand.BEHAVIOUR.values()]
    assert above == pytest.approx([14 * 365 / 867, 1385 / 14, 37, 0, 0])  # 5.894, 98.929
    frame = story.behaviour(plain, words)
    assert frame["Above average"].tolist() == ["5.9", "$98.93", "37", "0%", "0%"]
    # Asked are the 3 above and the 8 below; of an order after the first, or a second day, the 3 and 5 who had one.
    assert frame["Customers"].tolist() == ["11", "8", "8", "11", "11"]


def test_behaviour_in_the_pattern(page, found, words):
    # Above: 1,160 orders after the first of the 90 high-value ones, less the 18 of customer 0, who alone has reached
    # day 1,095 and is the average there. Their days: 90 x 1,095 - 26,100 = 72,450 (2i adds up to 2 x (6 x 20 x 105 + 15
    # x 30) over 15 blocks), less 1,095: 5.84 a year. Below: 203 orders in 328,500 - 89,700 - 72,450 = 166,350 days are
    # 0.445 a year; 2,030 / 203; the middle of 30 x 20, 15 x 90 and 150 x 100 days; 15 of 210 never came back.
    assert [round(365 * orders / days, 1) for orders, days in ((1142, 71_355), (203, 166_350))] == [5.8, 0.4]
    frame = story.behaviour(found, words)
    page.shows("behaviour: rates", frame[["After the first order", "Above average", "Below average"]], [
        "5.8 0.4", "$50.00 $10.00", "60 100", "0% 0%", "0% 7%",
    ])  # fmt: skip


def test_who_is_the_average_of_their_age_is_not_asked(found, words):
    # 89 above and 210 below; 89 and 195 of them had an order after the first.
    assert story.behaviour(found, words)["Customers"].tolist() == ["299", "284", "284", "299", "299"]


# --- how it is computed -----------------------------------------------------------------------------------------------
def test_high_value_is_more_than_the_average_after_the_first_order(page, plain, at_margin, found, words, german):
    # Up to day 365 of theirs, the day itself included: Hana's 60 (day 365), nothing of Eve's (366), Ivo's 35, Ada's
    # 100 + 110 + 90 + 117.25 + 115. A quarter of 627.25.
    assert 627.25 / 4 == 156.8125
    for analysis in (plain, at_margin):
        page.says("computed: not tested", "\n".join(story.computed(analysis, words)), "$157 365 4")
    page.says("computed: not tested", "\n".join(story.computed(plain, german)), ["157\xa0$", "365", "4"])
    assert large.THRESHOLD == 96.50
    page.says("computed", "\n".join(story.computed(found, words)), "$96.50 365 300 75")
    page.says("computed", "\n".join(story.computed(found, german)), ["96,50\xa0$", "365", "300", "75"])
    assert f"({MODEL})" in story.computed(found, words)[2]


def test_what_is_high_value_in_a_shorter_history(page, shop, looked_back, too_early, with_expected, words):
    # Up to day 330 of theirs Ivo's 35 and Ada's 100 + 110 + 90 + 117.25 (her 115 came on day 349): 452.25 / 4 = 113.06.
    for analysis, numbers in (
        (looked_back, "$113 330 4"),
        (too_early, "$113 300 4"),  # by day 300 the same
        (with_expected, "$0 180 2"),  # Hana and Eve, who had not come back yet
        (shop(starts_at_opening=False), "$151 300 3"),  # without Hana: 452.25 / 3 = 150.75
    ):
        page.says("computed: not tested", "\n".join(story.computed(analysis, words)), numbers)
    nobody_yet = shop(observation_end=hand.day(89))
    page.says("computed: nobody yet", "\n".join(story.computed(nobody_yet, words)), "90")

"""What the page says of repeat purchases, every number of it worked out by hand."""

import datetime as dt
from types import SimpleNamespace

import hand_shop as hand
import numpy as np
import pandas as pd
import pattern_shop as large
import pytest
from scipy.stats import t as student

from clvapp import columns, repeat
from clvapp.story import payback
from clvapp.story import repeat as story
from clvapp.story.figure import Figure

NEAR = {"rel": 1e-6, "abs": 1e-9}
QUOTED = "2013 -2018"  # "marketing articles of 2013-2018"
NOT_ONE = 0.025  # of n people nobody did it: so many at most is 1 - NOT_ONE^(1/n); all did it: so many at least


def in_german(numbers):
    """What an American reads as "9% $66.67" as a German reads it."""
    swapped = (number.translate(str.maketrans(".,", ",.")) for number in numbers.split())
    return [
        f"{one.removesuffix('%')}\xa0%" if one.endswith("%") else f"{one[1:]}\xa0$" if one.startswith("$") else one
        for one in swapped
    ]


def at_most(people):
    """Where none of so many did it, the upper end of the band."""
    return 1 - NOT_ONE ** (1 / people)


def at_least(people):
    """Where all of so many did it, the lower end of the band."""
    return NOT_ONE ** (1 / people)


def percents(*shares):
    """Shares in whole percents, halves rounded up."""
    return [int(100 * share + 0.5) for share in shares]


def stand_in(**returning):
    """What stands in for an analysis whose views of who comes back are these."""
    seen = SimpleNamespace(**returning)
    return SimpleNamespace(views={}, returning=seen, observation_end=hand.LAST_DAY, no_states=None)


def says_figures(page, found, expected):
    """The figures by label: value, and the numbers of the meaning."""
    assert [(one.label, one.value) for one in found] == [(label, value) for label, value, _ in expected]
    for one, (label, _, numbers) in zip(found, expected, strict=True):
        unknown = ", unknown" if one.value == "unknown" else ""
        page.says(f"figures: {label}{unknown}", one.meaning, numbers)


@pytest.fixture(scope="module")
def midway(shop):
    """The small shop as if its file began in the middle of the shop's life."""
    return shop(starts_at_opening=False)


# --- who comes back: the small shop -----------------------------------------------------------------------------------
def test_the_answer_is_the_second_purchase_within_30_days(page, plain, at_margin, words, german):
    assert round(100 * hand.SECOND_WITHIN_30, 2) == 9.09
    assert percents(*hand.SECOND_WITHIN_30_BAND) == [1, 49]
    numbers = "30 9% 1 49 30%"  # the last is the point of reference
    page.says("answer", story.answer(plain, words), numbers)
    page.says("answer", story.answer(plain, german), in_german(numbers))
    page.says("answer", story.answer(at_margin, words), numbers)


def test_the_answer_looked_back(page, looked_back, too_early, with_expected, words):
    # 12 December: Kim is watched for 11 days, Lou for 12. Of the nine others Finn comes on day 30.
    low, high = hand._band(8 / 9, 1 / (9 * 8))
    assert percents(1 / 9, low, high) == [11, 2, 57]
    page.says("answer", story.answer(looked_back, words), "30 11% 2 57 30%")
    # 16 October: those two have not come yet; the same nine.
    page.says("answer", story.answer(too_early, words), "30 11% 2 57 30%")
    # 31 December 2023: Hana, Eve, Ivo and Ada; none came within 30 days.
    # Of four customers no band is given.
    page.says("answer, few", story.answer(with_expected, words), "30 0% 30%")


def test_the_answer_where_the_file_begins_midway(page, midway, words):
    # The gaps between days with an order, Dan's on day 580 included: nine in ten take up to 99.1 days, so the file is
    # believed from 1 April 2023 on (day 90, the nearest to day 99). Hana's first order is of January: ten are left.
    assert midway.burn_in.end == hand.since_1970(90)
    low, high = hand._band(9 / 10, 1 / (10 * 9))
    assert percents(low, high) == [1, 53]
    page.says("answer", story.answer(midway, words), "30 10% 1 53 30%")


def test_where_all_of_the_file_may_be_old_customers_the_reason_is_the_answer(page, shop, words):
    # 1 March 2023 is day 59. A third of the 60 days is left out, to the nearest month's beginning: 1 February, day 31.
    early = shop(starts_at_opening=False, observation_end=hand.day(59))
    assert early.burn_in.end == hand.since_1970(31)
    page.says("answer, nobody", story.answer(early, words), "30")
    page.says("curve title, nobody", story.curve_title(early, words), "")
    says_figures(page, story.figures(early, words), [
        ("Buy again within 90 days", "unknown", "90"), ("Of those, a third time", "unknown", "180 90"),
        ("Revenue from existing customers", "unknown", "12"), ("Not back within a year", "unknown", "365"),
    ])  # fmt: skip


def test_the_figures(page, plain, at_margin, words, german):
    assert round(100 * hand.SECOND_WITHIN_90, 1) == 65.4
    assert (hand.SECOND_ASKED, hand.THIRD_ASKED, hand.THIRD_WITHIN_90) == (11, 6, 0.5)
    assert round(100 * hand.EXISTING_SHARE, 1) == 81.9
    assert (hand.NOT_BACK_ASKED, round(100 * hand.NOT_BACK, 1)) == (11, 11.5)
    expected = [
        ("Buy again within 90 days", "65%", "90 11"),
        ("Of those, a third time", "50%", "90 6"),
        ("Revenue from existing customers", "82%", ""),
        ("Not back within a year", "12%", "365 11"),
    ]
    says_figures(page, story.figures(plain, words), expected)
    says_figures(page, story.figures(at_margin, words), expected)
    says_figures(
        page, story.figures(plain, german), [(label, in_german(value)[0], more) for label, value, more in expected]
    )
    assert all(type(one) is Figure for one in story.figures(plain, words))


def test_the_figures_looked_back(page, looked_back, too_early, with_expected, midway, words):
    # 12 December: nine are watched for 30 days and more; of these six come by day 90. Eleven count, Kim and Lou too.
    # December is not over: of December 2023 to November 2024, 1,991.25 (35 + 2,100 - 143.75), existing customers paid
    # 35 + Hana 60 + Ada 532.25 + Ben 332 + Cleo 395 + Dan 90 + Eve 100 + Finn 65 + Gus 20 = 1,629.25: 81.8 %.
    assert round(100 * 1629.25 / 1991.25, 1) == 81.8
    says_figures(page, story.figures(looked_back, words), [
        ("Buy again within 90 days", "67%", "90 11"),
        ("Of those, a third time", "50%", f"90 {hand.LOOK_BACK_THIRD_ASKED}"),
        ("Revenue from existing customers", "82%", ""),
        ("Not back within a year", "11%", "365 11"),  # 3/9, then Ivo of three and Hana of two: 1/9
    ])  # fmt: skip
    # 16 October: a third purchase is asked of Ada (62 days) and of Dan (90), whose first orders are 180 days old; Ada
    # made it after 60 days, Dan after 91. From October 2023 to September 2024 customers paid 1,722.25 (25 + 60 + 35 +
    # 160 + 150 + 240 + 435 + 342.25 + 60 + 215); less first months' 25 + 60 + 40 + 150 + 150 it is 1,297.25: 75.3 %.
    # Not back within a year: the same 1/9.
    assert round(100 * 1297.25 / 1722.25, 1) == 75.3
    says_figures(page, story.figures(too_early, words), [
        ("Buy again within 90 days", "67%", "90 9"),
        ("Of those, a third time", "50%", "90 2"),
        ("Revenue from existing customers", "75%", ""),
        ("Not back within a year", "11%", "365 9"),
    ])  # fmt: skip
    # 31 December 2023: nobody came within 90 days (Ivo came on day 91). Ivo's 35 of 300 are 11.7 %. Hana came 364 days
    # ago: nobody has been watched for a year.
    says_figures(page, story.figures(with_expected, words), [
        ("Buy again within 90 days", "0%", "90 4"),
        ("Of those, a third time", "unknown", "180 90"),
        ("Revenue from existing customers", "12%", ""),
        ("Not back within a year", "unknown", "365"),
    ])  # fmt: skip
    # Without Hana: day 30 9/10, day 31 7/8 (Kim and Finn are gone), days 33 to 90: 5/6 x 4/5 x 3/4 x 2/3 = 1/3.
    assert round(100 * (1 - 9 / 10 * 7 / 8 / 3), 2) == 73.75
    says_figures(page, story.figures(midway, words), [
        ("Buy again within 90 days", "74%", "90 10"),
        ("Of those, a third time", "50%", "90 6"),
        ("Revenue from existing customers", "82%", ""),
        ("Not back within a year", "13%", "365 10"),  # 9/10 x 7/8 x 1/3, and Ivo of Ivo and Eve: 13.1 %
    ])  # fmt: skip


def curve_by_hand():
    """Kim is watched for 30 days, Lou for 31, the other nine for longer than 90 or until they come."""
    comes = {30: 11, 31: 9, 33: 7, 37: 6, 62: 5, 90: 4}  # day -> who is watched then; one of them comes
    rows, kept, greenwood = [], 1.0, 0.0
    for day in range(91):
        watched = next(
            people for until, people in ((30, 11), (31, 9), (33, 7), (37, 6), (62, 5), (90, 4)) if day <= until
        )
        if day in comes:
            kept, greenwood = kept * (1 - 1 / watched), greenwood + 1 / (watched * (watched - 1))
        low, high = hand._band(kept, greenwood) if kept < 1 else (0.0, at_most(11))
        rows.append(("", day, watched, int(day in comes), 1 - kept, low, high, 11))
    return pd.DataFrame(rows, columns=["group", "day", "at_risk", "came", "share", "low", "high", "customers"])


def test_the_curve_is_kaplan_and_meiers(page, plain, words, german):
    frame = curve_by_hand()
    assert frame["share"].iloc[[29, 30, 31, 90]].tolist() == pytest.approx(
        [0, hand.SECOND_WITHIN_30, 1 - 10 / 11 * 8 / 9, hand.SECOND_WITHIN_90]
    )
    pd.testing.assert_frame_equal(plain.returning.curve, frame, check_dtype=False, rtol=1e-6)
    page.says("curve title", story.curve_title(plain, words), "65% 90")
    page.says("curve title", story.curve_title(plain, german), in_german("65% 90"))


def test_the_curves_title_is_of_the_last_day_that_anybody_was_watched_for(page, words):
    rows = pd.DataFrame({"day": [0, 1, 2], "share": [0.0, 0.25, np.nan], "customers": 4})
    page.says("curve title, one day", story.curve_title(stand_in(curve=rows), words), "25% 1")
    nobody = rows.assign(share=np.nan)
    page.says("curve title, nobody", story.curve_title(stand_in(curve=nobody), words), "")


def test_the_point_of_reference_of_the_curve():
    usual = repeat.REFERENCES["second_purchase"]
    assert (repeat.AGAIN_WITHIN, usual.value, usual.who) == (30, 0.30, "fast-growing shops")
    assert {key: (one.bound, one.value) for key, one in repeat.REFERENCES.items()} == {
        "second_purchase": ("about", 0.30), "third_purchase": ("over", 0.50), "cross_buying": ("about", 0.75),
        "first_month": ("over", 0.50), "repeat_first_months": ("about", 0.20), "repeat_third_year": ("over", 0.50),
        "existing_customers": ("about", 0.45), "existing_customers_best": ("about", 0.75),
    }  # fmt: skip


# --- beside other shops -----------------------------------------------------------------------------------------------
def test_every_figure_stands_beside_who_says_what_is_usual(page, plain, at_margin, words, german):
    assert percents(*hand.SECOND_WITHIN_90_BAND) == [36, 92]
    assert percents(*hand.THIRD_WITHIN_90_BAND) == [20, 89]
    assert (hand.THIRD_WITHIN_30_ASKED, hand.THIRD_WITHIN_30) == (1, 0.0)
    assert percents(hand.NOT_BACK, *hand.NOT_BACK_BAND) == [12, 1, 40]
    expected = [
        f"30 9% 1 49 30% 11 {QUOTED}",
        "90 65% 36 92 11",
        f"30 0% 50% 1 {QUOTED}",  # of one customer, no band
        f"90 50% 20 89 50% 6 {QUOTED}",
        f"30 4 {QUOTED}",  # the first month: 30 customers are needed; Hana, Eve, Ivo and Ada have had a year
        "30 3",  # of three years nobody has seen the end
        # Something new within a year: Ivo stayed with his mug; Hana went from the kettle to the teapot, and Ada from
        # the teapot to the samovar: two. Eve's vase came on day 366.
        f"30 2 {QUOTED}",
        f"12 82% 45% 75% {QUOTED}",
        f"6 0% 20% {QUOTED}",
        QUOTED,  # the third year
        "12% 1 40 11",
    ]
    page.shows("references", story.references(plain, words), expected)
    page.shows("references", story.references(at_margin, words), expected)
    page.shows("references", story.references(plain, german), [in_german(row) for row in expected])


@pytest.mark.parametrize(
    ("low", "high", "said"), [(0.1, 0.3, " (10–30)"), (0.1, np.nan, ""), (np.nan, 0.3, ""), (np.nan, np.nan, "")]
)
def test_an_interval_that_is_known_in_half_is_not_said(words, low, high, said):
    known = SimpleNamespace(key="not_back", customers=9, what="Of all,", share=0.2, low=low, high=high, references=())
    assert story.sentence(known, words) == f"Of all, 20%{said}."


def test_the_references_where_the_file_begins_midway(page, midway, words):
    # Without Hana two of those who have had a year: Ada went on to something new, Eve and Ivo did not.
    low, high = hand._band(9 / 10 * 7 / 8 / 3, 1 / (10 * 9) + 1 / (8 * 7) + 1 / 30 + 1 / 20 + 1 / 12 + 1 / 6)
    assert percents(low, high) == [43, 96]
    kept = 9 / 10 * 7 / 8 / 3
    left = hand._band(kept / 2, 1 / (10 * 9) + 1 / (8 * 7) + 1 / 30 + 1 / 20 + 1 / 12 + 1 / 6 + 1 / 2)
    assert percents(kept / 2, 1 - left[1], 1 - left[0]) == [13, 1, 44]
    page.shows("references, midway", story.references(midway, words), [
        f"30 10% 1 53 30% 10 {QUOTED}", "90 74% 43 96 10", f"30 0% 50% 1 {QUOTED}",
        f"90 50% 20 89 50% 6 {QUOTED}", f"30 3 {QUOTED}", "30 3", f"30 1 {QUOTED}",
        f"12 82% 45% 75% {QUOTED}", QUOTED, QUOTED, "13% 1 44 10",
    ])  # fmt: skip


def test_the_references_of_a_year_in_which_nobody_came_back_soon(page, with_expected, words):
    # Nobody is asked for a third purchase: nobody made the second within 30 or 90 days. All of the 2023 sales are of
    # the last 12 months; in the first six, 180, nothing came on a later day. New things: none (Ivo's mugs).
    page.shows("references, 2023", story.references(with_expected, words), [
        f"30 0% 30% 4 {QUOTED}", "90 0% 4", f"60 30 {QUOTED}", f"180 90 {QUOTED}",
        f"30 1 {QUOTED}",  # 31 December is Hana's 365th day
        "30 3", f"30 {QUOTED}",
        f"12 12% 45% 75% {QUOTED}", f"6 0% 20% {QUOTED}", QUOTED, "365 4",
    ])  # fmt: skip


# --- by first order ---------------------------------------------------------------------------------------------------
def test_first_orders_are_grouped_by_what_the_export_has(plain, pattern):
    assert story.GROUPED == {
        "First product": "product", "Category": "category", "Channel": "channel", "Country": "country",
        "Discount": "discount", "Quarter of the first order": "cohort",
    }  # fmt: skip
    # Everybody who is known bought on the web; no file names categories.
    expected = {
        "First product": "product", "Country": "country", "Discount": "discount",
        "Quarter of the first order": "cohort",
    }  # fmt: skip
    assert list(story.again_by(plain).items()) == list(expected.items())
    # The pattern's file does not say who had a discount; the small shop's says so of everybody.
    assert pattern().first_orders["discount"].isna().all()
    assert plain.first_orders["discount"].notna().all()
    assert story.again_by(pattern()) == {heading: name for heading, name in expected.items() if name != "discount"}


# Group -> customers, share who bought again within 90 days, its band. Where all or none did, the exact bound.
AGAIN_BY = {
    "product": {
        "Mug": (3, 2 / 3, *hand._band(1 / 3, 1 / 6 + 1 / 2)),  # Gus 31, Dan 90, Ivo 91
        "Bowl": (2, 1.0, at_least(2), 1.0),  # Finn 30, Ben 37
        "Kettle": (2, 0.0, 0.0, at_most(2)),  # Hana 365, Eve 366
        "Rug": (1, 1.0, at_least(1), 1.0),  # Cleo 33
        "Soap": (1, None, None, None),  # Kim, watched for 30 days
        "Spoon": (1, None, None, None),  # Lou, for 31
        "Teapot": (1, 1.0, at_least(1), 1.0),  # Ada 62
    },
    "country": {
        # Ada, Ben, Dan, Finn, Gus, Ivo, Lou: 6/7 on day 30, 5/6 on 31 (then Lou leaves), 3/4, 2/3, 1/2.
        "US": (7, 1 - 5 / 28, *hand._band(5 / 28, 1 / 42 + 1 / 30 + 1 / 12 + 1 / 6 + 1 / 2)),
        "CA": (4, 1 / 3, *hand._band(2 / 3, 1 / 6)),  # Kim has left by day 33: Cleo of three
    },
    "discount": {
        # Without Ben and Finn: day 31 7/8 (Kim has left), then Lou leaves: 5/6 x 4/5 x 3/4 = 1/2.
        "at full price": (9, 9 / 16, *hand._band(7 / 16, 1 / 56 + 1 / 30 + 1 / 20 + 1 / 12)),
        "with a discount": (2, 1.0, at_least(2), 1.0),
    },
    "cohort": {
        "2024 Q2": (4, 1.0, at_least(4), 1.0),  # Finn, Gus, Cleo, Ben
        "2023 Q4": (2, 1 / 2, *hand._band(1 / 2, 1 / 2)),  # Ada 62, Ivo 91
        "2024 Q4": (2, None, None, None),
        "2023 Q1": (1, 0.0, 0.0, at_most(1)),
        "2023 Q2": (1, 0.0, 0.0, at_most(1)),
        "2024 Q1": (1, 1.0, at_least(1), 1.0),  # Dan 90
    },
}  # fmt: skip


def has_groups(frame, expected):
    """The frame of a grouping, largest group first; in no order where they are as large."""
    assert frame["customers"].is_monotonic_decreasing
    made = pd.DataFrame.from_dict(expected, orient="index", columns=["customers", "share", "low", "high"])
    made.loc[made["customers"] < 5, ["low", "high"]] = np.nan  # of fewer than five no band is given
    made = made.rename_axis("group").reset_index().astype(dict.fromkeys(("share", "low", "high"), "float64"))
    ordered = [
        one.sort_values(["customers", "group"], ascending=[False, True], ignore_index=True) for one in (frame, made)
    ]
    pd.testing.assert_frame_equal(*ordered, check_dtype=False, rtol=1e-6)


@pytest.mark.parametrize("name", AGAIN_BY)
def test_who_comes_back_by_first_order(plain, name):
    has_groups(plain.returning.again_by(name), AGAIN_BY[name])


def test_too_few_customers_a_group_are_not_compared(page, plain, words):
    for heading, name in story.again_by(plain).items():
        title = story.again_title(plain, plain.returning.again_by(name), heading, words)
        page.says(f"again title, too few: {heading}", title, "")


def test_groups_of_30_customers_are_compared_and_of_29_are_not(page, plain, words):
    rows = [("Cup", 30, 0.60, 0.50, 0.70), ("Pot", 30, 0.30, 0.20, 0.49), ("Tea", 29, 0.9, 0.8, 0.95),
            ("Jug", 99, np.nan, np.nan, np.nan)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["group", "customers", "share", "low", "high"])
    assert repeat.FEW == 30
    page.says("again title, one stands out", story.again_title(plain, frame, "First product", words), "60% 90")
    touching = frame.assign(high=[0.70, 0.50, 0.95, np.nan])
    page.says("again title, none stands out", story.again_title(plain, touching, "First product", words), "")
    alone = frame.assign(customers=[30, 29, 29, 99])
    page.says("again title, too few: First product", story.again_title(plain, alone, "First product", words), "")


# --- each next purchase -----------------------------------------------------------------------------------------------
LADDER = "number customers came share low high reason returns quarter median three_quarters".split()  # noqa: SIM905


def test_each_next_purchase(page, plain, at_margin, words, german):
    frame = plain.returning.repeat_rate_by_order
    assert list(frame.columns) == LADDER
    assert frame["number"].tolist() == list(range(2, 11))
    asked = {**hand.LADDER, **dict.fromkeys(range(6, 11), (0, 0))}
    assert dict(zip(frame["number"], zip(frame["customers"], frame["came"], strict=True), strict=True)) == asked
    known = frame.loc[:3, ["share", "low", "high"]].to_numpy()
    assert known == pytest.approx(np.array([
        (hand.SECOND_WITHIN_90, *hand.SECOND_WITHIN_90_BAND), (hand.THIRD_WITHIN_90, *hand.THIRD_WITHIN_90_BAND),
        (1.0, np.nan, np.nan), (1.0, np.nan, np.nan),  # of one no band is given
    ]), nan_ok=True, **NEAR)  # fmt: skip
    assert frame.loc[4:, ["share", "low", "high"]].isna().all(axis=None)
    assert tuple(frame.loc[0, ["returns", "quarter", "median", "three_quarters"]]) == hand.DAYS_TO_SECOND
    # A third order by day 730, of whose first order is two years old: Hana, who has had two.
    assert frame["returns"].tolist()[1:] == [0] * 8
    assert frame.loc[1:, ["quarter", "median", "three_quarters"]].isna().all(axis=None)
    expected = [
        "2 65% 36 92 11 91 77 228",  # 76.5 rounds up
        "3 50% 20 89 6",
        "4 100% 1", "5 100% 1",  # one of one
        # A sixth purchase needs a first order of day 280 or before: Hana, Eve, Ivo; a ninth one of day 10: Hana. None
        # of them bought so often. For a tenth it would have to be of before the first day.
        "6 5 90 5 0", "7 6 90 6 0", "8 7 90 7 0", "9 8 90 8 0", "10 9 90 0",
    ]  # fmt: skip
    page.shows("each next purchase", story.by_order(plain, words), expected)
    page.shows("each next purchase", story.by_order(at_margin, words), expected)
    page.shows("each next purchase", story.by_order(plain, german), [in_german(row) for row in expected])


def test_each_next_purchase_looked_back(page, too_early, words):
    # 16 October, nine customers, none cut short. In 90 days six: kept 3/9. A second within 30 days: Finn alone.
    assert percents(*hand._band(1 / 3, 6 / (9 * 3))) == [38, 92]
    # A third is asked of Ada and Dan: 1 of 2. A fourth of Ada (306 + 270 is day 576): 61 days. A fifth needs a first
    # order of day 294 or before. Days to the second order, of whose first is a year old: Ivo 91, Hana 365.
    page.shows("each next purchase, October", story.by_order(too_early, words), [
        "2 67% 38 92 9 228 160 297",  # 91 + 274/4, 91 + 274/2, 91 + 274 x 3/4
        "3 50% 2", "4 100% 1", "5 4 90 4 0", "6 5 90 5 0", "7 6 90 6 0", "8 7 90 7 0", "9 8 90 0",
        "10 9 90 0",
    ])  # fmt: skip


def test_the_title_of_each_next_purchase(page, plain, words, german):
    page.says("ladder title", story.by_order_title(plain, words), "65 100 90 50 100")
    page.says("ladder title", story.by_order_title(plain, german), "65 100 90 50 100")

    def title(second, third):
        rows = pd.DataFrame({"number": [2, 3, 4, 5], "share": [second, third, 0.9, 0.1], "customers": 9})
        return story.by_order_title(stand_in(repeat_rate_by_order=rows), words)

    page.says("ladder title", title(0.30, 0.31), "30 100 90 31 100")
    page.says("ladder title, no third", title(0.31, np.nan), "31 100 90")
    page.says("ladder title, nobody again", title(0.0, np.nan), "0 100 90")
    page.says("ladder title, no second", title(np.nan, 0.31), "")


# --- who is due -------------------------------------------------------------------------------------------------------
# late_from is the day after the limit: Eve, Dan, Lou, Kim their last day + 91 + 1; Ben 639 + 50 + 1, Cleo 640 + 51 + 1,
# Ada 730 + 91 + 1.
LATE_FROM = {"ben": 690, "cleo": 692, "eve": 721, "dan": 722, "lou": 791, "kim": 792, "ada": 822}


def test_who_is_due(page, plain, at_margin, words, german):
    own = {who: who in hand.OWN_LIMIT for who in hand.DUE}
    soonest = sorted(hand.DUE, key=lambda who: hand.DUE[who])
    expected = pd.DataFrame(
        [
            (
                hand.email(who), hand.email(who), who.capitalize(), hand.day(hand.DUE[who]),
                max(730 - hand.DUE[who], 0), hand.OWN_USUAL_GAP[who] if own[who] else hand.USUAL_GAP, own[who],
                hand.day(LATE_FROM[who]), hand.day(hand.ORDER_DAYS[who][-1]), hand.STATE[who],
            )
            for who in soonest
        ],
        columns=columns.names(columns.DUE),
    )  # fmt: skip
    for name in ("due", "late_from", "last_order"):
        expected[name] = pd.to_datetime(expected[name]).astype("datetime64[s]")
    pd.testing.assert_frame_equal(plain.returning.due, expected, check_dtype=False)
    assert (hand.DUE_PEOPLE, hand.DUE_WITHIN_30_DAYS, hand.OVERDUE) == (7, 6, 4)
    assert (hand.DUE["lou"], hand.DUE["kim"], hand.DUE["ada"]) == (730 + 17, 730 + 18, 730 + 64)
    numbers = ["7", "6", "30", "Dec 31, 2024", "4"]
    page.says("due", story.due(plain, words), numbers)
    page.says("due", story.due(at_margin, words), numbers)
    page.says("due", story.due(plain, german), ["7", "6", "30", "31.12.2024", "4"])


def test_who_is_due_looked_back(page, looked_back, too_early, with_expected, words):
    # 12 December, day 711. The shop's usual gap is 48 as on the last day, of Ada's five the middle is 62. Ada 655 + 62
    # = 717; overdue are Ben (639 + 37.5), Cleo (673), Dan (678), Eve (677), Finn (578), Gus (577), silent for 182 days,
    # which is no more than twice 91; Kim and Lou are due in 37 and 36 days. Hana and Ivo have lapsed.
    page.says("due", story.due(looked_back, words), ["9", "7", "30", "Dec 12, 2024", "6"])
    # 16 October, day 654. 19 gaps make no states, so nobody has lapsed. Overdue: Ada (555 + 61.5), Finn (578), Gus
    # (577), Hana (413), Ivo (412). Due by day 684: Ben (676.5), Cleo (673), Eve (677) and Dan (678).
    page.says("due, few came back", story.due(too_early, words), ["9", "9", "30", "Oct 16, 2024", "5", "19", "20"])
    # 31 December 2023, day 364: one gap, 91. Hana (91) and Eve (264) are overdue; Ivo is due on day 455, Ada on 397.
    page.says("due, one came back", story.due(with_expected, words), ["4", "2", "30", "Dec 31, 2023", "2", "20"])


def test_one_who_is_due_is_one(page, shop, words):
    # 6 January 2024, day 370: the gaps are 62, 91 and 365. Eve was due on day 173 + 91; Ivo, Hana and Ada are in 85 to
    # 89 days.
    on_day_370 = shop(observation_end=hand.day(370))
    page.says("due, one", story.due(on_day_370, words), ["4", "1", "30", "Jan 6, 2024", "1", "3", "20"])


def test_the_thirtieth_day_is_within_30_days(words):
    day = pd.Timestamp(hand.LAST_DAY)
    rows = pd.DataFrame(
        {"due": [day + pd.Timedelta(days=days) for days in (-1, 0, 30, 31)], "overdue_days": [1, 0, 0, 0]}
    )
    said = story.due(stand_in(due=rows), words)
    assert said.startswith("Of the 4 customers below, 3 are due within 30 days of Dec 31, 2024, 1 of them overdue")


def test_where_nobody_can_be_expected_back_that_is_said(page, words, plain):
    nobody = stand_in(due=plain.returning.due.head(0))
    page.says("due, nobody", story.due(nobody, words), "")


# --- refunds ----------------------------------------------------------------------------------------------------------
def test_refunds_of_first_orders(page, plain, midway, words, german):
    assert [hand.REGRETTED[product] for product in ("Lamp", "Kettle")] == [(1, 1, 1.0), (2, 1, 0.1)]
    # Of fewer than five customers no band is given.
    expected = [
        "1 100% 100%",  # Lamp
        "2 50% 10%",  # Kettle: Eve's, 20 of 120 + 80
        "3 0% 0%",  # Mug
        "2 0% 0%",  # Bowl
        *["1 0% 0%"] * 4,  # Rug, Soap, Spoon, Teapot
    ]
    page.shows("refunds", story.regretted(plain, words), expected)
    page.shows("refunds", story.regretted(plain, german), [in_german(row) for row in expected])
    products = ["Lamp", "Kettle", "Mug", "Bowl", "Rug", "Soap", "Spoon", "Teapot"]
    assert story.regretted(plain, words)["First product"].tolist() == products
    # Without Hana's the kettles are Eve's: 20 of 120, 16.7 %.
    shown = story.regretted(midway, words).set_index("First product")
    assert shown.loc["Kettle"].tolist() == ["1", "100%", "17%"]


# --- by month they came -----------------------------------------------------------------------------------------------
# Months that one customer of a cohort has begun, and months that all have finished. The k-th ends on the customer's own
# day ceil(30.4375 k) - 1: 24 months after 730 days (Hana, day 730 itself), 18 after 547, 15 after 456 (Ivo, who is at
# 457 and in the next), 13 after 395, 9 after 273. Of May's three Ben began the ninth on the last day (244 days), and
# Finn has finished 7 (213 of 230); Cleo 6 (182 of 199), Jack 2 (60 of 87), Lou 1 (30 of 31), Kim 1 (30 of 30).
MONTHS_SEEN = {
    "2023-01": (24, 24), "2023-06": (19, 18), "2023-10": (16, 15), "2023-11": (14, 13), "2024-03": (10, 9),
    "2024-05": (9, 7), "2024-06": (7, 6), "2024-10": (3, 2), "2024-11": (2, 1), "2024-12": (1, 1),
}  # fmt: skip


def test_the_map_of_cohorts(plain, midway):
    rows = []
    for cohort, (begun, finished) in MONTHS_SEEN.items():
        people, so_far = hand.COHORTS[cohort][0], 0.0
        for month in range(begun):
            active, revenue = hand.TRIANGLE[cohort].get(month, (0, 0.0))
            so_far += revenue
            rows.append(
                (pd.Timestamp(f"{cohort}-01"), month, people, active, active / people, revenue, revenue / people,
                 so_far / people, month < finished, True)
            )  # fmt: skip
    names = ["cohort", "month", "customers", "active", "retention", "revenue", "revenue_per_customer",
             "cumulative_per_customer", "complete", "told_apart"]  # fmt: skip
    expected = pd.DataFrame(rows, columns=names).astype({"cohort": "datetime64[s]"})
    pd.testing.assert_frame_equal(plain.returning.cohort_table, expected, check_dtype=False)
    january = (expected["cohort"] == pd.Timestamp("2023-01-01")).to_numpy()
    assert (midway.returning.cohort_table["told_apart"].to_numpy() == ~january).all()


def test_the_titles_of_the_map(page, plain, at_margin, words, german):
    assert hand.FOURTH_MONTH_RETENTION == 2 / 9  # 22.2 %
    assert hand.FIRST_YEAR_REVENUE == 223.0625
    for analysis in (plain, at_margin):  # revenue, whatever is earned of it
        page.says("map title, who buys", story.cohort_map_title(analysis, words, "retention"), "22%")
        page.says(
            "map title, what they bring", story.cohort_map_title(analysis, words, "cumulative_per_customer"), "$223"
        )
    page.says("map title, who buys", story.cohort_map_title(plain, german, "retention"), in_german("22%"))
    page.says(
        "map title, what they bring",
        story.cohort_map_title(plain, german, "cumulative_per_customer"),
        in_german("$223"),
    )


@pytest.mark.parametrize(
    ("analysis", "fourth", "year"),
    [
        ("looked_back", "22%", "$223"),  # the same nine (Cleo 180 days ago), the same four (Ada 405)
        (
            "too_early",
            "22%",
            "$100",
        ),  # Cleo came 123 days ago, the fourth month ends after 121; Hana, Eve, Ivo: 300 / 3
        ("with_expected", "0%", None),  # Hana and Eve; Hana's twelfth month ends on day 365
        ("midway", "25%", "$251"),  # without Hana: 2 of 8; (100 + 60 + 592.25) / 3 = 250.75
    ],
)
def test_the_titles_of_the_map_looked_back(page, request, words, analysis, fourth, year):
    looked = request.getfixturevalue(analysis)
    page.says("map title, who buys", story.cohort_map_title(looked, words, "retention"), fourth)
    key = "map title, what they bring" if year else "map title, no year"
    page.says(key, story.cohort_map_title(looked, words, "cumulative_per_customer"), year or "")


def test_the_fourth_month_ends_on_day_121(page, shop, words):
    # 1 May 2023 is day 120, for Hana alone. Her fourth month ends after 4 x 30.4375 = 121.75 days.
    before, after = (shop(observation_end=hand.day(day)) for day in (120, 121))
    page.says("map title, no fourth month", story.cohort_map_title(before, words, "retention"), "")
    page.says("map title, who buys", story.cohort_map_title(after, words, "retention"), "0%")


# Cohort -> months finished, earned in them a customer, in which month 90 were earned, earned in the first year.
PAID = {
    "2023-01": (24, 140.00, 12, 140.00), "2023-06": (18, 200.00, 1, 100.00), "2023-10": (15, 60.00, None, 60.00),
    "2023-11": (13, 592.25, 3, 592.25),  # Ada's last order is of the month that is not over
    "2024-03": (9, 130.00, 3, None), "2024-05": (7, 189.00, 2, None), "2024-06": (6, 545.00, 1, None),
    "2024-10": (2, 0.00, None, None), "2024-11": (1, 22.00, None, None), "2024-12": (1, 18.00, None, None),
}  # fmt: skip


def paid_by_hand(cost, margin=1.0, months=None):
    """The table of payback by hand: in `months` the month in which each cohort had earned its cost."""
    rows = [
        (
            pd.Timestamp(f"{cohort}-01"), hand.COHORTS[cohort][0], cost, finished, margin * earned,
            month if months is None else months.get(cohort), None, margin * earned / cost,
            None if year is None else margin * year / cost, True,
        )
        for cohort, (finished, earned, month, year) in PAID.items()
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns.names(columns.PAYBACK))
    return frame.astype(
        {"cohort": "datetime64[s]", "paid_back_in": "Int64", "pays_back_in": "Int64", "ltv_cac_year": "float64"}
    )


def test_when_new_customers_have_paid_for_what_winning_them_cost(page, plain, words, german):
    assert (hand.WINNING_COSTS, hand.PAID_BACK_WITHIN, hand.NOT_PAID_BACK, hand.COHORTS_ASKED) == (90.0, 3, 1, 7)
    said, paid = payback.payback(plain, words, 90.0)
    pd.testing.assert_frame_equal(paid, paid_by_hand(90.0), check_dtype=False)
    page.says("payback, one late", said, "$90.00 6 7 3")
    page.says("payback, one late", payback.payback(plain, german, 90.0)[0], in_german("$90.00 6 7 3"))


def test_at_a_margin_only_what_is_earned_pays_back(page, at_margin, words):
    # Of 40 %: Ada has earned 24, 64, 108 by month 5, Cleo 60 and 112 by month 2; of the seven who are asked the five
    # others have not paid back 90, the middle one among them.
    said, paid = payback.payback(at_margin, words, 90.0)
    pd.testing.assert_frame_equal(paid, paid_by_hand(90.0, 0.4, {"2023-11": 5, "2024-06": 2}), check_dtype=False)
    page.says("payback, several late", said, "$90.00 2 7")
    # 36 are 90 at that margin.
    page.says("payback, one late", payback.payback(at_margin, words, 36.0)[0], "$36.00 6 7 3")


def test_the_cost_may_differ_by_month(page, plain, words):
    # May's customers have brought 106.67 each by month 2, June's 150 in month 1: the middle is 1.5, so within 2 months;
    # the costs' is 105. Neither has had a year, and both have paid back.
    cost = {dt.date(2024, 5, 1): 90.0, dt.date(2024, 6, 1): 120.0}
    said, paid = payback.payback(plain, words, cost)
    assert paid[["customers", "acquisition_cost", "paid_back_in"]].to_numpy().tolist() == [[3, 90, 2], [1, 120, 1]]
    page.says("payback, all and no year", said, "$105 2")
    # December's have been there for a month.
    page.says("payback, too early", payback.payback(plain, words, {dt.date(2024, 12, 1): 90.0})[0], "")
    # October's never paid back, nor have June's of 2023, at 300 each.
    late = {dt.date(2023, 10, 1): 300.0}
    page.says("payback, one and late", payback.payback(plain, words, late)[0], "$300")
    page.says("payback, none", payback.payback(plain, words, 600.0)[0], "$600 7")


def test_payback_looked_back(page, looked_back, midway, words):
    # On 12 December Cleo has finished five months: six cohorts are asked. 1 2 3 3 12.
    page.says("payback, one late", payback.payback(looked_back, words, 90.0)[0], "$90.00 5 6 3")
    # Without January's: 1 1 2 3 3 and one that has not, so the middle is 2.5; of 1.11, 0.67 and 6.58 it is 1.11.
    page.says("payback, one late", payback.payback(midway, words, 90.0)[0], "$90.00 5 6 3")


def test_what_winning_costs_may_stand_in_the_settings(page, plain, shop, words):
    page.says("payback, not asked", payback.said(plain, words), "")
    at_cost = shop(acquisition_cost=90.0)
    assert payback.said(at_cost, words) == payback.payback(plain, words, 90.0)[0]
    page.says("payback, for nothing", payback.said(shop(acquisition_cost=0.0), words), "")


def test_half_a_year_is_six_months():
    assert payback.MONTHS_IN_YEAR == 12


# --- how it is computed -----------------------------------------------------------------------------------------------
def test_how_it_is_computed(page, plain, midway):
    for place, text in enumerate(story.computed(plain)):
        page.says(f"computed {place + 1}", text, "1958" if place == 0 else "")
    page.says("computed 1, midway", story.computed(midway)[0], "1958")
    assert story.computed(midway)[1:] == story.computed(plain)[1:]


# --- the shop by a pattern: enough customers for every figure ---------------------------------------------------------
def jackknife(groups):
    """A share of money with its interval, leaving out one customer at a time; a group is (customers, part, whole)."""
    part, whole = (np.repeat([row[i] for row in groups], [row[0] for row in groups]).astype(float) for i in (1, 2))
    n, share = len(whole), part.sum() / whole.sum()
    without = (part.sum() - part) / (whole.sum() - whole)
    witnesses = whole.sum() ** 2 / (whole**2).sum()
    reach = student.ppf(0.975, witnesses - 1) * np.sqrt((n - 1) / n * ((without - share) ** 2).sum())
    return share, share - reach, share + reach


def test_the_figures_of_the_pattern(page, pattern, words):
    # Nobody came later than July 2023, so all of 2024 is of existing customers.
    known = (large.SECOND_WITHIN_90, large.THIRD_ASKED, large.THIRD_WITHIN_90, large.NOT_BACK)
    assert known == (0.45, 135, 6 / 9, 0.05)
    says_figures(page, story.figures(pattern(), words), [
        ("Buy again within 90 days", "45%", "90 300"),
        ("Of those, a third time", "67%", "90 135"),
        ("Revenue from existing customers", "100%", ""),
        ("Not back within a year", "5%", "365 300"),
    ])  # fmt: skip
    page.says("curve title", story.curve_title(pattern(), words), "45% 90")


def test_the_references_of_the_pattern(page, pattern, words):
    rows = pattern().returning.figures.set_index("key")
    second = {30: hand._band(0.9, 30 / (300 * 270)), 90: hand._band(0.55, 135 / (300 * 165))}
    assert (large.SECOND_WITHIN_30, percents(*second[30]), percents(*second[90])) == (0.1, [7, 14], [40, 51])
    third = hand._band(1 / 3, 90 / (135 * 45))
    assert percents(*third) == [59, 74]
    assert percents(at_most(30)) == [12]  # places 16 and 17 came within 30 days, and never a third time
    # First year, a customer: 90 high-value 340, of which 40 in the first month; 30 quick ones 50 and 50; 165 others 50,
    # of which 40; 15 never again 40 and 40.
    month = jackknife([(90, 40, 340), (30, 50, 50), (165, 40, 50), (15, 40, 40)])
    assert month[0] == pytest.approx(large.FIRST_MONTH_OF_YEAR)
    assert percents(*month) == [30, 27, 33]
    crossed = jackknife([(135, 1, 1), (150, 0, 1)])
    assert crossed[0] == large.CROSS_BUYING_WITHIN_90
    assert percents(*crossed) == [47, 42, 53]
    came = hand._band(0.05, 285 / (300 * 15))
    gone = (1 - came[1], 1 - came[0])
    assert percents(*gone) == [3, 8]
    for key, numbers in (("first_month", month), ("cross_buying", crossed), ("not_back", (0.05, *gone))):
        assert rows.loc[key, ["share", "low", "high"]].tolist() == pytest.approx(numbers, **NEAR), key
    # January to June 2022 are days 0 to 180: 91 first orders (i up to 90) of 40; refills for 50 of 19 high-value
    # customers (i up to 60), of 11 a second one (i up to 30) and of customer 0 a third: 31; samples for 10 of places 3,
    # 5-8, 10-13 and 15 (i up to 40: 20), of 16 and 17 (up to 80: 8) and of 18 (up to 45: 2). 1,850 of 5,490.
    assert percents((31 * 50 + 30 * 10) / (91 * 40 + 31 * 50 + 30 * 10)) == [34]
    page.shows("references, pattern", story.references(pattern(), words), [
        f"30 10% 7 14 30% 300 {QUOTED}", "90 45% 40 51 300", f"30 0% 0 12 50% 30 {QUOTED}",
        f"90 67% 59 74 50% 135 {QUOTED}", f"30% 27 33 50% 300 {QUOTED}",
        "30 3 1",  # customer 0 has been there for 1,095 days
        f"90 47% 42 53 75% 285 {QUOTED}",
        f"12 100% 45% 75% {QUOTED}",
        f"6 34% 20% {QUOTED}",
        f"100% 50% {QUOTED}",  # the third year is 2024
        "5% 3 8 300",
    ])  # fmt: skip


def of(people, came):
    """Of so many, none cut short, so many came: the share and its band."""
    kept = (people - came) / people
    return people, came / people, *hand._band(kept, came / (people * (people - came)))


def test_by_first_order_in_the_pattern(page, pattern, words):
    shop = pattern()
    # Quarters of day 2i: customers up to 44, 90, 136, 182, 227, 272, 299. Of 20 places nine come by day 90: 0 1 2 4 9
    # 14 16 17 18.
    groups = {
        "product": {"Single bag": of(128, 48), "Large bag": of(112, 42), "Starter kit": of(60, 45)},
        "country": {"US": of(160, 72), "CA": of(140, 63)},
        "discount": {"not given": of(300, 135)},
        "cohort": {
            "2022 Q1": of(45, 22),  # 9 + 9, and 40 41 42 44
            "2022 Q2": of(46, 19),  # 49 54 56 57 58, 9, and 80 81 82 84 89
            "2022 Q3": of(46, 20),  # 94 96 97 98, 9, and 120 121 122 124 129 134 136
            "2022 Q4": of(46, 23),  # 137 138, 9 + 9, and 180 181 182
            "2023 Q1": of(45, 19),  # 184 189 194 196 197 198, 9, and 220 221 222 224
            "2023 Q2": of(45, 19),  # 229 234 236 237 238, 9, and 260 261 262 264 269
            "2023 Q3": of(27, 13),  # 274 276 277 278, and 9
        },
    }
    for product, (people, share) in large.SECOND_WITHIN_90_BY_FIRST_PRODUCT.items():
        assert groups["product"][product][:2] == (people, share)
    for name, expected in groups.items():
        has_groups(shop.returning.again_by(name), expected)
    title = {
        heading: story.again_title(shop, shop.returning.again_by(name), heading, words)
        for heading, name in story.again_by(shop).items()
    }
    kit, bags = groups["product"]["Starter kit"], groups["product"]["Single bag"]
    assert percents(kit[2], bags[3]) == [64, 46]  # from 64 %, while the bags end at 46
    page.says("again title, the kit stands out", title["First product"], "75% 90")
    page.says("again title, no country", title["Country"], "")
    page.says("again title, no quarter", title["Quarter of the first order"], "")


def test_each_next_purchase_in_the_pattern(page, pattern, words):
    # From the fourth on only high-value customers are asked, and all come, after 60 days: 90 of them, then those whose
    # first order is old enough: by day 555 (84), 465 (71), 375 (58) and 285 (45).
    old_enough = {
        day: sum(i % 20 in large.HIGH_PLACES for i in range(300) if 2 * i <= day) for day in (555, 465, 375, 285)
    }
    assert list(old_enough.values()) == [84, 71, 58, 45]
    least = percents(*(at_least(people) for people in (90, 84, 71, 58, 45)))
    assert least == [96, 96, 95, 94, 92]
    # Days to the second order: 30 x 20, 90 x 60, 15 x 90, 150 x 100. To the third, of who came by day 365: 57 x 60;
    # to the fourth customer 0 alone, whose first order is three years old.
    page.shows("each next purchase, pattern", story.by_order(pattern(), words), [
        "2 45% 40 51 300 100 60 100", "3 67% 59 74 135 60 60 60", "4 100% 96 100 90 60 60 60", "5 100% 96 100 90",
        "6 100% 96 100 90", "7 100% 96 100 84", "8 100% 95 100 71", "9 100% 94 100 58", "10 100% 92 100 45",
    ])  # fmt: skip
    assert pattern().returning.repeat_rate_by_order["returns"].tolist() == [285, 57, 1, *[0] * 6]
    page.says("ladder title", story.by_order_title(pattern(), words), "45 100 90 67 100")


def test_who_is_due_in_the_pattern(page, pattern, words):
    # The 90 high-value ones, 60 days after their last order, and the 8 of the last day. Who has been silent for 30 days
    # or more is due within 30: (1095 - 2i) modulo 60 is where i modulo 30 is 8 to 22; of 18 places in 60 these are 9 10
    # 11 12 14 14 19 20 21 22 (modulo 30): 10, five times.
    page.says("due", story.due(pattern(), words), ["98", "50", "30", "Dec 31, 2024", "0"])


def test_the_map_of_the_pattern(page, pattern, words):
    # The fourth month is days 92 to 121: samples on day 100 (10 places of 20) and the second refill on day 120 (6). The
    # first twelve months end on day 365: 2,730 of 20.
    page.says("map title, who buys", story.cohort_map_title(pattern(), words, "retention"), "80%")
    money = story.cohort_map_title(pattern(), words, "cumulative_per_customer")
    page.says("map title, what they bring", money, "$137")  # 136.50


def test_payback_in_the_pattern(page, pattern, words):
    # At 40 a customer each month's customers have paid at once. In a year a high-value one brings 340, one who never
    # came back 40, all others 50. The middle of the 20 months is 3.65 times.
    by_month: dict[str, list[int]] = {}
    for i in range(300):
        brings = 340 if i % 20 in large.HIGH_PLACES else 40 if i % 20 == large.NEVER_AGAIN else 50
        by_month.setdefault(f"{large.day(2 * i):%Y-%m}", []).append(brings)
    times = [sum(brought) / len(brought) / 40 for brought in by_month.values()]
    assert (len(times), round(np.median(times), 4)) == (20, 3.65)
    said, paid = payback.payback(pattern(), words, 40.0)
    assert paid["paid_back_in"].tolist() == [1] * 20
    assert paid["ltv_cac_year"].tolist() == pytest.approx(times)
    # What a customer won now is worth, over 40: `test_newly_won` works it out.
    page.says("payback, all, and won now", said, "$40.00 1 $40.00 1 3.3 12 2.9 3.7 6.5 36 5.6 7.7")

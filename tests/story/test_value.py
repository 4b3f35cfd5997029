"""Customer value, held by the small shop worked out by hand: what a customer is worth, and who is above the average."""

import datetime as dt
from dataclasses import replace
from math import inf, nan, sqrt
from statistics import mean, stdev
from types import SimpleNamespace

import hand_shop as hand
import numpy as np
import pandas as pd
import pattern_shop as large
import pytest
from as_written import in_german, written

from clvapp import Analysis
from clvapp.story import value
from clvapp.story.formula import formula

ABOVE, BELOW = "above_average", "below_average"
# 70.00 x 4.5 x 0.757 = 238.46, which is 238; with 0.76 years it would be 239. 4.5 x 0.757 = 3.41; 70.00 x 3.4 = 238.
FORMULA = "12 $238 $70.00 3.4 4.5 0.757"
ANSWER = f"{FORMULA} 12 $200 3 25% 69%"
FACTORS = "10% $24 $260 11 12 $77.00 $70.00 4.95 4.5 0.8327 0.757"
# Of the first year: 60.00 x 2.578 x 0.482 = 74.56 and 60.00 x 1.243 = 74.58, both 75; 2.578 x 0.482 = 1.243.
FIRST_YEAR = "12 $75 $60.00 1.243 2.578 0.482 4 $75.00"
# The day before the history fills a year. Hana 80, Eve 100, Ivo 25 and Ada 60 in 4 orders; they have been there for
# 364 + 191 + 91 + 58 = 704 days, which are 11 m 29 d, 6 m 7 d, 2 m 29 d and 1 m 27 d: 20 months and 92 days of four.
UNDER_A_YEAR = dt.date(2023, 12, 30)
UNDER_A_YEAR_AOV, UNDER_A_YEAR_OFTEN, UNDER_A_YEAR_YEARS = 265 / 4, 4 * 365 / 704, (20 + 92 / 30.4375) / 12 / 4
UNDER_A_YEAR_CLV = UNDER_A_YEAR_AOV * UNDER_A_YEAR_OFTEN * UNDER_A_YEAR_YEARS


def who(frame):
    return tuple(frame["customer_id"].str.removesuffix("@example.org"))


def same(found, expected):
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


@pytest.fixture(scope="module")
def short(shop):
    """The small shop as of 30 December 2023, a day before its history fills a year."""
    return shop(observation_end=UNDER_A_YEAR)


@pytest.fixture(scope="module")
def counted(shop):
    """`counted(threshold="top")`: the first year, worked out by hand, as if what it carries were enough to count."""

    def of(**settings):
        read = shop(observation_end=hand.EARLIEST, basis="with_expected", **settings)
        analysis, found = Analysis(read.shop, read.settings), read.forecast
        analysis.__dict__["forecast"] = replace(found, enough=replace(found.enough, total=True))
        return analysis

    return of


# --- the answer -------------------------------------------------------------------------------------------------------
def test_a_customer_is_worth_average_order_times_orders_a_year_times_years(plain, words, german, page):
    assert pytest.approx(hand.AOV * hand.ORDERS_PER_YEAR * hand.YEARS) == hand.CLV
    written(hand.CLV, "$238")
    written(hand.AOV, "$70.00")
    written(hand.ORDERS_PER_YEAR * hand.YEARS, "3.4")
    written(hand.ORDERS_PER_YEAR, "4.5")
    written(hand.YEARS, "0.757")
    written(hand.AVERAGE_VALUE, "$200")
    written(len(hand.ABOVE_AVERAGE) / hand.CUSTOMERS, "25%")  # Eve stands on the average: not above
    written(hand.SHARE_OF_THOSE_ABOVE, "69%")
    page.says("answer", value.answer(plain, words), ANSWER)
    page.says("answer", value.answer(plain, german), in_german(ANSWER))
    assert value.answer(plain, german).startswith(
        "A customer who bought in the last 12 months has been worth 238\u00a0$ so far: 70,00\u00a0$ an order × 3,4 "
        "orders each (4,5 a year over 0,757 years, first orders counted)."
    )


def test_at_a_margin_a_customer_is_worth_what_is_earned_and_so_is_the_average(at_margin, words, german, page):
    written(hand.AVERAGE_EARNED, "$80.00")  # 0.4 x 200; the same three are above it, and bring as much of revenue
    written(hand.MARGIN * hand.CLV, "$95")  # 70.00 x 3.4 x 40 % = 95.2; with 4.5 and 0.757 it is 95.38
    told = "12 $95 $70.00 3.4 4.5 0.757 40% 12 $80.00 3 25% 69%"
    page.says("answer at a margin", value.answer(at_margin, words), told)
    page.says("answer at a margin", value.answer(at_margin, german), in_german(told))


def test_who_is_above_the_middle_customer(shop, words, page):
    written(hand.MEDIAN_VALUE, "$123")  # 122.50
    written(hand.SHARE_ABOVE_MEDIAN, "89%")
    assert hand.ABOVE_MEDIAN == 6
    page.says(
        "answer by the median", value.answer(shop(threshold="median"), words), f"{FORMULA} 12 $200 6 50% $123 89%"
    )


def test_who_is_above_where_the_top_fifth_begins(shop, words, page):
    written(hand.TOP_FIFTH_BEGINS, "$362")
    told = f"{FORMULA} 12 $200 3 25% $362 20% 69%"
    page.says("answer by a top share", value.answer(shop(threshold="top"), words), told)
    # The top quarter begins at 0.75 x 11 = 8.25: 200 + 0.25 x 202 = 250.50; the same three.
    told = f"{FORMULA} 12 $200 3 25% $251 25% 69%"
    page.says("answer by a top share", value.answer(shop(threshold="top", top_share=0.25), words), told)


def test_the_answer_of_a_day_looked_back_from(looked_back, words, page):
    written(hand.LOOK_BACK_AOV * hand.LOOK_BACK_ORDERS_PER_YEAR * hand.LOOK_BACK_YEARS, "$207")
    written(hand.LOOK_BACK_AOV, "$66.98")
    # 66.98 x 4.137 x 0.7456 = 206.6 and 66.98 x 3.085 = 206.6, both 207; 4.137 x 0.7456 = 3.0846.
    written(hand.LOOK_BACK_ORDERS_PER_YEAR * hand.LOOK_BACK_YEARS, "3.085")
    written(hand.LOOK_BACK_ORDERS_PER_YEAR, "4.137")
    written(hand.LOOK_BACK_YEARS, "0.7456")
    paid = hand.LOOK_BACK_REVENUE - hand.NOBODYS_REVENUE  # 2,274.25
    written(paid / 12, "$190")
    # Eve's 200 are above that now; Ada has paid 125.75 less.
    written((592.25 + 402 + 545 + 200) / paid, "76%")
    page.says("answer", value.answer(looked_back, words), "12 $207 $66.98 3.085 4.137 0.7456 12 $190 4 33% 76%")


def test_shares_are_of_revenue_where_every_order_names_somebody(pattern, shop, plain, words, page):
    many = pattern()
    written(large.AVERAGE_VALUE, "$240")
    written(large.AOV, "$49.42")
    written(large.ORDERS_PER_YEAR, "5.6")
    written(large.SHARE_OF_THOSE_ABOVE, "86%")
    found = many.simple_clv  # of years: see the next test
    written(large.AOV * large.ORDERS_PER_YEAR * found.years, "$609")  # 49.42 x 12.32 = 608.9; 12.32 = 5.6 x 2.2
    written(large.ORDERS_PER_YEAR * found.years, "12.32")
    page.says("answer of revenue", value.answer(many, words), "12 $609 $49.42 12.32 5.6 2.2 300 $240 90 30% 86% $132")
    assert value.of_revenue(many) == "of revenue"
    assert value.of_revenue(plain) == "of the revenue of known customers"
    # Nobody came on 11 April 2023, which is day 100, for the first time.
    assert value.of_revenue(shop(observation_end=hand.day(99))) == "of revenue"
    assert value.of_revenue(shop(observation_end=hand.day(100))) == "of the revenue of known customers"


def test_years_of_the_pattern_run_from_first_order_to_the_end(pattern, words):
    # The 98 who bought in 2024: all of the high places, and place 3 of the even blocks. In calendar months and days.
    bought = [i for i in range(300) if i % 20 in large.HIGH_PLACES or (i % 20 == 3 and i // 20 % 2 == 0)]
    assert len(bought) == large.BOUGHT_IN_YEAR
    first = [large.day(2 * i) for i in bought]
    months = [12 * (2024 - day.year) + 12 - day.month + (31 - day.day) / 30.4375 for day in first]
    written(mean(months) / 12, "2.2")
    written(mean(months) / 12, "2.20")
    assert pattern().simple_clv.years == pytest.approx(mean(months) / 12)
    assert value.figures(pattern(), words)[3].value == "2.2"


def test_with_what_is_expected_those_above_are_above_another_line(counted, words, german, page):
    with_expected = counted()
    years = (20 + 96 / 30.4375) / 12 / 4  # from first order to 31 December: 11 m 30 d, 6 m 8 d, 2 m 30 d, 1 m 28 d
    written(60 * hand.EARLIEST_ORDERS_PER_YEAR * years, "$75")
    written(hand.EARLIEST_ORDERS_PER_YEAR * years, "1.243")
    written(hand.EARLIEST_ORDERS_PER_YEAR, "2.578")
    written(years, "0.482")
    written(hand.EARLIEST_REVENUE / 4, "$75.00")
    written(hand.EARLIEST_WORTH, "$104")
    # Everybody is expected to bring 29.31: Eve comes to 129.31, Hana to 109.31, Ada and Ivo to 89.31.
    written(180 / 300, "60%")
    told = f"{FIRST_YEAR} 2 50% $104 60%"
    page.says("answer with what is expected", value.answer(with_expected, words), told)
    page.says("answer with what is expected", value.answer(with_expected, german), in_german(told))


@pytest.mark.parametrize("rule", ["median", "top"])
def test_other_lines_with_what_is_expected_say_so(counted, words, page, rule):
    # In order 89.31, 89.31, 109.31, 129.31: the middle is 99.31; at 0.8 x 3 = 2.4 it is 109.31 + 0.4 x 20 = 117.31.
    ahead = hand.EARLIEST_VALUE_AHEAD / 4
    written(70 + ahead, "$99.31")
    written(88 + ahead, "$117")
    said = {"median": "2 50% $99.31 60%", "top": "1 25% $117 20% 33%"}[rule]
    told = f"{FIRST_YEAR} {said}"
    page.says(f"answer by {rule} with what is expected", value.answer(counted(threshold=rule), words), told)


def test_what_cannot_be_told_yet_counts_for_nobody_and_that_is_said(with_expected, words, page):
    assert with_expected.settings.basis == "with_expected"  # of a year in which too few came back for a forecast
    page.says("answer, the forecast untold", value.answer(with_expected, words), f"{FIRST_YEAR} 2 50% 60%")
    assert value.worth_label(with_expected) == "Value so far"
    assert with_expected.segments.threshold == 75.0


def test_without_a_customer_there_is_no_answer(words):
    nobody = SimpleNamespace(simple_clv=None, views={})
    assert value.answer(nobody, words) is None
    assert value.figures(nobody, words) == []
    assert value.computed(nobody, words) == []
    assert value.factors_sentence(nobody, words) == ""


def test_the_sentences_by_hand(words, page):
    clv = {"clv": 12, "aov": 2, "orders_per_year": 3, "years": 2}
    page.says("formula", value.formula_sentence(formula(words, **clv)), "12 $12 $2.00 6.0 3.0 2.0")
    whole = value.formula_sentence(formula(words, **clv), period="so far")
    page.says("formula of a short history", whole, "$12 $2.00 6.0 3.0 2.0")
    one = value.value_sentence(words, **clv, average=5, customers=4, above=1, revenue_share_above=0.5)
    page.says("answer: one of revenue", one, "12 $12 $2.00 6.0 3.0 2.0 4 $5.00 1 25% 50%")
    none = value.value_sentence(words, **clv, average=5, customers=0, above=0, revenue_share_above=nan, margin=0.99)
    page.says("answer: none", none, "12 $12 $2.00 6.0 3.0 2.0 99% 0 $5.00 0")


# --- figures and how they are computed --------------------------------------------------------------------------------
def test_the_figures(plain, at_margin, words, german, page):
    assert (hand.BOUGHT_IN_YEAR, hand.ORDERS_IN_YEAR) == (11, 30)  # Ivo's last day is 366 days before the end
    told = [["$238", "11", "12"], ["$70.00", "11", "12"], ["4.5", "11", "12"], ["0.757", "Dec 31, 2024", "11", "12"]]
    page.shows("figures", pd.DataFrame(value.figures(plain, words)), told)
    page.shows("figures", pd.DataFrame(value.figures(plain, german)), [in_german(one) for one in told])
    earned = [["$95", "11", "12"], *told[1:], ["40%"]]
    page.shows("figures at a margin", pd.DataFrame(value.figures(at_margin, words)), earned)


def test_the_figures_of_a_day_looked_back_from(looked_back, words, page):
    told = [["$207", "12", "12"], ["$66.98", "12", "12"], ["4.137", "12", "12"], ["0.7456", "Dec 12, 2024", "12", "12"]]
    page.shows("figures", pd.DataFrame(value.figures(looked_back, words)), told)


def test_a_history_that_does_not_fill_a_year_is_taken_whole(short, with_expected, words, page):
    written(UNDER_A_YEAR_CLV, "$66")  # 66.25 x 2.07 x 0.48 = 65.83
    written(UNDER_A_YEAR_AOV, "$66.25")
    written(UNDER_A_YEAR_OFTEN, "2.07")
    written(UNDER_A_YEAR_YEARS, "0.48")
    told = [["$66", "4"], ["$66.25", "4"], ["2.07", "4"], ["0.48", "Dec 30, 2023", "4"]]
    page.shows("figures of a short history", pd.DataFrame(value.figures(short, words)), told)
    # A day later it is a year to the day.
    told = [["$75", "4", "12"], ["$60.00", "4", "12"], ["2.578", "4", "12"], ["0.482", "Dec 31, 2023", "4", "12"]]
    page.shows("figures", pd.DataFrame(value.figures(with_expected, words)), told)


def test_how_it_is_computed(plain, words, german, page):
    told = ["$70.00", "4.5", "0.757", "$238", "11", "30", "12", "Dec 31, 2024", "$200", "12"]
    page.says("computed", "\n".join(value.computed(plain, words)), told)
    page.says("computed", "\n".join(value.computed(plain, german)), in_german(told))


def test_how_it_is_computed_at_a_margin(at_margin, words, page):
    told = ["$70.00", "4.5", "0.757", "40%", "$95", "11", "30", "12", "$238", "Dec 31, 2024", "$80.00", "12"]
    page.says("computed at a margin", "\n".join(value.computed(at_margin, words)), told)


def test_how_it_is_computed_of_a_short_history(short, words, page):
    written(UNDER_A_YEAR_OFTEN, "2.07")
    written(UNDER_A_YEAR_YEARS, "0.48")
    told = ["$66.25", "2.07", "0.48", "$66", "4", "4", "Dec 30, 2023", "$66.25", "4"]
    page.says("computed of a short history", "\n".join(value.computed(short, words)), told)


# --- what a little more would bring -----------------------------------------------------------------------------------
def test_ten_percent_more_of_any_factor_brings_the_same(plain, at_margin, words, german, page):
    written(hand.TEN_PERCENT_GAIN, "$24")
    assert 255 < hand.TEN_PERCENT_GAIN_OF_ALL < 265  # about $260
    for better, text in zip(hand.TEN_PERCENT_BETTER, ("$77.00", "4.95", "0.83"), strict=True):
        written(better, text)
    written(1.1 * 0.757, "0.8327")  # of what is shown
    page.says("factors", value.factors_sentence(plain, words), FACTORS)
    page.says("factors", value.factors_sentence(plain, german), in_german(FACTORS))
    assert value.factors_sentence(at_margin, words) == value.factors_sentence(plain, words)


def test_ten_percent_more_in_a_short_history(short, words, page):
    written(0.1 * UNDER_A_YEAR_CLV, "$6.6")
    written(0.4 * UNDER_A_YEAR_CLV, "$26")
    written(1.1 * UNDER_A_YEAR_AOV, "$72.88")
    written(1.1 * 2.07, "2.277")
    written(1.1 * 0.48, "0.528")
    told = "10% $6.60 $26 4 $72.88 $66.25 2.277 2.07 0.528 0.48"
    page.says("factors of a short history", value.factors_sentence(short, words), told)


# --- the distribution -------------------------------------------------------------------------------------------------
def steps(*rows):
    frame = pd.DataFrame(rows, columns=["start", "end", "customers", "open", "segment"])
    return frame.astype({"start": "float64", "end": "float64"})


def test_customers_by_value_in_steps_of_one_side_each(plain):
    # Steps of 50 up to 700; the line stands at 200, where a step ends.
    rows = [
        (start, start + 50.0, customers, start == 700, ABOVE if start > 200 else BELOW)
        for start, customers in hand.DISTRIBUTION.items()
    ]
    same(value.distribution(plain), steps(*rows))


def test_at_a_margin_the_steps_are_of_what_was_earned(at_margin):
    # 0, 7.2, 8.8, 20, 24, 46, 52, 56, 80, 160.8, 218, 287.2; 272 / 24 = 11.3, so steps of 20 up to 280.
    same(
        value.distribution(at_margin),
        steps(
            (0, 20, 3, False, BELOW), (20, 40, 2, False, BELOW), (40, 60, 3, False, BELOW), (60, 80, 1, False, BELOW),
            (160, 180, 1, False, ABOVE), (200, 220, 1, False, ABOVE), (280, 300, 1, True, ABOVE),
        ),
    )  # fmt: skip


def test_a_line_inside_a_step_parts_it(shop):
    # At the median, 122.50: below it in that step stands 115, above it 130 and 140; Eve's 200 begins the next but one.
    same(
        value.distribution(shop(threshold="median")),
        steps(
            (0, 50, 3, False, BELOW), (50, 100, 2, False, BELOW), (100, 122.5, 1, False, BELOW),
            (122.5, 150, 2, False, ABOVE), (200, 250, 1, False, ABOVE), (400, 450, 1, False, ABOVE),
            (500, 550, 1, False, ABOVE), (700, 750, 1, True, ABOVE),
        ),
    )  # fmt: skip


def test_with_what_is_expected_the_steps_are_of_both(counted):
    # 89.31, 89.31, 109.31, 129.31; the 98th percentile is at 2.94: 109.31 + 0.94 x 20 = 128.11, in 24 steps 5.3 each,
    # so steps of 10, up to 130.
    line = hand.EARLIEST_WORTH
    same(
        value.distribution(counted()),
        steps((80, 90, 2, False, BELOW), (line, 110, 1, False, ABOVE), (120, 130, 1, False, ABOVE)),
    )


def test_the_finding_of_the_distribution(plain, at_margin, looked_back, counted, shop, words, german, page):
    page.says("distribution", value.distribution_title(plain, words), "25% 69%")
    page.says("distribution", value.distribution_title(plain, german), in_german("25% 69%"))
    page.says("distribution", value.distribution_title(at_margin, words), "25% 69%")
    page.says("distribution", value.distribution_title(looked_back, words), "33% 76%")
    page.says("distribution by a line", value.distribution_title(shop(threshold="median"), words), "50% $123 89%")
    page.says("distribution by a line", value.distribution_title(shop(threshold="top"), words), "25% $362 69%")
    told = value.distribution_title(counted(), words)
    page.says("distribution with what is expected", told, "50% $104 60%")


def test_what_the_distribution_is_of(plain, at_margin, counted):
    assert value.worth_label(plain) == value.worth_label(at_margin) == "Value so far"
    assert value.worth_label(counted()) == "Value so far and expected"


def test_the_two_sides_of_the_line(plain, shop, words, german):
    assert tuple(value.sides(plain, words)) == ("average", "above average", "below average")
    middle = ("middle customer", "above the middle", "below the middle")
    assert tuple(value.sides(shop(threshold="median"), words)) == middle
    top = shop(threshold="top", top_share=0.25)
    assert tuple(value.sides(top, words)) == ("top 25%: from", "top 25%", "everybody else")
    assert tuple(value.sides(top, german)) == ("top 25\u00a0%: from", "top 25\u00a0%", "everybody else")


# --- Pareto -----------------------------------------------------------------------------------------------------------
def test_customers_from_best_to_least_and_what_they_bring(plain, at_margin):
    # 718, 545, 402, 200, 140, 130, 115, 60, 50, 22, 18 and 0, added up, of 2,400.
    reached = [0, 718, 1263, 1665, 1865, 2005, 2135, 2250, 2310, 2360, 2382, 2400, 2400]
    expected = pd.DataFrame(
        {"share_of_customers": [n / 12 for n in range(13)], "share_of_revenue": [money / 2400 for money in reached]}
    )
    same(value.pareto(plain), expected)
    same(value.pareto(at_margin), expected)


def test_of_many_customers_the_curve_has_a_point_a_percent(pattern):
    paid = [sum(money for _, _, money in large._orders_of(i)) for i in range(large.CUSTOMERS)]
    reached = np.append(0, np.cumsum(sorted(paid, reverse=True)))[::3] / large.REVENUE
    assert reached[30] == pytest.approx(large.SHARE_OF_THOSE_ABOVE)
    curve = value.pareto(pattern())
    same(curve, pd.DataFrame({"share_of_customers": np.arange(101) / 100, "share_of_revenue": reached}))


def test_the_best_fifth(plain, at_margin, with_expected, pattern, words, german, page):
    written(hand.SHARE_OF_TOP_FIFTH, "53%")  # of 2 of 12, which are 17 %
    page.says("pareto", value.pareto_title(plain, words), "17% 53%")
    page.says("pareto", value.pareto_title(plain, german), in_german("17% 53%"))
    page.says("pareto", value.pareto_title(at_margin, words), "17% 53%")
    page.says("pareto", value.pareto_title(with_expected, words), "25% 33%")  # Eve's 100 of 300: one of four
    paid = sorted(sum(money for _, _, money in large._orders_of(i)) for i in range(large.CUSTOMERS))
    written(sum(paid[-60:]) / large.REVENUE, "64%")
    page.says("pareto of revenue", value.pareto_title(pattern(), words), "20% 64%")


# --- cohorts ----------------------------------------------------------------------------------------------------------
def cohorts(rows=hand.COHORTS, share=1.0):
    return pd.DataFrame(
        [(pd.Timestamp(month), people, share * sum_ / people, share * sum_) for month, (people, sum_) in rows.items()],
        columns=["month", "customers", "value", "sum_value"],
    )


def test_cohorts_by_month_of_first_order(plain, at_margin):
    same(value.cohorts(plain), cohorts())
    same(value.cohorts(at_margin), cohorts(share=hand.MARGIN))


def test_cohorts_of_a_day_looked_back_from(looked_back):
    same(value.cohorts(looked_back), cohorts({**hand.COHORTS, "2023-11": (1, 592.25)}))  # Ada, less 125.75


def test_months_of_the_burn_in_are_no_cohorts(shop, plain):
    # Nine in ten returns take 100 days: until 11 April, and the nearest month begins on the first. Hana came before.
    burnt_in = shop(starts_at_opening=False)
    same(value.cohorts(burnt_in), cohorts({month: row for month, row in hand.COHORTS.items() if month > "2023-03"}))
    months = pd.Series(pd.to_datetime(["2023-03-01", "2023-04-01", "2023-05-01"]))
    assert value.after_burn_in(burnt_in, months).tolist() == [False, True, True]
    assert value.after_burn_in(plain, months).tolist() == [True, True, True]


def test_those_who_came_earlier_had_longer_only_where_they_are_worth_more(plain, shop, words, page):
    # 249.60 a customer in the first five cohorts, 164.57 in the others.
    page.says("cohorts: earlier", value.cohorts_title(plain, words), "")
    # On 4 October 2024 there are seven. The first three: 140 + 200 + 60 = 400 of 3, 133 each. The others: Ada, who had
    # paid 477.25 by then, 130 + 567 + 545 of five more: 287 each. A day later comes Jack, who gives nothing.
    page.says("cohorts", value.cohorts_title(shop(observation_end=dt.date(2024, 10, 4)), words), "")
    # One cohort has no half before it.
    page.says("cohorts", value.cohorts_title(shop(observation_end=dt.date(2023, 1, 15)), words), "")


def test_halves_of_cohorts_are_compared_customer_by_customer(words, page):
    def title(*rows):
        months = pd.DataFrame(rows, columns=["customers", "value"]).assign(mean_value=0.0)
        months["month"] = pd.date_range("2024-01-01", periods=len(rows), freq="MS")
        return value.cohorts_title(SimpleNamespace(cohorts=months, burn_in=SimpleNamespace(end=None), views={}), words)

    # 200 of 11 customers are 18 each, 60 of 2 are 30; month by month it would be 55 against 30.
    page.says("cohorts", title((10, 100.0), (1, 100.0), (1, 30.0), (1, 30.0)), "")
    # Of three months the middle one is of the later half: 10 against 35 / 2.
    page.says("cohorts", title((1, 10.0), (1, 30.0), (1, 5.0)), "")
    page.says("cohorts: earlier", title((1, 18.0), (1, 30.0), (1, 5.0)), "")
    page.says("cohorts", title((1, 10.0), (1, 10.0)), "")


# --- groups -----------------------------------------------------------------------------------------------------------
def groups(*of_groups):
    """Name, and the values so far of its customers; Student's errors of the mean to each side, none below five."""
    rows = []
    for name, values in of_groups:
        half = STUDENT[len(values)] * stdev(values) / sqrt(len(values)) if len(values) >= 5 else nan
        low = mean(values) - half
        rows.append(
            (name, len(values), mean(values), 0.0 if low < 0 else low, mean(values) + half)
        )  # nobody is below 0
    return pd.DataFrame(rows, columns=["group", "customers", "value", "low", "high"])


STUDENT = {8: 2.364624}  # the 97.5th percentile of t with one degree of freedom less, from a printed table
IN_CANADA, IN_THE_US = (545.0, 200.0, 140.0, 18.0), (718.0, 402.0, 130.0, 115.0, 60.0, 50.0, 22.0, 0.0)
FIRST_PRODUCTS = [
    ("Teapot", (718.0,)), ("Rug", (545.0,)), ("Bowl", (402.0, 115.0)), ("Kettle", (200.0, 140.0)),
    ("Mug", (130.0, 50.0, 60.0)), ("Spoon", (22.0,)), ("Soap", (18.0,)), ("Lamp", (0.0,)),
]  # fmt: skip


def test_what_customers_can_be_grouped_by(plain, pattern):
    # All customers came by one channel, and no order names a category or a region.
    assert value.groupings(plain) == {"Country": "country", "First product": "product"}
    assert value.groupings(pattern()) == {"Country": "country", "First product": "product"}
    first = pd.DataFrame({name: ["a", "b", None] for name in ("country", "channel", "product", "category", "region")})
    every = value.groupings(SimpleNamespace(first_orders=first.assign(channel="web"), views={}))
    assert every == {"Country": "country", "First product": "product", "Category": "category", "Region": "region"}
    every = value.groupings(SimpleNamespace(first_orders=first, views={}))
    assert list(every) == ["Country", "Channel", "First product", "Category", "Region"]


def test_value_by_country(plain, at_margin):
    assert (mean(IN_CANADA), mean(IN_THE_US)) == (225.75, 187.125)
    assert hand.VALUE_BY_COUNTRY == {"CA": (4, 225.75), "US": (8, 187.125)}
    same(value.by_group(plain, "country"), groups(("CA", IN_CANADA), ("US", IN_THE_US)))
    earned = [(name, [hand.MARGIN * one for one in of]) for name, of in (("CA", IN_CANADA), ("US", IN_THE_US))]
    same(value.by_group(at_margin, "country"), groups(*earned))


def test_value_by_first_product(plain):
    expected = groups(*FIRST_PRODUCTS)
    assert {row.group: (row.customers, row.value) for row in expected.itertuples()} == hand.VALUE_BY_FIRST_PRODUCT
    same(value.by_group(plain, "product"), expected)


def test_the_best_group_of_many(pattern, words, german, page):
    by_product = value.by_group(pattern(), "product")
    found = {row.group: (row.customers, pytest.approx(row.value)) for row in by_product.itertuples()}
    assert found == large.VALUE_BY_FIRST_PRODUCT
    assert by_product["group"].tolist() == ["Starter kit", "Large bag", "Single bag"]
    written(large.VALUE_BY_FIRST_PRODUCT["Starter kit"][1], "$531")
    page.says("groups: one stands out", value.group_title(pattern(), by_product, "First product", words), "$531")
    told = value.group_title(pattern(), by_product, "First product", german)
    page.says("groups: one stands out", told, in_german("$531"))
    # Places 0, 1 and 2 return 104 times each in the even blocks, as place 4 does; with 4, 9 and 14 it is 312 + 306 =
    # 618. 160 x 40 + 618 x 50 + 8 x 13 x 10 + 8 x 10 = 38,420 of 160 customers in the US; Canada has the other 33,610.
    by_country = value.by_group(pattern(), "country")
    told = list(by_country[["group", "customers", "value"]].itertuples(index=False, name=None))
    assert told == [("US", 160, pytest.approx(38_420 / 160)), ("CA", 140, pytest.approx(33_610 / 140))]
    written(38_420 / 160, "$240")
    page.says("groups: one leads", value.group_title(pattern(), by_country, "Country", words), "$240")
    earned = SimpleNamespace(margin=0.4, views={})
    page.says("groups: one leads in what is earned", value.group_title(earned, by_country, "Country", words), "$240")


def test_who_has_no_word_is_a_row_and_leads_nothing(words, page):
    by_id = pd.DataFrame({"customer_id": list("abcdefg"), "country": ["AT"] * 5 + [None] * 2})
    people = pd.DataFrame({"customer_id": list("abcdefg"), "historic_value": [1.0, 2.0, 3.0, 4.0, 5.0, 90.0, 110.0]})
    found = value.by_group(SimpleNamespace(first_orders=by_id, customers=people, views={}), "country")
    # Of 1 to 5: mean 3, deviation 1.5811, and t of four degrees of freedom is 2.776445: 1.9632 to each side.
    half = 2.776445 * sqrt(2.5) / sqrt(5)
    same(found, pd.DataFrame({
        "group": ["Not known", "AT"], "customers": [2, 5], "value": [100.0, 3.0], "low": [nan, 3 - half],
        "high": [nan, 3 + half],
    }))  # fmt: skip
    many = found.assign(customers=[200, 500], low=[95.0, 2.0], high=[105.0, 4.0])
    told = value.group_title(SimpleNamespace(views={}, margin=1.0), many, "Country", words)
    page.says("groups: one of a fair size", told, "$3.00")


def test_groups_are_compared_from_thirty_customers_on(plain, words, page):
    def title(*rows):
        frame = pd.DataFrame(rows, columns=["group", "customers", "value", "low", "high"])
        return value.group_title(plain, frame, "Country", words)

    few, fair = ("AT", 29, 900.0, 800.0, 1000.0), ("BE", 30, 50.0, 40.0, 60.0)
    page.says("groups: all too small", title(few, few), "")
    page.says("groups: one of a fair size, the others small", title(few, fair), "$50.00")
    # It stands out where its range begins above where the others' end, whichever of them reaches furthest.
    behind = ("CH", 40, 45.0, 30.0, 39.99)
    page.says("groups: the first of several", title(few, fair, behind), "30 $50.00")
    assert "stands out" in title(fair, behind, behind)
    assert "within what chance could do" in title(fair, ("CH", 40, 45.0, 30.0, 40.0))
    assert "within what chance could do" in title(fair, behind, ("CH", 40, 44.0, -inf, 40.01), behind)
    # Those outside the named groups are no group: they lead nothing, but where they reach as high nobody stands out.
    rest = ("Others", 50, 60.0, 20.0, 90.0)
    assert title(rest, fair, behind) == (
        "BE leads with $50.00 a customer so far, of named groups of 30 or more, within what chance could do"
    )
    page.says("groups: all too small", value.group_title(plain, value.by_group(plain, "country"), "Country", words), "")


# --- everybody --------------------------------------------------------------------------------------------------------
def test_everybody_with_those_worth_most_first(plain, at_margin):
    best_first = ("ada", "cleo", "ben", "eve", "hana", "dan", "finn", "ivo", "gus", "lou", "kim", "jack")
    for analysis, margin in ((plain, 1.0), (at_margin, hand.MARGIN)):
        people = value.everybody(analysis)
        assert who(people) == best_first
        assert people["revenue"].tolist() == [hand.REVENUE_OF[one] for one in best_first]
        assert people["historic_value"].tolist() == pytest.approx([margin * hand.REVENUE_OF[one] for one in best_first])
        assert people["value_segment"].tolist() == [ABOVE] * 3 + [BELOW] * 9
        assert people["days_since_last_order"].tolist() == [hand.DAYS_SINCE_LAST_ORDER[one] for one in best_first]
        # 21 returns carry a forecast of all together, but none of single customers.
        assert people["expected_revenue"].isna().all()
        assert people["lifetime_value"].isna().all()


def test_everybody_of_a_day_looked_back_from(looked_back):
    people = value.everybody(looked_back)
    assert who(people)[:4] == ("ada", "cleo", "ben", "eve")
    assert people["historic_value"].tolist()[:4] == [592.25, 545.0, 402.0, 200.0]
    assert people["value_segment"].tolist() == [ABOVE] * 4 + [BELOW] * 8
    assert people["days_since_last_order"].tolist()[:4] == [711 - 655, 711 - 640, 711 - 639, 711 - 629]

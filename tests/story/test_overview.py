"""The overview, held by the small shop worked out by hand: a sentence a question, its series, the page behind it."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import hand_shop as hand
import pandas as pd
import pattern_shop as large
import pytest
from as_written import dollars, in_german, written

from clvapp.story import overview

# Place, series, label, unit, page and link of each sentence.
WORTH = (0, "order_value", "Average order", "money", "pages/value.py", "What drives it, and what lies ahead")
BEST = (1, "revenue", "Revenue", "money", "pages/value.py", "Who they are")
AGAIN = (2, "returning", "Customers who came back", "customers", "pages/repeat.py", "Who comes back, and when")
SILENT = (3, "buyers", "Customers who bought", "customers", "pages/segments.py", "Who they are")
WEEK = (4, "new_customers", "New customers", "customers", "pages/targets.py", "The lists")

WORTH_SAYS = "12 $238 $70.00 3.4 4.5 0.757 12 $200"  # 70.00 x 4.5 x 0.757 = 238.46; see test_value.py
BEST_SAYS = "17% 2 53%"
AGAIN_SAYS = "9 100 30 11"
SILENT_SAYS = "8 12 67% 91 $1,642"


def beside(line):
    return line.place, line.series, line.label, line.unit, line.page, line.link


def hand_months(until="2024-12"):
    """The months up to one, as the overview's series: buyers less those who are new are those who came back."""
    came_back = {
        "2023-12": 1,  # Ivo
        "2024-01": 2,  # Hana, Ada
        "2024-03": 1,  # Ada
        "2024-05": 1,  # Ada
        "2024-06": 5,  # Ben, Gus, Finn, Dan, Eve
        "2024-07": 3,  # Ada, Cleo, Ben
        "2024-08": 2,  # Dan, Ben
        "2024-09": 3,  # Cleo, Eve, Dan
        "2024-10": 3,  # Ben, Cleo, Ada
        "2024-12": 1,  # Ada
    }
    rows = [
        (pd.Timestamp(month), money, orders, buyers, new, True, money / orders if orders else float("nan"),
         came_back.get(month, 0))
        for month, (money, orders, buyers, new) in hand.MONTHS.items() if month <= until
    ]  # fmt: skip
    names = ["month", "revenue", "orders", "buyers", "new_customers", "complete", "order_value", "returning"]
    return pd.DataFrame(rows, columns=names)


def same(found, expected):
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


# --- the sentences ----------------------------------------------------------------------------------------------------
def test_the_page_has_five_places(plain, words):
    lines = [*overview.lines(plain, words), overview.week_line(plain, words)]
    assert overview.LINES == 5
    assert [beside(line) for line in lines] == [WORTH, BEST, AGAIN, SILENT, WEEK]
    assert beside(overview.worth_line(plain, words, with_forecast=True)) == WORTH


def test_four_sentences(plain, words, german, page):
    written(hand.CLV, "$238")
    written(hand.AOV, "$70.00")
    written(hand.ORDERS_PER_YEAR, "4.5")
    written(hand.YEARS, "0.757")
    written(hand.AVERAGE_VALUE, "$200")
    written(hand.SHARE_OF_TOP_FIFTH, "53%")  # of the best 2, since a fifth of 12 is 2.4; 2 of 12 are 17 %
    written(hand.SECOND_WITHIN_30, "9%")  # of the 11 who had an order day: Finn, on day 30; Gus comes on day 31
    written(hand.SILENT / hand.CUSTOMERS, "67%")
    written(hand.SILENT_REVENUE, "$1,642")
    assert (hand.SECOND_ASKED, hand.SILENT, hand.LIMIT) == (11, 8, 91)  # Dan has been silent for 100 days
    told = [WORTH_SAYS, BEST_SAYS, AGAIN_SAYS, SILENT_SAYS]
    for key, line, numbers in zip(
        ("worth", "best", "again", "silent"), overview.lines(plain, words), told, strict=True
    ):
        page.says(key, line.sentence, numbers)
    for key, line, numbers in zip(
        ("worth", "best", "again", "silent"), overview.lines(plain, german), told, strict=True
    ):
        page.says(key, line.sentence, in_german(numbers))
    assert overview.lines(plain, german)[0].sentence == (
        "A customer who bought in the last 12 months has been worth 238\u00a0$ so far: 70,00\u00a0$ an order × 3,4 "
        "orders each (4,5 a year over 0,757 years, first orders counted). All 12 customers have paid 200\u00a0$ on "
        "average so far."
    )


def test_what_customers_paid_is_the_same_at_a_margin_and_only_their_worth_is_less(plain, at_margin, words, page):
    assert overview.lines(at_margin, words)[1:] == overview.lines(plain, words)[1:]
    written(hand.MARGIN * hand.CLV, "$95")
    told = "12 $95 $70.00 3.4 4.5 0.757 40% 12 $200"
    page.says("worth at a margin", overview.lines(at_margin, words)[0].sentence, told)
    ahead = overview.worth_line(plain, words, with_forecast=True).sentence
    paid = overview.worth_line(at_margin, words, with_forecast=True).sentence
    assert paid.partition("All 12")[2] == ahead.partition("All 12")[2]
    assert overview.week_line(at_margin, words) == overview.week_line(plain, words)
    same(overview.monthly(at_margin), overview.monthly(plain))


def test_four_sentences_of_a_day_looked_back_from(looked_back, words, page):
    told = overview.lines(looked_back, words)
    assert [beside(line) for line in told] == [WORTH, BEST, AGAIN, SILENT]
    written(hand.LOOK_BACK_AOV * hand.LOOK_BACK_ORDERS_PER_YEAR * hand.LOOK_BACK_YEARS, "$207")
    written(hand.LOOK_BACK_AOV, "$66.98")
    written(hand.LOOK_BACK_ORDERS_PER_YEAR, "4.137")
    written(hand.LOOK_BACK_YEARS, "0.7456")
    paid = hand.LOOK_BACK_REVENUE - hand.NOBODYS_REVENUE  # 2,274.25
    written(paid / 12, "$190")
    page.says("worth", told[0].sentence, "12 $207 $66.98 3.085 4.137 0.7456 12 $190")
    written((718.00 - 125.75 + 545.00) / paid, "50%")  # Ada, less her last order, and Cleo
    page.says("best", told[1].sentence, "17% 2 50%")
    written(1 / 9, "11%")  # Kim and Lou have not been watched for 30 days: Finn is one of 9
    page.says("again", told[2].sentence, "11 100 30 11")
    # Silent for 71 and 72 days, over their own 51 and 50: Cleo and Ben. Over 91: Finn 181, Gus 182, Hana 346, Ivo 347.
    # Not Dan 81, Eve 82, and Ada, 56 of more than 75, her longest gap. 545 + 402 + 115 + 50 + 140 + 60 = 1,312.
    written(hand.LOOK_BACK_LIMIT, "91")
    page.says("silent", told[3].sentence, "6 12 50% 91 $1,312")


def test_four_sentences_of_the_first_year(with_expected, words, page):
    # Years: Hana 11 m 30 d, Eve 6 m 8 d, Ivo 2 m 30 d, Ada 1 m 28 d: 20 months and 96 days of four.
    years = (20 + 96 / 30.4375) / 12 / 4
    written(years, "0.482")
    written(hand.EARLIEST_AOV * hand.EARLIEST_ORDERS_PER_YEAR * years, "$75")
    written(hand.EARLIEST_ORDERS_PER_YEAR, "2.578")
    written(hand.EARLIEST_REVENUE / 4, "$75.00")
    told = overview.lines(with_expected, words)
    page.says("worth", told[0].sentence, "12 $75 $60.00 1.243 2.578 0.482 4 $75.00")
    page.says("best: one", told[1].sentence, "25% 1 33%")  # Eve's 100 of 300; a fifth of 4 is 0.8
    page.says("again", told[2].sentence, "0 100 30 4")
    # The only gap is Ivo's of 91 days, too few to call anybody silent.
    page.says("silent: one return", told[3].sentence, "20")


def test_nobody_is_looked_at_who_came_before_the_burn_in_ended(shop, words, page):
    # Nine in ten returns take 100 days: until 11 April, and the nearest month begins on the first. Hana came before.
    burnt_in = shop(starts_at_opening=False)
    told = overview.lines(burnt_in, words)
    page.says("worth", told[0].sentence, WORTH_SAYS)
    page.says("best", told[1].sentence, BEST_SAYS)
    page.says("again", told[2].sentence, "10 100 30 10")
    page.says("silent", told[3].sentence, SILENT_SAYS)
    expected = hand_months()
    expected.loc[expected["month"] < "2023-04-01", ["new_customers", "returning"]] = float("nan")
    same(overview.monthly(burnt_in), expected)


def test_of_a_shop_of_five_days_nothing_is_said_of_coming_back(shop, words, page):
    opened = overview.lines(shop(observation_end=dt.date(2023, 1, 6)), words)
    assert [beside(line) for line in opened] == [WORTH, BEST, SILENT]
    # Hana alone: 80 an order, 365 / 6 times a year, over 5 / 30.4375 / 12 years.
    written(80 * 365 / 6 * 5 / 30.4375 / 12, "$67")
    written(5 / 30.4375 / 12, "0.0137")  # 80.00 x 60.8 x 0.0137 = 66.64, 80.00 x 0.833 = 66.64
    page.says("worth: one customer", opened[0].sentence, "$67 $80.00 0.833 60.8 0.0137 $80.00")
    assert opened[1].sentence.endswith(" of revenue.")  # nobody had bought yet, by 11 April they have
    page.says("silent: nobody came back", opened[2].sentence, "20")


def test_without_a_customer_nothing_is_said(words):
    assert overview.lines(SimpleNamespace(simple_clv=None, views={}), words) == []


# --- what lies ahead --------------------------------------------------------------------------------------------------
def test_what_lies_ahead_is_said_to_two_figures_once_it_is_known(plain, words, german, page):
    ahead = plain.forecast.totals.revenue  # told by models; test_forecast.py holds it
    assert 1000 < ahead < 10_000
    about = dollars(round(ahead, -2))
    told = overview.worth_line(plain, words, with_forecast=True)
    page.says("worth with what lies ahead", told.sentence, [*WORTH_SAYS.split(), "12", about])
    told = overview.worth_line(plain, german, with_forecast=True)
    page.says("worth with what lies ahead", told.sentence, in_german([*WORTH_SAYS.split(), "12", about]))
    assert overview.worth_line(plain, words, with_forecast=False) == overview.lines(plain, words)[0]


def test_what_lies_ahead_is_not_said_where_too_few_came_back(too_early, with_expected, words):
    for analysis in (too_early, with_expected):
        line = overview.worth_line(analysis, words, with_forecast=True)
        assert line == overview.lines(analysis, words)[0]


def test_another_horizon_is_named(plain, words, page):
    looked = SimpleNamespace(
        simple_clv=plain.simple_clv, customers=plain.customers, margin=1.0,
        forecast=SimpleNamespace(
            enough=SimpleNamespace(total=True), terms=SimpleNamespace(horizon_days=100),
            totals=SimpleNamespace(revenue=1234.0, value=999.0, orders=17.0),
        ),
    )  # fmt: skip
    told = overview.worth_line(looked, words, with_forecast=True).sentence
    page.says("worth with 100 days ahead", told, [*WORTH_SAYS.split(), "100", "$1,200"])
    nothing = SimpleNamespace(simple_clv=plain.simple_clv, customers=plain.customers, margin=1.0, forecast=None)
    page.says("worth", overview.worth_line(nothing, words, with_forecast=True).sentence, WORTH_SAYS)


# --- this week --------------------------------------------------------------------------------------------------------
def test_this_week(plain, with_expected, words, page):
    assert len(hand.THANKED) == 1
    page.says("week: thank", overview.week_line(plain, words).sentence, "1")
    # In the first year one came back, so nobody is silent: Eve, above the average for her age, is thanked.
    page.says("week: thank", overview.week_line(with_expected, words).sentence, "1")
    page.says("week: nobody", overview.week_sentence(words, thank=0, offer=0, win_back=0), "")


def test_this_week_of_three_lists(words, german, page):
    counts = {"upgrade": large.UPGRADE + 1, "win_back": large.WIN_BACK, "thank": 1000 + large.THANK}
    week = SimpleNamespace(targets=SimpleNamespace(counts=counts), views={})
    assert beside(overview.week_line(week, words)) == WEEK
    page.says("week", overview.week_line(week, words).sentence, "1,088 8 7")
    page.says("week", overview.week_line(week, german).sentence, "1.088 8 7")
    page.says("week: two", overview.week_sentence(words, thank=0, offer=3, win_back=5), "3 5")


# --- the series -------------------------------------------------------------------------------------------------------
def test_the_series_by_month(plain):
    same(overview.monthly(plain), hand_months())


def test_a_month_that_is_not_over_is_left_out_of_the_series(looked_back):
    same(overview.monthly(looked_back), hand_months(until="2024-11"))


def test_where_no_month_is_over_the_series_are_of_what_there_is(shop):
    expected = hand_months(until="2023-01").assign(complete=False)
    same(overview.monthly(shop(observation_end=dt.date(2023, 1, 6))), expected)


def test_a_small_picture_says_its_last_value(plain, words, german, page):
    written(hand.LAST_MONTHS_AVERAGE_ORDER, "$71.88")
    written(hand.MONTHS["2024-12"][0], "$144")
    assert hand.LAST_MONTHS_RETURNING == 1
    lines = [*overview.lines(plain, words), overview.week_line(plain, words)]
    months = overview.monthly(plain)
    for line, last in zip(lines, ("$71.88", "$144", "1", "2", "1"), strict=True):
        told = [last, "Dec 2024"]
        page.says(f"latest: {line.label}", overview.latest(months, line, words), told)
        page.says(f"latest: {line.label}", overview.latest(months, line, german), in_german(told))
        assert overview.latest(months.iloc[:0], line, words) == line.label
    # In October three of four came back, and one was new.
    october = months[months["month"] <= "2024-10-01"]
    told = [overview.latest(october, line, words).partition(": ")[2] for line in lines]
    assert told == [f"{value} in Oct 2024" for value in ("$83.00", "$332", "3", "4", "1")]


def test_a_month_without_an_order_has_no_average(plain, words):
    empty = overview.monthly(plain)[lambda months: months["month"] == "2023-02-01"]
    line = overview.lines(plain, words)[0]
    assert overview.latest(empty, line, words) == "Average order by month: unknown in Feb 2023"
    assert overview.latest(empty, replace(line, series="revenue"), words).endswith(": $0 in Feb 2023")


# --- sentences by hand ------------------------------------------------------------------------------------------------
def test_the_best_bring(words, page):
    told = overview.concentration_sentence(words, share_of_customers=0.2, share_of_revenue=0.75, customers=1)
    page.says("best of revenue: one", told, "20% 1 75%")
    told = overview.concentration_sentence(words, share_of_customers=0.1, share_of_revenue=0.5, customers=1012)
    page.says("best of revenue", told, "10% 1,012 50%")


def test_of_those_who_buy_again_some_buy_a_third_time(words, page):
    told = overview.return_sentence(
        words, share=hand.SECOND_WITHIN_90, days=90, customers=11, third=hand.THIRD_WITHIN_90
    )
    page.says("again, and a third time", told, "65 100 90 50 100 11")
    told = overview.return_sentence(words, share=0.004, days=30, customers=1, third=float("nan"))
    page.says("again: one", told, "4 1,000 30 1")


@pytest.mark.parametrize("third", [None, float("nan")])
def test_a_third_time_that_nobody_can_tell_is_not_said(words, page, third):
    page.says("again", overview.return_sentence(words, share=1 / 11, days=30, customers=11, third=third), AGAIN_SAYS)


def test_who_is_silent(words, page):
    told = overview.silence_sentence(words, silent=1, customers=12, days=1, revenue=50.0)
    page.says("silent: one", told, "1 12 8% 1 $50.00")
    told = overview.silence_sentence(words, silent=0, customers=12, days=100, revenue=0.0)
    page.says("silent: none", told, "100")


def test_a_customer_is_worth(words, page):
    told = overview.worth_sentence(
        words, clv=24, aov=2, orders_per_year=3, years=4, average=5, customers=1, period="so far"
    )
    page.says("worth: one customer", told, "$24 $2.00 12.0 3.0 4.0 $5.00")

"""Numbers read as the reader writes them, and text of a file stays text."""

import re
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clvapp.export import csv
from clvapp.story import orders, overview, profile, targets, value
from clvapp.wording import GIVEN, HORIZONS, Of, Said, Wording, as_sentences_round, listed, markdown_safe

US = Wording("en_US", "USD")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1234.5, "$1,235"), (100, "$100"), (99.994, "$99.99"), (99.996, "$100"), (43.2, "$43.20"), (0, "$0"),
        (-3.25, "-$3.25"), (-0.001, "$0.00"), (None, "unknown"), (99.995, "$100"), (-99.995, "-$100"), (-150, "-$150"),
        (120.4, "$120"), (1, "$1.00"), (0.005, "$0.01"), (-2.5, "-$2.50"),
        (float("nan"), "unknown"), (float("inf"), "unknown"),
    ],
)  # fmt: skip
def test_money_has_no_decimals_from_a_hundred_on(value, said):
    assert US.money(value) == said


@pytest.mark.parametrize(
    ("locale", "currency", "said"),
    [
        ("de-DE", "EUR", "1.235\xa0€"), ("fr", "EUR", "1\u202f235\xa0€"), ("en-GB", "GBP", "£1,235"),
        ("en", "usd", "$1,235"), ("garbage!!", "USD", "$1,235"), ("", "USD", "$1,235"),
        ("xx-YY", "USD", "$1,235"),
        ("../../etc/passwd", "USD", "$1,235"), ("en-Zzzz-ZZ", "USD", "$1,235"), (None, "USD", "$1,235"),
        ("en_US", None, "1,235"), ("en_US", "", "1,235"), ("en_US", "$$$", "1,235"), ("de", None, "1.235"),
    ],
)  # fmt: skip
def test_money_follows_the_readers_locale_and_survives_any_locale(locale, currency, said):
    assert Wording(locale, currency).money(1234.6) == said


def test_a_currency_without_cents_gets_none():
    assert Wording("en_US", "JPY").money(55.4) == "¥55"


def test_an_unknown_currency_has_two_decimals_and_no_sign():
    unknown = Wording("en_US")
    assert (unknown.money(5.5), unknown.money(105.5), unknown.money_unit) == ("5.50", "106", "the shop's currency")
    assert Wording("en_US", "usd").money_unit == "USD"


def test_a_language_is_known_even_where_its_country_is_not():
    assert Wording("de-XQ").number(1234.5, 1) == "1.234,5"
    assert Wording("de_1996_1901").number(1234.5, 1) == "1.234,5"


@pytest.mark.parametrize("number", [1e15, -1e15, 1.5e15, -2e15, 1e300])
def test_a_huge_number_is_left_as_it_is_however_many_digits_are_asked_for(number):
    assert as_sentences_round(number, 13) == number


def test_numbers_are_rounded_halves_away_from_zero():
    asked = [(0.5, 0), (1.5, 0), (2.5, 0), (-2.5, 0), (0.125, 2), (1249, -2), (1250, -2), (999_999_999_999_999.5, 0)]
    assert [as_sentences_round(*one) for one in asked] == [1, 2, 3, -3, 0.13, 1200, 1300, 1e15]
    assert (US.number(-0.4), US.number(2.5), US.number(1234.567, 2)) == ("0", "3", "1,234.57")


def test_money_that_is_estimated_has_two_figures_and_its_range():
    assert US.about_money(41237) == "about $41,000"
    assert US.about_money(41237, 35100, 47900) == "about $41,000 (35,000–48,000)"
    assert US.about_money(900, -214, 2390) == "about $900 (-210 to 2,400)"
    assert US.about_money(1.234) == "about $1.20"
    assert US.about_money(None, 1, 2) == "unknown"
    assert (US.about_money(0), US.about_money(1), US.about_money(-1.234)) == ("about $0", "about $1", "about -$1.20")
    assert (US.about_money(10), US.about_money(99.4), US.about_money(0.996)) == ("about $10", "about $99", "about $1")
    assert US.about_money(900, 0, 2390) == "about $900 (0–2,400)"
    assert US.about_money(5, 0.5, 9) == "about $5 (0.50–9)"
    assert US.about_money(-900, -950, -100) == "about -$900 (-950 to -100)"


@pytest.mark.parametrize("ends", [(None, 5), (5, None), (float("nan"), 5), (5, float("nan")), (None, None)])
def test_half_a_range_is_none(ends):
    assert US.about_money(900, *ends) == "about $900"


def test_shares_and_people():
    assert US.share(0.25) == "25%"
    assert Wording("de-DE").share(0.25) == "25\xa0%"
    assert US.share(0.004) == "0.4%"
    assert US.share(-0.06) == "-6%"
    assert US.of_100(0.14) == "14 of 100"
    assert US.of_100(0.004) == "4 of 1,000"
    assert US.of_100(0.0001) == "fewer than 1 of 1,000"
    assert US.of_100(0) == "0 of 100"


def test_what_is_nearly_all_is_not_all_and_what_is_nearly_nothing_is_not_nothing():
    assert [US.share(one) for one in (0.994, 0.996, 0.9996, 0.99999, 1.0)] == [
        "99%",
        "99.6%",
        "99.96%",
        "99.999%",
        "100%",
    ]
    assert [US.share(one) for one in (0.0049, 0.0003, 0.00001, 0.0)] == ["0.5%", "0.03%", "0.001%", "0%"]
    assert [US.share(one) for one in (-0.996, -0.0003)] == ["-99.6%", "-0.03%"]
    assert [US.of_100(one) for one in (0.994, 0.996, 0.9999, 1.0)] == [
        "99 of 100", "996 of 1,000", "more than 999 of 1,000", "100 of 100",
    ]  # fmt: skip


def test_each_number_tells_a_listener_once_what_it_is_of():
    heard: list[Said] = []
    words = Wording("en_US", "USD", heard.append)
    of = Of("aov", people=12, period="last 12 months")
    assert words.money(61.25, of=of) == "$61.25"
    assert words.about_money(41237, 35100, 47900, of=Of("revenue", period="next 365 days")).startswith("about $41,000")
    assert words.of_100(0.14, of=GIVEN) == "14 of 100"
    assert words.count(3, "customer") == "3 customers"
    assert heard == [
        Said(of, 61.25, "$61.25"),
        Said(Of("revenue", None, "next 365 days"), 41237, "about $41,000 (35,000–48,000)"),
        Said(GIVEN, 0.14, "14 of 100"),
        Said(Of(""), 3, "3 customers"),
    ]


def test_times_are_whole_where_they_nearly_are():
    assert US.times(2.98) == "3 times"
    assert US.times(2.6) == "2.6 times"


def test_a_share_below_half_a_percent_has_a_decimal_and_half_a_percent_has_none():
    said = {0.005: "1%", 0.00499: "0.5%", -0.004: "-0.4%", 0: "0%", 0.009: "1%", 0.0149: "1%", 1: "100%"}
    assert {share: US.share(share) for share in said} == said
    assert (US.share(0.12345, 1), US.share(0.12345, 2), US.share(0.004, 2)) == ("12.3%", "12.35%", "0.40%")
    assert US.share(None) == US.share(float("nan")) == "unknown"


def test_rarer_than_one_of_a_hundred_is_counted_out_of_a_thousand():
    said = {
        0.01: "1 of 100", 0.0099: "10 of 1,000", 0.001: "1 of 1,000", 0.00099: "fewer than 1 of 1,000", 1: "100 of 100",
        0.019: "2 of 100", -0.02: "-2 of 100", 0.01 - 1e-13: "1 of 100",
    }  # fmt: skip
    assert {share: US.of_100(share) for share in said} == said
    assert US.of_100((1 - 1e-9) / 1000) == "1 of 1,000"  # what is less than one by rounding alone is one
    assert US.of_100(None) == US.of_100(float("nan")) == "unknown"


def test_times_are_whole_from_ten_on_or_where_they_nearly_are():
    said = {
        10: "10 times", 10.4: "10 times", 10.6: "11 times", 9.9: "9.9 times", 2.94: "2.9 times", 2.96: "3 times",
        3.04: "3 times", 3.06: "3.1 times", 0.05: "0.1 times", 0: "0 times", 0.4: "0.4 times",
    }  # fmt: skip
    assert {ratio: US.times(ratio) for ratio in said} == said
    assert US.times(None) == US.times(float("nan")) == "unknown"


def test_how_far_ahead_is_said_in_months_where_they_are_whole():
    said = {365: "12 months", 182: "6 months", 91: "3 months", 730: "24 months", 100: "100 days", 1: "1 day"}
    assert {days: US.horizon(days) for days in said} == said
    assert HORIZONS == {365: 12, 182: 6, 91: 3, 730: 24}


def test_words_are_joined_as_people_do():
    assert [listed(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert (listed(["a", "b"], "or"), listed(("a", "b", "c", "d"), "or")) == ("a or b", "a, b, c or d")


def test_dates_and_counts():
    assert Wording("en-GB").date(date(2025, 11, 18)) == "18 Nov 2025"
    assert Wording("de").date(date(2025, 11, 18)) == "18.11.2025"
    assert US.month(date(2025, 11, 18)) == "Nov 2025"
    assert US.month(date(2025, 1, 31)) == "Jan 2025"
    assert [US.date(one) for one in (None, pd.NaT)] == [US.month(one) for one in (None, pd.NaT)] == ["unknown"] * 2
    assert US.count(1, "customer") == "1 customer"
    assert US.count(1012, "customer") == "1,012 customers"
    assert US.count(2, "person", "people") == "2 people"
    assert US.count(1, "person", "people") == "1 person"
    assert (US.count(0, "day"), US.count(2, "day"), US.count(1012)) == ("0 days", "2 days", "1,012")
    assert US.count(None) == US.number(None) == US.number(float("inf")) == "unknown"


def test_counts_money_and_shares_of_one_reader_are_grouped_alike():
    indian = Wording("hi_IN", "INR")
    assert indian.count(1234567, "order") == "12,34,567 orders"
    assert indian.money(1234567) == "₹12,34,567"
    assert indian.share(12345.67) == "12,34,567%"
    assert indian.vega_locale["number"]["grouping"] == [3, 2, 2, 2, 2, 2]
    assert US.vega_locale["number"]["grouping"] == [3]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.5, "0.5"), (1.08, "1.08"), (0.000065, "0.000065"), (1500, "1,500"), (1_200_000.0, "1,200,000"),
        (2 / 3, "0.666667"), (-2.50, "-2.5"), (0, "0"), (None, "unknown"),
    ],
)  # fmt: skip
def test_a_number_that_is_quoted_has_the_digits_it_needs_and_six_figures_at_most(value, said):
    assert US.number(value, None) == said


def test_a_month_is_short_for_a_chart_and_in_full_for_a_sentence():
    assert US.month(date(2025, 11, 18), in_full=True) == "November 2025"
    assert Wording("de").month(date(2025, 3, 18), in_full=True) == "März 2025"


def test_axes_are_written_in_the_readers_locale():
    german = Wording("de-DE").vega_locale
    assert german["number"]["decimal"] == ","
    assert german["time"]["months"][2] == "März"
    assert german["time"]["days"][0] == "Sonntag"
    assert US.vega_locale == {
        "number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
        "time": {
            "dateTime": "%x, %X", "date": "%x", "time": "%X", "periods": ["AM", "PM"],
            "days": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
            "shortDays": ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
            "months": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                       "November", "December"],
            "shortMonths": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        },
    }  # fmt: skip


def test_the_orders_page_opens_as_the_owner_would_say_it():
    said = orders.orders_sentence(
        Wording("en-GB", "USD"), export="Shopify", orders=8412, customers=3977, first=date(2023, 1, 3),
        last=date(2025, 11, 18), revenue=512340, refunded=9120, rows_left_out=214,
    )  # fmt: skip
    assert said == (
        "This is a Shopify export: 8,412 orders by 3,977 customers, 3 Jan 2023 to 18 Nov 2025, "
        "US$512,340 after "
        "US$9,120 of refunds. 214 rows were left out."
    )


def test_one_of_a_thing_is_not_many():
    day = date(2025, 1, 1)
    read = {"customers": 1, "first": day, "last": day}
    said = orders.orders_sentence(US, export=None, orders=1, revenue=5, rows_left_out=1, **read)
    assert said == "Your file holds 1 order by 1 customer, Jan 1, 2025 to Jan 1, 2025, $5.00. 1 row was left out."
    said = orders.orders_sentence(US, export="Etsy", orders=2, revenue=500, **read)
    assert said.startswith("This is an Etsy export: 2 orders by 1 customer,")
    assert said.endswith("$500. Every row was used.")


def test_the_value_page_shows_the_formula_with_the_shops_numbers():
    said = value.value_sentence(
        US, clv=131, aov=43, orders_per_year=1.9, years=1.6, average=118, customers=4048, above=1012,
        revenue_share_above=0.71,
    )  # fmt: skip
    assert said == (
        "A customer who bought in the last 12 months has been worth $131 so far: $43.00 an order × 3.04 orders each "
        "(1.9 a year over 1.6 years, first orders counted). All 4,048 customers have paid $118 on average so far; "
        "1,012 of them (25%) are above that and bring 71% of revenue."
    )


def test_above_is_above_what_the_owner_chose_and_not_always_the_average():
    said = value.value_sentence(
        US, clv=131, aov=43, orders_per_year=1.9, years=1.6, average=118, customers=4048, above=2024,
        revenue_share_above=0.91, cut="the $38.00 of the middle customer",
        of_revenue="of the revenue of known customers",
    )  # fmt: skip
    assert said.endswith(
        "2,024 of them (50%) are above the $38.00 of the middle customer and bring 91% of the revenue of known "
        "customers."
    )


def test_how_long_a_silence_is_usual_is_said():
    assert "120 days, or by their own rhythm" in overview.silence_sentence(
        US, silent=0, customers=9, days=120, revenue=0
    )


def test_the_profile_page_says_how_good_it_is_or_that_it_is_not():
    said = profile.profile_sentence(
        US,
        start="start with a grinder, at full price,",
        share_high=0.48,
        share_others=0.16,
        top_decile_lift=2.6,
    )
    assert said == (
        "Customers who start with a grinder, at full price, become high-value 3 times as often (48 of "
        "100 against 16). "
        "The profile finds them better than chance: the top tenth holds 2.6 times as many."
    )
    said = profile.no_profile_sentence(US, reason="On later customers it did no better than chance.", customers=400)
    assert said == (
        "Nothing known early tells your high-value customers from the others (400 customers looked at). "
        "On later "
        "customers it did no better than chance."
    )
    said = profile.no_profile_sentence(US, reason="Only 40 customers are old enough.", customers=40, tested=False)
    assert said == (
        "The file cannot tell yet what your high-value customers have in common. Only 40 customers are old enough."
    )


def test_the_targets_page_says_what_the_score_is_not():
    said = targets.targets_sentence(US, targets=214, share_like_them=0.46, share_all=0.16, win_back=402)
    assert said == (
        "214 customers are below the average for their age, and their first orders look like those of "
        "your best: of such customers the profile expects 46 of 100 to become high-value; of all, 16 of 100 did. "
        "Another 402 like them went silent: win those back first. What an offer earns, only a control group can tell."
    )
    assert "Nobody" in targets.targets_sentence(US, targets=0, share_like_them=0.4, share_all=0.1)


def test_the_overview_says_one_thing_a_sentence():
    said = [
        overview.worth_sentence(US, clv=131, aov=43, orders_per_year=1.9, years=1.6, average=118, customers=3977),
        overview.concentration_sentence(US, share_of_customers=0.2, share_of_revenue=0.64, customers=795),
        overview.return_sentence(US, share=0.31, days=90, customers=3500, third=0.46),
        overview.silence_sentence(US, silent=640, customers=3977, days=120, revenue=88000),
        overview.week_sentence(US, thank=61, offer=214, win_back=402),
    ]
    assert said[2] == (
        "31 of 100 customers buy again within 90 days; of those, 46 of 100 buy a third time (3,500 "
        "customers looked at)."
    )
    assert said[4] == "This week: thank 61, offer 214 something better and win back 402."
    for sentence in said:
        assert re.search(r"\d", sentence)
        assert "!" not in sentence


def test_a_download_says_what_it_defused_only_when_it_did():
    assert csv.defused_sentence(US, defused=0) == ""
    assert csv.defused_sentence(US, defused=3) == (
        "3 cells begin with an apostrophe: without it, a spreadsheet would run them as a formula."
    )


HOSTILE = [
    "![x](https://evil.example/x.png)", "[x](javascript:alert(1))", "<img src=x>", ":red[x]",
    ":material/home:",
    ":smile:", "$x^2$ and $y$", "`code`", "**x**", "# x", "1. x", "- x", "> x", "www.evil.example",
    "https://evil.example", "a@evil.example", "~~x~~", "|a|b|", "&amp;", "a\n\n# b", "\\", ":streamlit:",
    "    code",
    "x^[1]", "***",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_every_sign_that_markdown_could_act_on_is_escaped(text):
    safe = markdown_safe(text)
    assert not re.search(r"[!-/:-@\[-`{-~]", re.sub(r"\\[!-/:-@\[-`{-~]", "", safe))
    assert "\n" not in safe


@given(st.text())
def test_escaped_text_still_says_the_same(text):
    unescaped = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown_safe(text))
    joiner = "\N{WORD JOINER}"
    assert unescaped.replace(joiner, "") == " ".join(text.split()).replace(joiner, "")
    assert not re.search(r":\S", unescaped.replace(f":{joiner}", ""))

"""Numbers read as the reader writes them, and text of a file stays text."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clvapp.export import csv
from clvapp.story import orders, overview, profile, targets, value
from clvapp.wording import Wording, markdown_safe

US = Wording("en_US", "USD")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1234.5, "$1,235"), (100, "$100"), (99.994, "$99.99"), (99.996, "$100"), (43.2, "$43.20"), (0, "$0"),
        (-3.25, "-$3.25"), (-0.001, "$0.00"), (None, "unknown"),
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


def test_money_that_is_estimated_has_two_figures_and_its_range():
    assert US.about_money(41237) == "about $41,000"
    assert US.about_money(41237, 35100, 47900) == "about $41,000 (35,000–48,000)"
    assert US.about_money(900, -214, 2390) == "about $900 (-210 to 2,400)"
    assert US.about_money(1.234) == "about $1.20"
    assert US.about_money(None, 1, 2) == "unknown"


def test_shares_and_people():
    assert US.share(0.25) == "25%"
    assert Wording("de-DE").share(0.25) == "25\xa0%"
    assert US.share(0.004) == "0.4%"
    assert US.share(-0.06) == "-6%"
    assert US.of_100(0.14) == "14 of 100"
    assert US.of_100(0.004) == "4 of 1,000"
    assert US.of_100(0.0001) == "fewer than 1 of 1,000"
    assert US.of_100(0) == "0 of 100"
    assert US.times(2.98) == "3 times"
    assert US.times(2.6) == "2.6 times"


def test_dates_and_counts():
    assert Wording("en-GB").date(date(2025, 11, 18)) == "18 Nov 2025"
    assert Wording("de").date(date(2025, 11, 18)) == "18.11.2025"
    assert US.month(date(2025, 11, 18)) == "Nov 2025"
    assert US.date(None) == "unknown"
    assert US.count(1, "customer") == "1 customer"
    assert US.count(1012, "customer") == "1,012 customers"
    assert US.count(2, "person", "people") == "2 people"


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
        "A customer is worth $131: $43.00 an order × 1.9 orders a year × 1.6 years. So far customers "
        "have paid $118 on "
        "average; 1,012 of them (25%) are above that and bring 71% of revenue."
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


def test_nobody_is_silent_in_a_shop_where_nobody_came_back():
    never = overview.silence_sentence(US, silent=0, customers=9, days=None, revenue=0)
    assert never == "Nobody has come back yet, so nobody can be said to have gone silent."
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
        "your best: 46 in "
        "100 such customers became high-value, against 16 of all. Another 402 like them went silent: win "
        "those back "
        "first. What an offer earns, only a control group can tell."
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

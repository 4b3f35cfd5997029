"""The simple formula's digits: what is shown multiplies to what is shown, in every reader's locale."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clvapp.story.formula import formula, formula_sentence
from clvapp.wording import Wording

LOCALES = [("en_US", "USD"), ("de_DE", "EUR"), ("en_IN", "INR"), ("ja_JP", "JPY"), ("fr_CH", "CHF"), ("en_US", None)]


def number(text, words):
    """A number as it is written, as a decimal: its sign for decimals found by writing 1.5."""
    point = words.number(1.5, 1)[1]
    digits = re.sub(rf"[^0-9{re.escape(point)}-]", "", text.replace("%", ""))
    return Decimal(digits.replace(point, "."))


def rounds_to(product, shown):
    return product.quantize(Decimal(1).scaleb(shown.as_tuple().exponent), ROUND_HALF_UP) == shown


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    st.floats(0.5, 20_000), st.floats(0.05, 400), st.floats(0.003, 12), st.sampled_from([1.0, 0.4, 0.325, 0.08]),
    st.sampled_from(LOCALES),
)  # fmt: skip
def test_what_is_shown_multiplies_to_what_is_shown(aov, orders_per_year, years, margin, reader):
    words = Wording(*reader)
    made = formula(
        words, clv=aov * orders_per_year * years, aov=aov, orders_per_year=orders_per_year, years=years, margin=margin
    )
    if made.clv.startswith("about"):  # millions, or a few yen an order: no digits that people read make every last unit
        assert aov * orders_per_year * years * margin > 100_000 or (aov < 10 and words.currency == "JPY")
        return
    clv, order, each, rate, stay = (
        number(text, words) for text in (made.clv, made.aov, made.orders_each, made.orders_per_year, made.years)
    )
    earned = number(made.margin, words) / 100 if made.margin else 1
    assert rounds_to(order * each * earned, clv)
    assert rounds_to(order * rate * stay * earned, clv)
    assert rounds_to(rate * stay, each)


@pytest.mark.parametrize(
    ("aov", "orders_per_year", "years", "shown"),
    [
        (90.2, 2.1, 1.4, "$265 $90.20 2.94 2.1 1.4"),  # 90.20 x 2.94 = 265.2, and 2.1 x 1.4 = 2.94
        (70.0, 4.5, 0.756565, "$238 $70.00 3.4 4.5 0.757"),  # with 0.76 it would be 239.4
        (10.0, 10.0, 10.0, "$1,000 $10.00 100.0 10.0 10.0"),  # the golden case
    ],
)
def test_no_more_digits_than_it_takes(aov, orders_per_year, years, shown):
    made = formula(
        Wording(currency="USD"),
        clv=aov * orders_per_year * years,
        aov=aov,
        orders_per_year=orders_per_year,
        years=years,
    )
    assert f"{made.clv} {made.aov} {made.orders_each} {made.orders_per_year} {made.years}" == shown


def test_where_nobody_bought_twice_orders_a_year_are_said_to_count_the_first():
    # 423 people who came once each, on average 0.5 years ago: 2.0 orders a year of people who order once.
    said = formula_sentence(formula(Wording(currency="USD"), clv=49.81, aov=50.0, orders_per_year=1.9844, years=0.502))
    assert said == (
        "A customer who bought in the last 12 months has been worth $50 so far: $50.00 an order × 1.0 orders each "
        "(2.0 a year over 0.5 years, first orders counted)."
    )


def test_at_a_margin_the_product_is_what_is_earned():
    made = formula(Wording(currency="USD"), clv=240.0, aov=60.0, orders_per_year=2.0, years=2.0, margin=0.4)
    assert (made.clv, made.margin) == ("$96", "40%")
    assert formula_sentence(made, period="so far") == (
        "A customer has been worth $96 so far: $60.00 an order × 4.0 orders each (2.0 a year over 2.0 years, first "
        "orders counted) × a margin of 40%."
    )


def test_a_loss_is_shown_as_one():
    made = formula(Wording(currency="USD"), clv=100.0, aov=50.0, orders_per_year=2.0, years=1.0, margin=-0.1)
    assert (made.clv, made.margin) == ("-$10", "-10%")

"""What the pages say of a customer won now: nothing of the small shop, and of the pattern what can be worked out."""

import numpy as np
import pattern_shop as large
import pytest
from as_written import in_german, written

from clvapp import results
from clvapp.story import newly_won, value

MONTH, YEAR = 365.25 / 12, 365.25
TOLD = 29  # months of age that at least 100 of the 300 have lived through: on day 1095, those who came by day 212
MANY = 107  # customers 0 to 106, of days 0 to 212


def orders_of(i):
    """Day of age and money of customer i, as `pattern_shop` says."""
    place = i % large.OF_A_BLOCK
    last = large.LAST - 2 * i
    if place in large.HIGH_PLACES:
        return [(0, 40), *((age, 50) for age in range(60, last + 1, 60))]
    if place == large.NEVER_AGAIN:
        return [(0, 40)]
    again = [(last, 10)] if place == 3 and i // large.OF_A_BLOCK % 2 == 0 else []
    return [(0, 40), (large.QUICK.get(place, 100), 10), *again]


def by_hand(months):
    """For each month of age the mean of those who were watched through it, discounted at 10 %, added up."""
    total = 0.0
    for month in range(months):
        seen = [i for i in range(300) if large.LAST - 2 * i + 1 >= (month + 1) * MONTH]
        total += sum(
            money / 1.1 ** (age / YEAR) for i in seen for age, money in orders_of(i) if age // MONTH == month
        ) / len(seen)  # fmt: skip
    return total


@pytest.fixture(scope="module")
def told(pattern):
    return {months: pattern().returning.newly_won.value(months) for months in (12, 36)}


def test_a_year_of_a_new_customer_is_the_mean_of_those_watched(told):
    # Six refills at 60, 120, ... 360 days of six in twenty, one sample of the thirteen others, the first order of all.
    refills = sum(50 / 1.1 ** (60 * k / YEAR) for k in range(1, 7))
    samples = sum(10 / 1.1 ** (days / YEAR) for days in [20, 20, 90, *[100] * 10])
    assert by_hand(12) == pytest.approx(40 + (6 * refills + samples) / 20)
    assert told[12].value == pytest.approx(by_hand(12), rel=1e-9)
    assert (told[12].watched, told[12].people) == (12, 300)
    assert told[12].low < told[12].value < told[12].high


def test_three_years_are_seen_for_as_long_as_enough_were_and_a_model_does_the_rest(told, pattern):
    won = pattern().returning.newly_won
    assert (told[36].watched, told[36].people) == (TOLD, MANY)
    # A repeat order comes to what later money comes to: all of it, over all of the order days after the first.
    later = [money for i in range(300) for age, money in orders_of(i) if age]
    discount = 1.1 ** -((np.arange(TOLD, 36) + 0.5) / 12)
    rest = float(won.ahead.orders[TOLD:] @ discount) * sum(later) / len(later)
    assert told[36].value == pytest.approx(by_hand(TOLD) + rest, rel=1e-9)


def test_what_is_said_of_a_customer_won_now(pattern, words, german, page, told):
    written(by_hand(12), "$132")
    said = f"$132 $115 $150 12 36 $261 $222 $306 10% 12 300 36 {TOLD} {MANY}"
    page.says("won now", newly_won.sentence(pattern(), words), said)
    page.says("won now", newly_won.sentence(pattern(), german), in_german(said))
    page.says("may cost", newly_won.may_cost(pattern(), words), "$115 12 $222 36")
    page.says("brief", newly_won.brief(pattern(), words), "$132")
    page.says("computed", "\n".join(newly_won.computed(pattern(), words)), "1995 100")


def test_by_the_first_order_the_ranges_hold_together(pattern, words, page):
    # Eight blocks of twenty live in the US, seven in Canada; both have every place, and differ in the bag alone.
    frame = newly_won.by_group(pattern(), "Country", "country", words)
    page.shows("by country", frame, ["$132 $108 $160 160", "$132 $107 $162 140"])
    page.says("country", newly_won.group_title(pattern(), "Country", "country", words), "$132")


def test_winning_a_customer_at_a_cost(pattern, words, page, told):
    many = pattern()
    assert newly_won.ltv_cac(told[12], 40.0) == (told[12].value / 40, told[12].low / 40, told[12].high / 40)
    # By the end of the second month all have paid 40, two in twenty 10, and six in twenty 50 on day 60: 56.
    assert many.returning.newly_won.course[:2].tolist() == pytest.approx([41, 56])
    assert [newly_won.pays_back(many, cost) for cost in (40.0, 41.5, 56.5, 5000.0)] == [1, 2, 3, None]
    page.says(
        "never", newly_won.payback_sentence(many, words, 5000.0), "$5,000 36 0.0 12 0.0 0.0 0.1 36 0.0 0.1"
    )  # fmt: skip
    assert newly_won.payback_sentence(many, words, 0.0) == ""


def test_of_a_dozen_customers_nothing_is_said(plain, words, page):
    page.says("too few", newly_won.sentence(plain, words), "100 6 3")
    for said in (newly_won.may_cost(plain, words), newly_won.brief(plain, words)):
        assert said == ""
    assert newly_won.payback_sentence(plain, words, 90.0) == ""
    assert newly_won.computed(plain, words) == []
    assert newly_won.by_group(plain, "Country", "country", words).empty
    page.says("no groups", newly_won.group_title(plain, "Country", "country", words), "100")
    assert results.new_customer_value(plain) is None


def test_the_answer_and_the_summary_say_the_same(pattern, words, told):
    assert value.answer(pattern(), words).endswith(newly_won.brief(pattern(), words))
    found = results.new_customer_value(pattern(acquisition_cost=40.0))
    year = told[12]
    assert found["12_months"] == {
        "value": round(year.value, 2), "interval": [round(year.low, 2), round(year.high, 2)], "months_watched": 12,
        "customers": 300, "ltv_cac": round(year.value / 40, 4),
        "ltv_cac_interval": [round(year.low / 40, 4), round(year.high / 40, 4)],
    }  # fmt: skip
    assert found["36_months"]["months_watched"] == TOLD


def test_at_a_margin_what_is_earned_counts(pattern, words, page, told):
    earned = pattern(margin=0.4).returning.newly_won.value(12)
    assert earned.value == pytest.approx(0.4 * told[12].value)
    assert earned.low == pytest.approx(0.4 * told[12].low, rel=1e-6)
    page.says("brief at a margin", newly_won.brief(pattern(margin=0.4), words), "$52.63")

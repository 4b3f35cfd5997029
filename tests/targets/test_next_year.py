"""When there are chances of a good next year, and what they are learned from."""

import numpy as np
import pandas as pd
import pytest
from spend_frames import all_paid, spend_of

from clvapp.targets.next_year import LEAST_CUSTOMERS, LEAST_HISTORY, LEAST_OF_A_KIND, next_year, state
from clvapp.wording import Wording

WORDS = Wording("en_US", "USD")
END, CUT = 1000, 635  # a year of 365 days before
FEW = (
    "A year ago the shop knew {}, of whom {} then spent more than the average; that is too few to learn the chance of "
    "a good next year from."
)
SHORT = (
    "The chance of a good next year needs a year to compare with and 180 days before it; the usable history is {} long."
)


def asked(first_days, spend, **more):
    return next_year(pd.Series(first_days, dtype="int64"), spend, end_day=END, words=WORDS, **more)


# --- too little to learn from -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "burn_in_end", "said"),
    [
        (455, None, FEW.format("1 customer", 0)),  # 180 days before the cut
        (456, None, SHORT.format("545 days")),
        (0, 456, SHORT.format("545 days")),
        (0, 455, FEW.format("0 customers", 0)),
        (999, None, SHORT.format("2 days")),
        (0, 1001, SHORT.format("0 days")),  # a burn-in longer than the file
    ],
)
def test_a_year_to_compare_with_and_half_a_year_before_it_are_needed(first, burn_in_end, said):
    found = asked({"me": first}, spend_of(("me", first, 5)), burn_in_end=burn_in_end)
    assert (found.probability, found.reason) == (None, said)
    assert (found.threshold, found.quality, found.model) == (None, None, None)


def test_a_shop_without_customers_has_no_history():
    found = asked({}, spend_of(("nobody", 1, 1)).iloc[:0])
    assert found.reason == SHORT.format("0 days")


def test_learned_is_from_those_who_came_between_the_burn_in_and_the_cut_and_the_year_after_it():
    """Of five, "early" came in the burn-in, "late" after the cut; the others spent 6, 3 and 0 then, 3 on average.

    Money of the day of the cut, and of the day after the snapshot, is of no concern.
    """
    first = {"early": 99, "first": 100, "some": 300, "last": CUT, "late": CUT + 1}
    spend = spend_of(
        ("early", 99, 1), ("early", 700, 900), ("first", 100, 1), ("first", CUT + 1, 6), ("some", 300, 1),
        ("some", END, 3), ("some", END + 1, 900), ("last", CUT, 900), ("late", CUT + 1, 900),
    )  # fmt: skip
    assert asked(first, spend, burn_in_end=100).reason == FEW.format("3 customers", 1)
    assert asked(first, spend, burn_in_end=99).reason == FEW.format("4 customers", 1)  # the average is 909 / 4
    assert asked(first, spend, burn_in_end=101).reason == FEW.format("2 customers", 1)


def test_where_all_spent_the_same_nobody_spent_more_than_the_average():
    spend = spend_of(("a", 0, 1), ("a", 700, 4), ("b", 0, 1), ("b", 800, 4))
    assert asked({"a": 0, "b": 0}, spend).reason == FEW.format("2 customers", 0)


def crowd(high, low):
    """Those who are high had spent 50 before the cut and 10 in the year after it; the others 5 and nothing."""
    who = [f"c{i:03}" for i in range(high + low)]
    good = who[:high]
    return dict.fromkeys(who, 100), spend_of(
        *((one, 100, 50 if one in good else 5) for one in who), *((one, 300, 50) for one in good),
        *((one, 700, 10) for one in good),
    )  # fmt: skip


@pytest.mark.parametrize(("high", "low"), [(24, 95), (23, 97), (97, 23), (0, 120), (119, 0)])
def test_fewer_than_120_customers_or_24_of_a_kind_are_too_few_to_learn_from(high, low):
    assert (LEAST_HISTORY, LEAST_CUSTOMERS, LEAST_OF_A_KIND) == (180, 120, 24)
    found = asked(*crowd(high, low))
    more = high if low else 0  # where everybody spent 10 nobody spent more than the average
    assert found.reason == FEW.format(f"{high + low} customers", more)
    assert found.probability is None
    assert found.quality is None


@pytest.mark.parametrize(("high", "low"), [(24, 96), (96, 24)])
def test_of_120_customers_with_24_of_a_kind_is_learned(high, low):
    found = asked(*crowd(high, low))
    assert found.reason is None
    assert found.threshold == pytest.approx(10 * high / 120)
    quality = found.quality
    assert (quality.customers, quality.base_rate) == (120, high / 120)
    assert quality.brier_of_base_rate == pytest.approx(0.2 * 0.8)
    assert quality.roc_auc == 1.0
    assert 0.5 < quality.roc_auc_interval[0] <= 1.0
    assert quality.brier < 0.02
    chances = found.probability
    assert (chances.name, chances.index.tolist()) == ("next_year_probability", list(crowd(high, low)[0]))
    assert chances.iloc[:high].min() > 0.9
    assert chances.iloc[high:].max() < 0.1


def test_of_those_who_were_all_alike_nothing_is_learned():
    first, spend = crowd(40, 80)
    alike = spend[spend["day"] > 300]
    everybody = spend_of(*((who, 100, 5) for who in first))
    found = asked(first, pd.concat([everybody, alike]))
    assert found.probability is None
    assert found.reason == (
        "What was known a year ago did not tell who would spend more than the average in the year after."
    )
    assert found.threshold == pytest.approx(10 / 3)
    assert found.quality.customers == 120


# --- what is known of a customer --------------------------------------------------------------------------------------
def known(first, *rows, day=400):
    """Rows of day and money; a third number is how many orders, if not one."""
    rows = [("me", *(*row, 1)[:3]) for row in rows]
    spend = all_paid(pd.DataFrame(rows, columns=["customer_id", "day", "revenue", "orders"]))
    return state(pd.Series({"me": first}), spend, day).loc["me"].to_dict()


def test_with_two_order_days_the_rhythm_is_the_time_between_them():
    found = known(0, (0, 5), (33, 5))
    assert found["missed"] == pytest.approx(np.log1p(367 / (33 + 7)))
    assert (found["order_days"], found["came_back"]) == (pytest.approx(np.log(2)), 1.0)


def test_with_one_order_day_there_is_no_rhythm():
    found = known(10, (10, 5))
    assert (found["missed"], found["order_days"], found["came_back"]) == (0.0, 0.0, 0.0)


def test_an_order_that_came_back_ends_the_silence_and_is_no_part_of_the_rhythm():
    found = known(0, (0, 5), (40, 5), (350, 0))
    assert found["silent"] == pytest.approx(np.log1p(50))
    assert found["missed"] == pytest.approx(np.log1p(50 / (40 + 7)))
    assert found["order_days"] == pytest.approx(np.log(2))


def test_who_comes_only_later_is_neither_old_nor_silent():
    assert set(known(410, (410, 5)).values()) == {0.0}


def test_the_day_itself_and_the_first_days_of_the_last_year_and_quarter_count():
    assert known(0, (0, 1), (400, 9))["value"] == pytest.approx(np.log(11))
    assert [known(0, (day, 9))["last_year"] for day in (35, 36)] == pytest.approx([0, np.log(10)])
    assert [known(0, (day, 9))["last_quarter"] for day in (309, 310)] == pytest.approx([0, np.log(10)])


def test_value_a_day_is_of_the_age_and_thirty_days_more_and_silence_of_the_age_and_one():
    found = known(370, (370, 120), day=400)
    assert found["value_a_day"] == pytest.approx(np.log(1 + 120 / 60))
    assert found["silent_for_age"] == pytest.approx(30 / 31)
    assert (found["age"], found["silent"]) == pytest.approx((np.log(31), np.log(31)))


def test_rows_of_who_is_not_asked_about_count_for_nobody():
    spend = spend_of(("me", 0, 5), ("you", 0, 50))
    assert state(pd.Series({"me": 0}), spend, 10).equals(state(pd.Series({"me": 0}), spend.iloc[:1], 10))

"""How long a silence has to be to mean something: longer than nine in ten of those who come back are silent."""

import numpy as np
import pandas as pd
import pytest
from spend_frames import spend_of

from clvapp.customers.order_days import order_days
from clvapp.customers.rhythm import (
    ACTIVE,
    LAPSED,
    NEW,
    REFUNDED,
    RETURNS_NEEDED,
    SLIPPING,
    long_silent,
    no_states,
    rhythm,
    silent_from,
    states,
)  # fmt: skip
from clvapp.wording import Wording

# Twenty came back once, all on day 0 first: ten after 10 days, nine after 20, one after 30. Then nobody came again.
GAPS = [10] * 10 + [20] * 9 + [30]
BACK = [(f"back {i}", day, 5.0) for i, gap in enumerate(GAPS) for day in (0, gap)]
END = 230


def shop(*more, returns=RETURNS_NEEDED):
    return order_days(spend_of(*BACK[: 2 * returns], *more))


def state_of(days, who, end):
    return dict(zip(days.ids, states(days, end_day=end), strict=True))[who]


def test_the_shops_rhythm_is_by_when_half_and_nine_in_ten_of_those_who_come_back_do_so():
    """Forty wait: 20 for the second order, 20 for the third, which nobody makes.

    After 10 days 10 of 40 came, after 20 days 9 of 30 more, after 30 days 1 of 21 more: 25, 47.5 and 50 %. Of those 50,
    half came within 10 days and nine in ten (45) within 20.
    """
    found = rhythm(shop(), end_day=END)
    assert (found.shop_usual, found.shop_limit, found.returns) == (10, 20, 20)
    assert found.usual.tolist() == [10] * 20
    assert found.limit.tolist() == [20] * 20
    assert not found.own.any()


def test_who_was_cut_off_by_the_end_of_the_file_is_not_taken_for_somebody_who_never_comes():
    """One more comes after 30 days: 10 of 42, 9 of 32 and 2 of 23 are 23.8, 45.2 and 50 %.

    Twelve more came 15 days before the end: 10 of 54, then 9 of 32 and 2 of 23 as before, are 18.5, 41.4 and 46.5 %. Of
    these, nine in ten are 41.9: they take 30 days.
    """
    slow = [("slow", 0, 5.0), ("slow", 30, 5.0)]
    found = rhythm(shop(*slow), end_day=END)
    assert (found.shop_usual, found.shop_limit) == (20, 20)
    cut = rhythm(shop(*slow, *[(f"late {i}", END - 15, 5.0) for i in range(12)]), end_day=END)
    assert (cut.shop_usual, cut.shop_limit) == (20, 30)


def test_what_happens_while_fewer_than_five_are_watched_says_nothing():
    """On day 95 only the four slow ones have been watched for 90 days: the 20 others have waited for 65 to 85.

    60 days later they all have waited for 125 and more: 10 of 48, 9 of 38, 1 of 29 and 4 of 28 came, 50 % together.
    Nine in ten of these, 45 %, are more than the 41.7 % who came within 30 days.
    """
    slow = [(f"slow {i}", day, 5.0) for i in range(4) for day in (0, 90)]
    assert rhythm(shop(*slow), end_day=95).shop_limit == 20
    assert rhythm(shop(*slow), end_day=155).shop_limit == 90


def test_where_nobody_ever_came_back_no_silence_is_long():
    found = rhythm(order_days(spend_of(("ann", 0, 5.0), ("bo", 3, 5.0))), end_day=4000)
    assert (found.shop_usual, found.shop_limit, found.returns, found.tells) == (np.inf, np.inf, 0, False)


@pytest.mark.parametrize(
    ("returns", "sentence"),
    [
        (0, "Nobody has come back yet"), (1, "Only one return was seen"), (19, "Only 19 returns were seen"),
    ],
)  # fmt: skip
def test_below_twenty_returns_there_are_no_states_and_one_sentence(returns, sentence):
    said = no_states(returns, Wording("en_US", "USD"))
    assert said == (
        f"{sentence}, so nobody is called active, slipping or lapsed: from 20 returns on it can be told how long a "
        "silence is usual."
    )
    days = shop(("once", 0, 5.0), returns=returns)
    assert states(days, end_day=5000).tolist() == [None] * (returns + 1)
    once = pd.DataFrame({"customer_id": ["once"], "days_since_last_order": [5000]})
    assert not long_silent(once, spend_of(*BACK[: 2 * returns], ("once", 0, 5.0)), end_day=5000).any()
    assert no_states(20, Wording("en_US", "USD")) is None


def test_the_states_change_on_the_day_after_the_limit_and_after_twice_the_limit():
    """The limit is 20 days. Dee came on day 100 and, in another shop, again on day 120."""
    days = shop(("dee", 100, 5.0))
    assert [state_of(days, "dee", 100 + silence) for silence in (20, 21, 40, 41)] == [NEW, SLIPPING, SLIPPING, LAPSED]
    back = shop(("dee", 100, 5.0), ("dee", 120, 5.0))
    assert [state_of(back, "dee", 100 + age) for age in (30, 31, 40, 41)] == [NEW, ACTIVE, ACTIVE, SLIPPING]


def test_the_first_silent_day_is_told_beforehand_and_an_order_that_came_back_breaks_the_silence():
    """Dee's only order day is day 100; what she ordered on day 150 came back entirely. Gus gave everything back."""
    given = spend_of(*BACK, ("dee", 100, 5.0), ("dee", 150, 0.0), ("gus", 150, 0.0))
    days = order_days(given)
    found = rhythm(days, end_day=170)
    assert dict(zip(days.ids, silent_from(days.last, found.limit), strict=True))["dee"] == 171
    assert [state_of(days, "dee", end) for end in (170, 171)] == [ACTIVE, SLIPPING]
    assert state_of(days, "gus", 400) == REFUNDED
    people = pd.DataFrame({"customer_id": days.ids, "days_since_last_order": 171 - days.last})
    assert long_silent(people, given, end_day=171).sum() == 21  # all but Gus, who has no state but his own


def test_who_has_no_order_day_at_all_is_judged_by_the_shops_gaps():
    nobody = pd.DataFrame({"customer_id": ["nobody", "no one"], "days_since_last_order": [20, 21]})
    assert long_silent(nobody, spend_of(*BACK), end_day=END).tolist() == [False, True]


# Ann has a rhythm of her own from day 60 on, when her third gap ended: 10, 20 and 30 days.
ANN = [("ann", day, 5.0) for day in (0, 10, 30, 60)]


def test_a_rhythm_is_ones_own_from_three_gaps_on():
    days = order_days(spend_of(*BACK, *ANN))
    assert rhythm(days, end_day=59).own.sum() == 0
    found = rhythm(days, end_day=END)
    assert found.own.tolist() == [False] * 20 + [True]
    assert found.usual[-1] == 20  # the median of 10, 20 and 30
    even = rhythm(order_days(spend_of(*BACK, *[("ann", day, 5.0) for day in (0, 10, 20, 30, 60)])), end_day=END)
    assert even.usual[-1] == 10  # of 10, 10, 10 and 30


def test_nine_in_ten_of_three_gaps_is_more_than_their_longest():
    """The 90th percentile of three gaps, 28 days, is exceeded by more than a quarter of next gaps."""
    assert 30 < rhythm(order_days(spend_of(*BACK, *ANN)), end_day=END).limit[-1] < 90


def test_ones_own_limit_does_not_wait_for_them():
    days = order_days(spend_of(*BACK, *ANN))
    limit = rhythm(days, end_day=61).limit[-1]
    assert rhythm(days, end_day=400).limit[-1] == pytest.approx(limit, rel=0.05)  # the shop's spread learns a little


def test_nothing_after_the_day_looked_back_from_counts():
    rows = [*BACK, *ANN, ("ann", 65, 5.0), ("cy", 70, 5.0)]
    whole, cut = order_days(spend_of(*rows)), order_days(spend_of(*rows), end_day=62)
    then, known = rhythm(whole, end_day=62), rhythm(cut, end_day=62)
    assert known.limit.tolist() == pytest.approx(then.limit[:-1].tolist())
    assert (then.shop_limit, then.returns) == (known.shop_limit, known.returns)


def test_customers_given_in_another_order_have_the_same_rhythm():
    frame = spend_of(*BACK, *ANN, *[("bea", day, 5.0) for day in (3, 40, 41, 90)])
    one, other = (order_days(rows) for rows in (frame, frame.sample(frac=1, random_state=5)))
    here, there = (pd.Series(rhythm(days, end_day=END).limit, days.ids).sort_index() for days in (one, other))
    pd.testing.assert_series_equal(here, there)

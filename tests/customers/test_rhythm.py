"""How long a silence has to be to mean something: longer than nine in ten gaps, and not as long."""

import pandas as pd
import pytest

from clvapp.customers.order_days import order_days
from clvapp.customers.rhythm import ACTIVE, NEW, SLIPPING, long_silent, rhythm, silent_from, states, usual_silence

# Ann's gaps are 10, 20 and 30 days: nine in ten of her own take up to 28. Bo's 30 is the shop's fourth, of 10 20 30 30:
# up to 30.
DAYS = {"ann": (0, 10, 30, 60), "bo": (0, 30), "cy": (40,)}
SPEND = pd.DataFrame(
    [(who, day, 5.0, 1, 5.0) for who, days in DAYS.items() for day in days],
    columns=["customer_id", "day", "revenue", "orders", "paid"],
)


def silent(**days):
    customers = pd.DataFrame({"customer_id": list(days), "days_since_last_order": list(days.values())})
    return long_silent(customers, SPEND).to_dict()


def test_a_silence_as_long_as_nine_in_ten_gaps_is_not_long_yet():
    assert silent(ann=28, bo=30, cy=30) == {"ann": False, "bo": False, "cy": False}
    assert silent(ann=29, bo=31, cy=31) == {"ann": True, "bo": True, "cy": True}


def test_who_has_no_order_day_at_all_is_judged_by_the_shops_gaps():
    assert silent(nobody=30) == {"nobody": False}
    assert silent(nobody=31) == {"nobody": True}


def test_the_shops_usual_silence_is_of_all_gaps():
    assert usual_silence(SPEND) == pytest.approx(30)
    assert usual_silence(SPEND[SPEND["customer_id"] == "cy"]) is None


def test_the_states_change_on_the_day_after_the_limit_and_after_twice_the_limit():
    """Ann ordered last on day 60, bo on day 30; cy came on day 40."""
    days = order_days(SPEND)
    found = {end: states(days, end_day=end).tolist() for end in (60, 61, 70, 71, 88, 89, 90, 91, 100, 101, 116, 117)}
    assert found == {
        60: ["active", "active", "new"], 61: ["active", "slipping", "new"],
        70: ["active", "slipping", "new"], 71: ["active", "slipping", "slipping"],
        88: ["active", "slipping", "slipping"], 89: ["slipping", "slipping", "slipping"],
        90: ["slipping", "slipping", "slipping"], 91: ["slipping", "lapsed", "slipping"],
        100: ["slipping", "lapsed", "slipping"], 101: ["slipping", "lapsed", "lapsed"],
        116: ["slipping", "lapsed", "lapsed"], 117: ["lapsed", "lapsed", "lapsed"],
    }  # fmt: skip


def test_the_first_silent_day_is_told_beforehand_and_an_order_that_came_back_breaks_the_silence():
    """Dee's only order day is day 20; what she ordered on day 50 came back entirely."""
    dee = pd.DataFrame({"customer_id": "dee", "day": [20, 50], "revenue": [5.0, 0.0], "orders": 1, "paid": [5.0, 0.0]})
    days = order_days(pd.concat([SPEND, dee]))
    first = silent_from(days.last, rhythm(days).limit)
    assert dict(zip(days.ids, first, strict=True)) == {"ann": 89, "bo": 61, "cy": 71, "dee": 81}
    # Flo's gaps are 10, 20 and 31 days: nine in ten of her own take up to 28.8, so she is silent from the 29th on.
    flo = order_days(SPEND.head(4).assign(day=[0, 10, 30, 61]))
    assert silent_from(flo.last, rhythm(flo).limit).tolist() == [61 + 29]
    assert [states(flo, end_day=61 + silence).tolist() for silence in (28, 29)] == [[ACTIVE], [SLIPPING]]
    for place, day in enumerate(first.astype(int)):
        before, then = (states(days, end_day=end)[place] for end in (day - 1, day))
        assert (before in (NEW, ACTIVE), then) == (True, SLIPPING)

"""Orders whose day lies alone move no first or last day of trade, and their money counts."""

import datetime as dt
import json

import numpy as np
import pytest

from clvapp.__main__ import main
from clvapp.analysis import Analysis
from clvapp.clean.strays import core
from clvapp.findings import of_orders
from clvapp.problems import ObservationEndTooLate
from clvapp.read import Source
from clvapp.results import customers, orders
from clvapp.settings import Settings
from clvapp.shop import load

FIRST = dt.date(2025, 1, 6)


def weekly(*more, weeks=12):
    """A shop with one order of 10 a week, each third by one customer: Ana, Ben, Cy; `more` are rows of its own."""
    who = ("ana", "ben", "cy")
    rows = [f"{n + 1},{who[n % 3]}@x.test,{FIRST + dt.timedelta(days=7 * n)},10" for n in range(weeks)]
    return "\n".join(["Order ID,Email,Date,Total", *rows, *more]).encode()


def shop(*more, weeks=12, today=None, **settings):
    return Analysis(load([Source("orders.csv", weekly(*more, weeks=weeks))]), Settings(**settings), today=today)


LAST = FIRST + dt.timedelta(days=77)


def spans(of):
    return of.first_order, of.last_order, of.observation_end


@pytest.mark.parametrize(
    "row", ["99,dora@x.test,2012-03-05,30", "99,dora@x.test,2027-06-17,30"], ids=["before", "after"]
)
def test_an_order_that_lies_alone_moves_no_day_and_its_money_counts(row):
    found = shop(row)
    assert spans(found) == (FIRST, LAST, LAST)
    assert found.totals[:2] == (13, 150.0)
    assert (len(found.customers), float(found.customers["revenue"].sum())) == (3, 120.0)
    assert found.cleaned.rows_used == found.cleaned.rows_in == 13
    assert len(found.months) == 3
    assert len(orders(found)) == 13


def test_a_stray_is_named_with_its_number_day_and_distance():
    told = of_orders(shop("99,dora@x.test,2027-06-17,30"))
    assert told[1] == (
        "Order 99 of Jun 17, 2027 lies alone, 815 days after all others. Its money (30.00) counts, but it moves no "
        "first or last day and is left out of months, cohorts and forecasts until you say that its day is right. 1 "
        "person with no other order is no customer until then."
    )
    assert not [sentence for sentence in told if "no order in" in sentence]


def test_who_has_other_orders_is_a_customer_whatever_lies_alone():
    found = shop("99,ana@x.test,2027-06-17,30")
    assert len(found.customers) == 3
    assert of_orders(found)[1].endswith("until you say that its day is right.")


def test_both_ends_at_once():
    found = shop("98,ana@x.test,2012-03-05,30", "99,ben@x.test,2027-06-17,30")
    assert spans(found) == (FIRST, LAST, LAST)
    told = next(sentence for sentence in of_orders(found) if "98" in sentence)
    assert told.startswith(
        "Order 98 of Mar 5, 2012 lies alone, 4,690 days before all others; Order 99 of Jun 17, 2027 lies alone, 815 "
        "days after all others. Their money (60.00) counts, but they move"
    )


def test_several_at_one_end_count_for_each_two_hundred_orders():
    two = ("998,ana@x.test,2035-03-05,30", "999,ben@x.test,2036-06-17,30")
    assert shop(*two, weeks=398).cleaned.trade.strays == 2
    assert shop(*two, weeks=397).cleaned.trade.strays == 0


def test_an_old_stray_of_a_customer_counts_as_value_and_not_as_the_first_order():
    found = shop("99,ben@x.test,2012-03-05,30")
    ben = found.customers.set_index("customer_id").loc["ben@x.test"]
    assert (ben["first_order"].date(), ben["orders"], ben["revenue"], ben["order_days"]) == (
        FIRST + dt.timedelta(days=7), 5, 70.0, 4,
    )  # fmt: skip
    first = found.first_orders.set_index("customer_id").loc["ben@x.test"]
    assert first["day"] == (FIRST + dt.timedelta(days=7) - dt.date(1970, 1, 1)).days
    assert len(customers(found)) == 3


def test_its_owner_can_say_that_a_stray_is_real():
    found = shop("99,dora@x.test,2027-06-17,30", strays="keep")
    assert spans(found) == (FIRST, dt.date(2027, 6, 17), dt.date(2027, 6, 17))
    assert len(found.customers) == 4
    assert found.cleaned.trade.strays == 1
    told = "Order 99 of Jun 17, 2027 lies alone, 815 days after all others. It counts like any other, as you said."
    assert told in of_orders(found)


def test_an_order_later_than_today_is_a_stray_and_one_of_today_is_none():
    row = f"99,dora@x.test,{LAST + dt.timedelta(days=8)},30"
    assert shop(row).last_order == LAST + dt.timedelta(days=8)
    assert shop(row, today=LAST + dt.timedelta(days=8)).last_order == LAST + dt.timedelta(days=8)
    late = shop(row, today=LAST + dt.timedelta(days=7))
    assert late.last_order == LAST
    assert "Order 99 of Apr 1, 2025 is dated later than today (Mar 31, 2025)." in " ".join(of_orders(late))


def test_a_clock_behind_every_order_says_nothing():
    assert spans(shop(today=dt.date(2001, 1, 1))) == (FIRST, LAST, LAST)


def test_a_stray_refund_moves_no_day():
    found = shop("99,ana@x.test,2027-06-17,-5")
    assert spans(found) == (FIRST, LAST, LAST)
    assert found.totals == (12, 115.0, 5.0)
    assert found.customers.set_index("customer_id").loc["ana@x.test", "revenue"] == 35.0
    told = "A refund or correction of Jun 17, 2027 lies alone, 815 days after all others."
    assert told in " ".join(of_orders(found))


def test_a_stray_after_the_day_looked_back_from_is_left_out_with_its_reason():
    found = shop("99,ana@x.test,2027-06-17,30", observation_end=LAST - dt.timedelta(days=7))
    assert found.totals[:2] == (11, 110.0)
    report = found.cleaned.report.set_index("reason")
    assert report.loc["after_look_back", ["rows", "money"]].tolist() == [2, 40.0]
    assert found.cleaned.rows_used == 11
    assert not [sentence for sentence in of_orders(found) if "lies alone" in sentence]


def test_a_day_to_look_back_from_lies_no_more_than_five_years_after_the_last_order():
    with pytest.raises(ObservationEndTooLate, match=r"9999-12-31.*2025-03-24.*2030-03-24"):
        _ = shop("99,ana@x.test,2027-06-17,30", observation_end=dt.date(9999, 12, 31)).customers
    assert shop(observation_end=dt.date(2030, 3, 24)).last_order == LAST


def ends(days, counts=None):
    days = np.asarray(days)
    start, end = core(days, np.ones(len(days), int) if counts is None else np.asarray(counts))
    return int(days[start]), int(days[end])


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ([0], (0, 0)),
        ([0, 4000], (0, 4000)),  # which of the two would be alone?
        ([0, 4000, 8000], (0, 8000)),
        ([0, 7, 14, 103], (0, 103)),  # 89 days
        ([*range(0, 70, 7), 153], (0, 63)),  # 90 days, more than five times 7
        ([*range(0, 63, 7), 146], (0, 146)),  # nine days of trade: too few to know what is usual
        ([0, 30, 60, 209], (0, 209)),  # 149 days, not five times 30
        ([*range(0, 300, 30), 420], (0, 270)),
        ([0, 7, 14, 379, 386, 393, 758, 765], (0, 765)),  # a season a year
        ([0, 365, 730, 1095], (0, 1095)),
        ([0, *range(400, 470, 7), 839], (400, 463)),  # both ends, two silences alike
        ([0, 7, 14, 400, 401], (0, 401)),  # two beyond the silence of a small shop
    ],
)
def test_which_days_lie_alone(days, kept):
    assert ends(days) == kept


def test_a_thousand_days_far_apart_are_judged_at_once():
    far = np.arange(1000) * 100  # one order each; then 400 days of a thousand
    days, counts = np.append(far, far[-1] + 1 + np.arange(400)), np.append(np.ones(1000, int), np.full(400, 1000))
    assert ends(days, counts) == (99_900, 100_300)


def test_the_command_line_takes_the_answer(tmp_path):
    (tmp_path / "orders.csv").write_bytes(weekly("99,dora@x.test,2012-03-05,30"))
    said = {}
    for answer in ("keep", "leave-out"):
        out = tmp_path / answer
        assert main(["analyze", str(tmp_path / "orders.csv"), "--strays", answer, "--out", str(out)]) == 0
        said[answer] = json.loads((out / "summary.json").read_text())
    assert [said[answer]["first_order"] for answer in said] == ["2012-03-05", "2025-01-06"]
    assert [said[answer]["revenue"] for answer in said] == [150.0, 150.0]

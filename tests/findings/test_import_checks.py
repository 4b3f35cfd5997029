"""What is odd about an export is said, and what is not odd is not."""

from dataclasses import replace

import pandas as pd
import pytest

import clvapp
from clvapp import findings
from clvapp.findings.import_checks import Imported, warnings
from clvapp.read import Source
from clvapp.wording import Wording


def found(**odd):
    usual = Imported(
        months=pd.DataFrame({"month": pd.date_range("2025-01-01", periods=4, freq="MS"), "orders": [20, 30, 25, 25]}),
        customers=pd.DataFrame({"customer_id": [f"c{i}" for i in range(50)], "orders": [2] * 50}),
        orders=100, median_value=40.0, largest_value=90.0, largest_order="#7", doubled=0, overpaid=0,
    )  # fmt: skip
    return warnings(replace(usual, **odd), Wording(currency="USD"))


def test_nothing_is_said_of_a_usual_export():
    assert found() == ()


def once(people, orders=1):
    return pd.DataFrame({"customer_id": [f"c{i}" for i in range(people)], "orders": orders})


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        ({"largest_value": 2000.0}, "(#7, $2,000) is 50 times the middle one"),
        ({"doubled": 1}, "1 order may be doubled"),
        ({"doubled": 12}, "12 orders may be doubled"),
        ({"overpaid": 1}, "1 order has more given back than paid"),
        ({"overpaid": 3}, "3 orders have more given back than paid"),
        ({"customers": once(100)}, "Each of the 100 customers bought exactly once"),
        (
            {"customers": pd.concat([once(50), pd.DataFrame({"customer_id": ["till"], "orders": [50]})])},
            "One customer (till) has 50% of all orders",
        ),
    ],
)
def test_what_is_odd_is_said(odd, says):
    (sentence,) = found(**odd)
    assert says in sentence


@pytest.mark.parametrize(
    "usual",
    [
        {"largest_value": 1999.0},
        {"largest_value": 9e9, "median_value": 0.0},
        {"customers": once(19)},
        {"orders": 1000, "doubled": 4},
    ],
)
def test_what_is_nearly_odd_is_not_said(usual):
    assert found(**usual) == ()


def test_months_without_an_order_are_named_and_the_rest_counted():
    months = pd.DataFrame({"month": pd.date_range("2024-03-01", periods=10, freq="MS"), "orders": [5, *[0] * 8, 5]})
    (sentence,) = found(months=months)
    assert "April 2024, May 2024, June 2024, July 2024, August 2024, September 2024 and 2 more" in sentence


def test_an_export_is_asked_about_with_its_own_numbers():
    rows = [f"{i},p{i % 9}@x.org,2025-0{1 + i % 3}-{i % 28 + 1:02d} 10:{i % 60:02d},20.00,0" for i in range(60)]
    rows += ["60,p1@x.org,2025-06-02 09:30,20.00,0", "61,p1@x.org,2025-06-02 09:30,20.00,0"]  # twice the same
    rows += ["62,p2@x.org,2025-06-03 09:30,1500.00,0", "63,p3@x.org,2025-06-04 09:30,20.00,30.00"]
    text = "Order ID,Email,Order date,Order total,Refunded amount\n" + "\n".join(rows)
    shop = clvapp.load([Source("orders.csv", text.encode())])
    with shop.engine:
        said = " ".join(findings.of_orders(clvapp.Analysis(shop)))
    for part in ("April 2025, May 2025", "(62, 1,500) is 75 times", "1 order may be doubled", "1 order has more given"):
        assert part in said


def came(on_one_day, *, on_others=1, others=30, last="2025-12-01"):
    days = ["2025-03-03"] * on_one_day + [f"2025-04-{1 + n:02d}" for n in range(others) for _ in range(on_others)]
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(len(days))], "orders": 2, "first_order": pd.to_datetime(days),
            "last_order": pd.Timestamp(last),
        }
    )  # fmt: skip


def test_customers_carried_over_on_one_day_are_named_with_what_they_spoil():
    assert found(customers=came(10)) == (
        "10 customers of 40 (25%) have their first order on Mar 3, 2025, and no other day brought more than 1: they "
        "were probably carried over from another system on that day. If so, their real first orders are not in the "
        "file, and first orders, cohorts and how soon people come back say little about them.",
    )


@pytest.mark.parametrize(
    "usual",
    [
        came(9),  # fewer than ten times any other day
        came(19, on_others=2),
        came(10, on_others=2),
        came(60, others=0, last="2025-03-03"),  # a file of one day
        came(12, others=7),  # too few to tell
    ],
)
def test_a_good_day_is_no_import(usual):
    assert found(customers=usual) == ()

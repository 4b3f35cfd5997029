"""What the shop sold, orders that name nobody included, on orders written out."""

from dataclasses import replace

import numpy as np
import pytest
from hand_frames import GENERAL, order, tables_of

from clvapp.customers import sales
from clvapp.customers.tables import span

# "A1" is money that moved without being an order or a refund.
CORRECTED = replace(GENERAL, adjustment_pattern="^A")
BO, CY, DI = ({"customer_email": f"{name}@example.org"} for name in ("bo", "cy", "di"))
NOBODY = {"customer_email": None}


def day(text):
    return int(np.datetime64(text, "D").astype("int64"))


ROWS = [
    order("1", "30.00", ordered_at="2026-01-05", product="Cup", refunded="12.00"),
    order("2", "10.00", ordered_at="2026-01-19", product="Pot"),
    order("3", "8.00", ordered_at="2026-01-31", product="Tea", **BO),
    order("4", "5.00", ordered_at="2026-01-31", product="Cup", **NOBODY),
    order("5", "7.00", ordered_at="2026-01-31", refunded="1.00", **NOBODY),
    order("6", "20.00", ordered_at="2026-03-02", product="Pot", **BO),
    order("7", "40.00", ordered_at="2026-03-20", product="Jug", refunded="2.00"),
    order("8", "2.00", ordered_at="2026-03-20", product="Tea", **CY),
    order("9", "-4.00", ordered_at="2026-01-31"),
    order("10", "-1.00", ordered_at="2026-01-31", **NOBODY),
    order("11", "-0.50", ordered_at="2026-02-21", **NOBODY),
    order("12", "-3.00", ordered_at="2026-02-22", **CY),
    order("13", "-2.00", ordered_at="2026-03-01", **CY),
    order("14", "-6.00", ordered_at="2026-03-02", **DI),
    order("A1", "9.00", ordered_at="2026-02-23"),
]
END = day("2026-03-02")
MARCH = day("2026-03-20")


@pytest.fixture
def tables():
    with tables_of(ROWS, CORRECTED) as (_, made):
        yield made


def test_the_last_money_without_an_order_moved_on_the_day_of_the_latest_and_no_earlier_than_asked(tables):
    assert sales.last_adjustment(tables, day("2026-01-01")) == END
    assert sales.last_adjustment(tables, MARCH) == MARCH
    assert sales.last_adjustment(tables.until(day("2026-01-30")), 7) == 7  # there is none


def test_the_shop_sold_from_its_first_order_to_its_last(tables):
    assert span(tables) == (day("2026-01-05"), MARCH)


def test_money_of_nobody_is_added_up_by_day_and_refunds_are_no_orders(tables):
    # 31 January: 5, 6 of the 7, and 1 given back
    assert sales.unnamed(tables, end_day=END).to_dict("list") == {
        "day": [day("2026-01-31"), day("2026-02-21")], "revenue": [10.0, -0.5], "orders": [2, 0],
    }  # fmt: skip
    assert sales.unnamed(tables, end_day=END).index.tolist() == [0, 1]


def test_days_of_nobodys_money_stand_in_the_order_of_the_calendar():
    sold = [order(f"{i}", ordered_at=f"2026-01-{i:02}", **NOBODY) for i in (9, 3, 28, 1, 17)]
    with tables_of(sold) as (_, tables):
        found = sales.unnamed(tables, end_day=END)
    assert found["day"].tolist() == [day(f"2026-01-{i:02}") for i in (1, 3, 9, 17, 28)]
    assert found.index.tolist() == list(range(5))


def test_a_months_revenue_is_its_orders_and_what_moved_without_one(tables):
    found = sales.months(tables, end_day=MARCH)
    assert found["month"].dt.strftime("%Y-%m-%d").tolist() == ["2026-01-01", "2026-02-01", "2026-03-01"]
    # January: 18 + 10 + 8 + 5 + 6 of orders, 4 and 1 given back. February: -0.5 - 3 + 9. March: 20 + 38 + 2 - 2 - 6.
    assert found["revenue"].tolist() == [42.0, 5.5, 52.0]
    assert found["orders"].tolist() == [5, 0, 3]
    assert found["buyers"].tolist() == [2, 0, 3]
    assert found["new_customers"].tolist() == [2, 0, 1]
    assert found["complete"].tolist() == [True, True, False]


def test_totals_hold_everybodys_orders_and_money_and_what_was_given_back(tables):
    # Revenue: 18 + 10 + 8 + 5 + 6 + 20 of orders, -16.5 given back without one, 9 put right. Given back: 13 and 16.5.
    assert sales.totals(tables, end_day=END) == (6, 59.5, 29.5)
    assert sales.totals(tables, end_day=day("2026-01-30")) == (2, 28.0, 12.0)
    assert sales.totals(tables, end_day=day("2026-01-04")) == (0, 0.0, 0.0)


def test_money_put_right_is_not_money_given_back():
    with tables_of([order("1"), order("A1", "7.00"), order("A2", "3.00")], CORRECTED) as (_, tables):
        assert sales.totals(tables, end_day=END) == (1, 20.0, 0.0)


def test_sales_by_product_are_those_of_all_orders_that_name_one_most_money_first(tables):
    assert sales.sales_by(tables, "product", end_day=MARCH).to_dict("list") == {
        "group": ["Jug", "Pot", "Cup", "Tea"], "orders": [1, 2, 2, 2], "revenue": [38.0, 30.0, 23.0, 10.0],
    }  # fmt: skip
    assert sales.sales_by(tables, "product", end_day=END)["group"].tolist() == ["Pot", "Cup", "Tea"]
    assert sales.sales_by(tables, "channel", end_day=END).empty


def test_products_of_as_much_money_stand_in_the_order_of_their_names():
    sold = [order(f"{i}", product=name) for i, name in enumerate(("Tea", "Cup", "Pot", "Jug"))]
    with tables_of(sold) as (_, tables):
        found = sales.sales_by(tables, "product", end_day=END)
    assert found["group"].tolist() == ["Cup", "Jug", "Pot", "Tea"]
    assert found.index.tolist() == [0, 1, 2, 3]


ODD = [
    *(order(number, "10.00", ordered_at="2026-01-05 09:00") for number in ("1", "2", "3")),  # two more than one
    order("4", "10.00", ordered_at="2026-01-05 09:00", **BO),  # somebody else's
    order("5", "10.00", ordered_at="2026-01-05 10:00"),  # an hour later
    order("6", "11.00", ordered_at="2026-01-05 09:00"),  # another value
    *(order(number, "20.00", ordered_at="2026-01-07 08:00", **BO) for number in ("7", "8")),  # one more than one
    order("9", "30.00", ordered_at="2026-01-09", refunded="30.00", **NOBODY),  # of nobody, and nothing is left of it
    order("10", "30.00", ordered_at="2026-01-09", refunded="29.50", **NOBODY),
    order("11", "40.00", ordered_at="2026-01-10", refunded="40.25"),  # more given back than paid
    order("12", "90.00", ordered_at="2026-01-09", refunded="100.00", **BO),  # likewise
    order("13", "90.00", ordered_at="2026-01-12"),
    order("14", "90.00", ordered_at="2026-01-08"),
    order("15", "500.00", ordered_at="2026-02-01", refunded="501.00"),
]


def test_oddities_by_hand():
    with tables_of(ODD) as (_, tables):
        # The seventh and the eighth of 14 values are 20; the first of three orders of 90 is that of 8 January.
        assert sales.oddities(tables, end_day=day("2026-01-31")) == {
            "median_value": 20.0, "largest_value": 90.0, "largest_order": "14", "doubled": 3, "overpaid": 2,
        }  # fmt: skip
        # With the one of 500, the middle one of 15 is still 20.
        assert sales.oddities(tables, end_day=day("2026-02-01")) == {
            "median_value": 20.0, "largest_value": 500.0, "largest_order": "15", "doubled": 3, "overpaid": 3,
        }  # fmt: skip
        # 10, 10, 10, 10, 10, 11: the middle is 10, and nobody has got back more than they paid.
        assert sales.oddities(tables, end_day=day("2026-01-05")) == {
            "median_value": 10.0, "largest_value": 11.0, "largest_order": "6", "doubled": 2, "overpaid": 0,
        }  # fmt: skip


def test_a_shop_without_oddities_has_none():
    with tables_of([order("1", "5.00"), order("2", "8.00")]) as (_, tables):
        assert sales.oddities(tables, end_day=END) == {
            "median_value": 6.5, "largest_value": 8.0, "largest_order": "2", "doubled": 0, "overpaid": 0,
        }  # fmt: skip
    with tables_of([order("1", "5.00", **NOBODY)]) as (_, tables):
        assert sales.oddities(tables, end_day=END)["doubled"] == 0


def test_orders_that_name_nobody_have_a_number_and_their_money_less_what_nobody_got_back(tables):
    assert sales.not_attributable(tables, end_day=END) == (2, 9.5)  # 5 + 6 - 1 - 0.5
    assert sales.not_attributable(tables, end_day=day("2026-01-30")) == (0, 0.0)


def test_people_without_an_order_are_those_who_only_got_money_back(tables):
    # Cy, twice, and di; ann has orders, and of nobody it cannot be said.
    assert sales.without_orders(tables, end_day=END) == (2, -11.0)
    assert sales.without_orders(tables, end_day=day("2026-03-01")) == (1, -5.0)
    assert sales.without_orders(tables, end_day=MARCH) == (1, -6.0)  # by then cy has ordered
    assert sales.without_orders(tables, end_day=day("2026-02-21")) == (0, 0.0)

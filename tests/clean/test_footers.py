"""Rows that only add up the rows above them, with a date in the place of the order's."""

from hand_frames import made, order


def total(amount, **cells):
    return order(None, amount, customer_email=None) | cells


A, B, C = order("A", "10.00"), order("B", "20.50"), order("C", "30.00")


def test_a_row_that_adds_up_all_rows_above_it_is_no_order():
    found = made([A, B, C, total("60.50")])
    assert (found.column("order_id"), found.reasons) == (["A", "B", "C"], {"totals_or_footer": 1})
    assert made([A, B, C, total("60.50", customer_email="Total")]).revenue == 60.5


def test_so_are_the_totals_of_each_month():
    found = made([A, B, total("30.50"), C, order("D", "5.00"), total("35.00"), total("65.50")])
    assert (found.revenue, found.reasons) == (65.5, {"totals_or_footer": 3})


def test_a_row_without_a_number_that_adds_up_nothing_is_an_order_and_is_named():
    found = made([A, B, C, order("D"), order("E"), total("20.50")])
    assert found.revenue == 101.0
    said = "1 row without an order number and a customer counted as an order each (20.50 together, first: row 7)"
    assert any(sentence.startswith(said) for sentence in found.cleaned.findings)


def test_a_buyer_or_a_product_makes_it_an_order():
    assert made([A, B, C, order(None, "60.50")]).revenue == 121.0
    assert made([A, B, C, total("60.50", product="Desk")]).revenue == 121.0
    assert made([A, order(None, "10.00", customer_email=None)]).revenue == 20.0  # one row is no sum

"""Each dollar once: test gateways, part payments, gift cards, and refunds that are rows of their own."""

import pytest
from hand_frames import made, order

from clvapp.problems import KindsUnknown


def test_orders_through_a_test_gateway_are_tests():
    found = made([order("A", payment_method="bogus"), order("B", payment_method="Visa")])
    assert (found.column("order_id"), found.reasons) == (["B"], {"test": 1})


def test_a_part_paid_order_counts_what_was_paid():
    found = made([order("A", total="100.00", status="partially_paid", outstanding="60.00")])
    assert found.revenue == 40.0


def test_a_gift_card_counts_when_it_is_used_if_orders_pay_with_one():
    sold = order("A", total="50.00", product="Gift Card", payment_method="Visa")
    bought = order("B", total="20.00", product="Mug", payment_method="gift_card")
    found = made([sold, bought])
    assert (found.revenue, found.reasons) == (20.0, {"not_a_sale": 1})


def test_a_gift_card_counts_when_it_is_sold_if_no_order_pays_with_one():
    found = made([order("A", total="50.00", product="Gift Card"), order("B", total="20.00", product="Mug")])
    assert (found.revenue, found.reasons) == (70.0, {})


def test_a_refund_with_a_positive_amount_takes_money_back():
    found = made([order("A", total="60.00", kind="Sale"), order("B", total="25.00", kind="Refund")])
    assert (found.column("order_id"), found.revenue) == (["A"], 35.0)


def test_a_kind_that_nobody_knows_is_asked():
    with pytest.raises(KindsUnknown, match="'Zork'"):
        made([order("A", kind="Sale"), order("B", kind="Zork")])

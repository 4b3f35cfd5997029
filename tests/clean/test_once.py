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


def paid_so_far(**columns):
    """Three orders of 50, 40 and 30 with what was paid of them or is open."""
    return [
        order(number, total=total, **{role: cells[i] for role, cells in columns.items()})
        for i, (number, total) in enumerate((("A", "50.00"), ("B", "40.00"), ("C", "30.00")))
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"outstanding": ["0.00", "25.00", "30.00"]},
        {"paid_amount": ["50.00", "15.00", "0.00"]},
        {"outstanding": ["0.00", "25.00", "30.00"], "paid_amount": ["50.00", "15.00", "0.00"]},
    ],
)
def test_what_was_paid_counts_whether_or_not_a_status_says_so(columns):
    found = made(paid_so_far(**columns))
    assert (found.column("value"), found.reasons) == ([50.0, 15.0], {"status": 1})
    assert "1 order paid in part; what was paid counts." in found.cleaned.findings
    assert "1 order waiting for money; a setting says whether that counts." in found.cleaned.findings
    assert made(paid_so_far(**columns), count_pending=True).column("value") == [50.0, 15.0, 30.0]


def test_more_than_the_total_was_handed_over_and_is_no_part():
    assert made(paid_so_far(paid_amount=["50.00", "100.00", "30.00"])).column("value") == [50.0, 40.0, 30.0]


def test_what_was_given_back_is_not_missing_too():
    found = made(paid_so_far(paid_amount=["50.00", "0.00", "30.00"], refunded=["", "40.00", ""]))
    assert found.column("revenue") == [50.0, 0.0, 30.0]


def test_where_everything_is_open_the_column_is_another_name_for_the_total():
    assert made(paid_so_far(outstanding=["50.00", "40.00", "30.00"])).column("value") == [50.0, 40.0, 30.0]


def test_what_a_bank_took_back_goes_on_top_of_what_was_refunded():
    back = {"refunded": ["5.00", "", "30.00"], "charged_back": ["10.00", "40.00", "30.00"]}
    assert made(paid_so_far(**back)).column("revenue") == [35.0, 0.0, 0.0]

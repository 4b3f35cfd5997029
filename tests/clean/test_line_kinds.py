"""Rows below one order that are lines, discounts, sums of other lines or payments, under any heading."""

import pytest
from hand_frames import made, order, read

from clvapp.problems import KindsUnknown, StatusesUnknown
from clvapp.read import Reading


def lines(heading, *rows):
    """Rows of orders A1, A2 and so on: number, kind, amount."""
    text = "".join(f"{number},2026-01-0{number[1]},{number[1]}@x.org,{kind} {i},{kind},{amount}\n"
                   for i, (number, kind, amount) in enumerate(rows))  # fmt: skip
    return f"order_id,date,email,product,{heading},line_total\n{text}"


SOLD = ("A1", "product", "20.00"), ("A1", "shipping", "5.00"), ("A2", "product", "30.00"), ("A3", "product", "8.00")


@pytest.mark.parametrize("heading", ["t", "art", "kind2", "line_type", "x"])
def test_payments_and_sums_of_lines_are_no_sales_under_any_heading(heading):
    found = read(lines(heading, *SOLD, ("A2", "payment", "30.00"), ("A3", "subtotal", "8.00")))
    assert (found.column("value"), found.reasons) == ([25, 30, 8], {"not_a_sale": 2})


def test_a_coupon_with_its_minus_takes_off_and_one_without_is_asked_about():
    assert read(lines("t", *SOLD, ("A3", "coupon", "-3.00"))).column("value") == [25, 30, 5]
    with pytest.raises(KindsUnknown, match=r"'coupon' \(1 order, 3\.00: A3\) in 't' are sales"):
        read(lines("t", *SOLD, ("A3", "coupon", "3.00")))


def test_a_bundle_may_hold_its_parts_once_more_and_is_asked_about():
    text = lines("t", *SOLD, ("A3", "bundle", "8.00"))
    with pytest.raises(KindsUnknown, match=r"'bundle' \(1 order, 8\.00: A3\)"):
        read(text)
    assert read(text, reading=Reading(kinds={"bundle": "none"})).column("value") == [25, 30, 8]
    assert read(text, reading=Reading(kinds={"bundle": "sale"})).column("value") == [25, 30, 16]


def test_kinds_of_goods_are_no_kinds_of_rows():
    goods = (
        ("A1", "product", "20.00"),
        ("A1", "service", "5.00"),
        ("A2", "product", "30.00"),
        ("A3", "shipping", "8.00"),
    )
    found = read(lines("group", *goods))
    assert (found.column("value"), found.reasons) == ([25, 30, 8], {})


@pytest.mark.parametrize(
    "kinds",
    [("Invoice", "Quotation", "Estimate"), ("Rechnung", "Angebot", "Kostenvoranschlag"), ("Facture", "Devis", "Devis"),
     ("Factura", "Presupuesto", "Cotización"), ("Fattura", "Preventivo", "Preventivo"),
     ("Invoice", "Proforma invoice", "Draft invoice")],
)  # fmt: skip
def test_a_quotation_is_no_sale(kinds):
    sale, *others = kinds
    found = made(
        [order("1", kind=sale), order("2", kind=sale), *(order(str(i), kind=one) for i, one in enumerate(others, 3))]
    )
    assert (found.revenue, found.reasons) == (20.0, {"not_a_sale": 2})


@pytest.mark.parametrize(
    "status",
    ["Order undelivered", "In transit to seller", "Received back", "Active trial", "On its way back", "Shipped - lost",
     "Delivered to seller", "In dispute - lost"],
)  # fmt: skip
def test_a_word_that_takes_a_sale_back_in_part_is_asked_about(status):
    with pytest.raises(StatusesUnknown, match=status):
        made([order("1", status="Delivered"), order("2", status=status)])


@pytest.mark.parametrize(
    "status", ["In transit to buyer", "Received by customer", "Fulfilled by seller", "Backordered"]
)
def test_other_words_behind_a_sale_are_not(status):
    assert made([order("1", status="Delivered"), order("2", status=status)]).revenue == 20.0


@pytest.mark.parametrize("status", ["Partially refunded", "teilerstattet", "Remboursement partiel", "一部返金済み"])
def test_a_part_refund_without_an_amount_is_named(status):
    said = "1 order refunded or cancelled in part without an amount: all of their money counts"
    found = made([order("1"), order("2", status=status)])
    assert any(sentence.startswith(said) for sentence in found.cleaned.findings)
    told = made([order("1"), order("2", status=status, refunded="4.00")])
    assert told.revenue == 16.0
    assert not any("refunded or cancelled in part" in sentence for sentence in told.cleaned.findings)

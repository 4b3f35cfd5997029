"""Orders out of lines, customers out of orders, and the account of every row: each rule on rows written by hand."""

from dataclasses import replace

import pytest
from hand_frames import GENERAL, csv_text, made, order, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clvapp import clean, formats
from clvapp.problems import NoOrderCounts, Problem

UCI = formats.named("uci_online_retail")


def line(number, quantity, price, **cells):
    """A line of an export without order totals."""
    return {
        "order_id": number, "ordered_at": "2026-01-05", "customer_id": "17", "quantity": quantity, "unit_price": price,
        "product": "Cup", **cells,
    }  # fmt: skip


# --- an order's value, counted once ---------------------------------------------------------------


@pytest.mark.parametrize(
    "totals",
    [["30.00", None], ["30.00", "30.00"], [None, "30.00"], ["30.00", "0.00"]],
    ids=["first", "repeated", "last", "zero"],
)
def test_a_total_counts_once_wherever_it_stands(totals):
    found = made(
        [order("A", totals[0], product="Cup"), order("A", totals[1], product="Pot"), order("B", "5.00", product="Cup")]
    )
    assert found.column("value") == [30, 5]
    assert found.reasons == {}


def test_without_a_total_the_lines_add_up():
    found = made([line("A", "2", "10.00"), line("A", "1", "2.50"), line("B", "1", "1.00")])
    assert (found.column("value"), found.column("quantity"), found.column("lines")) == ([22.5, 1], [3, 1], [2, 1])


def test_totals_that_differ_inside_most_orders_are_totals_of_lines_and_that_is_said():
    found = made([order("A", "10.00"), order("A", "5.00"), order("B", "7.00"), order("B", "1.00")])
    assert found.column("value") == [15, 8]
    assert any("totals of lines" in sentence for sentence in found.cleaned.findings)


def test_one_odd_total_does_not_turn_a_column_into_totals_of_lines():
    repeated = [row for i in range(9) for row in [order(f"A{i}"), order(f"A{i}")]]
    found = made([*repeated, order("B", "10.00"), order("B", "11.00")])
    assert found.column("value") == [10] * 10
    assert any("1 order with different totals" in sentence for sentence in found.cleaned.findings)


def test_a_column_of_line_totals_is_used_where_an_order_has_no_total():
    found = made(
        [
            order("A", None, line_total="4.00"),
            order("A", None, line_total="6.00"),
            order("B", "3.00", line_total="3.00"),
        ]
    )
    assert found.column("value") == [10, 3]


def test_an_orders_words_come_from_its_first_row_or_the_first_that_has_them():
    found = made(
        [order("A", country=None, product="Cup"), order("A", None, country="SE", product="Pot", customer_email=None)]
    )
    assert (found.column("country"), found.column("customer_id")) == (["SE"], ["ann@example.org"])


def test_a_row_without_an_order_number_is_an_order_of_its_own():
    found = made([order(None), order(None), order("A")])
    assert len(found.orders) == 3


def test_a_row_without_a_number_is_not_taken_for_the_order_that_is_named_after_its_place():
    found = made([order(None, "10.00"), order("#2", "20.00")])
    assert sorted(found.orders["value"]) == [10, 20]


def test_amounts_beyond_nine_hundred_million_are_read():
    found = made([line("A", "2", "5000000000"), line("A", "1", "1")])
    assert (found.column("value"), found.column("product")) == ([10_000_000_001], ["Cup"])


def test_a_barcode_among_the_pieces_costs_its_own_row_only():
    found = made([line("A", "59012341234570", "59012341234.57"), line("B", "1", "5.00")])
    assert (found.column("value"), found.reasons) == ([5], {"unreadable": 1})


# --- money given back -----------------------------------------------------------------------------


def test_a_refund_in_a_column_reduces_its_order():
    found = made([order("A", "30.00", refunded="10.00"), order("A", None, refunded=None)])
    assert (found.column("value"), found.column("refunded"), found.column("revenue")) == ([30], [10], [20])


def test_a_refund_repeated_on_each_line_counts_once():
    found = made([order("A", "30.00", refunded="10.00"), order("A", "30.00", refunded="10.00")])
    assert found.column("revenue") == [20]


def test_a_negative_row_of_the_same_order_is_a_refund():
    found = made([order("A", "30.00"), order("A", "-12.00", ordered_at="2026-02-01")])
    assert (found.column("revenue"), found.column("refunded"), found.column("date")) == ([18], [12], ["2026-01-05"])


def test_negative_lines_of_the_same_order_are_refunds():
    found = made([line("A", "3", "10.00"), line("A", "-1", "10.00")])
    assert (found.column("value"), found.column("refunded"), found.column("quantity")) == ([30], [10], [3])


def test_a_discount_that_stands_as_a_line_makes_the_order_smaller_and_is_no_refund():
    found = made([line("A", "3", "10.00"), line("A", "1", "-5.00")])
    assert (found.column("value"), found.column("refunded")) == ([25], [0])


@pytest.mark.parametrize(
    "rows",
    [
        [order("A", "30.00", refunded="30.00")],
        [order("A", "30.00"), order("A", "-30.00")],
        [line("A", "3", "10.00"), line("A", "-3", "10.00")],
        [order("A", "30.00", status="Refunded")],
        [order("A", "30.00", status="refunded", refunded="0.00")],
    ],
    ids=["column", "negative row", "negative line", "status alone", "status and zero"],
)
def test_an_order_given_back_in_full_is_an_order_of_nothing(rows):
    found = made(rows)
    assert (found.column("revenue"), found.column("refunded"), found.reasons) == ([0], [30], {})


def test_a_partial_refund_is_not_made_whole_by_its_status():
    found = made(
        [order("A", "30.00", status="refunded", refunded="10.00"), order("B", "30.00", status="partially_refunded")]
    )
    assert found.column("revenue") == [20, 30]
    assert not any("marked as refunded" in sentence for sentence in found.cleaned.findings)


def test_a_refund_row_in_a_later_file_reduces_its_order_there():
    january, february = [order("A", "30.00"), order("B", "5.00", ordered_at="2026-01-31")], [
        order("A", "-12.00", ordered_at="2026-02-10"), order("C", "8.00", ordered_at="2026-02-01"),
    ]  # fmt: skip
    found = made(january, february)
    assert (found.column("revenue"), len(found.adjustments), found.reasons) == ([18, 5, 8], 0, {})


def test_each_of_two_refunds_in_two_months_counts():
    january = [
        order("A", "30.00"),
        order("A", "-5.00", ordered_at="2026-01-20"),
        order("B", "5.00", ordered_at="2026-01-31"),
    ]
    february = [order("A", "-3.00", ordered_at="2026-02-10"), order("C", "8.00", ordered_at="2026-02-01")]
    assert made(january, february).column("revenue") == [22, 5, 8]


def test_a_refund_that_both_of_two_overlapping_files_have_counts_once():
    early = [
        order("A", "30.00"),
        order("A", "-5.00", ordered_at="2026-01-20"),
        order("B", "5.00", ordered_at="2026-01-31"),
    ]
    late = [
        order("A", "-5.00", ordered_at="2026-01-20"),
        order("B", "5.00", ordered_at="2026-01-31"),
        order("C", ordered_at="2026-01-15"),
    ]
    found = made(early, late)
    assert (found.column("revenue"), found.reasons) == ([25, 5, 10], {"duplicate": 2})


def test_a_refund_row_with_lines_of_its_own_is_no_sale():
    found = made([order("A", "-20.00", quantity="2", unit_price="10.00"), order("B")])
    assert (found.column("order_id"), found.adjustments["revenue"].tolist()) == (["B"], [-20])


def test_a_refund_whose_sale_is_unknown_counts_on_its_own_day_and_is_no_order():
    found = made([order("A", "-20.00", ordered_at="2026-01-03"), order("B")])
    assert found.column("order_id") == ["B"]
    assert found.adjustments[["customer_id", "date", "revenue", "kind"]].to_numpy().tolist() == [
        ["ann@example.org", "2026-01-03", -20, "refund"]
    ]


def cancelled(number, quantity, price="10.00", **cells):
    return line(number, quantity, price, **cells)


def test_a_cancellation_document_takes_back_the_latest_earlier_sale_of_the_same_thing():
    found = made(
        [
            line("1", "5", "10.00", ordered_at="2026-01-01"),
            line("2", "2", "10.00", ordered_at="2026-01-03"),
            cancelled("C3", "-3", ordered_at="2026-01-04"),
            line("4", "9", "10.00", ordered_at="2026-01-06"),
        ],
        fmt=UCI,
    )
    assert found.column("revenue") == [40, 0, 90]
    assert len(found.adjustments) == 0
    assert found.cleaned.refund_documents_linked == 1


@pytest.mark.parametrize(
    "other", [{"customer_id": "18"}, {"product": "Pot"}, {"unit_price": "11.00"}, {"ordered_at": "2026-01-09"}], ids=str
)
def test_a_cancellation_takes_back_nothing_of_another_customer_thing_price_or_a_later_day(other):
    found = made([line("1", "5", "10.00", **other) if "unit_price" not in other else line("1", "5", "11.00"),
                  cancelled("C2", "-5", ordered_at="2026-01-08")], fmt=UCI)  # fmt: skip
    assert found.column("refunded") == [0]
    assert found.adjustments["revenue"].tolist() == [-50]


def test_what_no_sale_explains_stays_with_the_cancellation_on_its_own_day():
    found = made([line("1", "2", "10.00"), cancelled("C2", "-5", ordered_at="2026-01-08")], fmt=UCI)
    assert found.column("revenue") == [0]
    assert found.adjustments[["date", "revenue"]].to_numpy().tolist() == [["2026-01-08", -30]]


def test_a_sale_is_taken_back_once_however_many_cancellations_there_are():
    found = made(
        [
            line("1", "2", "10.00"),
            cancelled("C2", "-2", ordered_at="2026-01-06"),
            cancelled("C3", "-2", ordered_at="2026-01-07"),
        ],
        fmt=UCI,
    )
    assert (found.column("revenue"), found.adjustments["revenue"].tolist()) == ([0], [-20])


def test_a_cancellation_in_overlapping_files_is_linked_and_counted_once():
    january = [line("1", "2", "10.00"), cancelled("C2", "-2", ordered_at="2026-01-06")]
    both = [*january, line("3", "1", "4.00", ordered_at="2026-02-01")]
    found = made(january, both, fmt=UCI)
    assert (found.column("revenue"), found.revenue, len(found.adjustments)) == ([0, 4], 4, 0)


def test_refund_rows_without_an_order_number_belong_to_no_order_of_the_same_place_in_another_file():
    found = made(
        [order(None, "30.00")], [order(None, "-12.00", ordered_at="2026-02-01"), order("B", ordered_at="2026-02-02")]
    )
    assert sorted(found.orders["revenue"]) == [10, 30]
    assert found.adjustments["revenue"].tolist() == [-12]


def test_a_refund_without_an_order_number_is_of_its_own_file_and_not_of_the_same_row_in_another():
    """In both files the second row is the sale, the third takes one piece of 10 back: 30 - 10 and 50 - 10."""
    january = [line(None, "3", "10.00"), line(None, "-1", "10.00", ordered_at="2026-01-08")]
    february = [
        line(None, "5", "10.00", customer_id="18", product="Pot", ordered_at="2026-02-01"),
        line(None, "-1", "10.00", customer_id="18", product="Pot", ordered_at="2026-02-03"),
    ]
    found = made(january, february)
    assert sorted(found.orders["revenue"]) == [20, 40]
    assert (found.orders["refunded"].tolist(), len(found.adjustments), found.revenue) == ([10, 10], 0, 60)


def test_what_is_left_of_a_refund_without_an_order_number_is_what_its_own_file_does_not_explain():
    """One piece was sold and two are given back; in the other file one of five comes back."""
    january = [line(None, "1", "10.00"), line(None, "-2", "10.00", ordered_at="2026-01-08")]
    february = [
        line(None, "5", "10.00", customer_id="18", product="Pot", ordered_at="2026-02-01"),
        line(None, "-1", "10.00", customer_id="18", product="Pot", ordered_at="2026-02-03"),
    ]
    found = made(january, february)
    assert sorted(found.orders["revenue"]) == [0, 40]
    assert found.adjustments[["customer_id", "date", "revenue"]].to_numpy().tolist() == [["17", "2026-01-08", -10]]


def test_an_adjustment_changes_money_and_is_no_order():
    found = made(
        [line("1", "2", "10.00"), line("A2", "1", "-7.00", customer_id=None), line("A3", "1", "3.00")], fmt=UCI
    )
    assert found.column("order_id") == ["1"]
    assert found.adjustments[["revenue", "kind"]].to_numpy().tolist() == [[-7, "adjustment"], [3, "adjustment"]]
    assert found.cleaned.refund_documents == 0


# --- what does not count --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", ["cancelled", "Canceled", "VOIDED", "failed", "wc-cancelled", "checkout_draft", "storniert", "expired"]
)
def test_orders_that_were_not_paid_do_not_count(status):
    found = made([order("A", status=status), order("B", status="paid")])
    assert (found.column("order_id"), found.reasons) == (["B"], {"status": 1})


@pytest.mark.parametrize("status", ["pending", "Pending payment", "wc-pending", "UNPAID"])
def test_pending_orders_count_only_where_the_owner_says_so(status):
    rows = [order("A", status=status), order("B", status="paid")]
    assert made(rows).column("order_id") == ["B"]
    assert made(rows, count_pending=True).column("order_id") == ["A", "B"]
    assert made(rows).cleaned.pending_orders == 1


def test_a_status_on_the_first_row_holds_for_the_whole_order():
    found = made([order("A", status="voided"), order("A", None, status=None), order("B", status="paid")])
    assert found.reasons == {"status": 2}


def test_a_cancelled_order_does_not_count_whatever_its_status():
    found = made([order("A", status="paid", cancelled_at="2026-01-06"), order("B", status="paid")])
    assert found.reasons == {"status": 1}


@pytest.mark.parametrize("never", [None, "--", "0000-00-00 00:00:00", "N/A", "no"])
def test_an_order_that_was_never_cancelled_counts(never):
    assert made([order("A", cancelled_at=never)]).column("order_id") == ["A"]


@pytest.mark.parametrize(
    ("captured", "counts"), [("false", 1), ("FALSE", 1), ("0", 1), ("no", 1), ("true", 2), (None, 2)]
)
def test_money_that_was_not_captured_does_not_count(captured, counts):
    assert len(made([order("A", captured=captured), order("B", captured="true")]).orders) == counts


def test_test_orders_do_not_count():
    found = made([order("A", mode="Test"), order("B", mode="Live")])
    assert (found.column("order_id"), found.reasons) == (["B"], {"test": 1})


def test_an_order_of_nothing_does_not_count_and_a_free_line_in_a_paid_one_is_used():
    found = made([line("A", "1", "0.00"), line("A", "2", "0"), line("B", "1", "5.00"), line("B", "1", "0.00")])
    assert (found.column("order_id"), found.reasons, found.cleaned.rows_used) == (["B"], {"free_order": 2}, 2)


def test_an_order_without_any_amount_is_unreadable_and_not_free():
    found = made([order("A", None), order("B", "--"), order("C")])
    assert (found.column("order_id"), found.reasons) == (["C"], {"unreadable": 2})


def test_orders_in_another_currency_are_left_out_and_named():
    rows = [
        order("A", currency="EUR"),
        order("B", currency="eur"),
        order("C", "99.00", currency="USD"),
        order("D", currency="EUR"),
    ]
    found = made(rows)
    assert (found.column("order_id"), found.cleaned.currency, found.reasons) == (
        ["A", "B", "D"],
        "EUR",
        {"other_currency": 1},
    )
    assert any("USD (1 order)" in sentence for sentence in found.cleaned.findings)
    assert made(rows, currency="usd").column("revenue") == [99]


def test_a_rate_converts_all_amounts_of_another_currency_refunds_included():
    rows = [
        order("A", "50.00", currency="EUR"),
        order("B", "100.00", currency="USD", refunded="10.00"),
        order("C", "7.00", currency="GBP"),
        order("D", "80.00", currency="EUR"),
    ]
    found = made(rows, rates={"USD": 0.5})
    assert dict(zip(found.column("order_id"), found.column("revenue"), strict=True)) == {"A": 50, "B": 45, "D": 80}
    assert found.reasons == {"other_currency": 1}
    assert any("1 USD = 0.5 EUR" in sentence and "USD (1 order," in sentence for sentence in found.cleaned.findings)
    assert any(
        "GBP (1 order)" in sentence and "once a rate is given" in sentence for sentence in found.cleaned.findings
    )


def test_a_currency_that_no_order_has_leaves_nothing():
    with pytest.raises(NoOrderCounts, match=r"None of the 1 rows .*another currency: 1"):
        made([order("A", currency="EUR")], currency="GBP")


def test_an_order_without_a_date_does_not_count():
    found = made([order("A", ordered_at=None), order("B", ordered_at="31/02/2026"), order("C")])
    assert (found.column("order_id"), found.reasons) == (["C"], {"no_usable_date": 2})


def test_money_that_cannot_be_read_costs_the_whole_order():
    found = made([order("A", "10.00"), order("A", "ten"), order("B", "10.00"), order("C", "1.2.3")])
    assert (found.column("order_id"), found.reasons) == (["B"], {"unreadable": 3})


def test_blank_rows_totals_and_footers_are_counted_and_not_summed():
    blank = dict.fromkeys(order("A"))
    rows = [
        order("A"),
        blank,
        blank | {"first_cell": "Sales report"},
        blank | {"order_id": "Total", "order_total": "10.00", "first_cell": "Total"},
        blank | {"first_cell": "83 record(s) downloaded"},
        blank | {"order_id": "TOTAL for Jane", "order_total": "10.00", "first_cell": "TOTAL for Jane"},
        blank | {"order_id": "Gesamtsumme", "order_total": "10.00", "first_cell": "Gesamt"},
    ]
    found = made(rows)
    assert (found.revenue, found.reasons) == (10, {"blank": 1, "totals_or_footer": 5})


def test_an_order_whose_number_is_a_word_of_totals_counts():
    assert made([order("Total-17"), order("Summe 3")]).column("order_id") == ["Summe 3", "Total-17"]


def test_a_row_has_one_reason_the_first_that_holds():
    everything = {"mode": "test", "status": "cancelled", "currency": "USD", "ordered_at": None}
    reasons = []
    for left in ["mode", "status", "currency", "ordered_at", "order_total"]:
        found = made(
            [order("A", "0.00", **everything) if everything else order("A", "0.00", mode=None)] +
            [order(f"B{i}", currency="EUR", mode="live", status="paid") for i in range(3)]
        )  # fmt: skip
        reasons += [*found.reasons]
        everything = {key: cell for key, cell in everything.items() if key != left}
    assert reasons == ["test", "status", "other_currency", "no_usable_date", "free_order"]


def test_an_unreadable_order_is_that_before_it_is_a_test():
    assert made([order("A", "ten", mode="test"), order("B", mode="live")]).reasons == {"unreadable": 1}


def test_rows_that_do_not_fit_the_header_are_counted_among_the_unreadable():
    rows = [
        "A,2026-01-05,a@example.org,10.00",
        "B,2026-01-05,a@example.org,10.00,x,y",
        "C,2026-01-06,a@example.org,ten",
    ]
    rows += [f"D{i},2026-01-06,a@example.org,10.00" for i in range(5)]
    found = read("\n".join(["Order,Date,E-mail,Total", *rows]))
    assert (found.cleaned.rows_in, found.cleaned.rows_used, found.reasons) == (8, 6, {"unreadable": 2})
    assert found.left_out[["row", "reason"]].to_numpy().tolist() == [[3, "unreadable"], [4, "unreadable"]]


def test_every_row_left_out_is_listed_with_its_number_and_its_order():
    found = made([order("A", status="void"), order("A", None), order("B"), order("C", "0"), order(None, "0.00")])
    listed = found.left_out[["row", "reason", "order_id"]].astype(object)
    assert listed.where(listed.notna(), None).to_numpy().tolist() == [
        [2, "status", "A"], [3, "status", "A"], [5, "free_order", "C"], [6, "free_order", None],
    ]  # fmt: skip


# --- who ordered ----------------------------------------------------------------------------------


def who(**cells):
    return made([order("A", customer_email=None) | cells, order("B", customer_email="zoe@example.org")]).orders[
        "customer_id"
    ][0]


@pytest.mark.parametrize(
    ("cells", "identity"),
    [
        ({"customer_email": "ADA@Example.org", "customer_id": "7", "customer_name": "Ada"}, "ada@example.org"),
        ({"customer_id": "7", "customer_name": "Ada"}, "7"),
        ({"customer_id": "17850.0"}, "17850"),
        ({"customer_id": "170.5"}, "170.5"),
        ({"customer_id": "0", "customer_name": "Ada Lund", "postcode": "223 50"}, "ada lund, 223 50"),
        ({"customer_id": "0.0", "customer_name": "Ada Lund"}, "ada lund"),
        ({"customer_id": "guest", "customer_name": "Ada Lund"}, "ada lund"),
        ({"customer_email": "no address", "customer_id": "7"}, "7"),
        ({"customer_email": "a***@example.org", "customer_name": "J*** D**"}, None),
        ({"customer_name": "a***n", "postcode": "22350"}, None),
        ({"postcode": "22350"}, None),
        ({"customer_id": "0"}, None),
        ({"customer_id": "NaN"}, None),
    ],
)
def test_a_customer_is_known_by_the_strongest_key_that_the_order_has(cells, identity):
    assert who(**cells) == identity


def test_a_relay_address_is_a_key():
    assert who(customer_email="x1y2@marketplace.amazon.com") == "x1y2@marketplace.amazon.com"


def test_names_alone_are_reported_as_weak():
    found = made(
        [order("A", customer_email=None, customer_name="Ada"), order("B", customer_email=None, customer_name="ADA")]
    )
    assert found.column("customer_id") == ["ada", "ada"]
    assert found.cleaned.weak_identities == 1
    assert any("name alone" in sentence for sentence in found.cleaned.findings)


def test_orders_of_nobody_are_used_for_the_shop_only():
    found = made([order("A", customer_email=None), order("A", None, customer_email=None), order("B", "30.00")])
    assert found.column("customer_id") == [None, "ann@example.org"]
    assert (found.cleaned.not_attributable_rows, found.cleaned.not_attributable_orders) == (2, 1)
    assert (found.cleaned.not_attributable_revenue, found.revenue) == (10, 40)


def test_the_order_of_a_customers_orders_is_by_moment_and_leaves_out_what_does_not_count():
    found = made([order("C", ordered_at="2026-01-05 12:00"), order("A", ordered_at="2026-01-06"),
                  order("B", ordered_at="2026-01-05 08:00"),
                  order("D", ordered_at="2026-01-01", status="void", customer_email="ann@example.org")])  # fmt: skip
    assert dict(zip(found.orders["order_id"], found.orders["rank"], strict=True)) == {"B": 1, "C": 2, "A": 3}


# --- several files --------------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True], ids=["as exported", "in the other order"])
def test_of_an_order_in_two_files_the_state_in_the_later_one_counts(turned):
    january = [order("A"), order("B", "20.00", ordered_at="2026-01-31")]
    february = [order("B", "15.00", ordered_at="2026-01-31"), order("C", "30.00", ordered_at="2026-02-10")]
    found = made(*((february, january) if turned else (january, february)))
    assert (found.column("revenue"), found.reasons) == ([10, 15, 30], {"duplicate": 1})
    assert any(
        "1 order found in more than one file" in sentence and "1 of them had changed" in sentence
        for sentence in found.cleaned.findings
    )


def test_of_files_that_end_on_one_day_the_one_given_later_counts():
    first, second = [order("A", "20.00")], [order("A", "15.00")]
    assert made(first, second).column("revenue") == [15]
    assert made(second, first).column("revenue") == [20]


def test_the_newest_state_counts_even_when_it_is_a_cancellation():
    found = made(
        [order("A", status="paid"), order("B", status="paid")],
        [order("A", status="cancelled"), order("C", ordered_at="2026-02-01")],
    )
    assert (found.column("order_id"), found.reasons) == (["B", "C"], {"duplicate": 1, "status": 1})


def test_the_same_file_twice_changes_nothing():
    rows = [order("A"), order("A", None), order("#5"), order("B", "-3.00")]
    once, twice = made(rows), made(rows, rows)
    assert once.orders.equals(twice.orders)
    assert once.adjustments.equals(twice.adjustments)


def test_order_numbers_that_repeat_with_another_id_are_other_orders():
    found = made([
        order("#1", "10.00", order_uid="77"), order("#1", None, order_uid=None),
        order("#1", "20.00", order_uid="88", customer_email="zoe@example.org"), order("#2", "5.00", order_uid="99"),
    ])  # fmt: skip
    assert found.orders[["order_id", "value"]].sort_values("value").to_numpy().tolist() == [
        ["#2", 5],
        ["#1", 10],
        ["#1", 20],
    ]


def test_an_order_is_recognised_over_files_by_its_id_where_it_has_one():
    found = made([order("#1", "10.00", order_uid="77")], [order("#1", "20.00", order_uid="88", ordered_at="2026-02-01"),
                 order("#1", "9.00", order_uid="77")])  # fmt: skip
    assert sorted(found.orders["value"]) == [9, 20]


def test_order_numbers_destroyed_by_a_spreadsheet_are_never_taken_for_one_order():
    found = made([order("5.76912E+17", "24.97"), order("5.76912E+17", "21.71"), order("5,76E+17", "1.00")])
    assert (len(found.orders), found.revenue) == (3, 47.68)
    assert any("destroyed by a spreadsheet" in sentence for sentence in found.cleaned.findings)


def test_rows_without_numbers_are_never_taken_for_older_states():
    assert len(made([order(None)], [order(None)]).orders) == 2


# --- settings -------------------------------------------------------------------------------------


def test_shipping_and_tax_can_be_left_out_and_a_refund_gives_back_its_share():
    rows = [
        order("A", "100.00", shipping="10.00", tax="15.00", refunded="50.00"),
        order("B", "20.00", shipping=None, tax="4.00"),
    ]
    assert made(rows).column("revenue") == [50, 20]
    assert made(rows, count_shipping=False).column("revenue") == [45, 20]
    assert made(rows, count_tax=False).column("revenue") == [42.5, 16]
    assert made(rows, count_tax=False, count_shipping=False).column("value") == [75, 16]


def test_an_order_of_shipping_alone_is_an_order_of_nothing_without_it():
    found = made([order("A", "10.00", shipping="10.00")], count_shipping=False)
    assert (found.column("revenue"), found.cleaned.orders) == ([0], 1)


def test_settings_are_applied_without_reading_again():
    pending = replace(GENERAL, statuses_pending=("waits",))
    rows = [order("A", status="waits"), order("B", status="paid")]
    assert made(rows, fmt=pending).column("order_id") == ["B"]
    assert made(rows, fmt=pending, count_pending=True).column("order_id") == ["A", "B"]


# --- the account ----------------------------------------------------------------------------------

_CELLS = {
    "order_id": st.sampled_from(["A", "B", "C", "#3", "Total", "5.7E+17", None]),
    "ordered_at": st.sampled_from(["2026-01-05", "2026-02-07 10:00", "soon", None]),
    "customer_email": st.sampled_from(["a@example.org", "b@example.org", "x", None]),
    "order_total": st.sampled_from(["10.00", "-4.00", "0", "$3.50", "ten", "--", None]),
    "line_total": st.sampled_from(["10.00", "-4.00", "0", "x", None]),
    "quantity": st.sampled_from(["1", "-1", "0", "1.000", None]),
    "order_uid": st.sampled_from(["1", "2", None]),
    "status": st.sampled_from(["paid", "pending", "void", "refunded", None]),
    "currency": st.sampled_from(["EUR", "USD", None]),
    "mode": st.sampled_from(["live", "test", None]),
    "refunded": st.sampled_from(["2.00", "0", "x", None]),
    "cancelled_at": st.sampled_from(["2026-01-06", None, None, None]),
}


@st.composite
def _tables(draw):
    roles = ["ordered_at", *draw(st.sets(st.sampled_from(sorted(_CELLS))))]
    roles = [*dict.fromkeys([*roles, draw(st.sampled_from(["order_total", "line_total"]))])]
    row = st.fixed_dictionaries({role: _CELLS[role] for role in roles})
    return draw(st.lists(st.lists(row, min_size=1, max_size=8), min_size=1, max_size=3))


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(_tables())
def test_rows_in_are_rows_used_and_rows_left_out(tables):
    try:
        found = made(*tables)
    except Problem:
        return
    count = sum(map(len, tables))
    assert found.cleaned.rows_in == count == found.cleaned.rows_used + sum(found.reasons.values())
    assert len(found.left_out) == sum(found.reasons.values())
    assert found.left_out["reason"].value_counts().to_dict() == found.reasons
    assert not found.left_out.duplicated(["file", "row"]).any()
    assert list(found.reasons) == [reason for reason in clean.REASONS if reason in found.reasons]
    assert (found.orders["value"] > 0).all()
    assert len(found.orders) == found.cleaned.orders


def test_the_account_holds_through_a_file_with_every_fault():
    text = csv_text([
        {"Order": "A", "Date": "2026-01-05", "E-mail": "a@example.org", "Total": "10.00", "Status": "paid"},
        {"Order": "", "Date": "", "E-mail": "", "Total": "", "Status": ""},
        {"Order": "B", "Date": "2026-01-06", "E-mail": "a@example.org", "Total": "10.00", "Status": "void"},
        {"Order": "Total", "Date": "", "E-mail": "", "Total": "20.00", "Status": ""},
    ]) + "one, two\nthe end\n"  # fmt: skip
    found = read(text)
    assert (found.cleaned.rows_in, found.cleaned.rows_used) == (6, 1)
    assert found.reasons == {"blank": 1, "totals_or_footer": 2, "unreadable": 1, "status": 1}

"""Money given back: in a column, on rows of its own, in later files, and cancelled by another document."""

import pytest
from hand_frames import line, made, order

from clvapp import formats

UCI = formats.named("uci_online_retail")


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


# Five pieces of another thing, and one of them back.
FEBRUARY = [
    line(None, "5", "10.00", customer_id="18", product="Pot", ordered_at="2026-02-01"),
    line(None, "-1", "10.00", customer_id="18", product="Pot", ordered_at="2026-02-03"),
]


def test_a_refund_without_an_order_number_is_of_its_own_file_and_not_of_the_same_row_in_another():
    """In both files the second row is the sale, the third takes one piece of 10 back: 30 - 10 and 50 - 10."""
    january = [line(None, "3", "10.00"), line(None, "-1", "10.00", ordered_at="2026-01-08")]
    found = made(january, FEBRUARY)
    assert sorted(found.orders["revenue"]) == [20, 40]
    assert (found.orders["refunded"].tolist(), len(found.adjustments), found.revenue) == ([10, 10], 0, 60)


def test_what_is_left_of_a_refund_without_an_order_number_is_what_its_own_file_does_not_explain():
    """One piece was sold and two are given back; in the other file one of five comes back."""
    january = [line(None, "1", "10.00"), line(None, "-2", "10.00", ordered_at="2026-01-08")]
    found = made(january, FEBRUARY)
    assert sorted(found.orders["revenue"]) == [0, 40]
    assert found.adjustments[["customer_id", "date", "revenue"]].to_numpy().tolist() == [["17", "2026-01-08", -10]]


def test_an_adjustment_changes_money_and_is_no_order():
    found = made(
        [line("1", "2", "10.00"), line("A2", "1", "-7.00", customer_id=None), line("A3", "1", "3.00")], fmt=UCI
    )
    assert found.column("order_id") == ["1"]
    assert found.adjustments[["revenue", "kind"]].to_numpy().tolist() == [[-7, "adjustment"], [3, "adjustment"]]
    assert found.cleaned.refund_documents == 0

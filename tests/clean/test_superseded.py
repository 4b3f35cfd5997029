"""Several files: of an order in two of them the newest state counts, once."""

import pytest
from hand_frames import made, order


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

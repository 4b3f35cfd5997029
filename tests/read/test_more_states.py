"""Columns beside the status that say that an order did not count."""

import pytest
from hand_frames import read

from clvapp.problems import MoneyBackUnclear, StatusUnclear
from clvapp.read import Reading

DAYS = ["2026-01-05", "2026-01-15", "2026-02-15", "2026-03-15"]


def table(**columns):
    """Four orders of 10, 20, 30 and 40, with more columns."""
    headings = ["Order", "Date", "Email", "Total", *columns]
    rows = [
        [f"{i + 1}", day, f"{'abca'[i]}@x.org", f"{10 * (i + 1)}.00", *(cells[i] for cells in columns.values())]
        for i, day in enumerate(DAYS)
    ]
    return "\n".join(",".join(row) for row in [headings, *rows]) + "\n"


@pytest.mark.parametrize(
    "column",
    [
        {"Cancelled": ["no", "yes", "no", "no"]},
        {"is_deleted": ["0", "1", "0", "0"]},
        {"Stornodatum": ["", "2026-01-16", "", ""]},
        {"fecha_anulacion": ["", "2026-01-16", "", ""]},
        {"Bezahlt": ["ja", "nein", "ja", "ja"]},
        {"paid": ["yes", "no", "yes", "yes"]},
    ],
    ids=lambda column: next(iter(column)),
)
def test_a_flag_or_a_date_says_that_an_order_did_not_count(column):
    found = read(table(**column))
    assert (found.column("value"), found.reasons) == ([10, 30, 40], {"status": 1})


def test_a_flag_counts_beside_a_status():
    found = read(table(Status=["delivered", "delivered", "delivered", "cancelled"], paid=["yes", "no", "yes", "yes"]))
    assert (found.column("value"), found.reasons) == ([10, 30], {"status": 2})


def test_a_second_column_of_statuses_counts_too_and_a_third_is_asked_about():
    state = {"Order status": ["Complete"] * 4, "Delivery state": ["Delivered", "Returned to sender", "Delivered", ""]}
    assert read(table(**state)).column("value") == [10, 30, 40]
    third = table(**state, **{"Return status": ["", "", "Returned", ""]})
    with pytest.raises(StatusUnclear, match=r"'Return status' \(with 'Returned'\).*'status=Order status'"):
        read(third)
    told = Reading(mapping={"status": ["Order status", "Return status"]})
    assert read(third, reading=told).column("revenue") == [10, 0, 40]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Returned", ["No", "Yes", "No", "No"]),
        ("Chargeback", ["0", "1", "0", "0"]),
        ("Kreditert", ["nei", "ja", "nei", "nei"]),
        ("Returned on", ["", "2026-01-20", "", ""]),
        ("Cancel reason", ["", "Changed mind", "", ""]),
    ],
)
def test_what_may_undo_an_order_is_asked_about(heading, cells):
    text = table(**{heading: cells})
    with pytest.raises(StatusUnclear, match=f"whether '{heading}' "):
        read(text)
    assert read(text, reading=Reading(mapping={"other": [heading]})).column("value") == [10, 20, 30, 40]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Gift wrap", ["no", "yes", "no", "no"]),
        ("Free cancellation until", ["2026-01-04", "2026-01-14", "2026-02-14", "2026-03-14"]),  # every order has one
        ("Shipping paid", ["no", "yes", "no", "no"]),
        ("Returned", ["no", "no", "no", "no"]),  # nothing was
        ("Return label", ["L1", "L2", "L3", "L4"]),
        ("Colour", ["red", "blue", "red", "red"]),
    ],
)
def test_other_columns_are_left_alone(heading, cells):
    assert read(table(**{heading: cells})).column("value") == [10, 20, 30, 40]


def test_lines_of_an_order_with_statuses_of_their_own_count_by_them():
    text = (
        "Order,Date,Email,Item,Line Total,Item Status\n1,2026-01-05,a@x.org,Cup,10.00,fulfilled\n"
        "1,2026-01-05,a@x.org,Pot,20.00,refunded\n2,2026-01-15,b@x.org,Cup,10.00,fulfilled\n"
    )
    assert read(text).revenue == 20


SOME = ["0.00", "5.00", "0.00", "0.00"]


@pytest.mark.parametrize(
    "heading", ["Amount charged back", "Chargeback amount", "Rücklastschrift Betrag", "Credit note amount", "Refund %"]
)
def test_more_money_back_beside_the_refunds_is_asked_about(heading):
    text = table(Refunded=["0.00", "0.00", "4.00", "0.00"], **{heading: SOME})
    with pytest.raises(MoneyBackUnclear, match=rf"'{heading}'.* on top of 'Refunded'.*--map 'charged_back={heading}'"):
        read(text)
    assert read(text, reading=Reading(mapping={"other": [heading]})).column("revenue") == [10, 20, 26, 40]
    told = Reading(mapping={"charged_back": [heading]})
    assert read(text, reading=told).column("revenue") == [10, 15, 26, 40]


@pytest.mark.parametrize(
    "columns",
    [
        {"Refunded total": ["0.00", "0.00", "4.00", "0.00"]},  # the same again
        {"Chargeback amount": ["0.00"] * 4},
        {"Chargeback fee": SOME},
        {"Returned quantity": ["0", "2", "0", "0"]},
        {"Refund id": ["", "1001", "", ""]},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_what_is_no_more_money_back_is_not_asked_about(columns):
    found = read(table(Refunded=["0.00", "0.00", "4.00", "0.00"], **columns))
    assert found.column("revenue") == [10, 20, 26, 40]


def test_a_column_of_refunds_in_a_known_export_that_has_none_is_asked_about():
    text = (
        "ID,Reference,New client,Delivery,Customer,Total,Payment,Status,Date,Refunded\n"
        "7,ABCDE,1,France,A. ROY,60.00,Card,Delivered,2026-03-05 15:17:42,\n"
        "8,FGHIJ,0,France,B. SOL,40.00,Card,Delivered,2026-03-06 10:00:00,15.00\n"
    )
    with pytest.raises(MoneyBackUnclear, match="--map 'refunded=Refunded' if they are"):
        read(text)
    assert read(text, reading=Reading(mapping={"refunded": ["Refunded"]})).revenue == 85

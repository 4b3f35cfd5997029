"""Rows of several kinds, names above their rows, orders never paid, other files beside the orders."""

from dataclasses import replace

import pytest
from hand_frames import Row, made, read

from clvapp import formats
from clvapp import read as reading
from clvapp.formats.layout import Format
from clvapp.problems import AmountsMissing, KindsUnknown, NoSales, OrdersMissing
from clvapp.read import Reading

PAYMENTS = Format(
    "payments", "Payments", menu_path="Here > There", kinds_sale=("payment",), kinds_refund=("refund",),
    kinds_not_sale=("fee",), moved_nothing=("memo",), without_sales="it may be empty",
    roles={"refunded_to": (("To",),)},
)  # fmt: skip


def row(number: str | None, kind: str | None, amount: str | None, day: str = "2026-01-05", **cells: str | None) -> Row:
    said = {"order_id": number, "kind": kind, "line_total": amount, "ordered_at": day, "customer_email": "a@b.org"}
    return said | {"refers_to": None, "refunded_to": None, "moved": None, "quantity": None} | cells


def test_a_refund_above_its_sale_leaves_the_sale_its_day_and_customer():
    found = made([row("R", "Refund", "-4", "2026-02-01", refers_to="S", customer_email="shop@b.org"),
                  row("S", " PAYMENT ", "10", "2026-01-05", customer_email="ann@b.org")], fmt=PAYMENTS)  # fmt: skip
    assert found.orders[["order_id", "customer_id", "date", "value", "refunded"]].to_numpy().tolist() == [
        ["S", "ann@b.org", "2026-01-05", 10.0, 4.0]
    ]
    assert found.reasons == {}


def test_a_refund_in_a_later_file_reduces_the_sale_in_an_earlier_one():
    january = [row("S", "Payment", "10")]
    february = [row("T", "Payment", "7", "2026-02-02"), row("R", "Refund", "-4", "2026-02-01", refers_to="S")]
    found = made(january, february, fmt=PAYMENTS)
    assert found.column("revenue") == [6.0, 7.0]
    assert len(found.adjustments) == 0


def test_a_refund_whose_lines_and_number_both_tell_its_sale_is_taken_off_once():
    sold = row("S", "Payment", "10", quantity="2", product="Cup")
    back = row("S", "Refund", "-5", "2026-02-01", quantity="1", product="Cup", refunded_to="a@b.org")
    found = made([sold], [back, row("T", "Payment", "1", "2026-02-02", product=None)], fmt=PAYMENTS)
    assert found.column("revenue") == [5.0, 1.0]
    assert len(found.adjustments) == 0


def test_a_refund_without_its_sale_counts_on_its_own_day_for_whom_it_went_to():
    found = made(
        [row("S", "Payment", "10"), row("R", "Refund", "-4", "2026-02-01", refunded_to="bo@b.org")], fmt=PAYMENTS
    )
    assert found.adjustments[["customer_id", "date", "revenue"]].to_numpy().tolist() == [
        ["bo@b.org", "2026-02-01", -4.0]
    ]


def test_a_refund_taken_back_leaves_the_sale_whole():
    refunds = [row("R", "Refund", "-4", refers_to="S"), row("Q", "Refund", "4", refers_to="S")]
    found = made([row("S", "Payment", "10"), *refunds], fmt=PAYMENTS)
    assert found.column("revenue") == [10.0]


def test_what_a_lost_dispute_took_and_a_won_one_gave_back_is_followed_to_the_sale():
    found = made([row("S", "Payment", "10"), row("R", "Refund", "-10", refers_to="S", quantity="n/a"),
                  row("Q", "Refund", "10", refers_to="R")], fmt=PAYMENTS)  # fmt: skip
    assert (found.column("revenue"), found.reasons) == ([10.0], {})


def test_money_that_the_shop_paid_and_got_back_is_no_sale():
    found = made(
        [row("S", "Payment", "10"), row("B", "Payment", "-9"), row("C", "Refund", "2", refers_to="B")], fmt=PAYMENTS
    )
    assert (found.revenue, found.reasons) == (10.0, {"not_a_sale": 2})


def test_a_negative_line_of_a_sale_is_a_discount_and_no_refund():
    found = made([row("S", "Payment", "10"), row("S", "Payment", "-1")], fmt=PAYMENTS)
    assert found.orders[["value", "refunded"]].to_numpy().tolist() == [[9.0, 0.0]]


def test_kinds_that_are_not_known_are_left_out_and_named():
    found = made([row("S", "Payment", "10"), row("F", "Fee", "-1"), row("X", "Moon levy", "5"), row("Y", None, "6"),
                  row("N", "Payment", "3", moved="Memo")], fmt=PAYMENTS)  # fmt: skip
    assert found.reasons == {"not_a_sale": 2, "unknown_kind": 2}
    assert found.left_out[["row", "reason", "money"]].to_numpy().tolist() == [
        [3, "not_a_sale", -1.0], [4, "unknown_kind", 5.0], [5, "unknown_kind", 6.0], [6, "not_a_sale", 3.0],
    ]  # fmt: skip
    assert any("'Moon levy'" in sentence for sentence in found.cleaned.findings)


def test_a_file_without_a_sale_is_refused_and_a_file_of_refunds_is_not_called_that():
    with pytest.raises(NoSales, match=r"'Payments'.*none of its 1 rows.*'Fee'.*it may be empty.*Here > There"):
        made([row("F", "Fee", "-1")], fmt=PAYMENTS)
    found = made([row("S", "Payment", "10")], [row("R", "Refund", "-4", "2026-02-01", refers_to="S")], fmt=PAYMENTS)
    assert found.revenue == 6.0


def test_one_number_may_stand_for_documents_of_two_kinds():
    fmt = replace(PAYMENTS, kinds_sale=("invoice", "receipt"), numbered_by_kind=True)
    found = made([row("7", "Invoice", "10"), row("7", "Receipt", "3"), row(None, "Receipt", "1")], fmt=fmt)
    assert found.column("order_id")[:2] == ["Invoice 7", "Receipt 7"]
    assert found.cleaned.orders == 3


def test_a_name_above_its_rows_is_carried_down_to_them_in_each_file():
    fmt = replace(formats.general(), carried_forward=("customer_name",))

    def line(name: str | None, day: str | None, total: str | None) -> Row:
        return {"customer_name": name, "ordered_at": day, "line_total": total, "order_id": day}

    first = [line("Ann", None, None), line(None, "2026-01-05", "10"), line("Total for Ann", None, "10")]
    second = [line(None, "2026-02-05", "3"), line("Bo", None, None), line(None, "2026-02-06", "4")]
    found = made(first, second, fmt=fmt)
    assert found.column("customer_id") == ["ann", None, "bo"]
    assert found.reasons == {"totals_or_footer": 3}


def test_an_order_of_which_no_row_says_when_it_was_paid_does_not_count():
    fmt = replace(formats.general(), unpaid_when_blank="paid_at")

    def line(number: str, paid: str | None) -> Row:
        return {"order_id": number, "ordered_at": "2026-01-05", "order_total": "10", "paid_at": paid}

    found = made([line("A", None), line("A", "2026-01-06"), line("B", None), line("C", "--")], fmt=fmt)
    assert found.column("order_id") == ["A"]
    assert found.reasons == {"status": 2}


def test_the_names_of_the_columns_again_in_the_middle_are_no_order():
    text = "Name,Created at,Email,Total,Lineitem quantity\n#1,2026-01-05 10:00:00 +0100,a@b.org,5.00,1\n"
    found = read(text + text.replace("#1", "#2"))
    assert (found.column("order_id"), found.reasons) == (["#1", "#2"], {"totals_or_footer": 1})


# --- several files of one export ------------------------------------------------------------------------------------

ORDERS = (
    "order_id,customer_id,order_status,order_purchase_timestamp\n"
    "o1,c1,delivered,2017-10-02 10:56:33\no2,c2,delivered,2018-01-14 20:00:00\n"
)
CUSTOMERS = "customer_id,customer_unique_id,customer_city\nc1,p1,santos\nc2,p1,santos\n"
PAID = (
    "order_id,payment_sequential,payment_type,payment_installments,payment_value\no1,1,card,1,10.00\no2,1,card,1,7.50\n"
)


def test_files_of_one_export_are_joined_in_whatever_order_they_are_given():
    for given in ((ORDERS, CUSTOMERS, PAID), (PAID, ORDERS, CUSTOMERS)):
        found = read(*given)
        assert found.orders[["order_id", "customer_id", "revenue", "city"]].to_numpy().tolist() == [
            ["o1", "p1", 10.0, "santos"], ["o2", "p1", 7.5, "santos"],
        ]  # fmt: skip
        assert (found.cleaned.rows_in, found.cleaned.rows_used) == (6, 6)


def test_orders_without_the_file_of_customers_name_nobody():
    found = read(ORDERS, PAID)
    assert found.column("customer_id") == [None, None]
    assert found.revenue == 17.5


def test_of_two_files_about_the_same_orders_the_one_given_last_is_believed():
    found = read(ORDERS, PAID, PAID.replace("7.50", "5.00"))
    assert (found.revenue, found.reasons) == (15.0, {"duplicate": 2})


def test_a_file_of_the_same_export_that_orders_do_not_need_is_left_out_and_counted():
    found = read(ORDERS, PAID, "seller_id,seller_zip_code_prefix,seller_city\ns1,01151,santos\n")
    assert (found.revenue, found.reasons) == (17.5, {"not_needed": 1})
    assert found.left_out[["file", "row", "first_cell"]].to_numpy().tolist() == [["file-3.csv", 2, "s1"]]


def test_a_file_that_belongs_beside_orders_says_what_is_missing():
    with pytest.raises(OrdersMissing, match=r"the file of payments of 'Olist orders'.*together with"):
        read(PAID)
    with pytest.raises(AmountsMissing, match=r"the file of payments or items"):
        read(ORDERS, CUSTOMERS)


def test_a_report_in_groups_is_read_from_a_workbook(tmp_path):
    from datetime import date

    from openpyxl import Workbook

    book = Workbook()
    for cells in (
        ["Sales by Customer Detail"], ["The Tea House"], [],
        ["", "Date", "Transaction Type", "Num", "Product/Service", "Memo", "Qty", "Sales Price", "Amount", "Balance"],
        ["Ada Example"], [None, date(2026, 3, 2), "Invoice", 1001, "Table", "Oak", 1, 2000, 2000, 2000],
        ["Total for Ada Example", None, None, None, None, None, None, None, 2000], ["TOTAL", *[None] * 7, 2000],
    ):  # fmt: skip
        book.active.append(cells)
    book.save(tmp_path / "report.xlsx")
    found = read((tmp_path / "report.xlsx").read_bytes())
    assert found.orders[["order_id", "customer_id", "date", "revenue"]].to_numpy().tolist() == [
        ["Invoice 1001", "ada example", "2026-03-02", 2000.0]
    ]
    assert found.reasons == {"totals_or_footer": 3}


def test_columns_of_fixed_width_are_read_with_and_without_names():
    text = " 00001 19970101  1   11.77\r\n 00002 19970112  5   77.00\r\n"
    named = reading.look(
        reading.Source("a.txt", (" customer_id  date number_of_cds  dollar_value\r\n" + text).encode())
    )
    bare = reading.look(reading.Source("b.txt", text.encode()))
    assert named.headings == bare.headings == ("customer_id", "date", "number_of_cds", "dollar_value")
    assert named.rows == bare.rows
    assert (named.header_row, bare.header_row) == (1, 0)
    assert reading.understand(bare.source).format.key == "cdnow"


def test_a_sentence_is_no_table_of_fixed_width():
    with pytest.raises(Exception, match="No table"):
        reading.look(reading.Source("a.txt", b"customer_id and date were read on 19970101\nand that was all\n"))


LEDGER = "Date,Type,Reference,Email,Amount\n"
INVOICES = "2026-01-03,Invoice,1001,a@x.org,120.50\n2026-01-12,Invoice,1002,b@x.org,80.00\n"


def test_payments_beside_the_invoices_that_they_settle_are_no_sales():
    found = read(f"{LEDGER}{INVOICES}2026-02-09,Payment,P-1,a@x.org,120.50\n2026-02-11,Sales Receipt,77,c@x.org,9.25\n")
    assert (found.column("order_id"), found.revenue) == (["1001", "1002", "77"], 209.75)
    assert found.reasons == {"not_a_sale": 1}


def test_payments_that_come_to_more_than_the_invoices_are_asked_about_and_the_owner_decides():
    text = f"{LEDGER}{INVOICES}2026-02-09,Payment,P-1,a@x.org,201.00\n"
    with pytest.raises(KindsUnknown, match=r"'Payment' \(1 order, 201\.00: P-1\)"):
        read(text)
    assert read(text, reading=Reading(kinds={"Payment": "sale"})).revenue == 401.5
    assert read(text, reading=Reading(kinds={"Payment": "payout"})).revenue == 200.5


def test_payments_alone_are_sales():
    assert read(f"{LEDGER}2026-02-09,Payment,P-1,a@x.org,20.50\n2026-02-10,Refund,P-2,b@x.org,-4.00\n").revenue == 16.5

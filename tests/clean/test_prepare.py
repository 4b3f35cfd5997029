"""What only a format can say about its cells."""

from dataclasses import replace

import pytest
from hand_frames import made, order

from clvapp.formats.layout import Format
from clvapp.problems import DateOrderUnknown, DecimalSignUnknown

FMT = Format("shop", "Shop's own export", all_of=("Order",), statuses_that_do_not_count=("cancelled", "true"))


def test_a_row_that_describes_the_columns_is_no_order():
    described = order("Platform order number.", "What the buyer paid.", ordered_at="Time of the order.")
    fmt = replace(FMT, description_row=True)
    found = made([described, order("1"), order("2")], fmt=fmt)
    assert found.column("order_id") == ["1", "2"]
    assert found.reasons == {"totals_or_footer": 1}
    assert made([described, order("1")], fmt=FMT).reasons == {"unreadable": 1}


def test_a_number_of_letters_alone_with_a_date_is_no_description():
    fmt = replace(FMT, description_row=True)
    assert made([order("ABC")], fmt=fmt).column("order_id") == ["ABC"]


def test_cells_are_read_as_their_format_explains_them_and_others_stay():
    reads = {
        "product": (("^[0-9]+ x (.*?)(?:, [0-9]+ x .*)?$", r"\1"),),
        "accepts_marketing": (("^1$", "no"), ("^0$", "yes")),
    }
    shown = [
        order("1", product="2 x Mug, blue, 1 x Card", accepts_marketing="1"),
        order("2", product="Tray", accepts_marketing="0"),
        order("3", product=None, accepts_marketing=None),
    ]
    found = made(shown, fmt=replace(FMT, reads=reads))
    assert found.column("product") == ["Mug, blue", "Tray", None]
    assert found.column("accepts_marketing") == [False, True, None]


def test_a_cell_read_as_nothing_is_blank():
    fmt = replace(FMT, reads={"customer_email": (("nobody", ""),)})
    assert made([order("1", customer_email="nobody@example.org")], fmt=fmt).column("customer_id") == [None]


def test_what_a_packed_cell_lists_is_added_up():
    packed = "amount:2.50|reason:late|date:2026-01-07;amount:1|reason:broken|date:2026-01-09"
    fmt = replace(FMT, adds={"refunded": "amount:([0-9.]+)"})
    found = made([order("1", refunded=packed), order("2", refunded=None)], fmt=fmt)
    assert found.column("revenue") == [6.5, 10.0]


def test_what_was_given_back_is_the_total_less_the_total_after_refunds():
    shown = [
        order("1", "$20.00", total_after_refunds="$15.00"),
        order("2", "$20.00", total_after_refunds="$0.00"),
        order("3", "$20.00", total_after_refunds="$20.00"),
        order("4", "$20.00", total_after_refunds=None),
        order("5", "$20.00", total_after_refunds="$25.00"),
    ]
    assert made(shown, fmt=FMT).column("refunded") == [5.0, 0.0, 0.0, 0.0, 0.0]


def test_an_order_marked_as_refunded_gave_everything_back_though_its_total_after_refunds_says_nothing():
    assert made([order("1", total_after_refunds="0.00", status="Refunded")], fmt=FMT).column("revenue") == [0.0]


def lines(*states: str) -> list[dict[str, str | None]]:
    return [order("1", None, line_total="4.00", status=state) for state in states]


def test_a_line_that_does_not_count_leaves_its_order_the_other_lines():
    fmt = replace(FMT, status_per_line=True)
    found = made(lines("False", "True", "False"), fmt=fmt)
    assert (found.column("order_id"), found.column("revenue")) == (["1"], [8.0])
    assert found.reasons == {"status": 1}
    assert found.left_out[["order_id", "money"]].to_numpy().tolist() == [["1", 4.0]]


def test_an_order_of_which_no_line_counts_is_left_out_whole():
    fmt = replace(FMT, status_per_line=True)
    found = made([*lines("True", "True"), order("2")], fmt=fmt)
    assert (found.column("order_id"), found.reasons) == (["2"], {"status": 2})


def test_a_line_given_back_keeps_the_revenue_of_the_others():
    fmt = replace(FMT, status_per_line=True)
    found = made(lines("Shipped", "Refunded"), fmt=fmt)
    assert (found.revenue, sum(found.column("refunded"))) == (4.0, 4.0)


def test_a_later_file_in_which_all_lines_are_cancelled_takes_the_order_back():
    fmt = replace(FMT, status_per_line=True)
    later = [*lines("True", "True"), order("2", ordered_at="2026-02-05")]
    assert made(lines("False", "True"), later, fmt=fmt).column("order_id") == ["2"]


def test_dates_that_leave_their_order_open_are_read_as_the_format_always_writes_them_and_that_is_said():
    fmt = replace(FMT, date_formats=("%m/%d/%y", "%b-%d-%y"))
    found = made([order("1", ordered_at="03/04/26")], fmt=fmt)
    assert found.column("date") == ["2026-03-04"]
    assert any("month first, as 'Shop's own export'" in sentence for sentence in found.cleaned.findings)


def test_a_date_that_proves_the_other_order_is_believed():
    fmt = replace(FMT, date_formats=("%m/%d/%y",))
    found = made([order("1", ordered_at="03/04/26"), order("2", ordered_at="25/04/26")], fmt=fmt)
    assert found.column("date") == ["2026-04-03", "2026-04-25"]
    assert not any("two ways" in sentence for sentence in found.cleaned.findings)


def test_a_format_known_to_write_dates_both_ways_does_not_answer_the_question():
    fmt = replace(FMT, date_formats=("%m/%d/%y", "%d/%m/%Y %H:%M"))
    with pytest.raises(DateOrderUnknown):
        made([order("1", ordered_at="03/04/26")], fmt=fmt)


def test_numbers_that_leave_their_decimal_sign_open_are_read_as_the_format_always_writes_them():
    with pytest.raises(DecimalSignUnknown):
        made([order("1", "15.000")], fmt=FMT)
    assert made([order("1", "15.000")], fmt=replace(FMT, decimal_sign=".")).revenue == 15.0


def test_different_currency_signs_are_reported_where_no_column_names_the_currency():
    shown = [order("1", "£5.00"), order("2", "3,00 €"), order("3", "4.00")]
    found = made(shown, fmt=FMT)
    assert found.revenue == 12.0
    assert any("£ on 1 row, € on 1 row" in sentence for sentence in found.cleaned.findings)
    assert any("were added up as they stand" in sentence for sentence in found.cleaned.findings)
    named = made([row | {"currency": "EUR"} for row in shown], fmt=FMT)
    assert not any("signs" in sentence for sentence in named.cleaned.findings)


def test_the_currencies_of_an_unknown_table_are_told_apart_by_the_signs_on_its_amounts():
    found = made([order("1", "£5.00"), order("2", "3,00 €"), order("3", "4.00"), order("4", "EUR 1.00")])
    assert (found.cleaned.currency, found.revenue, found.reasons) == ("EUR", 8.0, {"currency": 1})
    assert any("each sign was taken for its own currency" in sentence for sentence in found.cleaned.findings)
    assert made([order("1", "12 kr"), order("2", "3,00 €"), order("3", "4 kr")]).revenue == 16.0
    assert made([order("1", "$5.00"), order("2", "4.00")]).cleaned.currency is None


CREDITS = replace(FMT, credit_notes=True, kinds_sale=("invoice",), kinds_refund=("credit note",))


@pytest.mark.parametrize("amount", ["4.00", "-4.00", "(4.00)", "$4.00"])
def test_a_credit_note_gives_money_back_with_and_without_a_minus_and_once_over_its_lines(amount):
    shown = [
        order("I-1", kind="Invoice"),
        order("C-1", amount, kind="Credit note", ordered_at="2026-02-01"),
        order("C-1", amount, kind="Credit note", ordered_at="2026-02-01"),
    ]
    found = made(shown, fmt=CREDITS)
    assert found.column("revenue") == [10.0]
    assert found.adjustments[["date", "revenue"]].to_numpy().tolist() == [["2026-02-01", -4.0]]


def test_credit_notes_without_numbers_are_each_their_own():
    shown = [order("I-1", kind="Invoice"), *(order(None, "4.00", kind="Credit note") for _ in range(2))]
    assert made(shown, fmt=CREDITS).revenue == 2.0

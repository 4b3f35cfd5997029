"""What does not count: each row left out has one reason, and the account of every row holds."""

import pytest
from hand_frames import csv_text, line, made, order, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clvapp import clean
from clvapp.formats.words import MEANINGS
from clvapp.problems import NoOrderCounts, Problem, StatusesUnknown


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


def test_quotations_and_tests_have_reasons_of_their_own():
    found = made([order("A", status="Quotation"), order("B", status="paid"), order("C", status="test order")])
    assert (found.column("order_id"), found.reasons) == (["B"], {"test": 1, "draft": 1})


def test_goods_that_came_back_to_the_sender_were_never_sold():
    found = made([order("A", status="RTO Delivered"), order("B", status="delivered")])
    assert (found.column("order_id"), found.reasons) == (["B"], {"status": 1})


def test_a_status_that_nobody_knows_is_asked_and_never_taken_for_paid():
    rows = [
        order("A", total="40.00", status="Zapped"),
        order("B", status="paid"),
        order("C", total="2.50", status="zapped"),
    ]
    with pytest.raises(StatusesUnknown, match=r"'Zapped' \(1 order, 40.00: A\)") as asked:
        made(rows)
    assert [(one.word, one.orders, one.money, one.examples) for one in asked.value.words] == [
        ("Zapped", 1, 40.0, ("A",)), ("zapped", 1, 2.5, ("C",)),
    ]  # fmt: skip
    assert set(asked.value.choices.values()) == set(MEANINGS)


def test_a_column_of_many_strange_words_is_no_status_and_does_not_decide():
    notes = [order(f"N{i}", status=f"left word for {i} at door {i}{'abcdefgh'[i % 8]}") for i in range(40)]
    found = made([*notes, order("B", status="cancelled")])
    assert len(found.column("order_id")) == 41


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
    assert (found.column("order_id"), found.reasons, found.cleaned.rows_used) == (["B"], {"free": 2}, 2)


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
        {"currency": 1},
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
    assert found.reasons == {"currency": 1}
    assert any("1 USD = 0.5 EUR" in sentence and "USD (1 order," in sentence for sentence in found.cleaned.findings)
    assert any(
        "GBP (1 order)" in sentence and "once a rate is given" in sentence for sentence in found.cleaned.findings
    )


def test_a_currency_that_no_order_has_leaves_nothing():
    with pytest.raises(NoOrderCounts, match=r"None of the 1 rows .*another currency: 1"):
        made([order("A", currency="EUR")], currency="GBP")


def test_an_order_without_a_date_does_not_count():
    found = made([order("A", ordered_at=None), order("B", ordered_at="31/02/2026"), order("C")])
    assert (found.column("order_id"), found.reasons) == (["C"], {"date": 2})


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
    assert reasons == ["test", "status", "currency", "date", "free"]


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
        [2, "status", "A"], [3, "status", "A"], [5, "free", "C"], [6, "free", None],
    ]  # fmt: skip


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


@pytest.mark.verify
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

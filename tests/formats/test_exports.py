"""Whole files, from bytes to orders: our own proofs, one folder a format, and the exports that were collected."""

import json
from pathlib import Path

import pytest
from hand_frames import read

import clvapp
from clvapp import read as reading
from clvapp.problems import DateOrderUnknown, NoOrderCounts, NoSales, Problem, Question

EXPORTS = Path(__file__).parent / "exports"
PROOFS = [
    pytest.param(folder / name, expected, id=f"{folder.name}/{name}")
    for folder in sorted(EXPORTS.iterdir())
    for name, expected in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items()
]
# Collected files of known formats: orders that count, revenue, and what the owner must be asked first.
ASKED = {"date_order": "day-first"}
FIXTURES = {
    "amazon_all_orders_33col.txt": (2, 45.0, {}),
    "clover_orders_23col.csv": (2, 67.12, {}),
    "ebay_transaction_report_with_preamble.csv": (1, 26.6, {}),
    "ebay_transactions_german_trimmed.csv": (1, 80.0, {}),
    "etsy_sold_orders_36col.csv": (1, 55.0, {}),
    "etsy_sold_orders_39col.csv": (2, 27.12, {}),
    "etsy_sold_orders_cancelled_adjusted_multicurrency_trimmed.csv": (2, 40.0, {}),
    "loyverse_receipts.csv": (2, 216.88, ASKED),
    "loyverse_receipts_by_item.csv": (1, 134.88, ASKED),
    "nuvemshop_vendas_latin1_semicolon.csv": (2, 266.71, {}),
    "paypal_activity_68col_all_fields.csv": (1, 1234.0, {}),
    "paypal_activity_hold_withdrawal_pending_quoted.csv": (1, 1250.0, {}),
    "quickbooks_online_sales_by_customer_detail_grouped.csv": (2, 3000.0, {"date_order": "month-first"}),
    "shopify_orders_79col.csv": (1, 34.98, {}),
    "shopify_orders_trimmed_37col_voided_partially_refunded.csv": (3, 97.29, {}),
    "square_items_detail_29col.csv": (3, 52.0, {}),
    "square_transactions_37col_refund.csv": (2, 27.0, {}),
    "stripe_payments_refunds_failed_mixed_dates.csv": (5, 4102.49, {}),
    "toast_OrderDetails.csv": (3, 190.54, {}),
    "wix_orders_52col_duplicate_headers.csv": (0, 0.0, {}),
}
BOUGHT = "paypal_activity_german_bom_decimal_comma.csv"  # what somebody paid: no sale in it


@pytest.mark.parametrize(("path", "expected"), PROOFS)
def test_each_proof_gives_the_orders_that_were_worked_out_by_hand(path, expected):
    told = expected.get("told", {})
    if told:
        with pytest.raises(Question) as asked:
            read(path.read_bytes())
        assert asked.value.setting == expected["asks"]
    others = ((path.parent / other).read_bytes() for other in expected.get("with", []))
    found = read(path.read_bytes(), *others, reading=clvapp.Reading(**told))
    columns = list(expected["orders"][0])  # a proof may look at more than these four, such as `product`
    assert columns[:4] == ["order_id", "customer_id", "date", "revenue"]
    got = sorted(found.orders[columns].to_dict("records"), key=lambda one: (one["date"], one["order_id"]))
    assert got == sorted(expected["orders"], key=lambda one: (one["date"], one["order_id"]))
    for words in expected.get("findings", []):
        assert any(words in sentence for sentence in found.cleaned.findings), found.cleaned.findings
    assert (found.cleaned.rows_in, found.cleaned.rows_used) == (expected["rows_in"], expected["rows_used"])
    assert found.reasons == expected["left_out"]
    assert found.cleaned.currency == expected.get("currency")
    assert found.revenue == pytest.approx(expected.get("revenue", sum(one["revenue"] for one in expected["orders"])))
    moved = [
        {key: one[key] for key in ("customer_id", "date", "amount")}
        for one in expected.get("money_without_an_order", [])
    ]
    assert (
        found.adjustments.rename(columns={"revenue": "amount"})[["customer_id", "date", "amount"]].to_dict("records")
        == moved
    )


# --- what was collected, with answers that others worked out --------------------------------------


@pytest.fixture(scope="module")
def answers(shared):
    return json.loads((shared / "formats" / "examples" / "EXPECTED.json").read_text(encoding="utf-8"))


def example(shared, name, **told):
    return read((shared / "formats" / "examples" / name).read_bytes(), reading=clvapp.Reading(**told))


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("woocommerce_analytics_refund_apostrophe.csv", {"free": 1}),
        ("woocommerce_advanced_order_export_totals_repeated.csv", {"status": 1}),
        ("woocommerce_webtoffee_wide_guest.csv", {"status": 1}),
        ("prestashop_orders_semicolon.csv", {"status": 1}),
        ("etsy_direct_checkout_payments.csv", {}),
        ("square_transactions_55col.csv", {}),
        ("ebay_orders_report_80col_framed.csv", {"blank": 1, "totals_or_footer": 2, "status": 1}),
        ("bigcommerce_dayfirst_packed_products.csv", {"status": 1}),
        ("toast_ItemSelectionDetails_latin1.csv", {"status": 1}),
    ],
)
def test_a_collected_export_gives_its_known_answer(shared, answers, name, reasons):
    found, expected = example(shared, name), answers[name]
    assert (found.cleaned.orders, found.revenue) == (expected["orders"], expected["net"])
    customers = found.orders["customer_id"].nunique()
    assert customers == expected.get("customers", customers)
    assert min(found.orders["date"]) == expected.get("first_date", min(found.orders["date"]))
    assert found.reasons == reasons


def test_what_the_collected_exports_hold_beside_their_sums(shared):
    assert example(shared, "toast_ItemSelectionDetails_latin1.csv").column("product") == ["Crème brûlée"]
    assert example(shared, "bigcommerce_dayfirst_packed_products.csv").column("product") == ["Fern Print, A4", "Mug"]
    assert example(shared, "woocommerce_webtoffee_wide_guest.csv").column("customer_id") == [
        "guest@example.com", "p@example.com",
    ]  # fmt: skip
    findings = example(shared, "prestashop_orders_semicolon.csv").cleaned.findings
    assert any("different currency signs" in sentence for sentence in findings)


@pytest.mark.parametrize(
    "name",
    [
        "ambiguous_day_month_no_row_above_12.csv",
        "bom_and_quoted_header.csv",
        "sep_line_first.csv",
        "preamble_and_totals_row.csv",
    ],
)
def test_dates_that_can_be_read_two_ways_are_asked_about_and_the_answer_is_used(shared, name):
    with pytest.raises(DateOrderUnknown):
        example(shared, f"traps/{name}")
    found = example(shared, f"traps/{name}", date_order="day-first")
    assert found.column("date") == ["2026-04-03", "2026-05-04", "2026-06-05"]
    assert found.column("customer_id") == ["ada@example.com", "bo@example.com", "ada@example.com"]
    assert found.revenue == 1254.0


def test_a_till_sold_in_many_countries_does_not_say_which_of_day_and_month_comes_first():
    """Square writes dates as the till's country does, so 04/05/2026 alone may be either."""
    rows = (EXPORTS / "square_items" / "items.csv").read_text(encoding="utf-8").splitlines()
    content = "\n".join([rows[0], "04/05/2026" + rows[4][len("2026-07-18") :]]).encode()
    with pytest.raises(DateOrderUnknown):
        read(content)
    for order, day in (("day-first", "2026-05-04"), ("month-first", "2026-04-05")):
        assert [str(one) for one in read(content, reading=clvapp.Reading(date_order=order)).orders["date"]] == [day]


def test_totals_and_footers_of_a_report_are_left_out_and_counted(shared):
    found = example(shared, "traps/preamble_and_totals_row.csv", date_order="day-first")
    assert found.cleaned.rows_in == found.cleaned.rows_used + sum(found.reasons.values())
    assert found.cleaned.rows_used == 3
    assert found.reasons["totals_or_footer"] == 2


def test_one_row_proves_that_the_day_comes_first(shared, answers):
    name = "traps/day_first_proved_by_one_row.csv"
    assert example(shared, name).column("date") == answers[name]["dates"]


def test_notes_over_several_lines_and_a_tail_of_commas_are_no_orders(shared, answers):
    name = "traps/multiline_notes_and_blank_comma_tail.csv"
    found = example(shared, name)
    assert (found.cleaned.orders, found.revenue) == (answers[name]["rows"], answers[name]["net"])
    assert found.reasons == {"blank": 20}


def test_the_later_of_two_overlapping_exports_wins(shared):
    folder = shared / "formats" / "examples" / "traps"
    found = read((folder / "overlap_2026-01.csv").read_bytes(), (folder / "overlap_2026-01_to_02.csv").read_bytes())
    assert (found.cleaned.orders, found.revenue, found.column("revenue")) == (3, 55, [10, 15, 30])
    assert any("had changed" in sentence for sentence in found.cleaned.findings)


def test_numbers_written_in_many_ways_are_all_read(shared, answers):
    name = "traps/numbers_many_ways.csv"
    one_each = {"USD": 1.0, "EUR": 1.0, "৳": 1.0}  # to "$": the signs are those of four currencies
    found = read((shared / "formats" / "examples" / name).read_bytes(), rates=one_each)
    totals = answers[name]["totals"]
    assert sorted(found.orders["value"]) == sorted(total for total in totals if total and total > 0)
    assert sorted(found.adjustments["revenue"]) == sorted(total for total in totals if total and total < 0)
    assert found.reasons == {"unreadable": 1}


def test_a_formula_without_its_value_is_reported_and_not_taken_for_nothing(shared):
    name = "traps/excel_title_row_formula_without_cached_value.xlsx"
    found = example(shared, name)
    assert (found.column("order_id"), found.reasons) == (["0002"], {"unreadable": 1})
    assert found.left_out["row"].tolist() == [4]


def test_a_web_page_that_calls_itself_a_workbook_is_read(shared):
    found = example(shared, "traps/not_really_xls_html_table.xls")
    assert (found.column("order_id"), found.column("customer_id"), found.revenue) == (["H-1"], ["ada@example.com"], 10)


def test_text_that_looks_like_a_formula_stays_text(shared):
    found = example(shared, "traps/formula_injection_cells.csv", mapping={"customer_name": ("Customer Name",)})
    assert found.column("name") == ['=HYPERLINK("http://example.com","x")', "+SUM(1)"]


def test_destroyed_order_numbers_stay_orders_of_their_own(shared):
    found = example(shared, "traps/order_ids_in_scientific_notation.csv")
    assert (found.cleaned.orders, found.revenue) == (2, 46.68)
    assert any("destroyed by a spreadsheet" in sentence for sentence in found.cleaned.findings)


@pytest.mark.parametrize("name", FIXTURES)
def test_a_collected_file_of_a_known_format_gives_what_adds_up_by_hand(shared, name):
    content = (shared / "formats" / "fixtures" / name).read_bytes()
    orders, revenue, told = FIXTURES[name]
    if told:
        with pytest.raises(Question) as asked:
            read(content)
        assert asked.value.setting in told
    if not orders:
        with pytest.raises(NoOrderCounts, match="not paid"):
            read(content)
        return
    found = read(content, reading=clvapp.Reading(**told))
    assert found.cleaned.rows_in == found.cleaned.rows_used + sum(found.reasons.values())
    assert (found.cleaned.orders, found.revenue) == (orders, revenue)


def test_what_somebody_paid_is_not_taken_for_what_customers_paid(shared):
    with pytest.raises(NoSales, match=r"none of its 3 rows is a sale.*'Handyzahlung'.*buyer's own download"):
        read((shared / "formats" / "fixtures" / BOUGHT).read_bytes())


def test_the_collected_files_of_known_formats_are_all_tried(shared):
    """Another one in the folder belongs on the list above."""
    known = set()
    for path in (shared / "formats" / "fixtures").iterdir():
        try:
            understood = reading.understand(reading.Source(path.name, path))
        except Problem:
            continue
        if not understood.guessed:
            known.add(path.name)
    assert known == {*FIXTURES, BOUGHT}


def test_the_collected_files_give_each_order_its_own(shared):
    folder = shared / "formats" / "fixtures"
    shopify = read((folder / "shopify_orders_trimmed_37col_voided_partially_refunded.csv").read_bytes())
    assert shopify.orders[["order_id", "revenue"]].to_numpy().tolist()[:2] == [["#1001", 56.29], ["#1002", 25.0]]
    stripe = read((folder / "stripe_payments_refunds_failed_mixed_dates.csv").read_bytes())
    assert dict(stripe.orders[["order_id", "date"]].to_numpy()[:3].tolist()) == {
        "ch_1": "2026-09-10", "ch_2": "2026-09-30", "ch_3": "2026-10-01",
    }  # fmt: skip

"""Whole files, from bytes to orders: our own proofs, one folder a format, and the exports that were collected."""

import json
from pathlib import Path

import pytest
from hand_frames import read

from clvapp import analysis
from clvapp import read as reading
from clvapp.problems import DateOrderUnknown, Problem

EXPORTS = Path(__file__).parent / "exports"
PROOFS = [
    pytest.param(folder / name, expected, id=f"{folder.name}/{name}")
    for folder in sorted(EXPORTS.iterdir())
    for name, expected in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items()
]
FIXTURES = (
    "shopify_orders_79col.csv",
    "shopify_orders_trimmed_37col_voided_partially_refunded.csv",
    "stripe_payments_refunds_failed_mixed_dates.csv",
)


@pytest.mark.parametrize(("path", "expected"), PROOFS)
def test_each_proof_gives_the_orders_that_were_worked_out_by_hand(path, expected):
    found = read(path.read_bytes())
    columns = ["order_id", "customer_id", "date", "revenue"]
    got = sorted(found.orders[columns].to_dict("records"), key=lambda one: (one["date"], one["order_id"]))
    assert got == sorted(expected["orders"], key=lambda one: (one["date"], one["order_id"]))
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
    return read((shared / "formats" / "examples" / name).read_bytes(), reading=analysis.Reading(**told))


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("woocommerce_analytics_refund_apostrophe.csv", {"free_order": 1}),
        ("woocommerce_advanced_order_export_totals_repeated.csv", {"status": 1}),
        ("prestashop_orders_semicolon.csv", {"status": 1}),
        ("etsy_direct_checkout_payments.csv", {}),
    ],
)
def test_a_collected_export_gives_its_known_answer(shared, answers, name, reasons):
    found = example(shared, name)
    assert (found.cleaned.orders, found.revenue) == (answers[name]["orders"], answers[name]["net"])
    assert found.orders["customer_id"].nunique() == answers[name].get(
        "customers", found.orders["customer_id"].nunique()
    )
    assert found.reasons == reasons


@pytest.mark.parametrize("name", ["bigcommerce_dayfirst_packed_products.csv", "woocommerce_webtoffee_wide_guest.csv"])
def test_an_export_that_we_do_not_know_gives_its_answer_once_the_address_is_chosen(shared, answers, name):
    heading = {"b": "Billing Email", "w": "billing_email"}[name[0]]
    found = example(shared, name, mapping={"customer_email": (heading,)})
    expected = answers[name]
    assert (found.cleaned.orders, found.revenue, found.orders["customer_id"].nunique()) == (
        expected["orders"], expected["net"], expected["customers"],
    )  # fmt: skip
    assert found.reasons == {"status": 1}
    assert min(found.orders["date"]) == expected.get("first_date", min(found.orders["date"]))


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
    found, totals = example(shared, name), answers[name]["totals"]
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
def test_a_collected_file_of_a_known_format_loads_without_a_question(shared, name):
    found = read((shared / "formats" / "fixtures" / name).read_bytes())
    assert found.cleaned.rows_in == found.cleaned.rows_used + sum(found.reasons.values())
    assert found.cleaned.orders > 0


def test_the_collected_files_of_known_formats_are_all_tried(shared):
    """Another one in the folder belongs on the list above."""
    known = set()
    for path in (shared / "formats" / "fixtures").glob("*.csv"):
        try:
            understood = analysis.understand(reading.Source(path.name, path))
        except Problem:
            continue
        if not understood.guessed:
            known.add(path.name)
    assert known == set(FIXTURES)


def test_the_collected_files_give_what_adds_up_by_hand(shared):
    folder = shared / "formats" / "fixtures"
    shopify = read((folder / FIXTURES[1]).read_bytes())
    assert shopify.orders[["order_id", "revenue"]].to_numpy().tolist()[:2] == [["#1001", 56.29], ["#1002", 25.0]]
    stripe = read((folder / FIXTURES[2]).read_bytes())
    assert dict(stripe.orders[["order_id", "date"]].to_numpy()[:3].tolist()) == {
        "ch_1": "2026-09-10", "ch_2": "2026-09-30", "ch_3": "2026-10-01",
    }  # fmt: skip

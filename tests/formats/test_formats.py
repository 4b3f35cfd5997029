import json
import tomllib
from collections import Counter
from dataclasses import fields
from importlib import resources
from pathlib import Path

import pytest

from clvapp import formats, read
from clvapp.formats.layout import Format
from clvapp.problems import FormatUnclear, LookAlike, MissingColumn, Problem, UnknownFormat
from clvapp.read import guess

EXPORTS = Path(__file__).parent / "exports"
PROOFS = sorted(path for path in EXPORTS.glob("*/*") if path.is_file() and path.suffix != ".json")
SHOPIFY = ("Name", "Email", "Financial Status", "Created at", "Total", "Lineitem quantity", "Lineitem name")
STRIPE = ("id", "Created date (UTC)", "Amount", "Currency", "Status")
# What a collected file is, by how its name begins; a file of an export that is not known is recognised as nothing.
COLLECTED = {
    name: name
    for name in ("amazon_all_orders", "bigcommerce", "clover", "ebay_orders_report", "ebay_transaction_report",
                 "etsy_direct_checkout_payments", "etsy_sold_order_items", "etsy_sold_orders", "gumroad", "loyverse",
                 "paypal_activity", "prestashop", "quickbooks_sales_by_customer_detail", "shopify", "square_items",
                 "square_transactions", "toast_order_details", "wix", "woocommerce_advanced_order_export",
                 "woocommerce_analytics", "woocommerce_webtoffee")
} | {
    "ebay_orders_footer": "ebay_orders_report",
    "ebay_transactions_german": "ebay_transaction_report",
    "nuvemshop": "nuvemshop_tiendanube",
    "paypal_activity_german": "paypal_activity_de",
    "quickbooks_online_sales_by_customer_detail": "quickbooks_sales_by_customer_detail",
    "stripe_payments": "stripe_payments",
    "toast_ItemSelectionDetails": "toast_item_selection_details",
    "toast_OrderDetails": "toast_order_details",
}  # fmt: skip
CATALOGUE = {"stripe_unified_payments": "stripe_payments"}
# Headers that stand in the catalogue beside another file of the same shop.
OTHER_FILES = {
    "PaymentDetails.csv": None,
    "CheckDetails.csv (has Customer Id, Customer Email)": "toast_check_details",
}


def collected_as(name: str) -> str | None:
    """The key of the format that a collected file must be recognised as."""
    begins = max((beginning for beginning in COLLECTED if name.startswith(beginning)), key=len, default="")
    key = COLLECTED.get(begins)
    return key if key in {fmt.key for fmt in formats.known()} else None


def test_each_known_export_says_what_it_needs():
    assert len(formats.known()) >= 5
    for fmt in formats.known():
        assert fmt.key
        assert fmt.name
        assert fmt.menu_path
        assert fmt.total_means
        assert fmt.one_row
        roles = fmt.roles.keys() | {role for other in fmt.beside for role in other.gives}
        assert {"customer_email", "customer_id", "customer_name"} & roles or fmt.nobody_named, fmt.key
        assert fmt.all_of
        assert bool(fmt.kinds_sale) == bool(fmt.without_sales) == ("kind" in fmt.required), fmt.key
        assert fmt.date_formats
        assert set(fmt.required) <= fmt.roles.keys(), fmt.key
        words = (*fmt.statuses_that_do_not_count, *fmt.statuses_pending, *fmt.test_modes, *fmt.kinds_sale)
        words += (*fmt.kinds_refund, *fmt.kinds_not_sale, *fmt.moved_nothing)
        assert len({*fmt.kinds_sale, *fmt.kinds_refund, *fmt.kinds_not_sale}) == len(
            (*fmt.kinds_sale, *fmt.kinds_refund, *fmt.kinds_not_sale)
        ), fmt.key
        assert all(word == word.strip().lower() for word in words), fmt.key


def test_a_file_says_nothing_that_a_format_does_not_have():
    names = {field.name for field in fields(Format)}
    for entry in resources.files(formats).iterdir():
        if entry.name.endswith(".toml") and entry.name != "words.toml":
            table = tomllib.loads(entry.read_text(encoding="utf-8"))
            assert table["key"] == entry.name.removesuffix(".toml")
            assert table.keys() <= names


def test_keys_and_names_are_each_used_once():
    counts = Counter(name.casefold() for fmt in formats.known() for name in {fmt.key, fmt.name})
    assert set(counts.values()) == {1}


def test_a_format_is_found_by_key_or_name_in_any_case():
    assert formats.named("SHOPIFY") == formats.named(" shopify  orders ")
    with pytest.raises(UnknownFormat, match=r"'etrade'.*shopify"):
        formats.named("etrade")


def test_headings_are_compared_without_case_blanks_and_byte_order_mark():
    headings = ("\ufeffname", " CREATED AT ", "total", "Lineitem  name")
    fmt = formats.recognise(headings)
    assert fmt is not None
    assert formats.mapping(fmt, headings) == {
        "order_id": (0,),
        "ordered_at": (1,),
        "order_total": (2,),
        "product": (3,),
    }


def test_a_known_export_without_a_column_it_needs_is_refused_by_that_column():
    headings = tuple(heading for heading in SHOPIFY if heading != "Total")
    fmt = formats.recognise(headings)
    assert fmt is not None
    with pytest.raises(MissingColumn, match=r"'Shopify orders'.*'Total'.*Orders > Export"):
        formats.mapping(fmt, headings)


def test_of_a_repeated_heading_the_first_is_meant():
    headings = (*SHOPIFY, "Total")
    assert formats.mapping(formats.named("shopify"), headings)["order_total"] == (4,)


def test_a_role_of_several_headings_has_all_their_positions():
    headings = ("Last Name (Billing)", "Order Number", "Order Status", "Order Date", "First Name (Billing)")
    fmt = formats.recognise(headings)
    assert fmt is not None
    found = formats.mapping(fmt, (*headings, "Order Total Amount"))
    assert found["customer_name"] == (4, 0)


def test_a_tie_is_asked_and_the_more_specific_signature_wins(monkeypatch):
    one = Format("one", "One", all_of=("A", "B"))
    two = Format("two", "Two", all_of=("A", "C"))
    more = Format("more", "More", all_of=("A", "B", "C"))
    monkeypatch.setattr(formats, "known", lambda: (one, two))
    with pytest.raises(FormatUnclear, match=r"'One' or 'Two'.*--format") as caught:
        formats.recognise(("a", "b", "c"))
    assert caught.value.setting == "format"
    monkeypatch.setattr(formats, "known", lambda: (one, two, more))
    assert formats.recognise(("a", "b", "c")) == more


def test_stripe_leaves_out_a_column_that_the_owner_did_not_pick():
    for name, present in (("Customer Name", True), ("Customer Name", False), ("Captured", False)):
        headings = (*STRIPE, name) if present else STRIPE
        fmt = formats.recognise(headings)
        assert fmt is not None
        assert fmt.key == "stripe_payments"
        assert ("customer_name" in formats.mapping(fmt, headings)) == present


@pytest.mark.parametrize("path", PROOFS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_proof_is_recognised_and_read(path, engine):
    expected = json.loads((path.parent / "expected.json").read_text(encoding="utf-8"))[path.name]
    sheet = read.look(read.Source(path.name, path))
    fmt = formats.recognise(sheet.headings)
    if path.parent.name == formats.FALLBACK:
        assert fmt is None
        mapping = guess.mapping(sheet)
        guess.check(mapping, sheet.headings)
    else:
        assert fmt is not None
        assert fmt.key == path.parent.name
        mapping = formats.mapping(fmt, sheet.headings)
    loaded = read.load(sheet, mapping, engine.con)
    assert loaded.rows_in == expected["rows_in"] - expected.get("rows_beside", 0)
    assert len(loaded.unreadable) <= expected["left_out"].get("unreadable", 0)
    if "order_id" in mapping and not (fmt and fmt.numbered_by_kind):
        in_file = {row[0] for row in engine.con.sql("SELECT DISTINCT trim(order_id) FROM raw").fetchall()}
        assert {order["order_id"] for order in expected["orders"]} <= in_file


@pytest.mark.parametrize("path", sorted(EXPORTS.glob("*/expected.json")), ids=lambda path: path.parent.name)
def test_each_proof_accounts_for_every_row(path):
    for name, expected in json.loads(path.read_text(encoding="utf-8")).items():
        assert (path.parent / name).exists()
        assert expected["rows_in"] == expected["rows_used"] + sum(expected["left_out"].values())


def test_each_known_export_has_a_proof():
    assert {fmt.key for fmt in formats.known()} <= {path.parent.name for path in PROOFS}


# --- against what was collected ---------------------------------------------------------------------
def test_collected_files_are_recognised_as_what_they_are_and_never_as_another(shared):
    files = [path for folder in ("fixtures", "examples") for path in (shared / "formats" / folder).rglob("*.*")]
    assert files
    found = set()
    for path in files:
        try:
            headings = read.look(read.Source(path.name, path)).headings
            fmt = formats.recognise(headings)
        except FormatUnclear:
            raise
        except LookAlike:
            assert path.name.startswith("NOT_ORDERS_")
            continue
        except Problem:
            assert path.suffix in {".json", ".xls"}, path.name
            continue
        assert not path.name.startswith("NOT_ORDERS_")
        assert (fmt.key if fmt else None) == collected_as(path.name), path.name
        assert [one for one in formats.known() if formats.fits(one, headings)] == ([fmt] if fmt else []), path.name
        found.add(fmt.key if fmt else None)
    assert len(found) > 15


@pytest.mark.parametrize("path", PROOFS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_other_signature_fits_a_proof(path):
    headings = read.look(read.Source(path.name, path)).headings
    fitting = {fmt.key for fmt in (*formats.known(), *formats.lookalikes()) if formats.fits(fmt, headings)}
    assert fitting == {path.parent.name} - {formats.FALLBACK}


def test_every_collected_header_is_recognised_as_what_it_is_and_never_as_another(shared):
    known = {fmt.key for fmt in formats.known()}
    for path in (shared / "formats" / "catalogue").glob("*.json"):
        if path.stem.startswith("_"):
            continue
        entry = json.loads(path.read_text(encoding="utf-8"))
        key = CATALOGUE.get(path.stem, path.stem)
        variants = [{"header": entry["header"], "name": ""}, *entry.get("header_variants", [])]
        for variant in variants:
            header = variant.get("header") or variant.get("columns", [])
            if not header or variant["name"] == "optional columns":  # to be added to the others
                continue
            fmt = formats.recognise(header)
            wanted = OTHER_FILES.get(variant["name"], key)
            if fmt is None and (part := formats.beside(header)):
                assert part[0].key == wanted
                assert {f"={role}" for role in part[1].match} < part[1].places(header).keys()
                continue
            assert (fmt.key if fmt else None) == (wanted if wanted in known else None), (path.stem, header)
            if fmt and not variant["name"].endswith("(partial)"):
                assert "ordered_at" in formats.mapping(fmt, header)


def test_the_published_online_retail_file_is_recognised_packed(shared):
    path = shared / "data" / "online_retail.csv.gz"
    sheet = read.look(read.Source(path.name, path))
    fmt = formats.recognise(sheet.headings)
    assert fmt is not None
    assert fmt.key == "uci_online_retail"

"""Tables that look like orders: each is refused by its name, with the export to make instead."""

from pathlib import Path

import pytest
from hand_frames import read

import clvapp
from clvapp import formats
from clvapp import read as reading
from clvapp.problems import LookAlike, NoSales, Problem
from clvapp.read.saved_mapping import SavedMapping

# Headers as the shops write them, each with a row of our own; `older` is another generation of the same.
TABLES = sorted((Path(__file__).parent / "lookalikes").glob("*.csv"))
BOUGHT = (
    "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,From Email Address,To Email Address,Transaction ID\n"
    "04/17/2026,10:00:00,PDT,Paper & Co,Website Payment,Completed,USD,-57.50,me@example.org,a@paper.example,B1\n"
    "04/18/2026,10:00:00,PDT,Paper & Co,Payment Refund,Completed,USD,7.50,a@paper.example,me@example.org,B2\n"
    "04/19/2026,10:00:00,PDT,,Bank Deposit to PP Account,Completed,USD,57.50,,,B3\n"
)
SOLD = "04/20/2026,10:00:00,PDT,Ada,Website Payment,Completed,USD,20.00,ada@example.org,me@example.org,S1\n"


def key(path: Path) -> str:
    return path.name.split(".")[0]


def test_each_known_look_alike_is_tried():
    assert {key(path) for path in TABLES} == {one.key for one in formats.lookalikes()}


def test_each_names_an_export_that_is_known_and_says_where_it_is():
    for one in formats.lookalikes():
        right = formats.named(one.instead)
        assert right in formats.known()
        assert right.menu_path
        assert one.refuse
        assert not one.roles


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_look_alike_is_refused_by_name_with_the_export_to_make_instead(path):
    known = next(one for one in formats.lookalikes() if one.key == key(path))
    with pytest.raises(LookAlike) as refused:
        read(path.read_bytes())
    right = formats.named(known.instead)
    for part in (known.name, known.refuse, right.name, right.menu_path):
        assert part in str(refused.value)
    assert str(refused.value).count(". ") == 0  # one sentence


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_look_alike_is_refused_even_when_its_columns_are_chosen_by_hand(path):
    headings = reading.look(reading.Source(path.name, path)).headings
    for told in (
        clvapp.Reading(format=formats.FALLBACK),
        clvapp.Reading(saved=(SavedMapping(headings, {"order_total": [0]}),)),
        clvapp.Reading(mapping={"order_total": [0]}),
    ):
        with pytest.raises(LookAlike):
            reading.understand(reading.Source(path.name, path), told)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_no_export_of_orders_fits_a_look_alike(path):
    headings = reading.look(reading.Source(path.name, path)).headings
    assert [one.key for one in formats.known() if formats.fits(one, headings)] == []
    assert [one.key for one in formats.lookalikes() if formats.fits(one, headings)] == [key(path)]


def test_the_collected_look_alikes_are_refused_by_name(shared):
    files = sorted((shared / "formats" / "fixtures").glob("NOT_ORDERS_*"))
    assert len(files) >= 3
    for path in files:
        with pytest.raises(LookAlike) as refused:
            read(path.read_bytes())
        assert refused.value.name.split()[0].lower() in path.name


def test_a_buyers_own_payments_are_refused_and_say_which_download_is_wanted():
    with pytest.raises(NoSales, match=r"none of its 3 rows is a sale.*buyer's own.*Activity > Download"):
        read(BOUGHT)


def test_what_a_shop_bought_is_left_out_beside_what_it_sold():
    found = read(BOUGHT + SOLD)
    assert found.column("order_id") == ["S1"]
    assert found.reasons == {"not_a_sale": 3}


def test_a_workbook_of_payouts_is_refused_like_a_text_of_them(tmp_path):
    from openpyxl import Workbook

    payouts = next(path for path in TABLES if key(path) == "shopify_payouts")
    book = Workbook()
    for line in payouts.read_text(encoding="utf-8").splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "payouts.xlsx")
    with pytest.raises(Problem, match="Shopify payouts"):
        reading.understand(reading.Source("payouts.xlsx", tmp_path / "payouts.xlsx"))

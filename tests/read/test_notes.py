"""What the amounts of a guessed table leave out of account is said; ledgers and document types are asked about."""

import pytest
from hand_frames import read

import clvapp
from clvapp.problems import CentsUnclear, KindsUnknown, StatusUnclear
from clvapp.read import Reading, Source

LINES = """invoice,date,customer,item,qty,unit price,{}
1,2026-03-01,Ann Lee,Desk,2,100.00,{}
2,2026-03-14,Bob Ray,Desk,1,100.00,0.00
3,2026-04-04,Cy Fox,Chair,3,50.00,0.00
"""


def notes(text):
    shop = clvapp.load([Source("lines.csv", text.encode())])
    shop.close()
    return shop.not_read


@pytest.mark.parametrize("heading", ["discount", "Disc.%", "Rabatt %"])
def test_discounts_that_nothing_took_off_are_named(heading):
    assert [note[:60] for note in notes(LINES.format(heading, "10.00"))] == [
        f"The discounts in '{heading}' were not taken off pieces times price"[:60]
    ]
    assert notes(LINES.format(heading, "0.00")) == ()
    assert notes(LINES.format(heading, "10.00").replace("qty,unit price", "qty,line total")) == ()


def test_a_total_after_fees_is_named():
    text = "order id,date,customer,Product income,Selling fee,Total\n" + "".join(
        f"{i},2026-03-0{i},Ann Lee,{10 * i}.00,-{i}.50,{9 * i}.50\n" for i in range(1, 5)
    )
    assert notes(text)[0].startswith("The amounts in 'Total' may be what was left after 'Selling fee'")
    assert notes(text.replace("-", "").replace("202603", "2026-03-")) == ()


def ledger(heading, sale, back):
    return f"Date,Invoice,Customer,Amount,{heading}\n" + "".join(
        f"2026-0{i}-15,{i},{name},{10 * i}.50,{side}\n"
        for i, name, side in ((1, "Ann Lee", sale), (2, "Bob Ray", sale), (3, "Ann Lee", back))
    )


@pytest.mark.parametrize(("sale", "back"), [("S", "H"), ("Dr", "Cr"), ("Debit", "Credit"), ("Debe", "Haber")])
def test_the_sides_of_a_ledger_are_asked_about(sale, back):
    text = ledger("Side", sale, back)
    with pytest.raises(KindsUnknown, match=f"'{sale}'"):
        read(text)
    assert read(text, reading=Reading(kinds={sale: "sale", back: "refund"})).revenue == 0.5  # 10.5 + 20.5 - 30.5


def test_codes_for_kinds_of_documents_are_asked_about():
    with pytest.raises(StatusUnclear, match=r"'Bill.Type' \(with 'F2', 'G2'\)"):
        read(ledger("Bill.Type", "F2", "G2"))


def test_whole_amounts_of_a_known_export_that_look_like_cents_are_asked_about():
    text = (
        "id,created,customer_email,amount,amount_refunded,currency,status\nch_1,1767225600,a@x.org,2599,0,usd,succeeded\n"
        "ch_2,1769904000,b@x.org,1999,1999,usd,succeeded\nch_3,1772323200,a@x.org,10051,500,usd,succeeded\n"
    )
    with pytest.raises(CentsUnclear, match=r"whether 2599 is 25\.99"):
        read(text)
    assert read(text, reading=Reading(cents=True)).column("revenue") == [25.99, 0, 95.51]
    assert read(text, reading=Reading(cents=False)).column("revenue") == [2599, 0, 9551]
    assert read(text.replace("2599,", "2599.00,")).column("revenue") == [2599, 0, 9551]


def test_of_two_amounts_the_one_with_its_tax_is_the_total():
    text = "Numer,Data wystawienia,Nabywca,Wartość netto,Wartość brutto\n" + "".join(
        f"FV{i},2026-01-1{i},Jan Nowak,{100 * i}.00,{123 * i}.00\n" for i in range(1, 5)
    )
    assert read(text).revenue == 1230

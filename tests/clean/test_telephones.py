"""A telephone: one number however it was written, and who somebody is where nothing better is known."""

import pytest
from hand_frames import made, order

from clvapp.clean.telephones import telephone


def known_by(*phones, **cells):
    found = made([order(str(i), customer_email=None, customer_phone=phone, **cells) for i, phone in enumerate(phones)])
    return found.column("customer_id")


BRITISH = ["+44 7911 123456", "0044 7911 123456", "07911 123456", "+44 (0)7911 123456", "(07911) 123-456",
           "447911123456",
           "7911123456", "447911123456.0", "4.47911123456E+11", "07911 123456/07911 123457", "+44 7911 123456 x12",
           "tel: 07911 123456", "+44.7911.123.456"]  # fmt: skip


@pytest.mark.parametrize("country", ["GB", "United Kingdom", "Vereinigtes Königreich", "Regno Unito", "GBR"])
def test_a_number_is_one_however_it_was_written(country):
    assert set(known_by(*BRITISH, country=country)) == {"+447911123456"}


def test_the_shops_country_reads_a_number_whose_order_names_none():
    rows = [order("A", customer_email=None, customer_phone="0170 1234567", country="Deutschland"),
            order("B", customer_email=None, customer_phone="0170/1234567", country=None)]  # fmt: skip
    assert made(rows).column("customer_id") == ["+491701234567"] * 2


def test_a_currency_tells_the_country_where_nothing_else_does():
    assert known_by("(555) 201-0001", "+1 555 201 0001", currency="USD", country=None) == ["+15552010001"] * 2


def test_numbers_that_name_their_country_tell_it_for_the_others():
    phones = ("+48 601 234 567", "+48 602 234 567", "601 234 567")
    assert known_by(*phones, currency=None, country=None) == ["+48601234567", "+48602234567", "+48601234567"]


def test_without_any_country_the_digits_count():
    assert known_by("020 7946 0000", "020-7946-0000", currency=None, country=None) == ["2079460000"] * 2


@pytest.mark.parametrize(
    "text", ["4.47911E+11", "000000000", "1111111111", "0123456789", "12345", "n/a", "-", "+44 79*** **456"]
)
def test_what_is_no_number_tells_nobody_apart(text):
    assert telephone(text, "GB") is None
    found = made([order("A", customer_email=None, customer_phone=text, country="GB")])
    assert found.column("customer_id") == [None]


def test_numbers_that_a_spreadsheet_destroyed_are_said():
    rows = [order(key, customer_email=None, customer_phone="4.47911E+11", customer_name="Ida Holm") for key in "AB"]
    found = made(rows)
    assert found.column("customer_id") == ["ida holm"] * 2
    assert any(said.startswith("2 telephone numbers destroyed by a spreadsheet") for said in found.cleaned.findings)


def test_an_address_and_a_customer_number_go_before_a_telephone():
    rows = [order("A", customer_email="ida@shop.example", customer_phone="+15552010001"),
            order("B", customer_email=None, customer_id="C-7", customer_phone="+15552010001"),
            order("C", customer_email=None, customer_phone="+1 555 201 0001")]  # fmt: skip
    found = made(rows)
    assert found.column("customer_id") == ["ida@shop.example", "C-7", "+15552010001"]
    assert "1 customer known by a telephone number: people who share one count as one." in found.cleaned.findings


def test_a_telephone_tells_two_people_of_one_name_apart():
    maria = {"customer_email": None, "customer_name": "Maria Silva", "postcode": "4000", "country": "PT"}
    phones = {"A": "912 345 678", "B": "+351 913 456 789", "C": "+351 912345678"}
    rows = [order(key, customer_phone=phone, **maria) for key, phone in phones.items()]
    assert made(rows).column("customer_id") == ["+351912345678", "+351913456789", "+351912345678"]
    assert made(rows).cleaned.weak_identities == 0


def test_a_telephone_may_stand_on_a_later_row_of_its_order():
    rows = [order("A", customer_email=None), order("A", None, customer_email=None, customer_phone="+15552010001")]
    assert made(rows).column("customer_id") == ["+15552010001"]

"""Who placed an order: addresses as one person has them, and the words for nobody."""

import pytest
from hand_frames import made, order

from clvapp.clean.addresses import address
from clvapp.formats import nobody

NOBODY = [
    "Walk-in", "Walk-in Customer", "WALK IN CUSTOMER 3", "Cash Sale", "Cash Customer", "Guest", "Guest Guest",
    "Guest checkout", "Anonymous", "Laufkundschaft", "Barverkauf Filiale Nord", "Diverse", "Kassenkunde",
    "Client de passage", "Consumidor final", "CONSUMIDOR FINAL", "Público en general", "Cliente Mostrador",
    "Cliente balcão", "Não identificado", "Cliente occasionale", "Contante verkoop", "Klient detaliczny", "Gość",
    "Kontantförsäljning", "Kontantkunde", "Løssalg", "Anonymní zákazník", "Perakende Müşteri", "Bilinmeyen",
    "عميل نقدي", "زائر", "ゲスト", "一般客", "NULL", "null", "None", "\\N", "0", "0.0", "-", "--", "—", "x", "XXX",
    "n/a", "N/A N/A", "#N/A", "test", "Test Test", "?",
]  # fmt: skip
SOMEBODY = [
    "Ann Guest", "Guestina Roe", "Ida Holm", "Johnny Cash", "Cash & Carry Holm", "Xi", "Nullmeyer", "Testa",
    "Customer 12", "Guest 7", "Kunde 100", "Gast, Ida", "Marie Comptoir", "نور", "ゲストハウス花", "Kasse 1 Holm",
    "C-0", "10", "Diversey",
]  # fmt: skip


def one_each(role, cells):
    """What one order each says of `cells` in `role`: its customer, and its word for nobody."""
    blank = {"customer_email": None, role: None}
    found = made([order(f"{i:03}", **blank | {role: cell}) for i, cell in enumerate(cells)])
    return found.column("customer_id"), found.column("nobody")


@pytest.mark.parametrize("role", ["customer_name", "customer_id"])
def test_a_word_for_nobody_is_nobody_as_a_name_and_as_a_number(role):
    assert one_each(role, NOBODY) == ([None] * len(NOBODY), NOBODY)


def test_a_name_that_only_looks_like_nobody_is_somebody():
    assert one_each("customer_name", SOMEBODY)[0] == [name.lower() for name in SOMEBODY]


def test_an_address_typed_because_a_till_wanted_one_is_nobody():
    typed = ["noemail@shop.example", "no-reply@shop.example", "none@none.com", "n/a@shop.example",
             "NA@na.na", "noemail14@shop.example", "ida@noemail.com", "a@a.com", "walk-in@shop.example",
             "sin.correo@shop.example", "keine-email@shop.example", "x@x.x"]  # fmt: skip
    assert one_each("customer_email", typed) == ([None] * len(typed), typed)


def test_a_guests_address_is_nobodys_where_several_use_it():
    rows = [order(f"{i}", customer_email="guest@shop.example", customer_name=name)
            for i, name in enumerate(["Ida Holm", "Otto Berg"])]  # fmt: skip
    rows += [order(f"T{i}", customer_email="Test@shop.example") for i in range(3)]
    rows += [order(f"G{i}", customer_email="gast@shop.example", customer_name="Gil Roe") for i in range(3)]
    found = made([*rows, order("X", customer_email="invite@shop.example")])
    assert found.column("customer_id") == [
        "ida holm", "otto berg", *["gast@shop.example"] * 3, None, None, None, "invite@shop.example",
    ]  # fmt: skip


def test_a_relay_that_stays_with_its_buyer_is_somebody():
    relays = ["w8k2b@marketplace.amazon.com", "4fgh@privaterelay.appleid.com", "k1@members.ebay.com"]
    others = ["nora@shop.example", "ida.test@shop.example", "noah.guest@shop.example", "hp@hp.com"]
    assert one_each("customer_email", [*relays, *others])[0] == [*relays, *others]


def test_nobody_by_address_may_still_have_a_number_or_a_name():
    found = made([
        order("A", customer_email="noemail@shop.example", customer_id="C-7", customer_name="Ida Holm"),
        order("B", customer_email="noemail@shop.example", customer_id="0", customer_name="Ida Holm"),
        order("C", customer_email="otto@shop.example", customer_id="0", customer_name="Walk-in Customer"),
    ])  # fmt: skip
    assert found.column("customer_id") == ["C-7", "ida holm", "otto@shop.example"]
    assert found.column("nobody") == [None, None, None]
    assert found.column("name") == ["Ida Holm", "Ida Holm", None]


WRITTEN = [
    " ida@shop.example\u00a0", "\u200bida@shop.example", "\u200fida@shop.example\u200e", "ida@\u00adshop.example",
    "\ufeffida@shop.example", "IDA@Shop.Example", "mailto:ida@shop.example", "MAILTO: ida@shop.example?subject=Order",
    "Ida Holm <ida@shop.example>", '"Holm, Ida" <Ida@shop.example>', "<ida@shop.example>", "ida@shop.example,",
    "ida@shop.example.", "(ida@shop.example)", "'ida@shop.example'", "ida@shop.example; otto@shop.example",
    "ida@shop.example, otto@shop.example", "ida@shop.example otto@shop.example", "ida@shop.example/otto@shop.example",
    "ida＠shop．example", "ｉｄａ@shop.example", "ida @ shop.example", "ida%40shop.example", "ida(at)shop.example",
    "ida@shop.example\nida2@shop.example", "ida@shop.example\u2060", "E-Mail: ida@shop.example",
]  # fmt: skip


def test_an_address_is_one_however_it_was_pasted():
    assert one_each("customer_email", WRITTEN)[0] == ["ida@shop.example"] * len(WRITTEN)


def test_an_address_that_may_be_another_persons_stays_as_it_is():
    kept = ["ida+shop@shop.example", "i.da@gmail.com", "o'neil@shop.example", "_ida_@shop.example"]
    assert [address(text) for text in kept] == kept
    assert one_each("customer_email", kept)[0] == kept


def test_an_international_domain_is_one_in_both_spellings():
    rows = [order("A", customer_email="ida@müller.example"), order("B", customer_email="ida@xn--mller-kva.example")]
    assert made(rows).column("customer_id") == ["ida@müller.example"] * 2


def test_a_masked_address_is_no_address():
    assert made([order("A", customer_email="i***@shop.example", customer_name=None)]).column("customer_id") == [None]


def test_a_name_is_one_with_and_without_signs_that_nobody_sees():
    rows = [order(key, customer_email=None, customer_name=name)
            for key, name in (("A", "Ida Holm"), ("B", "Ida\u00a0Holm"), ("C", "\u200eIda  Ho\u00adlm"))]  # fmt: skip
    assert made(rows).column("customer_id") == ["ida holm"] * 3


def test_every_word_for_nobody_is_seen_by_the_pattern_that_looks_for_candidates():
    lists = nobody._lists()
    names, mailboxes = [*lists["tills"], *lists["names"]], lists["mailboxes"]
    assert [word for word in names if not nobody.names_nobody(word)] == []
    rows = [order(f"N{i}", customer_email=None, customer_name=name.title()) for i, name in enumerate(names)]
    rows += [order(f"M{i}", customer_email=f"{box}@shop.example") for i, box in enumerate(mailboxes)]
    assert set(made(rows).column("customer_id")) == {None}

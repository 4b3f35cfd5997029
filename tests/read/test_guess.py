from dataclasses import dataclass

import pytest

from clvapp import problems
from clvapp.read import guess


@dataclass(frozen=True)
class Table:
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


def named(table):
    return {
        role: " + ".join(table.headings[place] for place in places) for role, places in guess.mapping(table).items()
    }


ROW = {
    "id": "A-17",
    "date": "2026-03-14",
    "email": "ada@example.com",
    "total": "1,234.50",
    "quantity": "2",
    "word": "Mug",
}
LANGUAGES = {
    "English": ("Order #", "Order Date", "E-mail", "Grand Total", "Qty", "Product Name"),
    "snake": ("order_id", "created_at", "customer_email", "total_amount", "quantity", "product"),
    "German": ("Bestellnr.", "Bestelldatum", "E-Mail-Adresse", "Gesamtbetrag (€)", "Menge", "Artikel"),
    "French": ("Numéro de commande", "Date de commande", "Courriel", "Total TTC", "Quantité", "Produit"),
    "Spanish": ("N.º de pedido", "Fecha", "Correo electrónico", "Importe total", "Cantidad", "Producto"),
    "Portuguese": ("Número do Pedido", "Data", "E-mail", "Valor total", "Quantidade", "Nome do Produto"),
    "Italian": ("Numero ordine", "Data ordine", "Indirizzo email", "Totale", "Quantità", "Prodotto"),
    "Dutch": ("Bestelnummer", "Besteldatum", "E-mailadres", "Totaalbedrag", "Aantal", "Productnaam"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_understood_in_several_languages(language):
    headings = LANGUAGES[language]
    found = named(Table(headings, (tuple(ROW.values()),) * 3))
    roles = ("order_id", "ordered_at", "customer_email", "order_total", "quantity", "product")
    assert found == dict(zip(roles, headings, strict=True))


def test_a_total_of_the_order_and_one_of_the_line_are_told_apart():
    table = Table(("Order ID", "Date", "Line Total", "Order Total"), (("1", "2026-01-05", "5.00", "9.00"),))
    assert named(table)["order_total"] == "Order Total"
    assert named(table)["line_total"] == "Line Total"


def test_tax_shipping_and_fees_are_no_order_total():
    table = Table(("Date", "Total Tax", "Shipping", "Fee"), (("2026-01-05", "1.00", "2.00", "3.00"),))
    assert "order_total" not in named(table)


def test_a_date_of_birth_or_of_shipping_is_no_date_of_order():
    row = ("2026-01-07", "1990-05-05", "2026-01-05", "9.00")
    found = named(Table(("Ship date", "Date of birth", "Placed", "Amount"), (row,)))
    assert found["ordered_at"] == "Placed"


def test_contents_speak_where_names_do_not():
    rows = (("x", "ada@example.com", "05.01.2026", "9,50"), ("y", "bo@example.com", "06.01.2026", "8,00"))
    assert named(Table(("F1", "F2", "F3", "F4"), rows)) == {
        "customer_email": "F2",
        "ordered_at": "F3",
        "order_total": "F4",
    }


def test_a_name_whose_contents_say_otherwise_is_not_believed():
    rows = (("Tuesday", "lots", "2026-01-05", "9.50"), ("Friday", "few", "2026-01-06", "8.50"))
    found = named(Table(("Date", "Total", "When", "Paid sum"), rows))
    assert (found["ordered_at"], found["order_total"]) == ("When", "Paid sum")


def test_two_likely_columns_of_dates_are_left_to_the_owner():
    rows = (("2026-01-05", "2026-01-06", "1.50"),)
    assert "ordered_at" not in named(Table(("Opened", "Closed", "Total"), rows))


def test_a_time_of_day_joins_its_date_and_first_name_its_last():
    rows = (("2026-01-05", "9:15:51 AM", "Ada", "Example", "9.50"),)
    found = named(Table(("Date", "Time", "First Name", "Last Name", "Total"), rows))
    assert (found["ordered_at"], found["customer_name"]) == ("Date + Time", "First Name + Last Name")


def test_a_customer_column_holds_numbers_or_names():
    def found(value):
        return named(Table(("Date", "Customer", "Total"), (("2026-01-05", value, "9.50"),)))

    assert found("10017")["customer_id"] == "Customer"
    assert found("J. DOE")["customer_name"] == "Customer"


def test_a_table_without_rows_is_guessed_by_names():
    assert set(named(Table(("Order ID", "Date", "Total")))) == {"order_id", "ordered_at", "order_total"}


# --- what cannot work -------------------------------------------------------------------------------
HEADINGS = ("Order", "Placed", "Paid", "Pieces", "Each", "Who")
WORKS = {"ordered_at": (1,), "order_total": (2,)}


@pytest.mark.parametrize(
    "mapping",
    [
        WORKS,
        {"ordered_at": (1,), "line_total": (2,)},
        {"ordered_at": (1,), "quantity": (3,), "unit_price": (4,)},
        {**WORKS, "order_id": (0,), "order_uid": (0,)},
        {**WORKS, "customer_email": (5,), "customer_id": (5,)},
        {**WORKS, "paid_at": (1,)},
    ],
)
def test_a_date_and_an_amount_are_enough(mapping):
    guess.check(mapping, HEADINGS)


@pytest.mark.parametrize(
    ("mapping", "problem", "says"),
    [
        ({"order_total": (2,)}, problems.NoDateColumn, "--map ordered_at=.*|'Placed'"),
        ({"ordered_at": (1,)}, problems.NoAmountColumn, "--map order_total="),
        ({"ordered_at": (1,), "quantity": (3,)}, problems.NoAmountColumn, "unit price"),
        ({"ordered_at": (2,), "order_total": (2,)}, problems.ColumnUsedTwice, "'Paid'"),
        ({**WORKS, "line_total": (2,)}, problems.ColumnUsedTwice, "'Paid'.*order's total"),
        ({**WORKS, "order_id": (5,), "customer_id": (5,)}, problems.ColumnUsedTwice, "'Who'"),
        ({**WORKS, "colour": (5,)}, problems.UnknownRole, "'colour'.*order_total"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_in_words(mapping, problem, says):
    with pytest.raises(problem, match=says):
        guess.check(mapping, HEADINGS)


def test_columns_are_named_by_the_owner_in_any_case():
    assert guess.positions({"ordered_at": ["placed "], "customer_name": ["WHO"]}, HEADINGS) == {
        "ordered_at": (1,),
        "customer_name": (5,),
    }


def test_a_column_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(problems.HeadingNotFound, match=r"'Date' \(wanted for ordered_at\).*'Placed'"):
        guess.positions({"ordered_at": ["Date"]}, HEADINGS)
    with pytest.raises(problems.UnknownRole):
        guess.positions({"colour": ["Who"]}, HEADINGS)


@pytest.mark.parametrize("heading", ["processed_at", "Booked on", "Issue date", "Order placed on", "Belegdatum"])
def test_more_headings_are_the_date_of_an_order_beside_another_date(heading):
    rows = tuple((str(i), f"2026-03-{i + 10}", f"2026-05-{i + 10}", "5.00") for i in range(4))
    assert named(Table(("Ref", heading, "Arrival", "Total"), rows))["ordered_at"] == heading

"""Who bought, what was sold, and who stood at the till: told apart where a heading says no more than "Name"."""

from dataclasses import dataclass

import pytest

from clvapp.read import guess

TILL = ("Date", "Receipt number", "Staff", "Name", "Quantity", "Price")


@dataclass(frozen=True)
class Table:
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def named(table):
    return {
        role: " + ".join(table.headings[place] for place in places) for role, places in guess.mapping(table).items()
    }


def row(number, name, quantity="1", price="9.00", day="2026-03-14"):
    return (day, number, "Sam", name, quantity, price)


def roles(*rows, headings=TILL):
    found = named(Table(headings, rows))
    return found.get("customer_name"), found.get("product")


def test_names_that_differ_within_an_order_are_of_what_was_sold():
    assert roles(row("7", "Blue Mug"), row("7", "Red Cup"), row("8", "Blue Mug")) == (None, "Name")


def test_one_name_on_all_lines_of_an_order_is_the_buyers():
    assert roles(row("7", "Ida Holm"), row("7", "Ida Holm"), row("8", "Otto Berg"), row("8", "Otto Berg")) == (
        "Name",
        None,
    )


def test_a_name_that_stands_for_one_price_is_of_what_was_sold():
    sold = [
        row("1", "Mug", "2", "8.00"),
        row("2", "Cup", "1", "5.50"),
        row("3", "Mug", "1", "8.00"),
        row("4", "Cup", "3", "5.50"),
    ]
    assert roles(*sold) == (None, "Name")


def test_a_total_divided_by_the_pieces_is_that_price():
    headings = ("Date", "Sale ID", "Name", "Qty", "Total")
    items = [("Mug", "2", "16.00"), ("Mug", "1", "8.00"), ("Cup", "1", "5,50"), ("Cup", "2", "11,00")]
    sold = [("2026-01-05", str(i), *item) for i, item in enumerate(items)]
    assert roles(*sold, headings=headings) == (None, "Name")


def test_a_name_with_several_prices_is_the_buyers():
    bought = [
        row("1", "Ida", "2", "8.00"),
        row("2", "Otto", "1", "5.50"),
        row("3", "Ida", "1", "3.00"),
        row("4", "Otto", "3", "4.00"),
    ]
    assert roles(*bought) == ("Name", None)


def test_people_who_always_buy_the_same_stay_people():
    bought = [row(str(i), name, "1", price) for i, (name, price) in enumerate(
        [("Ida Holm", "9.00"), ("Otto Berg", "19.00"), ("Ida Holm", "9.00"), ("Otto Berg", "19.00")])]  # fmt: skip
    assert roles(*bought) == ("Name", None)


def test_items_of_two_words_are_told_by_their_price_for_any_number_of_pieces():
    items = [("Blue Mug", "1", "9.00"), ("Red Cup", "1", "5.00"), ("Big Jug", "2", "14.00")]
    sold = [row(str(i), *item) for i, item in enumerate([*items, *items, ("Blue Mug", "3", "9.00")])]
    assert roles(*sold) == (None, "Name")


def test_a_name_that_goes_with_one_number_of_an_item_is_of_what_was_sold():
    headings = ("Date", "Order", "SKU", "Name", "Price")
    sold = [("2026-01-05", str(i), sku, name, "9.00") for i, (sku, name) in enumerate(
        [("M-1", "Blue Mug"), ("C-2", "Red Cup"), ("M-1", "Blue Mug")])]  # fmt: skip
    assert roles(*sold, headings=headings) == (None, "Name")
    bought = [*sold, ("2026-01-06", "7", "C-2", "Blue Mug", "9.00")]
    assert roles(*bought, headings=headings) == ("Name", None)


def test_a_name_beside_the_item_is_the_buyers():
    headings = ("Date", "Order", "Name", "Item", "Quantity", "Price")
    bought = [("2026-01-05", "1", "Ida Holm", "Mug", "1", "9.00"), ("2026-01-06", "2", "Otto Berg", "Mug", "1", "9.00")]
    assert roles(*bought, headings=headings) == ("Name", "Item")


def test_the_buyer_is_found_where_a_name_is_of_what_was_sold():
    headings = ("Date", "Order", "Customer", "Name", "Quantity", "Price")
    sold = [("2026-01-05", "1", "Ida Holm", "Mug", "1", "9.00"), ("2026-01-05", "1", "Ida Holm", "Cup", "1", "4.00")]
    assert roles(*sold, headings=headings) == ("Customer", "Name")


BUYERS = [
    "Username (Buyer)", "Buyer Username (Shopee)", "Username", "User Name", "Shop user name", "Login", "Nickname",
    "Member", "Benutzername", "Pseudo", "Nombre de usuario", "Nome de usuário", "Nome utente", "Gebruikersnaam",
    "Nazwa użytkownika", "Användarnamn", "Brugernavn", "Brukernavn", "Uživatelské jméno", "Kullanıcı adı",
    "اسم المستخدم", "ユーザー名",
]  # fmt: skip
STAFF = [
    "User name (Cashier)", "Cashier user name", "Seller Username", "Employee login name", "Sales rep user name",
    "Staff ID", "Username (seller)",
]  # fmt: skip


@pytest.mark.parametrize("heading", BUYERS)
def test_the_name_a_buyer_uses_in_the_shop_is_their_number(heading):
    table = Table(("Order ID", "Date", heading, "Total"), (("1", "2026-01-05", "ida_h", "9.00"),))
    assert named(table)["customer_id"] == heading


@pytest.mark.parametrize("heading", STAFF)
def test_the_name_that_staff_log_in_with_is_no_customer(heading):
    table = Table(("Order ID", "Date", heading, "Total"), (("1", "2026-01-05", "sam", "9.00"),))
    assert not {"customer_id", "customer_name"} & named(table).keys()


def test_a_user_beside_a_customer_is_staff():
    table = Table(
        ("Order ID", "Date", "Customer Name", "User Name", "Total"), (("1", "2026-01-05", "Ida Holm", "sam", "9.00"),)
    )
    assert named(table).get("customer_name") == "Customer Name"
    assert "customer_id" not in named(table)


def test_two_users_of_sixty_orders_are_staff():
    rows = tuple((str(i), "2026-01-05", ("sam", "kim")[i % 2], "9.00") for i in range(60))
    assert "customer_id" not in named(Table(("Order ID", "Date", "User", "Total"), rows))


def test_a_customer_column_of_addresses_is_read_as_addresses():
    table = Table(("Order ID", "Date", "Customer", "Total"), (("1", "2026-01-05", "Ida@Shop.example", "9.00"),))
    assert named(table)["customer_email"] == "Customer"

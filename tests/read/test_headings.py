from dataclasses import dataclass

import pytest

from clvapp.read import guess, prices

VALUES = {
    "order_id": "A-17", "ordered_at": "2026-03-14", "customer_email": "ada@example.com", "customer_name": "Ada Oak",
    "order_total": "1,234.50", "line_total": "12.50", "unit_price": "6.25", "quantity": "2", "refunded": "4.00",
    "product": "Lamp", "shipping": "3.50", "discount": "1.00",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


def named(headings, *rows, told=None):
    table = Table(tuple(headings), tuple(rows))
    found = guess.mapping(table, told or {})
    return {role: " + ".join(table.headings[place] for place in places) for role, places in found.items()}


@pytest.mark.parametrize(
    ("role", "heading"),
    [
        ("order_id", "orderNumber"), ("order_id", "ORDERNUMBER"), ("order_id", "OrderID"), ("order_id", "orders.id"),
        ("order_id", "1. Order No."), ("order_id", "order__number"),
        ("ordered_at", "orderDate"), ("ordered_at", "CREATEDAT"), ("ordered_at", "Order: Date"),
        ("ordered_at", "o.created_at"), ("ordered_at", "Order Date (UTC)"),
        ("customer_name", "customerName"), ("customer_name", "CUSTOMERNAME"),
        ("customer_email", "customerEmail"), ("customer_email", "orders.customer_email"),
        ("order_total", "invoiceAmount"), ("order_total", "order_total_incl_tax"), ("order_total", "Total (USD)"),
        ("order_total", "Total in EUR"), ("order_total", "Total €"), ("order_total", "USD Total"),
        ("order_total", "Montant TTC"), ("order_total", "Bruttobetrag"), ("order_total", "orders.total"),
        ("order_total", "Total Amounts"), ("order_total", "Grand Total (incl. VAT)"),
        ("order_total", "total_price_gbp"),
        ("order_total", "Total excl. VAT"), ("order_total", "grandTotal"), ("order_total", "Amount in US dollars"),
        ("refunded", "Refund Amounts"), ("refunded", "refundAmount"), ("refunded", "Refunded amount (EUR)"),
        ("quantity", "Quantities"), ("quantity", "line_items.quantity"), ("quantity", "Qty (pcs)"),
        ("product", "itemName"), ("product", "line_items.name"),
        ("shipping", "Shipping (USD)"), ("discount", "Discounts Amount"),
    ],
)  # fmt: skip
def test_a_heading_is_known_however_it_is_written(role, heading):
    headings = {"ordered_at": "When ordered", "order_total": "All in"} | {role: heading}
    found = named(headings.values(), *[tuple(VALUES[one] for one in headings)] * 3)
    assert found[role] == heading


@pytest.mark.parametrize(
    ("role", "heading"),
    [("order_total", "Total Tax (USD)"), ("order_total", "Shipping total in EUR"), ("customer_name", "Order: Name"),
     ("order_id", "Orders"), ("order_total", "total_discounts_usd"), ("customer_name", "Name (product)")],
)  # fmt: skip
def test_a_longer_way_to_write_it_does_not_make_it_something_else(role, heading):
    table = Table((heading,), (("1.50",),) if role == "order_total" else (("Ada",),))
    assert role not in {candidate.role for candidate in guess._candidates(table)}


def test_the_total_with_tax_is_taken_before_the_one_without():
    headings = ("Date", "Total (excl. tax)", "Total (incl. tax)")
    assert named(headings, ("2026-01-05", "10.00", "12.00"))["order_total"] == "Total (incl. tax)"


# --- price, pieces and total --------------------------------------------------------------------------
@pytest.mark.parametrize("heading", ["Price", "Rate", "Selling Price", "Price/unit", "Unit Cost", "Prices", "Preis"])
def test_a_lone_price_beside_pieces_is_of_one_piece(heading):
    rows = (("7", "2026-01-05", "Lamp", "2", "12.00"), ("7", "2026-01-05", "Bulb", "1", "5.00"))
    found = named(("Order ID", "Date", "Product", "Quantity", heading), *rows)
    assert (found["unit_price"], "order_total" in found) == (heading, False)


@pytest.mark.parametrize("heading", ["Price", "Preis", "Prix", "Selling price"])
def test_a_lone_price_without_pieces_is_all_that_was_paid(heading):
    found = named(("Order ID", "Date", "Product", heading), ("7", "2026-01-05", "Lamp", "12.00"))
    assert (found["order_total"], "unit_price" in found) == (heading, False)


def test_a_price_that_all_rows_of_each_order_repeat_is_the_orders():
    rows = (
        ("7", "2026-01-05", "Lamp", "2", "29.00"), ("7", "2026-01-05", "Bulb", "1", "29.00"),
        ("8", "2026-01-06", "Lamp", "1", "17.00"), ("8", "2026-01-06", "Bulb", "1", "17.00"),
    )  # fmt: skip
    found = named(("Order ID", "Date", "Product", "Quantity", "Price"), *rows)
    assert (found["order_total"], "unit_price" in found) == ("Price", False)


def test_a_price_that_grows_with_the_pieces_is_the_lines():
    rows = (("7", "2026-01-05", "Lamp", "2", "24.00"), ("8", "2026-01-05", "Lamp", "1", "12.00"))
    found = named(("Order ID", "Date", "Product", "Quantity", "Price"), *rows)
    assert (found["line_total"], "unit_price" in found) == ("Price", False)


def test_a_total_beside_a_price_leaves_the_price_to_the_piece():
    found = named(("Date", "Quantity", "Price", "Total"), ("2026-01-05", "2", "12.00", "24.00"))
    assert (found["unit_price"], found["order_total"]) == ("Price", "Total")


def test_parts_of_a_payment_are_added_up():
    rows = (("P1", "7", "2026-01-05", "40.00"), ("P2", "7", "2026-01-05", "40.00"))
    headings = ("Payment ID", "Order ID", "Date", "Amount")
    found = named(headings, *rows)
    assert (found["line_total"], "order_total" in found) == ("Amount", False)
    again = (rows[0], rows[0])
    assert named(headings, *again)["order_total"] == "Amount"  # one payment, listed twice, is no second one
    assert prices.are_payments(Table(headings, rows), {"order_id": (1,)})


# --- what the owner says ------------------------------------------------------------------------------
def test_what_the_owner_says_wins_and_the_other_role_loses_its_column():
    headings = ("Order ID", "Date", "Total", "Amount Paid")
    found = named(headings, ("7", "2026-01-05", "12.00", "10.00"), told={"line_total": (2,)})
    assert found["line_total"] == "Total"
    assert found["order_total"] == "Amount Paid"


def test_what_the_owner_says_of_a_known_export_takes_the_column_from_its_role():
    known = {"ordered_at": (0,), "paid_at": (0,), "order_total": (1,)}
    assert guess.told_first(known, {"line_total": (1,)}) == {"ordered_at": (0,), "paid_at": (0,), "line_total": (1,)}
    assert guess.told_first(known, {"ordered_at": (2,)}) == {"ordered_at": (2,), "paid_at": (0,), "order_total": (1,)}


def test_an_amount_beside_pieces_is_of_what_the_rows_prove():
    def found(*amounts):
        rows = [(str(n), "2026-01-05", "Lamp", pieces, amount) for n, (pieces, amount) in enumerate(amounts)]
        guessed = named(("Order ID", "Date", "Product", "Quantity", "Amount"), *rows)
        return next(role for role, heading in guessed.items() if heading == "Amount")

    assert found(("2", "24.00"), ("1", "12.00")) == "line_total"
    assert found(("2", "12.00"), ("1", "12.00")) == "unit_price"
    assert found(("2", "24.00"), ("1", "15.00")) == "order_total"
    assert found(("2", "24.00"), ("2", "24.00")) == "order_total"


def test_an_order_paid_in_two_ways_is_paid_in_parts():
    headings = ("Order ID", "Date", "Tender", "Amount")
    two = (("7", "2026-01-05", "Card", "20.00"), ("7", "2026-01-05", "Cash", "20.00"))
    assert named(headings, *two)["line_total"] == "Amount"
    assert named(headings, two[0], two[0])["order_total"] == "Amount"
    assert named(headings, two[0], ("8", *two[1][1:]))["order_total"] == "Amount"


@pytest.mark.parametrize(
    ("amounts", "role"),
    [
        (("28.800", "12.700", "19.100", "9.200"), "order_total"),  # written as money
        (("28800", "12700", "19100", "9200"), None),  # one customer has several
        (("77", "81", "77", "81"), "customer_id"),
    ],
)
def test_what_a_customer_pays_is_no_customer_number(amounts, role):
    headings = ("Order", "Date", "E-mail", "Customer pays", "Item")
    rows = [(f"{i // 2}", f"2026-03-0{i + 1}", f"{'ab'[i % 2]}@x.org", one, "Lamp") for i, one in enumerate(amounts)]
    roles = {heading: role for role, heading in named(headings, *rows).items()}
    assert roles.get("Customer pays") == role


def test_what_each_order_repeats_and_is_no_less_than_its_prices_is_the_orders_total():
    headings = ("Order", "Date", "E-mail", "Item", "Each", "All together")
    cells = [("1", "5.00", "17.50"), ("1", "2.50", "17.50"), ("2", "4.00", "12.25"), ("2", "0.25", "12.25")]
    rows = [(number, "2026-03-01", "a@x.org", f"Lamp {i}", *sums) for i, (number, *sums) in enumerate(cells)]
    assert named(headings, *rows)["order_total"] == "All together"
    assert named(headings, *rows)["unit_price"] == "Each"
    small = [(*row[:5], "1.25") for row in rows]  # less than the prices: it holds something else
    assert named(headings, *small)["order_total"] == "Each"


def test_two_words_for_money_back_have_one_series_of_numbers_of_their_own():
    headings = ("Number", "Date", "E-mail", "Total", "Type")
    cells = [("71", "SI"), ("G71", "SC"), ("72", "SI"), ("G72", "Product credit"), ("73", "SI"), ("74", "SI")]
    rows = [(number, f"2026-03-0{i + 1}", "a@x.org", "9.50", word) for i, (number, word) in enumerate(cells)]
    assert named(headings, *rows)["kind"] == "Type"

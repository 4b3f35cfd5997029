"""Orders out of lines: what an order is worth, counted once, who placed it, and what the owner may leave out."""

from dataclasses import replace

import pytest
from hand_frames import GENERAL, line, made, order, read

from clvapp.problems import CentsUnclear
from clvapp.read import Reading


@pytest.mark.parametrize(
    "totals",
    [["30.00", None], ["30.00", "30.00"], [None, "30.00"], ["30.00", "0.00"]],
    ids=["first", "repeated", "last", "zero"],
)
def test_a_total_counts_once_wherever_it_stands(totals):
    found = made(
        [order("A", totals[0], product="Cup"), order("A", totals[1], product="Pot"), order("B", "5.00", product="Cup")]
    )
    assert found.column("value") == [30, 5]
    assert found.reasons == {}


def test_without_a_total_the_lines_add_up():
    found = made([line("A", "2", "10.00"), line("A", "1", "2.50"), line("B", "1", "1.00")])
    assert (found.column("value"), found.column("quantity"), found.column("lines")) == ([22.5, 1], [3, 1], [2, 1])


def test_totals_that_differ_inside_most_orders_are_totals_of_lines_and_that_is_said():
    found = made([order("A", "10.00"), order("A", "5.00"), order("B", "7.00"), order("B", "1.00")])
    assert found.column("value") == [15, 8]
    assert any("totals of lines" in sentence for sentence in found.cleaned.findings)


def test_one_odd_total_does_not_turn_a_column_into_totals_of_lines():
    repeated = [row for i in range(9) for row in [order(f"A{i}"), order(f"A{i}")]]
    found = made([*repeated, order("B", "10.00"), order("B", "11.00")])
    assert found.column("value") == [10] * 10
    assert any("1 order with different totals" in sentence for sentence in found.cleaned.findings)


def test_a_column_of_line_totals_is_used_where_an_order_has_no_total():
    found = made(
        [
            order("A", None, line_total="4.00"),
            order("A", None, line_total="6.00"),
            order("B", "3.00", line_total="3.00"),
        ]
    )
    assert found.column("value") == [10, 3]


def test_an_orders_words_come_from_its_first_row_or_the_first_that_has_them():
    found = made(
        [order("A", country=None, product="Cup"), order("A", None, country="SE", product="Pot", customer_email=None)]
    )
    assert (found.column("country"), found.column("customer_id")) == (["SE"], ["ann@example.org"])


def test_a_row_without_an_order_number_is_an_order_of_its_own():
    found = made([order(None), order(None), order("A")])
    assert len(found.orders) == 3


def test_a_row_without_a_number_is_not_taken_for_the_order_that_is_named_after_its_place():
    found = made([order(None, "10.00"), order("#2", "20.00")])
    assert sorted(found.orders["value"]) == [10, 20]


def test_amounts_beyond_nine_hundred_million_are_read():
    found = made([line("A", "2", "5000000000"), line("A", "1", "1")])
    assert (found.column("value"), found.column("product")) == ([10_000_000_001], ["Cup"])


def test_a_barcode_among_the_pieces_costs_its_own_row_only():
    found = made([line("A", "59012341234570", "59012341234.57"), line("B", "1", "5.00")])
    assert (found.column("value"), found.reasons) == ([5], {"unreadable": 1})


def who(**cells):
    return made([order("A", customer_email=None) | cells, order("B", customer_email="zoe@example.org")]).orders[
        "customer_id"
    ][0]


@pytest.mark.parametrize(
    ("cells", "identity"),
    [
        ({"customer_email": "ADA@Example.org", "customer_id": "7", "customer_name": "Ada"}, "ada@example.org"),
        ({"customer_id": "7", "customer_name": "Ada"}, "7"),
        ({"customer_id": "17850.0"}, "17850"),
        ({"customer_id": "170.5"}, "170.5"),
        ({"customer_id": "0", "customer_name": "Ada Lund", "postcode": "223 50"}, "ada lund, 223 50"),
        ({"customer_id": "0.0", "customer_name": "Ada Lund"}, "ada lund"),
        ({"customer_id": "guest", "customer_name": "Ada Lund"}, "ada lund"),
        ({"customer_email": "no address", "customer_id": "7"}, "7"),
        ({"customer_email": "a***@example.org", "customer_name": "J*** D**"}, None),
        ({"customer_name": "a***n", "postcode": "22350"}, None),
        ({"postcode": "22350"}, None),
        ({"customer_id": "0"}, None),
        ({"customer_id": "NaN"}, None),
    ],
)
def test_a_customer_is_known_by_the_strongest_key_that_the_order_has(cells, identity):
    assert who(**cells) == identity


def test_a_relay_address_is_a_key():
    assert who(customer_email="x1y2@marketplace.amazon.com") == "x1y2@marketplace.amazon.com"


def test_names_alone_are_reported_as_weak():
    found = made(
        [order("A", customer_email=None, customer_name="Ada"), order("B", customer_email=None, customer_name="ADA")]
    )
    assert found.column("customer_id") == ["ada", "ada"]
    assert found.cleaned.weak_identities == 1
    assert any("name alone" in sentence for sentence in found.cleaned.findings)


def test_orders_of_nobody_are_used_for_the_shop_only():
    found = made([order("A", customer_email=None), order("A", None, customer_email=None), order("B", "30.00")])
    assert found.column("customer_id") == [None, "ann@example.org"]
    assert (found.cleaned.not_attributable_rows, found.cleaned.not_attributable_orders) == (2, 1)
    assert (found.cleaned.not_attributable_revenue, found.revenue) == (10, 40)


def test_the_order_of_a_customers_orders_is_by_moment_and_leaves_out_what_does_not_count():
    found = made([order("C", ordered_at="2026-01-05 12:00"), order("A", ordered_at="2026-01-06"),
                  order("B", ordered_at="2026-01-05 08:00"),
                  order("D", ordered_at="2026-01-01", status="void", customer_email="ann@example.org")])  # fmt: skip
    assert dict(zip(found.orders["order_id"], found.orders["rank"], strict=True)) == {"B": 1, "C": 2, "A": 3}


def test_shipping_and_tax_can_be_left_out_and_a_refund_gives_back_its_share():
    rows = [
        order("A", "100.00", shipping="10.00", tax="15.00", refunded="50.00"),
        order("B", "20.00", shipping=None, tax="4.00"),
    ]
    assert made(rows).column("revenue") == [50, 20]
    assert made(rows, count_shipping=False).column("revenue") == [45, 20]
    assert made(rows, count_tax=False).column("revenue") == [42.5, 16]
    assert made(rows, count_tax=False, count_shipping=False).column("value") == [75, 16]


def test_an_order_of_shipping_alone_is_an_order_of_nothing_without_it():
    found = made([order("A", "10.00", shipping="10.00")], count_shipping=False)
    assert (found.column("revenue"), found.cleaned.orders) == ([0], 1)


def test_settings_are_applied_without_reading_again():
    pending = replace(GENERAL, statuses_pending=("waits",))
    rows = [order("A", status="waits"), order("B", status="paid")]
    assert made(rows, fmt=pending).column("order_id") == ["B"]
    assert made(rows, fmt=pending, count_pending=True).column("order_id") == ["A", "B"]


def test_equal_totals_that_are_pieces_times_price_are_totals_of_lines():
    rows = [
        order("A", "20.00", quantity="2", unit_price="10.00"),
        order("A", "20.00", quantity="1", unit_price="20.00"),
        order("B", "10.00", quantity="1", unit_price="10.00"),
    ]
    found = made(rows)
    assert found.column("value") == [40, 10]
    assert any("Pieces times price" in sentence for sentence in found.cleaned.findings)


def test_a_total_repeated_on_each_line_counts_once_whatever_the_lines_cost():
    rows = [
        order("A", "40.00", quantity="2", unit_price="10.00"),
        order("A", "40.00", quantity="1", unit_price="20.00"),
        order("B", "10.00", quantity="1", unit_price="10.00"),
    ]
    assert made(rows).column("value") == [40, 10]


def test_amounts_are_cents_where_the_heading_says_so():
    text = (
        "order_id,created_at,email,amount_cents,Refund (cents)\n1,2026-01-05,a@x.org,2950,450\n"
        "2,2026-01-06,b@x.org,1000,\n"
    )
    assert read(text).column("value") == [29.5, 10]
    assert read(text).column("refunded") == [4.5, 0]
    assert read(text.replace("2950", "29.50").replace("1000", "10.00")).column("value") == [29.5, 10]


CENTS = "order_id,created_at,email,currency,amount\n1,2026-01-05,a@x.org,USD,12050\n2,2026-01-06,b@x.org,USD,1999\n"
LAST = "3,2026-01-07,c@x.org,USD,2500\n"


def test_whole_amounts_that_look_like_cents_are_asked_about():
    with pytest.raises(CentsUnclear, match=r"'amount' are cents: say whether 12050 is 120\.50 .*--cents yes"):
        read(CENTS + LAST)
    assert read(CENTS + LAST, reading=Reading(cents=True)).column("value") == [120.5, 19.99, 25]
    assert read(CENTS + LAST, reading=Reading(cents=False)).column("value") == [12050, 1999, 2500]


@pytest.mark.parametrize(
    "text",
    [
        CENTS + LAST.replace("2500", "25.50"),  # an amount with a fraction
        (CENTS + LAST).replace("USD", "JPY"),  # a currency without cents
        (CENTS + LAST).replace("currency,amount", "Shop,Betrag"),  # a currency that nobody names
        CENTS + LAST.replace("2500", "25"),  # more small amounts than cents leave
        (CENTS + LAST).replace("12050", "12000").replace("1999", "1950"),  # round sums
        (CENTS + LAST).replace("12050", "120").replace("1999", "101"),  # a usual order of some hundred
    ],
)
def test_whole_amounts_that_need_not_be_cents_are_not_asked_about(text):
    assert len(read(text).column("value")) == 3


def worked_out(*rows):
    return [sentence for sentence in made(list(rows)).cleaned.findings if "order A" in sentence]


def test_one_order_is_worked_out_as_it_was_added_up():
    lines = line("A", "2", "12.00"), line("A", "1", "5.00")
    assert worked_out(*lines) == ["An order is pieces times price: order A is 2 × 12 + 1 × 5 = 29."]
    halves = line("A", "3", "1.50"), line("B", "1", "5.00")
    assert worked_out(*halves) == ["An order is pieces times price: order A is 3 × 1.50 = 4.50."]
    totals = order("A", None, line_total="24.50"), order("A", None, line_total="5.00")
    assert worked_out(*totals) == ["An order is the sum of its lines: order A is 24.50 + 5.00 = 29.50."]
    once = order("A", "29.00"), order("A", "29.00")
    assert worked_out(*once) == ["An order's total was counted once, though its rows repeat it: order A is 29."]
    assert worked_out(order("A", "29.00"), order("B", "29.00")) == []


def test_a_file_without_order_numbers_says_so():
    row = order("A")
    del row["order_id"]
    said = [sentence for sentence in made([row, row]).cleaned.findings if "order of its own" in sentence]
    assert len(said) == 1
    assert not any("order of its own" in sentence for sentence in made([order("A")]).cleaned.findings)

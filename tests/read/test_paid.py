"""Columns beside a total: what was paid of it, what is open, what a till was given and handed back."""

import pytest
from hand_frames import read

from clvapp.problems import NoAmountColumn

DAYS = ["2026-01-05", "2026-01-15", "2026-02-15", "2026-03-15"]
TOTAL = ["10.50", "20.00", "30.00", "40.00"]
GIVEN, BACK = ["20.00", "20.00", "50.00", "50.00"], ["9.50", "0.00", "20.00", "10.00"]


def table(**columns):
    """Four orders with these columns."""
    rows = [[f"N{i}", DAYS[i], f"{'abca'[i]}@x.org", *(cells[i] for cells in columns.values())] for i in range(4)]
    return "\n".join(",".join(row) for row in [["Order no", "Order date", "Email", *columns], *rows]) + "\n"


@pytest.mark.parametrize(
    "columns",
    [
        {"paid_amount": ["10.50", "5.00", "30.00", "40.00"], "balance_due": ["0.00", "15.00", "0.00", "0.00"]},
        {"Amount paid": ["10.50", "5.00", "30.00", "40.00"]},
        {"Bezahlt": ["10.50", "5.00", "30.00", "40.00"], "Offen": ["0.00", "15.00", "0.00", "0.00"]},
        {"Deposit": ["10.50", "5.00", "30.00", "40.00"], "Balance": ["0.00", "15.00", "0.00", "0.00"]},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_what_was_paid_of_a_total_counts(columns):
    assert read(table(Total=TOTAL, **columns)).column("value") == [10.5, 5, 30, 40]


@pytest.mark.parametrize(
    "columns",
    [
        {"Commission paid": ["1.00", "2.00", "3.00", "4.00"]},
        {"Paid by card": ["1", "0", "1", "1"]},
        {"Balance": ["110.00", "90.00", "60.00", "20.00"]},  # of the customer's account
        {"Points paid": ["1", "5", "0", "2"]},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_other_columns_take_nothing_off_a_total(columns):
    assert read(table(Total=TOTAL, **columns)).column("value") == [10.5, 20, 30, 40]


@pytest.mark.parametrize(
    "columns",
    [
        {"Receipt total": TOTAL, "Amount paid": GIVEN, "Change": BACK},
        {"Bon": TOTAL, "Paid": GIVEN, "Change given": BACK},
        {"Summe": TOTAL, "Gegeben": GIVEN, "Rückgeld": BACK},
        {"Tendered": GIVEN, "Change due": BACK, "Total": TOTAL},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_a_till_kept_what_it_was_given_less_the_change(columns):
    assert read(table(**columns)).column("value") == [10.5, 20, 30, 40]


@pytest.mark.parametrize("heading", ["Amount tendered", "Amount paid"])
def test_what_a_till_was_given_is_no_total_where_nothing_says_what_it_kept(heading):
    with pytest.raises(NoAmountColumn):
        read(table(**{heading: GIVEN, "Change given": BACK}))


@pytest.mark.parametrize("heading", ["payment_cod", "new_customer", "gift_wrap"])
def test_noughts_and_ones_are_no_pieces(heading):
    found = read(table(Product=["Cup", "Pot", "Cup", "Pan"], Price=TOTAL, **{heading: ["0", "1", "0", "1"]}))
    assert found.column("value") == [10.5, 20, 30, 40]


@pytest.mark.parametrize(
    ("discount", "after"),
    [("Discount", "Amount payable"), ("İndirim Tutarı", "Faturalanacak Tutar"), ("Rabatt", "Zahlbetrag")],
)
def test_of_two_totals_the_one_less_the_discount_counts(discount, after):
    columns = {discount: ["0.50", "0.00", "5.00", "0.00"], after: ["10.00", "20.00", "25.00", "40.00"]}
    assert read(table(Total=TOTAL, **columns)).column("value") == [10, 20, 25, 40]
    assert read(table(Total=TOTAL, **columns | {discount: ["0.00"] * 4})).column("value") == [10.5, 20, 30, 40]


@pytest.mark.parametrize(
    ("came", "missing"), [("Cobrado", "Pendiente"), ("Valor recebido", "Valor em aberto"), ("Betalt", "Restbeløb")]
)
def test_what_came_and_what_is_missing_make_up_the_total_however_many_are_open(came, missing):
    columns = {came: ["10.50", "5.00", "0.00", "1.00"], missing: ["0.00", "15.00", "30.00", "39.00"]}
    assert read(table(Total=TOTAL, **columns)).column("value") == [10.5, 5, 1]

"""What a heading says about the unit of its amounts: hundredths, thousands, shares of a hundred."""

import pytest
from hand_frames import read

from clvapp.problems import CentsUnclear, InThousands
from clvapp.read import Reading

AMOUNTS = ("2599", "1999", "4950", "999")  # 105.47 together, in hundredths
DAYS = ("2026-01-05", "2026-01-15", "2026-02-15", "2026-03-15")


def table(heading, amounts=AMOUNTS, **columns):
    """Four orders with an amount under `heading`, and more columns."""
    headings = ["Order no", "Order date", "Email", heading, *columns]
    rows = [[f"N{i}", DAYS[i], f"{'abca'[i]}@x.org", amounts[i], *(cells[i] for cells in columns.values())]
            for i in range(4)]  # fmt: skip
    return "\n".join(",".join(row) for row in [headings, *rows]) + "\n"


@pytest.mark.parametrize(
    "heading",
    ["total_ct", "price_ore", "amount_grosz", "summe_cent", "kwota w groszach", "amount_minor", "amount_subunits",
     "total_kopecks", "amount_eurocents", "cents_total", "Total (øre)", "total_haleru"],
)  # fmt: skip
def test_a_heading_in_hundredths_is_divided_by_a_hundred(heading):
    assert read(table(heading)).column("value") == [25.99, 19.99, 49.5, 9.99]


def test_per_cent_is_no_hundredth_and_a_fraction_no_cent():
    assert read(table("amount_cents", ("25.99", "20", "50", "10"))).revenue == 105.99


@pytest.mark.parametrize("currency", ["JPY", "KRW", "KWD"])
def test_cents_of_a_currency_without_a_hundred_parts_are_asked_about(currency):
    text = table("amount_cents", Currency=[currency] * 4)
    with pytest.raises(CentsUnclear, match=r"'amount_cents' are cents: say whether 2599 is 25\.99"):
        read(text)
    assert read(text, reading=Reading(cents=False)).revenue == 10547
    assert read(text, reading=Reading(cents=True)).revenue == 105.47


@pytest.mark.parametrize("currency", ["SEK", "PLN", "HUF"])
def test_cents_of_other_currencies_are_not(currency):
    assert read(table("amount_minor", Currency=[currency] * 4)).revenue == 105.47


@pytest.mark.parametrize("heading", ["Total p", "amount_fils", "order_total_c", "kwota_gr"])
def test_a_heading_that_may_mean_hundredths_is_asked_about(heading):
    text = table(heading)
    with pytest.raises(CentsUnclear, match=rf"'{heading}' are cents"):
        read(text)
    assert read(text, reading=Reading(cents=True)).revenue == 105.47
    assert read(table(heading, ("25.99", "20.00", "50.00", "10.00"))).revenue == 105.99  # has a fraction


def test_money_back_beside_cents_is_asked_about_where_its_heading_says_nothing():
    text = table("total_cents", refunded=["0", "500", "0", "0"])
    with pytest.raises(CentsUnclear, match=r"'refunded' are cents: say whether 500 is 5\.00"):
        read(text)
    assert read(text, reading=Reading(cents=True)).column("refunded") == [0, 5, 0, 0]


@pytest.mark.parametrize(
    "heading",
    ["Total k€", "Revenue (in thousands)", "Umsatz T€", "Umsatz (TEUR)", "Total in '000", "Sales (000s)",
     "Revenue USD thousands", "Total (millions)", "Umsatz in Tsd.", "Importe (miles)", "total lakhs"],
)  # fmt: skip
def test_thousands_are_refused(heading):
    with pytest.raises(InThousands, match="are in thousands or more"):
        read(table(heading, ("1.2", "0.8", "2.5", "3.1")))


@pytest.mark.parametrize("heading", ["Total (1000 points)", "Total KR", "Amount (mm)", "Total €"])
def test_other_headings_are_no_thousands(heading):
    assert read(table(heading, ("12.50", "8.00", "25.00", "31.00"))).revenue == 76.5


@pytest.mark.parametrize("heading", ["Discount %", "Rabatt (%)", "discount_pct", "Procent rabatt"])
def test_a_share_of_a_hundred_is_no_money(heading):
    found = read(table("Total", ("12.50", "8.00", "25.00", "31.00"), **{heading: ["0", "10", "0", "50"]}))
    assert (found.revenue, found.column("discount")) == (76.5, [None] * 4)


def test_an_amount_that_is_a_share_is_no_total():
    with pytest.raises(Exception, match="No column says what was paid"):
        read(table("% of total", ("12.50", "8.00", "25.00", "54.50")))

"""What the pages say is true of any shop: whatever the threshold, the margin, the history and where the file begins."""

import contextlib
import datetime as dt
from collections.abc import Iterator

import pandas as pd
import pytest
from hand_frames import csv_text

import clvapp
from clvapp import findings
from clvapp.read import Source
from clvapp.story import orders, overview, value
from clvapp.wording import Wording

WORDS = Wording(currency="USD")


def order(number, date, who, total="10.00"):
    return {"Order": str(number), "Date": date, "E-mail": f"{who}@example.org" if who else "", "Total": total}


@contextlib.contextmanager
def analysed(*rows, **settings) -> Iterator[clvapp.Analysis]:
    shop = clvapp.load([Source("orders.csv", csv_text(list(rows)).encode())])
    try:
        yield clvapp.Analysis(shop, clvapp.Settings(**settings))
    finally:
        shop.close()


FIVE = [order(i, f"2024-0{i}-05", f"c{i}", f"{total}.00") for i, total in enumerate((10, 20, 30, 40, 400), start=1)]


def test_the_sentence_on_value_compares_with_the_chosen_line():
    with analysed(*FIVE) as shop:
        assert "$100 on average so far; 1 of them (20%) is above that and" in value.answer(shop, WORDS)
    with analysed(*FIVE, threshold="median") as shop:
        assert "2 of them (40%) are above the $30.00 of the middle customer and" in value.answer(shop, WORDS)
        assert "above $30.00" in value.distribution_title(shop, WORDS)
    with analysed(*FIVE, threshold="top") as shop:
        assert "1 of them (20%) is above $112, where the top 20% begin, and" in value.answer(shop, WORDS)


def test_what_customers_paid_is_no_margin():
    with analysed(*FIVE, margin=0.5) as shop:
        assert "have paid $100 on average" in overview.lines(shop, WORDS)[0].sentence
        assert "have earned you $50.00 on average" in value.answer(shop, WORDS)


def test_shares_are_of_known_customers_where_some_orders_name_nobody():
    with analysed(*FIVE) as shop:
        assert value.pareto_title(shop, WORDS).endswith("of revenue")
    with analysed(*FIVE, order(9, "2024-05-05", None, "900.00")) as shop:
        assert value.pareto_title(shop, WORDS).endswith("of the revenue of known customers")


def test_a_history_under_a_year_is_not_called_the_last_twelve_months():
    with analysed(*FIVE) as shop:
        assert "12 months" not in value.factors_sentence(shop, WORDS)


def test_where_nobody_came_back_nobody_is_silent():
    with analysed(*FIVE) as shop:
        assert any("Nobody has come back yet" in line.sentence for line in overview.lines(shop, WORDS))


def test_a_shop_of_one_day_is_worth_what_was_paid_and_says_how_short_it_is():
    with analysed(order(1, "2024-01-05", "a", "30.00"), order(2, "2024-01-05", "b", "10.00")) as shop:
        assert shop.simple_clv.clv == pytest.approx(20)
        assert any(finding.startswith("The history is 1 day long") for finding in findings.of_orders(shop))


def monthly_orders(*, gap_months):
    """A customer a month through 2023 but for a gap, each of whom comes back after ten days."""
    months = [m for m in range(1, 13) if m not in gap_months]
    return [order(f"{m}-{d}", f"2023-{m:02}-{d:02}", f"c{m}") for m in months for d in (5, 15)]


def test_cohorts_leave_out_the_months_of_the_burn_in_by_date_and_not_by_place():
    with analysed(*monthly_orders(gap_months=()), starts_at_opening=False) as shop:
        assert shop.burn_in.end == (dt.date(2023, 2, 1) - dt.date(1970, 1, 1)).days
        assert value.cohorts(shop)["month"].min() == pd.Timestamp("2023-02-01")
        assert overview.monthly(shop)["new_customers"].isna().tolist() == [True] + [False] * 10
    late = [*monthly_orders(gap_months=(2, 3)), order("slow", "2023-06-20", "c1")]
    with analysed(*late, starts_at_opening=False) as shop:
        months = value.cohorts(shop)["month"]
        assert months.min() == pd.Timestamp("2023-04-01")
        assert len(months) == 9


def test_earlier_cohorts_are_said_to_have_had_longer_only_where_they_are_worth_more():
    rising = [order(m, f"2023-{m:02}-05", f"c{m}", f"{10 * m}.00") for m in range(1, 13)]
    with analysed(*rising, starts_at_opening=True) as shop:
        assert "had longer" not in value.cohorts_title(shop, WORDS)
    many_then_few = [
        order(f"{m}-{i}", f"2023-{m:02}-05", f"c{m}{i}", "30.00")
        for m in range(1, 13)
        for i in range(1 if m > 6 else 5)
    ]
    with analysed(*many_then_few, starts_at_opening=True) as shop:
        assert "had longer" not in value.cohorts_title(shop, WORDS)


def test_what_an_export_was_taken_for_is_told_line_by_line():
    with analysed(order(1, "13/05/2025", "a"), order(2, "02/06/2025", "b")) as found:
        told = dict(orders.recognised(found, WORDS).itertuples(index=False))
    assert told["Dates"].endswith("the day before the month")
    assert "columns are yours" in told["Export"]
    assert told["Currency"] == "not said in the file"

"""Online Retail, 541,909 lines: what reading and cleaning make of it against numbers that others published."""

from pathlib import Path

import pytest

import clvapp
from clvapp.database import rows
from clvapp.read import Source


@pytest.fixture(scope="module")
def retail(shared: Path):
    path = shared / "data" / "online_retail.csv.gz"
    shop = clvapp.load([Source(path.name, path)])
    yield clvapp.Analysis(shop)
    shop.close()


def ask(retail, sql):
    _ = retail.cleaned
    return rows(retail.shop.engine.con, sql)


def test_every_line_is_used_or_left_out_for_a_reason(retail):
    report = dict(zip(retail.cleaned.report["reason"], retail.cleaned.report["rows"], strict=True))
    assert retail.cleaned.rows_in == 541_909 == retail.cleaned.rows_used + sum(report.values())
    assert report == {"free": 2_115}
    assert len(retail.left_out) == 2_115


def test_the_lines_without_a_customer_are_used_for_the_shop_or_belong_to_free_orders(retail):
    free = ask(retail, "SELECT sum(n_rows) FROM judged WHERE reason = 'free' AND customer_id IS NULL")[0][0]
    assert retail.cleaned.not_attributable_rows + free == 135_080


def test_all_lines_add_up_to_the_published_total(retail):
    assert retail.totals[1] == pytest.approx(9_747_747.93, abs=0.01)
    assert retail.months["revenue"].sum() == pytest.approx(9_747_747.93, abs=0.01)
    before_the_file = ask(
        retail,
        "SELECT sum(revenue)::DOUBLE FROM adjustments WHERE customer_id NOT IN "
        "(SELECT customer_id FROM orders WHERE customer_id IS NOT NULL)",
    )[0][0]
    of_customers = retail.customers["revenue"].sum() + before_the_file
    assert retail.not_attributable[1] + of_customers == pytest.approx(9_747_747.93, abs=0.01)


def test_sales_and_cancellations_of_known_customers_are_the_published_ones(retail):
    sales, customers, invoices = ask(
        retail, "SELECT sum(value), count(DISTINCT customer_id), count(*) FROM orders WHERE customer_id IS NOT NULL"
    )[0]
    assert float(sales) == pytest.approx(8_911_407.90, abs=0.01)
    assert (customers, invoices) == (4_338, 18_532)
    known = ask(
        retail,
        "SELECT (SELECT sum(refunded) FROM orders WHERE customer_id IS NOT NULL) - "
        "(SELECT sum(revenue) FROM adjustments WHERE customer_id IS NOT NULL)",
    )[0][0]
    assert float(known) == pytest.approx(611_342.09, abs=0.01)


def test_each_customer_with_a_positive_sale_is_one_row(retail):
    assert len(retail.customers) == 4_338
    assert retail.customers["orders"].sum() == 18_532
    assert retail.first_orders["customer_id"].tolist() == retail.customers["customer_id"].tolist()
    assert retail.spend.groupby("customer_id")["orders"].sum().loc["12347"] == 7


def test_a_sale_that_was_reversed_at_once_leaves_nothing_behind(retail):
    customers = retail.customers.set_index("customer_id")
    assert customers.loc["12346", ["revenue", "orders", "order_days"]].tolist() == [0, 1, 0]
    assert customers.loc["16446", ["revenue", "orders", "order_days"]].tolist() == [pytest.approx(2.90), 2, 1]
    linked = ask(
        retail,
        "SELECT customer_id, max(refunded)::DOUBLE FROM orders WHERE customer_id IN ('12346', '16446') "
        "GROUP BY ALL ORDER BY ALL",
    )
    assert linked == [("12346", 77_183.60), ("16446", 168_469.60)]
    assert ask(retail, "SELECT count(*) FROM adjustments WHERE customer_id IN ('12346', '16446')") == [(0,)]


def test_bad_debt_changes_money_and_is_no_order(retail):
    assert ask(retail, "SELECT count(*), sum(revenue)::DOUBLE FROM adjustments WHERE kind = 'adjustment'") == [
        (3, -11_062.06)
    ]
    assert ask(retail, "SELECT count(*) FROM orders WHERE order_id LIKE 'A%' OR order_id LIKE 'C%'") == [(0,)]


def test_the_file_is_seen_to_begin_in_the_middle_of_the_shops_life(retail):
    assert retail.months["new_customers"].iloc[0] == 885
    assert not retail.burn_in.starts_at_opening
    assert retail.burn_in.assumed
    assert 1 <= retail.burn_in.months_left_out <= 4


def test_the_last_month_is_known_to_be_cut(retail):
    assert retail.months["complete"].tolist() == [True] * 12 + [False]

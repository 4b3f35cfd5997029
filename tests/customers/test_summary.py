"""Orders into customers, first orders, spend and months, on frames written out."""

import inspect

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hand_frames import made, order, raw_tables, tables_of

from clvapp import clean, columns
from clvapp.customers import sales, summary
from clvapp.customers.tables import Tables
from clvapp.database import rows


def day(text):
    return int(np.datetime64(text, "D").astype("int64"))


ROWS = [
    order(
        "1", "30.00", ordered_at="2026-01-05 09:00", accepts_marketing="yes", country="SE", product="Cup", quantity="2"
    ),
    order("2", "10.00", ordered_at="2026-01-05 10:00", accepts_marketing=None, country="SE"),
    order("3", "50.00", ordered_at="2026-01-19", accepts_marketing="no", country="NO", refunded="20.00"),
    order("4", "20.00", ordered_at="2026-03-02", accepts_marketing=None, country="NO"),
    order("5", "8.00", ordered_at="2026-01-31", customer_email="bo@example.org", refunded="8.00"),
    order("6", "5.00", ordered_at="2026-02-10", customer_email=None),
    order("7", "-4.00", ordered_at="2026-02-20"),
    order("8", "-1.00", ordered_at="2026-02-21", customer_email=None),
    order("9", "-2.00", ordered_at="2026-02-22", customer_email="before@example.org"),
]
END = day("2026-03-02")


@pytest.fixture
def tables():
    with raw_tables(ROWS) as (con, raw):
        clean.orders(con, clean.load(con, [raw], rows_in=len(ROWS)))
        yield Tables(nw.from_native(con.table("orders")), nw.from_native(con.table("adjustments")))


def test_one_row_a_customer_by_hand(tables):
    found = summary.customers(tables, end_day=END)
    assert found["customer_id"].tolist() == ["ann@example.org", "bo@example.org"]
    ann, bo = found.to_dict("records")
    gaps, values = np.array([14.0, 42.0]), np.array([40.0, 30.0, 20.0])
    assert {key: ann[key] for key in ("orders", "order_days", "frequency", "revenue", "refunded")} == {
        "orders": 4, "order_days": 3, "frequency": 2, "revenue": 86.0, "refunded": 24.0,
    }  # fmt: skip
    assert (ann["recency"], ann["T"], ann["monetary_value"], ann["days_since_last_order"]) == (8.0, 8.0, 25.0, 0)
    assert (ann["mean_gap_days"], ann["gap_cv"]) == (28.0, pytest.approx(gaps.std(ddof=1) / 28))
    assert ann["value_cv"] == pytest.approx(values.std(ddof=1) / 30)
    assert (ann["first_order"], ann["last_order"], ann["country"]) == (
        pd.Timestamp("2026-01-05"),
        pd.Timestamp("2026-03-02"),
        "NO",
    )
    assert (bo["orders"], bo["order_days"], bo["frequency"], bo["revenue"], bo["refunded"]) == (1, 0, 0, 0.0, 8.0)
    assert (bo["recency"], bo["T"], bo["days_since_last_order"]) == (0.0, 30 / 7, 30)
    assert np.isnan([bo["monetary_value"], bo["mean_gap_days"], bo["gap_cv"], bo["value_cv"]]).all()


def test_consent_is_the_latest_that_is_known(tables):
    found = summary.customers(tables, end_day=END).set_index("customer_id")["accepts_marketing"]
    assert str(found.dtype) == "boolean"
    assert found["ann@example.org"] is np.False_ or found["ann@example.org"] == False  # noqa: E712
    assert found.isna()["bo@example.org"]


def test_a_returned_order_is_no_order_day():
    found = made([order("A", "30.00", refunded="30.00")])
    assert found.column("revenue") == [0]


def test_two_orders_of_one_day_are_one_order_day(tables):
    early = summary.customers(tables, end_day=day("2026-01-05")).iloc[0]
    assert (early["orders"], early["order_days"], early["frequency"]) == (2, 1, 0)
    assert np.isnan(early["monetary_value"])


def test_a_first_order_is_told_as_it_was_on_its_day(tables):
    found = summary.first_orders(tables, end_day=END)
    first = found.iloc[0]
    assert (first["day"], first["value"], first["quantity"], first["product"]) == (day("2026-01-05"), 30.0, 2.0, "Cup")
    assert (first["month"], first["weekday"], first["accepts_marketing"]) == (1, 0, True)
    assert found.iloc[1]["value"] == 8.0


def test_spend_is_money_by_customer_and_day(tables):
    found = summary.spend(tables, end_day=END)
    ann = found[found["customer_id"] == "ann@example.org"]
    assert ann[["day", "revenue", "orders"]].to_numpy().tolist() == [
        [day("2026-01-05"), 40, 2], [day("2026-01-19"), 30, 1], [day("2026-02-20"), -4, 0], [END, 20, 1],
    ]  # fmt: skip


def test_a_customers_first_order_of_each_product_has_its_day():
    sold = [
        order("1", product="Cup", ordered_at="2026-01-05"), order("2", product="Pot", ordered_at="2026-01-06"),
        order("3", product="Cup", ordered_at="2026-01-07"), order("4", product=None, ordered_at="2026-01-08"),
        order("5", product="Cup", ordered_at="2026-01-09", customer_email=None),
    ]  # fmt: skip
    with raw_tables(sold) as (con, raw):
        clean.orders(con, clean.load(con, [raw], rows_in=len(sold)))
        tables = Tables(nw.from_native(con.table("orders")), nw.from_native(con.table("adjustments")))
        found = summary.categories(tables, end_day=END, of="product")
        assert found.to_dict("records") == [
            {"customer_id": "ann@example.org", "category": "Cup", "day": day("2026-01-05")},
            {"customer_id": "ann@example.org", "category": "Pot", "day": day("2026-01-06")},
        ]
        assert summary.categories(tables, end_day=END).empty


def test_what_was_given_back_of_a_first_order_is_known_today(tables):
    found = summary.first_refunds(tables, end_day=END)
    assert found[["customer_id", "day", "value", "refunded"]].to_numpy().tolist() == [
        ["ann@example.org", day("2026-01-05"), 30.0, 0.0], ["bo@example.org", day("2026-01-31"), 8.0, 8.0],
    ]  # fmt: skip


def test_money_of_nobody_is_a_row_a_day(tables):
    found = sales.unnamed(tables, end_day=END)
    assert found.to_numpy().tolist() == [[day("2026-02-10"), 5.0, 1.0], [day("2026-02-21"), -1.0, 0.0]]
    assert sales.unnamed(tables, end_day=day("2026-02-20"))["revenue"].tolist() == [5.0]


def test_months_are_whole_and_none_is_missing(tables):
    found = sales.months(tables, end_day=END)
    assert found["month"].dt.strftime("%Y-%m").tolist() == ["2026-01", "2026-02", "2026-03"]
    assert found["revenue"].tolist() == [70.0, -2.0, 20.0]
    assert found[["orders", "buyers", "new_customers"]].to_numpy().tolist() == [[4, 2, 2], [1, 0, 0], [1, 1, 0]]
    assert found["complete"].tolist() == [True, True, False]


def test_a_month_is_complete_on_its_last_day(tables):
    assert sales.months(tables, end_day=day("2026-01-31"))["complete"].tolist() == [True]
    assert sales.months(tables, end_day=day("2026-01-30"))["complete"].tolist() == [False]


def test_the_shops_totals_hold_what_no_customer_is_known_for(tables):
    assert sales.totals(tables, end_day=END) == (6, 88.0, 35.0)
    assert sales.not_attributable(tables, end_day=END) == (1, 4.0)
    assert sales.not_attributable(tables, end_day=day("2026-02-01")) == (0, 0.0)


def test_a_window_holds_who_bought_in_it_and_their_refunds_of_those_days(tables):
    found = summary.window(tables, start_day=day("2026-01-05"), end_day=END)
    assert found.to_dict("records") == [
        {"customer_id": "ann@example.org", "orders": 2, "revenue": 46.0},
        {"customer_id": "bo@example.org", "orders": 1, "revenue": 0.0},
    ]


def test_cohorts_add_up_to_their_customers(tables):
    frame = summary.customers(tables, end_day=END).assign(historic_value=lambda one: one["revenue"])
    found = summary.cohorts(frame)
    assert found.to_dict("records") == [
        {"month": pd.Timestamp("2026-01-01"), "customers": 2, "mean_value": 43.0, "value": 86.0}
    ]


@pytest.mark.parametrize("end", ["2026-01-05", "2026-01-19", "2026-02-15", "2026-02-20"])
def test_nothing_after_the_day_looked_back_from_is_looked_at(tables, end):
    upto = [row for row in ROWS if row["ordered_at"][:10] <= end]
    expected = [
        part(tables, end_day=day(end))
        for part in (summary.customers, summary.first_orders, summary.spend, sales.months)
    ]
    with raw_tables(upto) as (con, raw):
        clean.orders(con, clean.load(con, [raw], rows_in=len(upto)))
        only = Tables(nw.from_native(con.table("orders")), nw.from_native(con.table("adjustments")))
        for frame, part in zip(
            expected, (summary.customers, summary.first_orders, summary.spend, sales.months), strict=True
        ):
            pd.testing.assert_frame_equal(frame, part(only, end_day=day(end)), check_dtype=False)


def test_a_shop_without_one_known_customer_has_empty_frames_of_the_right_columns():
    nobody = [order("1", customer_email=None)]
    with raw_tables(nobody) as (con, raw):
        clean.orders(con, clean.load(con, [raw], rows_in=1))
        empty = Tables(nw.from_native(con.table("orders")), nw.from_native(con.table("adjustments")))
        customers = summary.customers(empty, end_day=END)
        assert (
            len(customers)
            == len(summary.first_orders(empty, end_day=END))
            == len(summary.spend(empty, end_day=END))
            == 0
        )
        assert sales.months(empty, end_day=END)["buyers"].tolist() == [0]
        assert sales.totals(empty, end_day=END) == (1, 10.0, 0.0)
        assert {"customer_id", "T", "monetary_value"} <= set(customers)


COSTED = [
    # Ann's cups: 30 at a cost of 12, of which 10 were given back, and 8 at 2: 20 x 18/30 + 8 x 6/8 are earned.
    order("1", "30.00", product="Cup", line_cost="12.00", refunded="10.00"),
    order("2", "8.00", product="Cup", line_cost="2.00"),
    order("3", "5.00", product="Cup"),  # what it cost is not known
    order("4", "0.50", product="Pot", line_cost="0.20"),
    order("5", "7.00", line_cost="7.00"),  # names no product
    order("6", "9.00", product="Tea", customer_email="bo@example.org"),
    order("7", "4.00", product="Cup", line_cost="1.00", customer_email="bo@example.org"),
    order("8", "3.00", product="Cup", line_cost="1.00", customer_email=None),
    order("9", "6.00", product="Cup", line_cost="1.00", ordered_at="2026-03-03"),  # after the day
    order("10", "-2.00", product="Cup"),  # money back without its order
]


def test_what_a_customers_orders_of_a_product_earned_is_their_revenue_less_its_cost():
    with tables_of(COSTED) as (_, tables):
        found = summary.revenue_by(tables, "product", end_day=END)
        assert summary.has_costs(tables)
    assert found.drop(columns="group").to_dict("list") == {
        "customer_id": ["ann@example.org"] * 3 + ["bo@example.org"] * 2,
        "revenue": [33.0, 0.5, 7.0, 4.0, 9.0],
        "costed": [28.0, 0.5, 7.0, 4.0, 0.0],
        "earned": pytest.approx([18.0, 0.3, 0.0, 3.0, 0.0]),
    }
    assert found["group"].tolist()[:2] + found["group"].tolist()[3:] == ["Cup", "Pot", "Cup", "Tea"]
    assert (found["group"].isna().tolist(), found.index.tolist()) == ([False, False, True, False, False], [*range(5)])


def test_an_order_that_came_to_nothing_earned_nothing_known():
    with tables_of([order("1", "8.00", line_cost="2.00"), order("2", "4.00", line_cost="1.00")]) as (con, tables):
        con.execute("UPDATE orders SET value = 0, revenue = -1 WHERE order_id = '2'")
        found = summary.revenue_by(tables, "country", end_day=END)
    assert found[["revenue", "costed", "earned"]].to_numpy().tolist() == [[7.0, 8.0, 6.0]]


def test_a_file_without_costs_has_none(tables):
    assert not summary.has_costs(tables)
    found = summary.revenue_by(tables, "country", end_day=END)
    assert found[["revenue", "costed", "earned"]].to_numpy().tolist() == [[50, 0, 0], [40, 0, 0], [0, 0, 0]]


def test_who_a_customer_is_stands_on_their_latest_order():
    sold = [
        order("1", customer_id="7", customer_name="Ann Lee", country="SE"),
        order("2", customer_id="7", customer_name="Ann Roe", country="NO", ordered_at="2026-01-06"),
        order("3", customer_id="8", customer_name="Bo Ek", country="DK", customer_email="bo@example.org"),
        order("4", customer_id="7", customer_name="Ann Poe", country="FI", ordered_at="2026-03-03"),
    ]
    with tables_of(sold) as (_, tables):
        found = summary.customers(tables, end_day=END).set_index("name")
    assert found.index.tolist() == ["Ann Roe", "Bo Ek"]
    assert found["email"].tolist() == ["ann@example.org", "bo@example.org"]
    assert found["customer_number"].tolist() == ["7", "8"]
    assert found["country"].tolist() == ["NO", "DK"]
    assert found["last_order"].tolist() == list(pd.to_datetime(["2026-01-06", "2026-01-05"]))


def test_customers_stand_in_the_order_of_their_names_in_every_frame():
    names = ("fay", "bo", "eve", "ann", "di", "cy")
    sold = [
        order(f"{i}{n}", ordered_at=f"2026-01-0{i}", product=product, customer_email=f"{name}@example.org")
        for n, name in enumerate(names)
        for i, product in ((2, "Pot"), (1, "Tea"), (3, "Cup"))
    ]
    ids = [f"{name}@example.org" for name in sorted(names)]
    with tables_of(sold) as (_, tables):
        one_each = (
            summary.customers(tables, end_day=END), summary.first_orders(tables, end_day=END),
            summary.first_refunds(tables, end_day=END), summary.window(tables, start_day=0, end_day=END),
        )  # fmt: skip
        several = {
            "day": summary.spend(tables, end_day=END),
            "category": summary.categories(tables, end_day=END, of="product"),
            "group": summary.revenue_by(tables, "product", end_day=END),
        }
    for frame in one_each:
        assert (frame["customer_id"].tolist(), frame.index.tolist()) == (ids, list(range(6)))
    within = {"day": [day(f"2026-01-0{i}") for i in (1, 2, 3)], "category": ["Tea", "Pot", "Cup"],
              "group": ["Cup", "Pot", "Tea"]}  # fmt: skip
    for name, frame in several.items():
        assert frame["customer_id"].tolist() == [one for one in ids for _ in range(3)]
        assert frame[name].tolist() == within[name] * 6
        assert frame.index.tolist() == list(range(18))


def test_a_window_adds_up_the_orders_and_the_money_of_each_and_of_nobody_else():
    sold = [
        order("1", "10.00", ordered_at="2026-01-05"), order("2", "20.00", ordered_at="2026-01-06"),
        order("3", "30.00", ordered_at="2026-01-08", refunded="1.00"), order("4", "-3.00", ordered_at="2026-01-07"),
        order("5", "-2.00", ordered_at="2026-01-08"), order("6", "-4.00", ordered_at="2026-01-05"),
        order("7", "8.00", ordered_at="2026-01-06", customer_email="bo@example.org"),
        order("8", "-1.00", ordered_at="2026-01-06", customer_email="cy@example.org"),  # without an order
    ]  # fmt: skip
    with tables_of(sold) as (_, tables):
        found = summary.window(tables, start_day=day("2026-01-05"), end_day=day("2026-01-08"))
    assert found.to_dict("records") == [
        {"customer_id": "ann@example.org", "orders": 2, "revenue": 44.0},  # 20 + 29 - 3 - 2
        {"customer_id": "bo@example.org", "orders": 1, "revenue": 8.0},
    ]


# --- engines --------------------------------------------------------------------------------------


def test_orders_stay_lazy_tables_of_the_engine(tables):
    assert isinstance(tables.until(END).of_customers().orders, nw.LazyFrame)
    assert tables.orders.implementation is nw.Implementation.DUCKDB


def test_every_expression_runs_on_another_engine_as_well(tables):
    """Arrow tables behind the same expressions: another of Narwhals' back ends gives the same frames."""
    polars_free = [
        nw.from_native(pd.DataFrame(lazy.collect("pandas").to_native())).lazy()
        for lazy in (tables.orders, tables.adjustments)
    ]
    other = Tables(*polars_free)
    for part in (
        summary.customers, summary.spend, summary.first_orders, sales.months, summary.categories,
        summary.first_refunds, sales.unnamed,
    ):  # fmt: skip
        here, there = part(tables, end_day=END), part(other, end_day=END)
        words = dict.fromkeys(here.select_dtypes(["object", "str"]), "str")  # a blank is None or NaN
        pd.testing.assert_frame_equal(here.astype(words), there.astype(words), check_dtype=False)


def test_no_frame_of_orders_is_grouped_outside_the_engine():
    """What pandas may group is one row a customer: `cohorts`, and nothing else."""
    source = inspect.getsource(summary)
    assert source.count(".groupby(") == inspect.getsource(summary.cohorts).count(".groupby(") == 1


def test_the_tables_have_the_columns_of_the_dictionary(tables):
    assert set(columns.names(columns.ORDERS)) <= set(tables.orders.collect_schema().names())


def test_rank_counts_a_customers_orders(tables):
    with raw_tables(ROWS) as (con, raw):
        clean.orders(con, clean.load(con, [raw], rows_in=len(ROWS)))
        assert rows(con, "SELECT order_id, rank FROM orders ORDER BY order_id") == [
            ("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 1), ("6", None),
        ]  # fmt: skip

"""The stages in order: settings that hold everywhere, one day looked back from, and nothing half-loaded."""

import dataclasses
import datetime as dt
import gc
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hand_frames import csv_text

import clvapp
from clvapp import findings, read, results, sample, shop
from clvapp.customers import summary
from clvapp.database import Engine
from clvapp.problems import DateOrderUnknown, NoCustomerMatches, NoOrderCounts, ObservationEndOutside, Problem
from clvapp.read import Source

FRAMES = ("customers", "first_orders", "spend", "months", "cohorts")


def orders(rows):
    names = (
        "Order",
        "Date",
        "E-mail",
        "Total",
        "Shipping",
        "Tax",
        "Currency",
        "Status",
        "Refunded amount",
        "Newsletter",
    )
    return csv_text([dict(zip(names, row, strict=True)) for row in rows]).encode()


ROWS = [
    ("1", "2025-01-05", "ann@example.org", "30.00", "3.00", "2.00", "EUR", "paid", "", "yes"),
    ("2", "2025-02-05", "ann@example.org", "50.00", "5.00", "", "EUR", "paid", "10.00", "no"),
    ("3", "2025-02-07", "bo@example.org", "20.00", "", "", "EUR", "pending", "", ""),
    ("4", "2025-03-07", "bo@example.org", "12.00", "", "1.00", "EUR", "paid", "", ""),
    ("5", "2025-03-09", "cy@example.org", "99.00", "", "", "USD", "paid", "", ""),
    ("6", "2025-04-20", "di@example.org", "7.00", "1.00", "", "EUR", "paid", "", "yes"),
    ("7", "2025-04-21", "", "4.00", "", "", "EUR", "paid", "", ""),
]


@pytest.fixture
def load():
    shops = []

    def loaded(*contents, **options):
        sources = [Source(f"orders-{i}.csv", content) for i, content in enumerate(contents)]
        shops.append(clvapp.load(sources, **options))
        return shops[-1]

    yield loaded
    for opened in shops:
        opened.close()


def under(shop, **settings):
    return clvapp.Analysis(shop, clvapp.Settings(**settings))


@pytest.mark.parametrize(
    ("settings", "revenue"),
    [
        ({}, 93.0),
        ({"count_shipping": False}, 85.0),
        ({"count_tax": False}, 90.0),
        ({"count_pending": True}, 113.0),
        ({"currency": "USD"}, 99.0),
        ({"observation_end": dt.date(2025, 3, 7)}, 82.0),
        ({"count_shipping": False, "observation_end": dt.date(2025, 2, 28)}, 63.0),
    ],
    ids=str,
)
def test_a_setting_holds_in_every_number(load, settings, revenue):
    found = under(load(orders(ROWS)), **settings)
    facts = results.summary(found)
    assert found.totals[1] == pytest.approx(revenue)
    assert facts["revenue"] == pytest.approx(revenue)
    assert found.months["revenue"].sum() == pytest.approx(revenue)
    assert found.customers["revenue"].sum() + found.not_attributable[1] == pytest.approx(revenue)
    assert found.spend["revenue"].sum() + facts["revenue_not_attributable"] == pytest.approx(revenue)
    assert results.orders(found)["revenue"].astype("float64").sum() == pytest.approx(revenue)
    assert facts["rows_in"] == facts["rows_used"] + sum(facts["rows_left_out"].values()) == 7
    assert len(results.orders(found)) == facts["orders"] == found.totals[0]


def test_margin_and_threshold_change_value_and_segments(load):
    shop = load(orders(ROWS))
    whole, half = under(shop), under(shop, margin=0.5)
    assert half.customers["historic_value"].tolist() == (whole.customers["historic_value"] / 2).tolist()
    assert half.customers["value_segment"].tolist() == whole.customers["value_segment"].tolist()
    assert whole.segments.above == 1
    assert under(shop, threshold="median").segments.threshold == 12.0
    assert whole.segments.above + whole.segments.below == len(whole.customers) == 3


def test_a_product_that_earns_less_makes_value_profit_everywhere(load):
    shop = load(sample.shop(customers=200).orders_csv)
    plain = under(shop)
    first, second = plain.sales_by(plain.kind)["group"].head(2)
    cheap = under(shop, margins={first: 0.3, second: 0.1})
    parts = summary.revenue_by(cheap.tables, cheap.kind, end_day=cheap.end_day)
    lost = parts["revenue"] * parts["group"].map({first: 0.7, second: 0.9}).fillna(0.0)
    earned = plain.customers["revenue"].sum() - lost.sum()
    assert cheap.customers["historic_value"].sum() == pytest.approx(earned)
    assert cheap.margin == pytest.approx(earned / plain.customers["revenue"].sum())
    assert cheap.forecast.totals.revenue == pytest.approx(plain.forecast.totals.revenue)
    each = cheap.forecast.customers["expected_value"] / plain.forecast.customers["expected_value"]
    gave_back = plain.customers["order_days"] == 0
    assert each[~gave_back].between(0.1, 1).all()
    assert plain.with_forecast["expected_value"].isna().equals(gave_back)
    assert each.nunique() > 100
    first_month, whole = (
        found.returning.payback(5.0).dropna(subset=["earned"])["earned"].iloc[0] for found in (cheap, plain)
    )
    cohort = plain.customers["first_order"].dt.to_period("M") == plain.customers["first_order"].min().to_period("M")
    kept = cheap.customers["historic_value"][cohort].sum() / plain.customers["revenue"][cohort].sum()
    assert first_month == pytest.approx(whole * kept)


COSTS = "Order,Date,E-mail,Product,Quantity,Unit price,{cost}\n"


@pytest.mark.parametrize(
    ("heading", "cells"), [("Unit cost", ["4.00", "1.00", "", "30.00"]), ("Line cost", ["8.00", "1.00", "", "30.00"])]
)
def test_a_cost_column_makes_value_profit_where_it_says_something(load, heading, cells):
    lines = [
        "A,2026-01-05,ann@example.org,Mill,2,10.00,",
        "A,2026-01-05,ann@example.org,Cup,1,5.00,",
        "B,2026-01-06,ben@example.org,Cup,1,5.00,",
        "C,2026-01-07,ben@example.org,Pot,1,20.00,",  # sold below its cost
    ]
    text = COSTS.format(cost=heading) + "\n".join(line + cell for line, cell in zip(lines, cells, strict=True))
    found = under(load(text.encode()), margin=0.5)
    assert found.customers["revenue"].tolist() == [25.0, 25.0]
    assert found.customers["historic_value"].tolist() == pytest.approx([25 - 9, 5 * 0.5 + 20 - 30])
    assert results.orders(found)["cost"].astype("float64").fillna(-1).tolist() == [9.0, -1.0, 30.0]
    known = "the cost is known for 90% of customers' revenue; a margin of 50%"
    assert any(known in one for one in findings.of_orders(found))


def test_what_is_given_back_takes_its_cost_with_it(load):
    text = (
        "Order,Date,E-mail,Order total,Refunded amount,Line cost\n"
        "A,2026-01-05,ann@example.org,40.00,10.00,16.00\nB,2026-01-06,ben@example.org,10.00,0.00,4.00\n"
    )
    found = under(load(text.encode()))
    assert found.customers["historic_value"].tolist() == pytest.approx([30 * (1 - 0.4), 6.0])
    assert found.margin == pytest.approx(0.6)


def test_segments_are_expected_to_be_worth_what_the_forecast_is(load):
    found = under(load(sample.shop(customers=200).orders_csv))
    ahead = found.returning.ahead(found.returning.segmented())
    assert ahead["expected"].sum() == pytest.approx(found.forecast.totals.value)
    assert ((ahead["low"] < ahead["expected"]) & (ahead["expected"] <= ahead["high"])).all()
    few = under(load(orders(ROWS)))
    assert few.returning.ahead(few.returning.segmented()).empty


def test_a_cost_of_some_months_pays_back_those_months_alone(load):
    found = under(load(sample.shop(customers=200).orders_csv))
    months = found.returning.cohort_table["cohort"].drop_duplicates().dt.date.tolist()
    paid = found.returning.payback({months[3]: 7.0, months[4]: 0.0})
    assert paid["cohort"].dt.date.tolist() == months[3:5]
    assert paid["acquisition_cost"].tolist() == [7.0, 0.0]


def test_two_settings_of_one_shop_do_not_mix(load):
    shop = load(orders(ROWS))
    first = under(shop)
    assert first.totals[1] == 93.0
    assert under(shop, count_pending=True).totals[1] == 113.0
    assert under(shop).totals[1] == 93.0


@pytest.mark.parametrize("end", ["2024-03-31", "2024-11-15"])
def test_an_earlier_day_looked_back_from_is_the_same_as_loading_only_what_came_before(load, end):
    rows = list(
        pd.read_csv(pd.io.common.BytesIO(sample.shop(customers=150).orders_csv), dtype="str").itertuples(
            index=False, name=None
        )
    )
    names = pd.read_csv(pd.io.common.BytesIO(sample.shop(customers=150).orders_csv), dtype="str", nrows=0).columns
    table = pd.DataFrame(rows, columns=names)
    day_of = table.groupby("Name")["Created at"].transform("first").str[:10]
    whole = under(load(table.to_csv(index=False).encode()), observation_end=dt.date.fromisoformat(end))
    only = under(load(table[day_of <= end].to_csv(index=False).encode()), observation_end=dt.date.fromisoformat(end))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(whole, name), getattr(only, name))
    assert whole.totals == only.totals
    assert whole.simple_clv == only.simple_clv
    assert whole.last_order == only.last_order


def test_a_day_before_the_first_order_is_refused(load):
    with pytest.raises(ObservationEndOutside, match=r"2024-12-31.*2025-01-05"):
        _ = under(load(orders(ROWS)), observation_end=dt.date(2024, 12, 31)).days


# --- nothing half-loaded ------------------------------

AMBIGUOUS = b"Order,Date,E-mail,Total\nA,03/04/2026,a@example.org,10.00\n"
BROKEN = [
    ([AMBIGUOUS], {}, DateOrderUnknown),
    ([orders(ROWS), b""], {}, Problem),
    ([orders(ROWS), b"\x89PNG\r\n\x1a\n"], {}, Problem),
    ([b"Order,Date,E-mail,Total\nA,soon,a@example.org,10.00\nB,2026-13-13,b@example.org,1.00\n"], {}, Problem),
    ([orders(ROWS)], {"reading": clvapp.Reading(format="no such thing")}, Problem),
    ([orders(ROWS)], {"reading": clvapp.Reading(mapping={"order_total": ("No such heading",)})}, Problem),
    ([orders(ROWS)], {"attributes": Source("who.csv", b"Town,Age\nLund,3\n")}, Problem),
]


@pytest.mark.parametrize(("contents", "options", "fault"), BROKEN, ids=range(len(BROKEN)))
def test_a_file_that_cannot_be_used_leaves_nothing_behind(contents, options, fault, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(fault):
        clvapp.load([Source(f"{i}.csv", content) for i, content in enumerate(contents)], **options)
    gc.collect()
    assert not list(tmp_path.iterdir())


def test_closing_a_shop_removes_its_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shop = clvapp.load([Source("a.csv", orders(ROWS))])
    assert shop.engine.spill.path.exists()
    shop.close()
    assert not list(tmp_path.iterdir())


def test_results_are_written_whole_or_not_at_all(load, tmp_path, monkeypatch):
    found = under(load(orders(ROWS)))
    monkeypatch.setattr(results, "tables", lambda _: (_ for _ in ()).throw(NoOrderCounts(1, "no")))
    with pytest.raises(NoOrderCounts):
        results.write(found, tmp_path / "out")
    assert not (tmp_path / "out").exists()


# --- what it tells ------------------------------------


def test_guessed_columns_are_told_before_anything_else(load):
    found = under(load(orders(ROWS)))
    assert findings.of_all(found)[0].startswith("This export is not one we know, so its columns were guessed:")
    assert "order total from 'Total'" in findings.of_all(found)[0]


def test_orders_of_nobody_are_told_with_their_share(load):
    told = [sentence for sentence in findings.of_all(under(load(orders(ROWS)))) if "without a customer" in sentence]
    assert told == ["1 order without a customer: €4.00 (4% of revenue), which counts for the shop only."]


def test_a_file_without_any_customer_shows_sales_and_says_why_no_more(load):
    found = under(load(orders([(*row[:2], "", *row[3:]) for row in ROWS])))
    facts = results.summary(found)
    assert (facts["orders"], facts["customers"], facts["simple_clv"], facts["targets"]) == (5, 0, None, 0)
    assert any("name no customer, so sales can be shown" in sentence for sentence in facts["findings"])


EXPORTS = Path(__file__).parent / "formats" / "exports"


@pytest.mark.parametrize(
    ("name", "elsewhere"),
    [
        ("amazon_all_orders/all_orders.txt", "report of unshipped orders"),
        ("amazon_date_range/september.csv", "unshipped orders report"),
        ("clover/orders.csv", "a list of its own"),
        ("toast_order_details/OrderDetails.csv", "CheckDetails.csv"),
        ("toast_item_selection_details/ItemSelectionDetails.csv", "CheckDetails.csv"),
    ],
)
def test_an_export_that_names_nobody_shows_sales_and_says_why_and_what_to_export_instead(load, name, elsewhere):
    found = under(load((EXPORTS / name).read_bytes()))
    facts = results.summary(found)
    assert facts["orders"] > 0
    assert len(found.months) > 0
    assert facts["revenue"] == pytest.approx(facts["revenue_not_attributable"])
    assert (facts["customers"], facts["simple_clv"], facts["targets"], facts["profile"]["usable"]) == (
        0,
        None,
        0,
        False,
    )
    why = [
        sentence for sentence in facts["findings"] if "names the customer, so nobody can say who came back" in sentence
    ]
    assert len(why) == 1
    assert elsewhere in why[0]
    assert facts["profile"]["reason"] == why[0]
    assert not any("profile" in sentence or "export them with an e-mail" in sentence for sentence in facts["findings"])


def test_beside_an_export_that_names_customers_one_that_names_nobody_only_adds_sales(load):
    names = ("clover/orders.csv", "squarespace/orders.csv")
    found = under(load(*((EXPORTS / name).read_bytes() for name in names)))
    assert len(found.customers) > 0
    assert not any("names the customer" in sentence for sentence in findings.of_all(found))


def test_several_exports_of_different_shops_are_one_shop_with_customers_of_their_own(load):
    shop = load(orders(ROWS), sample.shop(customers=50).orders_csv)
    found = under(shop, currency="EUR")
    assert shop.format_name == "Other table of orders + Shopify orders"
    assert found.cleaned.rows_in == found.cleaned.rows_used + int(found.cleaned.report["rows"].sum())


def test_attributes_stand_beside_first_orders(load):
    about = Source(
        "who.csv", b"Email,Age band,Town,Town\nANN@example.org,30-39,Lund,Malmo\nzoe@example.org,20-29,Kiel,Bonn\n"
    )
    found = under(load(orders(ROWS), attributes=about)).first_orders.set_index("customer_id")
    assert found.loc["ann@example.org", ["attribute: Age band", "attribute: Town", "attribute: Town (2)"]].tolist() == [
        "30-39",
        "Lund",
        "Malmo",
    ]
    assert found["attribute: Age band"].notna().sum() == 1


@pytest.mark.parametrize("headings", ["Email,key,record", "Email,email,key", "key,Email,file", "Email,a (2),a,a"])
def test_attributes_may_be_called_anything(load, headings):
    wide = headings.count(",")
    row = ",".join("ann@example.org" if name == "Email" else "x" for name in headings.split(","))
    found = under(load(orders(ROWS), attributes=Source("who.csv", f"{headings}\n{row}\n".encode()))).first_orders
    added = [column for column in found if column.startswith("attribute: ")]
    assert len(set(added)) == wide
    assert found.set_index("customer_id").loc["ann@example.org", added].tolist() == ["x"] * wide


def test_attributes_of_other_people_are_refused(load):
    shop = load(orders(ROWS), attributes=Source("who.csv", b"Email,Age\nzoe@example.org,31\n"))
    with pytest.raises(NoCustomerMatches):
        _ = under(shop).first_orders


def test_a_preview_shows_the_first_orders_without_loading():
    understood = read.understand(Source("orders.csv", orders(ROWS)))
    found = shop.preview(understood)
    assert found["order_id"].tolist() == ["1", "2", "3", "4", "6"]
    assert found["revenue"].tolist() == [30, 40, 20, 12, 7]


def test_settings_and_reading_are_frozen():
    for one in (clvapp.Settings(), clvapp.Reading()):
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.seed = 1


def test_the_engine_reads_no_file_and_fetches_nothing():
    with Engine() as engine:
        path = Path(__file__).as_posix()
        for sql in (f"SELECT * FROM read_text('{path}')", "INSTALL httpfs", "SET enable_external_access=true"):
            with pytest.raises(Exception, match=r"(?i)disabled|locked|permission|not allowed|cannot"):
                engine.con.execute(sql)


def test_scores_are_missing_where_the_data_cannot_say(load):
    frame = results.customers(under(load(orders(ROWS))))
    assert frame["look_alike_score"].isna().all()
    assert frame["next_year_probability"].isna().all()
    assert frame["revenue"].tolist() == [70.0, 12.0, 7.0]
    assert np.isfinite(frame["T"]).all()


def test_sales_are_shown_by_what_the_orders_name_whether_or_not_they_name_a_customer(load):
    rows = ["1,2025-05-13,10.00,Mug,SE", "2,2025-05-14,30.00,Bowl,SE", "3,2025-06-01,5.00,Mug,"]
    found = under(load("\n".join(["Order,Date,Total,Product,Country", *rows]).encode()))
    assert found.sales["product"].to_dict("list") == {
        "group": ["Bowl", "Mug"], "orders": [1, 2], "revenue": [30.0, 15.0],
    }  # fmt: skip
    assert found.sales["country"]["revenue"].tolist() == [40.0]
    assert "channel" not in found.sales

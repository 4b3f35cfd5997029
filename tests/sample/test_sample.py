"""The sample shop has a real export's layout, a plausible shop's figures, and the same bytes everywhere."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clvapp import sample
from clvapp.sample import layout, life

# Of the default shop: to be written anew whenever the generator is meant to make another one.
ORDERS_SHA256 = "51e65772201362da4ab10642a61c9370af8863de76466193bbcd4d7f437842c3"
CUSTOMERS_SHA256 = "a75f8016ed15d90bd62f112c20231bbac5e98f50cfe677d2edef295b1b048b07"


@pytest.fixture(scope="module")
def shop() -> sample.Shop:
    return sample.shop()


@pytest.fixture(scope="module")
def lines(shop: sample.Shop) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(shop.orders_csv), dtype="str", keep_default_na=False)


@pytest.fixture(scope="module")
def orders(lines: pd.DataFrame) -> pd.DataFrame:
    """One row an order, as its first line has it, with numbers and the local day."""
    money = ["Subtotal", "Shipping", "Taxes", "Total", "Discount Amount", "Refunded Amount"]
    first = lines[lines["Financial Status"] != ""].copy()
    first[money] = first[money].astype(float)
    return first.assign(day=pd.to_datetime(first["Created at"].str[:10]))


@pytest.fixture(scope="module")
def paid(orders: pd.DataFrame) -> pd.DataFrame:
    """The orders that count, of customers who left an address."""
    counts = orders["Financial Status"].isin(["paid", "partially_refunded", "refunded"]) & (orders["Total"] > 0)
    kept = orders[counts & (orders["Email"] != "")]
    return kept.assign(email=kept["Email"].str.lower(), revenue=kept["Total"] - kept["Refunded Amount"])


def test_the_same_seed_gives_the_same_bytes_on_every_machine(shop: sample.Shop) -> None:
    again = sample.shop()
    assert again.orders_csv == shop.orders_csv
    assert again.customers_csv == shop.customers_csv
    assert hashlib.sha256(shop.orders_csv).hexdigest() == ORDERS_SHA256
    assert hashlib.sha256(shop.customers_csv).hexdigest() == CUSTOMERS_SHA256


def test_another_seed_is_another_shop() -> None:
    assert sample.shop(1, 50).orders_csv != sample.shop(2, 50).orders_csv


def test_the_files_are_written_as_made_with_plain_line_ends(tmp_path: Path) -> None:
    paths = sample.write(tmp_path / "new" / "folder", seed=7)
    assert [path.name for path in paths] == ["orders-export.csv", "customers.csv"]
    assert all(b"\r" not in path.read_bytes() for path in paths)


def test_an_order_says_what_concerns_the_whole_order_on_its_first_line_only(lines: pd.DataFrame) -> None:
    later = lines[lines.duplicated("Name")]
    filled = {heading for heading in later.columns if (later[heading] != "").any()}
    assert filled == {
        "Name", "Email", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku",
        "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status", "Lineitem discount",
        "Vendor", "Phone",
    }  # fmt: skip
    assert lines.drop_duplicates("Name")["Total"].ne("").all()
    assert lines["Name"].ne(lines["Name"].shift()).sum() == lines["Name"].nunique()


def test_the_money_of_every_order_adds_up(lines: pd.DataFrame, orders: pd.DataFrame) -> None:
    items = (lines["Lineitem price"].astype(float) * lines["Lineitem quantity"].astype(int)).groupby(lines["Name"])
    ordered = orders.set_index("Name")
    np.testing.assert_allclose(ordered["Subtotal"], items.sum()[ordered.index] - ordered["Discount Amount"], atol=1e-6)
    parts = ordered["Subtotal"] + ordered["Shipping"] + ordered["Taxes"]
    np.testing.assert_allclose(ordered["Total"], parts, atol=1e-6)
    back = ordered["Refunded Amount"] / ordered["Total"].where(ordered["Refunded Amount"] > 0)
    by_status = back.groupby(ordered["Financial Status"]).agg(["min", "max"])
    assert by_status.loc["refunded"].tolist() == [1, 1]
    assert by_status.loc["partially_refunded", "min"] > 0
    assert by_status.loc["partially_refunded", "max"] < 1
    assert by_status.loc[["paid", "pending", "voided"]].isna().all(axis=None)


def test_moments_are_local_and_their_offset_follows_summer_time() -> None:
    days = np.array(["2023-11-04", "2023-11-05", "2024-03-09", "2024-03-10"], dtype="datetime64[D]") - life.OPENING
    assert layout.moments(days.astype(int), np.full(4, 36_000)).tolist() == [
        "2023-11-04 10:00:00 -0500",
        "2023-11-05 10:00:00 -0600",
        "2024-03-09 10:00:00 -0600",
        "2024-03-10 10:00:00 -0500",
    ]


def test_what_makes_real_exports_hard_is_in_it(orders: pd.DataFrame) -> None:
    status = orders["Financial Status"].value_counts()
    assert set(status.index) == {"paid", "partially_refunded", "refunded", "voided", "pending"}
    assert ((orders["Cancelled at"] != "") == (orders["Financial Status"] == "voided")).all()
    assert (orders["Total"] == 0).sum() > 20
    nobody = (orders["Email"] == "") & (orders["Billing Name"] == "") & (orders["Phone"] == "")
    by_phone = (orders["Email"] == "") & (orders["Billing Name"] != "") & (orders["Phone"] != "")
    assert nobody.sum() > 100
    assert by_phone.sum() > 50
    assert (orders["Payment Method"] == "bogus").sum() == 3
    assert orders["Notes"].str.contains("\n").any()
    assert orders["Email"].str.contains(r"[A-Z]").any()


def test_three_years_from_the_opening_with_a_peak_before_christmas(orders: pd.DataFrame) -> None:
    assert orders["day"].min() == pd.Timestamp("2023-10-01")
    assert orders["day"].max() == pd.Timestamp("2026-09-30")
    monthly = orders.groupby(orders["day"].dt.to_period("M")).size()
    assert monthly["2025"].idxmax() == pd.Period("2025-12")
    assert monthly["2025"].sum() > 1.3 * monthly["2024"].sum()


# Wide enough for a new tuning of the generator, narrow enough to keep the shop plausible.
def test_the_figures_are_those_of_a_plausible_shop(paid: pd.DataFrame) -> None:
    customers = paid.groupby("email").agg(days=("day", "nunique"), revenue=("revenue", "sum"), first=("day", "min"))
    ranked = customers["revenue"].sort_values(ascending=False)
    assert 0.26 < (customers["days"] > 1).mean() < 0.34
    assert 105 < customers["revenue"].mean() < 150
    assert 0.55 < ranked[: len(ranked) // 5].sum() / ranked.sum() < 0.66
    old = customers[customers["first"] <= paid["day"].max() - pd.Timedelta(days=365)]
    age = (paid["day"] - paid["email"].map(customers["first"])).dt.days
    later = paid[age.between(1, 365)].groupby("email")["revenue"].sum().reindex(old.index, fill_value=0)
    assert 0.15 < (later > later.mean()).mean() < 0.21


def test_the_hidden_type_shows_in_product_and_discount_and_not_in_town(shop: sample.Shop, paid: pd.DataFrame) -> None:
    first = paid.sort_values("day").drop_duplicates("email").set_index("email")
    high = first.index.map(shop.truth.query("email != ''").set_index("email")["type"]) == "high"

    def share(condition: pd.Series) -> float:
        """How much more common something is among high types."""
        return float(condition[high].mean() / condition[~high].mean())

    assert share(first["Lineitem name"].str.contains("Grinder|Subscription")) > 3
    assert share(first["Discount Code"] == "WELCOME10") < 0.6
    assert share(first["Shipping City"] == "Chicago") == pytest.approx(1, abs=0.2)
    assert share(first["day"].dt.day_of_week >= 5) == pytest.approx(1, abs=0.2)
    revenue = shop.truth.groupby("type")["revenue"].mean()
    assert revenue["high"] > 4 * revenue["low"]


def test_the_customers_file_agrees_with_the_orders(shop: sample.Shop, paid: pd.DataFrame) -> None:
    customers = pd.read_csv(io.BytesIO(shop.customers_csv), keep_default_na=False).set_index("Email")
    spent = paid.groupby("email")["revenue"].sum()
    assert customers.index.is_unique
    assert set(customers.index) == set(spent.index)
    np.testing.assert_allclose(customers["Total spent"], spent[customers.index], atol=0.005)


def test_every_invented_address_is_at_a_domain_of_nobody(shop: sample.Shop) -> None:
    emails = shop.truth["email"]
    assert emails[emails != ""].str.fullmatch(r"[a-z]+\.[a-z]+@example\.(com|org|net)").all()
    assert emails[emails != ""].is_unique

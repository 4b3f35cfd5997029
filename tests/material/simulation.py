"""Shops with a known truth: who is a high type, and how likely that was, exactly, given the first order.

A customer is a high or a low type. Given the type, everything on the first order is drawn independently, so Bayes'
rule gives the exact chance of a high type given the first order. Later orders are a Poisson process at the customer's
own rate while the customer stays. Rate, staying and spend depend on the type only.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from spend_frames import all_paid

START = 19_000
YEAR = 365

CHANCES: dict[str, dict[str, tuple[float, float]]] = {  # value: (chance given a low type, given a high type)
    "category": {"Beans": (0.44, 0.24), "Grinder": (0.08, 0.22), "Filters": (0.20, 0.14),
                 "Gifts": (0.20, 0.10), "Subscription": (0.08, 0.30)},
    "channel": {"web": (0.50, 0.48), "pos": (0.25, 0.13), "app": (0.10, 0.24), "marketplace": (0.15, 0.15)},
    "country": {"United States": (0.60, 0.55), "Canada": (0.20, 0.17), "Germany": (0.08, 0.18),
                "France": (0.12, 0.10)},
}  # fmt: skip


@dataclass(frozen=True)
class Types:
    """How low (first) and high (second) types differ after the first order, and in its value."""

    share_high: float = 0.2
    log_basket: tuple[float, float] = (3.7, 4.0)
    basket_spread: float = 0.5
    orders_a_year: tuple[float, float] = (2.0, 7.0)
    years_stayed: tuple[float, float] = (0.9, 2.0)
    log_spend: tuple[float, float] = (3.7, 4.2)
    features: bool = True  # whether the first order's other features depend on the type
    drift: bool = False  # whether channel and category change with the calendar


ALIKE = Types(log_basket=(3.8, 3.8), orders_a_year=(3.0, 3.0), years_stayed=(1.2, 1.2), log_spend=(3.8, 3.8))


@dataclass(frozen=True)
class Shop:
    """A simulated shop's frames, and what nobody could know: `high` types and their `posterior` chance."""

    first_orders: pd.DataFrame
    spend: pd.DataFrame
    high: pd.Series
    posterior: pd.Series
    end_day: int

    def until(self, day: int) -> "Shop":
        """What an export on `day` would hold."""
        first_orders = self.first_orders[self.first_orders["day"] <= day].reset_index(drop=True)
        spend = self.spend[self.spend["day"] <= day].reset_index(drop=True)
        return replace(self, first_orders=first_orders, spend=spend, end_day=day)

    @property
    def first_days(self) -> pd.Series:
        """First order day, by customer_id."""
        return self.first_orders.set_index("customer_id")["day"]


def shop(types: Types, seed: int, *, people: int = 3500, years: float = 3.0) -> Shop:
    """A shop whose customers arrived evenly over `years`."""
    random = np.random.default_rng(seed)
    end_day = START + round(years * YEAR)
    high = random.random(people) < types.share_high
    first = np.sort(random.integers(START, end_day, people))
    ids = pd.Index([f"c{i:06d}@example.org" for i in range(people)], name="customer_id")
    basket = np.exp(random.normal(np.take(types.log_basket, high), types.basket_spread)).round(2)
    columns, odds = _informative(types, high, basket, (first - START) / (end_day - START), random)
    first_orders = pd.DataFrame(
        {"customer_id": ids, "day": first, "value": basket} | columns | _noise(people, first, random)
    )
    spend = _orders(types, high, (first, end_day), random)
    spend = pd.concat([first_orders[["customer_id", "day"]].assign(revenue=basket, orders=1), spend.assign(
        customer_id=ids[spend["customer_id"]])])  # fmt: skip
    spend = spend.groupby(["customer_id", "day"], as_index=False)[["revenue", "orders"]].sum()
    return Shop(first_orders, all_paid(spend), pd.Series(high, ids), pd.Series(1 / (1 + np.exp(-odds)), ids), end_day)


def _informative(types: Types, high, basket, age, random) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Category, channel and country, and the log odds of a high type given everything on the first order."""
    low_mu, high_mu = types.log_basket
    z = np.log(basket)
    odds = np.log(types.share_high / (1 - types.share_high)) + ((z - low_mu) ** 2 - (z - high_mu) ** 2) / (
        2 * types.basket_spread**2
    )
    columns = {}
    for feature, chances in CHANCES.items():
        table = np.array(list(chances.values())).T
        given = table[high.astype(int)] if types.features else np.repeat(table[:1], len(high), axis=0)
        if types.drift:
            tilt = np.linspace(-1, 1, table.shape[1])[None, :] * 3 * (age[:, None] - 0.5)
            given = given * np.exp(tilt)
            given /= given.sum(axis=1, keepdims=True)
        drawn = (random.random(len(high))[:, None] > given.cumsum(axis=1)[:, :-1]).sum(axis=1)
        columns[feature] = np.array(list(chances))[drawn].astype(object)
        if types.features:
            odds = odds + np.log(table[1] / table[0])[drawn]
    return columns, odds


def _noise(people: int, first, random) -> dict[str, object]:
    """Features that carry no information."""
    days = pd.to_datetime(first, unit="D")
    discount = np.where(random.random(people) < 0.3, random.gamma(2, 4, people), 0.0).round(2)
    return {
        "product": np.array([f"Product {i}" for i in range(12)], dtype=object)[random.integers(0, 12, people)],
        "region": np.array([f"Region {i}" for i in range(8)], dtype=object)[random.integers(0, 8, people)],
        "city": np.array([f"City {i}" for i in range(60)], dtype=object)[(60 * random.random(people) ** 2).astype(int)],
        "quantity": 1.0 + random.poisson(1.0, people),
        "lines": 1 + random.poisson(0.6, people),
        "discount": discount,
        "accepts_marketing": pd.array(random.random(people) < 0.6, dtype="boolean"),
        "month": days.month,
        "weekday": days.day_of_week,
    }


def _orders(types: Types, high, span, random) -> pd.DataFrame:
    """Everything after the first order, up to a year past the end: one row for each order."""
    first, end_day = span
    last = end_day + YEAR
    pick = high.astype(int)
    rate = np.take(types.orders_a_year, pick) * random.gamma(3, 1 / 3, len(high)) / YEAR
    stays = np.minimum(random.exponential(np.take(types.years_stayed, pick)) * YEAR, last - first)
    count = random.poisson(rate * stays)
    who = np.repeat(np.arange(len(high)), count)
    day = first[who] + 1 + np.floor(random.random(len(who)) * stays[who]).astype(int)
    revenue = np.exp(random.normal(np.take(types.log_spend, pick)[who], 0.5)).round(2)
    return pd.DataFrame({"customer_id": who, "day": day, "revenue": revenue, "orders": 1})


def customers(seen: Shop) -> pd.DataFrame:
    """One row for each customer, as the export's summary would have it."""
    order_days = seen.spend[seen.spend["revenue"] > 0].sort_values(["customer_id", "day"])
    grouped = order_days.groupby("customer_id")
    gaps = grouped["day"].diff().groupby(order_days["customer_id"])
    table = grouped.agg(
        first=("day", "min"),
        last=("day", "max"),
        orders=("orders", "sum"),
        order_days=("day", "size"),
        revenue=("revenue", "sum"),
    )
    table["mean_gap_days"] = gaps.mean()
    table["gap_cv"] = gaps.std() / gaps.mean()
    table["value_cv"] = grouped["revenue"].std() / grouped["revenue"].mean()
    table["refunded"] = 0.0
    table["days_since_last_order"] = seen.end_day - table["last"]
    table["first_order"] = pd.to_datetime(table.pop("first"), unit="D")
    table["last_order"] = pd.to_datetime(table.pop("last"), unit="D")
    known = seen.first_orders.set_index("customer_id")
    table["country"], table["accepts_marketing"] = known["country"], known["accepts_marketing"]
    above = table["revenue"] > table["revenue"].mean()
    table["value_segment"] = above.map({True: "above_average", False: "below_average"})
    table["email"], table["name"] = table.index.to_series(), "A customer"
    return table.reset_index()

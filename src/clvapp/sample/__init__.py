"""A seed -> an invented coffee shop: its orders, a file about its customers, and the hidden truth."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from clvapp.sample import layout, life

ORDERS_FILE = "orders-export.csv"
CUSTOMERS_FILE = "customers.csv"
HEARD = ("Friend or family", "Search engine", "Social media", "Market stall", "Coffee blog", "")
HEARD_SHARES = ((0.12, 0.24, 0.30, 0.12, 0.06, 0.16), (0.30, 0.18, 0.14, 0.05, 0.17, 0.16))
AGE_GROUPS = ("18-29", "30-44", "45-59", "60+", "")
AGE_SHARES = (0.24, 0.34, 0.22, 0.10, 0.10)


@dataclass(frozen=True)
class Shop:
    """The two files an owner would upload, and `truth`, which no owner has.

    `truth` has one row per customer: `email` (blank if they gave none), `type` (`high` or `low`), `first_order` (date),
    `stay_days` (how long they keep coming), `gap_days` (mean days between orders while they stay), `orders` (all they
    placed, whatever became of them) and `revenue` (of paid orders, after refunds).
    """

    orders_csv: bytes
    customers_csv: bytes
    truth: pd.DataFrame


def shop(seed: int = 7, customers: int = 4000) -> Shop:
    """Three years from the opening on 1 October 2023. The same seed gives the same bytes anywhere."""
    people = life.customers(customers, seed)
    orders = life.orders(people, seed)
    lines = life.lines(orders, seed)
    orders = layout.priced(orders, lines, people)
    export = layout.orders_csv(orders, lines, people)
    return Shop(export, customers_csv(people, orders, seed), truth(people, orders))


def write(directory: Path, seed: int = 7) -> list[Path]:
    """Write the shop's files into `directory`, creating it if need be, and return their paths."""
    made = shop(seed)
    directory.mkdir(parents=True, exist_ok=True)
    files = {directory / ORDERS_FILE: made.orders_csv, directory / CUSTOMERS_FILE: made.customers_csv}
    for path, content in files.items():
        path.write_bytes(content)
    return list(files)


def totals(customers: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """One row per customer: number, cents and last day of the orders that were paid."""
    paid = orders[orders["status"].isin(["paid", "partially_refunded", "refunded"]) & (orders["total"] > 0)]
    found = paid.assign(cents=paid["total"] - paid["refunded"]).groupby("customer")
    summary = found.agg(orders=("cents", "size"), cents=("cents", "sum"), last_day=("day", "max"))
    return summary.reindex(np.arange(len(customers)))


def truth(customers: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """The truth behind each customer; see `Shop`."""
    placed = orders.groupby("customer").size().reindex(np.arange(len(customers)))
    return pd.DataFrame({
        "email": layout.emails(customers),
        "type": np.where(customers["high"], "high", "low"),
        "first_order": (life.OPENING + customers["first_day"].to_numpy()).astype("datetime64[s]"),
        "stay_days": customers["stay"],
        "gap_days": customers["gap"],
        "orders": placed,
        "revenue": totals(customers, orders)["cents"].fillna(0) / 100,
    })  # fmt: skip


def customers_csv(customers: pd.DataFrame, orders: pd.DataFrame, seed: int) -> bytes:
    """A file of what the shop knows about customers with an e-mail.

    They gave two of the answers at the first order. Only time could fill the other four columns, so no profile may
    learn from those.
    """
    draw = np.random.default_rng([seed, 7])
    high = customers["high"].to_numpy().astype(int)
    heard = np.take(HEARD, life.picked(draw.random(len(customers)), np.array(HEARD_SHARES)[high]))
    age = np.take(AGE_GROUPS, life.picked(draw.random(len(customers)), np.array([AGE_SHARES])))
    paid = totals(customers, orders).fillna(0).astype(int)
    spent = paid["cents"]
    cells = {
        "Email": layout.emails(customers),
        "How did you hear about us": heard,
        "Age group": age,
        "Orders": paid["orders"].astype(str),
        "Total spent": layout.money(spent),
        "Loyalty tier": np.select([spent >= 40_000, spent >= 15_000], ["Gold", "Silver"], "Bronze"),
        "Last seen": np.datetime_as_string(life.OPENING + paid["last_day"].to_numpy(), unit="D"),
    }
    known = (customers["has_email"] & (paid["orders"] > 0)).to_numpy()
    return layout.table(tuple(cells), [np.asarray(c, dtype=object)[known].tolist() for c in cells.values()])

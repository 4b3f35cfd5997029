"""Revenue by customer and category (or product), and margins -> what each customer has earned the shop.

If one margin holds for everything, earned is margin times revenue. If categories differ, each part of a customer's
revenue counts with its own margin. If we know an order's cost, we take that off instead.
"""

from collections.abc import Mapping

import pandas as pd


def earned(
    people: pd.DataFrame, parts: pd.DataFrame, *, margin: float, margins: Mapping[str, float] | None = None
) -> pd.Series:
    """Money that each of `people` has earned the shop, in their order.

    Parameters
    ----------
    people
        one row per customer: `customer_id` and `revenue` to date, after refunds
    parts
        one row per customer and category (or product): `customer_id`, `group`, `revenue` (of its orders), `costed` (the
        revenue of those with a known cost) and `earned` (`costed` minus that cost)
    margin
        share of revenue that is earned where nothing better is known: for groups without a margin of their own, orders
        without a group, and money that moved without an order
    margins
        group -> share of its revenue that is earned
    """
    own = parts["group"].map(dict(margins or {})).astype("float64").fillna(margin)
    kept = parts["earned"] + (parts["revenue"] - parts["costed"]) * own
    beyond = (kept - parts["revenue"] * margin).groupby(parts["customer_id"]).sum()
    found: pd.Series = people["revenue"] * margin + people["customer_id"].map(beyond).fillna(0.0).astype("float64")
    return found


def ahead(people: pd.DataFrame, of_each: pd.Series) -> pd.Series:
    """By customer_id, the margin on what they will pay: their own so far, pulled towards the shop's.

    `of_each` is what `earned` returns. A customer's own margin weighs as much as what they have paid, the shop's as
    much as one average order: somebody who has bought once, in one category, may buy in another next time.
    """
    revenue = people["revenue"].clip(lower=0.0)
    orders, total = int(people["orders"].sum()), float(revenue.sum())
    if not (orders and total > 0):
        return pd.Series(0.0, index=pd.Index(people["customer_id"]))
    one = total / orders
    share = (of_each.where(revenue > 0, 0.0) + one * of_all(people, of_each)) / (revenue + one)
    return share.set_axis(pd.Index(people["customer_id"]))


def of_all(people: pd.DataFrame, of_each: pd.Series) -> float:
    """How much the shop earns of each unit of money paid, over all customers; 0 if nothing was paid."""
    total = float(people["revenue"].sum())
    return float(of_each.sum()) / total if total > 0 else 0.0


def of_cohorts(people: pd.DataFrame, of_each: pd.Series) -> pd.Series:
    """The same by month of first order, keyed by the month's first day."""
    month = people["first_order"].dt.to_period("M").dt.to_timestamp().rename("cohort")
    paid, kept = people["revenue"].groupby(month).sum(), of_each.groupby(month).sum()
    found: pd.Series = (kept / paid.where(paid > 0)).fillna(of_all(people, of_each))
    return found


def of_customers(people: pd.DataFrame, of_each: pd.Series) -> pd.Series:
    """By customer_id, the margin on what they have paid; the shop's where they have paid nothing."""
    paid = people["revenue"].where(people["revenue"] > 0)
    found: pd.Series = (of_each / paid).fillna(of_all(people, of_each))
    return found.set_axis(pd.Index(people["customer_id"]))

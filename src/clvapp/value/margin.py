"""What was paid for which category or product, and what is kept of it -> what each customer has earned the shop.

Where one margin holds for everything, earned is margin times revenue. Where categories differ, each part of a
customer's revenue counts with its own; where an order's cost is known, that is taken off instead.
"""

from collections.abc import Mapping

import pandas as pd


def earned(
    people: pd.DataFrame, parts: pd.DataFrame, *, margin: float, margins: Mapping[str, float] | None = None
) -> pd.Series:
    """Money earned of each of `people`, in their order.

    Parameters
    ----------
    people
        one row a customer: `customer_id` and `revenue` to date, refunds taken off
    parts
        one row a customer and category (or product): `customer_id`, `group`, the `revenue` of its orders, `costed`, the
        revenue of those whose cost is known, and `earned`, that less the cost
    margin
        share of revenue that is earned where no cost and nothing else is known: groups without a margin of their own,
        orders of no group, money that moved without an order
    margins
        group -> share of its revenue that is earned
    """
    own = parts["group"].map(dict(margins or {})).astype("float64").fillna(margin)
    kept = parts["earned"] + (parts["revenue"] - parts["costed"]) * own
    beyond = (kept - parts["revenue"] * margin).groupby(parts["customer_id"]).sum()
    found: pd.Series = people["revenue"] * margin + people["customer_id"].map(beyond).fillna(0.0).astype("float64")
    return found


def ahead(people: pd.DataFrame, of_each: pd.Series) -> pd.Series:
    """By customer_id, what will be earned of each unit of money they pay: as so far, with little history as the shop's.

    `of_each`: as `earned` gives it. A customer's own share weighs as much as what they have paid, the shop's as much as
    one average order: who bought once, and in one category, may buy in another.
    """
    revenue = people["revenue"].clip(lower=0.0)
    orders, total = int(people["orders"].sum()), float(revenue.sum())
    if not (orders and total > 0):
        return pd.Series(0.0, index=pd.Index(people["customer_id"]))
    one = total / orders
    share = (of_each.where(revenue > 0, 0.0) + one * of_all(people, of_each)) / (revenue + one)
    return share.set_axis(pd.Index(people["customer_id"]))


def of_all(people: pd.DataFrame, of_each: pd.Series) -> float:
    """What is earned of each unit of money that was paid, over all customers; 0 where nothing was paid."""
    total = float(people["revenue"].sum())
    return float(of_each.sum()) / total if total > 0 else 0.0


def of_cohorts(people: pd.DataFrame, of_each: pd.Series) -> pd.Series:
    """The same by month of first order, as its first day."""
    month = people["first_order"].dt.to_period("M").dt.to_timestamp().rename("cohort")
    paid, kept = people["revenue"].groupby(month).sum(), of_each.groupby(month).sum()
    found: pd.Series = (kept / paid.where(paid > 0)).fillna(of_all(people, of_each))
    return found

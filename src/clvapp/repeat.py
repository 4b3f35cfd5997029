"""Order days -> who came back. Only customers whose first order is old enough to tell are asked."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class CameBack:
    """Of `customers` whose first order is at least `days` old, the `share` who bought again within them."""

    share: float | None
    customers: int
    days: int


def came_back(spend: pd.DataFrame, *, days: int, end_day: int, burn_in_end: int | None = None) -> CameBack:
    """The share of customers with a second order day within `days` of the first; None when nobody can be asked."""
    bought = spend.loc[(spend["revenue"] > 0) & (spend["orders"] > 0), ["customer_id", "day"]].sort_values(
        ["customer_id", "day"]
    )
    first = bought.groupby("customer_id")["day"].transform("min")
    old_enough = (first + days <= end_day) & (True if burn_in_end is None else first >= burn_in_end)
    asked = bought.loc[old_enough].assign(age=bought["day"] - first)
    customers = int(asked["customer_id"].nunique())
    again = asked.loc[asked["age"].between(1, days), "customer_id"].nunique()
    return CameBack(again / customers if customers else None, customers, days)

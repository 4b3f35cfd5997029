"""Everybody's segment at two dates -> who moved from where to where, and the customers behind each move."""

import pandas as pd

NOT_YET = "Not yet a customer"


def moved(then: pd.DataFrame, now: pd.DataFrame, *, by: str = "segment") -> pd.DataFrame:
    """One row a customer of `now`: `customer_id`, `then` (NOT_YET for who came since), `now`, by segment or "state".

    `then` and `now`: a row a customer with `customer_id` and the column `by`, each as computed at its own date.
    """
    before = then.set_index("customer_id")[by]
    return pd.DataFrame(
        {
            "customer_id": now["customer_id"],
            "then": now["customer_id"].map(before).fillna(NOT_YET).to_numpy(dtype=object),
            "now": now[by].to_numpy(dtype=object),
        }
    )


def moves(people: pd.DataFrame) -> pd.DataFrame:
    """One row a move of `moved`, largest first: `then`, `now`, `customers`, `stayed`, `share` (of those there then)."""
    found = people.groupby(["then", "now"], as_index=False).agg(customers=("customer_id", "size"))
    found["stayed"] = found["then"] == found["now"]
    found["share"] = found["customers"] / found.groupby("then")["customers"].transform("sum")
    return found.sort_values(["customers", "then", "now"], ascending=[False, True, True], ignore_index=True)


def behind(people: pd.DataFrame, then: str, now: str) -> pd.Series:
    """The customer_ids behind one move of `moved`."""
    return people.loc[(people["then"] == then) & (people["now"] == now), "customer_id"]

"""Everybody's segment on two dates -> who moved from where to where, and the customers behind each move."""

import pandas as pd

NOT_YET = "Not yet a customer"


def then_and_now(then: pd.DataFrame, now: pd.DataFrame, *, by: str = "segment") -> pd.DataFrame:
    """One row per customer in `now`: `customer_id`, `then` (NOT_YET for those who came since) and `now`.

    The frames `then` and `now` have one row per customer, with `customer_id` and the column `by` ("segment" or
    "state"), each computed as of its own date.
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
    """One row per move, largest first: `then`, `now`, `customers`, `stayed`, `share` (of `then`)."""
    found = people.groupby(["then", "now"], as_index=False).agg(customers=("customer_id", "size"))
    found["stayed"] = found["then"] == found["now"]
    found["share"] = found["customers"] / found.groupby("then")["customers"].transform("sum")
    return found.sort_values(["customers", "then", "now"], ascending=[False, True, True], ignore_index=True)


def behind(people: pd.DataFrame, then: str, now: str) -> pd.Series:
    """The customer_ids behind one move in `moved`."""
    return people.loc[(people["then"] == then) & (people["now"] == now), "customer_id"]

"""Candidates and what the profile knows -> the three strongest reasons for each, in a shop owner's words."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from clvapp.wording import GIVEN, Of, Wording

REASONS = ("reason_1", "reason_2", "reason_3")
_TOLD = ("value", "average", "milestone", "revenue", "gap", "orders", "first_order", "days_since_last_order")


def look_alike_reasons(
    people: pd.Index, values: pd.DataFrame, contrasts: pd.DataFrame, base_rate: float, *, words: Wording = Wording()
) -> pd.DataFrame:
    """For each of `people`, what about their first order speaks for them, strongest first.

    At most one per topic, and only what is above average beyond doubt: by more than this many comparisons would show by
    luck, and with the lower end of its hit rate above `base_rate`. Returns a frame `customer_id`, `sentence`.
    """
    empty = pd.DataFrame({"customer_id": [], "sentence": []}, dtype=object)
    if contrasts.empty or not len(people):
        return empty
    real = contrasts["beyond_chance"].astype(bool) & contrasts["named"].astype(bool)
    beyond_doubt = real & (contrasts["hit_rate_low"] > base_rate)
    telling = contrasts[beyond_doubt].sort_values("hit_rate_low", ascending=False, kind="stable")
    found = []
    for order, row in enumerate(telling.to_dict("records")):
        having = people[(values[row["feature"]].reindex(people) == row["value"]).to_numpy(bool)]
        of = Of("hit_rate", row.get("rate_customers"), group=str(row["words"]))
        rate = f"{words.of_100(row['hit_rate'], of=of)} such customers became high-value"
        said = f"{row['words']}: {rate} ({words.number(100 * base_rate, of=Of('base_rate in %'))} of all)"
        found.append(pd.DataFrame({"customer_id": having, "sentence": said, "order": order, "topic": row["topic"]}))
    if not found:
        return empty
    every = pd.concat(found).sort_values(["customer_id", "order"], kind="stable")
    every = every.drop_duplicates(["customer_id", "topic"])
    return every[["customer_id", "sentence"]].reset_index(drop=True)


def facts(people: pd.DataFrame, words: Wording, *, thank: bool) -> pd.DataFrame:
    """What is true of each of `people`, most telling first: `customer_id`, `sentence`, at least three each.

    `people` is by customer_id, with value, average, milestone, revenue, gap, orders, first_order,
    days_since_last_order.
    """
    told = people[list(_TOLD)].to_dict("index")
    rows = [(key, said) for key, row in told.items() for said in _facts(key, row, words, thank=thank)]
    return pd.DataFrame(rows, columns=["customer_id", "sentence"], dtype=object)


def _facts(key: Hashable, row: dict[Hashable, Any], words: Wording, *, thank: bool) -> list[str]:
    said = []

    def own(name: str, period: str = "so far") -> Of:
        return Of(name, period=period, group=f"customer {key}")

    if not pd.isna(row["milestone"]):
        young, period = words.count(row["milestone"], "day", of=GIVEN), f"within {row['milestone']} days"
        average = words.money(row["average"], of=Of("revenue_per_customer", period=period))
        value = words.money(row["value"], of=own("revenue", period))
        said.append(f"Spent {value} within {young} of the first order; the average is {average}")
    elif thank:
        spent = words.money(row["revenue"], of=own("revenue"))
        said.append(f"Spent {spent} so far; since when they have been a customer is not known")
    if not thank and row["gap"] > 0:
        more = words.money(row["gap"], of=own("gap"))
        said.append(f"Customers like them who became high-value had spent {more} more by the same age")
    made = words.count(row["orders"], "order", of=own("orders"))
    said.append(f"{made} since {words.month(row['first_order'], in_full=True)}")
    since = row["days_since_last_order"]
    ago = words.count(since, "day", of=own("days_since_last_order"))
    said.append("Ordered on the last day" if since == 0 else f"Last order {ago} ago")
    return said


def three_each(people: pd.Index, strongest: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """The first three sentences for each customer: what the profile says, then the facts."""
    every = pd.concat([strongest, then], ignore_index=True).drop_duplicates(["customer_id", "sentence"])
    place = every.groupby("customer_id").cumcount()
    chosen = {
        reason: every[place == number].set_index("customer_id")["sentence"] for number, reason in enumerate(REASONS)
    }
    return pd.DataFrame(chosen, index=people, dtype=object)

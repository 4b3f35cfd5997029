"""Customers, their order days and the owner's table -> everybody's segment and state, and what each group brings."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.customers.order_days import OrderDays
from clvapp.customers.rhythm import STATES, states
from clvapp.segments.rfm import Cuts, cuts, scores
from clvapp.segments.rules import rule, times
from clvapp.segments.table import MEASURES, REST, REST_HELPS, checked, default, placed
from clvapp.stats import brought
from clvapp.wording import Of, Wording


@dataclass(frozen=True, eq=False)
class Segmented:
    """Everybody's segment and state.

    Attributes
    ----------
    people
        one row per customer, in the order of the `customers` given: `customer_id`, `days_since_last_order`, `recency`,
        `frequency`, `money` (1 to 5), `segment`, `state`
    table
        the table of segments that was applied
    cuts
        where each score begins
    """

    people: pd.DataFrame
    table: pd.DataFrame
    cuts: Cuts

    @property
    def names(self) -> list[str]:
        """The segments in the order of the table, with those who fit none last."""
        rest = (self.people["segment"] == REST).any()
        return [*self.table["segment"], *([REST] if rest and REST not in set(self.table["segment"]) else [])]

    def of(self, segment: str) -> pd.Series:
        """The customer_ids of one segment."""
        return self.people.loc[self.people["segment"] == segment, "customer_id"]


def segmented(
    customers: pd.DataFrame, bought: OrderDays, *, end_day: int, table: pd.DataFrame | None = None
) -> Segmented:
    """The segment and state of each of `customers`. Raises `DamagedSegments` for a table that cannot be used."""
    table = default() if table is None else checked(table)
    cut = cuts(customers)
    found = scores(customers, cut)
    names = np.array([*table["segment"], REST], dtype=object)
    state = pd.Series(states(bought, end_day=end_day), index=bought.ids)
    people = customers[["customer_id", "days_since_last_order"]].assign(
        **{measure: found[measure] for measure in MEASURES},
        segment=names[placed(found, table)],
        state=state.reindex(customers["customer_id"]).to_numpy(),
    )
    return Segmented(people, table, cut)


def sizes(found: Segmented, customers: pd.DataFrame, words: Wording, *, by: str = "segment") -> pd.DataFrame:
    """One row per segment (or state, with `by` "state"), empty ones too: who is in it and what they bring.

    Returns a frame with `segment`, `customers`, `share`, `revenue`, `revenue_share`, `basket` (median of the customers'
    mean order), `orders` (mean), `days_since_last_order` (median), `rule`, `what_helps` (both "" for states) and
    `absent`, the reason if nobody is in it (else ""). Customers and revenue add up to the totals.
    `revenue_share` is of what was brought: nobody brings less than nothing.
    """
    people = customers.assign(
        brought=brought(customers["revenue"]),
        segment=found.people[by].to_numpy(),
        basket=customers["revenue"] / customers["orders"].where(customers["orders"] > 0),
    )
    names = found.names if by == "segment" else list(STATES)
    grouped = people.groupby("segment").agg(
        customers=("customer_id", "size"), revenue=("revenue", "sum"),
        brought=("brought", "sum"), basket=("basket", "median"),
        orders=("orders", "mean"), days_since_last_order=("days_since_last_order", "median"),
    )  # fmt: skip
    frame = grouped.reindex(pd.Index(names, name="segment")).reset_index()
    frame["customers"] = frame["customers"].fillna(0).astype("int64")
    frame["revenue"] = frame["revenue"].fillna(0.0)
    money = frame.pop("brought").fillna(0.0)
    total = float(people["brought"].sum())
    return frame.assign(
        share=frame["customers"] / max(len(people), 1),
        revenue_share=money / total if total > 0 else np.nan,
        **_words(found, frame, words, by),
    )


def _words(found: Segmented, frame: pd.DataFrame, words: Wording, by: str) -> dict[str, list[str]]:
    if by != "segment":
        return {"rule": [""] * len(frame), "what_helps": [""] * len(frame), "absent": [""] * len(frame)}
    rows = {row["segment"]: row for _, row in found.table.iterrows()}
    helps = {**{name: str(row["what_helps"]) for name, row in rows.items()}, REST: REST_HELPS}
    return {
        "rule": [rule(rows[name], found.cuts, words) if name in rows else "fits no row" for name in frame["segment"]],
        "what_helps": [helps[name] for name in frame["segment"]],
        "absent": [
            "" if people else _absent(found, rows[name], words)
            for name, people in zip(frame["segment"], frame["customers"], strict=True)
        ],
    }


def _absent(found: Segmented, row: pd.Series, words: Wording) -> str:
    """Why nobody is in the segment of `row`: the first condition that nobody meets, and what customers do instead."""
    people = found.people
    often = people[people["frequency"].between(row["frequency_from"], row["frequency_to"])]
    bought = times(row, found.cuts, words)
    if often.empty:
        return f"Nobody {bought}."
    recent = often[often["recency"].between(row["recency_from"], row["recency_to"])]
    if recent.empty:
        since, group = often["days_since_last_order"], str(row["segment"])
        near = words.number(since.min(), of=Of("days_since_last_order_least", len(often), group=group))
        far = words.count(since.max(), "day", of=Of("days_since_last_order_most", len(often), group=group))
        when = far if since.min() == since.max() else f"{near} to {far}"
        return f"Nobody {rule(row, found.cuts, words)}: of those who {bought}, the last order is {when} ago."
    if not recent["money"].between(row["money_from"], row["money_to"]).any():
        return f"Nobody {rule(row, found.cuts, words)}."
    return f"Everybody who {rule(row, found.cuts, words)} fits a row above."

"""Order days -> the share who make a second, third, ... tenth purchase, by days since the one before.

For the second purchase, everybody counts for as long as we watched them (Kaplan-Meier). From the third on that would be
wrong, because censoring depends on the outcome: somebody who bought twice quickly is watched longer for the third
purchase, and tends to buy quickly again. So there we count only customers whose first order is old enough for all the
gaps, at `gap_days` each, and whose earlier gaps were no longer than that. We watch every one of them to the end.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.customers.order_days import REPEAT, OrderDays, order_days
from clvapp.days import months
from clvapp.repeat.survival import share_by_day
from clvapp.stats import Bools, Floats, Integers

MOST_PURCHASES = 10
GAP_DAYS = 90
MOST_GROUPS = 8
FEW = 30  # customers; with fewer, a share says little
OTHERS, NOT_GIVEN = "Others", "not given"
LEAST_FOR_BAND = 5  # customers; a band for fewer would be drawn from nothing


@dataclass(frozen=True)
class Waiting:
    """Who we wait for: by customer, the `days` watched since the purchase before, and whether the next one `came`."""

    customers: Integers  # places in `OrderDays.ids`
    days: Integers
    came: Bools

    def __len__(self) -> int:
        return len(self.customers)


def waiting(
    bought: OrderDays, number: int, *, end_day: int, gap_days: int = GAP_DAYS, burn_in_end: int | None = None
) -> Waiting:
    """Who can make purchase `number` (2, 3, ...), how long we watched them for it, and whether it came."""
    first, before, then = (bought.nth(n) for n in (1, number - 1, number))
    counted = np.isfinite(before)
    if burn_in_end is not None:
        counted &= bought.since >= burn_in_end
    if number > 2:
        counted &= first + (number - 1) * gap_days <= end_day
        counted &= _longest_gap(bought, number - 1) <= gap_days
    who = np.flatnonzero(counted)
    came = np.isfinite(then[who])
    days = np.where(came, then[who], end_day) - before[who]
    return Waiting(who, days.astype(np.intp), came)


def _longest_gap(bought: OrderDays, upto: int) -> Floats:
    """By customer, the longest gap before order day `upto`; 0 if there is none."""
    longest = np.zeros(len(bought.ids))
    earlier = bought.returns & (bought.number <= upto)
    np.maximum.at(longest, bought.who[earlier], bought.gap[earlier])
    return longest


def curve(
    bought: OrderDays,
    *,
    end_day: int,
    number: int = REPEAT,
    gap_days: int = GAP_DAYS,
    burn_in_end: int | None = None,
    group: pd.Series | None = None,
) -> pd.DataFrame:
    """The share who make purchase `number`, by days since the one before, up to `gap_days`.

    `group` names each customer's group by customer_id (see `groups`). Each group gets a curve; customers without a name
    are left out.

    Returns a frame with `group` ("" for everybody), `day`, `share`, `low`, `high` (95 % band; NaN for fewer than five
    customers), `customers` (in the group), `at_risk` and `came` (that day). Shares are NaN where nobody was watched for
    that long, unless everybody had come by then.
    """
    people = waiting(bought, number, end_day=end_day, gap_days=gap_days, burn_in_end=burn_in_end)
    codes, names = _codes(group, bought.ids[people.customers])
    named = codes >= 0
    found = share_by_day(people.days[named], people.came[named], codes[named], horizon=gap_days)
    sizes = np.bincount(codes[named], minlength=len(names))
    place = found["group"].to_numpy()
    known = found.assign(group=np.array(names, dtype=object)[place], customers=sizes[place])
    known[["low", "high"]] = known[["low", "high"]].where(known["customers"] >= LEAST_FOR_BAND)
    return known


def _codes(group: pd.Series | None, ids: pd.Index) -> tuple[Integers, list[str]]:
    if group is None:
        return np.zeros(len(ids), np.intp), [""]
    codes, names = pd.factorize(group.reindex(ids), sort=False)
    by_size = np.argsort(-np.bincount(codes[codes >= 0], minlength=len(names)), kind="stable")
    rank = np.empty(len(names) + 1, np.intp)
    rank[by_size], rank[-1] = np.arange(len(names)), -1
    return rank[codes], [str(names[i]) for i in by_size] or [""]


def repeat_rate_by_order(
    bought: OrderDays,
    *,
    end_day: int,
    gap_days: int = GAP_DAYS,
    burn_in_end: int | None = None,
    most: int = MOST_PURCHASES,
) -> pd.DataFrame:
    """One row per purchase from the second to number `most`: the share who make it within `gap_days` of the last one.

    Returns a frame with `number`, `customers` (who made the one before and were watched for long enough), `came`,
    `share`, `low`, `high` (NaN for fewer than five customers), and `reason`, a sentence if there is nothing to say
    (else "").
    """
    rows = []
    for number in range(2, most + 1):
        people = waiting(bought, number, end_day=end_day, gap_days=gap_days, burn_in_end=burn_in_end)
        last = share_by_day(people.days, people.came, horizon=gap_days).iloc[-1]
        known = bool(np.isfinite(last["share"]))
        came = int((people.came & (people.days <= gap_days)).sum())
        why = (
            ""
            if known
            else _why_not(
                bought, number, latest=end_day - (number - 1) * gap_days, gap_days=gap_days, since=burn_in_end
            )
        )
        low, high = (last[end] if len(people) >= LEAST_FOR_BAND else np.nan for end in ("low", "high"))
        rows.append((number, len(people), came, last["share"], low, high, why))
    return pd.DataFrame(rows, columns=["number", "customers", "came", "share", "low", "high", "reason"])


def _why_not(bought: OrderDays, number: int, *, latest: int, gap_days: int, since: int | None) -> str:
    gaps = number - 1
    needed = f"{gaps} gaps of {gap_days} days" if gaps > 1 else f"a gap of {gap_days} days"
    old_enough = bought.first <= latest
    if since is not None:
        old_enough &= bought.since >= since
    if not old_enough.any():
        return f"No first order is old enough for {needed}."
    if number == 2:
        return (
            f"Everybody whose first order is {gap_days} days old bought again sooner; nobody else was watched so long."
        )
    return f"Nobody whose first order is old enough for {needed} made purchase {number - 1} in time."


@dataclass(frozen=True)
class CameBack:
    """The `share` who made the next purchase within `days`, and the number of `customers` behind it.

    `low` and `high` are its 95 % band; None for fewer than five customers.
    """

    share: float | None
    customers: int
    days: int
    low: float | None = None
    high: float | None = None


def came_back(
    spend: pd.DataFrame | OrderDays, *, days: int, end_day: int, burn_in_end: int | None = None, number: int = REPEAT
) -> CameBack:
    """The share who make purchase `number` within `days` of the one before; None if it is too early to tell."""
    bought = spend if isinstance(spend, OrderDays) else order_days(spend, end_day=end_day)
    people = waiting(bought, number, end_day=end_day, gap_days=days, burn_in_end=burn_in_end)
    last = share_by_day(people.days, people.came, horizon=days).iloc[-1]
    if not np.isfinite(last["share"]):
        return CameBack(None, len(people), days)
    if len(people) < LEAST_FOR_BAND:
        return CameBack(float(last["share"]), len(people), days)
    return CameBack(float(last["share"]), len(people), days, float(last["low"]), float(last["high"]))


def groups(first_orders: pd.DataFrame, by: str, *, most: int = MOST_GROUPS) -> pd.Series:
    """By customer_id, the group of the first order: the `most` largest groups, the others together, and "not given".

    `by` is a word of the first order ("product", "category", "channel", "country"), "discount" (whether there was one)
    or "cohort" (the quarter of the first order, latest quarters only).
    """
    ids = pd.Index(first_orders["customer_id"])
    if by == "discount":
        named = np.where(first_orders["discount"] > 0, "with a discount", "at full price")
        return pd.Series(named, index=ids, dtype=object).where(first_orders["discount"].notna().to_numpy(), NOT_GIVEN)
    if by == "cohort":
        quarter = months(first_orders["day"]) // 3
        words = pd.Series(
            np.char.add(np.char.add((1970 + quarter // 4).astype(str), " Q"), (quarter % 4 + 1).astype(str))
        )
        latest = quarter > quarter.max(initial=0) - most
        return words.where(latest, "earlier").set_axis(ids).astype(object)
    words = first_orders[by].set_axis(ids).astype(object)
    common = words.value_counts().index[:most]
    return words.where(words.isin(common) | words.isna(), OTHERS).fillna(NOT_GIVEN)

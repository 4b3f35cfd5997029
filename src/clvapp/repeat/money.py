"""Spend by day -> how much comes early, how much comes from existing customers, and how much is refunded."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.customers.order_days import OrderDays
from clvapp.days import YEAR, dates, first_days, months
from clvapp.repeat.repeat_rate import FEW
from clvapp.stats import TAIL, Bools, Floats, Integers, wilson

MONTH = 30
CROSS_DAYS = 90
FIRST_MONTHS = 6


@dataclass(frozen=True)
class Share:
    """A share of `customers` with its 95 % interval; None where the data cannot say, and then the `reason`."""

    share: float | None
    low: float | None
    high: float | None
    customers: int
    reason: str = ""


def _ratio(part: Floats, whole: Floats, reason: str) -> Share:
    """Sum of `part` over sum of `whole`, one row per customer, with an interval from the jackknife over customers.

    If a few customers hold much of the money, there are only a few witnesses. So we use Student's quantile for the
    effective number of customers (Kish 1965) instead of the normal one.
    """
    from scipy.special import stdtrit

    n, total = len(whole), float(whole.sum())
    if n < FEW or total <= 0:
        return Share(None, None, None, n, reason)
    share = min(max(float(part.sum()) / total, 0.0), 1.0)  # what was given back later leaves less than came before
    moved = (part - share * whole) / (total - np.minimum(whole, total * 0.999))
    witnesses = total**2 / float(np.sum(whole**2))
    reach = float(stdtrit(max(witnesses - 1, 1.0), 1 - TAIL)) * np.sqrt(float(np.sum(moved**2)) * (n - 1) / n)
    return Share(share, max(share - reach, 0.0), min(share + reach, 1.0), n)


def _old_enough(bought: OrderDays, days: int, end_day: int, burn_in_end: int | None) -> Bools:
    """By customer, whether they first came at least `days` ago, and not in the burn-in."""
    old: Bools = bought.since + days <= end_day
    return old if burn_in_end is None else old & (bought.since >= burn_in_end)


def _aged(bought: OrderDays) -> tuple[Integers, Integers, Floats, Integers]:
    """Customer, age in days (0 for a refund before the first order), money and day of everything that moved."""
    known = bought.money.who >= 0
    who, day = bought.money.who[known], bought.money.day[known]
    return who, np.maximum(day - bought.since[who], 0), bought.money.revenue[known], day


def early_share(
    bought: OrderDays,
    *,
    end_day: int,
    within: int = MONTH,
    of_days: int = YEAR,
    burn_in_end: int | None = None,
) -> Share:
    """The share of customers' spend in their first `of_days` days that comes in the first `within` days.

    30 of 365 gives the first month's share of the first year, 30 of 1,095 its share of three years. The day of the
    first order is the first of them. Counts only customers who have been there for `of_days`.
    """
    old = _old_enough(bought, of_days - 1, end_day, burn_in_end)
    who, age, money, _ = _aged(bought)
    whole, part = (
        np.bincount(who[age < upto], weights=money[age < upto], minlength=len(bought.ids))[old].astype(np.float64)
        for upto in (of_days, within)
    )
    return _ratio(part, whole, f"Fewer than {FEW} customers have been there for {_long(of_days)}.")


def cross_buying(
    categories: pd.DataFrame,
    bought: OrderDays,
    *,
    end_day: int,
    within: int = CROSS_DAYS,
    of_days: int = YEAR,
    burn_in_end: int | None = None,
) -> Share:
    """The share of cross-buying that comes `within` so many days of the first order, of all that comes in `of_days`.

    Cross-buying is a first order in a category new to the customer; a second category in the very first order does not
    count. `categories`: one row per customer and category (or product), with the `day` it was first bought. `customers`
    counts those who crossed over.
    """
    old = _old_enough(bought, of_days, end_day, burn_in_end)
    who = bought.ids.get_indexer(pd.Index(categories["customer_id"]))
    known = who >= 0
    who = who[known].astype(np.intp)
    age = categories["day"].to_numpy(np.intp)[known] - bought.since[who]
    crossed = old[who] & (age > 0) & (age <= of_days)
    whole = np.bincount(who[crossed], minlength=len(bought.ids))
    part = np.bincount(who[crossed & (age <= within)], minlength=len(bought.ids))
    buyers = whole > 0
    return _ratio(
        part[buyers].astype(np.float64),
        whole[buyers].astype(np.float64),
        f"Fewer than {FEW} customers who have been there for {_long(of_days)} went on to something new.",
    )


def _long(days: int) -> str:
    """A number of days as people say it where it is whole years."""
    years = days // YEAR
    return f"{days} days" if days % YEAR else "a year" if years == 1 else f"{years} years"


def by_month(bought: OrderDays, *, end_day: int, burn_in_end: int | None = None) -> pd.DataFrame:
    """One row per calendar month: how much of customers' revenue comes from existing ones.

    Returns a frame with `month` (its first day), `revenue`, `existing` (from customers whose first order was in an
    earlier month), `repeat` (on days after the first order), `existing_share`, `repeat_share` (NaN in a month without
    revenue, and in the burn-in, where old customers look new), `complete`. A refund counts on its customer's side.
    """
    who, age, money, days = _aged(bought)
    month, since = months(days), months(bought.since)
    start = int(month.min()) if len(month) else 0
    length = int(month.max()) - start + 1 if len(month) else 0
    place = month - start
    every = np.arange(start, start + length)
    sums = {
        name: np.bincount(place[rows], weights=money[rows], minlength=length)
        for name, rows in (("revenue", slice(None)), ("existing", month > since[who]), ("repeat", age > 0))
    }
    told = (sums["revenue"] > 0) & (True if burn_in_end is None else first_days(every) >= burn_in_end)
    whole = np.where(told, sums["revenue"], np.nan)
    shares = {f"{name}_share": np.clip(sums[name] / whole, 0.0, 1.0) for name in ("existing", "repeat")}
    complete = first_days(every + 1) - 1 <= end_day
    return pd.DataFrame({"month": dates(first_days(every)), **sums, **shares, "complete": complete})


def share_of_months(months: pd.DataFrame, of: str = "existing", *, first: int = 0, count: int = 12) -> float | None:
    """The share of revenue `of` "existing" customers or "repeat" purchases in `count` complete months.

    Starts at month number `first` of the frame; a negative one counts from the end (-12: the latest twelve). None if a
    month is missing or its share is unknown.
    """
    whole = months[months["complete"]]
    chosen = whole.iloc[first:][:count]
    total = float(chosen["revenue"].sum())
    if len(chosen) < count or total <= 0 or chosen[f"{of}_share"][chosen["revenue"] > 0].isna().any():
        return None
    return min(max(float(chosen[of].sum()) / total, 0.0), 1.0)


def refunds_by_product(first_refunds: pd.DataFrame, *, burn_in_end: int | None = None, most: int = 12) -> pd.DataFrame:
    """Refunds of first orders by product: which sales are regretted.

    `first_refunds`: one row per customer, with the first order's `product`, `day`, `value`, `refunded`.

    Returns one row per product, the `most` frequent ones, most regretted first: `product`, `customers`, `refunds`
    (first orders refunded in part or in full), `share`, `low`, `high` (of customers, Wilson's interval), `money_share`
    (of value).
    """
    rows = first_refunds[first_refunds["product"].notna()]
    if burn_in_end is not None:
        rows = rows[rows["day"] >= burn_in_end]
    grouped = rows.assign(regretted=rows["refunded"] > 0, refunded=rows[["refunded", "value"]].min(axis=1)).groupby(
        "product"
    )
    found = grouped.agg(
        customers=("value", "size"), refunds=("regretted", "sum"), value=("value", "sum"), refunded=("refunded", "sum")
    ).reset_index()
    found = found.sort_values(["customers", "product"], ascending=[False, True]).head(most)
    low, high = wilson(found["refunds"], found["customers"])
    found = found.assign(
        share=found["refunds"] / found["customers"],
        low=low,
        high=high,
        money_share=found.pop("refunded") / found.pop("value").where(lambda value: value > 0),
    )
    return found.sort_values(["share", "customers"], ascending=False, ignore_index=True)

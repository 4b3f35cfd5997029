"""Spend by day -> value at the same age, the gap to those who became valuable, and how the two sides differ."""

import numpy as np
import pandas as pd

from clvapp.customers.order_days import REPEAT, order_days
from clvapp.days import YEAR, day_numbers
from clvapp.stats import Floats, Integers

MILESTONES = (30, 90, 180, 365, 730, 1095, 1460, 1825, 2190, 2555, 2920, 3285, 3650)
LIKE_THEM = 20  # the fewest customers that an average is taken of


def value_at_age(
    first_days: pd.Series, spend: pd.DataFrame, *, end_day: int, burn_in_end: int | None = None
) -> pd.DataFrame:
    """Every customer's value up to the latest milestone they have reached, beside everybody who has reached it.

    Parameters
    ----------
    first_days
        first order day by customer_id, in days since 1970
    spend
        one row per customer and day with money
    end_day, burn_in_end
        the day of the snapshot; customers from before `burn_in_end` may be older than they look, so their values are
        missing and no average includes them

    Returns
    -------
    frame by customer_id: `age` (days), `milestone` (days), `value`, `average`, `customers_compared`,
    `below_average_at_age` and `above_average_at_age` (missing under 30 days and in the burn-in; both false for those
    who spent exactly the average, as all do if everybody bought the same thing once).
    """
    age = (end_day - first_days).astype("int64")
    judged = age >= MILESTONES[0]
    if burn_in_end is not None:
        judged &= first_days >= burn_in_end
    found = pd.DataFrame({"age": age, "milestone": pd.array([pd.NA] * len(age), dtype="Int64")}, index=age.index)
    found = found.assign(value=np.nan, average=np.nan, customers_compared=0)
    when = spend["day"] - spend["customer_id"].map(first_days)
    for milestone in MILESTONES:
        reached = age.index[judged & (age >= milestone)]
        if not len(reached):
            break
        value = spend[when <= milestone].groupby("customer_id")["revenue"].sum().reindex(reached, fill_value=0.0)
        found.loc[reached, "value"] = value.astype("float64")
        found.loc[reached, "milestone"] = milestone
        found.loc[reached, "average"] = float(value.mean())
        found.loc[reached, "customers_compared"] = len(reached)
    over = (found["value"] - found["average"]) / found["average"].abs().clip(lower=1e-9)  # float sums wobble
    below, above = (side.astype("boolean").where(judged) for side in (over < -1e-9, over > 1e-9))
    return found.assign(below_average_at_age=below, above_average_at_age=above)


def gap(
    first_days: pd.Series, spend: pd.DataFrame, *, end_day: int, leaf: pd.Series, became_high: pd.Series
) -> pd.Series:
    """How much more than each customer their valuable look-alikes had spent by the same age.

    Valuable look-alikes are in the same `leaf` and `became_high`. If fewer than 20 of them are that old, everybody who
    became valuable stands in.
    """
    age = (end_day - first_days).astype("int64")
    own = spend.groupby("customer_id")["revenue"].sum().reindex(first_days.index, fill_value=0.0)
    valuable = became_high.reindex(first_days.index).fillna(False).astype(bool)
    leaves = leaf.reindex(first_days.index)
    everybody = _mean_by_age(age[valuable], spend, first_days)
    like = pd.Series(np.nan, index=first_days.index)
    for place in leaves.dropna().unique():
        here = leaves == place
        curve = _mean_by_age(age[valuable & here], spend, first_days)
        enough = curve["customers"] >= LIKE_THEM
        mean = curve["mean"].where(enough).reindex(everybody.index).fillna(everybody["mean"])
        like[here] = age[here].map(mean)
    return (like - own).rename("gap")


def _mean_by_age(age: pd.Series, spend: pd.DataFrame, first_days: pd.Series) -> pd.DataFrame:
    """Mean spend up to every age in days, among the customers who are that old (`age` today by customer_id).

    A day's money counts at every age from its own up to the customer's age today, so two additions per row are enough.
    """
    rows = spend[spend["customer_id"].isin(age.index)]
    today = rows["customer_id"].map(age).to_numpy(int)
    when = (rows["day"] - rows["customer_id"].map(first_days)).to_numpy(int)
    seen = (when >= 0) & (when <= today)
    length = int(age.max()) + 2 if len(age) else 1
    money = _running(when[seen], today[seen], rows["revenue"].to_numpy(np.float64)[seen], length)
    people = _running(np.zeros(len(age), int), age.to_numpy(int), np.ones(len(age)), length)
    mean = money / np.where(people > 0.5, people, np.nan)
    return pd.DataFrame({"mean": mean, "customers": people.round()}, index=range(length))


def _running(begin: Integers, end: Integers, amount: Floats, length: int) -> Floats:
    begun = np.bincount(begin, weights=amount, minlength=length + 1)
    change = begun - np.bincount(end + 1, weights=amount, minlength=length + 1)
    total: Floats = np.cumsum(change)[:length]
    return total


def behaviour(
    customers: pd.DataFrame, spend: pd.DataFrame, *, end_day: int, burn_in_end: int | None = None
) -> pd.DataFrame:
    """Describes how customers above and below the average of their age differ after the first order.

    Returns a frame with one row per measure: `measure`, `unit`, `above`, `below`, `customers_above`, `customers_below`
    and `customers`, the number behind the row. A value is blank if it has no customers. Those who spent exactly the
    average are on neither side.
    """
    people = customers.set_index("customer_id")
    first_days = pd.Series(day_numbers(people["first_order"]), people.index)
    standing = value_at_age(first_days, spend, end_day=end_day, burn_in_end=burn_in_end)
    judged = standing[standing["below_average_at_age"].notna()]
    facts = _facts(people.loc[judged.index], first_days, spend, end_day)
    sides = [_measures(facts[judged[f"{side}_average_at_age"].astype(bool)]) for side in ("above", "below")]
    rows = []
    for measure, unit in _MEASURES:
        (above, n_above), (under, n_under) = sides[0][measure], sides[1][measure]
        rows.append((measure, unit, above, under, n_above, n_under, n_above + n_under))
    names = ["measure", "unit", "above", "below", "customers_above", "customers_below", "customers"]
    return pd.DataFrame(rows, columns=names)


_MEASURES = (
    ("Orders a year after the first", "orders"),
    ("Value of an order after the first", "money"),
    ("Days to the second order day", "days"),
    ("Share of money refunded", "share"),
    ("Share with one order day only", "share"),
)


def _facts(people: pd.DataFrame, first_days: pd.Series, spend: pd.DataFrame, end_day: int) -> pd.DataFrame:
    """One row per customer: what happened after the first order day."""
    rows = spend[spend["customer_id"].isin(people.index)]
    when = rows["day"] - rows["customer_id"].map(first_days).astype("float64")  # without rows, it would be text
    after = rows.assign(when=when)[when > 0]
    bought = order_days(rows)
    days_of = pd.DataFrame({"order_days": bought.count, "second": bought.nth(REPEAT) - bought.first}, index=bought.ids)
    return pd.DataFrame({
        "years": (end_day - first_days.reindex(people.index)) / YEAR,
        "orders_after": after.groupby("customer_id")["orders"].sum().reindex(people.index, fill_value=0),
        "money_after": after.groupby("customer_id")["revenue"].sum().reindex(people.index, fill_value=0.0),
        **days_of.reindex(people.index),
        "refunded": people["refunded"],
        "paid": people["revenue"] + people["refunded"],
    })  # fmt: skip


def _measures(facts: pd.DataFrame) -> dict[str, tuple[float, int]]:
    """Each measure's value and the number of customers behind it."""
    orders, paid = float(facts["orders_after"].sum()), float(facts["paid"].sum())
    came_back = facts["second"].dropna()
    blank = float("nan")
    values = (
        (orders / float(facts["years"].sum()) if len(facts) else blank, len(facts)),
        (
            float(facts["money_after"].sum()) / orders if orders else blank,
            int((facts["orders_after"] > 0).sum()),
        ),
        (float(came_back.median()) if len(came_back) else blank, len(came_back)),
        (float(facts["refunded"].sum()) / paid if paid > 0 else blank, len(facts)),
        (float((facts["order_days"] == 1).mean()) if len(facts) else blank, len(facts)),
    )
    return {measure: value for (measure, _), value in zip(_MEASURES, values, strict=True)}

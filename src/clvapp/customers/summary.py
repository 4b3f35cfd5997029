"""Orders (any engine) -> what is known of each customer, month, cohort and first order.

Expressions are Narwhals', so that they run on DuckDB, on Spark, or on a team's own engine as they are. Days are whole
numbers since 1 January 1970: every engine can compare them. Nothing after `end_day` is looked at.
"""

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute

from clvapp.customers.order_days import is_order_day
from clvapp.customers.tables import ORDER_WORDS, Array, Tables, _float, _float_of, _frame, _people
from clvapp.days import DAYS_IN_WEEK, dates


def customers(tables: Tables, *, end_day: int) -> pd.DataFrame:
    """One row a customer with at least one order; money is revenue after refunds, `recency` and `T` are in weeks.

    `mean_gap_days`, `gap_cv` and `value_cv` describe the rhythm and the basket of their order days (NaN where unknown).
    """
    known = tables.until(end_day).of_customers()
    consent = nw.col("accepts_marketing")
    # The latest consent known, in one number: odd for yes, even for no.
    latest = nw.when(~consent.is_null()).then(nw.col("rank") * 2 + consent.cast(nw.Int64))
    totals = (
        known.orders.with_columns(consent=latest)
        .group_by("customer_id")
        .agg(
            first_order=nw.col("day").min(),
            last_order=nw.col("day").max(),
            orders=nw.len(),
            paid=nw.col("revenue").sum(),
            refunded=nw.col("refunded").sum(),
            last_rank=nw.col("rank").max(),
            consent=nw.col("consent").max(),
        )
        .with_columns(_float("paid", "refunded"))
    )
    words = known.orders.select("customer_id", "email", "name", "customer_number", "country", last_rank=nw.col("rank"))
    refunds = nw.when(nw.col("kind") == "refund").then(nw.col("revenue"))
    moved = (
        known.adjustments.with_columns(given_back=refunds)
        .group_by("customer_id")
        .agg(moved=nw.col("revenue").sum(), given_back=nw.col("given_back").sum())
        .with_columns(_float("moved", "given_back"))
    )
    # Joined by the engine: matching names of customers takes pandas longer than all of the sums.
    joined = totals.join(words, on=["customer_id", "last_rank"]).join(moved, on="customer_id", how="left")
    frame = _with_strays(_people(joined.sort("customer_id")), known.strays)
    return _customer_columns(frame, _rhythm(known, frame["customer_id"]), end_day)


def _with_strays(frame: pd.DataFrame, strays: Tables | None) -> pd.DataFrame:
    """What strays add to those who have other orders too: orders, and money paid and given back."""
    if strays is None:
        return frame
    refunds = nw.when(nw.col("kind") == "refund").then(nw.col("revenue"))
    sold = strays.orders.group_by("customer_id").agg(
        orders=nw.len(), paid=nw.col("revenue").sum(), refunded=nw.col("refunded").sum()
    )
    moved = strays.adjustments.with_columns(given_back=refunds).group_by("customer_id")
    told = (
        (("orders", "paid", "refunded"), sold.with_columns(_float("paid", "refunded"))),
        (("moved", "given_back"), moved.agg(moved=nw.col("revenue").sum(), given_back=nw.col("given_back").sum())
         .with_columns(_float("moved", "given_back"))),
    )  # fmt: skip
    for names, lazy in told:
        more = _frame(lazy).set_index("customer_id").reindex(frame["customer_id"]).fillna(0.0)
        frame = frame.assign(**{name: frame[name].fillna(0) + more[name].to_numpy() for name in names})
    return frame


def _rhythm(known: Tables, ids: pd.Series) -> pd.DataFrame:
    """How regular the order days of `ids` are: their number, first and last, gaps in days, and values.

    An order day becomes one row in the engine; what stands between two of them is told by arrays, where a sort of
    whole numbers costs a tenth of the engine's window over names.
    """
    paid = known.orders.group_by("customer_id", "day").agg(paid=nw.col("revenue").sum())
    days = paid.filter(is_order_day(nw.col("paid"))).with_columns(_float("paid"))
    table: pa.Table = days.collect("pyarrow").to_native()
    who = pyarrow.compute.index_in(table["customer_id"], value_set=pa.array(ids, table["customer_id"].type)).to_numpy()
    day, value = (table[name].to_numpy() for name in ("day", "paid"))
    order = np.argsort(who * np.int64(1 << 32) + day)
    who, day, value = who[order], day[order], value[order]
    again = np.flatnonzero(who[1:] == who[:-1]) + 1
    count = np.bincount(who, minlength=len(ids))
    ends = {name: np.full(len(ids), np.nan) for name in ("first_day", "last_day")}
    ends["first_day"][who[::-1]], ends["last_day"][who] = day[::-1], day  # of several, the one set last stays
    gap_mean, gap_spread = _spread(who[again], (day[again] - day[again - 1]).astype("float64"), len(ids))
    mean, spread = _spread(who, value, len(ids))
    returning, _ = _spread(who[again], value[again], len(ids))
    return pd.DataFrame(
        {"order_days": count, **ends, "monetary_value": returning, "mean_gap_days": gap_mean, "gap_spread": gap_spread,
         "mean_value": mean, "value_spread": spread}
    )  # fmt: skip


def _spread(who: Array, value: Array, people: int) -> tuple[Array, Array]:
    """Mean and sample standard deviation of each one's values, NaN where they have none or only one."""
    count = np.bincount(who, minlength=people).astype("float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(who, weights=value, minlength=people) / count
        square = np.bincount(who, weights=(value - mean[who]) ** 2, minlength=people)
        return mean, np.where(count > 1, np.sqrt(square / (count - 1)), np.nan)


def _customer_columns(frame: pd.DataFrame, rhythm: pd.DataFrame, end_day: int) -> pd.DataFrame:
    first_day = rhythm["first_day"].fillna(frame["first_order"])
    last_day = rhythm["last_day"].fillna(first_day)
    return pd.DataFrame(
        {
            "customer_id": frame["customer_id"],
            "email": frame["email"],
            "name": frame["name"],
            "customer_number": frame["customer_number"],
            "first_order": dates(frame["first_order"]),
            "last_order": dates(frame["last_order"]),
            "orders": frame["orders"].astype("int64"),
            "order_days": rhythm["order_days"],
            "revenue": frame["paid"].astype("float64") + frame["moved"].astype("float64").fillna(0.0),
            "refunded": frame["refunded"].astype("float64") - frame["given_back"].astype("float64").fillna(0.0),
            "frequency": (rhythm["order_days"] - 1).clip(lower=0),
            "recency": (last_day - first_day) / DAYS_IN_WEEK,
            "T": (end_day - first_day) / DAYS_IN_WEEK,
            "monetary_value": rhythm["monetary_value"],
            "days_since_last_order": (end_day - frame["last_order"]).astype("int64"),
            "country": frame["country"],
            "accepts_marketing": (frame["consent"].astype("Int64") % 2).astype("boolean"),
            "mean_gap_days": rhythm["mean_gap_days"],
            "gap_cv": rhythm["gap_spread"] / rhythm["mean_gap_days"],
            "value_cv": rhythm["value_spread"] / rhythm["mean_value"],
        }
    )


def first_orders(tables: Tables, *, end_day: int) -> pd.DataFrame:
    """One row a customer: their first order as it was known on its day, before any refund."""
    first = tables.until(end_day).of_customers().orders.filter(nw.col("rank") == 1)
    frame = _people(
        first.select("customer_id", "day", "value", "quantity", "lines", "discount", *ORDER_WORDS, "accepts_marketing")
    )
    frame["value"] = frame["value"].astype("float64")
    frame["accepts_marketing"] = frame["accepts_marketing"].astype("boolean")
    day = pd.Series(dates(frame["day"]), frame.index)
    frame["month"], frame["weekday"] = day.dt.month, day.dt.day_of_week
    return frame.sort_values("customer_id", ignore_index=True)


def spend(tables: Tables, *, end_day: int) -> pd.DataFrame:
    """One row a customer and day on which money moved: `revenue`, `orders`, and what was `paid` for those orders.

    Both sums are after refunds; `revenue` holds all money of the day, `paid` only refunds linked to the day's orders.
    """
    known = tables.until(end_day).of_customers()
    moved = nw.concat(
        [
            known.orders.select("customer_id", "day", "revenue", count=nw.lit(1), paid=nw.col("revenue")),
            known.adjustments.select("customer_id", "day", "revenue", count=nw.lit(0), paid=nw.col("revenue") * 0),
        ]
    )
    sums = {"revenue": nw.col("revenue").sum(), "orders": nw.col("count").sum(), "paid": nw.col("paid").sum()}
    frame = _frame(moved.group_by("customer_id", "day").agg(**sums))
    frame[["revenue", "paid"]] = frame[["revenue", "paid"]].astype("float64")
    return frame.sort_values(["customer_id", "day"], ignore_index=True)


def revenue_by(tables: Tables, word: str, *, end_day: int) -> pd.DataFrame:
    """One row a customer and "category" (or another word) of their orders: `customer_id`, `group`, `revenue`.

    `costed` is the revenue of those orders whose cost is known, and `earned` that less their cost; what was given back
    takes the cost with it. Revenue is after refunds; orders without the word have a blank `group`. An order's word is
    that of its most valuable line. Money that moved without an order is not in it.
    """
    known = (
        tables.until(end_day)
        .with_strays()
        .of_customers()
        .orders.with_columns(group=nw.col(word), **_float_of("revenue", "value", "cost"))
    )
    told = ~nw.col("cost").is_null() & (nw.col("value") > 0)
    kept = nw.when(told).then(nw.col("revenue"))
    parts = known.with_columns(costed=kept, earned=kept * (1.0 - nw.col("cost") / nw.col("value")))
    frame = _frame(
        parts.group_by("customer_id", "group").agg(
            revenue=nw.col("revenue").sum(), costed=nw.col("costed").sum(), earned=nw.col("earned").sum()
        )
    )
    frame[["costed", "earned"]] = frame[["costed", "earned"]].astype("float64").fillna(0.0)
    return frame.sort_values(["customer_id", "group"], ignore_index=True)


def has_costs(tables: Tables) -> bool:
    """Whether any order says what its goods cost."""
    return bool(_frame(tables.orders.select(known=nw.col("cost").count()))["known"].iloc[0])


def categories(tables: Tables, *, end_day: int, of: str = "category") -> pd.DataFrame:
    """One row a customer and category (or another word of an order): the `day` of their first order of it.

    An order's category is that of its most valuable line.
    """
    known = tables.until(end_day).of_customers().orders.with_columns(category=nw.col(of))
    named = known.filter(~nw.col("category").is_null())
    frame = _frame(named.group_by("customer_id", "category").agg(day=nw.col("day").min()))
    return frame.sort_values(["customer_id", "day", "category"], ignore_index=True)


def first_refunds(tables: Tables, *, end_day: int) -> pd.DataFrame:
    """One row a customer: the first order's `product`, `day`, `value` and what was `refunded` of it, as known today."""
    first = tables.until(end_day).of_customers().orders.filter(nw.col("rank") == 1)
    columns = ("customer_id", "product", "day", "value", "refunded")
    frame = _frame(first.select(*columns).with_columns(_float("value", "refunded")))
    return frame.sort_values("customer_id", ignore_index=True)


def window(tables: Tables, *, start_day: int, end_day: int) -> pd.DataFrame:
    """One row a customer who ordered after `start_day` and not after `end_day`: their `orders` and `revenue` there."""
    known = tables.until(end_day).of_customers()
    inside = nw.col("day") > start_day
    bought = _frame(
        known.orders.filter(inside).group_by("customer_id").agg(orders=nw.len(), revenue=nw.col("revenue").sum())
    )
    moved = _frame(known.adjustments.filter(inside).group_by("customer_id").agg(moved=nw.col("revenue").sum()))
    frame = bought.merge(moved, on="customer_id", how="left")
    frame["revenue"] = frame["revenue"].astype("float64") + frame.pop("moved").astype("float64").fillna(0.0)
    return frame.sort_values("customer_id", ignore_index=True)


def cohorts(frame: pd.DataFrame, value: str = "historic_value") -> pd.DataFrame:
    """One row a month of first order: `month`, `customers`, and the mean and sum of `value`."""
    month = frame["first_order"].dt.to_period("M").dt.to_timestamp()
    grouped = frame[value].groupby(month.rename("month"))
    return grouped.agg(customers="size", mean_value="mean", value="sum").reset_index()

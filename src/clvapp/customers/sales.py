"""Orders (any engine) -> what the shop sold, orders that name nobody included."""

from typing import Any

import narwhals as nw
import pandas as pd

from clvapp.customers.tables import Tables, _frame
from clvapp.days import dates, first_days


def last_adjustment(tables: Tables, least: int) -> int:
    """The day of the last money that moved without an order, no earlier than `least`."""
    last = _frame(tables.adjustments.select(last=nw.col("day").max()))["last"].iloc[0]
    return least if pd.isna(last) else max(least, int(last))


def unnamed(tables: Tables, *, end_day: int) -> pd.DataFrame:
    """One row a day on which money moved that no customer can be named for: `day`, `revenue`, `orders`."""
    known, nobody = tables.until(end_day), nw.col("customer_id").is_null()
    moved = nw.concat(
        [
            known.orders.filter(nobody).select("day", "revenue", count=nw.lit(1)),
            known.adjustments.filter(nobody).select("day", "revenue", count=nw.lit(0)),
        ]
    )
    frame = _frame(moved.group_by("day").agg(revenue=nw.col("revenue").sum(), orders=nw.col("count").sum()))
    frame["revenue"] = frame["revenue"].astype("float64")
    return frame.sort_values("day", ignore_index=True)


def months(tables: Tables, *, end_day: int) -> pd.DataFrame:
    """One row a calendar month, none missing between first and last: `revenue`, `orders`, `buyers`, `new_customers`.

    `complete` says whether `end_day` lets the month be whole; the last one rarely is.
    """
    known = tables.until(end_day)
    sold = _frame(known.orders.group_by("month").agg(revenue=nw.col("revenue").sum(), orders=nw.len())).set_index(
        "month"
    )
    bought = _frame(
        known.of_customers()  # elsewhere "nobody" would be one more buyer
        .orders.with_columns(is_first=(nw.col("rank") == 1).cast(nw.Int64))
        .group_by("month")
        .agg(buyers=nw.col("customer_id").n_unique(), new_customers=nw.col("is_first").sum())
    ).set_index("month")
    moved = _frame(known.adjustments.group_by("month").agg(moved=nw.col("revenue").sum())).set_index("month")
    every = pd.RangeIndex(int(sold.index.min()), int(sold.index.max()) + 1, name="month")
    frame = sold.reindex(every).join([bought, moved]).astype("float64").fillna(0.0)
    counts = ("orders", "buyers", "new_customers")
    return pd.DataFrame(
        {
            "month": dates(first_days(every)),
            "revenue": (frame["revenue"] + frame["moved"]).to_numpy(),
            **{name: frame[name].astype("int64").to_numpy() for name in counts},
            "complete": first_days(every + 1) - 1 <= end_day,
        }
    )


def totals(tables: Tables, *, end_day: int) -> tuple[int, float, float]:
    """Orders, revenue after refunds, and money given back, of the whole shop."""
    known = tables.until(end_day).with_strays()
    sold = _frame(
        known.orders.select(orders=nw.len(), revenue=nw.col("revenue").sum(), refunded=nw.col("refunded").sum())
    )
    moved = _frame(
        known.adjustments.select(
            moved=nw.col("revenue").sum(),
            refunds=nw.when(nw.col("kind") == "refund").then(nw.col("revenue")).sum(),
        )
    )
    row, other = sold.iloc[0], moved.iloc[0]
    return int(row["orders"]), float(row["revenue"] + other["moved"]), float(row["refunded"] - other["refunds"])


def sales_by(tables: Tables, word: str, *, end_day: int) -> pd.DataFrame:
    """One row a word of the orders ("product", "category", "country", "region", "city", "channel"), most money first.

    Returns a frame with `group`, `orders` and `revenue` after refunds, orders that name nobody included; orders without
    the word are left out. An order's product and category are those of its most valuable line.
    """
    named = (
        tables.until(end_day).with_strays().orders.with_columns(group=nw.col(word)).filter(~nw.col("group").is_null())
    )
    frame = _frame(named.group_by("group").agg(orders=nw.len(), revenue=nw.col("revenue").sum()))
    frame["revenue"] = frame["revenue"].astype("float64")
    return frame.sort_values(["revenue", "group"], ascending=[False, True], ignore_index=True)


def oddities(tables: Tables, *, end_day: int) -> dict[str, Any]:
    """`median_value`, `largest_value`, `largest_order` (its number), `doubled` and `overpaid` of the orders."""
    known = tables.until(end_day).with_strays()
    value = nw.col("value").cast(nw.Float64)
    found = _frame(
        known.orders.select(
            median=value.median(),
            largest=value.max(),
            overpaid=nw.when(nw.col("revenue") < 0).then(1).sum(),
        )
    ).iloc[0]
    largest = _frame(
        known.orders.select("order_id", "day", value=value).filter(nw.col("value") == float(found["largest"]))
    )
    same = known.of_customers().orders.group_by("customer_id", "moment", "value").agg(times=nw.len())
    doubled = _frame(same.select(more=(nw.col("times") - 1).sum()))["more"]
    return {
        "median_value": float(found["median"]),
        "largest_value": float(found["largest"]),
        "largest_order": str(largest.sort_values(["day", "order_id"])["order_id"].iloc[0]),
        "doubled": int(doubled.iloc[0]),
        "overpaid": int(found["overpaid"]),
    }


def not_attributable(tables: Tables, *, end_day: int) -> tuple[int, float]:
    """Orders that name no customer, and the revenue after refunds that nobody can be named for."""
    known, nobody = tables.until(end_day).with_strays(), nw.col("customer_id").is_null()
    sold = _frame(known.orders.filter(nobody).select(orders=nw.len(), revenue=nw.col("revenue").sum())).iloc[0]
    moved = _frame(known.adjustments.filter(nobody).select(revenue=nw.col("revenue").sum())).iloc[0]
    return int(sold["orders"]), float(sold["revenue"]) + float(moved["revenue"])


def without_orders(tables: Tables, *, end_day: int) -> tuple[int, float]:
    """People who only have refunds, of sales that are not in the file, and the money of those refunds."""
    known = tables.until(end_day).with_strays().of_customers()
    people = known.orders.select("customer_id").unique()
    alone = known.adjustments.join(people, on="customer_id", how="anti")
    found = (
        _frame(alone.select(people=nw.col("customer_id").n_unique(), revenue=nw.col("revenue").sum())).fillna(0).iloc[0]
    )
    return int(found["people"]), float(found["revenue"])


def nobody_by_word(tables: Tables, *, end_day: int) -> pd.DataFrame:
    """One row for each word that stands where a customer would, most orders first: `word`, `orders`, `revenue`."""
    known = tables.until(end_day).orders.filter(nw.col("customer_id").is_null() & ~nw.col("nobody").is_null())
    grouped = known.with_columns(folded=nw.col("nobody").str.to_lowercase()).group_by("folded")
    frame = _frame(grouped.agg(word=nw.col("nobody").min(), orders=nw.len(), revenue=nw.col("revenue").sum()))
    frame["revenue"] = frame["revenue"].astype("float64")
    shown = frame.sort_values(["orders", "word"], ascending=[False, True], ignore_index=True)
    return shown[["word", "orders", "revenue"]]

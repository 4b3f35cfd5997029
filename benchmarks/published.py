"""Public data sets -> order days, cut as others cut them, and the holdouts with what others reached on each."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

CDNOW_END = int(np.datetime64("1997-09-30").astype("int64"))
RETAIL_END = int(np.datetime64("2011-06-10").astype("int64"))
CHAIN_END = int(np.datetime64("2014-03-16").astype("int64"))
GROCERY_END = int(np.datetime64("2006-12-31").astype("int64"))
PACKAGES = ("lifetimes", "pymc-marketing", "R BTYD", "R CLVTools")


@dataclass(frozen=True)
class Holdout:
    """Order days before and after the cut, the last day known, and how many days to forecast.

    `target`: what it is judged on, "revenue", or "orders" (days) where the set has no amounts.
    """

    name: str
    spend: pd.DataFrame
    end_day: int
    horizon: int
    target: str = "revenue"

    @property
    def customers(self) -> pd.DataFrame:
        """Every customer known on the last day."""
        return pd.DataFrame({"customer_id": self.spend.loc[self.spend["day"] <= self.end_day, "customer_id"].unique()})

    def came(self) -> pd.DataFrame:
        """What each of them brought in the holdout: `orders` (days) and `revenue`, by customer_id."""
        day = self.spend["day"]
        after = self.spend[(day > self.end_day) & (day <= self.end_day + self.horizon)].groupby("customer_id")
        found = pd.DataFrame({"orders": after["day"].nunique(), "revenue": after["revenue"].sum()})
        return found.reindex(self.customers["customer_id"]).fillna(0.0)


def cdnow(shared: Path, *, full: bool = False) -> pd.DataFrame:
    """CDNOW's customer-days: the 2,357 customers of the sample, or all 23,570."""
    name, skip = ("CDNOW_master.txt", 1) if full else ("CDNOW_sample.txt", 0)
    columns = ["customer_id", "date", "units", "revenue"]
    rows = pd.read_csv(
        shared / "data" / name, sep=r"\s+", skiprows=skip, dtype=str, names=columns if full else ["master", *columns]
    )
    return _days(rows["customer_id"], pd.to_datetime(rows["date"]), rows["revenue"].astype("float64"))


def online_retail(shared: Path, *, net: bool = False) -> pd.DataFrame:
    """Online Retail's customer-days. `net` drops each sale that was cancelled later, same pieces and same price."""
    lines = pd.read_csv(shared / "data" / "online_retail.csv.gz", dtype={"InvoiceNo": str, "StockCode": str})
    lines = lines[lines["CustomerID"].notna()].assign(moment=pd.to_datetime(lines["InvoiceDate"]))
    sales = lines[(lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    if net:
        sales = sales.drop(index=_undone(sales, lines[lines["Quantity"] < 0]))
    names = sales["CustomerID"].astype("int64").astype(str)
    return _days(names, sales["moment"].dt.normalize(), sales["Quantity"] * sales["UnitPrice"])


def chain(shared: Path) -> pd.DataFrame:
    """The customer-days of a retail chain over four years."""
    rows = pd.read_csv(shared / "data" / "retail_chain.csv.gz", parse_dates=["day"])
    return _days(rows["customer"], rows["day"], rows["value"])


def grocery(shared: Path) -> pd.DataFrame:
    """The customer-days of a grocer over two years, without amounts: each order is worth 1."""
    rows = pd.read_csv(shared / "data" / "grocery.csv.gz", parse_dates=["day"])
    return _days(rows["customer"].astype(str), rows["day"], rows["value"])


def _undone(sales: pd.DataFrame, cancelled: pd.DataFrame) -> list[int]:
    """The sale that each cancellation takes back: the latest one before it."""
    columns = ["CustomerID", "StockCode", "Quantity", "UnitPrice"]
    both = pd.concat([sales.assign(back=False), cancelled.assign(back=True)]).sort_values(["moment", "back"])
    standing: dict[tuple[object, ...], list[int]] = {}
    undone = []
    for row in both.assign(Quantity=both["Quantity"].abs())[[*columns, "back"]].itertuples():
        held = standing.setdefault(tuple(row[1:5]), [])
        if not row.back:
            held.append(row.Index)
        elif held:
            undone.append(held.pop())
    return undone


def _days(customer: pd.Series, date: pd.Series, revenue: pd.Series) -> pd.DataFrame:
    day = date.to_numpy().astype("datetime64[D]").astype("int64")
    frame = pd.DataFrame(
        {"customer_id": np.asarray(customer, dtype=object), "day": day, "revenue": np.asarray(revenue)}
    )
    spend = frame.groupby(["customer_id", "day"], as_index=False).sum()
    return spend.assign(orders=1, paid=spend["revenue"])


def holdouts(shared: Path) -> list[Holdout]:
    """The holdouts of `published/holdout.csv`, under the names it gives them."""
    return [
        Holdout("cdnow_sample", cdnow(shared), CDNOW_END, 273),
        Holdout("cdnow_full", cdnow(shared, full=True), CDNOW_END, 273),
        Holdout("online_retail_26w", online_retail(shared), RETAIL_END, 182),
        Holdout("online_retail_26w_net", online_retail(shared, net=True), RETAIL_END, 182),
        Holdout("retail_chain_1y", chain(shared), CHAIN_END, 365),
        Holdout("grocery_52w", grocery(shared), GROCERY_END, 364, "orders"),
    ]


def others(shared: Path) -> pd.DataFrame:
    """What every package and naive rule reached: `dataset`, `target`, `model`, `package`, the measures; shares as such.

    `target` is "revenue" or "orders"; `error` is that of the total, as a share of what came.
    """
    rows = pd.read_csv(shared / "published" / "holdout.csv").rename(columns={"RMSE": "rmse"})
    return rows.assign(
        package=rows["model"].str.startswith(PACKAGES), error=rows["bias_pct"] / 100,
        target=rows["target"].replace("purchases", "orders"),
    )  # fmt: skip

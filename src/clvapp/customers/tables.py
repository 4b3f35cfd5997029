"""The canonical lazy tables of orders, and how a query on them becomes a frame."""

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute

Array = npt.NDArray[Any]


ORDER_WORDS = ("product", "category", "country", "region", "city", "channel")


@dataclass(frozen=True)
class Tables:
    """The canonical lazy tables: one row an order, and money that moved without an order.

    `strays`, where there are any, holds the same of what lies alone: only its money counts, from the nearest day of
    trade on. Its `day` is that day.
    """

    orders: nw.LazyFrame[Any]
    adjustments: nw.LazyFrame[Any]
    strays: "Tables | None" = None

    def until(self, end_day: int) -> "Tables":
        """The same, nothing after `end_day`."""
        return self._filtered(nw.col("day") <= end_day)

    def of_customers(self) -> "Tables":
        """The same, without what no customer can be named for."""
        return self._filtered(~nw.col("customer_id").is_null())

    def _filtered(self, kept: nw.Expr) -> "Tables":
        strays = self.strays._filtered(kept) if self.strays else None
        return Tables(self.orders.filter(kept), self.adjustments.filter(kept), strays)

    def with_strays(self) -> "Tables":
        """All orders and adjustments in two tables, where only money is counted and never a day."""
        if self.strays is None:
            return self
        orders, adjustments = self.strays.orders, self.strays.adjustments
        return Tables(nw.concat([self.orders, orders]), nw.concat([self.adjustments, adjustments]))


def span(tables: Tables) -> tuple[int, int]:
    """The days of the first and of the last order."""
    found = _frame(tables.orders.select(first=nw.col("day").min(), last=nw.col("day").max()))
    return int(found["first"].iloc[0]), int(found["last"].iloc[0])


def _float(*names: str) -> nw.Expr:
    """Sums of decimals as floats: a frame's money."""
    return nw.col(*names).cast(nw.Float64)


def _float_of(*names: str) -> dict[str, nw.Expr]:
    """The same as columns to put in their place."""
    return {name: nw.col(name).cast(nw.Float64) for name in names}


def _people(lazy: nw.LazyFrame[Any]) -> pd.DataFrame:
    """One row a customer as a frame: words come as they stand, where the engine's own frame makes an object of each.

    Copied, since any column of a batch keeps the memory of them all.
    """
    table: pa.Table = lazy.collect("pyarrow").to_native()
    copied = table.take(pa.array(np.arange(len(table))))
    del table
    frame: pd.DataFrame = copied.to_pandas(split_blocks=True, self_destruct=True)
    return frame


def _frame(lazy: nw.LazyFrame[Any]) -> pd.DataFrame:
    frame: pd.DataFrame = lazy.collect("pandas").to_native()
    return frame

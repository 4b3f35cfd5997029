"""One row for each customer and day with money, for shops that come from no export."""

import pandas as pd


def all_paid(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows`, with all their money paid for that day's orders. On a day without an order, none of it was."""
    return rows.assign(paid=rows["revenue"].where(rows["orders"] > 0, 0.0))


def spend_of(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Rows of customer, day and money; a fourth number is how many orders, if not one."""
    whole = [(*row, 1)[:4] for row in rows]
    return all_paid(pd.DataFrame(whole, columns=["customer_id", "day", "revenue", "orders"]))

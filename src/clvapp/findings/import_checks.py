"""What a data person would ask about an export before believing its numbers: a sentence each, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from clvapp.plural import counted

MANY_TIMES_THE_MEDIAN = 50
# Below so many, chance explains what would be odd among more.
FEW_ORDERS = 20
ONE_OF_ALL_ORDERS = 0.2
DOUBLED_SHARE = 0.005
MONTHS_NAMED = 6

Money = Callable[[float], str]


@dataclass(frozen=True)
class Imported:
    """What is asked about. Money in the shop's currency, before refunds.

    `months`: one row a calendar month with `month` and `orders`. `customers`: one row each with `customer_id` and
    `orders`. `doubled`: orders beyond the first of the same customer, moment and value. `overpaid`: orders that gave
    back more than they came to.
    """

    months: pd.DataFrame
    customers: pd.DataFrame
    orders: int
    median_value: float
    largest_value: float
    largest_order: str
    doubled: int
    overpaid: int


def warnings(found: Imported, money: Money) -> tuple[str, ...]:
    """A sentence for each thing that is odd: what it is, and what it may mean."""
    return tuple(_warnings(found, money))


def _warnings(found: Imported, money: Money) -> Iterator[str]:
    if missing := _missing(found.months):
        yield missing
    if found.orders >= FEW_ORDERS and found.largest_value >= MANY_TIMES_THE_MEDIAN * found.median_value > 0:
        times = found.largest_value / found.median_value
        yield (
            f"The largest order ({found.largest_order}, {money(found.largest_value)}) is {times:,.0f} times the middle "
            "one: if it is a test or a typing error, it moves every average."
        )
    if found.doubled >= max(1.0, DOUBLED_SHARE * found.orders):
        yield (
            f"{counted(found.doubled, 'order')} may be doubled: the same customer, the same moment and the same "
            "amount as another under a different number. They were counted."
        )
    if found.overpaid:
        more = "order has" if found.overpaid == 1 else "orders have"
        yield f"{found.overpaid:,} {more} more given back than paid; the difference counts against the shop."
    yield from _of_customers(found)


def _missing(months: pd.DataFrame) -> str | None:
    empty = months.loc[months["orders"] == 0, "month"]
    if empty.empty:
        return None
    named = ", ".join(f"{month:%B %Y}" for month in empty.head(MONTHS_NAMED))
    more = f" and {len(empty) - MONTHS_NAMED} more" if len(empty) > MONTHS_NAMED else ""
    return (
        f"There is no order in {named}{more}, in the middle of the file: if the shop was open then, an export is "
        "missing, and everybody looks as if they had paused."
    )


def _of_customers(found: Imported) -> Iterator[str]:
    people = found.customers
    if len(people) < FEW_ORDERS:
        return
    if (people["orders"] == 1).all():
        yield (
            f"Each of the {len(people):,} customers bought exactly once: what the export calls a customer may be new "
            "with every order. If there is a column that stays the same, such as an e-mail address, map that one."
        )
    place = int(people["orders"].to_numpy().argmax())
    most = int(people["orders"].iloc[place])
    if most > ONE_OF_ALL_ORDERS * found.orders:
        yield (
            f"One customer ({people['customer_id'].iloc[place]}) has {most / found.orders:.0%} of all orders: a till "
            "or a guest account, perhaps, rather than a person."
        )

"""An export's facts -> a sentence on each that looks odd, as a data person would check before believing its numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from clvapp.wording import Of, Wording

MANY_TIMES_THE_MEDIAN = 50
# With fewer than these, chance explains what would be odd among more.
FEW_ORDERS = 20
ONE_OF_ALL_ORDERS = 0.2
DOUBLED_SHARE = 0.005
MONTHS_NAMED = 6
# Of all first orders on one day, and how many times any other day's: customers carried over from another system.
ONE_DAY_OF_FIRST_ORDERS, TIMES_ANY_OTHER_DAY = 0.2, 10


@dataclass(frozen=True)
class Imported:
    """The facts to check. Money is in the shop's currency, before refunds.

    `months`: one row per calendar month, with `month` and `orders`. `customers`: one row each, with `customer_id` and
    `orders`, and, where it is known, `first_order` and `last_order`. `doubled`: orders that repeat another's customer,
    moment and value. `overpaid`: orders refunded by more than they came to.
    """

    months: pd.DataFrame
    customers: pd.DataFrame
    orders: int
    median_value: float
    largest_value: float
    largest_order: str
    doubled: int
    overpaid: int


def warnings(found: Imported, words: Wording) -> tuple[str, ...]:
    """A sentence on each odd thing: what it is, and what it may mean."""
    return tuple(_warnings(found, words))


def _warnings(found: Imported, words: Wording) -> Iterator[str]:
    if missing := _missing(found.months, words):
        yield missing
    if found.orders >= FEW_ORDERS and found.largest_value >= MANY_TIMES_THE_MEDIAN * found.median_value > 0:
        times = words.times(found.largest_value / found.median_value, of=Of("largest_order_times_median"))
        largest = words.money(found.largest_value, of=Of("largest_order"))
        yield (
            f"The largest order ({found.largest_order}, {largest}) is {times} the middle one: "
            "if it is a test or a typing error, it moves every average."
        )
    if found.doubled >= max(1.0, DOUBLED_SHARE * found.orders):
        doubled = words.count(found.doubled, "order", of=Of("orders_maybe_doubled"))
        yield (
            f"{doubled} may be doubled: the same customer, the same moment and the same "
            "amount as another under a different number. They were counted."
        )
    if found.overpaid:
        more = words.count(found.overpaid, "order has", "orders have", of=Of("orders_overpaid"))
        yield f"{more} more given back than paid; the difference counts against the shop."
    yield from _of_customers(found, words)


def _missing(months: pd.DataFrame, words: Wording) -> str | None:
    empty = months.loc[months["orders"] == 0, "month"]
    if empty.empty:
        return None
    named = ", ".join(words.month(month, in_full=True) for month in empty.head(MONTHS_NAMED))
    rest = words.count(len(empty) - MONTHS_NAMED, of=Of("months_empty", group="not named"))
    more = f" and {rest} more" if len(empty) > MONTHS_NAMED else ""
    return (
        f"There is no order in {named}{more}, in the middle of the file: if the shop was open then, an export is "
        "missing, and everybody looks as if they had paused."
    )


def _of_customers(found: Imported, words: Wording) -> Iterator[str]:
    people = found.customers
    if len(people) < FEW_ORDERS:
        return
    if (people["orders"] == 1).all():
        each = words.count(len(people), "customer", of=Of("customers"))
        yield (
            f"Each of the {each} bought exactly once: what the export calls a customer may be new with every order. If "
            "there is a column that stays the same, such as an e-mail address, map that one."
        )
    if carried_over := _carried_over(people, words):
        yield carried_over
    place = int(people["orders"].to_numpy().argmax())
    most = int(people["orders"].iloc[place])
    if most > ONE_OF_ALL_ORDERS * found.orders:
        share = words.share(most / found.orders, of=Of("orders_share", group="the most frequent customer"))
        yield (
            f"One customer ({people['customer_id'].iloc[place]}) has {share} of all orders: "
            "a till or a guest account, perhaps, rather than a person."
        )


def _carried_over(people: pd.DataFrame, words: Wording) -> str | None:
    """Whether many customers have their first order on one day, far more than on any other."""
    if "first_order" not in people:
        return None
    came = people["first_order"].value_counts()
    day, count = came.index[0], int(came.iloc[0])
    next_most = int(came.iloc[1]) if len(came) > 1 else 0
    spike = count >= ONE_DAY_OF_FIRST_ORDERS * len(people) and count >= TIMES_ANY_OTHER_DAY * max(next_most, 1)
    if not spike or people["last_order"].max() <= day:
        return None
    first = Of("customers", group="the most frequent first day")
    many, every = words.count(count, "customer", of=first), words.count(len(people), of=Of("customers"))
    share = words.share(count / len(people), of=replace(first, name="customers_share"))
    most = words.count(next_most, of=replace(first, group="the next most frequent first day"))
    return (
        f"{many} of {every} ({share}) have their first order on {words.date(day.date())}, and no other day brought "
        f"more than {most}: "
        "they were probably carried over from another system on that day. If so, their real first orders are not in "
        "the file, and first orders, cohorts and how soon people come back say little about them."
    )

"""Sums over customers -> the key figures of a day, each with its meaning."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from clvapp.days import YEAR, dates, first_days, months, year_before
from clvapp.stats import Bools, Floats
from clvapp.then_now.history import SECOND_WITHIN, SUMS, History, has_states, totals

Unit = Literal["money", "share", "customers", "orders", "orders each"]
LEAST_DAYS, MOST_DAYS = 28, YEAR
LEAST_APART = 56  # days between the two
LEAST_ASKED = 5  # customers: a share of fewer is not given


@dataclass(frozen=True)
class KeyFigure:
    """A key figure.

    A `cumulative` figure grows simply because history does, so its change is never called more than chance. `newness`
    means that it asks who is new, which the beginning of a file cannot tell; `by_state` that it asks who was active,
    which few returns cannot. `window` means that it covers the days up to the date. `people` is the sum of `SUMS` that
    counts the customers it stands on, and `nobody` says that there are none; of a share `of_them`, which needs
    `LEAST_ASKED`, it says whom it is a share of.
    """

    key: str
    label: str
    unit: Unit
    meaning: str
    value: Callable[[dict[str, Floats]], Floats]
    cumulative: bool = False
    newness: bool = False
    window: bool = True
    people: str = "buyers"
    nobody: str = "Nobody bought in one of the two periods."
    of_them: bool = False
    by_state: bool = False


def _over(part: Floats, whole: Floats) -> Floats:
    found = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=found, where=np.asarray(whole) > 0)
    return found


FIGURES = (
    KeyFigure("customers", "Customers so far", "customers", "Everybody with an order by then.",
              lambda s: s["customers"], cumulative=True, window=False, people="customers"),
    KeyFigure("revenue_so_far", "Customers' revenue so far", "money", "All that customers had paid, after refunds.",
              lambda s: s["revenue_so_far"], cumulative=True, window=False, people="customers"),
    KeyFigure("average_value", "Revenue so far of a customer", "money", "Revenue so far over customers so far.",
              lambda s: _over(s["revenue_so_far"], s["customers"]), cumulative=True, window=False,
              people="customers"),
    KeyFigure("clv", "Revenue of a customer by the formula", "money",
              "The simple formula over the 12 months up to the day: order value x orders a year x years as a customer.",
              lambda s: _over(s["worth_revenue"], s["exposure"]) * _over(s["years"], s["worth_customers"]),
              cumulative=True, window=False, people="worth_customers",
              nobody="Nobody bought in the 12 months up to one of the two days."),
    KeyFigure("revenue", "Revenue", "money", "The shop's revenue in the days up to the date, after refunds.",
              lambda s: s["shop_revenue"]),
    KeyFigure("orders", "Orders", "orders", "The shop's orders in the days up to the date.",
              lambda s: s["shop_orders"]),
    KeyFigure("order_value", "Average order", "money", "Revenue over orders.",
              lambda s: _over(s["shop_revenue"], s["shop_orders"]), nobody="One of the two periods has no order."),
    KeyFigure("buyers", "Customers who bought", "customers", "Customers with an order in the days up to the date.",
              lambda s: s["buyers"]),
    KeyFigure("orders_each", "Orders a buyer", "orders each", "Orders of the customers who bought, each.",
              lambda s: _over(s["orders"], s["buyers"])),
    KeyFigure("new_customers", "New customers", "customers",
              "Customers whose first order was in the days up to the date.",
              lambda s: s["new"], newness=True),
    KeyFigure("existing_share", "Revenue from customers of before", "share",
              "Of customers' revenue, what came from those whose first order was before the days up to the date.",
              lambda s: np.clip(_over(s["existing_revenue"], s["revenue"]), 0.0, 1.0), newness=True,
              nobody="In one of the two periods customers brought nothing."),
    KeyFigure("second_purchase", f"New customers who bought again within {SECOND_WITHIN} days", "share",
              f"Of those whose first order became {SECOND_WITHIN} days old in those days, who had bought again.",
              lambda s: _over(s["came_again"], s["asked"]), newness=True, people="asked", of_them=True,
              nobody=f"whose first order became {SECOND_WITHIN} days old in one of the two periods"),
    KeyFigure("active", "New and active customers", "customers",
              "Customers not silent for longer than nine in ten of those who come back are, by their own rhythm from "
              "three gaps on.",
              lambda s: s["active"], window=False, people="customers", by_state=True),
    KeyFigure("kept_share", "New and active customers who bought again", "share",
              "Of the customers new or active before the days up to the date, those who bought in them.",
              lambda s: _over(s["kept"], s["active_before"]), people="active_before", of_them=True, by_state=True,
              nobody="active before one of the two periods"),
)  # fmt: skip
BY_KEY = {figure.key: figure for figure in FIGURES}


def values(sums: Floats) -> Floats:
    """Turn sums into figures: the last axis follows `SUMS` before, and `FIGURES` after."""
    named = {name: sums[..., i] for i, name in enumerate(SUMS)}
    return np.stack([np.asarray(figure.value(named), np.float64) for figure in FIGURES], axis=-1)


def known(seen: History, day: int, days: int) -> np.ndarray:
    """Which figures we can tell on `day`.

    None whose window starts before the file, nor who is new in the burn-in, nor who was active before 20 returns.
    """
    start = day - days
    whole = start >= seen.first_day - 1
    newness = seen.burn_in_end is None or start + 1 >= seen.burn_in_end
    earlier = seen.burn_in_end is None or start + 1 - SECOND_WITHIN >= seen.burn_in_end
    by_key = {"second_purchase": earlier}
    return np.array(
        [
            day >= seen.first_day
            and (whole or not figure.window)
            and (by_key.get(figure.key, newness) or not figure.newness)
            and (not figure.by_state or has_states(seen, start if figure.window else day))
            for figure in FIGURES
        ]
    )


def is_known(seen: History, day: int, days: int, key: str) -> bool:
    """Whether we can tell the figure called `key` on `day`."""
    return bool(known(seen, day, days)[[figure.key for figure in FIGURES].index(key)])


def figures_at(seen: History, day: int, days: int) -> pd.Series:
    """The key figures of `day` by key, over windows of `days` days; NaN where the file cannot tell."""
    found = totals(seen, day, days)
    can = known(seen, day, days) & enough(found)
    return pd.Series(np.where(can, values(found), np.nan), index=[figure.key for figure in FIGURES])


def people(sums: Floats) -> Floats:
    """How many customers each figure stands on, from the sums of a day."""
    return np.array([sums[SUMS.index(figure.people)] for figure in FIGURES], dtype=np.float64)


def enough(sums: Floats) -> Bools:
    """Whether each figure stands on enough customers to be given: a share of them needs five."""
    return np.array([not figure.of_them for figure in FIGURES]) | (people(sums) >= LEAST_ASKED)


def window_days(then: int, now: int) -> int:
    """How long a comparison's windows are: the time between its dates, but at least 28 days and at most a year."""
    return int(np.clip(now - then, LEAST_DAYS, MOST_DAYS))


def usual_days(first: int, now: int) -> tuple[int, int] | None:
    """The two days to compare until the owner chooses others, in a file from `first` to `now`; None if it is too short.

    The last year and the same months a year before; in a shorter file half a year, or half of the file.
    """
    if now - first < LEAST_APART:
        return None
    before = year_before(now)
    return (before if before - YEAR >= first - 1 else max(now - 182, now - (now - first) // 2)), now


def trend(seen: History, *, end_day: int, days: int) -> pd.DataFrame:
    """Every key figure at the end of each month and on `end_day`, one row per date and figure.

    Returns a frame with `date`, `key`, `label`, `unit`, `value` (NaN where the file cannot tell).
    """
    first, last = months([seen.first_day, end_day])
    month_ends = first_days(np.arange(first, last + 1) + 1) - 1
    ends = [*month_ends[month_ends < end_day].tolist(), end_day]
    rows = np.stack([figures_at(seen, day, days).to_numpy() for day in ends])
    return pd.DataFrame(
        {
            "date": np.repeat(dates(ends), len(FIGURES)),
            "key": [figure.key for figure in FIGURES] * len(ends),
            "label": [figure.label for figure in FIGURES] * len(ends),
            "unit": [figure.unit for figure in FIGURES] * len(ends),
            "value": rows.ravel(),
        }
    )

"""Order days -> a table of figures on who comes back, each with a point of reference and the start of its sentence."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from clvapp.customers.order_days import REPEAT, OrderDays
from clvapp.days import MONTHS_IN_YEAR, YEAR
from clvapp.repeat.money import (
    CROSS_DAYS,
    FIRST_MONTHS,
    MONTH,
    Share,
    by_month,
    cross_buying,
    early_share,
    share_of_months,
)
from clvapp.repeat.reference import REFERENCES
from clvapp.repeat.repeat_rate import came_back

AGAIN_WITHIN = 30
COLUMNS = ("key", "what", "share", "low", "high", "customers", "reason", "references", "meaning", "source")


class _Seen(NamedTuple):
    end_day: int
    burn_in_end: int | None


@dataclass(frozen=True)
class _Figure:
    key: str
    what: str  # how its sentence begins, up to the share
    meaning: str
    found: Share
    references: tuple[str, ...] = ()


def figures(
    bought: OrderDays,
    *,
    end_day: int,
    categories: pd.DataFrame | None = None,
    kind: str = "category",
    burn_in_end: int | None = None,
) -> pd.DataFrame:
    """One row per figure: its `share` with `low` and `high`, the number of `customers`, or the `reason` it is missing.

    Beside it come the points of reference (`references`, a tuple of `Reference`, empty if the literature has none) and
    their `source`. `what` begins the figure's sentence, `meaning` defines it. `categories` is what
    `customers.summary.categories` makes; without it there is no cross-buying figure. `kind` says what it lists:
    "category", or "product" if orders name no category.
    """
    known = _Seen(end_day, burn_in_end)
    found = [*_purchases(bought, known), *_early(bought, known)]
    if categories is not None:
        crossed = cross_buying(categories, bought, end_day=known.end_day, burn_in_end=known.burn_in_end)
        found.append(
            _Figure("cross_buying", f"Of first orders of a {kind} new to the customer, within a year of their first "
                    f"order, so many come within {CROSS_DAYS} days:",
                    f"Of customers' first orders of a {kind} new to them, within {YEAR} days of their first order, "
                    f"those within {CROSS_DAYS} days.", crossed, ("cross_buying",))
        )  # fmt: skip
    found += _existing(by_month(bought, end_day=known.end_day, burn_in_end=known.burn_in_end), burn_in_end)
    found.append(
        _Figure("not_back", "Not back within a year of the first purchase:",
                f"Customers who make no second purchase within {YEAR} days of the first, by the same curve as those "
                "who do.", _not_back(bought, known))
    )  # fmt: skip
    return pd.DataFrame([_row(one) for one in found], columns=list(COLUMNS))


def _purchases(bought: OrderDays, known: _Seen) -> list[_Figure]:
    rows = []
    for number, name, key in ((2, "second", "second_purchase"), (3, "third", "third_purchase")):
        for days in (AGAIN_WITHIN, 90):
            back = came_back(bought, days=days, number=number, end_day=known.end_day, burn_in_end=known.burn_in_end)
            share = Share(back.share, back.low, back.high, back.customers, _unwatched(number, days))
            quoted = (key,) if number == 3 or days == AGAIN_WITHIN else ()
            rows.append(
                _Figure(f"{key}_{days}", f"Your {name}-purchase rate within {days} days is",
                        f"Customers who make a {name} purchase within {days} days of the one before.", share, quoted)
            )  # fmt: skip
    return rows


def _not_back(bought: OrderDays, known: _Seen) -> Share:
    """The rest of the curve of second purchases after a year. With who came back sooner it is never more than all."""
    back = came_back(bought, days=YEAR, end_day=known.end_day, burn_in_end=known.burn_in_end)
    share, low, high = (None if one is None else 1 - one for one in (back.share, back.high, back.low))
    return Share(share, low, high, back.customers, _unwatched(REPEAT, YEAR))


def _unwatched(number: int, days: int) -> str:
    if number == 2:
        return f"Nobody who is still to buy again has been watched for {days} days yet."
    return (
        f"Nobody's first order is {days * (number - 1)} days old yet, or nobody of those bought a second time within "
        f"{days} days."
    )


def _early(bought: OrderDays, known: _Seen) -> list[_Figure]:
    first_year = early_share(bought, of_days=YEAR, end_day=known.end_day, burn_in_end=known.burn_in_end)
    three_years = early_share(bought, of_days=3 * YEAR, end_day=known.end_day, burn_in_end=known.burn_in_end)
    return [
        _Figure("first_month", "Of the first year's value, the first month brings",
                f"Revenue of a customer's first {MONTH} days as a share of their first {YEAR}.",
                first_year, ("first_month",)),
        _Figure("first_month_of_three_years", "Of three years' value, the first month brings",
                f"Revenue of a customer's first {MONTH} days as a share of their first {3 * YEAR}.", three_years),
    ]  # fmt: skip


def _existing(months: pd.DataFrame, burn_in_end: int | None) -> list[_Figure]:
    """Shares of the shop's revenue. They cover everything sold, so they have no sampling error and no interval."""
    late = None if burn_in_end is None else "The file begins in the middle of the shop's life."

    def share(of: str, first: int, count: int, why: str) -> Share:
        found = None if first >= 0 and late else share_of_months(months, of, first=first, count=count)
        return Share(found, None, None, 0, (late if first >= 0 and late else why) if found is None else "")

    year = "There are no 12 complete months in which new customers can be told from old ones."
    return [
        _Figure("existing_customers", "Of customers' revenue in the last 12 complete months, existing customers bring",
                "Revenue of customers whose first order is of an earlier month, as a share of all customers' revenue.",
                share("existing", -MONTHS_IN_YEAR, MONTHS_IN_YEAR, year),
                ("existing_customers", "existing_customers_best")),
        _Figure("repeat_first_months",
                f"Of customers' revenue in the shop's first {FIRST_MONTHS} months, repeat purchases brought",
                "Revenue on days after the day of the customer's first order, as a share of all customers' revenue.",
                share("repeat", 0, FIRST_MONTHS, "The shop's first months are not complete yet."),
                ("repeat_first_months",)),
        _Figure("repeat_third_year", "Of customers' revenue in the shop's third year, repeat purchases brought",
                "Revenue on days after the day of the customer's first order, as a share of all customers' revenue.",
                share("repeat", 2 * MONTHS_IN_YEAR, MONTHS_IN_YEAR, "The shop's third year is not over yet."),
                ("repeat_third_year",)),
    ]  # fmt: skip


def _row(one: _Figure) -> tuple[Any, ...]:
    found, quoted = one.found, tuple(REFERENCES[key] for key in one.references)
    numbers = [float("nan") if value is None else value for value in (found.share, found.low, found.high)]
    reason = found.reason if found.share is None else ""
    source = "; ".join(dict.fromkeys(reference.source for reference in quoted))
    return (one.key, one.what, *numbers, found.customers, reason, quoted, one.meaning, source)

"""Order days -> whether the file starts at the shop's opening, and how much of it to leave out if not.

An export that starts in the middle of a shop's life makes old customers look new. How many look new tells little: a
launch or a Christmas brings many as well, and a January few. How they go on tells more: who is seen in the first days
of such a file is mostly a regular, and comes back far more often than people who are new. Customers of an opening come
back like those who follow them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.customers.order_days import REPEAT, order_days
from clvapp.days import YEAR, first_days, months
from clvapp.stats import Floats, Integers

LEAST_DAYS = 180
_FIRST_DAYS = 30
# Measured on simulated shops with known truth (tests/test_opening.py) and on Online Retail.
_COME_BACK_MORE, _STANDARD_ERRORS, _OF_LATER = 1.15, 2.0, 1.0
_RETURNS_SEEN, _LONGEST_SHARE = 0.9, 1 / 3


@dataclass(frozen=True)
class BurnIn:
    """`end`: first day (since 1970) on which a new customer is new; None for a file from the opening."""

    starts_at_opening: bool
    end: int | None
    months_left_out: int
    assumed: bool  # nobody said; it was judged from how the first customers came back


@dataclass(frozen=True)
class _Seen:
    """By customer, when they `came` (days since `start`) and the days to the next order day (NaN); all `gaps`."""

    start: int
    span: int
    came: Integers
    again: Floats
    gaps: Floats


def burn_in(spend: pd.DataFrame, *, end_day: int, answered: bool | None = None) -> BurnIn:
    """Whether the file of `spend` (one row a customer and day with money) starts at the opening.

    `answered` is the owner's answer. The burn-in lasts as long as nine in ten returns take, a third of the history at
    most, and ends with a calendar month.
    """
    bought = order_days(spend, end_day=end_day)
    if not len(bought.day):
        return BurnIn(answered is not False, None, 0, answered is None)
    start, came = int(bought.since.min()), bought.count > 0
    again, gaps = (bought.nth(REPEAT) - bought.first)[came], bought.gap[bought.returns]
    seen = _Seen(start, end_day - start + 1, bought.first[came].astype(np.intp) - start, again, gaps)
    starts = not _old_customers(seen) if answered is None else answered
    if starts:
        return BurnIn(True, None, 0, answered is None)
    left_out, day = _burn_in(seen)
    return BurnIn(False, day, left_out, answered is None)


def _old_customers(seen: _Seen) -> bool:
    """Whether the first customers are no fewer than later ones, and come back more often than chance explains."""
    if seen.span < LEAST_DAYS:
        return False
    watched = min(YEAR, seen.span // 2)
    settled = int(np.clip(seen.span // 4, 45, 180))
    early = seen.came < _FIRST_DAYS
    later = (seen.came >= settled) & (seen.came < seen.span - watched)
    returned = seen.again <= watched
    if not later.any():
        return False
    share, usual = float(returned[early].mean()), float(returned[later].mean())
    pooled = float(returned[early | later].mean())
    error = np.sqrt(pooled * (1 - pooled) * (1 / int(early.sum()) + 1 / int(later.sum())))
    return (
        share >= _COME_BACK_MORE * usual and share - usual > _STANDARD_ERRORS * error and _of_later(seen) >= _OF_LATER
    )


def _of_later(seen: _Seen) -> float:
    """New customers of the first 30 days as a multiple of what 30 days bring in the later half, or a year on."""
    counts = np.bincount(seen.came // _FIRST_DAYS, minlength=seen.span // _FIRST_DAYS)[: seen.span // _FIRST_DAYS]
    usual = float(np.median(counts[len(counts) // 2 :]))
    if seen.span >= YEAR + _FIRST_DAYS:
        usual = min(usual, float(((seen.came >= YEAR) & (seen.came < YEAR + _FIRST_DAYS)).sum()))
    return float(counts[0] / max(usual, 1.0))


def _burn_in(seen: _Seen) -> tuple[int, int]:
    """How many calendar months are left out, and the first day after them."""
    usual = float(np.quantile(seen.gaps, _RETURNS_SEEN)) if len(seen.gaps) else 0.0
    days = min(max(usual, _FIRST_DAYS), _LONGEST_SHARE * seen.span)
    reached = seen.start + round(days)
    nearest = min(months(reached) + np.arange(2), key=lambda month: abs(int(first_days(month)) - reached))
    return int(nearest - months(seen.start)), int(first_days(nearest))

"""Rules that need no model: what happened in a stretch of days, scaled to the horizon."""

import numpy as np

from clvapp.days import DAYS_IN_WEEK, YEAR
from clvapp.forecast.histories import Array
from clvapp.forecast.snapshot import Known

LAST_DAYS = 91
# The names people read.
SAME_AGAIN, OWN_RATE, REPEATS, RECENT = "same as last period", "own rate", "own rate of repeats", "last 13 weeks"
SIMPLE, RETURNS = "the simple formula", "the shop's rate of return"
NAIVE = (RETURNS, SAME_AGAIN, OWN_RATE, REPEATS, RECENT, SIMPLE)


def naive(known: Known, horizon: int) -> tuple[dict[str, Array], dict[str, Array]]:
    """Order days and money that each rule expects over the next `horizon` days, one entry a customer."""
    share = known.ahead(horizon) / known.behind
    orders: dict[str, Array] = {OWN_RATE: known.order_days * share, REPEATS: known.x * share}
    revenue: dict[str, Array] = {OWN_RATE: known.spent * share, REPEATS: (known.spent - known.first_value) * share}
    for name, days in ((SAME_AGAIN, min(horizon, known.watched)), (RECENT, min(LAST_DAYS, known.watched))):
        days_found, money_found = known.ledger.between(known.day - days, known.day)
        orders[name] = days_found[known.place] * horizon / days
        revenue[name] = money_found[known.place] * horizon / days
    everybody = np.ones(len(known.place)) / max(len(known.place), 1)
    # Average order value x orders a customer and year, and the rate of coming back: the same of everybody.
    orders[SIMPLE], revenue[SIMPLE] = everybody * orders[SAME_AGAIN].sum(), everybody * revenue[SAME_AGAIN].sum()
    orders[RETURNS] = np.full(len(known.place), rate_of_return(known) * known.ahead(horizon))
    value = float(known.spent.sum() / max(known.order_days.sum(), 1))
    revenue[RETURNS] = orders[RETURNS] * value
    return orders, revenue


def rate_of_return(known: Known) -> float:
    """Repeat order days a customer and day watched, with half a one in a year added: what nobody has shown is not 0."""
    watched = float(known.histories.weight @ known.histories.T) * DAYS_IN_WEEK
    return (float(known.x.sum()) + 0.5) / (watched + YEAR)

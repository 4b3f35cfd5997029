"""What is unusual about a shop's orders, in so far as a forecast is better or worse for it."""

import numpy as np

from clvapp.finding import Finding
from clvapp.forecast.accuracy import spearman
from clvapp.forecast.season import Season
from clvapp.forecast.snapshot import Known
from clvapp.plural import counted

_LARGE_SHARE = 0.2
_STOPPED_DAYS, _STOPPED_TIMES = 30, 3
_STEADY, _STEADY_DAYS = 0.4, 5
_GOES_TOGETHER, _FEW = 0.2, 50


def remarks(known: Known, season: Season | None) -> tuple[Finding, ...]:
    """Every remark that holds of what was known at the end."""
    found = [_nobody_came_back(known), _stopped(known), _one_order(known), _steady(known), _spend(known)]
    return tuple(one for one in [*found, _season(season)] if one is not None)


def _nobody_came_back(known: Known) -> Finding | None:
    if known.x.sum() > 0:
        return None
    years = float((known.day - known.first).sum()) / 365.25
    said = f"None of {counted(len(known.place), 'customer')} has come back yet, in {years:,.1f} customer-years together"
    least = years / 3  # the rule of three: with none seen, it is 95 % certain that they are no more frequent
    more = f": more than one return in {least:,.0f} customer-years would have shown." if least >= 1 else "."
    return Finding("nobody_came_back", said + more)


def _stopped(known: Known) -> Finding | None:
    days = np.unique(known.ledger.day[known.ledger.order_day & (known.ledger.day <= known.day)])
    if len(days) < 3:
        return None
    silent, longest = known.day - int(days[-1]), int(np.diff(days).max())
    if silent < max(_STOPPED_DAYS, _STOPPED_TIMES * longest):
        return None
    return Finding(
        "stopped",
        f"There was no order in the last {silent:,} days, and never before for more than {longest:,}: if the shop has "
        "closed or the file is old, no forecast of it holds.",
    )


def _one_order(known: Known) -> Finding | None:
    inside = known.ledger.order_day & (known.ledger.day <= known.day)
    revenue = known.ledger.revenue[inside]
    if len(revenue) < 10 or revenue.max() < _LARGE_SHARE * revenue.sum():
        return None
    who = known.ledger.customer_ids[known.ledger.customer[inside][int(revenue.argmax())]]
    return Finding(
        "one_large_order",
        f"One order, of {who}, is {revenue.max() / revenue.sum():.0%} of all revenue: whether another like it comes "
        "decides more than anything that can be forecast.",
    )


def _steady(known: Known) -> Finding | None:
    """Orders at even gaps, where the models expect chance ones."""
    inside = np.flatnonzero(known.ledger.order_day & (known.ledger.day <= known.day))
    owner, day = known.ledger.customer[inside], known.ledger.day[inside]
    gap, same = np.diff(day).astype("float64"), owner[1:] == owner[:-1]
    size = len(known.ledger.customer_ids)
    count, total = (np.bincount(owner[1:][same], weights, minlength=size) for weights in (None, gap[same]))
    square = np.bincount(owner[1:][same], gap[same] ** 2, minlength=size)
    often = count >= _STEADY_DAYS - 1
    if not often.any() or count[often].sum() < 0.5 * count.sum():
        return None
    mean = total[often] / count[often]
    spread = np.sqrt(np.maximum(square[often] / count[often] - mean**2, 0)) / mean
    if np.median(spread) > _STEADY:
        return None
    return Finding(
        "steady_rhythm",
        f"Most repeat orders come at even gaps, of about {np.median(mean):.0f} days: the models expect chance gaps, so "
        "the ranges are wider than such customers are.",
    )


def _spend(known: Known) -> Finding | None:
    again = (known.x > 0) & (known.repeat_value > 0)
    if again.sum() < _FEW:
        return None
    together = spearman(known.x[again], known.repeat_value[again])
    if together is None or abs(together) < _GOES_TOGETHER:
        return None
    more = "more" if together > 0 else "less"
    return Finding(
        "spend_goes_with_frequency",
        f"Who orders more often spends {more} an order (rank correlation {together:.2f}); Gamma-Gamma takes the two as "
        "unrelated, and the weights learned on earlier cuts make up for it as far as they can.",
    )


def _season(season: Season | None) -> Finding | None:
    if season is None:
        return None
    return Finding(
        "season",
        f"The year has a season that one year foretold of another: its busiest month brings {season.swing:.1f} times "
        "the quietest. Time is measured in days of equal business.",
    )

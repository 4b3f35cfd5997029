"""What is unusual about a shop's orders, in so far as a forecast is better or worse for it."""

import numpy as np

from clvapp.days import MEAN_YEAR, date
from clvapp.finding import Finding
from clvapp.forecast import basket_trend
from clvapp.forecast.accuracy import spearman
from clvapp.forecast.season import CHECKED_MONTHS, Clock
from clvapp.forecast.snapshot import Known
from clvapp.wording import GIVEN, Of, Wording

_LARGE_SHARE = 0.2
_STOPPED_DAYS, _STOPPED_TIMES = 30, 3
_END_DAYS, _BEFORE_DAYS, _USUAL_ORDERS, _THIN = 28, 91, 20, 1 / 3
RECENT_DAYS = 182  # since a reopening: as long as the tests of a forecast leave out
_STEADY, _STEADY_DAYS = 0.4, 5
_GOES_TOGETHER, _FEW = 0.2, 50


def remarks(known: Known, clock: Clock, words: Wording = Wording(), *, even: bool = False) -> tuple[Finding, ...]:
    """Every remark that holds of what was known at the end, as `clock` measured its time.

    `even`: whether a model of even gaps makes the forecast.
    """
    found = [say(known, words) for say in (_nobody_came_back, _stopped, _one_order, _spend)]
    found.append(_steady(known, words, known_even=even))
    timed = [say(known, clock, words) for say in (_closed, _thin_end, _season)]
    found.append(_prices(basket_trend.trend(known), words))
    return tuple(one for one in [*found, *timed] if one is not None)


def _nobody_came_back(known: Known, words: Wording) -> Finding | None:
    if known.x.sum() > 0:
        return None
    years = float((known.day - known.first).sum()) / MEAN_YEAR
    people = words.count(len(known.place), "customer", of=Of("customers"))
    together = words.number(years, 1, of=Of("customer_years"))
    said = f"None of {people} has come back yet, in {together} customer-years together"
    least = years / 3  # the rule of three: with none seen, it is 95 % certain that they are no more frequent
    shown = words.number(least, of=Of("customer_years_third"))
    more = f": more than one return in {shown} customer-years would have shown." if least >= 1 else "."
    return Finding("nobody_came_back", said + more)


def _stopped(known: Known, words: Wording) -> Finding | None:
    days = np.unique(known.ledger.day[known.ledger.order_day & (known.ledger.day <= known.day)])
    if len(days) < 3:
        return None
    silent, longest = known.day - int(days[-1]), int(np.diff(days).max())
    if silent < max(_STOPPED_DAYS, _STOPPED_TIMES * longest):
        return None
    now, before = words.count(silent, "day", of=Of("shop_silence")), words.count(longest, of=Of("shop_longest_gap"))
    return Finding(
        "stopped",
        f"There was no order in the last {now}, and never before for more than {before}: if the shop has closed or the "
        "file is old, no forecast of it holds.",
    )


def _one_order(known: Known, words: Wording) -> Finding | None:
    inside = known.ledger.order_day & (known.ledger.day <= known.day)
    paid = known.ledger.paid[inside]
    if len(paid) < 10 or paid.max() < _LARGE_SHARE * paid.sum():
        return None
    who = known.ledger.customer_ids[known.ledger.customer[inside][int(paid.argmax())]]
    share = words.share(paid.max() / paid.sum(), of=Of("largest_order_share"))
    return Finding(
        "one_large_order",
        f"One order, of {who}, is {share} of all revenue of known customers: whether another like it "
        "comes decides more than anything that can be forecast.",
    )


def _steady(known: Known, words: Wording, *, known_even: bool) -> Finding | None:
    """Orders at even gaps, and whether a model expects them."""
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
    even = words.number(float(np.median(mean)), of=Of("even_gap"))
    models = "the models expect chance gaps, so the ranges are wider than such customers are."
    told = "a model that knows even gaps forecasts them." if known_even else models
    return Finding("steady_rhythm", f"Most repeat orders come at even gaps, of about {even} days: {told}")


def _spend(known: Known, words: Wording) -> Finding | None:
    again = (known.x > 0) & (known.repeat_value > 0)
    if again.sum() < _FEW:
        return None
    together = spearman(known.x[again], known.repeat_value[again])
    if together is None or abs(together) < _GOES_TOGETHER:
        return None
    more, correlated = "more" if together > 0 else "less", words.number(together, 2, of=Of("spend_and_frequency"))
    return Finding(
        "spend_goes_with_frequency",
        f"Who orders more often spends {more} an order (rank correlation {correlated}); Gamma-Gamma "
        "takes the two as unrelated, and the shares learned on earlier cuts make up for it as far as they can.",
    )


def _thin_end(known: Known, clock: Clock, words: Wording) -> Finding | None:
    """A last month with far fewer orders than the months before it, at equal business."""
    edges = known.day - np.array([_END_DAYS + _BEFORE_DAYS, _END_DAYS, 0])
    if edges[0] < known.ledger.start:
        return None
    chosen = known.ledger.day[known.ledger.order_day]
    before, now = np.diff(np.searchsorted(np.sort(chosen), edges, side="right"))
    long = np.diff(clock.at(edges))
    usual = float(before * long[1] / max(int(long[0]), 1))
    if usual < _USUAL_ORDERS or now > _THIN * usual:
        return None
    seen, least = words.count(int(now), "order", of=Of("orders_at_the_end")), words.count(usual, of=Of("orders_usual"))
    last = words.count(_END_DAYS, "day", of=GIVEN)
    return Finding(
        "thin_end",
        f"The last {last} hold {seen}, where about {least} are usual: if the export breaks off there, end it earlier. "
        "The forecast takes the silence for its customers' own.",
    )


def _season(known: Known, clock: Clock, words: Wording) -> Finding | None:
    """What is known of the season of the year, and how far it has been tested."""
    season = clock.season
    if season is None:
        return None if clock.season_known else _unknown_season(known, words)
    swing = words.times(season.swing, of=Of("season_swing"))
    if season.agreement is None:
        return Finding(
            "season_unknown",
            f"The season of the year is not known: one year cannot tell it from a year that grew. The busiest month "
            f"brought {swing} the quietest, at as many customers; the year ahead is taken to be like the mean of the "
            "calendar months, so that no month stands for all of them.",
        )
    said = (
        f"The year has a season that one year foretold of another: its busiest month brings {swing} the quietest. "
        "Time is measured in days of equal business."
    )
    if season.months < CHECKED_MONTHS:
        seen, least = words.count(season.months, "month", of=Of("season_months")), words.count(CHECKED_MONTHS, of=GIVEN)
        said += f" It was learned from {seen}, and no test of the forecast knew it: that takes {least}."
    return Finding("season", said)


def _prices(trend: basket_trend.Trend, words: Wording) -> Finding | None:
    """What an order of the same customers comes to, from one year to the next."""
    if not trend.clear:
        return None
    moved, of = float(np.exp(trend.seen)) - 1, Of("basket_trend_a_year")
    rising, rise = ("rising", "rise") if moved > 0 else ("falling", "fall")
    sentence = (
        f"The value of an order has been {rising}: by {words.share(abs(moved), 1, of=of)} a year, of the same "
        f"customers. The forecast carries the {rise} on, ever more slowly, and its range takes in that it may stop."
    )
    return Finding("basket_trend", sentence)


def _unknown_season(known: Known, words: Wording) -> Finding:
    if known.watched >= MEAN_YEAR:
        reason = "too few came back to tell it from chance"
    else:
        reason = f"{words.count(known.watched, 'day', of=Of('days_watched'))} are less than a year"
    sentence = (
        f"The season of the year is not known: {reason}. What was seen is taken for the whole year, and the range is "
        "wider for it."
    )
    return Finding("season_unknown", sentence)


def _closed(known: Known, clock: Clock, words: Wording) -> Finding | None:
    if not clock.closed:
        return None
    last = clock.closed[-1]
    days, since = words.count(last.days, "day", of=Of("closed_days")), words.date(date(last.last))
    more = len(clock.closed) - 1
    before = "" if not more else f" (and {words.count(more, 'other time', of=Of('other_closures'))} before)"
    sentence = (
        f"Nobody ordered in the {days} after {since}{before}: the shop was closed, or orders are missing. Those days "
        "do not count as silence of its customers."
    )
    if known.day - last.first < RECENT_DAYS:
        sentence += " How many come back is not seen to the end yet, so the range is wider."
    return Finding("closed", sentence)

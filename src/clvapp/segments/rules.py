"""A row of the table of segments -> its rule in words, with the shop's own cut-offs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from clvapp.segments.rfm import Cuts
from clvapp.wording import Of, Wording


def rule(row: Any, cut: Cuts, words: Wording) -> str:
    """A row's rule with the shop's own cut-offs: "bought 4 times or more, last within 84 days, for over $120".

    If two rows fit a customer, the upper one wins.
    """
    parts = [times(row, cut, words), _days(row, cut, words), _money(row, cut, words)]
    return ", ".join(part for part in parts if part)


def times(row: Any, cut: Cuts, words: Wording) -> str:
    """How often a row's customers have bought."""
    low, high, of = int(row["frequency_from"]), int(row["frequency_to"]), _of(row)
    least = 1 if low == 1 else cut.times[low - 2]
    most = None if high == 5 else cut.times[high - 1] - 1
    if low == 1 and most is None:
        return "bought"
    if most is None:
        return f"bought {words.number(least, of=of('times_from'))} times or more"
    if least == most:
        return "bought once" if least == 1 else f"bought {words.number(least, of=of('times_from'))} times"
    return f"bought {words.number(least, of=of('times_from'))} to {words.number(most, of=of('times_to'))} times"


def _of(row: Any) -> Callable[[str], Of]:
    """What a cut-off of `row` is of, by its name."""
    return partial(Of, group=str(row["segment"]) if "segment" in row else "")


def _days(row: Any, cut: Cuts, words: Wording) -> str:
    low, high, of = int(row["recency_from"]), int(row["recency_to"]), _of(row)
    within = None if low == 1 else cut.days[5 - low]
    beyond = None if high == 5 else cut.days[4 - high]
    if within is None and beyond is None:
        return ""
    if beyond is None:
        return f"last within {words.count(within, 'day', of=of('days_to'))}"
    if within is None:
        return f"last more than {words.count(beyond, 'day', of=of('days_beyond'))} ago"
    upto = of("days_to")
    if within <= beyond:
        after = words.number(beyond, of=of("days_beyond"))
        return f"last after day {after} and by day {words.number(within, of=upto)}, which no day is"
    return f"last {words.number(beyond + 1, of=of('days_from'))} to {words.count(within, 'day', of=upto)} ago"


def _money(row: Any, cut: Cuts, words: Wording) -> str:
    low, high, of = int(row["money_from"]), int(row["money_to"]), _of(row)
    over = "" if low == 1 else f"for over {words.money(cut.money[low - 2], of=of('money_over'))}"
    upto = "" if high == 5 else f"for up to {words.money(cut.money[high - 1], of=of('money_to'))}"
    return f"{over} and {upto.removeprefix('for ')}" if over and upto else over or upto

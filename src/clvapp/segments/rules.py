"""A row of the table of segments -> its rule in words, with the shop's own cut-offs."""

from typing import Any

from clvapp.segments.rfm import Cuts
from clvapp.wording import Wording


def rule(row: Any, cut: Cuts, words: Wording) -> str:
    """A row's rule with the shop's own cut-offs: "bought 4 times or more, last within 84 days, for over $120".

    If two rows fit a customer, the upper one wins.
    """
    parts = [times(row, cut, words), _days(row, cut, words), _money(row, cut, words)]
    return ", ".join(part for part in parts if part)


def times(row: Any, cut: Cuts, words: Wording) -> str:
    """How often a row's customers have bought."""
    low, high = int(row["frequency_from"]), int(row["frequency_to"])
    least = 1 if low == 1 else cut.times[low - 2]
    most = None if high == 5 else cut.times[high - 1] - 1
    if low == 1 and most is None:
        return "bought"
    if most is None:
        return f"bought {words.number(least)} times or more"
    if least == most:
        return "bought once" if least == 1 else f"bought {words.number(least)} times"
    return f"bought {words.number(least)} to {words.number(most)} times"


def _days(row: Any, cut: Cuts, words: Wording) -> str:
    low, high = int(row["recency_from"]), int(row["recency_to"])
    within = None if low == 1 else cut.days[5 - low]
    beyond = None if high == 5 else cut.days[4 - high]
    if within is None and beyond is None:
        return ""
    if beyond is None:
        return f"last within {words.count(within, 'day')}"
    if within is None:
        return f"last more than {words.count(beyond, 'day')} ago"
    if within <= beyond:
        return f"last after day {words.number(beyond)} and by day {words.number(within)}, which no day is"
    return f"last {words.number(beyond + 1)} to {words.count(within, 'day')} ago"


def _money(row: Any, cut: Cuts, words: Wording) -> str:
    low, high = int(row["money_from"]), int(row["money_to"])
    over = "" if low == 1 else f"for over {words.money(cut.money[low - 2])}"
    upto = "" if high == 5 else f"for up to {words.money(cut.money[high - 1])}"
    return f"{over} and {upto.removeprefix('for ')}" if over and upto else over or upto

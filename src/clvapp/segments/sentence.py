"""Segments in words: the rule of each with the shop's own cut-offs in it, and the page's opening."""

from typing import Any, Protocol

import pandas as pd

from clvapp.segments.rfm import Cuts


class Words(Protocol):
    """What a sentence asks of the reader's wording; `clvapp.wording.Wording` has it all."""

    def money(self, value: float | None) -> str:
        """Money in words."""

    def about_money(self, value: float | None) -> str:
        """Money to two figures."""

    def share(self, value: float | None, digits: int = 0) -> str:
        """A fraction in words."""

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number in words."""

    def count(self, value: float | None, one: str = "", many: str = "") -> str:
        """A whole number with its noun."""


def rule(row: Any, cut: Cuts, words: Words) -> str:
    """A row of the table with the shop's own cut-offs: "bought 4 times or more, last within 84 days, for over $120".

    Of two rows that fit a customer the upper one holds.
    """
    parts = [times(row, cut, words), _days(row, cut, words), _money(row, cut, words)]
    return ", ".join(part for part in parts if part)


def times(row: Any, cut: Cuts, words: Words) -> str:
    """How often the customers of a row have bought."""
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


def _days(row: Any, cut: Cuts, words: Words) -> str:
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


def _money(row: Any, cut: Cuts, words: Words) -> str:
    low, high = int(row["money_from"]), int(row["money_to"])
    over = "" if low == 1 else f"for over {words.money(cut.money[low - 2])}"
    upto = "" if high == 5 else f"for up to {words.money(cut.money[high - 1])}"
    return f"{over} and {upto.removeprefix('for ')}" if over and upto else over or upto


SLIPPING = ("At risk", "Cannot lose them")


def sentence(sizes: pd.DataFrame, words: Words, ahead: pd.DataFrame | None = None) -> str:
    """The page's opening: who brings most, and what the good customers who are slipping away have brought.

    With `ahead` (`group` and `expected` value of each segment) also what is still expected of those.
    """
    people = sizes[sizes["customers"] > 0]
    if people.empty:
        return "There is no customer to put into a segment yet."
    best: Any = people.iloc[int(people["revenue"].to_numpy().argmax())]
    said = (
        f"{words.count(best['customers'], 'customer')} ({words.share(best['share'])}) in '{best['segment']}' "
        f"{'brings' if best['customers'] == 1 else 'bring'} {words.share(best['revenue_share'])} of revenue"
    )
    away = people[people["segment"].isin(SLIPPING)]
    if away.empty:
        return f"{said}."
    count, revenue = int(away["customers"].sum()), float(away["revenue"].sum())
    slipping = "is" if count == 1 else "are"
    return (
        f"{said}; {words.count(count, 'good customer')} {slipping} slipping away, who "
        f"{'has' if count == 1 else 'have'} brought {words.money(revenue)} so far{_still(ahead, words)}."
    )


def _still(ahead: pd.DataFrame | None, words: Words) -> str:
    """What is expected of those who are slipping away, once it is known."""
    if ahead is None or ahead.empty:
        return ""
    away = float(ahead.loc[ahead["group"].isin(SLIPPING), "expected"].sum())
    return f"; {words.about_money(away)} is expected of them from here"

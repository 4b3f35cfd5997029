"""What changed between two dates, in words."""

from datetime import date
from typing import Any, Protocol

import pandas as pd


class Words(Protocol):
    """What a sentence asks of the reader's wording; `clvapp.wording.Wording` has it all."""

    def money(self, value: float | None) -> str:
        """Money in words."""

    def share(self, value: float | None, digits: int = 0) -> str:
        """A fraction in words."""

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number in words."""

    def count(self, value: float | None, one: str = "", many: str = "") -> str:
        """A whole number with its noun."""

    def date(self, value: date | None) -> str:
        """A day in words."""


def worded(value: float, unit: str, words: Words) -> str:
    """A figure's value in its unit."""
    if unit == "money":
        return words.money(value)
    if unit == "share":
        return words.share(value)
    return words.number(value, 2 if unit == "orders each" else 0)


def _changed(value: float, unit: str, words: Words) -> str:
    """A change in the figure's unit; of shares in percentage points."""
    return f"{words.number(100 * value, 1)} points" if unit == "share" else worded(value, unit, words)


def change_sentence(row: Any, words: Words) -> str:
    """A row of `compare`: "Average order: $43.10, $6.20 more (between $2.10 and $9.80), more than chance; ..."."""
    if pd.isna(row.change):
        return f"{row.label}: {row.reason}"
    return f"{row.label}: {worded(row.now, row.unit, words)}, {change_in_words(row, words)}"


def change_in_words(row: Any, words: Words) -> str:
    """The same beside the figure's name and value: only by how much it changed, or the reason why that is unknown."""
    if pd.isna(row.change):
        return str(row.reason)
    tested = ", within what chance does" if pd.notna(row.p_value) else ""
    verdict = ", more than chance" if row.more_than_chance else tested
    between = ""
    if pd.notna(row.low) and pd.notna(row.high):
        low, high = (_changed(end, row.unit, words) for end in (row.low, row.high))
        between = f" (between {low} and {high})"
    season = ""
    if pd.notna(row.last_year_change):
        season = f"; in the same season last year {_more(row.last_year_change, row.unit, words)}"
    return f"{_more(row.change, row.unit, words)}{between}{verdict}{season}."


def _more(change: float, unit: str, words: Words) -> str:
    if change == 0:
        return "no change"
    return f"{_changed(abs(change), unit, words)} {'more' if change > 0 else 'less'}"


def opening_sentence(figures: pd.DataFrame, words: Words, *, then: date) -> str:
    """The page's opening: what changed by more than chance since `then`, or that nothing did."""
    sure = figures[figures["more_than_chance"]]
    tested = int(figures["p_value"].notna().sum())
    if not tested:
        return (
            f"There is too little to compare with {words.date(then)}: too few customers bought, or the file begins too "
            "late."
        )
    if sure.empty:
        return (
            f"Since {words.date(then)} nothing changed by more than chance does: "
            f"{words.count(tested, 'figure')} looked at, each with its interval below."
        )
    rows: list[Any] = list(sure.itertuples())
    said = [f"{row.label[0].lower()}{row.label[1:]} {_more(row.change, row.unit, words)}" for row in rows]
    season = ""
    if sure["last_year_change"].isna().all():
        season = " The file does not reach back to the same season a year before: part of it may be the season."
    return f"Since {words.date(then)}, by more than chance: {'; '.join(said)}.{season}"


def bridge_sentence(parts: pd.DataFrame, words: Words) -> str:
    """Why revenue changed: by how much in all, and the parts, largest first."""
    total = float(parts["change"].sum())
    by_why = parts.groupby("why", sort=False)["change"].sum()
    largest = by_why.reindex(by_why.abs().sort_values(ascending=False, kind="stable").index)
    said = [
        f"{cause(str(why), change)} {_signed(change, words)}"
        for why, change in largest.items()
        if round(change, 2) != 0
    ]
    if not said:
        return "Revenue did not change."
    return f"Revenue {'rose' if total >= 0 else 'fell'} by {words.money(abs(total))}: {', '.join(said)}."


_CAUSES = {
    "More customers": ("more customers", "fewer customers"),
    "Fewer leaving": ("fewer leaving", "more leaving"),
    "More orders each": ("more orders each", "fewer orders each"),
    "Larger orders": ("larger orders", "smaller orders"),
    "Without a customer": ("sales without a customer", "sales without a customer"),
}


def cause(why: str, change: float) -> str:
    """What a part of a bridge is called, by whether it brought more or less."""
    return _CAUSES[why][0 if change >= 0 else 1]


def _signed(change: float, words: Words) -> str:
    return f"{'+' if change >= 0 else '−'}{words.money(abs(change))}"


def moves_sentence(moves: pd.DataFrame, words: Words) -> str:
    """The largest moves between segments, of who was a customer at both dates."""
    between = moves[~moves["stayed"] & (moves["then"] != "Not yet a customer")]
    if between.empty:
        return "Nobody moved to another segment."
    people = int(between["customers"].sum())
    rows: list[Any] = list(between.head(3).itertuples())
    top = [f"{words.number(row.customers)} from '{row.then}' to '{row.now}'" for row in rows]
    return f"{words.count(people, 'customer')} moved to another segment, most of them {', '.join(top)}."

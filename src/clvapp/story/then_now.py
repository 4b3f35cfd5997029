"""An analysis and two days -> what the page says of them: what changed, why, and who moved."""

from collections.abc import Callable
from datetime import date as Day  # noqa: N812 - `date` is the function
from typing import Any

import pandas as pd

from clvapp import segments, then_now
from clvapp.analysis import Analysis
from clvapp.days import date
from clvapp.export import html
from clvapp.memo import once
from clvapp.story.figure import rows_of
from clvapp.wording import Wording

TREND_FIRST = 4  # the place of revenue among the key figures
LEAST_APART = 56  # days
TOO_SHORT = "The file is too short to compare two days of it: two months of orders are needed."


def usual_days(analysis: Analysis) -> tuple[int, int] | None:
    """The two days to compare until the owner chooses others, as days since 1970: half a year apart, if the file lasts.

    None where it is too short for any.
    """
    first, now = analysis.days[0], analysis.end_day
    return None if now - first < LEAST_APART else (max(now - 182, now - (now - first) // 2), now)


@once
def answer(analysis: Analysis, words: Wording, then: int, now: int) -> str:
    """What has changed since a day by more than chance, in a sentence."""
    return opening_sentence(analysis.returning.compare(then, now), words, then=date(then))


@once
def changes(analysis: Analysis, words: Wording, then: int, now: int) -> pd.DataFrame:
    """Every key figure on both days, its change with an interval, and the same season a year before."""
    rows = rows_of(analysis.returning.compare(then, now))
    both = [tuple(worded(value, row.unit, words) for value in (row.then, row.now)) for row in rows]
    return pd.DataFrame(
        {
            "Figure": [row.label for row in rows],
            "Then → now": [" → ".join(ends) for ends in both],
            "Change": [change_in_words(row, words) for row in rows],
        }
    )


@once
def bridge_title(analysis: Analysis, words: Wording, then: int, now: int) -> str:
    """Why revenue changed, or why nobody can tell, in a sentence."""
    parts = analysis.returning.bridge(then, now)
    if parts.empty:
        days = words.count(then_now.window_days(then, now), "day")
        return (
            f"Why revenue changed cannot be told: the {days} up to {words.date(date(then))} begin before the file does"
        )
    return bridge_sentence(parts, words).rstrip(".")


@once
def bridged(analysis: Analysis, then: int, now: int) -> tuple[pd.DataFrame, float, float]:
    """The bridge in the steps that owners ask about, and the revenue at both ends."""
    parts = analysis.returning.bridge(then, now)
    steps = parts.groupby("why", sort=False)["change"].sum().reset_index()
    steps["why"] = [cause(row.why, row.change).capitalize() for row in rows_of(steps)]
    figures = analysis.returning.compare(then, now).set_index("key")
    start = float(figures["then"].to_dict()["revenue"])
    return steps, start, start + float(parts["change"].sum())


@once
def behind(analysis: Analysis, people: pd.DataFrame, move: tuple[str, str]) -> pd.DataFrame:
    """The customers behind one move."""
    ids = then_now.behind(people, *move)
    return analysis.customers[analysis.customers["customer_id"].isin(set(ids))].reset_index(drop=True)


@once
def trend_line(analysis: Analysis, trend: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of one key figure."""
    return trend[trend["key"] == key]


@once
def trend_title(analysis: Analysis, frame: pd.DataFrame, label: str, words: Wording) -> str:
    """The finding of a trend: its highest month."""
    known = frame.dropna(subset=["value"])
    if known.empty:
        return f"{label}: the file cannot tell it for any month"
    best = known.iloc[int(known["value"].to_numpy().argmax())]
    return f"{label} was highest at the end of {words.month(best['date'])}"


def computed() -> list[str]:
    """How two days are compared."""
    return [
        (
            "Both days are computed from the same orders: what would be read from those up to that day. Statuses and "
            "refunds without a date of their own count as they are known today."
        ),
        (
            "The interval comes from drawing customers again at random, each with what they had done by both days. "
            "Among many figures some always move: 'more than chance' is said only after Holm's correction (1979), and "
            "never of a figure that can only grow."
        ),
        (
            "Chance here is which customers came and what they did. A season, a campaign or a holiday is not chance: "
            "the same days of last year stand beside."
        ),
        "Why revenue changed is split by Shapley values: the parts add up to the change exactly.",
    ]


def segment_order(table: pd.DataFrame | None) -> list[str]:
    """The segments from best to worst, in the order of the table."""
    return list((segments.default() if table is None else table)["segment"])


def named_moves(moves: pd.DataFrame, words: Wording) -> dict[str, tuple[str, str]]:
    """Each move in words -> from which segment to which, largest first. Staying is not a move."""
    rows = rows_of(moves[~moves["stayed"]])
    return {
        f"{row.then} → {row.now}: {words.count(row.customers, 'customer')}": (str(row.then), str(row.now))
        for row in rows
    }  # fmt: skip


def trend_figures(trend: pd.DataFrame) -> dict[str, str]:
    """Label -> key of every figure of a trend."""
    return dict(zip(trend["label"], trend["key"], strict=True))


def comparison(
    analysis: Analysis, words: Wording, then: int, now: int, *, moves: pd.DataFrame, note: Callable[[], str]
) -> bytes:
    """Everything said of two days as an HTML page to keep or send. `note` returns what the owner changed in between.

    We call it only when the page is made, because the click on the download is what ends the owner's typing.
    """
    said, rows = note(), rows_of(moves[~moves["stayed"]])
    moved = pd.DataFrame(
        {"From": [row.then for row in rows], "To": [row.now for row in rows],
         "Customers": [words.number(row.customers) for row in rows]}
    )  # fmt: skip
    days = f"{words.date(date(then))} and {words.date(date(now))}"
    parts = [
        html.Part("", [answer(analysis, words, then, now)]),
        *([html.Part("What we changed in between", said.splitlines())] if said.strip() else []),
        html.Part("Key figures", [f"On {days}."], changes(analysis, words, then, now)),
        html.Part("Why revenue changed", [f"{bridge_title(analysis, words, then, now)}."]),
        html.Part("Who moved", [moves_sentence(moves, words)], moved),
        html.Part("How is this computed?", computed()),
    ]
    return html.page(f"Then and now: {days}", parts)


def worded(value: float, unit: str, words: Wording) -> str:
    """A figure's value, written in its unit."""
    if unit == "money":
        return words.money(value)
    if unit == "share":
        return words.share(value)
    return words.number(value, 2 if unit == "orders each" else 0)


def _changed(value: float, unit: str, words: Wording) -> str:
    """A change, written in the figure's unit; for shares, in percentage points."""
    return f"{words.number(100 * value, 1)} points" if unit == "share" else worded(value, unit, words)


def change_in_words(row: Any, words: Wording) -> str:
    """Only by how much a figure changed, to stand beside its name and value; or why that is unknown."""
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


def _more(change: float, unit: str, words: Wording) -> str:
    if change == 0:
        return "no change"
    return f"{_changed(abs(change), unit, words)} {'more' if change > 0 else 'less'}"


def opening_sentence(figures: pd.DataFrame, words: Wording, *, then: Day) -> str:
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


def bridge_sentence(parts: pd.DataFrame, words: Wording) -> str:
    """Why revenue changed: the total change, and its parts, largest first."""
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
    """The name of a part of a bridge, which depends on whether it brought more or less."""
    return _CAUSES[why][0 if change >= 0 else 1]


def _signed(change: float, words: Wording) -> str:
    return f"{'+' if change >= 0 else '−'}{words.money(abs(change))}"


def moves_sentence(moves: pd.DataFrame, words: Wording) -> str:
    """The largest moves between segments, among those who were customers on both dates."""
    between = moves[~moves["stayed"] & (moves["then"] != "Not yet a customer")]
    if between.empty:
        return "Nobody moved to another segment."
    people = int(between["customers"].sum())
    rows: list[Any] = list(between.head(3).itertuples())
    if people == 1:
        return f"{words.count(people, 'customer')} moved to another segment, from '{rows[0].then}' to '{rows[0].now}'."
    top = [f"{words.number(row.customers)} from '{row.then}' to '{row.now}'" for row in rows]
    return f"{words.count(people, 'customer')} moved to another segment, most of them {', '.join(top)}."

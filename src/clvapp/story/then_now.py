"""An analysis and two days -> what the page says of them: what changed, why, and who moved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date as Day  # noqa: N812 - `date` is the function
from typing import Any

import pandas as pd

from clvapp import segments, then_now
from clvapp.analysis import Analysis
from clvapp.days import date
from clvapp.export import html
from clvapp.memo import once
from clvapp.story.figure import rows_of
from clvapp.wording import GIVEN, Of, Wording

TREND_FIRST = 4  # revenue's place
TOO_SHORT = "The file is too short to compare two days of it: two months of orders are needed."


@once
def answer(analysis: Analysis, words: Wording, then: int, now: int) -> str:
    """What has changed since a day by more than chance, and which two periods that is of."""
    said = opening_sentence(analysis.returning.compare(then, now), words, then=date(then), period=period(then, now))
    return f"{said} {compared_sentence(then, now, words)}"


def period(then: int, now: int) -> str:
    """The two periods that are compared, as a name: what a number said of them is of."""
    return f"{then_now.window_days(then, now)} days to {date(then)} and to {date(now)}"


def compared_sentence(then: int, now: int, words: Wording) -> str:
    """Both periods in full."""
    days = then_now.window_days(then, now)
    ends = [f"{words.date(date(day - days + 1))} to {words.date(date(day))}" for day in (now, then)]
    return f"Compared are {ends[0]} and {ends[1]}, {words.count(days, 'day', of=GIVEN)} each."


@once
def changes(analysis: Analysis, words: Wording, then: int, now: int) -> pd.DataFrame:
    """Every key figure on both days, its change with an interval, and the same season a year before."""
    rows = rows_of(analysis.returning.compare(then, now))
    days = then_now.window_days(then, now)

    def at(row: Any, day: int, value: float, people: int) -> str:
        of = Of(row.key, people, f"{days} days to {date(day)}" if row.window else f"up to {date(day)}")
        return worded(value, row.unit, words, of)

    both = [(at(row, then, row.then, row.customers_then), at(row, now, row.now, row.customers_now)) for row in rows]
    return pd.DataFrame(
        {
            "Figure": [row.label for row in rows],
            "Then → now": [" → ".join(ends) for ends in both],
            "Change": [change_in_words(row, words, period(then, now)) for row in rows],
        }
    )


@once
def bridge_title(analysis: Analysis, words: Wording, then: int, now: int) -> str:
    """Why revenue changed, or why nobody can tell, in a sentence."""
    parts = analysis.returning.bridge(then, now)
    if parts.empty:
        days = words.count(then_now.window_days(then, now), "day", of=GIVEN)
        return (
            f"Why revenue changed cannot be told: the {days} up to {words.date(date(then))} begin before the file does"
        )
    revenue = analysis.returning.compare(then, now).set_index("key").loc["revenue"]
    sure = bool(revenue["more_than_chance"]) if pd.notna(revenue["p_value"]) else None
    return bridge_sentence(parts, words, sure=sure, period=period(then, now)).rstrip(".")


@once
def bridged(analysis: Analysis, then: int, now: int) -> tuple[pd.DataFrame, float, float]:
    """The bridge in the steps that owners ask about, and the revenue at both ends."""
    parts = analysis.returning.bridge(then, now)
    steps = parts.groupby("why", sort=False)["change"].sum().reset_index()
    steps["why"] = [CAUSES[row.why].capitalize() for row in rows_of(steps)]
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
    """The finding of a trend: its highest point, the months' ends and the last day being asked."""
    known = frame.dropna(subset=["value"])
    if known.empty:
        return f"{label}: the file cannot tell it for any month"
    best = known.iloc[int(known["value"].to_numpy().argmax())]
    return f"{label}: highest on {words.date(best['date'].date())}"


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
            "never of a figure that can only grow. The interval shown is that of the same test, so it is wider than "
            "that of a single test. A test needs 30 customers; an interval, or a share of customers, five."
        ),
        (
            "Chance here is which customers came and what they did. A season, a campaign or a holiday is not chance: "
            "the same days of last year stand beside."
        ),
        "Money here is revenue, never margin. Why it changed is split by Shapley values: the parts add up exactly.",
    ]


def segment_order(table: pd.DataFrame | None) -> list[str]:
    """The segments from best to worst, in the order of the table."""
    return list((segments.default() if table is None else table)["segment"])


def named_moves(moves: pd.DataFrame, words: Wording) -> dict[str, tuple[str, str]]:
    """Each move in words -> from which segment to which, largest first. Staying is not a move."""
    rows = rows_of(moves[~moves["stayed"]])
    people = [words.count(row.customers, "customer", of=_moved(row)) for row in rows]
    return {f"{r.then} → {r.now}: {n}": (str(r.then), str(r.now)) for r, n in zip(rows, people, strict=True)}


def _moved(row: Any) -> Of:
    return Of("moved", period="between two days", group=f"{row.then} → {row.now}")


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
         "Customers": [words.number(row.customers, of=_moved(row)) for row in rows]}
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


def worded(value: float, unit: str, words: Wording, of: Of) -> str:
    """A figure's value, written in its unit."""
    if unit == "money":
        return words.money(value, of=of)
    if unit == "share":
        return words.share(value, of=of)
    return words.number(value, 2 if unit == "orders each" else 0, of=of)


def _changed(value: float, unit: str, words: Wording, of: Of) -> str:
    """A change, written in the figure's unit; for shares, in percentage points."""
    return f"{words.number(100 * value, 1, of=of)} points" if unit == "share" else worded(value, unit, words, of)


def change_in_words(row: Any, words: Wording, period: str = "") -> str:
    """Only by how much a figure changed, to stand beside its name and value; or why that is unknown."""
    if pd.isna(row.change):
        return str(row.reason)
    of = Of(f"{row.key}, change", period=period)
    verdict = ", more than chance" if row.more_than_chance else ", within what chance does"
    if pd.isna(row.p_value):
        verdict = "" if row.cumulative else "; too few customers to tell it from chance"
    between = ""
    if pd.notna(row.low) and pd.notna(row.high):
        low, high = (
            _end(end, row, words, replace(of, name=f"{of.name}, {name} end"))
            for name, end in (("low", row.low), ("high", row.high))
        )
        between = f" (between {low} and {high})"
    season = ""
    if pd.notna(row.last_year_change):
        before = replace(of, group="a year before")
        season = f"; in the same season last year {_more(row.last_year_change, row.unit, words, before)}"
    return f"{_more(row.change, row.unit, words, of)}{between}{verdict}{season}."


def _end(value: float, row: Any, words: Wording, of: Of) -> str:
    """An end of an interval. Where that leaves out no change, it is not written as if it did not."""
    if row.more_than_chance and row.unit in ("customers", "orders") and 0 < abs(value) < 0.5:
        return words.number(value, 2, of=of)
    return _changed(value, row.unit, words, of)


def _more(change: float, unit: str, words: Wording, of: Of) -> str:
    """A change in words. One that would be written as 0 is none."""
    silent = replace(words, heard=None)
    if _changed(abs(change), unit, silent, of) == _changed(0.0, unit, silent, of):
        return "no change"
    size = _changed(abs(change), unit, words, replace(of, name=f"{of.name}, its size"))
    return f"{size} {'more' if change > 0 else 'less'}"


def opening_sentence(figures: pd.DataFrame, words: Wording, *, then: Day, period: str = "") -> str:
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
            f"{words.count(tested, 'figure', of=Of('figures_tested', period=period))} looked at, each with its "
            "interval below."
        )
    said = [
        f"{row.label[0].lower()}{row.label[1:]} "
        f"{_more(row.change, row.unit, words, Of(f'{row.key}, change', period=period))}"
        for row in rows_of(sure)
    ]
    season = ""
    if sure["last_year_change"].isna().all():
        season = " The file does not reach back to the same season a year before: part of it may be the season."
    return f"Since {words.date(then)}, by more than chance: {'; '.join(said)}.{season}"


def bridge_sentence(parts: pd.DataFrame, words: Wording, *, sure: bool | None = None, period: str = "") -> str:
    """Why revenue changed: the total change, and its parts, largest first.

    It is said to have risen or fallen only where that is `sure` to be more than chance; None: nobody could test it.
    """
    total = float(parts["change"].sum())
    by_why = parts.groupby("why", sort=False)["change"].sum()
    largest = by_why.reindex(by_why.abs().sort_values(ascending=False, kind="stable").index)
    of = Of("revenue, change", period=period)
    said = [
        f"{CAUSES[str(why)]} {_signed(change, words, replace(of, group=str(why)))}"
        for why, change in largest.items()
        if round(change, 2) != 0
    ]
    if not said:
        return "Revenue did not change."
    size = words.money(abs(total), of=replace(of, name=f"{of.name}, its size"))
    if sure:
        opening = f"Revenue {'rose' if total >= 0 else 'fell'} by {size}, more than chance does"
    else:
        why = ", within what chance does" if sure is False else " (too few customers bought to tell that from chance)"
        opening = f"Revenue is {size} {'more' if total >= 0 else 'less'}{why}"
    return f"{opening}: {', '.join(said)}."


CAUSES = {  # what a part of a bridge is of, whether it brought more or less
    "More customers": "number of customers", "Fewer leaving": "customers who stay", "More orders each": "orders each",
    "Larger orders": "value of an order", "Without a customer": "sales without a customer",
}  # fmt: skip


def _signed(change: float, words: Wording, of: Of) -> str:
    return f"{'+' if change >= 0 else '−'}{words.money(abs(change), of=replace(of, name=f'{of.name}, its size'))}"


def moves_sentence(moves: pd.DataFrame, words: Wording) -> str:
    """The largest moves between segments, among those who were customers on both dates."""
    between = moves[~moves["stayed"] & (moves["then"] != "Not yet a customer")]
    if between.empty:
        return "Nobody moved to another segment."
    people = int(between["customers"].sum())
    rows: list[Any] = list(between.head(3).itertuples())
    moved = words.count(people, "customer", of=Of("moved", period="between two days"))
    if people == 1:
        return f"{moved} moved to another segment, from '{rows[0].then}' to '{rows[0].now}'."
    top = [f"{words.number(row.customers, of=_moved(row))} from '{row.then}' to '{row.now}'" for row in rows]
    told = sum(row.customers for row in rows) / people
    most = ":" if told == 1 else ", most of them" if told > 0.5 else ", the largest moves"
    return f"{moved} moved to another segment{most} {', '.join(top)}."

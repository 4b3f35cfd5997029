"""What the pages say of two days: what changed, why, and who moved."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from clvapp import report, segments, then_now
from clvapp.analysis import Analysis, date
from clvapp.once import once
from clvapp.wording import Wording

TREND_FIRST = 4  # the place of revenue among the key figures


@once
def changed(analysis: Analysis, words: Wording, then: int, now: int) -> str:
    """What changed since a day by more than chance, in a sentence."""
    return then_now.opening_sentence(analysis.returning.compare(then, now), words, then=date(then))


@once
def changes(analysis: Analysis, words: Wording, then: int, now: int) -> pd.DataFrame:
    """Every key figure at both days, its change with an interval, and last year's same season."""
    rows = _rows(analysis.returning.compare(then, now))
    both = [tuple(then_now.worded(value, row.unit, words) for value in (row.then, row.now)) for row in rows]
    return pd.DataFrame(
        {
            "Figure": [row.label for row in rows],
            "Then → now": [" → ".join(ends) for ends in both],
            "Change": [then_now.change_in_words(row, words) for row in rows],
        }
    )


@once
def bridge_title(analysis: Analysis, words: Wording, then: int, now: int) -> str:
    """Why revenue changed, in a sentence; or why that cannot be told."""
    parts = analysis.returning.bridge(then, now)
    if parts.empty:
        days = words.count(then_now.window_days(then, now), "day")
        return (
            f"Why revenue changed cannot be told: the {days} up to {words.date(date(then))} begin before the file does"
        )
    return then_now.bridge_sentence(parts, words).rstrip(".")


@once
def bridged(analysis: Analysis, then: int, now: int) -> tuple[pd.DataFrame, float, float]:
    """The steps of the bridge as owners ask for them, and the revenue at both ends."""
    parts = analysis.returning.bridge(then, now)
    steps = parts.groupby("why", sort=False)["change"].sum().reset_index()
    steps["why"] = [then_now.cause(row.why, row.change).capitalize() for row in _rows(steps)]
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


def then_now_computed() -> list[str]:
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
    """The segments from best to least, in the order of the table."""
    return list((segments.default() if table is None else table)["segment"])


def named_moves(moves: pd.DataFrame, words: Wording) -> dict[str, tuple[str, str]]:
    """Each move in words, from which segment to which, largest first; who stayed is no move."""
    rows = _rows(moves[~moves["stayed"]])
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
    """All that is said of two days as a page of its own, to keep or send; `note` tells what the owner changed between.

    It is asked when the page is made: the click that wants the page is what ends the writing.
    """
    said, rows = note(), _rows(moves[~moves["stayed"]])
    moved = pd.DataFrame(
        {"From": [row.then for row in rows], "To": [row.now for row in rows],
         "Customers": [words.number(row.customers) for row in rows]}
    )  # fmt: skip
    days = f"{words.date(date(then))} and {words.date(date(now))}"
    parts = [
        report.Part("", [changed(analysis, words, then, now)]),
        *([report.Part("What we changed in between", said.splitlines())] if said.strip() else []),
        report.Part("Key figures", [f"On {days}."], changes(analysis, words, then, now)),
        report.Part("Why revenue changed", [f"{bridge_title(analysis, words, then, now)}."]),
        report.Part("Who moved", [then_now.moves_sentence(moves, words)], moved),
        report.Part("How is this computed?", then_now_computed()),
    ]
    return report.page(f"Then and now: {days}", parts)


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())

"""An analysis -> what the page on repeat purchases says: who comes back, when, and what it brings."""

from typing import Any

import numpy as np
import pandas as pd

from clvapp import repeat
from clvapp.analysis import Analysis
from clvapp.analysis.repeat import Cost
from clvapp.days import MONTHS_IN_YEAR
from clvapp.memo import once
from clvapp.story.figure import Figure, rows_of
from clvapp.wording import Wording

GROUPED = {
    "First product": "product",
    "Category": "category",
    "Channel": "channel",
    "Country": "country",
    "Discount": "discount",
    "Quarter of the first order": "cohort",
}


def _row(analysis: Analysis, key: str) -> Any:
    figures = analysis.returning.figures
    return next((row for row in rows_of(figures) if row.key == key), None)


# --- repeat purchases -------------------------------------------------------------------------------------------------
def answer(analysis: Analysis, words: Wording) -> str:
    """Who comes back, in a sentence."""
    return sentence(_row(analysis, "second_purchase_30"), words)


@once
def figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """The shares behind the sentence, each with its meaning and the number of customers."""
    shown = {
        "second_purchase_90": "Buy again within 90 days",
        "third_purchase_90": "Of those, a third time",
        "existing_customers": "Revenue from existing customers",
        "churned_early": "Gone within 90 days",
    }
    found = []
    for key, label in shown.items():
        row = _row(analysis, key)
        about = f" Of {words.count(row.customers, 'customer')}." if row.customers else ""
        meaning = f"{row.meaning}{about}" if pd.notna(row.share) else row.reason
        found.append(Figure(label, words.share(row.share), meaning))
    return found


def curve_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the repeat curve."""
    last = analysis.returning.curve.dropna(subset=["share"]).tail(1)
    if last.empty:
        return "Nobody was watched for long enough to say who comes back"
    within = words.count(last["day"].iloc[0], "day")
    return f"{words.share(last['share'].iloc[0])} of customers buy again within {within}"


@once
def references(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """Every figure in a sentence, beside what is usual and who says so."""
    rows = rows_of(analysis.returning.figures)
    return pd.DataFrame(
        {
            "What": [sentence(row, words) for row in rows],
            "Customers": [words.count(row.customers) if row.customers else "" for row in rows],
            "Who says what is usual": [row.source for row in rows],
        }
    )


@once
def again_by(analysis: Analysis) -> dict[str, str]:
    """What first orders can be grouped by: heading -> name, only for what the export has."""
    first = analysis.first_orders
    always = {"discount", "cohort"}
    return {
        heading: name
        for heading, name in GROUPED.items()
        if name in always or first[name].dropna().drop_duplicates().size > 1
    }


@once
def again_title(analysis: Analysis, frame: pd.DataFrame, heading: str, words: Wording) -> str:
    """The finding of a grouping: whether any group can be told from the rest."""
    fair = frame[(frame["customers"] >= repeat.FEW) & frame["share"].notna()]
    if len(fair) < 2:
        return f"{heading}: too few customers a group to compare"
    ranked = fair.sort_values("share", ascending=False)
    best, rest = ranked.iloc[0], ranked.iloc[1:]
    if best["low"] > rest["high"].max():
        return f"'{best['group']}' brings people back most: {words.share(best['share'])} buy again within 90 days"
    return f"{heading}: no group stands out from all others by more than chance could do"


@once
def by_order(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """Each next purchase in words: how many make it, and how long they take."""
    rows = rows_of(analysis.returning.repeat_rate_by_order)
    usual = [
        f"{words.number(row.median)} ({words.number(row.quarter)}–{words.number(row.three_quarters)})"
        if row.returns
        else "–"
        for row in rows
    ]
    return pd.DataFrame(
        {
            "Purchase": [words.number(row.number) for row in rows],
            "Within 90 days": [
                f"{words.share(row.share)} ({words.number(100 * row.low)}–{words.number(100 * row.high)})"
                if pd.notna(row.share)
                else row.reason
                for row in rows
            ],
            "Customers asked": [words.count(row.customers) for row in rows],
            "Days it takes (middle half)": usual,
        }
    )


def by_order_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the picture of next purchases."""
    shares = analysis.returning.repeat_rate_by_order.set_index("number")["share"]
    for number, name in ((2, "second"), (3, "third")):
        if pd.isna(shares[number]):
            return f"Who buys a {name} time cannot be told yet"
    more = "makes the next one likelier" if shares[3] > shares[2] else "does not make the next one likelier"
    return (
        f"Each purchase {more}: {words.share(shares[2])} buy a second time, {words.share(shares[3])} of those a third"
    )


@once
def due(analysis: Analysis, words: Wording) -> str:
    """How many customers are due, in a sentence."""
    found = analysis.returning.due
    if found.empty:
        return "Nobody can be expected back: nobody has come back yet, or all have lapsed."
    late = int((found["overdue_days"] > 0).sum())
    month = int((found["due"] <= pd.Timestamp(analysis.observation_end) + pd.Timedelta(days=30)).sum())
    return (
        f"Of the {words.count(len(found), 'customer')} below, {words.number(month)} "
        f"{'is' if month == 1 else 'are'} due within 30 days of "
        f"{words.date(analysis.observation_end)}, {words.number(late)} of them overdue by their own rhythm or the "
        f"shop's.{f' {analysis.no_states}' if analysis.no_states else ''}"
    )


@once
def regretted(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """Refunds of first orders by product, in words."""
    rows = rows_of(analysis.returning.regretted)
    return pd.DataFrame(
        {
            "First product": [row.product for row in rows],
            "Customers": [words.count(row.customers) for row in rows],
            "Gave something back": [
                f"{words.share(row.share)} ({words.number(100 * row.low)}–{words.number(100 * row.high)})"
                for row in rows
            ],
            "Of the money": [words.share(row.money_share) for row in rows],
        }
    )


def computed(analysis: Analysis) -> list[str]:
    """How it is computed."""
    burn = analysis.burn_in.end
    left = "" if burn is None else " Who came in the file's first months is left out: they may be old customers."
    return [
        (
            "A purchase is a day with an order that was not refunded entirely. Not everybody has been watched for as "
            "long: the share who buy a second time counts each customer for as long as they were (Kaplan and Meier "
            "1958, with log-log bands). A plain share of all would count people who came yesterday as gone." + left
        ),
        (
            "From the third purchase on, only customers whose first order is old enough for all the gaps are counted: "
            "who bought quickly before is watched longer, and buys quickly again."
        ),
        "The points of reference are quoted from marketing articles; whose shops they looked at is not known.",
        "What it cannot know: why people do not come back, and what they buy elsewhere.",
    ]


# --- cohorts ----------------------------------------------------------------------------------------------------------
@once
def cohort_map_title(analysis: Analysis, words: Wording, value: str) -> str:
    """The finding of a cohort map."""
    cells = analysis.returning.cohort_table
    whole = cells[cells["complete"] & cells["told_apart"]]
    if value == "retention":
        third = whole[whole["month"] == 3]
        if third.empty:
            return "No month's customers have been there for four months yet"
        share = float(third["active"].sum() / third["customers"].sum())
        return f"{words.share(share)} of customers buy in the fourth month after their first order"
    year = whole[whole["month"] == 11]
    if year.empty:
        return "No month's customers have been there for a year yet"
    money = float((year["cumulative_per_customer"] * year["customers"]).sum() / year["customers"].sum())
    return f"In their first year customers bring {words.money(money)} each"


def payback(analysis: Analysis, words: Wording, cost: Cost) -> tuple[str, pd.DataFrame]:
    """When new customers pay back what it cost to win them, and the cohorts behind that."""
    paid = analysis.returning.payback(cost)
    return payback_sentence(paid, words), paid


def sentence(row: Any, words: Wording) -> str:
    """A row of `figures` as a sentence: "Your second-purchase rate after 30 days is 14 % (12-16); ...: about 30 %."."""
    if pd.isna(row.share):
        return str(row.reason)
    between = ""
    if pd.notna(row.low) and pd.notna(row.high):
        between = f" ({words.number(100 * row.low)}–{words.number(100 * row.high)})"
    beside = "".join(f"; {one.who}: {one.bound} {words.share(one.value)}" for one in row.references)
    return f"{row.what} {words.share(row.share)}{between}{beside}."


def payback_sentence(paid: pd.DataFrame, words: Wording) -> str:
    """When new customers pay back: how many cohorts at least half a year old have, and when the middle one did.

    A cohort that has not paid back yet counts as later than all that have.
    """
    asked = paid[(paid["months"] >= MONTHS_IN_YEAR // 2) & paid["told_apart"]]
    if asked.empty:
        return "No month's customers have been there for half a year, so when they pay back cannot be said yet."
    back: Any = asked["paid_back_in"].dropna()
    late = len(asked) - len(back)
    costs = words.money(float(asked["acquisition_cost"].median()))
    if back.empty:
        cohorts = f"{words.count(late, 'cohort')} of {words.number(len(asked))}"
        return f"Winning a customer costs {costs}. {cohorts} {'has' if late == 1 else 'have'} not paid back yet."
    middle = float(np.median(asked["paid_back_in"].astype("Float64").fillna(np.inf).astype("float64")))
    ratio = asked["ltv_cac_year"].dropna()
    times = (
        f" In their first year customers bring {words.number(float(ratio.median()), 1)} times what they cost."
        if len(ratio)
        else ""
    )
    if not late:
        return f"A customer who costs {costs} pays back within {words.count(int(np.ceil(middle)), 'month')}.{times}"
    month = f"did in month {words.number(np.ceil(middle))}" if np.isfinite(middle) else "has not yet"
    return (
        f"Winning a customer costs {costs}. {words.number(len(back))} of {words.count(len(asked), 'cohort')} "
        f"{'has' if len(back) == 1 else 'have'} paid back; the middle one {month}.{times}"
    )

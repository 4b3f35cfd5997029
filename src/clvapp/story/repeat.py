"""An analysis -> what the page on repeat purchases says: who comes back, when, and what it brings."""

from dataclasses import replace
from typing import Any

import pandas as pd

from clvapp import repeat
from clvapp.analysis import Analysis
from clvapp.days import MONTHS_IN_YEAR
from clvapp.memo import once
from clvapp.story.figure import Figure, between, rows_of
from clvapp.wording import GIVEN, Of, Wording

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


# What each figure is of: its name and its time. Its people are those it was worked out over.
_OF = {
    "second_purchase_30": ("second_purchase_rate", "within 30 days"),
    "second_purchase_90": ("second_purchase_rate", "within 90 days"),
    "third_purchase_30": ("third_purchase_rate", "within 30 days"),
    "third_purchase_90": ("third_purchase_rate", "within 90 days"),
    "first_month": ("first_month_share", "first 365 days"),
    "first_month_of_three_years": ("first_month_share", "first 1095 days"),
    "cross_buying": ("cross_buying_share", "first 365 days"),
    "existing_customers": ("existing_revenue_share", "last 12 complete months"),
    "repeat_first_months": ("repeat_revenue_share", "the shop's first 6 months"),
    "repeat_third_year": ("repeat_revenue_share", "the shop's third year"),
    "not_back": ("not_back_rate", "within 365 days"),
}


def _of(row: Any) -> Of:
    name, period = _OF[row.key]
    return Of(name, row.customers or None, period)


def _people(of: Of) -> Of:
    """How many people a figure was worked out over, as a number of its own."""
    return Of(f"asked for {of.name}", period=of.period, group=of.group)


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
        "not_back": "Not back within a year",
    }
    found = []
    for key, label in shown.items():
        row = _row(analysis, key)
        of = _of(row)
        about = f" Of {words.count(row.customers, 'customer', of=_people(of))}." if row.customers else ""
        meaning = f"{row.meaning}{about}" if pd.notna(row.share) else row.reason
        found.append(Figure(label, words.share(row.share, of=of), meaning))
    return found


def curve_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the repeat curve."""
    last = analysis.returning.curve.dropna(subset=["share"]).tail(1)
    if last.empty:
        return "Nobody was watched for long enough to say who comes back"
    day, people = int(last["day"].iloc[0]), int(last["customers"].iloc[0])
    of = Of("second_purchase_rate", people, f"within {day} days")
    share, within = words.share(last["share"].iloc[0], of=of), words.count(day, "day", of=GIVEN)
    return f"{share} of customers buy again within {within}"


@once
def references(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """Every figure in a sentence, beside what is usual and who says so."""
    rows = rows_of(analysis.returning.figures)
    return pd.DataFrame(
        {
            "What": [sentence(row, words) for row in rows],
            "Customers": [words.count(row.customers, of=_people(_of(row))) if row.customers else "" for row in rows],
            "Who says what is usual": [row.source for row in rows],
        }
    )


@once
def again_by(analysis: Analysis) -> dict[str, str]:
    """What first orders can be grouped by: heading -> name, only for what the export has."""
    first = analysis.first_orders
    told = {"discount": first["discount"].notna().any(), "cohort": True}
    return {
        heading: name
        for heading, name in GROUPED.items()
        if told.get(name, name in first and first[name].dropna().drop_duplicates().size > 1)
    }


@once
def again_title(analysis: Analysis, frame: pd.DataFrame, heading: str, words: Wording) -> str:
    """The finding of a grouping: whether a group can be told from every other, none of their intervals meeting its."""
    fair = frame[(frame["customers"] >= repeat.FEW) & frame["share"].notna()]
    if len(fair) < 2:
        return f"{heading}: too few customers a group to compare"
    ranked = fair.sort_values("share", ascending=False)
    best, rest = ranked.iloc[0], ranked.iloc[1:]
    if best["group"] not in (repeat.OTHERS, repeat.NOT_GIVEN) and best["low"] > rest["high"].max():
        of = Of("second_purchase_rate", int(best["customers"]), "within 90 days", f"first order: {best['group']}")
        share = words.share(best["share"], of=of)
        return f"'{best['group']}': {share} buy again within 90 days, more than of any other"
    return f"{heading}: no group stands out from all others by more than chance could do"


@once
def by_order(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """Each next purchase in words: how many make it, and how long they take."""
    rows = rows_of(analysis.returning.repeat_rate_by_order)
    return pd.DataFrame(
        {
            "Purchase": [words.number(row.number, of=GIVEN) for row in rows],
            "Within 90 days": [_rate(row, words) if pd.notna(row.share) else row.reason for row in rows],
            "Customers asked": [words.count(row.customers, of=_people(_purchase(row))) for row in rows],
            "Days it takes (middle half)": [_days(row, words) if row.returns else "–" for row in rows],
        }
    )


def _purchase(row: Any) -> Of:
    """What a row of next purchases is of: the second and the third are figures of their own elsewhere."""
    name = {2: "second_purchase_rate", 3: "third_purchase_rate"}.get(row.number, "next_purchase_rate")
    return Of(name, row.customers, "within 90 days", "" if row.number < 4 else f"purchase {row.number}")


def _rate(row: Any, words: Wording) -> str:
    of = _purchase(row)
    ends = f" ({between(row.low, row.high, words, of)})" if pd.notna(row.low) else ""
    return f"{words.share(row.share, of=of)}{ends}"


def _days(row: Any, words: Wording) -> str:
    middle, *ends = (
        words.number(days, of=Of(f"{name}_days_to_purchase", row.returns, "within 365 days", f"purchase {row.number}"))
        for name, days in (("median", row.median), ("quarter", row.quarter), ("three_quarters", row.three_quarters))
    )
    return f"{middle} ({'–'.join(ends)})"


def by_order_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the picture of next purchases: who bought once more, and not why."""
    rows = {row.number: row for row in rows_of(analysis.returning.repeat_rate_by_order)}
    if pd.isna(rows[2].share):
        return "Who buys a second time cannot be told yet"
    once_more, twice_more = (words.of_100(rows[number].share, of=_purchase(rows[number])) for number in (2, 3))
    again = f"{once_more} who bought once bought again within 90 days"
    if pd.isna(rows[3].share):
        return again if rows[2].share == 0 else f"{again}; who buys a third time cannot be told yet"
    return f"{again}; of those who did, {twice_more} a third time"


@once
def due(analysis: Analysis, words: Wording) -> str:
    """How many customers are due, in a sentence."""
    found = analysis.returning.due
    if found.empty:
        return "Nobody can be expected back: nobody has come back yet, or all have lapsed."
    late = int((found["overdue_days"] > 0).sum())
    month = int((found["due"] <= pd.Timestamp(analysis.observation_end) + pd.Timedelta(days=30)).sum())
    return (
        f"Of the {words.count(len(found), 'customer', of=Of('expected_back'))} below, "
        f"{words.number(month, of=Of('due', period='next 30 days'))} {'is' if month == 1 else 'are'} due within 30 "
        f"days of {words.date(analysis.observation_end)}, {words.number(late, of=Of('overdue'))} of them overdue by "
        f"their own rhythm or the shop's.{f' {analysis.no_states}' if analysis.no_states else ''}"
    )


@once
def regretted(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """Refunds of first orders by product, in words."""
    rows = rows_of(analysis.returning.regretted)
    of = [Of("first_orders_refunded", row.customers, group=f"First product: {row.product}") for row in rows]
    return pd.DataFrame(
        {
            "First product": [row.product for row in rows],
            "Customers": [words.count(row.customers, of=_people(one)) for row, one in zip(rows, of, strict=True)],
            "Gave something back": [
                f"{words.share(row.share, of=one)}"
                + (f" ({between(row.low, row.high, words, one)})" if row.customers >= repeat.LEAST_FOR_BAND else "")
                for row, one in zip(rows, of, strict=True)
            ],
            "Of the money": [
                words.share(row.money_share, of=replace(one, name="first_orders_refunded_money"))
                for row, one in zip(rows, of, strict=True)
            ],
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
        (
            "Who buys a third time are others than who buys a second: people who like the shop stay, and each step "
            "keeps more of them. That the shares rise does not show that a purchase brings the next."
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
        people = int(third["customers"].sum())
        share = words.share(float(third["active"].sum()) / people, of=Of("retention", people, "fourth month"))
        return f"{share} of customers buy in the fourth month after their first order"
    year = whole[whole["month"] == MONTHS_IN_YEAR - 1]
    if year.empty:
        return "No month's customers have been there for a year yet"
    people = int(year["customers"].sum())
    money = float((year["cumulative_per_customer"] * year["customers"]).sum() / people)
    of = Of("revenue_per_customer", people, "first 12 months")
    return f"In their first year customers pay {words.money(money, of=of)} each"


def sentence(row: Any, words: Wording) -> str:
    """A row of `figures` as a sentence: "Your second-purchase rate within 30 days is 14 % (12–16); ...: about 30 %"."""
    if pd.isna(row.share):
        return str(row.reason)
    of = _of(row)
    ends = f" ({between(row.low, row.high, words, of)})" if pd.notna(row.low) and pd.notna(row.high) else ""
    beside = "".join(f"; {one.who}: {one.bound} {words.share(one.value, of=GIVEN)}" for one in row.references)
    return f"{row.what} {words.share(row.share, of=of)}{ends}{beside}."

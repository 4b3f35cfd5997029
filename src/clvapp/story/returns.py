"""What the pages say of who comes back: repeat purchases, cohorts, segments."""

from typing import Any

import pandas as pd

from clvapp import cohorts, columns, repeat, segments
from clvapp.analysis import Analysis
from clvapp.once import once
from clvapp.returning import Cost
from clvapp.story.figure import Figure
from clvapp.wording import Wording

SEGMENT_COLUMNS = (
    columns.CUSTOMER_ID, columns.EMAIL, columns.NAME, columns.ORDER_COUNT, columns.REVENUE, columns.LAST_ORDER,
    columns.DAYS_SINCE_LAST_ORDER, columns.COUNTRY, columns.ACCEPTS_MARKETING,
)  # fmt: skip
EXPECTED = "Expected value"
GROUPED = {
    "First product": "product",
    "Category": "category",
    "Channel": "channel",
    "Country": "country",
    "Discount": "discount",
    "Quarter of the first order": "cohort",
}


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())


def _row(analysis: Analysis, key: str) -> Any:
    figures = analysis.returning.figures
    return next((row for row in _rows(figures) if row.key == key), None)


# --- repeat purchases -------------------------------------------------------------------------------------------------
def repeats(analysis: Analysis, words: Wording) -> str:
    """Who comes back, in a sentence."""
    return repeat.sentence(_row(analysis, "second_purchase_30"), words)


@once
def repeat_figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """The shares behind the sentence, each with its meaning and its number of customers."""
    shown = {
        "second_purchase_90": "Buy again within 90 days",
        "third_purchase_90": "Of those, a third time",
        "existing_customers": "Revenue from existing customers",
        "gone": "Gone within 90 days",
    }
    found = []
    for key, label in shown.items():
        row = _row(analysis, key)
        about = f" Of {words.count(row.customers, 'customer')}." if row.customers else ""
        meaning = f"{row.meaning}{about}" if pd.notna(row.share) else row.reason
        found.append(Figure(label, words.share(row.share), meaning))
    return found


def repeat_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the repeat curve."""
    last = analysis.returning.curve.dropna(subset=["share"]).tail(1)
    if last.empty:
        return "Nobody was watched for long enough to say who comes back"
    within = words.count(last["day"].iloc[0], "day")
    return f"{words.share(last['share'].iloc[0])} of customers buy again within {within}"


@once
def references(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """Every figure in a sentence, beside who says what is usual."""
    rows = _rows(analysis.returning.figures)
    return pd.DataFrame(
        {
            "What": [repeat.sentence(row, words) for row in rows],
            "Customers": [words.count(row.customers) if row.customers else "" for row in rows],
            "Who says what is usual": [row.source for row in rows],
        }
    )


@once
def again_by(analysis: Analysis) -> dict[str, str]:
    """What first orders can be grouped by: heading -> name; only what the export has."""
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
def ladder(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """Each next purchase in words: who makes it, and how long they take."""
    rows = _rows(analysis.returning.ladder)
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


def ladder_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the ladder."""
    known = analysis.returning.ladder.dropna(subset=["share"])
    if len(known) < 2:
        return "Who buys a third time cannot be told yet"
    first, second = known["share"].iloc[0], known["share"].iloc[1]
    more = "makes the next one likelier" if second > first else "does not make the next one likelier"
    return f"Each purchase {more}: {words.share(first)} buy a second time, {words.share(second)} of those a third"


@once
def due(analysis: Analysis, words: Wording) -> str:
    """How many are due, in a sentence."""
    found = analysis.returning.due
    if found.empty:
        return "Nobody can be expected back: nobody has come back yet, or all have been silent for too long."
    late = int((found["overdue_days"] > 0).sum())
    month = int((found["due"] <= pd.Timestamp(analysis.observation_end) + pd.Timedelta(days=30)).sum())
    return (
        f"Of the {words.count(len(found), 'customer')} below, {words.number(month)} "
        f"{'is' if month == 1 else 'are'} due within 30 days of "
        f"{words.date(analysis.observation_end)}, {words.number(late)} of them overdue by their own rhythm or the "
        "shop's."
    )


@once
def regretted(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """Refunds of first orders by product, in words."""
    rows = _rows(analysis.returning.regretted)
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


def repeat_computed(analysis: Analysis) -> list[str]:
    """How it is computed."""
    burn = analysis.opening.burn_in_end
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
def map_title(analysis: Analysis, words: Wording, value: str) -> str:
    """The finding of a cohort map."""
    cells = analysis.returning.triangle
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
    """When new customers pay for what winning them costs, and the cohorts behind that."""
    paid = analysis.returning.payback(cost)
    return cohorts.payback_sentence(paid, words), paid


# --- segments ---------------------------------------------------------------------------------------------------------
@once
def segment_sizes(analysis: Analysis, words: Wording, found: segments.Segmented) -> pd.DataFrame:
    """One row a segment: who is in it and what they bring."""
    return segments.sizes(found, analysis.customers, words)


@once
def segment_table(analysis: Analysis, words: Wording, found: segments.Segmented, ahead: pd.DataFrame) -> pd.DataFrame:
    """The segments and their rules in words; the reason where nobody is in one. `ahead`: what is expected of each."""
    rows = _rows(segment_sizes(analysis, words, found))
    expected = {row.group: words.about_money(row.expected, row.low, row.high) for row in _rows(ahead)}
    columns = {
        "Segment": [f"{row.segment}: {row.absent or row.rule}" for row in rows],
        "Customers": [f"{words.count(row.customers)} ({words.share(row.share)})" for row in rows],
        "Revenue so far": [f"{words.money(row.revenue)} ({words.share(row.revenue_share)})" for row in rows],
    }
    more = {EXPECTED: [expected.get(row.segment, "") for row in rows]} if expected else {}
    return pd.DataFrame(columns | more)


@once
def segment_advice(analysis: Analysis, sizes: pd.DataFrame, segment: str, words: Wording) -> str:
    """What usually helps the customers of one segment, and what their typical order comes to."""
    row = next(row for row in _rows(sizes) if row.segment == segment)
    return f"What usually helps: {row.what_helps} Their typical order comes to {words.money(row.basket)}."


@once
def advice(analysis: Analysis, words: Wording, found: segments.Segmented) -> pd.DataFrame:
    """What usually helps each segment that has customers."""
    rows = [row for row in _rows(segment_sizes(analysis, words, found)) if row.customers]
    return pd.DataFrame(
        {"Segment": [row.segment for row in rows], "What usually helps": [row.what_helps for row in rows]}
    )


@once
def states(analysis: Analysis, words: Wording, found: segments.Segmented) -> pd.DataFrame:
    """How many are new, active, slipping or lapsed by their own rhythm."""
    rows = _rows(segments.sizes(found, analysis.customers, words, by="state"))
    return pd.DataFrame(
        {
            "State": [str(row.segment).capitalize() for row in rows],
            "Customers": [f"{words.count(row.customers)} ({words.share(row.share)})" for row in rows],
            "Revenue so far": [words.money(row.revenue) for row in rows],
        }
    )


@once
def of_segment(analysis: Analysis, found: segments.Segmented, segment: str) -> pd.DataFrame:
    """The customers of one segment, those who brought most first, each with the state of their life."""
    people = found.people[found.people["segment"] == segment]
    frame = analysis.customers.merge(people[["customer_id", "segment", "state"]], on="customer_id")
    return frame.sort_values(["revenue", "customer_id"], ascending=[False, True], ignore_index=True)


def segments_title(sizes: pd.DataFrame, words: Wording) -> str:
    """The finding of the bars."""
    top = sizes.sort_values("revenue_share", ascending=False).head(2)
    named = " and ".join(f"'{name}'" for name in top["segment"])
    return (
        f"{named}: {words.share(top['share'].sum())} of customers, {words.share(top['revenue_share'].sum())} of revenue"
    )


def segments_computed(analysis: Analysis, words: Wording) -> list[str]:
    """How segments are made."""
    settings = analysis.settings
    return [
        (
            "Three scores from 1 to 5: how long ago the last order is, how often a customer bought, and for how much. "
            "Fifths of 'how often' collapse where half the customers bought once; so 1 is who bought once, and 2 to 5 "
            "part those who came back."
        ),
        (
            "The table names groups by ranges of the scores; the first row that fits a customer holds. It can be "
            "edited and saved, and every group says its rule in the shop's own numbers."
        ),
        (
            "The state asks something else: whether the silence is longer than nine in ten of a customer's own gaps "
            "(the shop's, where they have fewer than three)."
        ),
        (
            f"Expected value is the forecast on Customer value: your margin on what they buy within "
            f"{words.horizon(settings.horizon_days)}, discounted at {words.share(settings.discount_rate)} a year, with "
            "the range that holds it 95 times in 100. It supposes that you go on as before."
        ),
        "What helps each group is what shops usually do, not what was tested here: only a control group shows that.",
    ]

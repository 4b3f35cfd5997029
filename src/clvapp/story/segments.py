"""An analysis -> what the page on segments says: the groups by name, the rule behind each, and what helps them."""

from dataclasses import replace
from typing import Any

import pandas as pd

from clvapp import columns, segments
from clvapp.analysis import Analysis
from clvapp.memo import once
from clvapp.settings import Settings
from clvapp.story.figure import part, rows_of
from clvapp.story.value import GROSS
from clvapp.story.value import of_revenue as of_revenue  # one answer for all pages
from clvapp.wording import GIVEN, Of, Wording, listed

COLUMNS = (
    columns.CUSTOMER_ID, columns.EMAIL, columns.NAME, columns.ORDER_COUNT, columns.REVENUE, columns.LAST_ORDER,
    columns.DAYS_SINCE_LAST_ORDER, columns.COUNTRY, columns.ACCEPTS_MARKETING,
)  # fmt: skip


EXPECTED = "Expected value"


# --- segments ---------------------------------------------------------------------------------------------------------
@once
def sizes(analysis: Analysis, words: Wording, found: segments.Segmented) -> pd.DataFrame:
    """One row per segment: who is in it and what they bring."""
    return segments.sizes(found, analysis.customers, words)


@once
def table(analysis: Analysis, words: Wording, found: segments.Segmented, ahead: pd.DataFrame) -> pd.DataFrame:
    """The segments and their rules in words, with the reason if one is empty. `ahead`: what is expected of each."""
    rows = rows_of(sizes(analysis, words, found))
    of = Of("expected_value", period=f"next {analysis.settings.horizon_days} days")
    expected = {
        row.group: words.about_money(row.expected, row.low, row.high, of=replace(of, group=row.group))
        for row in rows_of(ahead)
    }
    columns = {
        "Segment": [f"{row.segment}: {row.absent or row.rule}" for row in rows],
        "Customers": [_people(row, words) for row in rows],
        "Revenue so far" + (f" (share {GROSS})" if of_revenue(analysis) == GROSS else ""): [
            f"{words.money(row.revenue, of=Of('revenue', row.customers, group=row.segment))} "
            f"({words.share(row.revenue_share, of=Of('revenue_share', row.customers, group=row.segment))})"
            for row in rows
        ],
    }
    more = {EXPECTED: [expected.get(row.segment, "") for row in rows]} if expected else {}
    return pd.DataFrame(columns | more)


def _people(row: Any, words: Wording) -> str:
    """How many are in a segment, and which share of all that is."""
    share = words.share(row.share, of=Of("segment_customers_share", group=row.segment))
    return f"{words.count(row.customers, of=Of('segment_customers', group=row.segment))} ({share})"


@once
def advice_for(analysis: Analysis, sizes: pd.DataFrame, segment: str, words: Wording) -> str:
    """What usually helps the customers of one segment, and how much their typical order is."""
    row = next(row for row in rows_of(sizes) if row.segment == segment)
    basket = words.money(row.basket, of=Of("typical_order", row.customers, group=segment))
    return f"What usually helps: {row.what_helps} Their typical order comes to {basket}."


@once
def advice(analysis: Analysis, words: Wording, found: segments.Segmented) -> pd.DataFrame:
    """What usually helps each segment that has customers."""
    rows = [row for row in rows_of(sizes(analysis, words, found)) if row.customers]
    return pd.DataFrame(
        {"Segment": [row.segment for row in rows], "What usually helps": [row.what_helps for row in rows]}
    )


@once
def states(analysis: Analysis, words: Wording, found: segments.Segmented) -> pd.DataFrame:
    """How many are new, active, slipping or lapsed by their own rhythm."""
    rows = rows_of(segments.sizes(found, analysis.customers, words, by="state"))
    return pd.DataFrame(
        {
            "State": [str(row.segment).capitalize() for row in rows],
            "Customers": [
                f"{words.count(row.customers, of=Of(row.segment))} "
                f"({words.share(row.share, of=Of(f'{row.segment}_share'))})"
                for row in rows
            ],
            "Revenue so far": [
                words.money(row.revenue, of=Of("revenue", row.customers, group=row.segment)) for row in rows
            ],
        }
    )


@once
def people(analysis: Analysis, found: segments.Segmented, segment: str) -> pd.DataFrame:
    """The customers of one segment, each with their state, those who brought most first."""
    people = found.people[found.people["segment"] == segment]
    frame = analysis.customers.merge(people[["customer_id", "segment", "state"]], on="customer_id")
    return frame.sort_values(["revenue", "customer_id"], ascending=[False, True], ignore_index=True)


def title(sizes: pd.DataFrame, words: Wording, *, of_revenue: str = "of revenue") -> str:
    """The finding of the bars."""
    top = sizes.sort_values("revenue_share", ascending=False, kind="stable").head(2)
    named, group = " and ".join(f"'{name}'" for name in top["segment"]), " and ".join(top["segment"])
    people = words.share(top["share"].sum(), of=Of("segment_customers_share", group=group))
    brought = part(
        words, float(top["revenue_share"].sum()), of=Of("revenue_share", int(top["customers"].sum()), group=group)
    )
    return f"{named}: {people} of customers, {brought} {of_revenue}"


def computed(analysis: Analysis, words: Wording) -> list[str]:
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
            "The state asks something else: how long a customer has been silent. Active is up to the time within which "
            "nine in ten of those who come back do so, slipping up to twice that, lapsed beyond; by the customer's own "
            "rhythm from three gaps on, by the shop's before. Own gaps are held against all customers' (gamma gaps, "
            "empirical Bayes)."
        ),
        (
            f"Expected value is the forecast on Customer value: your margin on what all customers pay within "
            f"{words.horizon(settings.horizon_days)}, discounted at {words.share(settings.discount_rate, of=GIVEN)} a "
            "year, with the range that holds it 95 times in 100. All groups together come to 'Worth today' there. It "
            "supposes that you go on as before."
        ),
        "What helps each group is what shops usually do, not what was tested here: only a control group shows that.",
    ]


# Groups of those who bought more than once and long ago. By name: an owner's own table may have none of them.
TO_WIN_BACK = ("At risk", "Cannot lose them")


def answer(
    sizes: pd.DataFrame, words: Wording, ahead: pd.DataFrame | None = None, *, of_revenue: str = "of revenue",
    days: int = Settings.horizon_days,
) -> str:  # fmt: skip
    """The page's opening: who brings most, and what those who came back once and then no more have brought.

    With `ahead` (each segment's `group` and `expected` value over so many `days`), it also says what those are still
    expected to bring.
    """
    people = sizes[sizes["customers"] > 0]
    if people.empty:
        return "There is no customer to put into a segment yet."
    best: Any = people.iloc[int(people["revenue"].to_numpy().argmax())]
    name, one = str(best["segment"]), best["customers"] == 1
    count = words.count(best["customers"], "customer", of=Of("segment_customers", group=name))
    share = words.share(best["share"], of=Of("segment_customers_share", group=name))
    brought = part(words, float(best["revenue_share"]), of=Of("revenue_share", int(best["customers"]), group=name))
    said = f"{count} ({share}) in '{name}' {'brings' if one else 'bring'} {brought} {of_revenue}"
    away = people[people["segment"].isin(TO_WIN_BACK)]
    if away.empty:
        return f"{said}."
    names, group = listed([f"'{name}'" for name in away["segment"]]), " and ".join(away["segment"])
    number, has = int(away["customers"].sum()), "has" if len(away) == 1 and away["customers"].iloc[0] == 1 else "have"
    revenue = words.money(float(away["revenue"].sum()), of=Of("revenue", number, group=group))
    return (
        f"{said}; the {words.count(number, of=Of('segment_customers', group=group))} in {names} {has} brought "
        f"{revenue} so far{_still(ahead, words, Of('expected_value', period=f'next {days} days', group=group))}."
    )


def _still(ahead: pd.DataFrame | None, words: Wording, of: Of) -> str:
    """What those who came back once and then no more are expected to bring, once we know it."""
    if ahead is None or ahead.empty:
        return ""
    away = float(ahead.loc[ahead["group"].isin(TO_WIN_BACK), "expected"].sum())
    return f", and what is still expected of them is worth {words.about_money(away, of=of)} today"

"""An analysis -> what the page on segments says: the groups by name, the rule behind each, and what helps them."""

from typing import Any

import pandas as pd

from clvapp import columns, segments
from clvapp.analysis import Analysis
from clvapp.memo import once
from clvapp.story.figure import rows_of
from clvapp.story.value import GROSS
from clvapp.wording import Wording

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
    expected = {row.group: words.about_money(row.expected, row.low, row.high) for row in rows_of(ahead)}
    columns = {
        "Segment": [f"{row.segment}: {row.absent or row.rule}" for row in rows],
        "Customers": [f"{words.count(row.customers)} ({words.share(row.share)})" for row in rows],
        "Revenue so far": [f"{words.money(row.revenue)} ({words.share(row.revenue_share)})" for row in rows],
    }
    more = {EXPECTED: [expected.get(row.segment, "") for row in rows]} if expected else {}
    return pd.DataFrame(columns | more)


@once
def advice_for(analysis: Analysis, sizes: pd.DataFrame, segment: str, words: Wording) -> str:
    """What usually helps the customers of one segment, and how much their typical order is."""
    row = next(row for row in rows_of(sizes) if row.segment == segment)
    return f"What usually helps: {row.what_helps} Their typical order comes to {words.money(row.basket)}."


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
            "Customers": [f"{words.count(row.customers)} ({words.share(row.share)})" for row in rows],
            "Revenue so far": [words.money(row.revenue) for row in rows],
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
    top = sizes.sort_values("revenue_share", ascending=False).head(2)
    named = " and ".join(f"'{name}'" for name in top["segment"])
    return (
        f"{named}: {words.share(top['share'].sum())} of customers, {words.share(top['revenue_share'].sum())} "
        f"{of_revenue}"
    )


def of_revenue(analysis: Analysis) -> str:
    """What the shares of revenue are of."""
    return GROSS if (analysis.customers["revenue"] < 0).any() else "of revenue"


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
            f"Expected value is the forecast on Customer value: your margin on what they buy within "
            f"{words.horizon(settings.horizon_days)}, discounted at {words.share(settings.discount_rate)} a year, with "
            "the range that holds it 95 times in 100. It supposes that you go on as before."
        ),
        "What helps each group is what shops usually do, not what was tested here: only a control group shows that.",
    ]


TO_WIN_BACK = ("At risk", "Cannot lose them")


def answer(
    sizes: pd.DataFrame, words: Wording, ahead: pd.DataFrame | None = None, *, of_revenue: str = "of revenue"
) -> str:
    """The page's opening: who brings most, and what the good customers who have not bought of late have brought.

    With `ahead` (each segment's `group` and `expected` value), it also says what those are still expected to bring.
    """
    people = sizes[sizes["customers"] > 0]
    if people.empty:
        return "There is no customer to put into a segment yet."
    best: Any = people.iloc[int(people["revenue"].to_numpy().argmax())]
    said = (
        f"{words.count(best['customers'], 'customer')} ({words.share(best['share'])}) in '{best['segment']}' "
        f"{'brings' if best['customers'] == 1 else 'bring'} {words.share(best['revenue_share'])} "
        f"{of_revenue}"
    )
    away = people[people["segment"].isin(TO_WIN_BACK)]
    if away.empty:
        return f"{said}."
    count, revenue = int(away["customers"].sum()), float(away["revenue"].sum())
    groups = " or ".join(f"'{name}'" for name in away["segment"])
    return (
        f"{said}; {words.count(count, 'good customer')} {'is' if count == 1 else 'are'} in {groups}, who "
        f"{'has' if count == 1 else 'have'} brought {words.money(revenue)} so far{_still(ahead, words)}."
    )


def _still(ahead: pd.DataFrame | None, words: Wording) -> str:
    """What those to win back are expected to bring, once we know it."""
    if ahead is None or ahead.empty:
        return ""
    away = float(ahead.loc[ahead["group"].isin(TO_WIN_BACK), "expected"].sum())
    return f"; {words.about_money(away)} is expected of them from here"

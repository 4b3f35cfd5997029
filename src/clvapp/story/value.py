"""An analysis -> what the page on customer value says: what a customer is worth, and who is above or below average."""

import pandas as pd

from clvapp.analysis import Analysis
from clvapp.chart.value import AVERAGE, Sides
from clvapp.days import date
from clvapp.memo import once
from clvapp.story.figure import FIFTH, Figure
from clvapp.value import historic, simple
from clvapp.wording import Wording


@once
def answer(analysis: Analysis, words: Wording) -> str | None:
    """The page's answer: what is a customer worth, and what drives it? None if the formula has no customer."""
    clv = analysis.simple_clv
    if clv is None:
        return None
    return value_sentence(
        words, clv=clv.clv, aov=clv.aov, orders_per_year=clv.orders_per_year, years=clv.years,
        average=float(analysis.customers["historic_value"].mean()), customers=len(analysis.customers),
        above=analysis.segments.above, revenue_share_above=analysis.segments.revenue_share_above,
        margin=analysis.margin, cut=_cut(analysis, words), of_revenue=of_revenue(analysis),
    )  # fmt: skip


def _cut(analysis: Analysis, words: Wording) -> str:
    """The line that customers count as above; the sentence before it has named the average so far."""
    line, so_far = words.money(analysis.segments.threshold), analysis.settings.basis == "historic"
    included = "" if so_far else ", what is expected included,"
    if analysis.settings.threshold == "median":
        return f"the {line} of the middle customer{included}"
    if analysis.settings.threshold == "top":
        return f"{line}, where the top {words.share(analysis.settings.top_share)} begin{included or ','}"
    return "that" if so_far else f"the average of {line}{included}"


GROSS = "of what customers brought"


def of_revenue(analysis: Analysis) -> str:
    """What revenue shares refer to. Orders that name no customer are not part of any customer's revenue.

    Where somebody gave back more than they paid, shares are of what the others brought.
    """
    if (analysis.customers["revenue"] < 0).any():
        return GROSS
    return "of the revenue of known customers" if analysis.not_attributable[0] else "of revenue"


@once
def everybody(analysis: Analysis) -> pd.DataFrame:
    """All customers with what each is expected to bring, those worth most so far first."""
    return analysis.with_forecast.sort_values("historic_value", ascending=False)


@once
def figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """The formula's factors and their product."""
    clv = analysis.simple_clv
    if clv is None:
        return []
    who = f"Of the {words.count(clv.customers, 'customer')} who bought in {_window(clv)}."
    return [
        Figure("A customer is worth", words.money(clv.clv), f"Order value × orders a year × years. {who}"),
        Figure("Average order", words.money(clv.aov), f"Revenue divided by orders. {who}"),
        Figure(
            "Orders a year",
            words.number(clv.orders_per_year, 1),
            f"Per customer and year in which they could buy. {who}",
        ),
        Figure(
            "Years as a customer",
            words.number(clv.years, 1),
            f"From first order to {words.date(analysis.observation_end)}, so far. {who}",
        ),
    ]


def _window(clv: simple.SimpleClv) -> str:
    return "the last 12 months" if clv.whole_year else "the whole history, which is shorter than a year"


def computed(analysis: Analysis, words: Wording) -> list[str]:
    """Paragraphs on how the value is computed, with the shop's own numbers, and on what it cannot know."""
    clv = analysis.simple_clv
    if clv is None:
        return []
    return [
        (
            f"{words.money(clv.aov)} × {words.number(clv.orders_per_year, 2)} × {words.number(clv.years, 2)} = "
            f"{words.money(clv.clv)}, of the {words.count(clv.customers, 'customer')} with "
            f"{words.count(clv.orders, 'order')} in {_window(clv)}."
        ),
        (
            "A customer's time in those months begins at their first order, or at their start. Years run from the "
            f"first order to {words.date(analysis.observation_end)}: so far, and not yet to the end."
        ),
        (
            f"The average of {words.money(float(analysis.customers['historic_value'].mean()))} is another question: "
            f"what all {words.count(len(analysis.customers), 'customer')} have been worth so far, those who left long "
            "ago and those who came last week included. The formula asks what one is worth over a whole relationship "
            "at today's pace."
        ),
        "What it cannot know: how long today's customers will stay. Who stays for ever is not in a file of orders.",
    ]


def worth_label(analysis: Analysis) -> str:
    """The name of the value that customers are above or below average by."""
    return "Value so far" if analysis.settings.basis == "historic" else "Value so far and expected"


def sides(analysis: Analysis, words: Wording) -> Sides:
    """Names for the line in the distribution and for its two sides."""
    if analysis.settings.threshold == "median":
        return Sides("middle customer", "above the middle", "below the middle")
    if analysis.settings.threshold == "top":
        top = f"top {words.share(analysis.settings.top_share)}"
        return Sides(f"{top}: from", top, "everybody else")
    return AVERAGE


def distribution_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the distribution."""
    parts = analysis.segments
    share = words.share(parts.above / max(1, parts.above + parts.below))
    above = "above the average" if analysis.settings.threshold == "mean" else f"above {words.money(parts.threshold)}"
    return f"{share} of customers are {above} and bring {words.share(parts.revenue_share_above)} {of_revenue(analysis)}"


@once
def distribution(analysis: Analysis) -> pd.DataFrame:
    """Customers by value, in steps that each stay on one side of the average."""
    return historic.distribution(analysis.worth, analysis.segments.threshold)


@once
def pareto(analysis: Analysis) -> pd.DataFrame:
    """Customers from best to worst, and the money they bring together."""
    return historic.pareto(analysis.customers["revenue"])


def pareto_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the Pareto curve."""
    best = historic.share_of_top(analysis.customers["revenue"], FIFTH)
    return f"{words.share(FIFTH)} of customers bring {words.share(best)} {of_revenue(analysis)}"


def cohorts_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the picture of cohorts."""
    del words
    months = cohorts(analysis)
    half = len(months) // 2
    halves = (months[:half], months[half:])
    weigh = [part["sum_value"].sum() / part["customers"].sum() for part in halves if len(part)]
    if len(weigh) == 2 and weigh[0] > weigh[1]:
        return "Those who came earlier have had longer to buy: compare neighbours, not ends"
    return "Customers by the month they came: value so far"


@once
def cohorts(analysis: Analysis) -> pd.DataFrame:
    """One row per month of first order, without the burn-in."""
    months = analysis.cohorts.rename(columns={"value": "sum_value", "mean_value": "value"})
    return months[after_burn_in(analysis, months["month"])].reset_index(drop=True)


def after_burn_in(analysis: Analysis, months: pd.Series) -> pd.Series:
    """Which of `months` come after the burn-in, where new customers can be told from old ones."""
    end = analysis.burn_in.end
    return months >= (pd.Timestamp.min if end is None else pd.Timestamp(date(end)))


@once
def factors_sentence(analysis: Analysis, words: Wording) -> str:
    """What 10 % more of any factor brings per customer (the same for each factor), and in total for the shop."""
    clv = analysis.simple_clv
    if clv is None:
        return ""
    gain, more = 0.1 * clv.clv, 1.1
    often, oftener = words.number(clv.orders_per_year, 2), words.number(more * clv.orders_per_year, 2)
    return (
        f"{words.share(0.1)} more of any one of the three brings {words.money(gain)} a customer, "
        f"{words.money(gain * clv.customers)} over the {words.count(clv.customers, 'customer')} of {_window(clv)}: "
        f"{words.money(more * clv.aov)} an order instead of {words.money(clv.aov)}, {oftener} orders a year instead of "
        f"{often}, or {words.number(more * clv.years, 2)} years instead of {words.number(clv.years, 2)}."
    )


@once
def groupings(analysis: Analysis) -> dict[str, str]:
    """What customers can be grouped by: heading -> column of the first order, only for what the export has."""
    named = {
        "Country": "country",
        "Channel": "channel",
        "First product": "product",
        "Category": "category",
        "Region": "region",
    }
    first = analysis.first_orders
    return {heading: column for heading, column in named.items() if first[column].dropna().drop_duplicates().size > 1}


@once
def by_group(analysis: Analysis, column: str) -> pd.DataFrame:
    """Mean value so far by a word of the first order, with intervals. Products are cut at the dash."""
    by_id = analysis.first_orders.set_index("customer_id")[column]
    group = analysis.customers["customer_id"].map(by_id)
    found = historic.by_group(analysis.customers["historic_value"], group)
    return found.rename(columns={"mean_value": "value"})


@once
def group_title(analysis: Analysis, frame: pd.DataFrame, heading: str, words: Wording) -> str:
    """The finding of a grouping: the best group of a fair size, and whether it really differs from the rest."""
    fair = frame[frame["customers"] >= 30]
    if fair.empty:
        return f"{heading}: every group is too small to compare"
    best, rest = fair.iloc[0], fair.iloc[1:]
    if len(rest) and best["low"] > rest["high"].max():
        return f"{best['group']} stands out: {words.money(best['value'])} a customer so far"
    return f"{best['group']} leads with {words.money(best['value'])}, within what chance could do"


def formula_sentence(words: Wording, *, clv: float, aov: float, orders_per_year: float, years: float) -> str:
    """The simple formula with the shop's own numbers in it."""
    return (
        f"A customer is worth {words.money(clv)}: {words.money(aov)} an order × {words.number(orders_per_year, 1)} "
        f"orders a year × {words.number(years, 1)} years."
    )


def value_sentence(
    words: Wording, *, clv: float, aov: float, orders_per_year: float, years: float, average: float,
    customers: int, above: int, revenue_share_above: float, margin: float = 1.0, cut: str = "that",
    of_revenue: str = "of revenue",
) -> str:  # fmt: skip
    """What a customer is worth by the formula, and how many have been worth more than the average so far.

    With a `margin`, `average` is money earned rather than money paid. `cut` names the line that the others are above,
    if it is not that average.
    """
    so_far = "So far customers have paid" if margin == 1 else "That is revenue; so far customers have earned you"
    formula = formula_sentence(words, clv=clv, aov=aov, orders_per_year=orders_per_year, years=years)
    return (
        f"{formula} {so_far} {words.money(average)} on average; {words.count(above)} of them "
        f"({words.share(above / customers if customers else None)}) {'is' if above == 1 else 'are'} above {cut} and "
        f"{'brings' if above == 1 else 'bring'} {words.share(revenue_share_above)} {of_revenue}."
    )

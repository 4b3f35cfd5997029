"""An analysis -> what the page on customer value says: what a customer is worth, and who is above or below average."""

from dataclasses import replace

import pandas as pd

from clvapp.analysis import Analysis
from clvapp.chart.look import SMALL_GROUP
from clvapp.chart.value import AVERAGE, Sides
from clvapp.days import date
from clvapp.memo import once
from clvapp.story import newly_won
from clvapp.story.figure import FIFTH, Figure, part
from clvapp.story.formula import Formula, formula, formula_sentence, period, so_far_sentence
from clvapp.value import historic
from clvapp.value.simple import SimpleClv
from clvapp.wording import GIVEN, Of, Wording


@once
def answer(analysis: Analysis, words: Wording) -> str | None:
    """The page's answer: what is a customer worth, and what drives it? None if the formula has no customer."""
    clv = analysis.simple_clv
    if clv is None:
        return None
    asked_for_more = analysis.settings.basis == "with_expected" and not analysis.counts_expected
    untold = " What is expected cannot be told yet, and does not count." if asked_for_more else ""
    said = value_sentence(
        words, clv=clv.clv, aov=clv.aov, orders_per_year=clv.orders_per_year, years=clv.years, people=clv.customers,
        period=period(clv), average=float(analysis.customers["historic_value"].mean()),
        customers=len(analysis.customers), above=analysis.segments.above,
        revenue_share_above=analysis.segments.revenue_share_above,
        margin=analysis.margin, cut=_cut(analysis, words), of_revenue=of_revenue(analysis),
    )  # fmt: skip
    return said + newly_won.brief(analysis, words) + untold


def _cut(analysis: Analysis, words: Wording) -> str:
    """The line that customers count as above; the sentence before it has named the average so far."""
    parts, so_far = analysis.segments, not analysis.counts_expected
    line = words.money(parts.threshold, of=Of("threshold", parts.above + parts.below))
    included = "" if so_far else ", what is expected included,"
    if analysis.settings.threshold == "median":
        return f"the {line} of the middle customer{included}"
    if analysis.settings.threshold == "top":
        best = words.share(analysis.settings.top_share, of=GIVEN)
        return f"{line}, where the top {best} begin{included or ','}"
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


def as_written(clv: SimpleClv, margin: float, words: Wording) -> Formula:
    """The simple formula with the shop's numbers in it, as every sentence writes them."""
    return formula(
        words, clv=clv.clv, aov=clv.aov, orders_per_year=clv.orders_per_year, years=clv.years, margin=margin,
        people=clv.customers, period=period(clv),
    )  # fmt: skip


@once
def figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """The formula's factors and their product."""
    clv = analysis.simple_clv
    if clv is None:
        return []
    made = as_written(clv, analysis.margin, words)
    who = f"Of the {_buyers(clv, words)} who bought in {_window(clv)}."
    times = " × your margin" if made.margin else ""
    first = "Each one's first order counts, over the time since."
    figures = [
        Figure("A customer is worth", made.clv, f"Order value × orders a year × years{times}. {who}"),
        Figure("Average order", made.aov, f"Revenue divided by orders. {who}"),
        Figure("Orders a year", made.orders_per_year, f"Per customer and year in which they could buy. {first} {who}"),
        Figure(
            "Years as a customer", made.years,
            f"From first order to {words.date(analysis.observation_end)}, so far. {who}",
        ),
    ]  # fmt: skip
    earned = "What you earn of each unit of money paid, by your settings and the costs in the file."
    return [*figures, *([Figure("Margin", made.margin, earned)] if made.margin else [])]


def _buyers(clv: SimpleClv, words: Wording) -> str:
    return words.count(clv.customers, "customer", of=Of("buyers", period=period(clv)))


def _window(clv: SimpleClv) -> str:
    return "the last 12 months" if clv.whole_year else "the whole history, which is shorter than a year"


def computed(analysis: Analysis, words: Wording) -> list[str]:
    """Paragraphs on how the value is computed, with the shop's own numbers, and on what it cannot know."""
    clv = analysis.simple_clv
    if clv is None:
        return []
    made, when = as_written(clv, analysis.margin, words), period(clv)
    times, people = f" × {made.margin}" if made.margin else "", analysis.customers
    orders = words.count(clv.orders, "order", of=Of("orders", period=when, group="of customers"))
    average = words.money(float(people["historic_value"].mean()), of=Of("historic_value", len(people)))
    found = [
        (
            f"{made.aov} × {made.orders_per_year} × {made.years}{times} = {made.clv}, of the {_buyers(clv, words)} "
            f"with {orders} in {_window(clv)}."
        ),
        (
            "A customer's time in those months begins at their first order, or at their start, and their first order "
            "counts: where most have come lately, orders a year are more than those who come back make. Years run from "
            f"the first order to {words.date(analysis.observation_end)}: so far, and not yet to the end."
        ),
        (
            f"The average of {average} is another question: "
            f"what all {words.count(len(people), 'customer', of=Of('customers'))} have been worth so far, those who "
            "left long ago and those who came last week included. The formula asks what one is worth over a whole "
            "relationship at today's pace."
        ),
        "What it cannot know: how long today's customers will stay. Who stays for ever is not in a file of orders.",
    ]
    if made.margin:
        revenue = words.money(clv.clv, of=Of("simple_clv", clv.customers, when))
        found.insert(
            1, f"The formula itself is of revenue, {revenue}; what a customer is worth is what you earn of it."
        )
    return found


def worth_label(analysis: Analysis) -> str:
    """The name of the value that customers are above or below average by."""
    return "Value so far and expected" if analysis.counts_expected else "Value so far"


def sides(analysis: Analysis, words: Wording) -> Sides:
    """Names for the line in the distribution and for its two sides."""
    if analysis.settings.threshold == "median":
        return Sides("middle customer", "above the middle", "below the middle")
    if analysis.settings.threshold == "top":
        top = f"top {words.share(analysis.settings.top_share, of=GIVEN)}"
        return Sides(f"{top}: from", top, "everybody else")
    return AVERAGE


def distribution_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the distribution."""
    parts = analysis.segments
    people = parts.above + parts.below
    share = words.share(parts.above / max(1, people), of=Of("above_average_share", people))
    line = words.money(parts.threshold, of=Of("threshold", people))
    mean, so_far = analysis.settings.threshold == "mean", not analysis.counts_expected
    above = "above the average" if mean and so_far else f"above {'the average of ' if mean else ''}{line}"
    above += "" if so_far else ", what is expected included,"
    brought = part(words, parts.revenue_share_above, of=Of("above_average_revenue_share", people))
    return f"{share} of customers are {above} and bring {brought} {of_revenue(analysis)}"


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
    revenue = analysis.customers["revenue"]
    best = words.share(historic.share_of_best(len(revenue), FIFTH), of=GIVEN)
    brought = part(words, historic.share_of_top(revenue, FIFTH), of=Of("top_fifth_revenue_share"))
    return f"The best {best} of customers bring {brought} {of_revenue(analysis)}"


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
    made, gain, more = as_written(clv, analysis.margin, words), 0.1 * clv.clv, 1.1
    of = Of("ten_percent_more", clv.customers, period(clv))
    (aov, rate, years), (cents, of_rate, of_years) = made.shown, made.digits
    return (
        f"{words.share(0.1, of=GIVEN)} more of any one of the three brings {words.about_money(gain, of=of)} of revenue "
        f"a customer, {words.about_money(gain * clv.customers, of=replace(of, group='all of them'))} over the "
        f"{_buyers(clv, words)} of {_window(clv)}: "
        f"{words.money(more * aov, cents, of=replace(of, name='aov_tenth_more'))} an order instead of {made.aov}, "
        f"{words.number(more * rate, of_rate + 1, of=replace(of, name='orders_per_year_tenth_more'))} orders a year "
        f"instead of {made.orders_per_year}, or "
        f"{words.number(more * years, of_years + 1, of=replace(of, name='years_tenth_more'))} years instead of "
        f"{made.years}."
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
    """Mean value so far by a word of the first order, with intervals; who has none stands in a row of their own."""
    by_id = analysis.first_orders.set_index("customer_id")[column]
    group = analysis.customers["customer_id"].map(by_id)
    found = historic.by_group(analysis.customers["historic_value"], group)
    return found.rename(columns={"mean_value": "value"})


@once
def group_title(analysis: Analysis, frame: pd.DataFrame, heading: str, words: Wording) -> str:
    """The finding of a grouping: the best group of a fair size, and whether its interval clears all the others'."""
    large = frame[frame["customers"] >= SMALL_GROUP]
    fair = large[~large["group"].isin((historic.UNNAMED, historic.OTHERS))]
    if fair.empty:
        return f"{heading}: every group is too small to compare"
    best, rest = fair.iloc[0], fair.iloc[1:]
    of = Of("historic_value", int(best["customers"]), group=f"{heading}: {best['group']}")
    worth = f"{words.money(best['value'], of=of)} {'' if analysis.margin == 1 else 'earned of '}a customer so far"
    if rest.empty:
        return f"{best['group']}: {worth}, and no other group is large enough to compare"
    fewer = len(fair) < len(frame)
    among = f", of named groups of {words.count(SMALL_GROUP, of=GIVEN)} or more" if fewer else ""
    if best["low"] > large["high"].drop(best.name).max():
        return f"{best['group']} stands out{among}: {worth}"
    return f"{best['group']} leads with {worth}{among}, within what chance could do"


def value_sentence(
    words: Wording, *, clv: float, aov: float, orders_per_year: float, years: float, average: float,
    customers: int, above: int, revenue_share_above: float, margin: float = 1.0, cut: str = "that",
    of_revenue: str = "of revenue", people: int | None = None, period: str = "last 12 months",
) -> str:  # fmt: skip
    """What a customer is worth by the formula, and how many have been worth more than the average so far.

    With a `margin`, `average` is money earned rather than money paid. `cut` names the line that the others are above,
    if it is not that average.
    """
    made = formula(
        words, clv=clv, aov=aov, orders_per_year=orders_per_year, years=years, margin=margin, people=people,
        period=period,
    )  # fmt: skip
    share = words.share(above / customers if customers else None, of=Of("above_average_share", customers))
    brought = part(words, revenue_share_above, of=Of("above_average_revenue_share", customers))
    return (
        f"{formula_sentence(made, period=period)} {so_far_sentence(words, average, customers, earned=margin != 1)}; "
        f"{words.count(above, of=Of('above_average', customers))} of them ({share}) {'is' if above == 1 else 'are'} "
        f"above {cut} and {'brings' if above == 1 else 'bring'} {brought} {of_revenue}."
    )

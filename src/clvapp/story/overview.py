"""An analysis -> what the overview says: one sentence per question, with a monthly series and a page that says more."""

from dataclasses import dataclass

import pandas as pd

from clvapp import repeat
from clvapp.analysis import Analysis
from clvapp.memo import once
from clvapp.story.figure import FIFTH, part
from clvapp.story.formula import formula, formula_sentence, period, so_far_sentence
from clvapp.story.value import after_burn_in, of_revenue
from clvapp.value import historic
from clvapp.wording import GIVEN, Of, Wording, _missing, listed

LINES = 5


@dataclass(frozen=True)
class Line:
    """A sentence of the overview: its place, the monthly series beside it, and the page that says more."""

    place: int
    sentence: str
    series: str
    label: str
    unit: str
    page: str
    link: str


@once
def lines(analysis: Analysis, words: Wording) -> list[Line]:
    """The sentences that need only the orders, and so are ready before the rest."""
    if analysis.simple_clv is None:
        return []
    people = analysis.customers
    first = repeat.came_back(
        analysis.spend, days=repeat.AGAIN_WITHIN, end_day=analysis.end_day, burn_in_end=analysis.burn_in.end
    )
    money = concentration_sentence(
        words, share_of_customers=historic.share_of_best(len(people), FIFTH),
        share_of_revenue=historic.share_of_top(people["revenue"], FIFTH),
        customers=historic.best_of(len(people), FIFTH), of_revenue=of_revenue(analysis),
    )  # fmt: skip
    silent = people[people["customer_id"].map(analysis.silent).fillna(False).astype(bool)]
    quiet = analysis.no_states or silence_sentence(
        words, silent=len(silent), customers=len(people), days=analysis.rhythm.shop_limit,
        revenue=float(silent["revenue"].sum()),
    )  # fmt: skip
    lines = [
        worth_line(analysis, words, with_forecast=False),
        Line(1, money, "revenue", "Revenue", "money", "pages/value.py", "Who they are"),
    ]
    if first.share is not None:
        again = return_sentence(words, share=first.share, days=first.days, customers=first.customers)
        label, link = "Customers who came back", "Who comes back, and when"
        lines.append(Line(2, again, "returning", label, "customers", "pages/repeat.py", link))
    label = "Customers who bought"
    return [*lines, Line(3, quiet, "buyers", label, "customers", "pages/segments.py", "Who they are")]


def worth_line(analysis: Analysis, words: Wording, *, with_forecast: bool) -> Line:
    """What a customer is worth, and, once we know it, where that is heading."""
    clv, people = analysis.simple_clv, analysis.customers
    assert clv is not None  # noqa: S101 - the page asks only where there is one
    worth = worth_sentence(
        words, clv=clv.clv, aov=clv.aov, orders_per_year=clv.orders_per_year, years=clv.years, people=clv.customers,
        period=period(clv), average=float(people["revenue"].mean()), customers=len(people), margin=analysis.margin,
    )  # fmt: skip
    said = worth + (_ahead(analysis, words) if with_forecast else "")
    link = "What drives it, and what lies ahead"
    return Line(0, said, "order_value", "Average order", "money", "pages/value.py", link)


@once
def week_line(analysis: Analysis, words: Wording) -> Line:
    """What to do this week, once the lists are made."""
    counts = analysis.targets.counts
    week = week_sentence(words, thank=counts["thank"], offer=counts["upgrade"], win_back=counts["win_back"])
    return Line(4, week, "new_customers", "New customers", "customers", "pages/targets.py", "The lists")


def _ahead(analysis: Analysis, words: Wording) -> str:
    """Where it is heading, if the history is long enough to say."""
    found = analysis.forecast
    if found is None or not found.enough.total:
        return ""
    ahead = Of("expected_revenue", period=f"next {found.terms.horizon_days} days")
    return (
        f" Over the next {words.horizon(found.terms.horizon_days)} they will pay "
        f"{words.about_money(found.totals.revenue, of=ahead)}."
    )


def latest(months: pd.DataFrame, line: Line, words: Wording) -> str:
    """Says what a small picture shows, and its last value."""
    if months.empty:
        return line.label
    last = months.iloc[-1]
    of = Of("aov" if line.series == "order_value" else line.series, group=f"{last['month']:%Y-%m}")
    shown = words.money(last[line.series], of=of) if line.unit == "money" else words.count(last[line.series], of=of)
    return f"{line.label} by month: {shown} in {words.month(last['month'])}"


@once
def monthly(analysis: Analysis) -> pd.DataFrame:
    """The overview's series, complete months only. New and returning customers are blank in the burn-in."""
    months = analysis.months[analysis.months["complete"]] if analysis.months["complete"].any() else analysis.months
    told_apart = after_burn_in(analysis, months["month"])
    return months.assign(
        order_value=months["revenue"] / months["orders"].where(months["orders"] > 0),
        returning=(months["buyers"] - months["new_customers"]).clip(lower=0).where(told_apart),
        new_customers=months["new_customers"].where(told_apart),
    )


def worth_sentence(
    words: Wording, *, clv: float, aov: float, orders_per_year: float, years: float, average: float, customers: int,
    margin: float = 1.0, people: int | None = None, period: str = "last 12 months",
) -> str:  # fmt: skip
    """Overview, first sentence: what a customer is worth. `average` is what all `customers` have paid."""
    made = formula(
        words, clv=clv, aov=aov, orders_per_year=orders_per_year, years=years, margin=margin, people=people,
        period=period,
    )  # fmt: skip
    return f"{formula_sentence(made, period=period)} {so_far_sentence(words, average, customers)}."


def concentration_sentence(
    words: Wording,
    *,
    share_of_customers: float,
    share_of_revenue: float,
    customers: int,
    of_revenue: str = "of revenue",
) -> str:
    """Overview, second: who brings the money."""
    brings = "bring" if customers != 1 else "brings"
    return (
        f"The best {words.share(share_of_customers, of=GIVEN)} of customers "
        f"({words.count(customers, 'person', 'people', of=Of('top_fifth'))}) "
        f"{brings} {part(words, share_of_revenue, of=Of('top_fifth_revenue_share'))} {of_revenue}."
    )


def return_sentence(words: Wording, *, share: float, days: int, customers: int, third: float | None = None) -> str:
    """Overview, third: who comes back. `share` bought again within `days`, and `third` of those once more."""
    within = f"within {days} days"
    again = ""
    if third is not None and not _missing(third):
        again = f"; of those, {words.of_100(third, of=Of('third_purchase_rate', period=within))} buy a third time"
    looked = words.count(customers, "customer", of=Of("second_purchase_customers", period=within))
    return (
        f"{words.of_100(share, of=Of('second_purchase_rate', customers, within))} customers buy again within "
        f"{words.number(days, of=GIVEN)} days{again} ({looked} looked at)."
    )


def silence_sentence(words: Wording, *, silent: int, customers: int, days: float, revenue: float) -> str:
    """Overview, fourth: who is slipping or lapsed. `silent` customers spent `revenue`, then nothing for unusually long.

    Unusually long means over `days`, or over their own limit if they have a rhythm of their own.
    """
    usual = words.count(days, "day", of=Of("usual_silence"))
    long = f"nine in ten who come back are: {usual}, or by their own rhythm where they have one"
    if not silent:
        return f"No customer has been silent for longer than {long}."
    return (
        f"{words.count(silent, 'customer', of=Of('silent'))} of {words.count(customers, of=Of('customers'))} "
        f"({words.share(silent / customers, of=Of('silent_share', customers))}) "
        f"{'is' if silent == 1 else 'are'} slipping or lapsed, silent for longer than {long}; until then they had "
        f"spent {words.money(revenue, of=Of('revenue', silent, group='silent'))}."
    )


def week_sentence(words: Wording, *, thank: int, offer: int, win_back: int) -> str:
    """Overview, fifth: what to do this week."""
    steps = [
        f"{verb} {words.count(people, of=Of(name))}{rest}"
        for verb, name, people, rest in (
            ("thank", "thank", thank, ""), ("offer", "upgrade", offer, " something better"),
            ("win back", "win_back", win_back, ""),
        )
        if people
    ]  # fmt: skip
    return f"This week: {listed(steps)}." if steps else "This week there is nobody to write to."

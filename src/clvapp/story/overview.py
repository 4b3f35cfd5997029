"""What the overview says: a sentence a question, each with its monthly series and the page that says more."""

from dataclasses import dataclass

import pandas as pd

from clvapp import repeat, target, wording
from clvapp.analysis import Analysis
from clvapp.once import once
from clvapp.story.figure import FIFTH
from clvapp.story.understand import after_burn_in, of_revenue
from clvapp.value import historic
from clvapp.wording import Wording

LINES = 5


@dataclass(frozen=True)
class Line:
    """A sentence of the overview, its place, the monthly series beside it, and the page that says more."""

    place: int
    sentence: str
    series: str
    label: str
    unit: str
    page: str
    link: str


@once
def overview(analysis: Analysis, words: Wording) -> list[Line]:
    """How the shop is doing with its customers, a sentence a question: what orders alone say, ready before the rest."""
    if analysis.simple_clv is None:
        return []
    people = analysis.customers
    best = historic.share_of_top(people["revenue"], FIFTH)
    first = repeat.came_back(
        analysis.spend, days=repeat.AGAIN_WITHIN, end_day=analysis.end_day, burn_in_end=analysis.opening.burn_in_end
    )
    money = wording.concentration_sentence(
        words, share_of_customers=FIFTH, share_of_revenue=best, customers=round(FIFTH * len(people)),
        of_revenue=of_revenue(analysis),
    )  # fmt: skip
    silent = people[people["customer_id"].map(analysis.silent).fillna(False).astype(bool)]
    slipping = wording.silence_sentence(
        words, silent=len(silent), customers=len(people), days=target.usual_silence(analysis.spend),
        revenue=float(silent["revenue"].sum()),
    )  # fmt: skip
    lines = [
        worth_line(analysis, words, with_forecast=False),
        Line(1, money, "revenue", "Revenue", "money", "pages/value.py", "Who they are"),
    ]
    if first.share is not None:
        again = wording.return_sentence(words, share=first.share, days=first.days, customers=first.customers)
        label, link = "Customers who came back", "Who comes back, and when"
        lines.append(Line(2, again, "returning", label, "customers", "pages/repeat.py", link))
    label = "Customers who bought"
    return [*lines, Line(3, slipping, "buyers", label, "customers", "pages/segments.py", "Who they are")]


def worth_line(analysis: Analysis, words: Wording, *, with_forecast: bool) -> Line:
    """What a customer is worth and, once it is known, where that is heading."""
    clv, people = analysis.simple_clv, analysis.customers
    assert clv is not None  # noqa: S101 - the page asks only where there is one
    worth = wording.worth_sentence(
        words, clv=clv.clv, aov=clv.aov, orders_per_year=clv.orders_per_year, years=clv.years,
        average=float(people["revenue"].mean()), customers=len(people),
    )  # fmt: skip
    said = worth + (_ahead(analysis, words) if with_forecast else "")
    link = "What drives it, and what lies ahead"
    return Line(0, said, "order_value", "Average order", "money", "pages/value.py", link)


@once
def week_line(analysis: Analysis, words: Wording) -> Line:
    """What to do this week, once the lists are made."""
    counts = analysis.targets.counts
    week = wording.week_sentence(words, thank=counts["thank"], offer=counts["upgrade"], win_back=counts["win_back"])
    return Line(4, week, "new_customers", "New customers", "customers", "pages/targets.py", "The lists")


def _ahead(analysis: Analysis, words: Wording) -> str:
    """Where it is heading, where the history carries that."""
    found = analysis.forecast
    if found is None or not found.enough.total:
        return ""
    return (
        f" Over the next {words.horizon(found.settings.horizon_days)} the customers you have will bring "
        f"{words.about_money(found.totals.revenue)}."
    )


def latest(months: pd.DataFrame, line: Line, words: Wording) -> str:
    """What a small picture shows, with its last value."""
    if months.empty:
        return line.label
    last = months.iloc[-1]
    shown = words.money(last[line.series]) if line.unit == "money" else words.count(last[line.series])
    return f"{line.label} by month: {shown} in {words.month(last['month'])}"


@once
def monthly(analysis: Analysis) -> pd.DataFrame:
    """The overview's series, complete months only; who is new and who came back is blank in the burn-in."""
    months = analysis.months[analysis.months["complete"]] if analysis.months["complete"].any() else analysis.months
    told_apart = after_burn_in(analysis, months["month"])
    return months.assign(
        order_value=months["revenue"] / months["orders"].where(months["orders"] > 0),
        returning=(months["buyers"] - months["new_customers"]).clip(lower=0).where(told_apart),
        new_customers=months["new_customers"].where(told_apart),
    )

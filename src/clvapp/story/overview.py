"""What the overview says: a sentence a question, each with its monthly series and the page that says more."""

from dataclasses import dataclass

import pandas as pd

from clvapp import repeat, target, wording
from clvapp.analysis import Analysis
from clvapp.story.figure import FIFTH
from clvapp.story.once import once
from clvapp.story.understand import after_burn_in, of_revenue
from clvapp.value import historic
from clvapp.wording import Wording


@dataclass(frozen=True)
class Line:
    """A sentence of the overview, the monthly series beside it, and the page that says more."""

    sentence: str
    series: str
    label: str
    unit: str
    page: str
    link: str


@once
def overview(analysis: Analysis, words: Wording) -> list[Line]:
    """How the shop is doing with its customers: a sentence a question."""
    clv = analysis.simple_clv
    if clv is None:
        return []
    people = analysis.customers
    best = historic.share_of_top(people["revenue"], FIFTH)
    first = repeat.came_back(
        analysis.spend, days=repeat.AGAIN_WITHIN, end_day=analysis.end_day, burn_in_end=analysis.opening.burn_in_end
    )
    lines = [
        Line(
            wording.worth_sentence(
                words, clv=clv.clv, aov=clv.aov, orders_per_year=clv.orders_per_year, years=clv.years,
                average=float(people["revenue"].mean()), customers=len(people),
            ) + _ahead(analysis, words),
            "order_value", "Average order", "money", "pages/value.py", "What drives it, and what lies ahead",
        ),
        Line(
            wording.concentration_sentence(
                words, share_of_customers=FIFTH, share_of_revenue=best, customers=round(FIFTH * len(people)),
                of_revenue=of_revenue(analysis),
            ),
            "revenue", "Revenue", "money", "pages/value.py", "Who they are",
        ),
    ]  # fmt: skip
    if first.share is not None:
        again = wording.return_sentence(words, share=first.share, days=first.days, customers=first.customers)
        lines.append(
            Line(
                again,
                "returning",
                "Customers who came back",
                "customers",
                "pages/repeat.py",
                "Who comes back, and when",
            )
        )
    silent = people[people["customer_id"].map(analysis.silent).fillna(False).astype(bool)]
    slipping = wording.silence_sentence(
        words,
        silent=len(silent),
        customers=len(people),
        days=target.usual_silence(analysis.spend),
        revenue=float(silent["revenue"].sum()),
    )
    lines.append(Line(slipping, "buyers", "Customers who bought", "customers", "pages/segments.py", "Who they are"))
    counts = analysis.targets.counts
    week = wording.week_sentence(words, thank=counts["thank"], offer=counts["upgrade"], win_back=counts["win_back"])
    lines.append(Line(week, "new_customers", "New customers", "customers", "pages/targets.py", "The lists"))
    return lines


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

"""What winning a customer costs -> when new customers have paid it back, as the page on repeat purchases says it."""

import numpy as np
import pandas as pd

from clvapp.analysis import Analysis
from clvapp.days import MONTHS_IN_YEAR
from clvapp.settings import Cost
from clvapp.story import newly_won
from clvapp.wording import GIVEN, Of, Wording


def payback(analysis: Analysis, words: Wording, cost: Cost) -> tuple[str, pd.DataFrame]:
    """When new customers pay back what it cost to win them, and the cohorts behind that."""
    paid = analysis.returning.payback(cost)
    won = newly_won.payback_sentence(analysis, words, newly_won.now(cost))
    return " ".join(part for part in (sentence(paid, words), won) if part), paid


def said(analysis: Analysis, words: Wording) -> str:
    """When new customers pay back what the settings say they cost; "" where those do not say."""
    cost = analysis.settings.acquisition_cost
    return "" if cost is None else payback(analysis, words, cost)[0]


def sentence(paid: pd.DataFrame, words: Wording) -> str:
    """When new customers pay back: how many cohorts at least half a year old have, and when the middle one did.

    A cohort that has not paid back yet counts as later than all that have. What customers earn is at the margin.
    """
    asked = paid[(paid["months"] >= MONTHS_IN_YEAR // 2) & paid["told_apart"]]
    if asked.empty:
        return "No month's customers have been there for half a year, so when they pay back cannot be said yet."
    if not asked["acquisition_cost"].any():
        return "Winning a customer costs nothing, so there is nothing to pay back."
    costs = words.money(float(asked["acquisition_cost"].median()), of=GIVEN)
    back, cohorts = int(asked["paid_back_in"].notna().sum()), Of("cohorts")
    whole = words.count(len(asked), "cohort", of=cohorts)
    if not back:
        said = "The one cohort has not" if len(asked) == 1 else f"None of {whole} has"
        return f"Winning a customer costs {costs}. {said} paid that back yet."
    middle = float(np.median(asked["paid_back_in"].astype("Float64").fillna(np.inf).astype("float64")))
    months, of = np.ceil(middle), Of("payback_months", len(asked))
    if back == len(asked):
        return f"A customer who costs {costs} pays back within {words.count(int(months), 'month', of=of)}."
    month = f"did in month {words.number(months, of=of)}" if np.isfinite(middle) else "has not yet"
    return (
        f"Winning a customer costs {costs}. {words.number(back, of=Of('cohorts_paid_back'))} of {whole} "
        f"{'has' if back == 1 else 'have'} paid that back; the middle one {month}."
    )

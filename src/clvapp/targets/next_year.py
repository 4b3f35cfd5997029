"""Customers' spend so far -> each one's chance of spending more than the average in the next twelve months.

It is learned at a cut one year back, from what was known of every customer then and what the following year brought.
This chance looks ahead from today; the look-alike score sees only the first order.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.classifier import MOST_ROWS, best, fit
from clvapp.classifier.candidates import BASE_RATE, Answers
from clvapp.customers.order_days import REPEAT, order_days
from clvapp.days import YEAR
from clvapp.stats import Floats, auc_interval
from clvapp.threads import on_one_thread
from clvapp.wording import GIVEN, Of, Wording

LEAST_HISTORY = 180  # days before the cut; with less, we cannot see anybody stop
LEAST_CUSTOMERS, LEAST_OF_A_KIND = 120, 24


@dataclass(frozen=True)
class Quality:
    """How good the chances were for the year after the cut, on customers that their model did not see."""

    roc_auc: float
    roc_auc_interval: tuple[float, float]
    brier: float
    brier_of_base_rate: float
    base_rate: float
    customers: int


@dataclass(frozen=True)
class NextYear:
    """Chances of spending more than `threshold` within a year, by customer_id; or the `reason` there are none."""

    probability: pd.Series | None
    reason: str | None
    threshold: float | None = None
    quality: Quality | None = None
    model: str | None = None


@on_one_thread("sklearn.ensemble")
def next_year(
    first_days: pd.Series, spend: pd.DataFrame, *, end_day: int, burn_in_end: int | None = None, seed: int = 0,
    words: Wording = Wording(),
) -> NextYear:  # fmt: skip
    """The chance of above-average spend in the twelve months after `end_day`.

    Parameters
    ----------
    first_days
        first order day by customer_id, in days since 1970
    spend
        one row per customer and day with money
    end_day, burn_in_end
        the day of the snapshot; customers from before `burn_in_end` may be older than they look, so we do not learn
        from them
    words
        how the reason writes numbers
    """
    cut = end_day - YEAR
    start = burn_in_end if burn_in_end is not None else int(first_days.min()) if len(first_days) else end_day + 1
    if cut - start < LEAST_HISTORY:
        return NextYear(None, _short(end_day - start, words))
    learners = first_days[(first_days >= start) & (first_days <= cut)]
    spent = _spent_after(learners, spend, cut)
    threshold = float(spent.mean()) if len(spent) else 0.0
    answers = Answers((spent > threshold).to_numpy(bool), spent.to_numpy(np.float64))
    high = int(answers.outcome.sum())
    if len(learners) < LEAST_CUSTOMERS or min(high, len(learners) - high) < LEAST_OF_A_KIND:
        return NextYear(None, _few(len(learners), high, words))
    return _learned(
        state(learners, spend, cut),
        answers,
        state(first_days, spend, end_day),
        threshold=threshold,
        seed=seed,
    )


def _short(span: int, words: Wording) -> str:
    least, usable = words.count(LEAST_HISTORY, "day", of=GIVEN), max(span + 1, 0)
    return (
        f"The chance of a good next year needs a year to compare with and {least} before it; the usable history is "
        f"{words.count(usable, 'day', of=Of('usable_history'))} long."
    )


def _few(people: int, high: int, words: Wording) -> str:
    known = words.count(people, "customer", of=Of("customers", period="a year ago"))
    became = words.count(high, of=Of("became_high", period="the last 365 days"))
    return (
        f"A year ago the shop knew {known}, of whom {became} then spent more than the average; that "
        "is too few to learn the chance of a good next year from."
    )


def _learned(then: pd.DataFrame, answers: Answers, now: pd.DataFrame, *, threshold: float, seed: int) -> NextYear:
    """Learn from the year after the cut, and ask the model about the year to come."""
    sampled = np.sort(np.random.default_rng(seed).permutation(len(then))[:MOST_ROWS])
    seen, known = then.iloc[sampled], answers[sampled]
    name = best(seen, known, seed=seed)
    model, chances = fit(seen, known, name, seed=seed)
    quality = _quality(chances, known)
    if name == BASE_RATE or not quality.roc_auc_interval[0] > 0.5:
        reason = "What was known a year ago did not tell who would spend more than the average in the year after."
        return NextYear(None, reason, threshold, quality, name)
    inside = now.clip(lower=then.min(), upper=then.max(), axis=1)  # claim nothing beyond what the model saw
    probability = pd.Series(model.probability(inside), index=now.index, name="next_year_probability")
    return NextYear(probability, None, threshold, quality, name)


def _quality(chances: Floats, answers: Answers) -> Quality:
    auc, low, high = auc_interval(chances, answers.outcome)
    base = float(answers.outcome.mean())
    brier = float(np.mean((chances - answers.outcome) ** 2))
    return Quality(auc, (low, high), brier, base * (1 - base), base, len(answers))


def _spent_after(learners: pd.Series, spend: pd.DataFrame, cut: int) -> pd.Series:
    inside = spend[(spend["day"] > cut) & (spend["day"] <= cut + YEAR)]
    return _total(inside, learners.index)


def state(first_days: pd.Series, spend: pd.DataFrame, day: int) -> pd.DataFrame:
    """What was known of every customer on `day`: value, age, recency and rhythm, mostly on log scales.

    `first_days` is by customer_id; `spend` has one row per customer and day, and rows after `day` are ignored. Returns
    one row per customer, all floats.
    """
    numbers = first_days.index.get_indexer(pd.Index(spend["customer_id"]))  # quicker to group by than texts
    numbered = spend.assign(customer_id=numbers)[(numbers >= 0) & (spend["day"] <= day).to_numpy(bool)]
    return _state(first_days.reset_index(drop=True), numbered, day).set_axis(first_days.index)


def _state(first_days: pd.Series, past: pd.DataFrame, day: int) -> pd.DataFrame:
    bought = order_days(past)
    last, seen, gap = (
        pd.Series(of, bought.ids).reindex(first_days.index)
        for of in (bought.last, bought.count, (bought.latest - bought.first) / np.maximum(bought.count - 1, 1))
    )
    age = (day - first_days).clip(lower=0).astype("float64")
    silent = (day - last.fillna(first_days)).clip(lower=0).astype("float64")
    count = seen.fillna(0.0).clip(lower=1.0)  # who gave everything back is told by what they are worth
    rhythm = gap.where(count > 1)
    value = _total(past, first_days.index)
    recent = _total(past[past["day"] > day - YEAR], first_days.index)
    quarter = _total(past[past["day"] > day - 91], first_days.index)
    return pd.DataFrame({
        "value": _log(value),
        "value_a_day": _log(value / (age + 30)),
        "last_year": _log(recent),
        "last_quarter": _log(quarter),
        "order_days": np.log(count),
        "age": np.log1p(age),
        "silent": np.log1p(silent),
        "silent_for_age": silent / (age + 1),
        "missed": np.log1p((silent / (rhythm + 7)).fillna(0.0)),
        "came_back": (count >= REPEAT).astype("float64"),
    }, index=first_days.index)  # fmt: skip


def _total(spend: pd.DataFrame, people: pd.Index) -> pd.Series:
    return spend.groupby("customer_id")["revenue"].sum().reindex(people, fill_value=0.0).astype("float64")


def _log(money: pd.Series) -> pd.Series:
    return money.clip(lower=0).astype("float64").transform(np.log1p)

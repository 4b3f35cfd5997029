"""First orders and later spend -> who becomes high-value, what they share, and a look-alike score for all.

The answer never leaks into the question. Features are what was known `window_days` after the first order. The label is
spend after that, up to `horizon_days`. We learn only from customers who have been there that long. Quality is measured
on the newest of them, with a model fitted on the others.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from clvapp.classifier import MOST_ROWS, best, fit, importances, own_auc
from clvapp.classifier.candidates import BASE_RATE, Answers
from clvapp.days import YEAR
from clvapp.profile.features import Features, features, model_input, suspicious_columns
from clvapp.profile.learners import Learners, learners_of, too_little, within_window
from clvapp.profile.patterns import banded, contrasts, label, rules, with_rates_of
from clvapp.stats import auc_interval, found
from clvapp.threads import on_one_thread
from clvapp.wording import GIVEN, Of, Wording

__all__ = ["Profile", "profile", "suspicious_columns"]

LEAST_HORIZON = 90
TOO_GOOD = 0.9
GAIN_SHARES = np.round(np.arange(0, 1.01, 0.05), 2)
CONTRASTS = (
    "feature", "label", "topic", "value", "words", "hit_rate",
    "hit_rate_low", "hit_rate_others", "rate_customers", "lift", "named", "beyond_chance",
)  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """Who becomes high-value, why, and how well we can tell.

    Attributes
    ----------
    usable, reason
        whether the profile beats chance on later customers; if not, why, in one sentence
    threshold
        the mean spend between `window_days` and `horizon_days` after the first order; more than that is high-value
    base_rate
        the share of the learners who became high-value
    roc_auc, roc_auc_interval, top_decile_lift, gain
        measured on later customers (`customers_tested`), with a model fitted on the earlier ones
    scores
        look-alike score by customer_id, from a model that did not see the customer
    became_high
        by customer_id; missing for customers who are not learners
    features, contrasts, rules, not_used
        one row per feature, per value, per rule, per column left out
    values, leaf
        by customer_id: every feature as text, and the leaf of the tree behind `rules`
    """

    usable: bool
    reason: str | None
    findings: tuple[str, ...]
    horizon_days: int
    window_days: int
    customers_learned_from: int
    scores: pd.Series
    became_high: pd.Series
    leaf: pd.Series
    values: pd.DataFrame
    not_used: pd.DataFrame
    customers_tested: int = 0
    threshold: float = float("nan")
    base_rate: float = float("nan")
    roc_auc: float | None = None
    roc_auc_interval: tuple[float, float] | None = None
    top_decile_lift: float | None = None
    model: str | None = None
    features: pd.DataFrame = field(default_factory=pd.DataFrame)
    contrasts: pd.DataFrame = field(default_factory=pd.DataFrame)
    rules: pd.DataFrame = field(default_factory=pd.DataFrame)
    gain: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class _Quality:
    """How well a model of the earlier customers tells the later ones apart."""

    model: str
    auc: tuple[float, float, float]
    lift: float
    gain: pd.DataFrame
    importances: pd.DataFrame


@on_one_thread("sklearn.ensemble")
def profile(
    first_orders: pd.DataFrame, spend: pd.DataFrame, *, end_day: int, burn_in_end: int | None = None,
    horizon_days: int | None = None, window_days: int = 0, attributes: tuple[str, ...] = (), seed: int = 0,
    words: Wording = Wording(),
) -> Profile:  # fmt: skip
    """Learn who becomes high-value from customers who have been there for the whole horizon.

    Parameters
    ----------
    first_orders
        one row per customer: what was known at the first order, `day` in days since 1970
    spend
        one row per customer and day with money: `customer_id`, `day`, `revenue`, `orders`
    end_day, burn_in_end
        the day of the snapshot; customers from before `burn_in_end` may be older than the file, so we do not learn
        from them
    horizon_days, window_days
        the label is spend on days (first + window, first + horizon]; without a horizon the length of history decides
    attributes
        headings of customer attributes that the owner confirms were known at the first order
    words
        how its sentences write numbers
    """
    ordered = first_orders.sort_values(["day", "customer_id"], kind="stable").reset_index(drop=True)
    first_days = ordered.set_index("customer_id")["day"].astype("int64")
    start = burn_in_end if burn_in_end is not None else int(first_days.min()) if len(first_days) else end_day
    horizon = horizon_days or horizon_of(end_day - start)
    findings = () if horizon == YEAR else (_horizon_finding(horizon, end_day - start, words),)
    learners = learners_of(first_days, spend, (window_days, horizon), end_day=end_day, start=start)
    window = within_window(first_days, spend, window_days) if window_days else None
    known = features(ordered, learners.high.notna(), attributes=attributes, window=window)
    missing = too_little(learners, horizon, words)
    shape = _Shape(known, learners, findings, horizon, window_days, seed, words)
    return _unusable(shape, missing) if missing else _learned(shape)


@dataclass(frozen=True)
class _Shape:
    """What is known before anything is learned."""

    start: Features
    learners: Learners
    findings: tuple[str, ...]
    horizon: int
    window: int
    seed: int
    words: Wording


def horizon_of(span: int) -> int:
    """How long to watch customers: a year if the history covers two, else half of it, at least 90 days."""
    return YEAR if span >= 2 * YEAR - 10 else max(LEAST_HORIZON, span // 60 * 30)


def _horizon_finding(horizon: int, span: int, words: Wording) -> str:
    return (
        f"Customers are judged by the {words.count(horizon, 'day', of=GIVEN)} after their first order and not by a "
        f"year, because the usable history is {words.count(max(span + 1, 0), 'day', of=Of('usable_history'))} long."
    )


def _unusable(shape: _Shape, reason: str) -> Profile:
    """An unusable profile that says why."""
    index = shape.start.known.index
    return Profile(
        usable=False, reason=reason, findings=shape.findings, horizon_days=shape.horizon,
        window_days=shape.window,
        customers_learned_from=len(shape.learners.high), threshold=shape.learners.threshold,
        base_rate=float(shape.learners.high.mean()) if len(shape.learners.high) else float("nan"),
        scores=pd.Series(np.nan, index=index, name="look_alike_score"), became_high=_became_high(shape),
        leaf=pd.Series(0, index=index, name="leaf"), values=pd.DataFrame(index=index),
        not_used=shape.start.not_used,
        contrasts=pd.DataFrame(columns=list(CONTRASTS)),
    )  # fmt: skip


def _became_high(shape: _Shape) -> pd.Series:
    known = shape.learners.high.astype("boolean").reindex(shape.start.known.index)
    return known.rename("became_high")


def _learned(shape: _Shape) -> Profile:
    """The profile of a shop with enough customers to try."""
    high = shape.learners.high
    values, too_good = _screened(shape.start.known, high, words=shape.words, seed=shape.seed)
    inputs = model_input(values)
    quality = _quality(inputs, shape.learners, seed=shape.seed)
    scores = _scores(inputs, shape.learners, quality.model, seed=shape.seed)
    texts, said = banded(values, high.reindex(values.index).notna(), shape.words)
    chances = _half_chances(inputs, shape.learners, quality.model, shape.seed)
    tree = rules(values, high, chances, words=shape.words, seed=shape.seed)
    reason = _why_not(quality, shape)
    return Profile(
        usable=reason is None, reason=reason, findings=shape.findings, horizon_days=shape.horizon,
        window_days=shape.window, customers_learned_from=len(high),
        customers_tested=int(shape.learners.later.sum()),
        threshold=shape.learners.threshold, base_rate=float(high.mean()), roc_auc=quality.auc[0],
        roc_auc_interval=quality.auc[1:], top_decile_lift=quality.lift, model=quality.model,
        scores=scores, became_high=_became_high(shape), leaf=tree.leaf, values=texts,
        features=_labelled(quality.importances), rules=tree.table,
        contrasts=with_rates_of(tree.table, contrasts(texts, said, high)),
        gain=quality.gain, not_used=pd.concat([shape.start.not_used, too_good], ignore_index=True),
    )  # fmt: skip


def _screened(values: pd.DataFrame, high: pd.Series, *, words: Wording, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Drop each column that alone predicts the outcome too well to have been known beforehand; and say why."""
    sample = high.sample(min(len(high), MOST_ROWS), random_state=seed)
    known = values.loc[sample.index]
    alone = {c: own_auc(known[c], sample.to_numpy(bool), seed=seed) for c in known}
    aside = [c for c, auc in alone.items() if auc > TOO_GOOD]
    said = [words.number(alone[c], 2, of=Of("roc_auc", group=str(c))) for c in aside]
    why = [f"it alone tells who becomes high-value almost perfectly (AUC {auc})" for auc in said]
    return values.drop(columns=aside), pd.DataFrame({"column": aside, "why": why}, dtype=object)


def _quality(inputs: pd.DataFrame, learners: Learners, *, seed: int) -> _Quality:
    """Choose and fit a model on the earlier customers, and measure it on the later ones.

    Later means by first order. The two are watched over years that overlap, so a change in the whole shop can touch
    both. But we measure a ranking, and such a change reaches that only if it changes who is ahead of whom.
    """
    earlier = _sampled(learners.high[~learners.later], seed)
    later = _sampled(learners.high[learners.later], seed)
    known, answers = inputs.loc[earlier.index], _answers(learners, earlier)
    name = best(known, answers, seed=seed)
    model, _ = fit(known, answers, name, seed=seed)
    unseen, truth = inputs.loc[later.index], later.to_numpy(bool)
    chances = model.probability(unseen)
    caught = found(chances, truth, GAIN_SHARES)
    lift = float(found(chances, truth, np.array([0.1]))[0] / 0.1)
    gain = pd.DataFrame({"share_contacted": GAIN_SHARES, "share_found": caught})
    matter = importances(model.probability, unseen, truth, seed=seed)
    return _Quality(name, auc_interval(chances, truth), lift, gain, matter)


def _sampled(high: pd.Series, seed: int) -> pd.Series:
    return high if len(high) <= MOST_ROWS else high.sample(MOST_ROWS, random_state=seed)


def _answers(learners: Learners, of: pd.Series) -> Answers:
    """What became of these customers, as arrays."""
    return Answers(of.to_numpy(bool), learners.spent[of.index].to_numpy(np.float64))


def _scores(inputs: pd.DataFrame, learners: Learners, name: str, *, seed: int) -> pd.Series:
    """Every customer's chance, from a model that did not see them."""
    seen = _sampled(learners.high, seed)
    model, out_of_fold = fit(inputs.loc[seen.index], _answers(learners, seen), name, seed=seed)
    scores = pd.Series(model.probability(inputs), index=inputs.index, name="look_alike_score")
    scores[seen.index] = out_of_fold
    return scores


def _half_chances(inputs: pd.DataFrame, learners: Learners, name: str, seed: int) -> Callable[[pd.Index], pd.Series]:
    """For the rules: a function that learns from only some of the learners, and gives everybody's chance."""

    def chances(some: pd.Index) -> pd.Series:
        seen = _sampled(learners.high[some], seed)
        model, _ = fit(inputs.loc[seen.index], _answers(learners, seen), name, seed=seed)
        return pd.Series(model.probability(inputs), index=inputs.index)

    return chances


def _labelled(importance: pd.DataFrame) -> pd.DataFrame:
    named = importance.assign(label=importance["feature"].map(label))
    return named.sort_values("importance", ascending=False, kind="stable").reset_index(drop=True)


def _why_not(quality: _Quality, shape: _Shape) -> str | None:
    """Why the profile does not beat chance, in one sentence; None if it does."""
    auc, low, high = quality.auc
    if quality.model != BASE_RATE and low > 0.5:
        return None
    words, newest = shape.words, int(shape.learners.later.sum())
    of = Of("roc_auc", newest)
    ends = [
        words.number(100 * end, of=replace(of, name=f"roc_auc, {name} end in %"))
        for name, end in (("low", low), ("high", high))
    ]
    pairs = f"{words.of_100(auc, of=of)} pairs ({' to '.join(ends)})"
    when = (
        f"{words.count(shape.window, 'day', of=GIVEN)} after the first order" if shape.window else "at the first order"
    )
    return (
        f"Nothing known {when} tells who becomes high-value: among the {words.count(newest, of=Of('tested'))} newest "
        f"customers the profile put {pairs} in the right order, and chance would put 50."
    )

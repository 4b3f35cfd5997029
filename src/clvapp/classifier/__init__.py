"""Rows with a yes/no outcome and an amount behind it -> each row's calibrated chance, and how good it is.

The high-value profile and the chance of a good next year both use it. Cross-validated log loss compares three
candidates, with the base rate alone as the floor: a logistic regression of the capped amount (which wastes less than
the yes/no does), one of the yes/no, and gradient boosting. Both regressions are shrunk feature by feature.
scikit-learn is imported only where something is fitted, because it is slow to load.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.classifier.candidates import BASE_RATE, CANDIDATES, Answers, Boosted, Linear, fitted_candidate
from clvapp.classifier.encoding import Encoding
from clvapp.classifier.encoding import group_scales as group_scales
from clvapp.stats import Bools, Floats, Integers, auc_interval

FOLDS = 10
REPEATS = 2
MOST_ROWS = 20_000  # long before this many, a coefficient's error is small beside the outcome's noise


@dataclass(frozen=True)
class Model:
    """A fitted encoding, candidate and calibration: `probability` turns feature rows into chances."""

    name: str
    encoding: Encoding
    fitted: Linear | Boosted
    intercept: float
    slope: float

    def probability(self, features: pd.DataFrame) -> Floats:
        """The calibrated chance of every row, shape (rows,)."""
        starts = range(0, len(features), MOST_ROWS)  # a large shop's whole matrix would dwarf its other frames
        blocks = (self.encoding.matrix(features.iloc[start : start + MOST_ROWS]) for start in starts)
        scores = [self.fitted.score(block) for block in blocks]
        return chance(np.concatenate([np.empty(0), *scores]), self.intercept, self.slope)


def best(features: pd.DataFrame, answers: Answers, *, seed: int) -> str:
    """The candidate with the lowest cross-validated log loss, or the base rate if none beats it.

    Every candidate is calibrated first, and charged one parameter for it.
    """
    encoding = Encoding.of(features)
    x, folds = encoding.matrix(features), list(_folds(answers.outcome, seed))
    losses = {}
    for name in CANDIDATES:
        raw = _out_of_fold(name, x, answers, groups=encoding.groups, folds=folds)
        losses[name] = log_losses(chance(raw, *platt(raw, answers.outcome)), answers.outcome) + 1 / len(x)
    kept = CANDIDATES[0]
    for name in CANDIDATES[1:]:
        better = losses[kept] - losses[name]
        if better.mean() > better.std() / np.sqrt(len(x)):
            kept = name
    floor = log_losses(np.full(len(x), answers.outcome.mean()), answers.outcome)
    return kept if losses[kept].mean() < floor.mean() else BASE_RATE


def fit(features: pd.DataFrame, answers: Answers, name: str, *, seed: int) -> tuple[Model, Floats]:
    """The candidate fitted on all rows, and every row's chance from models that did not see it.

    Calibration is Platt's: a logistic curve through the out-of-fold scores, so it never sees a model's own rows.
    Averaging the out-of-fold scores over several splits into folds takes most of the luck out of them.
    """
    encoding = Encoding.of(features)
    x, groups = encoding.matrix(features), encoding.groups
    repeats = 1 if len(x) > MOST_ROWS // 2 or name == BASE_RATE else REPEATS
    runs = [
        _out_of_fold(name, x, answers, groups=groups, folds=list(_folds(answers.outcome, seed + repeat)))
        for repeat in range(repeats)
    ]
    raw: Floats = np.mean(runs, axis=0)
    intercept, slope = platt(raw, answers.outcome)
    fitted = fitted_candidate(name, x, answers, groups)
    return Model(name, encoding, fitted, intercept, slope), chance(raw, intercept, slope)


def _folds(outcome: Bools, seed: int) -> Iterator[tuple[Integers, Integers]]:
    from sklearn.model_selection import StratifiedKFold

    count = int(np.clip(min(outcome.sum(), (~outcome).sum()), 2, FOLDS))
    splitter = StratifiedKFold(count, shuffle=True, random_state=seed % 2**32)
    yield from splitter.split(np.zeros((len(outcome), 1)), outcome)


def _out_of_fold(
    name: str, x: Floats, answers: Answers, *, groups: Integers, folds: list[tuple[Integers, Integers]]
) -> Floats:
    scores = np.empty(len(x))
    for known, unseen in folds:
        scores[unseen] = fitted_candidate(name, x[known], answers[known], groups).score(x[unseen])
    return scores


def platt(raw: Floats, outcome: Bools) -> tuple[float, float]:
    """Intercept and slope of the logistic curve from `raw` scores to the outcome. The curve never falls."""
    share = float(np.clip(outcome.mean(), 1e-6, 1 - 1e-6))
    base, spread = float(np.log(share / (1 - share))), float(raw.std())
    if spread < 1e-9:
        return base, 0.0
    from sklearn.linear_model import LogisticRegression

    curve = LogisticRegression(C=1e6, max_iter=2000).fit(raw[:, None] / spread, outcome)
    slope = float(curve.coef_[0, 0]) / spread
    return (float(curve.intercept_[0]), slope) if slope > 0 else (base, 0.0)


def chance(raw: Floats, intercept: float, slope: float) -> Floats:
    """Turn scores into chances along Platt's curve."""
    chances: Floats = 1 / (1 + np.exp(-np.clip(intercept + slope * raw, -30, 30)))
    return chances


def log_losses(chances: Floats, outcome: Bools) -> Floats:
    """Each row's negative log-likelihood of what happened."""
    inside = np.clip(chances, 1e-12, 1 - 1e-12)
    losses: Floats = -np.where(outcome, np.log(inside), np.log1p(-inside))
    return losses


def own_auc(values: pd.Series, outcome: Bools, *, seed: int) -> float:
    """How well one column alone predicts the outcome: the AUC of its values' out-of-fold rates."""
    numeric = pd.api.types.is_numeric_dtype(values)
    coded = pd.qcut(values.rank(method="first"), 20, labels=False) if numeric and values.nunique() > 20 else values
    codes = pd.factorize(coded, use_na_sentinel=False)[0]
    rates = np.empty(len(codes))
    for known, unseen in _folds(outcome, seed):
        people = np.bincount(codes[known], minlength=codes.max() + 1)
        high = np.bincount(codes[known], weights=outcome[known], minlength=codes.max() + 1)
        rates[unseen] = ((high + outcome[known].mean()) / (people + 1))[codes[unseen]]
    return auc_interval(rates, outcome)[0]


def importances(
    chances: Callable[[pd.DataFrame], Floats], features: pd.DataFrame, outcome: Bools, *, seed: int
) -> pd.DataFrame:
    """How much AUC is lost when a column is shuffled: one row per column, with its `importance` and the spread."""
    random = np.random.default_rng(seed)
    whole = auc_interval(chances(features), outcome)[0]
    rows = []
    for column in features:
        drops = []
        for _ in range(5):
            shuffled = features.assign(**{str(column): random.permutation(features[column].to_numpy())})
            shuffled = shuffled.astype(features.dtypes.to_dict())
            drops.append(whole - auc_interval(chances(shuffled), outcome)[0])
        rows.append((column, float(np.mean(drops)), float(np.std(drops))))
    return pd.DataFrame(rows, columns=["feature", "importance", "importance_spread"])

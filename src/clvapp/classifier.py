"""Rows with a yes/no outcome and an amount behind it -> each row's calibrated chance, and how good it is.

The high-value profile and the chance of a good next year both use it. Cross-validated log loss compares three
candidates, with the base rate alone as the floor: a logistic regression of the capped amount (which wastes less than
the yes/no does), one of the yes/no, and gradient boosting. Both regressions are shrunk feature by feature.
scikit-learn is imported only where something is fitted, because it is slow to load.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clvapp.stats import Bools, Floats, Integers, auc_interval

FOLDS = 10
REPEATS = 2
MOST_ROWS = 20_000  # long before this many, a coefficient's error is small beside the outcome's noise
CAPPED_ABOVE = 0.99

BASE_RATE = "the base rate alone"
AMOUNT = "regularised logistic regression of the capped amount"
OUTCOME = "regularised logistic regression"
BOOSTING = "gradient boosting"
CANDIDATES = (AMOUNT, OUTCOME, BOOSTING)  # keep the first unless another is better by a standard error


@dataclass(frozen=True)
class Answers:
    """What became of every row: the yes/no `outcome`, and the `amount` that decided it."""

    outcome: Bools
    amount: Floats

    def __getitem__(self, rows: Any) -> "Answers":
        return Answers(self.outcome[rows], self.amount[rows])

    def __len__(self) -> int:
        return len(self.outcome)


@dataclass(frozen=True)
class Encoding:
    """Turns feature rows into numbers: yes/no columns for texts, the scaled value and its square for numbers.

    With the square, a log-normal quantity whose spread differs between groups fits exactly. The clip keeps one giant
    order from deciding a coefficient. `groups` says which feature each column of the matrix came from.
    """

    numbers: dict[str, tuple[float, float, float]]  # median, mean, spread
    texts: dict[str, tuple[str, ...]]

    @staticmethod
    def of(features: pd.DataFrame) -> "Encoding":
        """The encoding for these rows."""
        numbers = {}
        for name in (str(c) for c in features if pd.api.types.is_float_dtype(features[c])):
            median = float(features[name].median())
            filled = features[name].fillna(median)
            numbers[name] = (median, float(filled.mean()), float(filled.std(ddof=0)) or 1.0)
        texts = {str(c): tuple(sorted(set(features[c]))) for c in features if str(c) not in numbers}
        return Encoding(numbers, texts)

    @property
    def groups(self) -> Integers:
        """The number of the feature behind every column of the matrix."""
        sizes = [3] * len(self.numbers) + [len(values) for values in self.texts.values()]
        return np.repeat(np.arange(len(sizes)), sizes)

    def matrix(self, features: pd.DataFrame) -> Floats:
        """The feature matrix, shape (rows, columns). A text never seen before becomes zeros."""
        blocks = [np.empty((len(features), 0))]
        for name, (median, mean, spread) in self.numbers.items():
            raw = features[name].to_numpy(np.float64)
            scaled = np.clip((np.where(np.isnan(raw), median, raw) - mean) / spread, -3, 3)
            blocks.append(np.column_stack([scaled, (scaled**2 - 1) / np.sqrt(2), np.isnan(raw)]))
        for name, values in self.texts.items():
            column = features[name].astype("category").cat
            place = pd.Index(values, dtype=object).get_indexer(pd.Index(column.categories, dtype=object))
            codes = np.append(place, -1)[column.codes]
            blocks.append((codes[:, None] == np.arange(len(values))[None, :]).astype(np.float64))
        return np.hstack(blocks)


def group_scales(x: Floats, target: Floats, groups: Integers) -> Floats:
    """How large the effects in each group of columns are beyond chance, in spreads of the target.

    This is the method of moments for a random-effects model. Take a group's chi-square against the target: its degrees
    of freedom are noise, the rest is signal. Twelve months that say nothing get 0; a telling category keeps its size.
    """
    centred, y = x - x.mean(axis=0), (target - target.mean()) / max(float(target.std()), 1e-12)
    scales = np.zeros(x.shape[1])
    for group in np.unique(groups):
        inside = groups == group
        products = centred[:, inside].T @ centred[:, inside]
        size = float(np.trace(products))
        if size <= 1e-9:
            continue
        values, vectors = np.linalg.eigh(products)
        kept = values > 1e-8 * size
        along = vectors[:, kept].T @ (centred[:, inside].T @ y)
        signal = float(np.sum(along**2 / values[kept])) - int(kept.sum())
        scales[inside] = np.sqrt(max(0.0, signal) / size)
    return scales


@dataclass(frozen=True)
class Linear:
    """A weighted sum of the columns."""

    weights: Floats

    def score(self, x: Floats) -> Floats:
        """A number that grows with the chance, shape (rows,)."""
        total: Floats = x @ self.weights
        return total


@dataclass(frozen=True)
class Boosted:
    """A fitted gradient boosting classifier."""

    classifier: Any

    def score(self, x: Floats) -> Floats:
        """Log odds, shape (rows,)."""
        odds: Floats = self.classifier.decision_function(x)
        return odds


def _fitted(name: str, x: Floats, answers: Answers, groups: Integers) -> Linear | Boosted:
    """Fit the candidate of this name."""
    if name == BASE_RATE:
        return Linear(np.zeros(x.shape[1]))
    if name == BOOSTING:
        from sklearn.ensemble import HistGradientBoostingClassifier

        return Boosted(HistGradientBoostingClassifier(
            max_iter=60, learning_rate=0.06, max_leaf_nodes=6, min_samples_leaf=30, l2_regularization=5.0,
            max_bins=32, early_stopping=False, random_state=0,
        ).fit(x, answers.outcome))  # fmt: skip
    part = answers.outcome.astype(np.float64) if name == OUTCOME else _capped(answers.amount)
    return Linear(_shrunk(x, part, group_scales(x, part, groups)))


def _capped(amount: Floats) -> Floats:
    """Amounts from 0 to 1, as parts of a cap, so that no one giant customer decides anything."""
    top = float(np.quantile(amount, CAPPED_ABOVE))
    parts: Floats = np.clip(amount / top, 0.0, 1.0) if top > 0 else np.zeros(len(amount))
    return parts


def _shrunk(x: Floats, part: Floats, scales: Floats) -> Floats:
    """Coefficients of a logistic regression of a part (0 to 1), each column shrunk by its scale.

    A part enters as a yes and a no, with weights that sum to one. It scatters less than a yes/no would; how much less
    is the dispersion of a quasi-binomial model (Papke and Wooldridge, Journal of Applied Econometrics 11, 1996).
    """
    from sklearn.linear_model import LogisticRegression

    weights, mean, used = np.zeros(x.shape[1]), float(part.mean()), scales > 0
    if not used.any():
        return weights
    binary = mean * (1 - mean)
    sizes = scales[used] * float(part.std()) / binary
    dispersion = float(part.var()) / binary
    scaled = x[:, used] * sizes
    yes = np.repeat([True, False], len(x))
    model = LogisticRegression(C=1 / dispersion, max_iter=2000)
    model.fit(np.vstack([scaled, scaled]), yes, sample_weight=np.concatenate([part, 1 - part]))
    weights[used] = sizes * model.coef_[0]
    return weights


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
    fitted = _fitted(name, x, answers, groups)
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
        scores[unseen] = _fitted(name, x[known], answers[known], groups).score(x[unseen])
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

"""Rows with a yes/no outcome -> a calibrated probability for every row, and how good it is.

Shared by the high-value profile and the chance of a good next year. A model is chosen by cross-validated log loss
between a regularised logistic regression, gradient boosting and a dummy that knows the base rate only; the dummy
winning means that nothing was found. scikit-learn is imported where something is fitted, because it is slow to load.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FOLDS = 5
REPEATS = 3
MOST_ROWS = 20_000  # a coefficient's error is small beside the outcome's noise long before this many
PENALTIES = (0.01, 0.03, 0.1, 0.3, 1.0)
Z95 = 1.959963984540054

DUMMY, LOGISTIC, BOOSTING = "the base rate alone", "regularised logistic regression", "gradient boosting"


@dataclass(frozen=True)
class Choice:
    """A candidate: its name, its penalty where it has one, and the log loss it had in cross-validation."""

    name: str
    penalty: float = 1.0
    log_loss: float = float("nan")

    def classifier(self, seed: int) -> Any:
        """An unfitted scikit-learn classifier."""
        if self.name == DUMMY:
            from sklearn.dummy import DummyClassifier

            return DummyClassifier(strategy="prior")
        if self.name == LOGISTIC:
            from sklearn.linear_model import LogisticRegression

            return LogisticRegression(C=self.penalty, max_iter=2000)
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(
            max_iter=60, learning_rate=0.06, max_leaf_nodes=6, min_samples_leaf=30, l2_regularization=5.0,
            early_stopping=False, random_state=seed,
        )  # fmt: skip


@dataclass(frozen=True)
class Model:
    """A fitted encoder, classifier and calibration: `probability` turns feature rows into chances."""

    choice: Choice
    encoder: Any
    classifier: Any
    intercept: float
    slope: float

    def probability(self, features: pd.DataFrame) -> Floats:
        """The calibrated chance of every row, shape (rows,)."""
        raw = self.classifier.predict_proba(self.encoder.transform(features))[:, 1]
        return calibrated(raw, self.intercept, self.slope)


def encoder(features: pd.DataFrame) -> Any:
    """An unfitted transformer: text becomes yes/no columns, numbers are scaled and get their square.

    The square makes a log-normal quantity with another spread in each group exactly representable; the clip keeps one
    giant order from deciding a coefficient.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    numbers = [c for c in features if pd.api.types.is_numeric_dtype(features[c])]
    texts = [c for c in features if c not in numbers]
    squares = FunctionTransformer(_with_squares)
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), squares, StandardScaler())
    dummies = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return ColumnTransformer([("numbers", scaled, numbers), ("texts", dummies, texts)])


def _with_squares(scaled: Floats) -> Floats:
    clipped = np.clip(scaled, -3, 3)
    return np.hstack([clipped, clipped**2])


def best(features: pd.DataFrame, outcome: Bools, *, seed: int) -> Choice:
    """The candidate with the least cross-validated log loss; ties go to the simpler."""
    x = encoder(features).fit_transform(features)
    candidates = [Choice(DUMMY), *(Choice(LOGISTIC, c) for c in PENALTIES), Choice(BOOSTING)]
    folds = list(_folds(outcome, seed))
    scored = [
        Choice(c.name, c.penalty, log_loss(_out_of_fold(c, x, outcome, folds=folds), outcome))
        for c in candidates
    ]
    return min(scored, key=lambda c: c.log_loss)


def fit(features: pd.DataFrame, outcome: Bools, choice: Choice, *, seed: int) -> tuple[Model, Floats]:
    """The chosen model fitted on all rows, and every row's calibrated chance from models that did not see it.

    Calibration is Platt's: a logistic curve through the out-of-fold chances, so it is never fitted on a model's own
    rows. Out-of-fold chances are averaged over several divisions into folds, which takes most of their luck away.
    """
    encoding = encoder(features)
    x = encoding.fit_transform(features)
    repeats = 1 if len(x) > MOST_ROWS // 2 or choice.name == DUMMY else REPEATS
    runs = [
        _out_of_fold(choice, x, outcome, folds=list(_folds(outcome, seed + repeat)))
        for repeat in range(repeats)
    ]
    raw = np.mean(runs, axis=0)
    intercept, slope = platt(raw, outcome)
    fitted = choice.classifier(seed).fit(x, outcome)
    return Model(choice, encoding, fitted, intercept, slope), calibrated(raw, intercept, slope)


def _folds(outcome: Bools, seed: int) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    from sklearn.model_selection import StratifiedKFold

    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=seed % 2**32)
    yield from splitter.split(np.zeros((len(outcome), 1)), outcome)


def _out_of_fold(choice: Choice, x: Floats, outcome: Bools, *, folds: list[Any]) -> Floats:
    chances = np.empty(len(x))
    for number, (known, unseen) in enumerate(folds):
        fitted = choice.classifier(number).fit(x[known], outcome[known])
        chances[unseen] = fitted.predict_proba(x[unseen])[:, 1]
    return chances


def logit(chance: Floats) -> Floats:
    """Log odds, with chances kept a hair away from 0 and 1."""
    inside = np.clip(chance, 1e-6, 1 - 1e-6)
    odds: Floats = np.log(inside / (1 - inside))
    return odds


def platt(raw: Floats, outcome: Bools) -> tuple[float, float]:
    """Intercept and slope of the logistic curve from `raw` chances to the outcome; never a falling curve."""
    base = float(logit(np.array([outcome.mean()]))[0])
    if np.ptp(raw) < 1e-9:
        return base, 0.0
    from sklearn.linear_model import LogisticRegression

    curve = LogisticRegression(C=1e6, max_iter=2000).fit(logit(raw)[:, None], outcome)
    slope = float(curve.coef_[0, 0])
    return (float(curve.intercept_[0]), slope) if slope > 0 else (base, 0.0)


def calibrated(raw: Floats, intercept: float, slope: float) -> Floats:
    """`raw` chances moved along Platt's curve."""
    chance: Floats = 1 / (1 + np.exp(-(intercept + slope * logit(raw))))
    return chance


def log_loss(chance: Floats, outcome: Bools) -> float:
    """Mean negative log-likelihood of what happened."""
    inside = np.clip(chance, 1e-12, 1 - 1e-12)
    return float(-np.mean(np.where(outcome, np.log(inside), np.log1p(-inside))))


def auc_interval(chance: Floats, outcome: Bools, *, z: float = Z95) -> tuple[float, float, float]:
    """Area under the ROC curve with its interval by DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988).

    Ties count half. Nothing can be said when an outcome is missing altogether: NaN three times.
    """
    high, low = chance[outcome], chance[~outcome]
    if len(high) < 2 or len(low) < 2:
        return float("nan"), float("nan"), float("nan")
    pooled = _midranks(np.concatenate([high, low]))
    v_high = (pooled[: len(high)] - _midranks(high)) / len(low)
    v_low = 1 - (pooled[len(high) :] - _midranks(low)) / len(high)
    auc = float(v_high.mean())
    spread = z * float(np.sqrt(v_high.var(ddof=1) / len(high) + v_low.var(ddof=1) / len(low)))
    return auc, max(0.0, auc - spread), min(1.0, auc + spread)


def _midranks(values: Floats) -> Floats:
    ranks: Floats = pd.Series(values).rank(method="average").to_numpy(np.float64)
    return ranks


def own_auc(values: pd.Series, outcome: Bools, *, seed: int) -> float:
    """How well one column alone tells the outcome apart: AUC of the out-of-fold rate of its values or of 20 bands."""
    numeric = pd.api.types.is_numeric_dtype(values)
    coded = pd.qcut(values.rank(method="first"), 20, labels=False) if numeric and values.nunique() > 20 else values
    codes = pd.factorize(coded, use_na_sentinel=False)[0]
    rates = np.empty(len(codes))
    for known, unseen in _folds(outcome, seed):
        people = np.bincount(codes[known], minlength=codes.max() + 1)
        high = np.bincount(codes[known], weights=outcome[known], minlength=codes.max() + 1)
        rates[unseen] = ((high + outcome[known].mean()) / (people + 1))[codes[unseen]]
    return auc_interval(rates, outcome)[0]


def wilson(hits: Any, people: Any, *, z: float = Z95) -> tuple[Floats, Floats]:
    """Wilson's interval of a share (JASA 22, 1927), elementwise; 0 to 1 where there is nobody."""
    k, n = np.asarray(hits, np.float64), np.asarray(people, np.float64)
    safe = np.maximum(n, 1e-12)
    share = k / safe
    middle = (share + z**2 / (2 * safe)) / (1 + z**2 / safe)
    reach = z / (1 + z**2 / safe) * np.sqrt(share * (1 - share) / safe + z**2 / (4 * safe**2))
    low = np.where(n > 0, np.clip(middle - reach, 0, 1), 0.0)
    high = np.where(n > 0, np.clip(middle + reach, 0, 1), 1.0)
    return low, high


def found(chance: Floats, outcome: Bools, shares: Floats) -> Floats:
    """The share of all true outcomes found when the `shares` best-scored rows are looked at; ties are averaged."""
    order = np.argsort(-chance, kind="stable")
    ties = pd.Series(outcome[order].astype(np.float64)).groupby(-chance[order]).transform("mean")
    total = np.concatenate([[0.0], np.cumsum(ties.to_numpy(np.float64))])
    caught: Floats = np.interp(shares * len(chance), np.arange(len(chance) + 1), total)
    return caught / max(total[-1], 1e-12)


def importances(
    chances: Callable[[pd.DataFrame], Floats], features: pd.DataFrame, outcome: Bools, *, seed: int
) -> pd.DataFrame:
    """How much AUC is lost when a column is shuffled: one row a column with `importance` and its spread."""
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

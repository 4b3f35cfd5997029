"""The models that are compared: what each learns from rows and answers, and how it scores a row."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from clvapp.classifier.encoding import group_scales
from clvapp.stats import Bools, Floats, Integers

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


def fitted_candidate(name: str, x: Floats, answers: Answers, groups: Integers) -> Linear | Boosted:
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

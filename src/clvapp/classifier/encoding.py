"""Feature rows -> numbers that a model can learn from, and how much each feature says beyond chance."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.stats import Floats, Integers


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

"""A blend: candidates side by side, each with a share learned on earlier cuts; the shares add to 1.

Shares say who buys how much beside others, and nothing of the level: at each cut every candidate's total is scaled to
what came, and the blend's own total is that of the simplest, which all start from. Stacked regression (Breiman
1996) on the simplex, from the simplest as far as the gain carries after a standard error of it (Breiman, Friedman,
Olshen & Stone 1984). A customer's square error counts less the more is expected of them, by a power of what is
expected: between plain squares, which a handful of the largest customers decide, and a Poisson count's own weighting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clvapp.forecast.histories import Array
from clvapp.stats import Bools

_POWER = 0.6
_FLOOR = 0.1
_LEAST = 1e-12
_HELD = 1e4  # how much heavier than all customers together it weighs that shares add to 1


@dataclass(frozen=True, eq=False)
class Weights:
    """The share of each candidate by name; the first is the simplest."""

    share: Mapping[str, float]

    def of(self, columns: Mapping[str, Array]) -> Array:
        """The blend of the candidates' `columns`, with the total of the simplest."""
        simplest = columns[next(iter(self.share))]
        total = float(simplest.sum())
        scaled = [share * _to(columns[name], total) for name, share in self.share.items() if share > 0]
        return np.sum(scaled, axis=0) if scaled else simplest

    @property
    def moved(self) -> bool:
        """Whether any candidate but the simplest has a share that shows."""
        return max([round(share, 2) for share in list(self.share.values())[1:]], default=0.0) > 0

    def named(self) -> dict[str, float]:
        """The shares by candidate."""
        return {name: round(share, 4) for name, share in self.share.items()}


@dataclass(frozen=True, eq=False)
class Cut:
    """What each candidate expected of the customers known at an earlier cut, and what came.

    `among`: the customers to learn from, all where None: large accounts are forecast by themselves.
    """

    columns: Mapping[str, Array]
    came: Array
    among: Bools | None = None


def learned(cuts: Sequence[Cut], names: Sequence[str], *, spread: float = 0.15) -> Weights:
    """Shares of the candidates `names`, the simplest first, which has all where no cut tells.

    `spread`: how far a share may be from the simplest's before anything is seen. A candidate that could not be had at
    a cut is taken for the simplest there: the cut says nothing of it. Cuts share their customers, so that they count
    together as much as one.
    """
    start = np.zeros(len(names))
    start[0] = 1.0
    rows = [made for made in (_rows(cut, names) for cut in cuts) if made is not None]
    if not rows or len(names) == 1:
        return Weights(dict(zip(names, start.tolist(), strict=True)))
    left, right = np.eye(len(names)) / spread**2, start / spread**2
    for beside, came in rows:
        left += beside.T @ beside / len(rows)
        right += beside.T @ came / len(rows)
    best = _on_simplex(left, right)
    kept = _kept(rows, start, best)
    found = start + kept * (best - start)
    return Weights(dict(zip(names, found.tolist(), strict=True)))


def own_share(cuts: Sequence[Cut], plain: str, own: str) -> float:
    """How far large accounts are told by the column `own` and not by `plain`: none, unless it was better by an error.

    Of those who are not `among` the others, at the levels expected: theirs is their own.
    """
    rows = []
    for cut in cuts:
        if cut.among is not None and not cut.among.all():
            beside = np.column_stack([cut.columns[name][~cut.among] for name in (plain, own)])
            noise = np.sqrt(variance(beside[:, 0], cut.came[~cut.among]))
            rows.append((beside / noise[:, None], cut.came[~cut.among] / noise))
    return _kept(rows, np.array([1.0, 0.0]), np.array([0.0, 1.0])) if rows else 0.0


def _rows(cut: Cut, names: Sequence[str]) -> tuple[Array, Array] | None:
    """The candidates side by side, scaled to what came and weighed, and what came; None where nothing did."""
    chosen = slice(None) if cut.among is None else cut.among
    came = cut.came[chosen]
    total = float(came.sum())
    simplest = cut.columns[names[0]][chosen]
    if not total > 0 or not simplest.sum() > 0:
        return None
    beside = np.column_stack([_to(cut.columns.get(name, cut.columns[names[0]])[chosen], total) for name in names])
    noise = np.sqrt(variance(beside[:, 0], came))
    return beside / noise[:, None], came / noise


def to_total(column: Array, came: Array) -> Array:
    """The column scaled to what came; as it is where nothing did."""
    total = float(came.sum())
    return _to(column, total) if total > 0 else column


def _to(column: Array, total: float) -> Array:
    """The column scaled to the total; the same of everybody where it is nothing."""
    own = float(column.sum())
    if not own > 0:
        return np.full_like(column, total / max(len(column), 1))
    scaled: Array = column * (total / own)
    return scaled


def _on_simplex(left: Array, right: Array) -> Array:
    """The shares that are least by w'(left)w / 2 - (right)w: none below 0 (Lawson & Hanson 1974), and they add to 1."""
    from scipy.optimize import nnls

    held = _HELD * float(np.trace(left))
    factor = np.linalg.cholesky(left + held + _LEAST * np.trace(left) * np.eye(len(left)))
    solved, _ = nnls(factor.T, np.linalg.solve(factor, right + held))
    shares: Array = solved / solved.sum()
    return shares


def _kept(rows: Sequence[tuple[Array, Array]], start: Array, best: Array) -> float:
    """How much of the way from `start` to `best` is sure: what the gain leaves of itself after one standard error."""
    gains = [(came - beside @ start) ** 2 - (came - beside @ best) ** 2 for beside, came in rows]
    gain = float(np.mean([one.mean() for one in gains]))
    error = float(np.mean([one.std() / np.sqrt(len(one)) for one in gains]))
    return max(0.0, 1 - error / gain) if gain > error else 0.0


def shape(expected: Array) -> Array:
    """How the square of a customer's error may grow with what is expected of them, up to a factor."""
    level = np.maximum(expected, 0) + _FLOOR * max(float(expected.mean()), _LEAST)
    grown: Array = level**_POWER
    return grown


def variance(expected: Array, came: Array) -> Array:
    """The same, scaled to how far apart the two were at this cut."""
    grown = shape(expected)
    found: Array = grown * max(float(np.mean((came - expected) ** 2 / grown)), _LEAST)
    return found

"""Ranges of single customers and of segments, in shops whose next year is known.

A customer's orders are counts and many bring nothing at all, so no range holds exactly 95 % of them. What is judged is
the randomised probability integral transform: the chance, as forecast, of less than what came, and of a random part of
exactly what came (Czado, Gneiting & Held 2009). Where the chances are right it is uniform, whatever is expected.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from clvapp.forecast import intervals, moments
from clvapp.forecast.forecast import Forecast
from clvapp.stats import TAIL

Array = npt.NDArray[np.float64]
TENTHS = 10
TARGETS = ("orders", "revenue")
HALF_YEAR = 183


def transforms(made: Forecast, held: intervals.Intervals, came: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """One row a customer of whom anything is expected: `expected_orders`, and the transform of `orders` and `revenue`.

    Money is nothing, or Gamma, as `predictive.customer_interval` has it; orders are none, or one more than a negative
    binomial count, with the moments of the forecast.
    """
    random = np.random.default_rng([seed, 2_009])
    now = made.prepared
    known = now.predictors.known
    ids = known.ledger.customer_ids[known.place]
    none = np.clip(moments.chance_of_none(now.predictors, now.horizon), 0.0, 1 - 1e-9)
    told = moments.moments(now.predictors, now.horizon)
    shared = held._spread.shared + held._own.variance
    expected = {name: np.maximum(getattr(now, name)(made.method), 0.0) for name in TARGETS}
    level = expected["orders"].sum() / max(float(told.orders.sum()), 1e-100)
    of_orders = told.orders_variance * max(level, level**2) + expected["orders"] ** 2 * shared
    of_money = held._spread.variance + expected["revenue"] ** 2 * shared
    brought = came.reindex(ids)
    less, upto = {}, {}
    for name, variance, chances in (("orders", of_orders, _of_counts), ("revenue", of_money, _of_money)):
        less[name], upto[name] = chances(expected[name], variance, none, brought[name].to_numpy())
    frame = pd.DataFrame(
        {
            "expected_orders": expected["orders"],
            "orders": less["orders"] + random.random(len(ids)) * (upto["orders"] - less["orders"]),
            "revenue": less["revenue"] + random.random(len(ids)) * (upto["revenue"] - less["revenue"]),
        }
    )
    return frame[(known.kept > 0) & (expected["orders"] > 0)]


def _given_some(expected: Array, variance: Array, none: Array) -> tuple[Array, Array]:
    """Mean and variance of what is not nothing."""
    some = 1 - none
    mean = expected / some
    return mean, np.maximum((variance + expected**2) / some - mean**2, 1e-9)


def _of_money(expected: Array, variance: Array, none: Array, came: Array) -> tuple[Array, Array]:
    """The chance of less than came, and of no more."""
    from scipy.special import gammainc

    mean, spread = _given_some(expected, variance, none)
    mean = np.maximum(mean, 1e-12)
    shape = np.clip(mean**2 / np.maximum(spread, 1e-9 * mean**2), 1e-3, 1e9)
    upto = none + (1 - none) * gammainc(shape, shape * np.maximum(came, 0.0) / mean)
    return np.where(came > 0, upto, 0.0), upto


def _of_counts(expected: Array, variance: Array, none: Array, came: Array) -> tuple[Array, Array]:
    """The chance of fewer than came, and of no more."""
    from scipy.stats import nbinom

    mean, spread = _given_some(expected, variance, none)
    more = np.maximum(mean - 1, 1e-9)
    size = np.clip(more**2 / np.maximum(spread - more, 1e-9), 1e-6, 1e9)  # near Poisson, where it is more even
    chance = size / (size + more)
    fewer, upto = (none + (1 - none) * nbinom.cdf(came - less, size, chance) for less in (2, 1))
    return np.where(came > 0, fewer, 0.0), upto


def summed(of: pd.DataFrame) -> dict[str, float]:
    """One shop's: by tenth of expected orders, the mean and the share in the middle 95 %; of all, the share by bin."""
    tenth = (of["expected_orders"].rank(method="first").to_numpy() - 1) * TENTHS // max(len(of), 1)
    found: dict[str, float] = {}
    for name in TARGETS:
        u = of[name].to_numpy()
        inside = (u >= TAIL) & (u <= 1 - TAIL)
        for i in range(TENTHS):
            here = tenth == i
            found[f"{name} mean {i}"] = float(u[here].mean()) if here.any() else np.nan
            found[f"{name} held {i}"] = float(inside[here].mean()) if here.any() else np.nan
            found[f"{name} share {i}"] = float(((u * TENTHS).astype(int).clip(max=TENTHS - 1) == i).mean())
    return found


def segments(made: Forecast, held: intervals.Intervals, came: pd.DataFrame) -> dict[str, float]:
    """Of one shop: how many segments (by order days and by silence) there are, and in how many the range held.

    The forecast's terms must be a margin of 1 and no discount, so that value is revenue.
    """
    known = made.prepared.predictors.known
    often = np.select([known.order_days <= 1, known.order_days <= 3], ["one", "two or three"], "more")
    silent = np.where(known.day - known.last <= HALF_YEAR, "came lately", "silent")
    ids = known.ledger.customer_ids[known.place]
    groups = pd.Series([f"{one}, {other}" for one, other in zip(often, silent, strict=True)], index=ids)
    table = intervals.of_groups(made, held, groups)
    brought = came["revenue"].groupby(groups.reindex(came.index).to_numpy()).sum().reindex(table["group"]).to_numpy()
    inside = (brought >= table["low"].to_numpy() - 1e-9) & (brought <= table["high"].to_numpy() + 1e-9)
    return {"segments": len(table), "segments held": float(inside.sum())}


# --- figures over shops; the error is that of shops, whose customers share what nobody could know ---
def by_tenth(of: pd.DataFrame, name: str) -> tuple[Array, Array]:
    """The mean over shops of `name` 0 to 9, and its standard errors."""
    columns = of[[f"{name} {i}" for i in range(TENTHS)]]
    return columns.mean().to_numpy(), (columns.std(ddof=1) / np.sqrt(columns.notna().sum())).to_numpy()


def segments_held(of: pd.DataFrame) -> tuple[float, float]:
    """The share of segments whose range held what came."""
    share = of["segments held"].sum() / of["segments"].sum()
    off = of["segments held"] - share * of["segments"]
    return float(share), float(np.sqrt((off**2).sum()) / of["segments"].sum())


def lines(of: pd.DataFrame) -> str:
    """The figures in words: segments, then what should be uniform."""
    share, error = segments_held(of)
    said = [f"    segments held {share:.1%} +- {error:.1%}"]
    for name in TARGETS:
        for part, right in (("share", ".100"), ("mean", ".500 by tenth"), ("held", ".950 by tenth")):
            found, errors = by_tenth(of, f"{name} {part}")
            each = " ".join(f"{value:.3f}" for value in found)
            said.append(f"    {name:<8}{part:<6}{each}   +- {np.nanmean(errors):.3f}, {right} is right")
    return "\n".join(said)

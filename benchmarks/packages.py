"""What `lifetimes` expects of every customer, fitted as its own guide does: for tests that pair customers."""

import io
import warnings
from contextlib import redirect_stdout

import numpy as np
import numpy.typing as npt
import pandas as pd

from clvapp.days import DAYS_IN_WEEK

Array = npt.NDArray[np.float64]
SMALL = 0.01  # the penalty its guide proposes where it does not converge
PENALTY = {"lifetimes BG/NBD+GG pen=0.01": SMALL}
# Packages that are not to be had here, and the row of the same likelihood that is the nearest to them.
NEAREST = {
    "R BTYD Pareto/NBD+GG": "lifetimes Pareto/NBD+GG", "R BTYD BG/NBD+GG": "lifetimes BG/NBD+GG",
    "R CLVTools BG/NBD+GG": "lifetimes BG/NBD+GG", "pymc-marketing MAP flat priors": "lifetimes BG/NBD+GG",
    "pymc-marketing MAP default priors": "lifetimes BG/NBD+GG",
}  # fmt: skip


def counts(spend: pd.DataFrame, end: int) -> pd.DataFrame:
    """Every customer's x, t_x and T (in days) and mean repeat value."""
    known = spend[spend["day"] <= end].sort_values(["customer_id", "day"])
    by = known.groupby("customer_id")
    first, last = by["day"].min(), by["day"].max()
    later = known[known["day"] > known["customer_id"].map(first)]
    value = later.groupby("customer_id")["revenue"].mean()
    return pd.DataFrame({"x": by.size() - 1, "t_x": last - first, "T": end - first, "z": value})


def expected(known: pd.DataFrame, model: str, days: int) -> dict[str, Array]:
    """Expected `orders` and `revenue` of each customer of `counts` over the next `days`, by a row of holdout.csv."""
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):  # it prints what did not converge
        warnings.simplefilter("ignore")
        orders = _orders(known, model, days / DAYS_IN_WEEK)
        return {"orders": orders, "revenue": orders * _values(known)}


def _orders(known: pd.DataFrame, model: str, weeks: float) -> Array:
    from lifetimes import BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter
    from lifetimes.utils import ConvergenceError

    x, t_x, t = known["x"], known["t_x"] / DAYS_IN_WEEK, known["T"] / DAYS_IN_WEEK
    kind = ParetoNBDFitter if "Pareto" in model else ModifiedBetaGeoFitter if "MBG" in model else BetaGeoFitter
    try:
        found = kind(penalizer_coef=PENALTY.get(model, 0.0)).fit(x, t_x, t)
        orders = found.conditional_expected_number_of_purchases_up_to_time(weeks, x, t_x, t)
    except ConvergenceError:
        return _nobody_leaves(x.to_numpy(float), t.to_numpy(float), weeks)
    made = np.asarray(orders, dtype="float64")
    return made if np.isfinite(made).all() else _nobody_leaves(x.to_numpy(float), t.to_numpy(float), weeks)


def _nobody_leaves(x: Array, t: Array, weeks: float) -> Array:
    """The NBD, to which all three models come where they see no drop-out."""
    from scipy.optimize import minimize
    from scipy.special import gammaln

    def loss(logs: Array) -> float:
        r, alpha = np.exp(logs)
        each = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + t)
        return -float(each.mean())

    r, alpha = np.exp(minimize(loss, np.log([1.0, 10.0]), method="Nelder-Mead", options={"xatol": 1e-8}).x)
    found: Array = weeks * (r + x) / (alpha + t)
    return found


def _values(known: pd.DataFrame) -> Array:
    """Gamma-Gamma's value of an order; where all cost the same, that."""
    from lifetimes import GammaGammaFitter
    from lifetimes.utils import ConvergenceError

    again = known[(known["x"] > 0) & (known["z"] > 0)]
    if float(again["z"].std()) < 1e-9:
        return np.full(len(known), float(again["z"].mean()))
    try:
        found = GammaGammaFitter().fit(again["x"], again["z"])
    except ConvergenceError:
        found = GammaGammaFitter(penalizer_coef=SMALL).fit(again["x"], again["z"])
    return np.asarray(found.conditional_expected_average_profit(known["x"], known["z"].fillna(0)), dtype="float64")

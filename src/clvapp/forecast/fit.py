"""Maximum likelihood in the logs of the parameters, with exact slopes, from several starts.

Time is measured in mean watched times while fitting, so that no result depends on its unit. Where the best likelihood
lies at the edge of what parameters can be, the limit is named: without visible dropout it is the NBD.
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from clvapp.finding import Finding
from clvapp.forecast.histories import Array, Histories, Places
from clvapp.forecast.models import bgnbd, gamma_gamma, mbgnbd, nbd, paretonbd, steady
from clvapp.threads import on_one_thread

SHAPE_BOUND, _TIME = (
    7.0,
    10.0,
)  # how far the log of a shape, or of a time in mean watched times, may go: as good as infinite
_SCOUTED = 400  # rows on which the starts compete
_STEP = 1e-4
_SMALL_SLOPE = 1e-5  # of the mean log-likelihood of a customer
_NO_WORSE = 0.1  # log-likelihood that the limit may lose
_WIDE = 5.0  # standard deviation of the logs before anything is seen
LEAST_REPEATS = 2


MODELS: dict[str, Any] = {module.NAME: module for module in (bgnbd, mbgnbd, paretonbd, nbd)}
_ALL: dict[str, Any] = MODELS | {module.NAME: module for module in (gamma_gamma, steady)}
ORDERS = (bgnbd.NAME, mbgnbd.NAME, paretonbd.NAME)  # those in which people leave
# Shapes, and dropout in units of the mean watched time; alpha follows from the observed rate.
_STARTS: dict[str, tuple[tuple[float, ...], ...]] = {
    bgnbd.NAME: ((0.5, 0.8, 2.5), (1.5, 0.3, 6.0), (0.25, 1.5, 1.5)),
    mbgnbd.NAME: ((0.5, 0.8, 2.0), (1.5, 0.3, 6.0), (0.25, 1.5, 1.5)),
    paretonbd.NAME: ((0.5, 0.6, 0.4), (1.5, 0.3, 2.0), (0.25, 1.5, 0.5)),
    nbd.NAME: ((0.5,), (2.0,)),
}
_TIMES = {bgnbd.NAME: (1,), mbgnbd.NAME: (1,), paretonbd.NAME: (1, 3), nbd.NAME: (1,)}  # which parameters are times


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model. `at_edge`: which log parameters lie as far out as they can.

    `older`: the same model's fit to customers older than the file, who are other people than those who are new.
    """

    name: str
    parameters: Any
    log_likelihood: float
    converged: bool
    at_edge: tuple[bool, ...]
    findings: tuple[Finding, ...]
    older: "Older | None" = None

    def ask(self, question: str, rows: Histories, *given: Any) -> Array:
        """What the model's function called `question` says of each row; `given` stands between parameters and rows."""
        if self.older is None:
            return self._said(question, rows, *given)
        found = np.empty_like(rows.x)
        for one, chosen in self.groups(rows):
            found[chosen] = one._said(question, rows.of(chosen), *given)
        return found

    def _said(self, question: str, rows: Histories, *given: Any) -> Array:
        found: Array = getattr(self.model, question)(self.parameters, *given, rows)
        return found

    def groups(self, rows: Histories) -> list[tuple["Fit", Places]]:
        """Which of the rows each fit describes."""
        if self.older is None:
            return [(self, np.arange(len(rows.x)))]
        old = np.greater(rows.T, self.older.weeks)
        groups = (self, np.flatnonzero(~old)), (self.older.fit, np.flatnonzero(old))
        return [(one, chosen) for one, chosen in groups if len(chosen)]

    @property
    def whole_log_likelihood(self) -> float:
        """That of everybody learned from, those older than the file included."""
        return self.log_likelihood + (0.0 if self.older is None else self.older.fit.log_likelihood)

    @property
    def log_parameters(self) -> Array:
        """What was fitted: the logs, in the order of the fields."""
        logs: Array = np.log(np.array(astuple(self.parameters)))
        return logs

    @property
    def model(self) -> Any:
        """The module of the formulas."""
        return _ALL[self.name]


@dataclass(frozen=True, eq=False)
class Older:
    """The `fit` of customers watched for more than so many `weeks`."""

    fit: Fit
    weeks: float


Rows = Histories | gamma_gamma.Values
Objective = Callable[[Array], tuple[float, Array]]
Slopes = Callable[[Any, float, Histories], tuple[Array, Array]]


@on_one_thread("scipy.optimize")
def orders_fit(
    name: str, rows: Histories, *, start: Array | None = None, exact: bool = True, limit: Fit | None = None
) -> Fit:
    """The model called `name` on `rows`; the NBD in its place where nobody is seen to leave.

    `start` (log parameters, in weeks) is where to begin, such as the fit of another day. `exact` takes
    Newton's steps to the last digit. `limit`: the NBD on the same rows, where it is at hand. Raises ValueError with
    fewer than two repeat order days or no time watched: no rate can be told from them.
    """
    if rows.weight @ rows.x < LEAST_REPEATS or not rows.weight @ rows.T > 0:
        raise ValueError("A rate of ordering needs two repeat order days and some time watched.")
    unit = float(rows.weight @ rows.T / rows.weight.sum())
    scaled = rows.scaled(1 / unit)
    times = np.zeros(len(fields(MODELS[name].Parameters)))
    times[list(_TIMES[name])] = np.log(unit)
    bounds = np.full(len(times), SHAPE_BOUND)
    bounds[list(_TIMES[name])] = _TIME
    starts = _starts(name, scaled) if start is None else [start - times]
    objectives = _objective(name, scaled), _objective(name, _thinned(scaled))
    found = _fit(*objectives, starts, bounds=bounds, exact=exact)
    fitted = _fitted(name, rows, found, times)
    if name == nbd.NAME:
        return fitted
    limit = limit or orders_fit(nbd.NAME, rows, exact=False)
    return _limit(limit) if limit.log_likelihood >= fitted.log_likelihood - _NO_WORSE else fitted


def _limit(limit: Fit) -> Fit:
    sentence = "No customer is seen to leave for good: the best fit is the limit in which everybody stays."
    return replace(limit, findings=(*limit.findings, Finding("no_dropout", sentence)))


def _fitted(name: str, rows: Rows, found: "_Found", units: Array) -> Fit:
    """The fit in weeks and in money: `units` are the logs of what both were measured in."""
    parameters = _ALL[name].Parameters(*np.exp(found.logs + units).tolist())
    value = float(rows.weight @ _ALL[name].log_likelihood(parameters, rows))
    return Fit(name, parameters, value, found.converged, tuple(found.edge.tolist()), _findings(name, found))


def _starts(name: str, rows: Histories) -> list[Array]:
    """Places to begin: the shapes of the table, at the observed rate."""
    per_time = float(rows.weight @ rows.x / (rows.weight @ rows.T))
    found = []
    for shapes in _STARTS[name]:
        r, *dropout = shapes
        found.append(np.log(np.array([r, r / per_time * (0.6 if dropout else 1.0), *dropout])))
    return found


def _objective(name: str, rows: Rows) -> Objective:
    """Minus the mean log-likelihood of a customer and its slopes, by log parameters."""
    model, weight = _ALL[name], rows.weight / rows.weight.sum()

    def objective(logs: Array) -> tuple[float, Array]:
        value, slopes = model.gradient(model.Parameters(*np.exp(logs)), rows)
        return -float(np.einsum("i,i", weight, value)), -np.einsum("ij,j->i", slopes, weight)

    return objective


def _thinned(rows: Histories) -> Histories:
    """Every so many rows, to compare starts on."""
    step = max(1, len(rows.x) // _SCOUTED)
    return Histories(rows.x[::step], rows.t_x[::step], rows.T[::step], rows.weight[::step], rows.row[:0])


@dataclass(frozen=True, eq=False)
class _Found:
    logs: Array
    converged: bool
    edge: npt.NDArray[np.bool_]


def _fit(
    objective: Objective, scout: Objective, starts: Sequence[Array], *, bounds: Array, exact: bool = True
) -> _Found:
    """The best of what the starts lead to, on a part of the rows first; then on all."""
    begin = starts[0]
    if len(starts) > 1:
        begin = min((descend(scout, start, bounds) for start in starts), key=lambda end: end[1])[0]
    logs, _ = descend(objective, begin, bounds)
    if exact:
        logs = _newton(objective, logs, bounds)
    value, slope = objective(logs)
    free = _free(logs, slope, bounds)
    converged = bool(np.isfinite(value) and np.abs(slope[free]).max(initial=0.0) < _SMALL_SLOPE)
    return _Found(logs, converged, ~free)


def _free(logs: Array, slope: Array, bounds: Array) -> npt.NDArray[np.bool_]:
    """Which parameters do not press against their bound."""
    free: npt.NDArray[np.bool_] = (np.abs(logs) < bounds - 1e-3) | (slope * np.sign(logs) > 0)
    return free


def descend(objective: Objective, start: Array, bounds: Array, *, precisely: bool = True) -> tuple[Array, float]:
    """The lowest place that the slopes lead to from `start`, and its height; infinite where there is none."""
    from scipy.optimize import minimize

    inside = np.clip(start, 0.5 - bounds, bounds - 0.5)
    end = minimize(
        objective, inside, jac=True, method="L-BFGS-B", bounds=np.column_stack([-bounds, bounds]),
        options={"maxiter": 500, "ftol": 1e-12 if precisely else 1e-8, "gtol": 1e-6},
    )  # fmt: skip
    return np.asarray(end.x), float(end.fun) if np.isfinite(end.fun) else np.inf


def _newton(objective: Objective, logs: Array, bounds: Array) -> Array:
    """A few steps on the parameters that are free, kept while they make things no worse."""
    value, slope = objective(logs)
    free = _free(logs, slope, bounds)
    inner = _hessian(objective, logs)[np.ix_(free, free)]
    if not free.any() or not np.isfinite(inner).all() or np.linalg.eigvalsh(inner).min() <= 0:
        return logs
    for _ in range(4):
        step = np.zeros_like(logs)
        step[free] = np.clip(-np.linalg.solve(inner, slope[free]), -1, 1)
        moved = np.clip(logs + step, -bounds, bounds)
        new_value, new_slope = objective(moved)
        if not new_value <= value + 1e-12:
            break
        logs, value, slope = moved, new_value, new_slope
        if np.abs(slope[free]).max() < 1e-11:
            break
    return logs


def _hessian(objective: Objective, logs: Array) -> Array:
    """Second slopes, from differences of the exact first ones."""
    columns = []
    for i in range(len(logs)):
        step = np.zeros_like(logs)
        step[i] = _STEP
        columns.append((objective(logs + step)[1] - objective(logs - step)[1]) / (2 * _STEP))
    found = np.array(columns)
    return (found + found.T) / 2


def _findings(name: str, found: _Found) -> tuple[Finding, ...]:
    if not found.converged:
        return (
            Finding(
                "not_converged", f"The fit of {name} did not settle: its numbers are not used without a better one."
            ),
        )
    if found.edge.any() and name != nbd.NAME:
        return (Finding("at_edge", f"The best fit of {name} lies at the edge of what its parameters can be."),)
    return ()


@on_one_thread("scipy.optimize")
def values_fit(rows: gamma_gamma.Values, *, start: Array | None = None) -> Fit:
    """Gamma-Gamma on mean values; money is measured in mean order values while fitting.

    Raises ValueError with fewer than two customers: how people differ cannot be told from one.
    """
    if len(rows.x) < LEAST_REPEATS or not (rows.z > 0).all():
        raise ValueError("Gamma-Gamma needs the values, above zero, of two customers.")
    unit = float(rows.weight @ rows.z / rows.weight.sum())
    scaled = gamma_gamma.Values(rows.x, rows.z / unit, rows.weight)
    starts = [np.log([shape, tail, (tail - 1) / shape]) for shape, tail in ((2.0, 3.0), (6.0, 4.0), (1.0, 2.0))]
    if start is not None:
        starts = [start - np.log([1, 1, unit])]
    step = max(1, len(rows.x) // _SCOUTED)
    few = gamma_gamma.Values(scaled.x[::step], scaled.z[::step], scaled.weight[::step])
    objectives = _objective(gamma_gamma.NAME, scaled), _objective(gamma_gamma.NAME, few)
    found = _fit(*objectives, starts, bounds=np.array([SHAPE_BOUND, SHAPE_BOUND, _TIME]))
    return _fitted(gamma_gamma.NAME, rows, found, np.log([1, 1, unit]))


def covariance(found: Fit, rows: Rows) -> Array:
    """Of the log parameters of `found`, a fit to `rows`, under a prior so wide that it only tames flat ones.

    What lies at an edge has none. The fit does not keep its rows: those of a dozen fits are most of the memory that a
    forecast of a large shop takes.
    """
    free = ~np.array(found.at_edge)
    curvature = _hessian(_objective(found.name, rows), found.log_parameters) * rows.weight.sum()
    inner = curvature[np.ix_(free, free)]
    values, vectors = np.linalg.eigh(np.where(np.isfinite(inner), inner, 0.0))
    wide = np.zeros((len(free), len(free)))
    wide[np.ix_(free, free)] = (vectors / (np.maximum(values, 0.0) + 1 / _WIDE**2)) @ vectors.T
    return wide

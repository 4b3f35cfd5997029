"""Maximum likelihood in the logs of the parameters, with exact slopes, from several starts.

Time is measured in mean watched times while fitting, so that no result depends on its unit. Where the best likelihood
lies at the edge of what parameters can be, the limit is named: without visible dropout it is the NBD.
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from clvapp.value import bgnbd, gamma_gamma, mbgnbd, nbd, paretonbd
from clvapp.value.findings import Finding
from clvapp.value.histories import Array, Histories

_FARTHEST = 10.0  # of a log parameter: e^10 is as good as infinite
_SCOUTED = 800  # rows on which the starts compete
_STEP = 1e-4
_SMALL_SLOPE = 1e-6  # of the mean log-likelihood of a customer
_NO_WORSE = 0.1  # log-likelihood that the limit may lose
LEAST_REPEATS = 2


class OrderModel(Protocol):
    """What a module of an order model offers."""

    NAME: str
    Parameters: Any

    def gradient(self, p: Any, rows: Histories) -> tuple[Array, Array]: ...  # noqa: D102
    def log_likelihood(self, p: Any, rows: Histories) -> Array: ...  # noqa: D102
    def p_alive(self, p: Any, rows: Histories) -> Array: ...  # noqa: D102
    def expected_orders(self, p: Any, t: float, rows: Histories) -> Array: ...  # noqa: D102
    def order_rate(self, p: Any, t: float, rows: Histories) -> Array: ...  # noqa: D102
    def time_of_next_order(self, p: Any, rows: Histories) -> Array: ...  # noqa: D102


MODELS: dict[str, Any] = {module.NAME: module for module in (bgnbd, mbgnbd, paretonbd, nbd)}
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
    """A fitted model. `covariance` is that of the log parameters, None where the likelihood is flat or at an edge."""

    name: str
    parameters: Any
    log_likelihood: float
    covariance: Array | None
    converged: bool
    findings: tuple[Finding, ...] = ()

    @property
    def log_parameters(self) -> Array:
        """What was fitted: the logs, in the order of the fields."""
        return np.log(np.array(astuple(self.parameters)))

    @property
    def model(self) -> Any:
        """The module of the formulas."""
        return MODELS[self.name]


Objective = Callable[[Array], tuple[float, Array]]


def orders_fit(name: str, rows: Histories, *, start: Array | None = None) -> Fit:
    """The model called `name` on `rows`; the NBD in its place where nobody is seen to leave.

    `start` (log parameters, in weeks) is one more place to begin, such as the fit of an earlier cut. Raises ValueError
    with fewer than two repeat order days or no time watched: no rate can be told from them.
    """
    if rows.weight @ rows.x < LEAST_REPEATS or not rows.weight @ rows.T > 0:
        raise ValueError("A rate of ordering needs two repeat order days and some time watched.")
    unit = float(rows.weight @ rows.T / rows.weight.sum())
    scaled = rows.scaled(1 / unit)
    times = np.zeros(len(fields(MODELS[name].Parameters)))
    times[list(_TIMES[name])] = np.log(unit)
    starts = _starts(name, scaled) if start is None else [start - times, *_starts(name, scaled)[:1]]
    found = _fit(_objective(name, scaled), starts, _objective(name, _thinned(scaled)))
    return _named(name, rows, found, times)


def _starts(name: str, rows: Histories) -> list[Array]:
    """Places to begin: the shapes of the table, at the observed rate."""
    per_time = float(rows.weight @ rows.x / (rows.weight @ rows.T))
    found = []
    for shapes in _STARTS[name]:
        r, *dropout = shapes
        found.append(np.log(np.array([r, r / per_time * (0.6 if dropout else 1.0), *dropout])))
    return found


def _objective(name: str, rows: Histories) -> Objective:
    """Minus the mean log-likelihood of a customer and its slopes, by log parameters."""
    model, weight = MODELS[name], rows.weight / rows.weight.sum()

    def objective(logs: Array) -> tuple[float, Array]:
        value, slopes = model.gradient(model.Parameters(*np.exp(logs)), rows)
        return -float(weight @ value), -(slopes @ weight)

    return objective


def _thinned(rows: Histories) -> Histories:
    """Every so many rows, to compare starts on."""
    step = max(1, len(rows.x) // _SCOUTED)
    return Histories(rows.x[::step], rows.t_x[::step], rows.T[::step], rows.weight[::step], rows.row[:0])


@dataclass(frozen=True, eq=False)
class _Found:
    logs: Array
    value: float
    hessian: Array
    converged: bool
    edge: npt.NDArray[np.bool_]


def _fit(objective: Objective, starts: Sequence[Array], scout: Objective | None = None) -> _Found:
    """The best of what the starts lead to, made exact by Newton's steps."""
    if scout is not None and len(starts) > 1:
        starts = [min((_descend(scout, start) for start in starts), key=lambda end: end[1])[0]]
    logs, _ = min((_descend(objective, start) for start in starts), key=lambda end: end[1])
    for _ in range(3):
        value, slope = objective(logs)
        hessian = _hessian(objective, logs)
        free = (np.abs(logs) < _FARTHEST - 1e-3) | (slope * np.sign(logs) > 0)
        if np.abs(slope[free]).max(initial=0.0) < 1e-10:
            break
        better = _newton(objective, logs, (value, slope, hessian, free))
        if better is None:
            break
        logs = better
    value, slope = objective(logs)
    free = (np.abs(logs) < _FARTHEST - 1e-3) | (slope * np.sign(logs) > 0)
    converged = bool(np.isfinite(value) and np.abs(slope[free]).max(initial=0.0) < _SMALL_SLOPE)
    return _Found(logs, value, hessian, converged, ~free)


def _descend(objective: Objective, start: Array) -> tuple[Array, float]:
    from scipy.optimize import minimize

    inside = np.clip(start, -_FARTHEST + 0.5, _FARTHEST - 0.5)
    end = minimize(
        objective, inside, jac=True, method="L-BFGS-B", bounds=[(-_FARTHEST, _FARTHEST)] * len(start),
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7},
    )  # fmt: skip
    return np.asarray(end.x), float(end.fun) if np.isfinite(end.fun) else np.inf


def _newton(objective: Objective, logs: Array, at: tuple[float, Array, Array, Any]) -> Array | None:
    """One step on the parameters that are `free`, kept only where it does not make things worse."""
    value, slope, hessian, free = at
    inner = hessian[np.ix_(free, free)]
    if not free.any() or np.linalg.eigvalsh(inner).min() <= 0:
        return None
    step = np.zeros_like(logs)
    step[free] = np.clip(-np.linalg.solve(inner, slope[free]), -1, 1)
    moved = np.clip(logs + step, -_FARTHEST, _FARTHEST)
    return moved if objective(moved)[0] <= value + 1e-12 else None


def _hessian(objective: Objective, logs: Array) -> Array:
    """Second slopes, from differences of the exact first ones."""
    columns = []
    for i in range(len(logs)):
        step = np.zeros_like(logs)
        step[i] = _STEP
        columns.append((objective(logs + step)[1] - objective(logs - step)[1]) / (2 * _STEP))
    found = np.array(columns)
    return (found + found.T) / 2


def _named(name: str, rows: Histories, found: _Found, times: Array) -> Fit:
    """The fit in weeks, or that of the limit when the likelihood says that nobody leaves."""
    customers = float(rows.weight.sum())
    parameters = MODELS[name].Parameters(*np.exp(found.logs + times).tolist())
    value = float(rows.weight @ MODELS[name].log_likelihood(parameters, rows))
    if name != nbd.NAME and (found.edge.any() or not _curved(found.hessian) or not found.converged):
        limit = orders_fit(nbd.NAME, rows)
        if limit.log_likelihood >= value - _NO_WORSE:
            finding = Finding(
                "no_dropout",
                "No customer is seen to leave for good: the best fit is the limit in which everybody stays.",
            )
            return Fit(limit.name, limit.parameters, limit.log_likelihood, limit.covariance, limit.converged, (finding,))
    covariance = np.linalg.inv(found.hessian * customers) if _curved(found.hessian) and not found.edge.any() else None
    return Fit(name, parameters, value, covariance, found.converged, _findings(name, found))


def _curved(hessian: Array) -> bool:
    return bool(np.isfinite(hessian).all() and np.linalg.eigvalsh(hessian).min() > 1e-9)


def _findings(name: str, found: _Found) -> tuple[Finding, ...]:
    if not found.converged:
        return (
            Finding("not_converged", f"The fit of {name} did not settle: its numbers are not used without a better one."),
        )
    if found.edge.any():
        return (
            Finding("at_edge", f"The best fit of {name} lies at the edge of what its parameters can be."),
        )
    return ()


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
        starts = [start - np.log([1, 1, unit]), starts[0]]
    step = max(1, len(rows.x) // _SCOUTED)
    few = gamma_gamma.Values(scaled.x[::step], scaled.z[::step], scaled.weight[::step])
    found = _fit(_values_objective(scaled), starts, _values_objective(few))
    parameters = gamma_gamma.Parameters(*np.exp(found.logs + np.log([1, 1, unit])).tolist())
    value = float(rows.weight @ gamma_gamma.log_likelihood(parameters, rows))
    sound = _curved(found.hessian) and not found.edge.any()
    covariance = np.linalg.inv(found.hessian * float(rows.weight.sum())) if sound else None
    return Fit(gamma_gamma.NAME, parameters, value, covariance, found.converged, _findings(gamma_gamma.NAME, found))


def _values_objective(rows: gamma_gamma.Values) -> Objective:
    weight = rows.weight / rows.weight.sum()

    def objective(logs: Array) -> tuple[float, Array]:
        value, slopes = gamma_gamma.gradient(gamma_gamma.Parameters(*np.exp(logs)), rows)
        return -float(weight @ value), -(slopes @ weight)

    return objective

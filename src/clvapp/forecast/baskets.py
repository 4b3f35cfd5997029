"""Values of order days -> what an order of each customer is worth, by how customers differ beside how their orders do.

Random effects: a customer's mean is drawn to everybody's the less, the more order days it is the mean of and the more
customers differ (Buehlmann & Straub 1970, "Glaubwuerdigkeit fuer Schadensaetze"; variances by the analysis of variance,
Searle, Casella & McCulloch 1992). On the scale of logs where that makes the values likelier, and back by a factor that
holds their sum (Duan 1983, "Smearing Estimate").
"""

from dataclasses import dataclass

import numpy as np

from clvapp.forecast.histories import Array

_LEAST = 1e-12
_WIDE = 25.0  # variance over squared mean that the scale of logs may claim for one order


@dataclass(frozen=True, eq=False)
class Seen:
    """Of each customer's order days: how many, the sum of their values and of those squared, and both of their logs."""

    count: Array
    total: Array
    square: Array
    logs: Array
    logs_square: Array


@dataclass(frozen=True, eq=False)
class Baskets:
    """By customer: what an order is worth, the variance of that, and the variance of one order around it."""

    mean: Array
    variance: Array
    within: Array


@dataclass(frozen=True, eq=False)
class _Effects:
    """`middle` and `between`: mean and variance of customers' own means; `within`: of one order around them."""

    middle: float
    between: float
    within: float

    def own(self, count: Array, mean: Array) -> tuple[Array, Array]:
        """Each customer's mean given what they paid, and its variance."""
        if not self.between > 0:
            return np.full_like(mean, self.middle), np.zeros_like(mean)
        share = count / (count + self.within / self.between)
        return self.middle + share * (mean - self.middle), self.between * (1 - share)


def baskets(of: Seen) -> Baskets | None:
    """Random effects; None where nobody came back, so that how one customer's orders differ is not known."""
    some = of.count > 0
    freedom = float((of.count[some] - 1).sum())
    if freedom < 1 or some.sum() < 2:
        return None
    count = np.maximum(of.count, 1.0)
    plain, logs = _effects(of.count, of.total, of.square), _effects(of.count, of.logs, of.logs_square)
    orders = float(of.count.sum())
    # Normal log-likelihoods at their own variances; that of the logs pays for the change of scale.
    raw_loss = orders / 2 * np.log(max(plain.within, _LEAST))
    log_loss = orders / 2 * np.log(max(logs.within, _LEAST)) + float(of.logs.sum())
    if raw_loss <= log_loss:
        mean, variance = plain.own(of.count, of.total / count)
        least = _LEAST * max(plain.middle, _LEAST)
        return Baskets(np.maximum(mean, least), variance, np.full_like(mean, plain.within))
    mean, variance = logs.own(of.count, of.logs / count)
    worth = np.exp(mean + variance / 2)
    worth *= float(of.total.sum()) / max(float(of.count @ worth), _LEAST)
    return Baskets(worth, worth**2 * np.expm1(variance), worth**2 * min(float(np.expm1(logs.within)), _WIDE))


def _effects(count: Array, total: Array, square: Array) -> _Effects:
    some = count > 0
    n, mean = count[some], total[some] / count[some]
    within = float(np.maximum(square[some] - n * mean**2, 0).sum()) / float((n - 1).sum())
    middle = float(n @ mean / n.sum())
    spread = float(n @ (mean - middle) ** 2) - (len(n) - 1) * within
    between = max(0.0, spread / float(n.sum() - n @ n / n.sum()))
    if between > 0:
        share = n / (n + within / between)
        middle = float(share @ mean / share.sum())
    return _Effects(middle, between, within)

"""The shop's own past as the judge: forecasts made as of earlier days, beside what then happened, over all customers.

The method is chosen on tests whose windows had closed before the one that is reported began.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from clvapp.forecast import blend
from clvapp.forecast.accuracy import Accuracy, accuracy
from clvapp.forecast.histories import Array
from clvapp.forecast.predictors import MODELS_MEAN
from clvapp.forecast.procedure import BLEND, LEAST_WINDOW, Prepared, Workshop, cut_day, prepared
from clvapp.forecast.rules import RETURNS
from clvapp.forecast.snapshot import Ledger
from clvapp.wording import Of, Wording

LEAST_CUSTOMERS = 20
LEAST_REPEATS = 10
EARLIER = 2  # tests that the method is chosen on
_BACK = (1, 2, 3)  # cuts that may be reported
_ERRORS = 2.0  # standard errors by which another method must lead the blend
NOTHING = "nothing from anybody"


@dataclass(frozen=True, eq=False)
class Test:
    """Forecasts by every method as of `prepared.day` for the days after it, and what came."""

    __test__ = False  # a test of forecasts; pytest shall not collect it

    prepared: Prepared
    orders_came: Array
    revenue_came: Array

    @cached_property
    def losses(self) -> dict[str, float]:
        """Each method's loss as a multiple of the blend's; empty where no blend could be made."""
        if not self.prepared.blends:
            return {}
        least = max(float(self._loss_of(BLEND).mean()), 1e-300)
        return {name: float(self._loss_of(name).mean()) / least for name in self.prepared.methods}

    def lead(self, method: str) -> tuple[float, float]:
        """How much less a method's loss is than the blend's, as a share of it; the standard error of that."""
        blended = self._loss_of(BLEND)
        ahead = (blended - self._loss_of(method)) / max(float(blended.mean()), 1e-300)
        return float(ahead.mean()), float(ahead.std(ddof=1) / np.sqrt(len(ahead)))

    def _loss_of(self, method: str) -> Array:
        """Of all but large accounts, with the total of what was expected scaled to that of what came: shape alone."""
        shape = blend.shape(self.prepared.expected.revenue[self.prepared.predictors.simplest])
        loss: Array = (
            blend.to_total(self.prepared.revenue(method), self.revenue_came) - self.revenue_came
        ) ** 2 / shape
        return loss[~self.prepared.predictors.large]

    def accuracy(self, method: str) -> Accuracy:
        """How far off a method was in money."""
        return accuracy(self.prepared.revenue(method), self.revenue_came)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a method: `method`, the measures of `Accuracy`, and its order days beside those that came."""
        rows = [
            self._row(name, self.prepared.revenue(name), self.prepared.orders(name)) for name in self.prepared.methods
        ]
        zero = np.zeros_like(self.revenue_came)
        return pd.DataFrame([*rows, self._row(NOTHING, zero, zero)])

    def _row(self, name: str, revenue: Array, orders: Array) -> dict[str, object]:
        expected, came = float(orders.sum()), float(self.orders_came.sum())
        off = (expected - came) / came if came else None
        return {
            "method": name, **asdict(accuracy(revenue, self.revenue_came)),
            "orders_forecast": expected, "orders_actual": came, "orders_error": off,
        }  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """The method and why: `losses` are means over `tests` earlier tests, as multiples of the blend's."""

    method: str
    tests: int
    losses: Mapping[str, float]
    sentence: str


@dataclass(frozen=True, eq=False)
class BackTest:
    """The `reported` test, the `earlier` ones that the method was chosen on, and that choice."""

    reported: Test
    earlier: tuple[Test, ...]
    choice: Choice


def backtest(workshop: Workshop, *, end: int, horizon: int, words: Wording = Wording()) -> BackTest | None:
    """Rolling cuts; None where the history before any cut is too short to forecast from."""
    day = reported_cut(workshop.ledger, end=end, horizon=horizon)
    if day is None:
        return None
    reported = test(workshop, day, min(horizon, end - day), end=end)
    workshop.forget()  # of a large shop every column takes memory; what is asked later is computed again
    grid = [cut_day(workshop.ledger.start, end, back) for back in range(1, 12)]
    before = [cut for cut in grid if cut < day and able(workshop.ledger, cut) and day - cut >= LEAST_WINDOW]
    earlier = tuple(test(workshop, cut, min(horizon, day - cut), end=end) for cut in before[:EARLIER])
    found = BackTest(reported, earlier, choice(reported.prepared, earlier, words))
    for one in (reported, *earlier):
        one.prepared.forget()
    workshop.forget()
    return found


def reported_cut(ledger: Ledger, *, end: int, horizon: int) -> int | None:
    """The latest cut whose window is half the horizon at least; else the earliest of the three with enough history."""
    days = [cut_day(ledger.start, end, back) for back in _BACK]
    fit = [day for day in days if able(ledger, day) and end - day >= LEAST_WINDOW]
    wide = [day for day in fit if 2 * (end - day) >= horizon]
    return wide[0] if wide else fit[-1] if fit else None


def able(ledger: Ledger, day: int) -> bool:
    """Whether enough was known at `day` to forecast from it."""
    known = ledger.until(day)
    return len(known.place) >= LEAST_CUSTOMERS and float(known.x.sum()) >= LEAST_REPEATS


def test(workshop: Workshop, day: int, window: int, *, end: int) -> Test:
    """Every method's forecast as of `day`, and what the `window` days after it brought."""
    made = prepared(workshop, day, window, end=end)
    orders, revenue = made.predictors.known.then(window)
    return Test(made, orders, revenue)


def course(of: Test, method: str, *, steps: int = 12) -> pd.DataFrame:
    """How a test went: `day` (since 1970), and money `expected` and `came` from its cut until then, all customers."""
    made, known = of.prepared, of.prepared.predictors.known
    days = np.unique(np.linspace(0, made.horizon, steps + 1).round().astype("int64"))[1:]
    expected = [0.0, *(float(made.again(int(days_on)).revenue(method).sum()) for days_on in days)]
    came = [0.0, *(float(known.then(int(days_on))[1].sum()) for days_on in days)]
    return pd.DataFrame({"day": made.day + np.array([0, *days]), "expected": expected, "came": came})


def choice(made: Prepared, earlier: tuple[Test, ...], words: Wording = Wording()) -> Choice:
    """The blend, unless another method was better on every earlier test and clearly so on their mean."""
    if not made.blends:
        return Choice(RETURNS, 0, {}, "Too few came back for a model: everybody is given the shop's rate of return.")
    scored = [found for found in earlier if found.prepared.blends]
    names = [name for name in made.methods if all(name in found.prepared.methods for found in scored)]
    means = {name: float(np.mean([found.losses[name] for found in scored])) for name in names} if scored else {}
    better = [name for name in means if name != BLEND and len(scored) == EARLIER and _clearly_ahead(name, scored)]
    method = min(better, key=means.__getitem__, default=BLEND)
    why = _why(method, means, len(scored), words) if scored else _untested(made)
    return Choice(method, len(scored), means, why)


def _clearly_ahead(method: str, tests: list[Test]) -> bool:
    """Ahead of the blend on every test, and on their mean by more than two standard errors."""
    leads = [found.lead(method) for found in tests]
    mean, error = np.mean([lead for lead, _ in leads]), np.mean([error for _, error in leads])
    return bool(min(lead for lead, _ in leads) > 0 and mean > _ERRORS * error)


def _untested(made: Prepared) -> str:
    """What stands where no test could be made: the simplest, or what earlier cuts moved it to."""
    if made.order_weights.moved or made.revenue_weights.moved:
        return (
            "The history is too short to test methods on: a blend of models and rules stands, with the shares that "
            "earlier cuts told."
        )
    simplest = made.predictors.simplest
    reason = "which needs no choosing" if simplest == MODELS_MEAN else "for customers order at even gaps"
    return f"The history is too short to choose on: {simplest} stands, {reason}."


def _why(method: str, means: Mapping[str, float], tests: int, words: Wording) -> str:
    others = {name: value for name, value in means.items() if name != method}
    second = min(others, key=others.__getitem__)
    over = f"Over {words.count(tests, 'earlier test', of=Of('earlier_tests'))}"
    if not means[method] > 0:
        return f"{over}, nothing was bought, as {method} expected."
    ratio = others[second] / means[method]
    if ratio >= 1:
        return (
            f"{over}, {method} came closest to what customers spent; the square errors of {second}, the next, were "
            f"{words.share(ratio - 1, 1, of=Of('square_errors_larger'))} larger."
        )
    smaller = words.share(1 - ratio, 1, of=Of("square_errors_smaller"))
    return (
        f"{over}, {second} had square errors {smaller} smaller than {method}: not clearly enough to trust one rule "
        "rather than several."
    )

"""What was known at a day -> forecasts by every method, with nothing that lies after that day.

A blend's weights are learned on cuts before the day whose windows have closed by it. The same procedure, run at earlier
days, is what the back-test scores: it never sees its test window.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from clvapp.forecast import blend
from clvapp.forecast.histories import Array
from clvapp.forecast.level import NONE, Level, Misses, levels, missed
from clvapp.forecast.predictors import Expected, Predictors, predictors
from clvapp.forecast.rules import NAIVE
from clvapp.forecast.season import PLAIN, Clock
from clvapp.forecast.snapshot import Ledger, forget
from clvapp.memory import give_back

BLEND = "a blend"
OWN = "their own rate and basket"
RATIO = 0.7**0.5  # of the history, from one cut to the one before: two cuts back stand at seven tenths
LEARNED_ON = 3  # cuts
LEAST_REPEATS = 10  # repeat order days a cut must have seen to be learned from
LEAST_WINDOW = 14  # days
_TARGETS = "orders", "revenue"


def cut_day(start: int, end: int, back: int) -> int:
    """The last day known at the cut `back` steps before `end`."""
    return start + round((end - start + 1) * RATIO**back) - 1


@dataclass(eq=False)
class Workshop:
    """Fits by day, each made once: cuts of one procedure are cuts of others, too. `new_from`: see `predictors`."""

    ledger: Ledger
    new_from: int | None = None
    clock: Clock = PLAIN
    _made: dict[int, Predictors] = field(default_factory=dict)

    def at(self, day: int) -> Predictors:
        """All predictors fitted to what was known at `day`."""
        if day not in self._made:
            near = min(self._made, key=lambda made: abs(made - day), default=None)
            self._made[day] = predictors(
                self.ledger.until(day, self.clock), new_from=self._new_from(day),
                near=None if near is None else self._made[near],
            )  # fmt: skip
        return self._made[day]

    def forget(self) -> None:
        """Give back the memory of all but the fits."""
        for made in self._made.values():
            made.forget()
        give_back()

    def _new_from(self, day: int) -> int | None:
        """Where learning starts: not where the burn-in leaves less than half of what was watched by `day`."""
        if self.new_from is None or 2 * (self.new_from - self.ledger.start) > day - self.ledger.start:
            return None
        return self.new_from


@dataclass(frozen=True, eq=False)
class Prepared:
    """Every method's forecast at `day` for `horizon` days. `cuts`: the days the blend's weights were learned on.

    `levels`: of the days ahead beside those learned from, by model; a blend has the total of its simplest part, and
    rules of thumb stay as plain as their names. `own_share`: how far large accounts are told by their own rate and
    basket.
    """

    day: int
    horizon: int
    predictors: Predictors
    order_weights: blend.Weights
    revenue_weights: blend.Weights
    cuts: tuple[int, ...]
    levels: Mapping[str, Level]
    own_share: float = 0.0

    @cached_property
    def expected(self) -> Expected:
        """What each model and rule expects."""
        return self.predictors.expected(self.horizon)

    def forget(self) -> None:
        """Give back the memory of what can be computed again."""
        forget(self)

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that can be had here."""
        models = self.predictors.models
        return (BLEND, *models, *NAIVE) if models else NAIVE

    @property
    def blends(self) -> bool:
        """Whether any model could be fitted for a blend to stand on."""
        return bool(self.predictors.models)

    def again(self, horizon: int) -> "Prepared":
        """The same forecast, weights and all, for another number of days."""
        return replace(self, horizon=horizon)

    def level(self, method: str) -> Level:
        """The level that the method's numbers carry."""
        return self.levels.get(self.predictors.simplest if method == BLEND else method, NONE)

    def revenue(self, method: str) -> Array:
        """What each customer known at the day is expected to spend: nothing, if they gave everything back."""
        kept, columns = self.predictors.known.kept, self.expected.revenue
        shape = self._blend(self.revenue_weights, columns, of=1) if method == BLEND else columns[method]
        return kept * self.level(method).money * shape

    def orders(self, method: str) -> Array:
        """On how many days each customer known at the day is expected to order: as with `revenue`."""
        kept, columns = self.predictors.known.kept, self.expected.orders
        shape = self._blend(self.order_weights, columns, of=0) if method == BLEND else columns[method]
        return kept * float(np.exp(self.level(method).orders)) * shape

    def _blend(self, shares: blend.Weights, columns: Mapping[str, Array], *, of: int) -> Array:
        """The blend, and of large accounts the simplest and what their own rate and basket say."""
        large = self.predictors.large
        if not large.any() or not self.own_share:
            return shares.of(columns)
        own = self.predictors.of_large(self.expected, self.horizon)[of][large]
        found = np.empty(len(large))
        found[large] = (1 - self.own_share) * columns[self.predictors.simplest][large] + self.own_share * own
        found[~large] = shares.of({name: columns[name][~large] for name in shares.share})
        return found


def prepared(workshop: Workshop, day: int, horizon: int, *, end: int | None = None) -> Prepared:
    """What can be said at `day` of the `horizon` days after it; cuts are steps back from `end` (or `day`)."""
    here = workshop.at(day)
    start = workshop.ledger.start
    days = _cuts(workshop, day, start, end or day)
    used = [cut for cut in days if day - cut >= LEAST_WINDOW and _enough(workshop.at(cut))]
    then = [(workshop.at(cut), min(horizon, day - cut)) for cut in used]
    seen = [_cut(found, window, here.parts) for found, window in then]
    orders, revenue = (blend.learned([getattr(one, of) for one in seen], here.parts) for of in _TARGETS)
    own = blend.own_share([one.revenue for one in seen], here.parts[0], OWN)
    return Prepared(day, horizon, here, orders, revenue, tuple(used), _levels(workshop, here, horizon, seen), own)


@dataclass(frozen=True, eq=False)
class _Cut:
    """A cut to learn from: what shares are told by, and how far its level was off."""

    orders: blend.Cut
    revenue: blend.Cut
    missed: Mapping[str, Misses]


def _cut(found: Predictors, window: int, parts: tuple[str, ...]) -> _Cut:
    """What was expected at a cut and what came, in order days and in money; of the columns only what blends need.

    The simplest of `parts`, where the cut has no such model, is the cut's own simplest.
    """
    expected = found.expected(window)
    columns = [
        {parts[0]: of.get(parts[0], of[found.simplest])} | {name: of[name] for name in parts if name in of}
        for of in (expected.orders, expected.revenue)
    ]
    came = found.known.then(window)
    among = ~found.large
    if not among.all():
        columns[1][OWN] = found.of_large(expected, window)[1]
    candidates = Expected(expected.orders | columns[0], expected.revenue | columns[1])
    missing = missed(found, window, candidates, came)
    found.forget()  # three cuts at once, and all that is known at each, would take most of the memory
    return _Cut(blend.Cut(columns[0], came[0], among), blend.Cut(columns[1], came[1], among), missing)


def _levels(workshop: Workshop, here: Predictors, horizon: int, seen: Sequence[_Cut]) -> dict[str, Level]:
    """How the `horizon` days ahead stand to those that `here` learned from."""
    if not here.models:
        return {}
    return levels(here, horizon, here.expected(horizon).revenue, [one.missed for one in seen], clock=workshop.clock)


def _cuts(workshop: Workshop, day: int, start: int, end: int) -> list[int]:
    """The three cuts of the grid before `day`, latest first."""
    grid = (cut_day(start, end, back) for back in range(1, 40))
    return [cut for cut in grid if cut < day][:LEARNED_ON]


def _enough(found: Predictors) -> bool:
    return bool(found.fits) and bool(found.known.x.sum() >= LEAST_REPEATS)

"""Order days -> what every customer will be worth, how far to trust it, and what may be said at all.

`forecast` gives numbers at once; `intervals` adds how far they may be off, which takes longer.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clvapp.days import DAYS_IN_WEEK, MEAN_YEAR, dates
from clvapp.finding import Finding
from clvapp.forecast.backtest import BackTest, Choice, backtest, choice, reported_cut
from clvapp.forecast.data_warnings import remarks
from clvapp.forecast.histories import Array, Histories
from clvapp.forecast.models import gamma_gamma, given_alive
from clvapp.forecast.predictors import STEADY, Predictors, best_described
from clvapp.forecast.procedure import BLEND, Prepared, Workshop, prepared
from clvapp.forecast.season import PLAIN, Clock, clock
from clvapp.forecast.snapshot import Ledger, ledger
from clvapp.forecast.sufficiency import Enough, enough, ranks_better_than_chance
from clvapp.settings import Settings
from clvapp.threads import on_one_thread
from clvapp.wording import GIVEN, Of, Wording

LONGEST_WAIT = 730  # days within which a next order is worth a date
_SOME_GAPS = 2
_FOREVER = 1e-4  # what is discounted to less is left out of a whole life


@dataclass(frozen=True)
class Terms:
    """`margin`: earned of a sale; `discount_rate`: a year, as a share; `horizon_days`: how far to look."""

    horizon_days: int = Settings.horizon_days
    margin: float = Settings.margin
    discount_rate: float = Settings.discount_rate


@dataclass(frozen=True)
class Totals:
    """All customers together, over the horizon: order days, money undiscounted, and discounted margin."""

    orders: float
    revenue: float
    value: float


@dataclass(frozen=True, eq=False)
class Forecast:
    """What `forecast` found. `customers` has one row a customer, as documented there; money in the shop's currency.

    `weights`: of the blend's parts, for orders and for revenue, where the method is the blend. `models`: one row a
    fitted model with its parameters in weeks. `backtest` is None where the history is too short for one. `tests` and
    `now`: fits of earlier days, by a clock told by what was known at the test, and at the end.
    """

    customers: pd.DataFrame
    totals: Totals
    choice: Choice
    weights: Mapping[str, Mapping[str, float]]
    models: pd.DataFrame
    backtest: BackTest | None
    enough: Enough
    findings: tuple[Finding, ...]
    terms: Terms
    end_day: int
    prepared: Prepared = field(repr=False)
    tests: Workshop = field(repr=False)
    now: Workshop = field(repr=False)

    @property
    def method(self) -> str:
        """The method whose numbers these are."""
        return self.choice.method

    def forget(self) -> None:
        """Give back the memory of what can be computed again; of a large shop that is most of it."""
        tests = () if self.backtest is None else (self.backtest.reported, *self.backtest.earlier)
        for made in (self.prepared, *(one.prepared for one in tests)):
            made.forget()
            made.predictors.forget()
        self.tests.forget()
        self.now.forget()


def knows_leaving(customers: pd.DataFrame) -> bool:
    """Whether by their `p_alive` any of a forecast's `customers` may have left: if none, silence says nothing of it."""
    return bool((customers["p_alive"] < 1).any())


@on_one_thread("scipy.optimize")
def forecast(
    spend: pd.DataFrame, customers: pd.DataFrame, *, end_day: int, burn_in_end: int | None = None,
    terms: Terms = Terms(), margins: pd.Series | None = None, words: Wording = Wording(),
) -> Forecast | None:  # fmt: skip
    """Expected orders and money of every customer over the days after `end_day`; None without a single order.

    Parameters
    ----------
    spend
        one row a customer and day with money: `customer_id`, `day` (since 1970), `revenue`, `orders`, `paid`
    customers
        one row a customer: `customer_id`; its order is that of the result
    end_day, burn_in_end
        the day looked from; customers who came before `burn_in_end` are forecast, not learned from
    margins
        earned of a sale by customer_id, in place of the terms' one margin: where costs or categories are known
    words
        how the reader of the findings reads numbers

    Returns
    -------
    Forecast
        its `customers` holds `customer_id`, `expected_orders`, `expected_revenue` (undiscounted), `expected_value`
        (discounted margin over the horizon), `residual_value` (the same over their whole life), `p_alive` and
        `expected_next_order` (the day by which an order is as likely as not; blank where that is over two years off).
        Of who gave everything back nothing is expected
    """
    until = spend[spend["day"] <= end_day]
    if not (until["orders"] > 0).any():
        return None
    book = ledger(until)
    found, tests = _backtest(book, end_day, burn_in_end, horizon=terms.horizon_days, words=words)
    now = clock(book, end_day)
    shop = tests if now.plain and tests.clock.plain else Workshop(book, burn_in_end, now)
    made = prepared(shop, end_day, terms.horizon_days)
    chosen = found.choice if found is not None and found.choice.method in made.methods else choice(made, (), words)
    frame = _customers(made, chosen.method, terms, margins).reindex(customers["customer_id"]).reset_index()
    sums = [float(frame[name].sum()) for name in ("expected_orders", "expected_revenue", "expected_value")]
    weighed = (
        {}
        if chosen.method != BLEND
        else {"orders": made.order_weights.named(), "revenue": made.revenue_weights.named()}
    )
    carried = enough(made.predictors.known, tested=found is not None, ranked=_ranked(found, chosen.method), words=words)
    made.forget()
    tests.forget()
    return Forecast(
        frame, Totals(*sums), chosen, weighed, _models(made.predictors), found, carried,
        _findings(made, found, shop, carried, words=words), terms, end_day, made, tests, shop,
    )  # fmt: skip


def _backtest(
    book: Ledger, end: int, new_from: int | None, *, horizon: int, words: Wording
) -> tuple[BackTest | None, Workshop]:
    """The back-test, and the workshop of its fits: its season is told by what was known at the cut reported."""
    day = reported_cut(book, end=end, horizon=horizon)
    tests = Workshop(book, new_from, PLAIN if day is None else clock(book, day))
    return backtest(tests, end=end, horizon=horizon, words=words), tests


def _ranked(found: BackTest | None, method: str) -> bool:
    """Whether the reported test told better customers from worse; true where there is none, or nothing came in it."""
    if found is None or method not in found.reported.prepared.methods or not found.reported.revenue_came.sum() > 0:
        return True
    return ranks_better_than_chance(found.reported.prepared.revenue(method), found.reported.revenue_came)


def _customers(made: Prepared, method: str, terms: Terms, margins: pd.Series | None) -> pd.DataFrame:
    """One row a customer known at the end, by customer_id."""
    known = made.predictors.known
    index = pd.Index(known.ledger.customer_ids[known.place], name="customer_id")
    orders, revenue = (np.maximum(part, 0.0) for part in (made.orders(method), made.revenue(method)))
    margin = np.full(len(index), terms.margin)
    if margins is not None:
        margin = margins.reindex(index).fillna(terms.margin).to_numpy(dtype="float64")
    within, whole = _discounts(made, terms)
    return pd.DataFrame(
        {
            "expected_orders": orders,
            "expected_revenue": revenue,
            "expected_value": revenue * margin * within,
            "residual_value": revenue * margin * whole,
            "p_alive": _p_alive(made.predictors),
            "expected_next_order": _next_order(made.predictors),
        },
        index=index,
    )


def _discounts(made: Prepared, terms: Terms) -> tuple[Array, Array]:
    """Discounted order days within the horizon, and of a whole life, over those expected within the horizon."""
    model, known = best_described(made.predictors), made.predictors.known
    weekly = float(np.log1p(terms.discount_rate)) * DAYS_IN_WEEK / MEAN_YEAR
    weeks = known.ahead(made.horizon) / DAYS_IN_WEEK
    if model is None:
        even = (1 - np.exp(-weekly * weeks)) / (weekly * weeks) if weekly > 0 else 1.0
        return np.full(len(known.place), even), np.full(len(known.place), even)
    rows = made.predictors.histories(model)
    life = max(weeks, np.log(1 / _FOREVER) / weekly) if weekly > 0 else 100 * MEAN_YEAR / DAYS_IN_WEEK
    times, spans = given_alive.discount_nodes(weeks, 0.0)
    plain, within = _orders_by(model, rows, times, np.stack([spans, spans * np.exp(-weekly * times)]))
    times, spans = given_alive.discount_nodes(life, weekly)
    whole = _orders_by(model, rows, times, spans[None, :])[0]
    plain = np.maximum(plain, 1e-300)
    return np.minimum(within / plain, 1.0)[rows.row], (whole / plain)[rows.row]


def _orders_by(model: Any, rows: Histories, times: Array, weights: Array) -> Array:
    """Order rates at the `times` ahead, summed by each row of `weights`: one row of sums each, a column a history."""
    found = np.zeros((len(weights), len(rows.x)))
    for t, weight in zip(times, weights.T, strict=True):
        found += weight[:, None] * model.ask("order_rate", rows, t)
    return found


def _p_alive(found: Predictors) -> Array:
    model = best_described(found)
    if model is None:
        return np.full(len(found.known.place), np.nan)
    rows = found.histories(model)
    return model.ask("p_alive", rows)[rows.row]


def _next_order(found: Predictors) -> npt.NDArray[np.datetime64]:
    """The day by which an order is as likely as not, missing where that is further off than is worth saying."""
    model, known = best_described(found), found.known
    missing = np.full(len(known.place), np.datetime64("NaT"), dtype="datetime64[s]")
    if model is None:
        return missing
    rows = found.histories(model)
    ahead = (model.ask("time_of_next_order", rows) * DAYS_IN_WEEK)[rows.row]
    now: Clock | Any = known.clock
    day = now.day_of(float(now.at(known.day)) + ahead)
    soon = day <= known.day + LONGEST_WAIT
    missing[soon] = dates(day[soon])
    return missing


def _models(found: Predictors) -> pd.DataFrame:
    """One row a fitted model: `asked`, `model` (its limit, where nobody leaves), likelihood, parameters."""
    fits = dict(found.fits)
    if found.all_values is not None:
        fits[gamma_gamma.NAME] = found.all_values
    rows = [
        {"asked": name, "model": one.name, "log_likelihood": one.log_likelihood, "converged": one.converged,
         **asdict(one.parameters)}
        for name, one in fits.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _findings(
    made: Prepared, found: BackTest | None, shop: Workshop, carried: Enough, *, words: Wording
) -> tuple[Finding, ...]:
    unusual = remarks(made.predictors.known, shop.clock, words, even=made.predictors.simplest == STEADY)
    said = [*carried.findings, *unusual, *made.predictors.findings]
    known, start = made.predictors.known, shop.new_from
    if start is not None and (known.first < start).any():
        old = int((known.first < start).sum())
        people = words.count(old, "customer", of=Of("older_than_the_file"))
        learned = "learned from by themselves" if made.predictors.knows_older else "forecast, but not learned from"
        sentence = f"{people} may be older than the file: they are {learned}."
        said.append(Finding("burn_in", sentence))
    if found is not None and found.reported.prepared.horizon < made.horizon:
        tested = words.count(found.reported.prepared.horizon, "day", of=Of("backtest_days"))
        longer = words.count(made.horizon, of=GIVEN)
        sentence = f"The test looks {tested} ahead, the forecast {longer}: the longer view is less sure."
        said.append(Finding("shorter_test", sentence))
    if known.watched < made.horizon:
        ahead = words.count(made.horizon, "day", of=GIVEN)
        long = words.count(known.watched, "day", of=Of("days_watched"))
        sentence = f"The forecast looks {ahead} ahead, and the history is {long} long."
        said.append(Finding("longer_than_history", sentence))
    return tuple(said)


def probability_alive_grid(
    found: Forecast, *, frequencies: npt.ArrayLike, silences: npt.ArrayLike, watched_weeks: float
) -> pd.DataFrame:
    """P(alive) of somebody first seen `watched_weeks` ago, by repeat order days and weeks since the last.

    Columns `frequency`, `silent_weeks`, `p_alive`; combinations that cannot be are left out. Empty without a model.
    """
    x, silent = (part.ravel().astype("float64") for part in np.meshgrid(frequencies, silences, indexing="ij"))
    model = best_described(found.prepared.predictors)
    can = (silent < watched_weeks) & (x > 0) | (x == 0) & (silent == watched_weeks)
    x, silent = x[can], silent[can]
    if model is None:
        return pd.DataFrame({"frequency": x[:0], "silent_weeks": silent[:0], "p_alive": x[:0]})
    uneven = x * _usual_unevenness(found.prepared.predictors)
    rows = Histories(
        x, watched_weeks - silent, np.full_like(x, watched_weeks), np.ones_like(x), np.arange(len(x)), uneven
    )
    return pd.DataFrame({"frequency": x, "silent_weeks": silent, "p_alive": model.ask("p_alive", rows)})


def _usual_unevenness(found: Predictors) -> float:
    """How uneven gaps usually are, a gap, of those who have some."""
    known = found.known
    some = known.x > _SOME_GAPS
    return float(np.median(known.uneven[some] / known.x[some])) if some.any() else 0.0

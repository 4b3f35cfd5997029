"""An analysis -> what Customer value says of the forecast: first the shop's own back-test, then what lies ahead."""

from dataclasses import replace
from typing import Any

import pandas as pd

from clvapp.analysis import Analysis
from clvapp.days import date
from clvapp.forecast import backtest, forecast
from clvapp.forecast.forecast import Terms, knows_leaving
from clvapp.memo import once
from clvapp.story.figure import Figure
from clvapp.wording import GIVEN, Of, Wording

SHOWN_CUSTOMERS = 10
GRID_ORDERS, GRID_WEEKS = 12, 26
# Findings that tell an owner nothing of what to expect.
_OF_MODELS = ("at_edge", "not_converged", "no_dropout", "spend_goes_with_frequency")


@once
def tested(analysis: Analysis, words: Wording) -> str:
    """What the back-test forecast, and what came."""
    found = analysis.forecast
    if found is None or found.backtest is None:
        return "No forecast can be tested yet: the history is too short to forecast from half of it."
    test = found.backtest.reported
    known, of = test.accuracy(found.method), _of_test(test)
    off = "" if known.error is None else f" ({_signed(known.error, words, replace(of, name='backtest_error'))})"
    days = words.count(test.prepared.horizon, "day", of=replace(of, name="backtest_days"))
    return (
        f"Of the {days} after {words.date(date(test.prepared.day))} we would have forecast "
        f"{words.money(known.forecast, of=of)} from the customers known then; they paid "
        f"{words.money(known.actual, of=replace(of, name='backtest_actual'))}{off}."
    )


def _of_test(test: backtest.Test, method: str = "") -> Of:
    """What a back-test's forecast is of; `method` where it is not the one in use."""
    return Of("backtest_forecast", period=f"{test.prepared.horizon} days after day {test.prepared.day}", group=method)


def _ahead(terms: Terms, name: str = "expected_revenue") -> Of:
    """What a number of what lies ahead is of."""
    return Of(name, period=f"next {terms.horizon_days} days")


def expected(analysis: Analysis, words: Wording, *, with_range: bool) -> str:
    """What today's customers will pay, with a range once we know it."""
    found = analysis.forecast
    if found is None:
        return "There is no order to forecast from."
    if not found.enough.total:
        return found.enough.findings[0].sentence
    between = ""
    if with_range and analysis.intervals is not None:
        low, high = (
            words.money(end, of=_ahead(found.terms, name))
            for end, name in zip(
                analysis.intervals.total, ("expected_revenue_low", "expected_revenue_high"), strict=True
            )
        )
        between = f" (between {low} and {high})"
    return (
        f"Over the next {words.horizon(found.terms.horizon_days)} the customers you have will pay about "
        f"{words.money(found.totals.revenue, of=_ahead(found.terms))}{between}; new customers come on top."
    )


def cautions(analysis: Analysis) -> list[str]:
    """What the forecast cannot say, or says with a catch; what concerns models alone stands in `summary.json`."""
    found = analysis.forecast
    if found is None:
        return []
    said = dict.fromkeys(one.sentence for one in found.findings if one.code not in _OF_MODELS)
    return [sentence for sentence in said if found.enough.total or sentence != found.enough.findings[0].sentence]


@once
def figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """The figures behind the forecast."""
    found = analysis.forecast
    if found is None or not found.enough.total:
        return []
    terms, when = found.terms, words.horizon(found.terms.horizon_days)
    discount = words.share(terms.discount_rate, of=GIVEN)
    value = f"What they will pay times your margin, discounted at {discount} a year, over the next {when}."
    orders = words.number(found.totals.orders, of=_ahead(terms, "expected_orders"))
    figures = [
        Figure("Expected orders", orders, f"Order days of the customers you have, over the next {when}."),
        Figure("Worth today", words.money(found.totals.value, of=_ahead(terms, "expected_value")), value),
    ]
    if knows_leaving(found.customers):
        if terms.discount_rate > 0:  # else what lies a lifetime ahead counts as much as what comes tomorrow
            figures.append(_for_life(found, words, discount))
        people = len(found.customers)
        alive = words.number(float(found.customers["p_alive"].sum()), of=Of("probability_alive", people, group="sum"))
        kept = (
            f"Sum of the chances that each of {words.count(people, 'customer', of=Of('customers'))} has not left for "
            "good. Who is active, by how long they usually take, is told on Segments."
        )
        figures.append(Figure("Still with you, by the model", alive, kept))
    if found.backtest is not None:
        test = found.backtest.reported
        share = test.accuracy(found.method).top_tenth_spend_share
        meaning = "Of what came in the test, how much came from the tenth of whom most was expected."
        of = replace(_of_test(test), name="backtest_top_tenth_share")
        figures.append(Figure("From the best tenth", words.share(share, of=of), meaning))
    return figures


def _for_life(found: forecast.Forecast, words: Wording, discount: str) -> Figure:
    """What today's customers will be worth until they leave."""
    meaning = (
        f"The same until they leave, discounted at {discount} a year. What lies beyond the forecast is the model's "
        "word alone: no test looks that far."
    )
    whole = float(found.customers["residual_value"].sum())
    return Figure("Worth for life", words.money(whole, of=Of("residual_value", period="whole life")), meaning)


@once
def course(analysis: Analysis) -> pd.DataFrame:
    """How the reported back-test went: `date`, and the money `expected` and `came` up to then."""
    found = analysis.forecast
    if found is None or found.backtest is None:
        return pd.DataFrame({"date": pd.to_datetime([]), "expected": [], "came": []})
    frame = backtest.course(found.backtest.reported, found.method)
    return frame.assign(date=pd.to_datetime([date(day) for day in frame["day"]])).drop(columns="day")


@once
def course_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the back-test's picture."""
    found = analysis.forecast
    error = None if found is None or found.backtest is None else found.backtest.reported.accuracy(found.method).error
    if found is None or found.backtest is None or error is None:
        return "Forecast and what came"
    if abs(error) < 0.005:
        return "The forecast was right to half a percent"
    of = replace(_of_test(found.backtest.reported), name="backtest_error_size")
    return f"The forecast was {words.share(abs(error), of=of)} too {'high' if error > 0 else 'low'}"


@once
def methods(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """How every method and rule of thumb did in the same back-test, with the one in use on top."""
    found = analysis.forecast
    if found is None or found.backtest is None:
        return pd.DataFrame()
    test = found.backtest.reported
    rows: list[Any] = list(test.table.itertuples())
    rows.sort(key=lambda row: (row.method != found.method, row.rmse))

    def of(row: Any, name: str) -> Of:
        return replace(_of_test(test, "" if row.method == found.method else row.method), name=name)

    return pd.DataFrame(
        {
            "Forecast by": [f"{row.method} (used)" if row.method == found.method else row.method for row in rows],
            "Forecast": [words.money(row.forecast, of=of(row, "backtest_forecast")) for row in rows],
            "Off by": [
                "" if row.error is None else _signed(row.error, words, of(row, "backtest_error")) for row in rows
            ],
            "Typical miss a customer": [words.money(row.rmse, of=of(row, "rmse")) for row in rows],
            "From the best tenth": [
                words.share(row.top_tenth_spend_share, of=of(row, "backtest_top_tenth_share")) for row in rows
            ],
        }
    )


def _signed(error: float, words: Wording, of: Of) -> str:
    size = words.share(abs(error), of=replace(of, name=f"{of.name}_size"))
    return f"{'+' if error >= 0 else '−'}{size}"


@once
def most_expected(analysis: Analysis) -> pd.DataFrame:
    """The customers expected to bring most: `name`, `value`, `low`, `high`."""
    frame = analysis.with_forecast.dropna(subset=["expected_revenue"]).nlargest(SHOWN_CUSTOMERS, "expected_revenue")
    named = frame["name"].fillna(frame["email"]).fillna(frame["customer_id"])
    return pd.DataFrame(
        {
            "name": [f"{name} ({place})" if twice else str(name) for place, (name, twice) in enumerate(
                zip(named, named.duplicated(keep=False), strict=True), start=1)],
            "value": frame["expected_revenue"].to_numpy(),
            "low": frame["expected_revenue_low"].to_numpy(),
            "high": frame["expected_revenue_high"].to_numpy(),
        }
    )  # fmt: skip


@once
def most_expected_title(analysis: Analysis, words: Wording) -> str:
    """The finding of their picture."""
    every = analysis.with_forecast["expected_revenue"].dropna()
    found = analysis.forecast
    if found is not None and any(one.code == "ranked_by_chance" for one in found.enough.findings):
        return "The test told customers apart no better than chance: nothing is said of single ones"
    if every.empty or every.sum() <= 0:
        return "Too few came back to say what single customers will bring"
    tenth = max(1, len(every) // 10)
    share = words.share(float(every.nlargest(tenth).sum() / every.sum()), of=Of("top_tenth_expected_share", len(every)))
    return f"The best tenth of your customers will pay {share} of what is expected; single ones are hard to foretell"


@once
def probability_alive_grid(analysis: Analysis) -> pd.DataFrame:
    """P(alive) by orders and silence, for somebody first seen as long ago as the typical customer."""
    found = analysis.forecast
    if found is None or not found.enough.total or not knows_leaving(found.customers):
        return pd.DataFrame({"silent_weeks": [], "p_alive": [], "orders": [], "until": []})
    watched = max(8, int(analysis.customers["T"].quantile(0.75)))
    step = max(1, round(watched / GRID_WEEKS))
    frame = forecast.probability_alive_grid(
        found, frequencies=range(1, GRID_ORDERS), silences=range(0, watched, step), watched_weeks=float(watched)
    )
    if not (frame["p_alive"] < 1).any():
        frame = frame.head(0)  # the model knows no leaving
    return frame.assign(orders=frame.pop("frequency").astype(int) + 1, until=frame["silent_weeks"] + step)


def probability_alive_title(frame: pd.DataFrame, words: Wording) -> str:
    """The finding of the P(alive) grid."""
    if frame.empty:
        return "Who has left for good cannot be told from these orders"
    often = frame[frame["orders"] == frame["orders"].max()]
    gone = often[often["p_alive"] < 0.5]
    if gone.empty:
        return "Who still buys: the longer the silence, the less likely"
    orders = words.number(int(often["orders"].iloc[0]), of=GIVEN)
    weeks = words.count(float(gone["silent_weeks"].min()), "week", of=Of("gone_after_weeks", group=f"{orders} orders"))
    return f"After {weeks} of silence a customer with {orders} orders is more likely gone than not"


def computed(analysis: Analysis) -> list[str]:
    """How the forecast is made, and what it cannot know."""
    found = analysis.forecast
    if found is None:
        return []
    return [
        (
            "Forecasts are made as of earlier days with nothing that came later, over all customers known then, those "
            f"who bought nothing included. The method was chosen on tests before the one shown. {found.choice.sentence}"
        ),
        (
            "BG/NBD, MBG/NBD and Pareto/NBD say how often customers will order and whether they have left, Gamma-Gamma "
            "what an order will come to; rules of thumb stand beside them, and a blend weighs them by what came before."
        ),
        (
            "How the days ahead stand to those learned from is one factor for all customers: told by earlier tests, by "
            "prices and by months, as far as they say anything of it."
        ),
        (
            "The range holds 95 % of what may come as the past knows it: chance, parameters that few orders leave "
            "open, how wrong the method was before, and a season that is not known yet. It says nothing of what no "
            "past tells: a slump, a new price, a new competitor, a shop that shuts."
        ),
    ]

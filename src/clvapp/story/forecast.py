"""An analysis -> what Customer value says of the forecast: first the shop's own back-test, then what lies ahead."""

from typing import Any

import pandas as pd

from clvapp.analysis import Analysis
from clvapp.days import date
from clvapp.forecast import backtest, forecast
from clvapp.memo import once
from clvapp.story.figure import Figure
from clvapp.wording import Wording

SHOWN_CUSTOMERS = 10


GRID_ORDERS, GRID_WEEKS = 12, 26


@once
def tested(analysis: Analysis, words: Wording) -> str:
    """What the back-test forecast, and what came."""
    found = analysis.forecast
    if found is None or found.backtest is None:
        return "No forecast can be tested yet: the history is too short to forecast from half of it."
    test = found.backtest.reported
    known = test.accuracy(found.method)
    off = "" if known.error is None else f" ({'+' if known.error >= 0 else '−'}{words.share(abs(known.error))})"
    days = words.count(test.prepared.horizon, "day")
    return (
        f"Of the {days} after {words.date(date(test.prepared.day))} we would have forecast "
        f"{words.money(known.forecast)} from the customers known then; it was {words.money(known.actual)}{off}."
    )


def expected(analysis: Analysis, words: Wording, *, with_range: bool) -> str:
    """What today's customers will bring, with a range once we know it."""
    found = analysis.forecast
    if found is None:
        return "There is no order to forecast from."
    if not found.enough.total:
        return found.enough.findings[0].sentence
    between = ""
    if with_range and analysis.intervals is not None:
        low, high = analysis.intervals.total
        between = f" (between {words.money(low)} and {words.money(high)})"
    return (
        f"Over the next {words.horizon(found.terms.horizon_days)} the customers you have will bring about "
        f"{words.money(found.totals.revenue)}{between}; new customers come on top."
    )


@once
def figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """The figures behind the forecast."""
    found = analysis.forecast
    if found is None or not found.enough.total:
        return []
    alive, leave = float(found.customers["p_alive"].sum()), bool((found.customers["p_alive"] < 1).any())
    kept = (
        f"Sum of the chances that each of {words.count(len(found.customers), 'customer')} has not left for good. "
        "Another number than the active, who are told by their silence."
    )
    value = f"Expected revenue times your margin, discounted at {words.share(found.terms.discount_rate)} a year."
    figures = [
        Figure("Expected orders", words.number(found.totals.orders), "Order days of the customers you have."),
        Figure("Worth today", words.money(found.totals.value), value),
        *([Figure("Still with you, by the model", words.number(alive), kept)] if leave else []),
    ]
    if found.backtest is not None:
        share = found.backtest.reported.accuracy(found.method).top_tenth_spend_share
        meaning = "Of what came in the test, how much came from the tenth of whom most was expected."
        figures.append(Figure("From the best tenth", words.share(share), meaning))
    return figures


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
    if error is None:
        return "Forecast and what came"
    if abs(error) < 0.005:
        return "The forecast was right to half a percent"
    return f"The forecast was {words.share(abs(error))} too {'high' if error > 0 else 'low'}"


@once
def methods(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """How every method and rule of thumb did in the same back-test, with the one in use on top."""
    found = analysis.forecast
    if found is None or found.backtest is None:
        return pd.DataFrame()
    table = found.backtest.reported.table
    rows: list[Any] = list(table.itertuples())
    rows.sort(key=lambda row: (row.method != found.method, row.rmse))
    return pd.DataFrame(
        {
            "Forecast by": [f"{row.method} (used)" if row.method == found.method else row.method for row in rows],
            "Forecast": [words.money(row.forecast) for row in rows],
            "Off by": ["" if row.error is None else _signed(row.error, words) for row in rows],
            "Typical miss a customer": [words.money(row.rmse) for row in rows],
            "From the best tenth": [words.share(row.top_tenth_spend_share) for row in rows],
        }
    )


def _signed(error: float, words: Wording) -> str:
    return f"{'+' if error >= 0 else '−'}{words.share(abs(error))}"


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
    if every.empty or every.sum() <= 0:
        return "Too few came back to say what single customers will bring"
    tenth = max(1, len(every) // 10)
    share = float(every.nlargest(tenth).sum() / every.sum())
    return f"A tenth of your customers will bring {words.share(share)} of it; single ones are hard to foretell"


@once
def probability_alive_grid(analysis: Analysis) -> pd.DataFrame:
    """P(alive) by orders and silence, for somebody first seen as long ago as the typical customer."""
    found = analysis.forecast
    if found is None or not found.enough.total:
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
    often = frame[frame["orders"] == frame["orders"].max()] if len(frame) else frame
    gone = often[often["p_alive"] < 0.5]
    if gone.empty:
        return "Who still buys: the longer the silence, the less likely"
    weeks = words.count(float(gone["silent_weeks"].min()), "week")
    orders = words.number(int(often["orders"].iloc[0]))
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
            "The range holds 95 % of what may come: chance, parameters that few orders leave open, and how wrong the "
            "method was in the past."
        ),
        "What it cannot know: new customers, new prices, a closed road, what a competitor does.",
    ]

"""Customer value and the forecast -> charts of what customers are worth, and will be worth."""

from dataclasses import replace
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from clvapp.chart.look import (
    COLOURS,
    COUNT_LABEL,
    MONEY_LABEL,
    SMALL_GROUP,
    against_diagonal,
    axis,
    down,
    months,
    reference,
    rows,
    rows_height,
    says,
    share_label,
    shares,
    small_paler,
    styled,
    upright,
    with_sentences,
)
from clvapp.wording import GIVEN, Of, Wording


class Sides(NamedTuple):
    """Names for the line between two groups of customers, and for the groups."""

    line: str
    above: str
    below: str


AVERAGE = Sides("average", "above average", "below average")


def value_distribution(
    frame: pd.DataFrame,
    words: Wording,
    *,
    title: str,
    line: float,
    sides: Sides = AVERAGE,
    last_is_open: bool = False,
    label: str = "Value so far",
) -> alt.LayerChart:
    """How many customers are worth how much, with the `line` between the two `sides` marked.

    `frame`: start, end (money), customers (int), segment ("above_average" or "below_average"). With `last_is_open`,
    the last bin has no upper end. `label` names the value.
    """
    open_from = frame["start"].max() if last_is_open and len(frame) else float("inf")

    def tell(row: Any) -> str:
        start, end = words.money(row.start, of=GIVEN), words.money(row.end, of=GIVEN)
        upto = " or more" if row.start >= open_from else f" to {end}"
        people = words.count(row.customers, "customer", of=Of("customers", group=f"worth {start}{upto}"))
        return f"{people} worth {start}{upto} {label.removeprefix('Value ')}."

    drawn = with_sentences(frame, ["start", "end", "customers", "segment"], tell)
    wide = alt.ExprRef("width / 70")
    worth = axis(f"{label} ({words.money_unit})", MONEY_LABEL, grid=False, tickCount=wide)
    meanings = alt.Scale(
        domain=["above_average", "below_average"], range=[COLOURS.above_average, COLOURS.below_average]
    )
    bars = alt.Chart(drawn).mark_bar(binSpacing=1).encode(
        x=alt.X("start:Q", bin="binned", axis=worth),
        x2="end",
        y=alt.Y("customers:Q", stack=None, axis=upright("Customers (people)", COUNT_LABEL)),
        color=alt.Color("segment:N", scale=meanings, legend=None),
        **says(),
    )  # fmt: skip
    people = int(frame["customers"].sum())
    named = f"{sides.line} {words.money(line, of=Of('threshold', people))}"
    message = f"Histogram of {words.count(people, 'customer', of=Of('customers'))}; {named}."
    marked = _marked(line, named, sides)
    if open_from < float("inf"):
        last = alt.Chart(drawn.tail(1)[["end", "customers"]]).mark_text(align="right", dy=-8, color=COLOURS.note)
        more = alt.TextValue(f"{words.money(open_from, of=GIVEN)} or more")
        marked.append(last.encode(x=alt.X("end:Q"), y=alt.Y("customers:Q"), text=more))
    return styled(bars, *marked, words=words, title=title, message=message, height=_HEIGHT)


def _marked(line: float, text: str, sides: Sides) -> list[alt.Chart]:
    """The line, with labels for its two sides. Both go to its right: in most shops there is no room to its left."""
    at = alt.Chart(pd.DataFrame({"line": [line]}))
    labels = (
        (text, COLOURS.note),
        (f"{sides.above} ▸", COLOURS.above_average),
        (f"◂ {sides.below}", COLOURS.below_average),
    )
    names = [
        at.mark_text(align="left", baseline="top", dx=8, dy=18 * i, color=colour, fontWeight=600).encode(
            x=alt.X("line:Q"), y=down(0), text=alt.TextValue(label)
        )
        for i, (label, colour) in enumerate(labels)
    ]
    return [at.mark_rule(strokeWidth=1.5, color=COLOURS.note).encode(x=alt.X("line:Q")), *names]


def pareto(
    frame: pd.DataFrame, words: Wording, *, title: str, at: float = 0.2, of_revenue: str = "of revenue"
) -> alt.LayerChart:
    """How much of the money customers bring, best first, with the point `at` labelled.

    `frame`: share_of_customers, share_of_revenue (fractions, rising from 0 to 1; a hundred rows are plenty).
    `of_revenue` says what the shares of money are of.
    """

    def tell(row: Any) -> str:
        best = words.share(row.share_of_customers, of=GIVEN)
        money = words.share(row.share_of_revenue, of=Of("revenue_share", group=f"best {best}"))
        return f"The best {best} of customers bring {money} {of_revenue}."

    drawn = with_sentences(frame, ["share_of_customers", "share_of_revenue"], tell)
    near = drawn.iloc[int((drawn["share_of_customers"] - at).abs().argmin())]
    best = words.share(near["share_of_customers"], of=GIVEN)
    money = words.share(near["share_of_revenue"], of=Of("revenue_share", group=f"best {best}"))
    label = f"the best {best} bring {money}"
    across = axis("Share of customers (%), best first", share_label(words), tickCount=5, grid=False)
    layers = against_diagonal(
        drawn,
        x=alt.X("share_of_customers:Q", scale=alt.Scale(domain=[0, 1]), axis=across),
        y=alt.Y(**shares("share_of_revenue", "Share of revenue (%)", words)),
        colour=COLOURS.above_average,
        straight="if all spent alike",
        at=at,
        label=label,
    )
    return styled(*layers, words=words, title=title, message=str(near["says"]), height=_HEIGHT)


def value_by_cohort(frame: pd.DataFrame, words: Wording, *, title: str) -> alt.LayerChart:
    """Mean value so far, by month of first order. Small months are paler.

    `frame`: month (datetime64), customers (int), value (money, mean so far).
    """

    def tell(row: Any) -> str:
        month = f"came in {row.month:%Y-%m}"
        people = words.count(row.customers, "customer", of=Of("customers", group=month))
        worth = words.money(row.value, of=Of("historic_value", row.customers, group=month))
        few = " Too few to say much." if row.customers < SMALL_GROUP else ""
        return f"{people} came in {words.month(row.month)}, worth {worth} each so far.{few}"

    drawn = with_sentences(frame, ["month", "value", "customers"], tell)
    bars = alt.Chart(drawn).mark_bar(color=COLOURS.everyone).encode(
        x=months("Month of the first order"),
        y=alt.Y("value:Q", axis=upright(f"Mean value so far ({words.money_unit} a customer)", MONEY_LABEL)),
        opacity=alt.OpacityValue(1.0, condition={"test": f"datum.customers < {SMALL_GROUP}", "value": 0.35}),
        **says(),
    )  # fmt: skip
    latest = f" The latest: {drawn['says'].iloc[-1]}" if len(drawn) else ""
    message = f"Bars by month of the first order, {words.count(len(drawn), 'month', of=Of('cohorts'))}.{latest}"
    return styled(bars, words=words, title=title, message=message, height=_HEIGHT)


def value_by_group(
    frame: pd.DataFrame, words: Wording, *, title: str, average: float | None = None, heading: str = ""
) -> alt.LayerChart:
    """Mean value by country, channel or first product (the `heading`), with its interval. Small groups are grey.

    `frame`, in the order to draw: group (text), customers (int), value, low, high (money; mean and 95 % interval, which
    may be missing). `average` is the shop's own mean, drawn as a line.
    """

    def tell(row: Any) -> str:
        of = Of("historic_value", row.customers, group=f"{heading}: {row.group}")
        between = ""
        if pd.notna(row.low) and pd.notna(row.high):
            low = words.money(row.low, of=replace(of, name="historic_value_low"))
            between = f" (between {low} and {words.money(row.high, of=replace(of, name='historic_value_high'))})"
        few = " Too few to say much." if row.small else ""
        people = words.count(row.customers, "customer", of=Of("customers", group=of.group))
        return f"{row.group}: {words.money(row.value, of=of)} each{between}, {people}.{few}"

    sizes = zip(frame["group"], frame["customers"], strict=True)
    named = frame.assign(
        name=[
            f"{group} ({words.number(people, of=Of('customers', group=f'{heading}: {group}'))})"
            for group, people in sizes
        ],
        small=frame["customers"] < SMALL_GROUP,
    )
    drawn = with_sentences(named, ["name", "value", "low", "high", "small"], tell)
    worth = axis(f"Mean value so far ({words.money_unit} a customer)", MONEY_LABEL, tickCount=5)
    colour = small_paler()
    base = alt.Chart(drawn).encode(y=rows("name", drawn["name"].tolist()), color=colour, **says())
    spans = base.mark_rule(strokeWidth=6, opacity=0.3).encode(x=alt.X("low:Q", axis=worth), x2=alt.X2("high:Q"))
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(x=alt.X("value:Q", scale=alt.Scale(zero=True)))
    every = Of("historic_value", int(frame["customers"].sum()))
    line = [] if average is None else reference(average, f"all customers {words.money(average, of=every)}")
    message = " ".join(drawn["says"])
    return styled(spans, dots, *line, words=words, title=title, message=message, height=rows_height(len(drawn)))


_HEIGHT = 240


def forecast_course(
    frame: pd.DataFrame, words: Wording, *, title: str, between: tuple[float, float] | None = None
) -> alt.LayerChart:
    """What was forecast beside what came, as running sums from the day of the back-test.

    `frame`: date (datetime64), expected, came (money so far). `between` is the range of the last sum, drawn at the end.
    """

    def tell(row: Any) -> str:
        day = f"{row.date:%Y-%m-%d}"
        guess = words.money(row.expected, of=Of("backtest_forecast", group=f"by {day}"))
        real = words.money(row.came, of=Of("backtest_actual", group=f"by {day}"))
        return f"By {words.date(row.date)}: forecast {guess}, and {real} came."

    drawn = with_sentences(frame, ["date", "expected", "came"], tell)
    x = alt.X("date:T", title=None, axis=alt.Axis(grid=False, labelOverlap=True, tickCount=5))
    up = upright(f"Revenue since the test began ({words.money_unit})", MONEY_LABEL)
    base = alt.Chart(drawn).encode(x=x)
    guess = base.mark_line(color=COLOURS.forecast, strokeDash=[6, 4], strokeWidth=2.5)
    real = base.mark_line(color=COLOURS.everyone, strokeWidth=2.5).encode(y=alt.Y("came:Q", axis=up))
    hover = base.mark_circle(size=160, opacity=0).encode(y=alt.Y("came:Q"), **says())
    layers = [guess.encode(y=alt.Y("expected:Q", axis=up)), real, hover]
    if len(drawn):
        layers += _ends(drawn, between)
    latest = f"{drawn['says'].iloc[-1]}" if len(drawn) else "There is no test."
    return styled(*layers, words=words, title=title, message=latest, height=_HEIGHT)


def _ends(drawn: pd.DataFrame, between: tuple[float, float] | None) -> list[alt.Chart]:
    """The range, and the name of each line at its end, kept apart from the other."""
    last = drawn.tail(1)[["date", "expected", "came"]]
    end = alt.Chart(last.assign(low=between[0] if between else None, high=between[1] if between else None))
    above = bool(last["expected"].iloc[0] >= last["came"].iloc[0])
    lines = []
    if between is not None:
        span = end.mark_rule(strokeWidth=10, opacity=0.25, color=COLOURS.forecast)
        lines.append(span.encode(x=alt.X("date:T"), y=alt.Y("low:Q"), y2=alt.Y2("high:Q")))
    for name, label, colour, higher in (
        ("expected", "forecast", COLOURS.forecast, above),
        ("came", "what came", COLOURS.everyone, not above),
    ):
        text = end.mark_text(align="right", dx=-10, dy=-12 if higher else 14, color=colour, fontWeight=600)
        lines.append(text.encode(x=alt.X("date:T"), y=alt.Y(f"{name}:Q"), text=alt.TextValue(label)))
    return lines


def most_expected(frame: pd.DataFrame, words: Wording, *, title: str) -> alt.LayerChart:
    """The customers expected to bring most, each with a range.

    `frame`, in the order to draw: name (text), value, low, high (money).
    """

    def tell(row: Any) -> str:
        of = Of("expected_revenue", 1, "ahead", str(row.who))
        low = words.money(row.low, of=replace(of, name="expected_revenue_low"))
        high = words.money(row.high, of=replace(of, name="expected_revenue_high"))
        return f"{row.who}: {words.money(row.value, of=of)} expected ({low} to {high})."

    drawn = with_sentences(frame.rename(columns={"name": "who"}), ["who", "value", "low", "high"], tell)
    worth = axis(f"Expected revenue ({words.money_unit})", MONEY_LABEL, tickCount=5)
    base = alt.Chart(drawn).encode(y=rows("who", drawn["who"].tolist()), **says())
    spans = base.mark_rule(strokeWidth=6, opacity=0.25, color=COLOURS.forecast)
    dots = base.mark_point(filled=True, size=90, opacity=1, color=COLOURS.forecast)
    message = " ".join(drawn["says"].head(5))
    return styled(
        spans.encode(x=alt.X("low:Q", axis=worth), x2=alt.X2("high:Q")), dots.encode(x=alt.X("value:Q", axis=worth)),
        words=words, title=title, message=message, height=rows_height(len(drawn)),
    )  # fmt: skip


def probability_alive(frame: pd.DataFrame, words: Wording, *, title: str) -> alt.LayerChart:
    """How likely a customer is still alive, by how often they ordered and how long they have been silent.

    `frame`: orders (int), silent_weeks, until (weeks, where the cell begins and ends), p_alive (a fraction).
    """

    def tell(row: Any) -> str:
        silent, orders = words.count(row.silent_weeks, "week", of=GIVEN), words.count(row.orders, "order", of=GIVEN)
        alive = words.share(row.p_alive, of=Of("probability_alive", group=f"{orders}, {silent} silent"))
        return f"{orders}, silent for {silent}: {alive} still a customer."

    drawn = with_sentences(frame, ["orders", "silent_weeks", "until", "p_alive"], tell)
    cells = (
        alt.Chart(drawn)
        .mark_rect()
        .encode(
            x=alt.X("silent_weeks:Q", bin="binned", axis=axis("Silent for (weeks)", "datum.value", grid=False)),
            x2="until",
            y=alt.Y("orders:O", sort="descending", axis=upright("Orders so far (orders)", "datum.value")),
            color=alt.Color(
                "p_alive:Q",
                scale=alt.Scale(domain=[0, 1], range=[COLOURS.below_average, COLOURS.above_average]),
                legend=alt.Legend(title="Still a customer (%)", labelExpr=share_label(words), orient="top"),
            ),
            **says(),
        )
    )
    middle = drawn.iloc[len(drawn) // 2]["says"] if len(drawn) else "There is no model."
    return styled(cells, words=words, title=title, message=str(middle), height=_HEIGHT)

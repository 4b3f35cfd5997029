"""Charts of what was read and of what customers are worth."""

from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from clvapp.chart.look import (
    COLOURS,
    COUNT_LABEL,
    MONEY_LABEL,
    SMALL_GROUP,
    Words,
    against_diagonal,
    axis,
    hatch,
    months,
    reference,
    rows,
    rows_height,
    share_label,
    shares,
    styled,
    told,
    upright,
)

_HEIGHT = 240


class Sides(NamedTuple):
    """What the line between two groups of customers is called, and the groups."""

    line: str
    above: str
    below: str


AVERAGE = Sides("average", "above average", "below average")


def revenue_by_month(frame: pd.DataFrame, words: Words, *, title: str) -> alt.LayerChart:
    """Bars of revenue; a month that is not over is hatched and says so.

    `frame`: month (datetime64, its first day), revenue (money), orders (int), complete (bool).
    """

    def tell(row: Any) -> str:
        over = "" if row.complete else " The month is not complete."
        orders = words.count(row.orders, "order")
        return f"{words.month(row.month)}: {words.money(row.revenue)} from {orders}.{over}"

    drawn = told(frame, ["month", "revenue", "complete"], tell)
    month = months("Month")
    base = alt.Chart(drawn).encode(
        x=month, y=alt.Y("revenue:Q", axis=upright(f"Revenue a month ({words.money_unit})", MONEY_LABEL))
    )
    whole = (
        base.transform_filter("datum.complete")
        .mark_bar(color=COLOURS.everyone)
        .encode(tooltip="says:N", description="says:N")
    )
    part = base.transform_filter("!datum.complete")
    hatched = part.mark_bar(stroke=COLOURS.everyone, strokeWidth=1).encode(
        tooltip="says:N", description="says:N", color=alt.value(hatch(COLOURS.everyone))
    )
    note = alt.Chart(drawn).transform_filter("!datum.complete").mark_text(align="right", dx=14, color=COLOURS.note)
    above = note.encode(x=month, y=alt.value(-8), text=alt.value("not complete ▾"))
    latest = f" The latest: {drawn['says'].iloc[-1]}" if len(drawn) else ""
    message = f"Bars of revenue, {words.count(len(drawn), 'month')}.{latest}"
    return styled(whole, hatched, above, words=words, title=title, message=message, height=_HEIGHT)


def value_distribution(
    frame: pd.DataFrame,
    words: Words,
    *,
    title: str,
    line: float,
    sides: Sides = AVERAGE,
    last_is_open: bool = False,
    label: str = "Value so far",
) -> alt.LayerChart:
    """How many customers are worth how much, with the `line` between the two `sides` marked.

    `frame`: start, end (money), customers (int), segment ("above_average" or "below_average"). With
    `last_is_open` the last bin holds everyone from its start on. `label` names the value.
    """
    open_from = frame["start"].max() if last_is_open and len(frame) else float("inf")

    def tell(row: Any) -> str:
        upto = " or more" if row.start >= open_from else f" to {words.money(row.end)}"
        return f"{words.count(row.customers, 'customer')} worth {words.money(row.start)}{upto} so far."

    drawn = told(frame, ["start", "end", "customers", "segment"], tell)
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
        tooltip="says:N", description="says:N",
    )  # fmt: skip
    named = f"{sides.line} {words.money(line)}"
    message = f"Histogram of {words.count(int(frame['customers'].sum()), 'customer')}; {named}."
    marked = _marked(line, named, sides)
    if open_from < float("inf"):
        last = alt.Chart(drawn.tail(1)[["end", "customers"]]).mark_text(align="right", dy=-8, color=COLOURS.note)
        more = alt.value(f"{words.money(open_from)} or more")
        marked.append(last.encode(x="end:Q", y="customers:Q", text=more))
    return styled(bars, *marked, words=words, title=title, message=message, height=_HEIGHT)


def _marked(line: float, text: str, sides: Sides) -> list[alt.Chart]:
    """The line, and which side is which. All to its right: most shops have no room to its left."""
    at = alt.Chart(pd.DataFrame({"line": [line]}))
    labels = (
        (text, COLOURS.note),
        (f"{sides.above} ▸", COLOURS.above_average),
        (f"◂ {sides.below}", COLOURS.below_average),
    )
    names = [
        at.mark_text(align="left", baseline="top", dx=8, dy=18 * i, color=colour, fontWeight=600).encode(
            x="line:Q", y=alt.value(0), text=alt.value(label)
        )
        for i, (label, colour) in enumerate(labels)
    ]
    return [at.mark_rule(strokeWidth=1.5, color=COLOURS.note).encode(x="line:Q"), *names]


def pareto(frame: pd.DataFrame, words: Words, *, title: str, at: float = 0.2) -> alt.LayerChart:
    """How much of the money the best customers bring, best first, with the point `at` labelled.

    `frame`: share_of_customers, share_of_revenue (fractions, rising from 0 to 1; a hundred rows are plenty).
    """

    def tell(row: Any) -> str:
        best, money = words.share(row.share_of_customers), words.share(row.share_of_revenue)
        return f"The best {best} of customers bring {money} of revenue."

    drawn = told(frame, ["share_of_customers", "share_of_revenue"], tell)
    near = drawn.iloc[int((drawn["share_of_customers"] - at).abs().argmin())]
    best, money = words.share(near["share_of_customers"]), words.share(near["share_of_revenue"])
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


def value_by_cohort(frame: pd.DataFrame, words: Words, *, title: str) -> alt.LayerChart:
    """Mean value so far of those who came in each month; small months are paler.

    `frame`: month (datetime64), customers (int), value (money, mean so far).
    """

    def tell(row: Any) -> str:
        came = f"{words.count(row.customers, 'customer')} came in {words.month(row.month)}"
        few = " Too few to say much." if row.customers < SMALL_GROUP else ""
        return f"{came}, worth {words.money(row.value)} each so far.{few}"

    drawn = told(frame, ["month", "value", "customers"], tell)
    bars = alt.Chart(drawn).mark_bar(color=COLOURS.everyone).encode(
        x=months("Month of the first order"),
        y=alt.Y("value:Q", axis=upright(f"Mean value so far ({words.money_unit} a customer)", MONEY_LABEL)),
        opacity=alt.condition(f"datum.customers < {SMALL_GROUP}", alt.value(0.35), alt.value(1.0)),
        tooltip="says:N", description="says:N",
    )  # fmt: skip
    latest = f" The latest: {drawn['says'].iloc[-1]}" if len(drawn) else ""
    message = f"Bars by month of the first order, {words.count(len(drawn), 'month')}.{latest}"
    return styled(bars, words=words, title=title, message=message, height=_HEIGHT)


def factors(frame: pd.DataFrame, words: Words, *, title: str) -> alt.LayerChart:
    """What a little more of each factor of the formula would bring.

    `frame`: factor (as named for people), gain (money a customer).
    """
    drawn = told(frame, ["factor", "gain"], lambda row: f"{row.factor}: {words.money(row.gain)} more a customer.")
    room = alt.Scale(domain=[min(0.0, drawn["gain"].min()), 1.2 * max(0.0, drawn["gain"].max())], nice=False)
    gained = axis(f"More value ({words.money_unit} a customer)", MONEY_LABEL, tickCount=4)
    drawn["label"] = ["+" * bool(gain > 0) + words.money(gain) for gain in drawn["gain"]]
    base = alt.Chart(drawn).encode(
        x=alt.X("gain:Q", axis=gained, scale=room),
        y=rows("factor", drawn["factor"].tolist()),
        tooltip="says:N",
        description="says:N",
    )
    bars = base.mark_bar(color=COLOURS.everyone, size=20)
    labels = base.mark_text(align="left", dx=6, color=COLOURS.everyone, fontWeight=600).encode(text="label:N")
    message = " ".join(drawn["says"])
    return styled(bars, labels, words=words, title=title, message=message, height=rows_height(len(drawn)))


def value_by_group(frame: pd.DataFrame, words: Words, *, title: str, average: float | None = None) -> alt.LayerChart:
    """Mean value by country, channel or first product, with its interval; small groups are grey.

    `frame`, in the order to draw: group (text), customers (int), value, low, high (money; mean with 95 %
    interval, low and high may be missing). `average` draws the shop's own as a line.
    """

    def tell(row: Any) -> str:
        known = pd.notna(row.low) and pd.notna(row.high)
        between = f" (between {words.money(row.low)} and {words.money(row.high)})" if known else ""
        few = " Too few to say much." if row.small else ""
        people = words.count(row.customers, "customer")
        return f"{row.group}: {words.money(row.value)} each{between}, {people}.{few}"

    sizes = zip(frame["group"], frame["customers"], strict=True)
    named = frame.assign(
        name=[f"{group} ({words.number(people)})" for group, people in sizes],
        small=frame["customers"] < SMALL_GROUP,
    )
    drawn = told(named, ["name", "value", "low", "high", "small"], tell)
    worth = axis(f"Mean value so far ({words.money_unit} a customer)", MONEY_LABEL, tickCount=5)
    colour = alt.condition("datum.small", alt.value(COLOURS.below_average), alt.value(COLOURS.everyone))
    base = alt.Chart(drawn).encode(
        y=rows("name", drawn["name"].tolist()), color=colour, tooltip="says:N", description="says:N"
    )
    spans = base.mark_rule(strokeWidth=6, opacity=0.3).encode(x=alt.X("low:Q", axis=worth), x2="high:Q")
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(x=alt.X("value:Q", scale=alt.Scale(zero=True)))
    line = [] if average is None else reference(average, f"all customers {words.money(average)}")
    message = " ".join(drawn["says"])
    return styled(spans, dots, *line, words=words, title=title, message=message, height=rows_height(len(drawn)))


def sparkline(frame: pd.DataFrame, words: Words, *, y: str, label: str, tell: Any = None) -> alt.LayerChart:
    """A small line without axes, its last point marked. `frame`: month (datetime64) and `y`.

    `label` says what `y` is; `tell` writes its value (`words.share`, `words.money`).
    """
    write = tell or words.number
    drawn = told(frame, ["month", y], lambda row: f"{words.month(row.month)}: {write(getattr(row, y))} {label}.")
    x = alt.X("utcyearmonth(month):T", axis=None, scale=alt.Scale(type="utc"))
    up = alt.Y(f"{y}:Q", axis=None, scale=alt.Scale(zero=False))
    line = (
        alt.Chart(drawn)
        .mark_line(color=COLOURS.everyone, strokeWidth=2)
        .encode(x=x, y=up, tooltip="says:N", description="says:N")
    )
    last = alt.Chart(drawn.tail(1)).mark_point(filled=True, size=60, opacity=1, color=COLOURS.everyone)
    latest = f" The latest: {drawn['says'].iloc[-1]}" if len(drawn) else ""
    picture = styled(
        line,
        last.encode(x=x, y=up, tooltip="says:N", description="says:N"),
        words=words,
        title=label,
        message=latest,
        height=48,
    )
    picture.title = alt.Undefined
    return picture

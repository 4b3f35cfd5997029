"""Charts of who comes back, of cohorts and segments, and of what changed between two dates."""

from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from clvapp.chart.look import (
    COLOURS,
    COUNT_LABEL,
    MONEY_LABEL,
    SMALL_GROUP,
    Words,
    axis,
    months,
    reference,
    rows,
    rows_height,
    share_label,
    styled,
    told,
    upright,
)

_HEIGHT = 240
_MOST_COHORTS = 24
Unit = Literal["money", "share", "customers", "orders", "orders each"]
_BEGINS = 0.65  # of the days, where the words at the end of a curve begin on a phone


def repeat_curve(
    frame: pd.DataFrame,
    words: Words,
    *,
    title: str,
    at: tuple[int, float] | None = None,
    at_label: str = "",
    purchase: str = "again",
) -> alt.LayerChart:
    """The share who buy again by days since the order before, with its band.

    `frame`: day, share, low, high (fractions; days nobody was watched for are left out). `at` marks a point of
    reference (day, share) with its `at_label`. `purchase` completes "buy ..." ("again", "a third time").
    """

    def tell(row: Any) -> str:
        between = f"{words.share(row.low)} to {words.share(row.high)}"
        return f"Within {words.count(row.day, 'day')}, {words.share(row.share)} buy {purchase} ({between})."

    drawn = told(frame[frame["share"].notna()], ["day", "share", "low", "high"], tell)
    across = axis("Days since the order before (days)", COUNT_LABEL, grid=False, tickCount=alt.ExprRef("width / 70"))
    vertical = upright("Share of customers (%)", share_label(words))
    up = alt.Y("share:Q", scale=alt.Scale(zero=True), axis=vertical)
    base = alt.Chart(drawn).encode(x=alt.X("day:Q", axis=across))
    band = base.mark_area(color=COLOURS.everyone, opacity=COLOURS.band_opacity, interpolate="step-after")
    line = base.mark_line(color=COLOURS.everyone, strokeWidth=2.5, interpolate="step-after").encode(y=up)
    hover = base.mark_circle(size=140, opacity=0).encode(y=up, tooltip="says:N", description="says:N")
    layers = [band.encode(y=alt.Y("low:Q", axis=vertical), y2="high:Q"), line, hover]
    if len(drawn):
        # Under the band where the words begin, too: on a phone they reach back over a third of the days.
        below = drawn.tail(1)[["day"]].assign(low=drawn["low"].iloc[int(_BEGINS * (len(drawn) - 1))])
        last = alt.Chart(below).mark_text(align="right", baseline="top", dy=6, color=COLOURS.everyone, fontWeight=600)
        said = f"{words.share(drawn['share'].iloc[-1])} buy {purchase}"
        layers.append(last.encode(x="day:Q", y="low:Q", text=alt.value(said)))
    if at is not None:
        layers += _point(at, at_label)
    message = str(drawn["says"].iloc[-1]) if len(drawn) else ""
    return styled(*layers, words=words, title=title, message=message, height=_HEIGHT)


def _point(at: tuple[int, float], text: str) -> list[alt.Chart]:
    """A labelled point to compare with."""
    where = alt.Chart(pd.DataFrame({"at_day": [at[0]], "at_share": [at[1]]})).encode(x="at_day:Q", y="at_share:Q")
    point = where.mark_point(color=COLOURS.note, shape="diamond", size=110, filled=True, opacity=1)
    label = where.mark_text(color=COLOURS.note, align="left", baseline="middle", dx=10, dy=4)
    return [point, label.encode(text=alt.value(text))]


def _level(at: float, text: str) -> list[alt.Chart]:
    """A thin labelled line to compare with, across the vertical axis."""
    where = alt.Chart(pd.DataFrame({"at": [at]}))
    rule = where.mark_rule(color=COLOURS.note, strokeDash=[3, 3]).encode(y="at:Q")
    label = where.mark_text(color=COLOURS.note, align="left", baseline="bottom", dy=-3)
    return [rule, label.encode(x=alt.value(4), y="at:Q", text=alt.value(text))]


def repeat_by_group(
    frame: pd.DataFrame, words: Words, *, title: str, average: float | None = None, within: int = 90
) -> alt.LayerChart:
    """The share who buy again by what they bought first, where, or how: a dot with its interval a group.

    `frame`, in the order to draw: group (text), customers (int), share, low, high (fractions). `average` draws the
    shop's own share `within` so many days.
    """

    def tell(row: Any) -> str:
        between = f"{words.share(row.low)} to {words.share(row.high)}"
        few = " Too few to say much." if row.small else ""
        people = words.count(row.customers, "customer")
        return f"{row.group}: {words.share(row.share)} buy again ({between}), {people}.{few}"

    known = frame[frame["share"].notna()]
    sizes = zip(known["group"], known["customers"], strict=True)
    named = known.assign(
        name=[f"{group} ({words.number(people)})" for group, people in sizes], small=known["customers"] < SMALL_GROUP
    )
    drawn = told(named, ["name", "share", "low", "high", "small"], tell)
    across = axis(f"Buy again within {words.count(within, 'day')} (%)", share_label(words), tickCount=5)
    colour = alt.condition("datum.small", alt.value(COLOURS.below_average), alt.value(COLOURS.everyone))
    base = alt.Chart(drawn).encode(
        y=rows("name", drawn["name"].tolist()), color=colour, tooltip="says:N", description="says:N"
    )
    spans = base.mark_rule(strokeWidth=6, opacity=0.3).encode(x=alt.X("low:Q", axis=across), x2="high:Q")
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(x=alt.X("share:Q", scale=alt.Scale(zero=True)))
    line = [] if average is None else reference(average, f"all customers {words.share(average)}")
    message = " ".join(drawn["says"])
    return styled(spans, dots, *line, words=words, title=title, message=message, height=rows_height(len(drawn)))


def repeat_ladder(frame: pd.DataFrame, words: Words, *, title: str, within: int = 90) -> alt.LayerChart:
    """The share who make each next purchase, with its interval.

    `frame`: number (2, 3, ...), customers (who made the one before), share, low, high (fractions).
    """

    def tell(row: Any) -> str:
        few = " Too few to say much." if row.small else ""
        people = words.count(row.customers, "customer")
        return f"Of {people} with {row.number - 1} bought, {words.share(row.share)} buy once more.{few}"

    known = frame[frame["share"].notna()]
    drawn = told(
        known.assign(small=known["customers"] < SMALL_GROUP), ["number", "share", "low", "high", "small"], tell
    )
    across = alt.X("number:O", axis=alt.Axis(title="Purchase (number)", labelAngle=0, grid=False))
    up = upright(f"Share of those with the one before, within {words.count(within, 'day')} (%)", share_label(words))
    colour = alt.condition("datum.small", alt.value(COLOURS.below_average), alt.value(COLOURS.everyone))
    base = alt.Chart(drawn).encode(x=across, color=colour, tooltip="says:N", description="says:N")
    bars = base.mark_bar(opacity=0.85).encode(y=alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]), axis=up))
    spans = base.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q", color=alt.value(COLOURS.note))
    message = " ".join(drawn["says"])
    return styled(bars, spans, words=words, title=title, message=message, height=_HEIGHT)


def cohort_map(
    frame: pd.DataFrame, words: Words, *, title: str, value: str = "retention", most: int = _MOST_COHORTS
) -> alt.LayerChart:
    """Cohorts by months since the first order: the stronger the colour, the more; incomplete cells are outlined.

    `frame`: cohort (datetime64), month (int), customers (int), complete (bool) and `value`: "retention" (a fraction;
    month 0 is left out, it is all of them) or "cumulative_per_customer" (money). The latest `most` cohorts and first
    `most` months are drawn.
    """
    share = value == "retention"

    def tell(row: Any) -> str:
        amount = f"{words.share(row.amount)} bought" if share else f"{words.money(row.amount)} a customer so far"
        part = "" if row.complete else " The month is not over for all of them."
        when = f"{words.count(row.month, 'month')} on"
        return f"Of the {words.count(row.customers, 'customer')} of {words.month(row.cohort)}, {when}: {amount}.{part}"

    first = frame["cohort"].drop_duplicates().sort_values().tail(most).min()
    shown = frame[(frame["cohort"] >= first) & (frame["month"] < most) & (frame["month"] >= int(share))]
    shown = shown.assign(amount=shown[value], name=[words.month(day) for day in shown["cohort"]])
    drawn = told(shown, ["name", "month", "amount", "complete"], tell)
    unit = "Share who bought (%)" if share else f"Revenue so far ({words.money_unit} a customer)"
    strong = alt.Opacity(
        "amount:Q", scale=alt.Scale(range=[0.06, 1.0]),
        legend=alt.Legend(title=unit, titleLimit=0, orient="bottom",
                          labelExpr=share_label(words) if share else MONEY_LABEL,
                          symbolFillColor=COLOURS.everyone, symbolStrokeWidth=0, symbolType="square",
                          direction="horizontal"),
    )  # fmt: skip
    shown_months = [month for month in (0, 1, *range(3, most, 3)) if (drawn["month"] == month).any()]
    across = alt.Axis(title="Months since the first order (months)", grid=False, labelAngle=0, values=shown_months)
    names = alt.Axis(title=None, labelOverlap=True, grid=False)
    order = drawn["name"].drop_duplicates().tolist()
    base = alt.Chart(drawn).encode(
        x=alt.X("month:O", axis=across),
        y=alt.Y("name:N", sort=order, axis=names),
        tooltip="says:N",
        description="says:N",
    )
    cells = base.mark_rect(color=COLOURS.everyone).encode(opacity=strong)
    open_ = base.transform_filter("!datum.complete").mark_rect(
        fillOpacity=0, stroke=COLOURS.note, strokeWidth=1, strokeDash=[2, 2]
    )
    message = f"{words.count(len(order), 'cohort')}; dashed cells are not complete."
    return styled(cells, open_, words=words, title=title, message=message, height=max(120, 16 * len(order)))


def segment_bars(frame: pd.DataFrame, words: Words, *, title: str) -> alt.LayerChart:
    """Segments by people and by money: two bars a segment.

    `frame`, in the order to draw: segment (text), customers (int), share, revenue_share (fractions).
    """

    def tell(row: Any) -> str:
        people = f"{words.count(row.customers, 'customer')} ({words.share(row.people)})"
        return f"{row.segment}: {people} bring {words.share(row.amount)} of revenue."

    both = []
    for side, column in (("people", "share"), ("money", "revenue_share")):
        named = frame.assign(people=frame["share"], amount=frame["revenue_share"])
        part = told(named, ["segment"], tell)
        both.append(part.assign(side=side, part=frame[column].to_numpy()))
    drawn = pd.concat(both, ignore_index=True)
    across = axis("Share of customers and of revenue (%)", share_label(words), tickCount=5)
    room = alt.Scale(domain=[0, 1.2 * max(float(drawn["part"].max()), 1e-9) if len(drawn) else 1], nice=False)
    order = frame["segment"].tolist()
    sides = ["people", "money"]
    base = alt.Chart(drawn).encode(
        y=rows("segment", order), yOffset=alt.YOffset("side:N", sort=sides), x=alt.X("part:Q", axis=across, scale=room)
    )
    strength = alt.Opacity("side:N", scale=alt.Scale(domain=sides, range=[0.45, 1.0]), legend=None)
    bars = base.mark_bar(color=COLOURS.everyone).encode(opacity=strength, tooltip="says:N", description="says:N")
    labels = base.transform_filter(alt.FieldEqualPredicate(field="segment", equal=order[0] if order else ""))
    text = labels.mark_text(align="left", dx=5, color=COLOURS.everyone, fontWeight=600).encode(text="side:N")
    message = " ".join(drawn["says"].drop_duplicates())
    return styled(bars, text, words=words, title=title, message=message, height=rows_height(len(frame)))


def trend_line(
    frame: pd.DataFrame,
    words: Words,
    *,
    title: str,
    label: str,
    unit: Unit,
    at: float | None = None,
    at_label: str = "",
) -> alt.LayerChart:
    """A key figure by month, its last point labelled. `frame`: date (datetime64), value (in `unit`).

    `label` names the figure. `at` draws a point of reference with its `at_label`.
    """
    write, expression, counted = _of_unit(unit, words)

    def tell(row: Any) -> str:
        return f"{label}, end of {words.month(row.date)}: {write(row.value)}."

    drawn = told(frame[frame["value"].notna()], ["date", "value"], tell)
    x = months("Month", "date")
    up = alt.Y("value:Q", scale=alt.Scale(zero=True), axis=upright(f"{label} ({counted})", expression))
    base = alt.Chart(drawn).encode(x=x)
    line = base.mark_line(color=COLOURS.everyone, strokeWidth=2.5).encode(y=up)
    hover = base.mark_circle(size=140, opacity=0).encode(y=up, tooltip="says:N", description="says:N")
    layers = [line, hover]
    if len(drawn):
        last = alt.Chart(drawn.tail(1)[["date", "value"]])
        point = last.mark_point(filled=True, size=80, opacity=1, color=COLOURS.everyone).encode(x=x, y=up)
        named = last.mark_text(align="right", baseline="bottom", dy=-8, color=COLOURS.everyone, fontWeight=600)
        layers += [point, named.encode(x=x, y="value:Q", text=alt.value(write(drawn["value"].iloc[-1])))]
    if at is not None:
        layers += _level(at, at_label)
    latest = f"The latest: {drawn['says'].iloc[-1]}" if len(drawn) else ""
    return styled(*layers, words=words, title=title, message=latest, height=_HEIGHT)


def _of_unit(unit: Unit, words: Words) -> tuple[Any, str, str]:
    """How a value of a unit is written, how an axis writes it, and what the axis counts in."""
    if unit == "money":
        return words.money, MONEY_LABEL, words.money_unit
    if unit == "share":
        return words.share, share_label(words), "%"
    if unit == "orders each":
        return (lambda value: words.number(value, 2)), "format(datum.value, '.3~r')", "orders a customer"
    return words.number, COUNT_LABEL, "people" if unit == "customers" else unit


def revenue_bridge(frame: pd.DataFrame, words: Words, *, title: str, then: float, now: float) -> alt.LayerChart:
    """Why revenue changed, as steps from `then` to `now` (money).

    `frame`, in the order to draw: why (text, as named for people), change (money; they add up to `now` less `then`).
    """
    reached = then + frame["change"].cumsum()
    steps = pd.DataFrame(
        {
            "step": ["Then", *frame["why"], "Now"],
            "from": [0.0, *([then, *reached.iloc[:-1]] if len(frame) else []), 0.0],
            "to": [then, *reached, now],
            "kind": ["whole", *np.where(frame["change"] >= 0, "more", "less"), "whole"],
        }
    )

    def tell(row: Any) -> str:
        if row.kind == "whole":
            return f"{row.step}: {words.money(row.to)} of revenue."
        return f"{row.step}: {words.money(abs(row.to - row.start))} {row.kind}."

    said = told(steps.assign(start=steps["from"]), ["step", "from", "to", "kind"], tell)
    sign = {"whole": "", "more": "+", "less": "−"}
    said["label"] = [
        sign[kind] + words.money(abs(to - start))
        for kind, start, to in zip(said["kind"], said["from"], said["to"], strict=True)
    ]
    said["end"] = said[["from", "to"]].max(axis=1)
    room = alt.Scale(domain=[0, 1.25 * max(float(said["end"].max()), 1e-9)], nice=False)
    across = axis(f"Revenue of the period ({words.money_unit})", MONEY_LABEL, tickCount=alt.ExprRef("width / 90"))
    meanings = alt.Scale(
        domain=["whole", "more", "less"], range=[COLOURS.everyone, COLOURS.above_average, COLOURS.warning]
    )
    base = alt.Chart(said).encode(
        y=rows("step", said["step"].tolist()), color=alt.Color("kind:N", scale=meanings, legend=None)
    )
    bars = base.mark_bar(size=20).encode(
        x=alt.X("from:Q", axis=across, scale=room), x2="to:Q", tooltip="says:N", description="says:N"
    )
    labels = base.mark_text(align="left", dx=6, fontWeight=600).encode(x="end:Q", text="label:N")
    message = " ".join(said["says"])
    return styled(bars, labels, words=words, title=title, message=message, height=rows_height(len(said)))

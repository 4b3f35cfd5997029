"""Repeat rates and cohorts -> charts of who comes back."""

from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from clvapp.chart.look import (
    COLOURS,
    COUNT_LABEL,
    MONEY_LABEL,
    SMALL_GROUP,
    axis,
    reference,
    rows,
    rows_height,
    says,
    share_label,
    small_paler,
    styled,
    upright,
    with_sentences,
)
from clvapp.wording import GIVEN, Of, Wording

_HEIGHT = 240


_MOST_COHORTS = 24


_BEGINS = 0.65  # of the days: on a phone, the label at the end of a curve reaches back this far


def curve(
    frame: pd.DataFrame,
    words: Wording,
    *,
    title: str,
    at: tuple[int, float] | None = None,
    at_label: str = "",
    purchase: str = "again",
) -> alt.LayerChart:
    """The share who buy again by days since the order before, with its band.

    `frame`: day, share, low, high (fractions; no band where those are missing) and, where known, customers; leave out
    days that nobody was watched for. `at` marks a point of reference (day, share), labelled `at_label`. `purchase`
    completes "buy ..." ("again", "a third time").
    """

    known = frame[frame["share"].notna()]
    people = int(known["customers"].max()) if "customers" in known and len(known) else None

    def of(day: int) -> Of:
        return Of("second_purchase_rate", people, f"within {day} days")

    def tell(row: Any) -> str:
        rate = words.share(row.share, of=of(row.day))
        return f"Within {words.count(row.day, 'day', of=GIVEN)}, {rate} buy {purchase}{_ends(row, words, of(row.day))}."

    drawn = with_sentences(known, ["day", "share", "low", "high"], tell)
    across = axis("Days since the order before (days)", COUNT_LABEL, grid=False, tickCount=alt.ExprRef("width / 70"))
    vertical = upright("Share of customers (%)", share_label(words))
    up = alt.Y("share:Q", scale=alt.Scale(zero=True), axis=vertical)
    base = alt.Chart(drawn).encode(x=alt.X("day:Q", axis=across))
    band = base.mark_area(color=COLOURS.everyone, opacity=COLOURS.band_opacity, interpolate="step-after")
    line = base.mark_line(color=COLOURS.everyone, strokeWidth=2.5, interpolate="step-after").encode(y=up)
    hover = base.mark_circle(size=140, opacity=0).encode(y=up, **says())
    layers = [band.encode(y=alt.Y("low:Q", axis=vertical), y2=alt.Y2("high:Q")), line, hover]
    if len(drawn):
        # Keep it under the band where the label begins, too: on a phone it covers the last third of the days.
        edge = drawn["low"].fillna(drawn["share"])
        below = drawn.tail(1)[["day"]].assign(low=edge.iloc[int(_BEGINS * (len(drawn) - 1))])
        last = alt.Chart(below).mark_text(align="right", baseline="top", dy=6, color=COLOURS.everyone, fontWeight=600)
        said = f"{words.share(drawn['share'].iloc[-1], of=of(int(drawn['day'].iloc[-1])))} buy {purchase}"
        layers.append(last.encode(x=alt.X("day:Q"), y=alt.Y("low:Q"), text=alt.TextValue(said)))
    if at is not None:
        layers += _point(at, at_label)
    message = str(drawn["says"].iloc[-1]) if len(drawn) else ""
    return styled(*layers, words=words, title=title, message=message, height=_HEIGHT)


def _ends(row: Any, words: Wording, of: Of) -> str:
    """The ends of a share's band in brackets; nothing where too few customers are behind it."""
    if pd.isna(row.low) or pd.isna(row.high):
        return ""
    low, high = (
        words.share(end, of=replace(of, name=f"{of.name}, {name} end"))
        for name, end in (("low", row.low), ("high", row.high))
    )
    return f" ({low} to {high})"


def _point(at: tuple[int, float], text: str) -> list[alt.Chart]:
    """A labelled point to compare with."""
    frame = pd.DataFrame({"at_day": [at[0]], "at_share": [at[1]]})
    where = alt.Chart(frame).encode(x=alt.X("at_day:Q"), y=alt.Y("at_share:Q"))
    point = where.mark_point(color=COLOURS.note, shape="diamond", size=110, filled=True, opacity=1)
    label = where.mark_text(color=COLOURS.note, align="left", baseline="middle", dx=10, dy=4)
    return [point, label.encode(text=alt.TextValue(text))]


def by_group(
    frame: pd.DataFrame, words: Wording, *, title: str, average: float | None = None, within: int = 90
) -> alt.LayerChart:
    """The share who buy again by what they bought first, where, or how. Each group is a dot with its interval.

    `frame`, in the order to draw: group (text), customers (int), share, low, high (fractions). `average` is the shop's
    own share, drawn as a line. All shares are `within` so many days.
    """

    def asked(group: str) -> Of:
        return Of("asked for second_purchase_rate", period=f"within {within} days", group=f"first order: {group}")

    def tell(row: Any) -> str:
        of = Of("second_purchase_rate", row.customers, f"within {within} days", f"first order: {row.group}")
        few = " Too few to say much." if row.small else ""
        people = words.count(row.customers, "customer", of=asked(row.group))
        return f"{row.group}: {words.share(row.share, of=of)} buy again{_ends(row, words, of)}, {people}.{few}"

    known = frame[frame["share"].notna()]
    sizes = zip(known["group"], known["customers"], strict=True)
    named = known.assign(
        name=[f"{group} ({words.number(people, of=asked(group))})" for group, people in sizes],
        small=known["customers"] < SMALL_GROUP,
    )
    drawn = with_sentences(named, ["name", "share", "low", "high", "small"], tell)
    across = axis(f"Buy again within {words.count(within, 'day', of=GIVEN)} (%)", share_label(words), tickCount=5)
    colour = small_paler()
    base = alt.Chart(drawn).encode(y=rows("name", drawn["name"].tolist()), color=colour, **says())
    spans = base.mark_rule(strokeWidth=6, opacity=0.3).encode(x=alt.X("low:Q", axis=across), x2=alt.X2("high:Q"))
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(x=alt.X("share:Q", scale=alt.Scale(zero=True)))
    everybody = Of("second_purchase_rate", period=f"within {within} days")
    line = [] if average is None else reference(average, f"all customers {words.share(average, of=everybody)}")
    message = " ".join(drawn["says"])
    return styled(spans, dots, *line, words=words, title=title, message=message, height=rows_height(len(drawn)))


def by_order(frame: pd.DataFrame, words: Wording, *, title: str, within: int = 90) -> alt.LayerChart:
    """The share who make each next purchase, with its interval.

    `frame`: number (2, 3, ...), customers (those who made the one before), share, low, high (fractions).
    """

    def tell(row: Any) -> str:
        few = " Too few to say much." if row.small else ""
        of = _purchase(row, within)
        people = words.count(row.customers, "customer", of=replace(of, name=f"asked for {of.name}", people=None))
        bought = words.count(row.number - 1, "purchase", of=GIVEN)
        return f"Of {people} with {bought}, {words.share(row.share, of=of)} buy once more.{few}"

    known = frame[frame["share"].notna()]
    drawn = with_sentences(
        known.assign(small=known["customers"] < SMALL_GROUP), ["number", "share", "low", "high", "small"], tell
    )
    across = alt.X("number:O", axis=alt.Axis(title="Purchase (number)", labelAngle=0, grid=False))
    up = upright(
        f"Share of those with the one before, within {words.count(within, 'day', of=GIVEN)} (%)", share_label(words)
    )
    colour = small_paler()
    base = alt.Chart(drawn).encode(x=across, color=colour, **says())
    bars = base.mark_bar(opacity=0.85).encode(y=alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]), axis=up))
    band = {"y": alt.Y("low:Q"), "y2": alt.Y2("high:Q")}
    spans = base.mark_rule(strokeWidth=2).encode(**band, color=alt.ColorValue(COLOURS.note))
    message = " ".join(drawn["says"])
    return styled(bars, spans, words=words, title=title, message=message, height=_HEIGHT)


def _purchase(row: Any, within: int) -> Of:
    """What a row of next purchases is of: the second and the third are figures of their own elsewhere."""
    name = {2: "second_purchase_rate", 3: "third_purchase_rate"}.get(row.number, "next_purchase_rate")
    return Of(name, row.customers, f"within {within} days", "" if row.number < 4 else f"purchase {row.number}")


def cohort_map(
    frame: pd.DataFrame, words: Wording, *, title: str, value: str = "retention", most: int = _MOST_COHORTS
) -> alt.LayerChart:
    """Cohorts by months since the first order. A stronger colour means more; incomplete cells are outlined.

    `frame`: cohort (datetime64), month (int), customers (int), complete (bool) and `value`: "retention" (a fraction;
    month 0 is left out, since everybody buys in it) or "cumulative_per_customer" (money). Draws the latest `most`
    cohorts and the first `most` months.
    """
    share = value == "retention"

    def tell(row: Any) -> str:
        month = words.month(row.cohort)
        of = Of(value, row.customers, f"month {row.month} after the first order", f"came in {row.cohort:%Y-%m}")
        amount = (
            f"{words.share(row.amount, of=of)} bought" if share else f"{words.money(row.amount, of=of)} paid by each"
        )
        part = "" if row.complete else " The month is not over for all of them."
        when = f"{words.count(row.month, 'month', of=GIVEN)} on"
        people = words.count(row.customers, "customer", of=Of("customers", group=of.group))
        return f"Of the {people} of {month}, {when}: {amount}.{part}"

    first = frame["cohort"].drop_duplicates().sort_values().tail(most).min()
    shown = frame[(frame["cohort"] >= first) & (frame["month"] < most) & (frame["month"] >= int(share))]
    shown = shown.assign(amount=shown[value], name=[words.month(day) for day in shown["cohort"]])
    drawn = with_sentences(shown, ["name", "month", "amount", "complete"], tell)
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
        **says(),
    )
    cells = base.mark_rect(color=COLOURS.everyone).encode(opacity=strong)
    open_ = base.transform_filter("!datum.complete").mark_rect(
        fillOpacity=0, stroke=COLOURS.note, strokeWidth=1, strokeDash=[2, 2]
    )
    message = f"{words.count(len(order), 'cohort', of=GIVEN)}; dashed cells are not complete."
    return styled(cells, open_, words=words, title=title, message=message, height=max(120, 16 * len(order)))

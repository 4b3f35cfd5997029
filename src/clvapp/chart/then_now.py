"""Trends, the revenue bridge and moves -> charts of what changed between two days."""

import json
from functools import partial
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from clvapp.chart.look import (
    COLOURS,
    COUNT_LABEL,
    MONEY_LABEL,
    axis,
    months,
    rows,
    rows_height,
    says,
    share_label,
    styled,
    upright,
    with_sentences,
)
from clvapp.wording import Of, Wording

_HEIGHT = 240


Unit = Literal["money", "share", "customers", "orders", "orders each"]


def trend_line(
    frame: pd.DataFrame,
    words: Wording,
    *,
    title: str,
    label: str,
    unit: Unit,
    days: int = 0,
) -> alt.LayerChart:
    """A key figure by month, with its last point labelled. `frame`: date (datetime64), value (in `unit`).

    `label` names the figure, which is of so many `days` up to each date.
    """
    write, expression, counted = _of_unit(unit, words)

    def of(day: pd.Timestamp) -> Of:
        return Of(label, period=f"{days} days to {day:%Y-%m-%d}")

    def tell(row: Any) -> str:
        return f"{label}, {words.date(row.date.date())}: {write(row.value, of=of(row.date))}."

    drawn = with_sentences(frame[frame["value"].notna()], ["date", "value"], tell)
    x = months("Month", "date")
    up = alt.Y("value:Q", scale=alt.Scale(zero=True), axis=upright(f"{label} ({counted})", expression))
    base = alt.Chart(drawn).encode(x=x)
    line = base.mark_line(color=COLOURS.everyone, strokeWidth=2.5).encode(y=up)
    hover = base.mark_circle(size=140, opacity=0).encode(y=up, **says())
    layers = [line, hover]
    if len(drawn):
        last = alt.Chart(drawn.tail(1)[["date", "value"]])
        point = last.mark_point(filled=True, size=80, opacity=1, color=COLOURS.everyone).encode(x=x, y=up)
        named = last.mark_text(align="right", baseline="bottom", dy=-8, color=COLOURS.everyone, fontWeight=600)
        latest_value = write(drawn["value"].iloc[-1], of=of(drawn["date"].iloc[-1]))
        layers += [point, named.encode(x=x, y=alt.Y("value:Q"), text=alt.TextValue(latest_value))]
    latest = f"The latest: {drawn['says'].iloc[-1]}" if len(drawn) else ""
    return styled(*layers, words=words, title=title, message=latest, height=_HEIGHT)


def _of_unit(unit: Unit, words: Wording) -> tuple[Any, str, str]:
    """For one unit: how to write a value, how an axis writes it, and what the axis counts in."""
    if unit == "money":
        return words.money, MONEY_LABEL, words.money_unit
    if unit == "share":
        return words.share, share_label(words), "%"
    if unit == "orders each":
        return partial(words.number, digits=2), "format(datum.value, '.3~r')", "orders a customer"
    return words.number, COUNT_LABEL, "people" if unit == "customers" else unit


def revenue_bridge(
    frame: pd.DataFrame, words: Wording, *, title: str, then: float, now: float, period: str = ""
) -> alt.LayerChart:
    """Why revenue changed, as steps from `then` to `now` (money). `period` names the two periods.

    `frame`, in the order to draw: why (text, as people read it), change (money; the changes add up to `now` - `then`).
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

    def size(step: str, start: float, to: float) -> str:
        return words.money(abs(to - start), of=Of("revenue, step", period=period, group=step))

    def tell(row: Any) -> str:
        more = "of revenue" if row.kind == "whole" else row.kind
        return f"{row.step}: {size(row.step, row.start, row.to)} {more}."

    said = with_sentences(steps.assign(start=steps["from"]), ["step", "from", "to", "kind"], tell)
    sign = {"whole": "", "more": "+", "less": "−"}
    said["label"] = [
        sign[kind] + size(step, start, to)
        for step, kind, start, to in zip(said["step"], said["kind"], said["from"], said["to"], strict=True)
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
    bars = base.mark_bar(size=20).encode(x=alt.X("from:Q", axis=across, scale=room), x2=alt.X2("to:Q"), **says())
    labels = base.mark_text(align="left", dx=6, fontWeight=600).encode(x=alt.X("end:Q"), text=alt.Text("label:N"))
    message = " ".join(said["says"])
    return styled(bars, labels, words=words, title=title, message=message, height=rows_height(len(said)))


MOST_STREAMS = 60


_POINTS = 24


_BAR = 0.03  # of the width


_LABELLED = 0.035  # of all customers: a smaller block has no room for a name


_GAP = 0.012


def moves(
    frame: pd.DataFrame, words: Wording, *, title: str, order: list[str], period: str = "between two days"
) -> alt.LayerChart:
    """Segments then (left) and now (right). The streams between them are customers; up and down are coloured.

    `frame`: then, now (segments), customers (int). Draws the `MOST_STREAMS` largest moves. `order` lists the segments
    from best to worst; anything else (not yet a customer) goes below them.
    """
    names = [*order, *(name for name in dict.fromkeys([*frame["then"], *frame["now"]]) if name not in order)]
    rank = {name: i for i, name in enumerate(names)}
    ordered = frame.assign(left=frame["then"].map(rank).astype("int64"), right=frame["now"].map(rank).astype("int64"))
    total = max(int(ordered["customers"].sum()), 1)
    left, right = (_blocks(ordered.groupby(side)["customers"].sum(), names, total) for side in ("left", "right"))
    streams = _streams(ordered, left, right, total=total)
    kept = streams.sort_values("customers", ascending=False).head(MOST_STREAMS)
    kept = kept.assign(says=[_says(row, words, period) for row in kept.itertuples()], kind=_kinds(kept, len(order)))
    drawn = _ribbons(kept)
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    domain = alt.Scale(domain=[1 + _GAP * len(names), 0], nice=False)
    y = alt.Y("top:Q", axis=None, scale=domain)
    meanings = alt.Scale(
        domain=["up", "down", "stayed", "new"],
        range=[COLOURS.above_average, COLOURS.warning, COLOURS.below_average, COLOURS.everyone],
    )
    colour = alt.Color("kind:N", scale=meanings, legend=None)
    ribbons = alt.Chart(drawn).mark_area(opacity=0.45, interpolate="monotone").encode(
        x=x, y=y, y2=alt.Y2("bottom:Q"), detail=alt.Detail("stream:N"), color=colour, **says()
    )  # fmt: skip
    message = " ".join(kept.loc[kept["then"] != kept["now"], "says"].head(5))
    layers = [ribbons, *_columns(left, right, words, domain=domain, period=period)]
    picture = styled(*layers, words=words, title=title, message=message, height=max(260, 30 * len(names)))
    drawn_apart: alt.LayerChart = picture.resolve_scale(y="independent")
    return drawn_apart


def _blocks(sizes: pd.Series, names: list[str], total: int) -> pd.DataFrame:
    """Where each segment's block begins and ends on one date. All blocks together are 1 high, plus the gaps."""
    customers = sizes.reindex(range(len(names)), fill_value=0)
    high = customers / total
    top = high.cumsum() - high + _GAP * np.arange(len(names))
    return pd.DataFrame({"name": names, "customers": customers, "top": top, "bottom": top + high})


def _streams(frame: pd.DataFrame, left: pd.DataFrame, right: pd.DataFrame, *, total: int) -> pd.DataFrame:
    """Where each move leaves its block on the left and enters its block on the right."""
    high = frame["customers"] / total
    by_left = frame.assign(high=high).sort_values(["left", "right"])
    by_right = by_left.sort_values(["right", "left"])
    leaves = by_left.groupby("left")["high"].cumsum() - by_left["high"] + by_left["left"].map(left["top"])
    enters = by_right.groupby("right")["high"].cumsum() - by_right["high"] + by_right["right"].map(right["top"])
    return frame.assign(high=high, leaves=leaves.reindex(frame.index), enters=enters.reindex(frame.index))


def _kinds(streams: pd.DataFrame, known: int) -> list[str]:
    """Whether each stream goes up, goes down, stays level, or brings in new customers."""
    return [
        "stayed" if left == right else "new" if left >= known else "up" if right < left else "down"
        for left, right in zip(streams["left"], streams["right"], strict=True)
    ]


def _says(row: Any, words: Wording, period: str) -> str:
    of = Of("moved", period=period, group=f"{row.then} → {row.now}")
    people = words.count(row.customers, "customer", of=of)
    if row.then == row.now:
        return f"{people} stayed in '{row.then}'."
    return f"{people} went from '{row.then}' to '{row.now}'."


def _ribbons(streams: pd.DataFrame) -> pd.DataFrame:
    """The outline of each stream: points along a gentle bend from the left column to the right one."""
    way = np.linspace(0, 1, _POINTS)
    bend = way**2 * (3 - 2 * way)
    n = len(streams)
    top = streams["leaves"].to_numpy()[:, None] * (1 - bend) + streams["enters"].to_numpy()[:, None] * bend
    return pd.DataFrame(
        {
            "stream": np.repeat(np.arange(n), _POINTS),
            "x": np.tile(_BAR + way * (1 - 2 * _BAR), n),
            "top": top.ravel(),
            "bottom": (top + streams["high"].to_numpy()[:, None]).ravel(),
            "kind": np.repeat(streams["kind"].to_numpy(dtype=object), _POINTS),
            "says": np.repeat(streams["says"].to_numpy(dtype=object), _POINTS),
        }
    )


def _columns(
    left: pd.DataFrame, right: pd.DataFrame, words: Wording, *, domain: alt.Scale, period: str
) -> list[alt.Chart]:
    """The two columns of blocks. An axis beside each names the larger ones, so the page's theme colours the names."""

    def of(segment: str, date: str) -> Of:
        return Of("segment_customers", period=f"{date}, {period}", group=segment)

    layers = []
    for blocks, begin, date in ((left, 0.0, "then"), (right, 1.0 - _BAR, "now")):
        some = blocks[blocks["customers"] > 0]
        named_blocks: list[Any] = list(some.itertuples(index=False))
        sentences = [
            f"{row.name}: {words.count(row.customers, 'customer', of=of(row.name, date))} {date}."
            for row in named_blocks
        ]
        drawn = some[["top", "bottom"]].assign(begin=begin, end=begin + _BAR, says=sentences)
        named = some[(some["bottom"] - some["top"]) >= _LABELLED]
        y = alt.Y("top:Q", axis=_names(named, "left" if begin == 0 else "right"), scale=domain)
        bars = alt.Chart(drawn).mark_rect(color=COLOURS.note).encode(
            x=alt.X("begin:Q", axis=None), x2=alt.X2("end:Q"), y=y, y2=alt.Y2("bottom:Q"), **says()
        )  # fmt: skip
        layers.append(bars)
    return layers


def _names(blocks: pd.DataFrame, orient: Literal["left", "right"]) -> alt.Axis:
    """An axis with a tick in the middle of each block, and its name."""
    middles = [round(value, 5) for value in (blocks["top"] + blocks["bottom"]) / 2]
    names = json.dumps({f"{middle:.5f}": str(name) for middle, name in zip(middles, blocks["name"], strict=True)})
    return alt.Axis(
        title=None, orient=orient, values=middles, grid=False, labelExpr=f"({names})[format(datum.value, '.5f')]",
        labelLimit=alt.ExprRef("width < 420 ? 108 : 200"),
    )  # fmt: skip

"""The chart of who moved between segments: two columns and the streams between them."""

import json
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from clvapp.chart.look import COLOURS, Words, styled

MOST_STREAMS = 60
_POINTS = 24
_BAR = 0.03  # of the width
_LABELLED = 0.035  # of all customers: smaller blocks have no room for a name
_GAP = 0.012


def moves(frame: pd.DataFrame, words: Words, *, title: str, order: list[str]) -> alt.LayerChart:
    """Who stood where then (left) and stands where now (right); streams are customers, up and down coloured.

    `frame`: then, now (segments), customers (int); the `MOST_STREAMS` largest moves are drawn. `order` lists the
    segments from best to least; others (who was not yet a customer) stand below.
    """
    names = [*order, *(name for name in dict.fromkeys([*frame["then"], *frame["now"]]) if name not in order)]
    rank = {name: i for i, name in enumerate(names)}
    ordered = frame.assign(left=frame["then"].map(rank).astype("int64"), right=frame["now"].map(rank).astype("int64"))
    total = max(int(ordered["customers"].sum()), 1)
    left, right = (_blocks(ordered.groupby(side)["customers"].sum(), names, total) for side in ("left", "right"))
    streams = _streams(ordered, left, right, total=total)
    kept = streams.sort_values("customers", ascending=False).head(MOST_STREAMS)
    kept = kept.assign(says=[_says(row, words) for row in kept.itertuples()], kind=_kinds(kept, len(order)))
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
        x=x, y=y, y2="bottom:Q", detail="stream:N", color=colour, tooltip="says:N", description="says:N"
    )  # fmt: skip
    message = " ".join(kept.loc[kept["then"] != kept["now"], "says"].head(5))
    layers = [ribbons, *_columns(left, right, words, domain)]
    picture = styled(*layers, words=words, title=title, message=message, height=max(260, 30 * len(names)))
    drawn_apart: alt.LayerChart = picture.resolve_scale(y="independent")
    return drawn_apart


def _blocks(sizes: pd.Series, names: list[str], total: int) -> pd.DataFrame:
    """One row a segment of one date: where its block begins and ends, all blocks together 1 high but for the gaps."""
    customers = sizes.reindex(range(len(names)), fill_value=0)
    high = customers / total
    top = high.cumsum() - high + _GAP * np.arange(len(names))
    return pd.DataFrame({"name": names, "customers": customers, "top": top, "bottom": top + high})


def _streams(frame: pd.DataFrame, left: pd.DataFrame, right: pd.DataFrame, *, total: int) -> pd.DataFrame:
    """Where each move leaves its block of then and enters its block of now."""
    high = frame["customers"] / total
    by_left = frame.assign(high=high).sort_values(["left", "right"])
    by_right = by_left.sort_values(["right", "left"])
    leaves = by_left.groupby("left")["high"].cumsum() - by_left["high"] + by_left["left"].map(left["top"])
    enters = by_right.groupby("right")["high"].cumsum() - by_right["high"] + by_right["right"].map(right["top"])
    return frame.assign(high=high, leaves=leaves.reindex(frame.index), enters=enters.reindex(frame.index))


def _kinds(streams: pd.DataFrame, known: int) -> list[str]:
    """Whether each stream goes up, goes down, stays, or brings who was no customer then."""
    return [
        "stayed" if left == right else "new" if left >= known else "up" if right < left else "down"
        for left, right in zip(streams["left"], streams["right"], strict=True)
    ]


def _says(row: Any, words: Words) -> str:
    people = words.count(row.customers, "customer")
    if row.then == row.now:
        return f"{people} stayed in '{row.then}'."
    return f"{people} went from '{row.then}' to '{row.now}'."


def _ribbons(streams: pd.DataFrame) -> pd.DataFrame:
    """The outline of each stream: points from the left column to the right one, gently bent."""
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


def _columns(left: pd.DataFrame, right: pd.DataFrame, words: Words, domain: alt.Scale) -> list[alt.Chart]:
    """The two columns of blocks, and the names of those large enough: an axis each, which the page's theme colours."""
    layers = []
    for blocks, begin, date in ((left, 0.0, "then"), (right, 1.0 - _BAR, "now")):
        some = blocks[blocks["customers"] > 0]
        says = [
            f"{name}: {words.count(people, 'customer')} {date}."
            for name, people in zip(some["name"], some["customers"], strict=True)
        ]
        drawn = some[["top", "bottom"]].assign(begin=begin, end=begin + _BAR, says=says)
        named = some[(some["bottom"] - some["top"]) >= _LABELLED]
        y = alt.Y("top:Q", axis=_names(named, "left" if begin == 0 else "right"), scale=domain)
        bars = alt.Chart(drawn).mark_rect(color=COLOURS.note).encode(
            x=alt.X("begin:Q", axis=None), x2="end:Q", y=y, y2="bottom:Q", tooltip="says:N", description="says:N"
        )  # fmt: skip
        layers.append(bars)
    return layers


def _names(blocks: pd.DataFrame, orient: Literal["left", "right"]) -> alt.Axis:
    """Ticks in the middle of blocks, with their names."""
    middles = [round(value, 5) for value in (blocks["top"] + blocks["bottom"]) / 2]
    names = json.dumps({f"{middle:.5f}": str(name) for middle, name in zip(middles, blocks["name"], strict=True)})
    return alt.Axis(
        title=None, orient=orient, values=middles, grid=False, labelExpr=f"({names})[format(datum.value, '.5f')]",
        labelLimit=alt.ExprRef("width < 420 ? 108 : 200"),
    )  # fmt: skip

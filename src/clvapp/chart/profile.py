"""Contrasts and the gain curve -> charts of what the best customers have in common, and how well we know it."""

from typing import Any

import altair as alt
import pandas as pd

from clvapp.chart.look import (
    COLOURS,
    against_diagonal,
    axis,
    rows,
    rows_height,
    says,
    share_label,
    shares,
    styled,
    with_sentences,
)
from clvapp.wording import GIVEN, Of, Wording


def contrasts(frame: pd.DataFrame, words: Wording, *, title: str) -> alt.LayerChart:
    """What high-value customers started with more often than others: each row has two dots with intervals.

    `frame`, strongest first: label (feature and value, for people), share_high, share_high_low,
    share_high_high, share_others, share_others_low, share_others_high (fractions).
    """

    def tell(row: Any) -> str:
        high, others = (
            words.share(share, of=Of(f"share_of_{side}", group=row.label))
            for side, share in (("high", row.share_high), ("others", row.share_others))
        )
        return f"{row.label}: {high} of high-value customers, {others} of others."

    sides = (
        ("share_others", COLOURS.below_average, "diamond"),
        ("share_high", COLOURS.above_average, "circle"),
    )
    drawn = with_sentences(
        frame, ["label", *(side + end for side, _, _ in sides for end in ("", "_low", "_high"))], tell
    )
    order = drawn["label"].tolist()
    across = axis("Share of customers (%)", share_label(words), tickCount=5)
    base = alt.Chart(drawn).encode(y=rows("label", order), **says())
    join = base.mark_rule(color=COLOURS.note, opacity=0.5)
    layers = [join.encode(x=alt.X("share_others:Q", axis=across), x2=alt.X2("share_high:Q"))]
    for side, colour, shape in sides:
        spans = base.mark_rule(color=colour, strokeWidth=6, opacity=COLOURS.band_opacity + 0.1)
        dots = base.mark_point(color=colour, filled=True, shape=shape, size=110, opacity=1)
        layers.append(spans.encode(x=alt.X(f"{side}_low:Q"), x2=alt.X2(f"{side}_high:Q")))
        layers.append(dots.encode(x=alt.X(f"{side}:Q")))
    layers += _series_names(drawn.head(1), order)
    message = " ".join(drawn["says"])
    return styled(*layers, words=words, title=title, message=message, height=rows_height(len(drawn)))


def _series_names(first: pd.DataFrame, order: list[str]) -> list[alt.Chart]:
    """The names of the two series, above the dots of the first row, each on its own side."""
    high_is_right = bool((first["share_high"] >= first["share_others"]).all())
    base = alt.Chart(first[["label", "share_high", "share_others"]]).encode(y=rows("label", order))
    names = (
        ("share_high", "high-value", COLOURS.above_average, high_is_right),
        ("share_others", "others", COLOURS.below_average, not high_is_right),
    )
    return [
        base.mark_text(color=colour, fontWeight=600, dy=-15, align="left" if right else "right").encode(
            x=alt.X(f"{side}:Q"), text=alt.TextValue(text)
        )
        for side, text, colour, right in names
    ]


def gain(frame: pd.DataFrame, words: Wording, *, title: str, at: float = 0.1) -> alt.LayerChart:
    """How many of the future high-value customers are among those the profile ranks first, compared with chance.

    `frame`: share_contacted, share_found (fractions, rising from 0 to 1), measured on later customers.
    """

    def tell(row: Any) -> str:
        first = words.share(row.share_contacted, of=GIVEN)
        found = words.share(row.share_found, of=Of("share_found", group=f"first {row.share_contacted}"))
        return f"The first {first} by the profile hold {found} of those who became high-value."

    drawn = with_sentences(frame, ["share_contacted", "share_found"], tell)
    near = drawn.iloc[int((drawn["share_contacted"] - at).abs().argmin())]
    near_found = words.share(near["share_found"], of=Of("share_found", group=f"first {near['share_contacted']}"))
    across = axis("Share of later customers (%), highest score first", share_label(words), tickCount=5, grid=False)
    layers = against_diagonal(
        drawn,
        x=alt.X("share_contacted:Q", scale=alt.Scale(domain=[0, 1]), axis=across),
        y=alt.Y(**shares("share_found", "Share of the high-value found (%)", words)),
        colour=COLOURS.target,
        straight="by chance",
        at=at,
        label=f"the first {words.share(near['share_contacted'], of=GIVEN)} hold {near_found}",
    )
    return styled(*layers, words=words, title=title, message=str(near["says"]), height=240)

"""The upgrade list -> a chart to choose from whom to write to."""

from typing import Any

import altair as alt
import pandas as pd

from clvapp.chart.look import (
    COLOURS,
    MONEY_LABEL,
    OF_100_LABEL,
    axis,
    says,
    styled,
    upright,
    with_sentences,
)
from clvapp.wording import GIVEN, Of, Wording

MAX_POINTS = 2000


_BOX = alt.BrushConfig(fill=COLOURS.target, fillOpacity=0.08, stroke=COLOURS.target, strokeOpacity=1)


def targets(frame: pd.DataFrame, words: Wording, *, title: str) -> alt.LayerChart:
    """Whom to offer an upgrade: look-alike score against gap. A box drawn around some is the selection `picked`.

    `frame`, best first: customer_id, look_alike_score (fraction), gap (money). Draws the first `MAX_POINTS`. The
    selection holds the ranges of `look_alike_score` and `gap`.
    """

    def tell(row: Any) -> str:
        score = words.of_100(row.look_alike_score, of=Of("look_alike_score", group=f"customer {row.customer_id}"))
        gap = words.money(row.gap, of=Of("gap", group=f"customer {row.customer_id}"))
        return f"{row.customer_id}: {score} who start like this become high-value, by the profile; gap {gap}."

    drawn = with_sentences(frame.head(MAX_POINTS), ["look_alike_score", "gap"], tell)
    across = axis("Look-alike score (of 100 like them)", OF_100_LABEL, tickCount=6)
    picked = alt.selection_interval(name="picked", encodings=["x", "y"], mark=_BOX)
    points = alt.Chart(drawn).mark_point(filled=True, color=COLOURS.target, size=60).encode(
        x=alt.X("look_alike_score:Q", scale=alt.Scale(zero=False, nice=True), axis=across),
        y=alt.Y("gap:Q", axis=upright(f"Gap ({words.money_unit})", MONEY_LABEL)),
        opacity=alt.OpacityValue(0.15, condition={"param": picked.name, "value": 0.7}),
        **says(),
    ).add_params(picked)  # fmt: skip
    cut = ""
    if len(frame) > MAX_POINTS:
        cut = f" (the first {words.number(MAX_POINTS, of=GIVEN)} of {words.number(len(frame), of=GIVEN)})"
    message = f"{words.count(len(drawn), 'dot', of=GIVEN)}, one a customer: look-alike score across, gap up."
    return styled(points, words=words, title=f"{title}{cut}", message=message, height=320)

"""A monthly series -> the small picture beside a sentence of the overview."""

from typing import Any

import altair as alt
import pandas as pd

from clvapp.chart.look import (
    COLOURS,
    says,
    styled,
    with_sentences,
)
from clvapp.wording import Of, Wording


def sparkline(frame: pd.DataFrame, words: Wording, *, y: str, label: str, tell: Any = None) -> alt.LayerChart:
    """A small line without axes, with its last point marked. `frame`: month (datetime64) and `y`.

    `label` says what `y` is; `tell` writes its value (`words.share`, `words.money`).
    """
    write = tell or words.number

    def told(row: Any) -> str:
        of = Of("aov" if y == "order_value" else y, group=f"{row.month:%Y-%m}")
        return f"{words.month(row.month)}: {write(getattr(row, y), of=of)} {label}."

    drawn = with_sentences(frame, ["month", y], told)
    x = alt.X("utcyearmonth(month):T", axis=None, scale=alt.Scale(type="utc"))
    up = alt.Y(f"{y}:Q", axis=None, scale=alt.Scale(zero=False))
    line = alt.Chart(drawn).mark_line(color=COLOURS.everyone, strokeWidth=2).encode(x=x, y=up, **says())
    last = alt.Chart(drawn.tail(1)).mark_point(filled=True, size=60, opacity=1, color=COLOURS.everyone)
    latest = f" The latest: {drawn['says'].iloc[-1]}" if len(drawn) else ""
    picture = styled(
        line,
        last.encode(x=x, y=up, **says()),
        words=words,
        title=label,
        message=latest,
        height=48,
    )
    picture.title = alt.Undefined
    return picture

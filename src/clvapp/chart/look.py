"""What all charts share: the look, the colours and what they mean, the axes, the labels."""

import json
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from clvapp.wording import GIVEN, Wording

SMALL_GROUP = 30

ROW_HEIGHT = 38
MONEY_LABEL = "abs(datum.value) < 1000 ? format(datum.value, '.4~r') : replace(format(datum.value, '.3~s'), 'G', 'B')"
COUNT_LABEL = "format(datum.value, ',d')"
OF_100_LABEL = "format(100 * datum.value, '.3~r')"
_MONTH_LABEL = (
    "datum.index == 0 || utcmonth(datum.value) == 0 ? [utcFormat(datum.value, '%b'), utcFormat(datum.value, '%Y')] : "
    "utcFormat(datum.value, '%b')"
)


@dataclass(frozen=True)
class Colours:
    """What each colour means. Every one has a contrast of at least 3:1 on the light and the dark page.

    Colours drawn side by side stay at least 15 apart (CIE76) for readers without red, green or blue cones, except teal
    and indigo against plain blue. Place, shape or a label tells them apart as well.
    """

    everyone: str = "#3B78B8"
    above_average: str = "#0E8576"
    below_average: str = "#8594A7"
    target: str = "#C77700"
    control: str = "#6B7A8D"
    forecast: str = "#6A5FF0"
    warning: str = "#D6336C"
    note: str = "#76838C"
    band_opacity: float = 0.2


COLOURS = Colours()


def title_lines(text: str) -> alt.Title:
    """A title that wraps to the width of the chart. Left alone, Vega runs it off the edge of a phone."""
    phone, half, wide = (json.dumps(_balanced(text, letters)) for letters in (40, 56, 88))
    return alt.Title(text=alt.ExprRef(f"width < 400 ? {phone} : width < 640 ? {half} : {wide}"))


def _balanced(text: str, letters: int) -> list[str]:
    """`text` in lines of much the same length, at most `letters` each: no word is left alone on the last line."""
    fewest = len(textwrap.wrap(text, letters))
    while letters > 12 and len(textwrap.wrap(text, letters - 1)) == fewest:
        letters -= 1
    return textwrap.wrap(text, letters) or [""]


def styled(*layers: alt.Chart, words: Wording, title: str, message: str, height: float) -> alt.LayerChart:
    """`layers` with the look that all charts share, a title, and a message for screen readers.

    `height` is that of the drawing alone, in pixels. Title and axes come on top.
    """
    stop = "" if title.endswith((".", "?")) else "."
    picture = alt.LayerChart(layer=list(layers)).properties(
        title=title_lines(title),
        height=height,
        description=f"{title}{stop} {message}",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
    return _configured(picture, words)


def _configured(picture: alt.LayerChart, words: Wording) -> alt.LayerChart:
    configured: alt.LayerChart = picture.configure(
        locale=words.vega_locale,
        title={
            "anchor": "start", "align": "left", "frame": "bounds", "fontSize": 15, "fontWeight": 600,
            "offset": 24,
        },
        axis={
            "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelPadding": 6,
            "titlePadding": 10, "ticks": False, "domain": False, "gridOpacity": 0.7, "gridWidth": 1,
            "labelLimit": 150,
            "labelFlush": True,
        },
        axisY={"labelFlush": False},
        view={"stroke": None},
        bar={"cornerRadiusEnd": 2},
        text={"fontSize": 12},
    )  # fmt: skip
    return configured


def says() -> dict[str, Any]:
    """The sentence of a row, for the mouse and for screen readers.

    Channels are written as Altair's classes: each text such as "says:N" would make it search its whole schema.
    """
    return {"tooltip": alt.Tooltip("says:N"), "description": alt.Description("says:N")}


def down(pixels: float) -> alt.YValue:
    """A place so far below the top of the drawing."""
    return alt.YValue(pixels)  # type: ignore[no-untyped-call]  # Altair's own omission


def small_paler() -> alt.ColorValue:
    """The colour of a group: the `small` ones are paler."""
    return alt.ColorValue(COLOURS.everyone, condition={"test": "datum.small", "value": COLOURS.below_average})


def share_label(words: Wording) -> str:
    """The Vega expression that writes a fraction on an axis, with the reader's own percent sign."""
    sign = words.share(1.0, of=GIVEN).replace(words.number(100, of=GIVEN), "")
    return f"format(100 * datum.value, '.3~r') + {json.dumps(sign)}"


def axis(title: str, label: str, **more: Any) -> alt.Axis:
    """An axis. Its `title` names the unit, and the expression `label` writes its numbers."""
    return alt.Axis(title=title, labelExpr=label, **more)


def upright(title: str, label: str) -> alt.Axis:
    """The vertical axis, with its title flat on top: rotated text takes up too much of a phone's width."""
    flat: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleBaseline": "bottom", "titleX": 0}
    return axis(title, label, tickCount=5, titleY=-10, **flat)


def months(title: str, field: str = "month") -> alt.X:
    """The horizontal axis of months, with the year wherever one begins."""
    named = alt.Axis(title=title, grid=False, labelExpr=_MONTH_LABEL, tickCount=alt.ExprRef("width / 60"))
    return alt.X(f"utcyearmonth({field}):T", axis=named, scale=alt.Scale(type="utc"))


def rows(field: str, order: list[str]) -> alt.Y:
    """The vertical axis of names, in the given `order`."""
    limit = alt.ExprRef("width < 400 ? 130 : 280")
    named = alt.Axis(title=None, labelLimit=limit, grid=False, domain=False)
    return alt.Y(f"{field}:N", sort=order, axis=named, scale=alt.Scale(domain=order))


def rows_height(count: int) -> int:
    """The height, in pixels, that this many named rows need."""
    return max(1, count) * ROW_HEIGHT


def with_sentences(frame: pd.DataFrame, columns: Iterable[str], tell: Callable[[Any], str]) -> pd.DataFrame:
    """The `columns` that are drawn, and a tooltip for each row. Months become instants: no time zone may move them."""
    sentences = [tell(row) for row in frame.itertuples(index=False)]
    result = frame[list(columns)].assign(says=pd.Series(sentences, index=frame.index, dtype=object))
    for name in result.select_dtypes("datetime").columns:
        result[name] = result[name].dt.tz_localize("UTC")
    return result.reset_index(drop=True)


def hatch(colour: str) -> dict[str, Any]:
    """Stripes of `colour`: Vega has no patterns, but a gradient with hard stops looks like one."""
    edges = [(i / 24, colour if i % 2 else "transparent") for i in range(24)]
    stops = [{"offset": at + step, "color": c} for at, c in edges for step in (0.0, 1 / 24 - 1e-6)]
    return {"gradient": "linear", "x1": 0, "y1": 1, "x2": 1, "y2": 0, "stops": stops}


def reference(at: float, text: str) -> list[alt.Chart]:
    """A thin, labelled line to compare with, upright at `at` on the horizontal axis."""
    where = alt.Chart(pd.DataFrame({"at": [at]}))
    rule = where.mark_rule(color=COLOURS.note, strokeDash=[3, 3]).encode(x=alt.X("at:Q"))
    label = where.mark_text(color=COLOURS.note, baseline="bottom", dy=-4, align="left")
    return [rule, label.encode(x=alt.X("at:Q"), y=down(0), text=alt.TextValue(text))]


def against_diagonal(
    curve: pd.DataFrame, *, x: alt.X, y: alt.Y, colour: str, straight: str, at: float, label: str
) -> list[alt.Chart]:
    """A curve of shares, with the `straight` line under it and a label on its point nearest to `at`.

    Draws the first two columns of `curve`. The label goes below the diagonal, where no such curve runs.
    """
    across, up = list(curve.columns[:2])
    note = pd.DataFrame({"from": [0.0], "to": [1.0], "x": [0.7], "y": [0.7]})
    ends = alt.Chart(note).mark_rule(color=COLOURS.note, strokeDash=[4, 4])
    names = alt.Chart(note).mark_text(color=COLOURS.note, align="left", baseline="top", dx=6, dy=4)
    point = alt.Chart(curve.iloc[[int((curve[across] - at).abs().argmin())]][[across, up]])
    place = {"x": f"{across}:Q", "y": f"{up}:Q"}
    return [
        ends.encode(x=alt.X("from:Q"), y=alt.Y("from:Q"), x2=alt.X2("to:Q"), y2=alt.Y2("to:Q")),
        names.encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.TextValue(straight)),
        alt.Chart(curve).mark_line(color=colour, strokeWidth=2.5).encode(x=x, y=y),
        alt.Chart(curve).mark_circle(size=140, opacity=0).encode(x=x, y=y, **says()),
        point.mark_rule(color=colour, strokeDash=[2, 3]).encode(y2=alt.Y2Datum(0), **place),
        point.mark_point(color=colour, filled=True, size=90, opacity=1).encode(**place),
        point.mark_text(color=colour, align="left", baseline="bottom", dx=6, dy=-3, fontWeight=600).encode(
            x=alt.X(f"{across}:Q"), y=alt.YDatum(0), text=alt.TextValue(label)
        ),
    ]


def shares(field: str, title: str, words: Wording) -> dict[str, Any]:
    """Arguments for `alt.X` or `alt.Y`: an axis of fractions from 0 to 1."""
    return {
        "shorthand": f"{field}:Q",
        "scale": alt.Scale(domain=[0, 1]),
        "axis": upright(title, share_label(words)),
    }

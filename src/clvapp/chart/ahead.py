"""Charts of what customers will be worth."""

from typing import Any

import altair as alt
import pandas as pd

from clvapp.chart.look import COLOURS, MONEY_LABEL, Words, axis, rows, rows_height, share_label, styled, told, upright

_HEIGHT = 240


def forecast_course(
    frame: pd.DataFrame, words: Words, *, title: str, between: tuple[float, float] | None = None
) -> alt.LayerChart:
    """What was forecast beside what came, from the day of the test on, as sums; the range at its end.

    `frame`: date (datetime64), expected, came (money so far). `between` is the range of the last sum.
    """

    def tell(row: Any) -> str:
        return f"By {words.date(row.date)}: forecast {words.money(row.expected)}, and {words.money(row.came)} came."

    drawn = told(frame, ["date", "expected", "came"], tell)
    x = alt.X("date:T", title=None, axis=alt.Axis(grid=False, labelOverlap=True, tickCount=5))
    up = upright(f"Revenue since the test began ({words.money_unit})", MONEY_LABEL)
    base = alt.Chart(drawn).encode(x=x)
    guess = base.mark_line(color=COLOURS.forecast, strokeDash=[6, 4], strokeWidth=2.5)
    real = base.mark_line(color=COLOURS.everyone, strokeWidth=2.5).encode(y=alt.Y("came:Q", axis=up))
    hover = base.mark_circle(size=160, opacity=0).encode(y="came:Q", tooltip="says:N", description="says:N")
    layers = [guess.encode(y=alt.Y("expected:Q", axis=up)), real, hover]
    if len(drawn):
        layers += _ends(drawn, between)
    latest = f"{drawn['says'].iloc[-1]}" if len(drawn) else "There is no test."
    return styled(*layers, words=words, title=title, message=latest, height=_HEIGHT)


def _ends(drawn: pd.DataFrame, between: tuple[float, float] | None) -> list[alt.Chart]:
    """The names of both lines at their ends, apart from each other, and the range."""
    last = drawn.tail(1)[["date", "expected", "came"]]
    end = alt.Chart(last.assign(low=between[0] if between else None, high=between[1] if between else None))
    above = bool(last["expected"].iloc[0] >= last["came"].iloc[0])
    lines = []
    if between is not None:
        span = end.mark_rule(strokeWidth=10, opacity=0.25, color=COLOURS.forecast)
        lines.append(span.encode(x="date:T", y="low:Q", y2="high:Q"))
    for name, label, colour, higher in (
        ("expected", "forecast", COLOURS.forecast, above),
        ("came", "what came", COLOURS.everyone, not above),
    ):
        text = end.mark_text(align="right", dx=-10, dy=-12 if higher else 14, color=colour, fontWeight=600)
        lines.append(text.encode(x="date:T", y=f"{name}:Q", text=alt.value(label)))
    return lines


def most_expected(frame: pd.DataFrame, words: Words, *, title: str) -> alt.LayerChart:
    """The customers of whom most is expected, each with the range of what may come.

    `frame`, in the order to draw: name (text), value, low, high (money).
    """

    def tell(row: Any) -> str:
        between = f"{words.money(row.low)} to {words.money(row.high)}"
        return f"{row.who}: {words.money(row.value)} expected ({between})."

    drawn = told(frame.rename(columns={"name": "who"}), ["who", "value", "low", "high"], tell)
    worth = axis(f"Expected revenue ({words.money_unit})", MONEY_LABEL, tickCount=5)
    base = alt.Chart(drawn).encode(y=rows("who", drawn["who"].tolist()), tooltip="says:N", description="says:N")
    spans = base.mark_rule(strokeWidth=6, opacity=0.25, color=COLOURS.forecast)
    dots = base.mark_point(filled=True, size=90, opacity=1, color=COLOURS.forecast)
    message = " ".join(drawn["says"].head(5))
    return styled(
        spans.encode(x=alt.X("low:Q", axis=worth), x2="high:Q"), dots.encode(x=alt.X("value:Q", axis=worth)),
        words=words, title=title, message=message, height=rows_height(len(drawn)),
    )  # fmt: skip


def alive_plane(frame: pd.DataFrame, words: Words, *, title: str) -> alt.LayerChart:
    """How likely a customer has not left, by how often they ordered and how long they have been silent.

    `frame`: orders (int), silent_weeks, until (weeks: the cell's ends), p_alive (a fraction).
    """

    def tell(row: Any) -> str:
        silent = words.count(row.silent_weeks, "week")
        return f"{words.count(row.orders, 'order')}, silent for {silent}: {words.share(row.p_alive)} still a customer."

    drawn = told(frame, ["orders", "silent_weeks", "until", "p_alive"], tell)
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
            tooltip="says:N",
            description="says:N",
        )
    )
    middle = drawn.iloc[len(drawn) // 2]["says"] if len(drawn) else "There is no model."
    return styled(cells, words=words, title=title, message=str(middle), height=_HEIGHT)

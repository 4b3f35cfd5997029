"""Revenue by month -> a chart of it."""

from typing import Any

import altair as alt
import pandas as pd

from clvapp.chart.look import (
    COLOURS,
    MONEY_LABEL,
    down,
    hatch,
    months,
    says,
    styled,
    upright,
    with_sentences,
)
from clvapp.wording import GIVEN, Of, Wording

_HEIGHT = 240


def revenue_by_month(frame: pd.DataFrame, words: Wording, *, title: str) -> alt.LayerChart:
    """Bars of revenue. A month that is not over yet is hatched and says so.

    `frame`: month (datetime64, its first day), revenue (money), orders (int), complete (bool).
    """

    def tell(row: Any) -> str:
        over = "" if row.complete else " The month is not complete."
        orders, money = Of("orders", period=f"{row.month:%Y-%m}"), Of("revenue", period=f"{row.month:%Y-%m}")
        made = words.count(row.orders, "order", of=orders)
        return f"{words.month(row.month)}: {words.money(row.revenue, of=money)} from {made}.{over}"

    drawn = with_sentences(frame, ["month", "revenue", "complete"], tell)
    month = months("Month")
    base = alt.Chart(drawn).encode(
        x=month, y=alt.Y("revenue:Q", axis=upright(f"Revenue a month ({words.money_unit})", MONEY_LABEL))
    )
    whole = base.transform_filter("datum.complete").mark_bar(color=COLOURS.everyone).encode(**says())
    part = base.transform_filter("!datum.complete")
    hatched = part.mark_bar(stroke=COLOURS.everyone, strokeWidth=1).encode(
        **says(), color=alt.ColorValue(hatch(COLOURS.everyone))
    )
    note = alt.Chart(drawn).transform_filter("!datum.complete").mark_text(align="right", dx=14, color=COLOURS.note)
    above = note.encode(x=month, y=down(-8), text=alt.TextValue("not complete ▾"))
    latest = f" The latest: {drawn['says'].iloc[-1]}" if len(drawn) else ""
    message = f"Bars of revenue, {words.count(len(drawn), 'month', of=GIVEN)}.{latest}"
    return styled(whole, hatched, above, words=words, title=title, message=message, height=_HEIGHT)

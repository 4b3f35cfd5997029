"""The sizes of segments -> a chart of them."""

from typing import Any

import altair as alt
import pandas as pd

from clvapp.chart.look import (
    COLOURS,
    axis,
    rows,
    rows_height,
    says,
    share_label,
    styled,
    with_sentences,
)
from clvapp.wording import Of, Wording


def bars(frame: pd.DataFrame, words: Wording, *, title: str, of_revenue: str = "of revenue") -> alt.LayerChart:
    """Segments by people and by money: two bars each. `of_revenue` says what shares of money are of.

    `frame`, in the order to draw: segment (text), customers (int), share, revenue_share (fractions).
    """

    def tell(row: Any) -> str:
        count = words.count(row.customers, "customer", of=Of("segment_customers", group=row.segment))
        share = words.share(row.people, of=Of("segment_customers_share", group=row.segment))
        money = words.share(row.amount, of=Of("revenue_share", row.customers, group=row.segment))
        return f"{row.segment}: {count} ({share}) {'brings' if row.customers == 1 else 'bring'} {money} {of_revenue}."

    both = []
    for side, column in (("people", "share"), ("money", "revenue_share")):
        named = frame.assign(people=frame["share"], amount=frame["revenue_share"])
        part = with_sentences(named, ["segment"], tell)
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
    bars = base.mark_bar(color=COLOURS.everyone).encode(opacity=strength, **says())
    labels = base.transform_filter(alt.FieldEqualPredicate(field="segment", equal=order[0] if order else ""))
    text = labels.mark_text(align="left", dx=5, color=COLOURS.everyone, fontWeight=600).encode(text=alt.Text("side:N"))
    message = " ".join(drawn["says"].drop_duplicates())
    return styled(bars, text, words=words, title=title, message=message, height=rows_height(len(frame)))

"""Repeat purchases: who comes back, when, and what does it bring?"""

import streamlit as st

from clvapp import columns, repeat
from clvapp.chart import repeat as chart
from clvapp.story import payback
from clvapp.story import repeat as story
from screen import costs, page, session, show

page.begin("Repeat purchases")
analysis = page.analysis(
    "How many customers buy a second and a third time, how long they take, who is due next, and when new customers "
    "have paid for what winning them cost; each beside what other shops see."
)
words, seen = session.words(), analysis.returning
show.answer(story.answer(analysis, words))
show.figures(story.figures(analysis, words))
usual = repeat.REFERENCES["second_purchase"]
show.picture(
    chart.curve, seen.curve, "repeat_curve", title=story.curve_title(analysis, words),
    at=(repeat.AGAIN_WITHIN, usual.value), at_label=f"{usual.who}, within {repeat.AGAIN_WITHIN} days",
)  # fmt: skip


@show.fragment
def by_first_order() -> None:
    """Who comes back, grouped by whichever heading of the first order is chosen."""
    headings = story.again_by(analysis)
    heading = st.segmented_control(
        "Group first orders by", list(headings), default=next(iter(headings)), key="again_by"
    )
    if heading:
        frame = seen.again_by(headings[heading])
        show.picture(chart.by_group, frame, "again_by", title=story.again_title(analysis, frame, heading, words))


@show.fragment
def by_month() -> None:
    """The cohort map: retention, or money."""
    shown = {"Who buys": "retention", "What they bring": "cumulative_per_customer"}
    chosen = st.segmented_control("Show", list(shown), default="Who buys", key="cohort_map") or "Who buys"
    title = story.cohort_map_title(analysis, words, shown[chosen])
    show.picture(chart.cohort_map, seen.cohort_table, "cohort_map", title=title, value=shown[chosen])


@show.fragment
def paid_back() -> None:
    """When each month's new customers have paid back what it cost to win them."""
    cost = costs.acquisition_cost(seen.cohort_table)
    if cost is not None:
        sentence, paid = payback.payback(analysis, words, cost)
        st.markdown(show.safe(sentence))
        show.table(paid, columns.PAYBACK, "payback")
        show.download(paid, "payback", f"Download {words.count(len(paid), 'month')}")


beside, steps, first, months, due, refunds = st.tabs(
    ["Beside other shops", "Each next purchase", "By first order", "By month they came", "Who is due", "Refunds"]
)
with beside:
    show.sentences_table(story.references(analysis, words))
with steps:
    show.picture(chart.by_order, seen.repeat_rate_by_order, "ladder", title=story.by_order_title(analysis, words))
    show.sentences_table(story.by_order(analysis, words))
with first:
    by_first_order()
with months:
    by_month()
    paid_back()
with due:
    st.markdown(show.safe(story.due(analysis, words)))
    show.table(seen.due, columns.DUE, "due")
    show.download(seen.due, "due", f"Download {words.count(len(seen.due), 'customer')}")
with refunds:
    show.sentences_table(story.regretted(analysis, words))

show.computed(story.computed(analysis))

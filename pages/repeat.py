"""Repeat purchases: who comes back, when, and what does it bring?"""

import streamlit as st

import deciding
import screen
from clvapp import chart, columns, repeat, story

screen.page("Repeat purchases")
analysis = screen.analysis(
    "How many customers buy a second and a third time, how long they take, who is due next, and when new customers "
    "have paid for what winning them cost; each beside what other shops see."
)
words, seen = screen.words(), analysis.returning
screen.answer(story.repeats(analysis, words))
screen.figures(story.repeat_figures(analysis, words))
usual = repeat.REFERENCES["second_purchase"]
screen.picture(
    chart.repeat_curve, seen.curve, "repeat_curve", title=story.repeat_title(analysis, words),
    at=(repeat.AGAIN_WITHIN, usual.value), at_label=f"{usual.who}, within {repeat.AGAIN_WITHIN} days",
)  # fmt: skip


@screen.part
def by_first_order() -> None:
    """Who comes back, by what their first order was: whichever heading is chosen."""
    headings = story.again_by(analysis)
    heading = st.segmented_control(
        "Group first orders by", list(headings), default=next(iter(headings)), key="again_by"
    )
    if heading:
        frame = seen.again_by(headings[heading])
        screen.picture(
            chart.repeat_by_group, frame, "again_by", title=story.again_title(analysis, frame, heading, words)
        )


@screen.part
def by_month() -> None:
    """The map of cohorts, of buyers or of money."""
    shown = {"Who buys": "retention", "What they bring": "cumulative_per_customer"}
    chosen = st.segmented_control("Show", list(shown), default="Who buys", key="cohort_map") or "Who buys"
    title = story.map_title(analysis, words, shown[chosen])
    screen.picture(chart.cohort_map, seen.triangle, "cohort_map", title=title, value=shown[chosen])


@screen.part
def paid_back() -> None:
    """When a month's customers have brought what winning them cost."""
    cost = deciding.acquisition_cost(seen.triangle)
    if cost is not None:
        sentence, paid = story.payback(analysis, words, cost)
        st.markdown(screen.safe(sentence))
        screen.table(paid, columns.PAYBACK, "payback")
        screen.download(paid, "payback", f"Download {words.count(len(paid), 'month')}")


beside, steps, first, months, due, refunds = st.tabs(
    ["Beside other shops", "Each next purchase", "By first order", "By month they came", "Who is due", "Refunds"]
)
with beside:
    screen.sentences_table(story.references(analysis, words))
with steps:
    screen.picture(chart.repeat_ladder, seen.ladder, "ladder", title=story.ladder_title(analysis, words))
    screen.sentences_table(story.ladder(analysis, words))
with first:
    by_first_order()
with months:
    by_month()
    paid_back()
with due:
    st.markdown(screen.safe(story.due(analysis, words)))
    screen.table(seen.due, columns.DUE, "due")
    screen.download(seen.due, "due", f"Download {words.count(len(seen.due), 'customer')}")
with refunds:
    screen.sentences_table(story.regretted(analysis, words))

screen.computed(story.repeat_computed(analysis))

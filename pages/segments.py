"""Segments: who are my customers, and what helps each group?"""

import streamlit as st

from clvapp import findings
from clvapp.chart import segments as chart
from clvapp.story import segments as story
from screen import page, session, settings, show

page.begin("Segments")
analysis = page.analysis(
    "Champions, loyal ones, those at risk: named groups by rules you can see and change, what each brings, and what "
    "usually helps it. Each group downloads as a list."
)
words = session.words()
if analysis.customers.empty:
    show.notes(findings.of_orders(analysis))
    st.stop()

found = analysis.returning.segmented(session.session().segments)
sizes, of_revenue = story.sizes(analysis, words, found), story.of_revenue(analysis)
answer = st.empty()
with answer:
    show.answer(story.answer(sizes, words, of_revenue=of_revenue))
title = story.title(sizes, words, of_revenue=of_revenue)
show.picture(chart.bars, sizes, "segments", title=title, of_revenue=of_revenue)
session.with_forecast(analysis)
session.with_intervals(analysis)
ahead = analysis.returning.ahead(found)
with answer:
    days = analysis.settings.horizon_days
    show.answer(story.answer(sizes, words, ahead, of_revenue=of_revenue, days=days))
show.sentences_table(story.table(analysis, words, found, ahead))


@show.fragment
def group() -> None:
    """The people in the chosen group."""
    names = [name for name, people in zip(sizes["segment"], sizes["customers"], strict=True) if people]
    name = st.selectbox("Group", names, key="segment")
    if name:
        people = story.people(analysis, found, name)
        st.markdown(show.safe(story.advice_for(analysis, sizes, name, words)))
        show.table(people, story.COLUMNS, "segment_people")
        show.download(people, f"segment {name}", f"Download {words.count(len(people), 'customer')}")


st.subheader("The people in a group")
group()

with st.expander("What usually helps each group"):
    show.sentences_table(story.advice(analysis, words, found))
with st.expander("New, active, slipping, lapsed: by their own rhythm"):
    if analysis.no_states:
        st.markdown(show.safe(analysis.no_states))
    else:
        show.sentences_table(story.states(analysis, words, found))
with st.expander("Change the groups"):
    settings.edit_segments()
show.computed(story.computed(analysis, words))

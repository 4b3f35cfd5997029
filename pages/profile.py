"""High-value profile: what do my best customers have in common?"""

import streamlit as st

from clvapp.chart import profile as chart
from clvapp.story import profile as story
from screen import page, session, show

page.begin("High-value profile")
analysis = session.with_profile(
    page.analysis(
        "What customers who became valuable had in common on the day of their first order, tested on customers who "
        "came later: or, honestly, that nothing known so early tells them apart."
    )
)
words = session.words()
found = analysis.profile
show.answer(story.answer(analysis, words))
show.figures(story.figures(analysis, words))

frame = story.contrasts(analysis)
if len(frame):
    title = story.contrasts_title(analysis, words)
    show.picture(chart.contrasts, frame, "contrasts", title=title)
if found.usable:
    st.subheader("Rules, from best to least")
    show.sentences_table(story.rules(analysis, words))
    st.caption(show.safe(story.rules_counted(analysis, words)))
if len(found.gain):
    st.subheader("How good is it?")
    title = story.gain_title(analysis, words)
    show.picture(chart.gain, found.gain, "gain", title=title)

st.subheader("What happens after the first order")
st.markdown("A description of customers above and below the average of their age, and no prediction.")
show.sentences_table(story.behaviour(analysis, words))
not_used = story.not_used(analysis)
if len(not_used):
    st.subheader("What was not used, and why")
    show.sentences_table(not_used)
show.notes(found.findings)
show.computed(story.computed(analysis, words))

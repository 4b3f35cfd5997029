"""High-value profile: what do my best customers have in common?"""

import streamlit as st

import screen
from clvapp import chart, story

screen.page("High-value profile")
analysis = screen.learned(
    screen.analysis(
        "What customers who became valuable had in common on the day of their first order, tested on customers who "
        "came later: or, honestly, that nothing known so early tells them apart."
    )
)
words = screen.words()
found = analysis.profile
screen.answer(story.profile(analysis, words))
screen.figures(story.profile_figures(analysis, words))

frame = story.contrasts(analysis)
if len(frame):
    title = story.contrasts_title(analysis, words)
    screen.picture(chart.contrasts, frame, "contrasts", title=title)
if found.usable:
    st.subheader("Rules, from best to least")
    screen.sentences_table(story.rules(analysis, words))
    st.caption(screen.safe(story.rules_counted(analysis, words)))
if len(found.gain):
    st.subheader("How good is it?")
    title = story.gain_title(analysis, words)
    screen.picture(chart.gain, found.gain, "gain", title=title)

st.subheader("What happens after the first order")
st.markdown("A description of customers above and below the average of their age, and no prediction.")
screen.sentences_table(story.behaviour(analysis, words))
not_used = story.not_used(analysis)
if len(not_used):
    st.subheader("What was not used, and why")
    screen.sentences_table(not_used)
screen.notes(found.findings)
screen.computed(story.profile_computed(analysis, words))

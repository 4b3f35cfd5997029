"""Overview: how is the shop doing with its customers?"""

import streamlit as st

import screen
from clvapp import story

screen.page("Overview")
analysis = screen.analysis(
    "Five sentences about your customers, each with its number: what one is worth, who brings the money, who comes "
    "back, who has gone silent, and what to do this week."
)
words = screen.words()
lines = story.overview(analysis, words)
if not lines:
    screen.notes(analysis.reading_findings)
    st.stop()

# What orders alone say stands at once; what is learned from them follows.
places = [st.empty() for _ in range(story.LINES)]
for line in lines:
    screen.line(places[line.place], line, analysis)
screen.foretold(analysis)
screen.line(places[0], story.worth_line(analysis, words, with_forecast=True), analysis)
screen.learned(analysis)
week = story.week_line(analysis, words)
screen.line(places[week.place], week, analysis)

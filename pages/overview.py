"""Overview: how is the shop doing with its customers?"""

import streamlit as st

from clvapp import findings
from clvapp.story import overview as story
from screen import page, session, show

page.begin("Overview")
analysis = page.analysis(
    "Five sentences about your customers, each with its number: what one is worth, who brings the money, who comes "
    "back, who has gone silent, and what to do this week."
)
words = session.words()
lines = story.lines(analysis, words)
if not lines:
    show.notes(findings.of_orders(analysis))
    st.stop()

# Show at once what the orders alone say. What has to be learned comes after it.
places = [st.empty() for _ in range(story.LINES)]
for line in lines:
    show.line(places[line.place], line, analysis)
session.with_forecast(analysis)
show.line(places[0], story.worth_line(analysis, words, with_forecast=True), analysis)
session.with_profile(analysis)
week = story.week_line(analysis, words)
show.line(places[week.place], week, analysis)

"""Overview: how is the shop doing with its customers?"""

import streamlit as st

import screen
from clvapp import story

screen.page("Overview")
analysis = screen.learned(
    screen.analysis(
        "Five sentences about your customers, each with its number: what one is worth, who brings the money, who comes "
        "back, who has gone silent, and what to do this week."
    )
)
screen.foretold(analysis)
words = screen.words()
months, lines = story.monthly(analysis), story.overview(analysis, words)
if not lines:
    screen.notes(analysis.reading_findings)

for line in lines:
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        screen.answer(line.sentence)
        st.page_link(line.page, label=line.link)
    with right:
        tell = words.money if line.unit == "money" else words.count
        screen.sparkline(months, line.series, y=line.series, label=line.label, tell=tell)
        st.caption(screen.safe(story.latest(months, line, words)))

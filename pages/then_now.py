"""Then and now: what changed between two days, by more than chance, and why?"""

from functools import partial

import streamlit as st

import deciding
import screen
from clvapp import chart, story, then_now

screen.page("Then and now")
analysis = screen.analysis(
    "Any two days compared from the same orders: every key figure with its change, whether chance explains it, who "
    "moved between groups, and why revenue changed."
)
words, seen = screen.words(), analysis.returning
days = deciding.two_days(analysis)
if days is None:
    st.stop()

then, now = days
screen.answer(story.changed(analysis, words, then, now))
steps, start, end = story.bridged(analysis, then, now)
title = story.bridge_title(analysis, words, then, now)
if len(steps):
    screen.picture(chart.revenue_bridge, steps, "bridge", title=title, then=start, now=end)
else:
    st.markdown(screen.safe(f"{title}."))
screen.sentences_table(story.changes(analysis, words, then, now))

st.subheader("Who moved")
table = screen.session().segments
people, moves = seen.moved(then, now, table), seen.moves(then, now, table)
named = story.named_moves(moves, words)
title, order = then_now.moves_sentence(moves, words).rstrip("."), story.segment_order(table)
screen.picture(chart.moves, moves, "moves", title=title, order=order)


@screen.part
def moved() -> None:
    """The customers behind the move that is chosen."""
    move = st.selectbox("The customers behind a move", list(named), key="move")
    if move:
        behind = story.behind(analysis, people, named[move])
        screen.table(behind, story.SEGMENT_COLUMNS, "moved_people")
        screen.download(behind, "moved", f"Download {words.count(len(behind), 'customer')}")


@screen.part
def course() -> None:
    """The key figure that is chosen, month by month."""
    label = st.selectbox("Key figure", list(figures), index=story.TREND_FIRST, key="trend")
    if label:
        line = story.trend_line(analysis, trend, figures[label])
        unit = line["unit"].iloc[0]
        title = story.trend_title(analysis, line, label, words)
        screen.picture(chart.trend_line, line, "trend", title=title, label=label, unit=unit)


@screen.part
def kept() -> None:
    """The comparison to keep or to send, with what its owner says about it."""
    note = deciding.what_changed()
    whole = partial(story.comparison, analysis, words, then, now, moves=moves, note=note)
    screen.download_page(whole, "then and now", "Download this comparison", of=(then, now, note()))


moved()
st.subheader("The way there")
trend = seen.trend(then, now)
figures = story.trend_figures(trend)
course()
kept()
screen.computed(story.then_now_computed())

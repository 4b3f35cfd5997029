"""Then and now: what changed between two days by more than chance, and why?"""

from functools import partial

import streamlit as st

from clvapp import then_now
from clvapp.chart import then_now as chart
from clvapp.story import segments
from clvapp.story import then_now as story
from screen import page, session, settings, show

page.begin("Then and now")
analysis = page.analysis(
    "Any two days compared from the same orders: every key figure with its change, whether chance explains it, who "
    "moved between groups, and why revenue changed."
)
words, seen = session.words(), analysis.returning
days = settings.two_days(analysis)
if days is None:
    st.stop()

then, now = days
show.answer(story.answer(analysis, words, then, now))
steps, start, end = story.bridged(analysis, then, now)
title = story.bridge_title(analysis, words, then, now)
if len(steps):
    show.picture(
        chart.revenue_bridge, steps, "bridge", title=title, then=start, now=end, period=story.period(then, now)
    )
else:
    st.markdown(show.safe(f"{title}."))
show.sentences_table(story.changes(analysis, words, then, now))

st.subheader("Who moved")
table = session.session().segments
people, moves = seen.then_and_now(then, now, table), seen.moves(then, now, table)
named = story.named_moves(moves, words)
title, order = story.moves_sentence(moves, words).rstrip("."), story.segment_order(table)
show.picture(chart.moves, moves, "moves", title=title, order=order)


@show.fragment
def moved() -> None:
    """The customers behind the chosen move."""
    move = st.selectbox("The customers behind a move", list(named), key="move")
    if move:
        behind = story.behind(analysis, people, named[move])
        show.table(behind, segments.COLUMNS, "moved_people")
        show.download(behind, "moved", f"Download {words.count(len(behind), 'customer')}")


@show.fragment
def course() -> None:
    """The chosen key figure, month by month."""
    label = st.selectbox("Key figure", list(figures), index=story.TREND_FIRST, key="trend")
    if label:
        line = story.trend_line(analysis, trend, figures[label])
        unit = line["unit"].iloc[0]
        title = story.trend_title(analysis, line, label, words)
        show.picture(
            chart.trend_line, line, "trend", title=title, label=label, unit=unit, days=then_now.window_days(then, now)
        )


@show.fragment
def kept() -> None:
    """Download the comparison, with the owner's note on it, to keep or send."""
    note = settings.what_changed()
    whole = partial(story.comparison, analysis, words, then, now, moves=moves, note=note)
    show.download_page(whole, "then and now", "Download this comparison", of=(then, now, note()))


moved()
st.subheader("The way there")
trend = seen.trend(then, now)
figures = story.trend_figures(trend)
course()
kept()
show.computed(story.computed())

"""Segments: who are my customers, and what helps each group?"""

import streamlit as st

import deciding
import screen
from clvapp import chart, segments, story

screen.page("Segments")
analysis = screen.analysis(
    "Champions, loyal ones, those at risk: named groups by rules you can see and change, what each brings, and what "
    "usually helps it. Each group downloads as a list."
)
words = screen.words()
if analysis.customers.empty:
    screen.notes(analysis.reading_findings)
    st.stop()

found = analysis.returning.segmented(screen.session().segments)
sizes = story.segment_sizes(analysis, words, found)
answer = st.empty()
with answer:
    screen.answer(segments.sentence(sizes, words))
screen.picture(chart.segment_bars, sizes, "segments", title=story.segments_title(sizes, words))
screen.foretold(analysis)
screen.ranged(analysis)
ahead = analysis.returning.ahead(found)
with answer:
    screen.answer(segments.sentence(sizes, words, ahead))
screen.sentences_table(story.segment_table(analysis, words, found, ahead))


@screen.part
def group() -> None:
    """The people of the group that is chosen."""
    names = [name for name, people in zip(sizes["segment"], sizes["customers"], strict=True) if people]
    name = st.selectbox("Group", names, key="segment")
    if name:
        people = story.of_segment(analysis, found, name)
        st.markdown(screen.safe(story.segment_advice(analysis, sizes, name, words)))
        screen.table(people, story.SEGMENT_COLUMNS, "segment_people")
        screen.download(people, f"segment {name}", f"Download {words.count(len(people), 'customer')}")


st.subheader("The people in a group")
group()

with st.expander("What usually helps each group"):
    screen.sentences_table(story.advice(analysis, words, found))
with st.expander("New, active, slipping, lapsed: by their own rhythm"):
    screen.sentences_table(story.states(analysis, words, found))
with st.expander("Change the groups"):
    deciding.edit_segments()
screen.computed(story.segments_computed(analysis, words))

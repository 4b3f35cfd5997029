"""Customer value: what is a customer worth, and what drives it?"""

import streamlit as st

import screen
from clvapp import chart, columns, story

screen.page("Customer value")
analysis = screen.analysis(
    "What a customer is worth: an average order, times orders a year, times years. And who is above and who below the "
    "average, with a list of everybody."
)
words = screen.words()
sentence = story.value(analysis, words)
if sentence is None:
    screen.notes(analysis.reading_findings)
    st.stop()

screen.answer(sentence)
screen.figures(story.value_figures(analysis, words))

people = analysis.customers
line = analysis.segments.threshold
steps = story.distribution(analysis)
left, right = st.columns(2, gap="large")
with left:
    title = story.distribution_title(analysis, words)
    screen.picture(
        chart.value_distribution, steps, "distribution", title=title, line=line, label=story.worth_label(analysis),
        sides=story.sides(analysis, words), last_is_open=bool(steps["open"].any()),
    )  # fmt: skip
with right:
    curve = story.pareto(analysis)
    screen.picture(chart.pareto, curve, "pareto", title=story.pareto_title(analysis, words))

st.subheader("What a little more would bring")
st.markdown(screen.safe(story.factors_sentence(analysis, words)))

st.subheader("What they will be worth")
ahead = st.container()


@screen.part
def by_group() -> None:
    """The value of the customers of each country, category, channel: whichever heading is chosen."""
    headings = story.groupings(analysis)
    heading = st.segmented_control("Group by", list(headings), default=next(iter(headings), None), key="group_by")
    if heading:
        frame = story.by_group(analysis, headings[heading])
        title, average = story.group_title(analysis, frame, heading, words), float(people["historic_value"].mean())
        screen.picture(chart.value_by_group, frame, "groups", title=title, average=average)


months, groups, everybody = st.tabs(["By month of first order", "By group", "Everybody"])
with months:
    cohorts = story.cohorts(analysis)
    title = story.cohorts_title(analysis, words)
    screen.picture(chart.value_by_cohort, cohorts, "cohorts", title=title)
with groups:
    by_group()
with ahead:
    found = screen.foretold(analysis)
    st.markdown(screen.safe(story.tested(analysis, words)))
    expected = st.empty()
    expected.markdown(screen.safe(story.ahead(analysis, words, with_range=False)))
    screen.figures(story.ahead_figures(analysis, words))
    wide = screen.ranged(analysis)
    expected.markdown(f"**{screen.safe(story.ahead(analysis, words, with_range=True))}**")
    if found is not None and found.backtest is not None:
        course, title = story.course(analysis), story.course_title(analysis, words)
        between = wide.tested if wide else None
        screen.picture(chart.forecast_course, course, "course", title=title, between=between)
        with st.expander("Every method in the same test"):
            screen.sentences_table(story.methods(analysis, words))
    left, right = st.columns(2, gap="large")
    with left:
        most, title = story.most_expected(analysis), story.most_expected_title(analysis, words)
        screen.picture(chart.most_expected, most, "most_expected", title=title)
    with right:
        plane = story.plane(analysis)
        screen.picture(chart.alive_plane, plane, "alive", title=story.plane_title(plane, words))
with everybody:
    listed = story.everybody(analysis)
    screen.table(listed, columns.CUSTOMERS, "customers")
    screen.download(listed, "customers", f"Download {words.count(len(listed), 'customer')}")

screen.computed([*story.value_computed(analysis, words), *story.ahead_computed(analysis)])

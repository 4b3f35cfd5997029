"""Customer value: what is a customer worth, and what drives it?"""

import streamlit as st

from clvapp import columns, findings
from clvapp.chart import value as chart
from clvapp.story import forecast, newly_won
from clvapp.story import value as story
from screen import page, session, show

page.begin("Customer value")
analysis = page.analysis(
    "What a customer is worth: an average order, times orders a year, times years. And who is above and who below the "
    "average, with a list of everybody."
)
words = session.words()
sentence = story.answer(analysis, words)
if sentence is None:
    show.notes(findings.of_orders(analysis))
    st.stop()

show.answer(sentence)
show.figures(story.figures(analysis, words))

steps = story.distribution(analysis)
left, right = st.columns(2, gap="large")
with left:
    show.picture(
        chart.value_distribution, steps, "distribution", title=story.distribution_title(analysis, words),
        line=analysis.segments.threshold, label=story.worth_label(analysis), sides=story.sides(analysis, words),
        last_is_open=bool(steps["open"].any()),
    )  # fmt: skip
with right:
    of_revenue, title = story.of_revenue(analysis), story.pareto_title(analysis, words)
    show.picture(chart.pareto, story.pareto(analysis), "pareto", title=title, of_revenue=of_revenue)

st.subheader("What a little more would bring")
st.markdown(show.safe(story.factors_sentence(analysis, words)))

st.subheader("What they will be worth")
ahead = st.container()


@show.fragment
def by_group() -> None:
    """Customer value by whichever heading is chosen: country, category, channel."""
    headings = story.groupings(analysis)
    heading = st.segmented_control("Group by", list(headings), default=next(iter(headings), None), key="group_by")
    if heading:
        frame = story.by_group(analysis, headings[heading])
        average = float(analysis.customers["historic_value"].mean())
        title = story.group_title(analysis, frame, heading, words)
        show.picture(chart.value_by_group, frame, "groups", title=title, average=average, heading=heading)
        st.markdown(show.safe(newly_won.group_title(analysis, heading, headings[heading], words)))
        show.sentences_table(newly_won.by_group(analysis, heading, headings[heading], words))


months, groups, everybody = st.tabs(["By month of first order", "By group", "Everybody"])
with months:
    show.picture(chart.value_by_cohort, story.cohorts(analysis), "cohorts", title=story.cohorts_title(analysis, words))
with groups:
    by_group()
with ahead:
    found = session.with_forecast(analysis)
    st.markdown(show.safe(forecast.tested(analysis, words)))
    expected = st.empty()
    expected.markdown(show.safe(forecast.expected(analysis, words, with_range=False)))
    show.notes(forecast.cautions(analysis))
    show.figures(forecast.figures(analysis, words))
    wide = session.with_intervals(analysis)
    expected.markdown(f"**{show.safe(forecast.expected(analysis, words, with_range=True))}**")
    if found is not None and found.backtest is not None:
        course, title = forecast.course(analysis), forecast.course_title(analysis, words)
        show.picture(chart.forecast_course, course, "course", title=title, between=wide.tested if wide else None)
        with st.expander("Every method in the same test"):
            show.sentences_table(forecast.methods(analysis, words))
    left, right = st.columns(2, gap="large")
    with left:
        title = forecast.most_expected_title(analysis, words)
        show.picture_if_any(chart.most_expected, forecast.most_expected(analysis), "most_expected", title=title)
    with right:
        grid = forecast.probability_alive_grid(analysis)
        title = forecast.probability_alive_title(grid, words)
        show.picture_if_any(chart.probability_alive, grid, "alive", title=title)
    st.subheader("What a newly won one will bring")
    st.markdown(show.safe(f"{newly_won.sentence(analysis, words)}\n\n{newly_won.may_cost(analysis, words)}"))
with everybody:
    listed = story.everybody(analysis)
    show.table(listed, columns.CUSTOMERS, "customers")
    show.download(listed, "customers", f"Download {words.count(len(listed), 'customer')}")

show.computed([*story.computed(analysis, words), *newly_won.computed(analysis, words), *forecast.computed(analysis)])

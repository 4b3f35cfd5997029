"""Upsell targets: who could be worth more, and why?"""

import streamlit as st

from clvapp.chart import targets as chart
from clvapp.story import targets as story
from screen import page, session, show

page.begin("Upsell targets")
analysis = session.with_profile(
    page.analysis(
        "Customers below the average for their age whose first order looks like those of your best, with reasons; "
        "people like them who went silent, to win back first; and those who simply deserve thanks."
    )
)
words, made = session.words(), analysis.targets
known = sorted(made.table["country"].dropna().unique())
top = st.container()
show.figures(story.figures(analysis, words))


@show.fragment
def lists() -> None:
    """The three lists, narrowed by the filters and by the box drawn on the chart."""
    with st.expander("Filter the lists", expanded=False):
        left, middle, right = st.columns(3)
        most = left.number_input("At most", 1, None, value=None, step=10, key="most", placeholder="everybody")
        least = middle.slider("Least look-alike score, of 100", 0, 100, 0, key="least_score") / 100
        countries = right.multiselect("Country", known, key="countries")
        consent = left.toggle("Only with known consent", key="consent_known")
    chosen = story.lists(analysis, most=most, least_score=least, countries=countries, consent_known=consent)
    shown, box = dict(chosen), {}
    with top:
        show.answer(story.answer(analysis, words, listed=shown["upgrade"]))
    if len(shown["upgrade"]):
        title = story.title(analysis, shown["upgrade"], words)
        box = show.picture(chart.targets, shown["upgrade"], "targets", picks="picked", title=title)
        shown["upgrade"] = story.picked(shown["upgrade"], box)
    tabs = st.tabs(list(story.LISTS.values()), default=story.first_filled(shown), key="lists", on_change="rerun")
    for tab, (name, listed) in zip(tabs, shown.items(), strict=True):
        if not tab.open:
            continue
        with tab:
            st.markdown(show.safe(story.LIST_MEANING[name]))
            if listed.empty:
                st.caption("Nobody is on this list.")
                continue
            if box and name == "upgrade":
                st.caption("The box you drew picks these people, and those in the download.")
            show.table(listed, story.COLUMNS, f"list_{name}")
            show.download(listed, name.replace("_", "-"), f"Download {words.count(len(listed), 'person', 'people')}")


lists()
st.subheader("Who was left out, and why")
show.sentences_table(story.left_out(analysis))
show.notes(made.findings)
show.computed(story.computed(analysis, words))

"""Upsell targets: who could be worth more, and why?"""

import streamlit as st

import screen
from clvapp import chart, story

screen.page("Upsell targets")
analysis = screen.learned(
    screen.analysis(
        "Customers below the average for their age whose first order looks like those of your best, with reasons; "
        "people like them who went silent, to win back first; and those who simply deserve thanks."
    )
)
words, made = screen.words(), analysis.targets
known = sorted(made.table["country"].dropna().unique())
top = st.container()
screen.figures(story.target_figures(analysis, words))


@screen.part
def lists() -> None:
    """The three lists under the filters, and under the box that was drawn."""
    with st.expander("Filter the lists", expanded=False):
        left, middle, right = st.columns(3)
        most = left.number_input("At most", 1, None, value=None, step=10, key="most", placeholder="everybody")
        least = middle.slider("Least look-alike score, of 100", 0, 100, 0, key="least_score") / 100
        countries = right.multiselect("Country", known, key="countries")
        consent = left.toggle("Only with known consent", key="consent_known")
    chosen = story.lists(analysis, most=most, least_score=least, countries=countries, consent_known=consent)
    shown, box = dict(chosen), {}
    with top:
        screen.answer(story.targets(analysis, words, listed=shown["upgrade"]))
    if len(shown["upgrade"]):
        title = story.targets_title(analysis, shown["upgrade"], words)
        box = screen.picture(chart.targets, shown["upgrade"], "targets", picks="picked", title=title)
        shown["upgrade"] = story.picked(shown["upgrade"], box)
    tabs = st.tabs(list(story.LISTS.values()), default=story.first_filled(shown), key="lists", on_change="rerun")
    for tab, (name, listed) in zip(tabs, shown.items(), strict=True):
        if not tab.open:
            continue
        with tab:
            st.markdown(screen.safe(story.LIST_MEANING[name]))
            if listed.empty:
                st.caption("Nobody is on this list.")
                continue
            if box and name == "upgrade":
                st.caption("The box you drew picks these people, and those in the download.")
            screen.table(listed, story.TARGET_COLUMNS, f"list_{name}")
            screen.download(listed, name.replace("_", "-"), f"Download {words.count(len(listed), 'person', 'people')}")


lists()
st.subheader("Who was left out, and why")
screen.sentences_table(story.targets_left_out(analysis))
screen.notes(made.findings)
screen.computed(story.targets_computed(analysis, words))

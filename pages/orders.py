"""Your orders: what did we read, and is it all there?"""

import streamlit as st

from clvapp import findings
from clvapp.chart import orders as chart
from clvapp.story import orders as story
from screen import page, session, settings, show, upload

page.begin("Your orders")
loaded = session.session().shop is not None

if not loaded:
    show.answer("Drop your shop's order export here and learn what a customer is worth, and who could be worth more.")
    upload.offer_page()
    st.stop()

analysis, words = page.analysis(""), session.words()
show.answer(story.answer(analysis, words))
show.figures(story.figures(analysis, words))
title = story.revenue_title(analysis, words)
show.picture(chart.revenue_by_month, analysis.months, "months", title=title)


@show.fragment
def sales() -> None:
    """Sales by whichever heading is chosen. Counted when the expander is opened."""
    place = st.expander("Sales by product, country and more", key="sales", on_change="rerun")
    if place.open:
        with place:
            by = list(analysis.sales)
            word = st.segmented_control("By", by, default=next(iter(by), None), key="sales_by")
            if not by:
                st.markdown("Nothing to show: the export names no product, category, country or channel.")
            if word:
                show.sentences_table(story.sales(analysis, word, words))
                show.download(analysis.sales[word], f"sales by {word}", "Download all")


sales()
st.subheader("What was left out, and why")
if analysis.left_out.empty:
    st.markdown("Nothing: every row was used.")
else:
    show.sentences_table(story.left_out(analysis, words))
    count = words.count(len(analysis.left_out), "row")
    show.download(analysis.left_out, "left-out", f"Download the {count} left out")

with st.expander("What it was taken for"):
    show.sentences_table(story.recognised(analysis, words))

st.subheader("Good to know")
show.notes([show.age_of_orders(analysis), *findings.of_orders(analysis)])

upload.saved_columns(analysis)
settings.ask_strays(analysis)
settings.ask_opening(analysis)
with st.expander("Settings"):
    settings.settings_form(analysis)
with st.expander("Add what you know about your customers"):
    upload.load_attributes()
    upload.confirm_attributes()
with st.expander("Load other orders"):
    upload.offer_page()
show.computed(story.computed(analysis, words))

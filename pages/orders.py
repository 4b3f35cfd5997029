"""Your orders: what was read, and is it all there?"""

import streamlit as st

import asking
import deciding
import screen
from clvapp import chart, story

screen.page("Your orders")
loaded = screen.session().shop is not None

if not loaded:
    screen.answer("Drop your shop's order export here and learn what a customer is worth, and who could be worth more.")
    asking.offer_page()
    st.stop()

analysis, words = screen.analysis(""), screen.words()
screen.answer(story.orders(analysis, words))
screen.figures(story.order_figures(analysis, words))
title = story.revenue_title(analysis, words)
screen.picture(chart.revenue_by_month, analysis.months, "months", title=title)


@screen.part
def sales() -> None:
    """What was sold, by whichever word of the orders is chosen; counted when it is opened."""
    place = st.expander("Sales by product, country and more", key="sales", on_change="rerun")
    if place.open:
        with place:
            by = list(analysis.sales)
            word = st.segmented_control("By", by, default=next(iter(by), None), key="sales_by")
            if not by:
                st.markdown("Nothing to show: the export names no product, category, country or channel.")
            if word:
                screen.sentences_table(story.sales(analysis, word, words))
                screen.download(analysis.sales[word], f"sales by {word}", "Download all")


sales()
st.subheader("What was left out, and why")
if analysis.left_out.empty:
    st.markdown("Nothing: every row was used.")
else:
    screen.sentences_table(story.left_out(analysis, words))
    count = words.count(len(analysis.left_out), "row")
    screen.download(analysis.left_out, "left-out", f"Download the {count} left out")

with st.expander("What it was taken for"):
    screen.sentences_table(story.recognised(analysis, words))

st.subheader("Good to know")
screen.notes([screen.age_of_orders(analysis), *analysis.reading_findings])

asking.saved_columns(analysis)
deciding.ask_opening(analysis)
with st.expander("Settings"):
    deciding.settings_form(analysis)
with st.expander("Add what you know about your customers"):
    asking.load_attributes()
    asking.confirm_attributes()
with st.expander("Load other orders"):
    asking.offer_page()
screen.computed(story.orders_computed(analysis, words))

"""Configures the app and lists its pages in order."""

import streamlit as st

from screen import page

st.set_page_config(page_title="clvapp", page_icon="🧭", layout="wide")
page.run(
    {
        "": [st.Page("pages/orders.py", title="Your orders", default=True)],
        "Understand": [
            st.Page("pages/overview.py", title="Overview"),
            st.Page("pages/value.py", title="Customer value"),
            st.Page("pages/segments.py", title="Segments"),
            st.Page("pages/repeat.py", title="Repeat purchases"),
        ],
        "Act": [
            st.Page("pages/profile.py", title="High-value profile"),
            st.Page("pages/targets.py", title="Upsell targets"),
        ],
        "Check": [st.Page("pages/then_now.py", title="Then and now")],
    }
)

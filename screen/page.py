"""How a page runs: in its turn, in parts, and with a way to see its promise kept before anything is loaded."""

from collections.abc import Mapping, Sequence

import streamlit as st

from clvapp import read
from clvapp.analysis import Analysis
from clvapp.problems import Problem
from clvapp.shop import prepared
from screen import show
from screen.session import current_analysis, keep, session


def run(pages: Mapping[str, Sequence[object]]) -> None:
    """Run the page that is open. A `Problem` becomes its sentence; nothing else is caught."""
    st.session_state["app_has_run"] = True
    page = st.navigation({section: list(of) for section, of in pages.items()})  # type: ignore[arg-type]
    _sidebar()
    with session().turn:
        try:
            page.run()
        except Problem as problem:
            show.problem(problem)


def begin(title: str) -> None:
    """Begin a page. One that was opened without app.py (the first request of a fresh server) goes to the start."""
    if "app_has_run" not in st.session_state:
        st.switch_page("app.py")
    st.title(title)


def _sidebar() -> None:
    shop = session().shop
    if shop is not None:
        with st.sidebar:
            st.caption("Loaded")
            for name in shop.file_names:
                st.text(name)


def analysis(promise: str) -> Analysis:
    """The analysis of what is loaded; without orders, the page's `promise` and a way to see it kept."""
    current = session()
    if current.shop is None:
        st.markdown(promise)
        with st.container(horizontal=True):
            sample_button()
            st.page_link("pages/orders.py", label="Load your own orders")
        st.stop()
    return current_analysis()


def sample_button() -> None:
    """Load the sample shop, which makes itself."""
    if st.button("Try the sample shop", type="primary", key="sample"):
        from clvapp import sample

        keep(prepared([read.Source("sample-shop.csv", sample.shop().orders_csv)]))
        st.rerun()

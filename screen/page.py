"""Runs the open page. With nothing loaded it shows what the page promises, and how to see that kept."""

from collections.abc import Mapping, Sequence

import streamlit as st

from clvapp import read
from clvapp.analysis import Analysis
from clvapp.database import in_memory
from clvapp.problems import Problem
from clvapp.settings import Settings
from clvapp.shop import prepared
from clvapp.story import chosen
from screen import show
from screen.session import current_analysis, keep, put_in_force, session, words
from screen.visits import here


def run(pages: Mapping[str, Sequence[object]]) -> None:
    """Run the open page. A `Problem` is shown as its sentence; nothing else is caught."""
    st.session_state["app_has_run"] = True
    page = st.navigation({section: list(of) for section, of in pages.items()})  # type: ignore[arg-type]
    _sidebar()
    current = session()
    current.page = page.url_path or "orders"
    here(current)
    with current.turn:
        current.leave_page()
        try:
            with in_memory():
                page.run()
        except Problem as problem:
            show.problem(problem)


def begin(title: str) -> None:
    """Begin a page. If it was opened without app.py (a fresh server's first request), go to the start instead."""
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
    """The analysis of what is loaded. Without orders, show the page's `promise` and a way to see it kept."""
    current = session()
    if current.shop is None:
        st.markdown(promise)
        with st.container(horizontal=True):
            sample_button()
            st.page_link("pages/orders.py", label="Load your own orders")
        st.stop()
    found = current_analysis()
    _set_otherwise(found)
    return found


def _set_otherwise(found: Analysis) -> None:
    """Name what the owner has set otherwise than usual, where it changes the open page, with the way back."""
    said = chosen.sentence(found, words(), page=session().page)
    if said:
        with st.container(horizontal=True, vertical_alignment="center", key="set_otherwise"):
            st.caption(show.safe(said), width="content")
            st.button("Back to the usual settings", type="tertiary", key="as_usual", on_click=_as_usual)


def _as_usual() -> None:
    """Put the usual settings in force before any page runs. What is known of customers stays."""
    current = session()
    with current.turn:
        current.back += 1
        put_in_force(Settings(known_at_first_order=current.settings.known_at_first_order))


def sample_button() -> None:
    """A button that generates the sample shop and loads it."""
    if st.button("Try the sample shop", type="primary", key="sample"):
        from clvapp import sample

        keep(prepared([read.Source("sample-shop.csv", sample.shop().orders_csv)]))
        st.rerun()

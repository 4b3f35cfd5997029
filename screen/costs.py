"""Asks what it costs to win a customer, on the page that says when that is paid back."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from clvapp import wording
from clvapp.settings import Cost
from screen.session import session, words


def acquisition_cost(cells: pd.DataFrame) -> Cost | None:
    """What it costs to win a customer: one figure, or one by month of first order. None if the owner did not say.

    The settings hold it from then on. Nothing that was computed so far depends on it, so the analysis stays.
    """
    current, said = session(), _ask_cost(cells)
    current.settings = replace(current.settings, acquisition_cost=said)
    if current.analysis is not None:
        current.analysis.settings = current.settings
    return said


def _ask_cost(cells: pd.DataFrame) -> Cost | None:
    current = session()
    one = st.number_input(
        "What does it cost you to win a customer?", 0.0, None, None, key=f"cost_{current.loads}",
        placeholder=wording.UNKNOWN, persist_state="session",
        help="Advertising and discounts for new customers, divided by how many came.",
    )  # fmt: skip
    if not st.toggle("It differed by month", False, key=f"cost_by_month_{current.loads}", persist_state="session"):
        return one
    came = cells.groupby("cohort")["customers"].first()
    months = [month.date() for month in came.index]
    edited = st.data_editor(
        pd.DataFrame(
            {
                "Month": [words().month(month) for month in months],
                "New customers": came.to_numpy(),
                "Cost of winning one": [current.costs.get(month) for month in months],
            }
        ).astype({"Cost of winning one": "float64"}),
        hide_index=True,
        disabled=["Month", "New customers"],
        key=f"costs_{current.loads}",
        column_config={"Cost of winning one": st.column_config.NumberColumn(min_value=0.0)},
    )
    said = zip(months, edited["Cost of winning one"], strict=True)
    current.costs = {month: float(cost) for month, cost in said if pd.notna(cost)}
    every = {} if one is None else dict.fromkeys(months, one)
    return every | current.costs or None

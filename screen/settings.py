"""Asks what only the owner can decide (settings, segments, days to compare) and keeps it across pages."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from clvapp import segments, wording
from clvapp.analysis import Analysis
from clvapp.days import date, day_number
from clvapp.problems import Problem
from clvapp.settings import USUAL, Settings
from clvapp.story.then_now import TOO_SHORT
from clvapp.then_now import usual_days
from screen import show
from screen.session import put_in_force, session, words

_THRESHOLDS = {"mean": "the average (mean)", "median": "the middle customer (median)", "top": "all but the top fifth"}


_BASES = {"historic": "what customers have paid so far", "with_expected": "paid so far, and what is expected"}


_OPENINGS = {True: "Yes", False: "No, the shop is older"}


_STRAYS = {"keep": "Yes, count them like any other", "leave-out": "No, or not sure"}


_MOST_RATES = 12


_MOST_MARGINS = 50


def settings_form(current: Analysis) -> None:
    """The form of settings. They apply on every page, and stay while the owner looks around."""
    cleaned = current.cleaned
    if (refused := session().refused) is not None:
        show.problem(refused)
    left, right = st.columns(2, gap="large")
    with left:
        st.selectbox(
            "Above average means above",
            list(_THRESHOLDS), list(_THRESHOLDS).index(USUAL.threshold),
            format_func=_THRESHOLDS.__getitem__,
            **_setting("threshold", "threshold"),
        )  # fmt: skip
        st.date_input(
            "Look back from", value=date(current.last_day), min_value=current.first_order,
            max_value=date(current.cleaned.trade.latest_look_back), format="YYYY-MM-DD",
            **_setting("observation_end", "observation_end", partial(_if_other, date(current.last_day))),
            help="The day the analysis looks back from. At first the last day of the file.",
        )  # fmt: skip
        st.selectbox(
            "Value is", list(_BASES), list(_BASES).index(USUAL.basis), format_func=_BASES.__getitem__,
            **_setting("basis", "basis"),
            help="What above and below average is of. What is expected comes from the forecast on Customer value.",
        )  # fmt: skip
        st.number_input(
            "Margin, in percent of revenue", 1, 100, round(100 * USUAL.margin),
            **_setting("margin", "margin", _of_percent),
            help="What you keep of a sale. Value so far is margin times revenue.",
        )  # fmt: skip
    with right:
        st.number_input(
            "Discount on what is expected, percent a year", 0, 99, round(100 * USUAL.discount_rate),
            **_setting("discount", "discount_rate", _of_percent),
            help="Money a year from now is worth less than today's: for what you could earn or borrow at.",
        )  # fmt: skip
        st.selectbox(
            "Look ahead", list(wording.HORIZONS), list(wording.HORIZONS).index(USUAL.horizon_days),
            format_func=words().horizon,
            **_setting("horizon", "horizon_days"),
        )  # fmt: skip
        st.toggle("Shipping counts as revenue", USUAL.count_shipping, **_setting("shipping", "count_shipping"))
        st.toggle("Tax counts as revenue", USUAL.count_tax, **_setting("tax", "count_tax"))
        if cleaned.pending_orders > 0:
            waiting = f"Orders that wait for their money count ({words().count(cleaned.pending_orders)})"
            st.toggle(waiting, USUAL.count_pending, **_setting("pending", "count_pending"))
        if len(current.same_person):
            st.toggle(
                "Customers who share a name and postcode, or a telephone number, are one",
                USUAL.join_people, **_setting("join", "join_people"),
            )  # fmt: skip
        currency = cleaned.currency
        if len(cleaned.currencies) > 1:
            currency = st.selectbox(
                "Currency to analyse",
                list(cleaned.currencies["currency"]),
                **_setting("currency", "currency"),
            )
        rates = _ask_rates([code for code in cleaned.currencies["currency"] if code != currency], str(currency))
    use(replace(current.settings, margins=_ask_margins(current), rates=rates))


def _ask_margins(current: Analysis) -> dict[str, float]:
    """Ask which categories or products have their own margin. Kept in the settings: the table forgets between pages."""
    number, sold, kind = session().form, current.sales_by(current.kind).head(_MOST_MARGINS), current.kind
    asked = f"Margins differ by {kind}"
    if sold.empty or not st.toggle(asked, False, key=f"by_{kind}_{number}", persist_state="session"):
        return {}
    said, percent = current.settings.margins, "Margin, %"
    table = pd.DataFrame(
        {
            kind.capitalize(): sold["group"],
            "Revenue": [words().money(revenue) for revenue in sold["revenue"]],
            percent: [round(100 * said[name], 2) if name in said else float("nan") for name in sold["group"]],
        }
    )
    edited = st.data_editor(
        table, hide_index=True, disabled=[kind.capitalize(), "Revenue"], key=f"margins_{kind}_{number}",
        column_config={percent: st.column_config.NumberColumn(min_value=-100.0, max_value=100.0)},
    )  # fmt: skip
    st.caption(f"Where none is given, the margin above holds. An order's {kind} is that of its most valuable line.")
    given = edited.dropna(subset=[percent])
    return {str(name): float(share) / 100 for name, share in zip(given[kind.capitalize()], given[percent], strict=True)}


def _ask_rates(others: Sequence[str], main: str) -> dict[str, float]:
    """What a unit of each other currency is worth. Orders in a currency without a rate stay left out."""
    asked = {
        code: st.number_input(
            f"1 {code} in {main}", min_value=0.0, value=None, format="%g", placeholder="left out without a rate",
            key=f"rate_{session().form}_{code}_{main}", persist_state="session",
        )
        for code in others[:_MOST_RATES]
    }  # fmt: skip
    return {code: rate for code, rate in asked.items() if rate}


def ask_opening(current: Analysis) -> None:
    """Ask whether the file starts when the shop did. Until the owner says, the curve of new customers decides."""
    st.segmented_control(
        "Does this file start when your shop opened?", list(_OPENINGS), format_func=_OPENINGS.__getitem__,
        **_setting("opening", "starts_at_opening"),
        help="An export that starts later makes old customers look new; its first months are then left out where that "
        "matters: cohorts, profile and lists.",
    )  # fmt: skip


def ask_strays(current: Analysis) -> None:
    """Ask whether orders whose day lies alone are real, where there are any."""
    if current.cleaned.trade.strays:
        st.segmented_control(
            "Are the days that lie alone right?", list(_STRAYS), format_func=_STRAYS.__getitem__,
            **_setting("strays", "strays", _if_kept),
            help="Orders or refunds that lie far from all others move no first or last day until you say that their "
            "days are right. Their money counts either way.",
        )  # fmt: skip


def _if_kept(answer: str | None) -> str:
    return answer or USUAL.strays


def _setting(name: str, field: str, read: Callable[[Any], object] = lambda value: value) -> dict[str, Any]:
    """Arguments for a setting's widget: its key, its kept value, and a callback that applies a change at once."""
    key = f"{name}_{session().form}"
    return {"key": key, "persist_state": "session", "on_change": _take, "args": (key, field, read)}


def _if_other(usual: dt.date, day: dt.date | None) -> dt.date | None:
    return None if day == usual else day


def _of_percent(percent: float) -> float:
    return percent / 100


def _take(key: str, field: str, read: Callable[[Any], object]) -> None:
    """Apply a changed setting before any page runs."""
    with session().turn:
        put_in_force(replace(session().settings, **{field: read(st.session_state[key])}))  # type: ignore[arg-type]


def use(settings: Settings) -> None:
    """Use `settings` everywhere from now on, this run included."""
    if put_in_force(settings):
        st.rerun()


@show.fragment
def edit_segments() -> None:
    """Let the owner edit the table of segments here, or save it, edit it elsewhere and load it again."""
    current = session()
    table = segments.default() if current.segments is None else current.segments
    st.markdown("The first row that fits a customer holds; scores go from 1 to 5, and 5 is best.")
    edited = st.data_editor(table, num_rows="dynamic", hide_index=True, key=f"segments_{current.segment_edits}")
    left, middle, right = st.columns(3)
    if left.button("Use this table", key="use_segments"):
        _use_segments(lambda: segments.checked(edited))
    content = segments.content(table)
    middle.download_button(
        "Save the table", content, "segments.csv", "text/csv", on_click="ignore", key="save_segments"
    )
    if current.segments is not None and right.button("Back to the groups everybody knows", key="reset_segments"):
        _use_segments(lambda: None)
    file = st.file_uploader("A table saved before", type=["csv"], key=f"segments_file_{current.segment_edits}")
    if file is not None:
        _use_segments(lambda: segments.read(file.getvalue(), file.name))


def _use_segments(make: Callable[[], pd.DataFrame | None]) -> None:
    current = session()
    try:
        current.segments = make()
    except Problem as problem:
        show.problem(problem)
        return
    current.segment_edits += 1
    st.rerun()


def what_changed() -> Callable[[], str]:
    """Ask what the owner changed between two days. The function returned reads the note as it stands when called."""
    current = session()
    key = f"what_we_changed_{current.loads}"
    st.text_area(
        "What we changed in between", key=key, persist_state="session", on_change=_write_down, args=(key,),
        placeholder="A new price, a campaign, free shipping: it goes into the download",
    )  # fmt: skip
    return partial(getattr, current, "note")


def _write_down(key: str) -> None:
    session().note = st.session_state[key] or ""


def two_days(current: Analysis) -> tuple[int, int] | None:
    """Two days to compare, as days since 1970. If there are none: None, and say why."""
    usual = usual_days(current.days[0], current.end_day)
    if usual is None:
        st.markdown(TOO_SHORT)
        return None
    first, last = current.first_order, current.observation_end
    found = []
    for column, label, value in zip(st.columns(2), ("Then", "Now"), map(date, usual), strict=True):
        day = column.date_input(
            label, value, first, last, format="YYYY-MM-DD", key=f"{label}_{session().loads}", persist_state="session"
        )
        found.append(None if day is None else day_number(day))
    then, now = found
    return None if then is None or now is None else (then, now)

"""What one visitor holds: the shop they loaded, what they set, and the analysis of it.

Everything that a session loads hangs on one object in its session state and dies with it. Nothing is cached across
sessions.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from clvapp import read
from clvapp.analysis import Analysis
from clvapp.forecast.forecast import Forecast
from clvapp.forecast.intervals import Intervals
from clvapp.problems import Problem
from clvapp.read.understand import Reading
from clvapp.settings import Settings
from clvapp.shop import Prepared, Shop, read_whole
from clvapp.wording import Wording

Draw = Callable[..., Any]  # a chart's function: numbers, words and more -> an Altair chart


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture's specification, and what it was drawn of: how, and which numbers."""

    of: object
    numbers: pd.DataFrame
    spec: dict[str, Any]


@dataclass(eq=False)
class Session:
    """What one person has loaded and set. `loads` numbers the widgets anew after each load."""

    shop: Shop | None = None
    settings: Settings = field(default_factory=Settings)
    reading: Reading = field(default_factory=Reading)
    asked: tuple[tuple[str, int], ...] = ()  # the files that `reading` was said of
    waiting: tuple[read.Source, ...] = ()  # files that wait for an answer, kept while their owner looks around
    refused: Problem | None = None  # why the setting that was chosen last is not in force
    segments: pd.DataFrame | None = None  # the owner's own table; the one everybody knows until then
    segment_edits: int = 0
    costs: dict[dt.date, float] = field(default_factory=dict)  # of winning a customer, by month
    note: str = ""  # on what changed between two days
    analysis: Analysis | None = None
    loads: int = 0
    attribute_loads: int = 0
    analyses: int = 0
    defused: dict[str, int] = field(default_factory=dict)  # by a download's name
    made: dict[str, tuple[pd.DataFrame, Any]] = field(default_factory=dict)  # by widget: a frame, and what it became
    pictures: dict[str, Picture] = field(default_factory=dict)
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    # A click starts a new run while the last one may still be computing: one at a time may use what is loaded.
    turn: RLock = field(default_factory=RLock)


def session() -> Session:
    """The session's own object."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    found: Session = st.session_state["session"]
    return found


def words() -> Wording:
    """How this reader reads numbers, in the shop's currency."""
    found = session().analysis
    return Wording(_locale()) if found is None else found.words


def _locale() -> str:
    return st.context.locale or "en_US"


def current_analysis() -> Analysis:
    """The analysis of what is loaded, under the settings in force."""
    current = session()
    if current.analysis is None:
        assert current.shop is not None  # noqa: S101 - asked for only with a shop
        return use(Analysis(current.shop, current.settings, locale=_locale()))
    return current.analysis


def use(found: Analysis) -> Analysis:
    """Make `found` what every page shows."""
    current = session()
    current.analysis = found
    current.analyses += 1
    current.made, current.pictures = {}, {}  # of the analysis before
    return found


def with_profile(current: Analysis) -> Analysis:
    """The same with its profile and lists made, its steps shown while that takes time."""
    _computed(current, "targets")
    return current


def with_forecast(current: Analysis) -> Forecast | None:
    """The forecast, its steps shown while it is tested on the shop's own past."""
    _computed(current, "forecast")
    return current.forecast


def with_intervals(current: Analysis) -> Intervals | None:
    """How far off it may be; the numbers stand on the page before."""
    _computed(current, "intervals")
    return current.intervals


def _computed(current: Analysis, part: str) -> None:
    """Have `part` computed once, its steps shown meanwhile."""
    if part not in vars(current):
        with _steps() as current.progress:
            getattr(current, part)


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """A place that says what long work is doing, and is gone when it is done."""
    place = st.empty()
    status = place.status("Working")
    try:
        yield lambda step: status.update(label=step)
    finally:
        place.empty()


def keep(made: Prepared) -> None:
    """Read what was looked at and load it. Raises a `Problem` or `Question`, and then nothing has changed."""
    current = session()
    with _steps() as progress:
        shop = read_whole(made, progress=progress)
        try:
            found = Analysis(shop, Settings(), progress, locale=_locale())
            _ = found.customers
        except BaseException:  # a person who moves on stops this run: nothing of it may stay
            shop.close()
            raise
    if current.shop is not None:
        current.shop.close()
    give_back(f"orders_{current.loads}")
    current.shop, current.settings = shop, Settings()
    current.reading, current.asked, current.waiting, current.loads = Reading(), (), (), current.loads + 1
    current.costs, current.note, current.refused = {}, "", None
    use(found)


def give_back(key: str) -> None:
    """Free the bytes of an upload: Streamlit keeps them until the session ends (no public call for it, #9218)."""
    context = get_script_run_ctx()
    given = st.session_state.get(key) or []
    for file in given if isinstance(given, list) else [given]:
        if context is not None and hasattr(context, "uploaded_file_mgr"):
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)  # type: ignore[attr-defined]

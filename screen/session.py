"""Holds what one visitor has: the shop they loaded, what they set, and the analysis of it.

All of it hangs on one object in the visitor's session state and dies with it. Sessions share no cache.
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
from clvapp.database import in_memory
from clvapp.days import latest_today
from clvapp.forecast.forecast import Forecast
from clvapp.forecast.intervals import Intervals
from clvapp.problems import Problem
from clvapp.read.understand import Reading
from clvapp.settings import Settings
from clvapp.shop import Prepared, Shop, read_whole, silent
from clvapp.wording import Wording
from screen.limits import make_room
from screen.visits import alone

Draw = Callable[..., Any]  # a chart's function: numbers, words and more -> an Altair chart


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture's specification, and what it was drawn from: the function, the numbers, the words."""

    of: object
    numbers: pd.DataFrame
    spec: dict[str, Any]


@dataclass(eq=False)
class Session:
    """What one person has loaded and set. Widget keys end in `loads`, of settings in `form`."""

    shop: Shop | None = None
    settings: Settings = field(default_factory=Settings)
    reading: Reading = field(default_factory=Reading)
    asked: tuple[tuple[str, int], ...] = ()  # the files that `reading` is about
    waiting: tuple[read.Source, ...] = ()  # files that wait for an answer, kept while their owner looks around
    refused: Problem | None = None  # why the last choice of a setting was not applied
    segments: pd.DataFrame | None = None  # the owner's own table; None: the well-known one
    segment_edits: int = 0
    costs: dict[dt.date, float] = field(default_factory=dict)  # of winning a customer, by month
    note: str = ""  # the owner's, on what they changed between two days
    back: int = 0  # how often the owner went back to the usual settings
    page: str = "orders"  # the one that is open, by its module's name
    analysis: Analysis | None = None
    loads: int = 0
    attribute_loads: int = 0
    analyses: int = 0
    defused: dict[str, int] = field(default_factory=dict)  # by a download's name
    made: dict[str, tuple[pd.DataFrame, Any]] = field(default_factory=dict)  # by widget: a frame, and its result
    pictures: dict[str, Picture] = field(default_factory=dict)
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    scripts: list[dict[str, Any]] = field(default_factory=list)  # the names of the page that is shown
    # A click starts a new run while the last may still be computing. Only one at a time may use what is loaded.
    turn: RLock = field(default_factory=RLock)

    @property
    def form(self) -> str:
        """What the keys of settings end in: another with each load, and when the usual settings come back."""
        return f"{self.loads}_{self.back}"

    def end(self) -> None:
        """Forget everything, at once: nothing may wait until Python next looks for circles of objects."""
        if self.shop is not None:
            self.shop.close()
        self.leave_page()
        vars(self).update(vars(Session(turn=self.turn)))

    def rest(self) -> None:
        """Take less memory until the next click."""
        if self.shop is not None:
            self.shop.engine.rest()

    def leave_page(self) -> None:
        """Forget the names of the page shown so far. Its functions and its names refer to each other."""
        while self.scripts:
            self.scripts.pop().clear()


def session() -> Session:
    """The session's own object."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    found: Session = st.session_state["session"]
    return found


def words() -> Wording:
    """Wording in this reader's locale and the shop's currency."""
    found = session().analysis
    return Wording(_locale()) if found is None else found.words


def _locale() -> str:
    return st.context.locale or "en_US"


def _today() -> dt.date:
    return latest_today(dt.datetime.now(tz=dt.UTC))


def current_analysis() -> Analysis:
    """The analysis of what is loaded, under the settings in force."""
    current = session()
    if current.analysis is None:
        assert current.shop is not None  # noqa: S101 - asked for only with a shop
        return use(Analysis(current.shop, current.settings, locale=_locale(), today=_today()))
    return current.analysis


def use(found: Analysis) -> Analysis:
    """Make `found` what every page shows."""
    current = session()
    current.analysis = found
    current.analyses += 1
    current.made, current.pictures = {}, {}  # of the analysis before
    return found


def put_in_force(settings: Settings) -> bool:
    """Apply `settings`, and say whether anything changed. If they cannot be used, keep the earlier ones."""
    current = session()
    before = current.settings
    if settings == before or current.shop is None:
        return False
    current.settings, current.analysis, current.refused = settings, None, None
    try:
        with in_memory():
            _ = current_analysis().customers
    except Problem as problem:
        current.settings, current.analysis, current.refused = before, None, problem.with_traceback(None)
        return False
    return True


def with_profile(current: Analysis) -> Analysis:
    """The same with its profile and lists made. Shows the steps meanwhile."""
    _computed(current, "targets")
    return current


def with_forecast(current: Analysis) -> Forecast | None:
    """The forecast. Shows the steps while it is back-tested on the shop's own past."""
    _computed(current, "forecast")
    return current.forecast


def with_intervals(current: Analysis) -> Intervals | None:
    """How far off the forecast may be. Takes longer, so the forecast itself is already on the page by then."""
    _computed(current, "intervals")
    return current.intervals


def _computed(current: Analysis, part: str) -> None:
    """Compute `part` unless it is there already, and show the steps meanwhile."""
    if part not in vars(current):
        with at_work() as progress:
            make_room(newcomer=False)
            current.progress = progress
            try:
                getattr(current, part)
            finally:
                current.progress = silent


@contextmanager
def at_work() -> Iterator[Callable[[str], None]]:
    """Large work, while no other visitor does any. A placeholder says what it is doing, and disappears at the end."""
    place = st.empty()
    status = place.status("Working")
    try:
        with alone(lambda ahead: status.update(label=_waiting(ahead))):
            yield lambda step: status.update(label=step)
    finally:
        place.empty()


@contextmanager
def our_turn() -> Iterator[None]:
    """Wait until no other visitor does large work, and say so meanwhile."""
    place = st.empty()
    with alone(lambda ahead: place.info(_waiting(ahead))):
        place.empty()
        yield


def _waiting(ahead: int) -> str:
    return f"Others are being served first: {words().count(ahead, 'visitor')} before you. This starts by itself"


def keep(made: Prepared) -> None:
    """Read the prepared files and load them. If it raises a `Problem` or `Question`, nothing has changed."""
    current = session()
    with at_work() as progress:
        make_room(newcomer=True)
        with in_memory():
            shop = read_whole(made, progress=progress)
        try:
            found = Analysis(shop, Settings(), progress, locale=_locale(), today=_today())
            with in_memory():
                _ = found.customers
        except BaseException:  # moving on to another page stops this run, and nothing of it may stay
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
    """Free an upload's bytes, which Streamlit keeps until the session ends (no public call frees them, #9218)."""
    context = get_script_run_ctx()
    given = st.session_state.get(key) or []
    for file in given if isinstance(given, list) else [given]:
        if context is not None and hasattr(context, "uploaded_file_mgr"):
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)  # type: ignore[attr-defined]

"""What all pages share: the session's orders and settings, how a problem is shown, and the one download button.

Everything that a session loads hangs on one object in its session state and dies with it. Nothing is cached across
sessions, and text of a file reaches the page only through `wording.markdown_safe`, `st.text` or a data frame.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from threading import RLock
from typing import Any, ParamSpec

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.column_types import ColumnConfig
from streamlit.runtime.scriptrunner import get_script_run_ctx

from clvapp import analysis as stages
from clvapp import chart, columns, export, read, story, wording
from clvapp.analysis import Analysis, Reading, Settings, Shop, date
from clvapp.problems import Problem
from clvapp.value.forecast import Forecast
from clvapp.value.ranges import Intervals
from clvapp.wording import Wording, markdown_safe

SHOWN_ROWS = 1_000
_Asked = ParamSpec("_Asked")
_INSIDE = ContextVar("_INSIDE", default=False)  # whether a part of a page is being drawn
Draw = Callable[..., Any]  # a chart's function: numbers, words and more -> an Altair chart


@dataclass(frozen=True, eq=False)
class _Picture:
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
    pictures: dict[str, _Picture] = field(default_factory=dict)
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    # A click starts a new run while the last one may still be computing: one at a time may use what is loaded.
    turn: RLock = field(default_factory=RLock)


def session() -> Session:
    """The session's own object."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    found: Session = st.session_state["session"]
    return found


def run(pages: Mapping[str, Sequence[object]]) -> None:
    """Run the page that is open. A `Problem` becomes its sentence; nothing else is caught."""
    st.session_state["app_has_run"] = True
    page = st.navigation({section: list(of) for section, of in pages.items()})  # type: ignore[arg-type]
    _sidebar()
    with session().turn:
        try:
            page.run()
        except Problem as problem:
            show(problem)


def part(draw: Callable[_Asked, None]) -> Callable[_Asked, None]:
    """A part of a page: a click on a widget in it runs it anew, and nothing else. A `Problem` becomes its sentence.

    A part of a part is no part of its own: what is around it runs, too, which costs less than to keep them apart.
    """

    @wraps(draw)
    def drawn(*args: _Asked.args, **kwargs: _Asked.kwargs) -> None:
        before = _INSIDE.set(True)
        with session().turn:
            try:
                draw(*args, **kwargs)
            except Problem as problem:
                show(problem)
            finally:
                _INSIDE.reset(before)

    alone = st.fragment(drawn)
    return wraps(draw)(lambda *args, **kwargs: (drawn if _INSIDE.get() else alone)(*args, **kwargs))


def page(title: str) -> None:
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


def words() -> Wording:
    """How this reader reads numbers, in the shop's currency."""
    current = session()
    currency = current.analysis.cleaned.currency if current.analysis is not None else None
    return Wording(st.context.locale or "en_US", currency)


def show(problem: Problem) -> None:
    """A problem in its own sentence."""
    st.error(markdown_safe(problem))


def analysis(promise: str) -> Analysis:
    """The analysis of what is loaded; without orders, the page's `promise` and a way to see it kept."""
    current = session()
    if current.shop is None:
        st.markdown(promise)
        with st.container(horizontal=True):
            sample_button()
            st.page_link("pages/orders.py", label="Load your own orders")
        st.stop()
    return _current(current)


def _current(current: Session) -> Analysis:
    if current.analysis is None:
        assert current.shop is not None  # noqa: S101 - asked for only with a shop
        return _use(Analysis(current.shop, current.settings))
    return current.analysis


def _use(found: Analysis) -> Analysis:
    current = session()
    current.analysis = found
    current.analyses += 1
    found.money = words().money
    current.made, current.pictures = {}, {}  # of the analysis before
    return found


def learned(current: Analysis) -> Analysis:
    """The same with its profile and lists made, its steps shown while that takes time."""
    _computed(current, "targets")
    return current


def foretold(current: Analysis) -> Forecast | None:
    """The forecast, its steps shown while it is tested on the shop's own past."""
    _computed(current, "forecast")
    return current.forecast


def ranged(current: Analysis) -> Intervals | None:
    """How far off it may be; the numbers stand on the page before."""
    _computed(current, "ranges")
    return current.ranges


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


def sample_button() -> None:
    """Load the sample shop, which makes itself."""
    if st.button("Try the sample shop", type="primary", key="sample"):
        from clvapp import sample

        keep([read.Source("sample-shop.csv", sample.shop().orders_csv)], Reading())
        st.rerun()


def keep(sources: Sequence[read.Source], reading: Reading) -> None:
    """Read `sources` and make them what is loaded. Raises a `Problem` or `Question`, and then nothing has changed."""
    current = session()
    with _steps() as progress:
        shop = stages.load(sources, reading, progress=progress)
        try:
            found = Analysis(shop, Settings(), progress)
            _ = found.customers
        except BaseException:  # a person who moves on stops this run: nothing of it may stay
            shop.close()
            raise
    if current.shop is not None:
        current.shop.close()
    give_back(f"orders_{current.loads}")
    current.shop, current.settings = shop, Settings()
    current.reading, current.asked, current.waiting, current.loads = Reading(), (), (), current.loads + 1
    current.costs, current.note = {}, ""
    _use(found)


def give_back(key: str) -> None:
    """Free the bytes of an upload: Streamlit keeps them until the session ends (no public call for it, #9218)."""
    context = get_script_run_ctx()
    given = st.session_state.get(key) or []
    for file in given if isinstance(given, list) else [given]:
        if context is not None and hasattr(context, "uploaded_file_mgr"):
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)  # type: ignore[attr-defined]


def safe(text: object) -> str:
    """`text`, whatever it holds, as Markdown that shows it as it is."""
    return markdown_safe(text)


def answer(sentence: str) -> None:
    """The page's answer, in a sentence."""
    st.markdown(f"#### {markdown_safe(sentence)}")


def figures(of: Sequence[story.Figure]) -> None:
    """The figures behind the answer."""
    for column, figure in zip(st.columns(max(1, len(of))), of, strict=False):
        column.metric(markdown_safe(figure.label), markdown_safe(figure.value), help=markdown_safe(figure.meaning))


def picture(
    draw: Draw, numbers: pd.DataFrame, key: str, *, picks: str | None = None, **how: object
) -> Mapping[str, Sequence[float]]:
    """A chart of `numbers`, which are one click away. With `picks`, the box that was drawn: ranges by column; else {}.

    `draw` gets the numbers, the reader's words, and `how`.
    """
    picked: Mapping[str, Sequence[float]] = {}
    if picks is None:
        st.vega_lite_chart(spec=_drawn(draw, numbers, key, how))
    else:
        event = st.vega_lite_chart(spec=_drawn(draw, numbers, key, how), key=f"chart_{key}", on_select="rerun")
        picked = event["selection"].get(picks, {})
    _numbers(numbers, key)
    return picked


@part
def _numbers(numbers: pd.DataFrame, key: str) -> None:
    """The numbers behind a picture; a click on them runs nothing else of the page anew."""
    behind = st.expander("The numbers behind this picture", key=f"numbers_{key}", on_change="rerun")
    if behind.open:
        days = {str(name): st.column_config.DateColumn() for name in numbers.select_dtypes("datetime")}
        with behind:
            st.dataframe(numbers, hide_index=True, key=f"frame_{key}", column_config=days)


def line(place: DeltaGenerator, of: story.Line, current: Analysis) -> None:
    """A sentence of the overview where it belongs: its link, and a small picture by month."""
    reader, months = words(), story.monthly(current)
    with place.container():
        left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
        with left:
            answer(of.sentence)
            st.page_link(of.page, label=f"{of.link} →")
        with right:
            tell = reader.money if of.unit == "money" else reader.count
            how = {"y": of.series, "label": of.label, "tell": tell}
            st.vega_lite_chart(spec=_drawn(chart.sparkline, months, of.series, how))
            st.caption(markdown_safe(story.latest(months, of, reader)))


def _drawn(draw: Draw, numbers: pd.DataFrame, key: str, how: Mapping[str, object]) -> dict[str, Any]:
    """The picture, drawn anew only where its numbers or words are not those of the last time."""
    reader = words()
    of = (draw.__name__, repr(reader), repr(how))
    pictures = session().pictures
    kept = pictures.get(key)
    # A frame is never changed, so the same one holds the same.
    if kept is None or kept.of != of or not (numbers is kept.numbers or numbers.equals(kept.numbers)):
        pictures[key] = _Picture(of, numbers, chart.spec(draw(numbers, reader, **how)))
    elif numbers is not kept.numbers:
        pictures[key] = replace(kept, numbers=numbers)
    return pictures[key].spec


def table(frame: pd.DataFrame, of: Sequence[columns.Column], key: str) -> None:
    """The first rows of `frame` under the words people read, each heading with its meaning."""
    shown, config = _kept(key, frame, lambda: _shown(frame, of))
    st.dataframe(shown, hide_index=True, key=key, column_config=config)
    _say_how_many(frame)


def _shown(frame: pd.DataFrame, of: Sequence[columns.Column]) -> tuple[pa.Table, dict[str, ColumnConfig]]:
    """The first rows and how they show: shares as whole percent, money to the cent, whole from 100 on."""
    present = columns.telling(frame, of)
    shown = frame[columns.names(present)].head(SHOWN_ROWS).copy()
    for column in present:
        if column.unit == "share":
            shown[column.name] = (100 * shown[column.name]).round(0)
        if column.unit == "money":
            shown[column.name] = shown[column.name].round(0 if shown[column.name].abs().median() >= 100 else 2)
    return _rows(shown), {column.name: _column(column) for column in present}


def _rows(frame: pd.DataFrame) -> pa.Table:
    """The rows as Streamlit sends them, so that it need not make them so at each click."""
    return pa.Table.from_pandas(frame, preserve_index=False)


def _column(column: columns.Column) -> ColumnConfig:
    formats = {"share": "%d%%", "money": "localized", "weeks": "%.1f", "times": "%.1f", "days": "%d"}
    if column.dtype == "date":
        month = "MMM YYYY" if column.unit == "months" else None
        return st.column_config.DateColumn(column.label, help=column.meaning, format=month)
    if column.dtype in {"number", "integer"}:
        return st.column_config.NumberColumn(column.label, help=column.meaning, format=formats.get(column.unit))
    return st.column_config.Column(column.label, help=column.meaning)


def _say_how_many(frame: pd.DataFrame) -> None:
    if len(frame) > SHOWN_ROWS:
        st.caption(f"The first {words().count(SHOWN_ROWS)} of {words().count(len(frame))}; the download holds all.")


def sentences_table(frame: pd.DataFrame) -> None:
    """A short table of text that wraps, shown as it is."""
    safe_text = _kept(
        f"sentences {list(frame.columns)}", frame,
        lambda: _rows(frame.map(markdown_safe).rename(columns=markdown_safe)),
    )  # fmt: skip
    st.table(safe_text, border="horizontal", hide_index=True)


def _csv(frame: pd.DataFrame) -> bytes:
    return export.csv_file(frame).content


def download(frame: pd.DataFrame, stem: str, label: str) -> None:
    """A safe CSV of `frame`, made when it is asked for; the file's name is this session's and these rows' own."""
    current = session()
    name = _kept(f"download {stem}", frame, lambda: _file_name(frame, stem))
    make = partial(_csv, frame)
    st.download_button(label, make, name, "text/csv", key=f"download_{stem}", on_click="ignore", disabled=frame.empty)
    if name not in current.defused:
        current.defused[name] = export.cells_to_defuse(frame)
    if said := wording.defused_sentence(words(), defused=current.defused[name]):
        st.caption(safe(said))


def _file_name(frame: pd.DataFrame, stem: str) -> str:
    """A name of this session's and these rows' own."""
    current = session()
    rows_hash = int(pd.util.hash_pandas_object(frame.iloc[:, :1], index=False).sum()) if frame.shape[1] else 0
    return export.file_name(stem, f"{current.secret} {current.analyses} {len(frame)} {rows_hash}")


def _kept(key: str, frame: pd.DataFrame, make: Callable[[], Any]) -> Any:
    """What `make` makes of `frame`, made again only for another frame: a page runs anew at each click."""
    made = session().made
    if key not in made or made[key][0] is not frame:
        made[key] = frame, make()
    return made[key][1]


def download_page(make: Callable[[], bytes], stem: str, label: str, *, of: object) -> None:
    """A page of HTML to keep or send, made when it is asked for; `of` is what it depends on beside the analysis."""
    current = session()
    name = export.file_name(stem, f"{current.secret} {current.analyses} {of!r}", "html")
    st.download_button(label, make, name, "text/html", key=f"download_{stem}", on_click="ignore")


def computed(paragraphs: Sequence[str]) -> None:
    """How it is computed, for those who ask."""
    with st.expander("How is this computed?"):
        for paragraph in paragraphs:
            st.markdown(markdown_safe(paragraph))


def age_of_orders(current: Analysis) -> str:
    """How old the last order is today: the only look at the clock, for a shop may have closed."""
    days = (dt.datetime.now(tz=dt.UTC).date() - date(current.span[1])).days
    return f"The last order in the file is {words().count(days, 'day')} old today." if days > 1 else ""


def notes(sentences: Sequence[str]) -> None:
    """What the data cannot say, or says with a catch."""
    for sentence in filter(None, sentences):
        st.caption(f"• {markdown_safe(sentence)}")

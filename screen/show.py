"""Puts sentences, figures, pictures, tables and downloads on a page.

Text from a file reaches the page only through `wording.markdown_safe`, `st.text` or a data frame.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from functools import partial, wraps
from typing import Any, ParamSpec

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.column_types import ColumnConfig

from clvapp import columns
from clvapp.analysis import Analysis
from clvapp.chart import behind
from clvapp.chart.overview import sparkline
from clvapp.chart.spec import spec
from clvapp.database import in_memory
from clvapp.days import date
from clvapp.export import csv
from clvapp.problems import Problem
from clvapp.story import overview
from clvapp.story.figure import Figure
from clvapp.wording import as_sentences_round, markdown_safe, share_digits
from screen.session import Picture, session, words

_Asked = ParamSpec("_Asked")


_OPTION = re.compile(r" \(on the command line: [^)]*\)")
_INSIDE = ContextVar("_INSIDE", default=False)  # whether a part of a page is being drawn


def fragment(draw: Callable[_Asked, None]) -> Callable[_Asked, None]:
    """A part of a page that reruns by itself when one of its widgets is clicked. A `Problem` is shown as its sentence.

    Inside another fragment it is not separate: the outer one reruns as a whole, which costs less than keeping two.
    """

    @wraps(draw)
    def drawn(*args: _Asked.args, **kwargs: _Asked.kwargs) -> None:
        before = _INSIDE.set(True)
        with session().turn:
            try:
                with in_memory():
                    draw(*args, **kwargs)
            except Problem as found:
                problem(found)
            finally:
                _INSIDE.reset(before)

    if draw.__globals__["__name__"] == "__main__":  # a function of a page, made anew at each run
        session().scripts.append(draw.__globals__)
    alone = st.fragment(drawn)
    return wraps(draw)(lambda *args, **kwargs: (drawn if _INSIDE.get() else alone)(*args, **kwargs))


Draw = Callable[..., Any]  # a chart's function: numbers, words and more -> an Altair chart
SHOWN_ROWS = 1_000


def problem(found: Problem) -> None:
    """A problem in its own sentence."""
    st.error(markdown_safe(found))


def safe(text: object) -> str:
    """Markdown that shows `text` exactly as it is, whatever it holds."""
    return markdown_safe(text)


def answer(sentence: str) -> None:
    """Show the page's answer, a sentence."""
    st.markdown(f"#### {markdown_safe(sentence)}")


def figures(of: Sequence[Figure]) -> None:
    """The figures behind the answer."""
    for column, figure in zip(st.columns(max(1, len(of))), of, strict=False):
        column.metric(markdown_safe(figure.label), markdown_safe(figure.value), help=markdown_safe(figure.meaning))


def picture(
    draw: Draw, numbers: pd.DataFrame, key: str, *, picks: str | None = None, **how: object
) -> Mapping[str, Sequence[float]]:
    """Draw a chart of `numbers`, which are one click away. With `picks`, return the box drawn on it, else {}.

    The box holds a range by column. `draw` gets the numbers, the reader's words, and `how`.
    """
    picked: Mapping[str, Sequence[float]] = {}
    if picks is None:
        st.vega_lite_chart(spec=_drawn(draw, numbers, key, how))
    else:
        event = st.vega_lite_chart(spec=_drawn(draw, numbers, key, how), key=f"chart_{key}", on_select="rerun")
        picked = event["selection"].get(picks, {})
    _numbers(numbers, key, behind.columns(draw))
    return picked


def picture_if_any(draw: Draw, numbers: pd.DataFrame, key: str, *, title: str) -> None:
    """Draw a chart of `numbers`; where there are none, its title says why."""
    if len(numbers):
        picture(draw, numbers, key, title=title)
    else:
        st.markdown(safe(f"{title}."))


@fragment
def _numbers(numbers: pd.DataFrame, key: str, of: Sequence[columns.Column]) -> None:
    """The numbers behind a picture, under labels that people read. Clicking on them reruns nothing else on the page."""
    place = st.expander("The numbers behind this picture", key=f"numbers_{key}", on_change="rerun")
    if place.open:
        present = [column for column in of if column.name in numbers]
        config = {str(name): st.column_config.DateColumn() for name in numbers.select_dtypes("datetime")}
        config |= {column.name: _column(column, percent=False) for column in present}
        with place:
            shown = numbers[columns.names(present)] if present else numbers
            st.dataframe(shown, hide_index=True, key=f"frame_{key}", column_config=config)


def line(place: DeltaGenerator, of: overview.Line, current: Analysis) -> None:
    """Put a sentence of the overview in its place, with its link and a small picture by month."""
    reader, months = words(), overview.monthly(current)
    with place.container():
        left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
        with left:
            answer(of.sentence)
            st.page_link(of.page, label=f"{of.link} →")
        with right:
            tell = reader.money if of.unit == "money" else reader.count
            how = {"y": of.series, "label": of.label, "tell": tell}
            st.vega_lite_chart(spec=_drawn(sparkline, months, of.series, how))
            st.caption(markdown_safe(overview.latest(months, of, reader)))


def _drawn(draw: Draw, numbers: pd.DataFrame, key: str, how: Mapping[str, object]) -> dict[str, Any]:
    """The picture, redrawn only if its numbers or words have changed since last time."""
    reader = words()
    of = (draw.__name__, repr(reader), repr(how))
    pictures = session().pictures
    kept = pictures.get(key)
    # Nobody changes a frame in place, so the same object holds the same numbers.
    if kept is None or kept.of != of or not (numbers is kept.numbers or numbers.equals(kept.numbers)):
        pictures[key] = Picture(of, numbers, spec(draw(numbers, reader, **how)))
    elif numbers is not kept.numbers:
        pictures[key] = replace(kept, numbers=numbers)
    return pictures[key].spec


def table(frame: pd.DataFrame, of: Sequence[columns.Column], key: str) -> None:
    """Show the first rows of `frame` under labels that people read; each heading explains itself."""
    shown, config = _kept(key, frame, lambda: _shown(frame, of))
    st.dataframe(shown, hide_index=True, key=key, column_config=config)
    _say_how_many(frame)


def _shown(frame: pd.DataFrame, of: Sequence[columns.Column]) -> tuple[pa.Table, dict[str, ColumnConfig]]:
    """The first rows, and how to show them: shares as in a sentence, money to the cent, or whole from 100 on."""
    present = columns.telling(frame, of)
    shown = frame[columns.names(present)].head(SHOWN_ROWS).copy()
    for column in present:
        if column.unit == "share":
            shown[column.name] = shown[column.name].map(_percent)
        if column.unit == "money":
            shown[column.name] = _rounded(shown[column.name], 0 if shown[column.name].abs().median() >= 100 else 2)
    return _rows(shown), {column.name: _column(column) for column in present}


def _percent(share: float) -> float:
    """A share in percent, rounded as in a sentence."""
    if pd.isna(share):
        return float("nan")
    digits = share_digits(share)
    return as_sentences_round(100 * as_sentences_round(share, digits + 2), digits)  # 0.29 x 100 is not quite 29


def _rounded(numbers: pd.Series, digits: int) -> pd.Series:
    return numbers.map(partial(as_sentences_round, digits=digits))


def _rows(frame: pd.DataFrame) -> pa.Table:
    """The rows as Arrow, the way Streamlit sends them, so that it need not convert them at each click."""
    return pa.Table.from_pandas(frame, preserve_index=False)


def _column(column: columns.Column, *, percent: bool = True) -> ColumnConfig:
    # For "%d" a browser cuts the decimals off; for "%.0f" it rounds; "%g" shows what there is. A fraction is "percent".
    share = "%g%%" if percent else "percent"
    formats = {"share": share, "money": "localized", "weeks": "%.1f", "times": "%.1f", "days": "%.0f"}
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
    """Show a short table of text, where there is any. Long cells wrap."""
    if frame.empty:
        return
    safe_text = _kept(
        f"sentences {list(frame.columns)}", frame,
        lambda: _rows(frame.map(markdown_safe).rename(columns=markdown_safe)),
    )  # fmt: skip
    st.table(safe_text, border="horizontal", hide_index=True)


def _csv(frame: pd.DataFrame) -> bytes:
    return csv.csv_file(frame).content


def download(frame: pd.DataFrame, stem: str, label: str) -> None:
    """Offer `frame` as a safe CSV, made when asked for. No other session and no other rows share its file name."""
    current = session()
    name = _kept(f"download {stem}", frame, lambda: _file_name(frame, stem))
    make = partial(_csv, frame)
    st.download_button(label, make, name, "text/csv", key=f"download_{stem}", on_click="ignore", disabled=frame.empty)
    if name not in current.defused:
        current.defused[name] = csv.cells_to_defuse(frame)
    if said := csv.defused_sentence(words(), defused=current.defused[name]):
        st.caption(safe(said))


def _file_name(frame: pd.DataFrame, stem: str) -> str:
    """A file name that no other session and no other rows share."""
    current = session()
    rows_hash = int(pd.util.hash_pandas_object(frame.iloc[:, :1], index=False).sum()) if frame.shape[1] else 0
    return csv.file_name(stem, f"{current.secret} {current.analyses} {len(frame)} {rows_hash}")


def _kept(key: str, frame: pd.DataFrame, make: Callable[[], Any]) -> Any:
    """What `make` returns for `frame`, kept until the frame is another: a page reruns at each click."""
    made = session().made
    if key not in made or made[key][0] is not frame:
        made[key] = frame, make()
    return made[key][1]


def download_page(make: Callable[[], bytes], stem: str, label: str, *, of: object) -> None:
    """Offer a page of HTML to keep or send, made when asked for. Beside the analysis it depends on `of`."""
    current = session()
    name = csv.file_name(stem, f"{current.secret} {current.analyses} {of!r}", "html")
    st.download_button(label, make, name, "text/html", key=f"download_{stem}", on_click="ignore")


def computed(paragraphs: Sequence[str]) -> None:
    """Explain how it is computed, for those who ask."""
    with st.expander("How is this computed?"):
        for paragraph in paragraphs:
            st.markdown(markdown_safe(paragraph))


def age_of_orders(current: Analysis) -> str:
    """How old the last order is today. Only this looks at the clock, because a shop may have closed."""
    days = (dt.datetime.now(tz=dt.UTC).date() - date(current.span[1])).days
    return f"The last order in the file is {words().count(days, 'day')} old today." if days > 1 else ""


def notes(sentences: Sequence[str]) -> None:
    """Show what the data cannot say, or says with a catch; what to type on the command line is of no use on a page."""
    for sentence in filter(None, sentences):
        st.caption(f"• {markdown_safe(_OPTION.sub('', sentence))}")

"""What all pages share: the session's orders and settings, how a problem is shown, and the one download button.

Everything that a session loads hangs on one object in its session state and dies with it. Nothing is cached across
sessions, and text of a file reaches the page only through `wording.markdown_safe`, `st.text` or a data frame.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

import altair as alt
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig
from streamlit.runtime.scriptrunner import get_script_run_ctx

from clvapp import analysis as stages
from clvapp import columns, export, read, saved_mapping, wording
from clvapp.analysis import Analysis, Reading, Settings, Shop, date
from clvapp.problems import FormatUnclear, NoOrderCounts, Problem, Question, SheetUnclear
from clvapp.saved_mapping import SavedMapping
from clvapp.story import Figure
from clvapp.value import historic
from clvapp.wording import Wording, markdown_safe

FILE_TYPES = [
    "csv", "txt", "tsv", "tab", "xlsx", "xlsm", "xls", "ods", "parquet", "zip", "gz", "htm", "html", "xml", "json",
]  # fmt: skip
SHOWN_ROWS = 1_000


@dataclass(eq=False)
class Session:
    """What one person has loaded and set. `loads` numbers the widgets anew after each load."""

    shop: Shop | None = None
    settings: Settings = field(default_factory=Settings)
    reading: Reading = field(default_factory=Reading)
    asked: tuple[tuple[str, int], ...] = ()  # the files that `reading` was said of
    waiting: tuple[read.Source, ...] = ()  # files that wait for an answer, kept while their owner looks around
    analysis: Analysis | None = None
    loads: int = 0
    attribute_loads: int = 0
    analyses: int = 0
    defused: dict[str, int] = field(default_factory=dict)  # by a download's name
    secret: str = field(default_factory=lambda: secrets.token_hex(16))


def session() -> Session:
    """The session's own object."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    found: Session = st.session_state["session"]
    return found


# --- the frame of every page ------------------------------------------------------------------------------------------


def run(pages: Mapping[str, Sequence[object]]) -> None:
    """Run the page that is open. A `Problem` becomes its sentence; nothing else is caught."""
    st.session_state["app_has_run"] = True
    page = st.navigation({section: list(of) for section, of in pages.items()})  # type: ignore[arg-type]
    _sidebar()
    try:
        page.run()
    except Problem as problem:
        show(problem)


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
    return found


def learned(current: Analysis) -> Analysis:
    """The same with its profile and lists made, its steps shown while that takes time."""
    if "targets" not in vars(current):
        with _steps() as current.progress:
            _ = current.targets
    return current


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """A place that says what long work is doing, and is gone when it is done."""
    place = st.empty()
    status = place.status("Working")
    try:
        yield lambda step: status.update(label=step)
    finally:
        place.empty()


# --- loading ----------------------------------------------------------------------------------------------------------


def sample_button() -> None:
    """Load the sample shop, which makes itself."""
    if st.button("Try the sample shop", type="primary", key="sample"):
        from clvapp import sample

        keep([read.Source("sample-shop.csv", sample.shop().orders_csv)], Reading())
        st.rerun()


def uploads() -> list[read.Source]:
    """The files dropped on the page and not yet loaded, or those that still wait for an answer."""
    current = session()
    files = st.file_uploader(
        "Your order export: CSV or Excel, one file or several months together",
        type=FILE_TYPES,
        accept_multiple_files=True,
        key=f"orders_{current.loads}",
        on_change=_forget_waiting,
    )
    if files or not current.waiting:
        return [read.Source(file.name, file.getvalue()) for file in files]
    st.text(", ".join(source.name for source in current.waiting))
    st.button("Forget these files", on_click=_forget_waiting, key="forget_waiting")
    return list(current.waiting)


def _forget_waiting() -> None:
    session().waiting = ()


def offer(sources: Sequence[read.Source]) -> None:
    """Load `sources`, asking first what only their owner can say; what was loaded before stays until that worked."""
    current = session()
    given = tuple((source.name, source.size()) for source in sources)
    if current.asked != given:  # what was said of other files is not true of these
        current.reading, current.asked = Reading(), given
    said = current.reading.saved
    try:
        exports, saved = saved_mapping.split(sources)
        reading = replace(current.reading, saved=(*said, *saved))
        tables = stages.opened(exports, reading)
        guessed = [one for one in (stages.understand(table, reading) for table in tables) if one.guessed]
        if guessed:
            current.waiting = tuple(sources)
            ask_columns(guessed[0])
            return
        keep(sources, current.reading)
    except Question as question:
        current.waiting = tuple(sources)
        ask(question)
    except Problem as problem:
        show(problem)
        if said:
            st.button("Choose the columns again", key="again")
        current.reading, current.waiting = Reading(), ()
    else:
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
    _give_back(f"orders_{current.loads}")
    current.shop, current.settings = shop, Settings()
    current.reading, current.asked, current.waiting, current.loads = Reading(), (), (), current.loads + 1
    _use(found)


def _give_back(key: str) -> None:
    """Free the bytes of an upload: Streamlit keeps them until the session ends (no public call for it, #9218)."""
    context = get_script_run_ctx()
    given = st.session_state.get(key) or []
    for file in given if isinstance(given, list) else [given]:
        if context is not None and hasattr(context, "uploaded_file_mgr"):
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)  # type: ignore[attr-defined]


def offer_page() -> None:
    """A place to drop files, the sample shop, and where the files go."""
    sources = uploads()
    if sources:
        offer(sources)
    elif session().shop is None:
        sample_button()
    if session().shop is None:
        st.markdown(
            "- **What is a customer worth?** Average order × orders a year × years, and who is above and below "
            "average.\n- **What do the best have in common?** Learned from first orders, and tested on customers who "
            "came later.\n- **Who could be worth more?** A list of people below the average for their age who "
            "started like your best, with reasons; beside it whom to win back and whom to thank."
        )
    st.caption(
        "Shopify, WooCommerce and Stripe exports are read as they are; of any other file you confirm which column is "
        "which. Files are read on the computer that runs this app, kept in memory for your visit only, and never "
        "written to disk."
    )


def ask(question: Question) -> None:
    """Ask what only the owner can say; the answer is used at the next run."""
    st.warning(markdown_safe(str(question).split(" (on the command line")[0] + "."))
    answers: dict[str, dict[str, object]] = {
        "date_order": {"Day first": "day-first", "Month first": "month-first"},
        "decimal_sign": {"The point is the decimal sign": ".", "The point groups thousands": ","},
    }
    if isinstance(question, FormatUnclear):
        answers["format"] = {name: name for name in question.names}
    if isinstance(question, SheetUnclear):
        chosen_before = session().reading.sheets
        answers["sheets"] = {name: (*chosen_before, name) for name in question.names}
        answers["sheets"]["All of them"] = (*chosen_before, *question.names)
    choices = answers.get(question.setting, {})
    if choices:
        chosen = st.segmented_control("How is it meant?", list(choices), key=f"answer_{question.setting}")
        if chosen is not None:
            session().reading = replace(session().reading, **{question.setting: choices[chosen]})  # type: ignore[arg-type]
            st.rerun()


def ask_columns(one: stages.Understood) -> None:
    """Ask which column is which, with a guess, examples and the orders it would make."""
    st.subheader("Which column is which?")
    st.text(one.sheet.name)
    st.markdown("This export is new to us, so please check the guess.")
    said = SavedMapping(one.sheet.headings, _chosen_columns(one))
    current = session()
    reading = replace(current.reading, saved=(*current.reading.saved, said))
    try:
        shown = stages.preview(stages.understand(one.sheet.source, reading), reading)
    except NoOrderCounts as problem:  # of the first rows, that is: later ones may
        st.warning(f"Of the first rows: {markdown_safe(problem)}")
    except Question:  # asked of the whole column, once the columns are known
        pass
    except Problem as problem:
        show(problem)
        return
    else:
        st.markdown("The first orders would be:")
        table(shown, (columns.ORDER_ID, columns.CUSTOMER_ID, columns.ORDER_DATE, columns.REVENUE), key="preview")
    if st.button("Use these columns", type="primary", key="use_columns"):
        current.reading = reading
        st.rerun()


def _chosen_columns(one: stages.Understood) -> dict[str, tuple[str | int, ...]]:
    """A line a column: heading, examples, what it is for. Role -> headings, or places where a heading is no name."""
    from clvapp import formats

    role_of = {place: role for role, places in one.mapping.items() for place in places}
    plain = [formats.plain(heading) for heading in one.sheet.headings]
    layout = hashlib.sha256("\n".join(plain).encode("utf-8", "replace")).hexdigest()[:8]
    wanted: dict[str, tuple[str | int, ...]] = {}
    for place, heading in enumerate(one.sheet.headings):
        examples = [row[place].strip() for row in one.sheet.rows if row[place].strip()][:3]
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.text(heading or f"Column {place + 1}")
        left.caption(markdown_safe(" · ".join(example[:40] for example in examples) or "empty"))
        role = right.selectbox(
            f"What column {place + 1} is",
            [None, *formats.ROLES],
            key=f"role_{session().loads}_{layout}_{place}",
            index=[None, *formats.ROLES].index(role_of.get(place)),
            format_func=_role_label,
            label_visibility="collapsed",
        )  # fmt: skip
        if role:
            name = heading if heading and plain.count(plain[place]) == 1 else place
            wanted[role] = (*wanted.get(role, ()), name)
    return wanted


def saved_columns(current: Analysis) -> None:
    """What was said of exports that no format knows, to be dropped in with the next ones."""
    for number, said in enumerate(current.shop.saved, start=1):
        st.download_button(
            "Save which column is which" + (f" ({number})" if len(current.shop.saved) > 1 else ""), said.content(),
            export.file_name("columns", repr(said.headings), "json"), "application/json", key=f"columns_{number}",
            on_click="ignore",
            help="Drop this file in together with your next export, and its columns are not asked again.",
        )  # fmt: skip


def _role_label(role: str | None) -> str:
    from clvapp import formats

    return "not used" if role is None else formats.ROLES[role].split(":")[0].split(" (")[0]


def settings_form(current: Analysis) -> None:
    """What the owner may decide about the numbers: one place, used everywhere, kept while they look around."""
    number, cleaned = session().loads, current.cleaned
    left, right = st.columns(2, gap="large")
    with left:
        rule = st.selectbox(
            "Above average means above",
            list(_THRESHOLDS),
            format_func=_THRESHOLDS.__getitem__,
            key=f"threshold_{number}",
            persist_state="session",
        )  # fmt: skip
        end = st.date_input(
            "Look back from", value=date(current.span[1]), min_value=current.first_order, format="YYYY-MM-DD",
            key=f"observation_end_{number}", persist_state="session",
            help="The day the analysis looks back from. At first the day of the last order.",
        )  # fmt: skip
        margin = st.number_input(
            "Margin, in percent of revenue", 1, 100, 100, key=f"margin_{number}", persist_state="session",
            help="What you keep of a sale. Value so far is margin times revenue.",
        )  # fmt: skip
    with right:
        shipping = st.toggle("Shipping counts as revenue", True, key=f"shipping_{number}", persist_state="session")
        tax = st.toggle("Tax counts as revenue", True, key=f"tax_{number}", persist_state="session")
        pending = cleaned.pending_orders > 0 and st.toggle(
            f"Orders that wait for their money count ({words().count(cleaned.pending_orders)})", False,
            key=f"pending_{number}", persist_state="session",
        )  # fmt: skip
        currency = cleaned.currency
        if len(cleaned.currencies) > 1:
            currency = st.selectbox(
                "Currency to analyse",
                list(cleaned.currencies["currency"]),
                key=f"currency_{number}",
                persist_state="session",
            )
        rates = _ask_rates([code for code in cleaned.currencies["currency"] if code != currency], str(currency))
    apply(
        replace(
            current.settings,
            threshold=cast(historic.Threshold, rule),
            margin=margin / 100,
            count_shipping=shipping,
            count_tax=tax,
            count_pending=bool(pending),
            currency=currency if len(cleaned.currencies) > 1 else None,
            rates=rates,
            observation_end=None if end is None or end == date(current.span[1]) else end,
        )
    )  # fmt: skip


def _ask_rates(others: Sequence[str], main: str) -> dict[str, float]:
    """What a unit of each other currency is worth; without a rate its orders stay left out."""
    asked = {
        code: st.number_input(
            f"1 {code} in {main}", min_value=0.0, value=None, format="%g", placeholder="left out without a rate",
            key=f"rate_{session().loads}_{code}_{main}", persist_state="session",
        )
        for code in others[:_MOST_RATES]
    }  # fmt: skip
    return {code: rate for code, rate in asked.items() if rate}


_MOST_RATES = 12
_THRESHOLDS = {"mean": "the average (mean)", "median": "the middle customer (median)", "top": "all but the top fifth"}
_OPENINGS = {True: "Yes", False: "No, the shop is older"}


def ask_opening(current: Analysis) -> None:
    """Only the owner knows whether the file starts when the shop did; until they say so, the curve does."""
    told = st.segmented_control(
        "Does this file start when your shop opened?", list(_OPENINGS), format_func=_OPENINGS.__getitem__,
        key=f"opening_{session().loads}", persist_state="session",
        help="An export that starts later makes old customers look new; its first months are then left out where that "
        "matters: cohorts, profile and lists.",
    )  # fmt: skip
    apply(replace(current.settings, starts_at_opening=told))


def confirm_attributes() -> None:
    """Which columns of the file about customers were known at the first order: only the owner can say."""
    current = session()
    if current.shop is None or current.shop.attributes is None:
        return
    about = current.shop.attributes
    st.text(f"{about.name}: joined by '{about.key_heading}'")
    known = st.multiselect(
        "Which of these were known when the customer first ordered?",
        about.headings,
        key=f"known_{current.loads}_{current.attribute_loads}",
        persist_state="session", placeholder="none: nothing of the file is learned from",
        help="Spend, order counts, tiers and last-seen dates are results of buying; a profile built on them would only "
        "repeat itself, so they are set aside even if you name them.",
    )  # fmt: skip
    apply(replace(current.settings, known_at_first_order=tuple(known)))


def load_attributes() -> None:
    """A file about customers, joined to what is loaded; a `Problem` leaves everything as it was."""
    current = session()
    key = f"attributes_{current.loads}_{current.attribute_loads}"
    file = st.file_uploader("A file about your customers (by e-mail or customer number)", type=FILE_TYPES, key=key)
    if file is None or current.shop is None:
        return
    settings = replace(current.settings, known_at_first_order=())
    try:
        shop = stages.with_attributes(current.shop, read.Source(file.name, file.getvalue()))
        _ = Analysis(shop, settings).first_orders
    except Problem as problem:
        show(problem)
        return
    _give_back(key)
    current.shop, current.settings, current.analysis = shop, settings, None
    current.attribute_loads += 1
    st.rerun()


def apply(settings: Settings) -> None:
    """Use `settings` everywhere from now on; a `Problem` leaves the earlier ones in force."""
    current = session()
    if settings == current.settings or current.shop is None:
        return
    before = current.settings
    current.settings, current.analysis = settings, None
    try:
        _ = _current(current).customers
    except Problem as problem:
        current.settings, current.analysis = before, None
        show(problem)
        return
    st.rerun()


# --- what a page is made of -------------------------------------------------------------------------------------------


def safe(text: object) -> str:
    """`text`, whatever it holds, as Markdown that shows it as it is."""
    return markdown_safe(text)


def answer(sentence: str) -> None:
    """The page's answer, in a sentence."""
    st.markdown(f"#### {markdown_safe(sentence)}")


def figures(of: Sequence[Figure]) -> None:
    """The figures behind the answer."""
    for column, figure in zip(st.columns(max(1, len(of))), of, strict=False):
        column.metric(markdown_safe(figure.label), markdown_safe(figure.value), help=markdown_safe(figure.meaning))


def picture(
    chart: alt.LayerChart, numbers: pd.DataFrame, key: str, *, picks: str | None = None
) -> Mapping[str, Sequence[float]]:
    """A chart, its data one click away. With `picks`, the ranges of the box that was drawn, by column; else none."""
    if picks is None:
        st.altair_chart(chart)
    event = st.altair_chart(chart, key=f"chart_{key}", on_select="rerun") if picks else None
    behind = st.expander("The numbers behind this picture", key=f"numbers_{key}", on_change="rerun")
    if behind.open:
        with behind:
            st.dataframe(numbers, hide_index=True, key=f"frame_{key}")
    picked: Mapping[str, Sequence[float]] = event["selection"].get(picks, {}) if event and picks else {}
    return picked


def table(frame: pd.DataFrame, of: Sequence[columns.Column], key: str) -> None:
    """The first rows of `frame` under the words people read, each heading with its meaning."""
    present = [column for column in of if column.name in frame]
    st.dataframe(
        _shown(frame, present), hide_index=True, key=key,
        column_config={column.name: _column(column) for column in present},
    )  # fmt: skip
    if len(frame) > SHOWN_ROWS:
        st.caption(f"The first {words().count(SHOWN_ROWS)} of {words().count(len(frame))}; the download holds all.")


def _shown(frame: pd.DataFrame, of: Sequence[columns.Column]) -> pd.DataFrame:
    """The first rows, shares as whole percent and money to the cent, whole from 100 on."""
    shown = frame[columns.names(of)].head(SHOWN_ROWS).copy()
    for column in of:
        if column.unit == "share":
            shown[column.name] = (100 * shown[column.name]).round(0)
        if column.unit == "money":
            shown[column.name] = shown[column.name].round(0 if shown[column.name].abs().median() >= 100 else 2)
    return shown


def _column(column: columns.Column) -> ColumnConfig:
    formats = {"share": "%d%%", "money": "localized", "weeks": "%.1f"}
    if column.dtype == "date":
        return st.column_config.DateColumn(column.label, help=column.meaning)
    if column.dtype in {"number", "integer"}:
        return st.column_config.NumberColumn(column.label, help=column.meaning, format=formats.get(column.unit))
    return st.column_config.Column(column.label, help=column.meaning)


def sentences_table(frame: pd.DataFrame) -> None:
    """A short table of text that wraps, shown as it is."""
    st.table(frame.map(markdown_safe).rename(columns=markdown_safe), border="horizontal", hide_index=True)


def _csv(frame: pd.DataFrame) -> bytes:
    return export.csv_file(frame).content


def download(frame: pd.DataFrame, stem: str, label: str) -> None:
    """A safe CSV of `frame`, made when it is asked for; the file's name is this session's and these rows' own."""
    current = session()
    rows_hash = int(pd.util.hash_pandas_object(frame.iloc[:, :1], index=False).sum()) if frame.shape[1] else 0
    fingerprint = f"{current.secret} {current.analyses} {len(frame)} {rows_hash}"
    name = export.file_name(stem, fingerprint)
    make = partial(_csv, frame)
    st.download_button(label, make, name, "text/csv", key=f"download_{stem}", on_click="ignore", disabled=frame.empty)
    if name not in current.defused:
        current.defused[name] = export.cells_to_defuse(frame)
    if said := wording.defused_sentence(words(), defused=current.defused[name]):
        st.caption(safe(said))


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

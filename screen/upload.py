"""Takes files in, and asks what only their owner can say: which to use, and what their columns mean.

Files wait for the answer while their owner looks around. What was loaded before stays until the new load works.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from clvapp import columns, read
from clvapp.analysis import Analysis
from clvapp.export import csv
from clvapp.formats.layout import LEFT_ALONE, ROLES, plain
from clvapp.problems import NoOrderCounts, Problem, Question, TooMuchTogether, WordsUnknown
from clvapp.read.saved_mapping import SavedMapping
from clvapp.read.understand import Reading
from clvapp.shop import prepared, preview, with_attributes
from clvapp.wording import markdown_safe
from screen import show
from screen.limits import largest, limits
from screen.page import sample_button
from screen.session import give_back, keep, our_turn, session
from screen.settings import use

FILE_TYPES = [
    "csv", "txt", "tsv", "tab", "xlsx", "xlsm", "xls", "ods", "parquet", "zip", "gz", "htm", "html", "xml", "json",
]  # fmt: skip


def uploads() -> list[read.Source]:
    """The files dropped on the page and not loaded yet, or those still waiting for an answer."""
    current = session()
    files = st.file_uploader(
        "Your order export: CSV, Excel or zip, one file or several months together",
        type=FILE_TYPES,
        accept_multiple_files=True,
        key=f"orders_{current.loads}",
        on_change=_forget_waiting,
    )
    if files or not current.waiting:
        return _taken([read.Source(file.name, file.getvalue()) for file in files])
    st.text(", ".join(source.name for source in current.waiting))
    st.button("Forget these files", on_click=_forget_waiting, key="forget_waiting")
    return list(current.waiting)


def _taken(sources: list[read.Source]) -> list[read.Source]:
    """`sources`, unless they are too much together: then they are given back at once, as Streamlit keeps them all."""
    most = limits().together
    if sum(source.size() for source in sources) <= most:
        return sources
    give_back(f"orders_{session().loads}")
    show.problem(TooMuchTogether(len(sources), most))
    return []


def _forget_waiting() -> None:
    session().waiting = ()


def offer(sources: Sequence[read.Source]) -> None:
    """Load `sources`, asking first what only their owner can say. What was loaded before stays until this works."""
    current = session()
    given = tuple((source.name, source.size()) for source in sources)
    if current.asked != given:  # answers about other files do not hold for these
        current.reading, current.asked = Reading(), given
    said = current.reading.saved
    try:
        with our_turn():
            made = prepared(sources, current.reading, limits=limits())
        if made.guessed:
            current.waiting = tuple(sources)
            ask_columns(made.guessed[0])
            return
        keep(made)
    except Question as question:
        current.waiting = tuple(sources)
        ask(question)
    except Problem as problem:
        show.problem(problem)
        if said:
            st.button("Choose the columns again", key="again")
        current.reading, current.waiting = Reading(), ()
    else:
        st.rerun()


def offer_page() -> None:
    """Offer a place to drop files, or the sample shop, and say where the files go."""
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
    from clvapp import formats

    promise = (
        f"Read as they are: {len(formats.known())} exports of {formats.shops()}. Of any other file you confirm which "
        f"column is which. A file may have {largest()} MB; a larger CSV fits as a zip, which takes about a tenth. "
        "Files are read on the computer that runs this app, kept in memory for your visit only, and gone when you "
        "leave."
    )
    st.caption(promise)


def ask(question: Question) -> None:
    """Ask what only the owner can say. The next run uses the answer."""
    if isinstance(question, WordsUnknown):
        ask_words(question)
        return
    st.warning(markdown_safe(f"{question.asked}."))
    chosen = st.segmented_control("How is it meant?", list(question.choices), key=f"answer_{question.setting}")
    if chosen is None:
        return
    current, answer = session(), question.choices[chosen]
    if isinstance(answer, tuple):  # sheets of one file; keep those chosen from others
        answer = (*current.reading.sheets, *answer)
    if isinstance(answer, dict):  # columns; keep what was said of others
        left = [*current.reading.mapping.get(LEFT_ALONE, ()), *answer.get(LEFT_ALONE, ())]
        answer = {**current.reading.mapping, **answer, **({LEFT_ALONE: left} if left else {})}
    current.reading = replace(current.reading, **{question.setting: answer})  # type: ignore[arg-type]
    st.rerun()


def ask_words(question: WordsUnknown) -> None:
    """Ask what words mean, all of them at once: a line each, with its orders, and a choice beside it."""
    st.warning(markdown_safe(f"{question.opening}. Say what each means."))
    current, said = session(), dict[str, object]()
    for number, one in enumerate(question.words):
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.text(one.word)
        left.caption(markdown_safe(one.described()))
        chosen = right.selectbox(
            f"What word {number + 1} means", list(question.choices), index=None, placeholder="choose",
            key=f"answer_{question.setting}_{current.loads}_{number}", label_visibility="collapsed",
        )  # fmt: skip
        if chosen is not None:
            said[one.word] = question.choices[chosen]
    if st.button("Use these meanings", type="primary", disabled=len(said) < len(question.words), key="use_words"):
        said = {**getattr(current.reading, question.setting), **said}
        current.reading = replace(current.reading, **{question.setting: said})  # type: ignore[arg-type]
        st.rerun()


def ask_columns(one: read.Understood) -> None:
    """Ask which column is which: show a guess, examples, and the orders it would make."""
    st.subheader("Which column is which?")
    st.text(one.sheet.name)
    st.markdown("This export is new to us, so please check the guess.")
    said = SavedMapping(one.sheet.headings, _chosen_columns(one))
    current = session()
    reading = replace(current.reading, saved=(*current.reading.saved, said))
    try:
        shown = preview(read.taken_for(one.sheet, reading), reading)
    except NoOrderCounts as problem:  # among the first rows, that is: later ones may count
        st.warning(f"Of the first rows: {markdown_safe(problem)}")
    except Question:  # asked about the whole column, once the columns are known
        pass
    except Problem as problem:
        show.problem(problem)
        return
    else:
        st.markdown("The first orders would be:")
        show.table(shown, (columns.ORDER_ID, columns.CUSTOMER_ID, columns.ORDER_DATE, columns.REVENUE), key="preview")
    if st.button("Use these columns", type="primary", key="use_columns"):
        current.reading = reading
        st.rerun()


def _chosen_columns(one: read.Understood) -> dict[str, tuple[str | int, ...]]:
    """Role -> headings, chosen on one line per column; the column's place where its heading does not identify it."""
    role_of = {place: role for role, places in one.mapping.items() for place in places}
    named = [plain(heading) for heading in one.sheet.headings]
    layout = hashlib.sha256("\n".join(named).encode("utf-8", "replace")).hexdigest()[:8]
    wanted: dict[str, tuple[str | int, ...]] = {}
    for place, heading in enumerate(one.sheet.headings):
        examples = [row[place].strip() for row in one.sheet.rows if row[place].strip()][:3]
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.text(heading or f"Column {place + 1}")
        left.caption(markdown_safe(" · ".join(example[:40] for example in examples) or "empty"))
        role = right.selectbox(
            f"What column {place + 1} is",
            [None, *ROLES],
            key=f"role_{session().loads}_{layout}_{place}",
            index=[None, *ROLES].index(role_of.get(place)),
            format_func=_role_label,
            label_visibility="collapsed",
        )  # fmt: skip
        if role:
            name = heading if heading and named.count(named[place]) == 1 else place
            wanted[role] = (*wanted.get(role, ()), name)
    return wanted


def saved_columns(current: Analysis) -> None:
    """Offer the columns named by hand as a file, to drop in with the next export of the same kind."""
    for number, said in enumerate(current.shop.saved, start=1):
        st.download_button(
            "Save which column is which" + (f" ({number})" if len(current.shop.saved) > 1 else ""), said.content(),
            csv.file_name("columns", repr(said.headings), "json"), "application/json", key=f"columns_{number}",
            on_click="ignore",
            help="Drop this file in together with your next export, and its columns are not asked again.",
        )  # fmt: skip


def _role_label(role: str | None) -> str:
    return "not used" if role is None else ROLES[role].split(":")[0].split(" (")[0]


def confirm_attributes() -> None:
    """Ask which columns of the file about customers were known at the first order. Only the owner can say."""
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
    use(replace(current.settings, known_at_first_order=tuple(known)))


def load_attributes() -> None:
    """Take a file about customers and join it to what is loaded. A `Problem` leaves everything as it was."""
    current = session()
    key = f"attributes_{current.loads}_{current.attribute_loads}"
    file = st.file_uploader("A file about your customers (by e-mail or customer number)", type=FILE_TYPES, key=key)
    if file is None or current.shop is None:
        return
    settings = replace(current.settings, known_at_first_order=())
    try:
        shop = with_attributes(current.shop, read.Source(file.name, file.getvalue()), limits=limits())
        _ = Analysis(shop, settings).first_orders
    except Problem as problem:
        show.problem(problem)
        return
    give_back(key)
    current.shop, current.settings, current.analysis = shop, settings, None
    current.attribute_loads += 1
    st.rerun()

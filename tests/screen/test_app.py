"""The app as a person uses it, without a browser: every page, every widget, good files and bad ones."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import Any

import pytest
import streamlit as st
from google.protobuf.message import Message
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from clvapp import sample
from clvapp.story import pages, then_now
from clvapp.wording import Wording
from screen.session import Session

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(path.stem for path in sorted((ROOT / "pages").glob("*.py")))
Upload = tuple[str, bytes, str]


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of an earlier test, and faults told in full."""
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    st.cache_data.clear()
    st.cache_resource.clear()
    _as_in_a_running_server(monkeypatch)
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", list)  # each new app would read every package's
    before = config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")
    yield
    config.set_option("client.showErrorDetails", before)


def _as_in_a_running_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run app.py before each page: AppTest takes each run for a fresh server's first."""
    begin = PagesManager.__init__

    def begun(self: PagesManager, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        monkeypatch.setattr(PagesManager, "uses_pages_directory", False)

    monkeypatch.setattr(PagesManager, "__init__", begun)


@pytest.fixture(scope="module")
def made() -> sample.Shop:
    """A shop small enough to be quick, large enough for a profile."""
    return sample.shop(seed=3, customers=1000)


@pytest.fixture(scope="module")
def small() -> sample.Shop:
    """A shop that is enough where nobody asks for a profile."""
    return sample.shop(seed=3, customers=200)


@pytest.fixture(scope="module")
def opened(made: sample.Shop) -> Callable[[str], AppTest]:
    """`opened("value")`: a session of its own on that page, with `made`. For who only looks: the orders are shared."""
    loads: list[Session] = []

    def on(page: str) -> AppTest:
        if not loads:
            loads.append(loaded(csv_upload(made.orders_csv)).session_state["session"])
        at = start()
        at.session_state["session"] = replace(loads[0], made={}, pictures={}, costs={}, defused={}, turn=RLock())
        return go(at, page)

    return on


def start() -> AppTest:
    return healthy(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run())


def healthy(at: AppTest) -> AppTest:
    """`at`, after making sure that no page failed."""
    assert not at.exception, [fault.message for fault in at.exception]
    return at


def go(at: AppTest, page: str) -> AppTest:
    return healthy(at.switch_page(f"pages/{page}.py").run())


def csv_upload(content: bytes | str, name: str = "orders.csv") -> Upload:
    return name, content.encode() if isinstance(content, str) else content, "text/csv"


def uploader(at: AppTest, of: str = "orders") -> Any:
    return next(one for one in at.file_uploader if str(one.key).startswith(of))


def give(at: AppTest, *files: Upload, of: str = "orders") -> AppTest:
    uploader(at, of).set_value(list(files) if of == "orders" else files[0])
    return healthy(at.run())


def loaded(*files: Upload) -> AppTest:
    at = give(start(), *files)
    assert shop(at) is not None, [one.value for one in at.error]
    return at


def shop(at: AppTest) -> Any:
    return at.session_state["session"].shop


def errors(at: AppTest) -> str:
    """The sentences of refusal, as a person sees them."""
    return plain(" ".join(str(one.value) for one in at.error))


def plain(text: str) -> str:
    """Markdown as it is seen: without backslashes and word joiners."""
    return text.replace("\\", "").replace("\N{WORD JOINER}", "")


def shown(at: AppTest) -> list[str]:
    """The answer and the figures of a page."""
    return [plain(str(one.value)) for one in (*at.markdown, *at.metric)]


def everything(at: AppTest) -> str:
    return plain("\n".join(str(one.value) for one in (*at.title, *at.markdown, *at.caption, *at.text, *at.metric)))


SHOPIFY = {
    "Name": "#1", "Email": "", "Financial Status": "paid", "Accepts Marketing": "yes", "Currency": "USD",
    "Shipping": "5.00", "Taxes": "2.00", "Total": "50.00", "Created at": "2025-01-01 10:00:00 +0000",
    "Lineitem quantity": "1", "Lineitem name": "Beans", "Lineitem price": "43.00", "Billing Name": "",
    "Shipping Country": "US", "Refunded Amount": "0.00", "Source": "web",
}  # fmt: skip


def shopify(orders: Sequence[dict[str, str]], *, without: str = "") -> bytes:
    """A small Shopify export: each order says only what is not as usual."""
    text = io.StringIO()
    headings = [heading for heading in SHOPIFY if heading != without]
    writer = csv.DictWriter(text, headings, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(SHOPIFY | {"Name": f"#{1001 + i}"} | order for i, order in enumerate(orders))
    return text.getvalue().encode()


def days(orders: int, *, people: int, **more: str) -> list[dict[str, str]]:
    """Orders by so many people in turn, one a day."""
    return [
        {
            "Email": f"p{i % people}@example.org" if people else "",
            "Created at": f"202{4 + i // 336}-{i // 28 % 12 + 1:02d}-{i % 28 + 1:02d} 10:00:00 +0000",
            "Total": f"{40 + 7 * (i % 9)}.00",
            **{key.replace("_", " "): value for key, value in more.items()},
        }
        for i in range(orders)
    ]


# --- before anything is loaded ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_page_without_orders_is_an_invitation_with_a_button(page: str) -> None:
    at = go(start(), page)
    assert at.title[0].value
    assert len(at.markdown[0].value) > 60
    assert [button.key for button in at.button] == ["sample"]
    assert not at.metric
    assert not at.error


@pytest.mark.verify
def test_the_sample_shop_loads_from_any_page_and_every_page_then_answers() -> None:
    at = go(start(), "targets")
    at.button(key="sample").click()
    healthy(at.run())
    assert at.metric
    for page in PAGES:
        go(at, page)
        assert at.markdown[0].value.startswith("#### ")
        assert re.search(r"\d", at.markdown[0].value)
        assert not at.error


# --- widgets ---------------------------------------------------------------------------------------------------------


def _set(at: AppTest, kind: str, key: str, value: Any) -> AppTest:
    found = next(one for one in at.get(kind) if str(one.key).startswith(key))
    found.set_value(value)
    return healthy(at.run())


def _rate(at: AppTest) -> str:
    return f"rate_{at.session_state['session'].form}_EUR"


def _is(at: AppTest, kind: str, key: str) -> Any:
    return next(one for one in at.get(kind) if str(one.key).startswith(key)).value


SETTINGS: list[tuple[str, str, Any]] = [
    ("selectbox", "threshold", "median"),
    ("selectbox", "threshold", "top"),
    ("toggle", "shipping", False),
    ("toggle", "tax", False),
    ("toggle", "pending", True),
]


def test_a_setting_changed_on_the_way_to_another_page_is_in_force_there(small: sample.Shop) -> None:
    at = go(loaded(csv_upload(small.orders_csv)), "orders")
    next(one for one in at.number_input if str(one.key).startswith("margin_")).set_value(40)
    healthy(at.switch_page("pages/value.py").run())
    assert at.session_state["session"].settings.margin == 0.4
    assert "customers have earned you" in everything(at)


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [("number_input", "margin", 40), *(pytest.param(*one, marks=pytest.mark.verify) for one in SETTINGS)],
)
def test_a_setting_changes_the_numbers_of_other_pages_and_stays(
    small: sample.Shop, kind: str, key: str, value: Any
) -> None:
    at = loaded(csv_upload(small.orders_csv))
    before = shown(go(at, "value"))
    _set(go(at, "orders"), kind, key, value)
    assert not at.error
    after = shown(go(at, "value"))
    assert after != before
    assert _is(go(at, "orders"), kind, key) == value
    assert shown(go(at, "value")) == after


def test_what_is_set_otherwise_is_named_where_it_changes_the_page_and_one_click_undoes_it(small: sample.Shop) -> None:
    at = loaded(csv_upload(small.orders_csv))
    before = shown(go(at, "value"))
    _set(go(at, "orders"), "number_input", "margin", 40)
    assert "Set by you: a margin of 40%." in everything(go(at, "value"))
    assert "Set by you" not in everything(go(at, "profile"))
    go(at, "value").button(key="as_usual").click()
    healthy(at.run())
    assert "Set by you" not in everything(at)
    assert shown(at) == before
    assert _is(go(at, "orders"), "number_input", "margin") == 100


def test_what_the_command_line_writes_down_is_what_the_pages_say(small: sample.Shop) -> None:
    at = loaded(csv_upload(small.orders_csv))
    for page in PAGES:
        go(at, page)
        analysis = at.session_state["session"].analysis
        sentences = pages.sentences(analysis, analysis.words)[page]
        written = "\n".join(sentences)
        said = [
            plain(str(one.value)).removeprefix("#### ") for one in at.markdown if str(one.value).startswith("#### ")
        ]
        said += [f"{plain(one.label)}: {plain(one.value)}." for one in at.metric]
        said += [plain(str(cell)) for table in at.table for cell in table.value.to_numpy().ravel()]
        assert [one for one in said if one and one not in written] == [], page
        drawn = [json.loads(one.proto.spec)["description"] for one in at.get("vega_lite_chart")]
        titled = [one for one in drawn if any(one.startswith(sentence.rstrip(".")) for sentence in sentences)]
        assert titled == drawn or page == "overview", page  # whose small pictures have no finding of their own


@pytest.mark.verify
def test_looking_back_from_an_earlier_day_leaves_later_orders_out(small: sample.Shop) -> None:
    at = loaded(csv_upload(small.orders_csv))
    current = at.session_state["session"].analysis
    orders, end = current.totals[0], current.first_order.replace(year=current.first_order.year + 1)
    _set(at, "date_input", "observation_end", end)
    assert at.session_state["session"].analysis.totals[0] < orders
    assert at.session_state["session"].analysis.observation_end == end
    go(at, "value")
    assert _is(go(at, "orders"), "date_input", "observation_end") == end
    for page in PAGES:
        go(at, page)


@pytest.mark.parametrize(
    ("told", "expected"), [pytest.param("Yes", True, marks=pytest.mark.verify), ("No, the shop is older", False)]
)
def test_the_owner_says_whether_the_file_starts_at_the_opening(small: sample.Shop, told: str, expected: bool) -> None:
    at = loaded(csv_upload(small.orders_csv))
    assert at.session_state["session"].analysis.burn_in.assumed
    asked = next(one for one in at.get("button_group") if str(one.key).startswith("opening"))
    assert told in asked.options
    _set(at, "button_group", "opening", expected)
    found = at.session_state["session"].analysis.burn_in
    assert (found.starts_at_opening, found.assumed) == (expected, False)
    go(at, "value")
    assert _is(go(at, "orders"), "button_group", "opening") is expected


@pytest.mark.verify
def test_of_two_currencies_one_is_analysed_and_the_other_can_be_chosen() -> None:
    orders = days(60, people=12) + days(20, people=5, Currency="EUR")
    at = loaded(csv_upload(shopify(orders)))
    assert at.session_state["session"].analysis.totals[0] == 60
    assert at.session_state["session"].analysis.totals[1] == 4017
    _set(at, "number_input", _rate(at), 1.5)
    assert at.session_state["session"].analysis.totals[:2] == (80, 4017 + 1.5 * 1311)
    assert "1 EUR = 1.5 USD" in everything(at)
    _set(at, "number_input", _rate(at), None)
    _set(at, "selectbox", "currency", "EUR")
    assert at.session_state["session"].analysis.totals[0] == 20
    go(at, "value")
    assert "€" in " ".join(shown(at))
    assert _is(go(at, "orders"), "selectbox", "currency") == "EUR"
    for page in PAGES:
        go(at, page)


@pytest.mark.verify
def test_margins_by_product_hold_on_every_page_and_are_there_when_one_comes_back(small: sample.Shop) -> None:
    at = loaded(csv_upload(small.orders_csv))
    _set(at, "toggle", "by_product", True)
    current = at.session_state["session"]
    product = current.analysis.sales_by("product")["group"].iloc[0]
    before = current.analysis.customers["historic_value"].sum()
    # What a person types into the table; the table then holds it, whatever its page forgets.
    current.settings, current.analysis = replace(current.settings, margins={product: 0.25}), None
    go(at, "value")
    go(at, "orders")
    assert current.settings.margins == {product: 0.25}
    assert current.analysis.customers["historic_value"].sum() < before
    assert "customers have earned you" in everything(go(at, "value"))
    go(at, "orders")
    _set(at, "toggle", "by_product", False)
    assert current.settings.margins == {}
    assert current.analysis.customers["historic_value"].sum() == pytest.approx(before)


@pytest.mark.verify
def test_what_a_customer_costs_may_differ_by_month(small: sample.Shop) -> None:
    at = go(loaded(csv_upload(small.orders_csv)), "repeat")
    assert "pays back" not in everything(at)
    _set(at, "number_input", "cost", 20.0)
    assert "A customer who costs $20.00 pays back within" in everything(at)
    current, analysis = at.session_state["session"], at.session_state["session"].analysis
    assert current.settings.acquisition_cost == analysis.settings.acquisition_cost == 20.0
    months = current.analysis.returning.cohort_table["cohort"].drop_duplicates().dt.date.tolist()
    current.costs = dict.fromkeys(months[:12], 0.0)
    _set(at, "toggle", "cost_by_month", True)
    payback = next(one.value for one in at.dataframe if "paid_back_in" in one.value)
    assert payback["acquisition_cost"].tolist() == [0.0] * 12 + [20.0] * (len(months) - 12)
    _set(at, "number_input", "cost", None)
    payback = next(one.value for one in at.dataframe if "paid_back_in" in one.value)
    assert len(payback) == 12
    assert current.analysis is analysis  # nothing else depends on it, so nothing was computed again
    go(at, "orders")
    assert len(current.costs) == 12
    assert current.settings.acquisition_cost == dict.fromkeys(months[:12], 0.0)


def test_a_segment_is_expected_to_be_worth_something_and_says_how_sure_that_is(
    opened: Callable[[str], AppTest],
) -> None:
    at = opened("segments")
    table = next(one.value for one in at.table if "Segment" in one.value)
    champions = plain(str(table.loc[table["Segment"].str.startswith("Champions"), "Expected value"].iloc[0]))
    assert re.fullmatch(r"about \$[0-9,]+ \([0-9,]+–[0-9,]+\)", champions), champions
    assert "what is still expected of them is worth" in everything(at)
    assert "What usually helps: Thank them" in everything(at)


def test_two_days_download_as_a_page_with_the_note_in_it(opened: Callable[[str], AppTest]) -> None:
    at = opened("then_now")
    _set(at, "text_area", "what_we_changed", "Free shipping <b>from $30</b>")
    button = next(one for one in at.get("download_button") if one.label == "Download this comparison")
    assert not button.disabled
    assert at.session_state["session"].note == "Free shipping <b>from $30</b>"
    current = at.session_state["session"].analysis
    then, now = current.end_day - 200, current.end_day
    page = then_now.comparison(
        current,
        Wording("en_US", "USD"),
        then,
        now,
        moves=current.returning.moves(then, now),
        note=lambda: "<b>Free</b>\nnow",
    ).decode()
    assert "<p>&lt;b&gt;Free&lt;/b&gt;</p><p>now</p>" in page
    assert "Why revenue changed" in page
    assert "<script" not in page


def test_settings_begin_anew_with_other_orders(small: sample.Shop) -> None:
    at = loaded(csv_upload(small.orders_csv))
    _set(at, "number_input", "margin", 40)
    give(at, csv_upload(shopify(days(60, people=12))))
    assert _is(at, "number_input", "margin") == 100
    assert at.session_state["session"].note == ""
    assert at.session_state["session"].settings.margin == 1


def _targets(at: AppTest) -> list[int]:
    """How many are shown on each of the three lists: one is drawn while its tab is open; the first one is left open."""
    counts = []
    for place in (2, 1, 0):
        at.session_state["lists"] = at.tabs[place].label
        healthy(at.run())
        assert [bool(tab.markdown) for tab in at.tabs] == [one == place for one in range(3)]
        counts.insert(0, sum(len(frame.value) for frame in at.tabs[place].dataframe))
    return counts


def test_a_filter_shortens_the_list_and_the_download_says_so(opened: Callable[[str], AppTest]) -> None:
    at = opened("targets")
    upgrade, win_back, thank = _targets(at)
    assert upgrade > 3
    assert thank > 3
    _set(at, "number_input", "most", 3)
    assert _targets(at)[0] == 3
    assert at.get("download_button")[0].label == "Download 3 people"
    _set(at, "number_input", "most", None)
    _set(at, "slider", "least_score", 100)
    assert _targets(at)[0] <= upgrade
    assert _targets(at)[2] == thank, "thanks are for everybody above the average, whatever their score"
    _set(at, "slider", "least_score", 0)
    _set(at, "multiselect", "countries", ["CA"])
    assert 0 < sum(_targets(at)) < upgrade + win_back + thank
    _set(at, "multiselect", "countries", [])
    _set(at, "toggle", "consent_known", True)
    assert sum(_targets(at)) <= upgrade + win_back + thank


@pytest.mark.verify
def test_a_filter_that_leaves_nobody_leaves_the_page_standing(opened: Callable[[str], AppTest]) -> None:
    at = opened("targets")
    _set(at, "slider", "least_score", 100)
    _set(at, "multiselect", "countries", ["GB"])
    _set(at, "toggle", "consent_known", True)
    assert _targets(at)[0] == 0
    assert at.tabs[0].caption[0].value == "Nobody is on this list."
    assert not at.tabs[0].get("download_button")


def test_customers_are_grouped_by_what_is_chosen(opened: Callable[[str], AppTest]) -> None:
    at = opened("value")
    choice = at.get("button_group")[0]
    titles = set()
    for heading in choice.options:
        _set(at, "button_group", "group_by", heading)
        titles.add(str(at.get("vega_lite_chart")[-1].proto.spec))
    assert len(choice.options) >= 3
    assert len(titles) == len(choice.options)
    _set(at, "button_group", "group_by", None)


@pytest.mark.parametrize(
    "page", ["value", *(pytest.param(page, marks=pytest.mark.verify) for page in ("orders", "profile", "targets"))]
)
def test_the_numbers_behind_every_picture_are_one_click_away(opened: Callable[[str], AppTest], page: str) -> None:
    at = opened(page)
    keys = [one.key for one in at.expander if str(one.key or "").startswith("numbers_")]
    assert keys
    frames = len(at.dataframe)
    for key in keys:
        at.session_state[key] = True
        healthy(at.run())
    assert len(at.dataframe) == frames + len(keys)


# What such a widget changes, the whole page shows.
WHOLE_PAGE = {
    "attributes", "basis", "discount", "horizon", "known", "margin", "observation_end", "opening", "orders", "shipping",
    "pending", "tax", "join", "strays", "threshold", "by_product", "sample", "Then", "Now",
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_click_runs_the_part_of_the_page_that_shows_its_answer(opened: Callable[[str], AppTest], page: str) -> None:
    at = opened(page)
    known = at._session_state._state._new_widget_state.widget_metadata.values()
    on_page = {str(one.id).split("-", 2)[2]: one.fragment_id for one in known}
    alone = {re.sub(r"(_[0-9]+)+$", "", key) for key, part in on_page.items() if part is None}
    assert {key for key in alone if not key.startswith("download_")} <= WHOLE_PAGE
    assert any(on_page.values()) or page == "overview"  # which has no widget of its own


def test_a_problem_in_a_part_of_a_page_becomes_its_sentence_and_the_rest_stays() -> None:
    def script() -> None:
        import streamlit as st

        from clvapp.problems import OnlyMappings
        from screen import show

        @show.fragment
        def broken() -> None:
            raise OnlyMappings("columns.json")

        broken()
        st.text("after it")

    at = healthy(AppTest.from_function(script).run())
    assert len(at.error) == 1
    assert "says which column is which" in at.error[0].value
    assert at.text[0].value == "after it"


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_shopify_export_is_read_as_it_is() -> None:
    at = loaded(csv_upload((ROOT / "tests/formats/exports/shopify/orders.csv").read_bytes()))
    assert "This is a Shopify export: 6 orders" in everything(at)
    assert "8 rows were left out" in everything(at)
    for page in PAGES:
        go(at, page)


def test_several_files_are_one_shop_and_overlapping_orders_count_once() -> None:
    orders = days(90, people=20)
    for i, order in enumerate(orders):
        order["Name"] = f"#{i}"
    at = loaded(csv_upload(shopify(orders[:60]), "january.csv"), csv_upload(shopify(orders[40:]), "march.csv"))
    assert at.session_state["session"].analysis.totals[0] == 90
    assert [one.value for one in at.sidebar.text] == ["january.csv", "march.csv"]


UNKNOWN = "Buyer's mail;Bought;Bill no;Grand sum;Colour\n" + "".join(
    f"p{i % 30}@example.org;2025-{i % 12 + 1:02d}-{i % 28 + 1:02d};B{i};{20 + i % 7},50;red\n" for i in range(120)
)


def _choose(at: AppTest, place: int, role: str | None) -> AppTest:
    found = next(one for one in at.selectbox if str(one.key).endswith(f"_{place}"))
    found.select_index(0) if role is None else found.set_value(role)
    return healthy(at.run())


def test_an_unknown_file_is_asked_about_with_a_guess_examples_and_a_preview() -> None:
    at = give(start(), csv_upload(UNKNOWN, "bills.csv"))
    assert shop(at) is None
    guess = {one.key: one.value for one in at.selectbox}
    assert list(guess.values())[:2] == ["customer_email", "ordered_at"]
    assert list(guess.values())[4] is None
    assert [one.value for one in at.text][:6] == [
        "bills.csv", "Buyer's mail", "Bought", "Bill no", "Grand sum", "Colour",
    ]  # fmt: skip
    assert plain(at.caption[0].value) == "p0@example.org · p1@example.org · p2@example.org"
    _choose(at, 2, "order_id")
    _choose(at, 3, "order_total")
    preview = at.dataframe[0].value
    assert preview["order_id"].iloc[0] == "B0"
    assert float(preview["revenue"].iloc[0]) == 20.5
    at.button(key="use_columns").click()
    healthy(at.run())
    assert at.session_state["session"].analysis.totals[0] == 120
    for page in PAGES:
        go(at, page)


@pytest.mark.parametrize(
    ("place", "role", "sentence"),
    [
        (1, None, "No column says when an order was placed"),
        *(
            pytest.param(*more, marks=pytest.mark.verify)
            for more in [(3, None, "No column says what was paid"), (1, "order_total", "No column says when")]
        ),
        pytest.param(4, "ordered_at", "can", marks=pytest.mark.verify),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_in_words_and_can_be_mended(
    place: int, role: str | None, sentence: str
) -> None:
    at = give(start(), csv_upload(UNKNOWN, "bills.csv"))
    _choose(_choose(at, 2, "order_id"), 3, "order_total")
    before = next(one for one in at.selectbox if str(one.key).endswith(f"_{place}")).value
    if role == "ordered_at":
        _choose(at, 1, None)
    _choose(at, place, role)
    assert sentence in errors(at)
    assert not any(button.key == "use_columns" for button in at.button)
    _choose(at, place, before)
    _choose(at, 1, "ordered_at")
    assert not at.error
    at.button(key="use_columns").click()
    healthy(at.run())
    assert shop(at) is not None


def test_columns_chosen_once_are_saved_and_the_next_export_is_not_asked_about() -> None:
    at = _choose(_choose(give(start(), csv_upload(UNKNOWN, "bills.csv")), 2, "order_id"), 3, "order_total")
    healthy(at.button(key="use_columns").click().run())
    saved = shop(at).saved
    assert len(saved) == 1
    file = ("columns.json", saved[0].content(), "application/json")
    later = UNKNOWN.replace("B0", "B900").replace("Colour", "Hue")
    again = give(start(), csv_upload(later, "later.csv"), file)
    assert not again.error
    assert again.session_state["session"].analysis.totals[0] == 120
    alone = give(start(), file)
    assert "Drop it together with the export" in errors(alone)
    torn = give(start(), csv_upload(later, "later.csv"), ("columns.json", file[1][:-20], "application/json"))
    assert "cannot be read" in errors(torn)


@pytest.mark.verify
def test_each_of_two_unknown_exports_is_asked_about() -> None:
    other = "Mail;Bought on;No;Sum\n" + "".join(
        f"q{i % 5}@example.org;{i % 12 + 1:02d}.{i % 7 + 14}.2025;C{i};9,50\n" for i in range(30)
    )
    at = give(start(), csv_upload(UNKNOWN, "bills.csv"), csv_upload(other, "second.csv"))
    _choose(_choose(at, 2, "order_id"), 3, "order_total")
    healthy(at.button(key="use_columns").click().run())
    assert at.text[0].value == "second.csv"
    for place, role in enumerate(["customer_email", "ordered_at", "order_id", "order_total"]):
        _choose(at, place, role)
    healthy(at.button(key="use_columns").click().run())
    found = at.session_state["session"].analysis
    assert found.totals[0] == 150
    assert len(shop(at).saved) == 2


def test_files_that_wait_for_an_answer_are_still_there_after_a_look_at_another_page() -> None:
    at = give(start(), csv_upload(UNKNOWN, "bills.csv"))
    assert any(button.key == "use_columns" for button in at.button)
    go(at, "overview")
    go(at, "orders")
    assert any(button.key == "use_columns" for button in at.button)
    healthy(at.button(key="forget_waiting").click().run())
    assert not any(button.key == "use_columns" for button in at.button)


def confirm_columns(at: AppTest) -> None:
    """Take the guess of each file's columns as it is."""
    while any(button.key == "use_columns" for button in at.button):
        at.button(key="use_columns").click()
        healthy(at.run())


AMBIGUOUS = "Email,Order ID,Date,Order total\n" + "".join(
    f"p{i % 9}@example.org,{i},{i % 12 + 1:02d}/{i % 9 + 1:02d}/2025,{20 + i}.00\n" for i in range(60)
)


def test_a_date_that_can_be_read_two_ways_is_asked_and_the_answer_used() -> None:
    at = give(start(), csv_upload(AMBIGUOUS))
    confirm_columns(at)
    assert shop(at) is None
    assert "can be read two ways" in plain(at.warning[0].value)
    assert "command line" not in at.warning[0].value
    _set(at, "button_group", "answer_date_order", "Day first")
    confirm_columns(at)
    found = at.session_state["session"].analysis
    assert (found.first_order.isoformat(), found.last_order.isoformat()) == ("2025-01-01", "2025-09-12")


def test_a_table_that_only_looks_like_a_known_export_can_be_said_to_be_another() -> None:
    at = give(start(), csv_upload(shopify(days(6, people=3), without="Total")))
    assert "its column 'Total'" in plain(at.warning[0].value)
    _set(at, "button_group", "answer_format", "It is another table")
    assert {one.value for one in at.selectbox} >= {"customer_email", "ordered_at"}


STRANGE = "Email,Order ID,Date,Order total,Status\n" + "".join(
    f"p{i % 9}@example.org,{i},2025-{i % 9 + 1:02d}-{i % 28 + 1:02d},{20 + i}.00,{'Gebongt' if i % 4 else 'Zapped'}\n"
    for i in range(60)
)


def test_statuses_that_nobody_knows_are_asked_in_one_go_and_the_answers_used_and_kept() -> None:
    at = give(start(), csv_upload(STRANGE))
    confirm_columns(at)
    assert shop(at) is None
    assert "Nothing tells whether orders with" in plain(at.warning[0].value)
    assert "command line" not in at.warning[0].value
    assert at.button(key="use_words").disabled
    meant = {"Gebongt": "it counts", "Zapped": "was cancelled"}
    asked = [one.value for one in at.text if one.value in meant]
    for word, meaning in meant.items():
        next(one for one in at.selectbox if str(one.key).endswith(f"_{asked.index(word)}")).set_value(meaning)
        healthy(at.run())
    at.button(key="use_words").click()
    healthy(at.run())
    confirm_columns(at)
    assert len(shop(at).saved) == 1
    assert shop(at).saved[0].statuses == {"Gebongt": "counts", "Zapped": "cancelled"}
    assert at.session_state["session"].analysis.cleaned.orders == 45


def test_what_is_known_of_customers_is_joined_and_results_of_buying_are_set_aside(small: sample.Shop) -> None:
    at = loaded(csv_upload(small.orders_csv))
    give(at, csv_upload(small.customers_csv, "customers.csv"), of="attributes")
    assert "customers.csv: joined by 'Email'" in [one.value for one in at.text]
    asked = next(one for one in at.multiselect if str(one.key).startswith("known"))
    assert "Total spent" in asked.options
    _set(at, "multiselect", "known", ["How did you hear about us", "Age group", "Orders", "Total spent"])
    go(at, "profile")
    aside = at.table[-1].value.set_index("Column")["Why"]
    assert {"Orders", "Total spent"} <= {plain(name) for name in aside.index}
    assert not {"How did you hear about us"} & {plain(name) for name in aside.index}
    assert _is(go(at, "orders"), "multiselect", "known")[0] == "How did you hear about us"


@pytest.mark.verify
def test_a_corrected_file_about_customers_of_the_same_name_takes_the_place_of_the_first(
    small: sample.Shop,
) -> None:
    at = loaded(csv_upload(small.orders_csv))
    give(at, csv_upload(small.customers_csv, "customers.csv"), of="attributes")
    other = small.customers_csv.replace(b"Age group", b"Age band", 1)
    give(at, csv_upload(other, "customers.csv"), of="attributes")
    assert "Age band" in shop(at).attributes.headings


@pytest.mark.verify
def test_a_file_about_other_people_is_refused_and_the_orders_stay() -> None:
    at = loaded(csv_upload(shopify(days(60, people=12))))
    kept = shop(at)
    for content, sentence in (
        ("Colour,Size\nred,1\nblue,2\n", "has no column with e-mail addresses"),
        ("Email,Size\nnobody@example.net,1\nnone@example.net,2\n", "None of the customers in"),
        ("", "is empty"),
    ):
        give(at, csv_upload(content, "people.csv"), of="attributes")
        assert sentence in errors(at)
        assert shop(at) is kept
    for page in PAGES:
        go(at, page)


def test_the_bytes_of_an_upload_are_given_back_once_the_orders_are_loaded(
    monkeypatch: pytest.MonkeyPatch, small: sample.Shop
) -> None:
    kept: dict[str, int] = {}
    add, remove = MemoryUploadedFileManager.add_file, MemoryUploadedFileManager.remove_file

    def added(self: MemoryUploadedFileManager, session_id: str, file: Any) -> None:
        kept[file.file_id] = len(file.data)
        add(self, session_id, file)

    def removed(self: MemoryUploadedFileManager, session_id: str, file_id: str) -> None:
        kept.pop(file_id, None)
        remove(self, session_id, file_id)

    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", added)
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", removed)
    at = give(start(), csv_upload(small.orders_csv))
    assert shop(at) is not None
    assert kept == {}
    assert uploader(at).value in (None, [])
    give(at, csv_upload(small.customers_csv, "customers.csv"), of="attributes")
    assert kept == {}


@pytest.mark.verify
def test_a_file_about_customers_begins_anew_what_was_known_of_the_one_before(small: sample.Shop) -> None:
    at = loaded(csv_upload(small.orders_csv))
    give(at, csv_upload(small.customers_csv, "customers.csv"), of="attributes")
    _set(at, "multiselect", "known", ["Age group"])
    assert at.session_state["session"].settings.known_at_first_order == ("Age group",)
    other = small.customers_csv.replace(b"Age group", b"Age band", 1)
    give(at, csv_upload(other, "newer.csv"), of="attributes")
    assert at.session_state["session"].settings.known_at_first_order == ()
    go(at, "profile")


def test_what_was_said_of_one_file_is_not_believed_of_the_next() -> None:
    at = give(start(), csv_upload(AMBIGUOUS))
    while any(button.key == "use_columns" for button in at.button):
        healthy(at.button(key="use_columns").click().run())
    assert at.warning
    give(at, csv_upload(shopify(days(60, people=12)), "other.csv"))
    assert not at.error
    assert at.session_state["session"].analysis.totals[0] == 60


def test_after_a_mapping_that_gave_no_order_the_columns_can_be_chosen_again() -> None:
    free = UNKNOWN.replace(";red", ";0").replace("Grand sum", "Order total")
    at = _choose(_choose(give(start(), csv_upload(free, "bills.csv")), 3, None), 4, "order_total")
    assert "None of the 120 rows" in plain(at.warning[0].value)
    healthy(at.button(key="use_columns").click().run())
    assert "None of the 120 rows" in errors(at)
    healthy(at.button(key="again").click().run())
    _choose(_choose(at, 4, None), 3, "order_total")
    healthy(at.button(key="use_columns").click().run())
    assert at.session_state["session"].analysis.totals[0] == 120


@pytest.mark.verify
@pytest.mark.parametrize("headings", ["Email,,,Note", "Email,Amount,Amount,Amount"])
def test_columns_without_a_name_of_their_own_can_be_chosen(headings: str) -> None:
    rows = [f"p{i % 9}@example.org,2025-01-{i % 28 + 1:02d},{i + 1}.50,0" for i in range(40)]
    at = give(start(), csv_upload("\n".join([headings, *rows])))
    _choose(_choose(_choose(at, 3, None), 1, "ordered_at"), 2, "order_total")
    healthy(at.button(key="use_columns").click().run())
    assert at.session_state["session"].analysis.totals[:2] == (40, 840.0)


@pytest.mark.verify
def test_a_known_and_an_unknown_export_can_be_loaded_together() -> None:
    at = give(start(), csv_upload(shopify(days(20, people=5)), "a.csv"), csv_upload(UNKNOWN, "b.csv"))
    _choose(_choose(at, 2, "order_id"), 3, "order_total")
    healthy(at.button(key="use_columns").click().run())
    assert not at.error, errors(at)
    assert shop(at).file_names == ("a.csv", "b.csv")


def test_a_file_whose_first_rows_do_not_count_can_be_loaded() -> None:
    rows = [
        f"p{i % 9}@example.org;2025-01-{i % 28 + 1:02d};{i};{'cancelled' if i < 220 else 'paid'}" for i in range(400)
    ]
    at = give(start(), csv_upload("\n".join(["Email;Order date;Order total;Status", *rows])))
    assert at.warning
    healthy(at.button(key="use_columns").click().run())
    assert at.session_state["session"].analysis.totals[0] == 180


# --- bad files -------------------------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
BAD: dict[str, tuple[Upload, str]] = {
    "empty": (csv_upload(b"", "nothing.csv"), "'nothing.csv' is empty"),
    "without a header": (
        csv_upload("".join(f"a{i}@example.org,2025-01-{i:02d},{i}.50\n" for i in range(1, 28))),
        "has no row with column names",
    ),
    "a picture": (csv_upload(PNG, "orders.csv"), "'orders.csv' is a picture, not a CSV"),
    "no date readable": (
        csv_upload(shopify(days(9, people=3, **{"Created at": "soon"}))),
        "None of the dates in 'Created at' can be read (first: 'soon')",
    ),
    "no order that counts": (
        csv_upload(shopify(days(9, people=3, Financial_Status="voided"))),
        "None of the 9 rows belongs to an order that counts",
    ),
    "40,000 columns": (csv_upload(",".join(["a"] * 40_000) + "\n1,2\n"), "has 40,000 columns, more than"),
    "one line without end": (csv_upload(b"x" * 3_000_000), "has no line break"),
    "prose": (csv_upload("Dear shop\nwhere is my order\nthanks\n"), "No table was found"),
    "a cut-off workbook": (csv_upload(b"PK\x03\x04" + bytes(500), "orders.xlsx"), "is damaged"),
    "a cut-off gzip": (csv_upload(b"\x1f\x8b\x08\x00" + bytes(50), "orders.csv.gz"), "damaged"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_has_its_own_sentence(fault: str) -> None:
    upload, sentence = BAD[fault]
    at = give(start(), upload)
    assert sentence in errors(at)
    assert shop(at) is None


def test_a_bad_file_leaves_what_was_loaded_and_the_next_good_one_is_read() -> None:
    at = loaded(csv_upload(shopify(days(60, people=12))))
    kept, before = shop(at), everything(at)
    for upload, sentence in BAD.values():
        give(at, upload)
        assert sentence in errors(at)
        assert shop(at) is kept
        assert everything(at) == before
    assert shown(go(at, "value"))
    give(go(at, "orders"), csv_upload(shopify(days(30, people=6))))
    assert not at.error
    assert at.session_state["session"].analysis.totals[0] == 30


def test_every_bad_file_has_another_sentence() -> None:
    assert len({sentence for _, sentence in BAD.values()}) == len(BAD)


@pytest.mark.parametrize(
    ("orders", "people", "sentence"),
    [
        pytest.param(2, 2, "2 customers are few", marks=pytest.mark.verify),
        pytest.param(1, 1, "one customer only", marks=pytest.mark.verify),
        (8, 1, "one customer only"),
        pytest.param(90, 30, "30 customers are few", marks=pytest.mark.verify),
        (40, 0, "name no customer"),
    ],
)
def test_a_shop_too_small_to_judge_says_so_and_every_page_stands(orders: int, people: int, sentence: str) -> None:
    at = loaded(csv_upload(shopify(days(orders, people=people))))
    assert sentence in everything(at)
    for page in PAGES:
        go(at, page)
        assert not at.error, errors(at)
        assert "nan" not in everything(at).lower().split()
        assert len(at.main.markdown) + len(at.main.caption) > 0, page


def test_refunding_everything_leaves_every_page_standing() -> None:
    orders = [
        {**order, "Refunded Amount": order["Total"], "Financial Status": "refunded"} for order in days(80, people=40)
    ]
    at = loaded(csv_upload(shopify(orders)))
    for page in PAGES:
        go(at, page)
        assert "nan" not in everything(at).lower().split()


# --- text of a file is text ------------------------------------------------------------------------------------------

HOSTILE = (
    "<img src=x onerror=alert(1)>", "![x](http://evil.example/x.png)", "[x](javascript:alert(1))", "**b**", "$x^2$",
    ":red[x]", ":material/home:", '=HYPERLINK("http://evil.example")', "`code`", "# Heading",
    "<script>alert(1)</script>", "http://evil.example/y", "| a | b |",
)  # fmt: skip
# Shown as plain text by Streamlit: frames and charts by their nature, and what a choice offers.
PLAIN = {"arrow_data_frame", "vega_lite_chart", "text", "file_uploader"}
ACTIVE = re.compile(
    r"(?<!\\)<(img|script)|(?<!\\)\]\(|(?<!\\)\*\*b|(?<!\\)\$x|:red\[|:material/|https?://evil|(?<!\\)`code"
    r"|(?<!\\)# Heading"
)


def _strings(message: Message) -> Iterator[str]:
    """Every text of an element, wherever in it."""
    for field, value in message.ListFields():
        if field.name in {"options", "default", "raw_values"} and message.DESCRIPTOR.name in {
            "Selectbox",
            "MultiSelect",
        }:
            continue
        for one in value if field.is_repeated else [value]:
            if isinstance(one, str):
                yield one
            elif isinstance(one, Message):
                yield from _strings(one)


def _markdown(at: AppTest) -> Iterator[str]:
    """Every text on the page that Streamlit would read as Markdown."""
    for node in at._tree:
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message) and node.type not in PLAIN:
            yield from _strings(proto)
    for table in at.table:
        yield from (str(heading) for heading in table.value.columns)
        yield from (str(cell) for cell in table.value.to_numpy().ravel())


def test_the_net_for_hostile_text_catches_what_is_not_escaped() -> None:
    script = "import streamlit as st\nst.markdown(%r); st.metric(%r, 1); st.expander(%r); st.table({%r: [%r]})"
    for text in (*HOSTILE[:7], HOSTILE[8]):
        at = AppTest.from_string(script % ((text,) * 5)).run()
        assert len([one for one in _markdown(at) if ACTIVE.search(one)]) >= 4, text


@pytest.mark.verify
def test_text_of_a_file_never_acts_on_any_page(made: sample.Shop) -> None:
    """The sample shop, every word of it replaced by something that would act."""
    table = list(csv.DictReader(io.StringIO(made.orders_csv.decode())))
    for i, row in enumerate(table):
        for heading in (
            "Lineitem name",
            "Billing Name",
            "Shipping Name",
            "Shipping Country",
            "Source",
            "Shipping City",
        ):
            if row[heading]:
                row[heading] = HOSTILE[sum(map(ord, row[heading])) % len(HOSTILE)]
        if i % 50 == 7 and row["Financial Status"]:
            row["Financial Status"] = HOSTILE[i % len(HOSTILE)]
        if i % 60 == 9 and row["Created at"]:
            row["Created at"] = HOSTILE[i % len(HOSTILE)]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    at = give(start(), csv_upload(text.getvalue(), "![x](http://evil.example/x.png).csv"))
    assert [one for one in _markdown(at) if ACTIVE.search(one)] == []  # it asks what these statuses mean
    for one in [box for box in at.selectbox if str(box.key).startswith("answer_statuses")]:
        one.set_value(one.options[0])
    use = [one for one in at.run().button if one.key == "use_words"]
    assert use, everything(at)
    at = use[0].click().run()
    assert shop(at) is not None, [one.value for one in at.error]
    about = made.customers_csv.decode().replace("How did you hear about us", HOSTILE[1], 1)
    about = (
        about.replace("Age group", HOSTILE[3], 1)
        .replace("Search engine", HOSTILE[0])
        .replace("Last seen", HOSTILE[5], 1)
    )
    give(at, csv_upload(about, f"{HOSTILE[2]}.csv"), of="attributes")
    known = next(one for one in at.multiselect if str(one.key).startswith("known"))
    _set(at, "multiselect", "known", [heading for heading in known.options if heading in HOSTILE])
    for page in PAGES:
        go(at, page)
        for key in [one.key for one in at.expander if one.key]:
            at.session_state[key] = True
        healthy(at.run())
        assert [one for one in _markdown(at) if ACTIVE.search(one)] == [], page


@pytest.mark.parametrize("which", [0, *(pytest.param(one, marks=pytest.mark.verify) for one in (1, 2))])
def test_text_of_a_file_never_acts_in_a_refusal_or_a_question(which: int) -> None:
    text = " ".join(HOSTILE[which::3])
    quoted = '"' + text.replace('"', '""') + '"'
    files = [
        csv_upload(b"", f"{text}.csv"),
        csv_upload(shopify(days(9, people=3, **{"Created at": text}))),
        csv_upload(shopify(days(9, people=3, Financial_Status=text))),
        csv_upload(f"{quoted},Colour\n{quoted},red\n{quoted},blue\n"),
        csv_upload(UNKNOWN.replace("Colour", quoted, 1).replace("red", quoted), f"{text}.csv"),
        csv_upload(AMBIGUOUS.replace("Date", quoted, 1)),
    ]
    for file in files:
        at = give(start(), file)
        assert [one for one in _markdown(at) if ACTIVE.search(one)] == []


def _sources(of: Callable[[Path], bool] = lambda _: True) -> list[Path]:
    return [path for path in [*sorted(ROOT.glob("*.py")), *sorted((ROOT / "pages").glob("*.py"))] if of(path)]


@pytest.mark.parametrize("path", _sources(), ids=lambda path: path.name)
def test_no_page_opens_a_door_to_html_or_to_text_that_is_not_escaped(path: Path) -> None:
    code = path.read_text()
    for forbidden in (
        "unsafe_allow_html",
        "st.write(",
        "st.html(",
        "components",
        "st.iframe",
        "exec(",
        "eval(",
        "pickle",
    ):
        assert forbidden not in code, forbidden
    markdown = r"st\.(?:markdown|caption|error|warning|info|success|subheader|header|title)\((?!\s*[\"'])([^\n]*)"
    for argument in re.findall(markdown, code):
        assert "safe(" in argument or argument.startswith(('f"', "promise", "title")), argument


@pytest.mark.parametrize("path", _sources(lambda path: path.parent.name == "pages"), ids=lambda path: path.name)
def test_a_page_only_places_things(path: Path) -> None:
    code = path.read_text()
    functions = re.findall(r"^(.*)\n *(?:async )?def .*", code, flags=re.MULTILINE)
    assert all(before == "@show.fragment" for before in functions), "a page's functions are its parts, and nothing else"
    for forbidden in ("groupby", ".merge(", "session_state", "lambda", "class ", "import pandas", ":,.", ":.0"):
        assert forbidden not in code, forbidden
    assert sum(bool(line.strip()) for line in code.splitlines()) <= 80

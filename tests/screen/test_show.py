"""How the screen writes numbers: what each table, figure, caption and download holds, read back from the page."""

import csv
import datetime as dt
import json
import re
from pathlib import Path
from types import SimpleNamespace

import hand_shop as hand
import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from clvapp import columns
from clvapp.columns import Column
from clvapp.days import day_number
from clvapp.story.figure import Figure
from clvapp.wording import Wording
from screen import session, show

APP = Path(__file__).parents[2] / "app.py"


def page_of(script, **given):
    """The page that `script` draws, with what it is given."""
    at = AppTest.from_function(script, kwargs=given, default_timeout=60).run()
    assert not at.exception, at.exception
    return at


def seen(text):
    """Markdown as a person sees it."""
    return text.replace("\\", "").replace("\N{WORD JOINER}", "")


# --- tables -----------------------------------------------------------------------------------------------------------
WHO = Column("who", "string", "", "Who", "Their key.")
SHARE = Column("share", "number", "share", "Share", "Of all.")
MONEY = Column("money", "number", "money", "Money", "Paid.")
OTHER_MONEY = Column("other", "number", "money", "More money", "Owed.")


def draw_table(frame, of):
    from screen import show

    show.table(frame, of, "table")


def table_of(*columns_and_values):
    """What is sent of a table: its rows, and how each column is shown."""
    frame = pd.DataFrame({column.name: values for column, values in columns_and_values})
    before = frame.copy()
    at = page_of(draw_table, frame=frame, of=[column for column, _ in columns_and_values])
    pd.testing.assert_frame_equal(frame, before)
    return at.dataframe[0].value, json.loads(at.dataframe[0].proto.columns)


def test_a_share_is_a_whole_percent_rounded_as_in_a_sentence():
    shares = [0.0, 0.004, 0.125, 0.285, 0.29, 0.57, 0.625, 0.994, 0.995, 1.0, np.nan]
    rows, config = table_of((SHARE, shares))
    assert rows["share"].tolist() == pytest.approx(
        [0, 0.4, 13, 29, 29, 57, 63, 99, 99.5, 100, np.nan], nan_ok=True, abs=0
    )
    assert config["share"]["type_config"] == {"type": "number", "format": "%g%%"}
    words = Wording("en_US", "USD")
    for share, shown in zip(shares[2:-1], rows["share"][2:-1], strict=True):
        assert f"{shown:g}%" == words.share(share)


@pytest.mark.parametrize(
    ("paid", "shown"),
    [
        ([12.345, 99.98, 1_150.5], [12.35, 99.98, 1_150.5]),  # the middle is under 100: to the cent
        ([12.345, 99.99, 1_150.5, np.nan], [12.35, 99.99, 1_150.5, np.nan]),
        ([12.5, 100.0, 1_150.5], [13, 100, 1_151]),  # from 100 on whole
        ([-12.345, -99.5, -150.5], [-12.35, -99.5, -150.5]),
        ([-12.5, -100.5, 1_150.25], [-13, -101, 1_150]),  # the middle size, of losses as well
        ([0.0, 0.0, 5_000.49], [0, 0, 5_000.49]),
        ([80.0, 120.0], [80, 120]),  # the middle of two is 100
        ([80.25, 119.5], [80.25, 119.5]),  # 99.875
    ],
)
def test_money_is_to_the_cent_where_the_middle_is_under_100_and_whole_above(paid, shown):
    rows, config = table_of((MONEY, paid))
    assert rows["money"].tolist() == pytest.approx(shown, nan_ok=True, abs=1e-9)
    assert config["money"]["type_config"] == {"type": "number", "format": "localized"}


def test_each_column_of_money_has_a_middle_of_its_own():
    rows, _ = table_of((MONEY, [12.345, 99.5, 99.5]), (OTHER_MONEY, [12.345, 150.5, 199.5]))
    assert rows["money"].tolist() == [12.35, 99.5, 99.5]
    assert rows["other"].tolist() == [12, 151, 200]


def config_of(*of):
    """How a table of these columns is shown."""
    made = {"string": ["a"], "boolean": [True], "category": ["a"], "date": pd.to_datetime(["2024-02-29"])}
    _, config = table_of(*((column, made.get(column.dtype, [1])) for column in of))
    hidden = config.pop("_index")
    assert hidden == {"hidden": True}
    return config


# Columns whose numbers or days are written in a way of their own; all others as they are.
WRITTEN = {
    "look_alike_score": ("number", "%g%%"), "next_year_probability": ("number", "%g%%"),
    "probability_alive": ("number", "%g%%"), "gap": ("number", "localized"), "revenue": ("number", "localized"),
    "historic_value": ("number", "localized"), "monetary_value": ("number", "localized"),
    "expected_revenue": ("number", "localized"), "expected_revenue_low": ("number", "localized"),
    "expected_revenue_high": ("number", "localized"), "expected_value": ("number", "localized"),
    "lifetime_value": ("number", "localized"), "acquisition_cost": ("number", "localized"),
    "earned": ("number", "localized"), "recency": ("number", "%.1f"), "T": ("number", "%.1f"),
    "ltv_cac": ("number", "%.1f"), "ltv_cac_year": ("number", "%.1f"), "days_since_last_order": ("number", "%.0f"),
    "overdue_days": ("number", "%.0f"), "usual_gap_days": ("number", "%.0f"), "cohort": ("date", "MMM YYYY"),
}  # fmt: skip
PLAIN = {"integer": "number", "number": "number", "date": "date"}


@pytest.mark.parametrize("of", [columns.CUSTOMERS, columns.TARGETS, columns.PAYBACK, columns.DUE])
def test_each_heading_has_its_meaning_and_each_unit_its_way_of_writing(of):
    config = config_of(*[column for column in of if column is not columns.EMAIL])
    assert list(config) == [column.name for column in of if column is not columns.EMAIL]
    for column in of:
        if column is columns.EMAIL:  # told by the customer already
            continue
        kind, written = WRITTEN.get(column.name, (PLAIN.get(column.dtype), None))
        shown = {"label": column.label, "help": column.meaning}
        if kind:
            shown["type_config"] = {"type": kind} | ({"format": written} if written else {})
        assert config[column.name] == shown


def test_a_blank_column_is_not_shown_and_a_customer_known_by_e_mail_not_twice():
    rows, _ = table_of(
        (columns.CUSTOMER_ID, ["a@x.org", "b@x.org"]), (columns.EMAIL, ["a@x.org", "b@x.org"]),
        (columns.NAME, [None, None]), (columns.REVENUE, [5.0, 7.0]),
    )  # fmt: skip
    assert rows.columns.tolist() == ["email", "revenue"]


@pytest.mark.parametrize(
    ("rows", "locale", "caption"),
    [
        (1, "en_US", []),
        (1_000, "en_US", []),
        (1_001, "en_US", ["The first 1,000 of 1,001; the download holds all."]),
        (12_345, "de_DE", ["The first 1.000 of 12.345; the download holds all."]),
    ],
)
def test_the_first_thousand_rows_are_shown_and_how_many_there_are_is_said(monkeypatch, rows, locale, caption):
    assert show.SHOWN_ROWS == 1_000
    monkeypatch.setattr(session, "_locale", lambda: locale)
    frame = pd.DataFrame({"who": [f"c{i}" for i in range(rows)], "money": np.arange(rows) / 8})
    at = page_of(draw_table, frame=frame, of=[WHO, MONEY])
    shown = at.dataframe[0].value
    assert shown["who"].tolist() == frame["who"].head(1_000).tolist()
    # The middle of what is shown decides: 62.44 of the first thousand.
    assert shown["money"].tolist() == pytest.approx(
        [np.floor(100 * money + 0.5) / 100 for money in frame["money"].head(1_000)]
    )
    assert [seen(one.value) for one in at.caption] == caption


def test_a_table_of_text_is_shown_as_it_is():
    def draw(frame):
        from screen import show

        show.sentences_table(frame)

    frame = pd.DataFrame({"Figure $": ["*Revenue*", "a@b.org"], "Change": [2, 3.5]})
    shown = page_of(draw, frame=frame).table[0].value
    assert [seen(heading) for heading in shown] == ["Figure $", "Change"]
    assert shown.columns[0] == "Figure \\$"
    assert shown.map(seen).to_numpy().tolist() == [["*Revenue*", "2.0"], ["a@b.org", "3.5"]]
    assert shown.iloc[0, 0] == "\\*Revenue\\*"


# --- sentences and figures --------------------------------------------------------------------------------------------
def draw_words(figures, sentences):
    from screen import show

    show.answer(sentences[0])
    show.figures(figures)
    show.notes(["", *sentences])
    show.computed(sentences)


def test_sentences_and_figures_stand_on_the_page_as_they_were_written():
    figures = [
        Figure("Worth $", "$238 (−5%)", "*Margin* x $70."), Figure("Orders", "1,012", "All."), Figure("Left", "0", "b"),
    ]  # fmt: skip
    sentences = ["It was $5 to $6 for 1,012 customers.", "See https://example.org."]
    at = page_of(draw_words, figures=figures, sentences=sentences)
    assert at.markdown[0].value == r"#### It was \$5 to \$6 for 1\,012 customers\."
    assert [(seen(one.label), seen(one.value), seen(one.help)) for one in at.metric] == [
        (figure.label, figure.value, figure.meaning) for figure in figures
    ]
    assert at.metric[0].value == r"\$238 \(−5\%\)"
    assert len(at.columns) == 3
    assert [seen(one.value) for one in at.caption] == [f"• {sentence}" for sentence in sentences]
    assert at.expander[0].label == "How is this computed?"
    assert [seen(one.value) for one in at.expander[0].markdown] == sentences


def test_a_note_on_a_page_does_not_say_what_to_type_on_the_command_line():
    at = page_of(
        draw_words,
        figures=[Figure("Orders", "1", "All.")],
        sentences=["Join them (on the command line: --join-people yes).", "b"],
    )
    assert seen(at.caption[0].value) == "• Join them."


def test_a_page_without_figures_has_none():
    at = page_of(draw_words, figures=[], sentences=["Nothing yet."])
    assert len(at.metric) == 0


def test_how_old_the_last_order_is_on_the_day_of_the_upload(monkeypatch):
    current = SimpleNamespace(span=(0, day_number(hand.LAST_DAY)))

    def told_on(day, locale="en_US"):
        clock = SimpleNamespace(now=lambda tz: dt.datetime.combine(day, dt.time(23, 59), tz))
        monkeypatch.setattr(show, "dt", SimpleNamespace(datetime=clock, UTC=dt.UTC))
        monkeypatch.setattr(show, "words", lambda: Wording(locale, "USD"))
        return show.age_of_orders(current)

    assert told_on(hand.LAST_DAY) == ""
    assert told_on(dt.date(2025, 1, 1)) == ""
    assert told_on(dt.date(2025, 1, 2)) == "The last order in the file is 2 days old today."
    assert told_on(dt.date(2028, 1, 1)) == "The last order in the file is 1,096 days old today."
    assert told_on(dt.date(2028, 1, 1), "de_DE") == "The last order in the file is 1.096 days old today."


def test_a_problem_in_a_part_of_a_page_becomes_its_sentence_and_the_rest_stays():
    def draw():
        import streamlit as st

        from clvapp.problems import WrongDates
        from screen import show

        @show.fragment
        def outer():
            @show.fragment
            def inner():
                st.text("inside")

            inner()
            raise WrongDates("2024-01-05", "2024-01-04", first="2023-01-01", last="2024-12-31")

        outer()
        st.text("after it")

    at = page_of(draw)
    assert [text.value for text in at.text] == ["inside", "after it"]
    assert len(at.error) == 1
    assert "2024-01-05" in seen(at.error[0].value)


# --- pictures ---------------------------------------------------------------------------------------------------------
def draw_picture(frame, title, picks):
    import altair as alt

    from screen import show

    def bars(numbers, words, *, title):
        chart = alt.Chart(numbers).mark_bar().encode(x="month:T", y="value:Q")
        chart = chart.add_params(alt.selection_interval(name="picked")) if picks else chart
        return alt.layer(chart).properties(title=f"{title} {words.money(5)}")

    box = show.picture(bars, frame, "bars", picks="picked" if picks else None, title=title)
    assert box == {}


def picture_of(at):
    spec = at.get("vega_lite_chart")[0].proto
    return json.loads(spec.spec)["title"], [dataset.data.data for dataset in spec.datasets]


def test_the_numbers_behind_a_picture_are_those_it_was_drawn_of():
    frame = pd.DataFrame({"month": pd.to_datetime(["2024-01-01", "2024-02-01"]), "value": [1.5, 2.25]})
    at = page_of(draw_picture, frame=frame, title="Revenue", picks=False)
    assert picture_of(at)[0] == "Revenue 5.00"
    assert len(at.dataframe) == 0
    assert at.expander[0].label == "The numbers behind this picture"
    at.session_state["numbers_bars"] = True
    at.run()
    assert at.dataframe[0].value.to_numpy().tolist() == frame.to_numpy().tolist()
    assert json.loads(at.dataframe[0].proto.columns)["month"] == {"type_config": {"type": "date"}}


def test_a_picture_is_drawn_anew_for_other_numbers_or_words(monkeypatch):
    frame = pd.DataFrame({"month": pd.to_datetime(["2024-01-01"]), "value": [1.5]})
    at = page_of(draw_picture, frame=frame, title="Revenue", picks=True)
    title, numbers = picture_of(at)

    def again(**changed):
        at.kwargs = {"frame": frame, "title": "Revenue", "picks": True} | changed
        assert not at.run().exception
        return picture_of(at)

    assert again() == (title, numbers)
    assert again(title="Orders") == ("Orders 5.00", numbers)
    assert again(frame=frame.assign(value=9.0))[1] != numbers
    assert again(frame=frame.copy()) == (title, numbers)
    monkeypatch.setattr(session, "_locale", lambda: "de_DE")
    assert again()[0] == "Revenue 5,00"


# --- downloads --------------------------------------------------------------------------------------------------------
def draw_download(frame, stem, analyses=1):
    from screen import session, show

    session.session().analyses = analyses
    show.download(frame, stem, f"Download {len(frame)} people")


@pytest.fixture
def offered(monkeypatch):
    """What each download button was given: label, bytes made, name, type, options."""
    made, button = [], st.download_button

    def noted(label, data, file_name, mime, **options):
        made.append((label, data(), file_name, mime, options))
        return button(label, data, file_name, mime, **options)

    monkeypatch.setattr(st, "download_button", noted)
    return made


def test_a_download_holds_all_rows_under_a_name_of_its_own(offered):
    frame = pd.DataFrame({"who": [f"c{i}" for i in range(1_500)], "money": np.arange(1_500) / 8})
    at = page_of(draw_download, frame=frame, stem="Upsell targets")
    label, content, name, mime, options = offered[-1]
    assert (label, mime) == ("Download 1500 people", "text/csv")
    assert (options["on_click"], options["disabled"]) == ("ignore", False)
    rows = list(csv.reader(content.decode().splitlines()))
    assert rows == [["who", "money"], *([who, str(money)] for who, money in frame.itertuples(index=False))]
    assert re.fullmatch(r"upsell-targets-[0-9a-f]{10}\.csv", name)
    assert not at.caption

    def name_of(at, **given):
        at.kwargs = {"frame": frame, "stem": "Upsell targets"} | given
        assert not at.run().exception
        return offered[-1][2]

    assert name_of(at) == name
    names = {
        name, name_of(at, frame=frame.head(1_499)), name_of(at, frame=frame.assign(who=frame["who"] + "x")),
        name_of(at, analyses=2), name_of(at, stem="Thank"),
        name_of(page_of(draw_download, frame=frame, stem="Upsell targets")),  # another visitor's
    }  # fmt: skip
    assert len(names) == 6


def test_nobody_to_download_is_no_download(offered):
    page_of(draw_download, frame=pd.DataFrame({"who": []}), stem="thank")
    assert offered[-1][4]["disabled"]


@pytest.mark.parametrize(
    ("who", "caption"),
    [
        (["=1+1", "b"], "1 cell begins with an apostrophe: without it, a spreadsheet would run it as a formula."),
        (["=1+1", "@b"], "2 cells begin with an apostrophe: without it, a spreadsheet would run them as a formula."),
    ],
)
def test_cells_that_would_run_are_defused_and_counted(offered, who, caption):
    at = page_of(draw_download, frame=pd.DataFrame({"who": who, "money": [-5.0, -6.0]}), stem="thank")
    assert [seen(one.value) for one in at.caption] == [caption]
    assert offered[-1][1].decode().splitlines()[1] == "'=1+1,-5.0"


def test_a_page_to_keep_is_named_by_what_is_on_it(offered):
    def draw(of):
        from screen import show

        show.download_page(lambda: b"<p>kept</p>", "then and now", "Download this comparison", of=of)

    at = page_of(draw, of=(1, 2, "a note"))
    label, content, name, mime, _ = offered[-1]
    assert (label, content, mime) == ("Download this comparison", b"<p>kept</p>", "text/html")
    assert re.fullmatch(r"then-and-now-[0-9a-f]{10}\.html", name)
    at.kwargs = {"of": (1, 2, "another note")}
    at.run()
    assert offered[-1][2] != name


# --- the pages, of the small shop -------------------------------------------------------------------------------------
@pytest.fixture
def app(monkeypatch):
    """The app with the small shop uploaded; each page runs app.py first, as in a running server."""
    begin = PagesManager.__init__

    def begun(self, *args, **kwargs):
        begin(self, *args, **kwargs)
        monkeypatch.setattr(PagesManager, "uses_pages_directory", False)

    monkeypatch.setattr(PagesManager, "__init__", begun)
    at = AppTest.from_file(APP, default_timeout=60).run()
    next(one for one in at.file_uploader if str(one.key).startswith("orders")).set_value(
        [("orders.csv", hand.EXPORT.encode(), "text/csv")]
    )
    assert not at.run().exception
    return at


def open_page(at, name):
    assert not at.switch_page(f"pages/{name}.py").run().exception
    return at


def test_each_line_of_the_overview_has_its_link_and_its_last_month(app):
    at = open_page(app, "overview")
    assert (hand.LAST_MONTHS_AVERAGE_ORDER, hand.LAST_MONTHS_RETURNING) == (71.875, 1)
    revenue, _, buyers, new = hand.MONTHS["2024-12"]
    assert (revenue, buyers, new) == (143.75, 2, 1)
    assert [seen(one.value) for one in at.main.caption] == [
        "Average order by month: $71.88 in Dec 2024", "Revenue by month: $144 in Dec 2024",
        "Customers who came back by month: 1 in Dec 2024", "Customers who bought by month: 2 in Dec 2024",
        "New customers by month: 1 in Dec 2024",
    ]  # fmt: skip
    drawn = [json.loads(one.proto.spec)["description"] for one in at.get("vega_lite_chart")]
    for series, last in zip(drawn, ("$71.88", "$144", "1", "2", "1"), strict=True):
        assert f" The latest: Dec 2024: {last} " in series
    links = [(one.proto.label, one.proto.page) for one in at.get("page_link")]
    assert links == [
        ("What drives it, and what lies ahead →", "value"), ("Who they are →", "value"),
        ("Who comes back, and when →", "repeat"), ("Who they are →", "segments"), ("The lists →", "targets"),
    ]  # fmt: skip
    assert [one.value[:5] for one in at.markdown] == ["#### "] * 5


def test_the_pages_of_lists_and_profile_show_the_small_shops_numbers(app, offered):
    at = open_page(app, "targets")
    assert [(one.label, one.value) for one in at.metric] == [
        ("Offer an upgrade", "0"), ("Win back first", "0"), ("Thank", "1"), ("Left out", "0"),
    ]  # fmt: skip
    assert "####" in at.markdown[0].value
    assert seen(at.markdown[0].value).endswith("So there is nobody to offer an upgrade; 1 customer deserves thanks.")
    assert hand.THANKED == ("ada",)
    rows = at.dataframe[0].value.to_dict("records")
    assert rows == [{
        "email": "ada@example.org", "name": "Ada",
        "reason_1": "Spent $592 within 365 days of the first order; the average is $223",
        "reason_2": "8 orders since November 2023", "reason_3": "Ordered on the last day", "accepts_marketing": True,
        "country": "US", "first_order": pd.Timestamp(hand.day(306)), "last_order": pd.Timestamp(hand.LAST_DAY),
        "orders": 8, "revenue": hand.REVENUE_OF["ada"],
    }]  # fmt: skip
    label, content, name, *_ = offered[-1]
    assert label == "Download 1 person"
    assert content.decode().splitlines()[1] == (
        "ada@example.org,ada@example.org,Ada,thank,,,,Spent $592 within 365 days of the first order; the average is "
        "$223,8 orders since November 2023,Ordered on the last day,US,True,2023-11-03,2024-12-31,8,718.0"
    )
    assert re.fullmatch(r"thank-[0-9a-f]{10}\.csv", name)
    at = open_page(at, "profile")
    assert len(at.metric) == 0
    assert "Only 4 customers have been with the shop for 365 days" in seen(at.markdown[0].value)
    behaviour = at.table[0].value.map(seen)
    assert behaviour["Below average"].tolist() == ["1.5", "$38.75", "90", "16%", "25%"]
    assert at.table[1].value.shape == (8, 2)


def test_the_page_of_two_days_shows_the_small_shops_numbers(app, offered):
    at = open_page(app, "then_now")
    # A year apart at first: days 364 (31 December 2023) and 730, of 365 days each.
    assert [one.value for one in at.date_input] == [hand.day(364), hand.LAST_DAY]
    for one, day in zip(at.date_input, (hand.day(699), hand.LAST_DAY), strict=True):
        one.set_value(day)
    assert not at.run().exception
    assert seen(at.markdown[0].value).startswith("#### There is too little to compare with Nov 30, 2024: ")
    assert at.table[0].value.map(seen)["Then → now"].tolist()[:5] == [
        "11 → 12", "$2,256 → $2,400", "$205 → $200", "$221 → $238", "$22.00 → $144",
    ]  # fmt: skip
    bridge, moves, trend = (json.loads(one.proto.spec)["description"] for one in at.get("vega_lite_chart"))
    assert bridge == (
        "Revenue is $122 more (too few customers bought to tell that from chance): value of an order +$76.89, "
        "customers who stay +$51.77, number of customers −$6.91. Then: $22.00 of revenue. Number of customers: $6.91 "
        "less. Customers who stay: $51.77 more. Orders each: $0 more. Value of an order: $76.89 more. Sales without a "
        "customer: $0 more. Now: $144 of revenue."
    )
    assert moves == (
        "2 customers moved to another segment: 1 from 'Champions' to 'Loyal', 1 from 'New customers' to "
        "'Promising'. 1 customer went from 'Champions' to 'Loyal'. 1 customer went from 'New customers' to "
        "'Promising'. 1 customer went from 'Not yet a customer' to 'New customers'."
    )
    assert trend == ("Revenue: highest on Jun 30, 2024. The latest: Revenue, Dec 31, 2024: $144.")
    move, key = at.selectbox
    assert move.options == [
        "Champions → Loyal: 1 customer", "New customers → Promising: 1 customer",
        "Not yet a customer → New customers: 1 customer",
    ]  # fmt: skip
    assert key.value == "Revenue"
    ben = at.dataframe[0].value.iloc[0]
    assert (ben["email"], ben["orders"], ben["revenue"]) == ("ben@example.org", 5, hand.REVENUE_OF["ben"])
    (_, behind, *_), (label, kept, name, *_) = offered[-2:]
    assert behind.decode().splitlines()[1].startswith("ben@example.org")
    assert (label, re.sub("[0-9a-f]{10}", "", name)) == ("Download this comparison", "then-and-now-.html")
    assert b"<td>$22.00 \xe2\x86\x92 $144</td>" in kept

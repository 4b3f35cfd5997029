"""Every chart draws its example, says its units and its message, and sends nothing that it does not draw."""

import inspect
import json
import re
import tomllib
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import altair as alt
import example_frames
import pandas as pd
import pyarrow as pa
import pytest

from clvapp import chart
from clvapp.chart import behind, orders, targets
from clvapp.chart.look import Colours
from clvapp.chart.spec import spec as sent_to_browser
from clvapp.wording import Wording

WORDS = Wording("en_US", "USD")
TITLE = "What was found, in one sentence"
MORE = {
    "value.value_distribution": {"line": 118.0, "last_is_open": True},
    "value.value_by_group": {"average": 118.0},
    "repeat.curve": {"at": (30, 0.3), "at_label": "fast-growing shops: about 30% in 30 days"},
    "repeat.by_group": {"average": 0.3},
    "then_now.moves": {"order": example_frames.segments_bars()["segment"].tolist()},
    "then_now.revenue_bridge": {"then": 67237.0, "now": 73928.0},
    "then_now.trend_line": {"label": "Active customers", "unit": "customers"},
    "value.forecast_course": {"between": (18_000.0, 27_000.0)},
    "overview.sparkline": {"y": "share", "label": "of customers buy again", "tell": WORDS.share},
}
SHARED = {"behind", "look", "spec"}
PAGES = [import_module(f"clvapp.chart.{one.name}") for one in iter_modules(chart.__path__) if one.name not in SHARED]
# By the page and its chart: the function that draws it.
DRAW = {
    f"{page.__name__.rpartition('.')[2]}.{name}": chart
    for page in PAGES
    for name, chart in inspect.getmembers(page, inspect.isfunction)
    if chart.__module__ == page.__name__ and not name.startswith("_")
}
NAMES = list(DRAW)
UNITS = {
    "orders.revenue_by_month": ["(USD)"],
    "value.value_distribution": ["(USD)", "(people)"],
    "value.pareto": ["(%)"],
    "value.value_by_cohort": ["(USD a customer)"],
    "value.value_by_group": ["(USD a customer)"],
    "profile.contrasts": ["(%)"],
    "profile.gain": ["(%)"],
    "targets.targets": ["(USD)", "(of 100"],
    "repeat.curve": ["(days)", "(%)"],
    "repeat.by_group": ["(%)"],
    "repeat.by_order": ["(number)", "(%)"],
    "repeat.cohort_map": ["(months)"],
    "segments.bars": ["(%)"],
    "then_now.moves": [],
    "then_now.revenue_bridge": ["(USD)"],
    "then_now.trend_line": ["(people)"],
    "overview.sparkline": [],
    "value.forecast_course": ["(USD)"],
    "value.most_expected": ["(USD)"],
    "value.probability_alive": ["(weeks)", "(orders)"],
}


@pytest.mark.parametrize("name", NAMES)
def test_a_browser_gets_what_altair_would_write_and_the_frames_beside_it(name):
    """What is sent is not checked against the schema each time; here it is, for every chart."""
    picture = drawn(name)
    with alt.data_transformers.enable("default", max_rows=None):
        whole = picture.to_dict()
    sent = sent_to_browser(picture)
    assert _without_data(sent) == _without_data(whole)
    frames = {name: pa.ipc.open_stream(rows).read_pandas() for name, rows in sent["datasets"].items()}
    assert all(len(frame) for frame in frames.values())
    assert set(re.findall(r'"name": "(rows-\d+)"', json.dumps({**sent, "datasets": 0}, default=str))) == set(frames)
    assert sent_to_browser(picture)["datasets"].keys() == frames.keys()


def _without_data(spec):
    if isinstance(spec, dict):
        return {key: _without_data(part) for key, part in spec.items() if key not in {"data", "datasets"}}
    return [_without_data(part) for part in spec] if isinstance(spec, list) else spec


def example(name):
    """The frame that stands for what the chart of that name is drawn of."""
    return getattr(example_frames, name.replace(".", "_"))


def drawn(name, frame=None, words=WORDS):
    frame = example(name)() if frame is None else frame
    title = {} if name == "overview.sparkline" else {"title": TITLE}
    return DRAW[name](frame, words, **title, **MORE.get(name, {}))


def axis_titles(node):
    if isinstance(node, list):
        return [title for part in node for title in axis_titles(part)]
    if not isinstance(node, dict):
        return []
    own = [node["axis"]["title"]] if isinstance(node.get("axis"), dict) and node["axis"].get("title") else []
    return own + [title for part in node.values() for title in axis_titles(part)]


@pytest.mark.parametrize("name", NAMES)
def test_each_chart_draws_its_example_and_names_its_units(name):
    spec = drawn(name).to_dict()
    titles = " | ".join(axis_titles(spec))
    for unit in UNITS[name]:
        assert unit in titles
    assert spec["description"]
    assert name == "overview.sparkline" or (TITLE in spec["description"] and TITLE in json.dumps(spec["title"]))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "overview.sparkline"])  # its numbers are not shown
def test_the_numbers_behind_a_picture_stand_under_words_that_people_read(name):
    found = behind.columns(DRAW[name])
    assert {column.name for column in found} >= set(example(name)().columns) - {"segment", "stayed", "told_apart"}
    labels = [column.label for column in found]
    assert len(set(labels)) == len(labels)
    assert not any("_" in label or label != label.strip() for label in labels)


def test_a_function_that_is_no_chart_of_ours_has_no_columns_behind_it():
    assert behind.columns(lambda: None) == ()


@pytest.mark.parametrize("name", NAMES)
def test_no_chart_sends_a_column_that_it_does_not_draw(name):
    frame = example(name)()
    spec = drawn(name, frame.assign(secret="x")).to_dict()
    encodings = json.dumps({key: value for key, value in spec.items() if key != "datasets"})
    for rows in spec["datasets"].values():
        for column in rows[0] if rows else []:
            assert re.search(rf"\b{column}\b", encodings), column
            assert column != "secret"


@pytest.mark.parametrize("name", NAMES)
def test_no_chart_sends_more_than_ten_thousand_points(name):
    spec = drawn(name).to_dict()
    assert sum(len(rows) for rows in spec["datasets"].values()) <= 10_000


@pytest.mark.parametrize("name", NAMES)
def test_no_chart_changes_its_frame(name):
    frame = example(name)()
    before = frame.copy(deep=True)
    drawn(name, frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("name", NAMES)
def test_each_chart_is_written_in_the_readers_locale(name):
    spec = drawn(name, words=Wording("de-DE", "EUR")).to_dict()
    assert spec["config"]["locale"]["number"]["decimal"] == ","
    assert "USD" not in json.dumps(spec)


@pytest.mark.parametrize("name", NAMES)
def test_tooltips_are_sentences(name):
    rows = [row for rows in drawn(name).to_dict()["datasets"].values() for row in rows if "says" in row]
    assert rows
    assert all(re.search(r"[a-z].*\.$", row["says"]) for row in rows)


def test_targets_are_capped_and_say_so():
    spec = drawn("targets.targets", example_frames.targets_targets(2500)).to_dict()
    assert sum(len(rows) for rows in spec["datasets"].values()) == targets.MAX_POINTS
    assert "2,000 of 2,500" in json.dumps(spec["title"])
    assert "picked" in [parameter["name"] for parameter in spec["params"]]


def test_an_incomplete_month_is_drawn_apart_and_says_so():
    spec = drawn("orders.revenue_by_month").to_dict()
    says = [row["says"] for rows in spec["datasets"].values() for row in rows]
    assert [text.endswith("not complete.") for text in says] == [False] * 29 + [True]
    assert "not complete" in json.dumps(spec["layer"])


def test_a_small_group_is_grey_and_carries_its_number():
    rows = [
        row for rows in drawn("value.value_by_group").to_dict()["datasets"].values() for row in rows if "name" in row
    ]
    assert {row["name"]: row["small"] for row in rows}["Malta (9)"] is True
    assert {row["name"]: row["small"] for row in rows}["Canada (97)"] is False


@pytest.mark.parametrize(
    "name",
    [
        "orders.revenue_by_month",
        "value.value_by_cohort",
        "targets.targets",
        "profile.contrasts",
        "value.value_by_group",
        "repeat.curve",
        "repeat.by_order",
        "repeat.by_group",
        "repeat.cohort_map",
        "segments.bars",
        "then_now.moves",
        "then_now.revenue_bridge",
        "then_now.trend_line",
    ],
)
def test_an_empty_frame_draws_an_empty_chart(name):
    assert drawn(name, example(name)().head(0)).to_dict()


def test_a_title_cannot_break_out_of_its_expression():
    title = 'He said "x"; \\ \' + alert(1) // ${y}\u2028'
    spec = orders.revenue_by_month(example_frames.orders_revenue_by_month(), WORDS, title=title).to_dict()
    lists = re.findall(r"\[.*?\](?= :|$)", spec["title"]["text"]["expr"])
    assert " ".join(json.loads(lists[0])).split() == title.split()


def test_drawing_a_chart_leaves_the_process_as_it_was():
    before = alt.theme.active
    for name in NAMES:
        drawn(name)
    assert alt.theme.active == before == "default"


# --- colours ---
def light(colour):
    """WCAG's relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
MEANINGS = {name: value for name, value in vars(Colours()).items() if isinstance(value, str)}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("meaning", MEANINGS)
def test_every_colour_is_seen_on_both_pages(theme, meaning):
    assert contrast(MEANINGS[meaning], CONFIG[theme]["backgroundColor"]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_are_complete_and_readable(theme):
    look, other = CONFIG[theme], CONFIG["dark" if theme == "light" else "light"]
    assert set(look) == set(other)
    assert set(look["sidebar"]) == set(other["sidebar"])
    assert len(look["chartSequentialColors"]) == len(look["chartDivergingColors"]) == 10
    assert contrast(look["textColor"], look["backgroundColor"]) >= 7
    assert contrast("#FFFFFF", look["primaryColor"]) >= 4
    assert set(look["chartCategoricalColors"]) <= set(MEANINGS.values())
    assert "http" not in json.dumps(CONFIG)

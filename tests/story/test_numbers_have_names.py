"""Every number on these pages says what it is of, and what has one name is one number, whatever the settings."""

from dataclasses import replace

import hand_shop as hand
import pattern_shop as large
import pytest

from clvapp.chart import orders as orders_chart
from clvapp.chart import profile as profile_chart
from clvapp.chart import repeat as repeat_chart
from clvapp.chart import targets as targets_chart
from clvapp.chart import then_now as then_now_chart
from clvapp.story import orders, payback, profile, repeat, targets, then_now

NO_FILTER = {"most": None, "least_score": 0.0, "countries": (), "consent_known": False}
SETTINGS = {
    "as they are": {},
    "with what is expected": {"basis": "with_expected"},
    "the middle customer": {"threshold": "median"},
    "all but the top fifth": {"threshold": "top"},
    "a margin": {"margin": 0.4},
    "margins by product": {"margins": {"Mug": 0.3}},
    "a shorter horizon": {"horizon_days": 91},
    "no discount": {"discount_rate": 0.0},
    "no shipping": {"count_shipping": False},
    "no tax": {"count_tax": False},
    "pending counted": {"count_pending": True},
    "strays kept": {"strays": "keep"},
    "opened with the file": {"starts_at_opening": True},
    "older than the file": {"starts_at_opening": False},
    "people joined": {"join_people": True},
    "what winning one costs": {"acquisition_cost": 40.0},
    "a day looked back from": {"observation_end": hand.LOOK_BACK},
}


def say_orders(analysis, words):
    orders.answer(analysis, words)
    orders.figures(analysis, words)
    orders.recognised(analysis, words)
    orders.left_out(analysis, words)
    for word in analysis.sales:
        orders.sales(analysis, word, words)
    title = orders.revenue_title(analysis, words)
    orders.computed(analysis, words)
    orders_chart.revenue_by_month(analysis.months, words, title=title)


def say_repeat(analysis, words):
    seen = analysis.returning
    repeat.answer(analysis, words)
    repeat.figures(analysis, words)
    repeat.references(analysis, words)
    repeat_chart.curve(seen.curve, words, title=repeat.curve_title(analysis, words))
    for heading, name in repeat.again_by(analysis).items():
        frame = seen.again_by(name)
        repeat_chart.by_group(frame, words, title=repeat.again_title(analysis, frame, heading, words))
    repeat.by_order(analysis, words)
    repeat_chart.by_order(seen.repeat_rate_by_order, words, title=repeat.by_order_title(analysis, words))
    repeat.due(analysis, words)
    repeat.regretted(analysis, words)
    for value in ("retention", "cumulative_per_customer"):
        title = repeat.cohort_map_title(analysis, words, value)
        repeat_chart.cohort_map(seen.cohort_table, words, title=title, value=value)
    payback.said(analysis, words)


def say_profile(analysis, words):
    found = analysis.profile
    profile.answer(analysis, words)
    profile.figures(analysis, words)
    frame = profile.contrasts(analysis)
    title = profile.contrasts_title(analysis, words)
    if len(frame):
        profile_chart.contrasts(frame, words, title=title)
    if found.usable:
        profile.rules(analysis, words)
        profile.rules_counted(analysis, words)
    if len(found.gain):
        profile_chart.gain(found.gain, words, title=profile.gain_title(analysis, words))
    profile.behaviour(analysis, words)
    profile.computed(analysis, words)


def say_targets(analysis, words):
    listed = targets.lists(analysis, **NO_FILTER)
    targets.answer(analysis, words, listed=listed["upgrade"])
    targets.figures(analysis, words)
    if len(listed["upgrade"]):
        title = targets.title(analysis, listed["upgrade"], words)
        targets_chart.targets(listed["upgrade"], words, title=title)
    targets.computed(analysis, words)


def say_then_now(analysis, words):
    now = analysis.end_day
    then = now - 300
    seen = analysis.returning
    then_now.answer(analysis, words, then, now)
    then_now.changes(analysis, words, then, now)
    steps, start, end = then_now.bridged(analysis, then, now)
    title = then_now.bridge_title(analysis, words, then, now)
    if len(steps):
        period = then_now.period(then, now)
        then_now_chart.revenue_bridge(steps, words, title=title, then=start, now=end, period=period)
    moves = seen.moves(then, now)
    then_now.named_moves(moves, words)
    order = then_now.segment_order(None)
    then_now_chart.moves(moves, words, title=then_now.moves_sentence(moves, words), order=order)
    trend = seen.trend(then, now)
    for label, key in then_now.trend_figures(trend).items():
        line = then_now.trend_line(analysis, trend, key)
        title = then_now.trend_title(analysis, line, label, words)
        unit = line["unit"].iloc[0]
        then_now_chart.trend_line(line, words, title=title, label=label, unit=unit, days=300)


PAGES = {
    "orders": say_orders, "repeat": say_repeat, "profile": say_profile, "targets": say_targets,
    "then and now": say_then_now,
}  # fmt: skip


def two_values(heard):
    """Names that were given to two numbers, or to one number of two numbers of people."""
    known, found = {}, []
    for one in heard:
        if one.of.name == "given" or one.value is None or one.value != one.value:
            continue
        key = (one.of.name, one.of.period, one.of.group)
        value, people = known.setdefault(key, (one.value, one.of.people))
        people_differ = None not in (people, one.of.people) and people != one.of.people
        if people_differ or abs(value - one.value) > 1e-9 * max(1.0, abs(value)):
            found.append((key, (value, people), (one.value, one.of.people)))
    return found


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_number_of_the_small_shop_has_a_name_of_its_own_and_no_share_is_more_than_all(shop, words, settings):
    heard = []
    listening = replace(words, heard=heard.append)
    for say in PAGES.values():
        say(shop(**SETTINGS[settings]), listening)
    assert len(heard) > 200
    assert [one.text for one in heard if not one.of.name] == []
    assert two_values(heard) == []
    shares = [one for one in heard if one.text.endswith("%") and one.value is not None]
    assert len(shares) > 50
    assert [one for one in shares if one.value > 1 + 1e-9] == []


@pytest.mark.parametrize("settings", ["as they are", "a margin", "older than the file"])
def test_every_number_of_the_pattern_has_a_name_of_its_own(pattern, words, settings):
    heard = []
    listening = replace(words, heard=heard.append)
    for say in PAGES.values():
        say(pattern(**SETTINGS[settings]), listening)
    assert {"hit_rate", "look_alike_score", "roc_auc"} <= {one.of.name for one in heard}
    assert [one.text for one in heard if not one.of.name] == []
    assert two_values(heard) == []
    assert large.CUSTOMERS == 300


@pytest.mark.parametrize("settings", SETTINGS)
def test_rows_are_used_or_left_out_for_one_reason(shop, settings):
    cleaned = shop(**SETTINGS[settings]).cleaned
    assert cleaned.rows_in == hand.ROWS_IN == cleaned.rows_used + int(cleaned.report["rows"].sum())

"""An analysis -> everything that every page says of it, page by page, as a reader meets it with nothing clicked.

The command line writes it down, and tests hold it against the pages themselves and against itself: a number that has
one name on two pages has to be one number.
"""

from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from clvapp import findings
from clvapp.analysis import Analysis
from clvapp.story import (
    chosen,
    forecast,
    newly_won,
    orders,
    overview,
    payback,
    profile,
    repeat,
    targets,
    then_now,
    value,
)
from clvapp.story import segments as groups
from clvapp.story.figure import Figure
from clvapp.then_now import usual_days
from clvapp.wording import Wording

Said = Iterator[str | None]


def sentences(analysis: Analysis, words: Wording) -> dict[str, list[str]]:
    """By page (the name of its module), all that it says: answers, figures, titles, tables row by row, explanations."""
    return {page: [said for said in says(analysis, words) if said] for page, says in PAGES.items()}


def _figures(of: Iterable[Figure]) -> Iterator[str]:
    return (f"{figure.label}: {figure.value}. {figure.meaning}" for figure in of)


def _rows(frame: pd.DataFrame) -> Iterator[str]:
    """A table's rows, each on a line under its headings."""
    for row in frame.itertuples(index=False):
        yield "; ".join(f"{heading}: {cell}" for heading, cell in zip(frame.columns, row, strict=True))


def _orders(analysis: Analysis, words: Wording) -> Said:
    yield chosen.sentence(analysis, words, page="orders")
    yield orders.answer(analysis, words)
    yield from _figures(orders.figures(analysis, words))
    yield orders.revenue_title(analysis, words)
    for word in list(analysis.sales)[:1]:
        yield from _rows(orders.sales(analysis, word, words))
    if not analysis.left_out.empty:
        yield from _rows(orders.left_out(analysis, words))
    yield from _rows(orders.recognised(analysis, words))
    yield from findings.of_orders(analysis)
    yield from orders.computed(analysis, words)


def _overview(analysis: Analysis, words: Wording) -> Said:
    yield chosen.sentence(analysis, words, page="overview")
    lines = overview.lines(analysis, words)
    if not lines:
        yield from findings.of_orders(analysis)
        return
    months = overview.monthly(analysis)
    whole = [overview.worth_line(analysis, words, with_forecast=True), *lines[1:], overview.week_line(analysis, words)]
    for line in whole:
        yield line.sentence
        yield overview.latest(months, line, words)


def _value(analysis: Analysis, words: Wording) -> Said:
    yield chosen.sentence(analysis, words, page="value")
    answer = value.answer(analysis, words)
    if answer is None:
        yield from findings.of_orders(analysis)
        return
    yield answer
    yield from _figures(value.figures(analysis, words))
    yield value.distribution_title(analysis, words)
    yield value.pareto_title(analysis, words)
    yield value.factors_sentence(analysis, words)
    yield forecast.tested(analysis, words)
    yield forecast.expected(analysis, words, with_range=True)
    yield from forecast.cautions(analysis)
    yield from _figures(forecast.figures(analysis, words))
    if analysis.forecast is not None and analysis.forecast.backtest is not None:
        yield forecast.course_title(analysis, words)
        yield from _rows(forecast.methods(analysis, words))
    yield newly_won.sentence(analysis, words)
    yield newly_won.may_cost(analysis, words)
    yield forecast.most_expected_title(analysis, words)
    grid = forecast.probability_alive_grid(analysis)
    if len(grid):
        yield forecast.probability_alive_title(grid, words)
    yield value.cohorts_title(analysis, words)
    for heading, column in value.groupings(analysis).items():
        yield value.group_title(analysis, value.by_group(analysis, column), heading, words)
        yield newly_won.group_title(analysis, heading, column, words)
        yield from _rows(newly_won.by_group(analysis, heading, column, words))
    yield from value.computed(analysis, words)
    yield from newly_won.computed(analysis, words)
    yield from forecast.computed(analysis)


def _segments(analysis: Analysis, words: Wording) -> Said:
    yield chosen.sentence(analysis, words, page="segments")
    if analysis.customers.empty:
        yield from findings.of_orders(analysis)
        return
    found = analysis.returning.segmented(None)
    sizes, of_revenue = groups.sizes(analysis, words, found), groups.of_revenue(analysis)
    ahead = analysis.returning.ahead(found)
    yield groups.answer(sizes, words, ahead, of_revenue=of_revenue, days=analysis.settings.horizon_days)
    yield groups.title(sizes, words, of_revenue=of_revenue)
    yield from _rows(groups.table(analysis, words, found, ahead))
    for name, people in zip(sizes["segment"], sizes["customers"], strict=True):
        if people:
            yield groups.advice_for(analysis, sizes, name, words)
    if analysis.no_states:
        yield analysis.no_states
    else:
        yield from _rows(groups.states(analysis, words, found))
    yield from groups.computed(analysis, words)


def _repeat(analysis: Analysis, words: Wording) -> Said:
    yield chosen.sentence(analysis, words, page="repeat")
    seen = analysis.returning
    yield repeat.answer(analysis, words)
    yield from _figures(repeat.figures(analysis, words))
    yield repeat.curve_title(analysis, words)
    yield from _rows(repeat.references(analysis, words))
    yield repeat.by_order_title(analysis, words)
    yield from _rows(repeat.by_order(analysis, words))
    for heading, column in repeat.again_by(analysis).items():
        yield repeat.again_title(analysis, seen.again_by(column), heading, words)
    for shown in ("retention", "cumulative_per_customer"):
        yield repeat.cohort_map_title(analysis, words, shown)
    yield payback.said(analysis, words)
    yield repeat.due(analysis, words)
    yield from _rows(repeat.regretted(analysis, words))
    yield from repeat.computed(analysis)


def _profile(analysis: Analysis, words: Wording) -> Said:
    yield chosen.sentence(analysis, words, page="profile")
    found = analysis.profile
    yield profile.answer(analysis, words)
    yield from _figures(profile.figures(analysis, words))
    if len(profile.contrasts(analysis)):
        yield profile.contrasts_title(analysis, words)
    if found.usable:
        yield from _rows(profile.rules(analysis, words))
        yield profile.rules_counted(analysis, words)
    if len(found.gain):
        yield profile.gain_title(analysis, words)
    yield from _rows(profile.behaviour(analysis, words))
    yield from _rows(profile.not_used(analysis))
    yield from found.findings
    yield from profile.computed(analysis, words)


def _targets(analysis: Analysis, words: Wording) -> Said:
    yield chosen.sentence(analysis, words, page="targets")
    listed = targets.chosen(analysis.targets.table, name="upgrade")
    yield targets.answer(analysis, words, listed=listed)
    yield from _figures(targets.figures(analysis, words))
    if len(listed):
        yield targets.title(analysis, listed, words)
    yield from _rows(targets.left_out(analysis))
    yield from analysis.targets.findings
    yield from targets.computed(analysis, words)


def _then_now(analysis: Analysis, words: Wording) -> Said:
    yield chosen.sentence(analysis, words, page="then_now")
    days = usual_days(analysis.days[0], analysis.end_day)
    if days is None:
        yield then_now.TOO_SHORT
        return
    then, now = days
    yield then_now.answer(analysis, words, then, now)
    yield then_now.bridge_title(analysis, words, then, now)
    yield from _rows(then_now.changes(analysis, words, then, now))
    yield then_now.moves_sentence(analysis.returning.moves(then, now, None), words)
    trend = analysis.returning.trend(then, now)
    for label, key in then_now.trend_figures(trend).items():
        yield then_now.trend_title(analysis, then_now.trend_line(analysis, trend, key), label, words)
    yield from then_now.computed()


PAGES: dict[str, Callable[[Analysis, Wording], Said]] = {
    "orders": _orders,
    "overview": _overview,
    "value": _value,
    "segments": _segments,
    "repeat": _repeat,
    "profile": _profile,
    "targets": _targets,
    "then_now": _then_now,
}

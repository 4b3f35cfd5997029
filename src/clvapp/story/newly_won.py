"""An analysis -> what the pages say of a customer won now: what they will bring, and what winning one may cost."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from clvapp.analysis import Analysis
from clvapp.cohorts.newly_won import LEAST_COHORTS, LEAST_CUSTOMERS, LEAST_MONTHS, THREE_YEARS, YEAR, NewValue
from clvapp.memo import once
from clvapp.settings import Cost
from clvapp.story.figure import rows_of
from clvapp.wording import GIVEN, Of, Wording

ENDS = ("value", "low", "high")


def brief(analysis: Analysis, words: Wording) -> str:
    """What a newly won customer brings in a year, for a page's answer; "" where it was not seen."""
    won = analysis.returning.newly_won
    told = won.value(YEAR) if won.grown.told >= YEAR else None
    if told is None:
        return ""
    return f" A newly won one {_brings(analysis)} {words.money(told.value, of=_of(told))} in a year."


@once
def sentence(analysis: Analysis, words: Wording) -> str:
    """What a customer won now will bring over 12 and 36 months, and whom that is told by."""
    year, longer = (analysis.returning.newly_won.value(months) for months in (YEAR, THREE_YEARS))
    if year is None:
        return missing(words)
    rate = words.share(analysis.settings.discount_rate, of=GIVEN)
    later = f", discounted at {rate} a year" if analysis.settings.discount_rate else ""
    span = "" if longer is None else f", and over {_months(longer, words)} {_ranged(longer, words)}"
    unknown = (
        f" What they bring over {words.count(THREE_YEARS, 'month', of=GIVEN)} cannot be said yet: nobody was watched "
        "that long, and too few came back to forecast it." if longer is None else ""
    )  # fmt: skip
    verb = "earn you" if analysis.margin != 1 else "bring"
    return (
        f"A customer won now will {verb} about {_ranged(year, words)} over {_months(year, words)}{span}{later}. "
        f"{' '.join(_told_by(one, words) for one in (year, longer) if one is not None)}{unknown}"
    )


def missing(words: Wording) -> str:
    """Why nothing is said of a newly won customer."""
    people, months, long = (
        words.count(LEAST_CUSTOMERS, "new customer", of=GIVEN), words.count(LEAST_COHORTS, "month", of=GIVEN),
        words.count(LEAST_MONTHS, "month", of=GIVEN),
    )  # fmt: skip
    return (
        f"What a newly won customer will bring cannot be said yet: that takes {people} who came in {months} or more, "
        f"have been watched for {long} at least, and a forecast for the rest of the year."
    )


@once
def may_cost(analysis: Analysis, words: Wording) -> str:
    """What winning one may cost, to be earned back even at the low end; "" where that cannot be said."""
    told = [one for one in map(analysis.returning.newly_won.value, (YEAR, THREE_YEARS)) if one is not None]
    safe = [one for one in told if one.low > 0]
    if not safe:
        return "At the low end a new customer brings nothing, so winning one may cost nothing." if told else ""
    parts = [f"{_money(one, words, 'low')} to earn it back within {_months(one, words)}" for one in safe]
    return f"Winning one may cost up to {', or '.join(parts)}, if they bring as little as the low end."


def now(cost: Cost) -> float:
    """What it costs to win a customer now: the one figure, or that of the latest month which has one."""
    return float(cost[max(cost)]) if isinstance(cost, Mapping) else float(cost)


def ltv_cac(told: NewValue, cost: float) -> tuple[float, float, float]:
    """LTV:CAC of a customer won now, and the ends of its interval."""
    return told.value / cost, told.low / cost, told.high / cost


def pays_back(analysis: Analysis, cost: float) -> int | None:
    """The month of age by the end of which a customer won now has earned `cost`; None where none of 36 is it."""
    earned = analysis.returning.newly_won.course
    reached = np.flatnonzero(earned >= cost)
    return int(reached[0]) + 1 if len(reached) else None


def payback_sentence(analysis: Analysis, words: Wording, cost: float) -> str:
    """When a customer won now pays back their cost, and how many times over; "" where that cannot be said."""
    told = [one for one in map(analysis.returning.newly_won.value, (YEAR, THREE_YEARS)) if one is not None]
    if not told or cost <= 0:
        return ""
    month, costs = pays_back(analysis, cost), words.money(cost, of=GIVEN)
    until = told[-1].months
    when = (
        f"will not have earned that within {words.count(until, 'month', of=GIVEN)}" if month is None
        else f"pays it back in month {words.number(month, of=Of('payback_month_of_new'))}"
    )  # fmt: skip
    times = ", and ".join(_times(one, words, cost) for one in told)
    return f"A customer won now at {costs} {when}; LTV:CAC is {times}."


def _times(told: NewValue, words: Wording, cost: float) -> str:
    of = replace(_of(told), name="ltv_cac_of_new")
    names = ("ltv_cac_of_new", "ltv_cac_of_new_low", "ltv_cac_of_new_high")
    at, low, high = (
        words.number(end, 1, of=replace(of, name=name))
        for name, end in zip(names, ltv_cac(told, cost), strict=True)
    )  # fmt: skip
    return f"{at} over {_months(told, words)} (between {low} and {high})"


@once
def by_group(analysis: Analysis, heading: str, column: str, words: Wording) -> pd.DataFrame:
    """The same over 12 months by a word of the first order, as a table of text; empty where no group has enough."""
    found = analysis.returning.newly_won.by(column)
    rows = [
        (row.group, *(words.money(getattr(row, end), of=_of_group(row, heading, end)) for end in ENDS),
         words.number(row.customers, of=replace(_of_group(row, heading, "value"), name="new_customers_watched",
                                                people=None)))
        for row in rows_of(found)
    ]  # fmt: skip
    earned = "Earned over 12 months" if analysis.margin != 1 else "Brought over 12 months"
    return pd.DataFrame(rows, columns=[heading, earned, "At least", "At most", "Customers watched"])


@once
def group_title(analysis: Analysis, heading: str, column: str, words: Wording) -> str:
    """Whether newly won customers of one group bring more than those of all the others."""
    found = analysis.returning.newly_won.by(column)
    if len(found) < 2:
        people = words.count(LEAST_CUSTOMERS, "new customer", of=GIVEN)
        return f"{heading}: fewer than two groups have {people} watched for a year, so none can be compared."
    best = found.iloc[0]
    worth = words.money(best["value"], of=_of_group(best, heading, "value"))
    if best["low"] > found["high"].iloc[1:].max():
        return f"{best['group']} brings the best new customers: {worth} each over their first year."
    return f"New customers of {best['group']} bring most, {worth} each over their first year: chance could do that."


def _of_group(row: Any, heading: str, end: str) -> Of:
    """What the value of a group, or an end of its range, is of."""
    name = "new_customer_value" + ("" if end == "value" else f"_{end}")
    return Of(name, int(row.customers), "first 12 months", f"{heading}: {row.group}")


def computed(analysis: Analysis, words: Wording) -> list[str]:
    """How the value of a newly won customer is told, and what its range holds."""
    if analysis.returning.newly_won.value(YEAR) is None:
        return []
    least = words.count(LEAST_CUSTOMERS, "customer", of=GIVEN)
    return [
        (
            "A newly won customer: for each month of age, what new customers watched through it earned you in that "
            "month, discounted, added up. Recent customers count for as far as they have been seen (the mean "
            f"cumulative function; Lawless and Nadeau 1995). Months of age with fewer than {least} are the model's."
        ),
        (
            "Its range is for the customers of the next month: it holds chance between customers, how much one "
            "month's customers differ from another's, and what the model leaves open. Ranges by group hold together, "
            "however many groups there are."
        ),
    ]


def _brings(analysis: Analysis) -> str:
    return "earns you about" if analysis.margin != 1 else "brings about"


def _of(told: NewValue) -> Of:
    return Of("new_customer_value", told.people, f"first {told.months} months")


def _money(told: NewValue, words: Wording, end: str) -> str:
    value = {"": told.value, "low": told.low, "high": told.high}[end]
    of = _of(told)
    return words.money(value, of=replace(of, name=f"{of.name}_{end}") if end else of)


def _ranged(told: NewValue, words: Wording) -> str:
    """The value with its range."""
    return f"{_money(told, words, '')} (between {_money(told, words, 'low')} and {_money(told, words, 'high')})"


def _months(told: NewValue, words: Wording) -> str:
    return words.count(told.months, "month", of=GIVEN)


def _told_by(told: NewValue, words: Wording) -> str:
    of = Of("new_customers_watched", period=f"first {told.months} months")
    people = words.count(told.people, "customer", of=of)
    if told.watched == told.months:
        return f"The {_months(told, words)} were seen: {people} were watched through the last of them."
    seen = words.count(told.watched, "month", of=replace(of, name="new_customer_months_watched"))
    return (
        f"Of the {_months(told, words)} the first {seen} were seen ({people} were watched through the last of them); "
        "the rest is what the forecast's model expects of somebody new."
    )

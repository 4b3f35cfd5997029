"""How much of a forecast a shop's history carries, by rules measured on simulated shops (docs/methods.md)."""

from dataclasses import dataclass

import numpy as np

from clvapp.finding import Finding
from clvapp.forecast.histories import Array
from clvapp.forecast.snapshot import Known
from clvapp.stats import student
from clvapp.wording import GIVEN, Of, Wording

FOR_TOTAL, FOR_CUSTOMERS = 20, 60  # repeat order days
LEAST_DAYS = 56


@dataclass(frozen=True)
class Enough:
    """What can be said: the shop's total, single customers, and how wrong the method was before."""

    total: bool
    customers: bool
    backtest: bool
    findings: tuple[Finding, ...]


def ranks_better_than_chance(expected: Array, came: Array) -> bool:
    """Whether the lower 95 % bound of the Gini coefficient of `came`, in the order of `expected`, is above 0.

    The coefficient is a ratio of sums over customers, so that its error follows by the delta method, with Student's
    quantile for Kish's effective number of customers: where one brought nearly all, nothing can be told.
    """
    from scipy.stats import rankdata

    total = float(came.sum())
    if not total > 0:
        return False
    place = 1 - 2 * (rankdata(-expected) - 0.5) / len(came)
    concentration = float(came @ place) / total
    error = float(np.sqrt(((came * (place - concentration)) ** 2).sum())) / total
    effective = total**2 / float(came @ came)
    return bool(concentration > student(effective) * error)


def enough(known: Known, *, tested: bool, ranked: bool = True, words: Wording = Wording()) -> Enough:
    """By the repeat order days seen and the days watched.

    `tested`: a back-test was possible; `ranked`: it told better customers from worse.
    """
    repeats, days = int(known.x.sum()), known.watched
    total = repeats >= FOR_TOTAL and days >= LEAST_DAYS
    customers = total and repeats >= FOR_CUSTOMERS and ranked
    said = []
    people = words.count(len(known.place), "customer", of=Of("customers"))
    again = words.count(repeats, "repeat order day", of=Of("repeat_order_days"))
    seen = f"{again} of {people} in {words.count(days, 'day', of=Of('days_watched'))}"
    least, one = words.count(FOR_TOTAL, of=GIVEN), repeats == 1
    if not total:
        sentence = (
            f"{seen} {'is' if one else 'are'} too few to forecast from ({least} in "
            f"{words.count(LEAST_DAYS, 'day', of=GIVEN)} at least): what customers have been worth so far has to do."
        )
        said.append(Finding("too_little_for_a_total", sentence))
    elif repeats < FOR_CUSTOMERS:
        least = words.count(FOR_CUSTOMERS, of=GIVEN)
        sentence = f"{seen} carry a total with its range, but none of single customers ({least} at least)."
        said.append(Finding("too_little_for_customers", sentence))
    elif not ranked:
        sentence = (
            "In its test the forecast told good customers from others no better than chance: the total stands, and "
            "nothing is said of single customers."
        )
        said.append(Finding("ranked_by_chance", sentence))
    if not tested:
        sentence = "The history is too short to test a forecast on: nobody knows yet how wrong it would have been."
        said.append(Finding("not_tested", sentence))
    return Enough(total, customers, tested, tuple(said))

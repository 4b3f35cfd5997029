"""How much of a forecast a shop's history carries, by rules measured on simulated shops (docs/methods.md)."""

from dataclasses import dataclass

from clvapp.finding import Finding
from clvapp.forecast.snapshot import Known
from clvapp.wording import Wording

FOR_TOTAL, FOR_CUSTOMERS = 20, 60  # repeat order days
LEAST_DAYS = 56


@dataclass(frozen=True)
class Enough:
    """What can be said: the shop's total, single customers, and how wrong the method was before."""

    total: bool
    customers: bool
    backtest: bool
    findings: tuple[Finding, ...]


def enough(known: Known, *, tested: bool, words: Wording = Wording()) -> Enough:
    """By the repeat order days seen and the days watched; `tested`: a back-test was possible."""
    repeats, days = int(known.x.sum()), known.watched
    total = repeats >= FOR_TOTAL and days >= LEAST_DAYS
    customers = total and repeats >= FOR_CUSTOMERS
    said = []
    people = words.count(len(known.place), "customer")
    seen = f"{words.count(repeats, 'repeat order day')} of {people} in {words.count(days, 'day')}"
    if not total:
        sentence = (
            f"{seen} are too few to forecast from ({words.count(FOR_TOTAL)} in {words.count(LEAST_DAYS, 'day')} at "
            "least): the range is wide, and the simple formula says as much."
        )
        said.append(Finding("too_little_for_a_total", sentence))
    elif not customers:
        least = words.count(FOR_CUSTOMERS)
        sentence = f"{seen} carry a total with its range, but none of single customers ({least} at least)."
        said.append(Finding("too_little_for_customers", sentence))
    if not tested:
        sentence = "The history is too short to test a forecast on: nobody knows yet how wrong it would have been."
        said.append(Finding("not_tested", sentence))
    return Enough(total, customers, tested, tuple(said))

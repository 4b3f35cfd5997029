"""The simple formula's factors and product -> its sentence, with digits that a reader can multiply."""

from dataclasses import dataclass
from itertools import product
from math import isfinite

from clvapp.value.simple import SimpleClv
from clvapp.wording import Of, Wording, as_sentences_round

_MOST = 6  # decimals of a factor
_WHOLE_FROM = 9.995  # money from which the product is written without decimals
_ALMOST_HALF = 0.499  # of the last digit: nobody's way of rounding halves may make a difference, if it can be helped
_HALF = 0.5 + 1e-9


def _cost(decimals: tuple[int, ...]) -> tuple[int, ...]:
    """Fewest digits first; money with more than cents only where nothing else agrees."""
    more_than_cents = max(0, decimals[0] - 1)
    return (more_than_cents, sum(decimals), *decimals)


_DECIMALS = sorted(product(range(4), range(3), *[range(1, _MOST + 1)] * 3), key=_cost)


@dataclass(frozen=True)
class Formula:
    """Each factor as it is written, and `shown`, the same rounded so: the average order, orders a year, and years.

    `orders_each` are orders a year times years. `margin` is "" where all of revenue is earned. What is shown multiplies
    to `clv`, rounded as that is; where no digits do, `clv` is said to be about so much. `digits`: of what is `shown`.
    """

    clv: str
    aov: str
    orders_each: str
    orders_per_year: str
    years: str
    margin: str
    shown: tuple[float, float, float]
    digits: tuple[int, int, int]


def period(clv: SimpleClv) -> str:
    """The time that the formula's orders are of."""
    return "last 12 months" if clv.whole_year else "so far"


def formula(
    words: Wording, *, clv: float, aov: float, orders_per_year: float, years: float, margin: float = 1.0,
    people: int | None = None, period: str = "last 12 months",
) -> Formula:  # fmt: skip
    """The formula with the fewest digits that multiply to what is shown of `clv`, of which `margin` is earned."""
    each, worth = orders_per_year * years, clv * margin
    found = _digits(words, (aov, each, orders_per_year, years), margin, worth)
    of_money, of_margin, of_each, of_rate, of_years = found or (1, 0, 1, 1, 1)

    def of(name: str) -> Of:
        return Of(name, people, period)

    named = of("simple_clv") if margin == 1 else of("simple_clv_at_margin")
    cents = _cents(words, aov, of_money)
    return Formula(
        words.money(worth, _of_worth(words, worth), of=named) if found else words.about_money(worth, of=named),
        words.money(aov, cents, of=of("aov")),
        words.number(each, of_each, of=of("orders_each")),
        words.number(orders_per_year, of_rate, of=of("orders_per_year")),
        words.number(years, of_years, of=of("years")),
        "" if margin == 1 else words.share(margin, of_margin, of=Of("margin")),
        (as_sentences_round(aov, cents), as_sentences_round(orders_per_year, of_rate),
         as_sentences_round(years, of_years)),
        (cents, of_rate, of_years),
    )  # fmt: skip


def formula_sentence(made: Formula, *, period: str = "last 12 months") -> str:
    """The simple formula with the shop's own numbers in it, and whom it is of."""
    who = "A customer" if period == "so far" else f"A customer who bought in the {period}"
    margin = f" × a margin of {made.margin}" if made.margin else ""
    return (
        f"{who} has been worth {made.clv} so far: {made.aov} an order × {made.orders_each} orders each "
        f"({made.orders_per_year} a year over {made.years} years, first orders counted){margin}."
    )


def so_far_sentence(words: Wording, average: float, customers: int, *, earned: bool = False) -> str:
    """What all customers have paid (or `earned` the shop) so far on average, without a full stop."""
    did, of = ("earned you", "historic_value") if earned else ("paid", "revenue_per_customer")
    worth = words.money(average, of=Of(of, customers))
    if customers == 1:
        return f"The one customer has {did} {worth} so far"
    return f"All {words.count(customers, 'customer', of=Of('customers'))} have {did} {worth} on average so far"


def _of_worth(words: Wording, worth: float) -> int:
    """Decimals of the product: few, for each takes one more of every factor."""
    return 0 if abs(worth) >= _WHOLE_FROM else words.money_digits(worth)


def _cents(words: Wording, money: float, more: int) -> int:
    """Decimals of `money`: as usual, at least the currency's own ones, or one or two more than those."""
    return words.money_digits(money) if more == 0 else words.money_digits(1.0) + more - 1


def _digits(
    words: Wording, factors: tuple[float, float, float, float], margin: float, worth: float
) -> tuple[int, ...] | None:
    """How many decimals the factors need: the average order, the margin in percent, orders each, a year, and years.

    None where no digits agree.
    """
    aov, each, rate, years = factors
    if not isfinite(worth):
        return None
    whole = _of_worth(words, worth)
    said = as_sentences_round(worth, whole)
    for half, (of_money, of_margin, of_each, of_rate, of_years) in product((_ALMOST_HALF, _HALF), _DECIMALS):
        most = half * 10**-whole
        if margin == 1 and of_margin:
            continue
        one = as_sentences_round(aov, _cents(words, aov, of_money))
        one *= 1.0 if margin == 1 else as_sentences_round(margin, of_margin + 2)
        often = as_sentences_round(each, of_each)
        if abs(one * often - said) > most:
            continue
        pace = as_sentences_round(rate, of_rate) * as_sentences_round(years, of_years)
        if abs(one * pace - said) <= most and abs(pace - often) <= half * 10**-of_each:
            return of_money, of_margin, of_each, of_rate, of_years
    return None

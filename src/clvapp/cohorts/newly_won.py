"""Order days -> what a customer won now will be worth over their first months: margin, discounted, with an interval.

By month of age, the mean is of the customers who have been watched through that month: those who came last month tell
of the first month, those of three years ago of all 36. The sum of these means is the mean cumulative function; it needs
no model, and the customers of lately count for as far as they have been seen. Source: Lawless & Nadeau (1995), "Some
simple robust methods for the analysis of recurrent events", Technometrics 37(2), with their robust variance. Only the
months of age that too few have lived through are a model's, which expects so many repeat orders of somebody new.

The interval is of the mean of the next month's customers. It holds chance between customers, how much months differ
(`between`), and the model's parameters.
"""

from dataclasses import dataclass

import numpy as np

from clvapp.cohorts.between import Between, between, reach
from clvapp.customers.order_days import OrderDays
from clvapp.days import MEAN_MONTH, MEAN_YEAR, MONTHS_IN_YEAR, months
from clvapp.stats import TAIL, Bools, Floats, Integers

YEAR, THREE_YEARS = MONTHS_IN_YEAR, 3 * MONTHS_IN_YEAR  # the months of age that a value is told for
LEAST_CUSTOMERS, LEAST_COHORTS, LEAST_MONTHS = 100, 6, 3
_COMPARED = 6  # months of age over which months are compared: longer, and fewer of them could be
_SMALL = 1e-9


@dataclass(frozen=True, eq=False)
class Ahead:
    """What a model expects of somebody new.

    `orders`: repeat orders in each month of age. `slopes`: the same by each of its log parameters, whose `covariance`
    it knows; `others`: the same by the other models, a row each.
    """

    orders: Floats
    slopes: Floats
    covariance: Floats
    others: Floats


@dataclass(frozen=True)
class NewValue:
    """What a newly won customer is worth over `months`; `watched` of those are from customers seen so long, `people`.

    Where `watched` is less than `months`, a model stands for the rest.
    """

    months: int
    value: float
    low: float
    high: float
    watched: int
    people: int


@dataclass(frozen=True, eq=False)
class Grown:
    """Money of new customers by month of age, undiscounted margin and discounted.

    By customer: their `cohort` (from 0) and how many months they have been `watched`. By money that moved in a whole
    month of theirs: `who`, `month`, `earned`, `discounted`. By month of age: `people` watched through it, and in how
    many `cohorts`. `repeat` is what each one's later orders have earned, `returns` how many those are.
    """

    cohort: Integers
    watched: Integers
    who: Integers
    month: Integers
    earned: Floats
    discounted: Floats
    people: Integers
    cohorts: Integers
    repeat: Floats
    returns: Integers

    @property
    def told(self) -> int:
        """Months of age through which enough customers, of enough months, have been watched; 0 if hardly any."""
        enough = (self.people >= LEAST_CUSTOMERS) & (self.cohorts >= LEAST_COHORTS)
        return int(enough.sum())  # the counts can only fall

    def mean(self, money: Floats) -> Floats:
        """By month of age, `money` a customer who has been watched through it."""
        sums = np.bincount(self.month, weights=money, minlength=THREE_YEARS)
        means: Floats = sums / np.maximum(self.people, 1)
        return means


def grown(
    bought: OrderDays, share: Floats, *, discount_rate: float, end_day: int, burn_in_end: int | None = None,
    among: Bools | None = None,
) -> Grown:  # fmt: skip
    """Money of new customers by month of age.

    Parameters
    ----------
    bought
        order days up to `end_day`
    share
        by customer, what is earned of the money they pay
    discount_rate
        a year, as a share
    burn_in_end
        customers from before it may be old ones who only look new, and are left out
    among
        by customer, whether they count: those of one channel
    """
    new = np.ones(len(bought.ids), bool) if among is None else among
    if burn_in_end is not None:
        new = new & (bought.since >= burn_in_end)
    place = np.where(new, np.cumsum(new) - 1, -1)
    since = bought.since[new]
    watched = np.floor((end_day - since + 1) / MEAN_MONTH).astype(np.intp)
    _, cohort = np.unique(months(since), return_inverse=True)
    moved = bought.money
    kept = moved.who >= 0
    kept[kept] = new[moved.who[kept]]
    who, paid = place[moved.who[kept]], moved.revenue[kept] * share[moved.who[kept]]
    age = np.maximum(moved.day[kept] - since[who], 0)
    month = np.floor(age / MEAN_MONTH).astype(np.intp)
    whole = (month < watched[who]) & (month < THREE_YEARS)
    now = (1 + discount_rate) ** (-age / MEAN_YEAR)
    later = age > 0
    first = bought.who[bought.returns & new[bought.who]]
    by_age = _lived(cohort, watched)
    return Grown(
        cohort, watched, who[whole], month[whole], paid[whole], (paid * now)[whole], by_age.sum(axis=0),
        (by_age > 0).sum(axis=0), np.asarray(np.bincount(who[later], weights=paid[later], minlength=len(since)), float),
        np.bincount(place[first], minlength=len(since)),
    )  # fmt: skip


def _lived(cohort: Integers, watched: Integers) -> Integers:
    """How many customers have been watched through each month of age: shape (cohorts, months of age)."""
    rows = int(cohort.max()) + 1 if len(cohort) else 0
    size = THREE_YEARS + 1
    ended = np.bincount(cohort * size + np.minimum(watched, THREE_YEARS), minlength=rows * size).reshape(rows, size)
    through: Integers = ended[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    return through


def differing(of: Grown) -> Between:
    """How much months' customers differ in what they bring in half a year, or as far as enough were watched."""
    until = min(of.told, _COMPARED)
    old = of.watched >= until
    inside = of.month < until
    each = np.bincount(of.who[inside], weights=of.discounted[inside], minlength=len(of.watched))[old]
    cohort = np.unique(of.cohort[old], return_inverse=True)[1]
    people = np.bincount(cohort).astype(np.float64)
    mean = max(float(each.mean()), _SMALL)
    means = np.bincount(cohort, weights=each) / people / mean
    within = float(((each / mean - means[cohort]) ** 2).sum()) / max(len(each) - len(people), 1)
    return between(means, people, within)


def new_value(
    of: Grown, horizon: int, *, apart: Between, discount_rate: float, ahead: Ahead | None = None, tail: float = TAIL
) -> NewValue | None:
    """What a newly won customer is worth over `horizon` months of age.

    `apart` is how much months differ. None where too few have been watched, and no model stands for the rest.
    """
    told = min(of.told, horizon)
    if told < min(LEAST_MONTHS, horizon) or (told < horizon and ahead is None):
        return None
    monthly = of.mean(of.discounted)[:told]
    seen, people = float(monthly.sum()), of.people[:told]
    moved = _moved(of, monthly, people)
    value, by_model = seen, 0.0
    if told < horizon and ahead is not None:
        worth = _worth_of_a_return(of)
        weight = np.zeros(THREE_YEARS)
        weight[told:horizon] = (1 + discount_rate) ** (-(np.arange(told, horizon) + 0.5) / MONTHS_IN_YEAR)
        orders = float(ahead.orders @ weight)
        value += orders * worth
        moved = moved + orders * (of.repeat - worth * of.returns) / max(float(of.returns.sum()), 1.0)
        by_model = _not_known(ahead, weight) * abs(worth)
    chance = float(np.sum(moved**2)) + by_model**2
    pull = _lived(of.cohort, of.watched)[:, :told] @ (monthly / people)
    scale = value / seen if abs(seen) > _SMALL else 1.0
    loading = value**2 + scale**2 * float(np.sum(pull**2))
    half = reach(apart, chance, loading, witnesses=_witnesses(moved), tail=tail)
    low, high = _ends(value, half)
    return NewValue(horizon, value, low, high, told, int(people[-1]))


def course(of: Grown, ahead: Ahead | None = None) -> Floats:
    """By month of age, the margin that a new customer has brought by its end, undiscounted.

    NaN from where too few have been watched, and no model stands for the rest.
    """
    monthly = np.where(np.arange(THREE_YEARS) < of.told, of.mean(of.earned), np.nan)
    if ahead is not None and of.told:
        monthly = np.where(np.isnan(monthly), ahead.orders * _worth_of_a_return(of), monthly)
    earned: Floats = monthly.cumsum()
    return earned


def _worth_of_a_return(of: Grown) -> float:
    """What later money comes to for each order day after a customer's first."""
    return float(of.repeat.sum()) / max(float(of.returns.sum()), 1.0)


def _moved(of: Grown, monthly: Floats, people: Integers) -> Floats:
    """By customer, how far they move the sum of the monthly means: the terms of the robust variance."""
    inside = of.month < len(monthly)
    own = np.bincount(
        of.who[inside], weights=of.discounted[inside] / people[of.month[inside]], minlength=len(of.watched)
    )
    usual = np.concatenate([[0.0], np.cumsum(monthly / people)])
    moved: Floats = own - usual[np.minimum(of.watched, len(monthly))]
    return moved


def _not_known(ahead: Ahead, weight: Floats) -> float:
    """Standard error of the orders that `weight` sums: by the model's parameters, and by which model it is."""
    slope = ahead.slopes @ weight
    other = (ahead.others - ahead.orders) @ weight
    return float(np.sqrt(max(slope @ ahead.covariance @ slope, 0.0) + np.mean(np.append(other, 0.0) ** 2)))


def _witnesses(moved: Floats) -> float:
    squares = moved**2
    return float(squares.sum() ** 2 / max(float((squares**2).sum()), 1e-300))


def _ends(value: float, half: float) -> tuple[float, float]:
    """Money is skewed: the mean of a sample without its best customers is low, and looks surer than it is."""
    if value <= 0:
        return value - half, value + half
    factor = float(np.exp(half / value))
    return value / factor, value * factor

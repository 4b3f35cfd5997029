"""Simulated shops outside the models' own family, each with what its customers spent in the year after.

Ten worlds; some have several kinds of shop, which are judged apart. Nothing of a shop is fixed: how often people order,
how long they stay and what a basket costs is drawn anew for each, in the range of real shops. Customers order at gaps
of business time (a clock that runs as fast as the shop is busy), stay for a life of calendar time, and pay a basket of
their own times what prices are on the day.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clvapp.days import MEAN_MONTH, YEAR, months

Array = npt.NDArray[Any]
Random = np.random.Generator

EPOCH = 18_000  # 14 April 2019: shops end on any day of the four years after
FEWEST, MOST = 150, 2_500  # customers
HALF_YEAR = 183


@dataclass(frozen=True)
class People:
    """One sort of customer. Times are in days.

    `gap`: the median customer's mean gap; `gap_spread`: between customers, of its log. `clock`: how one customer's gaps
    are spread about their mean: "weibull" or "gamma" of `evenness` (1 is chance). `life`: the mean; `lives`: "weibull",
    "lognormal", "exponential" or "orders" (after any order, with a chance of their own), of `life_shape`. `once`: the
    share that is gone after the first order. `basket`: the median; `basket_spread` between customers and `order_spread`
    between one's orders, both of logs (lognormal), or of Gamma shape where `gammas`; `with_rate`: its power of how
    often one orders.
    """

    share: float = 1.0
    gap: float = 60.0
    gap_spread: float = 0.7
    clock: str = "gamma"
    evenness: float = 1.0
    lives: str = "exponential"
    life: float = 500.0
    life_shape: float = 1.0
    once: float = 0.3
    basket: float = 50.0
    basket_spread: float = 0.5
    order_spread: float = 0.5
    gammas: bool = False
    with_rate: float = 0.0


@dataclass(frozen=True, eq=False)
class Plan:
    """A shop before its customers come: `pace` and `price` by day, 1 on a usual day, from the first to a year after.

    `growth`: of new customers a year, as a rate of log. `broken`: whether prices jumped; `seasonal`: whether a season
    moves the pace; `reopened`: the days since a closure ended; `slump`: whether the year after is worse than others;
    `before`: the days of trade before the file begins.
    """

    end_day: int
    days: int
    customers: int
    people: tuple[People, ...]
    pace: Array
    price: Array
    growth: float = 0.0
    broken: bool = False
    seasonal: bool = False
    slump: bool = False
    reopened: int | None = None
    before: int = 0

    @property
    def seen_days(self) -> int:
        """How many days the file holds."""
        return self.days - self.before

    @property
    def knowable(self) -> bool:
        """Whether the past could have told: two years of it, nothing closed lately, no break in price, no slump."""
        return self.seen_days >= 2 * YEAR and not self.broken and not self.slump and (self.reopened or YEAR) > HALF_YEAR

    @property
    def season_unknown(self) -> bool:
        """Whether there is a season that less than two years were seen of."""
        return self.seasonal and self.seen_days < 2 * YEAR


@dataclass(frozen=True, eq=False)
class Shop:
    """`spend`: a row a customer and day with money, as `forecast.forecast` takes it, the year after included."""

    spend: pd.DataFrame = field(repr=False)
    plan: Plan = field(repr=False)

    @property
    def end_day(self) -> int:
        return self.plan.end_day

    @property
    def seen(self) -> pd.DataFrame:
        """What was known on the last day."""
        return self.spend[self.spend["day"] <= self.end_day]

    @property
    def customers(self) -> pd.DataFrame:
        """Everybody who had ordered by the last day."""
        return pd.DataFrame({"customer_id": self.seen["customer_id"].unique()})

    def came(self, days: int = YEAR) -> pd.DataFrame:
        """What each of `customers` brought in the `days` after: `orders` (days) and `revenue`, by customer_id."""
        day = self.spend["day"]
        after = self.spend[(day > self.end_day) & (day <= self.end_day + days)].groupby("customer_id")
        found = pd.DataFrame({"orders": after["day"].nunique(), "revenue": after["revenue"].sum()})
        return found.reindex(self.customers["customer_id"]).fillna(0.0)


# --- what shops have in common ---
def usual(random: Random, **changed: Any) -> People:
    """Customers as chance has them: gaps of one to six months, lives of half a year to three, baskets of 20 to 120."""
    gammas = bool(random.random() < 0.5)
    return replace(
        People(
            gap=_between(random, 30, 180), gap_spread=random.uniform(0.4, 1.0), life=_between(random, 180, 1_100),
            once=random.uniform(0.1, 0.5), basket=_between(random, 20, 120), basket_spread=random.uniform(0.2, 0.8),
            order_spread=random.uniform(1.5, 6.0) if gammas else random.uniform(0.3, 0.7), gammas=gammas,
            with_rate=float(random.choice([0.0, 0.0, -0.3, 0.3])),
        ),
        **changed,
    )  # fmt: skip


def plan(random: Random, *people: People, days: int | None = None, **changed: Any) -> Plan:
    """An even shop of two to four years, ending on any day of the year; without `people`, of the usual ones."""
    days = int(random.integers(2 * YEAR + 1, 4 * YEAR)) if days is None else days
    flat = np.ones(days + YEAR)
    found = Plan(
        EPOCH + 4 * YEAR + int(random.integers(0, YEAR)), days, round(_between(random, FEWEST, MOST)),
        people or (usual(random),), flat, flat, growth=random.uniform(-0.1, 0.4),
    )  # fmt: skip
    return replace(found, **changed)


def _between(random: Random, low: float, high: float) -> float:
    """Even on the scale of logs."""
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


def _calendar(of: Plan) -> Array:
    """Each day's month, 0 for January."""
    return months(of.end_day - of.days + 1 + np.arange(of.days + YEAR)) % 12


# --- the worlds ---
def weibull_gaps(random: Random) -> Plan:
    """Gaps that come in bursts, or evenly, as no Poisson process has them."""
    shape = random.uniform(0.6, 0.8) if random.random() < 0.5 else random.uniform(1.3, 2.5)
    return plan(random, usual(random, clock="weibull", evenness=shape))


def erlang_gaps(random: Random) -> Plan:
    """Regular customers: a gap is the sum of two to eight short ones."""
    return plan(random, usual(random, evenness=float(random.integers(2, 9))))


def lives(random: Random) -> Plan:
    """Lives that are not exponential: most end early, or most last about as long, or a few for ever."""
    kind = random.choice(["early", "alike", "long tail"])
    if kind == "long tail":
        return plan(random, usual(random, lives="lognormal", life_shape=random.uniform(1.0, 1.8)))
    shape = random.uniform(0.5, 0.75) if kind == "early" else random.uniform(1.8, 4.0)
    return plan(random, usual(random, lives="weibull", life_shape=shape))


def christmas(random: Random, *, history: int) -> Plan:
    """Twice to five times the business in November and December, and a quiet summer, after `history` months."""
    of = plan(random, days=round(history * MEAN_MONTH) + int(random.integers(0, 15)), seasonal=True)
    if history < 24 and random.random() < 0.5:  # asked in the season, when people ask
        turn = int(np.datetime64("2023-12-01").astype("int64"))
        of = replace(of, end_day=turn + int(random.integers(0, 45)))
    factor = np.ones(12)
    factor[[10, 11]] = random.uniform(1.5, 3.0), random.uniform(2.0, 5.0)
    factor[[0, 5, 6, 7]] = random.uniform(0.6, 1.0, 4)
    pace = (factor / factor.mean())[_calendar(of)]
    return replace(of, pace=pace)


def growth(random: Random) -> Plan:
    """More new customers every year, and all of them buy more often every year."""
    of = plan(random, growth=random.uniform(0.3, 1.2))
    ahead = np.arange(len(of.pace)) / YEAR
    return replace(of, pace=np.exp(random.uniform(0.0, 0.2) * ahead))


def inflation(random: Random) -> Plan:
    """Prices that rise evenly, by 4 to 27 % a year, before the end and after."""
    of = plan(random)
    return replace(of, price=np.exp(random.uniform(0.04, 0.24) * np.arange(len(of.price)) / YEAR))


def price_break(random: Random) -> Plan:
    """Prices that were changed once, in the last half year, and stay so."""
    of = plan(random, broken=True)
    jump = of.days - int(random.integers(7, HALF_YEAR))
    new = random.choice([random.uniform(0.75, 0.9), random.uniform(1.1, 1.35)])
    return replace(of, price=np.where(np.arange(len(of.price)) < jump, 1.0, new))


def promotions(random: Random) -> Plan:
    """Four to ten sales a year, on any day: a few days of double to fivefold business at lower prices."""
    of = plan(random)
    pace, price = np.ones(len(of.pace)), np.ones(len(of.pace))
    often, off = int(random.integers(4, 11)), random.uniform(0.75, 0.95)
    for begin in random.integers(0, len(pace), round(often * len(pace) / YEAR)):
        days = slice(begin, begin + int(random.integers(3, 11)))
        pace[days], price[days] = random.uniform(2, 5), off
    return replace(of, pace=pace, price=price)


def wholesale(random: Random) -> Plan:
    """Three to fifteen accounts that order evenly, for 15 to 60 times an ordinary basket, and seldom leave."""
    small = usual(random)
    size = round(_between(random, FEWEST, 1_200))
    large = usual(
        random, share=random.uniform(3, 15) / size, gap=_between(random, 14, 60), gap_spread=0.4, once=0.0,
        evenness=float(random.integers(1, 6)), life=_between(random, 1_500, 4_000), with_rate=0.0,
        basket=small.basket * _between(random, 15, 60), basket_spread=0.8, gammas=False, order_spread=0.6,
    )  # fmt: skip
    return plan(random, small, large, customers=size)


def yearly(random: Random) -> Plan:
    """Most come at one time of their year, for a birthday or a licence, and half to nine tenths come again."""
    stay = random.uniform(0.5, 0.9)
    once_a_year = usual(
        random, share=random.uniform(0.6, 1.0), gap=float(YEAR), gap_spread=0.03, evenness=random.uniform(100, 900),
        lives="orders", life=1 / (1 - stay), life_shape=random.uniform(2.0, 20.0), once=0.0, with_rate=0.0,
    )  # fmt: skip
    return plan(random, once_a_year, usual(random, share=1 - once_a_year.share))


def closure(random: Random, *, recent: bool) -> Plan:
    """Shut for one to four months; open again since half a year at most, or since a year at least."""
    of = plan(random)
    since = int(random.integers(3, HALF_YEAR)) if recent else int(random.integers(YEAR, of.days - 200))
    last = of.days - since
    day = np.arange(len(of.pace))
    shut = (day >= last - int(random.integers(30, 121))) & (day < last)
    return replace(of, pace=np.where(shut, 0.0, of.pace), reopened=since)


def subscribers(random: Random) -> Plan:
    """A fifth to seven tenths pay every two, four or eight weeks until they cancel; the others order by chance."""
    paying = usual(
        random, share=random.uniform(0.2, 0.7), gap=float(random.choice([14, 28, 30, 56])), gap_spread=0.02,
        evenness=random.uniform(200, 2_000), lives="orders", life=_between(random, 4, 20),
        life_shape=random.uniform(1.5, 8.0), once=0.0, basket_spread=0.3, order_spread=0.05, gammas=False,
        with_rate=0.0,
    )  # fmt: skip
    return plan(random, paying, usual(random, share=1 - paying.share))


def established(random: Random, *, history: int) -> Plan:
    """A file of the last `history` months of a shop that opened one to five years before, of which nobody is told."""
    seen = round(history * MEAN_MONTH) + int(random.integers(0, 60))
    before = int(random.integers(YEAR, 5 * YEAR))
    life = _between(random, 400, 2_500)
    return plan(random, usual(random, life=life), days=before + seen, before=before)


def slump(random: Random) -> Plan:
    """A year after the end that is worse by a tenth to three tenths than all before: no past tells of it."""
    of = plan(random, slump=True)
    return replace(of, pace=np.where(np.arange(len(of.pace)) < of.days, 1.0, random.uniform(0.7, 0.9)))


WORLDS: dict[str, dict[str, Callable[[Random], Plan]]] = {
    "gaps": {"weibull gaps": weibull_gaps, "erlang gaps": erlang_gaps},
    "lives": {"lives": lives},
    "christmas": {
        f"christmas {history}": lambda random, history=history: christmas(random, history=history)
        for history in (13, 20, 30, 40)
    },
    "growth": {"growth": growth},
    "prices": {"inflation": inflation, "price break": price_break},
    "promotions": {"promotions": promotions},
    "wholesale": {"wholesale": wholesale},
    "yearly": {"yearly": yearly},
    "closures": {
        "closure, old": lambda random: closure(random, recent=False),
        "closure, recent": lambda random: closure(random, recent=True),
    },
    "subscribers": {"subscribers": subscribers},
    "established": {
        f"established {history}": lambda random, history=history: established(random, history=history)
        for history in (6, 12, 30)
    },
}
KINDS: dict[str, Callable[[Random], Plan]] = {
    **{name: kind for kinds in WORLDS.values() for name, kind in kinds.items()}, "slump": slump,
}  # fmt: skip


def world_of(kind: str) -> str:
    """The world that a kind of shop belongs to; a slump is a world of its own, without a bar."""
    return next((world for world, kinds in WORLDS.items() if kind in kinds), kind)


# --- customers who come, order and leave ---
def shop(kind: str, seed: int) -> Shop:
    """The shop of this kind and seed."""
    random = np.random.default_rng([seed, *kind.encode()])
    return opened(KINDS[kind](random), random)


def opened(of: Plan, random: Random) -> Shop:
    """What happens in it."""
    share = np.array([one.share for one in of.people])
    parts, base = [], 0
    for people, size in zip(of.people, random.multinomial(of.customers, share / share.sum()), strict=True):
        rows = _orders(of, people, int(size), random)
        parts.append(rows.assign(customer=rows["customer"] + base))
        base += int(size)
    rows = pd.concat(parts, ignore_index=True)
    names = np.array([f"c{i:05d}" for i in range(base)], dtype=object)
    frame = pd.DataFrame({"customer_id": names[rows["customer"]], "day": rows["day"], "revenue": rows["revenue"]})
    frame = frame[frame["day"] > of.end_day - of.seen_days]
    spend = frame.groupby(["customer_id", "day"], as_index=False).sum()
    return Shop(spend.assign(orders=1, paid=spend["revenue"]), of)


def _orders(of: Plan, people: People, size: int, random: Random) -> pd.DataFrame:
    """Every order of `size` customers of one sort, until a year after the end: `customer`, `day`, `revenue`."""
    busy = np.concatenate([[0.0], np.cumsum(of.pace)])
    often = np.exp(people.gap_spread * random.normal(size=size))  # orders, beside those of the median customer
    gap = people.gap / often
    came = _arrivals(of, size, random)
    leaves, stays = _leaving(people, came, size, random)
    who, at = np.arange(size), came
    found = [(who, at)]
    while len(who):
        again = random.random(len(who)) < stays[who]
        who, at = who[again], at[again]
        due = np.interp(at, np.arange(len(busy)), busy) + gap[who] * _gaps(people, len(who), random)
        inside = due < busy[-1]
        who, due = who[inside], due[inside]
        at = np.interp(due, busy, np.arange(len(busy)))  # while the shop is shut no business time passes
        here = at < leaves[who]
        who, at = who[here], at[here]
        found.append((who, at))
    who, at = (np.concatenate(part) for part in zip(*found, strict=True))
    day = at.astype("int64")
    paid = _baskets(people, often, who, random) * of.price[day]
    return pd.DataFrame({"customer": who, "day": of.end_day - of.days + 1 + day, "revenue": np.maximum(paid, 0.5)})


def _arrivals(of: Plan, size: int, random: Random) -> Array:
    """When each first orders: more in busy days, and more or fewer every year."""
    weight = of.pace[: of.days] * np.exp(of.growth * np.arange(of.days) / YEAR)
    upto = np.concatenate([[0.0], np.cumsum(weight)])
    return np.interp(random.random(size) * upto[-1], upto, np.arange(of.days + 1.0))


def _gaps(people: People, size: int, random: Random) -> Array:
    """Gaps of mean 1."""
    from scipy.special import gamma

    if people.clock == "weibull":
        return random.weibull(people.evenness, size) / gamma(1 + 1 / people.evenness)
    return random.gamma(people.evenness, 1 / people.evenness, size)


def _leaving(people: People, came: Array, size: int, random: Random) -> tuple[Array, Array]:
    """The time at which each leaves, and each one's chance to stay after an order."""
    from scipy.special import gamma

    stays = np.ones(size)
    if people.lives == "orders":  # `life` is the mean number of orders
        stays = 1 - random.beta(people.life_shape, people.life_shape * (people.life - 1), size)
        return np.full(size, np.inf), stays
    if people.lives == "weibull":
        life = random.weibull(people.life_shape, size) / gamma(1 + 1 / people.life_shape)
    elif people.lives == "lognormal":
        life = np.exp(people.life_shape * random.normal(size=size) - people.life_shape**2 / 2)
    else:
        life = random.exponential(size=size)
    return came + np.where(random.random(size) < people.once, 0.0, people.life * life), stays


def _baskets(people: People, often: Array, who: Array, random: Random) -> Array:
    """What each order costs before prices move."""
    own = people.basket * np.exp(people.basket_spread * random.normal(size=len(often))) * often**people.with_rate
    if people.gammas:
        return own[who] * random.gamma(people.order_spread, 1 / people.order_spread, len(who))
    return own[who] * np.exp(people.order_spread * random.normal(size=len(who)) - people.order_spread**2 / 2)

"""Simulated shops with known parameters: orders of several years, and of the twelve months after."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from spend_frames import all_paid

WEEK, YEAR = 7, 365
START = 19_000  # 8 January 2022


@dataclass(frozen=True)
class World:
    """How a shop's customers behave. Times are in weeks. `leaving`: "bg" after an order, "pareto" at any moment."""

    r: float = 0.6
    alpha: float = 8.0
    a: float = 0.8
    b: float = 2.5
    p: float = 4.0
    q: float = 4.0
    v: float = 40.0
    leaving: str = "bg"
    s: float = 0.6
    beta: float = 14.0
    spend_with_rate: float = 0.0  # exponent: customers who order more often spend more per order
    season: float = 0.0  # height of the yearly wave
    year_moves: float = 0.0  # the year ahead is better or worse than all before by this share
    years_move: float = 0.0  # the same for every year on its own, the year ahead included


_MIXED = {"spend_with_rate": 0.3, "leaving": "pareto", "season": 0.35}
BROKEN = {
    "spend goes with frequency": {"spend_with_rate": 0.3},
    "Pareto drop-out": {"leaving": "pareto"},
    "seasons": {"season": 0.35},
    "the year ahead better or worse": {"year_moves": 0.1},
    "every year better or worse": {"years_move": 0.1},
    "all mixed, the year ahead": {**_MIXED, "year_moves": 0.1},
    "all mixed, every year": {**_MIXED, "years_move": 0.1},
}


def world(random: np.random.Generator, **changed: object) -> World:
    """A world of the size of real shops: customers order between one and eight times a year while they stay."""
    r = np.exp(random.uniform(np.log(0.3), np.log(2.0)))
    alpha = r * 52 / np.exp(random.uniform(np.log(1.5), np.log(8)))
    a = np.exp(random.uniform(np.log(0.4), np.log(1.5)))
    b = a * np.exp(random.uniform(np.log(1.5), np.log(6)))
    p, q = random.uniform(2, 8), random.uniform(3, 6)
    v = random.uniform(20, 100) * (q - 1) / p
    s = np.exp(random.uniform(np.log(0.4), np.log(1.2)))
    found = World(r, alpha, a, b, p, q, v, s=s, beta=s * random.uniform(20, 100))
    return replace(found, **changed)


@dataclass(frozen=True)
class Simulated:
    """`spend`: a row for each customer and day, including the year after `end_day`. `orders`: the same, a row an order.

    Models know a moment for every order. Once a day's orders become one row, only the first moment remains.
    """

    spend: pd.DataFrame
    orders: pd.DataFrame
    end_day: int

    @property
    def seen(self) -> pd.DataFrame:
        return self.spend[self.spend["day"] <= self.end_day]

    @property
    def next_year(self) -> float:
        """What the customers known at the end spent in the next twelve months."""
        known = self.seen["customer_id"].unique()
        after = self.spend[(self.spend["day"] > self.end_day) & self.spend["customer_id"].isin(known)]
        return float(after["revenue"].sum())


def shop(of: World, *, customers: int, days: int, random: np.random.Generator) -> Simulated:
    """`customers` who arrived evenly over `days`, and the year after."""
    span = days + YEAR
    pace = _pace(of, days, random)
    busy = np.concatenate([[0.0], np.cumsum(pace)])
    came = np.sort(random.integers(0, days, customers))
    rate = random.gamma(of.r, 1 / of.alpha, customers) / WEEK
    watched = busy[span] - busy[came + 1]
    count = random.poisson(rate * watched)
    who = np.repeat(np.arange(customers), count)
    at = busy[came[who] + 1] + random.random(len(who)) * watched[who]
    order = np.lexsort((at, who))
    who, at = who[order], at[order]
    nth = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count) + 1
    if of.leaving == "bg":
        stays = nth <= random.geometric(np.maximum(random.beta(of.a, of.b, customers), 1e-9))[who]
    else:
        life = random.exponential(1 / np.maximum(random.gamma(of.s, 1 / of.beta, customers), 1e-12)) * WEEK
        stays = at - busy[came[who] + 1] <= life[who]
    day = np.searchsorted(busy, at[stays], side="left") - 1
    people = np.concatenate([np.arange(customers), who[stays]])
    days_of = np.concatenate([came, day])
    nu = random.gamma(of.q, 1 / of.v, customers) / (rate * of.alpha * WEEK / of.r) ** of.spend_with_rate
    frame = pd.DataFrame({"customer_id": people, "day": START + days_of})
    frame["revenue"] = random.gamma(of.p, 1, len(frame)) / nu[people]
    frame["orders"] = 1
    names = np.array([f"c{i:06d}" for i in range(customers)], dtype=object)
    each = frame.assign(customer_id=names[frame["customer_id"]])
    spend = all_paid(each.groupby(["customer_id", "day"], as_index=False).sum())
    return Simulated(spend, each, START + days - 1)


def _pace(of: World, days: int, random: np.random.Generator) -> np.ndarray:
    """How busy each day is, over all years."""
    day = np.arange(days + YEAR)
    wave = 1 + of.season * np.cos(2 * np.pi * (day + START - 19_000 - 330) / 365.25)
    ahead = 1 + of.year_moves * random.choice([-1, 1])
    year = (day - days) // YEAR  # counted from the end, so that the year ahead is one whole year
    levels = 1 + of.years_move * random.choice([-1, 1], int(np.ptp(year)) + 1)
    return wave * np.where(day < days, 1.0, ahead) * levels[year - year.min()]

"""Shops where we know how customers come back: some grow, and in some nothing ever changes.

Each customer has their own rate (gamma) and leaves with the same chance after every order. So the gaps between a
customer's orders are correlated, as in real shops. An order falls on the day in which its waiting time ends.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from spend_frames import all_paid

START = 18_000
YEAR = 365


@dataclass(frozen=True)
class Rates:
    """Orders a day ~ gamma(`shape`, scale 1 / `alpha`). After each order a customer leaves with chance `leaves`."""

    shape: float = 0.9
    alpha: float = 60.0
    leaves: float = 0.35
    log_spend: float = 3.7
    spread: float = 0.8  # standard deviation of the logarithm of an order's value
    own_spread: float = 0.4  # the same between customers

    def within(self, *days: float) -> float:
        """The chance, over all customers, that there are that many gaps, each within its number of `days`."""
        chance, sign_sets = 0.0, np.array(np.meshgrid(*[[0, 1]] * len(days))).reshape(len(days), -1).T
        for chosen in sign_sets:
            waited = float(np.dot(chosen, days))
            chance += (-1) ** int(chosen.sum()) * (self.alpha / (self.alpha + waited)) ** self.shape
        return chance * (1 - self.leaves) ** len(days)


def spend(rates: Rates, first: np.ndarray, *, end_day: int, seed: int, most: int = 60) -> pd.DataFrame:
    """One row for each customer and day with an order, given the customers' first days. Nothing after `end_day`."""
    random = np.random.default_rng(seed)
    people = len(first)
    rate = random.gamma(rates.shape, 1 / rates.alpha, people)
    stays = random.random((people, most)) >= rates.leaves
    waits = np.ceil(random.exponential(size=(people, most)) / np.maximum(rate, 1e-9)[:, None]).clip(max=1e6)
    days = first[:, None] + np.cumsum(np.where(np.logical_and.accumulate(stays, axis=1), waits, 1e7), axis=1)
    days = np.column_stack([first, days])
    who, turn = np.nonzero(days <= end_day)
    own = random.normal(0, rates.own_spread, people)
    value = np.exp(rates.log_spend + own[who] + random.normal(0, rates.spread, len(who))).round(2)
    frame = pd.DataFrame({"customer_id": who, "day": days[who, turn].astype(int), "revenue": value, "orders": 1})
    return all_paid(frame.assign(customer_id="c" + frame["customer_id"].astype(str)))


def growing(seed: int, rates: Rates = Rates(), *, people: int = 1500, years: float = 2.0) -> tuple[pd.DataFrame, int]:
    """A shop whose new customers grow sevenfold a year, and the day its export ends."""
    random = np.random.default_rng([seed, 1])
    end_day = START + round(years * YEAR)
    age = random.exponential(YEAR / np.log(7), 4 * people)
    first = end_day - np.floor(age[age < end_day - START][:people]).astype(int)
    return spend(rates, first, end_day=end_day, seed=seed), end_day


def unchanged(seed: int, rates: Rates = Rates(), *, a_day: float = 2.0, years: float = 5.0) -> tuple[pd.DataFrame, int]:
    """A shop that gains customers at an even pace, and is old enough that as many leave as come."""
    random = np.random.default_rng([seed, 2])
    days = round(years * YEAR)
    first = np.sort(START + random.integers(0, days, random.poisson(a_day * days)))
    return spend(rates, first, end_day=START + days - 1, seed=seed), START + days - 1

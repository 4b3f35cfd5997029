"""Simulated shops whose customers' next gaps are known, beyond the end of what the shop knows too."""

from dataclasses import dataclass

import numpy as np

from clvapp.customers.next_gap import HALF_DAY, Known, known, spread, within
from clvapp.customers.rhythm import SILENT_SHARE

LONGEST = 60  # gaps drawn for a customer


@dataclass(frozen=True)
class GapShop:
    """Order days, oldest first within each customer, those after `end` too; `steady` by customer."""

    who: np.ndarray
    day: np.ndarray
    gap: np.ndarray
    number: np.ndarray  # of gaps before the order day, itself included: 0 for a customer's first
    steady: np.ndarray
    end: int

    def seen(self):
        """What the shop knows of each customer on its last day."""
        here = self.day <= self.end
        latest = np.full(len(self.steady), np.nan)
        latest[self.who[here]] = self.day[here]
        back = here & (self.number > 0)
        return known(self.gap[back], self.who[back], self.end - latest)


def gap_shop(
    seed, *, people=20_000, end=1095, mean=60.0, spread=0.7, gamma_pace=False, shape=1.0, steady_share=0.0,
    steady_shape=10.0, leave=None, law="gamma",
):  # fmt: skip
    """A shop whose customers come all through its years.

    Each has a mean gap of their own, log-normal (`spread` of its log) or, with `gamma_pace`, one over a gamma rate of
    shape 1 (the negative binomial of Ehrenberg, whose mean gaps have no mean). `shape`: of all gamma gaps, or the two
    ends between which they lie evenly in logs. A `steady_share` has `steady_shape` instead. `leave`: after each
    order, the chance to leave for good, or the two parameters of a beta that each customer's own is drawn from.
    `law` "lognormal" draws gaps of log-spread 0.8, "weibull" of shape 1.5, "jitter" ones within a tenth of the mean.
    """
    draw = np.random.default_rng(seed)
    first = draw.uniform(0, end, people)
    pace = mean / draw.gamma(1.0, 1.0, people) if gamma_pace else mean * np.exp(draw.normal(0, spread, people))
    low, high = np.log(np.broadcast_to(shape, 2))
    steady = draw.random(people) < steady_share
    shapes = np.where(steady, steady_shape, np.exp(draw.uniform(low, high, people)))[:, None]
    size = (people, LONGEST)
    gaps = (
        pace[:, None]
        * {
            "gamma": lambda: draw.gamma(np.broadcast_to(shapes, size)) / shapes,
            "lognormal": lambda: np.exp(draw.normal(-0.32, 0.8, size)),
            "weibull": lambda: draw.weibull(1.5, size) / 0.9027452929509336,
            "jitter": lambda: draw.normal(1, 0.1, size),
        }[law]()
    )
    chance = (
        np.zeros(people)
        if leave is None
        else np.full(people, leave)
        if np.ndim(leave) == 0
        else draw.beta(*leave, people)
    )
    stays = np.cumsum(draw.random(size) < chance[:, None], axis=1) == 0
    day = np.floor(first[:, None] + np.column_stack([np.zeros(people), np.cumsum(np.maximum(gaps, 0), axis=1)])).astype(
        int
    )
    ordered = np.column_stack(
        [np.ones(people, bool), stays & (np.diff(day, axis=1) > 0)]
    )  # two orders of a day are one
    who = np.nonzero(ordered)[0]
    at, begins = day[ordered], np.append(True, np.diff(who) > 0)
    start = np.maximum.accumulate(np.where(begins, np.arange(len(who)), 0))
    number = np.arange(len(who)) - start
    return GapShop(who, at, np.where(begins, 0, np.diff(at, prepend=0)).astype(float), number, steady, end)


def exceeded(shop, numbers=range(3, 21)):
    """Of everybody who reached `k` gaps by the end of the file: how many next gaps came, and how many were too long.

    The limit is the one of that day's gaps, the next gap is waited for beyond the end. Returns a dict k -> four
    counts: next gaps of customers who are not steady, those over the limit, and the same two of the steady.
    """
    learned = spread(shop.seen())
    gap = np.maximum(shop.gap - HALF_DAY, HALF_DAY)
    days, logs = np.cumsum(gap), np.cumsum(np.log(gap))
    found = {}
    for k in numbers:
        here = np.flatnonzero((shop.number[:-1] == k) & (shop.day[:-1] <= shop.end) & (shop.number[1:] == k + 1))
        begin = here - k
        asked = Known(np.full(len(here), k), days[here] - days[begin], logs[here] - logs[begin], np.zeros(len(here)))
        late = shop.gap[here + 1] > within(learned, asked, SILENT_SHARE)
        steady = shop.steady[shop.who[here]]
        found[k] = np.array([(~steady).sum(), late[~steady].sum(), steady.sum(), late[steady].sum()])
    return found


def together(seeds, numbers=range(3, 21), **how):
    """The counts of `exceeded`, added over shops drawn with `seeds`."""
    parts = [exceeded(gap_shop(seed, **how), numbers) for seed in seeds]
    return {k: sum(part[k] for part in parts) for k in numbers}


def rates(counts):
    """k -> next gaps and the share over the limit: of all, of chance customers and of the steady."""
    with np.errstate(invalid="ignore"):
        return {
            k: (int(a + c), (b + d) / (a + c), b / a, d / c) for k, (a, b, c, d) in counts.items()
        }  # fmt: skip

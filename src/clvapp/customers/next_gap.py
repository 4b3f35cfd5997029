"""Everybody's gaps between orders -> by when somebody's next order comes, in nine of ten cases in which it comes.

A customer's gaps follow a gamma distribution of their own: its mean is their pace, its shape how regular they are (1 is
chance, more is steadier). How pace and shape are spread over the shop's customers is learned from all of them; what is
known of one customer is then what that spread and their own gaps say together. So three gaps, which say little, are
held against what customers of this shop do, and thirty speak for themselves.

Sources: Robbins, "An empirical Bayes approach to statistics" (Proc. 3rd Berkeley Symposium, 1956); Laird,
"Nonparametric maximum likelihood estimation of a mixing distribution" (JASA 73, 1978), for learning the spread by EM;
Wheat and Morrison, "Estimating purchase regularity with two interpurchase times" (JMR 27, 1990) and Platzer and
Reutterer, "Ticking away the moments" (Marketing Science 35, 2016), for gamma gaps with drop-out.
"""

from dataclasses import dataclass
from functools import cache
from math import lgamma

import numpy as np
from numpy.typing import NDArray

from clvapp.stats import Floats, Integers
from clvapp.threads import on_one_thread

Single = NDArray[np.float32]  # half the memory, and as good as needed

STEP, FIRST, PLACES = 0.06, -1.0, 200  # the lattice of times: how far apart, where it begins, how many (log days)

# Two orders of one day are one order day, so a gap of chance is a whole day and what came after midnight: less half a
# day, it is a gamma gap of shape 1 again.
HALF_DAY = 0.5

# The shapes looked at, how many steps of the lattice lie between their means, and how likely each is before a gap was
# seen. Steadier customers need finer steps.
SHAPES = (
    (0.5, 4, 0.08), (0.7, 4, 0.12), (1.0, 4, 0.20), (1.5, 4, 0.18), (2.2, 4, 0.14), (3.5, 4, 0.10), (6.0, 2, 0.07),
    (10.0, 2, 0.05), (18.0, 2, 0.03), (40.0, 2, 0.02), (100.0, 2, 0.01),
)  # fmt: skip
PRIOR_CUSTOMERS = 5.0  # what is thought of pace and shape beforehand counts as much as so many customers
PRIOR_SPREAD = 1.2  # of log pace, around the shop's
LEAVING_CUSTOMERS = 20.0  # and what is thought of leaving, at each pace, as much as so many
ROWS = 800  # customers with gaps that the spread is learned from; of more, every so many in a row by their gaps
ROUNDS, STEPS = 8, 5  # of EM: rounds in which leaving is learned, and steps in each
STAGES = 20  # from so many gaps on, the chance to leave is taken to be the same
# How finely customers are told apart: by mean gap (a step of their columns, so that many gaps meet one exactly), by the
# number of more gaps, and by how even they are.
_FINE, _COARSE, _MANY, _EVEN = 2 * STEP, 4 * STEP, 0.1, 0.025
_MOST = 1 << 10  # steps of each
_AT_ONCE = 4000  # customers
_BACK = 30.0  # how far below its mean a gap is looked at (log days)
_TINY = 1e-30  # against division by zero
BLOCK = 8  # how many steps of the lattice share one chance to leave


@dataclass(frozen=True, eq=False)
class Grid:
    """Every pace and shape looked at, a column each.

    Attributes
    ----------
    mean, place
        the mean gap in days, and its place on the lattice of times
    density
        what the number of gaps, their sum and the sum of their logs are multiplied by for the log-likelihood
    below
        the chance of a gap of at most each time of the lattice, one row per column of the grid
    thought
        how likely the shape is beforehand, by the width that its steps cover
    """

    mean: Floats
    place: Integers
    density: Floats
    below: Floats
    thought: Floats

    def of(self, keep: Integers) -> "Grid":
        """The columns in `keep`."""
        parts = self.mean[keep], self.place[keep], self.density[:, keep], self.below[keep], self.thought[keep]
        return Grid(*parts)


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of each customer: how many gaps, their sum and that of their logs, and the days since then.

    Each gap is less half a day.
    """

    gaps: Integers
    days: Floats
    logs: Floats
    waited: Floats

    def of(self, who: Integers) -> "Known":
        """Those customers alone."""
        return Known(self.gaps[who], self.days[who], self.logs[who], self.waited[who])


@dataclass(frozen=True, eq=False)
class Spread:
    """How pace and shape are spread over the customers of a shop.

    `log_share` is by column of `grid`, `log_stays` the log of the chance to have stayed, by gaps and column.
    """

    grid: Grid
    log_share: Floats
    log_stays: Floats


def known(gap: Floats, who: Integers, waited: Floats) -> Known:
    """The gaps, in whole days from 1 on, added up by customer. `waited` is by customer; NaN for who never ordered."""
    people, gap = len(waited), gap - HALF_DAY
    days, logs = (np.bincount(who, part, people).astype(np.float64) for part in (gap, np.log(gap)))
    return Known(np.bincount(who, minlength=people), days, logs, waited)


@on_one_thread("numpy")
def within(learned: Spread, asked: Known, share: float) -> Floats:
    """By customer asked about, the days within which that `share` of next orders come, of those that come at all.

    All of them need a gap. How long they have waited does not move it: it is what their silence is held against.
    """
    if not len(asked.gaps):
        return np.empty(0)
    few, of, longer = _alike(asked)
    return _limits(learned, few, share)[of] * longer + HALF_DAY


@cache
def grid() -> Grid:
    """All columns: every shape at every mean from under a day to centuries."""
    shapes = np.array([shape for shape, _, _ in SHAPES])
    fine = 12  # the distribution is added up in steps so much finer than the lattice
    log_time = np.arange(-_BACK, 6.0, STEP / fine)  # over the mean
    mass = np.exp(shapes[:, None] * (log_time - np.exp(log_time) + 1))
    below = (np.cumsum(mass, axis=1) - mass / 2) / mass.sum(axis=1, keepdims=True)
    below, zero = below[:, ::fine], round(_BACK / STEP)
    place = [np.arange(0, PLACES, steps) for _, steps, _ in SHAPES]
    of = np.repeat(np.arange(len(SHAPES)), [len(one) for one in place])
    at = np.concatenate(place)
    mean, shape = np.exp(FIRST + STEP * at), shapes[of]
    constant = np.array([one * np.log(one) - lgamma(one) for one in shapes.tolist()])[of]
    time = np.clip(np.arange(PLACES) - at[:, None] + zero, 0, below.shape[1] - 1)
    return Grid(
        mean, at, np.stack([constant - shape * np.log(mean), -shape / mean, shape - 1]),
        below[of[:, None], time].astype(np.float32),
        np.array([thought * steps for _, steps, thought in SHAPES])[of],
    )  # fmt: skip


@on_one_thread("numpy")
def spread(seen: Known) -> Spread:
    """How pace and shape are spread over all customers, with the chance to leave after each order, by EM.

    At least one customer must have a gap. The last silence is a gap cut off by the end of what is known, or no gap at
    all: its customer may have left.
    """
    rows, weight = _rows(seen)
    columns, thought = _columns(seen)
    block = columns.place // BLOCK
    block -= block.min()
    in_block = np.equal.outer(block, np.arange(block.max() + 1)).astype(np.float32)
    stage = np.minimum(rows.gaps, STAGES)
    longer = 1 - columns.below.T[_place(rows.waited)]
    longer[rows.waited < 1] = 1.0
    gaps, share = _likelihood(rows, columns), thought.copy()
    leaves = np.full((STAGES + 1, in_block.shape[1]), 0.1)
    for _ in range(ROUNDS):
        stayed = _stayed(leaves, rows.gaps)
        went = leaves[stage].astype(np.float32)
        last = went[:, block] + (1 - went[:, block]) * longer
        seen_so = gaps * last * np.exp(stayed - stayed.max(axis=1, keepdims=True)).astype(np.float32)[:, block]
        for _ in range(STEPS):
            found = seen_so @ share.astype(np.float32)
            share = share * ((weight / np.maximum(found, _TINY)) @ seen_so) + PRIOR_CUSTOMERS * thought
            share /= share.sum()
        joint = seen_so * share.astype(np.float32)
        joint *= (weight / np.maximum(joint.sum(axis=1), _TINY))[:, None]
        leaves = _leaves(joint, (joint / np.maximum(last, _TINY)) @ in_block * went, in_block, rows.gaps)
    stays = np.vstack([np.zeros(len(block)), np.cumsum(np.log1p(-leaves), axis=0)[:, block]])
    return Spread(columns, np.log(_near(columns) @ share), stays)


def _near(columns: Grid) -> Floats:
    """What smooths shares over the means of one shape: a tent, half as high at the next step of the coarsest.

    Likelihood alone would put all customers on a few paces, and somebody with many gaps between two of them on neither.
    """
    away = np.abs(np.subtract.outer(columns.place, columns.place))
    shape = columns.density[2]
    tent = np.where(np.equal.outer(shape, shape), np.maximum(1 - away / BLOCK, 0.0), 0.0)
    found: Floats = tent / tent.sum(axis=0)
    return found


def _leaves(joint: Single, gone: Single, in_block: Single, gaps: Integers) -> Floats:
    """The chance to leave by gaps so far and pace: who left, of those who could have, drawn to the average.

    `joint` is the weight of each customer in each column, `gone` by block the weight of those who left.
    """
    each, stages = joint @ in_block, np.arange(STAGES + 1)[:, None]
    could = np.where(stages < STAGES, gaps >= stages, np.maximum(gaps - STAGES + 1, 0)).astype(np.float32)
    did = np.equal(stages, np.minimum(gaps, STAGES)).astype(np.float32)
    had, gone = could @ each, did @ gone
    average = (gone.sum(axis=1) + 0.5) / (had.sum(axis=1) + 5)
    found = (gone + LEAVING_CUSTOMERS * average[:, None]) / (had + LEAVING_CUSTOMERS)
    kept: Floats = np.clip(found, 1e-6, 1 - 1e-6).astype(np.float64)
    return kept


def _stayed(leaves: Floats, gaps: Integers) -> Floats:
    """The log of the chance to have stayed through so many gaps, by pace."""
    stays = np.log1p(-leaves)
    sums = np.vstack([np.zeros(stays.shape[1]), np.cumsum(stays, axis=0)])
    found: Floats = sums[np.minimum(gaps, STAGES)] + np.maximum(gaps - STAGES, 0)[:, None] * stays[STAGES]
    return found


def _rows(seen: Known) -> tuple[Known, Floats]:
    """The customers to learn from and how many each stands for: all gaps are represented, whatever the order given."""
    ordered = np.isfinite(seen.waited)
    once = np.bincount(_place(seen.waited[ordered & (seen.gaps == 0)]), minlength=PLACES)
    again = np.flatnonzero(ordered & (seen.gaps > 0))
    again = again[np.lexsort((seen.waited[again], seen.logs[again], seen.days[again], seen.gaps[again]))]
    each = max(1.0, len(again) / ROWS)
    again = again[((np.arange(min(len(again), ROWS)) + 0.5) * each).astype(np.intp)]
    some, few = np.flatnonzero(once), seen.of(again)
    none = np.zeros(len(some))
    rows = Known(
        np.append(none.astype(np.intp), few.gaps), np.append(none, few.days), np.append(none, few.logs),
        np.append(np.exp(FIRST + STEP * some), few.waited),
    )  # fmt: skip
    return rows, np.append(once[some], np.full(len(again), each)).astype(np.float32)


def _columns(seen: Known) -> tuple[Grid, Floats]:
    """The columns within what the shop's gaps and silences can say, and how likely each is beforehand (sums to 1)."""
    back = seen.gaps > 0
    pace = seen.days[back] / seen.gaps[back]
    everything = grid()
    longest = max(float(seen.days.max()), float(np.nanmax(seen.waited)))
    keep = np.flatnonzero((everything.mean >= 0.6 * pace.min()) & (everything.mean <= 2.5 * longest))
    columns = everything.of(keep)
    away = (np.log(columns.mean) - np.log(pace).mean()) / PRIOR_SPREAD
    thought = np.exp(-(away**2) / 2) * columns.thought
    return columns, thought / thought.sum()


def _likelihood(rows: Known, columns: Grid) -> Floats:
    """Of each customer's gaps under each column, over the likeliest."""
    log = np.stack([rows.gaps, rows.days, rows.logs], axis=1) @ columns.density
    found: Floats = np.exp(log - log.max(axis=1, keepdims=True)).astype(np.float32)
    return found


def _place(days: Floats) -> Integers:
    """The nearest place of `days` on the lattice of times."""
    log = np.log(np.maximum(days, np.exp(FIRST)))
    found: Integers = np.clip(np.rint((log - FIRST) / STEP), 0, PLACES - 1).astype(np.intp)
    return found


def _alike(seen: Known) -> tuple[Known, Integers, Floats]:
    """Customers whose gaps are as many and as regular, and about as long, are asked about once.

    Returns one row per kind, its number by customer, and by how much the customer's mean gap is longer than the kind's:
    a limit grows with the mean gap.
    """
    mean = seen.days / seen.gaps
    uneven = np.sqrt(np.maximum(np.log(mean) - seen.logs / seen.gaps, 0.0))
    many = np.rint(np.log(np.maximum(seen.gaps / STAGES, 1)) / _MANY)
    number = np.minimum(seen.gaps, STAGES) + many
    step = np.where(number > STAGES, _COARSE, _FINE)
    kind = (number * _MOST + np.rint((np.log(mean) - FIRST) / step)) * _MOST + np.rint(uneven / _EVEN)
    found, of = np.unique(kind.astype(np.int64), return_inverse=True)
    number, even = found // _MOST**2, found % _MOST * _EVEN
    pace = FIRST + found // _MOST % _MOST * np.where(number > STAGES, _COARSE, _FINE)
    gaps = np.where(number <= STAGES, number, np.rint(STAGES * np.exp((number - STAGES) * _MANY)))
    typical, logs = np.exp(pace), gaps * (pace - even**2)
    few = Known(gaps.astype(np.intp), gaps * typical, logs, np.full(len(gaps), np.nan))
    return few, of, mean / typical[of]


def _limits(learned: Spread, few: Known, share: float) -> Floats:
    """The quantile `share` of the next gap, by row of `few`."""
    found = np.empty(len(few.gaps))
    for begin in range(0, len(found), _AT_ONCE):
        rows = few.of(np.arange(begin, min(begin + _AT_ONCE, len(found))))
        log = np.stack([rows.gaps, rows.days, rows.logs], axis=1) @ learned.grid.density
        log += learned.log_share + learned.log_stays[np.minimum(rows.gaps, STAGES) + 1]
        chance = np.exp((log - log.max(axis=1, keepdims=True)).astype(np.float32))
        below = chance @ learned.grid.below / chance.sum(axis=1, keepdims=True)
        row, upper = np.arange(len(below)), np.clip((below < share).sum(axis=1), 1, PLACES - 1)
        low, high = below[row, upper - 1], below[row, upper]
        found[begin : begin + len(row)] = upper - 1 + (share - low) / np.maximum(high - low, _TINY)
    limits: Floats = np.exp(FIRST + STEP * found)
    return limits

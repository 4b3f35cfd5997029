"""Our forecast on public holdouts, beside every package and naive rule, by a test that pairs customers.

`python -m benchmarks.holdouts [--set NAME] [--save FILE] [--before FILE]`: `--save` keeps every customer's forecast,
`--before` is such a file of another tree, which ours must not be worse than. The sets lie beside the project.
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from benchmarks import packages, published
from benchmarks.worlds import LEAST, interval_score
from clvapp.customers import burn_in
from clvapp.forecast import accuracy, forecast, intervals

Array = npt.NDArray[np.float64]
DRAWS = 400
SQUARE, RANK = 1.01, 0.01  # what a ratio of RMSE, or a difference of Spearman's, must be able to reach to be worse
TOTAL_MORE, TOTAL_FINE, DEVIATIONS = 0.02, 0.10, 1.5
MANY = 3_000  # customers; on a set of more, ours may not be worse at all


@dataclass(frozen=True, eq=False)
class Made:
    """A forecast of a holdout: each customer's `expected`, the range of the total and the method's name."""

    expected: Array
    low: float
    high: float
    method: str


@dataclass(frozen=True)
class Pair:
    """Ours beside another's: RMSE as a ratio, Spearman as the other's lead, with 95 % over customers drawn again."""

    square: float
    square_ends: tuple[float, float]
    lead: float
    lead_ends: tuple[float, float]

    @property
    def worse(self) -> str:
        """In what ours is worse, if it is."""
        found = []
        if self.square_ends[0] > 1 and self.square_ends[1] > SQUARE:
            found.append("RMSE")
        if self.lead_ends[0] > 0 and self.lead_ends[1] > RANK:
            found.append("Spearman")
        return " and ".join(found)

    def moved(self, square: float, lead: float) -> "Pair":
        """Beside one whose RMSE is this share of the other's, and whose Spearman is higher by `lead`."""
        return Pair(
            self.square / square, (self.square_ends[0] / square, self.square_ends[1] / square),
            self.lead + lead, (self.lead_ends[0] + lead, self.lead_ends[1] + lead),
        )  # fmt: skip


def made(one: published.Holdout) -> Made:
    """Ours, as the app makes it."""
    known = one.spend[one.spend["day"] <= one.end_day]
    began = burn_in.burn_in(known, end_day=one.end_day).end
    terms = forecast.Terms(horizon_days=one.horizon)
    found = forecast.forecast(known, one.customers, end_day=one.end_day, burn_in_end=began, terms=terms)
    assert found is not None
    held = intervals.intervals(found)
    ends = held.total if one.target == "revenue" else held.orders
    return Made(found.customers[f"expected_{one.target}"].to_numpy(), *ends, found.method)


def own_rate(one: published.Holdout) -> Made:
    """Everybody goes on as in all the days watched; the range is of the customers drawn again."""
    known = one.spend[one.spend["day"] <= one.end_day]
    scale = one.horizon / (one.end_day - int(known["day"].min()) + 1)
    each = known.groupby("customer_id")[one.target].sum().reindex(one.customers["customer_id"]).to_numpy() * scale
    random = np.random.default_rng(0)
    totals = [each[random.integers(0, len(each), len(each))].sum() for _ in range(DRAWS)]
    return Made(each, *(float(end) for end in np.quantile(totals, [0.025, 0.975])), "own rate")


def score(of: Made, came: Array) -> float:
    """The interval score of the log of the total."""
    ends = (of.low, of.high, float(came.sum()))
    low, high, total = (np.log(np.array([max(end, LEAST * float(of.expected.sum()))])) for end in ends)
    return float(interval_score(low, high, total)[0])


def paired(ours: Array, theirs: Array, came: Array) -> Pair:
    """The two on the same customers, drawn again with replacement."""
    random = np.random.default_rng(0)
    drawn = [_beside(ours, theirs, came)]
    for _ in range(DRAWS):
        chosen = random.integers(0, len(came), len(came))
        drawn.append(_beside(ours[chosen], theirs[chosen], came[chosen]))
    square, lead = np.array(drawn).T
    (low, high), (least, most) = (np.quantile(part[1:], [0.025, 0.975]) for part in (square, lead))
    return Pair(float(square[0]), (float(low), float(high)), float(lead[0]), (float(least), float(most)))


def _beside(ours: Array, theirs: Array, came: Array) -> tuple[float, float]:
    """RMSE over the other's, and the other's Spearman less ours."""
    square = np.sqrt(np.mean((ours - came) ** 2) / np.mean((theirs - came) ** 2))
    ranks = rankdata(came)
    own, other = (np.corrcoef(rankdata(part), ranks)[0, 1] if np.ptp(part) > 0 else 0.0 for part in (ours, theirs))
    return float(square), float(other - own)


def deviation(expected: Array, came: Array) -> float:
    """The standard deviation of the total's error over customers drawn again."""
    random = np.random.default_rng(0)
    drawn = (random.integers(0, len(came), len(came)) for _ in range(DRAWS))
    return float(np.std([expected[chosen].sum() / came[chosen].sum() - 1 for chosen in drawn]))


def total_holds(error: float, package: float, spread: float) -> bool:
    """Whether a total is near enough: beside the package's, or in itself, or by chance."""
    return abs(error) <= max(abs(package) + TOTAL_MORE, DEVIATIONS * spread) or abs(error) < TOTAL_FINE


# --- what is printed ---
@dataclass(frozen=True, eq=False)
class Judged:
    """One holdout: what came, ours, the published rows, and ours beside the comparator's."""

    one: published.Holdout
    came: Array
    ours: Made
    rows: pd.DataFrame
    comparator: pd.Series
    stand_in: str
    pair: Pair

    @property
    def error(self) -> float:
        """Of the total, as a share of what came."""
        return float(self.ours.expected.sum() / self.came.sum() - 1)

    @property
    def worse(self) -> str:
        """In what ours is worse than the package that is best on the set, if it is."""
        spread = deviation(self.ours.expected, self.came)
        total = "" if total_holds(self.error, self.comparator["error"], spread) else "total"
        return ", ".join(part for part in (self.pair.worse, total) if part)


def judged(one: published.Holdout, shared: Path) -> Judged:
    """The comparator is the package with the lowest RMSE. Where it cannot be run, the nearest that can is paired."""
    came = one.came()[one.target].to_numpy()
    rows = published.others(shared).query("dataset == @one.name and target == @one.target").sort_values("rmse")
    best = rows[rows["package"]].iloc[0]
    name = packages.NEAREST.get(best["model"], best["model"])
    counts = packages.counts(one.spend, one.end_day).reindex(one.customers["customer_id"])
    theirs = packages.expected(counts, name, one.horizon)[one.target]
    ours = made(one)
    pair = paired(ours.expected, theirs, came)
    if name != best["model"]:
        near = rows[rows["model"] == name].iloc[0]
        pair = pair.moved(best["rmse"] / near["rmse"], best["spearman"] - near["spearman"])
    return Judged(one, came, ours, rows, best, name, pair)


def block(of: Judged, before: Made | None) -> str:
    """All figures of one holdout."""
    one, own = of.one, own_rate(of.one)
    total, came = float(of.ours.expected.sum()), float(of.came.sum())
    lines = [f"{one.name}: {len(of.came):,} customers, {one.horizon} days, {one.target}; {of.ours.method}", _HEAD]
    lines.append(_measures("ours", accuracy.accuracy(of.ours.expected, of.came)))
    if before is not None:
        lines.append(_measures("ours before", accuracy.accuracy(before.expected, of.came)))
    for row in of.rows.itertuples():
        marked = f"{row.model} *" if row.model == of.comparator["model"] else row.model
        lines.append(f"  {marked:<52}{row.rmse:>11,.2f} {row.error:>+9.1%} {row.spearman:>9.4f} {row.gini:>8.4f}")
    verdict = f"WORSE in {of.worse}" if of.worse else "holds"
    paired_with = "" if of.stand_in == of.comparator["model"] else f" (customers paired with {of.stand_in})"
    lines.append(f"  beside *: {_pair(of.pair)}   {verdict}{paired_with}")
    if before is not None:
        pair = paired(of.ours.expected, before.expected, of.came)
        lines.append(f"  beside before: {_pair(pair)}   {f'WORSE in {pair.worse}' if pair.worse else 'holds'}")
    held = "holds" if of.ours.low <= came <= of.ours.high else "MISSES"
    lines.append(
        f"  95 % range {of.ours.low:,.0f} to {of.ours.high:,.0f} of {total:,.0f}: {held} {came:,.0f}; interval score "
        f"{score(of.ours, of.came):.2f}"
        + ("" if before is None else f", before {score(before, of.came):.2f}")
        + f", own rate's {score(own, of.came):.2f}"
    )
    return "\n".join(lines)


_HEAD = f"  {'':<52}{'RMSE':>11} {'total':>9} {'Spearman':>9} {'Gini':>8}"


def _measures(name: str, found: accuracy.Accuracy) -> str:
    ranked = [0.0 if value is None else value for value in (found.error, found.spearman, found.gini)]
    return f"  {name:<52}{found.rmse:>11,.2f} {ranked[0]:>+9.1%} {ranked[1]:>9.4f} {ranked[2]:>8.4f}"


def _pair(of: Pair) -> str:
    return (
        f"RMSE {of.square:.3f} times [{of.square_ends[0]:.3f}, {of.square_ends[1]:.3f}], "
        f"Spearman {-of.lead:+.4f} [{-of.lead_ends[1]:+.4f}, {-of.lead_ends[0]:+.4f}]"
    )


def summary(found: list[Judged]) -> str:
    """The median ratio, and on how many sets ours is worse."""
    ratio = float(np.median([one.pair.square for one in found]))
    worse = [f"{one.one.name} ({one.worse})" for one in found if one.worse]
    many = [one.one.name for one in found if one.worse and len(one.came) > MANY]
    return (
        f"median of the RMSE ratios over {len(found)} sets {ratio:.3f}   target <= 1.00   "
        f"{'holds' if ratio <= 1 else 'MISSED'}\n"
        f"worse on {len(worse)}: {', '.join(worse) or 'none'}; "
        f"of more than {MANY:,} customers: {', '.join(many) or 'none'}"
    )


# --- of another tree ---
def save(found: list[Judged], path: Path) -> None:
    """Every customer's forecast, and the range of the total."""
    kept: dict[str, Array] = {}
    for of in found:
        kept[f"{of.one.name} expected"] = of.ours.expected
        kept[f"{of.one.name} ends"] = np.array([of.ours.low, of.ours.high])
    np.savez_compressed(path, **kept)


def saved(path: Path) -> Mapping[str, Made]:
    """What `save` kept, by the name of the holdout."""
    with np.load(path) as kept:
        names = [name.removesuffix(" expected") for name in kept if name.endswith(" expected")]
        return {name: Made(kept[f"{name} expected"], *kept[f"{name} ends"].tolist(), "before") for name in names}


def main() -> None:
    """Print every block and what they come to."""
    from benchmarks.forecast import shared

    asked = argparse.ArgumentParser(prog="python -m benchmarks.holdouts")
    asked.add_argument("--set", action="append", help="the name of a holdout; all, if none is named")
    asked.add_argument("--save", type=Path)
    asked.add_argument("--before", type=Path)
    given = asked.parse_args()
    folder = shared()
    if folder is None:
        print("The public data sets are not beside the project: the table of holdouts is left out.")
        sys.exit()
    earlier = {} if given.before is None else saved(given.before)
    found = []
    for one in published.holdouts(folder):
        if given.set and one.name not in given.set:
            continue
        found.append(judged(one, folder))
        print(block(found[-1], earlier.get(one.name)), flush=True)
    print(summary(found))
    if given.save:
        save(found, given.save)


if __name__ == "__main__":
    main()

"""The forecast in simulated shops outside the models' own family, whose next year is known.

`python -m benchmarks.worlds [--world NAME] [--shops N] [--seed S] [--methods] [--ranges] [--save FILE]
[--before FILE]` prints a line a world. `--save` keeps a row a shop; `--before` is such a file of another tree, with the
same seeds.
"""

import argparse
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks import ranges
from clvapp.customers import burn_in
from clvapp.forecast import forecast, intervals
from clvapp.stats import TAIL
from tests.forecast import worlds

Array = npt.NDArray[np.float64]
SHOPS, SEED = 24, 810_000
LEAST = 0.01  # of a forecast: what came is not taken as less, for its log
SHOWN = "shown"
PLAIN = forecast.Terms(margin=1.0, discount_rate=0.0)  # value is revenue


def measured(kind: str, seed: int) -> dict[str, object]:
    """One shop: what was forecast (by every method too), the range, what came, and the seconds it took."""
    made_up = worlds.shop(kind, seed)
    known, customers = made_up.seen, made_up.customers
    start = time.process_time()
    began = burn_in.burn_in(known, end_day=made_up.end_day).end if made_up.plan.before else None
    made = forecast.forecast(known, customers, end_day=made_up.end_day, burn_in_end=began, terms=PLAIN)
    assert made is not None
    held = intervals.intervals(made)
    took = time.process_time() - start
    methods = {f"by {name}": float(made.prepared.revenue(name).sum()) for name in made.prepared.methods}
    of, came = made_up.plan, made_up.came()
    each = ranges.summed(ranges.transforms(made, held, came, seed=seed))
    return {
        "world": worlds.world_of(kind), "kind": kind, "seed": seed, "customers": len(customers), "days": of.days,
        "knowable": of.knowable, "season_unknown": of.season_unknown, "method": made.method,
        "forecast": made.totals.revenue, "low": held.total[0], "high": held.total[1],
        "came": float(came["revenue"].sum()), "cpu": took, **methods, **each, **ranges.segments(made, held, came),
    }  # fmt: skip


def rows(kinds: Iterable[str], seeds: Iterable[int]) -> pd.DataFrame:
    """A row a shop."""
    return pd.DataFrame([measured(kind, seed) for kind in kinds for seed in seeds])


# --- figures; each with its standard error ---
def off(came: Array, expected: Array) -> Array:
    """The log of what came over what was expected, a shop each."""
    found: Array = np.log(np.maximum(came, LEAST * expected) / expected)
    return found


def level(of: pd.DataFrame) -> tuple[float, float]:
    """The pooled log of what came over what was forecast, each shop scaled by its own forecast."""
    ratio = (of["came"] / of["forecast"]).to_numpy()
    return float(np.log(ratio.mean())), float(ratio.std(ddof=1) / np.sqrt(len(ratio)) / ratio.mean())


def coverage(of: pd.DataFrame) -> tuple[float, float]:
    """The share of shops whose range held what came; the error is that of the share with two shops added (Agresti)."""
    held = ((of["low"] <= of["came"]) & (of["came"] <= of["high"])).to_numpy()
    near = (held.sum() + 1) / (len(held) + 2)
    return float(held.mean()), float(np.sqrt(near * (1 - near) / len(held)))


def errors(of: pd.DataFrame) -> dict[str, float]:
    """Root mean square log error of the shown forecast and of every method that all the shops could be given."""
    came = of["came"].to_numpy()
    columns = [name for name in of.columns if name.startswith("by ") and (of[name] > 0).all()]
    found = {name.removeprefix("by "): _square(off(came, of[name].to_numpy())) for name in columns}
    return {SHOWN: _square(off(came, of["forecast"].to_numpy())), **found}


def best_single(found: dict[str, float]) -> str:
    """The one method, the blend apart, that is least wrong in these shops."""
    return min((name for name in found if name not in (SHOWN, "a blend")), key=found.__getitem__, default=SHOWN)


def beside_best(of: pd.DataFrame, *, draws: int = 400) -> tuple[float, float]:
    """The shown forecast's error over that of the best single method; the error is a bootstrap's over shops."""
    came, best = of["came"].to_numpy(), best_single(errors(of))
    shown = off(came, of["forecast"].to_numpy()) ** 2
    other = shown if best == SHOWN else off(came, of[f"by {best}"].to_numpy()) ** 2
    drawn = np.random.default_rng(0).integers(0, len(of), (draws, len(of)))
    again = np.sqrt(shown[drawn].mean(axis=1) / other[drawn].mean(axis=1))
    return float(np.sqrt(shown.mean() / other.mean())), float(again.std())


def _square(logs: Array) -> float:
    return float(np.sqrt(np.mean(logs**2)))


def width(of: pd.DataFrame) -> Array:
    """How wide each range is, beside its forecast."""
    found: Array = ((of["high"] - of["low"]) / of["forecast"]).to_numpy()
    return found


def interval_score(low: Array, high: Array, came: Array) -> Array:
    """How wide, and how far missed, in the units given: smaller is better (Gneiting & Raftery 2007, eq. 43)."""
    missed = np.maximum(low - came, 0) + np.maximum(came - high, 0)
    found: Array = high - low + missed / TAIL
    return found


def log_interval_score(of: pd.DataFrame) -> tuple[float, float]:
    """The mean interval score of log totals."""
    ends = [
        np.log(np.maximum(of[name].to_numpy(), LEAST * of["forecast"].to_numpy())) for name in ("low", "high", "came")
    ]
    score = interval_score(*ends)
    return float(score.mean()), float(score.std(ddof=1) / np.sqrt(len(score)))


def narrower(of: pd.DataFrame, before: pd.DataFrame, *, draws: int = 400) -> tuple[float, float]:
    """The median of a range's width over what it was `before`, of the same shops; the error is a bootstrap's."""
    both = of.merge(before, on=["kind", "seed"], suffixes=("", " before"))
    ratio = width(both) / ((both["high before"] - both["low before"]) / both["forecast before"]).to_numpy()
    drawn = np.random.default_rng(0).integers(0, len(ratio), (draws, len(ratio)))
    return float(np.median(ratio)), float(np.median(ratio[drawn], axis=1).std())


# --- what is printed ---
HEAD = (
    f"{'':<18}{'shops':>6} {'log(came/forecast)':>19} {'held':>14} {'RMS log error':>14} {'over best single':>17}"
    f"  {'best single':<24}{'width':>6} {'interval score':>15} {'CPU s':>6}"
)


def line(name: str, of: pd.DataFrame, before: pd.DataFrame | None = None) -> str:
    """The figures of some shops."""
    (bias, bias_error), (held, held_error) = level(of), coverage(of)
    found, (over, over_error), (score, score_error) = errors(of), beside_best(of), log_interval_score(of)
    said = (
        f"{name:<18}{len(of):>6} {bias:>+10.3f} +- {bias_error:.3f} {held:>6.1%} +- {held_error:4.1%} "
        f"{found[SHOWN]:>14.3f} {over:>8.2f} +- {over_error:4.2f}   {best_single(found):<24}"
        f"{np.median(width(of)):>6.2f} {score:>7.2f} +- {score_error:4.2f} {of['cpu'].mean():>6.2f}"
    )
    return said if before is None else f"{said}   width/before {narrower(of, before)[0]:.2f}"


def block(
    name: str, of: pd.DataFrame, before: pd.DataFrame | None = None, *, methods: bool = False, each: bool = False
) -> str:
    """The line of some shops; `methods`: with the error of every method; `each`: with customers and segments."""
    said = [line(name, of, before)]
    if methods:
        found = errors(of)
        said += [f"{'':<24}  {found[method]:.3f}  {method}" for method in sorted(found, key=found.__getitem__)]
    if each:
        said.append(ranges.lines(of))
    return "\n".join(said)


def pooled(of: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """All shops but those of a slump, and which of them were knowable."""
    judged = of[of["kind"] != "slump"]
    known = judged["knowable"].astype(bool)
    groups = {"all": judged, "  knowable": judged[known], "  others": judged[~known]}
    return {name: part for name, part in groups.items() if len(part) > 1}


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.worlds")
    asked.add_argument("--world", action="append", help="a world or a kind of shop; all, if none is named")
    asked.add_argument("--shops", type=int, default=SHOPS, help="of each kind")
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--methods", action="store_true", help="the error of every method")
    asked.add_argument("--ranges", action="store_true", help="those of customers and segments")
    asked.add_argument("--save", type=Path)
    asked.add_argument("--before", type=Path)
    given = asked.parse_args()
    chosen = [kind for kind in worlds.KINDS if not given.world or {kind, worlds.world_of(kind)} & set(given.world)]
    if not chosen:
        asked.error(f"no world is called so; there are {', '.join([*worlds.WORLDS, *worlds.KINDS])}")
    before = None if given.before is None else pd.read_csv(given.before)
    parts: list[pd.DataFrame] = []
    print(HEAD)
    for kind in chosen:
        parts.append(rows([kind], range(given.seed, given.seed + given.shops)))
        print(block(kind, parts[-1], before, methods=given.methods, each=given.ranges), flush=True)
        if given.save:
            pd.concat(parts).to_csv(given.save, index=False)
    if len(chosen) > 1:
        for name, part in pooled(pd.concat(parts)).items():
            print(block(name, part, before, methods=given.methods, each=given.ranges))


if __name__ == "__main__":
    main()

"""The forecast's speed beside the field's.

`make bench` prints it; how right the forecast is, `benchmarks.holdouts` and `benchmarks.worlds` say. Data that is not
part of the project comes from the folder next to it.
"""

import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import clvapp
from benchmarks import packages, published
from clvapp import sample
from clvapp.forecast import fit, forecast, histories
from clvapp.forecast.models import gamma_gamma
from clvapp.read import Source

ROOT = Path(__file__).parents[1]
TIMES = 3
WEEKS = 39.0


def shared() -> Path | None:
    """The folder of collected public data, if there is one."""
    return next((parent / "shared" for parent in ROOT.parents[:2] if (parent / "shared" / "data").is_dir()), None)


def seconds(of: Callable[[], object]) -> float:
    """The best of several runs."""
    runs = []
    for _ in range(TIMES):
        start = time.perf_counter()
        of()
        runs.append(time.perf_counter() - start)
    return min(runs)


# --- speed ---
def ours(known: pd.DataFrame, name: str = "BG/NBD") -> None:
    """Fit, then predict everybody's order days and what those are worth."""
    rows = histories.distinct(known["x"], known["t_x"], known["T"])
    found = fit.orders_fit(name, rows)
    found.model.expected_orders(found.parameters, WEEKS, rows)[rows.row]
    again = known[(known["x"] > 0) & (known["z"] > 0)]
    values = fit.values_fit(
        gamma_gamma.Values(again["x"].to_numpy(float), again["z"].to_numpy(float), np.ones(len(again)))
    )
    gamma_gamma.expected_value(values.parameters, known["x"].to_numpy(), known["z"].fillna(1).to_numpy())


def lifetimes(known: pd.DataFrame, name: str = "BG/NBD") -> None:
    """The same with `lifetimes`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter

        model = (BetaGeoFitter if name == "BG/NBD" else ParetoNBDFitter)()
        x, t_x, t = known["x"], known["t_x"] / 7, known["T"] / 7
        model.fit(x, t_x, t)
        model.conditional_expected_number_of_purchases_up_to_time(WEEKS, x, t_x, t)
        again = known[(known["x"] > 0) & (known["z"] > 0)]
        values = GammaGammaFitter()
        values.fit(again["x"], again["z"])
        values.conditional_expected_average_profit(known["x"], known["z"].fillna(0))


def million(distinct_rows: int) -> pd.DataFrame:
    """1,000,000 customers who share this many distinct histories."""
    random = np.random.default_rng(0)
    t = random.integers(30, 1_000, distinct_rows)
    x = np.minimum(random.negative_binomial(0.5, 0.15, distinct_rows), t)
    t_x = np.where(x > 0, (t * random.random(distinct_rows)).astype(int), 0)
    kinds = pd.DataFrame({"x": x, "t_x": np.maximum(t_x, x.clip(max=1)), "T": t + 1})
    return kinds.iloc[random.integers(0, distinct_rows, 1_000_000)].reset_index(drop=True)


def orders_only(known: pd.DataFrame) -> None:
    """Find the distinct rows, fit them, and predict everybody's orders."""
    rows = histories.distinct(known["x"], known["t_x"], known["T"])
    found = fit.orders_fit("BG/NBD", rows)
    found.model.expected_orders(found.parameters, WEEKS, rows)[rows.row]


def sample_shop() -> tuple[float, float]:
    """Seconds to read and clean the sample shop, and seconds to back-test and make its forecast."""
    file = sample.shop().orders_csv

    def read() -> clvapp.Analysis:
        made = clvapp.Analysis(clvapp.load([Source("orders.csv", file)]))
        _ = made.cleaned
        return made

    def run() -> None:
        read().shop.close()

    made = read()
    spend, customers, end = made.spend, made.customers, made.end_day
    made.shop.close()
    return seconds(run), seconds(lambda: forecast.forecast(spend, customers, end_day=end))


def speed_table(folder: Path | None) -> str:
    """Our speed beside `lifetimes` in the same run, on a million customers, and on the sample shop."""
    lines = []
    if folder is not None:
        known = packages.counts(published.cdnow(folder, full=True), published.CDNOW_END)
        for name in ("BG/NBD", "Pareto/NBD"):
            mine, theirs = (
                seconds(lambda name=name: ours(known, name)),
                seconds(lambda name=name: lifetimes(known, name)),
            )
            verdict = "holds" if theirs >= 3 * mine else "MISSED"
            lines.append(
                f"  CDNOW full, {name}: ours {mine:.2f} s, lifetimes {theirs:.2f} s, {theirs / mine:.1f} times   "
                f"target >= 3   {verdict}"
            )
    few, many = (seconds(lambda rows=rows: orders_only(million(rows))) for rows in (20_000, 200_000))
    verdict = "holds" if many <= 10 * few else "MISSED"
    lines.append(
        f"  1,000,000 customers of 20,000 histories {few:.2f} s, of 200,000 {many:.2f} s: {many / few:.1f} times   "
        f"target <= 10   {verdict}"
    )
    read, made = sample_shop()
    verdict = "holds" if made <= 10 * read else "MISSED"
    lines.append(
        f"  sample shop: read and clean {read:.2f} s, back-test and forecast {made:.2f} s: {made / read:.1f} times   "
        f"target <= 10   {verdict}"
    )
    return "\n".join(lines)


def main() -> None:
    """Print the speed."""
    folder = shared()
    if folder is None:
        print("The public data sets are not beside the project: the lifetimes table is left out.")
    print("Speed of the forecast", speed_table(folder), sep="\n")


if __name__ == "__main__":
    main()

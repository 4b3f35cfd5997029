"""Each customer's value -> who is above and below the average, and how value is spread and shared out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.settings import Settings, Threshold
from clvapp.stats import brought, student

ABOVE, BELOW = "above_average", "below_average"
OTHERS, UNNAMED = "Others", "Not known"
LEAST = 5  # customers that an interval of a mean needs


@dataclass(frozen=True)
class Segments:
    """The line between above and below, and what is on each side. Shares are fractions."""

    threshold: float
    above: int
    below: int
    revenue_share_above: float


def threshold(
    value: pd.Series, *, rule: Threshold = Settings.threshold, top_share: float = Settings.top_share
) -> float:
    """The value to exceed: the mean, the median, or what the top `top_share` of customers reach."""
    if rule == "median":
        return float(value.median())
    if rule == "top":
        return float(value.quantile(1 - top_share))
    return float(value.mean())


def value_segment(value: pd.Series, line: float) -> pd.Series:
    """`above_average` for values above `line`, `below_average` for the rest."""
    return pd.Series(np.where(value > line, ABOVE, BELOW), index=value.index, dtype="str")


def segments(value: pd.Series, revenue: pd.Series, line: float) -> Segments:
    """How many customers are on each side of `line`, and the share of what all brought that the upper side brings."""
    above, money = value > line, brought(revenue)
    total = float(money.sum())
    share = float(money[above].sum()) / total if total > 0 else float("nan")
    return Segments(line, int(above.sum()), int((~above).sum()), share)


def pareto(value: pd.Series, *, points: int = 100) -> pd.DataFrame:
    """Customers from best to worst: `share_of_customers`, `share_of_revenue`, at most `points` + 1 rows."""
    ordered = np.sort(brought(value).to_numpy(dtype="float64"))[::-1]
    total = ordered.sum()
    if total <= 0:
        return pd.DataFrame({"share_of_customers": [0.0], "share_of_revenue": [0.0]})
    upto = np.unique(np.round(np.linspace(0, len(ordered), points + 1)).astype("int64"))
    reached = np.concatenate([[0.0], np.cumsum(ordered)])[upto] / total
    return pd.DataFrame({"share_of_customers": upto / len(ordered), "share_of_revenue": reached})


def best_of(customers: int, share: float) -> int:
    """How many the best `share` of so many customers are: at least one, if there is any."""
    return min(customers, max(1, round(share * customers)))


def share_of_best(customers: int, share: float) -> float:
    """The share that those are of all: the best fifth of twelve are two, which is a sixth."""
    return best_of(customers, share) / customers if customers else float("nan")


def share_of_top(value: pd.Series, share: float = 0.2) -> float:
    """The share of all that was brought that the best `share` of customers bring."""
    ordered = np.sort(brought(value).to_numpy(dtype="float64"))[::-1]
    best = best_of(len(ordered), share)
    return float(ordered[:best].sum() / ordered.sum()) if ordered.sum() > 0 else float("nan")


def distribution(value: pd.Series, line: float, *, bins: int = 24) -> pd.DataFrame:
    """Customers by value, in equal steps up to the 98th percentile and one open step for the rest.

    Columns `start`, `end`, `customers`, `segment`. No step crosses `line`.
    """
    top = float(value.quantile(0.98))
    low = min(float(value.min()), 0.0)
    step = nice((max(top, line * 1.2) - low) / bins)
    start = np.floor(low / step) * step
    start -= step if start >= line else 0.0
    edges = np.arange(start, max(top, line, start + step) + step / 2, step)
    above = np.nextafter(line, np.inf)  # somebody exactly on the line is below it, as in `value_segment`
    edges = np.unique(np.append(edges[edges != line], above))
    if edges[-1] == above:  # the last step includes its upper end, and must hold nobody above the line
        edges = np.append(edges, above + step)
    counts = np.histogram(value.clip(upper=edges[-1]), edges)[0]
    beyond = int((value > edges[-1]).sum())
    frame = pd.DataFrame({"start": edges[:-1], "end": edges[1:], "customers": counts})
    frame.loc[frame.index[-1], "customers"] -= beyond
    if beyond:
        frame.loc[len(frame)] = [edges[-1], edges[-1] + step, beyond]
    frame["customers"] = frame["customers"].astype("int64")
    frame["open"] = frame["start"] >= edges[-1]
    frame["segment"] = np.where(frame["start"] >= above, ABOVE, BELOW)
    return frame[frame["customers"] > 0].reset_index(drop=True)


def nice(step: float) -> float:
    """The next number up that is 1, 2, 2.5 or 5 times a power of ten.

    >>> nice(13.0), nice(0.21)
    (20.0, 0.25)
    """
    if not step > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(step))
    return float(next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= step * (1 - 1e-9)))


def by_group(value: pd.Series, group: pd.Series, *, most: int = 12) -> pd.DataFrame:
    """Mean customer value by group, with a 95 % interval: the `most` largest groups, and the others together.

    Columns `group`, `customers`, `mean_value`, `low`, `high`. Customers without a group are a row of their own. The
    interval is Student's; a group of fewer than `LEAST` has none.
    """
    named = group.notna()
    words = group[named].astype("str")
    common = words.value_counts().index[:most]
    label = group.astype("object").where(named, UNNAMED)
    label[named] = words.where(words.isin(common), OTHERS)
    found = value.groupby(label.rename("group")).agg(customers="size", mean_value="mean", spread="std", least="min")
    half = student(found["customers"].to_numpy(), least=LEAST) * found.pop("spread") / np.sqrt(found["customers"])
    least = found.pop("least").clip(upper=0.0)  # where nobody has cost the shop money, no mean does
    low = (found["mean_value"] - half).where(lambda end: ~(end < least), least)
    frame: pd.DataFrame = found.assign(low=low, high=found["mean_value"] + half).reset_index()
    return frame.sort_values("mean_value", ascending=False, ignore_index=True)

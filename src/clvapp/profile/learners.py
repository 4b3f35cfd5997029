"""First orders and spend -> the customers to learn from, what each came to, and whether there are enough."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute

from clvapp.wording import GIVEN, Of, Wording

LEAST_LEARNERS, LEAST_OF_A_KIND, LEAST_OF_A_KIND_TESTED = 120, 24, 10
LATER_SHARE = 0.25


@dataclass(frozen=True)
class Learners:
    """The customers we learn from, oldest first, and what became of them."""

    first_days: pd.Series  # by customer_id
    spent: pd.Series  # between the window and the horizon, by customer_id
    high: pd.Series  # boolean by customer_id
    threshold: float
    later: pd.Series  # boolean by customer_id: the newest, on whom we measure quality


def learners_of(
    first_days: pd.Series, spend: pd.DataFrame, ages: tuple[int, int], *, end_day: int, start: int
) -> Learners:
    """The customers watched for the whole horizon, their label, and which of them are the newest quarter."""
    watched = first_days[(first_days + ages[1] <= end_day) & (first_days >= start)]
    spent = spend_between(watched, spend, ages)
    threshold = float(spent.mean()) if len(spent) else float("nan")
    edge = watched.quantile(1 - LATER_SHARE, interpolation="higher") if len(watched) else end_day
    return Learners(watched, spent, spent > threshold, threshold, watched >= edge)


def spend_between(first_days: pd.Series, spend: pd.DataFrame, ages: tuple[int, int]) -> pd.Series:
    """Revenue on days (first + ages[0], first + ages[1]] by customer_id; 0 for those who bought nothing."""
    # Arrow looks the names up: pandas would make a Python object of each, ten times the size.
    names, wanted = (
        pa.array(of, pa.large_string(), from_pandas=True) for of in (spend["customer_id"], first_days.index)
    )
    place = pa.compute.index_in(names, value_set=wanted)
    owner = place.fill_null(-1).to_numpy(zero_copy_only=False)
    age = spend["day"].to_numpy() - np.append(first_days.to_numpy(), np.iinfo("int64").max // 2)[owner]
    inside = (owner >= 0) & (age > ages[0]) & (age <= ages[1])
    money = spend["revenue"].to_numpy(dtype="float64")[inside]
    return pd.Series(np.bincount(owner[inside], money, minlength=len(first_days)), first_days.index, dtype="float64")


def within_window(first_days: pd.Series, spend: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """What happened in the days after the first order that still count as known."""
    orders = spend.assign(revenue=spend["orders"])
    return pd.DataFrame(
        {
            "window_spend": spend_between(first_days, spend, (0, window_days)),
            "window_orders": spend_between(first_days, orders, (0, window_days)),
        }
    )


def too_little(learners: Learners, horizon: int, words: Wording) -> str | None:
    """Why nothing can be learned, in one sentence; None if it is worth a try."""
    people, high, long = len(learners.high), int(learners.high.sum()), words.count(horizon, "day", of=GIVEN)
    several = words.count(people, "customer", of=Of("learned_from"))
    if people < LEAST_LEARNERS:
        whom = "Only one customer" if people == 1 else f"Only {several}" if people else "No customer"
        verb = "has" if people < 2 else "have"
        least = words.count(LEAST_LEARNERS, of=GIVEN)
        return f"{whom} {verb} been with the shop for {long}; a profile needs at least {least}."
    if min(high, people - high) < LEAST_OF_A_KIND:
        became = words.count(high, of=Of("became_high"))
        return (
            f"Of {several} with {long} in the shop {became} spent more than the average "
            "after their first order; that is too few to compare them with the others."
        )
    if min(_fewer(learners.high[learners.later]), _fewer(learners.high[~learners.later])) < LEAST_OF_A_KIND_TESTED:
        return (
            f"Too few of the newest or of the earlier of {several} became high-value, or did not, "
            "to test a profile on the newest."
        )
    return None


def _fewer(high: pd.Series) -> int:
    """How many customers are of the rarer kind."""
    return int(min(high.sum(), (~high).sum()))

"""New customers by month -> whether the file starts at the shop's opening, and how much of it to leave out if not.

An export that starts in the middle of a shop's life makes old customers look new: the first months show far more "new"
customers than the later ones, and fewer each month as the old ones have all been seen once.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

LEAST_MONTHS = 6
# Measured on simulated shops and on Online Retail (885 "new" customers in the first month, about 300 later).
_TIMES_LATER = 1.5
_SETTLED = 1.25
_LONGEST_SHARE = 1 / 3


@dataclass(frozen=True)
class Opening:
    """`burn_in_end`: first day (since 1970) on which a new customer is new; None if the file starts at the opening."""

    starts_at_opening: bool
    burn_in_end: int | None
    months_left_out: int
    assumed: bool  # nobody said; it was judged from the curve of new customers


def opening(months: pd.DataFrame, *, told: bool | None = None) -> Opening:
    """Whether the file of `months` (`month`, `new_customers`, `complete`) starts at the opening.

    `told` is the owner's own answer. A shop opens with few customers, or with a burst that stays below one and a half
    times the later months; more than that at the very start are old customers seen for the first time.
    """
    complete = months[months["complete"]]
    fresh = complete["new_customers"].to_numpy(dtype="float64")
    later = float(np.median(fresh[len(fresh) // 2 :])) if len(fresh) else 0.0
    enough = len(fresh) >= LEAST_MONTHS
    begins_high = enough and fresh[0] > _TIMES_LATER * later and fresh[0] == fresh[: len(fresh) // 2].max()
    starts = told if told is not None else not begins_high
    if starts or not len(fresh):
        return Opening(starts_at_opening=starts, burn_in_end=None, months_left_out=0, assumed=told is None)
    left_out = _settling(fresh, later) if enough else 1
    left_out = int(np.clip(left_out, 1, max(1, int(len(fresh) * _LONGEST_SHARE))))
    first_kept = complete["month"].iloc[left_out] if left_out < len(complete) else months["month"].iloc[-1]
    day = int(np.datetime64(first_kept, "D").astype("int64"))
    return Opening(starts_at_opening=False, burn_in_end=day, months_left_out=left_out, assumed=told is None)


def _settling(fresh: np.ndarray, later: float) -> int:
    """Months until new customers come down to what later months bring."""
    calm = np.flatnonzero(fresh <= _SETTLED * later)
    return int(calm[0]) if len(calm) else len(fresh)

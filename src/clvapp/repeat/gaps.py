"""Order days -> how long customers take from one order to the next, and when each one's next is due."""

import numpy as np
import pandas as pd

from clvapp.customers.order_days import OrderDays
from clvapp.customers.rhythm import LAPSED, rhythm, silent_from, states
from clvapp.days import YEAR, dates
from clvapp.repeat.repeat_rate import MOST_PURCHASES, waiting

GAP_DAYS = YEAR


def gaps(
    bought: OrderDays,
    *,
    end_day: int,
    gap_days: int = GAP_DAYS,
    burn_in_end: int | None = None,
    most: int = MOST_PURCHASES,
) -> pd.DataFrame:
    """Days from one order day to the next, one row per purchase from the second on.

    Counts only gaps of at most `gap_days`, and only customers whose first order is old enough for all of them. Of
    younger customers we have seen only the quick returns, and those would make every gap look short.

    Returns a frame with `number`, `returns` (how many gaps), `quarter`, `median`, `three_quarters` (days; NaN if there
    are none).
    """
    rows = []
    for number in range(2, most + 1):
        people = waiting(bought, number, end_day=end_day, gap_days=gap_days, burn_in_end=burn_in_end)
        old_enough = bought.first[people.customers] + (number - 1) * gap_days <= end_day
        days = people.days[people.came & (people.days <= gap_days) & old_enough]
        quartiles = np.quantile(days, [0.25, 0.5, 0.75]) if len(days) else np.full(3, np.nan)
        rows.append((number, len(days), *map(float, quartiles)))
    return pd.DataFrame(rows, columns=["number", "returns", "quarter", "median", "three_quarters"])


def next_due(bought: OrderDays, *, end_day: int) -> pd.DataFrame:
    """When each customer's next order is due: the last order day plus the median gap, their own from three gaps on.

    Returns one row per customer we can still expect, soonest first. That leaves out the lapsed, those refunded in full,
    and everybody in a shop where nobody ever came back. Columns: `customer_id`, `last_order`, `usual_gap_days`, `due`
    (dates), `overdue_days` (0 before it is due), `late_from` (date: from then on they are slipping), `own_rhythm`
    (false: it is the shop's), `state`. In a shop with too few returns for states, those two are missing.
    """
    found = rhythm(bought, end_day=end_day)
    state = states(bought, end_day=end_day, found=found)
    expected = np.isfinite(found.usual) & (state != LAPSED) & (bought.count > 0)
    who = np.flatnonzero(expected)
    last = bought.latest[who]
    due = np.rint(last + found.usual[who]).astype(np.int64)
    frame = pd.DataFrame(
        {
            "customer_id": bought.ids[who],
            "last_order": dates(last),
            "usual_gap_days": found.usual[who],
            "due": dates(due),
            "overdue_days": np.maximum(end_day - due, 0),
            "late_from": dates(silent_from(bought.last[who], found.limit[who])) if found.tells else pd.NaT,
            "own_rhythm": found.own[who],
            "state": state[who],
        }
    )
    return frame.sort_values(["due", "customer_id"], ignore_index=True)

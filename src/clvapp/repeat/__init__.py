"""Order days -> who comes back, when, and what it brings, beside what the literature reports."""

from clvapp.repeat.figures import AGAIN_WITHIN, figures
from clvapp.repeat.gaps import gaps, next_due
from clvapp.repeat.money import (
    Share,
    by_month,
    cross_buying,
    early_share,
    refunds_by_product,
    share_of_months,
)
from clvapp.repeat.reference import REFERENCES, Reference
from clvapp.repeat.repeat_rate import (
    FEW,
    LEAST_FOR_BAND,
    NOT_GIVEN,
    OTHERS,
    CameBack,
    came_back,
    curve,
    groups,
    repeat_rate_by_order,
    waiting,
)
from clvapp.repeat.survival import share_by_day

__all__ = [
    "AGAIN_WITHIN",
    "FEW",
    "LEAST_FOR_BAND",
    "NOT_GIVEN",
    "OTHERS",
    "REFERENCES",
    "CameBack",
    "Reference",
    "Share",
    "by_month",
    "came_back",
    "cross_buying",
    "curve",
    "early_share",
    "figures",
    "gaps",
    "groups",
    "next_due",
    "refunds_by_product",
    "repeat_rate_by_order",
    "share_by_day",
    "share_of_months",
    "waiting",
]  # fmt: skip

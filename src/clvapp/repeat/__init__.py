"""Order days -> who comes back, when, and what it brings, each beside what the literature reports."""

from clvapp.repeat.figures import AGAIN_WITHIN, figures, sentence
from clvapp.repeat.gaps import gaps, next_due
from clvapp.repeat.ladder import BY, FEW, CameBack, came_back, curve, groups, ladder, waiting
from clvapp.repeat.money import (
    Share,
    by_month,
    cross_buying,
    early_share,
    gone,
    refunds_by_product,
    share_of_months,
)
from clvapp.repeat.reference import KEEPING_COSTS, KEEPING_SOURCE, REFERENCES, Reference
from clvapp.repeat.survival import share_by_day

__all__ = [
    "AGAIN_WITHIN", "BY", "FEW", "KEEPING_COSTS", "KEEPING_SOURCE", "REFERENCES", "CameBack", "Reference", "Share",
    "by_month", "came_back", "cross_buying", "curve", "early_share", "figures", "gaps", "gone", "groups", "ladder",
    "next_due", "refunds_by_product", "sentence", "share_by_day", "share_of_months", "waiting",
]  # fmt: skip
